/* SPDX-License-Identifier: MIT
 *
 * timers - due times of a worker in a heap: think times, drains, the next
 * change of the planned curve. Whoever owns the heap wakes at timers_next and
 * calls timers_run. No clock of its own. */
#ifndef LOAD_TIMERS_H
#define LOAD_TIMERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clk.h"

/* Embedded in whatever waits; zeroed before its first use. */
struct timer {
    mono_us due;
    size_t place; /* in the heap, from 1; 0 = not armed */
    void (*fire)(void *ctx, mono_us now);
    void *ctx;
};

struct timers; /* opaque */

struct timers *timers_new(void);
void timers_free(struct timers **h);
/* Arms t for due, or moves it. t stays where it is until it fired or is
 * disarmed. */
void timers_arm(struct timers *h, struct timer *t, mono_us due);
void timers_disarm(struct timers *h, struct timer *t);
/* The earliest due time; UINT64_MAX = none. */
mono_us timers_next(const struct timers *h);
/* Fires every timer due at or before now, in order of due; late (may be NULL)
 * is told how late each was. A timer armed from inside for a time that is
 * already past fires in the next call, so a call always ends. */
void timers_run(struct timers *h, mono_us now,
                void (*late)(void *ctx, uint64_t us), void *ctx);

#endif
