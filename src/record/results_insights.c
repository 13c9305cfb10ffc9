/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/results_insights.h"

#include "base/num.h"
#include "record/results_anomalies.h"
#include "record/results_baselines.h"
#include "record/results_breaking.h"
#include "record/results_hunt.h"
#include "record/results_trends.h"
#include "record/results_scaling.h"
#include "record/results_verdict.h"

/* Microseconds as seconds with three decimals. */
static void insights_seconds(cJSON *o, const char *key, uint64_t us)
{
    cJSON_AddNumberToObject(o, key, (double)(us / 1000) / 1000.0);
}

static void insights_ms(cJSON *o, const char *key, uint64_t us, bool any)
{
    if (any) {
        cJSON_AddNumberToObject(o, key, (double)us / 1000.0);
    } else {
        cJSON_AddNullToObject(o, key);
    }
}

static void insights_plateau(cJSON *list, const struct run_info *info,
                             const struct study *s, const struct plateau *p)
{
    cJSON *o = cJSON_CreateObject();
    bool any = p->responses > 0;
    char text[RULE_TEXT_MAX], unit[NUM_MAX];

    cJSON_AddNumberToObject(o, "vus", p->vus);
    cJSON_AddNumberToObject(o, "load", p->load);
    cJSON_AddStringToObject(o, "unit", study_unit(info, unit));
    insights_seconds(o, "start_s", p->start_us);
    insights_seconds(o, "end_s", p->end_us);
    insights_seconds(o, "settled_s", p->settled_us);
    cJSON_AddNumberToObject(o, "requests", (double)p->requests);
    cJSON_AddNumberToObject(o, "rps", p->rps);
    insights_ms(o, "p50", p->p50_us, any);
    insights_ms(o, "p95", p->p95_us, any);
    insights_ms(o, "p99", p->p99_us, any);
    cJSON_AddNumberToObject(o, "error_rate", p->error_rate);
    cJSON_AddStringToObject(o, "by", p->by);
    if (p->broken >= 0) {
        cJSON_AddStringToObject(
            o, "broken",
            study_rule_text(s, (size_t)p->broken, text, sizeof text));
    } else {
        cJSON_AddNullToObject(o, "broken");
    }
    cJSON_AddBoolToObject(o, "flat", p->flat);
    if (p->after > 0) {
        cJSON_AddNumberToObject(o, "recovering_from", p->after);
    } else {
        cJSON_AddNullToObject(o, "recovering_from");
    }
    results_little(o, p);
    cJSON_AddItemToArray(list, o);
}

static void insights_reference(cJSON *o, const struct study *s,
                               const struct recovery_episode *e)
{
    bool base = e->reference == RECOVERY_BY_BASELINE;
    char text[RULE_TEXT_MAX];
    cJSON *r, *limits;
    size_t i;

    if (e->reference == RECOVERY_BY_NOTHING) {
        cJSON_AddNullToObject(o, "reference");
        return;
    }
    r = cJSON_AddObjectToObject(o, "reference");
    cJSON_AddStringToObject(r, "kind", base ? "baseline" : "limit");
    insights_ms(r, "p95", e->p95_us, base);
    insights_ms(r, "tolerance", e->tolerance_us, e->tolerance_us > 0);
    cJSON_AddNumberToObject(r, "error_rate", e->error_rate);
    limits = cJSON_AddArrayToObject(r, "limits");
    for (i = 0; i < study_back_count(s, e); i++) {
        cJSON_AddItemToArray(limits, cJSON_CreateString(study_back_text(
                                         s, e, i, text, sizeof text)));
    }
    if (base) {
        cJSON_AddNumberToObject(r, "load", e->base_load);
    } else {
        cJSON_AddNullToObject(r, "load");
    }
}

/* What it was a recovery from; null where that cannot be told. */
static void insights_spike(cJSON *o, const struct recovery_episode *e)
{
    cJSON *x;

    if (e->reference == RECOVERY_BY_NOTHING && !e->unserved) {
        cJSON_AddNullToObject(o, "spike");
        return;
    }
    x = cJSON_AddObjectToObject(o, "spike");
    insights_seconds(x, "start_s", e->rise_us);
    if (e->degraded) {
        insights_seconds(x, "degraded_after_s", e->degrade_us);
    } else {
        cJSON_AddNullToObject(x, "degraded_after_s");
    }
    insights_ms(x, "worst_p95", e->worst_us, e->worst_us > 0);
    cJSON_AddNumberToObject(x, "requests", (double)e->requests);
    cJSON_AddNumberToObject(x, "failed", (double)e->failed);
}

/* seconds: to the return that held; null where there was none. */
static void insights_recovery(cJSON *list, const struct study *s,
                              const struct recovery_episode *e)
{
    bool back = e->state == RECOVERY_RECOVERED ||
                e->state == RECOVERY_CANDIDATE || e->state == RECOVERY_HELD;
    const char *request = study_recovery_request(s, e);
    cJSON *o = cJSON_CreateObject();

    insights_seconds(o, "start_s", e->t0_us);
    cJSON_AddStringToObject(o, "after", recovery_cause_name(e->cause));
    if (request != NULL) {
        cJSON_AddStringToObject(o, "request", request);
    } else {
        cJSON_AddNullToObject(o, "request");
    }
    cJSON_AddStringToObject(o, "state", recovery_state_name(e->state));
    cJSON_AddBoolToObject(o, "recovered", e->state == RECOVERY_RECOVERED);
    if (back) {
        insights_seconds(o, "seconds", recovery_told(e->return_us));
        insights_seconds(o, "low_s", e->low_us);
        insights_seconds(o, "high_s", e->high_us);
        insights_seconds(o, "held_s", e->held_us);
    } else {
        cJSON_AddNullToObject(o, "seconds");
        cJSON_AddNullToObject(o, "low_s");
        cJSON_AddNullToObject(o, "high_s");
        cJSON_AddNullToObject(o, "held_s");
    }
    if (e->within) {
        insights_seconds(o, "during_s", e->during_us);
    } else {
        cJSON_AddNullToObject(o, "during_s");
    }
    insights_seconds(o, "watched_s", e->elapsed_us);
    insights_seconds(o, "dwell_s", e->dwell_us);
    insights_seconds(o, "window_s", e->window_us);
    if (e->relapsed) {
        insights_seconds(o, "first_return_s", e->first_us);
        insights_seconds(o, "relapse_s", e->relapse_us);
    }
    insights_seconds(o, "drain_s", e->drain_us);
    cJSON_AddNumberToObject(o, "load_before", e->load_from);
    cJSON_AddNumberToObject(o, "load", e->load_to);
    insights_reference(o, s, e);
    insights_spike(o, e);
    cJSON_AddStringToObject(o, "confidence",
                            recovery_confidence_name(e->confidence));
    cJSON_AddBoolToObject(o, "suspect", e->suspect);
    cJSON_AddStringToObject(o, "why", e->why);
    cJSON_AddItemToArray(list, o);
}

void results_insights(cJSON *root, const struct story *story)
{
    cJSON *o = cJSON_AddObjectToObject(root, "insights");
    const struct run_info *info = story_info(story);
    const struct study *s = story_study(story);
    const struct plateaus *p = study_plateaus(s);
    const struct recovery *r = study_recovery(s);
    cJSON *list = cJSON_AddArrayToObject(o, "recovery");
    size_t i;

    for (i = 0; i < recovery_count(r); i++) {
        insights_recovery(list, s, recovery_at(r, i));
    }
    if (recovery_dropped(r) > 0) {
        cJSON_AddNumberToObject(o, "recovery_dropped",
                                (double)recovery_dropped(r));
    }
    results_breaking(o, info, s);
    results_hunt(o, info, s);
    results_scaling(o, s);
    list = cJSON_AddArrayToObject(o, "plateaus");
    for (i = 0; i < plateaus_count(p); i++) {
        insights_plateau(list, info, s, plateaus_at(p, i));
    }
    if (plateaus_dropped(p) > 0) {
        cJSON_AddNumberToObject(o, "plateaus_dropped",
                                (double)plateaus_dropped(p));
    }
    results_trends(o, info, s);
    results_anomalies(o, s);
    results_baselines(o, story);
    cJSON_AddNullToObject(o, "comparison"); /* results_comparison replaces it */
    results_verdict(o, story);
}
