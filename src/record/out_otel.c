/* SPDX-License-Identifier: MIT
 *
 * out_otel - --out opentelemetry: metrics by OTLP over HTTP
 * (https://opentelemetry.io/docs/specs/otlp/#otlphttp), with the names, units
 * and attributes of k6's OpenTelemetry output. Everything is cumulative: what
 * is dropped costs grain, and the totals come with the next second. Series that
 * have nothing new are not sent, but all of them with the last second. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/must.h"
#include "base/xalloc.h"
#include "measure/histo.h"
#include "net/post.h"
#include "record/cumulative.h"
#include "record/exponential.h"
#include "record/otlp.h"
#include "record/out_env.h"
#include "record/out_kind.h"
#include "record/out_otel_config.h"
#include "record/out_post.h"
#include "record/points.h"

#define OTEL_MAGIC      0x07e10701u
#define OTEL_TIMEOUT_MS 10000L
/* Of an attribute that a rate's two counters are told apart by; as k6's. */
#define OTEL_CONDITION "condition"
#define OTEL_NONZERO   OTEL_CONDITION "\0nonzero"
#define OTEL_ZERO      OTEL_CONDITION "\0zero"

/* Upper bounds that OpenTelemetry has where nobody names others. */
static const double otel_bounds[] = {0,   5,   10,  25,   50,   75,   100, 250,
                                     500, 750, 1e3, 2500, 5000, 7500, 1e4};
enum { OTEL_BOUNDS = sizeof otel_bounds / sizeof otel_bounds[0] };

struct otel {
    unsigned magic;
    struct otel_config config;
    struct post *post;
    struct cumulative *sums; /* of all since the run began */
    struct otlp_source source;
    uint64_t start_ns; /* the run's begin, since 1970 */
    bool remarked;     /* an answer's remark was told */
    bool last;         /* the second that is written ends the run */
    struct cumulative_series **list; /* owned: those that are sent now */
    size_t n, cap;
};

/* Values of a trend are thousandths of its unit. */
static double otel_value(const struct histo_sparse *s, uint32_t i)
{
    return (double)histo_middle(s->pairs[i].bucket, s->min, s->max) / 1e3;
}

static size_t otel_bound(double value)
{
    size_t i = 0;

    while (i < OTEL_BOUNDS && value > otel_bounds[i]) {
        i++;
    }
    return i;
}

static void otel_explicit(struct arena *m, const struct histo_sparse *s,
                          struct otlp_histogram *h)
{
    uint64_t *counts = arena_new(m, OTEL_BOUNDS + 1, sizeof *counts);
    uint32_t i;

    for (i = 0; i < s->n; i++) {
        counts[otel_bound(otel_value(s, i))] += s->pairs[i].count;
    }
    h->counts = counts;
    h->n_counts = OTEL_BOUNDS + 1;
    h->bounds = otel_bounds;
    h->n_bounds = OTEL_BOUNDS;
}

/* Bucket i of ours ends where bucket i + 1 of OpenTelemetry's begins. */
static void otel_exponential(struct arena *m, const struct histo_sparse *s,
                             struct otlp_histogram *h)
{
    uint64_t *counts = arena_new(m, EXPONENTIAL_BUCKETS, sizeof *counts);
    uint32_t i;

    for (i = 0; i < s->n; i++) {
        double value = otel_value(s, i);
        int32_t at;

        if (!(value > 0)) {
            h->zero += s->pairs[i].count;
            continue;
        }
        at = exponential_bucket(value) - 1;
        if (h->n_counts == 0) {
            h->offset = at;
        }
        MUST(at - h->offset < EXPONENTIAL_BUCKETS);
        counts[at - h->offset] += s->pairs[i].count;
        h->n_counts = (size_t)(at - h->offset) + 1;
    }
    h->counts = counts;
}

static void otel_histogram(const struct otel *o, struct arena *m,
                           const struct histo_sparse *s,
                           struct otlp_histogram *h)
{
    h->count = s->count;
    h->sum = (double)s->sum / 1e3;
    h->min = (double)s->min / 1e3;
    h->max = (double)s->max / 1e3;
    if (o->config.exponential) {
        otel_exponential(m, s, h);
    } else {
        otel_explicit(m, s, h);
    }
}

/* The labels of a series and one more attribute. */
static struct otlp_attributes otel_with(struct arena *m,
                                        const struct cumulative_series *x,
                                        const char *more, size_t len)
{
    char *text = arena_new(m, x->labels_len + len, 1);

    if (x->labels_len > 0) {
        memcpy(text, x->labels, x->labels_len);
    }
    memcpy(text + x->labels_len, more, len);
    return (struct otlp_attributes){text, x->labels_len + len};
}

/* Appends the points of a series; returns how many. */
static size_t otel_points(const struct otel *o, struct arena *m,
                          const struct cumulative_series *x,
                          struct otlp_point *p)
{
    p[0].attributes = (struct otlp_attributes){x->labels, x->labels_len};
    p[0].value = x->value;
    switch (x->info.type) {
    case METRIC_COUNTER:
    case METRIC_GAUGE:
        return 1;
    case METRIC_TREND:
        otel_histogram(o, m, &x->trend, &p[0].histogram);
        return 1;
    case METRIC_RATE:
        p[0].attributes = otel_with(m, x, OTEL_NONZERO, sizeof OTEL_NONZERO);
        p[1].attributes = otel_with(m, x, OTEL_ZERO, sizeof OTEL_ZERO);
        p[1].value = (double)x->count - x->value;
        return 2;
    }
    MUST(!"there are four types");
    return 0;
}

static enum otlp_kind otel_kind(const struct otel *o, enum metric_type type)
{
    switch (type) {
    case METRIC_COUNTER:
    case METRIC_RATE:
        return OTLP_SUM;
    case METRIC_GAUGE:
        return OTLP_GAUGE;
    case METRIC_TREND:
        return o->config.exponential ? OTLP_EXPONENTIAL : OTLP_HISTOGRAM;
    }
    MUST(!"there are four types");
    return OTLP_SUM;
}

static const char *otel_unit(enum metric_contains contains)
{
    switch (contains) {
    case METRIC_TIME:
        return "ms";
    case METRIC_DATA:
        return "By";
    case METRIC_DEFAULT:
        break;
    }
    return "";
}

/* n series of one metric; returns how many points they are. */
static size_t otel_metric(const struct otel *o,
                          struct cumulative_series *const *list, size_t n,
                          uint64_t time_ns, struct buf *payload,
                          struct out_lost *lost)
{
    const struct metric_info *info = &list[0]->info;
    struct arena made = {NULL, 0, 0};
    struct otlp_point *points;
    struct otlp_metric m = {.description = info->help != NULL ? info->help : "",
                            .unit = otel_unit(info->contains),
                            .kind = otel_kind(o, info->type),
                            .whole = info->type == METRIC_RATE,
                            .start_ns = o->start_ns,
                            .time_ns = time_ns};
    char *name = xasprintf("%s%s", o->config.prefix, info->name);
    size_t i;
    bool fits;

    points = arena_new(&made, 2 * n, sizeof *points);
    for (i = 0; i < n; i++) {
        m.n += otel_points(o, &made, list[i], &points[m.n]);
    }
    m.name = name;
    m.points = points;
    fits = otlp_add(payload, &o->source, &m);
    arena_clear(&made);
    free(name);
    out_lost_add(lost, fits ? 0 : m.n, OUT_LOST_PAYLOAD);
    return fits ? m.n : 0;
}

static void otel_choose(void *ctx, struct cumulative_series *x)
{
    struct otel *o = ctx;

    if (x->fresh || o->last) {
        o->list = xgrow(o->list, o->n, &o->cap, sizeof *o->list);
        o->list[o->n++] = x;
    }
    x->fresh = false;
}

static int otel_by_metric(const void *a, const void *b)
{
    const struct cumulative_series *x = *(struct cumulative_series *const *)a;
    const struct cumulative_series *y = *(struct cumulative_series *const *)b;

    return strcmp(x->info.name, y->info.name);
}

struct otel_point {
    struct otel *otel;
    struct out_lost *lost;
};

/* Tags of the plan's own for a rate's two counters: keys are unique in a point,
 * and what tells the two apart comes first, as in k6. Owned by the caller. */
static struct tag *otel_own(const struct point *p, size_t *n)
{
    struct tag *own = xcalloc(p->n_own + 1, sizeof *own);
    size_t i;

    *n = 0;
    for (i = 0; i < p->n_own; i++) {
        if (strcmp(p->own[i].name, OTEL_CONDITION) != 0) {
            own[(*n)++] = p->own[i];
        }
    }
    return own;
}

static void otel_point(void *ctx, const struct point *p)
{
    struct otel_point *x = ctx;
    struct point rate = *p;
    struct tag *own = NULL;
    const char *why;

    if (p->info.type == METRIC_RATE) {
        own = otel_own(p, &rate.n_own);
        rate.own = own;
    }
    if (!cumulative_add(x->otel->sums, &rate, &why)) {
        out_lost_add(x->lost, 1, why);
    }
    free(own);
}

static size_t otel_encode(void *ctx, const struct out_second *s,
                          struct buf *payload, struct out_lost *lost)
{
    struct otel *o = ctx;
    struct otel_point x = {o, lost};
    uint64_t time_ns = (uint64_t)s->unix_ms * 1000000;
    size_t from, to, points = 0;

    OBJ_CHECK(o, OTEL_MAGIC);
    points_each(s->points, s->tick, otel_point, &x);
    o->last = s->last;
    o->n = 0;
    cumulative_each(o->sums, otel_choose, o);
    if (o->n > 0) {
        qsort(o->list, o->n, sizeof *o->list, otel_by_metric);
    }
    for (from = 0; from < o->n; from = to) {
        for (to = from + 1;
             to < o->n && otel_by_metric(&o->list[from], &o->list[to]) == 0;) {
            to++;
        }
        points +=
            otel_metric(o, o->list + from, to - from, time_ns, payload, lost);
    }
    return points;
}

/* OTLP names those that are for later. */
static bool otel_later(long status)
{
    return status == 429 || status == 502 || status == 503 || status == 504;
}

/* What it says of what it took. */
static void otel_read(struct otel *o, const struct post_answer *a,
                      struct out_reply *r)
{
    r->rejected = otlp_rejected(a->raw, a->raw_len, r->why, sizeof r->why);
    if (r->rejected == 0 && o->remarked) {
        r->why[0] = '\0'; /* a warning; once will do */
    }
    o->remarked = o->remarked || r->why[0] != '\0';
}

static void otel_send(void *ctx, const struct buf *payload, struct out_reply *r)
{
    struct otel *o = ctx;
    struct post_answer a;

    OBJ_CHECK(o, OTEL_MAGIC);
    out_post(o->post, payload, otel_later, &a, r);
    if (r->sent == OUT_SENT) {
        otel_read(o, &a, r);
    } else if (a.status != 0) {
        /* What else it says is in protocol buffers. */
        snprintf(r->why, sizeof r->why, "it answers with status %ld", a.status);
    }
}

static void otel_stop(void *ctx)
{
    struct otel *o = ctx;

    OBJ_CHECK(o, OTEL_MAGIC);
    post_stop(o->post);
}

static const char *otel_where(const void *ctx)
{
    const struct otel *o = ctx;

    OBJ_CHECK(o, OTEL_MAGIC);
    return o->config.where;
}

static void otel_close(void *ctx)
{
    struct otel *o = ctx;

    OBJ_CHECK(o, OTEL_MAGIC);
    post_free(&o->post);
    cumulative_free(&o->sums);
    otel_config_clear(&o->config);
    free(o->list);
    o->magic = 0;
    free(o);
}

static void *otel_open(const struct out_config *c, struct err *e)
{
    struct err wrong = ERR_INIT;
    struct post_config post;
    struct otel *o;

#ifndef HAVE_PROTOBUF_C
    err_set(e, ERR_SUPPORT,
            "--out opentelemetry: this brunt was built without libprotobuf-c "
            "(Debian: libprotobuf-c-dev)");
    return NULL;
#endif
    o = xcalloc(1, sizeof *o);
    o->magic = OTEL_MAGIC;
    if (!otel_config_read(&o->config, c, &wrong)) {
        out_err(e, "opentelemetry", &wrong);
        otel_close(o);
        return NULL;
    }
    post = (struct post_config){
        .url = o->config.url,
        .headers = (const char *const *)o->config.headers,
        .cacert = o->config.cacert,
        .insecure = o->config.insecure,
        .cert = o->config.cert,
        .cert_key = o->config.cert_key,
        .timeout_ms = OTEL_TIMEOUT_MS,
    };
    o->post = post_new(&post);
    o->sums = cumulative_new(0);
    o->start_ns = (uint64_t)c->info->started.us * 1000;
    o->source = (struct otlp_source){
        .resource = {buf_str(&o->config.resource), o->config.resource.len},
        .scope = PACKAGE_NAME,
        .version = PACKAGE_VERSION,
    };
    return o;
}

const struct out_kind out_kind_opentelemetry = {
    .name = "opentelemetry",
    .place = "[URL]",
    .help = "OTLP over HTTP; http://localhost:4318 if not said",
    .open = otel_open,
    .where = otel_where,
    .encode = otel_encode,
    .send = otel_send,
    .stop = otel_stop,
    .close = otel_close,
};
