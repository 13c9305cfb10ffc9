/* SPDX-License-Identifier: MIT
 *
 * level - what the load of a scenario is counted in: VUs, or, for executors
 * with an arrival rate, iterations in each of the scenario's time units, as the
 * plan writes them. */
#ifndef RUN_LEVEL_H
#define RUN_LEVEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/num.h"

/* No rate may be higher, by hand or by a spike: iterations a time unit. */
#define LEVEL_RATE_MAX 1000000u

/* "VUs" (unit_us 0), "it/s", "it/m", "it/h", "it/100ms". Returns buf, NUM_MAX
 * bytes. */
const char *level_unit(char *buf, uint64_t unit_us);
/* "63 VUs", "63 it/s". Returns buf. */
const char *level_text(char *buf, size_t size, uint32_t level,
                       uint64_t unit_us);
/* The level as iterations a second; 0 for VUs. */
double level_per_s(uint32_t level, uint64_t unit_us);

#endif
