/* SPDX-License-Identifier: MIT
 *
 * results_verdict - the verdict as JSON. */
#ifndef RECORD_RESULTS_VERDICT_H
#define RECORD_RESULTS_VERDICT_H

#include <cjson/cJSON.h>

#include "run/story.h"

/* insights.verdict. The story's lock is held. */
void results_verdict(cJSON *insights, const struct story *s);

#endif
