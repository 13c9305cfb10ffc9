/* SPDX-License-Identifier: MIT
 *
 * out_json - k6's NDJSON (https://grafana.com/docs/k6/latest/results-output/
 * real-time/json/): a line of type Metric for each metric before its first
 * Point. Points are put together by second, tags and value: "count" says how
 * many samples of a trend or a rate one stands for (doc/outputs.md). */
#include "config.h"

#include "record/out_kind.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/json.h"
#include "base/wall.h"
#include "base/xalloc.h"
#include "plan/plan.h"
#include "record/out_file.h"

struct out_json {
    struct out_file_ctx to;
    const struct run_info *info;
    bool *known; /* owned; by metric: its line was written */
    /* Of the second at hand. */
    struct buf *payload;
    char time[40];
    size_t points, *lost;
    /* Of the point at hand. */
    const struct point *point;
    char *tags; /* owned: as JSON */
};

static void *json_open(const struct out_config *c, struct err *e)
{
    struct out_file *file = out_file_open("json", c->place, e);
    struct out_json *j;

    if (file == NULL) {
        return NULL;
    }
    j = xcalloc(1, sizeof *j);
    j->info = c->info;
    j->to.file = file;
    j->known =
        xcalloc(METRIC_COUNT + c->info->plan->n_metrics, sizeof *j->known);
    return j;
}

/* k6's submetrics: those that a threshold picks by tags. */
static void json_submetric(cJSON *list, const struct threshold *t)
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
static char *json_metric(const struct plan *plan, const struct point *p)
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
            json_submetric(sub, t);
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

static void json_tag(void *ctx, const char *name, const char *value)
{
    cJSON_AddStringToObject(ctx, name, value);
}

static void json_value(void *ctx, double value, uint64_t count)
{
    struct out_json *j = ctx;
    enum metric_type type = j->point->info.type;
    size_t before = j->payload->len;
    bool ok;

    ok = buf_addf(j->payload,
                  "{\"metric\":\"%s\",\"type\":\"Point\",\"data\":{"
                  "\"time\":\"%s\",\"value\":%.15g,\"tags\":%s",
                  j->point->info.name, j->time, value, j->tags);
    if (type == METRIC_TREND || type == METRIC_RATE) {
        ok = ok &&
             buf_addf(j->payload, ",\"count\":%llu", (unsigned long long)count);
    }
    ok = ok && buf_adds(j->payload, "}}\n");
    if (ok) {
        j->points++;
    } else {
        buf_cut(j->payload, before);
        ++*j->lost;
    }
}

static void json_point(void *ctx, const struct point *p)
{
    struct out_json *j = ctx;
    cJSON *tags = cJSON_CreateObject();

    point_tags(p, json_tag, tags);
    j->point = p;
    j->tags = json_print(tags, false);
    cJSON_Delete(tags);
    if (!j->known[p->metric]) {
        size_t before = j->payload->len;
        char *line = json_metric(j->info->plan, p);

        j->known[p->metric] =
            buf_adds(j->payload, line) && buf_addc(j->payload, '\n');
        if (!j->known[p->metric]) {
            buf_cut(j->payload, before);
        }
        free(line);
    }
    point_values(p, json_value, j);
    free(j->tags);
}

static size_t json_encode(void *ctx, const struct out_second *s,
                          struct buf *payload, size_t *lost)
{
    struct out_json *j = ctx;

    j->payload = payload;
    j->lost = lost;
    j->points = 0;
    wall_rfc3339((struct wall){s->unix_ms * 1000}, j->time, sizeof j->time);
    points_each(s->points, s->tick, json_point, j);
    return j->points;
}

static void json_close(void *ctx)
{
    struct out_json *j = ctx;

    out_file_close(&j->to.file);
    free(j->known);
    free(j);
}

const struct out_kind out_kind_json = {
    .name = "json",
    .place = "FILE",
    .file = true,
    .help = "k6's NDJSON, samples put together by second, tags and value",
    .open = json_open,
    .where = out_file_where,
    .encode = json_encode,
    .send = out_file_send,
    .stop = out_file_stop,
    .close = json_close,
};
