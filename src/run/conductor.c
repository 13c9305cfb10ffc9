/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/conductor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "load/feeder.h"
#include "load/gate.h"
#include "load/limits.h"
#include "run/conductor_internal.h"
#include "run/proc.h"

/* Threads that a plan of few VUs gets all the same, should a person ask for
 * more of them later. */
#define CONDUCTOR_WORKERS_MIN 4u

static unsigned conductor_workers(const struct conductor_config *config,
                                  uint32_t peak)
{
    unsigned cores = proc_cores();
    uint32_t useful =
        peak > CONDUCTOR_WORKERS_MIN ? peak : CONDUCTOR_WORKERS_MIN;

    if (config->workers > 0) {
        return config->workers;
    }
    return cores < useful ? cores : useful;
}

/* What may be asked for at most, and what says so. */
static bool conductor_limit(const struct conductor *c, unsigned workers,
                            struct steer_config *s, struct err *e)
{
    uint32_t fds = proc_fds_max();
    struct limits_room room =
        limits_room_of(c->config.plan, c->config.lineup,
                       c->config.own_service ? fds / 2 : fds, workers);
    struct limits_bound fit = limits_bound_of(&room);
    uint32_t asked = c->config.max_vus;
    uint32_t peak = c->curve.peak;
    char why[320];

    s->max_vus = fit.vus;
    s->limit = limits_name(fit.scarce);
    if (asked > 0 && asked <= fit.vus) {
        s->max_vus = asked;
        s->limit = "--max-vus";
        return true;
    }
    if (peak <= fit.vus) {
        return true;
    }
    err_set(e, ERR_LIMIT,
            "scenario '%s' wants up to %u VUs, and %s; --max-vus %u does with "
            "fewer",
            c->config.lineup->name, peak,
            limits_explain(&room, peak, why, sizeof why), fit.vus);
    return false;
}

static void conductor_make_info(struct conductor *c, unsigned workers)
{
    const struct conductor_config *config = &c->config;
    char target[1024];
    struct buf masked;

    c->info.plan = config->plan;
    c->info.lineup = config->lineup;
    c->info.scenario = &config->lineup->list[0];
    c->info.curve = &c->curve;
    c->info.time_scale = config->time_scale;
    c->info.started = wall_now();
    c->info.seed = config->seed;
    c->info.workers = workers;
    c->info.no_thresholds = config->no_thresholds;
    plan_target(config->plan, target, sizeof target);
    buf_init(&masked, 4 * sizeof target);
    plan_mask(config->plan, &masked, target, strlen(target));
    text_safe(c->info.target, sizeof c->info.target, buf_str(&masked));
    buf_clear(&masked);
}

static bool conductor_hire(struct conductor *c, unsigned workers, struct err *e)
{
    const struct conductor_config *config = &c->config;
    const struct scenario *s = &config->lineup->list[0];
    struct load_scenario load = {.scenario = s,
                                 .flow = &config->plan->flows[s->flow],
                                 .curve = &c->curve,
                                 .pool = c->pool};
    struct fleet_config f = {
        .worker =
            {
                .plan = config->plan,
                .feeder = c->feeder,
                .scenarios = &load,
                .n_scenarios = 1,
                .clk = c->clk,
                .gapless = c->gapless,
                .gate = c->gate,
                .seed = config->seed,
                .workers = workers,
            },
        .loop = config->loop,
        .answered = conductor_answered,
        .ctx = c,
    };

    return fleet_start(&f, &c->fleet, e);
}

static void conductor_make_watchers(struct conductor *c)
{
    ev_timer_init(&c->beat, conductor_on_beat, 0, 0);
    c->beat.data = c;
    ev_timer_init(&c->due, conductor_on_due, 0, 0);
    c->due.data = c;
    ev_async_init(&c->queue.bell, conductor_on_bell);
    c->queue.bell.data = c;
    ev_async_start(c->config.loop, &c->queue.bell);
}

bool conductor_new(const struct conductor_config *config,
                   struct conductor **out, struct err *e)
{
    struct conductor *c = xcalloc(1, sizeof *c);
    const struct scenario *s = &config->lineup->list[0];
    struct steer_config steer = {
        .curve = &c->curve,
        .graceful_stop_us = s->graceful_stop_us,
        .graceful_ramp_down_us = s->graceful_ramp_down_us,
    };
    unsigned workers;

    c->magic = CONDUCTOR_MAGIC;
    c->config = *config;
    c->clk = clk_system();
    c->gapless = gapless_new(c->clk, clk_process_cpu_us);
    c->outcome.exit_code = -1;
    pthread_mutex_init(&c->queue.lock, NULL);
    curve_init(&c->curve, s, config->time_scale);
    workers = conductor_workers(config, c->curve.peak);
    conductor_make_info(c, workers);
    conductor_make_watchers(c);
    if (s->executor == EXECUTOR_SHARED_ITERATIONS) {
        c->pool = iteration_pool_new(s->iterations);
    }
    c->feeder = feeder_new(config->plan);
    c->gate = config->rps > 0 ? gate_new(config->rps) : NULL;
    c->ledger = ledger_new(config->plan, config->lineup);
    /* It is only judged by: what is over time, the readers keep. */
    ledger_without_series(c->ledger);
    c->judge = judge_new(config->plan, c->ledger);
    c->verdicts = xcalloc(judge_count(c->judge) + 1, sizeof *c->verdicts);
    c->watch = watch_new(config->plan);
    c->vitals = vitals_new(workers);
    if (!conductor_limit(c, workers, &steer, e) ||
        !conductor_hire(c, workers, e)) {
        conductor_free(&c);
        return false;
    }
    c->steer = steer_new(&steer);
    if (c->curve.peak > steer.max_vus) {
        conductor_event(c, 0, "warning", "",
                        "the plan's peak of %u VUs is cut to %u: %s",
                        c->curve.peak, steer.max_vus, steer.limit)
            ->bad = true;
    }
    *out = c;
    return true;
}

void conductor_close(struct conductor *c)
{
    c->ended = c->tick_at;
    ev_timer_stop(c->config.loop, &c->beat);
    ev_timer_stop(c->config.loop, &c->due);
    ev_unref(c->config.loop);
    fleet_stop(&c->fleet);
    if (c->done != NULL) {
        c->done(c->done_ctx);
    }
}

void conductor_free(struct conductor **cp)
{
    struct conductor *c = *cp;

    if (c == NULL) {
        return;
    }
    OBJ_CHECK(c, CONDUCTOR_MAGIC);
    c->done = NULL;
    if (c->ended == 0) {
        conductor_close(c);
    }
    ev_ref(c->config.loop);
    ev_async_stop(c->config.loop, &c->queue.bell);
    conductor_held_clear(c);
    free(c->held.list);
    steer_free(&c->steer);
    iteration_pool_free(&c->pool);
    gate_free(&c->gate);
    feeder_free(&c->feeder);
    gapless_free(&c->gapless);
    vitals_free(&c->vitals);
    watch_free(&c->watch);
    free(c->verdicts);
    judge_free(&c->judge);
    ledger_free(&c->ledger);
    events_clear(&c->events);
    events_clear(&c->told);
    curve_clear(&c->curve);
    free(c->queue.list);
    pthread_mutex_destroy(&c->queue.lock);
    c->magic = 0;
    free(c);
    *cp = NULL;
}

const struct run_info *conductor_info(const struct conductor *c)
{
    return &c->info;
}

void conductor_add_reader(struct conductor *c, tick_fn *fn, void *ctx)
{
    MUST(c->act == ACT_NEW);
    MUST(c->n_readers < CONDUCTOR_READERS_MAX);
    c->readers[c->n_readers].fn = fn;
    c->readers[c->n_readers].ctx = ctx;
    c->n_readers++;
}

void conductor_start(struct conductor *c, void (*done)(void *ctx), void *ctx)
{
    struct delta *nothing = delta_new(c->config.plan, NULL, 0);
    mono_us now;

    MUST(c->act == ACT_NEW);
    c->done = done;
    c->done_ctx = ctx;
    now = conductor_now(c);
    c->began = c->tick_at = c->counted = now;
    c->wall_ahead_us = wall_now().us - (int64_t)now;
    fleet_set_run_start(c->fleet, now);
    conductor_open(c, now);
    conductor_sync(c, now);
    conductor_emit(c, now, nothing);
    delta_free(&nothing);
    conductor_beat_start(c, now);
}

struct outcome conductor_outcome(const struct conductor *c)
{
    return c->outcome;
}
