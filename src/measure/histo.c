/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/histo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "measure/histo_internal.h"

uint32_t histo_bucket(uint64_t value)
{
    unsigned shift;

    if (value > HISTO_VALUE_MAX) {
        value = HISTO_VALUE_MAX;
    }
    /* Below 2048 the shift is 0 and the bucket is the value itself. */
    shift = 63u - HISTO_SUB_BITS -
            (unsigned)__builtin_clzll(value | (uint64_t)HISTO_SUB);
    return (shift << HISTO_SUB_BITS) + (uint32_t)(value >> shift);
}

static unsigned histo_shift(uint32_t bucket)
{
    return bucket < HISTO_SUB ? 0 : (bucket >> HISTO_SUB_BITS) - 1;
}

uint64_t histo_bucket_low(uint32_t bucket)
{
    unsigned shift = histo_shift(bucket);

    return (uint64_t)(bucket - (shift << HISTO_SUB_BITS)) << shift;
}

uint64_t histo_bucket_high(uint32_t bucket)
{
    return histo_bucket_low(bucket) + (UINT64_C(1) << histo_shift(bucket)) - 1;
}

struct histo *histo_new(void)
{
    struct histo *h = xcalloc(1, sizeof *h);

    h->min = UINT64_MAX;
    return h;
}

void histo_free(struct histo **hp)
{
    if (*hp == NULL) {
        return;
    }
    free((*hp)->counts);
    free(*hp);
    *hp = NULL;
}

uint32_t histo_next_block(const struct histo *h, uint32_t from)
{
    uint32_t word = from / 64;
    uint64_t bits;

    if (from >= HISTO_BLOCKS) {
        return HISTO_BLOCKS;
    }
    bits = h->touched[word] & (~UINT64_C(0) << (from % 64));
    while (bits == 0) {
        word++;
        if (word == HISTO_WORDS) {
            return HISTO_BLOCKS;
        }
        bits = h->touched[word];
    }
    return word * 64 + (uint32_t)__builtin_ctzll(bits);
}

void histo_clear(struct histo *h)
{
    uint32_t b;

    for (b = histo_next_block(h, 0); b < HISTO_BLOCKS;
         b = histo_next_block(h, b + 1)) {
        h->slot[b] = 0;
    }
    memset(h->touched, 0, sizeof h->touched);
    h->used = 0;
    h->count = 0;
    h->sum = 0;
    h->overflow = 0;
    h->min = UINT64_MAX;
    h->max = 0;
}

uint32_t histo_touch(struct histo *h, uint32_t block)
{
    if (h->used == h->cap) {
        h->cap += h->cap / 2 + 1;
        h->counts =
            xreallocarray(h->counts, h->cap, HISTO_BLOCK * sizeof *h->counts);
    }
    memset(h->counts + (size_t)h->used * HISTO_BLOCK, 0,
           HISTO_BLOCK * sizeof *h->counts);
    h->used++;
    h->slot[block] = (uint16_t)h->used;
    h->touched[block / 64] |= UINT64_C(1) << (block % 64);
    return h->used;
}

static inline void histo_sum_add(struct histo *h, uint64_t more)
{
    h->sum += more;
    if (h->sum < more) {
        h->sum = UINT64_MAX;
    }
}

static inline void histo_put(struct histo *h, uint64_t value, uint64_t n)
{
    uint32_t bucket = histo_bucket(value);
    uint32_t slot = h->slot[bucket / HISTO_BLOCK];

    if (slot == 0) {
        slot = histo_touch(h, bucket / HISTO_BLOCK);
    }
    h->counts[(size_t)(slot - 1) * HISTO_BLOCK + bucket % HISTO_BLOCK] += n;
    h->count += n;
    if (value < h->min) {
        h->min = value;
    }
    if (value > h->max) {
        h->max = value;
    }
}

void histo_record(struct histo *h, uint64_t value)
{
    if (value > HISTO_VALUE_MAX) {
        value = HISTO_VALUE_MAX;
        h->overflow++;
    }
    histo_put(h, value, 1);
    histo_sum_add(h, value);
}

void histo_record_n(struct histo *h, uint64_t value, uint64_t n)
{
    if (n == 0) {
        return;
    }
    if (value > HISTO_VALUE_MAX) {
        value = HISTO_VALUE_MAX;
        h->overflow += n;
    }
    histo_put(h, value, n);
    histo_sum_add(h, value > UINT64_MAX / n ? UINT64_MAX : value * n);
}

void histo_merge(struct histo *h, const struct histo *from)
{
    uint32_t b, i;

    if (from->count == 0) {
        return;
    }
    for (b = histo_next_block(from, 0); b < HISTO_BLOCKS;
         b = histo_next_block(from, b + 1)) {
        const uint64_t *src = histo_block(from, b);
        uint64_t *dst;

        if (h->slot[b] == 0) {
            histo_touch(h, b);
        }
        dst = histo_block(h, b);
        for (i = 0; i < HISTO_BLOCK; i++) {
            dst[i] += src[i];
        }
    }
    h->count += from->count;
    h->overflow += from->overflow;
    histo_sum_add(h, from->sum);
    if (from->min < h->min) {
        h->min = from->min;
    }
    if (from->max > h->max) {
        h->max = from->max;
    }
}

uint64_t histo_count(const struct histo *h)
{
    return h->count;
}

uint64_t histo_sum(const struct histo *h)
{
    return h->sum;
}

uint64_t histo_min(const struct histo *h)
{
    return h->count == 0 ? 0 : h->min;
}

uint64_t histo_max(const struct histo *h)
{
    return h->max;
}

uint64_t histo_overflow(const struct histo *h)
{
    return h->overflow;
}

double histo_mean(const struct histo *h)
{
    return h->count == 0 ? 0 : (double)h->sum / (double)h->count;
}

uint64_t histo_rank(double p, uint64_t n)
{
    double x = p / 100 * (double)n;

    /* 99.9 is a little more than 99.9: ranks that are whole numbers on paper
     * must not be rounded up by that. */
    x = ceil(x - x * 1e-14);
    if (!(x >= 1)) {
        return 1;
    }
    return x >= (double)n ? n : (uint64_t)x;
}

uint64_t histo_middle(uint32_t bucket, uint64_t min, uint64_t max)
{
    uint64_t low = histo_bucket_low(bucket);
    uint64_t value = low + (histo_bucket_high(bucket) - low) / 2;

    return value < min ? min : value > max ? max : value;
}

/* Whole blocks are passed over: a sum that looks at nothing is one that
 * compilers make of wide additions. */
static uint64_t histo_block_sum(const uint64_t *counts)
{
    uint64_t all = 0;
    uint32_t i;

    for (i = 0; i < HISTO_BLOCK; i++) {
        all += counts[i];
    }
    return all;
}

/* High ranks are found from the top: few values are there. */
static uint64_t histo_from_top(const struct histo *h, uint64_t rank)
{
    uint64_t above = h->count - rank, seen = 0;
    uint32_t b = histo_bucket(h->max) / HISTO_BLOCK + 1, i;

    while (b-- > 0) {
        const uint64_t *counts;
        uint64_t all;

        if (h->slot[b] == 0) {
            continue;
        }
        counts = histo_block(h, b);
        all = histo_block_sum(counts);
        if (seen + all <= above) {
            seen += all;
            continue;
        }
        for (i = HISTO_BLOCK; i-- > 0;) {
            seen += counts[i];
            if (seen > above) {
                return histo_middle(b * HISTO_BLOCK + i, h->min, h->max);
            }
        }
    }
    return h->min;
}

uint64_t histo_percentile(const struct histo *h, double p)
{
    uint64_t rank, seen = 0;
    uint32_t b, i;

    if (h->count == 0) {
        return 0;
    }
    rank = histo_rank(p, h->count);
    if (rank == h->count || rank == 1) {
        return rank == 1 ? h->min : h->max;
    }
    if (rank > h->count / 2) {
        return histo_from_top(h, rank);
    }
    for (b = histo_next_block(h, 0); b < HISTO_BLOCKS;
         b = histo_next_block(h, b + 1)) {
        const uint64_t *counts = histo_block(h, b);
        uint64_t all = histo_block_sum(counts);

        if (seen + all < rank) {
            seen += all;
            continue;
        }
        for (i = 0; i < HISTO_BLOCK; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return histo_middle(b * HISTO_BLOCK + i, h->min, h->max);
            }
        }
    }
    MUST(!"the buckets hold what was counted");
    return h->max;
}

uint64_t histo_count_above(const struct histo *h, uint64_t limit)
{
    uint64_t n = 0;
    uint32_t b, i, first;

    if (limit >= HISTO_VALUE_MAX) {
        return h->overflow;
    }
    first = histo_bucket(limit) + 1;
    for (b = histo_next_block(h, first / HISTO_BLOCK); b < HISTO_BLOCKS;
         b = histo_next_block(h, b + 1)) {
        const uint64_t *counts = histo_block(h, b);

        i = b == first / HISTO_BLOCK ? first % HISTO_BLOCK : 0;
        for (; i < HISTO_BLOCK; i++) {
            n += counts[i];
        }
    }
    return n;
}

size_t histo_bytes(const struct histo *h)
{
    return sizeof *h + (size_t)h->cap * HISTO_BLOCK * sizeof *h->counts;
}

uint64_t histo_samples_needed(double p)
{
    double q = p / 100;

    /* Neither all of n samples below the percentile nor all above it may be
     * likelier than 2.5 %. The edges are samples themselves. */
    if (q < 0.5) {
        q = 1 - q;
    }
    if (q >= 1) {
        return 1;
    }
    return (uint64_t)ceil(log(0.025) / log(q));
}
