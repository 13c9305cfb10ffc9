/* SPDX-License-Identifier: MIT
 *
 * results_insights - what was made of a run's figures, as results have it:
 * plateaus, recoveries and the breaking point. */
#ifndef RECORD_RESULTS_INSIGHTS_H
#define RECORD_RESULTS_INSIGHTS_H

#include <cjson/cJSON.h>

#include "run/study.h"

/* Adds "insights". */
void results_insights(cJSON *root, const struct run_info *info,
                      const struct study *s);

#endif
