/* SPDX-License-Identifier: MIT
 *
 * desired - what the conductor wants to be true. It tells a worker a state,
 * never a change; each worker works out its own share of it: VU number n lives
 * on worker (n - 1) mod workers. */
#ifndef LOAD_DESIRED_H
#define LOAD_DESIRED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clk.h"

enum load_phase {
    LOAD_WAIT,  /* before the start: no VU runs */
    LOAD_RUN,   /* as many VUs as mode says */
    LOAD_DRAIN, /* the end: running iterations end, at most graceful_us */
    LOAD_CUT,   /* the end, at once */
};

struct desired {
    uint64_t revision; /* rises with every change */
    enum load_phase phase;
    bool paused; /* running iterations end, then none begins; VUs stay */
    /* How many VUs: a fixed number, or the plan's curve at the stage clock. The
     * stage clock is now - origin, or held_us while it is held. */
    bool follow;
    uint32_t vus;   /* !follow */
    mono_us origin; /* follow && !held */
    bool held;
    uint64_t held_us;     /* follow && held */
    uint32_t max_vus;     /* never more than these */
    uint64_t graceful_us; /* a VU that is one too many finishes its iteration
                             within this time, then is cut: gracefulRampDown in
                             LOAD_RUN, gracefulStop in LOAD_DRAIN */
};

#endif
