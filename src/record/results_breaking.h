/* SPDX-License-Identifier: MIT
 *
 * results_breaking - where the service breaks, as results have it. */
#ifndef RECORD_RESULTS_BREAKING_H
#define RECORD_RESULTS_BREAKING_H

#include <cjson/cJSON.h>

#include "run/study.h"

/* Adds "breaking_point" to insights, which is not confirmed where a level was
 * left too early to be sure; null where nothing broke. */
void results_breaking(cJSON *insights, const struct run_info *info,
                      const struct study *s);

#endif
