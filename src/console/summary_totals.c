/* SPDX-License-Identifier: MIT
 *
 * The summary's metrics, grouped as k6 groups them. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "console/summary_internal.h"

/* Columns of the line of a trend. */
#define TOTALS_TREND_WIDTH 139

static struct figure totals_figure(const struct summary_page *p, unsigned id,
                                   enum threshold_agg agg, double percentile)
{
    struct selector s = {id, NULL, 0};

    return ledger_figure(p->ledger, &s, agg, percentile, 0);
}

/* Columns of a trend's figure: in a terminal of 80 the first four fit in. */
static int totals_pad(const struct summary_page *p)
{
    return summary_narrower(p, TOTALS_TREND_WIDTH) ? 7 : 8;
}

static void totals_trend(struct summary_page *p, unsigned id)
{
    static const struct {
        const char *name;
        enum threshold_agg agg;
        double percentile;
    } rows[] = {
        {"avg", AGG_AVG, 0},  {"min", AGG_MIN, 0},  {"med", AGG_MED, 0},
        {"max", AGG_MAX, 0},  {"p(90)", AGG_P, 90}, {"p(95)", AGG_P, 95},
        {"p(99)", AGG_P, 99},
    };
    struct metric_info info = plan_metric_info(p->info->plan, id);
    int pad = totals_pad(p);
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct figure f = totals_figure(p, id, rows[i].agg, rows[i].percentile);
        char num[NUM_MAX];

        buf_addf(p->out, "%s%s=%-*s", i > 0 ? " " : "", rows[i].name, pad,
                 info.contains == METRIC_TIME ? num_ms(num, f.value)
                                              : num_plain(num, f.value));
    }
}

static void totals_counter(struct summary_page *p, unsigned id)
{
    struct figure n = totals_figure(p, id, AGG_COUNT, 0);
    struct figure r = totals_figure(p, id, AGG_RATE, 0);
    bool data = plan_metric_info(p->info->plan, id).contains == METRIC_DATA;
    char num[NUM_MAX];

    buf_addf(p->out, "%-12s",
             data ? num_bytes(num, num_whole(n.value))
                  : num_count(num, num_whole(n.value)));
    if (data) {
        buf_addf(p->out, " %s/s", num_bytes(num, num_whole(r.value)));
    } else {
        buf_addf(p->out, " %s/s", num_rate(num, r.value));
    }
}

static void totals_rate(struct summary_page *p, unsigned id)
{
    struct figure f = totals_figure(p, id, AGG_RATE, 0);
    uint64_t hits = num_whole(f.value * (double)f.samples + 0.5);
    char share[NUM_MAX], some[NUM_MAX], all[NUM_MAX];

    buf_addf(p->out, "%-12s %s of %s", num_percent(share, f.value),
             num_count(some, hits), num_count(all, f.samples));
}

static void totals_gauge(struct summary_page *p, unsigned id)
{
    struct totals t = ledger_totals(p->ledger);
    struct figure f = totals_figure(p, id, AGG_VALUE, 0);
    char num[NUM_MAX];

    buf_addf(p->out, "%-12s", num_plain(num, f.value));
    if (id == METRIC_VUS) {
        buf_addf(p->out, " min=%u max=%u", t.vus_min, t.vus_max);
    }
}

/* Ends a line, without the blanks that keep columns apart. */
static void totals_end(struct summary_page *p)
{
    const char *text = buf_str(p->out);
    size_t n = p->out->len;

    while (n > 0 && text[n - 1] == ' ') {
        n--;
    }
    buf_cut(p->out, n);
    buf_addc(p->out, '\n');
}

/* A heading, with one empty line before it. */
static void totals_heading(struct summary_page *p, const char *title)
{
    const char *text = buf_str(p->out);
    size_t n = p->out->len;
    bool apart = n >= 2 && text[n - 1] == '\n' && text[n - 2] == '\n';

    buf_addf(p->out, "%s    %s\n", apart ? "" : "\n", title);
}

/* One metric's line; nothing when nothing fed it. */
static void totals_line(struct summary_page *p, unsigned id)
{
    struct metric_info info = plan_metric_info(p->info->plan, id);
    static const enum threshold_agg any[] = {
        [METRIC_COUNTER] = AGG_COUNT,
        [METRIC_GAUGE] = AGG_VALUE,
        [METRIC_RATE] = AGG_RATE,
        [METRIC_TREND] = AGG_AVG,
    };
    struct figure f;

    f = totals_figure(p, id, any[info.type], 0);
    if (!f.fed || (id == METRIC_DROPPED_ITERATIONS && f.value == 0)) {
        return;
    }
    summary_label(p, info.name);
    switch (info.type) {
    case METRIC_COUNTER:
        totals_counter(p, id);
        break;
    case METRIC_GAUGE:
        totals_gauge(p, id);
        break;
    case METRIC_RATE:
        totals_rate(p, id);
        break;
    case METRIC_TREND:
        totals_trend(p, id);
        break;
    }
    totals_end(p);
}

static void totals_expected(struct summary_page *p)
{
    struct summary s = ledger_summary_expected(p->ledger, -1, SPAN_RUN);
    char a[NUM_MAX], b[NUM_MAX], c[NUM_MAX], d[NUM_MAX], e[NUM_MAX], f[NUM_MAX],
        g[NUM_MAX];
    int pad = totals_pad(p);

    if (s.responses == 0) {
        return;
    }
    summary_label(p, "  { expected_response:true }");
    buf_addf(p->out,
             "avg=%-*s min=%-*s med=%-*s max=%-*s p(90)=%-*s p(95)=%-*s "
             "p(99)=%-*s",
             pad, num_ms(a, s.mean_us / 1000.0), pad, num_latency(b, s.min_us),
             pad, num_latency(c, s.p50_us), pad, num_latency(d, s.max_us), pad,
             num_latency(e, s.p90_us), pad, num_latency(f, s.p95_us), pad,
             num_latency(g, s.p99_us));
    totals_end(p);
}

static void totals_group(struct summary_page *p, const char *title,
                         const unsigned *ids, size_t n)
{
    size_t i, before = p->out->len, begun;

    totals_heading(p, title);
    begun = p->out->len;
    for (i = 0; i < n; i++) {
        totals_line(p, ids[i]);
        if (ids[i] == METRIC_HTTP_REQ_DURATION) {
            totals_expected(p);
        }
    }
    if (p->out->len == begun) {
        buf_cut(p->out, before); /* nothing fed any of them */
    }
}

static void totals_check(struct summary_page *p, size_t i)
{
    const struct plan *plan = p->info->plan;
    struct check_line sum;
    char a[NUM_MAX], b[NUM_MAX], c[NUM_MAX];

    if (!ledger_check_named(p->ledger, (unsigned)i, &sum) ||
        sum.passes + sum.fails == 0) {
        return;
    }
    buf_adds(p->out, "    ");
    summary_good(p, sum.fails == 0);
    buf_addc(p->out, ' ');
    summary_safe(p, plan->checks[i]->name);
    if (sum.fails > 0) {
        buf_addf(p->out, "  %s: %s passed, %s failed",
                 num_percent(a, (double)sum.passes /
                                    (double)(sum.passes + sum.fails)),
                 num_count(b, sum.passes), num_count(c, sum.fails));
    }
    buf_addc(p->out, '\n');
}

static void totals_checks(struct summary_page *p)
{
    struct totals t = ledger_totals(p->ledger);
    size_t i;

    if (t.checks_passed + t.checks_failed == 0) {
        return;
    }
    totals_line(p, METRIC_CHECKS);
    for (i = 0; i < p->info->plan->n_checks; i++) {
        totals_check(p, i);
    }
}

void summary_totals(struct summary_page *p)
{
    static const unsigned http[] = {METRIC_HTTP_REQ_DURATION,
                                    METRIC_HTTP_REQ_INTENDED_DURATION,
                                    METRIC_HTTP_REQ_FAILED, METRIC_HTTP_REQS};
    static const unsigned stream[] = {METRIC_SSE_TIME_TO_FIRST_EVENT,
                                      METRIC_SSE_EVENT_GAP, METRIC_SSE_EVENTS,
                                      METRIC_SSE_INCOMPLETE};
    static const unsigned run[] = {METRIC_DROPPED_ITERATIONS,
                                   METRIC_ITERATION_DURATION, METRIC_ITERATIONS,
                                   METRIC_VUS, METRIC_VUS_MAX};
    static const unsigned net[] = {METRIC_DATA_RECEIVED, METRIC_DATA_SENT};
    size_t i, n = p->info->plan->n_metrics;
    struct selector s = {METRIC_SSE_EVENTS, NULL, 0};
    unsigned *own;

    summary_title(p, "TOTAL RESULTS");
    totals_checks(p);
    own = xcalloc(n + 1, sizeof *own);
    for (i = 0; i < n; i++) {
        own[i] = METRIC_COUNT + (unsigned)i;
    }
    totals_group(p, "CUSTOM", own, n);
    free(own);
    totals_group(p, "HTTP", http, sizeof http / sizeof http[0]);
    if (ledger_figure(p->ledger, &s, AGG_COUNT, 0, 0).fed) {
        totals_group(p, "STREAMS", stream, sizeof stream / sizeof stream[0]);
    }
    totals_group(p, "EXECUTION", run, sizeof run / sizeof run[0]);
    totals_group(p, "NETWORK", net, sizeof net / sizeof net[0]);
}
