/* SPDX-License-Identifier: MIT
 *
 * versus_stages - each stage of a scenario held against the same of another
 * run: that of the same place and label. What was jumped to again counts
 * visit by visit. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "record/versus_internal.h"

/* A file may have many more; of a run that was steered so often there is little
 * to say by stage. */
#define STAGE_VISITS_MAX 1000

static size_t stage_visits(const struct baseline_part *p)
{
    return p->n_visits < STAGE_VISITS_MAX ? p->n_visits : STAGE_VISITS_MAX;
}

/* Moments of one side's visits. */
struct stage_side {
    struct versus_moment *list; /* owned */
    size_t n, cap;
    double load;
    size_t loads;
    double us; /* of all moments */
};

static uint64_t visit_end(const struct baseline_run *r,
                          const struct baseline_visit *v)
{
    return v->end_us < r->length_us ? v->end_us : r->length_us;
}

static void stage_side_visit(struct stage_side *s, const struct baseline_run *r,
                             const struct baseline_part *p,
                             const struct baseline_visit *v)
{
    uint64_t step = versus_step(r), end = visit_end(r, v), at;

    for (at = v->start_us + step / 2; step > 0 && at < end; at += step) {
        double load = baseline_at(&p->level, at);

        s->list = xgrow(s->list, s->n, &s->cap, sizeof *s->list);
        s->list[s->n++] = versus_moment_at(r, at);
        s->us += (double)step;
        if (!isnan(load)) {
            s->load += load;
            s->loads++;
        }
    }
}

static int stage_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* NAN of nothing. */
static double stage_median(const struct stage_side *s, enum compare_figure f)
{
    double *x = xcalloc(s->n + 1, sizeof *x), median = NAN;
    size_t i, n = 0;

    for (i = 0; i < s->n; i++) {
        if (!isnan(s->list[i].of[f])) {
            x[n++] = s->list[i].of[f];
        }
    }
    if (n > 0) {
        qsort(x, n, sizeof *x, stage_order);
        median = n % 2 == 1 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
    }
    free(x);
    return median;
}

/* The figures of a side, and how many requests it had. */
static double stage_side_end(struct stage_side *s, struct versus_moment *out,
                             double *load)
{
    double rps = 0, failed = 0, of = 0;
    size_t i;

    for (i = 0; i < s->n; i++) {
        const struct versus_moment *m = &s->list[i];

        if (!isnan(m->of[COMPARE_RPS])) {
            rps += m->of[COMPARE_RPS];
            of++;
        }
        if (m->of[COMPARE_RPS] > 0 && m->of[COMPARE_ERRORS] > 0) {
            failed += m->of[COMPARE_RPS] * m->of[COMPARE_ERRORS];
        }
    }
    *out = (struct versus_moment){{
        [COMPARE_P50] = stage_median(s, COMPARE_P50),
        [COMPARE_P95] = stage_median(s, COMPARE_P95),
        [COMPARE_P99] = stage_median(s, COMPARE_P99),
        [COMPARE_RPS] = of > 0 ? rps / of : NAN,
        [COMPARE_ERRORS] = rps > 0 ? failed / rps : NAN,
    }};
    *load = s->loads > 0 ? s->load / (double)s->loads : NAN;
    free(s->list);
    return of > 0 ? rps / of * s->us / 1e6 : 0;
}

static bool visit_is(const struct baseline_visit *v, size_t stage,
                     const char *label)
{
    return v->stage == stage &&
           (strcmp(v->label, label) == 0 || v->label[0] == '\0');
}

/* The k-th visit of a stage; NULL = there was none. */
static const struct baseline_visit *visit_find(const struct baseline_part *p,
                                               size_t stage, const char *label,
                                               size_t k)
{
    size_t i;

    for (i = 0; i < stage_visits(p); i++) {
        if (visit_is(&p->visits[i], stage, label) && k-- == 0) {
            return &p->visits[i];
        }
    }
    return NULL;
}

static void stage_track(const struct baseline_run *a,
                        const struct baseline_visit *x,
                        const struct baseline_run *b,
                        const struct baseline_visit *y, unsigned part,
                        struct versus_track *t)
{
    uint64_t step =
        versus_step(a) > versus_step(b) ? versus_step(a) : versus_step(b);
    uint64_t end_a = visit_end(a, x), end_b = visit_end(b, y), at;

    for (at = step / 2;
         step > 0 && x->start_us + at < end_a && y->start_us + at < end_b;
         at += step) {
        struct versus_moment p = versus_moment_at(a, x->start_us + at);
        struct versus_moment q = versus_moment_at(b, y->start_us + at);

        versus_track_add(t, &p, &q, part);
    }
}

/* Loads of several pairs. */
struct stage_loads {
    double a, b;
    size_t n_a, n_b;
};

static void stage_load(double load, double *sum, size_t *n)
{
    if (!isnan(load)) {
        *sum += load;
        ++*n;
    }
}

/* A stage of one pair; nothing where it is not in both. */
static void stage_pair(const struct baseline_run *a,
                       const struct baseline_run *b, const char *scenario,
                       size_t stage, const char *label, struct versus_sum *sum,
                       struct stage_loads *loads)
{
    const struct baseline_part *p = baseline_part_of(a, scenario);
    const struct baseline_part *q = baseline_part_of(b, scenario);
    const struct baseline_visit *x, *y;
    struct stage_side sa = {.n = 0}, sb = {.n = 0};
    struct versus_track t = {.n = 0};
    struct versus_moment fa, fb;
    double na, nb, la, lb;
    size_t k;

    for (k = 0; p != NULL && q != NULL; k++) {
        x = visit_find(p, stage, label, k);
        y = visit_find(q, stage, label, k);
        if (x == NULL || y == NULL) {
            break;
        }
        stage_side_visit(&sa, a, p, x);
        stage_side_visit(&sb, b, q, y);
        stage_track(a, x, b, y, (unsigned)k, &t);
    }
    if (k == 0) {
        return;
    }
    na = stage_side_end(&sa, &fa, &la);
    nb = stage_side_end(&sb, &fb, &lb);
    stage_load(la, &loads->a, &loads->n_a);
    stage_load(lb, &loads->b, &loads->n_b);
    versus_sum_pair(sum, &fa, &fb, &t, na, nb);
    versus_track_clear(&t);
}

static void stage_row(struct versus *v, struct baseline_run *const *a,
                      struct baseline_run *const *b, size_t n,
                      const char *scenario, const struct baseline_visit *of)
{
    struct versus_row *row = versus_row_add(v, VERSUS_STAGE, of->label);
    struct versus_sum sum = {.pairs = 0};
    struct stage_loads l = {.n_a = 0};
    size_t i;

    free(row->scenario);
    row->scenario = xstrdup(scenario);
    row->stage = of->stage;
    for (i = 0; i < n; i++) {
        stage_pair(a[i], b[i], scenario, of->stage, of->label, &sum, &l);
    }
    row->load_a = l.n_a > 0 ? l.a / (double)l.n_a : NAN;
    row->load_b = l.n_b > 0 ? l.b / (double)l.n_b : NAN;
    row->in_b = sum.pairs > 0;
    versus_sum_end(&sum, row);
}

/* One that was seen before in this scenario. */
static bool stage_again(const struct baseline_part *p, size_t i)
{
    size_t k;

    for (k = 0; k < i; k++) {
        if (visit_is(&p->visits[k], p->visits[i].stage, p->visits[i].label)) {
            return true;
        }
    }
    return false;
}

static bool stage_alone(const struct baseline_part *p)
{
    size_t i;

    for (i = 1; p != NULL && i < stage_visits(p); i++) {
        if (p->visits[i].stage != p->visits[0].stage) {
            return false;
        }
    }
    return p == NULL || p->n_visits == 0 || p->visits[0].stage == 0;
}

/* A scenario that has one stage in all runs is told by the run as a whole. */
static bool stages_alone(struct baseline_run *const *a,
                         struct baseline_run *const *b, size_t n,
                         const char *scenario)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (!stage_alone(baseline_part_of(a[i], scenario)) ||
            !stage_alone(baseline_part_of(b[i], scenario))) {
            return false;
        }
    }
    return true;
}

/* Those of b that a has not got. */
static void stages_new(struct versus *v, struct baseline_run *const *a,
                       struct baseline_run *const *b, size_t n)
{
    size_t i, k;

    for (i = 0; i < b[0]->n_parts; i++) {
        const struct baseline_part *q = &b[0]->parts[i];
        const struct baseline_part *p = baseline_part_of(a[0], q->name);
        bool alone = stages_alone(a, b, n, q->name);

        for (k = 0; k < stage_visits(q) && !alone; k++) {
            const struct baseline_visit *y = &q->visits[k];
            struct versus_row *row;

            if (stage_again(q, k) ||
                (p != NULL && visit_find(p, y->stage, y->label, 0) != NULL)) {
                continue;
            }
            row = versus_row_add(v, VERSUS_STAGE, y->label);
            free(row->scenario);
            row->scenario = xstrdup(q->name);
            row->stage = y->stage;
            row->in_a = false;
        }
    }
}

void versus_stages(struct versus *v, struct baseline_run *const *a,
                   struct baseline_run *const *b, size_t n)
{
    size_t i, k;

    for (i = 0; i < a[0]->n_parts; i++) {
        const struct baseline_part *p = &a[0]->parts[i];
        bool alone = stages_alone(a, b, n, p->name);

        for (k = 0; k < stage_visits(p) && !alone; k++) {
            if (!stage_again(p, k)) {
                stage_row(v, a, b, n, p->name, &p->visits[k]);
            }
        }
    }
    stages_new(v, a, b, n);
}
