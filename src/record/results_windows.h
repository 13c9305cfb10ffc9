/* SPDX-License-Identifier: MIT
 *
 * results_windows - what a later run is compared with, and the comparison with
 * an earlier one, as JSON. */
#ifndef RECORD_RESULTS_WINDOWS_H
#define RECORD_RESULTS_WINDOWS_H

#include <cjson/cJSON.h>

#include "insight/compare.h"
#include "run/story.h"

/* Adds "windows". */
void results_windows(cJSON *root, const struct windows *w);
/* insights.comparison; null without an earlier run. The story's lock is held.
 */
void results_comparison(cJSON *insights, const struct story *s);
/* Levels of a comparison as an array, owned by the caller. */
cJSON *results_levels(const struct compare_report *r);

#endif
