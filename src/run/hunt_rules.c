/* SPDX-License-Identifier: MIT
 *
 * hunt_rules - what a hunt is for: which of a plan's limits a breaking point is
 * a breach of. */
#include "config.h"

#include "run/hunt.h"

bool hunt_is_for(const struct threshold *t)
{
    bool upper = (t->op == OP_LT || t->op == OP_LE) && t->selector.n_tags == 0;

    return upper && ((t->selector.metric == METRIC_HTTP_REQ_DURATION &&
                      t->agg == AGG_P && t->percentile < 100) ||
                     (t->selector.metric == METRIC_HTTP_REQ_FAILED &&
                      t->agg == AGG_RATE));
}

size_t hunt_rules(const struct plan *plan, struct rule *rules, size_t *n)
{
    size_t latency = 0, i;
    bool failed = false;

    *n = 0;
    for (i = 0; i < plan->n_thresholds && *n + 1 < RULES_MAX; i++) {
        const struct threshold *t = &plan->thresholds[i];

        if (!hunt_is_for(t)) {
            continue;
        }
        if (t->agg == AGG_P) {
            rules[(*n)++] = (struct rule){t->percentile, t->limit * 1e3, 0};
            latency++;
        } else {
            rules[(*n)++] = (struct rule){-1, t->limit, 0};
            failed = true;
        }
    }
    if (!failed) {
        rules[(*n)++] = (struct rule){-1, HUNT_FAILED_MAX, 0};
    }
    return latency;
}
