/* SPDX-License-Identifier: MIT
 *
 * hunt_rest - at which load a hunt rests after an overload, and what the rest
 * is held against. */
#include "config.h"

#include "base/must.h"
#include "base/num.h"
#include "run/hunt_internal.h"

/* After an overload: a fifth of it. */
#define HUNT_REST_SHARE 5
/* From just above the load of a rest to so many times that: what was good there
 * was good at rest. */
#define REST_BEFORE_SHARE 2

double hunt_allowed(const struct hunt_config *c)
{
    size_t i;

    for (i = 0; i < c->rules.n; i++) {
        const struct rule *r = &c->rules.list[i];

        if (r->percentile < 0 && r->part == 0) {
            return r->limit;
        }
    }
    return RULES_FAILED_MAX;
}

uint32_t hunt_rest_load(const struct hunt *h, uint32_t after)
{
    uint32_t low = after / HUNT_REST_SHARE;

    low = low < h->config.start ? low : h->config.start;
    return low > 1 ? low : 1;
}

/* A rule on latency: that which was nearest to its limit at the lowest load
 * that held. */
static const struct rule *rest_rule(const struct hunt *h)
{
    const struct rules *c = &h->config.rules;
    size_t first = 0;

    while (first < c->n && (!hunt_latency(&c->list[first]) || h->out[first])) {
        first++;
    }
    if (h->base_load > 0 && h->base_rule >= 0) {
        first = (size_t)h->base_rule;
    }
    MUST(first < c->n);
    return &c->list[first];
}

void hunt_rest_begin(struct hunt *h)
{
    const struct rule *r = rest_rule(h);

    rest_begin(&h->rest, r->percentile, r->part,
               rest_tolerance(h->base_us, num_whole(r->limit)),
               hunt_allowed(&h->config));
    if (h->base_load == 0) {
        rest_settles(&h->rest, &h->before);
    }
}

void hunt_rest_look(struct hunt *h, const struct tick *t)
{
    struct hunt_second *s = &h->second;
    uint32_t low = hunt_rest_load(h, h->config.start);
    uint32_t at = t->scenarios[0].wanted;

    if (search_answer(h->search).probes > 0 || at <= low ||
        at > REST_BEFORE_SHARE * low) {
        return;
    }
    hunt_second_reset(s);
    (void)hunt_second_add(s, t);
    histo_merge(h->before.good, moment_part(&s->open, rest_rule(h)->part).good);
    h->before.requests += s->open.requests;
    h->before.failed += s->open.failed;
    hunt_second_reset(s);
}
