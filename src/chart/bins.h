/* SPDX-License-Identifier: MIT
 *
 * bins - a series at the resolution of a picture: whole slots put together,
 * their histograms merged (percentiles are never averaged). Bins stand on
 * multiples of their width, so that they do not shift as time goes on, and
 * those that are complete are computed once. */
#ifndef CHART_BINS_H
#define CHART_BINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chart/axis.h"
#include "measure/series.h"

struct bin {
    uint64_t start_us, end_us; /* run time; the end is the bin's, also for one
                                  that is still filling */
    uint64_t active_us;        /* 0 = paused throughout */
    uint64_t requests, failed;
    double rated;                  /* as in struct slot; overall bins only */
    uint64_t errors[ERRORS_COUNT]; /* overall bins only */
    uint32_t vus, planned;         /* in its middle */
    uint32_t vus_min, vus_max;
    bool manual;   /* load by hand in some part of it */
    bool complete; /* no more will come */
    bool settled;  /* it is, or enough of it is over to speak for the whole */
    bool unseen;   /* in some part of it nothing of the service was seen */
    struct server_seen server;              /* overall bins only */
    uint64_t samples;                       /* behind the percentiles */
    uint64_t p5_us, p50_us, p95_us, p99_us; /* 0 when samples is 0 */
};

/* Are its percentiles worth drawing? Those of the first moments of a bin would
 * stand for all of it, and jump; only in the run's first bin there is nothing
 * else to look at. */
static inline bool bin_tells(const struct bin *b)
{
    return b->samples > 0 && (b->settled || b->start_us == 0);
}

struct bins; /* opaque */

/* name: index of a request name, or -1 for all requests. */
struct bins *bins_new(int name);
void bins_free(struct bins **b);
/* Brings them up to date with s for a picture of the time of an axis in at most
 * max bins (>= 1), and one more where the axis begins within one. A slot is
 * never split, so there are fewer when slots are wider. */
void bins_update(struct bins *b, const struct series *s, const struct axis *a,
                 size_t max);
size_t bins_count(const struct bins *b);
/* Borrowed until the next update. */
const struct bin *bins_at(const struct bins *b, size_t i);
/* How wide a bin is, µs. 0 before the first update. */
uint64_t bins_width_us(const struct bins *b);

#endif
