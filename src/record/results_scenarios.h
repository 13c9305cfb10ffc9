/* SPDX-License-Identifier: MIT
 *
 * results_scenarios - the part of results that tells of each scenario. */
#ifndef RECORD_RESULTS_SCENARIOS_H
#define RECORD_RESULTS_SCENARIOS_H

#include <cjson/cJSON.h>

#include "run/story.h"

/* Adds "scenarios": [{name, executor, exec, tags, state, iterations,
 * interrupted, dropped, vus_max, start_late_p99_ms and start_late_max_ms of
 * arrival rates, series{interval_s, t[], vus[], and planned[] (VUs) or
 * rate{planned[], wanted[], achieved[]} (iterations a second) with
 * dropped[]}}]. The story's lock is held. */
void results_scenarios(cJSON *root, const struct story *s);

#endif
