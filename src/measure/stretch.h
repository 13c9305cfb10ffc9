/* SPDX-License-Identifier: MIT
 *
 * stretch - what the slots of a stretch of time add up to: the figures of one
 * column of a chart, of the time between two marks, of a plateau. Percentiles
 * come from merged histograms. Pure; as fine as a slot of the series. */
#ifndef MEASURE_STRETCH_H
#define MEASURE_STRETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/ledger.h"
#include "measure/series.h"

struct stretch {
    uint64_t from_us, to_us; /* run time: from the first slot's start to the
                                last one's end */
    size_t slots;            /* at least 1 */
    uint64_t active_us;      /* 0 = paused throughout */
    uint32_t vus, planned;   /* in its last slot; all scenarios */
    uint32_t vus_min, vus_max;
    bool manual;                   /* load was set by hand in some part of it */
    uint64_t errors[ERRORS_COUNT]; /* of all names, whichever was asked for */
    struct summary sum; /* sent, received and due are 0: slots have none */
};

/* Adds up the slots whose middle lies within from_us..to_us (run time, to_us
 * excluded), so that a stretch that begins or ends within a slot has the nearer
 * one. The newest slot is still being filled: UINT64_MAX as to_us has it for
 * sure. name_index: a request name of the plan, -1 = all requests. false: there
 * is none, and *out is untouched. */
bool stretch_sum(const struct series *s, int name_index, uint64_t from_us,
                 uint64_t to_us, struct stretch *out);

#endif
