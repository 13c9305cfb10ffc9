/* SPDX-License-Identifier: MIT
 *
 * read_verdict - the plan's own rules for the verdict. Each stands in the place
 * of the built-in one of its level and figure; false takes that away. */
#include "config.h"

#include "plan/read.h"

#include <string.h>

#include "base/xalloc.h"

/* hint: NULL = none. */
static void verdict_when(struct reader *r, const char *when, const char *hint,
                         struct verdict_rule *rule)
{
    struct plan *p = r->plan;

    if (!verdict_rule_parse(when, verdict_fact_kind(rule->fact), rule)) {
        reader_fail(r, "'%.120s': expected something like \"%s\"", when,
                    verdict_fact_example(rule->fact));
        return;
    }
    if (rule->fact == VERDICT_ERRORS && rule->limit > 1) {
        reader_fail(
            r,
            "'%.120s': of all requests no more than 100%% fail; five of "
            "a hundred are \"%s\"",
            when, verdict_fact_example(rule->fact));
        return;
    }
    rule->when = xstrdup(when);
    rule->hint = hint != NULL ? xstrdup(hint) : NULL;
    verdict_rules_put(p->verdict, &p->n_verdict, rule);
}

/* {"when": ">2s", "hint": "…"} */
static void verdict_object(struct reader *r, const cJSON *v,
                           struct verdict_rule *rule)
{
    const char *when = NULL, *hint = NULL;
    size_t mark;

    (void)reader_object(r, v, KEY_RULE);
    if (reader_get(v, "when") == NULL) {
        reader_fail(r, "'when' is missing: \"%s\"",
                    verdict_fact_example(rule->fact));
    }
    (void)reader_m_name(r, v, "hint", &hint);
    if (reader_m_name(r, v, "when", &when)) {
        mark = reader_enter(r, "when");
        verdict_when(r, when, hint, rule);
        reader_leave(r, mark);
    }
}

static void verdict_one(struct reader *r, const cJSON *v,
                        enum verdict_level level, enum verdict_fact fact)
{
    struct verdict_rule rule = {.level = level, .fact = fact};
    const char *when = NULL;

    if (cJSON_IsFalse(v)) {
        verdict_rules_drop(r->plan->verdict, &r->plan->n_verdict, level, fact);
    } else if (cJSON_IsObject(v)) {
        verdict_object(r, v, &rule);
    } else if (!cJSON_IsString(v)) {
        reader_fail(r,
                    "expected a limit such as \"%s\", an object with when, or "
                    "false for no rule, not %s",
                    verdict_fact_example(fact), reader_kind(v));
    } else if (reader_name(r, v, &when)) {
        verdict_when(r, when, NULL, &rule);
    }
}

static void verdict_level(struct reader *r, const cJSON *v,
                          enum verdict_level level)
{
    const char *words[VERDICT_FACTS];
    const cJSON *m;
    char hint[256];
    int i;

    for (i = 0; i < VERDICT_FACTS; i++) {
        words[i] = verdict_fact_name((enum verdict_fact)i);
    }
    if (!reader_names(r, v, "rules", VERDICT_FACTS * 2)) {
        return;
    }
    cJSON_ArrayForEach(m, v)
    {
        int fact = verdict_fact_find(m->string);
        size_t mark;

        if (fact < 0) {
            reader_fail_key(r, m->string,
                            "no figure of a verdict has this name%s",
                            reader_hint(hint, sizeof hint, m->string, words,
                                        VERDICT_FACTS));
            continue;
        }
        mark = reader_enter(r, m->string);
        verdict_one(r, m, level, (enum verdict_fact)fact);
        reader_leave(r, mark);
    }
}

void read_verdict(struct reader *r, const cJSON *v)
{
    static const enum verdict_level levels[] = {VERDICT_WARNING,
                                                VERDICT_CRITICAL};
    size_t i;

    if (!reader_object(r, v, KEY_VERDICT)) {
        return;
    }
    for (i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        const char *name = verdict_level_name(levels[i]);
        const cJSON *m = reader_get(v, name);
        size_t mark;

        if (m != NULL) {
            mark = reader_enter(r, name);
            verdict_level(r, m, levels[i]);
            reader_leave(r, mark);
        }
    }
}
