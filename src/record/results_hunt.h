/* SPDX-License-Identifier: MIT
 *
 * results_hunt - what a hunt found and tried, as results have it. */
#ifndef RECORD_RESULTS_HUNT_H
#define RECORD_RESULTS_HUNT_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "run/study.h"
#include "run/tick.h"

/* Adds "hunt": null where there is none. */
void results_hunt(cJSON *insights, const struct run_info *info,
                  const struct study *s);
/* Adds "breaking_point" where there is a hunt: what it found, or null. false:
 * there is no hunt, and nothing is added. */
bool results_hunt_breaking(cJSON *insights, const struct run_info *info,
                           const struct study *s);

#endif
