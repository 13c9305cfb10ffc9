/* SPDX-License-Identifier: MIT
 *
 * manual_clk - a clock that a test turns by hand. */
#ifndef TESTS_SUPPORT_MANUAL_CLK_H
#define TESTS_SUPPORT_MANUAL_CLK_H

#include "base/clk.h"

struct manual_clk {
    mono_us now;
    struct clk clk; /* reads now */
};

/* m must stay where it is. */
void manual_clk_init(struct manual_clk *m, mono_us now);

#endif
