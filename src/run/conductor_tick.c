/* SPDX-License-Identifier: MIT
 *
 * conductor_tick - the beat: ten times a second all workers are asked, and what
 * they answer becomes a tick. A worker that has not answered by the next beat
 * is late; its samples are in a later tick. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"
#include "load/gate.h"
#include "run/conductor_internal.h"
#include "run/proc.h"

/* A generator that flutters is told at most so often. */
#define TICK_FLUTTER_US (5 * US_PER_SEC)

static enum run_state tick_state(const struct conductor *c)
{
    switch (c->act) {
    case ACT_NEW:
    case ACT_SETUP:
    case ACT_WAIT:
        return RUN_STARTING;
    case ACT_RUN:
        return conductor_paused(c) ? RUN_PAUSED : RUN_RUNNING;
    case ACT_DRAIN:
    case ACT_TEARDOWN:
        return RUN_DRAINING;
    case ACT_OVER:
        return RUN_FINISHED;
    }
    MUST(!"an act");
    return RUN_FINISHED;
}

static void tick_time(struct conductor *c, mono_us now, struct tick *t)
{
    conductor_account(c, now);
    c->active_total_us += c->active_us;
    t->seq = c->seq++;
    t->t_us = conductor_t(c, now);
    t->dt_us = now - c->tick_at;
    t->active_us = c->active_us;
    t->active_total_us = c->active_total_us;
    t->state = tick_state(c);
    c->active_us = 0;
    c->tick_at = now;
}

static enum scenario_state tick_scenario_state(const struct conductor *c,
                                               size_t i)
{
    const struct fleet_scenario *s = &c->state.scenarios[i];

    switch (steer_desired(c->parts[i].steer)->phase) {
    case LOAD_WAIT:
        return SCENARIO_WAITING;
    case LOAD_RUN:
        return SCENARIO_RUNNING;
    case LOAD_DRAIN:
    case LOAD_CUT:
        return c->act != ACT_OVER &&
                       (c->state.revision < c->posted ||
                        s->active + s->draining + s->in_flight > 0)
                   ? SCENARIO_DRAINING
                   : SCENARIO_DONE;
    }
    MUST(!"a phase");
    return SCENARIO_DONE;
}

/* How much of the tick's active time lies between the part's begin and its end.
 */
static uint64_t tick_ran(const struct conductor_part *p, mono_us now,
                         const struct tick *t)
{
    mono_us from = now - t->dt_us, to = now;

    from = p->since > from ? p->since : from;
    to = p->halted != 0 && p->halted < to ? p->halted : to;
    if (p->since == 0 || to <= from) {
        return 0;
    }
    return to - from < t->active_us ? to - from : t->active_us;
}

/* From a change by hand on, or of what was set by hand, the rate is of the new
 * load; the tick of the change has both. */
static void tick_steered(struct conductor_part *p, const struct steer_view *v)
{
    bool by_hand = v->manual || v->spike;

    if (v->wanted != p->wanted && (by_hand || p->by_hand)) {
        pulse_restart(&p->pulse);
    }
    p->wanted = v->wanted;
    p->by_hand = by_hand;
}

static void tick_part(struct conductor *c, mono_us now, size_t i,
                      const struct tick *t, struct tick_scenario *s)
{
    struct conductor_part *p = &c->parts[i];
    const struct fleet_scenario *f = &c->state.scenarios[i];
    struct steer_view v = steer_view(p->steer, now);
    bool rate = c->curves[i].time_unit_us > 0;

    s->state = tick_scenario_state(c, i);
    s->starts_in_us = v.starts_in_us;
    s->stage_clock_us = v.clock_us;
    s->left_us = v.left_us;
    s->stage = v.stage;
    s->manual = v.manual;
    s->spike = v.spike;
    s->spike_left_us = v.spike_left_us;
    s->wanted = v.wanted;
    s->asked = v.asked;
    s->planned = v.planned;
    s->vus = f->active;
    s->vus_high = f->most;
    s->draining = f->draining;
    s->allocated = f->allocated;
    s->vus_max = steer_desired(p->steer)->max_vus;
    s->wanted_max = rate ? LEVEL_RATE_MAX : s->vus_max;
    s->iterations_total = conductor_iterations(p, s->wanted);
    s->timed = rate;
    s->begun = f->begun - p->begun;
    s->ran_us = tick_ran(p, now, t);
    s->rate = pulse_beat(&p->pulse, s->begun, s->ran_us);
    tick_steered(p, &v);
    p->begun = f->begun;
}

static void tick_load(struct conductor *c, mono_us now, struct tick *t)
{
    size_t i;

    conductor_share(c, now);
    t->n_scenarios = c->n;
    for (i = 0; i < c->n; i++) {
        tick_part(c, now, i, t, &t->scenarios[i]);
        t->held = t->held || steer_view(c->parts[i].steer, now).held;
    }
    tick_sum(&c->info, t);
    t->vus_max = c->max_vus;
    t->held_back = c->gate != NULL ? gate_held(c->gate) : 0;
    t->in_flight = c->state.in_flight;
    t->connections = c->state.connections;
    t->connections_opened = c->state.opened;
    if (c->connections_max < c->state.connections_most) {
        c->connections_max = c->state.connections_most;
    }
    t->connections_max = c->connections_max;
}

/* What was measured by scenario, from this tick's delta and the ledger that
 * has it already. */
static void tick_measured(struct conductor *c, mono_us now, struct tick *t)
{
    size_t i;

    for (i = 0; i < t->delta->n_scenarios; i++) {
        const struct delta_scenario *d = &t->delta->scenarios[i];

        t->scenarios[d->scenario].dropped = d->dropped;
    }
    for (i = 0; i < c->n; i++) {
        struct tick_scenario *s = &t->scenarios[i];
        struct scenario_line run =
            ledger_scenario(c->ledger, (unsigned)i, SPAN_RUN);
        struct scenario_line window =
            ledger_scenario(c->ledger, (unsigned)i, SPAN_WINDOW);

        s->iterations = run.iterations;
        s->dropped_all = run.dropped;
        conductor_lost(c, now, i, s);
        s->late_max_us = run.late_max_us;
        s->late_p99_us = window.late_p99_us;
    }
}

static void tick_abort(struct conductor *c, mono_us now, size_t which)
{
    const struct threshold *t = &c->config.plan->thresholds[which];

    c->ending.aborted = true;
    snprintf(c->ending.by, sizeof c->ending.by, "threshold %.*s %.*s", 32,
             t->metric_text, 20, t->expression);
    conductor_event(c, now, "end", "plan", "aborted: threshold %s %s failed",
                    t->metric_text, t->expression)
        ->bad = true;
    /* k6's way: what runs is interrupted, and teardown follows. */
    conductor_cut(c, now);
    conductor_sync(c, now);
}

static void tick_judge(struct conductor *c, mono_us now)
{
    size_t n = judge_count(c->judge), i;
    uint64_t t_us = conductor_t(c, now);
    int abort;

    conductor_returns(c);
    abort = c->act == ACT_OVER ? judge_end(c->judge, t_us, c->active_total_us)
                               : judge_eval(c->judge, t_us, c->active_total_us);
    c->judged_at = now;
    for (i = 0; i < n; i++) {
        c->verdicts[i] = *judge_verdict(c->judge, i);
    }
    if (c->loaded) { /* of setup alone no rule says anything */
        watch_verdicts(c->watch, conductor_t(c, now), c->verdicts, n,
                       &c->events);
    }
    if (abort >= 0 && !c->config.no_thresholds && c->act == ACT_RUN) {
        tick_abort(c, now, (size_t)abort);
    }
}

static void tick_health(struct conductor *c, mono_us now)
{
    struct totals sum = ledger_totals(c->ledger);
    struct vitals_reading r = {
        .at = now,
        .cpu_process_us = clk_process_cpu_us(),
        .lag_p99_us = sum.lag_p99_us,
        .lag_max_us = sum.lag_max_us,
        .fds_max = proc_fds_max(),
        .late_workers = c->state.late,
        .loaded = conductor_loads(c, now),
    };
    const struct health *h = vitals_health(c->vitals);
    unsigned i;

    if (c->fleet == NULL) {
        return; /* the run is over: what was last seen stands */
    }
    if (c->proc_at == 0 || now - c->proc_at >= CONDUCTOR_PROC_US) {
        c->proc_at = now;
        c->rss_bytes = proc_rss_bytes();
        c->fds = proc_fds();
    }
    r.rss_bytes = c->rss_bytes;
    r.fds = c->fds;
    for (i = 0; i < fleet_count(c->fleet); i++) {
        vitals_worker(c->vitals, i, fleet_cpu_us(c->fleet, i));
    }
    vitals_read(c->vitals, &r);
    if (h->suspect != c->was_suspect &&
        (c->suspect_told == 0 || now - c->suspect_told > TICK_FLUTTER_US)) {
        struct event *e =
            conductor_event(c, now, "health", "", "%s%s",
                            h->suspect ? "the generator is suspect: "
                                       : "the generator keeps up again",
                            h->suspect ? h->why : "");

        event_set_value(e, h->suspect ? "suspect" : "healthy");
        e->bad = h->suspect;
        c->was_suspect = h->suspect;
        c->suspect_told = now;
    }
}

void conductor_emit(struct conductor *c, mono_us now, const struct delta *d)
{
    struct tick t = {.delta = d, .server = *conductor_server(c, now)};
    struct events told;
    struct ledger_gauges g;
    size_t i;

    tick_time(c, now, &t);
    tick_load(c, now, &t);
    watch_delta(c->watch, t.t_us, d, &c->events);
    g = tick_gauges(&c->info, &t, &c->rooms);
    ledger_feed(c->ledger, t.t_us, t.active_us, &g, d);
    tick_measured(c, now, &t);
    tick_health(c, now);
    t.health = *vitals_health(c->vitals);
    /* First: a study is to know who has the wheel, as readers' do. */
    conductor_hunt(c, now, &t);
    conductor_study(c, now, &t);
    if (t.seq == 0 || t.state == RUN_FINISHED ||
        now - c->judged_at >= CONDUCTOR_JUDGE_US) {
        tick_judge(c, now);
    }
    if (t.state == RUN_FINISHED && c->ended == 0) {
        conductor_decide(c, now);
    }
    t.verdicts = c->verdicts;
    t.n_verdicts = judge_count(c->judge);
    /* Readers may make new ones (a signal's, a gap's): those are the next
     * tick's. */
    told = c->events;
    c->events = c->told;
    c->told = told;
    t.events = c->told.list;
    t.n_events = c->told.n;
    t.outcome = c->outcome;
    for (i = 0; i < c->n_readers; i++) {
        c->readers[i].fn(c->readers[i].ctx, &t);
    }
    events_reset(&c->told);
}

/* Samples of a try of setup that may not count wait; the tick goes without. */
static void tick_hold(struct conductor *c, struct delta **d)
{
    struct conductor_held *h = &c->held;

    if (!delta_empty(*d)) {
        h->list = xgrow(h->list, h->n, &h->cap, sizeof *h->list);
        h->list[h->n++] = *d;
    } else {
        delta_free(d);
    }
    *d = delta_new(c->config.plan, NULL, 0);
}

/* While the process stood still its timers did too: that is the gap's lateness,
 * not the generator's. */
static void tick_without_lag(struct delta *d)
{
    histo_sparse_clear(&d->lag);
    memset(&d->lag, 0, sizeof d->lag);
}

/* A run that was only to be found at its end has been over since then: nothing
 * in the record is later. */
static mono_us tick_last(struct conductor *c, mono_us now)
{
    mono_us last = c->over > c->tick_at ? c->over : c->tick_at;
    size_t i;

    if (c->act != ACT_OVER || c->over == 0 || last >= now) {
        return now;
    }
    for (i = 0; i < c->events.n; i++) {
        struct event *e = &c->events.list[i];

        e->t_us = e->t_us < last - c->began ? e->t_us : last - c->began;
    }
    return last;
}

static void tick_close(struct conductor *c, mono_us now)
{
    struct delta *d = fleet_close(c->fleet, &c->state);

    if (c->gap_at != 0 && c->gap_at + 2 * TICK_US > now) {
        tick_without_lag(d);
    }
    conductor_due(c, now);
    if (c->act <= ACT_WAIT && c->config.wait_us > 0) {
        tick_hold(c, &d);
    }
    conductor_play(c, now);
    conductor_emit(c, tick_last(c, now), d);
    delta_free(&d);
    if (c->act == ACT_OVER) {
        conductor_close(c);
    }
}

static void tick_arm(struct conductor *c, mono_us now)
{
    ev_now_update(c->config.loop);
    ev_timer_stop(c->config.loop, &c->beat);
    ev_timer_set(&c->beat,
                 c->beat_due > now ? (double)(c->beat_due - now) / 1e6 : 0, 0);
    ev_timer_start(c->config.loop, &c->beat);
}

/* A tick at once, and the next a whole one after it. */
static void tick_hasten(struct conductor *c, mono_us now)
{
    c->hasten = false;
    fleet_ask(c->fleet);
    c->beat_due = now + TICK_US;
    tick_arm(c, now);
}

void conductor_answered(void *ctx)
{
    struct conductor *c = ctx;
    mono_us now;

    OBJ_CHECK(c, CONDUCTOR_MAGIC);
    now = conductor_now(c);
    tick_close(c, now);
    if (c->hasten && c->act != ACT_OVER) {
        tick_hasten(c, now);
    }
}

void conductor_rested(void *ctx)
{
    struct conductor *c = ctx;

    OBJ_CHECK(c, CONDUCTOR_MAGIC);
    c->hasten = true;
    /* Answers that are on their way may be from before. */
    if (c->act != ACT_NEW && !fleet_asked(c->fleet)) {
        tick_hasten(c, conductor_now(c));
    }
}

void conductor_beat_start(struct conductor *c, mono_us now)
{
    c->beat_due = now + TICK_US;
    tick_arm(c, now);
}

/* The monotonic clock stands still while a machine sleeps: the run goes on as
 * if nothing had been, and only the date knows better. */
static void tick_wall(struct conductor *c, mono_us now)
{
    int64_t ahead = wall_now().us - (int64_t)now;
    int64_t jump = ahead - c->wall_ahead_us;
    char span[NUM_MAX], value[NUM_MAX];

    c->wall_ahead_us = ahead;
    if (jump > (int64_t)CONDUCTOR_GAP_US) {
        struct event *e = conductor_event(
            c, now, "gap", "",
            "the date went %s ahead: the machine slept, or its clock was set",
            num_period(span, (uint64_t)jump / US_PER_SEC * US_PER_SEC));

        snprintf(value, sizeof value, "%.1f", (double)jump / 1e6);
        event_set_value(e, value);
    }
}

void conductor_on_beat(struct ev_loop *loop, ev_timer *w, int revents)
{
    struct conductor *c = w->data;
    mono_us now;

    (void)loop;
    (void)revents;
    OBJ_CHECK(c, CONDUCTOR_MAGIC);
    now = conductor_now(c);
    tick_wall(c, now);
    if (fleet_asked(c->fleet)) {
        tick_close(c, now);
        if (c->act == ACT_OVER) {
            return;
        }
    }
    c->hasten = false;
    fleet_ask(c->fleet);
    /* By the schedule; beats that were missed altogether are not made up. */
    c->beat_due += TICK_US;
    if (c->beat_due <= now) {
        c->beat_due = now + TICK_US;
    }
    tick_arm(c, now);
}
