/* SPDX-License-Identifier: MIT
 *
 * results_outputs - how what a run is streamed to (--out) fared, in its
 * results. */
#ifndef RECORD_RESULTS_OUTPUTS_H
#define RECORD_RESULTS_OUTPUTS_H

#include <cjson/cJSON.h>

#include "run/story.h"

/* One of them. Owned by the caller. */
cJSON *results_output(const struct output *o);
/* Adds "outputs" to root where there are any; with the story's lock. */
void results_outputs(cJSON *root, const struct story *s);

#endif
