/* SPDX-License-Identifier: MIT
 *
 * results_trends - whether the service got worse under the same load, as
 * results have it. */
#ifndef RECORD_RESULTS_TRENDS_H
#define RECORD_RESULTS_TRENDS_H

#include <cjson/cJSON.h>

#include "run/study.h"

/* Adds "trends" to insights. */
void results_trends(cJSON *insights, const struct run_info *info,
                    const struct study *s);

#endif
