/* SPDX-License-Identifier: MIT
 *
 * figures - metrics of a ledger as JSON, with k6's names and units: shared by
 * results and summary export. */
#ifndef RECORD_FIGURES_H
#define RECORD_FIGURES_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "measure/ledger.h"
#include "plan/plan.h"

/* The values of one metric: a counter's {count, rate}, a gauge's {value, min,
 * max}, a rate's {rate, passes, fails}, a trend's {count, avg, min, med, max,
 * p(90), p(95), p(99), p(99.9)}. NULL when nothing fed it. Owned by the
 * caller. */
cJSON *figures_values(const struct plan *plan, const struct ledger *l,
                      const struct selector *s);

/* {type, contains, values}; NULL when nothing fed it. Owned by the caller. */
cJSON *figures_metric(const struct plan *plan, const struct ledger *l,
                      const struct selector *s);

/* Calls fn for every metric that the plan can feed: all built-in and own ones,
 * then the tagged ones that thresholds name, then
 * http_req_duration{expected_response:true}. text is the metric's name as k6
 * writes it; both arguments are borrowed for the call. */
typedef void figures_each_fn(void *ctx, const char *text,
                             const struct selector *s);
void figures_each(const struct plan *plan, figures_each_fn *fn, void *ctx);

#endif
