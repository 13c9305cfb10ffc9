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

static void values_add(void *ctx, uint64_t value, uint64_t count)
{
    struct values_out *o = ctx;

    if (count > 0) {
        if (value != o->value) {
            values_flush(o);
        }
        o->value = value;
        o->count += count;
    }
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
        histo_sparse_values(p->trend, values_add, &o);
        values_flush(&o);
        return;
    }
}
