/* SPDX-License-Identifier: MIT
 *
 * steps - jumps only go forward, so every iteration ends. */
#include "config.h"

#include "load/steps.h"

#include "base/must.h"

static void steps_begin(void *self, uint64_t iter)
{
    struct steps *s = self;

    s->at = 0;
    s->iter = iter;
}

static uint64_t steps_think(const struct flow_op *op, struct rng *r)
{
    return op->lo_us < op->hi_us ? rng_range(r, op->lo_us, op->hi_us)
                                 : op->lo_us;
}

static struct action steps_next(void *self, struct rng *r)
{
    struct steps *s = self;

    while (s->at < s->flow->n) {
        const struct flow_op *op = &s->flow->ops[s->at++];

        switch (op->kind) {
        case FLOW_REQUEST:
            return (struct action){.kind = ACTION_REQUEST,
                                   .request = op->request};
        case FLOW_THINK:
            return (struct action){.kind = ACTION_THINK,
                                   .think_us = steps_think(op, r)};
        case FLOW_EVERY:
            if (s->iter % op->n != 0) {
                MUST(op->target >= s->at);
                s->at = op->target;
            }
            break;
        }
    }
    return (struct action){.kind = ACTION_END};
}

struct script steps_script(struct steps *s, const struct flow *flow)
{
    static const struct script_ops ops = {steps_begin, steps_next};

    *s = (struct steps){.flow = flow};
    return (struct script){&ops, s};
}
