/* SPDX-License-Identifier: MIT
 *
 * usl - the Universal Scalability Law (Gunther 1993, 2007): throughput X at N
 * users, or threads, that ask at once,
 *
 *     X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)),
 *
 * fitted by least squares (Levenberg and Marquardt, through cminpack) with
 * 0 <= sigma <= 1 and kappa >= 0. Its peak is at N* = sqrt((1 - sigma) /
 * kappa). A fit says nothing beyond its data: a peak is given only where the
 * data themselves fall behind one. It is no law for users who think between
 * requests: see bounds.h. Pure; the same levels give the same bits. */
#ifndef INSIGHT_USL_H
#define INSIGHT_USL_H

#include <stdbool.h>
#include <stddef.h>

#define USL_LEVELS_MIN 6
#define USL_LEVELS_MAX 64
#define USL_R2_MIN     0.95

struct usl_level {
    double n; /* users, above 0; each level once */
    double x; /* completions a second */
};

struct usl_range {
    double low, high; /* HUGE_VAL: no end */
};

struct usl_fit {
    bool valid;      /* enough levels, and the law fits them */
    const char *why; /* static: why not valid, or why there is no peak; "" */
    bool fitted;     /* coefficients are there, valid or not: */
    double lambda, sigma, kappa;
    struct usl_range lambda_ci, sigma_ci, kappa_ci; /* 95 %, by t(n - 3) */
    double r2;
    double n_star; /* where the formula has its peak, whether or not
                      that is to be believed; HUGE_VAL: none */
    bool peak;     /* it is: */
    double x_star; /* throughput there */
    struct usl_range n_star_ci; /* 95 %, residual bootstrap of 400; where
                                   fitted */
    double n_max;               /* most users of the levels */
};

/* Of n levels by rising n; more than USL_LEVELS_MAX are not looked at. */
struct usl_fit usl_fit(const struct usl_level *levels, size_t n);

#endif
