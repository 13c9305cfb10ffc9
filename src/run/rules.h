/* SPDX-License-Identifier: MIT
 *
 * rules - which of a plan's thresholds are rules that a service is held against
 * at each load: where it breaks, whether a level holds, what is back after a
 * spike. That are upper limits on a percentile or the median of a metric of
 * times, and limits on a rate: http_req_failed, checks and the plan's own; with
 * any selector. Averages, extremes, counts, and what is no time, are none:
 * chance cannot be told from a breach there. Without one on http_req_failed as
 * a whole, 5 % of requests may fail. */
#ifndef RUN_RULES_H
#define RUN_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "insight/moment.h"
#include "insight/rule.h"
#include "measure/delta.h"
#include "plan/plan.h"
#include "run/rule_words.h"

/* Share of requests that may fail, where a plan has no rule on it. */
#define RULES_FAILED_MAX 0.05

struct rules {
    struct rule list[RULES_MAX]; /* in the order of the plan; more than
                                    RULES_MAX are left out */
    struct rule_words words[RULES_MAX];
    size_t n;
    /* What parts of a moment are, the first as 0. Borrowed from the plan. */
    struct {
        const struct selector *selector;
        bool missing; /* see sieve_new */
    } parts[RULES_MAX];
    size_t n_parts;
    size_t n_latency; /* of the list, on a percentile */
    bool assumed;     /* the last one is not the plan's: that 5 % may fail */
};

/* Is that threshold one of them? */
bool rules_have(const struct plan *plan, const struct threshold *t);
/* The plan outlives what it fills. */
void rules_of(const struct plan *plan, struct rules *r);

/* The samples of their parts, of a stretch of time. */
struct rule_parts; /* opaque */

/* All are borrowed for the call, but for the plan's thresholds. Owned by the
 * caller. */
struct rule_parts *rule_parts_new(const struct rules *r,
                                  const struct plan *plan,
                                  const struct lineup *lineup);
void rule_parts_free(struct rule_parts **p);
void rule_parts_add(struct rule_parts *p, const struct delta *d);
/* Adds what another one, of the same rules, has. */
void rule_parts_join(struct rule_parts *p, const struct rule_parts *from);
void rule_parts_clear(struct rule_parts *p);
/* May rule i of them have a sample, by what the plan asks in that lineup? All
 * are borrowed for the call. */
bool rule_parts_can(const struct rule_parts *p, const struct rules *r, size_t i,
                    const struct plan *plan, const struct lineup *lineup);
/* Is rule i of them about nothing that a scenario asks? See sieve_aside. */
bool rule_parts_aside(const struct rule_parts *p, const struct rules *r,
                      size_t i, const struct plan *plan);
/* Gives them to a moment: borrowed until the next call. */
void rule_parts_of(struct rule_parts *p, struct moment *x);

#endif
