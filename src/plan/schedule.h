/* SPDX-License-Identifier: MIT
 *
 * schedule - when the iterations of an arrival rate are due: k6's way. The area
 * under the rate is the number of iterations; the n-th (from 1) of
 * ramping-arrival-rate is due when the area reaches n, and that of
 * constant-arrival-rate when it reaches n - 1, so that the first is due at once
 * (k6, lib/executor/ramping_arrival_rate.go and constant_arrival_rate.go).
 * Areas are counted in millionths of an iteration. Pure arithmetic: any thread.
 */
#ifndef PLAN_SCHEDULE_H
#define PLAN_SCHEDULE_H

#include <stdint.h>

#include "plan/curve.h"

#define SCHEDULE_ONE UINT64_C(1000000) /* an iteration's area */

/* The area under the planned rate from stage-clock time 0 to t_us; what is
 * beyond the curve's end adds nothing. c is of an arrival rate. */
uint64_t schedule_area(const struct curve *c, uint64_t t_us);
/* The stage-clock time, to the nearest µs, at which the area reaches `area`;
 * UINT64_MAX = it never does. Of a constant rate the end itself is no such
 * time: what would be due then is not begun. */
uint64_t schedule_when(const struct curve *c, uint64_t area);
/* The planned rate at stage-clock time t_us, in iterations a time unit; unlike
 * curve_at not whole. 0 from the curve's end on. */
double schedule_rate(const struct curve *c, uint64_t t_us);

/* The area at which the n-th iteration, from 1, is due. */
static inline uint64_t schedule_need(const struct curve *c, uint64_t n)
{
    return (n - (c->early ? 1 : 0)) * SCHEDULE_ONE;
}
/* How many iterations are due before the area goes beyond `area`: those due
 * exactly there count for a ramp, and not for a constant rate. */
static inline uint64_t schedule_count(const struct curve *c, uint64_t area)
{
    return (area + (c->early ? SCHEDULE_ONE - 1 : 0)) / SCHEDULE_ONE;
}

#endif
