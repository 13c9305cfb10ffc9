/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/results_scaling.h"

#include <math.h>

static void scaling_number(cJSON *o, const char *key, double v, bool any)
{
    if (any && isfinite(v)) {
        cJSON_AddNumberToObject(o, key, v);
    } else {
        cJSON_AddNullToObject(o, key);
    }
}

/* An end that is not there is null. */
static void scaling_range(cJSON *o, const char *key, struct usl_range r)
{
    cJSON *list = cJSON_AddArrayToObject(o, key);
    double ends[2];
    size_t i;

    ends[0] = r.low;
    ends[1] = r.high;
    for (i = 0; i < 2; i++) {
        cJSON_AddItemToArray(list, isfinite(ends[i])
                                       ? cJSON_CreateNumber(ends[i])
                                       : cJSON_CreateNull());
    }
}

static void scaling_usl(cJSON *o, const struct usl_fit *f)
{
    cJSON *u;

    if (!f->valid) {
        cJSON_AddNullToObject(o, "usl");
        return;
    }
    u = cJSON_AddObjectToObject(o, "usl");
    cJSON_AddNumberToObject(u, "lambda", f->lambda);
    scaling_range(u, "lambda_ci", f->lambda_ci);
    cJSON_AddNumberToObject(u, "sigma", f->sigma);
    scaling_range(u, "sigma_ci", f->sigma_ci);
    cJSON_AddNumberToObject(u, "kappa", f->kappa);
    scaling_range(u, "kappa_ci", f->kappa_ci);
    cJSON_AddNumberToObject(u, "r2", f->r2);
}

static void scaling_peak(cJSON *o, const struct scaling *a,
                         const struct plateaus *levels)
{
    const struct usl_fit *f = &a->usl;
    double most = f->peak ? scaling_limit(levels, a->who, f->x_star) : 0;
    cJSON *p;

    if (most <= 0) {
        cJSON_AddNullToObject(o, "peak");
        return;
    }
    p = cJSON_AddObjectToObject(o, "peak");
    cJSON_AddNumberToObject(p, "vus", f->n_star);
    cJSON_AddNumberToObject(p, "low", f->n_star_ci.low);
    cJSON_AddNumberToObject(p, "high", f->n_star_ci.high);
    cJSON_AddNumberToObject(p, "rps", most);
}

static void scaling_bounds(cJSON *o, const struct scaling *a,
                           const struct plateaus *levels)
{
    const struct bounds *b = &a->bounds;
    double most = b->full ? scaling_limit(levels, a->who, b->x_max) : 0;
    cJSON *p = cJSON_AddObjectToObject(o, "bounds");

    cJSON_AddNumberToObject(p, "think_s", b->z_s);
    cJSON_AddNumberToObject(p, "response_s", b->r0_s);
    scaling_number(p, "rps_max", most, most > 0);
    scaling_number(p, "demand_s", b->d_s, most > 0);
    scaling_number(p, "knee_vus", b->knee, most > 0);
}

void results_scaling(cJSON *insights, const struct study *s)
{
    const struct scaling *a = study_scaling(s);
    char text[256];
    cJSON *o;

    if (a->levels < 2) {
        cJSON_AddNullToObject(insights, "scaling");
        return;
    }
    o = cJSON_AddObjectToObject(insights, "scaling");
    cJSON_AddNumberToObject(o, "levels", (double)a->levels);
    cJSON_AddNumberToObject(o, "vus_max", a->n_max);
    scaling_usl(o, &a->usl);
    scaling_peak(o, a, study_plateaus(s));
    cJSON_AddStringToObject(o, "why", a->usl.why);
    scaling_bounds(o, a, study_plateaus(s));
    scaling_number(o, "knee", a->knee, a->knee > 0);
    cJSON_AddStringToObject(o, "text",
                            study_tell_scaling(s, text, sizeof text));
}

void results_little(cJSON *plateau, const struct plateau *p)
{
    cJSON *o;

    if (p->little.state == LITTLE_UNKNOWN) {
        cJSON_AddNullToObject(plateau, "little");
        return;
    }
    o = cJSON_AddObjectToObject(plateau, "little");
    cJSON_AddNumberToObject(o, "users", p->users);
    cJSON_AddNumberToObject(o, "expected", p->little.expected);
    cJSON_AddNumberToObject(o, "tolerance", p->little.tolerance);
    cJSON_AddBoolToObject(o, "holds", p->little.state == LITTLE_HOLDS);
}
