/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/results_scenarios.h"

#include "measure/ledger.h"
#include "record/results_internal.h"
#include "run/level.h"

static void scenario_add(cJSON *list, double v)
{
    cJSON_AddItemToArray(list, cJSON_CreateNumber(v));
}

/* Slots are at most as many as points may be, so each is one. */
static void scenario_series(cJSON *o, const struct course *c, size_t scenario,
                            uint64_t unit_us)
{
    cJSON *series = cJSON_AddObjectToObject(o, "series"), *rate = NULL;
    cJSON *t, *vus, *planned, *wanted = NULL, *achieved = NULL, *dropped = NULL;
    size_t i;

    cJSON_AddNumberToObject(series, "interval_s",
                            (double)course_slot_us(c) / 1e6);
    t = cJSON_AddArrayToObject(series, "t");
    vus = cJSON_AddArrayToObject(series, "vus");
    if (unit_us > 0) {
        rate = cJSON_AddObjectToObject(series, "rate");
        wanted = cJSON_AddArrayToObject(rate, "wanted");
        achieved = cJSON_AddArrayToObject(rate, "achieved");
        dropped = cJSON_AddArrayToObject(series, "dropped");
    }
    planned = cJSON_AddArrayToObject(rate != NULL ? rate : series, "planned");
    for (i = 0; i < course_count(c); i++) {
        const struct course_slot *s = course_slot(c, scenario, i);

        scenario_add(t, (double)(s->start_us / 1000) / 1e3);
        scenario_add(vus, s->vus);
        if (rate == NULL) {
            scenario_add(planned, s->planned);
            continue;
        }
        scenario_add(planned, level_per_s(s->planned, unit_us));
        scenario_add(wanted, level_per_s(s->wanted, unit_us));
        scenario_add(dropped, (double)s->dropped);
        cJSON_AddItemToArray(
            achieved,
            s->ran_us > 0
                ? cJSON_CreateNumber((double)s->begun * 1e6 / (double)s->ran_us)
                : cJSON_CreateNull());
    }
}

static void scenario_tags(cJSON *o, const struct scenario *s)
{
    cJSON *tags = cJSON_AddObjectToObject(o, "tags");
    size_t i;

    for (i = 0; i < s->n_tags; i++) {
        cJSON_AddStringToObject(tags, s->tags[i].name, s->tags[i].value);
    }
}

/* Its own values of variables; the others are the run's. */
static void scenario_env(cJSON *o, const struct plan *plan,
                         const struct scenario *s)
{
    cJSON *env = cJSON_AddObjectToObject(o, "env");
    size_t i;

    for (i = 0; i < s->n_env; i++) {
        results_add_env(env, plan, s->env[i].name, s->env[i].value);
    }
}

static cJSON *scenario_object(const struct story *s, size_t i)
{
    const struct run_info *info = story_info(s);
    const struct scenario *sc = &info->lineup->list[i];
    const struct tick_scenario *t = &story_tick(s)->scenarios[i];
    struct scenario_line line =
        ledger_scenario(story_ledger(s), (unsigned)i, SPAN_RUN);
    struct course_slot all = {0};
    cJSON *o = cJSON_CreateObject();

    cJSON_AddStringToObject(o, "name", sc->name);
    cJSON_AddStringToObject(o, "executor", executor_name(sc->executor));
    cJSON_AddStringToObject(o, "exec", info->plan->flows[sc->flow].name);
    scenario_tags(o, sc);
    scenario_env(o, info->plan, sc);
    cJSON_AddStringToObject(o, "state", scenario_state_name(t->state));
    cJSON_AddNumberToObject(o, "iterations", (double)line.iterations);
    cJSON_AddNumberToObject(o, "interrupted", (double)line.interrupted);
    cJSON_AddNumberToObject(o, "dropped", (double)line.dropped);
    (void)course_over(story_course(s), i, 0, UINT64_MAX, &all);
    cJSON_AddNumberToObject(o, "vus_max", all.vus_max);
    if (t->timed) {
        cJSON_AddNumberToObject(o, "start_late_p99_ms",
                                (double)line.late_p99_us / 1000.0);
        cJSON_AddNumberToObject(o, "start_late_max_ms",
                                (double)line.late_max_us / 1000.0);
    }
    scenario_series(o, story_course(s), i, info->curves[i].time_unit_us);
    return o;
}

void results_scenarios(cJSON *root, const struct story *s)
{
    cJSON *list = cJSON_AddArrayToObject(root, "scenarios");
    size_t i;

    for (i = 0; i < story_info(s)->lineup->n; i++) {
        cJSON_AddItemToArray(list, scenario_object(s, i));
    }
}
