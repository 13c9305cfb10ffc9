/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/results_breaking.h"

#include <math.h>

#include "base/num.h"
#include "record/results_hunt.h"

static void breaking_number(cJSON *o, const char *key, double v, bool any)
{
    if (any) {
        cJSON_AddNumberToObject(o, key, v);
    } else {
        cJSON_AddNullToObject(o, key);
    }
}

static void breaking_seconds(cJSON *o, const char *key, uint64_t us, bool any)
{
    breaking_number(o, key, (double)(us / 1000) / 1000.0, any);
}

/* In ms or as a share, as the rule is. */
static double breaking_worst(const struct breaking *k)
{
    return k->by == BREACH_LATENCY ? (double)k->found.worst_us / 1000.0
                                   : k->found.worst;
}

static void breaking_rule(cJSON *o, const struct study *s,
                          const struct breaking *k)
{
    char text[RULE_TEXT_MAX];

    if (k->breach && k->found.rule >= 0) {
        cJSON_AddStringToObject(
            o, "rule",
            study_rule_text(s, (size_t)k->found.rule, text, sizeof text));
    } else {
        cJSON_AddNullToObject(o, "rule");
    }
}

/* VUs are whole: the lowest number that is above low is the first that may
 * break it. */
static void breaking_vus(cJSON *o, const struct run_info *info,
                         const struct breaking *k)
{
    bool vus = true;
    size_t i;

    for (i = 0; i < info->lineup->n; i++) {
        vus = vus && info->curves[i].time_unit_us == 0;
    }
    breaking_number(o, "vus", floor(k->load + 0.5), vus);
}

void results_breaking(cJSON *insights, const struct run_info *info,
                      const struct study *s)
{
    struct breaking k = study_breaking(s);
    bool sure = k.any;
    char unit[NUM_MAX], text[256];
    cJSON *o;

    if (results_hunt_breaking(insights, info, s)) {
        return;
    }
    if (!sure) {
        k = study_probably(s);
    }
    if (!k.any) {
        cJSON_AddNullToObject(insights, "breaking_point");
        return;
    }
    o = cJSON_AddObjectToObject(insights, "breaking_point");
    breaking_vus(o, info, &k);
    cJSON_AddNumberToObject(o, "load", k.load);
    breaking_number(o, "low", k.low, k.low > 0);
    cJSON_AddNumberToObject(o, "high", k.high);
    cJSON_AddStringToObject(o, "unit", study_unit(info, unit));
    breaking_number(o, "rps", k.rps, k.rps > 0);
    cJSON_AddStringToObject(o, "limited_by", breach_by_name(k.by));
    breaking_rule(o, s, &k);
    breaking_number(o, "worst", breaking_worst(&k), k.breach);
    breaking_seconds(o, "at_s", k.at_us, true);
    breaking_seconds(o, "start_s", k.found.start_us, k.breach);
    breaking_seconds(o, "end_s", k.found.end_us, k.breach);
    breaking_seconds(o, "lasted_s", k.found.lasted_us, k.breach);
    cJSON_AddBoolToObject(o, "over", k.breach && k.found.over);
    cJSON_AddBoolToObject(o, "suspect", k.breach && k.found.suspect);
    cJSON_AddStringToObject(o, "by", "run");
    cJSON_AddBoolToObject(o, "confirmed", sure);
    cJSON_AddStringToObject(o, "text",
                            sure ? study_tell_break(s, text, sizeof text)
                                 : study_tell_answer(s, text, sizeof text));
}
