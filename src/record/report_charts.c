/* SPDX-License-Identifier: MIT
 *
 * report_charts - which charts a report has, and what is in them: the load
 * against its plan, requests a second, latency with its limit and how it
 * spreads, errors by kind, the service itself. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "chart/level.h"
#include "record/report_chart.h"
#include "run/level.h"

/* Room above the load for the names of its stages. */
#define LOAD_HEADROOM 1.3

/* Which curve of an earlier run lies behind a chart. */
enum charts_curve { EARLIER_VUS, EARLIER_RPS, EARLIER_P95 };

/* Where a bin is of several of its points, what they come to. */
static double charts_then(const struct baseline_run *run, enum charts_curve of,
                          const struct bin *b)
{
    struct baseline_sum sum = {.n = 0};
    const struct baseline_curve *curve = of == EARLIER_VUS   ? &run->vus
                                         : of == EARLIER_RPS ? &run->rps
                                                             : &run->p95;
    struct baseline_figures f;

    if (of != EARLIER_VUS) {
        baseline_sum_add(&sum, run, b->start_us, b->end_us);
    }
    if (baseline_sum_end(&sum, &f)) {
        return of == EARLIER_RPS ? f.rps : f.p95_us;
    }
    return baseline_at(curve, b->start_us + (b->end_us - b->start_us) / 2);
}

/* The earlier run at the same moments. */
static void charts_before(struct chart_sheet *s, struct chart *c,
                          const struct baseline_run *run, enum charts_curve of,
                          double *peak)
{
    struct chart_line *before = chart_add(
        c, s, "before", of == EARLIER_P95 ? "p95 earlier" : "earlier");
    bool any = false;
    size_t i;

    for (i = 0; i < s->n; i++) {
        before->v[i] = charts_then(run, of, bins_at(s->bins, i));
        any = any || !isnan(before->v[i]);
        *peak = fmax(*peak, before->v[i]);
    }
    if (!any) {
        free(before->v);
        c->n--;
    }
}

/* NULL = there is none. */
static const struct baseline_run *charts_earlier(const struct chart_sheet *s)
{
    const struct report_beside *b = s->page->options->beside;

    return b != NULL ? b->before : NULL;
}

static void charts_load_fill(struct chart_sheet *s, struct chart *c,
                             size_t scenario, bool plain)
{
    uint64_t unit = s->page->info->curves[scenario].time_unit_us;
    struct chart_line *planned =
        chart_add(c, s, "planned", s->page->hunt ? "hunt" : "plan");
    struct chart_line *live =
        chart_add(c, s, "live", unit > 0 ? "begun" : "VUs");
    struct chart_line *hand = chart_add(c, s, "hand", "by hand");
    bool any = false;
    double peak = 1;
    size_t i;

    for (i = 0; i < s->n; i++) {
        const struct bin *b = bins_at(s->bins, i);
        struct bin_level l = plain ? bin_level_of_run(b)
                                   : bin_level_of(story_course(s->page->story),
                                                  scenario, unit, b);

        planned->v[i] = l.planned;
        live->v[i] = l.any ? l.level : NAN;
        hand->v[i] = l.any && l.manual ? l.level : NAN;
        any = any || (l.any && l.manual);
        peak = fmax(peak, fmax(l.planned, l.any ? l.level : 0));
    }
    planned->step = live->step = hand->step = true;
    if (!any) {
        free(hand->v);
        c->n--;
    }
    if (plain && charts_earlier(s) != NULL) {
        charts_before(s, c, charts_earlier(s), EARLIER_VUS, &peak);
    }
    scale_fit(&c->scale, 0, peak * LOAD_HEADROOM, 0);
}

static void charts_load(struct chart_sheet *s, size_t scenario)
{
    const struct lineup *l = s->page->info->lineup;
    uint64_t unit_us = s->page->info->curves[scenario].time_unit_us;
    char id[32];
    struct chart c = {.id = id,
                      .unit = unit_us > 0 ? CHART_RATE : CHART_COUNT,
                      .height = 150,
                      .limit = NAN,
                      .words = true};
    char unit[NUM_MAX], name[100];

    snprintf(id, sizeof id, "load%zu", scenario + 1);
    snprintf(c.title, sizeof c.title, "%s",
             unit_us > 0 ? "Iterations" : "Virtual users");
    if (unit_us > 0) {
        text_add(c.title, sizeof c.title, ", %s", level_unit(unit, unit_us));
    }
    if (l->n > 1) {
        text_add(c.title, sizeof c.title, ": %s",
                 text_brief(name, sizeof name, l->list[scenario].name));
    }
    scale_init(&c.scale, false);
    chart_stages(s, scenario);
    charts_load_fill(s, &c, scenario, l->n == 1 && unit_us == 0);
    chart_draw(s, &c);
}

/* Those of all scenarios, where that is not what the chart above has. */
static void charts_vus(struct chart_sheet *s)
{
    struct chart c = {.id = "vus",
                      .title = "Virtual users at work, of all scenarios",
                      .unit = CHART_COUNT,
                      .height = 90,
                      .limit = NAN};
    struct chart_line *live = chart_add(&c, s, "live", "VUs");
    double peak = 1;
    size_t i;

    for (i = 0; i < s->n; i++) {
        live->v[i] = bins_at(s->bins, i)->vus;
        peak = fmax(peak, live->v[i]);
    }
    live->step = true;
    scale_init(&c.scale, false);
    scale_fit(&c.scale, 0, peak, 0);
    chart_draw(s, &c);
}

static void charts_loads(struct chart_sheet *s)
{
    const struct lineup *l = s->page->info->lineup;
    bool several = l->n > 1 || s->page->info->curves[0].time_unit_us > 0;
    size_t i;

    for (i = 0; i < l->n; i++) {
        charts_load(s, i);
    }
    if (several) {
        charts_vus(s);
    }
    if (l->n > 1) {
        s->n_stages = 0; /* each has its own */
    }
}

static void charts_rate(struct chart_sheet *s)
{
    struct chart c = {.id = "rate",
                      .title = "Requests a second",
                      .unit = CHART_RATE,
                      .height = 110,
                      .limit = NAN};
    struct chart_line *rate = chart_add(&c, s, "live", "req/s");
    double peak = 1;
    size_t i;

    for (i = 0; i < s->n; i++) {
        const struct bin *b = bins_at(s->bins, i);

        if (b->active_us > 0 && b->settled) {
            rate->v[i] = b->rated * 1e6 / (double)b->active_us;
            peak = fmax(peak, rate->v[i]);
        }
    }
    if (charts_earlier(s) != NULL) {
        charts_before(s, &c, charts_earlier(s), EARLIER_RPS, &peak);
    }
    scale_init(&c.scale, false);
    scale_fit(&c.scale, 0, peak, 0);
    chart_draw(s, &c);
}

/* The limit of p95 over all requests, in µs; NAN = there is none. */
static double charts_limit(const struct report_page *p)
{
    size_t i;

    for (i = 0; i < p->tick->n_verdicts; i++) {
        const struct threshold *t = p->tick->verdicts[i].threshold;

        if (t->selector.metric == METRIC_HTTP_REQ_DURATION &&
            t->selector.n_tags == 0 && t->agg == AGG_P &&
            fabs(t->percentile - 95) < 1e-9 && t->limit > 0 &&
            (t->op == OP_LT || t->op == OP_LE)) {
            return t->limit * 1e3;
        }
    }
    return NAN;
}

static void charts_latency_at(struct chart_line *const *lines,
                              const struct bin *b, size_t i)
{
    const double percents[] = {50, 95, 99};
    const uint64_t us[] = {b->p50_us, b->p95_us, b->p99_us};
    int k;

    for (k = 0; k < 3; k++) {
        lines[k]->v[i] = (double)us[k];
        lines[k]->thin[i] = b->samples < histo_samples_needed(percents[k]);
    }
}

/* Of the quickest that count, as on the screen: those of few samples are not
 * what the scale is made for. */
static bool charts_latency_ends(const struct chart_sheet *s, double *fast,
                                double *lo, double *hi)
{
    uint64_t most = 0;
    size_t i;

    *fast = *lo = *hi = 0;
    for (i = 0; i < s->n; i++) {
        const struct bin *b = bins_at(s->bins, i);

        most = b->samples > most ? b->samples : most;
    }
    for (i = 0; i < s->n; i++) {
        const struct bin *b = bins_at(s->bins, i);

        if (!bin_tells(b)) {
            continue;
        }
        *hi = fmax(*hi, (double)b->p99_us);
        if (b->samples >= most / 10) {
            *lo = *lo > 0 ? fmin(*lo, (double)b->p50_us) : (double)b->p50_us;
            *fast =
                *fast > 0 ? fmin(*fast, (double)b->p5_us) : (double)b->p5_us;
        }
    }
    return *hi > 0;
}

static void charts_latency(struct chart_sheet *s)
{
    struct chart c = {.id = "latency",
                      .title = "Latency, on a log scale",
                      .unit = CHART_US,
                      .height = 200,
                      .limit = charts_limit(s->page)};
    struct chart_line *lines[3];
    double fast, lo, hi, most;
    size_t i;

    if (!charts_latency_ends(s, &fast, &lo, &hi)) {
        report_said(s->page, "hint", "No response came: there is no latency.");
        return;
    }
    lines[0] = chart_add(&c, s, "p50", "p50");
    lines[1] = chart_add(&c, s, "p95", "p95");
    lines[2] = chart_add(&c, s, "p99", "p99");
    for (i = 0; i < 3; i++) {
        lines[i]->thin = xcalloc(s->n + 1, sizeof *lines[i]->thin);
    }
    for (i = 0; i < s->n; i++) {
        if (bin_tells(bins_at(s->bins, i))) {
            charts_latency_at(lines, bins_at(s->bins, i), i);
        }
    }
    most = hi;
    if (charts_earlier(s) != NULL) {
        charts_before(s, &c, charts_earlier(s), EARLIER_P95, &hi);
    }
    scale_init(&c.scale, true);
    scale_fit(&c.scale, fmax(1, isnan(c.limit) ? lo : fmin(lo, c.limit)),
              isnan(c.limit) ? hi : fmax(hi, c.limit), 0);
    chart_draw(s, &c);
    scale_init(&c.scale, true);
    scale_fit(&c.scale, fmax(1, fast), most, 0);
    chart_heat(s, &c.scale);
}

static void charts_errors(struct chart_sheet *s)
{
    static const struct {
        enum error_class class;
        const char *key, *name;
    } kinds[] = {
        {ERRORS_5XX, "e5xx", "5xx"},
        {ERRORS_TIMEOUT, "etimeout", "time-outs"},
        {ERRORS_CONNECT, "econnect", "no connection"},
        {ERRORS_4XX, "e4xx", "4xx"},
        {ERRORS_OTHER, "eother", "others, checks too"},
        {ERRORS_429, "e429", "429"},
    };
    struct chart c = {.id = "failures",
                      .title = "Errors, share of requests by kind",
                      .unit = CHART_PERCENT,
                      .height = 110,
                      .limit = NAN,
                      .stacked = true};
    double *sum = xcalloc(s->n + 1, sizeof *sum), most = 0;
    size_t i, k;

    for (k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        struct chart_line *l = chart_add(&c, s, kinds[k].key, kinds[k].name);
        bool any = false;

        for (i = 0; i < s->n; i++) {
            const struct bin *b = bins_at(s->bins, i);
            uint64_t n = b->errors[kinds[k].class];

            if (b->requests > 0) {
                l->v[i] = (double)n * 100 / (double)b->requests;
                sum[i] += l->v[i];
                most = fmax(most, sum[i]);
            }
            any = any || n > 0;
        }
        if (!any) {
            free(l->v);
            c.n--;
        }
    }
    if (c.n > 0) {
        scale_init(&c.scale, false);
        scale_fit(&c.scale, 0, fmin(fmax(most, 1), 100), 0);
        chart_draw(s, &c);
    } else {
        report_said(s->page, "hint", "No request went wrong.");
    }
    free(sum);
}

/* What is watched of the service: memory, CPU, then the others. */
enum { WATCHED_MEMORY, WATCHED_CPU, WATCHED_OTHERS };

static double charts_watched_at(const struct bin *b, size_t which)
{
    const struct server_seen *v = &b->server;

    switch (which) {
    case WATCHED_MEMORY:
        return v->rss_bytes > 0 ? (double)v->rss_bytes : NAN;
    case WATCHED_CPU:
        return v->cpu_n > 0 ? server_seen_cpu(v) : NAN;
    default:
        which -= WATCHED_OTHERS;
        return server_seen_other(v, which) && isfinite(v->other[which]) &&
                       v->other[which] >= 0
                   ? v->other[which]
                   : NAN;
    }
}

static enum chart_unit charts_watched_unit(const struct report_page *p,
                                           size_t which)
{
    if (which == WATCHED_MEMORY) {
        return CHART_BYTES;
    }
    if (which == WATCHED_CPU) {
        return CHART_NUMBER;
    }
    switch (p->info->server.list[which - WATCHED_OTHERS].unit) {
    case SERVER_UNIT_BYTES:
        return CHART_BYTES;
    case SERVER_UNIT_SECONDS:
        return CHART_SECONDS;
    case SERVER_UNIT_NUMBER:
    case SERVER_UNIT_RATE:
        break;
    }
    return CHART_NUMBER;
}

static void charts_watched(struct chart_sheet *s, size_t which)
{
    static const char *const ids[WATCHED_OTHERS + SERVER_OTHERS_MAX] = {
        "memory", "cpu",    "other1", "other2",
        "other3", "other4", "other5", "other6"};
    static const char *const titles[] = {"The service's memory",
                                         "The service's CPU, cores"};
    uint64_t limit = study_server_limit(s->page->study);
    struct chart c = {.id = ids[which],
                      .unit = charts_watched_unit(s->page, which),
                      .height = 90,
                      .limit = NAN};
    struct chart_line *live = chart_add(&c, s, "live", "value");
    double most = -1;
    size_t i;

    snprintf(c.title, sizeof c.title, "%s",
             which < WATCHED_OTHERS
                 ? titles[which]
                 : s->page->info->server.list[which - WATCHED_OTHERS].name);
    for (i = 0; i < s->n; i++) {
        live->v[i] = charts_watched_at(bins_at(s->bins, i), which);
        most = fmax(most, live->v[i]);
    }
    if (most < 0) {
        free(live->v);
        return; /* it was never seen */
    }
    scale_init(&c.scale, false);
    scale_fit(&c.scale, 0, most > 0 ? most : 1, 0);
    /* Far away it would but flatten the line. */
    if (which == WATCHED_MEMORY && limit > 0 && (double)limit < 4 * most) {
        c.limit = (double)limit;
        scale_fit(&c.scale, 0, fmax(most, c.limit), 0);
    }
    chart_draw(s, &c);
}

/* What the script reads. */
static void charts_data(struct chart_sheet *s)
{
    struct buf *out = s->page->out;
    size_t i;

    buf_addf(out,
             "<script type=\"application/json\" id=\"data\">{\"from\":%.3f,"
             "\"to\":%.3f,\"width\":%.3f,\"plot\":[%d,%d,%d],\"t\":[",
             (double)s->axis.from_us / 1e6, (double)s->axis.to_us / 1e6,
             (double)bins_width_us(s->bins) / 1e6, PLOT_X, PLOT_W, PLOT_Y);
    for (i = 0; i < s->n; i++) {
        buf_addf(out, "%s%.10g", i > 0 ? "," : "",
                 (double)bins_at(s->bins, i)->start_us / 1e6);
    }
    buf_adds(out, "],\n");
    chart_marks_data(s, out);
    buf_adds(out, ",\n\"charts\":[");
    buf_add(out, buf_str(&s->data), s->data.len);
    buf_adds(out, "]}</script>\n");
}

void report_charts(struct report_page *p)
{
    struct chart_sheet s = {.page = p, .bins = bins_new(-1)};
    const struct series *series = ledger_series(p->ledger);
    char text[160], n[NUM_MAX];
    size_t i;

    s.axis = (struct axis){0, p->tick->t_us > 0 ? p->tick->t_us : 1};
    bins_update(s.bins, series, &s.axis, REPORT_POINTS_MAX);
    s.n = bins_count(s.bins);
    buf_init(&s.data, REPORT_BYTES_MAX);
    report_section(p, "charts", "Over time");
    if (s.n == 0) {
        report_said(p, "hint", "Nothing was measured.");
    } else {
        snprintf(text, sizeof text,
                 "A point is of %s; pale are percentiles of too few requests.",
                 num_period(n, bins_width_us(s.bins)));
        report_said(p, "hint", text);
        chart_marks(&s);
        chart_marks_legend(&s);
        charts_loads(&s);
        charts_rate(&s);
        charts_latency(&s);
        charts_errors(&s);
        for (i = 0; i < WATCHED_OTHERS + p->info->server.n; i++) {
            charts_watched(&s, i);
        }
        charts_data(&s);
    }
    report_section_end(p);
    free(s.stages);
    free(s.marks);
    buf_clear(&s.data);
    bins_free(&s.bins);
}
