/* SPDX-License-Identifier: MIT
 *
 * trend_internal - what trend.c (cells, blocks, the answer) and trend_test.c
 * (the test of points) share. */
#ifndef INSIGHT_TREND_INTERNAL_H
#define INSIGHT_TREND_INTERNAL_H

#include <stddef.h>

/* Rising. */
void trend_sort(double *x, size_t n);
/* n >= 1 */
double trend_middle(const double *sorted, size_t n);

#endif
