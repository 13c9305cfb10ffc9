/* SPDX-License-Identifier: MIT
 *
 * steps - jumps only go forward, but for a repeat's, which are counted and
 * bounded when the plan is read: every iteration ends. */
#include "config.h"

#include "load/steps.h"

#include <stdbool.h>

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

/* Goes forward. */
static void steps_jump(struct steps *s, const struct flow_op *op)
{
    MUST(op->target >= s->at);
    s->at = op->target;
}

/* The branches stand at once behind; the last takes what is left. */
static void steps_draw(struct steps *s, const struct flow_op *op, struct rng *r)
{
    uint64_t drawn = rng_range(r, 0, op->n - 1);
    const struct flow_op *b = op + 1;

    while (b->kind == FLOW_BRANCH && drawn >= b->n) {
        b++;
    }
    MUST(b->kind == FLOW_BRANCH);
    steps_jump(s, b);
}

static void steps_repeat(struct steps *s, const struct flow_op *op,
                         struct rng *r)
{
    uint32_t times =
        op->lo < op->hi ? (uint32_t)rng_range(r, op->lo, op->hi) : op->lo;

    s->left[op->depth] = times;
    if (times == 0) {
        steps_jump(s, op);
    }
}

/* true: it goes back. */
static bool steps_again(struct steps *s, const struct flow_op *op)
{
    MUST(s->left[op->depth] > 0);
    s->left[op->depth]--;
    if (s->left[op->depth] == 0) {
        return false;
    }
    s->at = op->target;
    return true;
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
                steps_jump(s, op);
            }
            break;
        case FLOW_RANDOM:
            steps_draw(s, op, r);
            break;
        case FLOW_BRANCH: /* passed over by FLOW_RANDOM */
            MUST(!"a branch is not an operation");
            break;
        case FLOW_JUMP:
            steps_jump(s, op);
            break;
        case FLOW_REPEAT:
            steps_repeat(s, op, r);
            break;
        case FLOW_AGAIN:
            /* A repeat in which nothing takes time must not hold the VU's
             * thread: whoever asks counts what took none. */
            if (steps_again(s, op)) {
                return (struct action){.kind = ACTION_THINK};
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
