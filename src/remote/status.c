/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "remote/status.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "plan/curve.h"
#include "record/results_outputs.h"
#include "run/judged.h"

/* Seconds with three decimals. */
static double status_seconds(uint64_t us)
{
    return (double)(us / 1000) / 1000.0;
}

static double status_ms(uint64_t us)
{
    return (double)us / 1000.0;
}

static void status_text(cJSON *o, const char *key, const char *text)
{
    char safe[512];

    cJSON_AddStringToObject(o, key, text_safe(safe, sizeof safe, text));
}

static void status_left(cJSON *o, uint64_t us)
{
    if (us == UINT64_MAX) {
        cJSON_AddNullToObject(o, "left_s");
    } else {
        cJSON_AddNumberToObject(o, "left_s", status_seconds(us));
    }
}

static void status_head(cJSON *o, const struct run_info *info)
{
    cJSON_AddStringToObject(o, "version", PACKAGE_VERSION);
    cJSON_AddNumberToObject(o, "pid", (double)getpid());
    status_text(o, "plan", info->plan->name);
    status_text(o, "scenario", info->lineup->name);
    status_text(o, "target", info->target);
}

static void status_load(cJSON *o, const struct tick *t)
{
    cJSON_AddStringToObject(o, "state", run_state_name(t->state));
    cJSON_AddNumberToObject(o, "t", status_seconds(t->t_us));
    status_left(o, t->left_us);
    cJSON_AddBoolToObject(o, "held", t->held);
    cJSON_AddBoolToObject(o, "manual", t->manual);
    cJSON_AddNumberToObject(o, "vus", t->vus);
    cJSON_AddNumberToObject(o, "wanted", t->wanted);
    cJSON_AddNumberToObject(o, "planned", t->planned);
    cJSON_AddNumberToObject(o, "draining", t->draining);
    cJSON_AddNumberToObject(o, "vus_max", t->vus_max);
}

/* Percentiles of nothing are null. */
static void status_percentiles(cJSON *o, const struct summary *s)
{
    const struct {
        const char *name;
        uint64_t us;
    } rows[] = {
        {"p50_ms", s->p50_us}, {"p95_ms", s->p95_us}, {"p99_ms", s->p99_us}};
    size_t i;

    for (i = 0; i < 3; i++) {
        if (s->responses > 0) {
            cJSON_AddNumberToObject(o, rows[i].name, status_ms(rows[i].us));
        } else {
            cJSON_AddNullToObject(o, rows[i].name);
        }
    }
}

static void status_figures(cJSON *root, const char *key,
                           const struct summary *s)
{
    cJSON *o = cJSON_AddObjectToObject(root, key);

    cJSON_AddNumberToObject(o, "requests", (double)s->requests);
    cJSON_AddNumberToObject(o, "failed", (double)s->failed);
    cJSON_AddNumberToObject(o, "error_rate", s->error_rate);
    cJSON_AddNumberToObject(o, "rps", s->rate);
    status_percentiles(o, s);
}

static void status_scenarios(cJSON *root, const struct run_info *info,
                             const struct tick *t)
{
    cJSON *list = cJSON_AddArrayToObject(root, "scenarios");
    size_t i;

    for (i = 0; i < t->n_scenarios; i++) {
        const struct tick_scenario *s = &t->scenarios[i];
        const struct curve *c = &info->curves[i];
        cJSON *o = cJSON_CreateObject();
        char label[96];

        status_text(o, "name", info->lineup->list[i].name);
        cJSON_AddStringToObject(o, "state", scenario_state_name(s->state));
        cJSON_AddNumberToObject(o, "stage", (double)s->stage + 1);
        cJSON_AddNumberToObject(o, "stages", (double)c->n);
        status_text(o, "stage_name",
                    curve_stage_label(c, s->stage, false, label, sizeof label));
        cJSON_AddNumberToObject(o, "stage_clock_s",
                                status_seconds(s->stage_clock_us));
        status_left(o, s->left_us);
        cJSON_AddBoolToObject(o, "manual", s->manual);
        cJSON_AddBoolToObject(o, "spike", s->spike);
        cJSON_AddStringToObject(o, "unit", s->timed ? "iterations" : "vus");
        cJSON_AddNumberToObject(
            o, "wanted", s->state == SCENARIO_WAITING ? s->asked : s->wanted);
        cJSON_AddNumberToObject(o, "planned", s->planned);
        cJSON_AddNumberToObject(o, "vus", s->vus);
        cJSON_AddNumberToObject(o, "rate", s->rate);
        cJSON_AddNumberToObject(o, "iterations", (double)s->iterations);
        cJSON_AddNumberToObject(o, "dropped", (double)s->dropped_all);
        cJSON_AddItemToArray(list, o);
    }
}

static void status_thresholds(cJSON *root, const struct run_info *info,
                              const struct tick *t)
{
    char text[512];
    cJSON *list = cJSON_AddArrayToObject(root, "thresholds");
    size_t i;

    for (i = 0; i < t->n_verdicts; i++) {
        const struct verdict *v = &t->verdicts[i];
        cJSON *o = cJSON_CreateObject();

        status_text(o, "metric", v->threshold->metric_text);
        status_text(o, "expression", v->threshold->expression);
        cJSON_AddBoolToObject(o, "ok", v->ok);
        cJSON_AddBoolToObject(o, "pending", v->pending);
        if (v->run.fed) {
            cJSON_AddNumberToObject(o, "value", v->run.value);
        } else {
            cJSON_AddNullToObject(o, "value");
        }
        if (v->why[0] != '\0') {
            status_text(o, "why", v->why);
        }
        status_text(o, "text", judged_text(info->plan, v, text, sizeof text));
        cJSON_AddItemToArray(list, o);
    }
}

static void status_known(cJSON *o, const char *key, bool known, double v)
{
    if (known) {
        cJSON_AddNumberToObject(o, key, v);
    } else {
        cJSON_AddNullToObject(o, key);
    }
}

/* Of the service itself, where it is watched; null: not known. */
static void status_server(cJSON *root, const struct run_info *info,
                          const struct tick_server *s)
{
    cJSON *o, *series;
    size_t i;

    if (!s->watched) {
        return;
    }
    o = cJSON_AddObjectToObject(root, "server");
    cJSON_AddBoolToObject(o, "alive", s->alive);
    status_known(o, "memory", s->rss_bytes > 0, (double)s->rss_bytes);
    status_known(o, "limit", s->limit_bytes > 0, (double)s->limit_bytes);
    status_known(o, "cpu", isfinite(s->cpu), s->cpu);
    series = cJSON_AddObjectToObject(o, "series");
    for (i = 0; i < info->server.n; i++) {
        status_known(series, info->server.list[i].name, isfinite(s->other[i]),
                     s->other[i]);
    }
}

/* Where the run is streamed to: as in results, and how it stands. */
static void status_outputs(cJSON *root, const struct story *s)
{
    size_t n, i;
    const struct output *list = story_outputs(s, &n);
    cJSON *all = cJSON_AddArrayToObject(root, "outputs");

    for (i = 0; i < n; i++) {
        cJSON *o = results_output(&list[i]);

        cJSON_AddStringToObject(o, "state", output_state(&list[i]));
        cJSON_AddItemToArray(all, o);
    }
}

static void status_rest(cJSON *root, const struct run_info *info,
                        const struct tick *t)
{
    cJSON *o = cJSON_AddObjectToObject(root, "generator");

    cJSON_AddNumberToObject(o, "lag_ms", t->health.lag_p99_ms);
    cJSON_AddNumberToObject(o, "cpu", t->health.cpu);
    cJSON_AddBoolToObject(o, "suspect", t->health.suspect);
    if (t->health.suspect) {
        status_text(o, "why", t->health.why);
    }
    status_server(root, info, &t->server);
    o = cJSON_AddObjectToObject(root, "outcome");
    cJSON_AddStringToObject(o, "status", run_status_name(t->outcome.status));
    if (t->outcome.exit_code >= 0) {
        cJSON_AddNumberToObject(o, "exit_code", t->outcome.exit_code);
        status_text(o, "stopped_by", t->outcome.stopped_by);
        status_text(o, "text", t->outcome.text);
    }
}

cJSON *status_json(struct story *story)
{
    const struct run_info *info = story_info(story);
    cJSON *root = cJSON_CreateObject();
    struct summary run, window;
    const struct tick *t;

    status_head(root, info);
    story_lock(story);
    t = story_tick(story);
    if (t != NULL) {
        status_load(root, t);
        run = ledger_summary(story_ledger(story), -1, SPAN_RUN);
        window = ledger_summary(story_ledger(story), -1, SPAN_WINDOW);
        status_figures(root, "last_10s", &window);
        status_figures(root, "run", &run);
        status_scenarios(root, info, t);
        status_thresholds(root, info, t);
        status_rest(root, info, t);
        status_outputs(root, story);
    }
    story_unlock(story);
    return root;
}
