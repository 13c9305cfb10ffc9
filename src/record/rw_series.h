/* SPDX-License-Identifier: MIT
 *
 * rw_series - what the points of a run (record/points.h) have added up to
 * since it began, a series for each metric and set of tags: a counter's sum, a
 * gauge's last value, a rate's share, a trend's histogram, never an average of
 * percentiles. Memory is bounded by the number of series and not by time: of
 * what would be more than RW_SERIES_MAX or RW_TREND_BYTES nothing is kept.
 */
#ifndef RECORD_RW_SERIES_H
#define RECORD_RW_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/histo.h"
#include "plan/metric.h"
#include "record/points.h"

#define RW_SERIES_MAX  20000u
#define RW_TREND_BYTES (64u << 20) /* of all trends' buckets */

struct rw_series {
    struct metric_info info;
    char *key;          /* owned: the metric, and behind it the labels */
    const char *labels; /* in key: NAME NUL VALUE NUL, by rising name */
    size_t labels_len;
    uint64_t count;            /* samples of a rate */
    double value;              /* COUNTER: sum; GAUGE: last; RATE: hits */
    struct histo_sparse trend; /* TREND */
    bool fresh;      /* a point came since whoever walks it took this back */
    double *figures; /* owned by the store, for whoever walks it: as many as
                        rw_store_new was told, 0 at first; NULL but for
                        trends */
};

struct rw_store; /* opaque */

struct rw_store *rw_store_new(size_t figures);
void rw_store_free(struct rw_store **s);
/* false: no room, nothing of it was kept. */
bool rw_store_add(struct rw_store *s, const struct point *p);
size_t rw_store_count(const struct rw_store *s);
/* Each series, in the order in which they came. */
typedef void rw_series_fn(void *ctx, struct rw_series *x);
void rw_store_each(struct rw_store *s, rw_series_fn *fn, void *ctx);

#endif
