/* SPDX-License-Identifier: MIT
 *
 * track - the load of each scenario as it was really asked for, in lines: what
 * the plan's stages came to with jumps, holds, spikes and numbers set by hand.
 * It is what a run is saved as. Fed by ticks, exact to one of them; no clock,
 * no locks. */
#ifndef RUN_TRACK_H
#define RUN_TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "run/tick.h"

/* Of one scenario; beyond, nothing is added and the track is cut short. */
#define TRACK_MAX 480

struct track_line {
    uint64_t us;       /* active time that the scenario ran so */
    uint32_t from, to; /* level at its begin and end */
    char name[64];     /* "spike 100", "by hand 40"; as the plan names stages */
    bool by_hand;      /* other than the plan's stage from begin to end */
};

struct track; /* opaque */

/* info is borrowed and outlives the track. */
struct track *track_new(const struct run_info *info);
void track_free(struct track **t);
void track_feed(struct track *t, const struct tick *tick);

/* Borrowed until the next feed. */
size_t track_count(const struct track *t, size_t scenario);
const struct track_line *track_line(const struct track *t, size_t scenario,
                                    size_t i);
/* It was not the plan's curve alone, from its begin to where it is. */
bool track_steered(const struct track *t, size_t scenario);
/* More happened than there is room for. */
bool track_cut(const struct track *t, size_t scenario);

#endif
