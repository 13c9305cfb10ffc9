/* SPDX-License-Identifier: MIT
 *
 * binom - how many of n independent tries succeed at most, with a certainty:
 * the quantiles that tests on counts are made of. Pure arithmetic. */
#ifndef INSIGHT_BINOM_H
#define INSIGHT_BINOM_H

#include <stdint.h>

/* The smallest k with P(X <= k) >= q for X binomial(n, p). q in 0..1, p in
 * 0..1 (clamped). Exact to rounding: the mass is summed from the mode outwards
 * by the ratio of neighbours, until what is left is below 1e-17 of it; so the
 * work grows with the root of n. Beyond a variance of 1e8, as only counts that
 * somebody made up have it, by the expansion of Cornish and Fisher (1938), off
 * by one at most: no n takes long. */
uint64_t binom_quantile(uint64_t n, double p, double q);
/* Active time in which there are samples enough for that: the smallest window
 * of 1, 2, 5, 10, 15 and 30 s with 60 of them, at so many a second; 30 s where
 * none has. */
uint64_t binom_window_us(double rate);

#endif
