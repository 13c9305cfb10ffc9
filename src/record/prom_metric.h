/* SPDX-License-Identifier: MIT
 *
 * prom_metric - names of Prometheus' series as k6's output has them
 * (https://grafana.com/docs/k6/latest/results-output/real-time/prometheus-remote-write/):
 * "k6_" and the metric, a counter "_total", a rate "_rate", a trend what it is
 * the figure of. Names of metrics and tags are words already (plan/). */
#ifndef RECORD_PROM_METRIC_H
#define RECORD_PROM_METRIC_H

#include <stddef.h>

#include "plan/metric.h"

#define PROM_METRIC_MAX 256

/* "k6_http_reqs_total"; stat: a trend's, "p95", else NULL. Returns buf. */
const char *prom_metric_name(char *buf, size_t size,
                             const struct metric_info *info, const char *stat);
/* Of a trend as a native histogram: with its unit, "k6_http_req_duration_
 * seconds". Returns buf. */
const char *prom_metric_native(char *buf, size_t size,
                               const struct metric_info *info);
/* What a trend's values, thousandths of the metric's unit, are multiplied by:
 * times are in seconds. */
double prom_metric_scale(const struct metric_info *info);

#endif
