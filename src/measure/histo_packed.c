/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/must.h"
#include "base/varint.h"
#include "measure/histo_internal.h"

/* The pairs of a histogram that is not empty, or, with NULL, only how many
 * bytes they take. */
static size_t histo_put_pairs(const struct histo *h, uint8_t *to)
{
    uint32_t b, i, next = 0;
    size_t size = 0;

    for (b = histo_next_block(h, 0); b < HISTO_BLOCKS;
         b = histo_next_block(h, b + 1)) {
        const uint64_t *counts = histo_block(h, b);

        for (i = 0; i < HISTO_BLOCK; i++) {
            uint32_t bucket = b * HISTO_BLOCK + i;

            if (counts[i] == 0) {
                continue;
            }
            if (to == NULL) {
                size += varint_size(bucket - next) + varint_size(counts[i]);
            } else {
                size += varint_put(to + size, bucket - next);
                size += varint_put(to + size, counts[i]);
            }
            next = bucket + 1;
        }
    }
    return size;
}

size_t histo_packed_size(const struct histo *h)
{
    return histo_put_pairs(h, NULL);
}

void histo_pack(const struct histo *h, uint8_t *to, struct histo_packed *p)
{
    *p = (struct histo_packed){.bytes = to};
    if (h->count == 0) {
        return;
    }
    p->size = histo_put_pairs(h, to);
    p->count = h->count;
    p->sum = h->sum;
    p->min = h->min;
    p->max = h->max;
    p->overflow = h->overflow;
}

struct histo_walk histo_packed_walk(const struct histo_packed *p)
{
    return (struct histo_walk){
        .at = p->bytes, .end = p->size > 0 ? p->bytes + p->size : p->bytes};
}

static uint64_t walk_get(struct histo_walk *w)
{
    uint64_t v = 0;
    size_t n = varint_get(w->at, (size_t)(w->end - w->at), &v);

    MUST(n != 0 && n != VARINT_TOO_LONG);
    w->at += n;
    return v;
}

bool histo_walk_next(struct histo_walk *w)
{
    if (w->at == w->end) {
        return false;
    }
    w->bucket = w->next + (uint32_t)walk_get(w);
    w->count = walk_get(w);
    w->next = w->bucket + 1;
    return true;
}

void histo_add_packed(struct histo *h, const struct histo_packed *p)
{
    struct histo_walk w = histo_packed_walk(p);

    if (p->count == 0) {
        return;
    }
    while (histo_walk_next(&w)) {
        MUST(w.bucket < HISTO_BUCKETS);
        if (h->slot[w.bucket / HISTO_BLOCK] == 0) {
            histo_touch(h, w.bucket / HISTO_BLOCK);
        }
        histo_block(h, w.bucket / HISTO_BLOCK)[w.bucket % HISTO_BLOCK] +=
            w.count;
    }
    h->count += p->count;
    h->overflow += p->overflow;
    h->sum = h->sum + p->sum < p->sum ? UINT64_MAX : h->sum + p->sum;
    if (p->min < h->min) {
        h->min = p->min;
    }
    if (p->max > h->max) {
        h->max = p->max;
    }
}

void histo_sub_packed(struct histo *h, const struct histo_packed *p)
{
    struct histo_walk w = histo_packed_walk(p);

    if (p->count == 0) {
        return;
    }
    MUST(h->count >= p->count);
    if (h->count == p->count) {
        histo_clear(h);
        return;
    }
    while (histo_walk_next(&w)) {
        uint64_t *count;

        MUST(w.bucket < HISTO_BUCKETS && h->slot[w.bucket / HISTO_BLOCK] != 0);
        count = histo_block(h, w.bucket / HISTO_BLOCK) + w.bucket % HISTO_BLOCK;
        MUST(*count >= w.count);
        *count -= w.count;
    }
    h->count -= p->count;
    h->overflow -= p->overflow;
    h->sum = h->sum > p->sum ? h->sum - p->sum : 0;
    if (histo_bucket(p->min) <= histo_bucket(h->min)) {
        histo_find_min(h);
    }
    if (histo_bucket(p->max) >= histo_bucket(h->max)) {
        histo_find_max(h);
    }
}

uint64_t histo_packed_percentile(const struct histo_packed *p, double percent)
{
    struct histo_walk w = histo_packed_walk(p);
    uint64_t rank, seen = 0;

    if (p->count == 0) {
        return 0;
    }
    rank = histo_rank(percent, p->count);
    if (rank == p->count || rank == 1) {
        return rank == 1 ? p->min : p->max;
    }
    while (histo_walk_next(&w)) {
        seen += w.count;
        if (seen >= rank) {
            return histo_middle(w.bucket, p->min, p->max);
        }
    }
    return p->max;
}
