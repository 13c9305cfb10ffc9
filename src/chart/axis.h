/* SPDX-License-Identifier: MIT
 *
 * axis - the shared time axis of all charts: how far it reaches and where its
 * labels stand. Pure arithmetic. */
#ifndef CHART_AXIS_H
#define CHART_AXIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How far an axis should reach that reaches to have_us now (0 = not settled
 * yet), for a run that will need need_us. bounded: need_us is the known end,
 * else just the time that has passed, and the axis reaches on in round steps.
 * It moves in steps that are large against a column, so that a picture does
 * not creep. */
uint64_t axis_reach(uint64_t have_us, uint64_t need_us, int bounded);

/* The stretch of time that a picture shows. */
struct axis {
    uint64_t from_us, to_us; /* to > from */
};

/* The newest span_us at now_us, in steps of step_us so that it does not creep,
 * with room for a little of what is planned. keep_us: a moment that must be in
 * sight all the same (UINT64_MAX: none); the axis then stands by it. */
struct axis axis_window(uint64_t now_us, uint64_t span_us, uint64_t step_us,
                        uint64_t keep_us);
/* Is t on it? */
bool axis_has(const struct axis *a, uint64_t t_us);
/* The column of t on it, 0..cols; what is outside is at that end. */
int axis_at(const struct axis *a, uint64_t t_us, int cols);
/* The moment at the middle of a column. */
uint64_t axis_middle(const struct axis *a, int col, int cols);

/* The time between labels, so that at least gap columns lie between two, on an
 * axis of span_us over cols columns. */
uint64_t axis_step(uint64_t span_us, int cols, int gap);

#endif
