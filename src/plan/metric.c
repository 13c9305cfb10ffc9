/* SPDX-License-Identifier: MIT
 *
 * metric - the catalogue of the metrics every run has. */
#include "config.h"

#include "plan/metric.h"

#include <assert.h>

#include "base/must.h"

static const struct metric_info metric_table[] = {
#define METRIC(id, name, type, contains, help)                                 \
    [METRIC_##id] = {name, METRIC_##type, METRIC_##contains, help},
#include "plan/metric.def"
#undef METRIC
};
static_assert(sizeof metric_table / sizeof metric_table[0] == METRIC_COUNT,
              "metrics");

const struct metric_info *metric_builtin(unsigned id)
{
    MUST(id < METRIC_COUNT);
    return &metric_table[id];
}

const char *metric_type_name(enum metric_type t)
{
    static const char *const names[] = {
        [METRIC_COUNTER] = "counter",
        [METRIC_GAUGE] = "gauge",
        [METRIC_RATE] = "rate",
        [METRIC_TREND] = "trend",
    };

    return names[t];
}

const char *metric_contains_name(enum metric_contains c)
{
    static const char *const names[] = {
        [METRIC_DEFAULT] = "default",
        [METRIC_TIME] = "time",
        [METRIC_DATA] = "data",
    };

    return names[c];
}
