/* SPDX-License-Identifier: MIT
 *
 * course - the load of each scenario over the run: what the plan wanted, what
 * was asked for, and what came of it. Slots of one second; beyond COURSE_MAX of
 * them they merge two by two, so that memory has an end and a run has none.
 * Fed by ticks; no clock, no locks. */
#ifndef RUN_COURSE_H
#define RUN_COURSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "run/tick.h"

#define COURSE_MAX 3600u /* slots of one scenario */

/* A stretch of one scenario. */
struct course_slot {
    uint64_t start_us;        /* run time */
    uint64_t ran_us;          /* active time in which it was to run */
    uint64_t begun, dropped;  /* iterations */
    bool ran;                 /* it was running in some part of it */
    uint32_t planned, wanted; /* level in its middle (slot_leads), or at the
                                 end nearest to it of the time in which it ran,
                                 if any: VUs, or iterations in a time unit */
    uint32_t wanted_max;      /* highest within it */
    uint32_t vus, vus_max;    /* at the same moment; highest within it */
    bool manual;              /* by hand in some part of it */
};

struct course; /* opaque */

struct course *course_new(size_t n_scenarios);
void course_free(struct course **c);
void course_feed(struct course *c, const struct tick *t);

/* Slots of a scenario, oldest first; the last one is still being filled. */
size_t course_count(const struct course *c);
/* Borrowed until the next feed. */
const struct course_slot *course_slot(const struct course *c, size_t scenario,
                                      size_t i);
/* How long a slot lasts, µs: one second, doubled at each merge. */
uint64_t course_slot_us(const struct course *c);
/* The slots that begin within from_us..to_us (run time, to_us excluded) as one.
 * false: there is none, and *out is untouched. */
bool course_over(const struct course *c, size_t scenario, uint64_t from_us,
                 uint64_t to_us, struct course_slot *out);
size_t course_bytes(const struct course *c);

#endif
