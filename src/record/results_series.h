/* SPDX-License-Identifier: MIT
 *
 * results_series - the parts of results that are long: the run over time and
 * the histograms. */
#ifndef RECORD_RESULTS_SERIES_H
#define RECORD_RESULTS_SERIES_H

#include <cjson/cJSON.h>

#include "measure/ledger.h"
#include "plan/plan.h"
#include "run/tick.h"

/* Adds "series": {interval_s, t[], vus[], planned[], rps[], p50[], p95[],
 * p99[], errors[]}: t in seconds of run time, latencies in ms (null where
 * nothing completed), errors as a share (null where nothing was requested); and
 * server_memory[], server_cpu[], server{NAME[]} where that was ever seen. */
void results_series(cJSON *root, const struct server_names *names,
                    const struct ledger *l);
/* Adds "histograms": {METRIC: [[low_us, count], …]} of http_req_duration, in
 * all and by request name, and of each own trend of the plan. */
void results_histograms(cJSON *root, const struct plan *plan,
                        const struct ledger *l);

#endif
