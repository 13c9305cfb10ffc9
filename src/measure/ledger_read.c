/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "measure/ledger_internal.h"
#include "measure/shard_internal.h"

static const struct view *ledger_view(const struct ledger *l,
                                      const struct selector *s,
                                      uint64_t window_us)
{
    size_t i;

    for (i = 0; i < l->n_views; i++) {
        if (view_is(l->views[i], s, window_us)) {
            return l->views[i];
        }
    }
    return NULL;
}

static struct figure ledger_gauge(const struct ledger *l, const struct match *m)
{
    struct figure f = {.fed = l->fed && !m->never, .samples = l->fed};
    unsigned i;

    if (f.fed && m->scenarios == MATCH_ALL_SCENARIOS) {
        f.value = m->metric == METRIC_VUS ? l->gauges.vus : l->gauges.vus_max;
        return f;
    }
    for (i = 0; f.fed && i < LINEUP_MAX; i++) {
        if (match_scenario(m, i)) {
            f.value += m->metric == METRIC_VUS ? l->gauges.scenario_vus[i]
                                               : l->gauges.scenario_vus_max[i];
        }
    }
    return f;
}

/* No dropped iteration is a count like any other. */
static bool ledger_knows_none(const struct ledger *l, const struct match *m)
{
    return m->source == MATCH_DROPPED && l->fed && !m->never;
}

/* Adds up series by series what no view follows. */
static void ledger_figures_summed(const struct ledger *l,
                                  const struct selector *s,
                                  const struct ledger_ask *asks, size_t n,
                                  const struct book *b, struct figure *out)
{
    struct match m;
    struct cell c = {0};
    size_t i;

    match_init(&m, l->plan, l->lineup, s);
    if (m.source != MATCH_GAUGE) {
        cell_add_book(&c, &m, b);
    }
    for (i = 0; i < n; i++) {
        if (m.source == MATCH_GAUGE) {
            out[i] = ledger_gauge(l, &m);
        } else {
            out[i] = cell_figure(&c, m.type, asks[i].agg, asks[i].percentile,
                                 b->active_us);
            out[i].fed |= ledger_knows_none(l, &m);
        }
    }
    cell_clear(&c);
    match_clear(&m);
}

void ledger_figures(const struct ledger *l, const struct selector *s,
                    const struct ledger_ask *asks, size_t n, struct figure *out)
{
    size_t i;

    if (ledger_view(l, s, LEDGER_WINDOW_US) == NULL) {
        ledger_figures_summed(l, s, asks, n, &l->run, out);
        return;
    }
    for (i = 0; i < n; i++) {
        out[i] = ledger_figure(l, s, asks[i].agg, asks[i].percentile, 0);
    }
}

struct figure ledger_figure(const struct ledger *l, const struct selector *s,
                            enum threshold_agg agg, double percentile,
                            uint64_t window_us)
{
    enum metric_type type = plan_metric_info(l->plan, s->metric).type;
    bool window = window_us != 0;
    const struct view *v;
    struct figure f;

    if (window_us > LEDGER_WINDOW_MAX_US) {
        window_us = LEDGER_WINDOW_MAX_US;
    }
    v = ledger_view(l, s, window ? window_us : LEDGER_WINDOW_US);
    if (v == NULL || type == METRIC_GAUGE) {
        MUST(v != NULL || !window || window_us == LEDGER_WINDOW_US);
        ledger_figures_summed(l, s, &(struct ledger_ask){agg, percentile}, 1,
                              window ? &l->window : &l->run, &f);
        return f;
    }
    f = cell_figure(window ? view_window(v) : view_run(v), type, agg,
                    percentile, window ? view_window_us(v) : l->run.active_us);
    f.fed |= ledger_knows_none(l, view_match(v));
    return f;
}

/* Histograms that are added up: where there is but one, it is looked at in its
 * place. */
struct ledger_total {
    const struct histo *all; /* NULL: none */
    struct histo *sum;       /* owned; NULL for less than two */
};

static void ledger_total_add(struct ledger_total *t, const struct histo *h)
{
    if (h == NULL) {
        return;
    }
    if (t->all == NULL) {
        t->all = h;
        return;
    }
    if (t->sum == NULL) {
        t->sum = histo_new();
        histo_merge(t->sum, t->all);
        t->all = t->sum;
    }
    histo_merge(t->sum, h);
}

static void ledger_total_clear(struct ledger_total *t)
{
    if (t->sum != NULL) {
        histo_free(&t->sum);
    }
}

static struct summary ledger_sum(const struct ledger *l, int name_index,
                                 enum span span, bool expected)
{
    const struct book *b = span == SPAN_RUN ? &l->run : &l->window;
    struct ledger_total duration = {0}, due = {0};
    struct summary s = {0};
    size_t i;

    for (i = 0; i < b->n_series; i++) {
        const struct book_series *row = &b->series[i];
        struct series_key k = series_key_unpack(l->series_keys.list[i]);

        if (row->count == 0 || (expected && k.failed) ||
            (name_index >= 0 &&
             ledger_name(l, k.request) != (unsigned)name_index)) {
            continue;
        }
        s.requests += row->count;
        s.failed += k.failed ? row->count : 0;
        s.sent += row->sent;
        s.received += row->received;
        ledger_total_add(&duration, row->phase[PHASE_DURATION]);
        ledger_total_add(&due, row->phase[PHASE_INTENDED]);
    }
    summary_rates(&s, (double)s.requests, b->active_us);
    summary_durations(&s, duration.all);
    summary_due(&s, due.all);
    ledger_total_clear(&due);
    ledger_total_clear(&duration);
    return s;
}

struct summary ledger_summary(const struct ledger *l, int name_index,
                              enum span span)
{
    return ledger_sum(l, name_index, span, false);
}

struct summary ledger_summary_expected(const struct ledger *l, int name_index,
                                       enum span span)
{
    return ledger_sum(l, name_index, span, true);
}

struct check_line ledger_check(const struct ledger *l, unsigned check)
{
    struct check_line line = {0};
    size_t i;

    MUST(check < l->plan->n_checks);
    for (i = check; i < l->run.n_checks; i += l->plan->n_checks) {
        line.passes += l->run.checks[i].passes;
        line.fails += l->run.checks[i].fails;
        line.window_fails += l->window.checks[i].fails;
    }
    return line;
}

bool ledger_check_named(const struct ledger *l, unsigned check,
                        struct check_line *out)
{
    const struct plan *plan = l->plan;
    struct check_line sum = {0};
    unsigned i;

    MUST(check < plan->n_checks);
    for (i = 0; i < plan->n_checks; i++) {
        struct check_line one;

        if (strcmp(plan->checks[i]->name, plan->checks[check]->name) != 0) {
            continue;
        }
        if (i < check) {
            return false;
        }
        one = ledger_check(l, i);
        sum.passes += one.passes;
        sum.fails += one.fails;
        sum.window_fails += one.window_fails;
    }
    *out = sum;
    return true;
}

struct totals ledger_totals(const struct ledger *l)
{
    struct totals t = {.active_us = l->run.active_us,
                       .iterations = l->run.iterations,
                       .interrupted = l->run.interrupted,
                       .interrupted_requests = l->run.interrupted_requests,
                       .retries = l->run.retries,
                       .rejected = l->run.rejected,
                       .folded = l->run.folded + l->folded,
                       .dropped = l->run.dropped,
                       .vus = l->gauges.vus,
                       .vus_min = l->vus_min,
                       .vus_max = l->vus_max};
    size_t i;

    for (i = 0; i < l->run.n_checks; i++) {
        t.checks_passed += l->run.checks[i].passes;
        t.checks_failed += l->run.checks[i].fails;
    }
    t.lag_p99_us = histo_percentile(l->window.lag, 99);
    t.lag_max_us = histo_max(l->run.lag);
    t.run_lag_p99_us = histo_percentile(l->run.lag, 99);
    return t;
}

void ledger_histo(const struct ledger *l, unsigned metric, int name_index,
                  struct histo *out)
{
    struct selector_tag tag = {.tag = TAG_NAME};
    struct selector s = {.metric = metric, .tags = &tag};
    struct match m;
    struct cell c = {0};

    if (name_index >= 0) {
        MUST((size_t)name_index < l->plan->n_names);
        tag.value = l->plan->names[name_index];
        s.n_tags = 1;
    }
    match_init(&m, l->plan, l->lineup, &s);
    MUST(m.type == METRIC_TREND);
    cell_add_book(&c, &m, &l->run);
    if (c.trend != NULL) {
        histo_merge(out, c.trend);
    }
    cell_clear(&c);
    match_clear(&m);
}

struct ledger_status {
    unsigned name, status;
    enum failure kind;
    uint64_t count;
};

static int ledger_status_order(const void *a, const void *b)
{
    const struct ledger_status *x = a, *y = b;

    if (x->name != y->name) {
        return x->name < y->name ? -1 : 1;
    }
    if (x->status != y->status) {
        return x->status < y->status ? -1 : 1;
    }
    return x->kind < y->kind ? -1 : x->kind > y->kind;
}

void ledger_statuses(const struct ledger *l, ledger_status_fn *fn, void *ctx)
{
    size_t n = l->run.n_series, i, k;
    struct ledger_status *list = xcalloc(n + 1, sizeof *list);

    for (i = 0; i < n; i++) {
        struct series_key key = series_key_unpack(l->series_keys.list[i]);

        list[i].name = ledger_name(l, key.request);
        list[i].status = key.status;
        list[i].kind = key.failure;
        list[i].count = l->run.series[i].count;
    }
    qsort(list, n, sizeof *list, ledger_status_order);
    /* Requests that share a name share a line. */
    for (i = 0; i < n; i = k) {
        uint64_t count = list[i].count;

        for (k = i + 1; k < n && ledger_status_order(&list[i], &list[k]) == 0;
             k++) {
            count += list[k].count;
        }
        fn(ctx, (int)list[i].name, list[i].status, list[i].kind, count);
    }
    free(list);
}

const struct series *ledger_series(const struct ledger *l)
{
    return l->series;
}

size_t ledger_bytes(const struct ledger *l)
{
    size_t n = sizeof *l + book_bytes(&l->run) + book_bytes(&l->window) +
               keys_bytes(&l->series_keys) + keys_bytes(&l->custom_keys) +
               keys_bytes(&l->fault_keys) + l->cap_faults * sizeof *l->faults +
               l->n_samples * sizeof(struct failure_sample) +
               l->cap_pages * sizeof *l->pages + series_bytes(l->series) +
               histo_bytes(l->duration);
    size_t i;

    for (i = 0; i < l->n_pages; i++) {
        const struct ledger_page *p =
            &l->pages[(l->first_page + i) % l->cap_pages];

        n += delta_bytes(p->delta) +
             (p->delta->n_series + p->delta->n_customs) * sizeof *p->series;
    }
    for (i = 0; i < l->n_views; i++) {
        n += view_bytes(l->views[i]);
    }
    for (i = 0; i < l->plan->n_names; i++) {
        n += l->by_name[i] == NULL ? 0 : histo_bytes(l->by_name[i]);
    }
    return n;
}

way_bits ledger_ways(const struct ledger *l, int name_index)
{
    way_bits all = 0;

    if (name_index >= 0) {
        MUST((size_t)name_index < l->plan->n_names);
        return l->ways[name_index];
    }
    for (size_t i = 0; i < l->plan->n_names; i++) {
        all |= l->ways[i];
    }
    return all;
}
