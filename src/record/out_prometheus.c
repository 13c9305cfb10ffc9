/* SPDX-License-Identifier: MIT
 *
 * out_prometheus - --out experimental-prometheus-rw: remote write 1.0
 * (https://prometheus.io/docs/specs/prw/remote_write_spec/), with k6's names
 * and options. All series go out each time, as a scrape has them, with what the
 * run has added up to so far: what is dropped or put together costs nothing but
 * grain. A trend's figures are of the whole run so far, as k6's are. Where the
 * receiver has no native histograms, figures go in their place. */
#include "config.h"

#include "record/out_kind.h"

#include "base/must.h"
#include "base/xalloc.h"

#define PRW_NAME "experimental-prometheus-rw"

#ifdef HAVE_REMOTE_WRITE

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/post.h"
#include "record/cumulative.h"
#include "record/out_env.h"
#include "record/out_post.h"
#include "record/points.h"
#include "record/prom_metric.h"
#include "record/rw_options.h"
#include "record/rw_write.h"

#define PRW_MAGIC 0x92e3a1c1u
/* Before compression, which leaves about a tenth. */
#define PRW_RAW_MAX    (64u << 20)
#define PRW_PACKED_MAX (32u << 20)
/* Why samples are left out of it. */
#define PRW_LOST                                                               \
    "all series together are more than 64 MiB, or 16 MiB compressed: fewer "   \
    "names of requests, or fewer figures in K6_PROMETHEUS_RW_TREND_STATS"
/* k6's; of a whole call. */
#define PRW_TIMEOUT_MS 5000
/* Seconds end a little early or late. */
#define PRW_PUSH_SLACK_MS 500
/* What Prometheus answers without --enable-feature=native-histograms (with
 * status 500 up to 2.5x). */
#define PRW_NO_NATIVE "native histograms are disabled"

struct prw {
    unsigned magic;
    struct rw_options options;
    struct post *post;
    struct cumulative *sums; /* of all since the run began */
    struct histo *scratch;   /* a trend, to be asked for percentiles */
    struct buf raw;          /* before compression */
    int64_t pushed_ms;       /* time of the last payload; 0 = there was none */
    bool last;               /* nothing comes after that payload */
    bool native;             /* trends are native histograms, as of now */
    bool was_native;         /* they are in the payload */
    bool arrived;            /* the payload did; what is left is the end's */
    struct buf again;        /* the payload without native histograms, or what
                                ends all series; empty = not made yet */
};

/* What is being written. */
struct prw_page {
    struct prw *prw;
    int64_t unix_ms;
    bool end; /* stale markers in the place of values */
    size_t points, lost;
};

static void prw_sample(struct prw_page *page, const struct cumulative_series *x,
                       const char *name, double value,
                       const struct rw_native *native)
{
    struct rw_sample s = {
        .name = name,
        .labels = x->labels,
        .labels_len = x->labels_len,
        .unix_ms = page->unix_ms,
        .value = page->end ? rw_stale() : value,
        .native = page->end ? NULL : native,
    };

    if (rw_write_add(&page->prw->raw, &s)) {
        page->points++;
    } else {
        page->lost++;
    }
}

/* In the metric's unit, times in seconds. */
static double prw_figure(const struct histo_sparse *t, const struct histo *h,
                         const struct rw_stat *stat, double scale)
{
    switch (stat->kind) {
    case RW_COUNT:
        return (double)t->count;
    case RW_SUM:
        return (double)t->sum * scale;
    case RW_MIN:
        return (double)t->min * scale;
    case RW_AVG:
        return t->count > 0 ? (double)t->sum / (double)t->count * scale : 0;
    case RW_MED:
        return (double)histo_percentile(h, 50) * scale;
    case RW_MAX:
        return (double)t->max * scale;
    case RW_P:
        return (double)histo_percentile(h, stat->percentile) * scale;
    }
    return 0;
}

static void prw_figures(struct prw *prw, struct cumulative_series *x)
{
    double scale = prom_metric_scale(&x->info);
    size_t i;

    histo_clear(prw->scratch);
    histo_add_sparse(prw->scratch, &x->trend);
    for (i = 0; i < prw->options.n_stats; i++) {
        x->figures[i] =
            prw_figure(&x->trend, prw->scratch, &prw->options.stats[i], scale);
    }
}

static void prw_trend(struct prw_page *page, struct cumulative_series *x)
{
    struct prw *prw = page->prw;
    char name[PROM_METRIC_MAX];
    struct rw_native native;
    size_t i;

    if (prw->native) {
        prom_metric_native(name, sizeof name, &x->info);
        if (!page->end) {
            rw_native_of(&native, &x->trend, prom_metric_scale(&x->info));
        }
        prw_sample(page, x, name, 0, &native);
        return;
    }
    if (x->fresh) {
        prw_figures(prw, x);
        x->fresh = false;
    }
    for (i = 0; i < prw->options.n_stats; i++) {
        prom_metric_name(name, sizeof name, &x->info,
                         prw->options.stats[i].suffix);
        prw_sample(page, x, name, x->figures[i], NULL);
    }
}

static void prw_series(void *ctx, struct cumulative_series *x)
{
    struct prw_page *page = ctx;
    char name[PROM_METRIC_MAX];

    if (x->info.type == METRIC_TREND) {
        prw_trend(page, x);
        return;
    }
    prom_metric_name(name, sizeof name, &x->info, NULL);
    prw_sample(page, x, name,
               x->info.type == METRIC_RATE ? x->value / (double)x->count
                                           : x->value,
               NULL);
}

/* All series into out, which is empty. */
static void prw_write(struct prw_page *page, struct buf *out)
{
    struct prw *prw = page->prw;

    buf_reset(&prw->raw);
    cumulative_each(prw->sums, prw_series, page);
    if (page->points > 0 && !rw_write_pack(&prw->raw, out)) {
        page->lost += page->points;
        page->points = 0;
    }
}

struct prw_second {
    struct prw *prw;
    struct out_lost *lost;
};

static void prw_point(void *ctx, const struct point *p)
{
    struct prw_second *s = ctx;
    const char *why;

    if (!cumulative_add(s->prw->sums, p, &why)) {
        out_lost_add(s->lost, 1, why);
    }
}

static size_t prw_encode(void *ctx, const struct out_second *s,
                         struct buf *payload, struct out_lost *lost)
{
    struct prw *prw = ctx;
    struct prw_second second = {prw, lost};
    struct prw_page page = {.prw = prw, .unix_ms = s->unix_ms};

    OBJ_CHECK(prw, PRW_MAGIC);
    points_each(s->points, s->tick, prw_point, &second);
    if (!s->last && s->unix_ms - prw->pushed_ms + PRW_PUSH_SLACK_MS <
                        (int64_t)prw->options.push_ms) {
        return 0;
    }
    prw_write(&page, payload);
    out_lost_add(lost, page.lost, PRW_LOST);
    prw->pushed_ms = s->unix_ms;
    prw->last = s->last;
    prw->was_native = prw->native;
    prw->arrived = false;
    buf_reset(&prw->again);
    return page.points;
}

/* What is the receiver's fault, or too early, may go through later, as the
 * specification has it; what is ours never will. false: it has no native
 * histograms. */
static bool prw_try(struct prw *prw, const struct buf *payload,
                    struct out_reply *r)
{
    struct post_answer a;

    out_post(prw->post, payload, out_post_later, &a, r);
    return r->sent == OUT_SENT || strstr(a.text, PRW_NO_NATIVE) == NULL;
}

/* The payload, or what has come into its place. */
static void prw_values(struct prw *prw, const struct buf *payload,
                       struct out_reply *r)
{
    struct prw_page page = {.prw = prw, .unix_ms = prw->pushed_ms};

    if (!prw->was_native) {
        (void)prw_try(prw, payload, r);
        return;
    }
    if (prw->native) {
        if (prw_try(prw, payload, r)) {
            return;
        }
        prw->native = false;
    }
    if (prw->again.len == 0) {
        prw_write(&page, &prw->again);
    }
    (void)prw_try(prw, &prw->again, r);
    if (r->sent == OUT_SENT) {
        (void)snprintf(r->why, sizeof r->why,
                       "it has no native histograms (Prometheus 2 wants "
                       "--enable-feature=native-histograms): trends go as "
                       "figures");
    }
}

/* What ends all series, a millisecond after their last sample. */
static void prw_end(struct prw *prw, struct out_reply *r)
{
    struct prw_page page = {
        .prw = prw, .unix_ms = prw->pushed_ms + 1, .end = true};
    struct out_reply end = {.sent = OUT_SENT};

    if (prw->again.len == 0) {
        prw_write(&page, &prw->again);
    }
    if (prw->again.len > 0) {
        (void)prw_try(prw, &prw->again, &end);
    }
    if (end.sent != OUT_SENT) {
        *r = end;
    }
}

static void prw_send(void *ctx, const struct buf *payload, struct out_reply *r)
{
    struct prw *prw = ctx;

    OBJ_CHECK(prw, PRW_MAGIC);
    if (!prw->arrived) {
        prw_values(prw, payload, r);
        prw->arrived = r->sent == OUT_SENT;
        if (!prw->arrived) {
            return;
        }
        buf_reset(&prw->again);
    }
    if (prw->last && prw->options.stale) {
        prw_end(prw, r);
        r->arrived = true;
    }
}

static const char *prw_where(const void *ctx)
{
    const struct prw *prw = ctx;

    OBJ_CHECK(prw, PRW_MAGIC);
    return prw->options.shown;
}

static void prw_stop(void *ctx)
{
    struct prw *prw = ctx;

    OBJ_CHECK(prw, PRW_MAGIC);
    post_stop(prw->post);
}

static void prw_close(void *ctx)
{
    struct prw *prw = ctx;

    OBJ_CHECK(prw, PRW_MAGIC);
    post_free(&prw->post);
    cumulative_free(&prw->sums);
    histo_free(&prw->scratch);
    buf_clear(&prw->raw);
    buf_clear(&prw->again);
    rw_options_clear(&prw->options);
    prw->magic = 0;
    free(prw);
}

static struct post *prw_post(const struct rw_options *o)
{
    char *bearer = o->token != NULL
                       ? xasprintf("Authorization: Bearer %s", o->token)
                       : NULL;
    const char *headers[RW_HEADERS_MAX + 5];
    struct post_config c = {
        .url = o->url,
        .headers = headers,
        .user = o->user,
        .password = o->password,
        .insecure = o->insecure,
        .cert = o->cert,
        .cert_key = o->cert_key,
        .timeout_ms = PRW_TIMEOUT_MS,
    };
    struct post *post;
    size_t n = 0, i;

    headers[n++] = "Content-Type: application/x-protobuf";
    headers[n++] = "Content-Encoding: snappy";
    headers[n++] = "X-Prometheus-Remote-Write-Version: 0.1.0";
    if (bearer != NULL) {
        headers[n++] = bearer;
    }
    for (i = 0; i < o->n_headers; i++) {
        headers[n++] = o->headers[i];
    }
    headers[n] = NULL;
    post = post_new(&c);
    free(bearer);
    return post;
}

static void *prw_open(const struct out_config *c, struct err *e)
{
    struct prw *prw = xcalloc(1, sizeof *prw);

    struct err why = ERR_INIT;

    if (!rw_options_read(&prw->options, c, &why)) {
        out_err(e, PRW_NAME, &why);
        free(prw);
        return NULL;
    }
    prw->magic = PRW_MAGIC;
    prw->native = prw->options.native;
    prw->post = prw_post(&prw->options);
    prw->sums = cumulative_new(prw->options.n_stats);
    prw->scratch = histo_new();
    buf_init(&prw->raw, PRW_RAW_MAX);
    buf_init(&prw->again, PRW_PACKED_MAX);
    return prw;
}

#else

static void *prw_open(const struct out_config *c, struct err *e)
{
    (void)c;
    err_set(
        e, ERR_SUPPORT,
        "--out " PRW_NAME
        ": this brunt was built without libprotobuf-c or libsnappy (install "
        "libprotobuf-c-dev and libsnappy-dev, and build it again)");
    return NULL;
}

/* What follows is called of what was opened. */
static const char *prw_where(const void *ctx)
{
    (void)ctx;
    MUST(!"never opened");
    return "";
}

static size_t prw_encode(void *ctx, const struct out_second *s,
                         struct buf *payload, struct out_lost *lost)
{
    (void)ctx;
    (void)s;
    (void)payload;
    (void)lost;
    MUST(!"never opened");
    return 0;
}

static void prw_send(void *ctx, const struct buf *payload, struct out_reply *r)
{
    (void)ctx;
    (void)payload;
    (void)r;
    MUST(!"never opened");
}

static void prw_stop(void *ctx)
{
    (void)ctx;
}

static void prw_close(void *ctx)
{
    (void)ctx;
}

#endif

const struct out_kind out_kind_prometheus = {
    .name = PRW_NAME,
    .place = "[URL]",
    .help = "Prometheus, by remote write",
    .open = prw_open,
    .where = prw_where,
    .encode = prw_encode,
    .send = prw_send,
    .stop = prw_stop,
    .close = prw_close,
};
