/* SPDX-License-Identifier: MIT
 *
 * out_samples - every sample as a line of k6's NDJSON, as k6 writes it: there
 * are as many lines as there are samples. What workers measured faster than it
 * could be written did not fit into their rings (measure/tap.h), and is
 * counted. */
#include "config.h"

#include "record/out_kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/wall.h"
#include "base/xalloc.h"
#include "measure/tap.h"
#include "record/json_line.h"
#include "record/out_file.h"

/* How often workers' rings are emptied, and about how much is sent at a
 * time. */
#define SAMPLES_EVERY_MS 50
#define SAMPLES_PAYLOAD  (1u << 20)
/* Why workers' samples do not come. */
#define SAMPLES_LOST_RING                                                      \
    "samples come faster than they are written: --out json has the same "      \
    "figures in fewer lines, and there may be a faster disk"
/* Sets of tags that are kept as text; those beyond are made each time. */
#define SAMPLES_TAGS_MAX 4096

/* Tags of what ended alike, as text. */
struct samples_tags {
    struct samples_tags *next; /* of the same list; owned */
    struct point_end end;
    unsigned scenario; /* of a check */
    char *text;        /* owned */
};

struct out_samples {
    struct out_file_ctx to;
    const struct run_info *info;
    struct taps *taps; /* borrowed */
    bool *known;       /* owned; by metric: its line was written */
    /* A moment by which times are dates. */
    struct wall wall;
    mono_us mono;
    /* Lists, owned: of requests, of their other samples, of checks, of
     * scenarios. */
    struct samples_tags **ended, **plain, **checks, **scenarios;
    size_t n_tags;
    char *loose; /* owned: tags that were not kept */
    /* Of the call at hand. */
    struct buf *payload;
    const struct points *points;
    size_t n_points;
    struct out_lost *lost;
    char second[40], time[40]; /* date of the second, and of the sample */
    int64_t second_at;
};

static void *samples_open(const struct out_config *c, struct err *e)
{
    const struct plan *plan = c->info->plan;
    struct out_file *file;
    struct out_samples *s;

    if (c->taps == NULL) {
        err_set(e, ERR_SUPPORT,
                "--out json-samples: there are no samples but of a run");
        return NULL;
    }
    file = out_file_open("json-samples", c->place, e);
    if (file == NULL) {
        return NULL;
    }
    s = xcalloc(1, sizeof *s);
    s->to.file = file;
    s->info = c->info;
    s->taps = c->taps;
    s->known = xcalloc(METRIC_COUNT + plan->n_metrics, sizeof *s->known);
    s->wall = wall_now();
    s->mono = clk_now(clk_system());
    s->second_at = -1;
    s->ended = xcalloc(plan->n_requests + 1, sizeof *s->ended);
    s->plain = xcalloc(plan->n_requests + 1, sizeof *s->plain);
    s->checks = xcalloc(plan->n_checks + 1, sizeof *s->checks);
    s->scenarios = xcalloc(LINEUP_MAX, sizeof *s->scenarios);
    return s;
}

/* The date of a moment, to the microsecond: that of the second is kept. */
static void samples_time(struct out_samples *s, mono_us at)
{
    int64_t us = s->wall.us + (int64_t)(at - s->mono);
    int64_t second = us / 1000000;

    if (second != s->second_at) {
        s->second_at = second;
        wall_rfc3339((struct wall){second * 1000000}, s->second,
                     sizeof s->second);
        s->second[strcspn(s->second, ".Z")] = '\0';
    }
    snprintf(s->time, sizeof s->time, "%.24s.%06uZ", s->second,
             (unsigned)(us % 1000000));
}

static const struct samples_tags *samples_find(const struct samples_tags *t,
                                               const struct samples_tags *like)
{
    while (t != NULL && !(t->end.status == like->end.status &&
                          t->end.failure == like->end.failure &&
                          t->end.failed == like->end.failed &&
                          t->scenario == like->scenario)) {
        t = t->next;
    }
    return t;
}

/* Borrowed until the next call. x has the tags. */
static const char *samples_keep(struct out_samples *s,
                                struct samples_tags **list,
                                const struct samples_tags *like,
                                const struct point *x)
{
    char *text = json_line_tags(x);
    struct samples_tags *t;

    if (s->n_tags == SAMPLES_TAGS_MAX) {
        free(s->loose);
        s->loose = text;
        return text;
    }
    s->n_tags++;
    t = xcalloc(1, sizeof *t);
    *t = *like;
    t->text = text;
    t->next = *list;
    *list = t;
    return text;
}

/* Which tags an entry has, of which list. */
static struct samples_tags **samples_list(const struct out_samples *s,
                                          const struct tap_entry *e,
                                          struct samples_tags *like)
{
    const struct sample *x = &e->is.sample;

    *like = (struct samples_tags){.end.request = e->index};
    switch (e->kind) {
    case TAP_REQUEST:
        like->end.status = failure_has_response(x->failure) ? x->status : 0;
        like->end.failure = x->failure;
        like->end.failed = x->failed;
        return &s->ended[e->index];
    case TAP_CHECK:
        like->scenario = e->scenario;
        return &s->checks[e->index];
    case TAP_TREND:
    case TAP_RATE:
    case TAP_COUNT:
        return &s->plain[e->index];
    case TAP_ITERATION:
    case TAP_DROPPED:
        break;
    }
    return &s->scenarios[e->index];
}

static const char *samples_tags(struct out_samples *s,
                                const struct tap_entry *e)
{
    struct samples_tags like;
    struct samples_tags **list = samples_list(s, e, &like);
    const struct samples_tags *t = samples_find(*list, &like);
    char status[POINT_STATUS_TEXT];
    struct point x;

    if (t != NULL) {
        return t->text;
    }
    if (e->kind == TAP_REQUEST) {
        points_request(s->points, &like.end, &x, status);
    } else if (e->kind == TAP_CHECK) {
        points_check(s->points, e->scenario, e->index, &x);
    } else if (e->kind == TAP_ITERATION || e->kind == TAP_DROPPED) {
        points_scenario(s->points, e->index, &x);
    } else {
        points_plain(s->points, e->index, &x);
    }
    return samples_keep(s, list, &like, &x);
}

static void samples_line(struct out_samples *s, unsigned metric,
                         const char *tags, double value)
{
    struct point p = {.metric = metric,
                      .info = plan_metric_info(s->info->plan, metric)};
    size_t before;

    json_line_metric(s->payload, s->info->plan, &p, s->known);
    before = s->payload->len;
    if (buf_addf(s->payload,
                 "{\"metric\":\"%s\",\"type\":\"Point\",\"data\":{"
                 "\"time\":\"%s\",\"value\":%.15g,\"tags\":%s}}\n",
                 p.info.name, s->time, value, tags)) {
        s->n_points++;
    } else {
        buf_cut(s->payload, before);
        out_lost_add(s->lost, 1, OUT_LOST_PAYLOAD);
    }
}

static void samples_request(struct out_samples *s, const char *tags,
                            const struct sample *x)
{
    const struct {
        unsigned metric;
        uint64_t us;
    } rows[] = {
        {METRIC_HTTP_REQ_DURATION, x->duration},
        {METRIC_HTTP_REQ_BLOCKED, x->blocked},
        {METRIC_HTTP_REQ_CONNECTING, x->connecting},
        {METRIC_HTTP_REQ_TLS_HANDSHAKING, x->tls},
        {METRIC_HTTP_REQ_SENDING, x->sending},
        {METRIC_HTTP_REQ_WAITING, x->waiting},
        {METRIC_HTTP_REQ_RECEIVING, x->receiving},
    };
    size_t i;

    samples_line(s, METRIC_HTTP_REQS, tags, 1);
    if (failure_has_response(x->failure)) {
        for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            samples_line(s, rows[i].metric, tags, (double)rows[i].us / 1000);
        }
        if (x->intended > 0) {
            samples_line(s, METRIC_HTTP_REQ_INTENDED_DURATION, tags,
                         (double)x->intended / 1000);
        }
    }
    samples_line(s, METRIC_HTTP_REQ_FAILED, tags, x->failed);
    samples_line(s, METRIC_DATA_SENT, tags, (double)x->sent);
    samples_line(s, METRIC_DATA_RECEIVED, tags, (double)x->received);
}

static void samples_entry(struct out_samples *s, const struct tap_entry *e)
{
    const char *tags = samples_tags(s, e);

    samples_time(s, e->at);
    switch (e->kind) {
    case TAP_REQUEST:
        samples_request(s, tags, &e->is.sample);
        return;
    case TAP_CHECK:
        samples_line(s, METRIC_CHECKS, tags, e->is.hit);
        return;
    case TAP_TREND:
        samples_line(s, e->metric, tags, (double)e->is.n / 1000);
        return;
    case TAP_RATE:
        samples_line(s, e->metric, tags, e->is.hit);
        return;
    case TAP_COUNT:
        samples_line(s, e->metric, tags, e->is.value);
        return;
    case TAP_ITERATION:
        samples_line(s, METRIC_ITERATIONS, tags, 1);
        samples_line(s, METRIC_ITERATION_DURATION, tags,
                     (double)e->is.n / 1000);
        return;
    case TAP_DROPPED:
        samples_line(s, METRIC_DROPPED_ITERATIONS, tags, (double)e->is.n);
        return;
    }
}

/* What no sample says. */
static void samples_gauge(void *ctx, const struct point *p)
{
    struct out_samples *s = ctx;

    if (p->info.type == METRIC_GAUGE) {
        samples_line(s, p->metric, "{}", p->value);
    }
}

static size_t samples_encode(void *ctx, const struct out_second *second,
                             struct buf *payload, struct out_lost *lost)
{
    struct out_samples *s = ctx;
    struct tap_entry e;

    s->payload = payload;
    s->points = second->points;
    s->lost = lost;
    s->n_points = 0;
    out_lost_add(lost, (size_t)taps_lost(s->taps), SAMPLES_LOST_RING);
    while (payload->len < SAMPLES_PAYLOAD && taps_take(s->taps, &e)) {
        samples_entry(s, &e);
    }
    if (second->tick != NULL) {
        wall_rfc3339((struct wall){second->unix_ms * 1000}, s->time,
                     sizeof s->time);
        points_each(second->points, second->tick, samples_gauge, s);
    }
    return s->n_points;
}

static void samples_free(struct samples_tags **list, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        while (list[i] != NULL) {
            struct samples_tags *next = list[i]->next;

            free(list[i]->text);
            free(list[i]);
            list[i] = next;
        }
    }
    free(list);
}

static void samples_close(void *ctx)
{
    struct out_samples *s = ctx;
    const struct plan *plan = s->info->plan;

    out_file_close(&s->to.file);
    samples_free(s->ended, plan->n_requests);
    samples_free(s->plain, plan->n_requests);
    samples_free(s->checks, plan->n_checks);
    samples_free(s->scenarios, LINEUP_MAX);
    free(s->loose);
    free(s->known);
    free(s);
}

const struct out_kind out_kind_samples = {
    .name = "json-samples",
    .place = "FILE",
    .file = true,
    .samples = true,
    .every_ms = SAMPLES_EVERY_MS,
    .help = "k6's NDJSON, a line for each sample",
    .open = samples_open,
    .where = out_file_where,
    .encode = samples_encode,
    .send = out_file_send,
    .stop = out_file_stop,
    .close = samples_close,
};
