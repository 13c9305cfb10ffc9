/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/results_verdict.h"

#include "run/appraisal.h"

/* Times as a plan has them, in ms. */
static double verdict_value(enum verdict_fact fact, double value)
{
    return verdict_fact_kind(fact) == VERDICT_TIME ? value / 1e3 : value;
}

static const char *verdict_unit(enum verdict_fact fact)
{
    switch (verdict_fact_kind(fact)) {
    case VERDICT_TIME:
        return "ms";
    case VERDICT_SHARE:
    case VERDICT_COUNT:
        break;
    }
    return "1";
}

static void verdict_seconds(cJSON *o, const char *key, bool any, uint64_t us)
{
    if (any) {
        cJSON_AddNumberToObject(o, key, (double)(us / 1000) / 1e3);
    } else {
        cJSON_AddNullToObject(o, key);
    }
}

static void verdict_reason(cJSON *list, const struct verdict_reason *r,
                           const char *text)
{
    enum verdict_fact fact = r->rule->fact;
    cJSON *o = cJSON_CreateObject();

    cJSON_AddStringToObject(o, "level", verdict_level_name(r->rule->level));
    cJSON_AddStringToObject(o, "figure", verdict_fact_name(fact));
    cJSON_AddStringToObject(o, "when", r->rule->when);
    cJSON_AddNumberToObject(o, "value", verdict_value(fact, r->known.value));
    cJSON_AddNumberToObject(o, "limit", verdict_value(fact, r->rule->limit));
    cJSON_AddStringToObject(o, "unit", verdict_unit(fact));
    verdict_seconds(o, "first_s", r->known.timed, r->known.first_us);
    verdict_seconds(o, "last_s", r->known.timed, r->known.last_us);
    cJSON_AddStringToObject(o, "text", text);
    cJSON_AddItemToArray(list, o);
}

void results_verdict(cJSON *insights, const struct story *s)
{
    cJSON *o = cJSON_AddObjectToObject(insights, "verdict"), *list;
    struct appraisal a;
    const char *hint;
    size_t i;

    appraise(s, &a);
    cJSON_AddStringToObject(o, "level", verdict_level_name(a.report.level));
    cJSON_AddStringToObject(o, "text", a.text);
    list = cJSON_AddArrayToObject(o, "reasons");
    for (i = 0; i < a.report.n; i++) {
        verdict_reason(list, &a.report.reasons[i], a.reasons[i]);
    }
    list = cJSON_AddArrayToObject(o, "hints");
    for (i = 0; (hint = appraisal_hint(&a, i)) != NULL; i++) {
        cJSON_AddItemToArray(list, cJSON_CreateString(hint));
    }
    list = cJSON_AddArrayToObject(o, "unknown");
    for (i = 0; i < VERDICT_FACTS; i++) {
        if (a.report.open[i]) {
            cJSON_AddItemToArray(list, cJSON_CreateString(verdict_fact_name(
                                           (enum verdict_fact)i)));
        }
    }
}
