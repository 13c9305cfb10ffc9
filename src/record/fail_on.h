/* SPDX-License-Identifier: MIT
 *
 * fail_on - "p95{stage:spike}>+10%": what may not differ between two runs, read
 * and held against them. The grammar, blanks allowed everywhere:
 *
 *   FIGURE [ "{" TAG ":" VALUE [ "," TAG ":" VALUE ] "}" ] (">" | "<") CHANGE
 *   FIGURE  p50, p95, p99, rate (requests a second; also req/s, as tables have
 *           it, or rps, as JSON has) or errors (their share; also error_rate)
 *   TAG     name (of a request), or stage (its name, its label or its number),
 *           with scenario where several have it; the value "*" is each of them;
 *           in quotes it may hold commas and braces
 *   CHANGE  a signed number with a unit: % of what it was, or of percentiles a
 *           time (ms, s), of the rate /s; of errors % and pt are both points:
 *           from 1 % to 2.5 % is +1.5 %
 *
 * A rule fails where the change passes the limit and is more than chance: the
 * moments of both runs differ that way, too, at 95 %. A limit on the other side
 * of zero ("p95>-10%": it has to become better by so much) is one that chance
 * has to be held against itself. Strict rules look at the change alone. */
#ifndef RECORD_FAIL_ON_H
#define RECORD_FAIL_ON_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "record/versus.h"

#define FAIL_ON_MAX      64 /* rules */
#define FAIL_ON_TEXT_MAX 400

enum fail_unit {
    FAIL_SHARE, /* of what it was; of errors points: both as a share */
    FAIL_US,    /* of percentiles */
    FAIL_A_SECOND,
};

struct fail_rule {
    char text[FAIL_ON_TEXT_MAX]; /* as written */
    enum compare_figure figure;
    enum versus_kind kind;
    char name[FAIL_ON_TEXT_MAX];     /* "*" = each; "" of the run */
    char scenario[FAIL_ON_TEXT_MAX]; /* "" = any */
    bool above;                      /* ">" */
    double limit;
    enum fail_unit unit;
};

/* Reads a rule. false: e says what is wrong with it, and at which character. */
bool fail_rule_parse(const char *text, struct fail_rule *out,
                     struct err *e) MUST_CHECK;
/* Is the row one that the rule is about? */
bool fail_rule_is_of(const struct fail_rule *rule,
                     const struct versus_row *row);
/* Is it about any row? false: e names what there is. */
bool fail_rule_check(const struct fail_rule *rule, const struct versus *v,
                     struct err *e) MUST_CHECK;

enum fail_state {
    FAIL_HOLDS,  /* the change is within the limit */
    FAIL_CHANCE, /* beyond it, but that may be chance: holds */
    FAIL_SHORT,  /* beyond it, and there is too little to tell: holds */
    FAIL_NEW,    /* there was nothing before: holds */
    FAIL_GONE,   /* there is nothing now: fails */
    FAIL_FAILS,
};
enum fail_state fail_rule_judge(const struct fail_rule *rule,
                                const struct versus_row *row, bool strict);
bool fail_state_fails(enum fail_state s);
/* "holds", "may_be_chance", "too_short", "nothing_before", "nothing_now",
 * "fails". */
const char *fail_state_name(enum fail_state s);
/* The same for people: "beyond the limit, but may be chance". */
const char *fail_state_text(enum fail_state s);

#endif
