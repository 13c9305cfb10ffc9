/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/manual_clk.h"

static mono_us manual_clk_now(void *ctx)
{
    const struct manual_clk *m = ctx;

    return m->now;
}

void manual_clk_init(struct manual_clk *m, mono_us now)
{
    m->now = now;
    m->clk = (struct clk){manual_clk_now, m};
}
