/* SPDX-License-Identifier: MIT
 *
 * hunt_log - what a reader of ticks keeps of a hunt: how it stands, the loads
 * that were tried, and what it did when. */
#ifndef RUN_HUNT_LOG_H
#define RUN_HUNT_LOG_H

#include <stddef.h>

#include "run/tick.h"

enum hunt_doing {
    HUNT_TRIES, /* a load, or is on the way to it */
    HUNT_RESTS, /* after an overload */
    HUNT_HANDS, /* the operator has the wheel */
};

/* It did the same for a while. */
struct hunt_turn {
    uint64_t from_us, to_us; /* run time */
    enum hunt_doing doing;
    uint32_t load;   /* that is tried; HUNT_RESTS: the one before */
    unsigned number; /* of the try, from 1 */
    bool decided;    /* HUNT_TRIES: it was, and so: */
    enum search_verdict verdict;
};

struct hunt_log; /* opaque */

struct hunt_log *hunt_log_new(void);
void hunt_log_free(struct hunt_log **l);
void hunt_log_feed(struct hunt_log *l, const struct tick *t);
/* NULL: there is no hunt. Borrowed until the next feed, as the next. */
const struct tick_hunt *hunt_log_now(const struct hunt_log *l);
/* Oldest first. */
size_t hunt_log_count(const struct hunt_log *l);
const struct tick_probe *hunt_log_at(const struct hunt_log *l, size_t i);
/* The same of its turns, each of which begins where the one before ended. */
size_t hunt_log_turns(const struct hunt_log *l);
const struct hunt_turn *hunt_log_turn(const struct hunt_log *l, size_t i);

#endif
