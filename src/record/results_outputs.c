/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/results_outputs.h"

void results_outputs(cJSON *root, const struct story *s)
{
    size_t n, i;
    const struct output *list = story_outputs(s, &n);
    cJSON *all = n > 0 ? cJSON_AddArrayToObject(root, "outputs") : NULL;

    for (i = 0; i < n; i++) {
        cJSON *o = cJSON_CreateObject();

        cJSON_AddStringToObject(o, "kind", list[i].kind);
        cJSON_AddStringToObject(o, "where", list[i].where);
        cJSON_AddNumberToObject(o, "points", (double)list[i].points);
        cJSON_AddNumberToObject(o, "dropped", (double)list[i].dropped);
        cJSON_AddNumberToObject(o, "retries", (double)list[i].retries);
        cJSON_AddNumberToObject(o, "held_back", (double)list[i].held_back);
        if (list[i].why[0] != '\0') {
            cJSON_AddStringToObject(o, "error", list[i].why);
        } else {
            cJSON_AddNullToObject(o, "error");
        }
        cJSON_AddItemToArray(all, o);
    }
}
