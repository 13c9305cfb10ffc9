/* SPDX-License-Identifier: MIT
 *
 * baseline_names - what an earlier run had of each request name: as a whole,
 * and over time, out of its results. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "record/baseline_internal.h"

/* The lists of a series; those of p50 and p99 are in files of earlier versions
 * NULL. */
struct names_lists {
    uint64_t *t;
    double *requests, *rps, *p95, *errors, *p50, *p99;
};

static void names_lists_clear(struct names_lists *l)
{
    free(l->t);
    free(l->requests);
    free(l->rps);
    free(l->p95);
    free(l->errors);
    free(l->p50);
    free(l->p99);
}

static bool names_lists_read(struct baseline_in *in, const cJSON *o,
                             const char *path, struct names_lists *l,
                             struct baseline_name *name)
{
    char at[96];
    double every = 0, window = 0;

    l->t = baseline_times(in, o, path, &name->n, &every);
    snprintf(at, sizeof at, "%s.window_s", path);
    if (l->t == NULL || !baseline_number(in, baseline_get(o, "window_s"), at,
                                         BASELINE_SECONDS_MAX, &window)) {
        return false;
    }
    name->step_us = (uint64_t)llround(every * 1e6);
    name->window_us = (uint64_t)llround(window * 1e6);
    return baseline_values(in, o, path, "requests", name->n, &l->requests) &&
           baseline_values(in, o, path, "rps", name->n, &l->rps) &&
           baseline_values(in, o, path, "p95", name->n, &l->p95) &&
           baseline_values(in, o, path, "errors", name->n, &l->errors) &&
           (baseline_get(o, "p50") == NULL ||
            baseline_values(in, o, path, "p50", name->n, &l->p50)) &&
           (baseline_get(o, "p99") == NULL ||
            baseline_values(in, o, path, "p99", name->n, &l->p99));
}

static void names_fill(const struct names_lists *l, struct baseline_name *name)
{
    size_t i;

    name->at = xcalloc(name->n + 1, sizeof *name->at);
    for (i = 0; i < name->n; i++) {
        name->at[i] = (struct baseline_moment){
            .t_us = l->t[i],
            .requests = l->requests[i],
            .was = {.rps = l->rps[i],
                    .p95_us = l->p95[i] * 1e3,
                    .errors = l->errors[i],
                    .p50_us = l->p50 != NULL ? l->p50[i] * 1e3 : NAN,
                    .p99_us = l->p99 != NULL ? l->p99[i] * 1e3 : NAN}};
    }
}

/* used: points of all names so far. */
static bool names_series(struct baseline_in *in, const cJSON *v,
                         const char *endpoint, struct baseline_name *name,
                         size_t *used)
{
    const cJSON *o = baseline_get(v, "series");
    struct names_lists l = {.t = NULL};
    char path[80];
    bool ok;

    if (o == NULL) {
        return true; /* of an earlier version, or there are too many names */
    }
    snprintf(path, sizeof path, "%s.series", endpoint);
    if (!cJSON_IsObject(o)) {
        return baseline_wrong(in, path, "expected an object, found %s",
                              baseline_kind(o));
    }
    ok = names_lists_read(in, o, path, &l, name);
    *used += name->n;
    if (ok && *used > BASELINE_MOMENTS_MAX) {
        ok = baseline_wrong(in, path,
                            "expected at most %d points of all endpoints",
                            BASELINE_MOMENTS_MAX);
    }
    if (ok) {
        names_fill(&l, name);
    } else {
        name->n = 0;
    }
    names_lists_clear(&l);
    return ok;
}

bool baseline_names(struct baseline_in *in, const cJSON *root,
                    struct baseline_run *b)
{
    const cJSON *list = baseline_array(in, root, "endpoints", "$.endpoints",
                                       BASELINE_NAMES_MAX);
    const cJSON *v;
    size_t used = 0;

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
        if (!baseline_string(in, v, "name", at, &name->name) ||
            !baseline_figures(in, v, path, &name->run) ||
            !names_series(in, v, path, name, &used)) {
            return false;
        }
        b->over_time = b->over_time || name->n > 0;
    }
    return true;
}
