/* SPDX-License-Identifier: MIT
 *
 * results_anomalies - what went on in the run that its load does not explain,
 * as results have it. */
#ifndef RECORD_RESULTS_ANOMALIES_H
#define RECORD_RESULTS_ANOMALIES_H

#include <cjson/cJSON.h>

#include "run/study.h"

/* Adds "anomalies" to insights. */
void results_anomalies(cJSON *insights, const struct study *s);

#endif
