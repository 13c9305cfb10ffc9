/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/tick_code.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "record/tick_code_internal.h"

/* Of one tick that stands for several. */
#define TICK_EVENTS_MAX 4096u

/* Flags, one bit each, in the order they are given in. */
static uint64_t flags_of(const bool *list, size_t n)
{
    uint64_t bits = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        bits |= list[i] ? UINT64_C(1) << i : 0;
    }
    return bits;
}

/* "No end" is a number that a code has no room for. */
static void put_left(struct buf *b, uint64_t us)
{
    code_put(b, us == UINT64_MAX ? 0 : us + 1);
}

static uint64_t get_left(struct code_in *in, const char *what)
{
    uint64_t n = code_get(in, UINT64_MAX, what);

    return n == 0 ? UINT64_MAX : n - 1;
}

static void scenario_put(struct buf *b, const struct tick_scenario *s)
{
    const bool flags[] = {s->manual, s->spike, s->timed};

    code_put(b, (uint64_t)s->state);
    code_put(b, flags_of(flags, 3));
    code_put(b, s->starts_in_us);
    code_put(b, s->stage_clock_us);
    put_left(b, s->left_us);
    code_put(b, s->stage);
    code_put(b, s->spike_left_us);
    code_put(b, s->wanted);
    code_put(b, s->planned);
    code_put(b, s->asked);
    code_put(b, s->wanted_max);
    code_put(b, s->vus);
    code_put(b, s->vus_high);
    code_put(b, s->draining);
    code_put(b, s->allocated);
    code_put(b, s->vus_max);
    code_put(b, s->ran_us);
    code_put(b, s->begun);
    code_put(b, s->dropped);
    code_put_double(b, s->rate);
    code_put(b, s->dropped_all);
    code_put(b, s->iterations);
    code_put(b, s->iterations_total);
    code_put(b, s->late_p99_us);
    code_put(b, s->late_max_us);
}

static uint32_t get_level(struct code_in *in)
{
    return (uint32_t)code_get(in, UINT32_MAX, "a level");
}

static void scenario_get(struct code_in *in, const struct curve *curve,
                         struct tick_scenario *s)
{
    uint64_t flags;

    s->state =
        (enum scenario_state)code_get(in, SCENARIO_DONE, "a scenario's state");
    flags = code_get(in, 7, "a scenario's flags");
    s->manual = (flags & 1) != 0;
    s->spike = (flags & 2) != 0;
    s->timed = (flags & 4) != 0;
    s->starts_in_us = code_get(in, UINT64_MAX / 4, "a start");
    s->stage_clock_us = code_get(in, UINT64_MAX / 4, "a stage clock");
    s->left_us = get_left(in, "an end");
    s->stage = (size_t)code_get(in, curve->n - 1, "a stage");
    s->spike_left_us = code_get(in, UINT64_MAX / 4, "a spike's end");
    s->wanted = get_level(in);
    s->planned = get_level(in);
    s->asked = get_level(in);
    s->wanted_max = get_level(in);
    s->vus = get_level(in);
    s->vus_high = get_level(in);
    s->draining = get_level(in);
    s->allocated = get_level(in);
    s->vus_max = get_level(in);
    s->ran_us = code_get(in, CODE_COUNT_MAX, "active time");
    s->begun = code_get(in, CODE_COUNT_MAX, "iterations");
    s->dropped = code_get(in, CODE_COUNT_MAX, "iterations");
    s->rate = code_get_double(in, "a rate");
    s->dropped_all = code_get(in, UINT64_MAX, "iterations");
    s->iterations = code_get(in, UINT64_MAX, "iterations");
    s->iterations_total = code_get(in, UINT64_MAX, "iterations");
    s->late_p99_us = code_get(in, UINT64_MAX, "lateness");
    s->late_max_us = code_get(in, UINT64_MAX, "lateness");
}

static void within_put(struct buf *b, const struct tick *t)
{
    const struct tick_within *w = t->within;
    size_t i;

    code_put(b, w != NULL);
    if (w == NULL) {
        return;
    }
    code_put(b, w->vus);
    code_put(b, w->planned);
    code_put(b, w->vus_min);
    code_put(b, w->vus_max);
    code_put(b, w->manual);
    code_put(b, w->suspect);
    code_put(b, w->vus_us);
    server_seen_encode(b, &w->server);
    for (i = 0; i < t->n_scenarios; i++) {
        code_put(b, w->scenarios[i].ran);
        code_put(b, w->scenarios[i].wanted);
        code_put(b, w->scenarios[i].planned);
        code_put(b, w->scenarios[i].vus);
        code_put(b, w->scenarios[i].wanted_max);
        code_put(b, w->scenarios[i].vus_max);
        code_put(b, w->scenarios[i].allocated_max);
        code_put(b, w->scenarios[i].manual);
    }
}

static bool within_get(struct code_in *in, size_t n, struct tick_within *w)
{
    size_t i;

    if (!code_get_bool(in, "whether it is several")) {
        return false;
    }
    w->vus = get_level(in);
    w->planned = get_level(in);
    w->vus_min = get_level(in);
    w->vus_max = get_level(in);
    w->manual = code_get_bool(in, "whether by hand");
    w->suspect = code_get_bool(in, "whether suspect");
    w->vus_us = code_get(in, UINT64_MAX / 4096, "work of VUs");
    server_seen_decode(in, &w->server);
    for (i = 0; i < n; i++) {
        w->scenarios[i].ran = code_get_bool(in, "whether it ran");
        w->scenarios[i].wanted = get_level(in);
        w->scenarios[i].planned = get_level(in);
        w->scenarios[i].vus = get_level(in);
        w->scenarios[i].wanted_max = get_level(in);
        w->scenarios[i].vus_max = get_level(in);
        w->scenarios[i].allocated_max = get_level(in);
        w->scenarios[i].manual = code_get_bool(in, "whether by hand");
    }
    return true;
}

static void figure_put(struct buf *b, const struct figure *f)
{
    const bool flags[] = {f->fed, f->thin};

    code_put(b, flags_of(flags, 2));
    if (f->fed) {
        code_put(b, f->samples);
        code_put_double(b, f->value);
    }
}

static void figure_get(struct code_in *in, struct figure *f)
{
    uint64_t flags = code_get(in, 3, "a figure's flags");

    f->fed = (flags & 1) != 0;
    f->thin = (flags & 2) != 0;
    if (f->fed) {
        f->samples = code_get(in, UINT64_MAX, "a figure's samples");
        f->value = code_get_double(in, "a figure");
    }
}

static void verdicts_put(struct buf *b, const struct tick *t)
{
    size_t i;

    code_put(b, t->n_verdicts);
    for (i = 0; i < t->n_verdicts; i++) {
        const struct verdict *v = &t->verdicts[i];
        const bool flags[] = {v->ok, v->window_ok, v->pending, v->ever_failed};

        code_put(b, flags_of(flags, 4));
        figure_put(b, &v->run);
        figure_put(b, &v->window);
        code_put_double(b, v->margin);
        code_put(b, v->first_failed_us);
        code_put_text(b, v->why);
    }
}

/* As many as the plan has thresholds, or none. */
static void verdicts_get(struct code_in *in, const struct plan *plan,
                         struct tick_read *out)
{
    size_t n = code_get_count(in, plan->n_thresholds, 13, "thresholds"), i;

    if (n != 0 && n != plan->n_thresholds) {
        code_bad(in, "thresholds");
        n = 0;
    }
    out->verdicts = xcalloc(n + 1, sizeof *out->verdicts);
    for (i = 0; i < n && !in->bad; i++) {
        struct verdict *v = &out->verdicts[i];
        uint64_t flags = code_get(in, 15, "a threshold's flags");

        v->threshold = &plan->thresholds[i];
        v->ok = (flags & 1) != 0;
        v->window_ok = (flags & 2) != 0;
        v->pending = (flags & 4) != 0;
        v->ever_failed = (flags & 8) != 0;
        figure_get(in, &v->run);
        figure_get(in, &v->window);
        v->margin = code_get_double(in, "a margin");
        v->first_failed_us = code_get(in, UINT64_MAX, "a time");
        code_get_text(in, v->why, sizeof v->why, false, "a threshold's words");
    }
    out->tick.verdicts = out->verdicts;
    out->tick.n_verdicts = n;
}

static void events_put(struct buf *b, const struct tick *t)
{
    size_t i;

    code_put(b, t->n_events);
    for (i = 0; i < t->n_events; i++) {
        const struct event *e = &t->events[i];
        const bool flags[] = {e->load, e->bad, e->clamped};

        code_put(b, e->t_us);
        code_put(b, e->scenario);
        code_put(b, flags_of(flags, 3));
        code_put_text(b, e->type);
        code_put_text(b, e->value);
        code_put_text(b, e->text);
        code_put_text(b, e->by);
    }
}

static void events_get(struct code_in *in, const struct run_info *info,
                       struct tick_read *out)
{
    size_t n = code_get_count(in, TICK_EVENTS_MAX, 7, "events"), i;

    out->events = xcalloc(n + 1, sizeof *out->events);
    for (i = 0; i < n && !in->bad; i++) {
        struct event *e = &out->events[i];
        uint64_t flags;

        e->t_us = code_get(in, UINT64_MAX / 4, "an event's time");
        e->scenario =
            (unsigned)code_get(in, info->lineup->n, "an event's scenario");
        flags = code_get(in, 7, "an event's flags");
        e->load = (flags & 1) != 0;
        e->bad = (flags & 2) != 0;
        e->clamped = (flags & 4) != 0;
        code_get_text(in, e->type, sizeof e->type, false, "an event's type");
        code_get_text(in, e->value, sizeof e->value, false, "an event's value");
        code_get_text(in, e->text, sizeof e->text, false, "an event's text");
        code_get_text(in, e->by, sizeof e->by, false, "who made an event");
    }
    out->tick.events = out->events;
    out->tick.n_events = n;
}

static void health_put(struct buf *b, const struct health *h)
{
    const bool flags[] = {h->suspect, h->ever_suspect};

    code_put(b, flags_of(flags, 2));
    code_put_double(b, h->lag_p99_ms);
    code_put_double(b, h->lag_max_ms);
    code_put_double(b, h->cpu);
    code_put_double(b, h->cpu_max);
    code_put_double(b, h->cpu_process);
    code_put(b, h->rss_bytes);
    code_put(b, h->fds);
    code_put(b, h->fds_max);
    code_put(b, h->late_workers);
    code_put(b, h->suspect_us);
    code_put_text(b, h->why);
    code_put_text(b, h->first_why);
}

static void health_get(struct code_in *in, struct health *h)
{
    uint64_t flags = code_get(in, 3, "health's flags");

    h->suspect = (flags & 1) != 0;
    h->ever_suspect = (flags & 2) != 0;
    h->lag_p99_ms = code_get_double(in, "lag");
    h->lag_max_ms = code_get_double(in, "lag");
    h->cpu = code_get_double(in, "CPU");
    h->cpu_max = code_get_double(in, "CPU");
    h->cpu_process = code_get_double(in, "CPU");
    h->rss_bytes = code_get(in, UINT64_MAX, "memory");
    h->fds = (uint32_t)code_get(in, UINT32_MAX, "descriptors");
    h->fds_max = (uint32_t)code_get(in, UINT32_MAX, "descriptors");
    h->late_workers = (unsigned)code_get(in, UINT32_MAX, "late workers");
    h->suspect_us = code_get(in, UINT64_MAX, "a time");
    code_get_text(in, h->why, sizeof h->why, false, "health");
    code_get_text(in, h->first_why, sizeof h->first_why, false, "health");
}

static void outcome_put(struct buf *b, const struct outcome *o)
{
    code_put(b, (uint64_t)o->status);
    code_put_signed(b, o->exit_code);
    code_put_text(b, o->stopped_by);
    code_put_text(b, o->text);
}

static void outcome_get(struct code_in *in, struct outcome *o)
{
    int64_t code;

    o->status = (enum run_status)code_get(in, STATUS_INTERRUPTED, "a status");
    code = code_get_signed(in, "an exit code");
    if (code < -1 || code > 255) {
        code_bad(in, "an exit code");
    }
    o->exit_code = in->bad ? -1 : (int)code;
    code_get_text(in, o->stopped_by, sizeof o->stopped_by, false,
                  "who stopped it");
    code_get_text(in, o->text, sizeof o->text, false, "an outcome");
}

bool tick_encode(const struct tick *t, struct buf *out)
{
    size_t i;

    code_put(out, t->seq);
    code_put(out, t->t_us);
    code_put(out, t->dt_us);
    code_put(out, t->active_us);
    code_put(out, t->active_total_us);
    code_put(out, (uint64_t)t->state);
    code_put(out, t->held);
    code_put(out, t->in_flight);
    code_put(out, t->connections);
    code_put(out, t->connections_max);
    code_put(out, t->connections_opened);
    code_put(out, t->vus_max);
    code_put(out, t->held_back);
    code_put(out, t->n_scenarios);
    for (i = 0; i < t->n_scenarios; i++) {
        scenario_put(out, &t->scenarios[i]);
    }
    within_put(out, t);
    delta_encode(out, t->delta);
    beats_encode(out, t);
    verdicts_put(out, t);
    events_put(out, t);
    health_put(out, &t->health);
    server_encode(out, &t->server);
    hunt_encode(out, t);
    outcome_put(out, &t->outcome);
    return !out->cut;
}

static void tick_get(struct code_in *in, const struct run_info *info,
                     struct tick_read *out)
{
    struct tick *t = &out->tick;
    size_t i;

    t->seq = code_get(in, UINT64_MAX, "a number");
    t->t_us = code_get(in, UINT64_MAX / 4, "a time");
    t->dt_us = code_get(in, UINT64_MAX / 4, "a time");
    t->active_us = code_get(in, CODE_COUNT_MAX, "active time");
    t->active_total_us = code_get(in, UINT64_MAX / 4, "active time");
    t->state = (enum run_state)code_get(in, RUN_FINISHED, "a state");
    t->held = code_get_bool(in, "whether held");
    t->in_flight = (uint32_t)code_get(in, UINT32_MAX, "requests");
    t->connections = (uint32_t)code_get(in, UINT32_MAX, "connections");
    t->connections_max = (uint32_t)code_get(in, UINT32_MAX, "connections");
    t->connections_opened = code_get(in, UINT64_MAX, "connections");
    t->vus_max = get_level(in);
    t->held_back = code_get(in, UINT64_MAX, "requests");
    t->n_scenarios = (size_t)code_get(in, LINEUP_MAX, "scenarios");
    if (t->n_scenarios != info->lineup->n) {
        code_bad(in, "scenarios");
    }
    for (i = 0; i < t->n_scenarios && !in->bad; i++) {
        scenario_get(in, &info->curves[i], &t->scenarios[i]);
    }
    if (within_get(in, t->n_scenarios, &out->within)) {
        t->within = &out->within;
    }
    out->delta = delta_decode(in, info);
    t->delta = out->delta;
    beats_decode(in, out);
    verdicts_get(in, info->plan, out);
    events_get(in, info, out);
    health_get(in, &t->health);
    server_decode(in, &t->server);
    hunt_decode(in, out);
    outcome_get(in, &t->outcome);
}

bool tick_code_known(uint64_t version)
{
    return version >= TICK_CODE_OLDEST && version <= TICK_CODE_VERSION;
}

bool tick_decode(const struct run_info *info, const void *data, size_t n,
                 struct tick_read *out, struct err *e)
{
    struct code_in in;

    memset(out, 0, sizeof *out);
    code_in_init(&in, data, n);
    tick_get(&in, info, out);
    if (!code_end(&in)) {
        err_set(e, ERR_SYNTAX, "a tick: %s", in.problem);
        tick_read_clear(out);
        return false;
    }
    /* Totals follow from the scenarios, by the rule of all readers. */
    tick_sum(info, &out->tick);
    return true;
}

void tick_read_clear(struct tick_read *r)
{
    delta_free(&r->delta);
    free(r->verdicts);
    free(r->events);
    free(r->probes);
    free(r->beats);
    free(r->parts);
    r->beats = NULL;
    r->parts = NULL;
    r->probes = NULL;
    r->verdicts = NULL;
    r->events = NULL;
}
