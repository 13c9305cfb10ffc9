/* SPDX-License-Identifier: MIT
 *
 * action - what a VU does next. It asks a script, which today is the plan's
 * list of steps; anything that answers these two questions can stand there. */
#ifndef LOAD_ACTION_H
#define LOAD_ACTION_H

#include <stdint.h>

#include "base/rng.h"
#include "plan/request.h"

enum action_kind {
    ACTION_REQUEST, /* make request, then ask again */
    ACTION_THINK,   /* wait think_us, then ask again */
    ACTION_END,     /* the iteration is over */
};

struct action {
    enum action_kind kind;
    const struct request *request; /* borrowed */
    uint64_t think_us;
};

struct script_ops {
    /* An iteration begins, counted from 0. */
    void (*begin)(void *self, uint64_t iter);
    /* What comes next in it; chance comes from r. */
    struct action (*next)(void *self, struct rng *r);
};

struct script {
    const struct script_ops *ops;
    void *self; /* borrowed */
};

#endif
