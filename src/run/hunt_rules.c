/* SPDX-License-Identifier: MIT
 *
 * hunt_rules - which of a plan's limits a hunt holds loads against, and how. */
#include "config.h"

#include <string.h>

#include "run/hunt_internal.h"

bool hunt_latency(const struct rule *r)
{
    return r->percentile >= 0 && r->percentile < 100;
}

bool hunt_is_for(const struct plan *plan, const struct threshold *t)
{
    return rules_have(plan, t) && (t->agg != AGG_P || t->percentile < 100);
}

void hunt_are_for(const struct plan *plan, const struct lineup *lineup,
                  bool *are)
{
    struct rule_parts *p;
    struct rules rules;
    size_t i, r = 0;

    rules_of(plan, &rules);
    p = rule_parts_new(&rules, plan, lineup);
    for (i = 0; i < plan->n_thresholds; i++) {
        const struct threshold *t = &plan->thresholds[i];

        are[i] = hunt_is_for(plan, t) && r < rules.n &&
                 rule_parts_can(p, &rules, r, plan, lineup);
        r += rules_have(plan, t); /* they are in the order of the plan */
    }
    rule_parts_free(&p);
}

size_t hunt_limits(const struct hunt_config *c)
{
    struct rule_parts *p = rule_parts_new(&c->rules, c->plan, c->lineup);
    size_t n = 0, i;

    for (i = 0; i < c->rules.n; i++) {
        n += hunt_latency(&c->rules.list[i]) &&
             rule_parts_can(p, &c->rules, i, c->plan, c->lineup);
    }
    rule_parts_free(&p);
    return n;
}

/* A selector that may be one of failures, which a load need not have. */
static bool rules_may_lack(const struct selector *s)
{
    bool may = false;
    size_t i;

    for (i = 0; i < s->n_tags; i++) {
        const struct selector_tag *t = &s->tags[i];

        may |=
            t->tag == TAG_STATUS || t->tag == TAG_ERROR ||
            (t->tag == TAG_EXPECTED_RESPONSE && strcmp(t->value, "true") != 0);
    }
    return may;
}

static unsigned rules_marks(const struct selector *s)
{
    bool response = s->metric == METRIC_HTTP_REQ_DURATION ||
                    s->metric == METRIC_HTTP_REQ_WAITING;

    return (response ? 0 : (unsigned)PROBE_NO_RESPONSE) |
           (rules_may_lack(s) ? (unsigned)PROBE_MAY_LACK : 0);
}

struct rule_parts *hunt_rules(struct hunt *h)
{
    const struct hunt_config *c = &h->config;
    struct rule_parts *p = rule_parts_new(&c->rules, c->plan, c->lineup);
    size_t i;

    h->probe = probe_new(c->rules.list, c->rules.n);
    for (i = 0; i < c->rules.n; i++) {
        unsigned part = c->rules.list[i].part;

        if (!rule_parts_can(p, &c->rules, i, c->plan, c->lineup)) {
            h->out[i] = true;
            probe_leave_out(h->probe, i);
        } else if (part > 0) {
            probe_mark(h->probe, i,
                       rules_marks(c->rules.parts[part - 1].selector));
        }
    }
    h->config.lineup = NULL;
    return p;
}
