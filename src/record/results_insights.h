/* SPDX-License-Identifier: MIT
 *
 * results_insights - what was made of a run's figures, as results have it:
 * plateaus, recoveries, the breaking point and the verdict. */
#ifndef RECORD_RESULTS_INSIGHTS_H
#define RECORD_RESULTS_INSIGHTS_H

#include <cjson/cJSON.h>

#include "run/story.h"

/* Adds "insights". The story's lock is held. */
void results_insights(cJSON *root, const struct story *story);

#endif
