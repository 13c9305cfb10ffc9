/* SPDX-License-Identifier: MIT
 *
 * judged - what a threshold came to, in words, and a check: the same in the
 * summary, in JUnit and where a job is told of it. */
#ifndef RUN_JUDGED_H
#define RUN_JUDGED_H

#include <stdbool.h>
#include <stddef.h>

#include "measure/judge.h"
#include "measure/ledger.h"
#include "run/tick.h"
#include "plan/plan.h"

#define JUDGED_MAX 400

/* Is there anything to say whether the run was good: thresholds that count, or
 * that it did not come to its end in peace? Else it merely ended. */
bool judged_run(const struct tick *tick, bool no_thresholds);

/* "p(95)=142 ms", "rate: nothing fed it", "max=12.0 s, the longest of 3",
 * "p(95)=142 ms over the last 10 s": in the unit of its metric, escaped.
 * Returns buf. */
const char *judged_text(const struct plan *plan, const struct verdict *v,
                        char *buf, size_t size);

/* " over the last 10 s", or "" of one that is judged over the whole run: what
 * tells apart two of the same limit. Returns buf. */
const char *judged_over(const struct threshold *t, char *buf, size_t size);

struct judged_check {
    struct check_line line; /* of all that have its name */
    bool excused; /* some failed, which thresholds on checks allow, and hold */
};
/* false: an earlier check has the same name, and this one is a part of it.
 * no_thresholds: they do not count. */
bool judged_check(const struct plan *plan, const struct ledger *l,
                  const struct tick *tick, bool no_thresholds, size_t check,
                  struct judged_check *out);

#endif
