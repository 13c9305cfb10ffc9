/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/prom_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "measure/ledger_copy.h"
#include "record/prom_metric.h"
#include "record/prom_text.h"

struct prom_out {
    struct buf *out;
    struct story *story; /* borrowed; locked while figures are read */
    const struct run_info *info;
    /* Of the newest tick when the page was begun: */
    enum run_state state;
    uint64_t t_us;
    bool suspect;
    struct verdict *verdicts; /* owned */
    size_t n_verdicts;
};

static const struct prom_trend {
    const char *suffix, *help;
    enum threshold_agg agg;
    double percentile;
} prom_trends[] = {
    {"min", "the least", AGG_MIN, 0},    {"avg", "the mean", AGG_AVG, 0},
    {"med", "the median", AGG_MED, 0},   {"max", "the most", AGG_MAX, 0},
    {"p90", "percentile 90", AGG_P, 90}, {"p95", "percentile 95", AGG_P, 95},
    {"p99", "percentile 99", AGG_P, 99},
};
enum { PROM_TRENDS = sizeof prom_trends / sizeof prom_trends[0] };

/* What samples of a metric are told by. */
enum prom_by { PROM_BY_NAME, PROM_BY_SCENARIO, PROM_BY_CHECK, PROM_BY_RUN };

static enum prom_by prom_by(unsigned metric)
{
    switch (metric) {
    case METRIC_ITERATIONS:
    case METRIC_ITERATION_DURATION:
    case METRIC_DROPPED_ITERATIONS:
        return PROM_BY_SCENARIO;
    case METRIC_CHECKS:
        return PROM_BY_CHECK;
    case METRIC_VUS:
    case METRIC_VUS_MAX:
        return PROM_BY_RUN;
    default:
        return PROM_BY_NAME;
    }
}

static size_t prom_count(const struct prom_out *p, enum prom_by by)
{
    switch (by) {
    case PROM_BY_NAME:
        return p->info->plan->n_names;
    case PROM_BY_SCENARIO:
        return p->info->lineup->n;
    case PROM_BY_CHECK:
        return p->info->plan->n_checks;
    case PROM_BY_RUN:
        break;
    }
    return 1;
}

static const char *prom_method(const struct plan *plan, size_t name)
{
    size_t i;

    for (i = 0; i < plan->n_requests; i++) {
        if (plan->requests[i]->name_index == name) {
            return plan->requests[i]->method;
        }
    }
    return "";
}

/* What picks the i-th of them; tag is what it is picked by, which borrows. */
static struct selector prom_selector(const struct prom_out *p, unsigned metric,
                                     size_t i, struct selector_tag *tag)
{
    const struct plan *plan = p->info->plan;

    *tag = (struct selector_tag){.name = NULL};
    switch (prom_by(metric)) {
    case PROM_BY_NAME:
        tag->tag = TAG_NAME;
        tag->value = plan->names[i];
        break;
    case PROM_BY_SCENARIO:
        tag->tag = TAG_SCENARIO;
        tag->value = p->info->lineup->list[i].name;
        break;
    case PROM_BY_CHECK:
        tag->tag = TAG_CHECK;
        tag->value = plan->checks[i]->name;
        break;
    case PROM_BY_RUN:
        return (struct selector){metric, tag, 0};
    }
    return (struct selector){metric, tag, 1};
}

/* Of checks of one name the first has what all are; the others are not fed. */
static void prom_read_checks(const struct prom_out *p, const struct ledger *l,
                             struct figure *out)
{
    size_t i;

    for (i = 0; i < p->info->plan->n_checks; i++) {
        struct check_line line;

        if (ledger_check_named(l, (unsigned)i, &line)) {
            out[i].samples = line.passes + line.fails;
            out[i].fed = out[i].samples > 0;
            out[i].value =
                out[i].fed ? (double)line.passes / (double)out[i].samples : 0;
        }
    }
}

/* Under the lock there is but the copy of a name. */
static void prom_read_names(const struct prom_out *p, unsigned metric,
                            const struct ledger_ask *asks, size_t n,
                            struct figure *out)
{
    const struct plan *plan = p->info->plan;
    struct ledger_copy *c = ledger_copy_new(plan, p->info->lineup, metric);
    size_t i, k;

    for (i = 0; i < plan->n_names; i++) {
        ledger_copy_reset(c);
        story_lock(p->story);
        ledger_copy_add(c, story_ledger(p->story), i);
        story_unlock(p->story);
        for (k = 0; k < n; k++) {
            out[i * n + k] =
                ledger_copy_figure(c, asks[k].agg, asks[k].percentile);
        }
    }
    ledger_copy_free(&c);
}

/* n figures of each of them. Owned by the caller. */
static struct figure *prom_read(const struct prom_out *p, unsigned metric,
                                const struct ledger_ask *asks, size_t n)
{
    enum prom_by by = prom_by(metric);
    size_t all = prom_count(p, by), i;
    struct figure *out = xcalloc(all * n + 1, sizeof *out);

    if (by == PROM_BY_NAME) {
        prom_read_names(p, metric, asks, n, out);
        return out;
    }
    story_lock(p->story);
    if (by == PROM_BY_CHECK) {
        prom_read_checks(p, story_ledger(p->story), out);
    }
    for (i = 0; i < all && by != PROM_BY_CHECK; i++) {
        struct selector_tag tag;
        struct selector s = prom_selector(p, metric, i, &tag);

        ledger_figures(story_ledger(p->story), &s, asks, n, out + i * n);
    }
    story_unlock(p->story);
    return out;
}

/* The figure of the i-th of them, with its labels. */
static void prom_figure(struct prom_out *p, const char *name, unsigned metric,
                        size_t i, double value)
{
    struct selector_tag tag;
    struct selector s = prom_selector(p, metric, i, &tag);
    const char *labels[] = {NULL, NULL, NULL, NULL, NULL};

    if (s.n_tags > 0) {
        labels[0] = threshold_tag_name(tag.tag);
        labels[1] = tag.value;
    }
    if (prom_by(metric) == PROM_BY_NAME) {
        labels[2] = "method";
        labels[3] = prom_method(p->info->plan, i);
    }
    prom_text_sample(p->out, name, labels, value);
}

/* t: NULL of what is no trend. f: the first's figure, the next one's n further
 * on. */
static void prom_figures(struct prom_out *p, const char *name, const char *type,
                         unsigned metric, const struct prom_trend *t,
                         const struct figure *f, size_t n)
{
    struct metric_info info = plan_metric_info(p->info->plan, metric);
    double scale = t != NULL && info.contains == METRIC_TIME ? 1e-3 : 1;
    size_t i, all = prom_count(p, prom_by(metric)), head = p->out->len, body;

    prom_text_family(p->out, name, type, t != NULL ? t->help : info.name,
                     info.help != NULL ? info.help : info.name);
    body = p->out->len;
    for (i = 0; i < all; i++) {
        if (f[i * n].fed) {
            prom_figure(p, name, metric, i, f[i * n].value * scale);
        }
    }
    if (p->out->len == body) {
        buf_cut(p->out, head); /* nothing fed it */
    }
}

/* A metric that has one figure. */
static void prom_plain(struct prom_out *p, const char *name, const char *type,
                       unsigned metric, enum threshold_agg agg)
{
    struct ledger_ask ask = {agg, 0};
    struct figure *f = prom_read(p, metric, &ask, 1);

    prom_figures(p, name, type, metric, NULL, f, 1);
    free(f);
}

static void prom_trend(struct prom_out *p, unsigned metric)
{
    struct metric_info info = plan_metric_info(p->info->plan, metric);
    struct ledger_ask asks[PROM_TRENDS];
    struct figure *f;
    char name[PROM_METRIC_MAX];
    size_t i;

    for (i = 0; i < PROM_TRENDS; i++) {
        asks[i] =
            (struct ledger_ask){prom_trends[i].agg, prom_trends[i].percentile};
    }
    f = prom_read(p, metric, asks, PROM_TRENDS);
    for (i = 0; i < PROM_TRENDS; i++) {
        prom_metric_name(name, sizeof name, &info, prom_trends[i].suffix);
        prom_figures(p, name, "gauge", metric, &prom_trends[i], f + i,
                     PROM_TRENDS);
    }
    free(f);
}

struct prom_status {
    size_t name;
    unsigned status;
    enum failure kind;
    uint64_t count;
};

struct prom_statuses {
    struct prom_status *list; /* owned */
    size_t n, cap;
};

static void prom_status_add(void *ctx, int name_index, unsigned status,
                            enum failure kind, uint64_t count)
{
    struct prom_statuses *s = ctx;

    s->list = xgrow(s->list, s->n, &s->cap, sizeof *s->list);
    s->list[s->n++] =
        (struct prom_status){(size_t)name_index, status, kind, count};
}

static void prom_status(struct prom_out *p, const struct prom_status *s)
{
    const struct plan *plan = p->info->plan;
    char code[16];
    const char *labels[] = {
        "name",
        plan->names[s->name],
        "method",
        prom_method(plan, s->name),
        "status",
        code,
        "error",
        failure_name(s->kind),
        "expected_response",
        s->kind == FAILURE_NONE ? "true" : "false",
        NULL,
    };

    if (s->status == STATUS_OTHER) {
        snprintf(code, sizeof code, "other");
    } else {
        snprintf(code, sizeof code, "%u", s->status);
    }
    prom_text_sample(p->out, "k6_http_reqs_total", labels, (double)s->count);
}

static void prom_reqs(struct prom_out *p, const struct metric_info *info)
{
    struct prom_statuses s = {NULL, 0, 0};
    size_t i;

    story_lock(p->story);
    ledger_statuses(story_ledger(p->story), prom_status_add, &s);
    story_unlock(p->story);
    prom_text_family(p->out, "k6_http_reqs_total", "counter", info->name,
                     info->help);
    for (i = 0; i < s.n; i++) {
        prom_status(p, &s.list[i]);
    }
    free(s.list);
}

static void prom_metric(struct prom_out *p, unsigned metric)
{
    struct metric_info info = plan_metric_info(p->info->plan, metric);
    char name[PROM_METRIC_MAX];

    if (metric == METRIC_HTTP_REQS) {
        prom_reqs(p, &info);
        return;
    }
    if (info.type == METRIC_TREND) {
        prom_trend(p, metric);
        return;
    }
    prom_metric_name(name, sizeof name, &info, NULL);
    prom_plain(p, name, info.type == METRIC_COUNTER ? "counter" : "gauge",
               metric,
               info.type == METRIC_COUNTER ? AGG_COUNT
               : info.type == METRIC_RATE  ? AGG_RATE
                                           : AGG_VALUE);
}

/* All requests together, as percentiles of names cannot be added up. */
static void prom_all(struct prom_out *p)
{
    static const struct {
        const char *quantile;
        double percentile;
    } rows[] = {{"0.5", 50}, {"0.9", 90}, {"0.95", 95}, {"0.99", 99}};
    const struct plan *plan = p->info->plan;
    struct ledger_copy *c =
        ledger_copy_new(plan, p->info->lineup, METRIC_HTTP_REQ_DURATION);
    struct figure count, mean;
    size_t i;

    for (i = 0; i < plan->n_names; i++) {
        story_lock(p->story);
        ledger_copy_add(c, story_ledger(p->story), i);
        story_unlock(p->story);
    }
    count = ledger_copy_figure(c, AGG_COUNT, 0);
    mean = ledger_copy_figure(c, AGG_AVG, 0);
    prom_text_family(p->out, "brunt_http_req_duration_seconds", "summary",
                     "http_req_duration of all requests", NULL);
    for (i = 0; i < sizeof rows / sizeof rows[0] && count.fed; i++) {
        const char *labels[] = {"quantile", rows[i].quantile, NULL};

        prom_text_sample(
            p->out, "brunt_http_req_duration_seconds", labels,
            ledger_copy_figure(c, AGG_P, rows[i].percentile).value / 1e3);
    }
    prom_text_sample(p->out, "brunt_http_req_duration_seconds_sum", NULL,
                     mean.value * count.value / 1e3);
    prom_text_sample(p->out, "brunt_http_req_duration_seconds_count", NULL,
                     count.value);
    ledger_copy_free(&c);
}

static bool prom_threshold_is(const struct threshold *t,
                              const struct threshold *as)
{
    return t->window_us == as->window_us &&
           strcmp(t->metric_text, as->metric_text) == 0 &&
           strcmp(t->expression, as->expression) == 0;
}

/* One that is written twice (or to abort as well) is one sample. */
static void prom_threshold(struct prom_out *p, size_t i)
{
    const struct verdict *v = p->verdicts;
    const struct threshold *t = v[i].threshold;
    char window[40] = "";
    const char *labels[] = {"metric",      t->metric_text, "expression",
                            t->expression, "window",       window,
                            NULL};
    bool ok = true, judged = false;
    size_t k;

    for (k = 0; k < p->n_verdicts; k++) {
        if (!prom_threshold_is(v[k].threshold, t)) {
            continue;
        }
        if (k < i) {
            return;
        }
        judged = judged || !v[k].pending;
        ok = ok && (v[k].pending || v[k].ok);
    }
    if (t->window_us > 0) {
        snprintf(window, sizeof window, "%gs", (double)t->window_us / 1e6);
    }
    if (judged) {
        prom_text_sample(p->out, "brunt_threshold_ok", labels, ok ? 1 : 0);
    }
}

static void prom_thresholds(struct prom_out *p)
{
    size_t i;

    prom_text_family(p->out, "brunt_threshold_ok", "gauge",
                     "1 where a threshold holds, 0 where it does not", NULL);
    for (i = 0; i < p->n_verdicts; i++) {
        prom_threshold(p, i);
    }
}

static void prom_run(struct prom_out *p)
{
    static const enum run_state states[] = {
        RUN_STARTING, RUN_RUNNING, RUN_PAUSED, RUN_DRAINING, RUN_FINISHED};
    size_t i;

    prom_text_family(p->out, "brunt_run_state", "gauge",
                     "1 for the state of the run", NULL);
    for (i = 0; i < sizeof states / sizeof states[0]; i++) {
        const char *labels[] = {"state", run_state_name(states[i]), NULL};

        prom_text_sample(p->out, "brunt_run_state", labels,
                         p->state == states[i] ? 1 : 0);
    }
    prom_text_family(p->out, "brunt_run_seconds", "gauge",
                     "how long the run has gone on, pauses included", NULL);
    prom_text_sample(p->out, "brunt_run_seconds", NULL, (double)p->t_us / 1e6);
    prom_text_family(p->out, "brunt_generator_suspect", "gauge",
                     "1 where these may be the generator's figures", NULL);
    prom_text_sample(p->out, "brunt_generator_suspect", NULL,
                     p->suspect ? 1 : 0);
}

/* What the newest tick says, copied. false: there was none. */
static bool prom_begin(struct prom_out *p, struct story *s)
{
    const struct tick *t;

    story_lock(s);
    t = story_tick(s);
    p->story = s;
    p->info = story_info(s);
    if (t != NULL) {
        p->state = t->state;
        p->t_us = t->t_us;
        p->suspect = t->health.suspect;
        p->n_verdicts = t->n_verdicts;
        p->verdicts = xcalloc(t->n_verdicts + 1, sizeof *p->verdicts);
        if (t->n_verdicts > 0) {
            memcpy(p->verdicts, t->verdicts,
                   t->n_verdicts * sizeof *p->verdicts);
        }
    }
    story_unlock(s);
    return t != NULL;
}

void prom_page(struct buf *out, struct story *s)
{
    struct prom_out p = {.out = out};
    size_t i, n;

    if (!prom_begin(&p, s)) {
        return;
    }
    n = METRIC_COUNT + p.info->plan->n_metrics;
    for (i = 0; i < n; i++) {
        if (i != METRIC_RECOVERY_TIME) { /* no samples make it */
            prom_metric(&p, (unsigned)i);
        }
    }
    prom_all(&p);
    prom_thresholds(&p);
    prom_run(&p);
    free(p.verdicts);
}
