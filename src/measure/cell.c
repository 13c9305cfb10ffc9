/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/cell.h"

#include <string.h>

#include "base/must.h"
#include "measure/shard_internal.h"

void cell_clear(struct cell *c)
{
    histo_free(&c->trend);
    *c = (struct cell){0};
}

void cell_reset(struct cell *c)
{
    c->samples = 0;
    c->hits = 0;
    c->sum = 0;
    if (c->trend != NULL) {
        histo_clear(c->trend);
    }
}

size_t cell_bytes(const struct cell *c)
{
    return sizeof *c + (c->trend == NULL ? 0 : histo_bytes(c->trend));
}

static struct histo *cell_trend(struct cell *c)
{
    if (c->trend == NULL) {
        c->trend = histo_new();
    }
    return c->trend;
}

static void cell_add_sparse(struct cell *c, const struct histo_sparse *s)
{
    if (s->count > 0) {
        histo_add_sparse(cell_trend(c), s);
        c->samples += s->count;
    }
}

static void cell_add_histo(struct cell *c, const struct histo *h)
{
    if (h != NULL && histo_count(h) > 0) {
        histo_merge(cell_trend(c), h);
        c->samples += histo_count(h);
    }
}

static void cell_add_plain(struct cell *c, uint64_t samples, uint64_t hits,
                           double sum)
{
    c->samples += samples;
    c->hits += hits;
    c->sum += sum;
}

/* The plain numbers of a series; a phase's histogram is added apart. */
static void cell_add_counts(struct cell *c, enum match_source source,
                            const struct delta_series *s)
{
    if (source == MATCH_REQS) {
        cell_add_plain(c, s->count, 0, (double)s->count);
    } else if (source == MATCH_FAILED) {
        cell_add_plain(c, s->count, s->failed, 0);
    } else if (source == MATCH_SENT) {
        cell_add_plain(c, s->count, 0, (double)s->sent);
    } else if (source == MATCH_RECEIVED) {
        cell_add_plain(c, s->count, 0, (double)s->received);
    }
}

static void cell_delta_series(struct cell *c, const struct match *m,
                              const struct delta *d)
{
    size_t i;

    for (i = 0; i < d->n_series; i++) {
        const struct delta_series *s = &d->series[i];
        struct series_key k = {s->request, s->status, s->failure,
                               s->failed > 0};

        if (!match_series(m, &k)) {
            continue;
        }
        if (m->source == MATCH_PHASE) {
            cell_add_sparse(c, &s->phase[m->phase]);
        } else {
            cell_add_counts(c, m->source, s);
        }
    }
}

static void cell_delta_customs(struct cell *c, const struct match *m,
                               const struct delta *d)
{
    size_t i;

    for (i = 0; i < d->n_customs; i++) {
        const struct delta_custom *x = &d->customs[i];

        if (!match_custom(m, x->metric, x->request)) {
            continue;
        }
        if (m->type == METRIC_TREND) {
            cell_add_sparse(c, &x->trend);
        } else {
            cell_add_plain(c, x->total, x->hits, x->sum);
        }
    }
}

/* The counts of a scenario; the durations are added apart. */
static void cell_add_scenario(struct cell *c, enum match_source source,
                              uint64_t iterations, uint64_t dropped)
{
    if (source == MATCH_ITERATIONS) {
        cell_add_plain(c, iterations, 0, (double)iterations);
    } else if (source == MATCH_DROPPED) {
        cell_add_plain(c, dropped, 0, (double)dropped);
    }
}

static void cell_delta_scenarios(struct cell *c, const struct match *m,
                                 const struct delta *d)
{
    size_t i;

    for (i = 0; i < d->n_scenarios; i++) {
        const struct delta_scenario *s = &d->scenarios[i];

        if (!match_scenario(m, s->scenario)) {
            continue;
        }
        cell_add_scenario(c, m->source, s->iterations, s->dropped);
        if (m->source == MATCH_ITERATION_DURATION) {
            cell_add_sparse(c, &s->duration);
        }
    }
}

static void cell_delta_checks(struct cell *c, const struct match *m,
                              const struct delta *d)
{
    size_t i;

    for (i = 0; i < d->n_checks; i++) {
        const struct delta_check *k = &d->checks[i];

        if (match_check(m, k->scenario, k->check)) {
            cell_add_plain(c, k->passes + k->fails, k->passes, 0);
        }
    }
}

void cell_add_cell(struct cell *c, const struct cell *from)
{
    if (from->trend != NULL && histo_count(from->trend) > 0) {
        cell_add_histo(c, from->trend);
    } else {
        cell_add_plain(c, from->samples, from->hits, from->sum);
    }
}

/* In which of the lists that delta and book have alike a metric is. */
enum cell_list {
    CELL_SERIES,
    CELL_SCENARIOS,
    CELL_CHECKS,
    CELL_CUSTOMS,
    CELL_NONE, /* no samples: the ledger knows a gauge's value */
};

static enum cell_list cell_list_of(const struct match *m)
{
    if (m->never) {
        return CELL_NONE;
    }
    switch (m->source) {
    case MATCH_REQS:
    case MATCH_PHASE:
    case MATCH_FAILED:
    case MATCH_SENT:
    case MATCH_RECEIVED:
        return CELL_SERIES;
    case MATCH_ITERATIONS:
    case MATCH_ITERATION_DURATION:
    case MATCH_DROPPED:
        return CELL_SCENARIOS;
    case MATCH_CHECKS:
        return CELL_CHECKS;
    case MATCH_CUSTOM:
        return CELL_CUSTOMS;
    case MATCH_GAUGE:
        break;
    }
    return CELL_NONE;
}

void cell_add_delta(struct cell *c, const struct match *m,
                    const struct delta *d)
{
    switch (cell_list_of(m)) {
    case CELL_SERIES:
        cell_delta_series(c, m, d);
        break;
    case CELL_SCENARIOS:
        cell_delta_scenarios(c, m, d);
        break;
    case CELL_CHECKS:
        cell_delta_checks(c, m, d);
        break;
    case CELL_CUSTOMS:
        cell_delta_customs(c, m, d);
        break;
    case CELL_NONE:
        break;
    }
}

static void cell_row_series(struct cell *c, const struct match *m,
                            const struct book *b, size_t row)
{
    const struct book_series *s = &b->series[row];
    struct series_key k = series_key_unpack(b->series_keys->list[row]);
    struct delta_series plain = {.count = s->count,
                                 .failed = k.failed ? s->count : 0,
                                 .sent = s->sent,
                                 .received = s->received};

    if (!match_series(m, &k)) {
        return;
    }
    if (m->source == MATCH_PHASE) {
        cell_add_histo(c, s->phase[m->phase]);
    } else {
        cell_add_counts(c, m->source, &plain);
    }
}

static void cell_row_custom(struct cell *c, const struct match *m,
                            const struct book *b, size_t row)
{
    const struct book_custom *x = &b->customs[row];
    uint64_t key = b->custom_keys->list[row];

    if (!match_custom(m, custom_key_metric(key), custom_key_request(key))) {
        return;
    }
    if (m->type == METRIC_TREND) {
        cell_add_histo(c, x->trend);
    } else {
        cell_add_plain(c, x->total, x->hits, x->sum);
    }
}

size_t cell_book_rows(const struct match *m, const struct book *b)
{
    switch (cell_list_of(m)) {
    case CELL_SERIES:
        return b->n_series;
    case CELL_CUSTOMS:
        return b->n_customs;
    case CELL_SCENARIOS:
    case CELL_CHECKS:
    case CELL_NONE:
        break;
    }
    return 0;
}

unsigned cell_book_request(const struct match *m, const struct book *b,
                           size_t row)
{
    if (cell_list_of(m) == CELL_SERIES) {
        return series_key_unpack(b->series_keys->list[row]).request;
    }
    return custom_key_request(b->custom_keys->list[row]);
}

void cell_add_row(struct cell *c, const struct match *m, const struct book *b,
                  size_t row)
{
    if (cell_list_of(m) == CELL_SERIES) {
        cell_row_series(c, m, b, row);
    } else {
        cell_row_custom(c, m, b, row);
    }
}

static void cell_book_rows_all(struct cell *c, const struct match *m,
                               const struct book *b)
{
    size_t i, n = cell_book_rows(m, b);

    for (i = 0; i < n; i++) {
        cell_add_row(c, m, b, i);
    }
}

static void cell_book_scenarios(struct cell *c, const struct match *m,
                                const struct book *b)
{
    unsigned i;

    for (i = 0; i < LINEUP_MAX; i++) {
        const struct book_scenario *s = &b->scenarios[i];

        if (!match_scenario(m, i)) {
            continue;
        }
        cell_add_scenario(c, m->source, s->iterations, s->dropped);
        if (m->source == MATCH_ITERATION_DURATION) {
            cell_add_histo(c, s->duration);
        }
    }
}

static void cell_book_checks(struct cell *c, const struct match *m,
                             const struct book *b)
{
    size_t i, n = b->plan->n_checks;

    for (i = 0; i < b->n_checks; i++) {
        const struct book_check *k = &b->checks[i];

        if (match_check(m, (unsigned)(i / n), (unsigned)(i % n))) {
            cell_add_plain(c, k->passes + k->fails, k->passes, 0);
        }
    }
}

void cell_add_book(struct cell *c, const struct match *m, const struct book *b)
{
    switch (cell_list_of(m)) {
    case CELL_SERIES:
    case CELL_CUSTOMS:
        cell_book_rows_all(c, m, b);
        break;
    case CELL_SCENARIOS:
        cell_book_scenarios(c, m, b);
        break;
    case CELL_CHECKS:
        cell_book_checks(c, m, b);
        break;
    case CELL_NONE:
        break;
    }
}

static void cell_trend_figure(const struct cell *c, enum threshold_agg agg,
                              double percentile, struct figure *f)
{
    switch (agg) {
    case AGG_AVG:
        f->value = histo_mean(c->trend) / 1000;
        return;
    case AGG_MIN:
        f->value = (double)histo_min(c->trend) / 1000;
        return;
    case AGG_MAX:
        f->value = (double)histo_max(c->trend) / 1000;
        return;
    case AGG_MED:
    case AGG_P:
        percentile = agg == AGG_MED ? 50 : percentile;
        f->value = (double)histo_percentile(c->trend, percentile) / 1000;
        f->thin = f->samples < histo_samples_needed(percentile);
        return;
    case AGG_COUNT:
        f->value = (double)c->samples;
        return;
    case AGG_RATE:
    case AGG_VALUE:
        break;
    }
    MUST(!"an aggregation fits its metric's type");
}

struct figure cell_figure(const struct cell *c, enum metric_type type,
                          enum threshold_agg agg, double percentile,
                          uint64_t active_us)
{
    struct figure f = {.fed = c->samples > 0, .samples = c->samples};

    if (!f.fed) {
        return f;
    }
    switch (type) {
    case METRIC_TREND:
        cell_trend_figure(c, agg, percentile, &f);
        return f;
    case METRIC_RATE:
        MUST(agg == AGG_RATE);
        f.value = (double)c->hits / (double)c->samples;
        return f;
    case METRIC_COUNTER:
        MUST(agg == AGG_COUNT || agg == AGG_RATE);
        f.value = c->sum;
        if (agg == AGG_RATE) {
            f.value = active_us == 0 ? 0 : c->sum * 1e6 / (double)active_us;
        }
        return f;
    case METRIC_GAUGE:
        break;
    }
    MUST(!"a gauge has no samples");
    return f;
}

void cell_to_rest(const struct cell *c, struct cell_rest *r)
{
    *r = (struct cell_rest){
        .samples = c->samples, .hits = c->hits, .sum = c->sum};
    if (c->trend != NULL) {
        histo_to_sparse(c->trend, &r->trend);
    }
}

void cell_rest_clear(struct cell_rest *r)
{
    histo_sparse_clear(&r->trend);
}

void cell_add_rest(struct cell *c, const struct cell_rest *r)
{
    cell_add_plain(c, r->samples, r->hits, r->sum);
    if (r->trend.count > 0) {
        histo_add_sparse(cell_trend(c), &r->trend);
    }
}

void cell_sub_rest(struct cell *c, const struct cell_rest *r)
{
    c->samples -= r->samples;
    c->hits -= r->hits;
    c->sum = c->samples == 0 ? 0 : c->sum - r->sum;
    if (r->trend.count > 0) {
        histo_sub_sparse(c->trend, &r->trend);
    }
}
