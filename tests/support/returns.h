/* SPDX-License-Identifier: MIT
 *
 * returns - the conductor's study of its own run, for kits that have no
 * conductor: where a threshold is on recovery_time, the judge is told what
 * every tick says of it. */
#ifndef TESTS_SUPPORT_RETURNS_H
#define TESTS_SUPPORT_RETURNS_H

#include "measure/judge.h"
#include "run/study.h"

/* NULL: no threshold asks. Owned by the caller. */
static inline struct study *returns_study(const struct run_info *info)
{
    size_t i;

    for (i = 0; i < info->plan->n_thresholds; i++) {
        const struct threshold *t = &info->plan->thresholds[i];

        if (t->selector.metric == METRIC_RECOVERY_TIME) {
            return study_new(info);
        }
    }
    return NULL;
}

static inline void returns_tick(struct study *s, struct judge *j,
                                const struct tick *t)
{
    struct judge_returns r;

    if (s != NULL) {
        study_feed(s, t);
        study_returns(s, &r);
        judge_returned(j, &r);
    }
}

#endif
