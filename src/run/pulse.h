/* SPDX-License-Identifier: MIT
 *
 * pulse - how often something happened a second, over the last ten seconds of
 * active time: counts of ticks, in a ring. Pure. */
#ifndef RUN_PULSE_H
#define RUN_PULSE_H

#include <stddef.h>
#include <stdint.h>

#define PULSE_TICKS    100u   /* ten seconds of them */
#define PULSE_LEAST_US 50000u /* half of one */

/* All zero at first. */
struct pulse {
    uint64_t counts[PULSE_TICKS], active_us[PULSE_TICKS];
    uint64_t count, us; /* their sums */
    size_t at;          /* the oldest, which the next one replaces */
};

/* Adds a tick; one without active time is left out, so that a pause keeps what
 * was before. Returns the rate, per second; 0 while there is less than half a
 * tick of time, over which a rate says nothing. */
double pulse_beat(struct pulse *p, uint64_t count, uint64_t active_us);

#endif
