/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/clk.h"

#include <stddef.h>
#include <time.h>

#include "base/must.h"

static uint64_t clk_read_us(clockid_t id)
{
    struct timespec ts;
    int rc = clock_gettime(id, &ts);

    MUST(rc == 0);
    return (uint64_t)ts.tv_sec * US_PER_SEC + (uint64_t)ts.tv_nsec / 1000;
}

static mono_us clk_system_now(void *ctx)
{
    (void)ctx;
    return clk_read_us(CLOCK_MONOTONIC);
}

const struct clk *clk_system(void)
{
    static const struct clk clk = {.now = clk_system_now, .ctx = NULL};

    return &clk;
}

uint64_t clk_thread_cpu_us(void)
{
    return clk_read_us(CLOCK_THREAD_CPUTIME_ID);
}

uint64_t clk_process_cpu_us(void)
{
    return clk_read_us(CLOCK_PROCESS_CPUTIME_ID);
}
