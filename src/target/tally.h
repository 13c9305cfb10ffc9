/* SPDX-License-Identifier: MIT
 *
 * tally - what the target has counted since its start, and how /v1/metrics
 * writes it. One writer, no locks; target/target.h has the meanings. */
#ifndef TARGET_TALLY_H
#define TARGET_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/wall.h"

enum endpoint {
#define ENDPOINT(id, method, path) ENDPOINT_##id,
#include "target/tally.def"
#undef ENDPOINT
    ENDPOINT_OTHER, /* answered with 404 */
    ENDPOINT_COUNT
};

enum status {
#define STATUS(id, code) STATUS_##id,
#include "target/tally.def"
#undef STATUS
    STATUS_COUNT
};

struct tally {
    uint64_t requests[ENDPOINT_COUNT][STATUS_COUNT];
    uint64_t answered; /* the sum of requests */
    uint64_t chat_ok;
    uint64_t chat_error;
    uint64_t rate_limited;
    uint64_t autonomy_events;
    uint64_t chimes;
    struct wall started;
};

void tally_init(struct tally *t);
/* Counts one response. */
void tally_answer(struct tally *t, enum endpoint endpoint, enum status status);
/* The endpoint that serves this; ENDPOINT_OTHER when none does. */
enum endpoint tally_route(const char *method, const char *path);
/* 200 and so on. */
unsigned tally_code(enum status status);

/* Appends Prometheus' text form (0.0.4). strain: 0..1, as capacity has it.
 * resident_bytes 0: unknown, left out. */
void tally_prometheus(const struct tally *t, double strain,
                      uint64_t resident_bytes, struct buf *out);
/* Appends the JSON form. */
void tally_json(const struct tally *t, struct buf *out);

/* Resident memory of this process in bytes, from /proc; 0: not to be had. */
uint64_t tally_resident(void);

#endif
