/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/prom_metric.h"

#include <stdio.h>

#include "base/must.h"

const char *prom_metric_name(char *buf, size_t size,
                             const struct metric_info *info, const char *stat)
{
    switch (info->type) {
    case METRIC_COUNTER:
        (void)snprintf(buf, size, "k6_%s_total", info->name);
        break;
    case METRIC_GAUGE:
        (void)snprintf(buf, size, "k6_%s", info->name);
        break;
    case METRIC_RATE:
        (void)snprintf(buf, size, "k6_%s_rate", info->name);
        break;
    case METRIC_TREND:
        MUST(stat != NULL);
        (void)snprintf(buf, size, "k6_%s_%s", info->name, stat);
        break;
    }
    return buf;
}

const char *prom_metric_native(char *buf, size_t size,
                               const struct metric_info *info)
{
    static const char *const units[] = {
        [METRIC_DEFAULT] = "",
        [METRIC_TIME] = "_seconds",
        [METRIC_DATA] = "_bytes",
    };

    (void)snprintf(buf, size, "k6_%s%s", info->name, units[info->contains]);
    return buf;
}

double prom_metric_scale(const struct metric_info *info)
{
    return info->contains == METRIC_TIME ? 1e-6 : 1e-3;
}
