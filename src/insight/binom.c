/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/binom.h"

#include <math.h>
#include <stddef.h>

/* Weights below this share of the mode's are left out. */
#define BINOM_TINY 1e-17
/* Beyond this variance nothing is summed any more: so many weights count. */
#define BINOM_WIDE    1e8
#define BINOM_SAMPLES 60

struct binom {
    uint64_t n, mode;
    double ratio; /* p / (1 - p) */
};

/* P(k + 1) / P(k). */
static double binom_up(const struct binom *b, uint64_t k)
{
    return (double)(b->n - k) / (double)(k + 1) * b->ratio;
}

/* The lowest k whose weight counts; *sum is the weight from there to the mode,
 * which weighs 1; *w its own. */
static uint64_t binom_lowest(const struct binom *b, double *sum, double *w)
{
    uint64_t k = b->mode;

    *sum = 1;
    *w = 1;
    while (k > 0) {
        double next = *w / binom_up(b, k - 1);

        if (next < BINOM_TINY) {
            break;
        }
        *w = next;
        *sum += next;
        k--;
    }
    return k;
}

static double binom_above(const struct binom *b)
{
    uint64_t k = b->mode;
    double w = 1, sum = 0;

    while (k < b->n) {
        w *= binom_up(b, k);
        if (w < BINOM_TINY) {
            break;
        }
        sum += w;
        k++;
    }
    return sum;
}

/* x as one of the counts 0..n. */
static uint64_t binom_count(double x, uint64_t n)
{
    return !(x > 0) ? 0 : x < (double)n ? (uint64_t)x : n;
}

/* The standard normal's quantile, by bisection of its distribution function: q
 * a rounding away from 0 or 1 is as far out as a double tells. */
static double binom_normal(double q)
{
    double low = -40, high = 40;
    int i;

    for (i = 0; i < 100; i++) {
        double z = (low + high) / 2;

        if (erfc(-z / sqrt(2)) / 2 < q) {
            low = z;
        } else {
            high = z;
        }
    }
    return high;
}

/* Cornish and Fisher (1938): the normal quantile, and what the skewness adds to
 * it; what is left out is below 1e-4 of a count here. */
static uint64_t binom_wide(uint64_t n, double p, double q)
{
    double z = binom_normal(q);
    double sd = sqrt((double)n * p * (1 - p));

    if (q >= 1) {
        return n;
    }
    return binom_count(
        ceil((double)n * p + z * sd + (z * z - 1) * (1 - 2 * p) / 6 - 0.5), n);
}

uint64_t binom_quantile(uint64_t n, double p, double q)
{
    struct binom b = {.n = n};
    double below, w, total, sum = 0;
    uint64_t k;

    if (n == 0 || p <= 0) {
        return 0;
    }
    if (p >= 1) {
        return n;
    }
    if ((double)n * p * (1 - p) > BINOM_WIDE) {
        return binom_wide(n, p, q);
    }
    b.ratio = p / (1 - p);
    b.mode = binom_count(floor(((double)n + 1) * p), n);
    k = binom_lowest(&b, &below, &w);
    total = below + binom_above(&b);
    for (;; k++) {
        sum += w;
        if (sum >= q * total || k == n) {
            return k;
        }
        w *= binom_up(&b, k);
    }
}

uint64_t binom_window_us(double rate)
{
    static const unsigned sizes[] = {1, 2, 5, 10, 15, 30};
    size_t i = 0;

    while (i + 1 < sizeof sizes / sizeof sizes[0] &&
           rate * sizes[i] < BINOM_SAMPLES) {
        i++;
    }
    return sizes[i] * UINT64_C(1000000);
}
