/* SPDX-License-Identifier: MIT
 *
 * shard - the samples of one worker since they were last taken. The worker
 * alone writes to it; it is handed over whole and comes back empty. No locks,
 * and no allocation once a series and its histogram blocks exist. */
#ifndef MEASURE_SHARD_H
#define MEASURE_SHARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/failure.h"
#include "measure/way.h"
#include "plan/plan.h"

struct shard; /* opaque */

/* Distinct (request, status, failure) series are capped (a server may make up
 * statuses): what comes after is counted under its request and failure with
 * status STATUS_OTHER, and the fold is counted. A plan of more than 128
 * requests has 8 series for each of them. */
#define SHARD_SERIES_MAX 1024
#define STATUS_OTHER     0xffff

/* What one request (one hop) measured. All times in µs. Counts add up:
 * requests = the sum over statuses, plus the kinds of failure without a
 * response; so a failure without a response has no status (one given is taken
 * for 0), no duration and no phases. Failed checks are counted beside that, by
 * shard_check; FAILURE_CHECK, with failed = false, may say here that an
 * otherwise good response failed one, for charts of errors. */
struct sample {
    uint16_t request; /* plan->requests index */
    uint16_t status;  /* 0 = no response */
    enum failure failure;
    bool failed;   /* counts in http_req_failed */
    way_bits ways; /* its lane and protocol; 0 = it never went out */
    uint64_t blocked, connecting, tls, sending, waiting, receiving;
    uint64_t duration;       /* sending + waiting + receiving; ignored when no
                                response came */
    uint64_t intended;       /* from the moment it was due to the end of its
                                response; 0 = not timed so (only requests of
                                arrival rates are), else at least 1 */
    uint64_t sent, received; /* bytes, headers included */
};

/* plan is borrowed and outlives the shard. */
struct shard *shard_new(const struct plan *plan);
void shard_free(struct shard **s);
void shard_clear(struct shard *s);
/* Samples go there as well (measure/tap.h); borrowed. NULL = to nobody. */
struct tap;
void shard_set_tap(struct shard *s, struct tap *t);

void shard_request(struct shard *s, const struct sample *x);
/* check: index in plan->checks; scenario: of the request it belongs to. */
void shard_check(struct shard *s, unsigned scenario, unsigned check, bool pass);
/* The plan's own metrics; metric >= METRIC_COUNT, request for its tags. */
void shard_trend(struct shard *s, unsigned metric, unsigned request,
                 uint64_t milli); /* thousandths of the metric's unit: µs where
                                     it is in ms */
void shard_rate(struct shard *s, unsigned metric, unsigned request, bool hit);
void shard_count(struct shard *s, unsigned metric, unsigned request,
                 double value);
/* A value of a custom metric that is negative or not a number. */
void shard_rejected(struct shard *s, unsigned metric);
/* Of a scenario, by its index in the lineup that runs (below LINEUP_MAX). */
void shard_iteration(struct shard *s, unsigned scenario, uint64_t duration_us);
/* An iteration cut off by a hard stop, and its request in flight if any. */
void shard_interrupted(struct shard *s, unsigned scenario, bool in_request);
/* A VU's own setup was cut off, which is no iteration; in_request as above. */
void shard_interrupted_setup(struct shard *s, bool in_request);
/* Iterations that were due and could not begin. */
void shard_dropped(struct shard *s, unsigned scenario, uint64_t n);
/* How late the begin of an iteration was against its due time. */
void shard_late(struct shard *s, unsigned scenario, uint64_t us);
/* A kept connection had died; the request went out again on a new one. */
void shard_retry(struct shard *s);
/* Lateness of a timer against its due time. */
void shard_lag(struct shard *s, uint64_t us);
/* sse_* metrics of a finished stream of this request. */
void shard_sse_first(struct shard *s, unsigned request, uint64_t us);
void shard_sse_gap(struct shard *s, unsigned request, uint64_t us);
void shard_sse_end(struct shard *s, unsigned request, uint64_t events,
                   bool complete);
/* Is there room for a sample of this failure in this shard? (A few of each kind
 * and request a shard, and one of each check, with room of their own.) So that
 * nothing is copied in vain. */
bool shard_wants_failure(const struct shard *s, enum failure kind,
                         unsigned request, unsigned status);
bool shard_wants_check(const struct shard *s, unsigned check);
/* Copies x, where there is room. */
void shard_failure(struct shard *s, const struct failure_sample *x);

#endif
