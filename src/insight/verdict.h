/* SPDX-License-Identifier: MIT
 *
 * verdict - good, warning or critical: what is known of a run held against the
 * rules of the plan, each broken one with its figure, and what to look at. Pure
 * arithmetic: no clock, no I/O, no words. The verdict is for people: thresholds
 * decide the exit code. */
#ifndef INSIGHT_VERDICT_H
#define INSIGHT_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insight/plateaus.h"
#include "plan/verdict_rule.h"

/* Of fewer requests, or of less active time, nothing is said. */
#define VERDICT_REQUESTS_MIN  30
#define VERDICT_ACTIVE_MIN_US (10 * UINT64_C(1000000))

/* What is known of one figure. */
struct verdict_known {
    bool known;
    bool moot;                  /* this run has nothing to know it of */
    double value;               /* in the unit of its kind */
    bool timed;                 /* the next two hold */
    uint64_t first_us, last_us; /* run time: when it was so */
};

struct verdict_facts {
    uint64_t requests;
    uint64_t active_us;
    struct verdict_known of[VERDICT_FACTS];
    /* What hints go by, beside these. */
    uint64_t denied; /* answers 401 and 403 */
    uint64_t wrong;  /* other 4xx, but for 429: the request was at fault */
    uint64_t others; /* failures that are none of a fact's, nor of denied */
    bool rises;      /* under more load responses took longer, or more 5xx and
                        time-outs came */
};

struct verdict_reason {
    const struct verdict_rule *rule; /* borrowed */
    struct verdict_known known;
};

/* What the reasons say together of where to look. */
enum verdict_hint {
    VERDICT_HINT_SATURATED, /* 5xx and time-outs as the load grew */
    VERDICT_HINT_SLOW,      /* slow, and hardly any errors */
    VERDICT_HINT_ERRORS,    /* 5xx, and what else is nobody's but its own */
    VERDICT_HINT_BEHIND,    /* 5xx without more load */
    VERDICT_HINT_REFUSED,   /* connections refused */
    VERDICT_HINT_KEYS,      /* 401, 403 */
    VERDICT_HINT_REQUESTS,  /* other 4xx */
    VERDICT_HINT_LIMITED,   /* told to come back later */
    VERDICT_HINT_MEMORY,    /* memory grows, or is over its limit */
    VERDICT_HINTS
};
/* What to look at, in a line each, from the Vi harness's list; chat: the
 * service talks, so there may be a model behind it. Static; NULL behind the
 * last. */
const char *verdict_hint_line(enum verdict_hint h, bool chat, size_t i);

struct verdict_report {
    enum verdict_level level;
    /* The worst first, a figure once, with the rule that it breaks. */
    struct verdict_reason reasons[VERDICT_FACTS];
    size_t n;
    bool hints[VERDICT_HINTS];
    /* A rule asks for it and it is not known; where it is moot, a rule of the
     * plan's own. */
    bool open[VERDICT_FACTS];
};

/* facts and rules are borrowed as long as the report is used. */
void verdict_of(const struct verdict_facts *facts,
                const struct verdict_rule *rules, size_t n_rules,
                struct verdict_report *out);

/* Normal load: of the scenarios that ran longest together, the least load of
 * those that were held for at least half as long as the one that was held
 * longest; of its stretches the longest, and one that still felt an overload
 * only where there is no other. -1: no load was held. */
int verdict_normal(const struct plateaus *p);

#endif
