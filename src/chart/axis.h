/* SPDX-License-Identifier: MIT
 *
 * axis - the shared time axis of all charts: how far it reaches and where its
 * labels stand. Pure arithmetic. */
#ifndef CHART_AXIS_H
#define CHART_AXIS_H

#include <stddef.h>
#include <stdint.h>

/* How far an axis should reach that reaches to have_us now (0 = not settled
 * yet), for a run that will need need_us. bounded: need_us is the known end,
 * else just the time that has passed, and the axis reaches on in round steps.
 * It moves in steps that are large against a column, so that a picture does
 * not creep. */
uint64_t axis_reach(uint64_t have_us, uint64_t need_us, int bounded);

/* The time between labels, so that at least gap columns lie between two, on an
 * axis of span_us over cols columns. */
uint64_t axis_step(uint64_t span_us, int cols, int gap);

/* The column of t on it, 0..cols (cols itself only for t >= span_us). */
int axis_column(uint64_t t_us, uint64_t span_us, int cols);

#endif
