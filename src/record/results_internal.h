/* SPDX-License-Identifier: MIT
 *
 * results_internal - what the parts of a results file share. */
#ifndef RECORD_RESULTS_INTERNAL_H
#define RECORD_RESULTS_INTERNAL_H

#include <cjson/cJSON.h>

#include "plan/plan.h"

/* Adds the value of a variable of the plan, which itself may be a secret. */
void results_add_env(cJSON *o, const struct plan *plan, const char *name,
                     const char *value);

#endif
