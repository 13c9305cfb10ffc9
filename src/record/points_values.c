/* SPDX-License-Identifier: MIT
 *
 * points_values - the values that the samples of a point had. */
#include "config.h"

#include "record/points.h"

/* Values that are the same are given together. */
struct values_out {
    uint64_t value, count;
    point_value_fn *fn;
    void *ctx;
};

static void values_flush(struct values_out *o)
{
    if (o->count > 0) {
        o->fn(o->ctx, (double)o->value / 1000, o->count);
        o->count = 0;
    }
}

static void values_add(struct values_out *o, uint64_t value, uint64_t count)
{
    if (count > 0) {
        if (value != o->value) {
            values_flush(o);
        }
        o->value = value;
        o->count += count;
    }
}

static void values_trend(const struct histo_sparse *s, struct values_out *o)
{
    uint64_t most = s->count > 1 ? 1 : 0;
    uint32_t i;

    values_add(o, s->min, 1);
    for (i = 0; i < s->n; i++) {
        uint32_t bucket = s->pairs[i].bucket;
        uint64_t low = histo_bucket_low(bucket);
        uint64_t middle = low + (histo_bucket_high(bucket) - low) / 2;
        uint64_t count = s->pairs[i].count;

        middle = middle < s->min ? s->min : middle;
        middle = middle > s->max ? s->max : middle;
        /* The first is the least, the last the most. */
        count -= i == 0 ? 1 : 0;
        count -= i == s->n - 1 ? most : 0;
        values_add(o, middle, count);
    }
    values_add(o, s->max, most);
    values_flush(o);
}

void point_values(const struct point *p, point_value_fn *fn, void *ctx)
{
    struct values_out o = {.fn = fn, .ctx = ctx};
    uint64_t hits;

    switch (p->info.type) {
    case METRIC_COUNTER:
    case METRIC_GAUGE:
        fn(ctx, p->value, 1);
        return;
    case METRIC_RATE:
        hits = (uint64_t)p->value;
        if (p->count > hits) {
            fn(ctx, 0, p->count - hits);
        }
        if (hits > 0) {
            fn(ctx, 1, hits);
        }
        return;
    case METRIC_TREND:
        values_trend(p->trend, &o);
        return;
    }
}
