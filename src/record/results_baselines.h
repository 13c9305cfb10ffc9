/* SPDX-License-Identifier: MIT
 *
 * results_baselines - a run held against the baselines of its plan, as JSON. */
#ifndef RECORD_RESULTS_BASELINES_H
#define RECORD_RESULTS_BASELINES_H

#include <cjson/cJSON.h>

#include "run/story.h"

/* insights.baselines. The story's lock is held. */
void results_baselines(cJSON *insights, const struct story *s);

#endif
