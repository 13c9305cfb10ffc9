/* SPDX-License-Identifier: MIT
 *
 * modes - has a latency two humps, such as a cache that is hit or missed makes
 * them? Of a histogram in bins of a tenth in the logarithm, smoothed by
 * 1-2-3-2-1. Pure arithmetic. */
#ifndef INSIGHT_MODES_H
#define INSIGHT_MODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODES_BINS 280 /* ln(2^40), the most a histogram has, is 27.7 */
/* Of fewer values nothing is said. */
#define MODES_LEAST 500

struct modes {
    bool two;
    double low_us, high_us; /* where the humps are highest */
    double share;           /* of values in the higher hump */
};

/* The bin of a value in µs; 0 and 1 share one. */
size_t modes_bin(uint64_t us);

/* Two humps: 1.5 times apart or more, 5 % of the values in each, and between
 * them a valley that is at most 0.6 of the lower one and deeper than chance
 * makes it (2.5 standard errors). */
struct modes modes_find(const uint32_t bins[MODES_BINS]);

#endif
