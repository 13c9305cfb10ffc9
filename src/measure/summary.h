/* SPDX-License-Identifier: MIT
 *
 * summary - requests by outcome in figures: of the run, of its last seconds, of
 * a stretch of it. Plain data, and where each figure comes from. */
#ifndef MEASURE_SUMMARY_H
#define MEASURE_SUMMARY_H

#include <stdint.h>

#include "measure/histo.h"

struct summary {
    uint64_t requests;  /* all, with and without response */
    uint64_t responses; /* with a duration */
    uint64_t failed;
    double rate;             /* requests per active second */
    double error_rate;       /* failed / requests, 0 when none */
    uint64_t sent, received; /* bytes */
    uint64_t min_us, p50_us, p90_us, p95_us, p99_us, max_us; /* 0 when none */
    double mean_us;
    uint64_t due;                    /* responses timed from when their request
                                        was due: arrival rates */
    uint64_t due_p95_us, due_p99_us; /* http_req_intended_duration of those */
};

/* What follows from requests and failed, which are there: so many were begun
 * (parts of one, too, where time was cut) within that active time. */
void summary_rates(struct summary *s, double begun, uint64_t active_us);
/* All that durations tell, in µs; NULL = there are none. */
void summary_durations(struct summary *s, const struct histo *h);
/* All that durations from when a request was due tell; NULL = none. */
void summary_due(struct summary *s, const struct histo *h);

#endif
