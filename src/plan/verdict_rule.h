/* SPDX-License-Identifier: MIT
 *
 * verdict_rule - from which figures of a run on it is a warning, or critical:
 * as data, built in or the plan's own. Judged in insight/verdict.h. */
#ifndef PLAN_VERDICT_RULE_H
#define PLAN_VERDICT_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

enum verdict_level {
    VERDICT_UNKNOWN, /* not enough to say */
    VERDICT_GOOD,
    VERDICT_WARNING,
    VERDICT_CRITICAL,
    VERDICT_LEVELS
};
/* "unknown", "good", "warning", "critical". */
const char *verdict_level_name(enum verdict_level l);

enum verdict_kind {
    VERDICT_TIME,  /* µs */
    VERDICT_SHARE, /* 0..1, of growth also more */
    VERDICT_COUNT,
};

enum verdict_fact {
#define VERDICT_FACT(id, name, kind, help) VERDICT_##id,
#include "plan/verdict_rule.def"
    VERDICT_FACTS
};
/* "p95", "error_rate", … */
const char *verdict_fact_name(enum verdict_fact f);
enum verdict_kind verdict_fact_kind(enum verdict_fact f);
/* The fact of that name, or -1. */
int verdict_fact_find(const char *name);
/* What a rule on it looks like: ">2s". Static. */
const char *verdict_fact_example(enum verdict_fact f);

struct verdict_rule {
    enum verdict_level level; /* WARNING or CRITICAL */
    enum verdict_fact fact;
    bool reached; /* ">=": the limit itself is enough */
    double limit; /* in the kind's unit */
    char *when;   /* owned: as written, ">2s" */
    char *hint;   /* owned: what to look at; NULL = what is built in */
};
#define VERDICT_RULES_MAX ((size_t)2 * VERDICT_FACTS)

/* Fills reached and limit from ">2s", ">=5%", ">0". false: it is no such
 * text. */
bool verdict_rule_parse(const char *when, enum verdict_kind kind,
                        struct verdict_rule *rule) MUST_CHECK;
/* Does that value break the rule? */
bool verdict_rule_broken(const struct verdict_rule *rule, double value);

/* The built-in rules into a list of VERDICT_RULES_MAX; returns how many. */
size_t verdict_rules_builtin(struct verdict_rule *rules);
/* Is it as the one that is built in, and not a plan's own? */
bool verdict_rule_builtin(const struct verdict_rule *rule);
/* Puts it in the place of the rule of its level and fact, else at the end.
 * Takes its texts. */
void verdict_rules_put(struct verdict_rule *rules, size_t *n,
                       const struct verdict_rule *rule);
/* No rule of that level and fact any more. */
void verdict_rules_drop(struct verdict_rule *rules, size_t *n,
                        enum verdict_level level, enum verdict_fact fact);
/* Frees the texts of all of them. */
void verdict_rules_clear(struct verdict_rule *rules, size_t *n);

#endif
