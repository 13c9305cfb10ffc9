/* SPDX-License-Identifier: MIT
 *
 * level - the load of a scenario in each bin of a picture: what the plan wanted
 * and what there was, in VUs or, of an arrival rate, in iterations in its time
 * unit. Pure. */
#ifndef CHART_LEVEL_H
#define CHART_LEVEL_H

#include <stdbool.h>
#include <stdint.h>

#include "chart/bins.h"
#include "run/course.h"

struct bin_level {
    bool any; /* false: it was not to run, and nothing of it did */
    bool manual;
    double level, most;     /* most: the highest within the bin */
    double planned, wanted; /* at the bin's end */
};

/* Of the run's only scenario, where that is one of VUs: those are the run's. */
struct bin_level bin_level_of_run(const struct bin *b);
/* Of a scenario: in the time of b; unit_us is its time unit, 0 where levels are
 * VUs. */
struct bin_level bin_level_of(const struct course *c, size_t scenario,
                              uint64_t unit_us, const struct bin *b);

#endif
