/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/study.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clk.h"
#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"
#include "run/command.h"
#include "run/level.h"
#include "run/study_internal.h"

/* An upper limit on a metric as a whole. */
static bool study_limits(const struct threshold *t, unsigned metric,
                         enum threshold_agg agg)
{
    return t->selector.metric == metric && t->selector.n_tags == 0 &&
           t->agg == agg && (t->op == OP_LT || t->op == OP_LE);
}

static void study_lower(uint64_t *limit_us, double us)
{
    if (us > 0 && (*limit_us == 0 || us < (double)*limit_us)) {
        *limit_us = num_whole(us);
    }
}

/* "p(95)<5000" of one of the plan's baselines. */
static void study_baseline(const struct baseline_item *item, uint64_t *limit_us)
{
    const struct threshold *t = &item->limit;

    if (item->kind == BASELINE_METRIC &&
        study_limits(t, METRIC_HTTP_REQ_DURATION, AGG_P) &&
        fabs(t->percentile - 95) < 1e-9) {
        study_lower(limit_us, t->limit * 1e3);
    }
}

/* The first baseline that counts and has this scenario says what is usual. */
static void study_baselines(const struct study *s, uint64_t *limit_us)
{
    const struct plan *p = s->info->plan;
    size_t i, k, m;

    for (i = 0; i < p->n_baselines && *limit_us == 0; i++) {
        const struct baseline *b = &p->baselines[i];

        for (k = 0; k < b->n && plan_baseline_counts(p, b); k++) {
            const struct baseline_set *set = &b->sets[k];

            if (strcmp(set->scenario, "*") != 0 &&
                strcmp(set->scenario, s->info->lineup->name) != 0) {
                continue;
            }
            for (m = 0; m < set->n; m++) {
                study_baseline(&set->items[m], limit_us);
            }
        }
    }
}

bool study_rule_on_p95(const struct rule *r)
{
    return r->part == 0 && fabs(r->percentile - 95) < 1e-9;
}

/* What a return is measured against where there was no calm before: the plan's
 * rules; of p95 of all, the lower of what the plan has as usual and as its
 * limit. */
static struct recovery_limit study_limit(const struct study *s)
{
    struct recovery_limit l = {0};
    uint64_t usual = 0;
    size_t i;

    study_baselines(s, &usual);
    l.p95_us = usual;
    for (i = 0; i < s->rules.n; i++) {
        const struct rule *r = &s->rules.list[i];

        if (study_rule_on_p95(r)) {
            study_lower(&l.p95_us, r->limit);
        } else if (r->part > 0 || r->percentile >= 0) {
            l.aside[l.n_rules] =
                rule_parts_aside(s->open.parts, &s->rules, i, s->info->plan);
            l.rules[l.n_rules++] = *r;
        } else if (l.error_rate <= 0 || r->limit < l.error_rate) {
            l.error_rate = r->limit;
        }
    }
    l.usual = usual > 0 && l.p95_us == usual;
    return l;
}

struct study *study_new(const struct run_info *info)
{
    struct study *s = xcalloc(1, sizeof *s);
    struct recovery_limit limit;

    s->info = info;
    rules_of(info->plan, &s->rules);
    stretch_init(s, &s->open);
    stretch_init(s, &s->held);
    limit = study_limit(s);
    s->plateaus = plateaus_new(s->rules.list, s->rules.n);
    s->recovery = recovery_new(&limit);
    s->breach = breach_new(s->rules.list, s->rules.n);
    if (s->rules.assumed) {
        breach_assume(s->breach, s->rules.n - 1);
    }
    s->soak = soak_new();
    s->anomalies = anomalies_new();
    s->hunt = hunt_log_new();
    s->scaling = scaling_of(s->plateaus);
    return s;
}

void study_keep_windows(struct study *s)
{
    s->windows = windows_new();
}

void study_free(struct study **s)
{
    if (*s == NULL) {
        return;
    }
    plateaus_free(&(*s)->plateaus);
    recovery_free(&(*s)->recovery);
    breach_free(&(*s)->breach);
    soak_free(&(*s)->soak);
    anomalies_free(&(*s)->anomalies);
    free((*s)->parts);
    free((*s)->given);
    windows_free(&(*s)->windows);
    stretch_clear(&(*s)->open);
    stretch_clear(&(*s)->held);
    hunt_log_free(&(*s)->hunt);
    free(*s);
    *s = NULL;
}

/* Does the plan's curve rise or fall at this moment? */
static bool study_ramps(const struct study *s, const struct tick *t, size_t i)
{
    const struct tick_scenario *at = &t->scenarios[i];
    const struct curve *c = &s->info->curves[i];

    return at->state == SCENARIO_RUNNING && !at->manual && !at->spike &&
           at->stage < c->n &&
           c->stages[at->stage].from != c->stages[at->stage].to;
}

/* Iterations that a rate asked for in a tick; in a ramp it is between what it
 * was before and what it is at the end. */
static double study_due(const struct study *s, const struct tick *t, size_t i)
{
    const struct tick_scenario *at = &t->scenarios[i];
    uint64_t unit_us = s->info->curves[i].time_unit_us;

    if (at->state != SCENARIO_RUNNING || unit_us == 0) {
        return 0;
    }
    return (s->wanted[i] + at->wanted) / 2 * (double)t->active_us /
           (double)unit_us;
}

/* Is a hunt on its way to another level? */
static bool study_on_way(const struct study *s, const struct tick *t)
{
    enum hunt_phase p = t->hunt.phase;

    return p == HUNT_RAMP ||
           (p > HUNT_RAMP && p < HUNT_YOURS &&
            fabs(t->scenarios[0].wanted - s->wanted[0]) >= 0.5);
}

/* The load of a tick, and who made it. */
static void study_load(const struct study *s, const struct tick *t,
                       struct moment *x)
{
    bool by_hand = false;
    size_t i;

    x->still = true;
    x->way = study_on_way(s, t);
    for (i = 0; i < t->n_scenarios; i++) {
        const struct tick_scenario *at = &t->scenarios[i];
        bool ramps = study_ramps(s, t, i);

        if (at->state == SCENARIO_RUNNING) {
            x->load += at->wanted;
            x->who |= UINT64_C(1) << (i % 64);
            x->open = x->open || s->info->curves[i].time_unit_us > 0;
        }
        x->still = x->still && (!ramps || t->held);
        by_hand = by_hand || at->manual || at->spike || (ramps && t->held);
        x->begun += at->begun;
        x->dropped += at->dropped;
        x->due += study_due(s, t, i);
    }
    x->stage = t->n_scenarios == 1 && !by_hand
                   ? (unsigned)t->scenarios[0].stage + 1
                   : 0;
    snprintf(x->by, sizeof x->by, "%s",
             by_hand                     ? s->by
             : t->hunt.phase != HUNT_OFF ? "hunt"
                                         : "plan");
}

/* Again once a level was left: it takes some milliseconds. */
static void study_scale(struct study *s)
{
    size_t n = plateaus_count(s->plateaus) + plateaus_dropped(s->plateaus) -
               (plateaus_open(s->plateaus) ? 1 : 0);

    if (n != s->scaled) {
        s->scaled = n;
        s->scaling = scaling_of(s->plateaus);
        anomalies_plateau(s->anomalies, s->plateaus);
    }
}

/* The newest fall, unless the load has moved on since. A mark or an outage may
 * have ended what is watched of it, once it was back for good. */
static const struct recovery_episode *study_fell(const struct study *s)
{
    const struct recovery_episode *now = recovery_now(s->recovery);
    size_t i = recovery_count(s->recovery);

    while (now != NULL && i > 0) {
        const struct recovery_episode *e = recovery_at(s->recovery, --i);

        if (e->cause == RECOVERY_FALL) {
            return !e->over || (e != now && e->state == RECOVERY_RECOVERED &&
                                e->load_to == now->load_to && !e->past)
                       ? e
                       : NULL;
        }
    }
    return NULL;
}

/* A fall in load that is recovered from, for the first time. */
static void study_hear(struct study *s)
{
    const struct recovery_episode *e = study_fell(s);
    enum strain_heard h = STRAIN_NOBODY;

    if (e != NULL && !e->relapsed) {
        h = e->state == RECOVERY_RECOVERING  ? STRAIN_RECOVERING
            : e->state == RECOVERY_CANDIDATE ? STRAIN_RETURNED
            : e->state == RECOVERY_RECOVERED ? STRAIN_RECOVERED
                                             : STRAIN_NOBODY;
    }
    plateaus_hear(s->plateaus, h, e != NULL ? e->load_from : 0);
}

/* What has passed by itself says nothing of its level's load. */
static void study_passing(struct study *s)
{
    size_t n = breach_count(s->breach), passing = 0, i;

    for (i = 0; i < n; i++) {
        passing += breach_at(s->breach, i)->passing;
    }
    if (passing == s->passing) {
        return;
    }
    s->passing = passing;
    for (i = 0; i < n; i++) {
        if (breach_at(s->breach, i)->passing) {
            plateaus_pass(s->plateaus, breach_at(s->breach, i)->start_us);
        }
    }
}

void study_insight(struct study *s, const struct moment *x)
{
    recovery_feed(s->recovery, x);
    study_hear(s);
    plateaus_feed(s->plateaus, x);
    breach_feed(s->breach, x);
    study_passing(s);
    soak_feed(s->soak, x);
    anomalies_moment(s->anomalies, x);
    study_find_beside(s);
    if (s->windows != NULL) {
        windows_hear(s->windows, plateaus_after(s->plateaus) > 0);
        windows_feed(s->windows, x);
    }
    study_scale(s);
}

static bool study_steers(const struct event *e)
{
    return (e->load || strcmp(e->type, command_name(COMMAND_HOLD)) == 0) &&
           e->by[0] != '\0' && strcmp(e->by, "plan") != 0;
}

static void study_server(struct moment *x, const struct tick_server *s)
{
    bool seen = s->watched && s->alive;

    x->server_rss = seen ? s->rss_bytes : 0;
    x->server_cpu_seen = seen && isfinite(s->cpu);
    x->server_cpu = x->server_cpu_seen ? s->cpu : 0;
}

static void study_end(struct study *s)
{
    study_close(s);
    plateaus_end(s->plateaus);
    recovery_end(s->recovery);
    breach_end(s->breach);
    study_passing(s);
    soak_end(s->soak);
    anomalies_end(s->anomalies);
    study_find_beside(s);
    if (s->windows != NULL) {
        windows_end(s->windows);
    }
    study_scale(s);
    s->ended = true;
}

void study_feed_hunt(struct study *s, const struct tick *t)
{
    hunt_log_feed(s->hunt, t);
}

void study_feed_load(struct study *s, const struct tick *t)
{
    struct tick_within w = tick_within(t);
    struct moment x = {.start_us = t->t_us - t->dt_us,
                       .end_us = t->t_us,
                       .active_us = t->active_us,
                       .vus = t->vus,
                       .draining = t->draining,
                       .in_flight = t->in_flight,
                       .last_us = study_last_us(t),
                       .vus_us = (double)w.vus_us,
                       .suspect = w.suspect,
                       .suspect_us = study_suspect(s, t)};
    size_t i;

    if (t->state == RUN_STARTING) {
        return;
    }
    study_weigh(&s->memory, t); /* up to the end, as the series has it */
    if (s->ended) {
        return;
    }
    if (t->state >= RUN_DRAINING) {
        study_end(s);
        return;
    }
    for (i = 0; i < t->n_events; i++) {
        const struct event *e = &t->events[i];

        if (study_steers(e)) {
            snprintf(s->by, sizeof s->by, "%s", e->by);
        }
        x.mark = x.mark || strcmp(e->type, command_name(COMMAND_MARK)) == 0;
    }
    if (t->server.limit_bytes > 0) { /* a page that is silent has none */
        s->server_limit = t->server.limit_bytes;
    }
    study_server(&x, &t->server);
    study_load(s, t, &x);
    study_beat(s, t, &x);
    study_add(s, t, &x);
    for (i = 0; i < t->n_scenarios; i++) {
        s->wanted[i] = t->scenarios[i].wanted;
    }
}

void study_feed(struct study *s, const struct tick *t)
{
    study_feed_hunt(s, t);
    study_feed_load(s, t);
}

const struct plateaus *study_plateaus(const struct study *s)
{
    return s->plateaus;
}

const struct recovery *study_recovery(const struct study *s)
{
    return s->recovery;
}

const struct windows *study_windows(const struct study *s)
{
    return s->windows;
}

const struct soak_report *study_soak(const struct study *s)
{
    return soak_report(s->soak);
}

const struct hunt_log *study_hunt(const struct study *s)
{
    return s->hunt;
}

uint64_t study_server_limit(const struct study *s)
{
    return s->server_limit;
}

const struct study_memory *study_memory(const struct study *s)
{
    return &s->memory;
}

const struct rules *study_rules(const struct study *s)
{
    return &s->rules;
}

const char *study_rule_text(const struct study *s, size_t i, char *buf,
                            size_t size)
{
    MUST(i < s->rules.n);
    return rule_words_tell(&s->rules.words[i], s->rules.list[i].limit, buf,
                           size);
}

static const char *study_mixed_unit(const struct run_info *info)
{
    bool vus = false;
    size_t i;

    for (i = 0; i < info->lineup->n; i++) {
        vus = vus || info->curves[i].time_unit_us == 0;
    }
    return vus ? "VUs + iterations" : "iterations";
}

const char *study_unit(const struct run_info *info, char *buf)
{
    uint64_t unit = info->curves[0].time_unit_us;
    size_t i;

    for (i = 1; i < info->lineup->n; i++) {
        if (info->curves[i].time_unit_us != unit) {
            /* Levels are added up, whatever they are of. */
            snprintf(buf, NUM_MAX, "%s", study_mixed_unit(info));
            return buf;
        }
    }
    return level_unit(buf, unit);
}
