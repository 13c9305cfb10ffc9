/* SPDX-License-Identifier: MIT
 *
 * cumulative - what the points of a run (record/points.h) have added up to
 * since it began, for outputs that send that: a series for each metric and set
 * of tags, with a counter's sum, a gauge's last value, a rate's share, a
 * trend's histogram, never an average of percentiles. Memory is bounded by the
 * number of series and not by time: of what would be more than
 * CUMULATIVE_SERIES_MAX or CUMULATIVE_TREND_BYTES nothing is kept. */
#ifndef RECORD_CUMULATIVE_H
#define RECORD_CUMULATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/histo.h"
#include "plan/metric.h"
#include "record/points.h"

#define CUMULATIVE_SERIES_MAX  20000u
#define CUMULATIVE_TREND_BYTES (64u << 20) /* of all trends' buckets */

struct cumulative_series {
    struct metric_info info;
    char *key;          /* owned: the metric, and behind it the labels */
    const char *labels; /* in key: NAME NUL VALUE NUL, by rising name */
    size_t labels_len;
    uint64_t count;            /* samples of a rate */
    double value;              /* COUNTER: sum; GAUGE: last; RATE: hits */
    struct histo_sparse trend; /* TREND */
    bool fresh;      /* a point came since whoever walks it took this back */
    double *figures; /* owned by the store, for whoever walks it: as many as
                        cumulative_new was told, 0 at first; NULL but for
                        trends */
};

struct cumulative; /* opaque */

/* figures: those that each trend's series has room for. Owned by the caller. */
struct cumulative *cumulative_new(size_t figures);
void cumulative_free(struct cumulative **s);
/* Labels that are empty, or named as Prometheus' own are, "__", are left out.
 * false: no room, nothing of it was kept; *why, which may be NULL, says what
 * was too much and what to do: static, for people. */
bool cumulative_add(struct cumulative *s, const struct point *p,
                    const char **why);
size_t cumulative_count(const struct cumulative *s); /* series */
/* Each series, in the order in which they came. */
typedef void cumulative_fn(void *ctx, struct cumulative_series *x);
void cumulative_each(struct cumulative *s, cumulative_fn *fn, void *ctx);

#endif
