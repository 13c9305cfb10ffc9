/* SPDX-License-Identifier: MIT
 *
 * desired - the schedule of an arrival rate as it was steered: pieces of the
 * plan's curve and of rates that stand still, one behind the other. */
#include "config.h"

#include "load/desired.h"

#include <math.h>

#include "plan/schedule.h"

static bool desired_goes(const struct desired *d)
{
    return d->phase == LOAD_RUN && !d->paused;
}

/* The rate of a state in which it stands still. */
static long double desired_rate(const struct desired *d, const struct curve *c)
{
    return d->follow ? (long double)schedule_rate(c, d->held_us)
                     : (long double)d->level;
}

uint64_t desired_area(const struct desired *d, const struct curve *c,
                      mono_us at)
{
    uint64_t passed = at > d->since ? at - d->since : 0;

    if (!desired_goes(d)) {
        return d->area;
    }
    if (d->follow && !d->held) {
        uint64_t clock = d->since - d->origin;

        return d->area + schedule_area(c, clock + passed) -
               schedule_area(c, clock);
    }
    return d->area +
           (uint64_t)llroundl(desired_rate(d, c) * (long double)passed *
                              SCHEDULE_ONE / (long double)c->time_unit_us);
}

mono_us desired_when(const struct desired *d, const struct curve *c,
                     uint64_t area)
{
    uint64_t more = area > d->area ? area - d->area : 0;
    long double rate, us;

    if (!desired_goes(d)) {
        return UINT64_MAX;
    }
    if (d->follow && !d->held) {
        uint64_t clock = d->since - d->origin;
        uint64_t when = schedule_when(c, schedule_area(c, clock) + more);

        if (when == UINT64_MAX) {
            return UINT64_MAX;
        }
        return when > clock ? d->since + (when - clock) : d->since;
    }
    rate = desired_rate(d, c);
    us = rate > 0 ? (long double)more * (long double)c->time_unit_us /
                        (rate * SCHEDULE_ONE)
                  : (long double)UINT64_MAX;
    if (us >= (long double)(UINT64_MAX / 2)) {
        return UINT64_MAX;
    }
    return d->since + (uint64_t)llroundl(us);
}
