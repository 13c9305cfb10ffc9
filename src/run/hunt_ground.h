/* SPDX-License-Identifier: MIT
 *
 * hunt_ground - is there anything to be hunted at all? Of a service that never
 * answered nobody can say where it breaks, nor of a plan that fails whatever
 * the load is: with requests that never succeed in ways that no load explains,
 * a check that never passes, or nothing that succeeds at the lowest load. Pure:
 * ticks in. */
#ifndef RUN_HUNT_GROUND_H
#define RUN_HUNT_GROUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "run/tick.h"

/* So long, and so many requests, before anything is said. */
#define HUNT_GROUND_US       (5 * UINT64_C(1000000))
#define HUNT_GROUND_REQUESTS 5
/* At the lowest load: failures that overload may bring, too. */
#define HUNT_GROUND_LOWEST_US (10 * UINT64_C(1000000))
/* Requests, and checks, of a plan that are looked at: its first ones. */
#define HUNT_GROUND_MAX 64

struct ground_request {
    uint64_t since_us;      /* active time since the first one ended */
    uint64_t count, failed; /* ended; of them */
    uint64_t plain;         /* of these, in ways that no load explains */
    enum failure kind;      /* of the first that failed: */
    unsigned status;
    uint64_t same; /* that failed as the first did */
    char said[HUNT_SAID_MAX];
};

struct ground_check {
    uint64_t since_us, passes, fails;
    char said[HUNT_SAID_MAX];
};

struct hunt_ground {
    const struct plan *plan;        /* borrowed; NULL: nothing has a name */
    double allowed;                 /* share of requests that may fail */
    bool answered;                  /* a response came, at some time */
    bool succeeded;                 /* a request did */
    uint64_t since_us;              /* active time since the first one ended */
    uint64_t all, loaded;           /* ended; failed as overload may bring it */
    uint64_t failed[FAILURE_COUNT]; /* until the first response */
    uint64_t lowest_us, lowest;     /* at the lowest load, without a break:
                                       active time; requests that ended */
    struct ground_request requests[HUNT_GROUND_MAX];
    struct ground_check checks[HUNT_GROUND_MAX];
};

void hunt_ground_init(struct hunt_ground *g, const struct plan *plan,
                      double allowed);
/* NONE: it may be hunted, or it is too early to say. */
enum hunt_cut hunt_ground_feed(struct hunt_ground *g, const struct tick *t);
/* What to say of it: the check that never passed, where that is what ended it;
 * else the requests of which most failed. */
struct hunt_fault hunt_ground_fault(const struct hunt_ground *g,
                                    const struct tick *t);

#endif
