/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "record/baseline_internal.h"

static void curve_free(struct baseline_curve *c)
{
    free(c->points);
    *c = (struct baseline_curve){NULL, 0};
}

void baseline_free(struct baseline_run **bp)
{
    struct baseline_run *b = *bp;
    size_t i, k;

    if (b == NULL) {
        return;
    }
    for (i = 0; i < b->n_parts; i++) {
        for (k = 0; k < b->parts[i].n_visits; k++) {
            free(b->parts[i].visits[k].label);
        }
        free(b->parts[i].visits);
        free(b->parts[i].name);
        curve_free(&b->parts[i].level);
    }
    for (i = 0; i < b->n_names; i++) {
        free(b->names[i].name);
        free(b->names[i].at);
    }
    curve_free(&b->rps);
    curve_free(&b->p50);
    curve_free(&b->p95);
    curve_free(&b->p99);
    curve_free(&b->errors);
    curve_free(&b->vus);
    free(b->parts);
    free(b->names);
    free(b->windows);
    free(b->coarse);
    free(b->file);
    free(b->scenario);
    free(b->started);
    free(b->damage);
    free(b);
    *bp = NULL;
}

struct baseline_run *baseline_parse(const char *text, size_t n,
                                    const char *file, struct err *e)
{
    struct baseline_in in = {.text = text, .n = n, .file = file, .err = e};
    struct baseline_run *b = NULL;
    cJSON *root = json_parse(text, n, file, e);

    if (root == NULL) {
        baseline_hint(e);
        return NULL;
    }
    b = xcalloc(1, sizeof *b);
    b->file = xstrdup(file);
    if (!baseline_fill(&in, root, b)) {
        baseline_free(&b);
    } else {
        b->earlier = (struct story_earlier){
            b->file, b->scenario, {b->windows, b->n_windows}};
    }
    cJSON_Delete(root);
    return b;
}

struct baseline_run *baseline_read(const char *path, struct err *e)
{
    struct baseline_run *b = NULL;
    struct buf text;

    buf_init(&text, BASELINE_BYTES_MAX);
    if (file_read(path, &text, e)) {
        b = baseline_parse(text.data, text.len, path, e);
    } else {
        baseline_hint(e);
    }
    buf_clear(&text);
    return b;
}

const struct baseline_part *baseline_part_of(const struct baseline_run *b,
                                             const char *name)
{
    size_t i;

    for (i = 0; i < b->n_parts; i++) {
        if (strcmp(b->parts[i].name, name) == 0) {
            return &b->parts[i];
        }
    }
    return b->n_parts == 1 ? &b->parts[0] : NULL;
}

const struct baseline_name *baseline_name_of(const struct baseline_run *b,
                                             const char *name)
{
    size_t i;

    for (i = 0; i < b->n_names; i++) {
        if (strcmp(b->names[i].name, name) == 0) {
            return &b->names[i];
        }
    }
    return NULL;
}

/* The first point that ends after t: c->n = none. */
static size_t curve_find(const struct baseline_curve *c, uint64_t t_us)
{
    size_t lo = 0, hi = c->n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (c->points[mid].end_us <= t_us) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

double baseline_at(const struct baseline_curve *c, uint64_t t_us)
{
    size_t i = curve_find(c, t_us);

    return i < c->n && c->points[i].start_us <= t_us ? c->points[i].value : NAN;
}

double baseline_mean(const struct baseline_curve *c)
{
    double sum = 0, us = 0;
    size_t i;

    for (i = 0; i < c->n; i++) {
        const struct baseline_point *p = &c->points[i];

        if (!isnan(p->value)) {
            sum += p->value * (double)(p->end_us - p->start_us);
            us += (double)(p->end_us - p->start_us);
        }
    }
    return us > 0 ? sum / us : NAN;
}

const struct baseline_moment *baseline_then(const struct baseline_name *name,
                                            uint64_t t_us)
{
    size_t lo = 0, hi = name->n;
    uint64_t half = name->step_us / 2;

    /* The first one that is more than half a step later. */
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (name->at[mid].t_us <= t_us + half) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo > 0 && t_us <= name->at[lo - 1].t_us + half ? &name->at[lo - 1]
                                                          : NULL;
}

static int double_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

void baseline_sum_add(struct baseline_sum *s, const struct baseline_run *b,
                      uint64_t from_us, uint64_t to_us)
{
    size_t i;

    for (i = curve_find(&b->rps, from_us);
         i < b->rps.n && b->rps.points[i].start_us < to_us; i++) {
        const struct baseline_point *p = &b->rps.points[i];
        uint64_t middle = p->start_us + (p->end_us - p->start_us) / 2;
        double seconds = (double)(p->end_us - p->start_us) / 1e6;
        double errors = b->errors.points[i].value;

        if (middle < from_us || middle >= to_us || isnan(p->value)) {
            continue;
        }
        s->points++;
        s->seconds += seconds;
        s->requests += p->value * seconds;
        s->failed += isnan(errors) ? 0 : p->value * seconds * errors;
        if (!isnan(b->p95.points[i].value)) {
            s->p95 = xgrow(s->p95, s->n, &s->cap, sizeof *s->p95);
            s->p95[s->n++] = b->p95.points[i].value;
        }
    }
}

bool baseline_sum_end(struct baseline_sum *s, struct baseline_figures *out)
{
    bool any = s->points > 0;
    size_t n = s->n;

    if (any) {
        out->rps = s->seconds > 0 ? s->requests / s->seconds : NAN;
        out->errors = s->requests > 0 ? s->failed / s->requests : NAN;
        out->p50_us = out->p95_us = out->p99_us = NAN;
    }
    if (n > 0) {
        qsort(s->p95, n, sizeof *s->p95, double_order);
        out->p95_us = n % 2 == 1 ? s->p95[n / 2]
                                 : (s->p95[n / 2 - 1] + s->p95[n / 2]) / 2;
    }
    free(s->p95);
    *s = (struct baseline_sum){0};
    return any;
}
