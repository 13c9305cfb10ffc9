/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/changes.h"

#include <math.h>

#define CHANGES_LAG_MAX 0.9

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

static double changes_score(const double *x, size_t n, double gap,
                            const struct changes_split *c)
{
    struct changes_rest r = changes_rest_of(x, n, c);
    double s = sqrt(r.squares / (double)(n - 2)), lag;

    if (s <= 1e-12) {
        return HUGE_VAL;
    }
    lag = r.neighbours / r.squares;
    /* Of few points around their own mean it is too small by (1 + 4 r) / n
     * (Marriott and Pope 1954), and somewhat more at an end that was chosen;
     * both parts have their own, of half the points. */
    lag += 2 * (2 + 4 * lag) / (double)n;
    lag = fmin(fmax(lag, 0), CHANGES_LAG_MAX);
    return gap / (s * sqrt((1 + lag) / (1 - lag)));
}

bool changes_split(const double *x, size_t n, struct changes_split *out)
{
    struct changes_split c = {0, 0, 0, 0};
    double all = 0, sum = 0, most = -1;
    size_t i;

    if (n < 2 * CHANGES_SIDE) {
        return false;
    }
    for (i = 0; i < n; i++) {
        all += x[i];
    }
    for (i = 1; i + CHANGES_SIDE <= n; i++) {
        double k = (double)i, rest = (double)(n - i), before, after, gap;

        sum += x[i - 1];
        before = sum / k;
        after = (all - sum) / rest;
        gap = fabs(after - before) * sqrt(k * rest / (double)n);
        if (i >= CHANGES_SIDE && gap > most) {
            most = gap;
            c = (struct changes_split){i, before, after, 0};
        }
    }
    if (fabs(c.after - c.before) < CHANGES_LEAST) {
        return false;
    }
    c.score = changes_score(x, n, most, &c);
    if (c.score <= CHANGES_SURE) {
        return false;
    }
    *out = c;
    return true;
}
