/* SPDX-License-Identifier: MIT
 *
 * points_tick - a tick's samples, put together by their tags. */
#include "config.h"

#include "record/points_internal.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "plan/plan.h"

/* Where points go. */
struct points_out {
    struct points *points;
    const struct tick *tick;
    point_fn *fn;
    void *ctx;
};

static void points_give(struct points_out *o, struct point *x, unsigned metric,
                        uint64_t count, double value)
{
    if (count > 0) {
        x->metric = metric;
        x->info = plan_metric_info(o->points->info->plan, metric);
        x->count = count;
        x->value = value;
        x->trend = NULL;
        o->fn(o->ctx, x);
    }
}

static void points_trend(struct points_out *o, struct point *x, unsigned metric,
                         const struct histo_sparse *trend)
{
    if (trend->count > 0) {
        x->metric = metric;
        x->info = plan_metric_info(o->points->info->plan, metric);
        x->count = trend->count;
        x->value = (double)trend->sum / 1000;
        x->trend = trend;
        o->fn(o->ctx, x);
    }
}

static void points_series(struct points_out *o, unsigned request,
                          const struct delta_series *s)
{
    static const unsigned metrics[PHASE_COUNT] = {
        [PHASE_DURATION] = METRIC_HTTP_REQ_DURATION,
        [PHASE_BLOCKED] = METRIC_HTTP_REQ_BLOCKED,
        [PHASE_CONNECTING] = METRIC_HTTP_REQ_CONNECTING,
        [PHASE_TLS] = METRIC_HTTP_REQ_TLS_HANDSHAKING,
        [PHASE_SENDING] = METRIC_HTTP_REQ_SENDING,
        [PHASE_WAITING] = METRIC_HTTP_REQ_WAITING,
        [PHASE_RECEIVING] = METRIC_HTTP_REQ_RECEIVING,
        [PHASE_INTENDED] = METRIC_HTTP_REQ_INTENDED_DURATION,
    };
    struct point_end end = {request, s->status, s->failure, s->failed > 0};
    char status[POINT_STATUS_TEXT];
    struct point x;
    int i;

    points_request(o->points, &end, &x, status);
    points_give(o, &x, METRIC_HTTP_REQS, s->count, (double)s->count);
    for (i = 0; i < PHASE_COUNT; i++) {
        points_trend(o, &x, metrics[i], &s->phase[i]);
    }
    points_give(o, &x, METRIC_HTTP_REQ_FAILED, s->count, (double)s->failed);
    points_give(o, &x, METRIC_DATA_SENT, s->count, (double)s->sent);
    points_give(o, &x, METRIC_DATA_RECEIVED, s->count, (double)s->received);
}

/* A row of a delta, and what it is told by. */
struct points_row {
    uint64_t key;
    size_t at;
};

static int points_by_key(const void *a, const void *b)
{
    const struct points_row *x = a, *y = b;

    if (x->key != y->key) {
        return x->key < y->key ? -1 : 1;
    }
    return x->at < y->at ? -1 : x->at > y->at;
}

static void points_sort(struct points_row *rows, size_t n)
{
    if (n > 0) {
        qsort(rows, n, sizeof *rows, points_by_key);
    }
}

/* The end of the rows of one key that begin at i. */
static size_t points_run(const struct points_row *rows, size_t n, size_t i)
{
    uint64_t key = rows[i].key;

    while (i < n && rows[i].key == key) {
        i++;
    }
    return i;
}

static void points_add_series(struct delta_series *sum,
                              const struct delta_series *s)
{
    int i;

    sum->count += s->count;
    sum->failed += s->failed;
    sum->sent += s->sent;
    sum->received += s->received;
    for (i = 0; i < PHASE_COUNT; i++) {
        histo_sparse_merge(&sum->phase[i], &s->phase[i]);
    }
}

/* What tells requests that ended apart, but for tags that are the request's. */
static uint64_t points_key(unsigned request, const struct delta_series *s)
{
    return (uint64_t)request << 32 | (uint64_t)s->status << 16 |
           (uint64_t)s->failure << 1 | (s->failed > 0);
}

static void points_all_series(struct points_out *o)
{
    const struct delta *d = o->tick->delta;
    struct points_row *rows = xcalloc(d->n_series + 1, sizeof *rows);
    size_t i, k, end;
    int phase;

    for (i = 0; i < d->n_series; i++) {
        const struct delta_series *s = &d->series[i];
        unsigned like = o->points->requests[s->request].like_url;

        rows[i] = (struct points_row){points_key(like, s), i};
    }
    points_sort(rows, d->n_series);
    for (i = 0; i < d->n_series; i = end) {
        const struct delta_series *first = &d->series[rows[i].at];
        struct delta_series sum = {.status = first->status,
                                   .failure = first->failure};
        unsigned like = o->points->requests[first->request].like_url;

        end = points_run(rows, d->n_series, i);
        if (end == i + 1) {
            points_series(o, like, first);
            continue;
        }
        for (k = i; k < end; k++) {
            points_add_series(&sum, &d->series[rows[k].at]);
        }
        points_series(o, like, &sum);
        for (phase = 0; phase < PHASE_COUNT; phase++) {
            histo_sparse_clear(&sum.phase[phase]);
        }
    }
    free(rows);
}

/* Checks of one name on requests that are alike are one. */
static uint64_t points_check_key(const struct points *p,
                                 const struct delta_check *k)
{
    size_t row = plan_check_row(p->info->plan, k->scenario, k->check);

    return (uint64_t)p->requests[p->checks[row]].like << 32 |
           p->checks_like[k->check];
}

static void points_checks(struct points_out *o)
{
    const struct delta *d = o->tick->delta;
    struct points_row *rows = xcalloc(d->n_checks + 1, sizeof *rows);
    size_t i, end;

    for (i = 0; i < d->n_checks; i++) {
        rows[i] =
            (struct points_row){points_check_key(o->points, &d->checks[i]), i};
    }
    points_sort(rows, d->n_checks);
    for (i = 0; i < d->n_checks; i = end) {
        const struct delta_check *first = &d->checks[rows[i].at];
        struct point x;
        uint64_t passes = 0, all = 0;

        end = points_run(rows, d->n_checks, i);
        for (; i < end; i++) {
            const struct delta_check *k = &d->checks[rows[i].at];

            passes += k->passes;
            all += k->passes + k->fails;
        }
        points_check(o->points, first->scenario, first->check, &x);
        points_give(o, &x, METRIC_CHECKS, all, (double)passes);
    }
    free(rows);
}

static void points_custom(struct points_out *o, unsigned like,
                          const struct delta_custom *c)
{
    struct point x;

    points_plain(o->points, like, &x);
    switch (plan_metric_info(o->points->info->plan, c->metric).type) {
    case METRIC_TREND:
        points_trend(o, &x, c->metric, &c->trend);
        return;
    case METRIC_RATE:
        points_give(o, &x, c->metric, c->total, (double)c->hits);
        return;
    case METRIC_COUNTER:
        points_give(o, &x, c->metric, c->total, c->sum);
        return;
    case METRIC_GAUGE:
        break;
    }
    MUST(!"a gauge has no samples");
}

static void points_customs(struct points_out *o)
{
    const struct delta *d = o->tick->delta;
    struct points_row *rows = xcalloc(d->n_customs + 1, sizeof *rows);
    size_t i, k, end;

    for (i = 0; i < d->n_customs; i++) {
        const struct delta_custom *c = &d->customs[i];
        unsigned like = o->points->requests[c->request].like;

        rows[i] = (struct points_row){(uint64_t)c->metric << 32 | like, i};
    }
    points_sort(rows, d->n_customs);
    for (i = 0; i < d->n_customs; i = end) {
        struct delta_custom sum = d->customs[rows[i].at];
        unsigned like = (unsigned)(rows[i].key & UINT32_MAX);

        end = points_run(rows, d->n_customs, i);
        if (end == i + 1) {
            points_custom(o, like, &sum);
            continue;
        }
        sum.total = sum.hits = 0;
        sum.sum = 0;
        sum.trend = (struct histo_sparse){0};
        for (k = i; k < end; k++) {
            const struct delta_custom *c = &d->customs[rows[k].at];

            sum.total += c->total;
            sum.hits += c->hits;
            sum.sum += c->sum;
            histo_sparse_merge(&sum.trend, &c->trend);
        }
        points_custom(o, like, &sum);
        histo_sparse_clear(&sum.trend);
    }
    free(rows);
}

static void points_scenarios(struct points_out *o)
{
    const struct delta *d = o->tick->delta;
    size_t i;

    for (i = 0; i < d->n_scenarios; i++) {
        const struct delta_scenario *s = &d->scenarios[i];
        struct point x;

        points_scenario(o->points, s->scenario, &x);
        points_give(o, &x, METRIC_ITERATIONS, s->iterations,
                    (double)s->iterations);
        points_trend(o, &x, METRIC_ITERATION_DURATION, &s->duration);
        points_give(o, &x, METRIC_DROPPED_ITERATIONS, s->dropped,
                    (double)s->dropped);
    }
}

/* As in k6 they have no tags. */
static void points_gauges(struct points_out *o)
{
    struct ledger_gauges g =
        tick_gauges(o->points->info, o->tick, &o->points->rooms);
    struct point x = {.n_own = 0};

    points_give(o, &x, METRIC_VUS, 1, g.vus);
    points_give(o, &x, METRIC_VUS_MAX, 1, g.vus_max);
}

void points_each(struct points *p, const struct tick *t, point_fn *fn,
                 void *ctx)
{
    struct points_out o = {p, t, fn, ctx};

    points_all_series(&o);
    points_checks(&o);
    points_customs(&o);
    points_scenarios(&o);
    points_gauges(&o);
}
