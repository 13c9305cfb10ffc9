/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/results_baselines.h"

#include "run/baselines.h"

/* As what is written in a plan: seconds, a rate in its unit. */
static double baselines_value(const struct baseline_line *l)
{
    switch (l->item->kind) {
    case BASELINE_THROUGHPUT:
        return l->value * (l->item->unit == 's'   ? 1
                           : l->item->unit == 'm' ? 60
                                                  : 3600);
    case BASELINE_RECOVERY:
        return l->value / 1e6;
    case BASELINE_METRIC:
    case BASELINE_AVAILABILITY:
    case BASELINE_BREAKING:
        break;
    }
    return l->value;
}

static void baselines_line(void *ctx, const struct baseline_line *l)
{
    cJSON *o = cJSON_CreateObject();

    cJSON_AddStringToObject(o, "baseline", l->baseline->name);
    cJSON_AddStringToObject(o, "scenario", l->set->scenario);
    cJSON_AddStringToObject(o, "metric", l->item->metric);
    cJSON_AddStringToObject(o, "expect", l->item->expect);
    if (l->met == BASELINE_UNKNOWN) {
        cJSON_AddNullToObject(o, "met");
    } else {
        cJSON_AddBoolToObject(o, "met", l->met == BASELINE_MET);
    }
    if (l->any) {
        cJSON_AddNumberToObject(o, "value", baselines_value(l));
    } else {
        cJSON_AddNullToObject(o, "value");
    }
    cJSON_AddStringToObject(o, "text", l->text);
    cJSON_AddItemToArray(ctx, o);
}

void results_baselines(cJSON *insights, const struct story *s)
{
    baselines_each(s, baselines_line,
                   cJSON_AddArrayToObject(insights, "baselines"));
}
