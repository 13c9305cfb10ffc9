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
};

struct flow_op {
    enum flow_op_kind kind;
    const struct request *request; /* FLOW_REQUEST, borrowed from the plan */
    uint64_t lo_us, hi_us;         /* FLOW_THINK */
    uint64_t n;                    /* FLOW_EVERY, at least 1 */
    size_t target;                 /* FLOW_EVERY: index behind its steps */
};

struct flow {
    char *name;          /* owned: "default", "setup", "teardown" */
    struct flow_op *ops; /* owned; the end of the list ends the iteration */
    size_t n;
};

#endif
