/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/prom_page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "record/prom_metric.h"

struct prom_out {
    struct buf *out;
    const struct run_info *info;
    const struct tick *tick;
    const struct ledger *ledger;
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

/* Appends a label's value, without its quotes: \ " and newlines escaped, and
 * what steers a terminal as text_escape has it. */
static void prom_label(struct buf *out, const char *value)
{
    struct buf safe;
    size_t i;

    buf_init(&safe, 8 * strlen(value) + 16);
    text_escape(&safe, value, strlen(value));
    for (i = 0; i < safe.len; i++) {
        char c = safe.data[i];

        if (c == '\\' || c == '"') {
            buf_addc(out, '\\');
        }
        buf_addc(out, c);
    }
    buf_clear(&safe);
}

/* Help has no quotes to escape; ours is of one line. */
static void prom_family(struct prom_out *p, const char *name, const char *type,
                        const char *help, const char *more)
{
    buf_addf(p->out, "# HELP %s %s%s%s\n# TYPE %s %s\n", name, help,
             more != NULL ? ": " : "", more != NULL ? more : "", name, type);
}

static void prom_value(struct prom_out *p, double v)
{
    if (isfinite(v)) {
        buf_addf(p->out, " %.15g\n", v);
    } else {
        buf_adds(p->out, isnan(v) ? " NaN\n" : v > 0 ? " +Inf\n" : " -Inf\n");
    }
}

/* "name{a="b",c="d"} 1"; keys and values in turn, NULL behind the last; a value
 * that is "" is a label that is not there. */
static void prom_sample(struct prom_out *p, const char *name,
                        const char *const *labels, double v)
{
    bool any = false;

    buf_adds(p->out, name);
    for (; labels != NULL && *labels != NULL; labels += 2) {
        if (labels[1][0] != '\0') {
            buf_addf(p->out, "%s%s=\"", any ? "," : "{", labels[0]);
            prom_label(p->out, labels[1]);
            buf_addc(p->out, '"');
            any = true;
        }
    }
    buf_adds(p->out, any ? "}" : "");
    prom_value(p, v);
}

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

/* An earlier check has the same name. */
static bool prom_again(const struct prom_out *p, size_t check)
{
    struct check_line line;

    return !ledger_check_named(p->ledger, (unsigned)check, &line);
}

/* n figures of each of them. Owned by the caller. */
static struct figure *prom_read(const struct prom_out *p, unsigned metric,
                                const struct ledger_ask *asks, size_t n)
{
    size_t all = prom_count(p, prom_by(metric)), i;
    struct figure *out = xcalloc(all * n + 1, sizeof *out);

    for (i = 0; i < all; i++) {
        struct selector_tag tag;
        struct selector s = prom_selector(p, metric, i, &tag);

        if (prom_by(metric) != PROM_BY_CHECK || !prom_again(p, i)) {
            /* of a check the first has all of that name */
            ledger_figures(p->ledger, &s, asks, n, out + i * n);
        }
    }
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
    prom_sample(p, name, labels, value);
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

    prom_family(p, name, type, t != NULL ? t->help : info.name,
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

static void prom_status(void *ctx, int name_index, unsigned status,
                        enum failure kind, uint64_t count)
{
    struct prom_out *p = ctx;
    const struct plan *plan = p->info->plan;
    char code[16];
    const char *labels[] = {
        "name",
        plan->names[name_index],
        "method",
        prom_method(plan, (size_t)name_index),
        "status",
        code,
        "error",
        failure_name(kind),
        "expected_response",
        kind == FAILURE_NONE ? "true" : "false",
        NULL,
    };

    if (status == STATUS_OTHER) {
        snprintf(code, sizeof code, "other");
    } else {
        snprintf(code, sizeof code, "%u", status);
    }
    prom_sample(p, "k6_http_reqs_total", labels, (double)count);
}

static void prom_metric(struct prom_out *p, unsigned metric)
{
    struct metric_info info = plan_metric_info(p->info->plan, metric);
    char name[PROM_METRIC_MAX];

    if (metric == METRIC_HTTP_REQS) {
        prom_family(p, "k6_http_reqs_total", "counter", info.name, info.help);
        ledger_statuses(p->ledger, prom_status, p);
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
    struct summary s = ledger_summary(p->ledger, -1, SPAN_RUN);
    const struct {
        const char *quantile;
        uint64_t us;
    } rows[] = {{"0.5", s.p50_us},
                {"0.9", s.p90_us},
                {"0.95", s.p95_us},
                {"0.99", s.p99_us}};
    size_t i;

    prom_family(p, "brunt_http_req_duration_seconds", "summary",
                "http_req_duration of all requests", NULL);
    for (i = 0; i < sizeof rows / sizeof rows[0] && s.responses > 0; i++) {
        const char *labels[] = {"quantile", rows[i].quantile, NULL};

        prom_sample(p, "brunt_http_req_duration_seconds", labels,
                    (double)rows[i].us / 1e6);
    }
    prom_sample(p, "brunt_http_req_duration_seconds_sum", NULL,
                s.mean_us * (double)s.responses / 1e6);
    prom_sample(p, "brunt_http_req_duration_seconds_count", NULL,
                (double)s.responses);
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
    const struct verdict *v = p->tick->verdicts;
    const struct threshold *t = v[i].threshold;
    char window[40] = "";
    const char *labels[] = {"metric",      t->metric_text, "expression",
                            t->expression, "window",       window,
                            NULL};
    bool ok = true, judged = false;
    size_t k;

    for (k = 0; k < p->tick->n_verdicts; k++) {
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
        prom_sample(p, "brunt_threshold_ok", labels, ok ? 1 : 0);
    }
}

static void prom_thresholds(struct prom_out *p)
{
    size_t i;

    prom_family(p, "brunt_threshold_ok", "gauge",
                "1 where a threshold holds, 0 where it does not", NULL);
    for (i = 0; i < p->tick->n_verdicts; i++) {
        prom_threshold(p, i);
    }
}

static void prom_run(struct prom_out *p)
{
    static const enum run_state states[] = {
        RUN_STARTING, RUN_RUNNING, RUN_PAUSED, RUN_DRAINING, RUN_FINISHED};
    size_t i;

    prom_family(p, "brunt_run_state", "gauge", "1 for the state of the run",
                NULL);
    for (i = 0; i < sizeof states / sizeof states[0]; i++) {
        const char *labels[] = {"state", run_state_name(states[i]), NULL};

        prom_sample(p, "brunt_run_state", labels,
                    p->tick->state == states[i] ? 1 : 0);
    }
    prom_family(p, "brunt_run_seconds", "gauge",
                "how long the run has gone on, pauses included", NULL);
    prom_sample(p, "brunt_run_seconds", NULL, (double)p->tick->t_us / 1e6);
    prom_family(p, "brunt_generator_suspect", "gauge",
                "1 where these may be the generator's figures", NULL);
    prom_sample(p, "brunt_generator_suspect", NULL,
                p->tick->health.suspect ? 1 : 0);
}

void prom_page(struct buf *out, const struct story *s)
{
    struct prom_out p = {.out = out,
                         .info = story_info(s),
                         .tick = story_tick(s),
                         .ledger = story_ledger(s)};
    size_t i, n = METRIC_COUNT + p.info->plan->n_metrics;

    if (p.tick == NULL) {
        return;
    }
    for (i = 0; i < n; i++) {
        if (i != METRIC_RECOVERY_TIME) { /* no samples make it */
            prom_metric(&p, (unsigned)i);
        }
    }
    prom_all(&p);
    prom_thresholds(&p);
    prom_run(&p);
}
