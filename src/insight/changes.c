/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/changes.h"

#include <math.h>

#define CHANGES_LAG_MAX 0.9
/* Further out than others by so many steps from one value to the next no end of
 * a series without a change is. */
#define CHANGES_SLACK 2
/* The likelihood ratio of 95 %. */
#define CHANGES_NEAR 7.35

/* What is left of the values around the means of the two parts. */
struct changes_rest {
    double squares;
    double neighbours; /* sum of the products of neighbours */
};

/* The values, the first and the last of which are no further out than those
 * next to them and the noise: such a one would weigh as much in a mean of few
 * as a change, and of a long series be as sure as one. */
struct changes_series {
    const double *x;
    size_t n;
    double first, last;
};

static double changes_value(const struct changes_series *s, size_t i)
{
    return i == 0 ? s->first : i + 1 == s->n ? s->last : s->x[i];
}

/* x, moved towards the CHANGES_MEAN values from `next` on, if need be. */
static double changes_tamed(double x, const double *next, double slack)
{
    double low = next[0], high = next[0];
    size_t i;

    for (i = 1; i < CHANGES_MEAN; i++) {
        low = fmin(low, next[i]);
        high = fmax(high, next[i]);
    }
    return fmin(fmax(x, low - slack), high + slack);
}

static struct changes_series changes_series_of(const double *x, size_t n)
{
    struct changes_series s = {x, n, x[0], x[n - 1]};
    double steps = 0;
    size_t i;

    for (i = 2; i + 1 < n; i++) {
        steps += fabs(x[i] - x[i - 1]);
    }
    steps *= CHANGES_SLACK / (double)(n - 3);
    s.first = changes_tamed(x[0], x + 1, steps);
    s.last = changes_tamed(x[n - 1], x + n - 1 - CHANGES_MEAN, steps);
    return s;
}

static struct changes_rest changes_rest_of(const struct changes_series *s,
                                           const struct changes_split *c)
{
    struct changes_rest r = {0, 0};
    double was = 0;
    size_t i;

    for (i = 0; i < s->n; i++) {
        double v = changes_value(s, i) - (i < c->at ? c->before : c->after);

        r.squares += v * v;
        /* Across the cut nothing is known of neighbours. */
        r.neighbours += i > 0 && i != c->at ? v * was : 0;
        was = v;
    }
    return r;
}

/* The standard deviation of the noise, as a long sum of it has it. */
static double changes_noise(const struct changes_series *s,
                            const struct changes_split *c)
{
    struct changes_rest r = changes_rest_of(s, c);
    double n = (double)s->n, sd = sqrt(r.squares / (n - 2)), lag;

    if (sd <= 1e-12) {
        return 0;
    }
    lag = r.neighbours / r.squares;
    /* Of few points around their own mean it is too small by (1 + 4 r) / n
     * (Marriott and Pope 1954), and somewhat more at an end that was chosen;
     * both parts have their own, of half the points. */
    lag += 2 * (2 + 4 * lag) / n;
    lag = fmin(fmax(lag, 0), CHANGES_LAG_MAX);
    return sd * sqrt((1 + lag) / (1 - lag));
}

static double changes_sum(const struct changes_series *s, size_t from,
                          size_t to)
{
    double sum = 0;

    for (; from < to; from++) {
        sum += changes_value(s, from);
    }
    return sum;
}

/* Of the cuts from `from` to `to` that which explains most; *most is the root
 * of the squares that it explains. */
static struct changes_split changes_best(const struct changes_series *s,
                                         size_t from, size_t to, double *most)
{
    struct changes_split c = {0, 0, 0, 0};
    double n = (double)s->n, all = changes_sum(s, 0, s->n), sum = 0;
    size_t i;

    *most = -1;
    for (i = 1; i <= to; i++) {
        double k = (double)i, before, after, gap;

        sum += changes_value(s, i - 1);
        before = sum / k;
        after = (all - sum) / (n - k);
        gap = fabs(after - before) * sqrt(k * (n - k) / n);
        if (i >= from && gap > *most) {
            *most = gap;
            c = (struct changes_split){i, before, after, 0};
        }
    }
    return c;
}

/* Without that one of the values from..to - 1 which is furthest out, half of
 * the gap is still there: one value is no change, however far out it is. */
static bool changes_by_more(const struct changes_series *s, size_t from,
                            size_t to, double other)
{
    double sum = changes_sum(s, from, to), far, gap;
    double way = sum / (double)(to - from) - other;
    size_t i;

    far = changes_value(s, from) - other;
    for (i = from; i < to; i++) {
        double v = changes_value(s, i) - other;

        far = way > 0 ? fmax(far, v) : fmin(far, v);
    }
    gap = (sum - other - far) / (double)(to - from - 1) - other;
    return gap / way >= 0.5;
}

static bool changes_sure(const struct changes_series *s, size_t side,
                         double sure, struct changes_split *out)
{
    double most, noise;
    struct changes_split c = changes_best(s, side, s->n - side, &most);

    if (fabs(c.after - c.before) < CHANGES_LEAST) {
        return false;
    }
    noise = changes_noise(s, &c);
    c.score = noise > 0 ? most / noise : HUGE_VAL;
    if (c.score <= sure) {
        return false;
    }
    if (!changes_by_more(s, 0, c.at, c.after) ||
        !changes_by_more(s, c.at, s->n, c.before)) {
        return false;
    }
    *out = c;
    return true;
}

bool changes_split(const double *x, size_t n, struct changes_split *out)
{
    struct changes_series s;

    if (n < 2 * CHANGES_SIDE) {
        return false;
    }
    s = changes_series_of(x, n);
    return changes_sure(&s, CHANGES_SIDE, CHANGES_SURE, out) ||
           changes_sure(&s, CHANGES_MEAN, CHANGES_SURER, out);
}

/* The places that explain so nearly as much as the best. */
static void changes_near(const struct changes_series *s, double least,
                         struct changes_place *p)
{
    double n = (double)s->n, all = changes_sum(s, 0, s->n), sum = 0;
    size_t i;

    p->low = p->high = p->at;
    for (i = 1; i < s->n; i++) {
        double k = (double)i, gap;

        sum += changes_value(s, i - 1);
        gap = (all - sum) / (n - k) - sum / k;
        if (gap * gap * k * (n - k) / n >= least) {
            p->low = i < p->low ? i : p->low;
            p->high = i > p->high ? i : p->high;
        }
    }
}

struct changes_place changes_locate(const double *x, size_t n,
                                    const struct changes_split *cut)
{
    struct changes_series s = changes_series_of(x, n);
    size_t reach = CHANGES_SIDE - CHANGES_MEAN;
    size_t low = cut->at > CHANGES_SIDE ? cut->at - reach : CHANGES_MEAN;
    size_t high =
        cut->at + reach + CHANGES_MEAN < n ? cut->at + reach : n - CHANGES_MEAN;
    double most, noise;
    struct changes_split c = changes_best(&s, low, high, &most);
    struct changes_place p = {.at = c.at};
    size_t k;

    noise = changes_noise(&s, &c);
    changes_near(&s, most * most - CHANGES_NEAR * noise * noise, &p);
    /* The value in which it happened is of neither side. */
    k = p.low > CHANGES_MEAN ? p.low - 1 : c.at;
    p.before = changes_sum(&s, 0, k) / (double)k;
    k = p.high + 1 + CHANGES_MEAN <= n ? p.high + 1 : c.at;
    p.after = changes_sum(&s, k, n) / (double)(n - k);
    return p;
}
