/* SPDX-License-Identifier: MIT
 *
 * out_json - k6's NDJSON (https://grafana.com/docs/k6/latest/results-output/
 * real-time/json/): a line of type Metric for each metric before its first
 * Point. Points are put together by second, tags and value: "count" says how
 * many samples of a trend or a rate one stands for (doc/outputs.md). */
#include "config.h"

#include "record/out_kind.h"

#include <stdlib.h>

#include "base/wall.h"
#include "base/xalloc.h"
#include "plan/plan.h"
#include "record/json_line.h"
#include "record/out_file.h"

struct out_json {
    struct out_file_ctx to;
    const struct run_info *info;
    bool *known; /* owned; by metric: its line was written */
    /* Of the second at hand. */
    struct buf *payload;
    char time[40];
    size_t points;
    struct out_lost *lost;
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
        out_lost_add(j->lost, 1, OUT_LOST_PAYLOAD);
    }
}

static void json_point(void *ctx, const struct point *p)
{
    struct out_json *j = ctx;
    j->point = p;
    j->tags = json_line_tags(p);
    json_line_metric(j->payload, j->info->plan, p, j->known);
    point_values(p, json_value, j);
    free(j->tags);
}

static size_t json_encode(void *ctx, const struct out_second *s,
                          struct buf *payload, struct out_lost *lost)
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
