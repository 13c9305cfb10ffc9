/* SPDX-License-Identifier: MIT
 *
 * soak - does the service get worse the longer the same load lasts? Keeps the
 * longest stretch of constant load in cells of five seconds or more, and has
 * the trends of them: a p95 that grows while the load does says nothing.
 * Incremental and pure: moments in, trends out; no clock. Memory is bounded
 * (cells merge two by two), and a feed works out one trend at most. */
#ifndef INSIGHT_SOAK_H
#define INSIGHT_SOAK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insight/moment.h"
#include "insight/trend.h"

/* A cell lasts so long, active time; longer, up to the second, while it has
 * fewer responses than a percentile is worth. */
#define SOAK_CELL_US    (5 * UINT64_C(1000000))
#define SOAK_PATIENT_US (30 * UINT64_C(1000000))
#define SOAK_RESPONSES  20
#define SOAK_CELLS_MAX  720 /* an hour; beyond, cells are twice as long */

enum soak_series {
    SOAK_P95,    /* ms, of responses that were expected */
    SOAK_ERRORS, /* share of requests */
    SOAK_MEMORY, /* the service's, bytes: what is left of it at the least */
    SOAK_CPU,    /* the service's, cores */
    SOAK_SERIES
};

struct soak_report {
    uint64_t start_us, end_us; /* run time */
    uint64_t active_us;        /* of it; 0 = there is none */
    uint64_t suspect_us; /* of that, in which the generator was suspect: what
                            p95 did may be its doing */
    double load;
    uint64_t who;                   /* made it: see moment */
    bool server_memory, server_cpu; /* seen: there is a trend of MEMORY, CPU */
    struct trend trends[SOAK_SERIES];
};

struct soak; /* opaque */

/* Owned by the caller. */
struct soak *soak_new(void);
void soak_free(struct soak **s);
void soak_feed(struct soak *s, const struct moment *x);
/* The load ends: everything is worked out to the end. */
void soak_end(struct soak *s);

/* Of the longest stretch, the present one included, as it was a few cells ago
 * while it goes on. Borrowed until the next feed. */
const struct soak_report *soak_report(const struct soak *s);

#endif
