/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/json_line.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/json.h"
#include "base/xalloc.h"

static void line_tag(void *ctx, const char *name, const char *value)
{
    cJSON_AddStringToObject(ctx, name, value);
}

char *json_line_tags(const struct point *p)
{
    cJSON *tags = cJSON_CreateObject();
    char *text;

    point_tags(p, line_tag, tags);
    text = json_print(tags, false);
    cJSON_Delete(tags);
    return text;
}

/* k6's submetrics: those that a threshold picks by tags. */
static void line_submetric(cJSON *list, const struct threshold *t)
{
    cJSON *o = cJSON_CreateObject(), *tags;
    const char *suffix = strchr(t->metric_text, '{');
    char *inner = suffix != NULL && strlen(suffix) > 2
                      ? xstrndup(suffix + 1, strlen(suffix) - 2)
                      : xstrdup("");
    size_t i;

    cJSON_AddStringToObject(o, "name", t->metric_text);
    cJSON_AddStringToObject(o, "suffix", inner);
    tags = cJSON_AddObjectToObject(o, "tags");
    for (i = 0; i < t->selector.n_tags; i++) {
        const struct selector_tag *s = &t->selector.tags[i];

        cJSON_AddStringToObject(
            tags, s->tag == TAG_OWN ? s->name : threshold_tag_name(s->tag),
            s->value);
    }
    cJSON_AddItemToArray(list, o);
    free(inner);
}

/* The line that tells what a metric is. */
static char *line_metric(const struct plan *plan, const struct point *p)
{
    cJSON *o = cJSON_CreateObject(), *data, *thresholds, *sub;
    char *text;
    size_t i;

    cJSON_AddStringToObject(o, "type", "Metric");
    data = cJSON_AddObjectToObject(o, "data");
    cJSON_AddStringToObject(data, "name", p->info.name);
    cJSON_AddStringToObject(data, "type", metric_type_name(p->info.type));
    cJSON_AddStringToObject(data, "contains",
                            metric_contains_name(p->info.contains));
    thresholds = cJSON_AddArrayToObject(data, "thresholds");
    sub = cJSON_CreateArray();
    for (i = 0; i < plan->n_thresholds; i++) {
        const struct threshold *t = &plan->thresholds[i];

        if (t->selector.metric != p->metric) {
            continue;
        }
        if (t->selector.n_tags > 0) {
            line_submetric(sub, t);
        } else {
            cJSON_AddItemToArray(thresholds, cJSON_CreateString(t->expression));
        }
    }
    if (cJSON_GetArraySize(sub) > 0) {
        cJSON_AddItemToObject(data, "submetrics", sub);
    } else {
        cJSON_AddNullToObject(data, "submetrics");
        cJSON_Delete(sub);
    }
    cJSON_AddStringToObject(o, "metric", p->info.name);
    text = json_print(o, false);
    cJSON_Delete(o);
    return text;
}

void json_line_metric(struct buf *out, const struct plan *plan,
                      const struct point *p, bool *known)
{
    size_t before = out->len;
    char *line;

    if (known[p->metric]) {
        return;
    }
    line = line_metric(plan, p);
    known[p->metric] = buf_adds(out, line) && buf_addc(out, '\n');
    if (!known[p->metric]) {
        buf_cut(out, before);
    }
    free(line);
}
