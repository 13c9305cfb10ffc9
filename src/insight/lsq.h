/* SPDX-License-Identifier: MIT
 *
 * lsq - linear least squares with a few coefficients, row by row, by the normal
 * equations. Pure arithmetic. */
#ifndef INSIGHT_LSQ_H
#define INSIGHT_LSQ_H

#include <stdbool.h>
#include <stddef.h>

#define LSQ_MAX 4 /* coefficients */

struct lsq {
    size_t m, n; /* coefficients; rows so far */
    double a[LSQ_MAX][LSQ_MAX], b[LSQ_MAX];
    double yy; /* sum of the squares of y */
};

void lsq_init(struct lsq *q, size_t m);
/* One observation: m factors, and what they should add up to. */
void lsq_add(struct lsq *q, const double *row, double y);
/* The coefficients; false: the rows do not determine them. */
bool lsq_solve(const struct lsq *q, double *c);
/* Roots of the diagonal of the inverse: standard errors for residuals of
 * standard deviation 1. */
bool lsq_spread(const struct lsq *q, double *se);
/* What is left of the squares at c, never below 0. */
double lsq_rest(const struct lsq *q, const double *c);

#endif
