/* SPDX-License-Identifier: MIT
 *
 * trend_test - Mann-Kendall and Theil-Sen of a handful of points. */
#include "config.h"

#include "insight/trend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "insight/trend_internal.h"

#define TREND_Z95 1.959963984540054
/* Growth of so many times all that is left of the points. */
#define TREND_LINE 10

static int trend_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

void trend_sort(double *x, size_t n)
{
    qsort(x, n, sizeof *x, trend_order);
}

double trend_middle(const double *sorted, size_t n)
{
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

/* Of neighbours; 0 of constants. */
static double trend_lag1(const double *x, size_t n)
{
    double mean = 0, top = 0, all = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        mean += x[i] / (double)n;
    }
    for (i = 0; i < n; i++) {
        all += (x[i] - mean) * (x[i] - mean);
        top += i + 1 < n ? (x[i] - mean) * (x[i + 1] - mean) : 0;
    }
    return all > 0 ? top / all : 0;
}

/* The variance of S where x has ties: (n(n-1)(2n+5) - sum t(t-1)(2t+5)) / 18.
 * x is sorted. */
static double test_variance(const double *x, size_t n)
{
    double k = (double)n, var = k * (k - 1) * (2 * k + 5);
    size_t i, from = 0;

    for (i = 1; i <= n; i++) {
        if (i == n || x[i] > x[from]) {
            double t = (double)(i - from);

            var -= t * (t - 1) * (2 * t + 5);
            from = i;
        }
    }
    return var / 18;
}

/* Ranks, ties at their mean, of x, n of them. */
static void test_ranks(const double *x, size_t n, double *rank)
{
    size_t i, k;

    for (i = 0; i < n; i++) {
        rank[i] = 0.5;
        for (k = 0; k < n; k++) {
            rank[i] += x[k] < x[i] ? 1 : x[k] > x[i] ? 0 : 0.5;
        }
    }
}

/* 1 + 2/(n(n-1)(n-2)) sum (n-k)(n-k-1)(n-k-2) rho_k over those lags up to a
 * quarter whose rho, of the ranks of what the slope leaves, is significant. */
static double test_factor(const double *left, size_t n)
{
    double rank[TREND_BLOCKS_MAX], mean = ((double)n + 1) / 2, all = 0;
    double sum = 0, m = (double)n;
    size_t i, k;

    test_ranks(left, n, rank);
    for (i = 0; i < n; i++) {
        all += (rank[i] - mean) * (rank[i] - mean);
    }
    for (k = 1; k <= n / 4 && all > 0; k++) {
        double top = 0, lag = (double)k;

        for (i = 0; i + k < n; i++) {
            top += (rank[i] - mean) * (rank[i + k] - mean);
        }
        if (fabs(top / all) > TREND_Z95 / sqrt(m)) {
            sum += (m - lag) * (m - lag - 1) * (m - lag - 2) * top / all;
        }
    }
    sum = n > 2 ? 1 + 2 * sum / (m * (m - 1) * (m - 2)) : 1;
    return sum > 1 ? sum : 1;
}

/* All slopes between two points, rising; S on the way. */
static size_t test_slopes(const double *t, const double *x, size_t n,
                          double *slopes, double *s)
{
    size_t i, k, count = 0;

    *s = 0;
    for (i = 0; i < n; i++) {
        for (k = i + 1; k < n; k++) {
            *s += (x[k] > x[i]) - (x[k] < x[i]);
            slopes[count++] = (x[k] - x[i]) / (t[k] - t[i]);
        }
    }
    trend_sort(slopes, count);
    return count;
}

/* The slopes at ranks (N -+ z sqrt(var)) / 2, outwards to whole ones. */
static void test_interval(struct trend_test *r, const double *slopes, size_t n)
{
    double half = TREND_Z95 * sqrt(r->var * r->factor);
    double low = floor(((double)n - half) / 2) - 1;
    double high = ceil(((double)n + half) / 2);

    r->low = slopes[low > 0 ? (size_t)low : 0];
    r->high = slopes[high < (double)n - 1 ? (size_t)high : n - 1];
}

static double test_careful(double lag1, size_t n)
{
    double m = (double)n, r = n > 4 ? (lag1 + 2 / m) / (1 - 4 / m) : 0.9;

    r = r < 0 ? 0 : r > 0.9 ? 0.9 : r;
    return (1 + r) / (1 - r);
}

/* What a line leaves is next to nothing: however alike neighbours are in it,
 * they have not made the line. */
static bool test_is_line(const double *left, size_t n, double growth)
{
    double low = left[0], high = left[0];
    size_t i;

    for (i = 1; i < n; i++) {
        low = left[i] < low ? left[i] : low;
        high = left[i] > high ? left[i] : high;
    }
    return high - low < fabs(growth) / TREND_LINE;
}

static struct trend_test test_of(const double *t, const double *x, size_t n,
                                 bool careful)
{
    double left[TREND_BLOCKS_MAX];
    struct trend_test r = {.factor = 1};
    double *slopes;
    size_t count, i;

    MUST(n >= 2 && n <= TREND_BLOCKS_MAX);
    memcpy(left, x, n * sizeof *x);
    trend_sort(left, n);
    r.var = test_variance(left, n);
    slopes = xreallocarray(NULL, n * (n - 1) / 2, sizeof *slopes);
    count = test_slopes(t, x, n, slopes, &r.s);
    r.slope = trend_middle(slopes, count);
    for (i = 0; i < n; i++) {
        left[i] = x[i] - r.slope * (t[i] - t[0]);
    }
    r.lag1 = trend_lag1(left, n);
    r.factor = test_factor(left, n);
    if (careful && test_is_line(left, n, r.slope * (t[n - 1] - t[0]))) {
        r.lag1 = 0;
        r.factor = 1;
    } else if (careful) {
        r.factor = fmax(r.factor, test_careful(r.lag1, n));
    }
    if (r.var > 0 && fabs(r.s) > 1) {
        r.z = copysign(fabs(r.s) - 1, r.s) / sqrt(r.var * r.factor);
    }
    test_interval(&r, slopes, count);
    free(slopes);
    return r;
}

struct trend_test trend_test(const double *t, const double *x, size_t n)
{
    return test_of(t, x, n, false);
}

struct trend_test trend_test_careful(const double *t, const double *x, size_t n)
{
    return test_of(t, x, n, true);
}
