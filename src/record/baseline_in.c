/* SPDX-License-Identifier: MIT
 *
 * baseline_in - what is asked of a results file piece by piece, and what is
 * said where it is not there. */
#include "config.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "record/baseline_internal.h"

void baseline_hint(struct err *e)
{
    size_t n = strlen(e->text);

    snprintf(e->text + n, sizeof e->text - n,
             "; expected is a results file of brunt (--results or key w "
             "writes one) or a recording (brunt runs lists those)");
}

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

const char *baseline_kind(const cJSON *v)
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

const cJSON *baseline_get(const cJSON *o, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(o, key);
}

bool baseline_string(struct baseline_in *in, const cJSON *o, const char *key,
                     const char *path, char **out)
{
    const cJSON *v = baseline_get(o, key);

    if (!cJSON_IsString(v)) {
        return baseline_wrong(in, path, "expected a string, found %s",
                              baseline_kind(v));
    }
    *out = xstrdup(v->valuestring);
    return true;
}

bool baseline_figure(struct baseline_in *in, const cJSON *v, const char *path,
                     bool may_be_null, double most, double *out)
{
    if (may_be_null && (v == NULL || cJSON_IsNull(v))) {
        *out = NAN;
        return true;
    }
    if (!cJSON_IsNumber(v)) {
        return baseline_wrong(in, path, "expected a number, found %s",
                              baseline_kind(v));
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
    return baseline_figure(in, v, path, false, most, out);
}

const cJSON *baseline_array(struct baseline_in *in, const cJSON *o,
                            const char *key, const char *path, int most)
{
    const cJSON *v = baseline_get(o, key);

    if (!cJSON_IsArray(v)) {
        baseline_wrong(in, path, "expected an array, found %s",
                       baseline_kind(v));
        return NULL;
    }
    if (cJSON_GetArraySize(v) > most) {
        baseline_wrong(in, path, "expected at most %d elements, found %d", most,
                       cJSON_GetArraySize(v));
        return NULL;
    }
    return v;
}

uint64_t *baseline_times(struct baseline_in *in, const cJSON *o,
                         const char *path, size_t *n, double *interval_s)
{
    char at[160];
    const cJSON *list, *v;
    uint64_t *out;

    snprintf(at, sizeof at, "%s.interval_s", path);
    if (!baseline_figure(in, baseline_get(o, "interval_s"), at, false,
                         BASELINE_SECONDS_MAX, interval_s)) {
        return NULL;
    }
    if (*interval_s <= 0) {
        baseline_wrong(in, at, "expected more than 0");
        return NULL;
    }
    snprintf(at, sizeof at, "%s.t", path);
    list = baseline_array(in, o, "t", at, BASELINE_POINTS_MAX);
    if (list == NULL) {
        return NULL;
    }
    out = xcalloc((size_t)cJSON_GetArraySize(list) + 1, sizeof *out);
    *n = 0;
    cJSON_ArrayForEach(v, list)
    {
        double t = 0;

        snprintf(at, sizeof at, "%s.t[%zu]", path, *n);
        if (!baseline_figure(in, v, at, false, BASELINE_SECONDS_MAX, &t)) {
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

bool baseline_values(struct baseline_in *in, const cJSON *o, const char *path,
                     const char *key, size_t n, double **out)
{
    char at[192];
    const cJSON *list, *v;
    size_t i = 0;

    snprintf(at, sizeof at, "%s.%s", path, key);
    list = baseline_array(in, o, key, at, BASELINE_POINTS_MAX);
    if (list == NULL) {
        return false;
    }
    if ((size_t)cJSON_GetArraySize(list) != n) {
        return baseline_wrong(in, at,
                              "expected as many values as t has (%zu), "
                              "found %d",
                              n, cJSON_GetArraySize(list));
    }
    *out = xcalloc(n + 1, sizeof **out);
    cJSON_ArrayForEach(v, list)
    {
        snprintf(at, sizeof at, "%s.%s[%zu]", path, key, i);
        if (!baseline_figure(in, v, at, true, BASELINE_VALUE_MAX,
                             &(*out)[i++])) {
            free(*out);
            *out = NULL;
            return false;
        }
    }
    return true;
}
