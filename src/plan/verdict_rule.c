/* SPDX-License-Identifier: MIT
 *
 * verdict_rule - the tables of facts and built-in rules. */
#include "config.h"

#include "plan/verdict_rule.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"

/* Beyond any run. */
#define VERDICT_MS_MAX 1e15

static const struct {
    const char *name;
    enum verdict_kind kind;
} verdict_facts[] = {
#define VERDICT_FACT(id, name, kind, help)                                     \
    [VERDICT_##id] = {name, VERDICT_##kind},
#include "plan/verdict_rule.def"
};
_Static_assert(sizeof verdict_facts / sizeof verdict_facts[0] == VERDICT_FACTS,
               "a row for each fact");

static const struct {
    enum verdict_level level;
    enum verdict_fact fact;
    const char *when;
} verdict_builtin[] = {
#define VERDICT_RULE(level, fact, when) {VERDICT_##level, VERDICT_##fact, when},
#include "plan/verdict_rule.def"
};

const char *verdict_level_name(enum verdict_level l)
{
    switch (l) {
    case VERDICT_UNKNOWN:
    case VERDICT_LEVELS:
        break;
    case VERDICT_GOOD:
        return "good";
    case VERDICT_WARNING:
        return "warning";
    case VERDICT_CRITICAL:
        return "critical";
    }
    return "unknown";
}

const char *verdict_fact_name(enum verdict_fact f)
{
    MUST(f < VERDICT_FACTS);
    return verdict_facts[f].name;
}

enum verdict_kind verdict_fact_kind(enum verdict_fact f)
{
    MUST(f < VERDICT_FACTS);
    return verdict_facts[f].kind;
}

int verdict_fact_find(const char *name)
{
    int i;

    for (i = 0; i < VERDICT_FACTS; i++) {
        if (strcmp(verdict_facts[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

const char *verdict_fact_example(enum verdict_fact f)
{
    switch (verdict_fact_kind(f)) {
    case VERDICT_TIME:
        return ">2s";
    case VERDICT_SHARE:
        return ">5%";
    case VERDICT_COUNT:
        break;
    }
    return ">10";
}

static bool verdict_limit(const char *s, enum verdict_kind kind, double *limit)
{
    const char *end = "";
    uint64_t n;
    double v;

    switch (kind) {
    case VERDICT_TIME: /* ms, as everywhere in a plan, or with a unit */
        if (num_double(s, &v)) {
            *limit = v * 1e3;
            return v >= 0 && v <= VERDICT_MS_MAX;
        }
        if (!dur_parse(s, &n)) {
            return false;
        }
        *limit = (double)n;
        return true;
    case VERDICT_SHARE:
        if (!num_double_prefix(s, &v, &end) || v < 0) {
            return false;
        }
        *limit = *end == '%' ? v / 100 : v;
        return strcmp(end, "%") == 0 || (*end == '\0' && v <= 1);
    case VERDICT_COUNT:
        if (!num_u64(s, 0, UINT64_C(1) << 53, &n)) {
            return false;
        }
        *limit = (double)n;
        return true;
    }
    return false;
}

bool verdict_rule_parse(const char *when, enum verdict_kind kind,
                        struct verdict_rule *rule)
{
    const char *s = when + strspn(when, " ");
    bool reached;
    double limit = 0;

    if (*s != '>') {
        return false;
    }
    reached = s[1] == '=';
    s += reached ? 2 : 1;
    if (!verdict_limit(s + strspn(s, " "), kind, &limit) ||
        (reached && limit <= 0)) { /* nothing would ever be good */
        return false;
    }
    rule->reached = reached;
    rule->limit = limit;
    return true;
}

bool verdict_rule_broken(const struct verdict_rule *rule, double value)
{
    return rule->reached ? value >= rule->limit : value > rule->limit;
}

size_t verdict_rules_builtin(struct verdict_rule *rules)
{
    size_t n = sizeof verdict_builtin / sizeof verdict_builtin[0], i;

    for (i = 0; i < n; i++) {
        struct verdict_rule *r = &rules[i];

        *r = (struct verdict_rule){
            .level = verdict_builtin[i].level,
            .fact = verdict_builtin[i].fact,
            .when = xstrdup(verdict_builtin[i].when),
        };
        MUST(verdict_rule_parse(r->when, verdict_fact_kind(r->fact), r));
    }
    return n;
}

static void verdict_rule_clear(struct verdict_rule *r)
{
    free(r->when);
    free(r->hint);
    *r = (struct verdict_rule){.when = NULL};
}

static size_t verdict_rules_find(const struct verdict_rule *rules, size_t n,
                                 enum verdict_level level,
                                 enum verdict_fact fact)
{
    size_t i = 0;

    while (i < n && (rules[i].level != level || rules[i].fact != fact)) {
        i++;
    }
    return i;
}

bool verdict_rule_builtin(const struct verdict_rule *rule)
{
    size_t n = sizeof verdict_builtin / sizeof verdict_builtin[0], i;

    for (i = 0; i < n && rule->hint == NULL; i++) {
        if (rule->level == verdict_builtin[i].level &&
            rule->fact == verdict_builtin[i].fact &&
            strcmp(rule->when, verdict_builtin[i].when) == 0) {
            return true;
        }
    }
    return false;
}

void verdict_rules_put(struct verdict_rule *rules, size_t *n,
                       const struct verdict_rule *rule)
{
    size_t i = verdict_rules_find(rules, *n, rule->level, rule->fact);

    if (i < *n) {
        verdict_rule_clear(&rules[i]);
    } else {
        MUST(*n < VERDICT_RULES_MAX);
        (*n)++;
    }
    rules[i] = *rule;
}

void verdict_rules_drop(struct verdict_rule *rules, size_t *n,
                        enum verdict_level level, enum verdict_fact fact)
{
    size_t i = verdict_rules_find(rules, *n, level, fact);

    if (i == *n) {
        return;
    }
    verdict_rule_clear(&rules[i]);
    (*n)--;
    memmove(&rules[i], &rules[i + 1], (*n - i) * sizeof *rules);
}

void verdict_rules_clear(struct verdict_rule *rules, size_t *n)
{
    size_t i;

    for (i = 0; i < *n; i++) {
        verdict_rule_clear(&rules[i]);
    }
    *n = 0;
}
