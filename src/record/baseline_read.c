/* SPDX-License-Identifier: MIT
 *
 * baseline_read - results JSON into a baseline. What is needed of it must be
 * there and make sense; what is not needed is not looked at, so that a later
 * brunt's file is read as well. The first mistake ends it: the file was written
 * by a program, and one that is broken is broken. */
#include "config.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "plan/scenario.h"
#include "record/baseline_internal.h"

#define BASELINE_SCHEMA "brunt-results/1"
/* Beyond any run, and safe in µs. */
#define BASELINE_SECONDS_MAX 1e9
#define BASELINE_VALUE_MAX   1e12

void baseline_hint(struct err *e)
{
    size_t n = strlen(e->text);

    snprintf(e->text + n, sizeof e->text - n,
             "; expected is a results file of brunt (--results or key w "
             "writes one)");
}

/* path: as json_path writes it. */
bool baseline_wrong(struct baseline_in *in, const char *path, const char *fmt,
                    ...)
{
    int line = 0, column = 0;
    char text[256];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    (void)json_where(in->text, in->n, path, false, &line, &column);
    err_set_at(in->err, ERR_SYNTAX, in->file, line, column, "%s: %s", path,
               text);
    baseline_hint(in->err);
    return false;
}

static const char *in_kind(const cJSON *v)
{
    return v == NULL           ? "nothing"
           : cJSON_IsNull(v)   ? "null"
           : cJSON_IsBool(v)   ? "true or false"
           : cJSON_IsNumber(v) ? "a number"
           : cJSON_IsString(v) ? "a string"
           : cJSON_IsArray(v)  ? "an array"
           : cJSON_IsObject(v) ? "an object"
                               : "something else";
}

static const cJSON *in_get(const cJSON *o, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(o, key);
}

static bool in_string(struct baseline_in *in, const cJSON *o, const char *key,
                      const char *path, char **out)
{
    const cJSON *v = in_get(o, key);

    if (!cJSON_IsString(v)) {
        return baseline_wrong(in, path, "expected a string, found %s",
                              in_kind(v));
    }
    *out = xstrdup(v->valuestring);
    return true;
}

/* A number 0..most, or null as NAN where that may be. */
static bool in_number(struct baseline_in *in, const cJSON *v, const char *path,
                      bool may_be_null, double most, double *out)
{
    if (may_be_null && (v == NULL || cJSON_IsNull(v))) {
        *out = NAN;
        return true;
    }
    if (!cJSON_IsNumber(v)) {
        return baseline_wrong(in, path, "expected a number, found %s",
                              in_kind(v));
    }
    if (!(v->valuedouble >= 0 && v->valuedouble <= most)) {
        return baseline_wrong(in, path, "expected 0 to %g, found %g", most,
                              v->valuedouble);
    }
    *out = v->valuedouble;
    return true;
}

bool baseline_number(struct baseline_in *in, const cJSON *v, const char *path,
                     double most, double *out)
{
    return in_number(in, v, path, false, most, out);
}

/* The array at o's key, of at most so many elements. */
static const cJSON *in_array(struct baseline_in *in, const cJSON *o,
                             const char *key, const char *path, int most)
{
    const cJSON *v = in_get(o, key);

    if (!cJSON_IsArray(v)) {
        baseline_wrong(in, path, "expected an array, found %s", in_kind(v));
        return NULL;
    }
    if (cJSON_GetArraySize(v) > most) {
        baseline_wrong(in, path, "expected at most %d elements, found %d", most,
                       cJSON_GetArraySize(v));
        return NULL;
    }
    return v;
}

/* The moments that a series' points begin at, rising, µs. Owned by the
 * caller; NULL on failure. */
static uint64_t *in_times(struct baseline_in *in, const cJSON *o,
                          const char *path, size_t *n, double *interval_s)
{
    char at[160];
    const cJSON *list, *v;
    uint64_t *out;

    snprintf(at, sizeof at, "%s.interval_s", path);
    if (!in_number(in, in_get(o, "interval_s"), at, false, BASELINE_SECONDS_MAX,
                   interval_s)) {
        return NULL;
    }
    snprintf(at, sizeof at, "%s.t", path);
    list = in_array(in, o, "t", at, BASELINE_POINTS_MAX);
    if (list == NULL) {
        return NULL;
    }
    out = xcalloc((size_t)cJSON_GetArraySize(list) + 1, sizeof *out);
    *n = 0;
    cJSON_ArrayForEach(v, list)
    {
        double t = 0;

        snprintf(at, sizeof at, "%s.t[%zu]", path, *n);
        if (!in_number(in, v, at, false, BASELINE_SECONDS_MAX, &t)) {
            free(out);
            return NULL;
        }
        out[*n] = (uint64_t)llround(t * 1e6);
        if (*n > 0 && out[*n] <= out[*n - 1]) {
            baseline_wrong(in, at,
                           "expected a later moment than the one before it");
            free(out);
            return NULL;
        }
        (*n)++;
    }
    return out;
}

/* o's array at key: a value for each of the n moments, times scale. */
static bool in_curve(struct baseline_in *in, const cJSON *o, const char *path,
                     const char *key, double scale, const uint64_t *t, size_t n,
                     double interval_s, struct baseline_curve *out)
{
    char at[192];
    const cJSON *list, *v;
    size_t i = 0;

    snprintf(at, sizeof at, "%s.%s", path, key);
    list = in_array(in, o, key, at, BASELINE_POINTS_MAX);
    if (list == NULL) {
        return false;
    }
    if ((size_t)cJSON_GetArraySize(list) != n) {
        return baseline_wrong(in, at,
                              "expected as many values as t has (%zu), "
                              "found %d",
                              n, cJSON_GetArraySize(list));
    }
    out->points = xcalloc(n + 1, sizeof *out->points);
    cJSON_ArrayForEach(v, list)
    {
        struct baseline_point *p = &out->points[i];

        snprintf(at, sizeof at, "%s.%s[%zu]", path, key, i);
        if (!in_number(in, v, at, true, BASELINE_VALUE_MAX, &p->value)) {
            return false;
        }
        p->value *= scale;
        p->start_us = t[i];
        p->end_us =
            i + 1 < n ? t[i + 1] : t[i] + (uint64_t)llround(interval_s * 1e6);
        out->n = ++i;
    }
    return true;
}

static bool in_series(struct baseline_in *in, const cJSON *root,
                      struct baseline_run *b)
{
    const cJSON *o = in_get(root, "series");
    double every = 0;
    uint64_t *t;
    size_t n = 0;
    bool ok;

    if (!cJSON_IsObject(o)) {
        return baseline_wrong(in, "$.series", "expected an object, found %s",
                              in_kind(o));
    }
    t = in_times(in, o, "$.series", &n, &every);
    ok = t != NULL &&
         in_curve(in, o, "$.series", "rps", 1, t, n, every, &b->rps) &&
         in_curve(in, o, "$.series", "p95", 1e3, t, n, every, &b->p95) &&
         in_curve(in, o, "$.series", "errors", 1, t, n, every, &b->errors);
    free(t);
    return ok;
}

/* A value of a metric, NAN where it has none. metrics: an object by name. */
static bool in_metric(struct baseline_in *in, const cJSON *metrics,
                      const char *path, const char *metric, const char *value,
                      double *out)
{
    const cJSON *m = in_get(metrics, metric);
    char at[256];

    *out = NAN;
    if (m == NULL) {
        return true; /* nothing fed it */
    }
    snprintf(at, sizeof at, "%s.%s.values['%s']", path, metric, value);
    return in_number(in, in_get(in_get(m, "values"), value), at, true,
                     BASELINE_VALUE_MAX, out);
}

static bool in_figures(struct baseline_in *in, const cJSON *of,
                       const char *path, struct baseline_figures *out)
{
    const cJSON *metrics = in_get(of, "metrics");
    char at[128];

    snprintf(at, sizeof at, "%s.metrics", path);
    if (!cJSON_IsObject(metrics)) {
        return baseline_wrong(in, at, "expected an object, found %s",
                              in_kind(metrics));
    }
    if (!in_metric(in, metrics, at, "http_reqs", "rate", &out->rps) ||
        !in_metric(in, metrics, at, "http_req_duration", "p(95)",
                   &out->p95_us) ||
        !in_metric(in, metrics, at, "http_req_failed", "rate", &out->errors)) {
        return false;
    }
    out->p95_us *= 1e3;
    return true;
}

static bool in_names(struct baseline_in *in, const cJSON *root,
                     struct baseline_run *b)
{
    const cJSON *list =
        in_array(in, root, "endpoints", "$.endpoints", BASELINE_NAMES_MAX);
    const cJSON *v;

    if (list == NULL) {
        return false;
    }
    b->names = xcalloc((size_t)cJSON_GetArraySize(list) + 1, sizeof *b->names);
    cJSON_ArrayForEach(v, list)
    {
        struct baseline_name *name = &b->names[b->n_names];
        char at[96], path[64];

        snprintf(path, sizeof path, "$.endpoints[%zu]", b->n_names++);
        snprintf(at, sizeof at, "%s.name", path);
        if (!in_string(in, v, "name", at, &name->name) ||
            !in_figures(in, v, path, &name->run)) {
            return false;
        }
    }
    return true;
}

/* Levels of one scenario: VUs, or of an arrival rate what was begun. */
static bool in_part(struct baseline_in *in, const cJSON *v,
                    struct baseline_run *b)
{
    struct baseline_part *p = &b->parts[b->n_parts];
    const cJSON *series = in_get(v, "series");
    const cJSON *rate = in_get(series, "rate");
    char at[128], path[64], inner[140];
    double every = 0;
    uint64_t *t;
    size_t n = 0;
    bool ok;

    snprintf(path, sizeof path, "$.scenarios[%zu]", b->n_parts++);
    snprintf(at, sizeof at, "%s.name", path);
    if (!in_string(in, v, "name", at, &p->name)) {
        return false;
    }
    snprintf(at, sizeof at, "%s.series", path);
    if (!cJSON_IsObject(series)) {
        return baseline_wrong(in, at, "expected an object, found %s",
                              in_kind(series));
    }
    p->rate = cJSON_IsObject(rate);
    snprintf(inner, sizeof inner, "%s%s", at, p->rate ? ".rate" : "");
    t = in_times(in, series, at, &n, &every);
    ok = t != NULL &&
         in_curve(in, p->rate ? rate : series, inner,
                  p->rate ? "achieved" : "vus", 1, t, n, every, &p->level);
    free(t);
    return ok;
}

static bool in_parts(struct baseline_in *in, const cJSON *root,
                     struct baseline_run *b)
{
    const cJSON *list =
        in_array(in, root, "scenarios", "$.scenarios", LINEUP_MAX);
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
    const cJSON *value = in_get(v, "value"), *text = in_get(v, "text");
    const cJSON *of = in_get(v, "scenario");
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
    if (!in_number(in, in_get(v, "t"), at, false, BASELINE_SECONDS_MAX, &t)) {
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
        in_array(in, root, "events", "$.events", BASELINE_EVENTS_MAX);
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
    const cJSON *schema = in_get(root, "schema");
    const cJSON *status = in_get(in_get(root, "outcome"), "status");
    char safe[64];
    double length = 0;

    if (!cJSON_IsString(schema)) {
        return baseline_wrong(in, "$",
                              "expected results with schema "
                              "\"" BASELINE_SCHEMA "\", found %s without a "
                              "schema",
                              in_kind(root));
    }
    if (strcmp(schema->valuestring, BASELINE_SCHEMA) != 0) {
        return baseline_wrong(
            in, "$.schema", "expected \"" BASELINE_SCHEMA "\", found \"%s\"",
            text_safe(safe, sizeof safe, schema->valuestring));
    }
    if (!cJSON_IsString(status)) {
        return baseline_wrong(in, "$.outcome.status",
                              "expected a string, found %s", in_kind(status));
    }
    b->over = strcmp(status->valuestring, "running") != 0;
    if (!in_string(in, root, "scenario", "$.scenario", &b->scenario) ||
        !in_string(in, root, "started", "$.started", &b->started) ||
        !in_number(in, in_get(root, "duration_s"), "$.duration_s", false,
                   BASELINE_SECONDS_MAX, &length)) {
        return false;
    }
    b->length_us = (uint64_t)llround(length * 1e6);
    return in_figures(in, root, "$", &b->run) && in_series(in, root, b) &&
           in_names(in, root, b) && in_parts(in, root, b) &&
           in_visits(in, root, b) && baseline_windows(in, root, b);
}
