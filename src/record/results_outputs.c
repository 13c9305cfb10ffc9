/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/results_outputs.h"

cJSON *results_output(const struct output *x)
{
    cJSON *o = cJSON_CreateObject();

    cJSON_AddStringToObject(o, "kind", x->kind);
    cJSON_AddStringToObject(o, "where", x->where);
    cJSON_AddNumberToObject(o, "points", (double)x->points);
    cJSON_AddNumberToObject(o, "dropped", (double)x->dropped);
    cJSON_AddNumberToObject(o, "retries", (double)x->retries);
    cJSON_AddNumberToObject(o, "held_back", (double)x->held_back);
    if (x->why[0] != '\0') {
        cJSON_AddStringToObject(o, "error", x->why);
    } else {
        cJSON_AddNullToObject(o, "error");
    }
    return o;
}

void results_outputs(cJSON *root, const struct story *s)
{
    size_t n, i;
    const struct output *list = story_outputs(s, &n);
    cJSON *all = n > 0 ? cJSON_AddArrayToObject(root, "outputs") : NULL;

    for (i = 0; i < n; i++) {
        cJSON_AddItemToArray(all, results_output(&list[i]));
    }
}
