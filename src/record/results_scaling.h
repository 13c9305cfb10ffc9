/* SPDX-License-Identifier: MIT
 *
 * results_scaling - throughput over load, as results have it. */
#ifndef RECORD_RESULTS_SCALING_H
#define RECORD_RESULTS_SCALING_H

#include <cjson/cJSON.h>

#include "run/study.h"

/* Adds "scaling" to insights; null with fewer than two levels. */
void results_scaling(cJSON *insights, const struct study *s);
/* Adds "little" to a plateau; null where nothing can be said. */
void results_little(cJSON *plateau, const struct plateau *p);

#endif
