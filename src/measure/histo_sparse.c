/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "measure/histo_internal.h"

#define SPARSE_ROOM_MIN 16

/* Up to four sizes an octave: at most a quarter is unused. */
static uint32_t sparse_room(uint32_t n)
{
    uint32_t step = SPARSE_ROOM_MIN;

    while (step * 8 < n) {
        step *= 2;
    }
    return (n + step - 1) / step * step;
}

struct histo_pair *histo_pairs_new(uint32_t n)
{
    return n == 0
               ? NULL
               : xreallocarray(NULL, sparse_room(n), sizeof(struct histo_pair));
}

static uint32_t sparse_pairs_of(uint64_t count)
{
    return (uint32_t)((count + HISTO_PAIR_MAX - 1) / HISTO_PAIR_MAX);
}

static uint32_t sparse_pairs_needed(const struct histo *h)
{
    uint32_t b, i, n = 0;

    for (b = histo_next_block(h, 0); b < HISTO_BLOCKS;
         b = histo_next_block(h, b + 1)) {
        const uint64_t *counts = histo_block(h, b);

        for (i = 0; i < HISTO_BLOCK; i++) {
            /* Nearly all are 0 or small: no division for those. */
            n += counts[i] <= HISTO_PAIR_MAX ? counts[i] != 0
                                             : sparse_pairs_of(counts[i]);
        }
    }
    return n;
}

static struct histo_pair *sparse_put(struct histo_pair *p, uint32_t bucket,
                                     uint64_t count)
{
    while (count > 0) {
        p->bucket = (uint16_t)bucket;
        p->count = (uint16_t)(count > HISTO_PAIR_MAX ? HISTO_PAIR_MAX : count);
        count -= p->count;
        p++;
    }
    return p;
}

void histo_to_sparse(const struct histo *h, struct histo_sparse *s)
{
    struct histo_pair *p;
    uint32_t b, i;

    *s = (struct histo_sparse){0};
    if (h->count == 0) {
        return;
    }
    s->n = sparse_pairs_needed(h);
    s->pairs = histo_pairs_new(s->n);
    s->count = h->count;
    s->sum = h->sum;
    s->min = h->min;
    s->max = h->max;
    s->overflow = h->overflow;
    p = s->pairs;
    for (b = histo_next_block(h, 0); b < HISTO_BLOCKS;
         b = histo_next_block(h, b + 1)) {
        const uint64_t *counts = histo_block(h, b);

        for (i = 0; i < HISTO_BLOCK; i++) {
            if (counts[i] != 0) {
                p = sparse_put(p, b * HISTO_BLOCK + i, counts[i]);
            }
        }
    }
    MUST(p == s->pairs + s->n);
}

void histo_sparse_clear(struct histo_sparse *s)
{
    free(s->pairs);
    *s = (struct histo_sparse){0};
}

/* Writes both, in order, to out, which has room for all; returns how many. */
static uint32_t sparse_zip(const struct histo_sparse *a,
                           const struct histo_sparse *b, struct histo_pair *out)
{
    uint32_t i = 0, k = 0, n = 0;

    while (i < a->n || k < b->n) {
        const struct histo_pair *next;

        if (k == b->n ||
            (i < a->n && a->pairs[i].bucket <= b->pairs[k].bucket)) {
            next = &a->pairs[i++];
        } else {
            next = &b->pairs[k++];
        }
        if (n > 0 && out[n - 1].bucket == next->bucket &&
            out[n - 1].count <= HISTO_PAIR_MAX - next->count) {
            out[n - 1].count = (uint16_t)(out[n - 1].count + next->count);
        } else {
            out[n++] = *next;
        }
    }
    return n;
}

void histo_sparse_merge(struct histo_sparse *a, const struct histo_sparse *b)
{
    struct histo_sparse sum = *a;

    if (b->count == 0) {
        return;
    }
    sum.pairs = histo_pairs_new(a->n + b->n);
    sum.n = sparse_zip(a, b, sum.pairs);
    sum.min = a->count == 0 || b->min < a->min ? b->min : a->min;
    sum.max = b->max > a->max ? b->max : a->max;
    sum.count += b->count;
    sum.overflow += b->overflow;
    sum.sum = a->sum > UINT64_MAX - b->sum ? UINT64_MAX : a->sum + b->sum;
    free(a->pairs);
    *a = sum;
}

void histo_add_sparse(struct histo *h, const struct histo_sparse *s)
{
    uint32_t i;

    if (s->count == 0) {
        return;
    }
    for (i = 0; i < s->n; i++) {
        uint32_t bucket = s->pairs[i].bucket;

        MUST(bucket < HISTO_BUCKETS);
        if (h->slot[bucket / HISTO_BLOCK] == 0) {
            histo_touch(h, bucket / HISTO_BLOCK);
        }
        histo_block(h, bucket / HISTO_BLOCK)[bucket % HISTO_BLOCK] +=
            s->pairs[i].count;
    }
    h->count += s->count;
    h->overflow += s->overflow;
    h->sum = h->sum + s->sum < s->sum ? UINT64_MAX : h->sum + s->sum;
    if (s->min < h->min) {
        h->min = s->min;
    }
    if (s->max > h->max) {
        h->max = s->max;
    }
}

void histo_find_min(struct histo *h)
{
    uint32_t was = histo_bucket(h->min), b, i;

    for (b = histo_next_block(h, was / HISTO_BLOCK); b < HISTO_BLOCKS;
         b = histo_next_block(h, b + 1)) {
        const uint64_t *counts = histo_block(h, b);

        for (i = 0; i < HISTO_BLOCK; i++) {
            uint32_t bucket = b * HISTO_BLOCK + i;

            if (counts[i] != 0) {
                h->min = bucket == was ? h->min : histo_bucket_low(bucket);
                return;
            }
        }
    }
    MUST(!"a histogram that is not empty has a lowest bucket");
}

void histo_find_max(struct histo *h)
{
    uint32_t was = histo_bucket(h->max), b = was / HISTO_BLOCK + 1, i;

    while (b-- > 0) {
        const uint64_t *counts;

        if (h->slot[b] == 0) {
            continue;
        }
        counts = histo_block(h, b);
        for (i = HISTO_BLOCK; i-- > 0;) {
            uint32_t bucket = b * HISTO_BLOCK + i;

            if (counts[i] != 0) {
                h->max = bucket == was ? h->max : histo_bucket_high(bucket);
                return;
            }
        }
    }
    MUST(!"a histogram that is not empty has a highest bucket");
}

void histo_sub_sparse(struct histo *h, const struct histo_sparse *s)
{
    uint32_t i;

    if (s->count == 0) {
        return;
    }
    MUST(h->count >= s->count);
    for (i = 0; i < s->n; i++) {
        uint32_t bucket = s->pairs[i].bucket;
        uint64_t *count;

        MUST(bucket < HISTO_BUCKETS && h->slot[bucket / HISTO_BLOCK] != 0);
        count = histo_block(h, bucket / HISTO_BLOCK) + bucket % HISTO_BLOCK;
        MUST(*count >= s->pairs[i].count);
        *count -= s->pairs[i].count;
    }
    if (h->count == s->count) {
        histo_clear(h);
        return;
    }
    h->count -= s->count;
    h->overflow -= s->overflow;
    h->sum = h->sum > s->sum ? h->sum - s->sum : 0;
    if (histo_bucket(s->min) <= histo_bucket(h->min)) {
        histo_find_min(h);
    }
    if (histo_bucket(s->max) >= histo_bucket(h->max)) {
        histo_find_max(h);
    }
}
