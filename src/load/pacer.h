/* SPDX-License-Identifier: MIT
 *
 * pacer - wakes a loop at an instant of the monotonic clock. libev waits in
 * whole milliseconds; a timerfd does not. Where there is none, libev's timer
 * stands in. */
#ifndef LOAD_PACER_H
#define LOAD_PACER_H

#include "base/clk.h"

struct ev_loop;
struct pacer; /* opaque */

/* loop is borrowed and outlives the pacer. A wake-up calls nobody: whoever has
 * work that is due looks for it before each wait (ev_prepare). clk must be the
 * system's. Owned by the caller. */
struct pacer *pacer_new(struct ev_loop *loop, const struct clk *clk);
void pacer_free(struct pacer **p);
/* The loop shall not wait beyond due (UINT64_MAX = as long as it likes). May
 * wake it earlier as well. Cheap when due is not before what was set last. */
void pacer_set(struct pacer *p, mono_us due);

#endif
