/* SPDX-License-Identifier: MIT
 *
 * pulse - how often something happened a second, over the last ten seconds of
 * active time: counts of ticks, in a ring. Pure. */
#ifndef RUN_PULSE_H
#define RUN_PULSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PULSE_TICKS    100u   /* ten seconds of them */
#define PULSE_LEAST_US 50000u /* half of one */
/* After a restart: of less time a rate is chance. */
#define PULSE_SETTLE_US 1000000u

/* All zero at first. */
struct pulse {
    uint64_t counts[PULSE_TICKS], active_us[PULSE_TICKS];
    uint64_t count, us; /* their sums */
    size_t at;          /* the oldest, which the next one replaces */
    double was;         /* until there is enough time; 0 at first */
    bool restarted;
};

/* Adds a tick; one without active time is left out, so that a pause keeps what
 * was before. Returns the rate, per second; 0 while there is less than half a
 * tick of time, over which a rate says nothing. */
double pulse_beat(struct pulse *p, uint64_t count, uint64_t active_us);
/* What came up to now is of another load: the rate is of the time from here on,
 * and stands still until there is a second of it. */
void pulse_restart(struct pulse *p);

#endif
