/* SPDX-License-Identifier: MIT
 *
 * appraisal - what is known of a run so far as the facts of a verdict, the
 * verdict, and both in words: what summary, results and screen have in common
 * of it. */
#ifndef RUN_APPRAISAL_H
#define RUN_APPRAISAL_H

#include "insight/verdict.h"
#include "run/story.h"

#define APPRAISAL_TEXT 256

struct appraisal {
    struct verdict_facts facts;
    struct verdict_report report; /* borrows the plan's rules */
    /* "6.20 % of requests failed: 1,204 of 19,400, from 1:02 to 2:10", by
     * reason. Safe to show. */
    char reasons[VERDICT_FACTS][APPRAISAL_TEXT];
    /* "warning: errors over 1 %", "good: …", "not enough to say: …". */
    char text[APPRAISAL_TEXT];
    bool suspect; /* the generator was, at some time: these may be its figures
                   */
    bool chat;    /* the plan's service talks: hints may speak of a model */
};

/* Of a story whose lock is held. a is filled as a whole. */
void appraise(const struct story *s, struct appraisal *a);

/* Walks over what to look at, each line once: a hint of a broken rule's own,
 * else what fits the reasons. They go on from "look at: ", and one that begins
 * like that itself is told without it. NULL behind the last. */
const char *appraisal_hint(const struct appraisal *a, size_t i);
/* "p95 growth, memory growth": what rules ask for and nobody knows; "" = none.
 * Returns buf. */
const char *appraisal_open(const struct appraisal *a, char *buf, size_t size);

#endif
