/* SPDX-License-Identifier: MIT
 *
 * mini_plan - a small plan made by hand, for tests of what only needs its
 * shape: names, checks, metrics of its own. All static text, nothing owned.
 *
 *   request 0  POST "chat"    group ""        checks 0 "status is 200", 1 "has
 * output" request 1  POST "stream"  group "::talk"  check  2 "status is 200"
 *   request 2  GET  "chat"    group ""        (shares its name with request 0)
 *   request 3  GET  "health"  group "::setup" in setup
 * Own metrics: MINI_TIME a trend in ms, MINI_ERRORS a rate, MINI_CHIMES a
 * counter. */
#ifndef TESTS_SUPPORT_MINI_PLAN_H
#define TESTS_SUPPORT_MINI_PLAN_H

#include "plan/plan.h"

#define MINI_REQUESTS   4
#define MINI_CHECKS     3
#define MINI_THRESHOLDS 8

enum {
    MINI_TIME = METRIC_COUNT,
    MINI_ERRORS,
    MINI_CHIMES,
};

struct mini_plan {
    struct plan plan;
    struct request requests[MINI_REQUESTS];
    struct request *list[MINI_REQUESTS];
    struct check checks[MINI_CHECKS];
    const struct check *check_list[MINI_CHECKS];
    struct flow_op setup[1];
    struct plan_metric metrics[3];
    char *names[3];  /* chat, stream, health */
    char text[1024]; /* what the char * above point into */
    size_t text_used;
    struct scenario scenario; /* "spike" */
    struct lineup lineup;     /* it alone */
    struct threshold thresholds[MINI_THRESHOLDS];
    struct selector_tag tags[MINI_THRESHOLDS];
};

/* m must stay where it is. */
void mini_plan_init(struct mini_plan *m);

/* Adds a threshold on metric, with one tag when value is not NULL. Returns it
 * for the rest to be filled in. */
struct threshold *mini_threshold(struct mini_plan *m, unsigned metric,
                                 enum tag_id tag, const char *value,
                                 enum threshold_agg agg, double percentile,
                                 enum threshold_op op, double limit);

#endif
