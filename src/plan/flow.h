/* SPDX-License-Identifier: MIT
 *
 * flow - what a VU does in one iteration, flattened into a list of operations
 * with jumps, so that a VU is a program counter. */
#ifndef PLAN_FLOW_H
#define PLAN_FLOW_H

#include <stddef.h>
#include <stdint.h>

#include "plan/request.h"

enum flow_op_kind {
    FLOW_REQUEST, /* do request, go on behind it */
    FLOW_THINK,   /* wait lo_us..hi_us */
    FLOW_EVERY,   /* unless iter % n == 0, go on at target */
    FLOW_RANDOM,  /* draw 0..n-1; the branches follow */
    FLOW_BRANCH,  /* what was drawn is less than n: go on at target */
    FLOW_JUMP,    /* go on at target */
    FLOW_REPEAT,  /* what follows, up to its FLOW_AGAIN, lo..hi times; none:
                     go on at target */
    FLOW_AGAIN,   /* go on at target, if it is to be done again */
};

/* Repeats that stand in each other. */
#define FLOW_DEPTH_MAX 8
/* How often the innermost of them may be done in one iteration. */
#define FLOW_TIMES_MAX 1000000

struct flow_op {
    enum flow_op_kind kind;
    const struct request *request; /* FLOW_REQUEST, borrowed from the plan */
    uint64_t lo_us, hi_us;         /* FLOW_THINK */
    uint64_t n;                    /* FLOW_EVERY, at least 1; FLOW_RANDOM: sum
                                      of weights; FLOW_BRANCH: sum up to it */
    uint32_t lo, hi;               /* FLOW_REPEAT */
    unsigned depth; /* FLOW_REPEAT, FLOW_AGAIN: how many they stand in */
    size_t target;  /* an index; only that of FLOW_AGAIN goes back */
};

struct flow {
    char *name;          /* owned: "default", "setup", "teardown" */
    struct flow_op *ops; /* owned; the end of the list ends the iteration */
    size_t n;
    uint32_t *data; /* owned: the data files that its requests use, as indexes
                       into plan->data */
    size_t n_data;
};

#endif
