/* SPDX-License-Identifier: MIT
 *
 * Whatever a results file holds, a baseline comes of it whose curves go forward
 * in time and whose figures are numbers or none, or an error that says what was
 * expected. */
#include "config.h"

#include "fuzz.h"

#include <math.h>
#include <string.h>

#include "base/must.h"
#include "record/baseline.h"
#include "record/versus.h"

static void check_curve(const struct baseline_curve *c)
{
    for (size_t i = 0; i < c->n; i++) {
        MUST(c->points[i].start_us <= c->points[i].end_us);
        MUST(i == 0 || c->points[i - 1].end_us == c->points[i].start_us);
        MUST(isnan(c->points[i].value) || isfinite(c->points[i].value));
        MUST(isnan(c->points[i].value) || c->points[i].value >= 0);
    }
}

static void check_name(const struct baseline_name *n)
{
    MUST(n->n == 0 || n->at != NULL);
    for (size_t i = 0; i < n->n; i++) {
        const struct baseline_moment *m = &n->at[i];

        MUST(i == 0 || n->at[i - 1].t_us < m->t_us);
        MUST(isnan(m->was.rps) || isfinite(m->was.rps));
        MUST(isnan(m->was.p95_us) || isfinite(m->was.p95_us));
        MUST(isnan(m->was.errors) || isfinite(m->was.errors));
        MUST(baseline_then(n, m->t_us) != NULL);
    }
}

static void check_run(const struct baseline_run *b)
{
    struct baseline_sum sum = {0};
    struct baseline_figures f;

    check_curve(&b->rps);
    check_curve(&b->p50);
    check_curve(&b->p99);
    check_curve(&b->p95);
    check_curve(&b->errors);
    check_curve(&b->vus);
    MUST(b->n_parts >= 1);
    for (size_t i = 0; i < b->n_parts; i++) {
        const struct baseline_part *p = &b->parts[i];

        check_curve(&p->level);
        MUST(p->n_visits >= 1);
        for (size_t k = 0; k < p->n_visits; k++) {
            MUST(p->visits[k].start_us < p->visits[k].end_us);
        }
        MUST(baseline_part_of(b, p->name) != NULL);
    }
    for (size_t i = 0; i < b->n_names; i++) {
        MUST(baseline_name_of(b, b->names[i].name) != NULL);
        check_name(&b->names[i]);
    }
    baseline_sum_add(&sum, b, 0, UINT64_MAX);
    MUST(!baseline_sum_end(&sum, &f) || !isinf(f.rps));
}

/* Held against itself nothing differs. */
static void check_versus(struct baseline_run *b)
{
    struct versus *v = versus_new(&b, &b, 1);

    for (size_t i = 0; i < v->n; i++) {
        for (int k = 0; k < COMPARE_FIGURES; k++) {
            const struct versus_figure *f = &v->rows[i].of[k];

            MUST(!f->moments.any || fabs(f->moments.mean) < 1e-9);
            MUST(isnan(f->change) || fabs(f->change) < 1e-9);
        }
    }
    versus_free(&v);
}

int fuzz_one(const uint8_t *data, size_t n)
{
    struct err e = ERR_INIT;
    struct baseline_run *b =
        baseline_parse((const char *)data, n, "old.json", &e);

    MUST((b == NULL) == (e.code != ERR_NONE));
    if (b != NULL) {
        check_run(b);
        check_versus(b);
    } else {
        MUST(strstr(e.text, "--results") != NULL || strlen(e.text) > 500);
    }
    baseline_free(&b);
    return 0;
}
