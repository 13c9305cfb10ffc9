/* SPDX-License-Identifier: MIT
 *
 * baseline_read - results JSON into a baseline. What is needed of it must be
 * there and make sense; what is not needed is not looked at, so that a later
 * brunt's file is read as well. The first mistake ends it: the file was written
 * by a program, and one that is broken is broken. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "plan/scenario.h"
#include "record/baseline_internal.h"

#define BASELINE_SCHEMA "brunt-results/1"
/* Of a level that hardly varies. */
#define STEADY_OFF 0.1

/* o's array at key: a value for each of the n moments, times scale. */
static bool in_curve(struct baseline_in *in, const cJSON *o, const char *path,
                     const char *key, double scale, const uint64_t *t, size_t n,
                     double interval_s, struct baseline_curve *out)
{
    double *values = NULL;
    size_t i;

    if (!baseline_values(in, o, path, key, n, &values)) {
        return false;
    }
    out->points = xcalloc(n + 1, sizeof *out->points);
    for (i = 0; i < n; i++) {
        out->points[i] = (struct baseline_point){
            .start_us = t[i],
            .end_us = i + 1 < n ? t[i + 1]
                                : t[i] + (uint64_t)llround(interval_s * 1e6),
            .value = values[i] * scale};
    }
    out->n = n;
    free(values);
    return true;
}

/* The same of the run's series, where there is one. */
static bool in_curve_if(struct baseline_in *in, const cJSON *o, const char *key,
                        double scale, const uint64_t *t, size_t n,
                        double interval_s, struct baseline_curve *out)
{
    return baseline_get(o, key) == NULL ||
           in_curve(in, o, "$.series", key, scale, t, n, interval_s, out);
}

static bool in_series(struct baseline_in *in, const cJSON *root,
                      struct baseline_run *b)
{
    const cJSON *o = baseline_get(root, "series");
    double every = 0;
    uint64_t *t;
    size_t n = 0;
    bool ok;

    if (!cJSON_IsObject(o)) {
        return baseline_wrong(in, "$.series", "expected an object, found %s",
                              baseline_kind(o));
    }
    t = baseline_times(in, o, "$.series", &n, &every);
    ok = t != NULL &&
         in_curve(in, o, "$.series", "rps", 1, t, n, every, &b->rps) &&
         in_curve(in, o, "$.series", "p95", 1e3, t, n, every, &b->p95) &&
         in_curve(in, o, "$.series", "errors", 1, t, n, every, &b->errors) &&
         in_curve_if(in, o, "p50", 1e3, t, n, every, &b->p50) &&
         in_curve_if(in, o, "p99", 1e3, t, n, every, &b->p99) &&
         in_curve_if(in, o, "vus", 1, t, n, every, &b->vus);
    free(t);
    return ok;
}

/* A value of a metric, NAN where it has none. metrics: an object by name. */
static bool in_metric(struct baseline_in *in, const cJSON *metrics,
                      const char *path, const char *metric, const char *value,
                      double *out)
{
    const cJSON *m = baseline_get(metrics, metric);
    char at[256];

    *out = NAN;
    if (m == NULL) {
        return true; /* nothing fed it */
    }
    snprintf(at, sizeof at, "%s.%s.values['%s']", path, metric, value);
    return baseline_figure(in, baseline_get(baseline_get(m, "values"), value),
                           at, true, BASELINE_VALUE_MAX, out);
}

bool baseline_figures(struct baseline_in *in, const cJSON *of, const char *path,
                      struct baseline_figures *out)
{
    const cJSON *metrics = baseline_get(of, "metrics");
    char at[128];

    snprintf(at, sizeof at, "%s.metrics", path);
    if (!cJSON_IsObject(metrics)) {
        return baseline_wrong(in, at, "expected an object, found %s",
                              baseline_kind(metrics));
    }
    if (!in_metric(in, metrics, at, "http_reqs", "rate", &out->rps) ||
        !in_metric(in, metrics, at, "http_req_duration", "med", &out->p50_us) ||
        !in_metric(in, metrics, at, "http_req_duration", "p(95)",
                   &out->p95_us) ||
        !in_metric(in, metrics, at, "http_req_duration", "p(99)",
                   &out->p99_us) ||
        !in_metric(in, metrics, at, "http_req_failed", "rate", &out->errors)) {
        return false;
    }
    out->p50_us *= 1e3;
    out->p95_us *= 1e3;
    out->p99_us *= 1e3;
    return true;
}

/* The level that all but a tenth of the time is near. */
static double part_steady(const struct baseline_curve *c)
{
    double mean = baseline_mean(c), near = 0, all = 0;
    size_t i;

    for (i = 0; i < c->n; i++) {
        const struct baseline_point *p = &c->points[i];
        double us = (double)(p->end_us - p->start_us);

        all += us;
        near += fabs(p->value - mean) <= STEADY_OFF * mean ? us : 0;
    }
    return mean > 0 && near >= (1 - STEADY_OFF) * all ? mean : NAN;
}

/* Levels of one scenario: VUs, or of an arrival rate what was begun. */
static bool in_part(struct baseline_in *in, const cJSON *v,
                    struct baseline_run *b)
{
    struct baseline_part *p = &b->parts[b->n_parts];
    const cJSON *series = baseline_get(v, "series");
    const cJSON *rate = baseline_get(series, "rate");
    char at[128], path[64], inner[140];
    double every = 0;
    uint64_t *t;
    size_t n = 0;
    bool ok;

    snprintf(path, sizeof path, "$.scenarios[%zu]", b->n_parts++);
    snprintf(at, sizeof at, "%s.name", path);
    if (!baseline_string(in, v, "name", at, &p->name)) {
        return false;
    }
    snprintf(at, sizeof at, "%s.series", path);
    if (!cJSON_IsObject(series)) {
        return baseline_wrong(in, at, "expected an object, found %s",
                              baseline_kind(series));
    }
    p->rate = cJSON_IsObject(rate);
    snprintf(inner, sizeof inner, "%s%s", at, p->rate ? ".rate" : "");
    t = baseline_times(in, series, at, &n, &every);
    ok = t != NULL &&
         in_curve(in, p->rate ? rate : series, inner,
                  p->rate ? "achieved" : "vus", 1, t, n, every, &p->level);
    p->steady = part_steady(&p->level);
    free(t);
    snprintf(at, sizeof at, "%s.vus_max", path);
    return ok && baseline_figure(in, baseline_get(v, "vus_max"), at, true,
                                 BASELINE_VALUE_MAX, &p->vus_max);
}

static bool in_parts(struct baseline_in *in, const cJSON *root,
                     struct baseline_run *b)
{
    const cJSON *list =
        baseline_array(in, root, "scenarios", "$.scenarios", LINEUP_MAX);
    const cJSON *v;

    if (list == NULL) {
        return false;
    }
    if (cJSON_GetArraySize(list) == 0) {
        return baseline_wrong(in, "$.scenarios",
                              "expected at least one scenario");
    }
    b->parts = xcalloc((size_t)cJSON_GetArraySize(list), sizeof *b->parts);
    cJSON_ArrayForEach(v, list)
    {
        if (!in_part(in, v, b)) {
            return false;
        }
    }
    return true;
}

/* "stage 3/7 spike 220": what an applied stage, next, previous or jump says of
 * itself; a refused one says something else. The stage's index and where its
 * label begins; false: it is no such text. */
static bool visit_text(const char *value, const char *text, size_t *stage,
                       const char **label)
{
    uint64_t n;

    if (strncmp(text, "stage ", 6) != 0 || !num_u64(value, 1, 100000, &n)) {
        return false;
    }
    *label = strchr(text + 6, ' ');
    *label = *label != NULL ? *label + 1 : "";
    *stage = (size_t)n - 1;
    return true;
}

static void visit_add(struct baseline_part *p, uint64_t t_us, size_t stage,
                      const char *label)
{
    struct baseline_visit *last =
        p->n_visits > 0 ? &p->visits[p->n_visits - 1] : NULL;

    if (last != NULL && last->start_us >= t_us) {
        /* A stage without length, or one that was passed at once. */
        free(last->label);
        last->label = xstrdup(label);
        last->stage = stage;
        return;
    }
    if (last != NULL) {
        last->end_us = t_us;
    }
    p->visits =
        xgrow(p->visits, p->n_visits, &p->cap_visits, sizeof *p->visits);
    p->visits[p->n_visits++] = (struct baseline_visit){
        .stage = stage, .label = xstrdup(label), .start_us = t_us};
}

static bool in_event(struct baseline_in *in, const cJSON *v, size_t i,
                     struct baseline_run *b)
{
    const cJSON *value = baseline_get(v, "value"),
                *text = baseline_get(v, "text");
    const cJSON *of = baseline_get(v, "scenario");
    const char *label = "";
    struct baseline_part *p = NULL;
    char at[64];
    size_t stage = 0, k;
    double t = 0;

    if (!cJSON_IsString(value) || !cJSON_IsString(text) ||
        !visit_text(value->valuestring, text->valuestring, &stage, &label)) {
        return true;
    }
    snprintf(at, sizeof at, "$.events[%zu].t", i);
    if (!baseline_figure(in, baseline_get(v, "t"), at, false,
                         BASELINE_SECONDS_MAX, &t)) {
        return false;
    }
    for (k = 0; k < b->n_parts; k++) {
        if (b->n_parts == 1 ||
            (cJSON_IsString(of) &&
             strcmp(of->valuestring, b->parts[k].name) == 0)) {
            p = &b->parts[k];
            break;
        }
    }
    if (p != NULL) {
        visit_add(p, (uint64_t)llround(t * 1e6), stage, label);
    }
    return true;
}

/* When each stage was. Events may have been lost in a run with very many: then
 * what is left of them holds. */
static bool in_visits(struct baseline_in *in, const cJSON *root,
                      struct baseline_run *b)
{
    const cJSON *list =
        baseline_array(in, root, "events", "$.events", BASELINE_EVENTS_MAX);
    const cJSON *v;
    size_t i = 0;

    if (list == NULL) {
        return false;
    }
    cJSON_ArrayForEach(v, list)
    {
        if (!in_event(in, v, i++, b)) {
            return false;
        }
    }
    for (i = 0; i < b->n_parts; i++) {
        struct baseline_part *p = &b->parts[i];

        if (p->n_visits == 0) {
            visit_add(p, 0, 0, "");
        }
        p->visits[p->n_visits - 1].end_us = UINT64_MAX;
    }
    return true;
}

bool baseline_fill(struct baseline_in *in, const cJSON *root,
                   struct baseline_run *b)
{
    const cJSON *schema = baseline_get(root, "schema");
    const cJSON *status = baseline_get(baseline_get(root, "outcome"), "status");
    char safe[64];
    double length = 0;

    if (!cJSON_IsString(schema)) {
        return baseline_wrong(in, "$",
                              "expected results with schema "
                              "\"" BASELINE_SCHEMA "\", found %s without a "
                              "schema",
                              baseline_kind(root));
    }
    if (strcmp(schema->valuestring, BASELINE_SCHEMA) != 0) {
        return baseline_wrong(
            in, "$.schema", "expected \"" BASELINE_SCHEMA "\", found \"%s\"",
            text_safe(safe, sizeof safe, schema->valuestring));
    }
    if (!cJSON_IsString(status)) {
        return baseline_wrong(in, "$.outcome.status",
                              "expected a string, found %s",
                              baseline_kind(status));
    }
    b->over = strcmp(status->valuestring, "running") != 0;
    if (!baseline_string(in, root, "scenario", "$.scenario", &b->scenario) ||
        !baseline_string(in, root, "started", "$.started", &b->started) ||
        !baseline_figure(in, baseline_get(root, "duration_s"), "$.duration_s",
                         false, BASELINE_SECONDS_MAX, &length)) {
        return false;
    }
    b->length_us = (uint64_t)llround(length * 1e6);
    return baseline_figures(in, root, "$", &b->run) &&
           in_metric(in, baseline_get(root, "metrics"), "$.metrics",
                     "iterations", "rate", &b->iterations) &&
           in_series(in, root, b) && baseline_names(in, root, b) &&
           in_parts(in, root, b) && in_visits(in, root, b) &&
           baseline_windows(in, root, b);
}
