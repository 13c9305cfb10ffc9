/* SPDX-License-Identifier: MIT
 *
 * delta_code - what was measured during a tick, as bytes. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "measure/histo_internal.h"
#include "record/tick_code_internal.h"

/* More than any run has: series are folded beyond 8 for each request, and no
 * shard keeps more than 128 errors to look at. */
#define DELTA_ROWS_MAX (1u << 16)

static void sparse_encode(struct buf *b, const struct histo_sparse *s)
{
    uint32_t i, last = 0;

    code_put(b, s->n);
    if (s->n == 0) {
        return;
    }
    code_put(b, s->sum);
    code_put(b, s->min);
    code_put(b, s->max);
    code_put(b, s->overflow);
    for (i = 0; i < s->n; i++) {
        code_put(b, s->pairs[i].bucket - last);
        code_put(b, s->pairs[i].count);
        last = s->pairs[i].bucket;
    }
}

/* Minimum and maximum lie in the outermost buckets, or a ledger that takes a
 * histogram out again would look for them in vain. */
static void sparse_check(struct code_in *in, const struct histo_sparse *s)
{
    if (in->bad || s->n == 0) {
        return;
    }
    if (s->min > s->max || histo_bucket(s->min) != s->pairs[0].bucket ||
        histo_bucket(s->max) != s->pairs[s->n - 1].bucket) {
        code_bad(in, "a histogram's minimum or maximum");
    }
    if (s->overflow > s->count || s->count > CODE_COUNT_MAX) {
        code_bad(in, "a histogram's count");
    }
}

static void sparse_decode(struct code_in *in, struct histo_sparse *s)
{
    size_t n = code_get_count(in, HISTO_BUCKETS + (1u << 16), 2, "buckets"), i;
    uint64_t bucket = 0;

    *s = (struct histo_sparse){0};
    if (in->bad || n == 0) {
        return;
    }
    s->n = (uint32_t)n;
    s->pairs = histo_pairs_new(s->n);
    memset(s->pairs, 0, n * sizeof *s->pairs);
    s->sum = code_get(in, UINT64_MAX, "a sum");
    s->min = code_get(in, HISTO_VALUE_MAX, "a minimum");
    s->max = code_get(in, HISTO_VALUE_MAX, "a maximum");
    s->overflow = code_get(in, CODE_COUNT_MAX, "an overflow");
    for (i = 0; i < n && !in->bad; i++) {
        bucket += code_get(in, HISTO_BUCKETS - 1 - bucket, "a bucket");
        s->pairs[i].bucket = (uint16_t)bucket;
        s->pairs[i].count = (uint16_t)code_get(in, HISTO_PAIR_MAX, "a count");
        s->count += s->pairs[i].count;
        if (s->pairs[i].count == 0) {
            code_bad(in, "an empty bucket");
        }
    }
    sparse_check(in, s);
}

static void series_encode(struct buf *b, const struct delta_series *s)
{
    unsigned filled = 0;
    int p;

    for (p = 0; p < PHASE_COUNT; p++) {
        filled |= s->phase[p].count > 0 ? 1u << p : 0;
    }
    code_put(b, s->request);
    code_put(b, s->status);
    code_put(b, (uint64_t)s->failure);
    code_put(b, s->count);
    code_put(b, s->failed > 0);
    code_put(b, s->sent);
    code_put(b, s->received);
    code_put(b, s->ways);
    code_put(b, filled);
    for (p = 0; p < PHASE_COUNT; p++) {
        if (s->phase[p].count > 0) {
            sparse_encode(b, &s->phase[p]);
        }
    }
}

static void series_decode(struct code_in *in, const struct plan *plan,
                          struct delta_series *s)
{
    uint64_t filled;
    int p;

    s->request =
        (uint16_t)code_get(in, plan->n_requests - 1, "a series' request");
    s->status = (uint16_t)code_get(in, STATUS_OTHER, "a series' status");
    s->failure =
        (enum failure)code_get(in, FAILURE_COUNT - 1, "a series' failure");
    s->count = code_get(in, CODE_COUNT_MAX, "a series' count");
    s->failed = code_get_bool(in, "a series' failed") ? s->count : 0;
    s->sent = code_get(in, CODE_BYTES_MAX, "a series' bytes");
    s->received = code_get(in, CODE_BYTES_MAX, "a series' bytes");
    s->ways = (way_bits)code_get(in, WAY_LANES | WAY_PROTOS, "a series' lanes");
    filled = code_get(in, (1u << PHASE_COUNT) - 1, "a series' phases");
    for (p = 0; p < PHASE_COUNT; p++) {
        if ((filled >> p & 1) != 0) {
            sparse_decode(in, &s->phase[p]);
        }
        if (s->phase[p].count > s->count) {
            code_bad(in, "a series' count");
        }
    }
}

static void custom_decode(struct code_in *in, const struct plan *plan,
                          struct delta_custom *c)
{
    c->metric = (unsigned)code_get(in, METRIC_COUNT + plan->n_metrics - 1,
                                   "a value's metric");
    c->request =
        (uint16_t)code_get(in, plan->n_requests - 1, "a value's request");
    c->total = code_get(in, CODE_COUNT_MAX, "a value's count");
    c->hits = code_get(in, CODE_COUNT_MAX, "a value's count");
    c->sum = code_get_double(in, "a value's sum");
    sparse_decode(in, &c->trend);
    if (c->hits > c->total || c->trend.count > c->total) {
        code_bad(in, "a value's count");
    }
}

static void failure_encode(struct buf *b, const struct failure_sample *f)
{
    code_put(b, f->t_us);
    code_put(b, f->vu);
    code_put(b, f->request);
    code_put(b, f->status);
    code_put(b, (uint64_t)f->kind);
    code_put(b, f->check);
    code_put(b, f->took_us);
    code_put_text(b, f->message);
    code_put_text(b, f->text);
}

/* What an error of a kind is told apart by: a check that the plan has, or
 * something else of at most most. */
static uint32_t failure_code_get(struct code_in *in, const struct plan *plan,
                                 enum failure kind, uint32_t most)
{
    if (kind != FAILURE_CHECK) {
        return (uint32_t)code_get(in, most, "an error's status");
    }
    if (plan->n_checks == 0) {
        code_bad(in, "an error's check");
        return 0;
    }
    return (uint32_t)code_get(in, plan->n_checks - 1, "an error's check");
}

static void failure_decode(struct code_in *in, const struct plan *plan,
                           struct failure_sample *f)
{
    f->t_us = code_get(in, UINT64_MAX, "an error's time");
    f->vu = (uint32_t)code_get(in, UINT32_MAX, "an error's VU");
    f->request =
        (uint16_t)code_get(in, plan->n_requests - 1, "an error's request");
    f->status = (uint16_t)code_get(in, UINT16_MAX, "an error's status");
    f->kind = (enum failure)code_get(in, FAILURE_COUNT - 1, "an error's kind");
    f->check = failure_code_get(in, plan, f->kind, 0);
    f->took_us = code_get(in, UINT64_MAX, "an error's duration");
    code_get_text(in, f->message, sizeof f->message, false, "an error's text");
    code_get_text(in, f->text, sizeof f->text, true, "an error's text");
}

static void scenario_decode(struct code_in *in, size_t n_scenarios,
                            struct delta_scenario *s)
{
    s->scenario = (unsigned)code_get(in, n_scenarios - 1, "a scenario");
    s->iterations = code_get(in, CODE_COUNT_MAX, "iterations");
    s->interrupted = code_get(in, CODE_COUNT_MAX, "iterations");
    s->dropped = code_get(in, CODE_COUNT_MAX, "iterations");
    sparse_decode(in, &s->duration);
    sparse_decode(in, &s->late);
}

static void delta_encode_scenarios(struct buf *b, const struct delta *d)
{
    size_t i;

    code_put(b, d->n_scenarios);
    for (i = 0; i < d->n_scenarios; i++) {
        const struct delta_scenario *s = &d->scenarios[i];

        code_put(b, s->scenario);
        code_put(b, s->iterations);
        code_put(b, s->interrupted);
        code_put(b, s->dropped);
        sparse_encode(b, &s->duration);
        sparse_encode(b, &s->late);
    }
}

static void delta_encode_counts(struct buf *b, const struct delta *d)
{
    size_t i;

    code_put(b, d->n_checks);
    for (i = 0; i < d->n_checks; i++) {
        code_put(b, d->checks[i].check);
        code_put(b, d->checks[i].scenario);
        code_put(b, d->checks[i].passes);
        code_put(b, d->checks[i].fails);
    }
    code_put(b, d->n_customs);
    for (i = 0; i < d->n_customs; i++) {
        code_put(b, d->customs[i].metric);
        code_put(b, d->customs[i].request);
        code_put(b, d->customs[i].total);
        code_put(b, d->customs[i].hits);
        code_put_double(b, d->customs[i].sum);
        sparse_encode(b, &d->customs[i].trend);
    }
    code_put(b, d->n_failures);
    for (i = 0; i < d->n_failures; i++) {
        failure_encode(b, &d->failures[i]);
    }
}

static void seen_encode(struct buf *b, const struct delta *d)
{
    size_t i;

    code_put(b, d->n_seen);
    for (i = 0; i < d->n_seen; i++) {
        code_put(b, (uint64_t)d->seen[i].kind);
        code_put(b, d->seen[i].code);
        code_put(b, d->seen[i].first_us);
        code_put(b, d->seen[i].last_us);
    }
}

static void seen_decode(struct code_in *in, const struct plan *plan,
                        struct delta *d)
{
    size_t i;

    d->n_seen = code_get_count(in, DELTA_ROWS_MAX, 4, "errors seen");
    d->seen = xcalloc(d->n_seen + 1, sizeof *d->seen);
    for (i = 0; i < d->n_seen && !in->bad; i++) {
        struct delta_seen *s = &d->seen[i];

        s->kind =
            (enum failure)code_get(in, FAILURE_COUNT - 1, "an error's kind");
        s->code = failure_code_get(in, plan, s->kind, STATUS_OTHER);
        s->first_us = code_get(in, UINT64_MAX / 4, "an error's time");
        s->last_us = code_get(in, UINT64_MAX / 4, "an error's time");
    }
}

void delta_encode(struct buf *b, const struct delta *d)
{
    size_t i;

    code_put(b, d->n_series);
    for (i = 0; i < d->n_series; i++) {
        series_encode(b, &d->series[i]);
    }
    delta_encode_counts(b, d);
    delta_encode_scenarios(b, d);
    sparse_encode(b, &d->late);
    sparse_encode(b, &d->lag);
    seen_encode(b, d);
    code_put(b, d->iterations);
    code_put(b, d->interrupted);
    code_put(b, d->dropped);
    code_put(b, d->interrupted_requests);
    code_put(b, d->retries);
    code_put(b, d->rejected);
    code_put(b, d->folded);
}

/* How many rows there are; none where there is nothing that they could be
 * of. */
static size_t rows_decode(struct code_in *in, bool possible, size_t least,
                          const char *what)
{
    return code_get_count(in, possible ? DELTA_ROWS_MAX : 0, least, what);
}

static void checks_decode(struct code_in *in, const struct run_info *info,
                          struct delta *d)
{
    size_t n_checks = info->plan->n_checks, i;

    d->n_checks = rows_decode(in, n_checks > 0, 4, "checks");
    d->checks = xcalloc(d->n_checks + 1, sizeof *d->checks);
    for (i = 0; i < d->n_checks && !in->bad; i++) {
        struct delta_check *c = &d->checks[i];

        c->check = (unsigned)code_get(in, n_checks - 1, "a check");
        c->scenario = (unsigned)code_get(in, info->lineup->n - 1, "a scenario");
        c->passes = code_get(in, CODE_COUNT_MAX, "a check's count");
        c->fails = code_get(in, CODE_COUNT_MAX, "a check's count");
    }
}

static void rows_of_requests_decode(struct code_in *in,
                                    const struct run_info *info,
                                    struct delta *d)
{
    const struct plan *plan = info->plan;
    bool any = plan->n_requests > 0;
    size_t i;

    d->n_series = rows_decode(in, any, 9, "series");
    d->series = xcalloc(d->n_series + 1, sizeof *d->series);
    for (i = 0; i < d->n_series && !in->bad; i++) {
        series_decode(in, plan, &d->series[i]);
        if (i > 0 && !in->bad &&
            delta_series_key(&d->series[i]) <=
                delta_series_key(&d->series[i - 1])) {
            code_bad(in, "the order of series");
        }
    }
    checks_decode(in, info, d);
    d->n_customs = rows_decode(in, any, 13, "values");
    d->customs = xcalloc(d->n_customs + 1, sizeof *d->customs);
    for (i = 0; i < d->n_customs && !in->bad; i++) {
        custom_decode(in, plan, &d->customs[i]);
    }
    d->n_failures = rows_decode(in, any, 9, "errors");
    d->failures = xcalloc(d->n_failures + 1, sizeof *d->failures);
    for (i = 0; i < d->n_failures && !in->bad; i++) {
        failure_decode(in, plan, &d->failures[i]);
    }
}

struct delta *delta_decode(struct code_in *in, const struct run_info *info)
{
    struct delta *d = xcalloc(1, sizeof *d);
    size_t i;

    rows_of_requests_decode(in, info, d);
    d->n_scenarios = rows_decode(in, true, 6, "scenarios");
    d->scenarios = xcalloc(d->n_scenarios + 1, sizeof *d->scenarios);
    for (i = 0; i < d->n_scenarios && !in->bad; i++) {
        scenario_decode(in, info->lineup->n, &d->scenarios[i]);
    }
    sparse_decode(in, &d->late);
    sparse_decode(in, &d->lag);
    seen_decode(in, info->plan, d);
    d->iterations = code_get(in, CODE_COUNT_MAX, "iterations");
    d->interrupted = code_get(in, CODE_COUNT_MAX, "iterations");
    d->dropped = code_get(in, CODE_COUNT_MAX, "iterations");
    d->interrupted_requests = code_get(in, CODE_COUNT_MAX, "requests");
    d->retries = code_get(in, CODE_COUNT_MAX, "retries");
    d->rejected = code_get(in, CODE_COUNT_MAX, "values");
    d->folded = code_get(in, CODE_COUNT_MAX, "samples");
    return d;
}
