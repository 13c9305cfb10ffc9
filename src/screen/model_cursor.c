/* SPDX-License-Identifier: MIT
 *
 * model_cursor - the one moment that the time cursor stands at: all figures of
 * the bin that holds it, or what the plan wants then where it is to come. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "plan/metric.h"
#include "screen/model_internal.h"

/* What the plan wants at t, which is to come. */
static bool cursor_planned(const struct model *m, uint64_t t_us, double *out)
{
    const struct tick_scenario *at = model_at(m);
    const struct curve *c = model_curve(m);
    uint64_t begin = m->tick.t_us + at->starts_in_us, clock;

    if (at->state > SCENARIO_RUNNING || t_us < begin || m->hunt.on) {
        return false;
    }
    clock = at->stage_clock_us + (t_us - begin);
    if (c->length_us != UINT64_MAX && clock > c->length_us) {
        return false;
    }
    *out = curve_at(c, clock);
    return true;
}

static void cursor_load(struct model *m, struct model_cursor *c)
{
    uint64_t middle = c->from_us + (c->to_us - c->from_us) / 2;
    size_t i;

    for (i = 0; i < m->n_bins; i++) {
        if (m->bins[i].start_us == c->from_us) {
            c->level = m->levels[i];
            c->server = m->bins[i].server;
            c->planned = c->level.planned;
            c->planned_any = true;
        }
    }
    if (c->ahead) {
        c->planned_any = cursor_planned(m, middle, &c->planned);
    }
    c->stage = SIZE_MAX;
    for (i = 0; i < m->n_stages && !m->hunt.on; i++) {
        if (m->stages[i].start_us <= middle && middle < m->stages[i].end_us) {
            c->stage = m->stages[i].index;
        }
    }
}

/* The figures that a selector picks: of everything, or of one name. */
static const struct summary *cursor_pick(const struct model *m,
                                         const struct selector *s)
{
    size_t i;

    if (s->n_tags == 0) {
        return &m->cursor.all.sum;
    }
    if (s->n_tags > 1 || s->tags[0].tag != TAG_NAME) {
        return NULL;
    }
    for (i = 0; i < m->n_requests; i++) {
        if (strcmp(m->info->plan->names[m->requests[i].index],
                   s->tags[0].value) == 0) {
            return &m->requests[i].at;
        }
    }
    return NULL;
}

/* A value in ms of a trend that slots have. */
static bool cursor_trend(const struct threshold *t, const struct summary *s,
                         double *out)
{
    const struct {
        enum threshold_agg agg;
        double percentile;
        double us;
    } rows[] = {
        {AGG_AVG, 0, s->mean_us},        {AGG_MIN, 0, (double)s->min_us},
        {AGG_MAX, 0, (double)s->max_us}, {AGG_MED, 0, (double)s->p50_us},
        {AGG_P, 50, (double)s->p50_us},  {AGG_P, 90, (double)s->p90_us},
        {AGG_P, 95, (double)s->p95_us},  {AGG_P, 99, (double)s->p99_us}};
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0] && s->responses > 0; i++) {
        if (rows[i].agg == t->agg &&
            (t->agg != AGG_P || (t->percentile >= rows[i].percentile &&
                                 t->percentile <= rows[i].percentile))) {
            *out = rows[i].us / 1e3;
            return true;
        }
    }
    return false;
}

/* Of what slots have: durations, failures and counts of requests. */
static struct figure cursor_figure(const struct model *m,
                                   const struct threshold *t)
{
    const struct summary *s = cursor_pick(m, &t->selector);
    struct figure f = {.fed = false};

    if (s == NULL || !m->cursor.any) {
        return f;
    }
    switch (t->selector.metric) {
    case METRIC_HTTP_REQ_DURATION:
        f.fed = cursor_trend(t, s, &f.value);
        f.samples = s->responses;
        f.thin = t->agg == AGG_P &&
                 s->responses < histo_samples_needed(t->percentile);
        return f;
    case METRIC_HTTP_REQ_FAILED:
        f.fed = s->requests > 0;
        f.value = s->error_rate;
        f.samples = s->requests;
        return f;
    case METRIC_HTTP_REQS:
        f.fed = true;
        f.value = t->agg == AGG_RATE ? s->rate : (double)s->requests;
        f.samples = s->requests;
        return f;
    default:
        return f; /* a metric that slots know nothing of */
    }
}

void model_cursor(struct model *m, const struct series *s,
                  const struct model_want *w)
{
    struct model_cursor *c = &m->cursor;
    struct stretch one;
    size_t i;

    free(c->figures);
    *c = (struct model_cursor){.on = w->cursor && m->bin_us > 0};
    if (!c->on) {
        return;
    }
    c->from_us = w->cursor_us / m->bin_us * m->bin_us;
    c->to_us = c->from_us + m->bin_us;
    c->ahead = c->from_us >= m->tick.t_us;
    c->any = !c->ahead && stretch_sum(s, -1, c->from_us, c->to_us, &c->all);
    for (i = 0; i < m->n_requests; i++) {
        struct model_request *r = &m->requests[i];
        bool any =
            c->any && stretch_sum(s, (int)r->index, c->from_us, c->to_us, &one);

        r->at = any ? one.sum : (struct summary){0};
    }
    cursor_load(m, c);
    c->figures = xcalloc(m->n_verdicts + 1, sizeof *c->figures);
    for (i = 0; i < m->n_verdicts; i++) {
        c->figures[i] = cursor_figure(m, m->verdicts[i].threshold);
    }
}

const struct summary *model_shown(const struct model *m)
{
    return m->cursor.on                    ? &m->cursor.all.sum
           : m->tick.state == RUN_FINISHED ? &m->run
                                           : &m->window;
}

const struct summary *model_request_shown(const struct model *m,
                                          const struct model_request *r)
{
    return m->cursor.on                    ? &r->at
           : m->tick.state == RUN_FINISHED ? &r->run
                                           : &r->window;
}
