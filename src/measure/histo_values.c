/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/histo.h"

#include <stddef.h>

/* What is given to the values of a histogram above the least that each could
 * be. */
struct values {
    uint64_t left; /* still to give */
    uint64_t room; /* of it the values to come can take at most */
    histo_value_fn *fn;
    void *ctx;
};

/* n values from low to high: those of a bucket, but for the least and the
 * greatest of all, which are known. */
struct values_span {
    uint64_t low, high, n;
};

/* The bucket of pair *i, which moves on behind it. */
static struct values_span values_span(const struct histo_sparse *s, uint32_t *i)
{
    uint32_t bucket = s->pairs[*i].bucket, from = *i;
    struct values_span v = {histo_bucket_low(bucket), histo_bucket_high(bucket),
                            0};

    v.low = v.low < s->min ? s->min : v.low;
    v.high = v.high > s->max ? s->max : v.high;
    v.high = v.high < v.low ? v.low : v.high;
    for (; *i < s->n && s->pairs[*i].bucket == bucket; ++*i) {
        v.n += s->pairs[*i].count;
    }
    v.n -= from == 0 && v.n > 0 ? 1 : 0;
    v.n -= *i == s->n && v.n > 0 ? 1 : 0;
    return v;
}

/* Each bucket takes as much of what is left as its share of the room is; what
 * others cannot take, it takes. */
static void values_give(struct values *v, struct values_span span)
{
    uint64_t all = (span.high - span.low) * span.n, rest = v->room - all;
    uint64_t give = 0, each, more;

    if (span.n == 0) {
        return;
    }
    if (all > 0) {
        give = (uint64_t)((double)v->left * ((double)all / (double)v->room));
    }
    if (v->left > rest && give < v->left - rest) {
        give = v->left - rest;
    }
    give = give > all ? all : give;
    give = give > v->left ? v->left : give;
    v->left -= give;
    v->room = rest;
    each = give / span.n;
    more = give % span.n;
    v->fn(v->ctx, span.low + each, span.n - more);
    if (more > 0) {
        v->fn(v->ctx, span.low + each + 1, more);
    }
}

void histo_sparse_values(const struct histo_sparse *s, histo_value_fn *fn,
                         void *ctx)
{
    struct values v = {.fn = fn, .ctx = ctx};
    uint64_t low = s->min + s->max;
    uint32_t i;

    if (s->count == 0) {
        return;
    }
    fn(ctx, s->min, 1);
    if (s->count == 1) {
        return;
    }
    for (i = 0; i < s->n;) {
        struct values_span span = values_span(s, &i);

        low += span.low * span.n;
        v.room += (span.high - span.low) * span.n;
    }
    v.left = s->sum > low ? s->sum - low : 0;
    v.left = v.left > v.room ? v.room : v.left;
    for (i = 0; i < s->n;) {
        values_give(&v, values_span(s, &i));
    }
    fn(ctx, s->max, 1);
}
