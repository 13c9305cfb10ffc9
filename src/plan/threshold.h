/* SPDX-License-Identifier: MIT
 *
 * threshold - a limit on a metric as data: k6's syntax
 * (https://grafana.com/docs/k6/latest/using-k6/thresholds/), parsed. Judged in
 * measure/judge.h. */
#ifndef PLAN_THRESHOLD_H
#define PLAN_THRESHOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "plan/metric.h"

enum threshold_agg {
    AGG_COUNT, /* counter */
    AGG_RATE,  /* counter: per second; rate: share 0..1 */
    AGG_VALUE, /* gauge */
    AGG_AVG,   /* trend, and what follows */
    AGG_MIN,
    AGG_MAX,
    AGG_MED,
    AGG_P,
};

enum threshold_op { OP_LT, OP_LE, OP_GT, OP_GE, OP_EQ, OP_NE };

/* Tags a selector may ask for. */
enum tag_id {
    TAG_NAME,
    TAG_METHOD,
    TAG_STATUS,
    TAG_GROUP,
    TAG_SCENARIO,
    TAG_CHECK,
    TAG_EXPECTED_RESPONSE,
    TAG_ERROR, /* the error's kind, as in measure/failure.def */
    TAG_OWN,   /* the plan's own, by name */
    TAG_COUNT
};

struct selector_tag {
    enum tag_id tag;
    char *value; /* owned, as the next */
    char *name;  /* TAG_OWN; else NULL */
};

/* A metric, and which of its samples: all tags must match. */
struct selector {
    unsigned metric;           /* id, see plan/metric.h */
    struct selector_tag *tags; /* owned */
    size_t n_tags;
};

struct threshold {
    struct selector selector;
    char *metric_text; /* owned: "http_req_duration{name:ChatRequest}" */
    char *expression;  /* owned: "p(95)<3000", as written */
    enum threshold_agg agg;
    double percentile; /* AGG_P: 0..100 */
    enum threshold_op op;
    double limit; /* in the metric's unit: ms, bytes, a count, a share */
    bool abort_on_fail;
    uint64_t delay_abort_us;
    uint64_t window_us; /* judged over this last time; 0 = the whole run */
};

/* Tag's name as in k6: "name", "expected_response". */
const char *threshold_tag_name(enum tag_id tag);
/* "<", "<=", … */
const char *threshold_op_name(enum threshold_op op);
bool threshold_holds(enum threshold_op op, double value, double limit);

/* Parses "p(95) < 3s" for a metric of the given type: fills agg, percentile,
 * op and limit. Times are ms unless they carry a unit. Limits are within
 * -1e15..1e15. */
bool threshold_parse_expression(const char *text, enum metric_type type,
                                enum metric_contains contains,
                                struct threshold *t, struct err *e) MUST_CHECK;

void threshold_clear(struct threshold *t);

#endif
