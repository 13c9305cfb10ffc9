/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/bounds.h"

#include <math.h>

#include "insight/lsq.h"

/* Time between requests that is more than the client's own. */
#define BOUNDS_THINK 0.1
/* A fifth more users. */
#define BOUNDS_MORE 1.2
/* Between levels further apart there may be a peak that is well above both:
 * where X(N) and X(cN) are the same although it is a law of contention and
 * crosstalk, X between them is up to (c + 1) / (2 sqrt(c)) times as high: 6 %
 * more for 2, and three quarters more for 10. */
#define BOUNDS_NEAR 2.05
/* Standard errors. */
#define BOUNDS_SURE 2

#define KNEE_LEVELS 6
#define KNEE_PLACES 100 /* tried between the second and the last but one */
#define KNEE_BETTER 10
#define KNEE_SLOPE  0.3

/* What b does may be so many times as much by chance. */
static double bounds_chance(const struct bounds_level *a,
                            const struct bounds_level *b)
{
    double error =
        a->count > 0 && b->count > 0 ? sqrt(1 / a->count + 1 / b->count) : 0;

    return exp(BOUNDS_SURE * error);
}

static bool bounds_near(const struct bounds_level *levels, size_t i)
{
    return levels[i + 1].n <= BOUNDS_NEAR * levels[i].n;
}

/* A level that does as much as any, and the next, not far apart, that does as
 * much; or less, where the one before is not far away either. */
static bool bounds_flat(const struct bounds_level *levels, size_t n, size_t i)
{
    double most = 0;
    size_t k;

    for (k = i; k < n; k++) {
        most = fmax(most, levels[k].x / bounds_chance(&levels[i], &levels[k]));
    }
    for (k = i; k + 1 < n; k++) {
        const struct bounds_level *a = &levels[k], *b = &levels[k + 1];
        bool fell = b->x * bounds_chance(a, b) * BOUNDS_FULL < a->x;

        if (bounds_near(levels, k) && a->x * BOUNDS_FULL >= most &&
            (!fell || (k > 0 && bounds_near(levels, k - 1)))) {
            return true;
        }
    }
    return false;
}

/* Level i is the first of those at which throughput grows no more. */
static bool bounds_full(const struct bounds_level *levels, size_t n, size_t i)
{
    const struct bounds_level *from = &levels[i], *last = &levels[n - 1];
    size_t first = i;
    double most = 0;

    for (i++; i < n; i++) {
        most = fmax(most, levels[i].x / bounds_chance(from, &levels[i]));
    }
    return most <= BOUNDS_FULL * from->x && last->n >= BOUNDS_MORE * from->n &&
           last->x * bounds_chance(from, last) <=
               from->x * (1 + last->n / from->n) / 2 &&
           bounds_flat(levels, n, first);
}

/* Where the lowest level does as much as any, they wait there already. */
static void bounds_cap(struct bounds *b, const struct bounds_level *lowest)
{
    if (lowest->x * BOUNDS_FULL >= b->x_max && lowest->n < b->knee) {
        b->knee = lowest->n;
        b->fewer = true;
    }
}

struct bounds bounds_of(const struct bounds_level *levels, size_t n)
{
    struct bounds b = {0};
    size_t i;

    if (n == 0 || levels[0].x <= 0) {
        return b;
    }
    b.z_s = levels[0].z_s;
    b.r0_s = levels[0].r_s;
    b.thinks = b.z_s > BOUNDS_THINK * b.r0_s;
    for (i = 0; i < n; i++) {
        b.x_max = fmax(b.x_max, levels[i].x);
        b.full = b.full || (i + 1 < n && bounds_full(levels, n, i));
    }
    if (b.full) {
        b.d_s = 1 / b.x_max;
        b.knee = (b.r0_s + b.z_s) / b.d_s;
        bounds_cap(&b, &levels[0]);
    }
    return b;
}

/* Of residuals whose squares sum to rest. Where nothing is left to explain, the
 * rounding of the figures is. */
static double knee_criterion(double rest, double scale, size_t n, size_t k)
{
    double least = 1e-12 * scale * (double)n;

    return (double)n * log(fmax(rest, least) / (double)n) +
           (double)k * log((double)n);
}

/* One line, or two that meet at `at`; returns what is left. */
static double knee_fit(const struct bounds_level *levels, size_t n, double at,
                       size_t m, double *c)
{
    struct lsq q;
    double rest = 0;
    size_t i;

    lsq_init(&q, m);
    for (i = 0; i < n; i++) {
        double row[] = {1, levels[i].n, fmax(levels[i].n - at, 0)};

        lsq_add(&q, row, levels[i].x);
    }
    if (!lsq_solve(&q, c)) {
        return HUGE_VAL;
    }
    for (i = 0; i < n; i++) {
        double y = c[0] + c[1] * levels[i].n;

        y += m == 3 ? c[2] * fmax(levels[i].n - at, 0) : 0;
        rest += (levels[i].x - y) * (levels[i].x - y);
    }
    return rest;
}

double bounds_knee(const struct bounds_level *levels, size_t n)
{
    double line[LSQ_MAX], c[LSQ_MAX] = {0}, best = HUGE_VAL, knee = 0, one,
                          scale = 0;
    size_t i;

    if (n < KNEE_LEVELS) {
        return 0;
    }
    for (i = 0; i <= KNEE_PLACES; i++) {
        double at = levels[1].n +
                    (levels[n - 2].n - levels[1].n) * (double)i / KNEE_PLACES;
        double two[LSQ_MAX], rest = knee_fit(levels, n, at, 3, two);

        if (rest < best) {
            best = rest;
            knee = at;
            c[1] = two[1];
            c[2] = two[2];
        }
    }
    for (i = 0; i < n; i++) {
        scale = fmax(scale, levels[i].x * levels[i].x);
    }
    one = knee_fit(levels, n, 0, 2, line);
    return c[1] > 0 && c[1] + c[2] < KNEE_SLOPE * c[1] &&
                   knee_criterion(one, scale, n, 2) -
                           knee_criterion(best, scale, n, 4) >
                       KNEE_BETTER
               ? knee
               : 0;
}
