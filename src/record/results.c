/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/must.h"
#include "base/xalloc.h"
#include "record/figures.h"
#include "record/results_insights.h"
#include "record/results_internal.h"
#include "record/results_names.h"
#include "record/results_outputs.h"
#include "record/results_scenarios.h"
#include "record/results_series.h"
#include "record/results_windows.h"

#define RESULTS_ERRORS_MAX 256
#define RESULTS_MASKED_MAX (1u << 20)

/* Adds text with secrets masked. */
static void results_add_masked(cJSON *o, const char *key,
                               const struct plan *plan, const char *text)
{
    struct buf b;

    buf_init(&b, RESULTS_MASKED_MAX);
    plan_mask(plan, &b, text, strlen(text));
    cJSON_AddStringToObject(o, key, buf_str(&b));
    buf_clear(&b);
}

void results_add_env(cJSON *o, const struct plan *plan, const char *name,
                     const char *value)
{
    size_t i;

    for (i = 0; i < plan->n_env; i++) {
        if (plan->env[i].secret && strcmp(plan->env[i].name, name) == 0) {
            cJSON_AddStringToObject(o, name, value[0] != '\0' ? "***" : "");
            return;
        }
    }
    results_add_masked(o, name, plan, value);
}

static void results_add_wall(cJSON *o, const char *key, struct wall w)
{
    char text[40];

    wall_rfc3339(w, text, sizeof text);
    cJSON_AddStringToObject(o, key, text);
}

/* Microseconds as seconds with three decimals: what the file's times are. */
static double results_seconds(uint64_t us)
{
    return (double)(us / 1000) / 1000.0;
}

static void results_head(cJSON *root, const struct run_info *info,
                         const struct tick *t)
{
    const struct plan *plan = info->plan;
    struct wall ended = {info->started.us + (int64_t)t->t_us};
    cJSON *o;
    size_t i;

    cJSON_AddStringToObject(root, "schema", "brunt-results/1");
    o = cJSON_AddObjectToObject(root, "tool");
    cJSON_AddStringToObject(o, "name", PACKAGE_NAME);
    cJSON_AddStringToObject(o, "version", PACKAGE_VERSION);
    o = cJSON_AddObjectToObject(root, "plan");
    cJSON_AddStringToObject(o, "name", plan->name);
    cJSON_AddStringToObject(o, "file", plan->file);
    cJSON_AddStringToObject(o, "sha256", plan->sha256);
    cJSON_AddStringToObject(root, "scenario", info->lineup->name);
    cJSON_AddStringToObject(root, "target", info->target);
    o = cJSON_AddObjectToObject(root, "env");
    for (i = 0; i < plan->n_env; i++) {
        results_add_env(o, plan, plan->env[i].name, plan->env[i].value);
    }
    results_add_wall(root, "started", info->started);
    results_add_wall(root, "ended", ended);
    cJSON_AddNumberToObject(root, "duration_s", results_seconds(t->t_us));
    cJSON_AddNumberToObject(root, "active_s",
                            results_seconds(t->active_total_us));
    cJSON_AddNumberToObject(root, "time_scale", info->time_scale);
    cJSON_AddNumberToObject(root, "workers", info->workers);
    {
        /* 64 bits do not fit a JSON number of every reader. */
        char seed[24];

        snprintf(seed, sizeof seed, "%llu", (unsigned long long)info->seed);
        cJSON_AddStringToObject(root, "seed", seed);
    }
}

static void results_outcome(cJSON *root, const struct outcome *out)
{
    cJSON *o = cJSON_AddObjectToObject(root, "outcome");

    if (out->status == STATUS_RUNNING) {
        cJSON_AddNullToObject(o, "exit_code");
    } else {
        cJSON_AddNumberToObject(o, "exit_code", out->exit_code);
    }
    cJSON_AddStringToObject(o, "status", run_status_name(out->status));
    cJSON_AddStringToObject(o, "stopped_by", out->stopped_by);
    cJSON_AddStringToObject(o, "text", out->text);
}

struct results_metrics {
    cJSON *object; /* filled */
    const struct plan *plan;
    const struct ledger *ledger;
};

static void results_metric(void *ctx, const char *text,
                           const struct selector *s)
{
    struct results_metrics *r = ctx;
    cJSON *m = figures_metric(r->plan, r->ledger, s);

    if (m != NULL) {
        cJSON_AddItemToObject(r->object, text, m);
    }
}

/* Metrics that an endpoint has by its name tag. */
static void results_endpoint_metrics(cJSON *o, const struct plan *plan,
                                     const struct ledger *l, unsigned name)
{
    struct selector_tag tag = {TAG_NAME, plan->names[name], NULL};
    cJSON *metrics = cJSON_AddObjectToObject(o, "metrics");
    unsigned id;

    for (id = 0; id < METRIC_COUNT + plan->n_metrics; id++) {
        struct selector s = {id, &tag, 1};
        cJSON *m;

        if (id == METRIC_VUS || id == METRIC_VUS_MAX || id == METRIC_CHECKS ||
            id == METRIC_ITERATIONS || id == METRIC_ITERATION_DURATION ||
            id == METRIC_DROPPED_ITERATIONS) {
            continue; /* these are the run's, not a request's */
        }
        m = figures_metric(plan, l, &s);
        if (m != NULL) {
            cJSON_AddItemToObject(metrics, plan_metric_info(plan, id).name, m);
        }
    }
}

struct results_statuses {
    cJSON **statuses; /* by name index: {"200": n} */
    cJSON **failures; /* by name index: {"refused": n}, without a response */
};

static void results_count(cJSON *o, const char *key, uint64_t count)
{
    cJSON *old = cJSON_GetObjectItemCaseSensitive(o, key);

    if (old != NULL) {
        cJSON_SetNumberValue(old, old->valuedouble + (double)count);
    } else {
        cJSON_AddNumberToObject(o, key, (double)count);
    }
}

static void results_status(void *ctx, int name_index, unsigned status,
                           enum failure kind, uint64_t count)
{
    struct results_statuses *r = ctx;
    char key[16];

    MUST(name_index >= 0);
    if (status == STATUS_OTHER) {
        results_count(r->statuses[name_index], "other", count);
    } else if (status != 0) {
        snprintf(key, sizeof key, "%u", status);
        results_count(r->statuses[name_index], key, count);
    } else {
        results_count(r->failures[name_index], failure_name(kind), count);
    }
}

/* Lanes and protocols, each once; none before the first request. */
static void results_ways(cJSON *o, way_bits ways)
{
    cJSON *lanes = cJSON_AddArrayToObject(o, "lanes");
    cJSON *protos = cJSON_AddArrayToObject(o, "protocols");
    unsigned i;

    for (i = 0; way_lane(ways, i) != NULL; i++) {
        cJSON_AddItemToArray(lanes, cJSON_CreateString(way_lane(ways, i)));
    }
    for (i = 0; way_proto(ways, i) != NULL; i++) {
        cJSON_AddItemToArray(protos, cJSON_CreateString(way_proto(ways, i)));
    }
}

static void results_endpoints(cJSON *root, const struct plan *plan,
                              const struct ledger *l)
{
    cJSON *list = cJSON_AddArrayToObject(root, "endpoints");
    struct results_statuses r;
    size_t i, k;

    if (plan->n_names == 0) {
        return;
    }
    r.statuses = xcalloc(plan->n_names, sizeof *r.statuses);
    r.failures = xcalloc(plan->n_names, sizeof *r.failures);
    for (i = 0; i < plan->n_names; i++) {
        cJSON *o = cJSON_CreateObject();
        const char *method = "";

        for (k = 0; k < plan->n_requests; k++) {
            if (plan->requests[k]->name_index == i) {
                method = plan->requests[k]->method;
                break;
            }
        }
        cJSON_AddStringToObject(o, "name", plan->names[i]);
        cJSON_AddStringToObject(o, "method", method);
        results_ways(o, ledger_ways(l, (int)i));
        r.statuses[i] = cJSON_AddObjectToObject(o, "statuses");
        r.failures[i] = cJSON_AddObjectToObject(o, "no_response");
        results_endpoint_metrics(o, plan, l, (unsigned)i);
        cJSON_AddItemToArray(list, o);
    }
    ledger_statuses(l, results_status, &r);
    results_names(list, plan, l);
    free(r.statuses);
    free(r.failures);
}

static void results_figure(cJSON *o, const char *key, const struct figure *f)
{
    if (f->fed) {
        cJSON_AddNumberToObject(o, key, f->value);
    } else {
        cJSON_AddNullToObject(o, key);
    }
}

static void results_thresholds(cJSON *root, const struct tick *t)
{
    cJSON *list = cJSON_AddArrayToObject(root, "thresholds");
    size_t i;

    for (i = 0; i < t->n_verdicts; i++) {
        const struct verdict *v = &t->verdicts[i];
        cJSON *o = cJSON_CreateObject();
        cJSON *w;

        cJSON_AddStringToObject(o, "metric", v->threshold->metric_text);
        cJSON_AddStringToObject(o, "expression", v->threshold->expression);
        cJSON_AddBoolToObject(o, "ok", v->ok);
        results_figure(o, "value", &v->run);
        if (v->threshold->window_us > 0) {
            cJSON_AddNumberToObject(o, "window_s",
                                    results_seconds(v->threshold->window_us));
        }
        w = cJSON_AddObjectToObject(o, "window");
        results_figure(w, "value", &v->window);
        if (v->window.fed) {
            cJSON_AddBoolToObject(w, "ok", v->window_ok);
        } else {
            cJSON_AddNullToObject(w, "ok");
        }
        if (v->ever_failed) {
            cJSON_AddNumberToObject(o, "first_failed_s",
                                    results_seconds(v->first_failed_us));
        }
        if (v->why[0] != '\0') {
            cJSON_AddStringToObject(o, "why", v->why);
        }
        cJSON_AddItemToArray(list, o);
    }
}

static void results_checks(cJSON *root, const struct plan *plan,
                           const struct ledger *l)
{
    cJSON *list = cJSON_AddArrayToObject(root, "checks");
    size_t i;

    for (i = 0; i < plan->n_checks; i++) {
        struct check_line sum;
        cJSON *o;

        if (!ledger_check_named(l, (unsigned)i, &sum)) {
            continue;
        }
        o = cJSON_CreateObject();
        cJSON_AddStringToObject(o, "name", plan->checks[i]->name);
        cJSON_AddNumberToObject(o, "passes", (double)sum.passes);
        cJSON_AddNumberToObject(o, "fails", (double)sum.fails);
        cJSON_AddItemToArray(list, o);
    }
}

static void results_error(cJSON *list, const struct plan *plan,
                          const struct error_line *e)
{
    cJSON *o = cJSON_CreateObject();
    char message[sizeof e->sample->message];

    cJSON_AddStringToObject(o, "kind", failure_name(e->kind));
    cJSON_AddStringToObject(
        o, "message", error_line_message(plan, e, message, sizeof message));
    if (e->kind == FAILURE_CHECK && e->checks == 1) {
        cJSON_AddStringToObject(o, "check", plan->checks[e->check]->name);
    }
    if (e->status != 0 && e->status != STATUS_OTHER) {
        cJSON_AddNumberToObject(o, "status", e->status);
    }
    cJSON_AddNumberToObject(o, "count", (double)e->count);
    cJSON_AddNumberToObject(o, "first_s", results_seconds(e->first_us));
    cJSON_AddNumberToObject(o, "last_s", results_seconds(e->last_us));
    if (e->name_index >= 0) {
        cJSON_AddStringToObject(o, "mostly_at", plan->names[e->name_index]);
    }
    if (e->sample != NULL) {
        cJSON *s = cJSON_AddObjectToObject(o, "sample");

        cJSON_AddNumberToObject(s, "t", results_seconds(e->sample->t_us));
        cJSON_AddNumberToObject(s, "vu", e->sample->vu);
        cJSON_AddNumberToObject(s, "took_ms",
                                (double)e->sample->took_us / 1000.0);
        cJSON_AddStringToObject(s, "text", e->sample->text);
    }
    cJSON_AddItemToArray(list, o);
}

static void results_errors(cJSON *root, const struct plan *plan,
                           const struct ledger *l)
{
    cJSON *list = cJSON_AddArrayToObject(root, "errors");
    struct error_line *lines = xcalloc(RESULTS_ERRORS_MAX, sizeof *lines);
    size_t n = ledger_errors(l, lines, RESULTS_ERRORS_MAX);
    size_t i;

    for (i = 0; i < n && i < RESULTS_ERRORS_MAX; i++) {
        results_error(list, plan, &lines[i]);
    }
    free(lines);
    if (n > RESULTS_ERRORS_MAX) {
        cJSON_AddNumberToObject(root, "errors_left_out",
                                (double)(n - RESULTS_ERRORS_MAX));
    }
}

static void results_events(cJSON *root, const struct story *s)
{
    cJSON *list = cJSON_AddArrayToObject(root, "events");
    size_t i;

    for (i = 0; i < story_event_count(s); i++) {
        const struct event *e = story_event(s, i);
        cJSON *o = cJSON_CreateObject();

        cJSON_AddNumberToObject(o, "t", results_seconds(e->t_us));
        cJSON_AddStringToObject(o, "type", e->type);
        cJSON_AddStringToObject(o, "value", e->value);
        cJSON_AddStringToObject(o, "by", e->by);
        if (e->scenario > 0) {
            cJSON_AddStringToObject(
                o, "scenario",
                story_info(s)->lineup->list[e->scenario - 1].name);
        }
        cJSON_AddStringToObject(o, "text", e->text);
        cJSON_AddItemToArray(list, o);
    }
    if (story_events_lost(s) > 0) {
        cJSON_AddNumberToObject(root, "events_lost",
                                (double)story_events_lost(s));
    }
}

static void results_generator(cJSON *root, const struct tick *t,
                              const struct totals *sum)
{
    const struct health *h = &t->health;
    cJSON *o = cJSON_AddObjectToObject(root, "generator");

    cJSON_AddNumberToObject(o, "lag_ms", (double)sum->run_lag_p99_us / 1000.0);
    cJSON_AddNumberToObject(o, "lag_max_ms", h->lag_max_ms);
    cJSON_AddNumberToObject(o, "cpu", h->cpu);
    cJSON_AddNumberToObject(o, "cpu_max", h->cpu_max);
    cJSON_AddNumberToObject(o, "cpu_process", h->cpu_process);
    cJSON_AddNumberToObject(o, "rss_bytes", (double)h->rss_bytes);
    cJSON_AddNumberToObject(o, "descriptors", h->fds);
    cJSON_AddNumberToObject(o, "descriptors_max", h->fds_max);
    cJSON_AddBoolToObject(o, "suspect", h->ever_suspect);
    cJSON_AddNumberToObject(o, "suspect_s", results_seconds(h->suspect_us));
    cJSON_AddStringToObject(o, "why", h->first_why);
}

/* What is counted beside metrics, so that counts can be added up. */
static void results_counts(cJSON *root, const struct tick *t,
                           const struct totals *sum)
{
    cJSON *o = cJSON_AddObjectToObject(root, "counts");

    cJSON_AddNumberToObject(o, "interrupted_iterations",
                            (double)sum->interrupted);
    cJSON_AddNumberToObject(o, "interrupted_requests",
                            (double)sum->interrupted_requests);
    cJSON_AddNumberToObject(o, "retries", (double)sum->retries);
    cJSON_AddNumberToObject(o, "connections_opened",
                            (double)t->connections_opened);
    cJSON_AddNumberToObject(o, "connections_max", t->connections_max);
    cJSON_AddNumberToObject(o, "rejected_values", (double)sum->rejected);
    cJSON_AddNumberToObject(o, "folded_samples", (double)sum->folded);
}

char *results_text(struct story *s)
{
    cJSON *root = cJSON_CreateObject();
    struct comparison_now now;
    struct results_metrics r;
    const struct run_info *info;
    const struct tick *t;
    struct totals sum;
    char *text;

    story_lock(s);
    info = story_info(s);
    t = story_tick(s);
    MUST(t != NULL);
    r.plan = info->plan;
    r.ledger = story_ledger(s);
    sum = ledger_totals(r.ledger);
    results_head(root, info, t);
    results_outcome(root, &t->outcome);
    r.object = cJSON_AddObjectToObject(root, "metrics");
    figures_each(r.plan, results_metric, &r);
    results_endpoints(root, r.plan, r.ledger);
    results_scenarios(root, s);
    results_thresholds(root, t);
    results_checks(root, r.plan, r.ledger);
    results_errors(root, r.plan, r.ledger);
    results_events(root, s);
    results_counts(root, t, &sum);
    results_insights(root, s);
    results_series(root, &info->server, r.ledger);
    results_windows(root, study_windows(story_study(s)));
    results_histograms(root, r.plan, r.ledger);
    results_generator(root, t, &sum);
    results_outputs(root, s);
    comparison_take(s, &now);
    story_unlock(s);
    results_comparison(cJSON_GetObjectItemCaseSensitive(root, "insights"),
                       &now);
    comparison_clear(&now);
    text = cJSON_Print(root);
    MUST(text != NULL);
    cJSON_Delete(root);
    return text;
}
