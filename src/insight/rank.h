/* SPDX-License-Identifier: MIT
 *
 * rank - what can be said from the order of values alone: the interval that
 * holds a percentile, and by how much one group of runs is above another (Mann
 * and Whitney 1947, Hodges and Lehmann 1963). Pure arithmetic. */
#ifndef INSIGHT_RANK_H
#define INSIGHT_RANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ranks, from 1, of n independent values between which the percentile p,
 * 0..100, lies at 95 %: for p95 of 100 90 and 100. false: too few for that. */
bool rank_interval(uint64_t n, double p, uint64_t *low, uint64_t *high);

#define RANK_RUNS_MAX 50
/* How far the values of b are above those of a. */
struct rank_shift {
    double shift;     /* the median of all differences */
    double low, high; /* it lies there */
    double held;      /* with this probability: 0.95, or as much as so few
                         values can give */
    double p;         /* that such a difference comes by chance, two-sided */
};
/* Each 1 to RANK_RUNS_MAX values. Exact where no two are equal. */
struct rank_shift rank_shift(const double *a, size_t n, const double *b,
                             size_t m);

#endif
