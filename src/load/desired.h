/* SPDX-License-Identifier: MIT
 *
 * desired - what the conductor wants to be true of one scenario. It tells a
 * worker a state, never a change; each worker works out its own share of it:
 * the scenario's n-th VU lives on worker (n - 1) mod workers. */
#ifndef LOAD_DESIRED_H
#define LOAD_DESIRED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clk.h"
#include "plan/curve.h"

enum load_phase {
    LOAD_WAIT,  /* before the start: no VU runs */
    LOAD_RUN,   /* as the level says */
    LOAD_DRAIN, /* the end: running iterations end, at most graceful_us */
    LOAD_CUT,   /* the end, at once */
};

struct desired {
    uint64_t revision; /* rises with every change; the same for all scenarios
                          that are posted together */
    enum load_phase phase;
    bool paused; /* running iterations end, then none begins; VUs stay */
    /* The level: how many VUs, or how many iterations begin in a time unit. A
     * fixed number, or the plan's curve at the stage clock. The stage clock is
     * now - origin, or held_us while it is held. */
    bool follow;
    uint32_t level; /* !follow */
    mono_us origin; /* follow && !held */
    bool held;
    uint64_t held_us; /* follow && held */
    /* Arrival rates: the moment from which this state holds, and the area
     * under the rate until then (desired_area of the state before). The
     * schedule goes on from there and never makes up for what was not planned:
     * a change makes no burst. Others ignore them. */
    mono_us since;
    uint64_t area;
    uint32_t max_vus;     /* never more than these */
    uint64_t graceful_us; /* a VU that is one too many finishes its iteration
                             within this time, then is cut: gracefulRampDown in
                             LOAD_RUN, gracefulStop in LOAD_DRAIN */
};

/* Of an arrival rate, whose curve c is: the area under the rate up to `at`
 * (plan/schedule.h), if d holds until then. A pause, and a phase that is not
 * LOAD_RUN, add nothing; at before since is taken for since. */
uint64_t desired_area(const struct desired *d, const struct curve *c,
                      mono_us at);
/* When that area reaches `area`, at or after since; UINT64_MAX = never. */
mono_us desired_when(const struct desired *d, const struct curve *c,
                     uint64_t area);

#endif
