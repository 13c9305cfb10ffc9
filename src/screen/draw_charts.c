/* SPDX-License-Identifier: MIT
 *
 * draw_charts - the bands over the shared time axis: VUs against the plan,
 * requests a second, latency, errors. Gaps are gaps, never zero. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "chart/axis.h"
#include "chart/raster.h"
#include "plan/metric.h"
#include "run/level.h"
#include "screen/band.h"
#include "screen/show.h"

static const char *band_percent(char *buf, size_t size, double v)
{
    snprintf(buf, size, "%.4g%%", v);
    return buf;
}

static bool trace_level(const struct bin *b, const struct bin_level *l,
                        double *v, bool *thin)
{
    (void)b;
    (void)thin;
    *v = l->level;
    return l->any;
}

static bool trace_planned(const struct bin *b, const struct bin_level *l,
                          double *v, bool *thin)
{
    (void)b;
    (void)thin;
    *v = l->planned;
    return true;
}

/* What was asked for by hand, where that may be more than there was. */
static bool trace_wanted(const struct bin *b, const struct bin_level *l,
                         double *v, bool *thin)
{
    (void)b;
    (void)thin;
    *v = l->wanted;
    return l->manual;
}

static bool trace_rate(const struct bin *b, const struct bin_level *l,
                       double *v, bool *thin)
{
    (void)l;
    (void)thin;
    *v = b->active_us > 0 ? b->rated * 1e6 / (double)b->active_us : 0;
    return b->complete ? b->active_us > 0
                       : b->active_us * 2 >= b->end_us - b->start_us;
}

static bool trace_p50(const struct bin *b, const struct bin_level *l, double *v,
                      bool *thin)
{
    (void)l;
    *thin = b->samples < histo_samples_needed(50);
    *v = (double)b->p50_us;
    return bin_tells(b);
}

static bool trace_p95(const struct bin *b, const struct bin_level *l, double *v,
                      bool *thin)
{
    (void)l;
    *thin = b->samples < histo_samples_needed(95);
    *v = (double)b->p95_us;
    return bin_tells(b);
}

static bool trace_p99(const struct bin *b, const struct bin_level *l, double *v,
                      bool *thin)
{
    (void)l;
    *thin = b->samples < histo_samples_needed(99);
    *v = (double)b->p99_us;
    return bin_tells(b);
}

/* The plan from now on. */
static void band_plan_ahead(struct band *b)
{
    const struct model *m = b->d->m;
    const struct tick_scenario *t = model_at(m);
    const struct curve *c = model_curve(m);
    const struct raster_pen pen = {.every = 2, .ink = INK_PLAN};
    uint64_t now = m->tick.t_us;
    int x = band_x(b, now + t->starts_in_us),
        end = b->dots.cols * RASTER_DOTS_X, last = -1;

    /* Where setup failed a scenario waits for ever. What a hunt will want
     * nobody knows. */
    if (t->state == SCENARIO_DRAINING || t->state == SCENARIO_DONE ||
        m->tick.state >= RUN_DRAINING || m->hunt.on) {
        return;
    }
    for (; x < end; x++) {
        double at = (double)m->axis.from_us +
                    (double)x / (double)(end - 1) *
                        (double)(m->axis.to_us - m->axis.from_us);
        uint64_t begin = now + t->starts_in_us;
        uint64_t ahead = at > (double)begin ? (uint64_t)at - begin : 0;
        int y;

        if (c->length_us != UINT64_MAX &&
            t->stage_clock_us + ahead > c->length_us) {
            return;
        }
        y = band_y(b, curve_at(c, t->stage_clock_us + ahead));
        raster_line(&b->dots, x, last >= 0 ? last : y, x, y, &pen);
        last = y;
    }
}

/* The chosen scenario's load against its plan. */
static void draw_band_load(const struct draw *d)
{
    const struct trace planned = {.value = trace_planned,
                                  .pen = {.every = 2, .ink = INK_PLAN}};
    const struct trace wanted = {.value = trace_wanted,
                                 .pen = {.every = 2, .ink = INK_MANUAL}};
    const struct trace actual = {.value = trace_level,
                                 .pen = {.every = 1, .ink = INK_LIVE},
                                 .manual = true};
    uint64_t unit = model_curve(d->m)->time_unit_us;
    char name[NUM_MAX];
    struct band b;

    band_init(&b, d, d->l.load, &d->m->level);
    band_ground(&b);
    draw_baseline_line(&b, BASELINE_LEVEL);
    band_trace(&b, &planned);
    band_plan_ahead(&b);
    if (unit > 0) {
        band_trace(&b, &wanted);
    }
    band_trace(&b, &actual);
    band_ticks(&b, show_axis_count);
    band_name(&b, level_unit(name, unit));
    band_blit(&b);
}

/* Words in the middle of a band that has nothing to show. */
static void band_empty(const struct band *b)
{
    const struct draw *d = b->d;
    const char *words =
        d->m->tick.state == RUN_STARTING   ? "waiting for the service (setup)"
        : d->m->run.requests > 0           ? "no response"
        : d->m->tick.state == RUN_FINISHED ? "nothing was measured"
                                           : "no samples yet";
    int room = text_width(words);

    if (room <= d->l.chart) {
        grid_put(d->g, b->at.row + b->at.n / 2,
                 d->l.chart_col + (d->l.chart - room) / 2, ROLE_FRAME, words);
    }
}

static void draw_band_rps(const struct draw *d)
{
    const struct trace rate = {.value = trace_rate,
                               .pen = {.every = 1, .ink = INK_LIVE}};
    struct band b;

    if (d->l.rps.n == 0) {
        return;
    }
    band_init(&b, d, d->l.rps, &d->m->rps);
    band_ground(&b);
    draw_baseline_line(&b, BASELINE_RPS);
    band_trace(&b, &rate);
    band_ticks(&b, show_axis_count);
    band_name(&b, "req/s");
    band_blit(&b);
}

static void draw_limit(struct band *b, const struct verdict *limit, int *y)
{
    const struct draw *d = b->d;
    double us = limit->threshold->limit * 1e3;
    char text[32];
    int row;

    if (!(us > b->scale->lo) || us > b->scale->hi) {
        return;
    }
    *y = band_y(b, us);
    row = *y / RASTER_DOTS_Y;
    grid_fill(d->g, b->at.row + row, d->l.chart_col, d->l.chart, ROLE_LIMIT,
              0x2504);
    band_label(b, row, ROLE_LIMIT, show_axis_us(text, sizeof text, us));
}

static void draw_band_latency(const struct draw *d)
{
    const struct verdict *limit =
        model_verdict(d->m, METRIC_HTTP_REQ_DURATION, 95);
    struct trace p50 = {trace_p50, {2, INK_P50, 0, 0}, INK_THIN, true, false};
    struct trace p95 = {
        trace_p95, {1, INK_LIVE, 0, INK_BAD}, INK_THIN, false, false};
    struct trace p99 = {
        trace_p99, {2, INK_P99, 0, INK_P99}, INK_THIN, true, false};
    struct band b;

    band_init(&b, d, d->l.latency, &d->m->latency);
    band_ground(&b);
    if (limit != NULL) {
        draw_limit(&b, limit, &p95.pen.above_y);
    }
    if (d->m->run.responses == 0) {
        band_empty(&b);
    }
    draw_baseline_line(&b, BASELINE_P95);
    band_trace(&b, &p50);
    band_trace(&b, &p99);
    band_trace(&b, &p95);
    band_ticks(&b, show_axis_us);
    band_name(&b, d->l.gutter > 7 ? "latency" : "lat");
    if (d->l.latency.n > 5) {
        int row = d->l.latency.n > 7 ? 2 : 4;

        while (row < d->l.latency.n &&
               !band_label(&b, row, ROLE_FRAME,
                           d->m->latency.log ? "log" : "linear")) {
            row++;
        }
        band_label(&b, row + 1, ROLE_FRAME, "scale");
    }
    band_blit(&b);
}

/* The bin that holds t, or NULL. */
static const struct bin *band_bin_at(const struct model *m, uint64_t t_us)
{
    size_t lo = 0, hi = m->n_bins;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (m->bins[mid].end_us <= t_us) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo < m->n_bins && m->bins[lo].start_us <= t_us ? &m->bins[lo] : NULL;
}

/* A column of error shares, the kinds one on top of the other. */
static void draw_error_column(const struct draw *d, int col,
                              const struct bin *bin)
{
    static const enum error_class order[ERRORS_COUNT] = {
        ERRORS_5XX, ERRORS_TIMEOUT, ERRORS_CONNECT,
        ERRORS_4XX, ERRORS_OTHER,   ERRORS_429};
    double tops[ERRORS_COUNT], sum = 0;
    int levels = d->l.errs.n * 8, top, row, k;

    for (k = 0; k < ERRORS_COUNT; k++) {
        sum += (double)bin->errors[order[k]] * 100 / (double)bin->requests;
        tops[k] = scale_at(&d->m->errs, sum) * levels;
    }
    top = raster_level(scale_at(&d->m->errs, sum), levels);
    for (row = 0; row < d->l.errs.n && row * 8 < top; row++) {
        int fill = top - row * 8 < 8 ? top - row * 8 : 8;
        double middle = row * 8 + fill / 2.0;

        for (k = 0; k < ERRORS_COUNT - 1 && tops[k] < middle; k++) {
        }
        /* 429 is told apart without colour, too. */
        grid_cp(d->g, d->l.errs.row + d->l.errs.n - 1 - row, col,
                show_class_role(order[k]),
                fill == 8 && order[k] == ERRORS_429 ? 0x2592u
                                                    : 0x2580u + (uint32_t)fill);
    }
}

static void draw_band_errors(const struct draw *d)
{
    const struct model *m = d->m;
    struct band b;
    int col;

    band_init(&b, d, d->l.errs, &m->errs);
    band_ground(&b);
    draw_baseline_line(&b, BASELINE_ERRORS);
    band_dots(&b);
    raster_clear(&b.dots); /* they are not to be drawn again, over columns */
    raster_init(&b.dots, d->l.chart, b.at.n);
    for (col = 0; col < d->l.chart; col++) {
        uint64_t at = axis_middle(&m->axis, col, d->l.chart);
        const struct bin *bin = band_bin_at(m, at);

        if (bin != NULL && bin->requests > 0 && at < m->tick.t_us) {
            draw_error_column(d, d->l.chart_col + col, bin);
        }
    }
    band_ticks(&b, band_percent);
    band_name(&b, d->l.gutter > 7 ? "errors" : "err");
    band_blit(&b);
}

void draw_charts(const struct draw *d)
{
    if (d->l.chart < 8 || d->m->axis.to_us == 0) {
        return;
    }
    draw_hit(d->g, HIT_CHART,
             (struct box){d->l.load.row, d->l.chart_col,
                          d->l.axis + 1 - d->l.load.row, d->l.chart},
             0);
    draw_band_load(d);
    draw_band_rps(d);
    if (d->l.heat_mode != HEAT_ONLY) {
        draw_band_latency(d);
    }
    if (d->l.heat.n > 0) {
        draw_heat(d, d->l.heat);
    }
    draw_band_errors(d);
    draw_service(d);
    draw_axis(d);
}

void draw_trend(const struct draw *d, int row, int col, int cols,
                const struct bin *bins, size_t n, enum role role)
{
    const struct model *m = d->m;
    size_t k = 0;
    int i;

    for (i = 0; i < cols; i++) {
        uint64_t at = axis_middle(&m->axis, i, cols);

        while (k < n && bins[k].end_us <= at) {
            k++;
        }
        if (k < n && bin_tells(&bins[k]) && bins[k].start_us <= at &&
            at < m->tick.t_us) {
            int level =
                raster_level(scale_at(&m->latency, (double)bins[k].p95_us), 8);

            grid_cp(d->g, row, col + i,
                    bins[k].samples < histo_samples_needed(95) ? ROLE_THIN
                                                               : role,
                    0x2580u + (uint32_t)(level > 0 ? level : 1));
        }
    }
}
