/* SPDX-License-Identifier: MIT
 *
 * delta_merge - several ticks as one: rows of the same key are added up, and
 * all stay in order. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "measure/delta.h"
#include "measure/keys.h"
#include "measure/shard_internal.h"

uint64_t delta_series_key(const struct delta_series *s)
{
    struct series_key k = {s->request, s->status, s->failure, s->failed > 0};

    return series_key_pack(&k);
}

/* A copy of s that owns what it has. */
static struct histo_sparse sparse_copy(const struct histo_sparse *s)
{
    struct histo_sparse copy = {0};

    histo_sparse_merge(&copy, s);
    return copy;
}

static struct delta_series series_copy(const struct delta_series *s)
{
    struct delta_series copy = *s;
    int p;

    for (p = 0; p < PHASE_COUNT; p++) {
        copy.phase[p] = sparse_copy(&s->phase[p]);
    }
    return copy;
}

static void series_add(struct delta_series *a, const struct delta_series *b)
{
    int p;

    a->count += b->count;
    a->failed += b->failed;
    a->sent += b->sent;
    a->received += b->received;
    a->ways |= b->ways;
    for (p = 0; p < PHASE_COUNT; p++) {
        histo_sparse_merge(&a->phase[p], &b->phase[p]);
    }
}

static void merge_series(struct delta *d, const struct delta *from)
{
    struct delta_series *old = d->series, *out;
    size_t a = 0, b = 0, n = 0;

    if (from->n_series == 0) {
        return;
    }
    out = xcalloc(d->n_series + from->n_series, sizeof *out);
    while (a < d->n_series || b < from->n_series) {
        uint64_t ka = a < d->n_series ? delta_series_key(&old[a]) : UINT64_MAX;
        uint64_t kb = b < from->n_series ? delta_series_key(&from->series[b])
                                         : UINT64_MAX;

        if (ka <= kb) {
            out[n] = old[a++];
            if (ka == kb) {
                series_add(&out[n], &from->series[b++]);
            }
        } else {
            out[n] = series_copy(&from->series[b++]);
        }
        n++;
    }
    free(old);
    d->series = out;
    d->n_series = n;
}

static void custom_add(struct delta_custom *a, const struct delta_custom *b)
{
    a->total += b->total;
    a->hits += b->hits;
    a->sum += b->sum;
    histo_sparse_merge(&a->trend, &b->trend);
}

static void merge_customs(struct delta *d, const struct delta *from)
{
    struct delta_custom *old = d->customs, *out;
    size_t a = 0, b = 0, n = 0;

    if (from->n_customs == 0) {
        return;
    }
    out = xcalloc(d->n_customs + from->n_customs, sizeof *out);
    while (a < d->n_customs || b < from->n_customs) {
        const struct delta_custom *y = &from->customs[b];
        uint64_t ka = a < d->n_customs
                          ? custom_key_pack(old[a].metric, old[a].request)
                          : UINT64_MAX;
        uint64_t kb = b < from->n_customs
                          ? custom_key_pack(y->metric, y->request)
                          : UINT64_MAX;

        if (ka <= kb) {
            out[n] = old[a++];
            if (ka == kb) {
                custom_add(&out[n], y);
                b++;
            }
        } else {
            out[n] = *y;
            out[n].trend = sparse_copy(&y->trend);
            b++;
        }
        n++;
    }
    free(old);
    d->customs = out;
    d->n_customs = n;
}

static void merge_checks(struct delta *d, const struct delta *from)
{
    size_t cap = d->n_checks, i, k;

    for (i = 0; i < from->n_checks; i++) {
        const struct delta_check *c = &from->checks[i];

        for (k = 0; k < d->n_checks; k++) {
            if (d->checks[k].check == c->check &&
                d->checks[k].scenario == c->scenario) {
                break;
            }
        }
        if (k == d->n_checks) {
            d->checks = xgrow(d->checks, d->n_checks, &cap, sizeof *d->checks);
            d->checks[d->n_checks++] = *c;
        } else {
            d->checks[k].passes += c->passes;
            d->checks[k].fails += c->fails;
        }
    }
}

static void merge_scenarios(struct delta *d, const struct delta *from)
{
    size_t cap = d->n_scenarios, i, k;

    for (i = 0; i < from->n_scenarios; i++) {
        const struct delta_scenario *s = &from->scenarios[i];
        struct delta_scenario *at;

        for (k = 0; k < d->n_scenarios; k++) {
            if (d->scenarios[k].scenario >= s->scenario) {
                break;
            }
        }
        if (k == d->n_scenarios || d->scenarios[k].scenario != s->scenario) {
            d->scenarios =
                xgrow(d->scenarios, d->n_scenarios, &cap, sizeof *d->scenarios);
            memmove(d->scenarios + k + 1, d->scenarios + k,
                    (d->n_scenarios - k) * sizeof *d->scenarios);
            d->scenarios[k] = (struct delta_scenario){.scenario = s->scenario};
            d->n_scenarios++;
        }
        at = &d->scenarios[k];
        at->iterations += s->iterations;
        at->interrupted += s->interrupted;
        at->dropped += s->dropped;
        histo_sparse_merge(&at->duration, &s->duration);
        histo_sparse_merge(&at->late, &s->late);
    }
}

static void seen_add(struct delta *d, size_t *cap,
                     const struct delta_seen *seen)
{
    size_t i;

    for (i = 0; i < d->n_seen; i++) {
        if (d->seen[i].kind == seen->kind && d->seen[i].code == seen->code) {
            d->seen[i].last_us = seen->last_us;
            return;
        }
    }
    d->seen = xgrow(d->seen, d->n_seen, cap, sizeof *d->seen);
    d->seen[d->n_seen++] = *seen;
}

static void merge_seen(struct delta *d, const struct delta *from, uint64_t t_us)
{
    size_t cap = d->n_seen, i;
    struct delta_seen s = {.first_us = t_us, .last_us = t_us};

    for (i = 0; i < from->n_seen; i++) {
        seen_add(d, &cap, &from->seen[i]);
    }
    for (i = 0; from->n_seen == 0 && i < from->n_series; i++) {
        s.kind = from->series[i].failure;
        s.code = failure_code(s.kind, from->series[i].status, 0);
        if (s.kind != FAILURE_NONE && s.kind != FAILURE_CHECK) {
            seen_add(d, &cap, &s);
        }
    }
    for (i = 0; from->n_seen == 0 && i < from->n_checks; i++) {
        s.kind = FAILURE_CHECK;
        s.code = from->checks[i].check;
        if (from->checks[i].fails > 0) {
            seen_add(d, &cap, &s);
        }
    }
}

/* The first and the last of each kind are all that a ledger would keep. */
static void failure_add(struct delta *d, size_t *cap,
                        const struct failure_sample *x)
{
    struct failure_sample *first = NULL, *last = NULL;
    uint32_t code = failure_code(x->kind, x->status, x->check);
    size_t i, n = 0;

    for (i = 0; i < d->n_failures; i++) {
        struct failure_sample *y = &d->failures[i];

        if (y->kind != x->kind ||
            failure_code(y->kind, y->status, y->check) != code) {
            continue;
        }
        first = first == NULL || y->t_us < first->t_us ? y : first;
        last = last == NULL || y->t_us >= last->t_us ? y : last;
        n++;
    }
    if (n < 2) {
        d->failures =
            xgrow(d->failures, d->n_failures, cap, sizeof *d->failures);
        d->failures[d->n_failures++] = *x;
    } else if (x->t_us >= last->t_us) {
        *last = *x;
    } else if (x->t_us < first->t_us) {
        *first = *x;
    }
}

static void merge_failures(struct delta *d, const struct delta *from)
{
    size_t cap = d->n_failures, i;

    for (i = 0; i < from->n_failures; i++) {
        failure_add(d, &cap, &from->failures[i]);
    }
}

void delta_merge(struct delta *into, const struct delta *from, uint64_t t_us)
{
    merge_series(into, from);
    merge_customs(into, from);
    merge_seen(into, from, t_us);
    merge_checks(into, from);
    merge_scenarios(into, from);
    merge_failures(into, from);
    into->iterations += from->iterations;
    into->interrupted += from->interrupted;
    into->dropped += from->dropped;
    histo_sparse_merge(&into->late, &from->late);
    histo_sparse_merge(&into->lag, &from->lag);
    into->interrupted_requests += from->interrupted_requests;
    into->retries += from->retries;
    into->rejected += from->rejected;
    into->folded += from->folded;
}
