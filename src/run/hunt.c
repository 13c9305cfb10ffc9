/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/hunt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clk.h"
#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"
#include "insight/rest.h"
#include "run/hunt_second.h"
#include "run/hunt_silence.h"
#include "run/level.h"

/* A way as long as the load takes this long, and never less. */
#define HUNT_RAMP_US       (5 * US_PER_SEC)
#define HUNT_RAMP_LEAST_US (US_PER_SEC / 2)
/* VUs that are one too many finish what they do: so long at most is waited. */
#define HUNT_ARRIVE_US (10 * US_PER_SEC)
/* After an overload: a fifth of it. */
#define HUNT_REST_SHARE 5
/* Overloads without a return in time that are borne. */
#define HUNT_MISSED_MAX 2
/* Where a plan has no rule on failures. */
#define HUNT_FAILED_MAX 0.05

struct hunt {
    struct hunt_config config;
    uint32_t max;
    uint64_t unit_us;
    struct search *search; /* owned, as the next */
    struct probe *probe;
    struct rest rest;
    struct hunt_second second;
    enum hunt_phase phase;
    uint64_t phase_us;        /* active time in it */
    uint32_t from, to, asked; /* of the ramp; asked for now */
    uint64_t ramp_us;
    uint32_t tried;     /* load of the last try */
    uint32_t hand;      /* most that was asked for by hand */
    uint64_t start_us;  /* run time at which the probe began */
    uint64_t base_us;   /* a percentile at base_load */
    int base_rule;      /* whose it is, if it is one on latency */
    uint32_t base_load; /* lowest load that held; 0 = none */
    double rps;
    uint32_t rps_load;
    bool broke;
    enum probe_reason by;
    unsigned missed;
    bool cooling; /* the operator took the wheel while it rested */
    enum hunt_cut cut;
    struct hunt_silence silence;
    struct tick_probe told; /* of the last feed */
    size_t n_told;
    struct hunt_news news[HUNT_NEWS_MAX];
    size_t n_news;
};

/* The lowest limit on latency, µs. */
static uint64_t hunt_lowest(const struct hunt_config *c)
{
    double least = 1e15;
    size_t i;

    for (i = 0; i < c->n_rules; i++) {
        if (c->rules[i].percentile >= 0 && c->rules[i].limit < least) {
            least = c->rules[i].limit;
        }
    }
    return num_whole(least);
}

struct hunt *hunt_new(const struct hunt_config *config, uint32_t max,
                      uint64_t unit_us)
{
    struct hunt *h = xcalloc(1, sizeof *h);
    struct search_config s = {.quick = config->quick};

    h->config = *config;
    h->max = config->max > 0 && config->max < max ? config->max : max;
    h->unit_us = unit_us;
    s.max = h->max;
    s.start = config->start < h->max ? config->start : h->max;
    h->search = search_new(&s);
    h->probe = probe_new(config->rules, config->n_rules);
    hunt_second_init(&h->second, unit_us, hunt_lowest(config));
    h->phase = HUNT_OFF;
    return h;
}

void hunt_free(struct hunt **h)
{
    if (*h == NULL) {
        return;
    }
    search_free(&(*h)->search);
    probe_free(&(*h)->probe);
    hunt_second_clear(&(*h)->second);
    free(*h);
    *h = NULL;
}

static struct hunt_news *hunt_say(struct hunt *h, const char *type)
{
    struct hunt_news *n = &h->news[h->n_news];

    h->n_news += h->n_news + 1 < HUNT_NEWS_MAX ? 1 : 0;
    memset(n, 0, sizeof *n);
    snprintf(n->type, sizeof n->type, "%s", type);
    return n;
}

static void hunt_enter(struct hunt *h, enum hunt_phase phase)
{
    h->phase = phase;
    h->phase_us = 0;
    hunt_second_reset(&h->second);
}

/* The longer the way, as a share of the load, the longer it takes. */
static void hunt_ramp(struct hunt *h, uint32_t to, enum hunt_phase phase)
{
    uint32_t way = to > h->asked ? to - h->asked : h->asked - to;
    uint32_t most = to > h->asked ? to : h->asked;

    h->from = h->asked;
    h->to = to;
    h->ramp_us = most > 0 ? HUNT_RAMP_US * way / most : 0;
    h->ramp_us =
        h->ramp_us < HUNT_RAMP_LEAST_US ? HUNT_RAMP_LEAST_US : h->ramp_us;
    hunt_enter(h, phase);
}

/* Moves the load; true: it is where it is to go. */
static bool hunt_move(struct hunt *h)
{
    double share = (double)h->phase_us / (double)h->ramp_us;

    if (share >= 1) {
        h->asked = h->to;
        return true;
    }
    h->asked = (uint32_t)((double)h->from +
                          ((double)h->to - (double)h->from) * share + 0.5);
    return false;
}

static void hunt_try(struct hunt *h)
{
    h->tried = search_next(h->search).load;
    hunt_ramp(h, h->tried, HUNT_RAMP);
}

static void hunt_cool(struct hunt *h, uint32_t after)
{
    uint32_t low = after / HUNT_REST_SHARE;

    low = low < h->config.start ? low : h->config.start;
    hunt_ramp(h, low > 1 ? low : 1, HUNT_COOL);
    h->rest.state = REST_OFF;
}

void hunt_text(const struct hunt *h, char *buf, size_t size)
{
    struct tick_hunt v = hunt_view(h);
    char unit[NUM_MAX];

    hunt_tell_whole(&v, level_unit(unit, h->unit_us), buf, size);
}

static void hunt_end(struct hunt *h, enum hunt_cut cut)
{
    struct hunt_news *n;

    h->cut = cut;
    search_stop(h->search);
    hunt_enter(h, HUNT_OVER);
    n = hunt_say(h, "hunt");
    snprintf(n->value, sizeof n->value, "%s",
             cut == HUNT_CUT_SILENT
                 ? hunt_cut_name(cut)
                 : search_outcome_name(search_answer(h->search).outcome));
    hunt_text(h, n->text, sizeof n->text);
    n->bad = !hunt_answered(h);
}

/* What is told beside the answer. */
static void hunt_learn(struct hunt *h, const struct probe_report *r)
{
    if (r->verdict == SEARCH_HOLDS) {
        if (h->base_load == 0 || h->tried < h->base_load) {
            h->base_load = h->tried;
            h->base_us = r->value_us;
            h->base_rule = r->rule;
        }
        if (h->tried >= h->rps_load) {
            h->rps_load = h->tried;
            h->rps = r->rps;
        }
    } else if (r->verdict == SEARCH_BREAKS) {
        h->broke = true;
        h->by = r->reason;
        if (h->tried <= h->rps_load) {
            h->rps_load = 0; /* what held there is in doubt: the next counts */
        }
    }
}

static void hunt_report(struct hunt *h, const struct tick *t,
                        const struct search_step *step)
{
    const struct probe_report *r = probe_report(h->probe);
    struct hunt_news *n = hunt_say(h, "probe");
    struct tick_probe *p = &h->told;
    size_t rule = r->rule >= 0 ? (size_t)r->rule : 0;
    char unit[NUM_MAX];

    *p = (struct tick_probe){.start_us = h->start_us,
                             .end_us = t->t_us,
                             .load = h->tried,
                             .why = step->why,
                             .longer = step->longer,
                             .report = *r,
                             .percentile = h->config.rules[rule].percentile,
                             .limit = h->config.rules[rule].limit};
    h->n_told = 1;
    hunt_tell_probe(p, level_unit(unit, h->unit_us), n->text, sizeof n->text);
    snprintf(n->value, sizeof n->value, "%u %s", h->tried,
             hunt_verdict_name(r->verdict));
    n->bad = r->verdict == SEARCH_INVALID;
}

static void hunt_decided(struct hunt *h, const struct tick *t)
{
    struct search_step step = search_next(h->search);
    const struct probe_report *r = probe_report(h->probe);

    hunt_learn(h, r);
    hunt_report(h, t, &step);
    search_take(h->search, r->verdict, r->soft);
    /* One VU that is never answered is no overload, however it fails. */
    if (r->verdict == SEARCH_BREAKS && !h->silence.answered && h->tried == 1) {
        hunt_end(h, HUNT_CUT_SILENT);
    } else if (search_answer(h->search).outcome != SEARCH_OPEN) {
        hunt_end(h, HUNT_CUT_NONE);
    } else if (r->verdict == SEARCH_BREAKS) {
        hunt_cool(h, h->tried);
    } else {
        hunt_try(h);
    }
}

static void hunt_on_way(struct hunt *h, const struct tick *t)
{
    struct search_step step = search_next(h->search);
    uint64_t measure = step.longer       ? PROBE_MEASURE_LONG_US
                       : h->config.quick ? PROBE_MEASURE_QUICK_US
                                         : PROBE_MEASURE_US;

    if (!hunt_move(h)) {
        return;
    }
    if (h->phase_us < h->ramp_us + HUNT_ARRIVE_US && t->draining > 0) {
        return;
    }
    probe_begin(h->probe, measure, !step.longer && !h->config.quick);
    h->start_us = t->t_us;
    hunt_enter(h, HUNT_SETTLE);
}

static void hunt_on_probe(struct hunt *h, const struct tick *t)
{
    struct hunt_second *s = &h->second;
    bool more;

    if (!hunt_second_add(s, t)) {
        return;
    }
    more =
        probe_feed(h->probe, &s->open, s->fault[0] != '\0' ? s->fault : NULL);
    hunt_second_reset(s);
    if (!more) {
        hunt_decided(h, t);
    } else if (h->phase == HUNT_SETTLE &&
               probe_state(h->probe) == PROBE_MEASURING) {
        hunt_enter(h, HUNT_MEASURE);
    }
}

/* A rule on latency, that which was nearest to its limit at the lowest load
 * that held, and what it may be at rest. */
static void hunt_rest(struct hunt *h)
{
    const struct hunt_config *c = &h->config;
    double failed = HUNT_FAILED_MAX;
    size_t first = c->n_rules, i;

    for (i = 0; i < c->n_rules; i++) {
        if (c->rules[i].percentile < 0) {
            failed = c->rules[i].limit;
        } else if (first == c->n_rules) {
            first = i;
        }
    }
    if (h->base_load > 0 && h->base_rule >= 0 &&
        c->rules[h->base_rule].percentile >= 0) {
        first = (size_t)h->base_rule;
    }
    MUST(first < c->n_rules);
    rest_begin(&h->rest, c->rules[first].percentile,
               rest_tolerance(h->base_us, num_whole(c->rules[first].limit)),
               failed);
}

static void hunt_on_rest(struct hunt *h, const struct tick *t)
{
    struct hunt_second *s = &h->second;
    struct hunt_news *n;

    if (!hunt_move(h)) {
        hunt_second_reset(s);
        return;
    }
    if (h->rest.state == REST_OFF) {
        hunt_rest(h);
    }
    if (!hunt_second_add(s, t)) {
        return;
    }
    (void)rest_feed(&h->rest, &s->open);
    hunt_second_reset(s);
    if (h->rest.state == REST_GOING) {
        return;
    }
    if (h->rest.state == REST_MISSED) {
        h->missed++;
        n = hunt_say(h, "hunt");
        snprintf(n->value, sizeof n->value, "missed");
        snprintf(n->text, sizeof n->text,
                 "a minute at a fifth of the load, and the service is not "
                 "itself again%s",
                 h->missed == HUNT_MISSED_MAX ? ": that ends the hunt" : "");
        n->bad = true;
    }
    if (h->missed == HUNT_MISSED_MAX) {
        hunt_end(h, HUNT_CUT_NONE);
    } else {
        hunt_try(h);
    }
}

/* Has the operator the wheel? */
static bool hunt_yours(const struct tick *t)
{
    return t->manual || t->held || t->state == RUN_PAUSED;
}

static void hunt_give(struct hunt *h, const struct tick *t)
{
    const struct tick_scenario *s = &t->scenarios[0];

    if (h->phase != HUNT_YOURS) {
        struct hunt_news *n = hunt_say(h, "hunt");

        snprintf(n->value, sizeof n->value, "paused");
        snprintf(n->text, sizeof n->text, "hunt paused: %s",
                 s->manual || s->spike ? "yours; a takes it back"
                 : t->held             ? "held"
                                       : "no iteration begins");
        h->hand = 0;
        h->cooling = h->phase == HUNT_COOL;
        hunt_enter(h, HUNT_YOURS);
    }
    h->hand = s->wanted > h->hand ? s->wanted : h->hand;
}

/* The try that was broken off is begun anew; after more than that, rested. */
static void hunt_take_back(struct hunt *h)
{
    struct hunt_news *n = hunt_say(h, "hunt");
    char load[64];

    snprintf(n->value, sizeof n->value, "goes on");
    snprintf(
        n->text, sizeof n->text, "the hunt goes on, with %s",
        level_text(load, sizeof load, search_next(h->search).load, h->unit_us));
    if (h->hand > h->tried || h->cooling) {
        hunt_cool(h, h->hand > h->tried ? h->hand : h->tried);
    } else {
        hunt_try(h);
    }
}

static void hunt_go(struct hunt *h, const struct tick *t)
{
    h->phase_us += t->active_us;
    switch (h->phase) {
    case HUNT_RAMP:
        hunt_on_way(h, t);
        return;
    case HUNT_SETTLE:
    case HUNT_MEASURE:
        hunt_on_probe(h, t);
        return;
    case HUNT_COOL:
        hunt_on_rest(h, t);
        return;
    case HUNT_OFF:
        hunt_try(h);
        return;
    case HUNT_YOURS:
        hunt_take_back(h);
        return;
    case HUNT_OVER:
        return;
    }
}

void hunt_feed(struct hunt *h, const struct tick *t)
{
    bool silent;

    h->n_told = h->n_news = 0;
    if (h->phase == HUNT_OVER || t->state == RUN_STARTING) {
        return;
    }
    silent = hunt_silence_feed(&h->silence, t);
    if (t->state >= RUN_DRAINING) {
        hunt_end(h, HUNT_CUT_NONE);
    } else if (silent || t->active_total_us >= h->config.budget_us) {
        hunt_end(h, silent ? HUNT_CUT_SILENT : HUNT_CUT_TIME);
    } else if (hunt_yours(t)) {
        hunt_give(h, t);
    } else {
        hunt_go(h, t);
    }
}

uint32_t hunt_load(const struct hunt *h)
{
    return h->asked;
}

bool hunt_over(const struct hunt *h)
{
    return h->phase == HUNT_OVER;
}

bool hunt_answered(const struct hunt *h)
{
    enum search_outcome o = search_answer(h->search).outcome;

    return o == SEARCH_FOUND || o == SEARCH_NONE;
}

struct tick_hunt hunt_view(const struct hunt *h)
{
    struct tick_hunt v = {.phase = h->phase,
                          .quick = h->config.quick,
                          .load = h->tried,
                          .phase_us = h->phase_us,
                          .answer = search_answer(h->search),
                          .rps = h->rps,
                          .broke = h->broke,
                          .by = h->by,
                          .missed = h->missed,
                          .cut = h->cut,
                          .silent = hunt_silence_by(&h->silence)};
    uint64_t since;

    if (h->phase == HUNT_OFF) {
        v.phase = HUNT_RAMP; /* waits for its first tick */
        v.load = h->config.start;
    }
    v.number = v.answer.probes + 1;
    if (v.answer.outcome == SEARCH_OPEN) {
        v.why = search_next(h->search).why;
    }
    if (h->phase == HUNT_MEASURE) {
        probe_passed(h->probe, &since, &v.phase_us);
        v.measure_us = probe_measure_us(h->probe);
    }
    return v;
}

const struct tick_probe *hunt_probes(const struct hunt *h, size_t *n)
{
    *n = h->n_told;
    return &h->told;
}

const struct hunt_news *hunt_news(const struct hunt *h, size_t *n)
{
    *n = h->n_news;
    return h->news;
}
