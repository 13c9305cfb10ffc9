/* SPDX-License-Identifier: MIT
 *
 * compare_internal - a run at one load, as a comparison draws from it. */
#ifndef INSIGHT_COMPARE_INTERNAL_H
#define INSIGHT_COMPARE_INTERNAL_H

#include "insight/compare.h"

/* Some windows put together. */
struct block {
    size_t first, n; /* in the side's own windows */
    uint64_t active_us, requests, failed;
    double p95;
};

/* A side at one load. */
struct side {
    const struct window **w; /* owned; the windows borrowed */
    size_t n;
    struct block *blocks; /* owned */
    size_t n_blocks;
    uint64_t active_us;
    uint64_t *sum; /* owned: COARSE_BUCKETS, what is drawn */
    uint64_t count, requests, failed, drawn_us; /* of it */
};

/* Those of a run's windows that are of the load. */
void side_init(struct side *s, const struct compare_side *from, double load);
void side_clear(struct side *s);
/* Cuts it into blocks of so much active time. */
void side_blocks(struct side *s, double block_us);
/* How alike neighbours are; 0 where nothing differs, or nothing is there. */
double side_lag1(const struct side *s);
/* Forgets what was drawn, and draws a block. */
void side_none(struct side *s);
void side_draw(struct side *s, const struct block *b);
/* Of what is drawn: the value at a rank, from 1; a percentile, NAN of
 * nothing. */
double side_rank(const struct side *s, uint64_t rank);
double side_percentile(const struct side *s, double p);

#endif
