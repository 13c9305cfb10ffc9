/* SPDX-License-Identifier: MIT
 *
 * anomalies - what went on in a run that its load does not explain, each found
 * by a file of its own: stalls, outages, limits of rate, errors that begin at
 * one request, two humps in a latency, requests that wait instead of being
 * served, warm-up, and p95 that became another. Incremental and pure: beats,
 * moments and plateaus in, a list out; no clock. The cost of a beat and the
 * memory are bounded. */
#ifndef INSIGHT_ANOMALIES_H
#define INSIGHT_ANOMALIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insight/beat.h"
#include "insight/culprit.h"
#include "insight/modes.h"
#include "insight/moment.h"
#include "insight/outages.h"
#include "insight/outages_named.h"
#include "insight/plateaus.h"
#include "insight/shifts.h"
#include "insight/stalls.h"
#include "insight/throttles.h"

#define ANOMALIES_EACH                                                         \
    40 /* kept of a kind; what comes later is counted only                     \
        */
/* Requests whose latencies are told apart. */
#define ANOMALIES_REQUESTS 16

enum anomaly_kind {
    ANOMALY_STALL,
    ANOMALY_OUTAGE,
    ANOMALY_LIMIT,
    ANOMALY_ERRORS,
    ANOMALY_MODES,
    ANOMALY_QUEUE,
    ANOMALY_WARMUP,
    ANOMALY_CHANGE,
    ANOMALY_KINDS
};
/* "stall", "outage", "rate_limit", "errors_begin", "bimodal", "queueing",
 * "warm_up", "change". */
const char *anomaly_kind_name(enum anomaly_kind k);

/* Two humps in the latency of one request. */
struct anomaly_modes {
    unsigned request;
    uint64_t n; /* responses that they were seen in */
    struct modes m;
};

/* More load, as many requests a second, longer responses. */
struct anomaly_queue {
    uint64_t who; /* of these scenarios: see moment */
    double load_from, load_to;
    double most; /* requests a second that did not fail, of the levels up to
                    load_to */
    struct queueing_side was, is;
};

struct anomaly {
    enum anomaly_kind kind;
    uint64_t start_us, end_us; /* run time; the same where it is of a moment */
    bool over; /* it ended: of a limit, no 429 has come for so long that it is
                  no longer felt; of a queue, the load is back where nothing
                  waited. Either may come again */
    union {
        struct stall stall;
        struct outage outage;
        struct throttles_found limit;
        struct culprit_found errors;
        struct anomaly_modes modes;
        struct anomaly_queue queue;
        struct shift shift; /* WARMUP, CHANGE */
    } u;
};

struct anomalies; /* opaque */

/* Owned by the caller. */
struct anomalies *anomalies_new(void);
void anomalies_free(struct anomalies **a);
void anomalies_beat(struct anomalies *a, const struct beat *b);
void anomalies_moment(struct anomalies *a, const struct moment *x);
/* A plateau has been closed: the last closed one is looked at. */
void anomalies_plateau(struct anomalies *a, const struct plateaus *p);
/* A response with status 429 asked to come again after s seconds. */
void anomalies_retry_after(struct anomalies *a, double s);
/* The load ends. */
void anomalies_end(struct anomalies *a);

/* In the order in which they were found, which is about that of their ends.
 * Borrowed until the next feed. */
size_t anomalies_count(const struct anomalies *a);
const struct anomaly *anomalies_at(const struct anomalies *a, size_t i);
/* All that were found of a kind, kept or not. */
size_t anomalies_found(const struct anomalies *a, enum anomaly_kind k);
/* How many are not kept. */
size_t anomalies_dropped(const struct anomalies *a);

#endif
