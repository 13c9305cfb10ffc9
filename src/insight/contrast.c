/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/contrast.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "insight/student.h"

/* As in compare.c: from here on neighbours are alike, and as much is believed
 * of what is left when there are no more moments to put together. */
#define CONTRAST_ALIKE 0.3
#define CONTRAST_RHO   0.6
/* Moments of a part of its own. */
#define CONTRAST_PART_MIN 3

static double contrast_mean(const double *x, size_t n)
{
    double sum = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        sum += x[i];
    }
    return sum / (double)n;
}

/* Without the means of parts; one of less than CONTRAST_PART_MIN goes with the
 * one before it. Returns how many parts there are. */
static size_t contrast_rest(const double *d, const unsigned *part, size_t n,
                            double *out)
{
    size_t from = 0, parts = 0, to, i;

    while (from < n) {
        double mean;

        for (to = from + 1; to < n; to++) {
            if (part != NULL && part[to] != part[to - 1] &&
                to - from >= CONTRAST_PART_MIN && n - to >= CONTRAST_PART_MIN) {
                break;
            }
        }
        mean = contrast_mean(d + from, to - from);
        for (i = from; i < to; i++) {
            out[i] = d[i] - mean;
        }
        parts++;
        from = to;
    }
    return parts;
}

/* Means of so many neighbours each; what is left over at the end belongs to
 * the last. Returns how many there are. */
static size_t contrast_blocks(const double *d, size_t n, size_t each,
                              double *out)
{
    size_t blocks = n / each, i, k;

    for (i = 0; i < blocks; i++) {
        size_t to = i + 1 < blocks ? (i + 1) * each : n;
        double sum = 0;

        for (k = i * each; k < to; k++) {
            sum += d[k];
        }
        out[i] = sum / (double)(to - i * each);
    }
    return blocks;
}

/* How alike neighbours are, and their variance within so many parts. */
static double contrast_lag1(const double *x, size_t n, size_t parts,
                            double *variance)
{
    double mean = contrast_mean(x, n), var = 0, cov = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        var += (x[i] - mean) * (x[i] - mean);
        cov += i + 1 < n ? (x[i] - mean) * (x[i + 1] - mean) : 0;
    }
    *variance = var / (double)(n - parts);
    /* A short series looks less alike than it is (Marriott and Pope 1954). */
    return var > 0 ? (cov / var * (double)n + 1) / ((double)n - 4) : 0;
}

struct contrast contrast_of(const double *d, const unsigned *part, size_t n,
                            double least)
{
    struct contrast c = {.n = n};
    double *rest, *x, alike, lag, variance, se, half;
    size_t each = 1, blocks, parts;

    if (n < CONTRAST_MOMENTS_MIN) {
        return c;
    }
    rest = xcalloc(n, sizeof *rest);
    x = xcalloc(n, sizeof *x);
    parts = contrast_rest(d, part, n, rest);
    blocks = contrast_blocks(rest, n, each, x);
    lag = contrast_lag1(x, blocks, parts, &variance);
    alike = fmin(fmax(lag, 0), 0.95);
    while (alike >= CONTRAST_ALIKE &&
           n / (2 * each) >= CONTRAST_MOMENTS_MIN - 1 + parts) {
        each *= 2;
        blocks = contrast_blocks(rest, n, each, x);
        lag = contrast_lag1(x, blocks, parts, &variance);
        alike = (alike + alike * alike) / 2; /* see pair_cut in compare.c */
    }
    alike = fmin(fmax(alike, lag), CONTRAST_RHO);
    se = sqrt(variance / (double)blocks * (1 + alike) / (1 - alike));
    half =
        student_two_sided(0.05, (unsigned)(blocks - parts)) * fmax(se, least);
    c.any = true;
    c.mean = contrast_mean(d, n);
    c.low = c.mean - half;
    c.high = c.mean + half;
    free(rest);
    free(x);
    return c;
}
