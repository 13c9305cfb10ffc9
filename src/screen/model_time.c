/* SPDX-License-Identifier: MIT
 *
 * model_time - what a model says about the course of time: stages, scales and
 * silence. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "plan/metric.h"
#include "run/events.h"
#include "screen/model_internal.h"

/* So long without any answer before the screen says so. */
#define SILENCE_US (2 * UINT64_C(1000000))

static void model_add_stage(struct model *m, size_t *cap, uint64_t start_us,
                            size_t index, bool ahead)
{
    if (m->n_stages > 0) {
        struct model_stage *before = &m->stages[m->n_stages - 1];

        if (before->start_us == start_us) {
            before->index = index;
            before->ahead = ahead;
            return;
        }
        before->end_us = start_us;
    }
    m->stages = xgrow(m->stages, m->n_stages, cap, sizeof *m->stages);
    m->stages[m->n_stages++] = (struct model_stage){
        .start_us = start_us, .index = index, .ahead = ahead};
}

/* Run time at which the stage clock will show clock_us. */
static uint64_t model_when(const struct model *m, uint64_t clock_us)
{
    const struct tick_scenario *s = model_at(m);
    uint64_t t_us = m->tick.t_us;

    return clock_us >= s->stage_clock_us
               ? t_us + s->starts_in_us + (clock_us - s->stage_clock_us)
           : s->stage_clock_us - clock_us <= t_us
               ? t_us - (s->stage_clock_us - clock_us)
               : 0;
}

void model_time_stages(struct model *m)
{
    const struct curve *c = model_curve(m);
    const struct tick_scenario *t = model_at(m);
    bool over = t->state == SCENARIO_DRAINING || t->state == SCENARIO_DONE ||
                m->tick.state >= RUN_DRAINING;
    bool waits = t->state == SCENARIO_WAITING;
    size_t cap = 0, i;
    uint64_t end = m->tick.t_us;

    free(m->stages);
    m->stages = NULL;
    m->n_stages = 0;
    for (i = 0; i < m->n_events; i++) {
        int stage = event_stage(&m->events[i], m->chosen, c->n);

        if (stage >= 0) {
            model_add_stage(m, &cap, m->events[i].t_us, (size_t)stage, false);
        }
    }
    if (m->n_stages == 0 && !waits) {
        model_add_stage(m, &cap, model_when(m, c->stages[t->stage].start_us),
                        t->stage, false);
    }
    if (!over) {
        /* Before the start stage 0 is itself to come. */
        for (i = waits ? 0 : t->stage + 1; i < c->n; i++) {
            model_add_stage(m, &cap, model_when(m, c->stages[i].start_us), i,
                            true);
        }
        end = c->length_us == UINT64_MAX || t->iterations_total > 0
                  ? UINT64_MAX
                  : model_when(m, c->length_us);
    }
    if (m->n_stages > 0) {
        m->stages[m->n_stages - 1].end_us = end;
    }
}

void model_time_pauses(struct model *m)
{
    struct model_pause *open = NULL;
    size_t cap = 0, i;

    free(m->pauses);
    m->pauses = NULL;
    m->n_pauses = 0;
    for (i = 0; i < m->n_events; i++) {
        const struct event *e = &m->events[i];
        bool on = strcmp(e->value, "on") == 0;

        if (e->bad || strcmp(e->type, command_name(COMMAND_PAUSE)) != 0) {
            continue;
        }
        if (open == NULL && on) {
            m->pauses = xgrow(m->pauses, m->n_pauses, &cap, sizeof *m->pauses);
            open = &m->pauses[m->n_pauses++];
            *open = (struct model_pause){e->t_us, m->tick.t_us};
        } else if (open != NULL && !on) {
            open->to_us = e->t_us;
            open = NULL;
        }
    }
}

bool model_paused(const struct model *m, uint64_t from_us, uint64_t to_us)
{
    size_t i;

    for (i = 0; i < m->n_pauses; i++) {
        if (m->pauses[i].from_us < to_us && from_us < m->pauses[i].to_us) {
            return true;
        }
    }
    return false;
}

static double bin_rate(const struct bin *b)
{
    return b->active_us > 0 ? b->rated * 1e6 / (double)b->active_us : 0;
}

/* Scales for what was, the earlier run's curves and the limit. */
static void scales_fit(struct model *m, struct model_source *s,
                       struct baseline_peaks p)
{
    const struct verdict *limit =
        model_verdict(m, METRIC_HTTP_REQ_DURATION, 95);
    double peak = model_curve(m)->peak;
    uint64_t now = m->tick.t_us;
    bool any = p.p95_hi > 0;

    if (any) {
        model_baseline_peaks(&m->baseline, &p);
    }
    if (limit != NULL && any && limit->threshold->limit > 0) {
        double us = limit->threshold->limit * 1e3;

        p.p95_hi = us > p.p95_hi ? us : p.p95_hi;
        p.p95_lo = us < p.p95_lo ? us : p.p95_lo;
    }
    scale_fit(&s->level, 0, p.level > 1 ? p.level : 1, now);
    if (p.level <= peak && p.level > 0) {
        s->level.hi = p.level; /* the plan's peak fills the band */
    }
    scale_fit(&s->rps, 0, p.rps, now);
    scale_fit(&s->errs, 0, p.errors < 100 ? p.errors : 100, now);
    if (any) {
        scale_fit(&s->latency, p.p95_lo > 1 ? p.p95_lo : 1, p.p95_hi, now);
    }
    m->level = s->level;
    m->rps = s->rps;
    m->errs = s->errs;
    m->latency = s->latency;
}

uint64_t model_time_enough(const struct model *m)
{
    uint64_t most = 0;
    size_t i;

    for (i = 0; i < m->n_bins; i++) {
        most = m->bins[i].samples > most ? m->bins[i].samples : most;
    }
    return most / 10;
}

void model_time_scales(struct model *m, struct model_source *s)
{
    double level = model_curve(m)->peak, rps = 0, errs = 1, lo = 0, hi = 0;
    uint64_t enough = model_time_enough(m);
    size_t i;

    for (i = 0; i < m->n_bins; i++) {
        const struct bin *b = &m->bins[i];
        double bad = 0;
        int k;

        level = m->levels[i].most > level ? m->levels[i].most : level;
        level = m->levels[i].planned > level ? m->levels[i].planned : level;
        if (b->settled && bin_rate(b) > rps) {
            rps = bin_rate(b);
        }
        for (k = 0; k < ERRORS_COUNT; k++) {
            bad += (double)b->errors[k];
        }
        if (b->requests > 0 && bad * 100 / (double)b->requests > errs) {
            errs = bad * 100 / (double)b->requests;
        }
        if (!bin_tells(b)) {
            continue;
        }
        if (b->samples >= enough) {
            lo = lo <= 0 || (double)b->p50_us < lo ? (double)b->p50_us : lo;
        }
        hi = (double)b->p99_us > hi ? (double)b->p99_us : hi;
    }
    scales_fit(m, s,
               (struct baseline_peaks){level, rps > 1 ? rps : 1, errs, lo, hi});
}

void model_time_peak(struct model *m, const struct series *s)
{
    size_t n = series_count(s), i;
    uint64_t whole_us = series_slot_us(s);

    /* What is so now is no more than the most there was. */
    m->rps_peak = m->window.rate;
    for (i = 0; i + 1 < n; i++) {
        const struct slot *slot = series_slot(s, i);
        double rate = slot->rated * 1e6 / (double)slot->active_us;

        if (slot->active_us >= whole_us - whole_us / 10 && rate > m->rps_peak) {
            m->rps_peak = rate;
        }
    }
}

void model_time_unreachable(struct model *m, const struct series *s)
{
    uint64_t now = m->tick.t_us, requests = 0;
    size_t i = series_count(s);

    m->unreachable_us = now;
    while (i-- > 0) {
        const struct slot *slot = series_slot(s, i);

        if (slot->duration.count > 0) {
            break;
        }
        requests += slot->requests;
        if (slot->requests > 0) {
            m->unreachable_us = slot->start_us;
        }
    }
    m->unreachable = m->tick.state != RUN_FINISHED && requests > 0 &&
                     now - m->unreachable_us >= SILENCE_US;
}
