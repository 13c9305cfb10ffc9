/* SPDX-License-Identifier: MIT
 *
 * out_csv - k6's CSV (https://grafana.com/docs/k6/latest/results-output/
 * real-time/csv/), its columns and times. Rows are put together as points of
 * out_json.c are; the column metadata says how many samples one stands for,
 * "count=12". */
#include "config.h"

#include "record/out_kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/wall.h"
#include "base/xalloc.h"
#include "record/out_file.h"

#define CSV_TIME_FORMAT "K6_CSV_TIME_FORMAT"
/* Columns of a row behind its value; and why a row is left out. */
#define CSV_TAGS_MAX (64u << 10)
#define CSV_LOST_TAGS                                                          \
    "a row with more than 64 KiB of tags: shorter names, or fewer and "        \
    "shorter "                                                                 \
    "tags of the plan's own"

/* In k6's order. -1: no tag of ours, so always empty. */
static const struct csv_column {
    const char *name;
    int tag;
} csv_columns[] = {
    {"check", POINT_CHECK},
    {"error", POINT_ERROR},
    {"error_code", -1},
    {"expected_response", POINT_EXPECTED_RESPONSE},
    {"group", POINT_GROUP},
    {"method", POINT_METHOD},
    {"name", POINT_NAME},
    {"proto", -1},
    {"scenario", POINT_SCENARIO},
    {"service", -1},
    {"status", POINT_STATUS},
    {"subproto", -1},
    {"tls_version", -1},
    {"url", POINT_URL},
};
enum { CSV_COLUMNS = sizeof csv_columns / sizeof csv_columns[0] };

/* Values of K6_CSV_TIME_FORMAT. */
enum csv_time { CSV_UNIX, CSV_MILLI, CSV_MICRO, CSV_NANO, CSV_RFC3339 };
static const char *const csv_times[] = {"unix", "unix_milli", "unix_micro",
                                        "unix_nano", "rfc3339"};
enum { CSV_TIMES = sizeof csv_times / sizeof csv_times[0] };

struct out_csv {
    struct out_file_ctx to;
    enum csv_time format;
    bool begun; /* the header was written */
    /* Of the second at hand. */
    struct buf *payload;
    char time[40];
    size_t points;
    struct out_lost *lost;
    /* Of the point at hand. */
    const struct point *point;
    struct buf tags; /* its columns behind the value, up to metadata */
};

static bool csv_format(const struct out_config *c, enum csv_time *format,
                       struct err *e)
{
    const char *name = out_env(c, CSV_TIME_FORMAT);
    char shown[64];
    int i;

    *format = CSV_UNIX;
    for (i = 0; name != NULL && i < CSV_TIMES; i++) {
        if (strcmp(name, csv_times[i]) == 0) {
            *format = (enum csv_time)i;
            return true;
        }
    }
    if (name != NULL) {
        err_set(e, ERR_RANGE,
                CSV_TIME_FORMAT " '%s' is none of unix, unix_milli, "
                                "unix_micro, unix_nano, rfc3339",
                text_safe(shown, sizeof shown, name));
    }
    return name == NULL;
}

static void *csv_open(const struct out_config *c, struct err *e)
{
    struct out_file *file;
    enum csv_time format;
    struct out_csv *v;

    file = csv_format(c, &format, e) ? out_file_open("csv", c->place, e) : NULL;
    if (file == NULL) {
        return NULL;
    }
    v = xcalloc(1, sizeof *v);
    v->to.file = file;
    v->format = format;
    buf_init(&v->tags, CSV_TAGS_MAX);
    return v;
}

/* A field as it is, as k6 has it; in quotes where it has to be (RFC 4180). */
static void csv_text(struct buf *out, const char *s)
{
    if (strpbrk(s, ",\"\r\n") == NULL && s[0] != ' ' && s[0] != '\t') {
        buf_adds(out, s);
        return;
    }
    buf_addc(out, '"');
    for (; *s != '\0'; s++) {
        buf_adds(out, *s == '"' ? "\"" : "");
        buf_addc(out, *s);
    }
    buf_addc(out, '"');
}

static void csv_tags(struct buf *out, const struct point *p)
{
    struct buf own;
    size_t i;

    buf_reset(out);
    for (i = 0; i < CSV_COLUMNS; i++) {
        int tag = csv_columns[i].tag;

        if (tag >= 0 && p->tags[tag] != NULL) {
            csv_text(out, p->tags[tag]);
        }
        buf_addc(out, ',');
    }
    buf_init(&own, CSV_TAGS_MAX);
    for (i = 0; i < p->n_own; i++) {
        buf_addf(&own, "%s%s=%s", i > 0 ? "&" : "", p->own[i].name,
                 p->own[i].value);
    }
    csv_text(out, buf_str(&own));
    buf_clear(&own);
}

static void csv_value(void *ctx, double value, uint64_t count)
{
    struct out_csv *v = ctx;
    enum metric_type type = v->point->info.type;
    size_t before = v->payload->len;
    bool ok;

    ok = !v->tags.cut &&
         buf_addf(v->payload, "%s,%s,%.15g,%s,", v->point->info.name, v->time,
                  value, buf_str(&v->tags));
    if (type == METRIC_TREND || type == METRIC_RATE) {
        ok =
            ok && buf_addf(v->payload, "count=%llu", (unsigned long long)count);
    }
    ok = ok && buf_addc(v->payload, '\n');
    if (ok) {
        v->points++;
    } else {
        buf_cut(v->payload, before);
        out_lost_add(v->lost, 1,
                     v->tags.cut ? CSV_LOST_TAGS : OUT_LOST_PAYLOAD);
    }
}

static void csv_point(void *ctx, const struct point *p)
{
    struct out_csv *v = ctx;

    v->point = p;
    csv_tags(&v->tags, p);
    point_values(p, csv_value, v);
}

static void csv_time(struct out_csv *v, int64_t unix_ms)
{
    static const char *const ends[] = {
        [CSV_MILLI] = "", [CSV_MICRO] = "000", [CSV_NANO] = "000000"};

    switch (v->format) {
    case CSV_UNIX:
        snprintf(v->time, sizeof v->time, "%lld", (long long)unix_ms / 1000);
        return;
    case CSV_MILLI:
    case CSV_MICRO:
    case CSV_NANO:
        snprintf(v->time, sizeof v->time, "%lld%s", (long long)unix_ms,
                 ends[v->format]);
        return;
    case CSV_RFC3339:
        wall_rfc3339((struct wall){unix_ms * 1000}, v->time, sizeof v->time);
        return;
    }
}

static void csv_header(struct buf *out)
{
    size_t i;

    buf_adds(out, "metric_name,timestamp,metric_value");
    for (i = 0; i < CSV_COLUMNS; i++) {
        buf_addf(out, ",%s", csv_columns[i].name);
    }
    buf_adds(out, ",extra_tags,metadata\n");
}

static size_t csv_encode(void *ctx, const struct out_second *s,
                         struct buf *payload, struct out_lost *lost)
{
    struct out_csv *v = ctx;

    v->payload = payload;
    v->lost = lost;
    v->points = 0;
    if (!v->begun) {
        v->begun = true;
        csv_header(payload);
    }
    csv_time(v, s->unix_ms);
    points_each(s->points, s->tick, csv_point, v);
    return v->points;
}

static void csv_close(void *ctx)
{
    struct out_csv *v = ctx;

    out_file_close(&v->to.file);
    buf_clear(&v->tags);
    free(v);
}

const struct out_kind out_kind_csv = {
    .name = "csv",
    .place = "FILE",
    .place_env = "K6_CSV_FILENAME",
    .file = true,
    .help = "k6's CSV, put together likewise",
    .open = csv_open,
    .where = out_file_where,
    .encode = csv_encode,
    .send = out_file_send,
    .stop = out_file_stop,
    .close = csv_close,
};
