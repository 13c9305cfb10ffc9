/* SPDX-License-Identifier: MIT
 *
 * study_back - what "back" means of a recovery: what it was held against. */
#include "config.h"

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "run/study_internal.h"

/* Limits that are told in a line. */
#define BACK_SHOWN 3

/* What is usual is lower than the plan's limit on p95 of all. */
static bool back_left_out(const struct study *s,
                          const struct recovery_episode *e, size_t rule)
{
    return e->usual && study_rule_on_p95(&s->rules.list[rule]);
}

size_t study_back_count(const struct study *s, const struct recovery_episode *e)
{
    size_t n = e->usual ? 1 : 0, i;

    if (e->reference != RECOVERY_BY_LIMIT) {
        return 0;
    }
    for (i = 0; i < s->rules.n; i++) {
        n += !back_left_out(s, e, i);
    }
    return n;
}

const char *study_back_text(const struct study *s,
                            const struct recovery_episode *e, size_t i,
                            char *buf, size_t size)
{
    static const struct rule_words p95 = {RULE_TIME, "p95"};
    size_t rule;

    MUST(i < study_back_count(s, e));
    if (e->usual && i-- == 0) {
        return rule_words_tell(&p95, (double)e->tolerance_us, buf, size);
    }
    for (rule = 0; i > 0 || back_left_out(s, e, rule); rule++) {
        i -= !back_left_out(s, e, rule);
    }
    return study_rule_text(s, rule, buf, size);
}

/* "p95 of Chat <5 s, p99 <9 s, errors <5 % and 2 more". */
static void back_limits(const struct study *s, const struct recovery_episode *e,
                        char *buf, size_t size)
{
    size_t n = study_back_count(s, e), i;
    char x[RULE_TEXT_MAX];

    for (i = 0; i < n && i < BACK_SHOWN; i++) {
        text_add(buf, size, "%s%s",
                 i == 0       ? ""
                 : i + 1 == n ? " and "
                              : ", ",
                 study_back_text(s, e, i, x, sizeof x));
    }
    if (n > BACK_SHOWN) {
        text_add(buf, size, " and %zu more", n - BACK_SHOWN);
    }
    text_add(buf, size, " (the %s)",
             e->usual ? "baseline of the plan and its limits" : "limits");
}

void tell_back(const struct study *s, const struct recovery_episode *e,
               char *buf, size_t size)
{
    char y[NUM_MAX];

    text_add(buf, size, "; back means ");
    if (e->limits) {
        back_limits(s, e, buf, size);
        return;
    }
    text_add(buf, size, "p95 up to %s", num_latency(y, e->tolerance_us));
    if (e->reference == RECOVERY_BY_BASELINE) {
        text_add(buf, size, " (%s before)", num_latency(y, e->p95_us));
    } else {
        text_add(buf, size, " (the %s)",
                 e->usual ? "baseline of the plan" : "limit");
    }
    text_add(buf, size, " and errors up to %s", num_percent(y, e->error_rate));
}
