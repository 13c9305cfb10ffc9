/* SPDX-License-Identifier: MIT
 *
 * results_windows - what a later run is compared with, and the comparison with
 * an earlier one, as JSON. */
#ifndef RECORD_RESULTS_WINDOWS_H
#define RECORD_RESULTS_WINDOWS_H

#include <cjson/cJSON.h>

#include "insight/compare.h"
#include "run/comparison.h"

/* Adds "windows". */
void results_windows(cJSON *root, const struct windows *w);
/* insights.comparison, in the place of what is there; null without an earlier
 * run. Needs no lock: the draws of it are too much work under one. */
void results_comparison(cJSON *insights, const struct comparison_now *now);
/* Levels of a comparison as an array, owned by the caller. */
cJSON *results_levels(const struct compare_report *r);

#endif
