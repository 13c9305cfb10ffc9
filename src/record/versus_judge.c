/* SPDX-License-Identifier: MIT
 *
 * versus_judge - what the figures of a row say of each other: where counts are
 * surer than moments, and where a change for the better is none. */
#include "config.h"

#include <math.h>

#include "record/versus_internal.h"

/* Of a difference of so many of all requests no chance is left, if the counts
 * alone say so: then it may have had few moments. Less than that may be one
 * outage, of which moments say more. */
#define VERSUS_CERTAIN 0.5
/* As the figures are shown, this is no change. */
#define VERSUS_NONE 0.0005
#define VERSUS_Z    1.96 /* at 95 % */
/* Slow noise of a short run: 3,000 seeds of it, with a deviation of 15 % and
 * neighbours that are alike by 0.95, are beyond that less than once in 150
 * times (tests/unit/test_versus_whole). */
#define VERSUS_SLOW 0.5

/* Wilson's interval (1927) of a share of n. */
static void versus_wilson(double share, double n, double *low, double *high)
{
    double z2 = VERSUS_Z * VERSUS_Z, mid = (share + z2 / (2 * n));
    double half = VERSUS_Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n));

    *low = (mid - half) / (1 + z2 / n);
    *high = (mid + half) / (1 + z2 / n);
}

void versus_judge_counts(struct versus_figure *v, double n_a, double n_b)
{
    double a_low, a_high, b_low, b_high, down, up;

    if (!(v->a >= 0 && v->a <= 1 && v->b >= 0 && v->b <= 1) ||
        !(n_a >= 1 && n_b >= 1)) {
        return;
    }
    /* Of the difference: Newcombe's (1998), method 10. */
    versus_wilson(v->a, n_a, &a_low, &a_high);
    versus_wilson(v->b, n_b, &b_low, &b_high);
    down = v->change - hypot(v->b - b_low, a_high - v->a);
    up = v->change + hypot(b_high - v->b, v->a - a_low);
    if (down <= VERSUS_CERTAIN && up >= -VERSUS_CERTAIN) {
        return;
    }
    v->moments.any = true;
    v->moments.mean = v->change; /* what it is the interval of */
    v->moments.low = fmax(down, -1);
    v->moments.high = fmin(up, 1);
}

void versus_judge_row(struct versus_row *row)
{
    const struct versus_figure *errors = &row->of[COMPARE_ERRORS];
    int i;

    for (i = 0; i < COMPARE_FIGURES; i++) {
        struct versus_figure *v = &row->of[i];

        if (v->answer != COMPARE_BETTER && v->answer != COMPARE_WORSE) {
            continue;
        }
        if (fabs(v->change) >= VERSUS_NONE && v->change * v->moments.mean < 0) {
            v->doubt = VERSUS_MIXED;
        } else if (v->answer == COMPARE_BETTER && i != COMPARE_ERRORS &&
                   errors->change > VERSUS_FAILED) {
            v->doubt = VERSUS_OF_FAILURES;
        } else {
            continue;
        }
        v->answer = COMPARE_UNSURE;
    }
}

/* Is the change of the whole more than noise that is slower than the run? */
static bool versus_clear(const struct versus *v, enum compare_figure f)
{
    const struct contrast *m = &v->rows[0].of[f].moments;
    double up = VERSUS_SLOW, down = 1 - 1 / (1 + VERSUS_SLOW);

    if (v->loads_differ && f != COMPARE_ERRORS) {
        return false;
    }
    if (v->common_s >= COMPARE_SURE_S && !v->loads_differ) {
        return true;
    }
    if (f == COMPARE_ERRORS) {
        up = down = v->loads_differ ? VERSUS_CERTAIN : VERSUS_FAILED;
    }
    return m->low > up || m->high < -down;
}

enum compare_answer versus_whole(const struct versus *v, enum compare_figure f)
{
    const struct versus_row *row = &v->rows[0];
    enum compare_answer a = row->of[f].answer;
    bool served =
        f != COMPARE_ERRORS && row->of[COMPARE_ERRORS].change < -VERSUS_FAILED;

    return (a == COMPARE_WORSE || a == COMPARE_BETTER) && !served &&
                   versus_clear(v, f)
               ? a
               : COMPARE_SHORT;
}

enum compare_answer versus_answer(const struct versus *v)
{
    enum compare_answer worst = COMPARE_SHORT;
    int f;

    for (f = 0; f < COMPARE_FIGURES && worst != COMPARE_WORSE; f++) {
        enum compare_answer a = versus_whole(v, (enum compare_figure)f);

        worst = a != COMPARE_SHORT ? a : worst;
    }
    return worst;
}
