/* SPDX-License-Identifier: MIT
 *
 * delta - what all workers measured during one tick, merged, compact and
 * immutable: the part of a tick that readers add up. Series are keyed by
 * request, status and failure; names, methods, groups and the scenario follow
 * from the request. */
#ifndef MEASURE_DELTA_H
#define MEASURE_DELTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fifo.h"
#include "measure/failure.h"
#include "measure/histo.h"
#include "measure/shard.h"

enum phase {
    PHASE_DURATION,
    PHASE_BLOCKED,
    PHASE_CONNECTING,
    PHASE_TLS,
    PHASE_SENDING,
    PHASE_WAITING,
    PHASE_RECEIVING,
    PHASE_INTENDED, /* only of requests that are timed from when they were due
                     */
    PHASE_COUNT
};

/* One for each request, status and failure that occurred in the tick, and one
 * more where some of these counted as failed and others not: a row's requests
 * are all of one mind. By rising request, status and failure. */
struct delta_series {
    uint16_t request, status; /* STATUS_OTHER: folded, see SHARD_SERIES_MAX */
    enum failure failure;
    uint64_t count;          /* requests, at least 1 */
    uint64_t failed;         /* of them in http_req_failed: count or 0 */
    uint64_t sent, received; /* bytes */
    way_bits ways;           /* lanes and protocols of all of them */
    struct histo_sparse phase[PHASE_COUNT]; /* µs; empty without response */
};

struct delta_check {
    unsigned check;    /* plan->checks index */
    unsigned scenario; /* index in the lineup */
    uint64_t passes, fails;
};

/* A metric of the plan's own or an sse_ one, for one request. */
struct delta_custom {
    unsigned metric;
    uint16_t request;
    uint64_t total;            /* samples, whatever the type; at least 1 */
    uint64_t hits;             /* rates */
    double sum;                /* counters */
    struct histo_sparse trend; /* thousandths of the unit */
};

/* What is no request, of one scenario; by rising index. */
struct delta_scenario {
    unsigned scenario; /* index in the lineup */
    uint64_t iterations;
    uint64_t interrupted;         /* iterations cut off */
    uint64_t dropped;             /* were due and could not begin */
    struct histo_sparse duration; /* of iterations, µs */
    struct histo_sparse late;     /* of begins against their due time, µs */
};

/* When an error of a kind and status, or a failed check, was first and last
 * met, by the ends of ticks. */
struct delta_seen {
    enum failure kind;
    uint32_t code; /* failure_code */
    uint64_t first_us, last_us;
};

struct delta {
    struct delta_series *series;
    size_t n_series;
    struct delta_check *checks;
    size_t n_checks;
    struct delta_custom *customs;
    size_t n_customs;
    struct failure_sample *failures;
    size_t n_failures;
    struct delta_scenario *scenarios; /* those in which anything happened */
    size_t n_scenarios;
    struct delta_seen *seen; /* only of several ticks that are now one */
    size_t n_seen;
    /* These four of all of them. */
    uint64_t iterations, interrupted, dropped;
    struct histo_sparse late;
    uint64_t interrupted_requests; /* requests cut off: sent, not counted in
                                      http_reqs */
    uint64_t retries;
    uint64_t rejected;       /* values of custom metrics */
    uint64_t folded;         /* samples beyond SHARD_SERIES_MAX series */
    struct histo_sparse lag; /* µs */
};

/* Merges n filled shards into a new delta, owned by the caller; none (n == 0)
 * make an empty one. The shards are left as they are (the caller clears them).
 * The result does not depend on how samples were spread over shards, but for
 * the choice of failure samples. */
struct delta *delta_new(const struct plan *plan, struct shard *const *shards,
                        size_t n);
/* The numbers of d, to be read only; without its failure samples, and without
 * what it has seen. One piece of f, to be let go there, not freed. */
struct delta *delta_keep(struct fifo *f, const struct delta *d);
void delta_free(struct delta **d);
/* Adds the next tick's delta, which ended at t_us of run time, to one that is
 * empty or was made so: their sum, as if it had been one tick, and when errors
 * were seen in it. Of each kind of error the first and the last sample stay. */
void delta_merge(struct delta *into, const struct delta *from, uint64_t t_us);
/* What a row is told apart by; rows of a delta are in its order. */
uint64_t delta_series_key(const struct delta_series *s);
/* Nothing at all happened. */
bool delta_empty(const struct delta *d);
size_t delta_bytes(const struct delta *d);

#endif
