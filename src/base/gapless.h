/* SPDX-License-Identifier: MIT
 *
 * gapless - a clock that stands still while the whole process does: stopped by
 * Ctrl-Z or a debugger, or starved by the machine. Whoever waits or measures by
 * it finds that nothing was missed: no time-out has passed, no planned VU is
 * overdue, and no request is charged with the gap. Any thread may read it; a
 * process that runs must read it, by one thread or another, several times a
 * second. */
#ifndef BASE_GAPLESS_H
#define BASE_GAPLESS_H

#include <stdint.h>

#include "base/clk.h"

/* Nobody looked for so long, and the process used less than a fifth of a core
 * meanwhile: it stood still. (One that worked was only late.) */
#define GAPLESS_US US_PER_SEC

struct gapless; /* opaque */

/* base (borrowed, outlives it) is the clock with the gaps; cpu_us the CPU time
 * that the process has used (clk_process_cpu_us). Owned by the caller. */
struct gapless *gapless_new(const struct clk *base, uint64_t (*cpu_us)(void));
/* Nobody reads it any more. */
void gapless_free(struct gapless **g);
/* The clock itself; borrowed. At most the base's time, and never goes back. */
const struct clk *gapless_clk(struct gapless *g);
/* All gaps so far, in µs: the base's time is this much ahead. A moment of the
 * base becomes one of this clock by taking the total off, and back again by
 * adding it. */
uint64_t gapless_total_us(const struct gapless *g);

/* The process is about to stop, and goes on: exact, where the clock would have
 * to notice by itself. From stand to go the clock stands. One thread. */
void gapless_stand(struct gapless *g);
void gapless_go(struct gapless *g);

#endif
