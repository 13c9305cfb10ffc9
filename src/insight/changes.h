/* SPDX-License-Identifier: MIT
 *
 * changes - where the mean of a noisy series changes: the step of binary
 * segmentation (Scott and Knott 1974; a comparison of methods is in Truong,
 * Oudre and Vayatis 2020), with a noise that is estimated from the series and
 * that may remember. For logarithms, so that differences are shares. One value
 * by itself is no change, and hides none at either end. Pure arithmetic. */
#ifndef INSIGHT_CHANGES_H
#define INSIGHT_CHANGES_H

#include <stdbool.h>
#include <stddef.h>

/* Values on both sides of a change at least. */
#define CHANGES_SIDE 5
/* Differences of the means that matter: a tenth, in logarithms. */
#define CHANGES_LEAST 0.09531017980432493
/* Standard errors of it: a series that is looked at again and again while it
 * grows. */
#define CHANGES_SURE 6.0
/* With so few values on a side as are enough for a mean, that many. */
#define CHANGES_SURER 10.0
/* So many values that are surely of one side are enough for their mean. */
#define CHANGES_MEAN 3

struct changes_split {
    size_t at;            /* the first value after the change */
    double before, after; /* means */
    double score;         /* standard errors; HUGE_VAL without any noise */
};

/* The best place to cut n values in two; false: nowhere is the difference more
 * than CHANGES_SURE standard errors and than CHANGES_LEAST, nor one with
 * CHANGES_MEAN values on a side more than CHANGES_SURER. The standard error
 * has (1 + r) / (1 - r) for noise whose neighbours correlate by r, 0..0.9.
 *
 * The first and the last value count as no further out than the three next to
 * them and twice the mean step from one value to the next: in a longer series
 * one would be as sure as a change, and by its noise hide one. For the same
 * reason half of the difference has to be left without any one value. */
bool changes_split(const double *x, size_t n, struct changes_split *out);

/* Where the change is that was found. */
struct changes_place {
    size_t at;            /* the first value after it: the likeliest, with
                             CHANGES_MEAN values on both sides at least */
    size_t low, high;     /* in 95 of 100 it is among these, 1..n-1 */
    double before, after; /* means of what is surely so, if that is enough */
};

/* Of n >= 2 CHANGES_SIDE values and what changes_split found in them: of that
 * cut and those beside it, CHANGES_SIDE - CHANGES_MEAN on either hand, the one
 * that explains most, and all places that explain so nearly as much that the
 * likelihood ratio is no more than 7.35 (Hansen 2000, "Sample splitting and
 * threshold estimation"; Siegmund 1988), for noise as of changes_split. The
 * means may be less apart than those that were found. */
struct changes_place changes_locate(const double *x, size_t n,
                                    const struct changes_split *cut);

#endif
