/* SPDX-License-Identifier: MIT
 *
 * baseline_windows - what an earlier run is compared by, out of its results. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "record/baseline_internal.h"

#define WINDOWS_SECONDS_MAX 1e9
#define WINDOWS_COUNT_MAX   9007199254740992.0 /* 2^53 */

/* A bucket "[low_us, count]" behind the ones before it. */
static bool windows_pair(struct baseline_in *in, const cJSON *v,
                         const char *path, struct baseline_run *b,
                         struct window *w)
{
    struct coarse *c = &b->coarse[w->us - b->coarse + (ptrdiff_t)w->n];
    double low = 0, count = 0;

    if (cJSON_GetArraySize(v) != 2 || !cJSON_IsArray(v)) {
        return baseline_wrong(in, path, "expected [low_us, count]");
    }
    if (!baseline_number(in, cJSON_GetArrayItem(v, 0), path,
                         (double)HISTO_VALUE_MAX, &low) ||
        !baseline_number(in, cJSON_GetArrayItem(v, 1), path, UINT32_MAX,
                         &count)) {
        return false;
    }
    c->bucket = (uint16_t)coarse_bucket((uint64_t)low);
    c->count = (uint32_t)count;
    if (c->count == 0 || (w->n > 0 && c->bucket <= (c - 1)->bucket)) {
        return baseline_wrong(in, path,
                              "expected buckets that rise, and have a count");
    }
    w->n++;
    return true;
}

static bool windows_durations(struct baseline_in *in, const cJSON *list,
                              const char *path, struct baseline_run *b,
                              struct window *w, size_t *used)
{
    const cJSON *v;
    char at[192];

    w->us = &b->coarse[*used];
    if (!cJSON_IsArray(list) ||
        (size_t)cJSON_GetArraySize(list) > WINDOWS_BUCKETS - *used) {
        return baseline_wrong(in, path,
                              "expected an array, of at most %u buckets in all",
                              WINDOWS_BUCKETS);
    }
    cJSON_ArrayForEach(v, list)
    {
        snprintf(at, sizeof at, "%s[%zu]", path, w->n);
        if (!windows_pair(in, v, at, b, w)) {
            return false;
        }
    }
    *used += w->n;
    return true;
}

/* Files of earlier versions do not say it. */
static bool windows_flag(struct baseline_in *in, const cJSON *v,
                         const char *path, const char *key, bool *out)
{
    const cJSON *o = cJSON_GetObjectItemCaseSensitive(v, key);
    char at[96];

    *out = cJSON_IsTrue(o);
    if (o != NULL && !cJSON_IsBool(o)) {
        snprintf(at, sizeof at, "%s.%s", path, key);
        return baseline_wrong(in, at, "expected true or false, found %s",
                              baseline_kind(o));
    }
    return true;
}

/* Of files that do not say for how long it is all of it. */
static bool windows_suspect(struct baseline_in *in, const cJSON *v,
                            const char *path, struct window *w)
{
    const cJSON *o = cJSON_GetObjectItemCaseSensitive(v, "suspect_s");
    double s = (double)w->active_us / 1e6;
    char at[96];

    snprintf(at, sizeof at, "%s.suspect_s", path);
    if (o != NULL && !baseline_number(in, o, at, s, &s)) {
        return false;
    }
    w->suspect_us = w->suspect ? (uint64_t)llround(s * 1e6) : 0;
    return true;
}

static bool windows_one(struct baseline_in *in, const cJSON *v,
                        struct baseline_run *b, size_t *used)
{
    struct window *w = &b->windows[b->n_windows];
    struct {
        const char *key;
        double most, value;
    } n[] = {
        {"start_s", WINDOWS_SECONDS_MAX, 0},  {"end_s", WINDOWS_SECONDS_MAX, 0},
        {"active_s", WINDOWS_SECONDS_MAX, 0}, {"load", 1e12, 0},
        {"requests", WINDOWS_COUNT_MAX, 0},   {"failed", WINDOWS_COUNT_MAX, 0}};
    char path[64], at[96];
    size_t i;

    snprintf(path, sizeof path, "$.windows.list[%zu]", b->n_windows++);
    for (i = 0; i < sizeof n / sizeof n[0]; i++) {
        snprintf(at, sizeof at, "%s.%s", path, n[i].key);
        if (!baseline_number(in, cJSON_GetObjectItemCaseSensitive(v, n[i].key),
                             at, n[i].most, &n[i].value)) {
            return false;
        }
    }
    if (n[1].value < n[0].value) {
        snprintf(at, sizeof at, "%s.end_s", path);
        return baseline_wrong(in, at, "expected start_s (%g) or more, found %g",
                              n[0].value, n[1].value);
    }
    if (n[5].value > n[4].value) {
        snprintf(at, sizeof at, "%s.failed", path);
        return baseline_wrong(in, at,
                              "expected at most requests (%g), found %g",
                              n[4].value, n[5].value);
    }
    *w = (struct window){.start_us = (uint64_t)llround(n[0].value * 1e6),
                         .end_us = (uint64_t)llround(n[1].value * 1e6),
                         .active_us = (uint64_t)llround(n[2].value * 1e6),
                         .load = n[3].value,
                         .requests = (uint64_t)n[4].value,
                         .failed = (uint64_t)n[5].value};
    snprintf(at, sizeof at, "%s.durations", path);
    return windows_flag(in, v, path, "recovering", &w->felt) &&
           windows_flag(in, v, path, "suspect", &w->suspect) &&
           windows_suspect(in, v, path, w) &&
           windows_durations(in,
                             cJSON_GetObjectItemCaseSensitive(v, "durations"),
                             at, b, w, used);
}

bool baseline_windows(struct baseline_in *in, const cJSON *root,
                      struct baseline_run *b)
{
    const cJSON *o = cJSON_GetObjectItemCaseSensitive(root, "windows"), *list,
                *v;
    size_t used = 0;

    if (o == NULL) {
        return true; /* of an earlier version */
    }
    list = cJSON_GetObjectItemCaseSensitive(o, "list");
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > WINDOWS_MAX) {
        return baseline_wrong(in, "$.windows.list",
                              "expected an array of at most %d windows",
                              WINDOWS_MAX);
    }
    b->windows = xcalloc(WINDOWS_MAX, sizeof *b->windows);
    b->coarse = xcalloc(WINDOWS_BUCKETS, sizeof *b->coarse);
    cJSON_ArrayForEach(v, list)
    {
        if (!windows_one(in, v, b, &used)) {
            return false;
        }
    }
    return true;
}
