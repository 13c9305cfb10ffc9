/* SPDX-License-Identifier: MIT
 *
 * once - its iteration is none of the run's: only its requests and checks are
 * in the metrics. */
#include "config.h"

#include "load/once.h"

#include <stdio.h>

static bool once_may_begin(void *ctx, struct vu *vu)
{
    struct once *o = ctx;
    bool first = !o->begun;

    o->begun = true;
    if (first) {
        /* Without a row its request fails, and says so. */
        (void)vu_take_rows(vu);
    } else {
        vu_off(vu);
    }
    return first;
}

static bool once_asked(void *ctx, struct vu *vu, const struct errand *e)
{
    struct once *o = ctx;

    (void)vu;
    o->failed = o->failed || e->failed;
    return !o->failed;
}

/* What the time-out cut off was sent and got no response in time: it is in
 * http_reqs as such. What a hard stop cuts off is not. */
static void once_cut_off(struct once *o, const struct vu_end *end)
{
    struct sample s = {.failure = FAILURE_TIMEOUT, .failed = true};

    if (o->cutting) {
        o->state = ONCE_FAILED;
        (void)snprintf(o->text, sizeof o->text, "%s: cut off", o->flow->name);
        if (end->sent) {
            shard_interrupted(o->crew->shard, 0, true);
        }
        return;
    }
    o->state = ONCE_TIMEOUT;
    (void)snprintf(o->text, sizeof o->text, "%s: not done in time%s%s",
                   o->flow->name, end->request != NULL ? ", in " : "",
                   end->request != NULL ? end->request->name : "");
    if (end->request != NULL && end->sent) {
        s.request = (uint16_t)end->request->index;
        shard_request(o->crew->shard, &s);
    }
}

static void once_ended(void *ctx, struct vu *vu, const struct vu_end *end)
{
    struct once *o = ctx;

    vu_off(vu);
    if (!end->whole) {
        once_cut_off(o, end);
    } else if (o->failed) {
        o->state = ONCE_FAILED;
        (void)snprintf(o->text, sizeof o->text, "%s: %s", o->flow->name,
                       o->why);
    } else {
        o->state = ONCE_PASSED;
    }
}

void once_init(struct once *o, struct crew *crew)
{
    *o = (struct once){.crew = crew, .state = ONCE_NONE};
    o->owner = (struct vu_owner){.may_begin = once_may_begin,
                                 .ended = once_ended,
                                 .asked = once_asked,
                                 .ctx = o};
}

void once_clear(struct once *o)
{
    vu_free(&o->vu);
}

void once_run(struct once *o, const struct flow *flow, uint64_t timeout_us)
{
    once_clear(o);
    o->flow = flow;
    o->state = ONCE_RUNNING;
    o->begun = false;
    o->failed = false;
    o->cutting = false;
    o->why[0] = '\0';
    o->text[0] = '\0';
    o->vu = vu_new(o->crew, &o->owner, flow, 0);
    o->vu->errand.why = o->why;
    o->vu->errand.why_size = sizeof o->why;
    vu_on(o->vu);
    vu_go(o->vu);
    if (o->vu->running) {
        vu_drain(o->vu, crew_now(o->crew) + timeout_us);
    }
}

void once_cut(struct once *o)
{
    if (o->state != ONCE_RUNNING) {
        return;
    }
    o->cutting = true;
    vu_cut(o->vu);
}
