/* SPDX-License-Identifier: MIT
 *
 * describe - what a scenario does, in the words that k6 prints at the start of
 * a run (k6, lib/executor, each GetDescription). */
#ifndef PLAN_DESCRIBE_H
#define PLAN_DESCRIBE_H

#include <stddef.h>

#include "plan/plan.h"

/* "10.00 iterations/s for 1m0s (maxVUs: 20, gracefulStop: 30s)": durations as
 * the plan has them. Returns buf; may hold bytes of the plan. */
const char *scenario_describe(const struct plan *p, const struct scenario *s,
                              char *buf, size_t size);

#endif
