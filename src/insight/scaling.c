/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/scaling.h"

#include <math.h>
#include <string.h>

/* Fewer good responses make no figure of a level. */
#define SCALING_REQUESTS 50
/* Sets of scenarios that are looked at. */
#define SCALING_SETS 64

/* Levels as they are put together: means over the time of those alike. */
struct scaling_sum {
    struct bounds_level at[USL_LEVELS_MAX];
    double seconds[USL_LEVELS_MAX];
    size_t n;
};

static void scaling_mean(double *mean, double had, double x, double more)
{
    *mean += (x - *mean) * more / (had + more);
}

/* By rising users; one that is there is made longer. */
static void scaling_add(struct scaling_sum *s, const struct plateau *p)
{
    struct bounds_level new = {p->users, p->goodput, p->good_us / 1e6,
                               p->think_us / 1e6, (double)p->good};
    double seconds = (double)p->settled_us / 1e6;
    size_t i = 0;

    while (i < s->n && s->at[i].n < new.n - 0.5) {
        i++;
    }
    if (i < s->n && s->at[i].n < new.n + 0.5) {
        struct bounds_level *l = &s->at[i];

        scaling_mean(&l->n, s->seconds[i], new.n, seconds);
        scaling_mean(&l->x, s->seconds[i], new.x, seconds);
        scaling_mean(&l->r_s, s->seconds[i], new.r_s, seconds);
        scaling_mean(&l->z_s, s->seconds[i], new.z_s, seconds);
        l->count += new.count;
        s->seconds[i] += seconds;
    } else if (s->n < USL_LEVELS_MAX) {
        memmove(&s->at[i + 1], &s->at[i], (s->n - i) * sizeof s->at[0]);
        memmove(&s->seconds[i + 1], &s->seconds[i],
                (s->n - i) * sizeof s->seconds[0]);
        s->at[i] = new;
        s->seconds[i] = seconds;
        s->n++;
    }
}

static void scaling_fit(struct scaling *a, const struct scaling_sum *s)
{
    struct usl_level levels[USL_LEVELS_MAX];
    size_t i;

    if (a->bounds.thinks) {
        a->usl.why = "users think between requests: it is no law for them";
        return;
    }
    for (i = 0; i < s->n; i++) {
        levels[i] = (struct usl_level){s->at[i].n, s->at[i].x};
    }
    a->usl = usl_fit(levels, s->n);
}

double scaling_limit(const struct plateaus *p, uint64_t who, double x)
{
    size_t n = plateaus_count(p), i;
    double most = x;

    for (i = 0; i < n; i++) {
        const struct plateau *q = plateaus_at(p, i);

        most = q->who == who ? fmax(most, q->goodput) : most;
    }
    return most <= BOUNDS_FULL * x ? most : 0;
}

/* It says something of its load. */
static bool scaling_counts(const struct plateau *x)
{
    return x->after <= 0 && !x->rate && x->users > 0 && x->iterations > 0 &&
           x->good >= SCALING_REQUESTS;
}

/* The levels of these scenarios, of the first n plateaus. */
static void scaling_levels(const struct plateaus *p, size_t n, uint64_t who,
                           struct scaling_sum *s)
{
    size_t i;

    s->n = 0;
    for (i = 0; i < n; i++) {
        const struct plateau *x = plateaus_at(p, i);

        if (x->who == who && scaling_counts(x)) {
            scaling_add(s, x);
        }
    }
}

/* Loads of other scenarios are other loads: the set with the most levels. */
static uint64_t scaling_most(const struct plateaus *p, size_t n,
                             struct scaling_sum *s)
{
    uint64_t sets[SCALING_SETS], best = 0;
    size_t n_sets = 0, most = 0, i, k;

    for (i = 0; i < n && n_sets < SCALING_SETS; i++) {
        const struct plateau *x = plateaus_at(p, i);

        for (k = 0; k < n_sets && sets[k] != x->who; k++) {
        }
        if (k < n_sets || !scaling_counts(x)) {
            continue;
        }
        sets[n_sets++] = x->who;
        scaling_levels(p, n, x->who, s);
        if (s->n > most) {
            most = s->n;
            best = x->who;
        }
    }
    scaling_levels(p, n, best, s);
    return best;
}

struct scaling scaling_of(const struct plateaus *p)
{
    struct scaling a = {.usl.why = "too few levels", .suspect = -1};
    size_t n = plateaus_count(p) - (plateaus_open(p) ? 1 : 0), i;
    struct scaling_sum s;

    for (i = 0; i < n && a.suspect < 0; i++) {
        a.suspect =
            plateaus_at(p, i)->little.state == LITTLE_BROKEN ? (int)i : -1;
    }
    a.who = scaling_most(p, n, &s);
    a.levels = s.n;
    if (s.n < 2) {
        return a;
    }
    a.n_max = s.at[s.n - 1].n;
    a.bounds = bounds_of(s.at, s.n);
    a.knee = bounds_knee(s.at, s.n);
    scaling_fit(&a, &s);
    return a;
}
