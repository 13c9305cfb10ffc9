/* SPDX-License-Identifier: MIT
 *
 * climb - what the load did to the service on its way up: how long after the
 * load was left that it came back to, the service was bad for the first time;
 * how bad it was; and how many requests failed. Incremental and pure: moments
 * in; no clock. Memory is bounded: levels a tenth apart, as many as lie between
 * one and a million, twice. */
#ifndef INSIGHT_CLIMB_H
#define INSIGHT_CLIMB_H

#include "insight/moment.h"

#define CLIMB_LEVELS 300
/* A p95 is of so many responses, or of so long. */
#define CLIMB_RESPONSES 60
#define CLIMB_FEWEST    20
#define CLIMB_PATIENCE  (5 * UINT64_C(1000000))

struct climb_level {
    uint64_t start_us; /* run time */
    double load;       /* that it began with */
    uint64_t requests, failed;
    uint64_t worst_us; /* p95 of its worst window; 0 = there was none */
};

struct climb {
    struct climb_level levels[CLIMB_LEVELS]; /* a ring */
    size_t n, first;
    struct histo *good; /* owned: of the window */
    uint64_t window_us; /* active time of it */
};

void climb_init(struct climb *c);
void climb_clear(struct climb *c);
void climb_add(struct climb *c, const struct moment *x);

struct climb_sum {
    uint64_t start_us; /* run time: the load was left */
    uint64_t requests, failed, worst_us;
};
/* Of what was added so far: all since the load was last no more than a tenth
 * above `load`, or since the beginning. */
struct climb_sum climb_since(const struct climb *c, double load);

#endif
