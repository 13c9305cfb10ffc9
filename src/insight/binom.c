/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/binom.h"

#include <math.h>

/* Weights below this share of the mode's are left out. */
#define BINOM_TINY 1e-17

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
    b.ratio = p / (1 - p);
    b.mode = (uint64_t)floor((double)(n + 1) * p);
    b.mode = b.mode > n ? n : b.mode;
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
