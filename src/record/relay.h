/* SPDX-License-Identifier: MIT
 *
 * relay - the seconds of a run (run/frame.h, record/tick_code.h), from the
 * thread that closes ticks to one that may be slow: a disk, a receiver. What
 * waits is bounded: beyond that, seconds are put together, which costs nothing
 * but their grain. No clock but for how long the taker waits. */
#ifndef RECORD_RELAY_H
#define RECORD_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "run/tick.h"

struct relay; /* opaque */

/* A tick of more than raw_max bytes is lost. */
struct relay *relay_new(size_t raw_max);
void relay_free(struct relay **r);

/* The giver's thread, up to relay_settle. */
/* Adds the next tick; t is borrowed for the call. Nothing after the end. */
void relay_tick(struct relay *r, const struct tick *t);
/* No tick comes any more: gives what there is, whatever waits. */
void relay_last(struct relay *r);
/* The same, and the taker need not wait for more. */
void relay_end(struct relay *r);
/* Up to now: given; put together with what came after; too large. */
struct relay_counts {
    uint64_t frames, held_back, lost;
};
struct relay_counts relay_counts(const struct relay *r);
/* Waits until nothing waits and the taker asks for more. */
void relay_settle(struct relay *r);

/* The taker's. */
struct relay_piece {
    struct buf raw; /* owned by the caller: a tick's bytes */
    bool more;      /* another waits */
    bool last;      /* nothing comes after it */
};
enum relay_got {
    RELAY_PIECE, /* *p is one */
    RELAY_NONE,  /* none came in time */
    RELAY_OVER,  /* that was all */
};
/* Waits for the next one, wait_us at most (UINT64_MAX: for ever); the one
 * before is done with. */
enum relay_got relay_take(struct relay *r, uint64_t wait_us,
                          struct relay_piece *p);

/* Any thread: nobody needs what is given from now on. */
void relay_refuse(struct relay *r);

#endif
