/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/results_hunt.h"

#include <stdio.h>

#include "base/num.h"

static void hunt_number(cJSON *o, const char *key, double v, bool any)
{
    if (any) {
        cJSON_AddNumberToObject(o, key, v);
    } else {
        cJSON_AddNullToObject(o, key);
    }
}

static void hunt_seconds(cJSON *o, const char *key, uint64_t us)
{
    cJSON_AddNumberToObject(o, key, (double)(us / 1000) / 1000.0);
}

static void hunt_ms(cJSON *o, const char *key, uint64_t us)
{
    hunt_number(o, key, (double)us / 1000.0, us > 0);
}

/* "p95 <600 ms", "errors of Chat <5 %"; of none null. */
static void hunt_rule(cJSON *o, const struct tick_probe *p)
{
    char text[RULE_TEXT_MAX];

    if (p != NULL && p->report.rule >= 0) {
        cJSON_AddStringToObject(
            o, "rule", rule_words_tell(&p->words, p->limit, text, sizeof text));
    } else {
        cJSON_AddNullToObject(o, "rule");
    }
}

static void hunt_probe(cJSON *list, const struct run_info *info,
                       const struct tick_probe *p)
{
    const struct probe_report *r = &p->report;
    cJSON *o = cJSON_CreateObject();
    char text[256], unit[NUM_MAX];

    cJSON_AddNumberToObject(o, "load", p->load);
    cJSON_AddStringToObject(o, "why", search_why_name(p->why));
    cJSON_AddBoolToObject(o, "longer", p->longer);
    hunt_seconds(o, "start_s", p->start_us);
    hunt_seconds(o, "end_s", p->end_us);
    hunt_seconds(o, "settle_s", r->settle_us);
    hunt_seconds(o, "measured_s", r->measured_us);
    cJSON_AddStringToObject(o, "verdict", hunt_verdict_name(r->verdict));
    cJSON_AddStringToObject(o, "reason", probe_reason_name(r->reason));
    hunt_rule(o, p);
    cJSON_AddBoolToObject(o, "soft", r->soft);
    cJSON_AddBoolToObject(o, "steady", r->steady);
    cJSON_AddBoolToObject(o, "aborted", r->aborted);
    cJSON_AddNumberToObject(o, "requests", (double)r->requests);
    cJSON_AddNumberToObject(o, "rps", r->rps);
    hunt_ms(o, "p50", r->p50_us);
    hunt_ms(o, "p95", r->p95_us);
    hunt_ms(o, "value", r->value_us);
    hunt_ms(o, "value_low", r->low_us);
    hunt_ms(o, "value_high", r->high_us);
    cJSON_AddNumberToObject(o, "error_rate", r->error_rate);
    hunt_number(o, "share", r->share,
                r->rule >= 0 && p->words.kind != RULE_TIME);
    cJSON_AddStringToObject(
        o, "text",
        hunt_tell_probe(p, study_unit(info, unit), text, sizeof text));
    cJSON_AddItemToArray(list, o);
}

void results_hunt(cJSON *insights, const struct run_info *info,
                  const struct study *s)
{
    const struct hunt_log *l = study_hunt(s);
    const struct tick_hunt *h = hunt_log_now(l);
    char text[256], unit[NUM_MAX];
    cJSON *o, *list;
    size_t i;

    if (h == NULL) {
        cJSON_AddNullToObject(insights, "hunt");
        return;
    }
    o = cJSON_AddObjectToObject(insights, "hunt");
    cJSON_AddStringToObject(o, "outcome",
                            search_outcome_name(h->answer.outcome));
    cJSON_AddBoolToObject(o, "quick", h->quick);
    cJSON_AddBoolToObject(o, "confirmed", h->answer.confirmed);
    cJSON_AddStringToObject(o, "unit", study_unit(info, unit));
    hunt_number(o, "load", h->answer.point, h->answer.point > 0);
    hunt_number(o, "low", h->answer.low, h->answer.low > 0);
    hunt_number(o, "high", h->answer.high, h->answer.high > 0);
    hunt_number(o, "before_overload", h->answer.before, h->answer.before > 0);
    cJSON_AddNumberToObject(o, "soft", h->answer.soft);
    cJSON_AddNumberToObject(o, "not_recovered", h->missed);
    if (h->cut != HUNT_CUT_NONE) {
        cJSON_AddStringToObject(o, "cut_short", hunt_cut_name(h->cut));
    } else {
        cJSON_AddNullToObject(o, "cut_short");
    }
    cJSON_AddStringToObject(o, "text",
                            hunt_tell_whole(h, unit, text, sizeof text));
    list = cJSON_AddArrayToObject(o, "probes");
    for (i = 0; i < hunt_log_count(l); i++) {
        hunt_probe(list, info, hunt_log_at(l, i));
    }
}

/* The last probe that broke; NULL = none. */
static const struct tick_probe *hunt_broken(const struct hunt_log *l)
{
    size_t i;

    for (i = hunt_log_count(l); i-- > 0;) {
        const struct tick_probe *p = hunt_log_at(l, i);

        if (p->report.verdict == SEARCH_BREAKS) {
            return p;
        }
    }
    return NULL;
}

bool results_hunt_breaking(cJSON *insights, const struct run_info *info,
                           const struct study *s)
{
    static const char *const none[] = {"worst", "at_s", "start_s", "end_s",
                                       "lasted_s"};
    const struct tick_hunt *h = hunt_log_now(study_hunt(s));
    char text[256], unit[NUM_MAX];
    cJSON *o;
    size_t i;

    if (h == NULL) {
        return false;
    }
    if (h->answer.low == 0 || h->answer.high == 0 || h->answer.point == 0) {
        cJSON_AddNullToObject(insights, "breaking_point");
        return true;
    }
    o = cJSON_AddObjectToObject(insights, "breaking_point");
    hunt_number(o, "vus", h->answer.point, info->curves[0].time_unit_us == 0);
    cJSON_AddNumberToObject(o, "load", h->answer.point);
    cJSON_AddNumberToObject(o, "low", h->answer.low);
    cJSON_AddNumberToObject(o, "high", h->answer.high);
    cJSON_AddStringToObject(o, "unit", study_unit(info, unit));
    hunt_number(o, "rps", h->rps, h->rps > 0);
    cJSON_AddStringToObject(o, "limited_by", probe_reason_name(h->by));
    hunt_rule(o, hunt_broken(study_hunt(s)));
    for (i = 0; i < sizeof none / sizeof none[0]; i++) {
        cJSON_AddNullToObject(o, none[i]);
    }
    cJSON_AddBoolToObject(o, "over", true);
    cJSON_AddBoolToObject(o, "suspect", false);
    cJSON_AddStringToObject(o, "by", "hunt");
    cJSON_AddBoolToObject(o, "confirmed", h->answer.confirmed);
    cJSON_AddStringToObject(o, "text",
                            hunt_tell_answer(h, unit, text, sizeof text));
    return true;
}
