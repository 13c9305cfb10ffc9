/* SPDX-License-Identifier: MIT
 *
 * shard_internal - the inside of a shard, for shard.c, delta.c and their tests.
 * Rows once made stay, empty or not, so that a worker at work allocates
 * nothing. */
#ifndef MEASURE_SHARD_INTERNAL_H
#define MEASURE_SHARD_INTERNAL_H

#include "measure/delta.h"
#include "measure/keys.h"
#include "measure/shard.h"

/* Samples of failures kept in one shard between two clears: of requests, and of
 * checks, so that neither keeps the other out. */
#define SHARD_FAILURES_MAX  64u
#define SHARD_FAILURES_EACH 2u  /* of one kind, status and request */
#define SHARD_CHECKS_MAX    64u /* one of each check */

struct shard_series {
    uint64_t count, failed, sent, received;
    way_bits ways;                    /* of all of them */
    struct histo *phase[PHASE_COUNT]; /* owned; NULL without a response */
};

struct shard_custom {
    uint64_t hits, total;
    double sum;
    struct histo *trend; /* owned; NULL until its first value */
};

struct shard_check_count {
    uint64_t passes, fails;
};

/* What is no request, by scenario. */
struct shard_scenario {
    uint64_t iterations, interrupted, dropped;
    struct histo *duration, *late; /* owned; NULL until the first */
};

/* The series a request went to last: most go there again. */
struct shard_last {
    uint64_t key;
    uint32_t row; /* KEYS_NONE = nothing yet */
};

struct shard {
    const struct plan *plan; /* borrowed */
    struct tap *tap;         /* borrowed; NULL = none */
    struct keys series_keys, custom_keys;
    struct shard_series *series; /* owned, by series_keys */
    size_t cap_series;
    struct shard_custom *customs; /* owned, by custom_keys */
    size_t cap_customs;
    struct shard_last *last;          /* owned, by request */
    struct shard_check_count *checks; /* owned, by plan_check_row */
    struct failure_sample *failures;  /* owned */
    uint64_t failure_keys[SHARD_FAILURES_MAX + SHARD_CHECKS_MAX];
    size_t n_failures, cap_failures;
    size_t n_check_failures; /* among them */
    struct shard_scenario scenarios[LINEUP_MAX];
    uint64_t interrupted_requests, retries, rejected, folded;
    struct histo *lag; /* owned */
};

/* What a custom row is known by. */
static inline uint64_t custom_key_pack(unsigned metric, unsigned request)
{
    return (uint64_t)metric << 16 | request;
}

static inline unsigned custom_key_metric(uint64_t key)
{
    return (unsigned)(key >> 16);
}

static inline uint16_t custom_key_request(uint64_t key)
{
    return (uint16_t)key;
}

#endif
