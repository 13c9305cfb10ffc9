/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/changes.h"

#include <math.h>

#define CHANGES_LAG_MAX 0.9
/* The likelihood ratio of 95 %. */
#define CHANGES_NEAR 7.35

/* What is left of the values around the means of the two parts. */
struct changes_rest {
    double squares;
    double neighbours; /* sum of the products of neighbours */
};

static struct changes_rest changes_rest_of(const double *x, size_t n,
                                           const struct changes_split *c)
{
    struct changes_rest r = {0, 0};
    double was = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        double v = x[i] - (i < c->at ? c->before : c->after);

        r.squares += v * v;
        /* Across the cut nothing is known of neighbours. */
        r.neighbours += i > 0 && i != c->at ? v * was : 0;
        was = v;
    }
    return r;
}

/* The standard deviation of the noise, as a long sum of it has it. */
static double changes_noise(const double *x, size_t n,
                            const struct changes_split *c)
{
    struct changes_rest r = changes_rest_of(x, n, c);
    double s = sqrt(r.squares / (double)(n - 2)), lag;

    if (s <= 1e-12) {
        return 0;
    }
    lag = r.neighbours / r.squares;
    /* Of few points around their own mean it is too small by (1 + 4 r) / n
     * (Marriott and Pope 1954), and somewhat more at an end that was chosen;
     * both parts have their own, of half the points. */
    lag += 2 * (2 + 4 * lag) / (double)n;
    lag = fmin(fmax(lag, 0), CHANGES_LAG_MAX);
    return s * sqrt((1 + lag) / (1 - lag));
}

/* Of cuts with so many values on both sides that which explains most; *most is
 * the root of the squares that it explains. */
static struct changes_split changes_best(const double *x, size_t n, size_t side,
                                         double *most)
{
    struct changes_split c = {0, 0, 0, 0};
    double all = 0, sum = 0;
    size_t i;

    *most = -1;
    for (i = 0; i < n; i++) {
        all += x[i];
    }
    for (i = 1; i + side <= n; i++) {
        double k = (double)i, rest = (double)(n - i), before, after, gap;

        sum += x[i - 1];
        before = sum / k;
        after = (all - sum) / rest;
        gap = fabs(after - before) * sqrt(k * rest / (double)n);
        if (i >= side && gap > *most) {
            *most = gap;
            c = (struct changes_split){i, before, after, 0};
        }
    }
    return c;
}

static bool changes_sure(const double *x, size_t n, size_t side, double sure,
                         struct changes_split *out)
{
    double most, noise;
    struct changes_split c = changes_best(x, n, side, &most);

    if (fabs(c.after - c.before) < CHANGES_LEAST) {
        return false;
    }
    noise = changes_noise(x, n, &c);
    c.score = noise > 0 ? most / noise : HUGE_VAL;
    if (c.score <= sure) {
        return false;
    }
    *out = c;
    return true;
}

bool changes_split(const double *x, size_t n, struct changes_split *out)
{
    return n >= 2 * CHANGES_SIDE &&
           (changes_sure(x, n, CHANGES_SIDE, CHANGES_SURE, out) ||
            changes_sure(x, n, CHANGES_MEAN, CHANGES_SURER, out));
}

static double changes_mean(const double *x, size_t n)
{
    double sum = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        sum += x[i];
    }
    return sum / (double)n;
}

/* The places that explain so nearly as much as the best. */
static void changes_near(const double *x, size_t n, double least,
                         struct changes_place *p)
{
    double all = changes_mean(x, n) * (double)n, sum = 0;
    size_t i;

    p->low = p->high = p->at;
    for (i = 1; i < n; i++) {
        double k = (double)i, rest = (double)(n - i), gap;

        sum += x[i - 1];
        gap = (all - sum) / rest - sum / k;
        if (gap * gap * k * rest / (double)n >= least) {
            p->low = i < p->low ? i : p->low;
            p->high = i > p->high ? i : p->high;
        }
    }
}

struct changes_place changes_locate(const double *x, size_t n)
{
    double most, noise;
    struct changes_split c = changes_best(x, n, 1, &most);
    struct changes_place p = {.at = c.at};
    size_t k;

    noise = changes_noise(x, n, &c);
    changes_near(x, n, most * most - CHANGES_NEAR * noise * noise, &p);
    /* The value in which it happened is of neither side. */
    k = p.low > CHANGES_MEAN ? p.low - 1 : c.at;
    p.before = changes_mean(x, k);
    k = p.high + 1 + CHANGES_MEAN <= n ? p.high + 1 : c.at;
    p.after = changes_mean(x + k, n - k);
    return p;
}
