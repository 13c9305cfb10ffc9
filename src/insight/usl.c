/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/usl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cminpack.h>

#include "base/must.h"
#include "base/rng.h"
#include "insight/lsq.h"
#include "insight/student.h"

#define USL_COEFFICIENTS 3
#define USL_BOOTSTRAPS   400
#define USL_SEED         93 /* of the bootstrap: the same for every fit */
#define USL_NORMAL_95    1.959963984540054
#define USL_EVALS        400
#define USL_TOLERANCE    1e-12
/* A peak so far beyond the data is a guess. */
#define USL_BEYOND    1.2
#define USL_BEYOND_CI 2.0
/* From the highest on: fewer make no slope. */
#define USL_FALL_LEVELS 4

enum { LAMBDA, SIGMA, KAPPA };

/* Which coefficients are free; the others stay as they are. */
struct usl_problem {
    const struct usl_level *levels; /* borrowed */
    const double *x;                /* throughputs to fit, instead of theirs */
    size_t n;
    double c[USL_COEFFICIENTS];
    bool free[USL_COEFFICIENTS];
};

static double usl_at(const double *c, double n)
{
    return c[LAMBDA] * n / (1 + c[SIGMA] * (n - 1) + c[KAPPA] * n * (n - 1));
}

static void usl_put(const struct usl_problem *p, const double *free, double *c)
{
    size_t i, k = 0;

    for (i = 0; i < USL_COEFFICIENTS; i++) {
        c[i] = p->free[i] ? free[k++] : p->c[i];
    }
}

/* Derivatives of X by the three coefficients. */
static void usl_slopes(const double *c, double n, double *d)
{
    double below = 1 + c[SIGMA] * (n - 1) + c[KAPPA] * n * (n - 1);
    double by = -c[LAMBDA] * n / (below * below);

    d[LAMBDA] = n / below;
    d[SIGMA] = by * (n - 1);
    d[KAPPA] = by * n * (n - 1);
}

/* cminpack's: residuals for 1, derivatives for 2, by columns. */
static int usl_on_fit(void *ctx, int m, int n, const double *free, double *f,
                      double *jac, int stride, int what)
{
    const struct usl_problem *p = ctx;
    double c[USL_COEFFICIENTS], d[USL_COEFFICIENTS];
    int i, k, column;

    MUST(m == (int)p->n && n <= USL_COEFFICIENTS);
    usl_put(p, free, c);
    for (i = 0; i < m; i++) {
        double users = p->levels[i].n;

        if (what == 1) {
            f[i] = usl_at(c, users) - p->x[i];
            continue;
        }
        usl_slopes(c, users, d);
        for (k = 0, column = 0; k < USL_COEFFICIENTS; k++) {
            if (p->free[k]) {
                jac[i + column++ * stride] = d[k];
            }
        }
    }
    return 0;
}

static double usl_squares(const struct usl_problem *p, const double *c)
{
    double sum = 0;
    size_t i;

    for (i = 0; i < p->n; i++) {
        double r = usl_at(c, p->levels[i].n) - p->x[i];

        sum += r * r;
    }
    return sum;
}

/* Fits what is free from where it is; false: it led nowhere. */
static bool usl_solve(struct usl_problem *p)
{
    double f[USL_LEVELS_MAX], jac[USL_LEVELS_MAX * USL_COEFFICIENTS];
    double free[USL_COEFFICIENTS], scale[USL_COEFFICIENTS],
        qtf[USL_COEFFICIENTS], w1[USL_COEFFICIENTS], w2[USL_COEFFICIENTS],
        w3[USL_COEFFICIENTS], w4[USL_LEVELS_MAX];
    int pivots[USL_COEFFICIENTS], evals, slopes, m = (int)p->n, n = 0;
    size_t i;

    for (i = 0; i < USL_COEFFICIENTS; i++) {
        if (p->free[i]) {
            free[n++] = p->c[i];
        }
    }
    lmder(usl_on_fit, p, m, n, free, f, jac, m, USL_TOLERANCE, USL_TOLERANCE, 0,
          USL_EVALS, scale, 1, 100, 0, &evals, &slopes, pivots, qtf, w1, w2, w3,
          w4);
    usl_put(p, free, p->c);
    for (i = 0; i < USL_COEFFICIENTS; i++) {
        if (!isfinite(p->c[i])) {
            return false;
        }
    }
    return isfinite(usl_squares(p, p->c));
}

/* Where to begin: N / X is linear in the coefficients' ratios. */
static void usl_start(struct usl_problem *p)
{
    struct lsq q;
    double c[LSQ_MAX];
    size_t i;

    lsq_init(&q, USL_COEFFICIENTS);
    for (i = 0; i < p->n; i++) {
        double n = p->levels[i].n, row[] = {1, n - 1, n * (n - 1)};

        lsq_add(&q, row, n / p->x[i]);
    }
    p->c[LAMBDA] = p->x[0] / p->levels[0].n;
    p->c[SIGMA] = p->c[KAPPA] = 0;
    if (lsq_solve(&q, c) && c[0] > 0) {
        p->c[LAMBDA] = 1 / c[0];
        p->c[SIGMA] = fmin(fmax(c[1] / c[0], 0), 1);
        p->c[KAPPA] = fmax(c[2] / c[0], 0);
    }
}

static bool usl_allowed(const double *c)
{
    return c[LAMBDA] > 0 && c[SIGMA] >= 0 && c[SIGMA] <= 1 && c[KAPPA] >= 0;
}

/* The best within bounds: where the free one is outside, the best of the
 * bounds' faces. p->c is the start and the answer. */
static bool usl_solve_within(struct usl_problem *p)
{
    static const struct {
        bool sigma_free;
        double sigma;
        bool kappa_free;
    } faces[] = {{true, 0, false},
                 {false, 0, true},
                 {false, 0, false},
                 {false, 1, true},
                 {false, 1, false}};
    double best = HUGE_VAL, c[USL_COEFFICIENTS];
    struct usl_problem face;
    size_t i;

    p->free[LAMBDA] = p->free[SIGMA] = p->free[KAPPA] = true;
    face = *p;
    if (usl_solve(&face) && usl_allowed(face.c)) {
        memcpy(p->c, face.c, sizeof p->c);
        return true;
    }
    for (i = 0; i < sizeof faces / sizeof faces[0]; i++) {
        double squares;

        face = *p;
        face.free[SIGMA] = faces[i].sigma_free;
        face.free[KAPPA] = faces[i].kappa_free;
        face.c[SIGMA] = faces[i].sigma_free ? p->c[SIGMA] : faces[i].sigma;
        face.c[KAPPA] = faces[i].kappa_free ? p->c[KAPPA] : 0;
        if (!usl_solve(&face) || !usl_allowed(face.c)) {
            continue;
        }
        squares = usl_squares(&face, face.c);
        if (squares < best) {
            best = squares;
            memcpy(c, face.c, sizeof c);
            memcpy(p->free, face.free, sizeof p->free);
        }
    }
    if (best < HUGE_VAL) {
        memcpy(p->c, c, sizeof c);
    }
    return best < HUGE_VAL;
}

static double usl_peak(const double *c)
{
    return c[KAPPA] > 0 && c[SIGMA] < 1 ? sqrt((1 - c[SIGMA]) / c[KAPPA])
                                        : HUGE_VAL;
}

static struct usl_range usl_interval(double at, double half, double most)
{
    return (struct usl_range){fmax(at - half, 0), fmin(at + half, most)};
}

/* 95 % of each coefficient: s² (J'J)^-1 at the answer, within the bounds; one
 * that stands at its bound is no more certain for that. */
static void usl_intervals(const struct usl_problem *p, struct usl_fit *f)
{
    unsigned degrees = (unsigned)(p->n - USL_COEFFICIENTS);
    double s = sqrt(usl_squares(p, p->c) / degrees);
    double t = student_two_sided(0.05, degrees);
    double d[USL_COEFFICIENTS], se[LSQ_MAX] = {0};
    struct lsq q;
    size_t i;

    lsq_init(&q, USL_COEFFICIENTS);
    for (i = 0; i < p->n; i++) {
        usl_slopes(p->c, p->levels[i].n, d);
        lsq_add(&q, d, 0);
    }
    if (!lsq_spread(&q, se)) {
        se[LAMBDA] = se[SIGMA] = se[KAPPA] = HUGE_VAL;
    }
    f->lambda_ci = usl_interval(p->c[LAMBDA], t * s * se[LAMBDA], HUGE_VAL);
    f->sigma_ci = usl_interval(p->c[SIGMA], t * s * se[SIGMA], 1);
    f->kappa_ci = usl_interval(p->c[KAPPA], t * s * se[KAPPA], HUGE_VAL);
}

static int usl_order(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

/* The peak's interval: its curve is bent too much near kappa = 0 for one by
 * slopes. Residuals are drawn anew, as wide as they would be without the three
 * coefficients, and wider for how little so few of them know of their spread:
 * without that the interval holds the truth in 83 of 100 instead of 95. */
static struct usl_range usl_bootstrap(const struct usl_problem *p)
{
    double x[USL_LEVELS_MAX], at[USL_LEVELS_MAX], rest[USL_LEVELS_MAX];
    double peaks[USL_BOOTSTRAPS];
    double degrees = (double)(p->n - USL_COEFFICIENTS);
    double wider = sqrt((double)p->n / degrees) *
                   student_two_sided(0.05, (unsigned)degrees) / USL_NORMAL_95;
    struct rng r;
    size_t i, b;

    for (i = 0; i < p->n; i++) {
        at[i] = usl_at(p->c, p->levels[i].n);
        rest[i] = (p->x[i] - at[i]) * wider;
    }
    rng_seed(&r, USL_SEED, 1);
    for (b = 0; b < USL_BOOTSTRAPS; b++) {
        struct usl_problem again = *p;

        for (i = 0; i < p->n; i++) {
            x[i] = at[i] + rest[rng_range(&r, 0, p->n - 1)];
        }
        again.x = x;
        peaks[b] = usl_solve_within(&again) ? usl_peak(again.c) : HUGE_VAL;
    }
    qsort(peaks, USL_BOOTSTRAPS, sizeof peaks[0], usl_order);
    return (struct usl_range){peaks[USL_BOOTSTRAPS / 40],
                              peaks[USL_BOOTSTRAPS - 1 - USL_BOOTSTRAPS / 40]};
}

/* Does throughput fall from level `top` on, by a straight line whose slope is
 * below 0 for certain (95 %)? */
static bool usl_slopes_down(const struct usl_problem *p, size_t top)
{
    size_t m = p->n - top, i;
    double c[LSQ_MAX] = {0}, se[LSQ_MAX] = {0}, s, t;
    struct lsq q;

    if (m < USL_FALL_LEVELS) {
        return false;
    }
    lsq_init(&q, 2);
    for (i = top; i < p->n; i++) {
        double row[] = {1, p->levels[i].n - p->levels[top].n};

        lsq_add(&q, row, p->x[i] / p->x[top]);
    }
    if (!lsq_solve(&q, c) || !lsq_spread(&q, se)) {
        return false;
    }
    s = sqrt(lsq_rest(&q, c) / (double)(m - 2));
    t = student_two_sided(0.05, (unsigned)(m - 2));
    return c[1] + t * s * se[1] < 0;
}

/* Do the data themselves fall behind their highest level: by more than two
 * standard errors of what is behind it, or by a slope? */
static bool usl_falls(const struct usl_problem *p)
{
    double s = sqrt(usl_squares(p, p->c) / (double)(p->n - USL_COEFFICIENTS));
    double sum = 0, m;
    size_t top = 0, i;

    for (i = 1; i < p->n; i++) {
        top = p->x[i] > p->x[top] ? i : top;
    }
    m = (double)(p->n - 1 - top);
    for (i = top + 1; i < p->n; i++) {
        sum += p->x[i];
    }
    return m > 0 &&
           (sum / m < p->x[top] - 2 * s / sqrt(m) || usl_slopes_down(p, top));
}

static double usl_r2(const struct usl_problem *p)
{
    double mean = 0, all = 0;
    size_t i;

    for (i = 0; i < p->n; i++) {
        mean += p->x[i] / (double)p->n;
    }
    for (i = 0; i < p->n; i++) {
        all += (p->x[i] - mean) * (p->x[i] - mean);
    }
    return all > 0 ? 1 - usl_squares(p, p->c) / all : 0;
}

static void usl_judge(const struct usl_problem *p, struct usl_fit *f)
{
    if (f->r2 < USL_R2_MIN) {
        f->why = "the law does not fit these levels";
        return;
    }
    f->valid = true;
    if (!usl_falls(p)) {
        f->why = "throughput does not fall up to the highest level";
    } else if (f->n_star > USL_BEYOND * f->n_max ||
               f->n_star_ci.high > USL_BEYOND_CI * f->n_max) {
        f->why = "the peak would be beyond the levels";
    } else {
        f->peak = true;
        f->x_star = usl_at(p->c, f->n_star);
    }
}

struct usl_fit usl_fit(const struct usl_level *levels, size_t n)
{
    struct usl_fit f = {.why = "too few levels", .n_star = HUGE_VAL};
    struct usl_problem p = {.levels = levels};
    double x[USL_LEVELS_MAX];

    p.n = n < USL_LEVELS_MAX ? n : USL_LEVELS_MAX;
    if (n < USL_LEVELS_MIN) {
        return f;
    }
    for (size_t i = 0; i < p.n; i++) {
        x[i] = levels[i].x;
        if (!(levels[i].n > 0) || !(x[i] > 0)) {
            f.why = "a level without throughput";
            return f;
        }
    }
    p.x = x;
    f.n_max = levels[p.n - 1].n;
    usl_start(&p);
    if (!usl_solve_within(&p)) {
        f.why = "the law does not fit these levels";
        return f;
    }
    f.fitted = true;
    f.why = "";
    f.lambda = p.c[LAMBDA];
    f.sigma = p.c[SIGMA];
    f.kappa = p.c[KAPPA];
    f.r2 = usl_r2(&p);
    f.n_star = usl_peak(p.c);
    usl_intervals(&p, &f);
    f.n_star_ci = usl_bootstrap(&p);
    usl_judge(&p, &f);
    return f;
}
