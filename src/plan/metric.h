/* SPDX-License-Identifier: MIT
 *
 * metric - the catalogue of metrics: built-in ones from metric.def, then the
 * plan's own. A metric's id is its index; ids from METRIC_COUNT on are
 * plan->metrics[id - METRIC_COUNT]. */
#ifndef PLAN_METRIC_H
#define PLAN_METRIC_H

#include <stddef.h>

enum metric_type { METRIC_COUNTER, METRIC_GAUGE, METRIC_RATE, METRIC_TREND };
enum metric_contains { METRIC_DEFAULT, METRIC_TIME, METRIC_DATA };

enum metric_id {
#define METRIC(id, name, type, contains, help) METRIC_##id,
#include "plan/metric.def"
#undef METRIC
    METRIC_COUNT
};

struct metric_info {
    const char *name;
    enum metric_type type;
    enum metric_contains contains;
    const char *help; /* NULL for a plan's own */
};

/* Of a built-in metric, 0..METRIC_COUNT-1. Static. */
const struct metric_info *metric_builtin(unsigned id);
/* "counter", "gauge", "rate", "trend". */
const char *metric_type_name(enum metric_type t);
/* "default", "time", "data". */
const char *metric_contains_name(enum metric_contains c);

#endif
