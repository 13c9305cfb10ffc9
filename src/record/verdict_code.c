/* SPDX-License-Identifier: MIT
 *
 * verdict_code - the rules of a plan's verdict, as bytes. */
#include "config.h"

#include <stdlib.h>

#include "record/plan_code_internal.h"

void verdict_encode(struct buf *b, const struct plan *p)
{
    size_t i;

    code_put(b, p->n_verdict);
    for (i = 0; i < p->n_verdict; i++) {
        const struct verdict_rule *r = &p->verdict[i];

        code_put(b, (uint64_t)r->level);
        code_put(b, (uint64_t)r->fact);
        code_put_text(b, r->when);
        code_put_text(b, r->hint != NULL ? r->hint : "");
    }
}

static void rule_decode(struct code_in *in, struct plan *p)
{
    struct verdict_rule r = {.level = VERDICT_WARNING};
    char *hint;

    r.level =
        (enum verdict_level)code_get(in, VERDICT_CRITICAL, "a rule's level");
    r.fact = (enum verdict_fact)code_get(in, VERDICT_FACTS - 1, "a figure");
    r.when = code_get_string(in, PLAN_TEXT_MAX, "a rule");
    hint = code_get_string(in, PLAN_TEXT_MAX, "a hint");
    if (*hint != '\0') {
        r.hint = hint;
    } else {
        free(hint);
    }
    if (r.level < VERDICT_WARNING ||
        !verdict_rule_parse(r.when, verdict_fact_kind(r.fact), &r)) {
        code_bad(in, "a rule");
        r.level = VERDICT_WARNING;
    }
    verdict_rules_put(p->verdict, &p->n_verdict, &r);
}

void verdict_decode(struct code_in *in, struct plan *p)
{
    size_t n = code_get_count(in, VERDICT_RULES_MAX, 4, "rules"), i;

    for (i = 0; i < n; i++) {
        rule_decode(in, p);
    }
}
