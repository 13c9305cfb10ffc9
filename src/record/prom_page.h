/* SPDX-License-Identifier: MIT
 *
 * prom_page - a run as a page in Prometheus' text exposition format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). Names are
 * those of k6's Prometheus output: "k6_" and the metric, a counter "_total", a
 * rate "_rate", a trend "_min", "_avg", "_med", "_max", "_p90", "_p95" and
 * "_p99", times in seconds; figures are of the whole run, so far. Requests are
 * told by name and method, http_reqs by status and error besides, checks by
 * check, iterations by scenario. What k6 has not is named brunt_: the durations
 * of all requests as a summary, thresholds, how the run stands. */
#ifndef RECORD_PROM_PAGE_H
#define RECORD_PROM_PAGE_H

#include "base/buf.h"
#include "run/story.h"

#define PROM_PAGE_TYPE "text/plain; version=0.0.4; charset=utf-8"
#define PROM_PAGE_MAX  (16u << 20)

/* Appends the page of a story whose lock is held: about as much work as a frame
 * of the screen. Nothing before the first tick. */
void prom_page(struct buf *out, const struct story *s);

#endif
