/* SPDX-License-Identifier: MIT
 *
 * out_influxdb - --out influxdb: InfluxDB's line protocol
 * (https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/)
 * posted to /write of version 1. Measurements, tags and options are those of
 * k6's InfluxDB output. A line is a second of a series, so a trend has fields
 * of its own in place of "value": what a value is of many samples, nobody
 * should take for one of them. */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "measure/histo.h"
#include "net/post.h"
#include "record/out_env.h"
#include "record/out_influxdb_config.h"
#include "record/out_kind.h"
#include "record/out_post.h"
#include "record/points.h"

#define INFLUX_MAGIC      0x1f1bdb01u
#define INFLUX_TIMEOUT_MS 10000L

struct influx {
    unsigned magic;
    struct influx_config config;
    struct post *write, *create; /* of lines; of the database */
    bool asked;                  /* for the database to be made */
    struct histo *scratch;       /* of the trend that is written */
};

/* A second that becomes lines. */
struct influx_second {
    struct influx *influx;
    struct buf *payload;
    int64_t unix_ms;
    uint64_t lines; /* that were begun */
    size_t points, lost;
    bool whole;  /* all of the line fits */
    bool fields; /* it has one */
};

static void influx_add(struct influx_second *o, const char *s, size_t n)
{
    o->whole = buf_add(o->payload, s, n) && o->whole;
}

static void influx_adds(struct influx_second *o, const char *s)
{
    influx_add(o, s, strlen(s));
}

/* With a backslash before each of those; what ends a line, or would escape what
 * comes behind, is told by "_". */
static void influx_escaped(struct influx_second *o, const char *s,
                           const char *those)
{
    size_t left = strlen(s), n;
    uint32_t cp;

    for (; left > 0; s += n, left -= n) {
        n = text_next(s, left, &cp);
        if (text_hidden(cp) || (cp == '\\' && left == n)) {
            influx_adds(o, "_");
            continue;
        }
        if (n == 1 && strchr(those, s[0]) != NULL) {
            influx_adds(o, "\\");
        }
        influx_add(o, s, n);
    }
}

static void influx_field(struct influx_second *o, const char *name)
{
    influx_adds(o, o->fields ? "," : " ");
    influx_escaped(o, name, ",= ");
    influx_adds(o, "=");
    o->fields = true;
}

/* Always a float: InfluxDB takes the type of a field from the first one. */
static void influx_number(struct influx_second *o, const char *name, double v)
{
    if (isfinite(v)) {
        influx_field(o, name);
        o->whole = buf_addf(o->payload, "%.15g", v) && o->whole;
    }
}

static void influx_text(struct influx_second *o, const char *name,
                        const char *value)
{
    influx_field(o, name);
    influx_adds(o, "\"");
    influx_escaped(o, value, "\"\\");
    influx_adds(o, "\"");
}

/* A tag that is a field: as its kind, and not at all where it is not of it. */
static void influx_tag_field(struct influx_second *o, const char *name,
                             const char *value, enum influx_kind kind)
{
    struct buf b;

    buf_init(&b, INFLUX_NUMBER_MAX);
    if (kind == INFLUX_STRING) {
        influx_text(o, name, value);
    } else if (influx_kind_add(&b, kind, value)) {
        influx_field(o, name);
        influx_adds(o, buf_str(&b));
    }
    buf_clear(&b);
}

static void influx_tag(void *ctx, const char *name, const char *value)
{
    struct influx_second *o = ctx;

    if (influx_as(&o->influx->config, name) == NULL) {
        influx_adds(o, ",");
        influx_escaped(o, name, ",= ");
        influx_adds(o, "=");
        influx_escaped(o, value, ",= ");
    }
}

static void influx_tag_as(void *ctx, const char *name, const char *value)
{
    struct influx_second *o = ctx;
    const struct influx_as *as = influx_as(&o->influx->config, name);

    if (as != NULL) {
        influx_tag_field(o, name, value, as->kind);
    }
}

static void influx_trend(struct influx_second *o, const struct histo_sparse *s)
{
    static const struct {
        const char *name;
        double p;
    } rows[] = {{"p50", 50}, {"p90", 90}, {"p95", 95}, {"p99", 99}};
    struct histo *h = o->influx->scratch;
    size_t i;

    histo_clear(h);
    histo_add_sparse(h, s);
    influx_number(o, "count", (double)s->count);
    influx_number(o, "sum", (double)s->sum / 1e3);
    influx_number(o, "min", (double)s->min / 1e3);
    influx_number(o, "max", (double)s->max / 1e3);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        influx_number(o, rows[i].name,
                      (double)histo_percentile(h, rows[i].p) / 1e3);
    }
}

static void influx_fields(struct influx_second *o, const struct point *p)
{
    switch (p->info.type) {
    case METRIC_COUNTER:
    case METRIC_GAUGE:
        influx_number(o, "value", p->value);
        break;
    case METRIC_RATE:
        influx_number(o, "value", p->value / (double)p->count);
        influx_number(o, "count", (double)p->count);
        influx_number(o, "hits", p->value);
        break;
    case METRIC_TREND:
        influx_trend(o, p->trend);
        break;
    }
}

/* Two lines of the same tags at the same time are one to InfluxDB, the later
 * one: where tags that tell series apart are fields, each line has a nanosecond
 * of its own. */
static void influx_time(struct influx_second *o)
{
    if (o->influx->config.own_time) {
        o->whole = buf_addf(o->payload, " %" PRId64 "%06" PRIu64 "\n",
                            o->unix_ms, o->lines % 1000000) &&
                   o->whole;
    } else {
        o->whole =
            buf_addf(o->payload, " %" PRId64 "\n", o->unix_ms) && o->whole;
    }
    o->lines++;
}

static void influx_point(void *ctx, const struct point *p)
{
    struct influx_second *o = ctx;
    size_t before = o->payload->len;

    o->whole = true;
    o->fields = false;
    influx_escaped(o, p->info.name, ", ");
    point_tags(p, influx_tag, o);
    influx_fields(o, p);
    point_tags(p, influx_tag_as, o);
    influx_time(o);
    if (o->whole) {
        o->points++;
    } else {
        buf_cut(o->payload, before);
        o->lost++;
    }
}

static size_t influx_encode(void *ctx, const struct out_second *s,
                            struct buf *payload, struct out_lost *lost)
{
    struct influx *x = ctx;
    struct influx_second o = {
        .influx = x, .payload = payload, .unix_ms = s->unix_ms};

    OBJ_CHECK(x, INFLUX_MAGIC);
    points_each(s->points, s->tick, influx_point, &o);
    out_lost_add(lost, o.lost, OUT_LOST_PAYLOAD);
    return o.points;
}

/* A database that is not there is made, as k6 does, once. */
static void influx_send(void *ctx, const struct buf *payload,
                        struct out_reply *r)
{
    static const struct buf nothing;
    struct influx *x = ctx;
    struct post_answer a;

    OBJ_CHECK(x, INFLUX_MAGIC);
    out_post(x->write, payload, out_post_later, &a, r);
    if (r->sent != OUT_REFUSED || a.status != 404 || x->asked) {
        return;
    }
    out_post(x->create, &nothing, out_post_later, &a, r);
    if (r->sent == OUT_LATER) {
        return;
    }
    x->asked = true;
    out_post(x->write, payload, out_post_later, &a, r);
}

static void influx_stop(void *ctx)
{
    struct influx *x = ctx;

    OBJ_CHECK(x, INFLUX_MAGIC);
    post_stop(x->write);
    post_stop(x->create);
}

static const char *influx_where(const void *ctx)
{
    const struct influx *x = ctx;

    OBJ_CHECK(x, INFLUX_MAGIC);
    return x->config.where;
}

static void influx_close(void *ctx)
{
    struct influx *x = ctx;

    OBJ_CHECK(x, INFLUX_MAGIC);
    post_free(&x->write);
    post_free(&x->create);
    histo_free(&x->scratch);
    influx_config_clear(&x->config);
    x->magic = 0;
    free(x);
}

static struct post *influx_poster(const struct influx_config *c,
                                  const char *url)
{
    static const char *const headers[] = {
        "Content-Type: text/plain; charset=utf-8", NULL};
    const struct post_config config = {
        .url = url,
        .headers = headers,
        .user = c->user,
        .password = c->password,
        .insecure = c->insecure,
        .timeout_ms = INFLUX_TIMEOUT_MS,
    };

    return post_new(&config);
}

static void *influx_open(const struct out_config *c, struct err *e)
{
    struct influx *x = xcalloc(1, sizeof *x);
    struct err wrong = ERR_INIT;

    x->magic = INFLUX_MAGIC;
    x->scratch = histo_new();
    if (!influx_config_read(&x->config, c, &wrong)) {
        out_err(e, "influxdb", &wrong);
        influx_close(x);
        return NULL;
    }
    x->write = influx_poster(&x->config, x->config.write_url);
    x->create = influx_poster(&x->config, x->config.create_url);
    return x;
}

const struct out_kind out_kind_influxdb = {
    .name = "influxdb",
    .place = "[URL/DATABASE]",
    .help = "lines for InfluxDB 1; http://localhost:8086/k6 if not said",
    .open = influx_open,
    .where = influx_where,
    .encode = influx_encode,
    .send = influx_send,
    .stop = influx_stop,
    .close = influx_close,
};
