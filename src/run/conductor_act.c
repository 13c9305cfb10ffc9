/* SPDX-License-Identifier: MIT
 *
 * conductor_act - setup, run, drain, teardown: which of them is on, and when it
 * is over. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "load/feeder.h"
#include "run/conductor_internal.h"

void conductor_enter(struct conductor *c, mono_us now, enum act act)
{
    c->act = act;
    c->act_since = now;
    conductor_account(c, now);
}

void conductor_held_clear(struct conductor *c)
{
    size_t i;

    for (i = 0; i < c->held.n; i++) {
        delta_free(&c->held.list[i]);
    }
    c->held.n = 0;
}

static void conductor_setup(struct conductor *c, mono_us now)
{
    fleet_run_once(c->fleet, &c->config.plan->setup,
                   c->config.plan->setup_timeout_us);
    conductor_enter(c, now, ACT_SETUP);
}

static void conductor_begin(struct conductor *c, mono_us now)
{
    size_t i;

    for (i = 0; i < c->n; i++) {
        steer_start(c->parts[i].steer, now);
    }
    c->loaded = true;
    conductor_enter(c, now, ACT_RUN);
    conductor_due(c, now);
}

void conductor_open(struct conductor *c, mono_us now)
{
    bool setup = !c->config.no_setup && c->config.plan->setup.n > 0;

    c->wait_until = now + c->config.wait_us;
    if (c->early[0] != '\0') {
        c->retry_at = UINT64_MAX; /* nothing is begun any more */
        conductor_enter(c, now, ACT_WAIT);
        return;
    }
    if (c->config.wait_us > 0 && !setup && c->server.scrape == NULL) {
        conductor_event(c, now, "warning", "",
                        "nothing to wait for: no setup that could pass")
            ->bad = true;
    }
    if (setup) {
        conductor_setup(c, now);
    } else {
        conductor_begin(c, now);
    }
}

/* Samples of tries that failed while waiting are not the run's: the service was
 * not up yet. Those of the try that decides are. */
static void conductor_release_held(struct conductor *c, mono_us now)
{
    size_t i;

    for (i = 0; i < c->held.n; i++) {
        conductor_emit(c, now, c->held.list[i]);
    }
    conductor_held_clear(c);
}

static void conductor_setup_passed(struct conductor *c, mono_us now)
{
    size_t n = c->config.plan->n_vars, i;
    char **vars = fleet_take_vars(c->fleet);
    char took[NUM_MAX];
    struct event *e;

    fleet_set_vars(c->fleet, (const char *const *)vars);
    for (i = 0; vars != NULL && i < n; i++) {
        free(vars[i]);
    }
    free(vars);
    e = conductor_event(c, now, "setup", "", "setup passed after %s",
                        num_latency(took, conductor_t(c, now)));
    event_set_value(e, "passed");
    conductor_release_held(c, now);
    conductor_begin(c, now);
}

static void conductor_setup_failed(struct conductor *c, mono_us now)
{
    bool timeout = c->state.once == ONCE_TIMEOUT;
    char limit[NUM_MAX];
    struct event *e;

    if (timeout) {
        snprintf(c->ending.setup_text, sizeof c->ending.setup_text,
                 "setup took longer than %s",
                 num_period(limit, c->config.plan->setup_timeout_us));
    } else {
        snprintf(c->ending.setup_text, sizeof c->ending.setup_text, "%s",
                 c->state.once_text);
    }
    if (now < c->wait_until) {
        if (!c->wait_told) {
            e = conductor_event(c, now, "setup", "", "waiting: %s",
                                c->ending.setup_text);
            event_set_value(e, "waiting");
            c->wait_told = true;
        }
        conductor_held_clear(c);
        c->retry_at = now + CONDUCTOR_RETRY_US;
        conductor_enter(c, now, ACT_WAIT);
        return;
    }
    c->ending.setup_failed = !timeout;
    c->ending.setup_timeout = timeout;
    snprintf(c->ending.by, sizeof c->ending.by, "setup");
    e = conductor_event(c, now, "setup", "", "%s", c->ending.setup_text);
    event_set_value(e, timeout ? "timeout" : "failed");
    e->bad = true;
    conductor_release_held(c, now);
    conductor_enter(c, now, ACT_OVER);
}

static void conductor_play_setup(struct conductor *c, mono_us now)
{
    switch (c->state.once) {
    case ONCE_PASSED:
        conductor_setup_passed(c, now);
        return;
    case ONCE_FAILED:
    case ONCE_TIMEOUT:
        conductor_setup_failed(c, now);
        return;
    case ONCE_NONE:
    case ONCE_RUNNING:
        return;
    }
}

/* Every worker has heard the latest. */
static bool conductor_heard(const struct conductor *c)
{
    return c->state.late == 0 && c->state.revision >= c->posted;
}

/* Its work is not done, for want of data: that is no end like others. */
static void conductor_used_up(struct conductor *c, mono_us now,
                              const struct conductor_part *p,
                              struct steer_news *n)
{
    uint64_t all = conductor_iterations(p, steer_view(p->steer, now).wanted);
    char x[NUM_MAX], y[NUM_MAX];

    n->ok = false;
    snprintf(n->text, sizeof n->text, "every row of its data is used");
    if (all > 0) {
        text_add(n->text, sizeof n->text, ": %s of %s iterations begun",
                 num_count(x, c->state.scenarios[p->scenario->index].begun),
                 num_count(y, all));
    }
    snprintf(c->ending.undone, sizeof c->ending.undone, "%.120s", n->text);
}

/* A scenario has nothing left to begin: its iterations, or the rows of its
 * data, are used up. */
static void conductor_exhausted(struct conductor *c, mono_us now,
                                struct conductor_part *p)
{
    struct steer_news n = {.type = "end", .ok = true};
    const struct scenario *s = p->scenario;
    uint64_t begun = c->state.scenarios[s->index].begun;
    char count[NUM_MAX];

    num_count(count, s->iterations);
    if (p->pool != NULL && iteration_pool_left(p->pool) == 0) {
        snprintf(n.text, sizeof n.text, "all %s iterations are done", count);
    } else if (s->executor == EXECUTOR_PER_VU_ITERATIONS &&
               begun >= s->iterations * s->vus) {
        snprintf(n.text, sizeof n.text, "every VU has done its %s iterations",
                 count);
    } else {
        conductor_used_up(c, now, p, &n);
    }
    steer_drain(p->steer, now);
    conductor_halt(p, c->state.scenarios[s->index].ended);
    conductor_news(c, now, p, "plan", &n);
}

static void conductor_play_run(struct conductor *c, mono_us now)
{
    char news[200];
    size_t i;

    if (c->feeder != NULL && feeder_news(c->feeder, news, sizeof news)) {
        conductor_event(c, now, "data", "plan", "%s", news)->bad = true;
    }
    if (!conductor_heard(c)) {
        return;
    }
    for (i = 0; i < c->n; i++) {
        struct conductor_part *p = &c->parts[i];

        if (steer_desired(p->steer)->phase == LOAD_RUN &&
            c->state.scenarios[i].exhausted) {
            conductor_exhausted(c, now, p);
        }
    }
    conductor_sync(c, now);
}

/* A worker that does not end by itself is cut, and then left behind. */
static void conductor_impatient(struct conductor *c, mono_us now)
{
    uint64_t patience = conductor_graceful_us(c) + CONDUCTOR_PATIENCE_US;
    uint64_t since = now - c->act_since;

    if (conductor_phase(c) == LOAD_DRAIN && since > patience) {
        conductor_cut(c, now);
        conductor_sync(c, now);
    } else if (since > patience + CONDUCTOR_PATIENCE_US) {
        conductor_event(c, now, "warning", "",
                        "workers did not end in time: samples may be missing")
            ->bad = true;
        conductor_enter(c, now, ACT_OVER);
    }
}

static void conductor_play_drain(struct conductor *c, mono_us now)
{
    const struct flow *teardown = &c->config.plan->teardown;

    if (!conductor_heard(c) || conductor_works(c)) {
        conductor_impatient(c, now);
        return;
    }
    /* What setup has not begun, teardown need not end. */
    if (!c->loaded || c->hurry || c->config.no_setup || teardown->n == 0) {
        conductor_enter(c, now, ACT_OVER);
        c->over = c->loaded ? c->counted : 0;
        return;
    }
    fleet_run_once(c->fleet, teardown, c->config.plan->teardown_timeout_us);
    conductor_enter(c, now, ACT_TEARDOWN);
}

static void conductor_teardown_over(struct conductor *c, mono_us now,
                                    const char *value, const char *text)
{
    struct event *e = conductor_event(c, now, "teardown", "", "%s", text);

    event_set_value(e, value);
    e->bad = true;
    conductor_enter(c, now, ACT_OVER);
}

static void conductor_play_teardown(struct conductor *c, mono_us now)
{
    uint64_t limit = c->config.plan->teardown_timeout_us;
    bool stuck = now - c->act_since > limit + CONDUCTOR_PATIENCE_US;

    if (c->hurry) {
        conductor_teardown_over(c, now, "cut", "teardown was cut off");
    } else if (c->state.once == ONCE_PASSED) {
        conductor_enter(c, now, ACT_OVER);
    } else if (c->state.once == ONCE_FAILED) {
        conductor_teardown_over(c, now, "failed", c->state.once_text);
    } else if (c->state.once == ONCE_TIMEOUT || stuck) {
        char text[80], dur[NUM_MAX];

        snprintf(text, sizeof text, "teardown took longer than %s",
                 num_period(dur, limit));
        c->ending.teardown_timeout = true;
        conductor_teardown_over(c, now, "timeout", text);
    }
}

void conductor_play(struct conductor *c, mono_us now)
{
    switch (c->act) {
    case ACT_SETUP:
        conductor_play_setup(c, now);
        return;
    case ACT_WAIT:
        if (now >= c->retry_at) {
            conductor_setup(c, now);
        }
        return;
    case ACT_RUN:
        conductor_play_run(c, now);
        return;
    case ACT_DRAIN:
        conductor_play_drain(c, now);
        return;
    case ACT_TEARDOWN:
        conductor_play_teardown(c, now);
        return;
    case ACT_NEW:
    case ACT_OVER:
        return;
    }
}

bool conductor_loads(const struct conductor *c, mono_us now)
{
    return (c->act == ACT_RUN || (c->act == ACT_DRAIN && c->loaded)) &&
           !watch_unanswered(c->watch, conductor_t(c, now));
}

/* A run in which nothing began, for no VU got past its own setup. */
static void decide_not_set_up(struct conductor *c)
{
    uint64_t begun = 0, failed = 0;
    bool tried = false;
    char count[NUM_MAX];
    size_t i;

    for (i = 0; i < c->n; i++) {
        begun += c->state.scenarios[i].begun;
        failed += c->state.scenarios[i].not_set_up;
        tried = tried || c->parts[i].setting_up;
    }
    c->ending.not_set_up = begun == 0 && (failed > 0 || tried);
    if (c->ending.not_set_up && failed == 0) {
        snprintf(c->ending.undone, sizeof c->ending.undone,
                 "no iteration ever began: no vu_setup came to its end");
    } else if (c->ending.not_set_up) {
        snprintf(c->ending.undone, sizeof c->ending.undone,
                 "no iteration ever began: vu_setup failed %s time%s",
                 num_count(count, failed), failed == 1 ? "" : "s");
    }
}

void conductor_decide(struct conductor *c, mono_us now)
{
    size_t n = judge_count(c->judge), i;
    bool judged;

    decide_not_set_up(c);
    c->ending.thresholds_failed = 0;
    for (i = 0; i < n && !c->config.no_thresholds; i++) {
        c->ending.thresholds_failed += c->verdicts[i].ok ? 0u : 1u;
    }
    c->outcome = outcome_of(&c->ending);
    /* Passed is what was judged. */
    judged = n > 0 && !c->config.no_thresholds;
    event_set_value(
        conductor_event(c, now, "end", "", "%s: %s",
                        c->outcome.status == STATUS_PASSED && !judged
                            ? "ended"
                            : run_status_name(c->outcome.status),
                        c->outcome.text),
        run_status_name(c->outcome.status));
}
