/* SPDX-License-Identifier: MIT
 *
 * points - what a tick measured, as k6 has it: by metric and set of tags
 * (https://grafana.com/docs/k6/latest/using-k6/tags-and-groups/). What every
 * kind of --out is made of. No samples: counts, sums and histograms, of all of
 * the tick. Each set of tags of a metric comes once in a tick. No clock, no
 * locks. */
#ifndef RECORD_POINTS_H
#define RECORD_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/failure.h"
#include "measure/histo.h"
#include "plan/metric.h"
#include "plan/scenario.h"
#include "run/tick.h"

/* k6's tags, by name. Which metric has which: measure/match.h; those of
 * requests have the URL besides. */
enum point_tag {
    POINT_CHECK,
    POINT_ERROR,             /* kind of failure, as in measure/failure.def */
    POINT_EXPECTED_RESPONSE, /* "true", "false" */
    POINT_GROUP,             /* "::outer::inner" */
    POINT_METHOD,
    POINT_NAME,
    POINT_SCENARIO,
    POINT_STATUS, /* "200"; "0" = no response, as in k6; "other" = folded */
    POINT_URL, /* as the plan has it, ${…} of env settled, secrets masked */
    POINT_TAGS
};
/* "check", "expected_response", … */
const char *point_tag_name(enum point_tag t);

struct point {
    unsigned metric; /* plan_metric_info's */
    struct metric_info info;
    /* Those that are not there are NULL; none is "". As the plan has them: not
     * escaped. Borrowed for the call, as what follows. */
    const char *tags[POINT_TAGS];
    const struct tag *own; /* the plan's own, by name; none is "" */
    size_t n_own;
    uint64_t count; /* samples, at least 1; of a gauge 1 */
    double value;   /* COUNTER: to be added; GAUGE: its value; RATE: hits, of
                       count; TREND: sum, in the metric's unit */
    /* TREND, else NULL: thousandths of the metric's unit (µs where that is
     * ms). */
    const struct histo_sparse *trend;
};

struct points; /* opaque */

/* info is borrowed, and what it points to. */
struct points *points_new(const struct run_info *info);
void points_free(struct points **p);

/* Calls fn for each metric and set of tags that has samples in t, in the same
 * order each time, and for the gauges. Ticks come in their order; the same one
 * may come again. */
typedef void point_fn(void *ctx, const struct point *p);
void points_each(struct points *p, const struct tick *t, point_fn *fn,
                 void *ctx);

/* How a request ended. */
struct point_end {
    unsigned request, status; /* index in the plan; STATUS_OTHER: folded */
    enum failure failure;
    bool failed; /* in http_req_failed */
};
/* Gives x the tags of such requests; its metric and figures are left alone.
 * What is written to status, POINT_STATUS_TEXT bytes, is one of them. */
#define POINT_STATUS_TEXT 8
void points_request(const struct points *p, const struct point_end *end,
                    struct point *x, char *status);

/* The same of other samples of a request, of a check, of a scenario's
 * iterations. */
void points_plain(const struct points *p, unsigned request, struct point *x);
void points_check(const struct points *p, unsigned scenario, unsigned check,
                  struct point *x);
void points_scenario(const struct points *p, unsigned scenario,
                     struct point *x);

/* All tags of p by name, k6's and the plan's own together. */
typedef void point_tag_fn(void *ctx, const char *name, const char *value);
void point_tags(const struct point *p, point_tag_fn *fn, void *ctx);

/* Values that its samples had, rising, and how many had each: a rate's are 0
 * and 1; a trend's are in the metric's unit, within the buckets of its
 * histogram such that they add up to its sum, and the least and the most are as
 * they were (histo_sparse_values). Of a counter and a gauge its own, once. */
typedef void point_value_fn(void *ctx, double value, uint64_t count);
void point_values(const struct point *p, point_value_fn *fn, void *ctx);

#endif
