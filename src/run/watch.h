/* SPDX-License-Identifier: MIT
 *
 * watch - notices in the measurements what deserves an event: the first error
 * of each kind, a threshold that fails or recovers, a target that falls
 * silent. */
#ifndef RUN_WATCH_H
#define RUN_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/delta.h"
#include "measure/judge.h"
#include "plan/plan.h"
#include "run/events.h"

struct watch; /* opaque */

/* plan is borrowed and outlives it. */
struct watch *watch_new(const struct plan *plan);
void watch_free(struct watch **w);
/* Kinds of error, statuses and checks that fail for the first time; a target
 * that has not answered any request for two seconds, and that it does again. */
void watch_delta(struct watch *w, uint64_t t_us, const struct delta *d,
                 struct events *out);
/* Nobody answers, or did not within the last ten seconds: what this machine is
 * busy with then is of that, not of the load that it was to make. */
bool watch_unanswered(const struct watch *w, uint64_t t_us);
/* Thresholds that changed sides. One that flutters is told at most every five
 * seconds. */
void watch_verdicts(struct watch *w, uint64_t t_us, const struct verdict *v,
                    size_t n, struct events *out);

#endif
