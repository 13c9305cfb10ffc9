/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/delta.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "measure/keys.h"
#include "measure/shard_internal.h"

/* Merging one delta: its rows by key, and where each shard has them. */
struct merge {
    const struct plan *plan;
    struct shard *const *shards;
    size_t n;
    struct histo *sum; /* scratch */
};

static int delta_key_order(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* One shard's histogram is written as it is, several are added up first. */
static void delta_histo(struct merge *m, const struct histo *const *from,
                        struct histo_sparse *out)
{
    const struct histo *only = NULL;
    size_t i, filled = 0;

    for (i = 0; i < m->n; i++) {
        if (from[i] != NULL && histo_count(from[i]) > 0) {
            only = from[i];
            filled++;
        }
    }
    if (filled == 1) {
        histo_to_sparse(only, out);
    } else if (filled > 1) {
        histo_clear(m->sum);
        for (i = 0; i < m->n; i++) {
            if (from[i] != NULL) {
                histo_merge(m->sum, from[i]);
            }
        }
        histo_to_sparse(m->sum, out);
    }
}

static void delta_series_row(struct merge *m, uint64_t key,
                             const struct histo **from,
                             struct delta_series *out)
{
    struct series_key k = series_key_unpack(key);
    size_t i;
    int p;

    out->request = k.request;
    out->status = k.status;
    out->failure = k.failure;
    for (p = -1; p < PHASE_COUNT; p++) {
        for (i = 0; i < m->n; i++) {
            uint32_t row = keys_find(&m->shards[i]->series_keys, key);
            const struct shard_series *s;

            from[i] = NULL;
            if (row == KEYS_NONE) {
                continue;
            }
            s = &m->shards[i]->series[row];
            if (p >= 0) {
                from[i] = s->phase[p];
                continue;
            }
            out->count += s->count;
            out->failed += s->failed;
            out->sent += s->sent;
            out->received += s->received;
            out->ways |= s->ways;
        }
        if (p >= 0) {
            delta_histo(m, from, &out->phase[p]);
        }
    }
}

static void delta_series(struct delta *d, struct merge *m,
                         const struct histo **from)
{
    struct keys keys = {0};
    size_t i, k;

    for (i = 0; i < m->n; i++) {
        const struct shard *s = m->shards[i];

        for (k = 0; k < s->series_keys.n; k++) {
            if (s->series[k].count > 0) {
                keys_add(&keys, s->series_keys.list[k]);
            }
        }
    }
    if (keys.n > 0) {
        qsort(keys.list, keys.n, sizeof *keys.list, delta_key_order);
        d->series = xcalloc(keys.n, sizeof *d->series);
    }
    for (i = 0; i < keys.n; i++) {
        delta_series_row(m, keys.list[i], from, &d->series[i]);
    }
    d->n_series = keys.n;
    keys_clear(&keys);
}

static void delta_custom_row(struct merge *m, uint64_t key,
                             const struct histo **from,
                             struct delta_custom *out)
{
    size_t i;

    out->metric = custom_key_metric(key);
    out->request = custom_key_request(key);
    for (i = 0; i < m->n; i++) {
        uint32_t row = keys_find(&m->shards[i]->custom_keys, key);
        const struct shard_custom *c;

        from[i] = NULL;
        if (row == KEYS_NONE) {
            continue;
        }
        c = &m->shards[i]->customs[row];
        from[i] = c->trend;
        out->total += c->total;
        out->hits += c->hits;
        out->sum += c->sum;
    }
    delta_histo(m, from, &out->trend);
}

static void delta_customs(struct delta *d, struct merge *m,
                          const struct histo **from)
{
    struct keys keys = {0};
    size_t i, k;

    for (i = 0; i < m->n; i++) {
        const struct shard *s = m->shards[i];

        for (k = 0; k < s->custom_keys.n; k++) {
            if (s->customs[k].total > 0) {
                keys_add(&keys, s->custom_keys.list[k]);
            }
        }
    }
    if (keys.n > 0) {
        qsort(keys.list, keys.n, sizeof *keys.list, delta_key_order);
        d->customs = xcalloc(keys.n, sizeof *d->customs);
    }
    for (i = 0; i < keys.n; i++) {
        delta_custom_row(m, keys.list[i], from, &d->customs[i]);
    }
    d->n_customs = keys.n;
    keys_clear(&keys);
}

static void delta_checks(struct delta *d, const struct merge *m)
{
    size_t cap = 0, i, c, n = m->plan->n_checks;

    for (c = 0; c < plan_check_rows(m->plan); c++) {
        struct delta_check sum = {.check = (unsigned)(c % n),
                                  .scenario = (unsigned)(c / n)};

        for (i = 0; i < m->n; i++) {
            sum.passes += m->shards[i]->checks[c].passes;
            sum.fails += m->shards[i]->checks[c].fails;
        }
        if (sum.passes + sum.fails > 0) {
            d->checks = xgrow(d->checks, d->n_checks, &cap, sizeof *d->checks);
            d->checks[d->n_checks++] = sum;
        }
    }
}

static void delta_failures(struct delta *d, const struct merge *m)
{
    size_t i, n = 0;

    for (i = 0; i < m->n; i++) {
        n += m->shards[i]->n_failures;
    }
    if (n == 0) {
        return;
    }
    d->failures = xreallocarray(NULL, n, sizeof *d->failures);
    for (i = 0; i < m->n; i++) {
        const struct shard *s = m->shards[i];

        if (s->n_failures > 0) {
            memcpy(d->failures + d->n_failures, s->failures,
                   s->n_failures * sizeof *s->failures);
            d->n_failures += s->n_failures;
        }
    }
}

static struct delta_scenario delta_scenario(struct merge *m, unsigned scenario,
                                            const struct histo **from)
{
    struct delta_scenario row = {.scenario = scenario};
    size_t i;

    for (i = 0; i < m->n; i++) {
        const struct shard_scenario *s = &m->shards[i]->scenarios[scenario];

        row.iterations += s->iterations;
        row.interrupted += s->interrupted;
        row.dropped += s->dropped;
        from[i] = s->duration;
    }
    delta_histo(m, from, &row.duration);
    for (i = 0; i < m->n; i++) {
        from[i] = m->shards[i]->scenarios[scenario].late;
    }
    delta_histo(m, from, &row.late);
    return row;
}

static void delta_scenarios(struct delta *d, struct merge *m,
                            const struct histo **from)
{
    struct histo *late = histo_new();
    size_t cap = 0;
    unsigned i;

    for (i = 0; i < LINEUP_MAX; i++) {
        struct delta_scenario row = delta_scenario(m, i, from);

        if (row.iterations + row.interrupted + row.dropped + row.late.count ==
            0) {
            continue;
        }
        d->scenarios =
            xgrow(d->scenarios, d->n_scenarios, &cap, sizeof *d->scenarios);
        d->scenarios[d->n_scenarios++] = row;
        d->iterations += row.iterations;
        d->interrupted += row.interrupted;
        d->dropped += row.dropped;
        if (row.late.count > 0) {
            histo_add_sparse(late, &row.late);
        }
    }
    if (histo_count(late) > 0) {
        histo_to_sparse(late, &d->late);
    }
    histo_free(&late);
}

static void delta_sums(struct delta *d, struct merge *m,
                       const struct histo **from)
{
    size_t i;

    for (i = 0; i < m->n; i++) {
        const struct shard *s = m->shards[i];

        d->interrupted_requests += s->interrupted_requests;
        d->retries += s->retries;
        d->rejected += s->rejected;
        d->folded += s->folded;
        from[i] = s->lag;
    }
    delta_histo(m, from, &d->lag);
}

struct delta *delta_new(const struct plan *plan, struct shard *const *shards,
                        size_t n)
{
    struct delta *d = xcalloc(1, sizeof *d);
    struct merge m = {plan, shards, n, NULL};
    const struct histo **from;

    if (n == 0) {
        return d;
    }
    from = xcalloc(n, sizeof *from);
    m.sum = histo_new();
    delta_series(d, &m, from);
    delta_customs(d, &m, from);
    delta_checks(d, &m);
    delta_failures(d, &m);
    delta_scenarios(d, &m, from);
    delta_sums(d, &m, from);
    histo_free(&m.sum);
    free(from);
    return d;
}

/* What a copy is carved from. */
struct carving {
    char *at;
    size_t left;
};

static size_t carve_round(size_t bytes)
{
    return (bytes + sizeof(uint64_t) - 1) / sizeof(uint64_t) * sizeof(uint64_t);
}

static void *delta_carve(struct carving *c, const void *from, size_t n,
                         size_t bytes)
{
    void *to = c->at;

    if (n == 0) {
        return NULL;
    }
    MUST(carve_round(n * bytes) <= c->left);
    memcpy(to, from, n * bytes);
    c->at += carve_round(n * bytes);
    c->left -= carve_round(n * bytes);
    return to;
}

static void delta_carve_sparse(struct carving *c, struct histo_sparse *s)
{
    s->pairs = delta_carve(c, s->pairs, s->n, sizeof *s->pairs);
}

struct delta *delta_keep(struct fifo *f, const struct delta *from)
{
    /* Of each histogram up to a word is lost to alignment. */
    size_t histos = PHASE_COUNT * from->n_series + from->n_customs +
                    2 * from->n_scenarios + 2;
    size_t room = delta_bytes(from) + histos * sizeof(uint64_t), i;
    struct carving c = {fifo_take(f, room), room};
    struct delta *d = delta_carve(&c, from, 1, sizeof *from);
    int p;

    d->series = delta_carve(&c, d->series, d->n_series, sizeof *d->series);
    for (i = 0; i < d->n_series; i++) {
        for (p = 0; p < PHASE_COUNT; p++) {
            delta_carve_sparse(&c, &d->series[i].phase[p]);
        }
    }
    d->customs = delta_carve(&c, d->customs, d->n_customs, sizeof *d->customs);
    for (i = 0; i < d->n_customs; i++) {
        delta_carve_sparse(&c, &d->customs[i].trend);
    }
    d->checks = delta_carve(&c, d->checks, d->n_checks, sizeof *d->checks);
    d->failures = NULL;
    d->n_failures = 0;
    d->seen = NULL;
    d->n_seen = 0;
    d->scenarios =
        delta_carve(&c, d->scenarios, d->n_scenarios, sizeof *d->scenarios);
    for (i = 0; i < d->n_scenarios; i++) {
        delta_carve_sparse(&c, &d->scenarios[i].duration);
        delta_carve_sparse(&c, &d->scenarios[i].late);
    }
    delta_carve_sparse(&c, &d->late);
    delta_carve_sparse(&c, &d->lag);
    return d;
}

void delta_free(struct delta **dp)
{
    struct delta *d = *dp;
    size_t i;
    int p;

    if (d == NULL) {
        return;
    }
    for (i = 0; i < d->n_series; i++) {
        for (p = 0; p < PHASE_COUNT; p++) {
            histo_sparse_clear(&d->series[i].phase[p]);
        }
    }
    for (i = 0; i < d->n_customs; i++) {
        histo_sparse_clear(&d->customs[i].trend);
    }
    for (i = 0; i < d->n_scenarios; i++) {
        histo_sparse_clear(&d->scenarios[i].duration);
        histo_sparse_clear(&d->scenarios[i].late);
    }
    histo_sparse_clear(&d->late);
    free(d->scenarios);
    histo_sparse_clear(&d->lag);
    free(d->series);
    free(d->customs);
    free(d->checks);
    free(d->failures);
    free(d->seen);
    free(d);
    *dp = NULL;
}

bool delta_empty(const struct delta *d)
{
    return d->n_series == 0 && d->n_customs == 0 && d->n_checks == 0 &&
           d->n_failures == 0 && d->n_scenarios == 0 &&
           d->interrupted_requests == 0 && d->retries == 0 &&
           d->rejected == 0 && d->folded == 0 && d->lag.count == 0;
}

size_t delta_bytes(const struct delta *d)
{
    size_t n = sizeof *d + d->n_series * sizeof *d->series +
               d->n_checks * sizeof *d->checks +
               d->n_customs * sizeof *d->customs +
               d->n_failures * sizeof *d->failures +
               d->n_scenarios * sizeof *d->scenarios;
    size_t pairs = (size_t)d->late.n + d->lag.n;
    size_t i;
    int p;

    for (i = 0; i < d->n_series; i++) {
        for (p = 0; p < PHASE_COUNT; p++) {
            pairs += d->series[i].phase[p].n;
        }
    }
    for (i = 0; i < d->n_customs; i++) {
        pairs += d->customs[i].trend.n;
    }
    for (i = 0; i < d->n_scenarios; i++) {
        pairs += (size_t)d->scenarios[i].duration.n + d->scenarios[i].late.n;
    }
    return n + pairs * sizeof(struct histo_pair);
}
