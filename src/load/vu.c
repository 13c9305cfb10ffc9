/* SPDX-License-Identifier: MIT
 *
 * vu - one loop walks the script until something has to be waited for; what
 * ends the waiting (a timer, an exchange) enters the loop again. */
#include "config.h"

#include "load/vu.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "load/feeder.h"

#define VU_MAGIC 0x56552121u
/* Actions that took no time, before the loop gets its turn. */
#define VU_QUICK 1000u

/* A VU's own setup that failed is tried again after so long. */
#define VU_AGAIN_US US_PER_SEC

static bool vu_needs_setup(const struct vu *v)
{
    return !v->set_up && v->owner->may_set_up != NULL &&
           v->crew->plan->vu_setup.n > 0;
}

static void vu_begin_setup(struct vu *v)
{
    v->running = true;
    v->setting_up = true;
    v->setup_failed = false;
    v->yielded = false;
    v->began = crew_now(v->crew);
    jar_free(&v->jar);
    v->script = steps_script(&v->steps, &v->crew->plan->vu_setup);
    v->script.ops->begin(v->script.self, 0);
}

static void vu_begin(struct vu *v)
{
    v->running = true;
    v->yielded = false;
    v->began = crew_now(v->crew);
    if ((v->jar != NULL || v->base != NULL) &&
        v->crew->plan->http.cookies == COOKIES_ITERATION) {
        jar_free(&v->jar);
        v->jar = jar_copy(v->base);
    }
    v->script.ops->begin(v->script.self, v->iter);
    v->iter++;
}

static void vu_end(struct vu *v, const struct vu_end *end)
{
    struct crew *crew = v->crew;

    v->running = false;
    if (v->setting_up) {
        v->setting_up = false;
        v->set_up = end->whole && !v->setup_failed;
        jar_free(&v->base);
        v->base = v->set_up ? jar_copy(v->jar) : NULL;
        v->script = steps_script(&v->steps, v->flow);
    }
    timers_disarm(crew->timers, &v->cut);
    if (crew->plan->http.reuse != REUSE_VU) {
        crew->transport.ops->drop_connections(crew->transport.self,
                                              v->errand.port);
    }
    v->owner->ended(v->owner->ctx, v, end);
}

static void vu_end_whole(struct vu *v)
{
    struct vu_end end = {.whole = true,
                         .setup = v->setting_up,
                         .took_us = crew_now(v->crew) - v->began};

    vu_end(v, &end);
}

/* Starts a request; true: its end is to be waited for. */
static bool vu_ask(struct vu *v, const struct request *r)
{
    struct expand x = {
        .plan = v->crew->plan,
        .rng = &v->rng,
        .vu = v->number,
        .iter = v->setting_up ? 0 : v->iter - 1,
        .uuid = v->uuid,
        .rows = v->rows,
        .vars = v->vars,
    };

    v->errand.timed = v->timed && !v->setting_up;
    if (!v->setting_up) {
        v->errand.due = v->due;
        v->due = 0;
    }
    return errand_start(&v->errand, r, &x);
}

/* The request is over: does the iteration go on? */
static bool vu_asked(struct vu *v)
{
    /* An iteration in which nothing answers waits for the next turn of the
     * loop: refusals come so fast that one VU could hold it. */
    v->yielded = v->yielded || v->errand.responded;
    if (v->setting_up && v->errand.failed) {
        v->setup_failed = true;
        return false;
    }
    return v->owner->asked == NULL ||
           v->owner->asked(v->owner->ctx, v, &v->errand);
}

static void vu_wait(struct vu *v, uint64_t us)
{
    timers_arm(v->crew->timers, &v->timer, crew_now(v->crew) + us);
}

/* One action; true: it is done, and the next may follow at once. */
static bool vu_act(struct vu *v)
{
    struct action a = v->script.ops->next(v->script.self, &v->rng);

    switch (a.kind) {
    case ACTION_REQUEST:
        if (vu_ask(v, a.request)) {
            return false;
        }
        if (!vu_asked(v)) {
            vu_end_whole(v);
        }
        return true;
    case ACTION_THINK:
        if (a.think_us == 0) {
            return true;
        }
        v->yielded = true;
        vu_wait(v, a.think_us);
        return false;
    case ACTION_END:
        vu_end_whole(v);
        return true;
    }
    MUST(!"an action");
    return false;
}

/* Begins its own setup; false: not now. */
static bool vu_set_up(struct vu *v)
{
    if (v->setup_failed) {
        v->setup_failed = false;
        v->waiting = true;
        vu_wait(v, VU_AGAIN_US);
        return false;
    }
    if (!v->owner->may_set_up(v->owner->ctx, v)) {
        return false;
    }
    vu_begin_setup(v);
    return true;
}

static void vu_run(struct vu *v)
{
    unsigned quick = 0;

    for (;;) {
        while (v->running) {
            if (!vu_act(v)) {
                return;
            }
            if (++quick >= VU_QUICK) {
                vu_wait(v, 0);
                return;
            }
        }
        if (!v->on) {
            return;
        }
        if (!v->yielded) {
            v->waiting = true;
            v->yielded = true;
            vu_wait(v, 0);
            return;
        }
        if (vu_needs_setup(v)) {
            if (!vu_set_up(v)) {
                return;
            }
        } else if (v->owner->may_begin(v->owner->ctx, v)) {
            vu_begin(v);
        } else {
            return;
        }
    }
}

static void vu_close(struct vu *v)
{
    struct transport *t = &v->crew->transport;

    if (v->errand.port != NULL) {
        t->ops->close(t->self, &v->errand.port);
        v->errand.port = NULL;
    }
}

static void vu_timer_fire(void *ctx, mono_us now)
{
    struct vu *v = ctx;

    (void)now;
    OBJ_CHECK(v, VU_MAGIC);
    v->waiting = false;
    if (v->on) {
        vu_run(v);
    } else {
        vu_close(v);
    }
}

static void vu_cut_fire(void *ctx, mono_us now)
{
    (void)now;
    vu_cut(ctx);
}

static void vu_ask_done(void *ctx)
{
    struct vu *v = ctx;

    OBJ_CHECK(v, VU_MAGIC);
    if (!vu_asked(v)) {
        vu_end_whole(v);
    }
    vu_run(v);
}

struct vu *vu_new(struct crew *crew, const struct vu_owner *owner,
                  const struct flow *flow, uint32_t number)
{
    struct vu *v = xcalloc(1, sizeof *v);

    v->magic = VU_MAGIC;
    v->number = number;
    v->crew = crew;
    v->owner = owner;
    rng_seed(&v->rng, crew->seed, number);
    rng_uuid(&v->rng, v->uuid);
    v->flow = flow;
    v->script = steps_script(&v->steps, flow);
    v->timer.fire = vu_timer_fire;
    v->timer.ctx = v;
    v->cut.fire = vu_cut_fire;
    v->cut.ctx = v;
    errand_init(&v->errand, crew);
    v->errand.vu = number;
    v->errand.done = vu_ask_done;
    v->errand.ctx = v;
    v->vars = crew_vars_new(crew->plan->n_vars);
    v->errand.vars = v->vars;
    v->rows = feeder_rows_new(crew->plan);
    v->errand.jar = crew->plan->http.cookies != COOKIES_OFF ? &v->jar : NULL;
    return v;
}

void vu_free(struct vu **vp)
{
    struct vu *v = *vp;

    if (v == NULL) {
        return;
    }
    *vp = NULL;
    (void)errand_cancel(&v->errand);
    timers_disarm(v->crew->timers, &v->timer);
    timers_disarm(v->crew->timers, &v->cut);
    vu_close(v);
    jar_free(&v->jar);
    jar_free(&v->base);
    crew_vars_free(&v->vars, v->crew->plan->n_vars);
    free(v->rows);
    v->magic = 0;
    free(v);
}

void vu_on(struct vu *v)
{
    struct transport *t = &v->crew->transport;

    MUST(!v->on);
    timers_disarm(v->crew->timers, &v->timer);
    if (v->errand.port == NULL) {
        v->errand.port = t->ops->open(t->self, v->number);
    }
    v->on = true;
    v->draining = false;
    v->waiting = false;
    v->yielded = true;
    v->setup_failed = false;
    if (!v->set_up) {
        crew_vars_copy(v->vars, (const char *const *)v->crew->vars,
                       v->crew->plan->n_vars);
    }
}

bool vu_take_rows(struct vu *v)
{
    const struct flow *next =
        vu_needs_setup(v) ? &v->crew->plan->vu_setup : v->flow;

    return v->rows == NULL ||
           feeder_take(v->crew->feeder, next, v->number, &v->rng, v->rows);
}

void vu_off(struct vu *v)
{
    MUST(v->on && !v->running);
    v->on = false;
    v->draining = false;
    v->waiting = false;
    timers_disarm(v->crew->timers, &v->cut);
    vu_wait(v, 0);
}

void vu_go(struct vu *v)
{
    MUST(v->on && !v->running);
    if (!v->waiting) {
        vu_run(v);
    }
}

void vu_drain(struct vu *v, mono_us deadline)
{
    MUST(v->running);
    if (!v->draining || deadline < v->cut.due) {
        timers_arm(v->crew->timers, &v->cut, deadline);
    }
    v->draining = true;
}

void vu_undrain(struct vu *v)
{
    v->draining = false;
    timers_disarm(v->crew->timers, &v->cut);
}

void vu_cut(struct vu *v)
{
    struct vu_end end = {
        .whole = false, .setup = v->setting_up, .request = v->errand.request};

    OBJ_CHECK(v, VU_MAGIC);
    MUST(v->running);
    end.sent = errand_cancel(&v->errand);
    end.took_us = crew_now(v->crew) - v->began;
    timers_disarm(v->crew->timers, &v->timer);
    v->yielded = true;
    vu_end(v, &end);
}
