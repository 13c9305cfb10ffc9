/* SPDX-License-Identifier: MIT
 *
 * match - a selector made ready: which series, checks and metrics of the plan
 * it means, so that a sample is tested without looking at a string. A tag that
 * a metric does not carry matches nothing. Inside measure only.
 *
 * Tags carried: http_* and data_*: name, method, status, group, scenario,
 * expected_response, error · checks: check, name, method, group, scenario ·
 * sse_* and the plan's own: name, method, group, scenario · iterations,
 * iteration_duration, dropped_iterations, vus, vus_max: scenario. What setup
 * and teardown do has no scenario, as in k6. All carry the plan's own tags:
 * those of the request, else of the scenario, else of the plan. */
#ifndef MEASURE_MATCH_H
#define MEASURE_MATCH_H

#include <stdbool.h>

#include "measure/delta.h"
#include "measure/keys.h"
#include "plan/plan.h"

enum match_source {
    MATCH_REQS,
    MATCH_PHASE,
    MATCH_FAILED,
    MATCH_SENT,
    MATCH_RECEIVED,
    MATCH_ITERATIONS,
    MATCH_ITERATION_DURATION,
    MATCH_DROPPED,
    MATCH_CHECKS,
    MATCH_GAUGE,
    MATCH_CUSTOM,
};

/* Nobody asked for a scenario. */
#define MATCH_ALL_SCENARIOS ((1u << LINEUP_MAX) - 1)

struct match {
    unsigned metric;
    enum metric_type type;
    enum match_source source;
    enum phase phase; /* MATCH_PHASE */
    bool never;       /* asks for a tag that the metric does not carry, or for a
                         value that no sample can have */
    bool *requests;   /* owned: by request */
    unsigned scenarios; /* bits: by index in the lineup */
    bool *checks;     /* owned: by plan_check_row; NULL but for MATCH_CHECKS */
    size_t n_checks;  /* rows of a scenario */
    int status;       /* -1 = any */
    int expected;     /* 1 or 0; -1 = any */
    int failure;      /* -1 = any */
    int error_status; /* of error:http_503; -1 = any */
};

/* Plan and lineup are borrowed for the call only. */
void match_init(struct match *m, const struct plan *plan,
                const struct lineup *lineup, const struct selector *s);
void match_clear(struct match *m);
bool match_series(const struct match *m, const struct series_key *k);
bool match_custom(const struct match *m, unsigned metric, unsigned request);
bool match_scenario(const struct match *m, unsigned scenario);
bool match_check(const struct match *m, unsigned scenario, unsigned check);
/* Do two selectors ask for the same? */
bool match_same(const struct selector *a, const struct selector *b);

#endif
