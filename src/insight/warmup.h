/* SPDX-License-Identifier: MIT
 *
 * warmup - how much of the beginning of a series is not like the rest of it:
 * MSER-5 (White 1997, "An effective truncation heuristic for bias reduction in
 * simulation output"; White, Cobb and Spratt 2000). Pure arithmetic. */
#ifndef INSIGHT_WARMUP_H
#define INSIGHT_WARMUP_H

#include <stdbool.h>
#include <stddef.h>

/* With fewer batches nothing can be said. */
#define WARMUP_LEAST 10

/* z: means of batches, in the order of time, m of them (of five seconds each:
 * what makes MSER to MSER-5). Returns how many to leave out: the d in 0..m/2
 * for which the rest's error of the mean, sum((z - mean)^2) / (m - d)^2, is
 * the smallest; the first of equals. *steady is false where that is m/2, which
 * says that there may be no steady state, and where m < WARMUP_LEAST, of which
 * 0 is returned. */
size_t warmup_mser(const double *z, size_t m, bool *steady);

#endif
