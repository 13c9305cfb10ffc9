/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/results_trends.h"

#include <math.h>

#include "base/num.h"
#include "run/study_trend.h"

static void trends_figure(cJSON *o, const char *key, double v, bool any)
{
    if (any) {
        cJSON_AddNumberToObject(o, key, v);
    } else {
        cJSON_AddNullToObject(o, key);
    }
}

static void trends_time(cJSON *o, const struct soak_report *r,
                        const struct trend *t)
{
    bool open = t->state == TREND_SHORT || t->state == TREND_UNSETTLED ||
                t->state == TREND_UNSURE;

    cJSON_AddNumberToObject(o, "start_s", (double)r->start_us / 1e6);
    cJSON_AddNumberToObject(o, "end_s", (double)r->end_us / 1e6);
    cJSON_AddNumberToObject(o, "warmup_s", t->warmup_s);
    cJSON_AddNumberToObject(o, "span_s", t->span_s);
    cJSON_AddNumberToObject(o, "block_s", t->block_s);
    cJSON_AddNumberToObject(o, "blocks", (double)t->blocks);
    trends_figure(o, "needs_s", t->needs_s, open);
}

/* Only memory has a limit. */
static void trends_full(cJSON *o, const struct study *s, size_t i)
{
    enum soak_series which = study_trend(s, i).which;
    struct trend_full f;
    bool within;

    if (which != SOAK_MEMORY || study_server_limit(s) == 0) {
        return;
    }
    f = study_trend_full(s, i);
    within = f.reach == TREND_WITHIN;
    cJSON_AddNumberToObject(o, "limit", f.limit);
    trends_figure(o, "full_s", f.time.s, within);
    trends_figure(o, "full_low_s", f.time.low, within);
    trends_figure(o, "full_high_s", f.time.high,
                  within && isfinite(f.time.high));
    trends_figure(o, "full_beyond_s", f.time.beyond_s, f.reach == TREND_BEYOND);
}

static bool trends_stepped(const struct trend *t)
{
    return t->state == TREND_STEPPED_UP || t->state == TREND_STEPPED_DOWN;
}

void results_trends(cJSON *insights, const struct run_info *info,
                    const struct study *s)
{
    cJSON *list = cJSON_AddArrayToObject(insights, "trends");
    const struct soak_report *r = study_soak(s);
    size_t i;

    for (i = 0; i < study_trends(s); i++) {
        struct study_trend x = study_trend(s, i);
        const struct trend *t = x.t;
        bool sloped = t->any && !trends_stepped(t);
        cJSON *o = cJSON_CreateObject();
        char load[NUM_MAX];

        cJSON_AddStringToObject(o, "series", x.series);
        cJSON_AddStringToObject(o, "state", trend_state_name(t->state));
        cJSON_AddBoolToObject(o, "significant",
                              t->state == TREND_GROWING ||
                                  t->state == TREND_FALLING ||
                                  trends_stepped(t));
        trends_figure(o, "slope", t->slope * x.per_minute, sloped);
        trends_figure(o, "low", t->low * x.per_minute, sloped);
        trends_figure(o, "high", t->high * x.per_minute, sloped);
        cJSON_AddStringToObject(o, "unit", x.unit);
        trends_figure(o, "level", t->level, t->any);
        cJSON_AddStringToObject(o, "level_unit", x.level_unit);
        trends_figure(o, "growth", t->growth, t->any);
        trends_figure(o, "z", t->z, t->any);
        cJSON_AddNumberToObject(o, "load", r->load);
        cJSON_AddStringToObject(o, "load_unit", study_unit(info, load));
        trends_time(o, r, t);
        trends_full(o, s, i);
        cJSON_AddItemToArray(list, o);
    }
}
