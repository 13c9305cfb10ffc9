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

/* Appends the page of a story; nothing before the first tick. Takes the lock of
 * the story for the copy of what a figure is made of, name by name, and counts
 * and writes without it, so that who feeds the story never waits for a page: a
 * tick may come between two figures of it. */
void prom_page(struct buf *out, struct story *s);

#endif
