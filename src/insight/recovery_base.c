/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/recovery_base.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "insight/binom.h"

/* A baseline that fails more often is none. */
#define BASE_ERRORS_MAX 0.05
/* p95 of its ten-second blocks may vary by so much (standard deviation of its
 * logarithm) before ten seconds of calm say little. */
#define BASE_NOISE_MAX 0.15
#define BASE_BLOCK_US  (10 * UINT64_C(1000000))
/* Of five such blocks a true 0.15 shows as less than this one time in ten: what
 * is more, beyond what chance makes of so few responses, is of low confidence.
 */
#define BASE_NOISE_LOW 0.07
/* What a minute of latencies that are spread widely takes. */
#define BASE_RESERVED (768u << 10)
/* Of its own windows so many are to be in its band. */
#define BASE_OWN_SHARE 0.95

/* That few fail says nothing of a service's latency; nor does what no scenario
 * asks, once all VUs are there. */
static bool base_limited(const struct base *b)
{
    bool limited = b->limit.p95_us > 0;
    size_t i;

    for (i = 0; i < b->rules.n; i++) {
        limited =
            limited || (b->rules.list[i].latency && !b->rules.list[i].aside);
    }
    return limited;
}

const char *base_without(const struct base *b)
{
    size_t i;

    for (i = 0; i < b->rules.n; i++) {
        if (b->rules.list[i].latency) {
            return "no calm stretch before it, and the plan's limits on "
                   "latency are on what no scenario asks";
        }
    }
    return "no calm stretch before it, and the plan has no limit on latency";
}

void base_init(struct base *b, const struct recovery_limit *limit)
{
    struct band_ref *r = &b->by_limit;

    memset(b, 0, sizeof *b);
    b->limit = *limit;
    b->pool = histo_new();
    b->pieces = fifo_new();
    fifo_reserve(b->pieces, BASE_RESERVED);
    band_rules_init(&b->rules, limit);
    if (!base_limited(b)) {
        return;
    }
    *r = (struct band_ref){.any = true,
                           .by_limit = true,
                           .window_us = 5 * UINT64_C(1000000),
                           .dwell_us = 10 * UINT64_C(1000000),
                           .p95_us = limit->p95_us,
                           .in_us = limit->p95_us,
                           .out_us = limit->p95_us + limit->p95_us / 10,
                           .rules = b->rules.n > 0 ? &b->rules : NULL};
    r->error_limit = limit->error_rate > 0 ? limit->error_rate : 0.01;
}

void base_clear(struct base *b)
{
    histo_free(&b->pool);
    fifo_free(&b->pieces);
}

static void base_drop(struct base *b)
{
    struct base_part *p = &b->parts[b->first];

    b->active_us -= p->active_us;
    fifo_let_go(b->pieces, p->piece);
    b->first = (b->first + 1) % BASE_PARTS;
    b->n--;
}

void base_reset(struct base *b, double load, uint64_t who)
{
    while (b->n > 0) {
        base_drop(b);
    }
    b->skipped_us = 0;
    b->load = load;
    b->who = who;
}

bool base_same(const struct base *b, const struct moment *x)
{
    double gap = fabs(x->load - b->load);

    return x->who == b->who && (gap < 0.5 || gap <= 0.1 * b->load);
}

void base_add(struct base *b, const struct moment *x)
{
    struct base_part *p;
    size_t size;

    if (x->active_us == 0) {
        return;
    }
    if (b->skipped_us < BASE_EDGE_US) {
        b->skipped_us += x->active_us;
        return;
    }
    if (b->n == BASE_PARTS) {
        base_drop(b);
    }
    while (b->n > 0 && b->active_us - b->parts[b->first].active_us >=
                           BASE_BEFORE_US + BASE_EDGE_US) {
        base_drop(b);
    }
    p = &b->parts[(b->first + b->n++) % BASE_PARTS];
    b->last_load = x->load;
    p->active_us = x->active_us;
    p->requests = x->requests;
    p->failed = x->failed;
    p->in_flight = x->in_flight;
    p->suspect = x->suspect;
    size = histo_packed_size(x->good);
    p->piece = size > 0 ? fifo_take(b->pieces, size) : NULL;
    histo_pack(x->good, p->piece, &p->good);
    b->active_us += x->active_us;
}

/* Parts that count: all but those at the end. */
static size_t base_counted(const struct base *b, uint64_t *active_us,
                           uint64_t *requests, uint64_t *failed)
{
    size_t n = b->n, i;
    uint64_t left_out = 0;

    while (n > 0 && left_out < BASE_EDGE_US) {
        left_out += b->parts[(b->first + --n) % BASE_PARTS].active_us;
    }
    *active_us = *requests = *failed = 0;
    for (i = 0; i < n; i++) {
        const struct base_part *p = &b->parts[(b->first + i) % BASE_PARTS];

        *active_us += p->active_us;
        *requests += p->requests;
        *failed += p->failed;
    }
    return n;
}

/* Pools parts i… of about us into b->pool; returns the part behind them, 0 when
 * there is not so much left. */
static size_t base_pool(const struct base *b, size_t i, size_t n, uint64_t us)
{
    uint64_t active_us = 0;

    histo_clear(b->pool);
    for (; i < n && active_us + us / 10 < us; i++) {
        const struct base_part *p = &b->parts[(b->first + i) % BASE_PARTS];

        active_us += p->active_us;
        histo_add_packed(b->pool, &p->good);
    }
    return active_us + us / 10 >= us ? i : 0;
}

static bool base_suspect(const struct base *b, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (b->parts[(b->first + i) % BASE_PARTS].suspect) {
            return true;
        }
    }
    return false;
}

static void base_pool_all(const struct base *b, size_t n)
{
    size_t i;

    histo_clear(b->pool);
    for (i = 0; i < n; i++) {
        histo_add_packed(b->pool, &b->parts[(b->first + i) % BASE_PARTS].good);
    }
}

/* The share of its own windows that the tolerance lets pass. */
static double base_passes(const struct base *b, size_t n, uint64_t window_us,
                          uint64_t limit_us)
{
    size_t i = 0, all = 0, in = 0;

    while ((i = base_pool(b, i, n, window_us)) > 0) {
        uint64_t count = histo_count(b->pool);

        all++;
        in += histo_count_above(b->pool, limit_us) <=
              binom_quantile(count, BAND_P, BAND_LATENCY);
    }
    return all > 0 ? (double)in / (double)all : 0;
}

/* Standard deviation of ln p95 over blocks of ten seconds; 0 for fewer than
 * three of them. */
static double base_noise(const struct base *b, size_t n)
{
    double sum = 0, squares = 0;
    size_t i = 0, blocks = 0;

    while ((i = base_pool(b, i, n, BASE_BLOCK_US)) > 0) {
        uint64_t p95 = histo_percentile(b->pool, 95);
        double x = log((double)(p95 > 0 ? p95 : 1));

        sum += x;
        squares += x * x;
        blocks++;
    }
    if (blocks < 3) {
        return 0;
    }
    squares = (squares - sum * sum / (double)blocks) / (double)(blocks - 1);
    return squares > 0 ? sqrt(squares) : 0;
}

/* What of that is chance: the ranks between which the p95 of so many lies. Of
 * what is in the pool. */
static double base_chance(const struct base *b, uint64_t active_us)
{
    double blocks = (double)active_us / (double)BASE_BLOCK_US;
    double n = (double)histo_count(b->pool) / fmax(blocks, 1);
    double share = 100 * sqrt(BAND_P * (1 - BAND_P) / fmax(n, 1));
    double low = (double)histo_percentile(b->pool, 95 - share);
    double high = (double)histo_percentile(b->pool, fmin(95 + share, 100));

    return low > 0 ? log(high / low) / 2 : 0;
}

static int base_order(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static double base_in_flight(const struct base *b, size_t n)
{
    uint32_t list[BASE_PARTS];
    double median;
    size_t i;

    for (i = 0; i < n; i++) {
        list[i] = b->parts[(b->first + i) % BASE_PARTS].in_flight;
    }
    qsort(list, n, sizeof *list, base_order);
    median = list[n / 2];
    return fmax(1.5 * median, median + 5);
}

/* Tolerance: 1.2 times the p95, at least 10 ms and two buckets more; wider by
 * steps where its own windows would not pass, up to twice the p95. */
static bool base_tolerance(const struct base *b, size_t n, struct band_ref *r)
{
    double p95 = (double)r->p95_us;
    uint32_t bucket = histo_bucket(r->p95_us);
    double bins =
        2 * (double)(histo_bucket_high(bucket) + 1 - histo_bucket_low(bucket));
    double t = fmax(fmax(1.2 * p95, p95 + 10e3), p95 + bins);
    double most = fmax(2 * p95, t), least = t;

    while (base_passes(b, n, r->window_us, (uint64_t)t) < BASE_OWN_SHARE) {
        t *= 1.05;
        if (t > most) {
            return false;
        }
    }
    r->noisy = t > least && t > 1.5 * p95;
    /* Whole buckets, as counts are. */
    r->in_us = histo_bucket_high(histo_bucket((uint64_t)t));
    r->out_us = r->p95_us + (r->in_us - r->p95_us) * 3 / 2;
    return true;
}

static void base_dwell(const struct base *b, size_t n, struct band_ref *r)
{
    uint64_t least = 10 * UINT64_C(1000000);
    double noise = base_noise(b, n), chance;

    base_pool_all(b, n);
    chance = base_chance(b, b->active_us);
    r->dwell_us = 3 * r->window_us > least ? 3 * r->window_us : least;
    if (noise > BASE_NOISE_MAX) {
        r->dwell_us = 60 * UINT64_C(1000000);
    }
    if (r->dwell_us > 60 * UINT64_C(1000000)) {
        r->dwell_us = 60 * UINT64_C(1000000);
    }
    r->noisy =
        r->noisy || r->window_us >= 10 * UINT64_C(1000000) ||
        noise * noise > chance * chance + BASE_NOISE_LOW * BASE_NOISE_LOW;
}

static void base_store(struct base *b, const struct band_ref *r)
{
    size_t i, oldest = 0;

    for (i = 0; i < b->n_kept; i++) {
        if (b->kept[i].who == r->who &&
            fabs(b->kept[i].load - r->load) <= fmax(0.1 * r->load, 0.5)) {
            b->kept[i] = *r;
            return;
        }
        oldest = b->kept[i].taken_us < b->kept[oldest].taken_us ? i : oldest;
    }
    if (b->n_kept < BASE_KEPT) {
        oldest = b->n_kept++;
    }
    b->kept[oldest] = *r;
}

void base_keep(struct base *b, const struct moment *at)
{
    uint64_t active_us, requests, failed;
    size_t n = base_counted(b, &active_us, &requests, &failed);
    struct band_ref r = {.any = true, .load = b->last_load, .who = b->who};
    double rate;

    if (n == 0 || requests < BASE_REQUESTS) {
        return;
    }
    rate = (double)requests * 1e6 / (double)active_us;
    r.taken_us = at->start_us;
    r.window_us = binom_window_us(rate);
    base_pool_all(b, n);
    if (active_us + active_us / 10 < BASE_WINDOWS * r.window_us ||
        histo_count(b->pool) == 0) {
        return;
    }
    r.p95_us = histo_percentile(b->pool, 95);
    r.error_rate = (double)failed / (double)requests;
    r.error_limit = fmax(2 * r.error_rate, r.error_rate + 0.01);
    r.per_load = r.load > 0 ? rate / r.load : 0;
    r.in_flight = at->open ? base_in_flight(b, n) : 0;
    r.useless = r.error_rate > BASE_ERRORS_MAX ||
                (b->limit.p95_us > 0 && r.p95_us > b->limit.p95_us);
    if (!base_tolerance(b, n, &r)) {
        r.useless = true;
        r.in_us = r.p95_us * 2;
        r.out_us = r.p95_us * 5 / 2;
    }
    base_dwell(b, n, &r);
    r.suspect = base_suspect(b, n);
    base_store(b, &r);
}

struct band_ref base_for(const struct base *b, double load, uint64_t who)
{
    const struct band_ref *best = NULL;
    double near = log(2.0) + 1e-9;
    size_t i;

    for (i = 0; i < b->n_kept && load > 0; i++) {
        const struct band_ref *r = &b->kept[i];
        double gap = r->load > 0 ? fabs(log(r->load / load)) : 1e9;

        if (!r->useless && r->who == who && gap <= near) {
            near = gap;
            best = r;
        }
    }
    return best != NULL ? *best : b->by_limit;
}
