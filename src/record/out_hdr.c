/* SPDX-License-Identifier: MIT
 *
 * out_hdr - --out hdr: a log of HdrHistogram (record/hdr_log.h), for its tools.
 * An interval is a second. Lines without a tag are of http_req_duration, of all
 * requests: what those tools look at if they are told nothing else. Other
 * trends have their name as a tag, and durations of requests of one name that
 * as well: "http_req_duration:ChatRequest". */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "measure/histo.h"
#include "record/hdr_log.h"
#include "record/out_file.h"
#include "record/out_kind.h"
#include "record/points.h"

#define HDR_MAGIC 0x4d2f1e01u

/* What becomes a line a second. */
struct hdr_row {
    unsigned metric;
    char *name;        /* owned: of requests; NULL = all */
    char *tag;         /* owned */
    struct histo *sum; /* owned: of this second */
};

struct hdr {
    struct out_file_ctx to; /* first: what is out_file.c's asks for it */
    unsigned magic;
    struct hdr_row *rows; /* owned; in the order in which they came */
    size_t n, cap;
    int64_t started_ms; /* the run's begin */
    bool begun;         /* the head is written */
};

static struct hdr_row *hdr_row(struct hdr *h, const struct point *p,
                               const char *name)
{
    struct hdr_row *r;
    size_t i;

    for (i = 0; i < h->n; i++) {
        r = &h->rows[i];
        if (r->metric == p->metric &&
            (name == NULL ? r->name == NULL
                          : r->name != NULL && strcmp(r->name, name) == 0)) {
            return r;
        }
    }
    h->rows = xgrow(h->rows, h->n, &h->cap, sizeof *h->rows);
    r = &h->rows[h->n++];
    r->metric = p->metric;
    r->name = name != NULL ? xstrdup(name) : NULL;
    r->sum = histo_new();
    if (name != NULL) {
        r->tag = xasprintf("%s:%s", p->info.name, name);
    } else {
        r->tag =
            xstrdup(p->metric == METRIC_HTTP_REQ_DURATION ? "" : p->info.name);
    }
    return r;
}

static void hdr_point(void *ctx, const struct point *p)
{
    struct hdr *h = ctx;
    const char *name = p->tags[POINT_NAME];

    if (p->info.type != METRIC_TREND) {
        return;
    }
    histo_add_sparse(hdr_row(h, p, NULL)->sum, p->trend);
    if (p->metric == METRIC_HTTP_REQ_DURATION && name != NULL) {
        histo_add_sparse(hdr_row(h, p, name)->sum, p->trend);
    }
}

static bool hdr_line(struct buf *payload, struct hdr_row *r, int64_t unix_ms,
                     uint64_t length_ms)
{
    struct histo_sparse s;
    bool fits;

    histo_to_sparse(r->sum, &s);
    histo_clear(r->sum);
    fits = hdr_log_line(payload, r->tag, unix_ms, length_ms, &s);
    histo_sparse_clear(&s);
    return fits;
}

static size_t hdr_encode(void *ctx, const struct out_second *s,
                         struct buf *payload, struct out_lost *lost)
{
    struct hdr *h = ctx;
    size_t points = 0, i;

    OBJ_CHECK(h, HDR_MAGIC);
    if (!h->begun) {
        h->begun = hdr_log_head(payload, h->started_ms);
    }
    points_each(s->points, s->tick, hdr_point, h);
    for (i = 0; i < h->n; i++) {
        if (histo_count(h->rows[i].sum) == 0) {
            continue;
        }
        if (hdr_line(payload, &h->rows[i], s->unix_ms,
                     s->tick->dt_us / US_PER_MS)) {
            points++;
        } else {
            out_lost_add(lost, 1, OUT_LOST_PAYLOAD);
        }
    }
    return points;
}

static void hdr_close(void *ctx)
{
    struct hdr *h = ctx;
    size_t i;

    OBJ_CHECK(h, HDR_MAGIC);
    out_file_close(&h->to.file);
    for (i = 0; i < h->n; i++) {
        free(h->rows[i].name);
        free(h->rows[i].tag);
        histo_free(&h->rows[i].sum);
    }
    free(h->rows);
    h->magic = 0;
    free(h);
}

static void *hdr_open(const struct out_config *c, struct err *e)
{
    struct out_file *file;
    struct hdr *h;

#ifndef HAVE_ZLIB
    err_set(e, ERR_SUPPORT,
            "--out hdr: this brunt was built without zlib (Debian: "
            "zlib1g-dev)");
    return NULL;
#endif
    file = out_file_open("hdr", c->place, e);
    if (file == NULL) {
        return NULL;
    }
    h = xcalloc(1, sizeof *h);
    h->magic = HDR_MAGIC;
    h->to.file = file;
    h->started_ms = c->info->started.us / 1000;
    return h;
}

const struct out_kind out_kind_hdr = {
    .name = "hdr",
    .place = "FILE",
    .file = true,
    .help = "a log of HdrHistogram (.hlog), an interval a second",
    .open = hdr_open,
    .where = out_file_where,
    .encode = hdr_encode,
    .send = out_file_send,
    .stop = out_file_stop,
    .close = hdr_close,
};
