/* SPDX-License-Identifier: MIT
 *
 * out_statsd - --out statsd: lines of StatsD over UDP
 * (https://github.com/statsd/statsd/blob/master/docs/metric_types.md), with
 * DogStatsD's tags where they are asked for
 * (https://docs.datadoghq.com/developers/dogstatsd/datagram_shell/). Names and
 * options are those of k6's StatsD output. A line has no time: what comes late
 * counts as of then, and sums stay right. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "measure/histo.h"
#include "record/out_kind.h"
#include "record/out_udp.h"
#include "record/out_env.h"
#include "record/points.h"

#define STATSD_MAGIC 0x57a75d01u
/* Of an Ethernet frame what IPv6 and UDP leave, and then some: the usual
 * bound of StatsD's clients. */
#define STATSD_DATAGRAM_MAX 1432u
/* Lines for values of trends in a second. Up to so many each value is a line;
 * beyond that a line stands for several, and says so. */
#define STATSD_TIMERS_MAX 10000u
/* Bytes of a tag's value; Datadog cuts a tag at 200 characters. */
#define STATSD_TAG_MAX 200u

struct statsd {
    unsigned magic;
    struct out_udp *udp;
    char *prefix;  /* of names, its point included */
    char *blocked; /* tags that are not sent, separated by commas */
    bool tags;
    size_t sent; /* bytes of the payload that are on their way */
};

/* A second that becomes lines. */
struct statsd_second {
    const struct statsd *statsd;
    struct buf *payload;
    size_t points;
    struct out_lost *lost;
    uint64_t timers; /* values of trends */
    uint64_t each;   /* for how many of them a line stands */
    /* Of the point that is written: */
    struct buf name, tags; /* before and behind the value */
    size_t line;           /* where the last line began */
    bool whole;            /* all of it fits */
    bool wide;             /* a line of it is longer than a datagram */
    uint64_t n;            /* values of the next line */
    double sum;            /* of them */
};

/* Letters, digits, "_", "-" and "." stay, as statsd's own cleaning has it;
 * every other character becomes "_". */
static void statsd_add_name(struct buf *out, const char *name)
{
    size_t left = strlen(name), n;
    uint32_t cp;

    for (; left > 0; name += n, left -= n) {
        bool plain;

        n = text_next(name, left, &cp);
        plain = (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') ||
                (cp >= 'a' && cp <= 'z') || cp == '_' || cp == '-' || cp == '.';
        buf_addc(out, plain ? (char)cp : '_');
    }
}

/* All but what ends a tag or a line. */
static void statsd_add_value(struct buf *out, const char *value)
{
    size_t left = strlen(value), end = out->len + STATSD_TAG_MAX, n;
    uint32_t cp;

    for (; left > 0; value += n, left -= n) {
        n = text_next(value, left, &cp);
        if (out->len + n > end) {
            return;
        }
        if (cp == ',' || cp == '|' || text_hidden(cp)) {
            buf_addc(out, '_');
        } else {
            buf_add(out, value, n);
        }
    }
}

static void statsd_add_tag(void *ctx, const char *name, const char *value)
{
    struct statsd_second *o = ctx;

    if (out_listed(o->statsd->blocked, name)) {
        return;
    }
    buf_adds(&o->tags, o->tags.len == 0 ? "|#" : ",");
    statsd_add_name(&o->tags, name);
    buf_addc(&o->tags, ':');
    statsd_add_value(&o->tags, value);
}

/* Names its lines: "k6.http_reqs". */
static void statsd_name(struct statsd_second *o, const char *name)
{
    buf_reset(&o->name);
    buf_adds(&o->name, o->statsd->prefix);
    statsd_add_name(&o->name, name);
}

/* The line is begun; its value follows, and statsd_end. */
static void statsd_begin(struct statsd_second *o)
{
    o->line = o->payload->len;
    o->whole = buf_adds(o->payload, buf_str(&o->name)) && o->whole;
    o->whole = buf_addc(o->payload, ':') && o->whole;
}

static void statsd_end(struct statsd_second *o)
{
    o->whole = buf_adds(o->payload, buf_str(&o->tags)) && o->whole;
    o->wide = o->payload->len - o->line > STATSD_DATAGRAM_MAX || o->wide;
    o->whole = !o->wide && o->whole;
    o->whole = buf_addc(o->payload, '\n') && o->whole;
}

static void statsd_number(struct statsd_second *o, double value,
                          const char *type)
{
    bool is_whole = value == nearbyint(value);

    statsd_begin(o);
    /* No exponent: not everybody reads it. */
    o->whole = buf_addf(o->payload, "%.*f|%s", is_whole ? 0 : 6, value, type) &&
               o->whole;
    statsd_end(o);
}

/* Those that were gathered, as their mean: whoever weighs a line by its rate
 * has the right count and the right sum. */
static void statsd_timer(struct statsd_second *o)
{
    statsd_begin(o);
    if (o->n == 1) {
        o->whole = buf_addf(o->payload, "%.3f|ms", o->sum / 1e3) && o->whole;
    } else {
        /* As a decimal: statsd reads neither fractions nor exponents. */
        o->whole = buf_addf(o->payload, "%.6f|ms|@%.15f",
                            o->sum / 1e3 / (double)o->n, 1 / (double)o->n) &&
                   o->whole;
    }
    statsd_end(o);
    o->n = 0;
    o->sum = 0;
}

static void statsd_values(void *ctx, uint64_t value, uint64_t n)
{
    struct statsd_second *o = ctx;

    while (n > 0 && o->whole) {
        uint64_t more = o->each - o->n < n ? o->each - o->n : n;

        o->n += more;
        o->sum += (double)value * (double)more;
        n -= more;
        if (o->n == o->each) {
            statsd_timer(o);
        }
    }
}

static void statsd_trend(struct statsd_second *o, const struct point *p)
{
    o->n = 0;
    o->sum = 0;
    histo_sparse_values(p->trend, statsd_values, o);
    if (o->n > 0 && o->whole) {
        statsd_timer(o);
    }
}

/* As k6 has it: a check's are two counters, of other rates there is one, of
 * what was not 0. */
static void statsd_rate(struct statsd_second *o, const struct point *p)
{
    const char *check = p->tags[POINT_CHECK];
    const double n[2] = {p->value, (double)p->count - p->value};
    size_t i;

    if (check == NULL) {
        statsd_name(o, p->info.name);
        statsd_number(o, p->value, "c");
        return;
    }
    for (i = 0; i < 2; i++) {
        if (n[i] > 0) {
            statsd_name(o, "check.");
            statsd_add_name(&o->name, check);
            buf_adds(&o->name, i == 0 ? ".pass" : ".fail");
            statsd_number(o, n[i], "c");
        }
    }
}

/* Why it is not whole. */
static const char *statsd_lost(const struct statsd_second *o)
{
    if (!o->wide) {
        return OUT_LOST_PAYLOAD;
    }
    return o->tags.len > 0
               ? "a line with its tags is longer than a datagram may be (1,432 "
                 "bytes): fewer or shorter tags; K6_STATSD_TAG_BLOCKLIST names "
                 "those that are not sent"
               : "a line is longer than a datagram may be (1,432 bytes): "
                 "shorter names of checks, or a shorter K6_STATSD_NAMESPACE";
}

static void statsd_point(void *ctx, const struct point *p)
{
    struct statsd_second *o = ctx;
    size_t before = o->payload->len;

    o->whole = true;
    o->wide = false;
    buf_reset(&o->tags);
    if (o->statsd->tags) {
        point_tags(p, statsd_add_tag, o);
    }
    statsd_name(o, p->info.name);
    switch (p->info.type) {
    case METRIC_COUNTER:
        statsd_number(o, p->value, "c");
        break;
    case METRIC_GAUGE:
        statsd_number(o, p->value, "g");
        break;
    case METRIC_RATE:
        statsd_rate(o, p);
        break;
    case METRIC_TREND:
        statsd_trend(o, p);
        break;
    }
    if (o->whole) {
        o->points++;
    } else {
        buf_cut(o->payload, before);
        out_lost_add(o->lost, 1, statsd_lost(o));
    }
}

static void statsd_count_timers(void *ctx, const struct point *p)
{
    struct statsd_second *o = ctx;

    if (p->info.type == METRIC_TREND) {
        o->timers += p->trend->count;
    }
}

static size_t statsd_encode(void *ctx, const struct out_second *s,
                            struct buf *payload, struct out_lost *lost)
{
    struct statsd *st = ctx;
    struct statsd_second o = {.statsd = st, .payload = payload, .lost = lost};

    OBJ_CHECK(st, STATSD_MAGIC);
    buf_init(&o.name, STATSD_DATAGRAM_MAX);
    buf_init(&o.tags, STATSD_DATAGRAM_MAX);
    points_each(s->points, s->tick, statsd_count_timers, &o);
    o.each = o.timers / STATSD_TIMERS_MAX + 1;
    points_each(s->points, s->tick, statsd_point, &o);
    buf_clear(&o.name);
    buf_clear(&o.tags);
    st->sent = 0;
    return o.points;
}

/* Bytes of the whole lines that fit into the next datagram, the last one's
 * newline not among them. */
static size_t statsd_datagram(const char *data, size_t left)
{
    size_t n = left <= STATSD_DATAGRAM_MAX + 1 ? left : STATSD_DATAGRAM_MAX + 1;

    while (data[n - 1] != '\n') {
        n--;
    }
    return n - 1;
}

static void statsd_send(void *ctx, const struct buf *payload,
                        struct out_reply *r)
{
    struct statsd *st = ctx;

    OBJ_CHECK(st, STATSD_MAGIC);
    while (st->sent < payload->len) {
        const char *next = payload->data + st->sent;
        size_t n = statsd_datagram(next, payload->len - st->sent);

        if (!out_udp_send(st->udp, next, n, r->why, sizeof r->why)) {
            /* It goes on with this one: the others are there. */
            r->sent = OUT_LATER;
            return;
        }
        st->sent += n + 1;
    }
}

static void statsd_stop(void *ctx)
{
    struct statsd *st = ctx;

    OBJ_CHECK(st, STATSD_MAGIC);
    out_udp_stop(st->udp);
}

static const char *statsd_where(const void *ctx)
{
    const struct statsd *st = ctx;

    OBJ_CHECK(st, STATSD_MAGIC);
    return out_udp_where(st->udp);
}

static void statsd_close(void *ctx)
{
    struct statsd *st = ctx;

    OBJ_CHECK(st, STATSD_MAGIC);
    out_udp_free(&st->udp);
    free(st->prefix);
    free(st->blocked);
    st->magic = 0;
    free(st);
}

/* "k6" is "k6."; "" none. */
static char *statsd_prefix(const char *namespace)
{
    struct buf b;
    size_t n;

    buf_init(&b, STATSD_TAG_MAX);
    statsd_add_name(&b, namespace);
    n = b.len;
    if (n > 0 && b.data[n - 1] != '.') {
        buf_addc(&b, '.');
    }
    return buf_take(&b);
}

/* What may be set to nothing. */
static const char *statsd_said(const struct out_config *c, const char *name,
                               const char *otherwise)
{
    const char *value = c->env != NULL ? c->env(c->env_ctx, name) : NULL;

    return value != NULL ? value : otherwise;
}

static void *statsd_open(const struct out_config *c, struct err *e)
{
    const char *place = c->place, *namespace, *blocked;
    struct err wrong = ERR_INIT;
    struct statsd *st;

    place = place != NULL ? place : out_env(c, "K6_STATSD_ADDR");
    namespace = statsd_said(c, "K6_STATSD_NAMESPACE", "k6");
    blocked = statsd_said(c, "K6_STATSD_TAG_BLOCKLIST", "vu,iter,url");
    st = xcalloc(1, sizeof *st);
    st->magic = STATSD_MAGIC;
    st->prefix = statsd_prefix(namespace);
    st->blocked = xstrdup(blocked);
    st->udp = out_udp_new(place != NULL ? place : "localhost", "8125", &wrong);
    if (st->udp == NULL ||
        !out_env_bool(c, "K6_STATSD_ENABLE_TAGS", &st->tags, &wrong)) {
        out_err(e, "statsd", &wrong);
        statsd_close(st);
        return NULL;
    }
    return st;
}

const struct out_kind out_kind_statsd = {
    .name = "statsd",
    .place = "[HOST:PORT]",
    .help = "lines of StatsD over UDP; localhost:8125 if not said",
    .open = statsd_open,
    .where = statsd_where,
    .encode = statsd_encode,
    .send = statsd_send,
    .stop = statsd_stop,
    .close = statsd_close,
};
