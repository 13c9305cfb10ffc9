/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "base/xalloc.h"
#include "insight/compare_internal.h"
#include "insight/rank.h"
#include "insight/student.h"

#define COMPARE_TRIES 400
#define COMPARE_ALIKE 0.3
#define COMPARE_RHO   0.6
/* Of the normal distribution: 5 % two-sided, and four times of five. */
#define COMPARE_SEEN 2.8
#define COMPARE_SEED 93 /* the same for every comparison */

static const struct {
    const char *name;
    double percentile; /* 0: none */
} compare_rows[COMPARE_FIGURES] = {
    [COMPARE_P50] = {"p50", 50},          [COMPARE_P95] = {"p95", 95},
    [COMPARE_P99] = {"p99", 99},          [COMPARE_RPS] = {"rps", 0},
    [COMPARE_ERRORS] = {"error_rate", 0},
};

const char *compare_figure_name(enum compare_figure f)
{
    return compare_rows[f].name;
}

const char *compare_answer_name(enum compare_answer a)
{
    switch (a) {
    case COMPARE_SHORT:
        break;
    case COMPARE_WORSE:
        return "worse";
    case COMPARE_BETTER:
        return "better";
    case COMPARE_SAME:
        return "same";
    case COMPARE_UNSURE:
        return "not_distinguishable";
    case COMPARE_SLIGHT:
        return "may_be_slight";
    }
    return "too_short";
}

static double side_figure(const struct side *s, enum compare_figure f)
{
    switch (f) {
    case COMPARE_RPS:
        return s->drawn_us > 0
                   ? (double)s->requests / ((double)s->drawn_us / 1e6)
                   : NAN;
    case COMPARE_ERRORS:
        return s->requests > 0 ? (double)s->failed / (double)s->requests : NAN;
    case COMPARE_P50:
    case COMPARE_P95:
    case COMPARE_P99:
    case COMPARE_FIGURES:
        break;
    }
    return side_percentile(s, compare_rows[f].percentile);
}

struct pair {
    struct side a, b;
    double block_s;
    double rho;                                      /* what is left of it */
    double at_a[COMPARE_TRIES], at_b[COMPARE_TRIES]; /* of one figure */
};

static size_t pair_blocks(const struct pair *p)
{
    return p->a.n_blocks < p->b.n_blocks ? p->a.n_blocks : p->b.n_blocks;
}

static double pair_lag1(const struct pair *p)
{
    return (side_lag1(&p->a) + side_lag1(&p->b)) / 2;
}

/* Of blocks twice as long about (r + r²) / 2 is left of r, as of a first-order
 * autoregression: that is surer than what few blocks show anew. */
static void pair_cut(struct pair *p)
{
    double alike;

    p->block_s = (double)WINDOWS_US / 1e6;
    side_blocks(&p->a, p->block_s * 1e6);
    side_blocks(&p->b, p->block_s * 1e6);
    alike = fmin(fmax(pair_lag1(p), 0), 0.95);
    while (alike >= COMPARE_ALIKE && pair_blocks(p) / 2 >= COMPARE_BLOCKS_MIN) {
        p->block_s *= 2;
        side_blocks(&p->a, p->block_s * 1e6);
        side_blocks(&p->b, p->block_s * 1e6);
        alike = (alike + alike * alike) / 2;
    }
    p->rho = fmin(fmax(alike, pair_lag1(p)), COMPARE_RHO);
}

static void side_again(struct side *s, struct rng *rng)
{
    size_t i;

    side_none(s);
    for (i = 0; i < s->n_blocks; i++) {
        side_draw(s, &s->blocks[rng_range(rng, 0, s->n_blocks - 1)]);
    }
}

static void side_whole(struct side *s)
{
    size_t i;

    side_none(s);
    for (i = 0; i < s->n_blocks; i++) {
        side_draw(s, &s->blocks[i]);
    }
}

/* Errors by their difference, else by the logarithm of the ratio: NAN where
 * there is nothing. */
static double pair_change(enum compare_figure f, double a, double b)
{
    if (f == COMPARE_ERRORS) {
        return b - a;
    }
    return a > 0 && b > 0 ? log(b / a) : NAN;
}

static double pair_shown(enum compare_figure f, double change)
{
    return f == COMPARE_ERRORS ? change : expm1(change);
}

static double pair_deviation(const double *a, const double *b,
                             enum compare_figure f)
{
    double mean = 0, var = 0;
    size_t i, n = 0;

    for (i = 0; i < COMPARE_TRIES; i++) {
        double x = pair_change(f, a[i], b[i]);

        if (!isnan(x)) {
            double d = x - mean;

            n++;
            mean += d / (double)n;
            var += d * (x - mean);
        }
    }
    return n > 1 ? sqrt(var / (double)(n - 1)) : 0;
}

enum compare_answer compare_judge(enum compare_figure f, double low,
                                  double high)
{
    double floor = f == COMPARE_ERRORS ? COMPARE_FLOOR_ERRORS : COMPARE_FLOOR;
    bool more_is_worse = f != COMPARE_RPS;

    if (low > floor) {
        return more_is_worse ? COMPARE_WORSE : COMPARE_BETTER;
    }
    if (high < -floor) {
        return more_is_worse ? COMPARE_BETTER : COMPARE_WORSE;
    }
    if (low >= -floor && high <= floor) {
        return COMPARE_SAME;
    }
    return low > 0 || high < 0 ? COMPARE_SLIGHT : COMPARE_UNSURE;
}

static void pair_samples(const struct side *s, double p, double *low,
                         double *high)
{
    uint64_t from, to;

    *low = *high = NAN;
    if (p > 0 && s->count > 0 && rank_interval(s->count, p, &from, &to)) {
        *low = side_rank(s, from);
        *high = side_rank(s, to);
    }
}

/* Are there samples enough for the figure itself? */
static bool pair_enough(const struct side *s, enum compare_figure f)
{
    double p = compare_rows[f].percentile;

    return p > 0 ? s->count >= histo_samples_needed(p) : s->requests >= 30;
}

/* Errors that were never seen may still be there: 3 of n (the rule of
 * three). */
static double pair_unseen(const struct pair *p, enum compare_figure f)
{
    uint64_t n = p->a.requests < p->b.requests ? p->a.requests : p->b.requests;

    return f == COMPARE_ERRORS && n > 0 ? 1.5 / (double)n : 0;
}

static void pair_figure(struct pair *p, enum compare_figure f,
                        struct compare_result *out)
{
    size_t n = pair_blocks(p);
    double se, change, half;

    side_whole(&p->a);
    side_whole(&p->b);
    out->a = side_figure(&p->a, f);
    out->b = side_figure(&p->b, f);
    pair_samples(&p->a, compare_rows[f].percentile, &out->a_low, &out->a_high);
    pair_samples(&p->b, compare_rows[f].percentile, &out->b_low, &out->b_high);
    change = pair_change(f, out->a, out->b);
    if (n < COMPARE_BLOCKS_MIN || isnan(change) || !pair_enough(&p->a, f) ||
        !pair_enough(&p->b, f)) {
        return;
    }
    se = pair_deviation(p->at_a, p->at_b, f) *
         sqrt((double)n / (double)(n - 1)) * sqrt((1 + p->rho) / (1 - p->rho));
    se = fmax(se, pair_unseen(p, f));
    half = student_two_sided(0.05, (unsigned)(2 * n - 2)) * se;
    out->any = true;
    out->change = pair_shown(f, change);
    out->low = pair_shown(f, change - half);
    out->high = pair_shown(f, change + half);
    out->least = pair_shown(f, COMPARE_SEEN * se);
    out->answer = compare_judge(f, out->low, out->high);
}

/* All figures of the same draws. */
static void pair_try(struct pair *p, struct compare_level *out)
{
    double(*at)[2][COMPARE_TRIES] = xcalloc(COMPARE_FIGURES, sizeof *at);
    struct rng rng;
    size_t i;
    int f;

    rng_seed(&rng, COMPARE_SEED, 1);
    for (i = 0; i < COMPARE_TRIES && pair_blocks(p) >= COMPARE_BLOCKS_MIN;
         i++) {
        side_again(&p->a, &rng);
        side_again(&p->b, &rng);
        for (f = 0; f < COMPARE_FIGURES; f++) {
            at[f][0][i] = side_figure(&p->a, (enum compare_figure)f);
            at[f][1][i] = side_figure(&p->b, (enum compare_figure)f);
        }
    }
    for (f = 0; f < COMPARE_FIGURES; f++) {
        memcpy(p->at_a, at[f][0], sizeof p->at_a);
        memcpy(p->at_b, at[f][1], sizeof p->at_b);
        pair_figure(p, (enum compare_figure)f, &out->of[f]);
    }
    free(at);
}

static void level_of(const struct compare_side *a, const struct compare_side *b,
                     double load, struct compare_level *out)
{
    struct pair *p = xcalloc(1, sizeof *p);

    memset(out, 0, sizeof *out);
    side_init(&p->a, a, load);
    side_init(&p->b, b, load);
    pair_cut(p);
    out->load = load;
    out->seconds_a = (double)p->a.active_us / 1e6;
    out->seconds_b = (double)p->b.active_us / 1e6;
    out->blocks_a = p->a.n_blocks;
    out->blocks_b = p->b.n_blocks;
    out->block_s = p->block_s;
    out->sure = fmin(out->seconds_a, out->seconds_b) >= COMPARE_SURE_S;
    pair_try(p, out);
    side_clear(&p->a);
    side_clear(&p->b);
    free(p);
}

static double side_seconds(const struct compare_side *s, double load)
{
    double sum = 0;
    size_t i;

    for (i = 0; i < s->n; i++) {
        if (fabs(s->list[i].load - load) < 0.5 && !s->list[i].felt) {
            sum += (double)s->list[i].active_us / 1e6;
        }
    }
    return sum;
}

/* Loads that both have, the longest first. */
static size_t loads_of(const struct compare_side *a,
                       const struct compare_side *b, double *loads)
{
    double held[COMPARE_LEVELS_MAX];
    size_t n = 0, i, k;

    for (i = 0; i < a->n; i++) {
        double load = a->list[i].load;
        double s = fmin(side_seconds(a, load), side_seconds(b, load));
        bool seen = false;

        for (k = 0; k < n; k++) {
            seen = seen || fabs(loads[k] - load) < 0.5;
        }
        if (seen || s <= 0 || (n == COMPARE_LEVELS_MAX && held[n - 1] >= s)) {
            continue;
        }
        k = n < COMPARE_LEVELS_MAX ? n++ : n - 1;
        for (; k > 0 && held[k - 1] < s; k--) {
            held[k] = held[k - 1];
            loads[k] = loads[k - 1];
        }
        held[k] = s;
        loads[k] = load;
    }
    return n;
}

void compare_of(const struct compare_side *a, const struct compare_side *b,
                struct compare_report *out)
{
    double loads[COMPARE_LEVELS_MAX];
    size_t i;

    out->felt_a = windows_felt_s(a->list, a->n);
    out->felt_b = windows_felt_s(b->list, b->n);
    out->suspect_a = windows_suspect_s(a->list, a->n);
    out->suspect_b = windows_suspect_s(b->list, b->n);
    out->n = loads_of(a, b, loads);
    for (i = 0; i < out->n; i++) {
        level_of(a, b, loads[i], &out->levels[i]);
    }
}

enum compare_answer compare_summary(const struct compare_report *r)
{
    static const enum compare_answer order[] = {COMPARE_WORSE, COMPARE_BETTER,
                                                COMPARE_SLIGHT, COMPARE_UNSURE,
                                                COMPARE_SAME};
    size_t i;
    int f;

    for (i = 0; r->n > 0 && i < sizeof order / sizeof order[0]; i++) {
        for (f = 0; f < COMPARE_FIGURES; f++) {
            if (r->levels[0].of[f].answer == order[i]) {
                return order[i];
            }
        }
    }
    return COMPARE_SHORT;
}
