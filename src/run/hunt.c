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
#include "run/hunt_internal.h"
#include "run/level.h"

/* A way as long as the load takes this long, and never less. */
#define HUNT_RAMP_US       (5 * US_PER_SEC)
#define HUNT_RAMP_LEAST_US (US_PER_SEC / 2)
/* VUs that are one too many finish what they do: so long at most is waited. */
#define HUNT_ARRIVE_US (10 * US_PER_SEC)
/* Overloads without a return in time that are borne. */
#define HUNT_MISSED_MAX 2

/* The lowest limit on latency, µs. */
static uint64_t hunt_lowest(const struct hunt *h)
{
    double least = 1e15;
    size_t i;

    for (i = 0; i < h->config.rules.n; i++) {
        const struct rule *r = &h->config.rules.list[i];

        if (hunt_latency(r) && !h->out[i] && r->limit < least) {
            least = r->limit;
        }
    }
    return num_whole(least);
}

struct hunt *hunt_new(const struct hunt_config *config, uint32_t max,
                      uint64_t unit_us)
{
    struct hunt *h = xcalloc(1, sizeof *h);
    struct search_config s = {.quick = config->quick};
    struct rule_parts *parts;

    h->config = *config;
    h->max = config->max > 0 && config->max < max ? config->max : max;
    h->unit_us = unit_us;
    s.max = h->max;
    s.start = config->start < h->max ? config->start : h->max;
    h->search = search_new(&s);
    parts = hunt_rules(h);
    hunt_second_init(&h->second, unit_us, hunt_lowest(h), parts);
    h->before.good = histo_new();
    hunt_ground_init(&h->ground, config->plan, hunt_allowed(config));
    h->phase = HUNT_OFF;
    h->base_rule = h->broke_rule = -1;
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
    histo_free(&(*h)->before.good);
    free(*h);
    *h = NULL;
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
    uint32_t low = hunt_rest_load(h, after);

    /* Did anything ever succeed? If not, the lowest load tells why. */
    hunt_ramp(h, h->ground.succeeded ? low : 1, HUNT_COOL);
    h->rest.state = REST_OFF;
}

/* There is nothing to be hunted. */
static void hunt_fail(struct hunt *h, const struct tick *t, enum hunt_cut cut)
{
    h->fault = hunt_ground_fault(&h->ground, t);
    hunt_end(h, cut);
}

/* Is it requests that the rule wants not to fail? */
static bool hunt_of_requests(const struct hunt *h, int rule)
{
    const struct rules *r = &h->config.rules;
    unsigned part = rule >= 0 ? r->list[rule].part : 0;

    return part == 0 ||
           r->parts[part - 1].selector->metric == METRIC_HTTP_REQ_FAILED;
}

/* A break at a load of 1, when none has held and there was no overload that it
 * may come of: no load explains it. false: there is more to try. */
static bool hunt_floor(struct hunt *h, const struct tick *t)
{
    const struct probe_report *r = probe_report(h->probe);

    if (r->verdict != SEARCH_BREAKS || h->tried > 1 || h->base_load > 0 ||
        h->missed > 0) {
        return false;
    }
    if (!h->ground.answered) {
        hunt_fail(h, t, HUNT_CUT_SILENT);
        return true;
    }
    if (r->soft) {
        return false;
    }
    if (r->reason == PROBE_ERRORS && hunt_of_requests(h, r->rule)) {
        hunt_fail(h, t, HUNT_CUT_PLAN);
    } else {
        search_floor(h->search);
        hunt_end(h, HUNT_CUT_NONE);
    }
    return true;
}

static void hunt_decided(struct hunt *h, const struct tick *t)
{
    struct search_step step = search_next(h->search);
    const struct probe_report *r = probe_report(h->probe);

    hunt_learn(h, r);
    hunt_report(h, t, &step);
    search_take(h->search, r->verdict, r->soft);
    if (hunt_floor(h, t)) {
        return;
    }
    if (search_answer(h->search).outcome != SEARCH_OPEN) {
        hunt_end(h, HUNT_CUT_NONE);
    } else if (r->verdict == SEARCH_BREAKS && h->tried > 1) {
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

    hunt_rest_look(h, t);
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

static void hunt_on_rest(struct hunt *h, const struct tick *t)
{
    struct hunt_second *s = &h->second;
    struct hunt_news *n;
    char load[64];

    if (!hunt_move(h)) {
        hunt_second_reset(s);
        return;
    }
    if (h->rest.state == REST_OFF) {
        hunt_rest_begin(h);
    }
    if (!hunt_second_add(s, t)) {
        return;
    }
    (void)rest_feed(&h->rest, &s->open);
    hunt_second_reset(s);
    if (h->rest.state == REST_GOING) {
        return;
    }
    if (h->rest.state == REST_STEADY) {
        n = hunt_say(h, "hunt");
        snprintf(n->value, sizeof n->value, "steady");
        snprintf(n->text, sizeof n->text,
                 "steady at %s, and over the limit all the same: the hunt goes "
                 "on",
                 level_text(load, sizeof load, h->to, h->unit_us));
    } else if (h->rest.state == REST_MISSED) {
        h->missed++;
        n = hunt_say(h, "hunt");
        snprintf(n->value, sizeof n->value, "missed");
        snprintf(n->text, sizeof n->text,
                 "a minute at %s, and the service is not itself again%s",
                 level_text(load, sizeof load, h->to, h->unit_us),
                 h->missed == HUNT_MISSED_MAX ? ": that ends the hunt" : "");
        n->bad = true;
    }
    if (h->missed > 0 && !h->ground.succeeded) {
        hunt_fail(h, t, h->ground.answered ? HUNT_CUT_PLAN : HUNT_CUT_SILENT);
    } else if (h->missed == HUNT_MISSED_MAX) {
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

/* Once a load has held, what fails is no longer the plan. */
static enum hunt_cut hunt_ground(struct hunt *h, const struct tick *t)
{
    enum hunt_cut cut = hunt_ground_feed(&h->ground, t);

    return h->base_load == 0 ? cut : HUNT_CUT_NONE;
}

void hunt_feed(struct hunt *h, const struct tick *t)
{
    enum hunt_cut cut;

    h->n_told = h->n_news = 0;
    if (h->phase == HUNT_OVER || t->state == RUN_STARTING) {
        return;
    }
    hunt_tell_out(h);
    cut = hunt_ground(h, t);
    if (t->state >= RUN_DRAINING) {
        hunt_end(h, HUNT_CUT_NONE);
    } else if (cut != HUNT_CUT_NONE) {
        hunt_fail(h, t, cut);
    } else if (t->active_total_us >= h->config.budget_us) {
        hunt_end(h, HUNT_CUT_TIME);
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
