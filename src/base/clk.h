/* SPDX-License-Identifier: MIT
 *
 * clk - monotonic time in microseconds, behind a seam so that tests turn it by
 * hand. Only clk.c and wall.c read a clock. */
#ifndef BASE_CLK_H
#define BASE_CLK_H

#include <stdint.h>

/* Microseconds of the monotonic clock; meaningless as a date. */
typedef uint64_t mono_us;

#define US_PER_MS  1000ULL
#define US_PER_SEC 1000000ULL

struct clk {
    mono_us (*now)(void *ctx);
    void *ctx; /* borrowed, for the clock's lifetime */
};

/* The system's CLOCK_MONOTONIC. Any thread. */
const struct clk *clk_system(void);

static inline mono_us clk_now(const struct clk *c)
{
    return c->now(c->ctx);
}

/* CPU time used by the calling thread, and by the whole process, in µs. */
uint64_t clk_thread_cpu_us(void);
uint64_t clk_process_cpu_us(void);

#endif
