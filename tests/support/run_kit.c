/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/run_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <ev.h>

void run_kit_init(struct run_kit *k, const char *plan_text)
{
    struct plan_input in = {"kit.json", NULL, 0, NULL};
    struct plan_errors errors = {NULL, 0, 0};

    memset(k, 0, sizeof *k);
    k->plan = plan_parse(plan_text, strlen(plan_text), &in, &errors);
    if (k->plan == NULL) {
        fail_msg("kit.json: %s", errors.list[0].text);
    }
    k->loop = ev_loop_new(EVFLAG_AUTO);
    k->regular = true;
    k->config.plan = k->plan;
    k->config.lineup = &k->plan->lineups[0];
    k->config.loop = k->loop;
    k->config.time_scale = 1.0;
    k->config.workers = 2;
    k->config.seed = 20261124;
}

void run_kit_clear(struct run_kit *k)
{
    story_free(&k->story);
    conductor_free(&k->conductor);
    ev_loop_destroy(k->loop);
    plan_free(&k->plan);
}

static void kit_check(struct run_kit *k, const struct tick *t)
{
    bool ok = t->seq == k->ticks && t->active_us <= t->dt_us &&
              t->active_total_us == k->active_us + t->active_us &&
              t->vus_max > 0 && t->n_verdicts == k->plan->n_thresholds &&
              t->delta != NULL;

    if (k->ticks > 0) {
        ok = ok && t->t_us >= k->last.t_us &&
             t->dt_us == t->t_us - k->last.t_us && t->state >= k->last.state;
        /* Paused is the one state that a run comes back from. */
        ok = ok || k->last.state == RUN_PAUSED;
    }
    k->regular = k->regular && ok;
}

static void kit_on_tick(void *ctx, const struct tick *t)
{
    struct run_kit *k = ctx;
    size_t i;

    kit_check(k, t);
    if (k->ticks == 0) {
        k->first = *t;
    }
    k->last = *t;
    k->ticks++;
    k->active_us += t->active_us;
    for (i = 0; i < t->delta->n_series; i++) {
        k->requests += t->delta->series[i].count;
    }
    story_feed(k->story, t);
    if (k->on_tick != NULL) {
        k->on_tick(k->ctx, t);
    }
}

static void kit_on_done(void *ctx)
{
    struct run_kit *k = ctx;

    ev_break(k->loop, EVBREAK_ALL);
}

static void kit_on_late(struct ev_loop *loop, ev_timer *w, int revents)
{
    (void)w;
    (void)revents;
    ev_break(loop, EVBREAK_ALL);
}

void run_kit_run(struct run_kit *k)
{
    struct err e = ERR_INIT;
    ev_timer late;

    if (!conductor_new(&k->config, &k->conductor, &e)) {
        fail_msg("%s", e.text);
    }
    k->story = story_new(conductor_info(k->conductor));
    conductor_add_reader(k->conductor, kit_on_tick, k);
    ev_timer_init(&late, kit_on_late, 60, 0);
    ev_timer_start(k->loop, &late);
    if (k->early != NULL) {
        conductor_signal(k->conductor, k->early);
    }
    conductor_start(k->conductor, kit_on_done, k);
    ev_run(k->loop, 0);
    ev_timer_stop(k->loop, &late);
    assert_int_equal(k->last.state, RUN_FINISHED);
    assert_true(k->regular);
    k->outcome = conductor_outcome(k->conductor);
    assert_int_equal(k->outcome.exit_code, k->last.outcome.exit_code);
}

void run_kit_do(struct run_kit *k, enum command_kind kind, int64_t number,
                const char *text)
{
    struct command cmd = {.kind = kind, .number = number, .by = "test"};

    snprintf(cmd.text, sizeof cmd.text, "%s", text);
    conductor_post(k->conductor, &cmd);
}

const struct event *run_kit_event(const struct run_kit *k, const char *type,
                                  size_t *i)
{
    while (*i < story_event_count(k->story)) {
        const struct event *e = story_event(k->story, (*i)++);

        if (strcmp(e->type, type) == 0) {
            return e;
        }
    }
    return NULL;
}
