/* SPDX-License-Identifier: MIT
 *
 * results_names - what each request name had over time, as JSON: what a later
 * run's table of requests is held against while it goes on. */
#ifndef RECORD_RESULTS_NAMES_H
#define RECORD_RESULTS_NAMES_H

#include <cjson/cJSON.h>

#include "measure/ledger.h"
#include "plan/plan.h"

/* Points of all names together: with many names, or in a long run, they are
 * further apart. About 50 bytes each. */
#define RESULTS_NAMES_POINTS 14400
/* What a point is of: the screen's table shows the last ten seconds, too. */
#define RESULTS_NAMES_WINDOW_US LEDGER_WINDOW_US

/* Adds "series" {interval_s, window_s, t[], requests[], rps[], p50[], p95[],
 * p99[], errors[]}
 * to those elements of endpoints (by name, in the plan's order) that had
 * requests: t is run time in seconds, at the end of a window, the rest of that
 * window; percentiles in ms, from merged histograms, null where nothing
 * completed. None where there are so many names that it would be a point or
 * two of each. The story's lock is held. */
void results_names(cJSON *endpoints, const struct plan *plan,
                   const struct ledger *l);

#endif
