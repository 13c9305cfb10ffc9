/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/results_series.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/must.h"
#include "measure/histo.h"
#include "measure/series.h"
#include "record/results.h"

/* A bucket in text, at most: two numbers of 20 digits. */
#define HISTOGRAM_PAIR_TEXT 48u

/* One point: some neighbouring slots, their histograms merged. */
struct series_point {
    uint64_t start_us, active_us, requests, failed;
    double rated;
    uint32_t vus, planned;
    struct server_seen server;
};

struct series_lists {
    cJSON *t, *vus, *planned, *rps, *p50, *p95, *p99, *errors;
    cJSON *memory, *cpu, *other[SERVER_OTHERS_MAX]; /* NULL: never seen */
};

static void series_add_ms(cJSON *list, const struct histo *h, double p)
{
    if (histo_count(h) == 0) {
        cJSON_AddItemToArray(list, cJSON_CreateNull());
        return;
    }
    cJSON_AddItemToArray(
        list, cJSON_CreateNumber((double)histo_percentile(h, p) / 1000.0));
}

static void series_add_seen(cJSON *list, bool seen, double v)
{
    if (list != NULL) {
        cJSON_AddItemToArray(list,
                             seen ? cJSON_CreateNumber(v) : cJSON_CreateNull());
    }
}

static void series_add_server(const struct series_lists *o,
                              const struct server_seen *x)
{
    size_t i;

    series_add_seen(o->memory, x->rss_bytes > 0, (double)x->rss_bytes);
    series_add_seen(o->cpu, x->cpu_n > 0,
                    x->cpu_n > 0 ? server_seen_cpu(x) : 0);
    for (i = 0; i < SERVER_OTHERS_MAX; i++) {
        series_add_seen(o->other[i], server_seen_other(x, i), x->other[i]);
    }
}

static void series_add_point(const struct series_lists *o,
                             const struct series_point *p,
                             const struct histo *h)
{
    double s = (double)p->active_us / 1e6;

    cJSON_AddItemToArray(
        o->t, cJSON_CreateNumber((double)(p->start_us / 1000) / 1e3));
    cJSON_AddItemToArray(o->vus, cJSON_CreateNumber(p->vus));
    cJSON_AddItemToArray(o->planned, cJSON_CreateNumber(p->planned));
    cJSON_AddItemToArray(o->rps, s > 0 ? cJSON_CreateNumber(p->rated / s)
                                       : cJSON_CreateNull());
    series_add_ms(o->p50, h, 50);
    series_add_ms(o->p95, h, 95);
    series_add_ms(o->p99, h, 99);
    cJSON_AddItemToArray(
        o->errors, p->requests > 0 ? cJSON_CreateNumber((double)p->failed /
                                                        (double)p->requests)
                                   : cJSON_CreateNull());
    series_add_server(o, &p->server);
}

/* Lists of what was ever seen of the service. */
static void series_open_server(cJSON *o, struct series_lists *lists,
                               const struct server_names *names,
                               const struct series *s, size_t n)
{
    struct server_seen all = {0};
    cJSON *others = NULL;
    size_t i;

    for (i = 0; i < n; i++) {
        server_seen_add(&all, &series_slot(s, i)->server);
    }
    if (all.rss_bytes > 0) {
        lists->memory = cJSON_AddArrayToObject(o, "server_memory");
    }
    if (all.cpu_n > 0) {
        lists->cpu = cJSON_AddArrayToObject(o, "server_cpu");
    }
    for (i = 0; i < names->n; i++) {
        if (server_seen_other(&all, i)) {
            others =
                others != NULL ? others : cJSON_AddObjectToObject(o, "server");
            lists->other[i] =
                cJSON_AddArrayToObject(others, names->list[i].name);
        }
    }
}

/* The arrays are appended to from their end: cJSON finds it in constant time
 * through the first child. */
static void series_fill(const struct series_lists *o, const struct series *s,
                        size_t n, size_t step)
{
    struct histo *h = histo_new();
    size_t i, k;

    for (i = 0; i < n; i += step) {
        struct series_point p = {0};

        histo_clear(h);
        p.start_us = series_slot(s, i)->start_us;
        for (k = i; k < i + step && k < n; k++) {
            const struct slot *slot = series_slot(s, k);

            p.active_us += slot->active_us;
            p.requests += slot->requests;
            p.rated += slot->rated;
            p.failed += slot->failed;
            if (k <= i + (step - 1) / 2) {
                p.vus = slot->vus;
                p.planned = slot->planned;
            }
            server_seen_add(&p.server, &slot->server);
            histo_add_packed(h, &slot->duration);
        }
        series_add_point(o, &p, h);
    }
    histo_free(&h);
}

void results_series(cJSON *root, const struct server_names *names,
                    const struct ledger *l)
{
    const struct series *s = ledger_series(l);
    cJSON *o = cJSON_AddObjectToObject(root, "series");
    size_t n = series_count(s);
    size_t step = (n + RESULTS_POINTS_MAX - 1) / RESULTS_POINTS_MAX;
    struct series_lists lists = {0};

    if (step == 0) {
        step = 1;
    }
    cJSON_AddNumberToObject(o, "interval_s",
                            (double)(series_slot_us(s) * step) / 1e6);
    lists.t = cJSON_AddArrayToObject(o, "t");
    lists.vus = cJSON_AddArrayToObject(o, "vus");
    lists.planned = cJSON_AddArrayToObject(o, "planned");
    lists.rps = cJSON_AddArrayToObject(o, "rps");
    lists.p50 = cJSON_AddArrayToObject(o, "p50");
    lists.p95 = cJSON_AddArrayToObject(o, "p95");
    lists.p99 = cJSON_AddArrayToObject(o, "p99");
    lists.errors = cJSON_AddArrayToObject(o, "errors");
    series_open_server(o, &lists, names, s, n);
    series_fill(&lists, s, n, step);
}

/* A histogram has some thousand pairs, which cJSON would print as floating
 * point and read back, each of them: a tenth of a second for some names. */
static void histograms_add(cJSON *o, const char *key, const struct ledger *l,
                           unsigned metric, int name)
{
    struct histo *h = histo_new();
    struct histo_sparse s;
    struct buf text;
    bool first = true;
    uint32_t i;

    ledger_histo(l, metric, name, h);
    if (histo_count(h) == 0) {
        histo_free(&h);
        return;
    }
    histo_to_sparse(h, &s);
    buf_init(&text, (size_t)s.n * HISTOGRAM_PAIR_TEXT);
    for (i = 0; i < s.n; i++) {
        uint64_t count = s.pairs[i].count;

        /* A bucket with many values has several pairs. */
        while (i + 1 < s.n && s.pairs[i + 1].bucket == s.pairs[i].bucket) {
            count += s.pairs[++i].count;
        }
        buf_addf(&text, "%s[%" PRIu64 ", %" PRIu64 "]", first ? "[" : ", ",
                 (uint64_t)histo_bucket_low(s.pairs[i].bucket), count);
        first = false;
    }
    buf_addc(&text, ']');
    MUST(!text.cut);
    cJSON_AddRawToObject(o, key, buf_str(&text));
    buf_clear(&text);
    histo_sparse_clear(&s);
    histo_free(&h);
}

void results_histograms(cJSON *root, const struct plan *plan,
                        const struct ledger *l)
{
    cJSON *o = cJSON_AddObjectToObject(root, "histograms");
    unsigned id;
    size_t i;

    histograms_add(o, "http_req_duration", l, METRIC_HTTP_REQ_DURATION, -1);
    histograms_add(o, "http_req_intended_duration", l,
                   METRIC_HTTP_REQ_INTENDED_DURATION, -1);
    for (i = 0; i < plan->n_names; i++) {
        char key[512];

        snprintf(key, sizeof key, "http_req_duration{name:%s}", plan->names[i]);
        histograms_add(o, key, l, METRIC_HTTP_REQ_DURATION, (int)i);
    }
    for (id = METRIC_COUNT; id < METRIC_COUNT + plan->n_metrics; id++) {
        if (plan_metric_info(plan, id).type == METRIC_TREND) {
            histograms_add(o, plan_metric_info(plan, id).name, l, id, -1);
        }
    }
}
