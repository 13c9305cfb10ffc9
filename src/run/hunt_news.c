/* SPDX-License-Identifier: MIT
 *
 * hunt_news - what a hunt tells: the loads that were tried, how it ended, and
 * how it stands. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "run/hunt_internal.h"
#include "run/level.h"

struct hunt_news *hunt_say(struct hunt *h, const char *type)
{
    struct hunt_news *n = &h->news[h->n_news];

    h->n_news += h->n_news + 1 < HUNT_NEWS_MAX ? 1 : 0;
    memset(n, 0, sizeof *n);
    snprintf(n->type, sizeof n->type, "%s", type);
    return n;
}

void hunt_tell_out(struct hunt *h)
{
    const struct rules *r = &h->config.rules;
    struct hunt_news *n = NULL;
    char text[RULE_TEXT_MAX];
    size_t i;

    for (i = 0; i < r->n && !h->told_out; i++) {
        if (!h->out[i]) {
            continue;
        }
        if (n == NULL) {
            n = hunt_say(h, "hunt");
            snprintf(n->value, sizeof n->value, "left out");
            snprintf(n->text, sizeof n->text,
                     "nothing that is asked has a sample of it, so it is left "
                     "out: ");
        } else {
            text_add(n->text, sizeof n->text, ", ");
        }
        text_add(
            n->text, sizeof n->text, "%s",
            rule_words_tell(&r->words[i], r->list[i].limit, text, sizeof text));
    }
    h->told_out = true;
}

void hunt_text(const struct hunt *h, char *buf, size_t size)
{
    struct tick_hunt v = hunt_view(h);
    char unit[NUM_MAX], whole[HUNT_TEXT_MAX];

    hunt_tell_whole(&v, level_unit(unit, h->unit_us), whole, sizeof whole);
    text_brief(buf, size, whole);
}

bool hunt_answered(const struct hunt *h)
{
    enum search_outcome o = search_answer(h->search).outcome;

    return o == SEARCH_FOUND || o == SEARCH_NONE;
}

void hunt_end(struct hunt *h, enum hunt_cut cut)
{
    struct hunt_news *n;

    h->cut = cut;
    h->phase = HUNT_OVER;
    h->phase_us = 0;
    search_stop(h->search);
    n = hunt_say(h, "hunt");
    snprintf(n->value, sizeof n->value, "%s",
             cut == HUNT_CUT_SILENT || cut == HUNT_CUT_PLAN
                 ? hunt_cut_name(cut)
                 : search_outcome_name(search_answer(h->search).outcome));
    hunt_text(h, n->text, sizeof n->text);
    n->bad = !hunt_answered(h);
}

static bool news_of_part(const struct hunt *h, int rule)
{
    return rule >= 0 && h->config.rules.list[rule].part > 0;
}

/* What is told beside the answer. */
void hunt_learn(struct hunt *h, const struct probe_report *r)
{
    if (r->verdict == SEARCH_HOLDS) {
        if (h->base_load == 0 || h->tried < h->base_load) {
            h->base_load = h->tried;
            h->base_us = r->value_us;
            h->base_rule = probe_value_rule(h->probe);
        }
        if (h->tried >= h->rps_load) {
            h->rps_load = h->tried;
            h->rps = r->rps;
        }
    } else if (r->verdict == SEARCH_BREAKS) {
        h->broke = true;
        h->by = r->reason;
        h->broke_rule = r->rule;
        h->broke_value = r->reason == PROBE_LATENCY ? r->value_us
                         : news_of_part(h, r->rule) ? num_whole(r->share * 1e6)
                                                    : 0;
        if (h->tried <= h->rps_load) {
            h->rps_load = 0; /* what held there is in doubt: the next counts */
        }
    }
}

void hunt_report(struct hunt *h, const struct tick *t,
                 const struct search_step *step)
{
    const struct probe_report *r = probe_report(h->probe);
    struct hunt_news *n = hunt_say(h, "probe");
    struct tick_probe *p = &h->told;
    size_t rule = r->rule >= 0 ? (size_t)r->rule : 0;
    const struct rules *rules = &h->config.rules;
    char unit[NUM_MAX];

    *p = (struct tick_probe){.start_us = h->start_us,
                             .end_us = t->t_us,
                             .load = h->tried,
                             .why = step->why,
                             .longer = step->longer,
                             .report = *r,
                             .percentile = rules->list[rule].percentile,
                             .limit = rules->list[rule].limit,
                             .words = rules->words[rule]};
    if (r->without >= 0) {
        snprintf(p->without, sizeof p->without, "%s",
                 rules->words[r->without].subject);
    }
    h->n_told = 1;
    hunt_tell_probe(p, level_unit(unit, h->unit_us), n->text, sizeof n->text);
    snprintf(n->value, sizeof n->value, "%u %s", h->tried,
             hunt_verdict_name(r->verdict));
    n->bad = r->verdict == SEARCH_INVALID;
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
                          .fault = h->fault};
    uint64_t since;

    if (h->broke_rule >= 0) {
        const struct rule *r = &h->config.rules.list[h->broke_rule];

        v.words = h->config.rules.words[h->broke_rule];
        v.percentile = r->percentile;
        v.limit = r->limit;
        v.value = h->broke_value;
    }

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
