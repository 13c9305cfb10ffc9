/* SPDX-License-Identifier: MIT
 *
 * heat - how latency spreads over time: for each bin the share of its requests
 * in each row of a scale, out of histograms, so that two kinds of answers are
 * two bands and not one average between them. Pure; columns that are complete
 * are computed once. */
#ifndef CHART_HEAT_H
#define CHART_HEAT_H

#include <stddef.h>
#include <stdint.h>

#include "chart/bins.h"
#include "chart/scale.h"
#include "measure/series.h"

enum {
    HEAT_ROWS_MAX = 64,
    HEAT_LEVELS = 5, /* of shares; 0 = nothing at all */
};

struct heat; /* opaque */

struct heat *heat_new(void);
void heat_free(struct heat **h);
/* Brings it up to date with the bins (all requests) of s: rows 1..HEAT_ROWS_MAX
 * that divide the scale evenly; what lies beyond its ends is in the outermost
 * ones. */
void heat_update(struct heat *h, const struct series *s, const struct bins *b,
                 const struct scale *scale, int rows);
int heat_rows(const struct heat *h);
/* The value, µs, at which that one of so many rows begins. */
double heat_edge(const struct scale *scale, int rows, int row);
/* Share of the bin's requests, 0..1; row 0 is the lowest; 0 outside. */
double heat_share(const struct heat *h, size_t bin, int row);
/* So many requests of the bin are in the row; 0 outside. */
uint32_t heat_requests(const struct heat *h, size_t bin, int row);
/* How strongly a share is drawn, 0..HEAT_LEVELS: anything above nothing is
 * seen. */
int heat_level(double share);
/* The share from which on a level is drawn; of 1: 0. */
double heat_from(int level);

#endif
