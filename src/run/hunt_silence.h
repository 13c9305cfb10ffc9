/* SPDX-License-Identifier: MIT
 *
 * hunt_silence - is there anything to be hunted at all? Of a service that never
 * answered anything nobody can say where it breaks. Pure: ticks in. */
#ifndef RUN_HUNT_SILENCE_H
#define RUN_HUNT_SILENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/failure.h"
#include "run/tick.h"

/* So long, and so many requests, without one that reached the service. */
#define HUNT_SILENCE_US       (5 * UINT64_C(1000000))
#define HUNT_SILENCE_REQUESTS 5

struct hunt_silence {
    bool answered;     /* something was, at some time */
    uint64_t since_us; /* active time since the first request that ended */
    uint64_t failed[FAILURE_COUNT];
};

/* All 0 at first. true: nothing was ever answered, and by how requests fail (no
 * connection, not HTTP, nothing to be sent) it is not overload. */
bool hunt_silence_feed(struct hunt_silence *s, const struct tick *t);
/* How most of them failed; FAILURE_NONE: none has ended yet. */
enum failure hunt_silence_by(const struct hunt_silence *s);

#endif
