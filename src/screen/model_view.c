/* SPDX-License-Identifier: MIT
 *
 * model_view - the part of a model that depends on what of the run is looked
 * at, and how: time axis, bins, levels, scales, heat. It can be made anew for
 * a picture that stands still. */
#include "config.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "screen/model_internal.h"

uint64_t zoom_us(enum zoom z)
{
    switch (z) {
    case ZOOM_FIVE_MINUTES:
        return 300 * UINT64_C(1000000);
    case ZOOM_MINUTE:
        return 60 * UINT64_C(1000000);
    case ZOOM_RUN:
    case ZOOM_COUNT:
        break;
    }
    return UINT64_MAX;
}

/* Scales without a past. */
static void model_source_scales(struct model_source *s)
{
    size_t i;

    scale_init(&s->level, false);
    scale_init(&s->rps, false);
    scale_init(&s->latency, !s->seen.linear);
    scale_init(&s->spread, !s->seen.linear);
    scale_init(&s->errs, false);
    for (i = 0; i < MODEL_GAUGES_MAX; i++) {
        scale_init(&s->gauges[i], false);
    }
}

/* Where iterations decide, the time they may take at most says nothing of the
 * time they will. */
static bool model_counted(const struct model *m)
{
    size_t i;

    for (i = 0; i < m->tick.n_scenarios; i++) {
        if (m->tick.scenarios[i].iterations_total > 0) {
            return true;
        }
    }
    return false;
}

void model_view_reach(struct model *m, struct model_source *s)
{
    const struct tick *t = &m->tick;
    bool bounded = t->left_us != UINT64_MAX && !model_counted(m);
    bool over = t->state == RUN_DRAINING || t->state == RUN_FINISHED;
    uint64_t need = t->t_us + (bounded && !over ? t->left_us : 0);

    /* At the end the picture shrinks to what there was. */
    if (t->state == RUN_FINISHED) {
        bounded = true;
        s->reach_us = 0;
    }
    s->reach_us = axis_reach(s->reach_us, need, bounded);
    m->reach_us = s->reach_us;
}

/* Where more than the whole run would be in sight, the whole run is. */
static void model_view_axis(struct model *m, const struct series *s,
                            const struct model_want *w)
{
    uint64_t span = zoom_us(w->zoom);
    bool over = m->tick.state == RUN_FINISHED;

    m->axis = (struct axis){0, m->reach_us};
    if (span < m->reach_us) {
        /* What comes is of interest only while something comes. */
        m->axis = axis_window(over ? m->reach_us - span / 16 : m->tick.t_us,
                              span, series_slot_us(s),
                              w->cursor ? w->cursor_us : UINT64_MAX);
    }
}

/* A copy of those that had begun by the moment of the model. */
static struct bin *model_bins(const struct model *m, const struct bins *b,
                              size_t *n)
{
    struct bin *out = xcalloc(bins_count(b) + 1, sizeof *out);
    size_t i;

    for (i = 0; i < bins_count(b) && bins_at(b, i)->start_us < m->tick.t_us;
         i++) {
        out[i] = *bins_at(b, i);
    }
    *n = i;
    return out;
}

static void model_view_bins(struct model *m, struct model_source *s,
                            const struct series *series,
                            const struct model_want *w)
{
    size_t most = w->trend_cols > 0 ? (size_t)w->trend_cols : 1, i;

    bins_update(s->all, series, &m->axis, w->cols > 0 ? (size_t)w->cols : 1);
    free(m->bins);
    m->bins = model_bins(m, s->all, &m->n_bins);
    m->bin_us = bins_width_us(s->all);
    for (i = 0; i < m->n_requests; i++) {
        struct model_request *r = &m->requests[i];
        struct bins *b = s->by_name[r->index];

        bins_update(b, series, &m->axis, most);
        free(r->trend);
        r->trend = model_bins(m, b, &r->n_trend);
    }
}

/* A finer or coarser picture has other peaks: a new one. The first of a source
 * goes on with what a model had. */
static void model_view_renew(struct model *m, struct model_source *s,
                             const struct model_want *w)
{
    bool scenario = s->seen.scenario != w->scenario;
    bool other = s->bin_us != m->bin_us || s->seen.zoom != w->zoom;
    bool turned = s->seen.linear != w->linear;

    s->seen = *w;
    if (s->bin_us == 0 && m->latency.hi > 0 && m->latency.log == !w->linear) {
        s->level = m->level;
        s->rps = m->rps;
        s->latency = m->latency;
        s->spread = m->spread;
        s->errs = m->errs;
    } else if (other) {
        model_source_scales(s);
    } else if (turned) {
        scale_init(&s->latency, !w->linear);
        scale_init(&s->spread, !w->linear);
    } else if (scenario) {
        scale_init(&s->level, false);
    }
    s->bin_us = m->bin_us;
}

/* Reaches from what is faster than most to where the lines' scale ends. */
static void model_view_spread(struct model *m, struct model_source *s)
{
    double lo = m->latency.lo > 0 ? m->latency.lo : m->latency.hi;
    uint64_t enough = model_time_enough(m);
    size_t i;

    for (i = 0; i < m->n_bins; i++) {
        const struct bin *b = &m->bins[i];

        if (bin_tells(b) && b->samples >= enough && (double)b->p5_us < lo) {
            lo = (double)b->p5_us;
        }
    }
    if (m->latency.hi > 0) {
        scale_fit(&s->spread, lo > 1 ? lo : 1, m->latency.hi, m->tick.t_us);
    }
    m->spread = s->spread;
}

static void model_view_heat(struct model *m, struct model_source *s,
                            const struct series *series, int rows)
{
    size_t i;
    int row;

    free(m->heat);
    m->heat = NULL;
    m->heat_rows = 0;
    model_view_spread(m, s);
    if (rows < 1 || !(m->spread.hi > m->spread.lo)) {
        return;
    }
    rows = rows < HEAT_ROWS_MAX ? rows : HEAT_ROWS_MAX;
    heat_update(s->heat, series, s->all, &m->spread, rows);
    m->heat_rows = rows;
    m->heat = xcalloc(m->n_bins * (size_t)rows + 1, sizeof *m->heat);
    for (i = 0; i < m->n_bins; i++) {
        for (row = 0; row < rows; row++) {
            m->heat[i * (size_t)rows + (size_t)row] =
                (uint8_t)heat_level(heat_share(s->heat, i, row));
        }
    }
}

void model_view(struct model *m, struct model_source *s,
                const struct model_want *w)
{
    const struct series *series = ledger_series(story_ledger(s->story));

    m->looked = *w;
    model_view_axis(m, series, w);
    model_view_bins(m, s, series, w);
    model_view_renew(m, s, w);
    model_load(m, story_course(s->story));
    model_baseline_dots(m, s);
    model_time_scales(m, s);
    model_view_heat(m, s, series, w->heat_rows);
    model_cursor(m, series, w);
    model_server_view(m, s);
    model_rows_make(m, s, w);
    model_baseline_shown(m, s);
}

void model_look(struct model *m, struct model_source *s,
                const struct model_want *w)
{
    if (!m->any) {
        return;
    }
    story_lock(s->story);
    model_detail_take(m, story_ledger(s->story), w, false);
    model_view(m, s, w);
    story_unlock(s->story);
}
