/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/conductor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "load/feeder.h"
#include "load/gate.h"
#include "load/limits.h"
#include "load/rota.h"
#include "run/conductor_internal.h"
#include "run/proc.h"

/* Threads that a plan of few VUs gets all the same, should a person ask for
 * more of them later. */
#define CONDUCTOR_WORKERS_MIN 4u

static unsigned conductor_workers(const struct conductor_config *config,
                                  uint64_t peak)
{
    unsigned cores = proc_cores();
    uint64_t useful =
        peak > CONDUCTOR_WORKERS_MIN ? peak : CONDUCTOR_WORKERS_MIN;

    if (config->workers > 0) {
        return config->workers;
    }
    return cores < useful ? cores : (unsigned)useful;
}

/* VUs that the plan may need at the same time. */
static uint64_t conductor_peak(const struct conductor *c)
{
    uint64_t peak = 0;
    size_t i;

    for (i = 0; i < c->n; i++) {
        peak += c->curves[i].max_vus;
    }
    return peak;
}

/* What may be asked for at most, and what says so. */
static bool conductor_limit(struct conductor *c, unsigned workers,
                            struct err *e)
{
    uint32_t fds = proc_fds_max();
    struct limits_room room =
        limits_room_of(c->config.plan, c->config.lineup,
                       c->config.own_service ? fds / 2 : fds, workers);
    struct limits_bound fit = limits_bound_of(&room);
    uint32_t asked = c->config.max_vus;
    uint64_t peak = conductor_peak(c);
    char why[320];

    c->max_vus = fit.vus;
    c->limit = limits_name(fit.scarce);
    if (asked > 0 && asked <= fit.vus) {
        c->max_vus = asked;
        c->limit = c->n > 1 ? "--max-vus, for all scenarios" : "--max-vus";
        return true;
    }
    if (peak <= fit.vus) {
        return true;
    }
    err_set(e, ERR_LIMIT,
            "scenario '%s' wants up to %llu VUs, and %s; --max-vus %u does "
            "with fewer",
            c->config.lineup->name, (unsigned long long)peak,
            limits_explain(&room,
                           peak < UINT32_MAX ? (uint32_t)peak : UINT32_MAX, why,
                           sizeof why),
            fit.vus);
    return false;
}

static void conductor_make_info(struct conductor *c, unsigned workers)
{
    const struct conductor_config *config = &c->config;
    char target[1024];
    struct buf masked;

    c->info.plan = config->plan;
    c->info.lineup = config->lineup;
    c->info.curves = c->curves;
    c->info.time_scale = config->time_scale;
    c->info.started = wall_now();
    c->info.seed = config->seed;
    c->info.workers = workers;
    c->info.rps = config->rps;
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
    struct load_scenario load[LINEUP_MAX];
    struct fleet_config f = {
        .worker =
            {
                .plan = config->plan,
                .feeder = c->feeder,
                .scenarios = load,
                .n_scenarios = c->n,
                .clk = c->clk,
                .gapless = c->gapless,
                .gate = c->gate,
                .taps = config->taps,
                .seed = config->seed,
                .workers = workers,
            },
        .loop = config->loop,
        .answered = conductor_answered,
        .rested = conductor_rested,
        .ctx = c,
    };
    size_t i;

    for (i = 0; i < c->n; i++) {
        load[i].scenario = c->parts[i].scenario;
        load[i].flow = &config->plan->flows[c->parts[i].scenario->flow];
        load[i].curve = &c->curves[i];
        load[i].pool = c->parts[i].pool;
        if (executor_is_arrival(c->parts[i].scenario->executor)) {
            c->parts[i].rota = rota_new(workers);
        }
        load[i].rota = c->parts[i].rota;
    }
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

static void conductor_make_parts(struct conductor *c)
{
    const struct lineup *l = c->config.lineup;
    size_t i;

    MUST(l->n >= 1 && l->n <= LINEUP_MAX);
    c->n = l->n;
    for (i = 0; i < c->n; i++) {
        const struct scenario *s = &l->list[i];

        c->parts[i].scenario = s;
        curve_init(&c->curves[i], s, c->config.time_scale);
        if (s->executor == EXECUTOR_SHARED_ITERATIONS) {
            c->parts[i].pool = iteration_pool_new(s->iterations);
        }
    }
}

/* A cap below what all need together is dealt out by their needs. */
static void conductor_make_steers(struct conductor *c)
{
    uint64_t peak = conductor_peak(c);
    size_t i;

    for (i = 0; i < c->n; i++) {
        struct conductor_part *part = &c->parts[i];
        struct steer_config s = {
            .curve = &c->curves[i],
            .graceful_stop_us = part->scenario->graceful_stop_us,
            .graceful_ramp_down_us = part->scenario->graceful_ramp_down_us,
            .limit = c->limit,
        };
        uint64_t share = c->curves[i].max_vus;

        if (peak > c->max_vus) {
            share = share * c->max_vus / peak;
        }
        part->share = share > 0 ? (uint32_t)share : 1;
        s.max_vus = part->share;
        part->steer = steer_new(&s);
    }
    conductor_share(c, 0);
    if (peak > c->max_vus) {
        conductor_event(c, 0, "warning", "",
                        "the plan's peak of %llu VUs is cut to %u: %s",
                        (unsigned long long)peak, c->max_vus, c->limit)
            ->bad = true;
    }
}

bool conductor_new(const struct conductor_config *config,
                   struct conductor **out, struct err *e)
{
    struct conductor *c = xcalloc(1, sizeof *c);
    unsigned workers;

    c->magic = CONDUCTOR_MAGIC;
    c->config = *config;
    c->clk = config->clk != NULL ? config->clk : clk_system();
    c->gapless = gapless_new(c->clk, clk_process_cpu_us);
    c->outcome.exit_code = -1;
    pthread_mutex_init(&c->queue.lock, NULL);
    conductor_make_parts(c);
    workers = conductor_workers(config, conductor_peak(c));
    conductor_make_info(c, workers);
    conductor_make_watchers(c);
    c->feeder = feeder_new(config->plan);
    c->gate = config->rps > 0 ? gate_new(config->rps) : NULL;
    c->ledger = ledger_new(config->plan, config->lineup);
    /* It is only judged by: what is over time, the readers keep. */
    ledger_without_series(c->ledger);
    c->judge = judge_new(config->plan, c->ledger);
    c->verdicts = xcalloc(judge_count(c->judge) + 1, sizeof *c->verdicts);
    c->watch = watch_new(config->plan);
    c->vitals = vitals_new(workers);
    c->study = study_new(&c->info);
    if (!conductor_server_open(c, e) || !conductor_limit(c, workers, e) ||
        !conductor_hire(c, workers, e)) {
        conductor_free(&c);
        return false;
    }
    if (config->notice != NULL) {
        conductor_event(c, 0, "notice", "", "%s", config->notice);
    }
    conductor_make_steers(c);
    if (config->hunt != NULL) {
        MUST(c->n == 1);
        c->hunt = hunt_new(config->hunt,
                           c->curves[0].time_unit_us > 0 ? LEVEL_RATE_MAX
                                                         : c->max_vus,
                           c->curves[0].time_unit_us);
        steer_lead(c->parts[0].steer, 0, 0);
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
    size_t i;

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
    for (i = 0; i < c->n; i++) {
        steer_free(&c->parts[i].steer);
        iteration_pool_free(&c->parts[i].pool);
        rota_free(&c->parts[i].rota);
        curve_clear(&c->curves[i]);
    }
    gate_free(&c->gate);
    feeder_free(&c->feeder);
    gapless_free(&c->gapless);
    vitals_free(&c->vitals);
    study_free(&c->study);
    hunt_free(&c->hunt);
    conductor_server_close(c);
    watch_free(&c->watch);
    free(c->verdicts);
    judge_free(&c->judge);
    ledger_free(&c->ledger);
    events_clear(&c->events);
    events_clear(&c->told);
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
    if (c->early[0] != '\0') {
        conductor_signal(c, c->early);
    }
    conductor_beat_start(c, now);
}

void conductor_warn(struct conductor *c, const char *fmt, ...)
{
    char text[sizeof((struct event *)NULL)->text];
    va_list args;

    if (c->act == ACT_OVER) {
        return;
    }
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    conductor_event(c, conductor_now(c), "warning", "", "%s", text)->bad = true;
}

struct outcome conductor_outcome(const struct conductor *c)
{
    return c->outcome;
}
