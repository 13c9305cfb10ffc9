/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/rw_native.h"

#include <stdbool.h>

#include "base/must.h"

/* A bucket of count values, behind those that were added before; last: index
 * of the one before, and its count. */
struct rw_native_last {
    bool any;
    int32_t index;
    uint64_t count;
};

static void rw_native_add(struct rw_native *n, struct rw_native_last *last,
                          int32_t index, uint64_t count)
{
    if (last->any && index == last->index) {
        last->count += count;
        n->deltas[n->n_deltas - 1] += (int64_t)count;
        return;
    }
    MUST(n->n_deltas < EXPONENTIAL_BUCKETS);
    if (last->any && index == last->index + 1) {
        n->spans[n->n_spans - 1].length++;
    } else {
        n->spans[n->n_spans++] = (struct rw_span){
            .offset = last->any ? index - last->index - 1 : index, .length = 1};
    }
    n->deltas[n->n_deltas++] = (int64_t)count - (int64_t)last->count;
    *last = (struct rw_native_last){true, index, count};
}

void rw_native_of(struct rw_native *n, const struct histo_sparse *h,
                  double scale)
{
    struct rw_native_last last = {false, 0, 0};
    uint32_t i;

    n->count = h->count;
    n->sum = (double)h->sum * scale;
    n->zero = 0;
    n->n_spans = n->n_deltas = 0;
    for (i = 0; i < h->n; i++) {
        uint64_t value = histo_middle(h->pairs[i].bucket, h->min, h->max);

        if (value == 0) {
            n->zero += h->pairs[i].count;
        } else {
            rw_native_add(n, &last, exponential_bucket((double)value * scale),
                          h->pairs[i].count);
        }
    }
}
