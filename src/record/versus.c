/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/versus.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "record/versus_internal.h"

#define VERSUS_LOAD_OFF 0.1
/* More than one pair of runs has. */
#define VERSUS_PARTS 1000000u

/* Percentiles differ by their ratio, and are averaged by it. */
static bool versus_ratio(enum compare_figure f)
{
    return f != COMPARE_RPS && f != COMPARE_ERRORS;
}

void versus_track_add(struct versus_track *t, const struct versus_moment *a,
                      const struct versus_moment *b, unsigned part)
{
    t->list = xgrow(t->list, t->n, &t->cap, sizeof *t->list);
    t->list[t->n++] = (struct versus_pair){*a, *b, part};
}

void versus_track_clear(struct versus_track *t)
{
    free(t->list);
    *t = (struct versus_track){.n = 0};
}

static void versus_sum_add(struct versus_sum *s, enum compare_figure f,
                           double d, unsigned part)
{
    size_t cap = s->cap[f];

    if (isfinite(d)) {
        s->d[f] = xgrow(s->d[f], s->n[f], &cap, sizeof *s->d[f]);
        s->part[f] = xgrow(s->part[f], s->n[f], &s->cap[f], sizeof *s->part[f]);
        s->part[f][s->n[f]] = part;
        s->d[f][s->n[f]++] = d;
    }
}

/* The mean rate of one side's moments; NAN of none. */
static double track_rate(const struct versus_track *t, bool now)
{
    double sum = 0;
    size_t i, n = 0;

    for (i = 0; i < t->n; i++) {
        const struct versus_pair *p = &t->list[i];
        double rps = (now ? &p->b : &p->a)->of[COMPARE_RPS];

        if (isfinite(rps)) {
            sum += rps;
            n++;
        }
    }
    return n > 0 ? sum / (double)n : NAN;
}

/* What a moment's failures add to the share of all requests. */
static double track_failed(const struct versus_moment *m, double mean_rps)
{
    double share = m->of[COMPARE_ERRORS];

    return m->of[COMPARE_RPS] > 0 ? share * m->of[COMPARE_RPS] / mean_rps : 0;
}

/* Differences such that their mean is that of the whole. */
static void versus_sum_track(struct versus_sum *s, const struct versus_track *t)
{
    double mean_a = track_rate(t, false), mean_b = track_rate(t, true);
    size_t i;
    int f;

    for (i = 0; i < t->n; i++) {
        const struct versus_pair *p = &t->list[i];
        const double *a = p->a.of, *b = p->b.of;
        /* Of another pair of runs it is another part. */
        unsigned part = p->part + (unsigned)s->pairs * VERSUS_PARTS;

        for (f = 0; f < COMPARE_FIGURES; f++) {
            if (versus_ratio((enum compare_figure)f) && a[f] > 0 && b[f] > 0) {
                versus_sum_add(s, (enum compare_figure)f, log(b[f] / a[f]),
                               part);
            }
        }
        if (isfinite(a[COMPARE_RPS]) && isfinite(b[COMPARE_RPS])) {
            versus_sum_add(s, COMPARE_RPS,
                           (b[COMPARE_RPS] - a[COMPARE_RPS]) / mean_a, part);
            versus_sum_add(s, COMPARE_ERRORS,
                           track_failed(&p->b, mean_b) -
                               track_failed(&p->a, mean_a),
                           part);
        }
    }
}

void versus_sum_pair(struct versus_sum *s, const struct versus_moment *a,
                     const struct versus_moment *b,
                     const struct versus_track *t, double n_a, double n_b)
{
    int f;

    for (f = 0; f < COMPARE_FIGURES; f++) {
        bool ratio = versus_ratio((enum compare_figure)f);

        s->a[f] += ratio ? log(a->of[f]) : a->of[f];
        s->b[f] += ratio ? log(b->of[f]) : b->of[f];
    }
    versus_sum_track(s, t);
    s->requests += fmin(n_a, n_b);
    s->n_a += n_a;
    s->n_b += n_b;
    s->pairs++;
}

static void versus_figure_end(struct versus_sum *s, enum compare_figure f,
                              struct versus_figure *out)
{
    bool ratio = versus_ratio(f);
    double n = (double)s->pairs;
    /* Errors that were never seen may be there all the same: 3 of n. */
    double least =
        f == COMPARE_ERRORS && s->requests > 0 ? 1.5 / s->requests : 0;

    out->a = ratio ? exp(s->a[f] / n) : s->a[f] / n;
    out->b = ratio ? exp(s->b[f] / n) : s->b[f] / n;
    out->change = f == COMPARE_ERRORS              ? out->b - out->a
                  : out->a > 0 && isfinite(out->b) ? out->b / out->a - 1
                                                   : NAN;
    out->moments = contrast_of(s->d[f], s->part[f], s->n[f], least);
    if (out->moments.any && ratio) {
        out->moments.mean = expm1(out->moments.mean);
        out->moments.low = expm1(out->moments.low);
        out->moments.high = expm1(out->moments.high);
    }
    if (out->moments.any && !ratio) { /* no more than all can be gone */
        out->moments.low = fmax(out->moments.low, -1);
    }
    if (f == COMPARE_ERRORS) {
        out->moments.high = fmin(out->moments.high, 1);
        versus_judge_counts(out, s->n_a, s->n_b);
    }
    out->answer = f == COMPARE_ERRORS && out->a == 0 && out->b == 0
                      ? COMPARE_SAME
                  : out->moments.any
                      ? compare_judge(f, out->moments.low, out->moments.high)
                      : COMPARE_SHORT;
    free(s->d[f]);
    free(s->part[f]);
}

void versus_sum_end(struct versus_sum *s, struct versus_row *row)
{
    int f;

    for (f = 0; f < COMPARE_FIGURES; f++) {
        versus_figure_end(s, (enum compare_figure)f, &row->of[f]);
    }
    versus_judge_row(row);
    *s = (struct versus_sum){.pairs = 0};
}

struct versus_row *versus_row_add(struct versus *v, enum versus_kind kind,
                                  const char *name)
{
    struct versus_row *row;
    int f;

    v->rows = xgrow(v->rows, v->n, &v->cap, sizeof *v->rows);
    row = &v->rows[v->n++];
    *row = (struct versus_row){.kind = kind,
                               .name = xstrdup(name),
                               .scenario = xstrdup(""),
                               .in_a = true,
                               .in_b = true,
                               .load_a = NAN,
                               .load_b = NAN};
    for (f = 0; f < COMPARE_FIGURES; f++) {
        row->of[f].a = row->of[f].b = row->of[f].change = NAN;
    }
    return row;
}

struct versus_moment versus_moment_at(const struct baseline_run *r,
                                      uint64_t t_us)
{
    return (struct versus_moment){{
        [COMPARE_P50] = baseline_at(&r->p50, t_us),
        [COMPARE_P95] = baseline_at(&r->p95, t_us),
        [COMPARE_P99] = baseline_at(&r->p99, t_us),
        [COMPARE_RPS] = baseline_at(&r->rps, t_us),
        [COMPARE_ERRORS] = baseline_at(&r->errors, t_us),
    }};
}

static struct versus_moment versus_moment_of(const struct baseline_figures *f)
{
    return (struct versus_moment){{
        [COMPARE_P50] = f->p50_us,
        [COMPARE_P95] = f->p95_us,
        [COMPARE_P99] = f->p99_us,
        [COMPARE_RPS] = f->rps,
        [COMPARE_ERRORS] = f->errors,
    }};
}

/* Points are no closer: a file may say anything. */
static uint64_t versus_grain(uint64_t length_us)
{
    return length_us / BASELINE_POINTS_MAX + 1;
}

uint64_t versus_step(const struct baseline_run *r)
{
    uint64_t us;

    if (r->rps.n == 0) {
        return 0;
    }
    us = r->rps.points[0].end_us - r->rps.points[0].start_us;
    return us > versus_grain(r->length_us) ? us : versus_grain(r->length_us);
}

/* Changes at each moment at which a scenario's stage does. */
static unsigned versus_part(const struct baseline_run *r, uint64_t t_us)
{
    unsigned part = 0;
    size_t i;

    for (i = 0; i < r->n_parts; i++) {
        const struct baseline_part *p = &r->parts[i];
        size_t lo = 0, hi = p->n_visits;

        /* The first visit that begins later. */
        while (lo < hi) {
            size_t mid = lo + (hi - lo) / 2;

            if (p->visits[mid].start_us <= t_us) {
                lo = mid + 1;
            } else {
                hi = mid;
            }
        }
        part += (unsigned)lo;
    }
    return part % VERSUS_PARTS;
}

static double versus_requests(const struct baseline_figures *f,
                              const struct baseline_run *of)
{
    return f->rps * (double)of->length_us / 1e6;
}

static void versus_run(struct versus *v, struct baseline_run *const *a,
                       struct baseline_run *const *b, size_t n)
{
    struct versus_row *row = versus_row_add(v, VERSUS_RUN, "");
    struct versus_sum sum = {.pairs = 0};
    size_t i;

    for (i = 0; i < n; i++) {
        struct versus_moment fa = versus_moment_of(&a[i]->run);
        struct versus_moment fb = versus_moment_of(&b[i]->run);
        uint64_t step = versus_step(a[i]) > versus_step(b[i])
                            ? versus_step(a[i])
                            : versus_step(b[i]);
        struct versus_track t = {.n = 0};
        uint64_t at;

        for (at = step / 2;
             step > 0 && at < a[i]->length_us && at < b[i]->length_us;
             at += step) {
            struct versus_moment x = versus_moment_at(a[i], at);
            struct versus_moment y = versus_moment_at(b[i], at);

            versus_track_add(&t, &x, &y, versus_part(a[i], at));
        }
        versus_sum_pair(&sum, &fa, &fb, &t, versus_requests(&a[i]->run, a[i]),
                        versus_requests(&b[i]->run, b[i]));
        versus_track_clear(&t);
        v->common_s +=
            (double)(a[i]->length_us < b[i]->length_us ? a[i]->length_us
                                                       : b[i]->length_us) /
            1e6;
    }
    versus_sum_end(&sum, row);
}

/* Windows beside each other that do not overlap. */
static void versus_name_track(const struct baseline_name *a,
                              const struct baseline_name *b,
                              const struct baseline_run *of,
                              struct versus_track *t)
{
    uint64_t window = a->window_us > b->window_us ? a->window_us : b->window_us;
    uint64_t at, last;

    if (a->n == 0 || b->n == 0 || window == 0) {
        return;
    }
    last = a->at[a->n - 1].t_us < b->at[b->n - 1].t_us ? a->at[a->n - 1].t_us
                                                       : b->at[b->n - 1].t_us;
    window = window > versus_grain(last) ? window : versus_grain(last);
    for (at = window; at <= last; at += window) {
        const struct baseline_moment *x = baseline_then(a, at);
        const struct baseline_moment *y = baseline_then(b, at);

        if (x != NULL && y != NULL) {
            struct versus_moment p = versus_moment_of(&x->was);
            struct versus_moment q = versus_moment_of(&y->was);

            versus_track_add(t, &p, &q, versus_part(of, at - window / 2));
        }
    }
}

/* A name that is on one side alone, in the first pair. */
static void versus_alone(struct versus *v, const struct baseline_name *name,
                         bool before)
{
    struct versus_row *row = versus_row_add(v, VERSUS_ENDPOINT, name->name);
    struct versus_moment m = versus_moment_of(&name->run);
    int f;

    row->in_a = before;
    row->in_b = !before;
    for (f = 0; f < COMPARE_FIGURES; f++) {
        *(before ? &row->of[f].a : &row->of[f].b) = m.of[f];
    }
}

/* Pairs in which one of the runs has not got it count for nothing. */
static void versus_name(struct versus *v, const char *name,
                        struct baseline_run *const *a,
                        struct baseline_run *const *b, size_t n)
{
    struct versus_row *row = versus_row_add(v, VERSUS_ENDPOINT, name);
    struct versus_sum sum = {.pairs = 0};
    size_t i;

    for (i = 0; i < n; i++) {
        const struct baseline_name *x = baseline_name_of(a[i], name);
        const struct baseline_name *y = baseline_name_of(b[i], name);
        struct versus_track t = {.n = 0};

        if (x != NULL && y != NULL) {
            struct versus_moment fa = versus_moment_of(&x->run);
            struct versus_moment fb = versus_moment_of(&y->run);

            versus_name_track(x, y, a[i], &t);
            versus_sum_pair(&sum, &fa, &fb, &t, versus_requests(&x->run, a[i]),
                            versus_requests(&y->run, b[i]));
            versus_track_clear(&t);
        }
    }
    versus_sum_end(&sum, row);
}

static void versus_names(struct versus *v, struct baseline_run *const *a,
                         struct baseline_run *const *b, size_t n)
{
    size_t i;

    for (i = 0; i < a[0]->n_names; i++) {
        if (baseline_name_of(b[0], a[0]->names[i].name) != NULL) {
            versus_name(v, a[0]->names[i].name, a, b, n);
        } else {
            versus_alone(v, &a[0]->names[i], true);
        }
    }
    for (i = 0; i < b[0]->n_names; i++) {
        if (baseline_name_of(a[0], b[0]->names[i].name) == NULL) {
            versus_alone(v, &b[0]->names[i], false);
        }
    }
}

/* Was the load itself another? Then so may be all that comes of it. */
static bool versus_loads(const struct baseline_run *a,
                         const struct baseline_run *b)
{
    size_t i;

    for (i = 0; i < a->n_parts; i++) {
        const struct baseline_part *x = &a->parts[i];
        const struct baseline_part *y = baseline_part_of(b, x->name);
        double p = baseline_mean(&x->level);
        double q = y != NULL ? baseline_mean(&y->level) : NAN;

        if (y == NULL || x->rate != y->rate ||
            fabs(q - p) > VERSUS_LOAD_OFF * fmax(p, q)) {
            return true;
        }
    }
    return a->n_parts != b->n_parts;
}

struct versus *versus_new(struct baseline_run *const *a,
                          struct baseline_run *const *b, size_t n)
{
    struct versus *v = xcalloc(1, sizeof *v);
    size_t i;

    versus_run(v, a, b, n);
    versus_names(v, a, b, n);
    versus_stages(v, a, b, n);
    for (i = 0; i < n; i++) {
        v->loads_differ = v->loads_differ || versus_loads(a[i], b[i]);
    }
    return v;
}

void versus_free(struct versus **vp)
{
    struct versus *v = *vp;
    size_t i;

    if (v == NULL) {
        return;
    }
    for (i = 0; i < v->n; i++) {
        free(v->rows[i].name);
        free(v->rows[i].scenario);
    }
    free(v->rows);
    free(v);
    *vp = NULL;
}
