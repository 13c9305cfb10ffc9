/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/level.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clk.h"

const char *level_unit(char *buf, uint64_t unit_us)
{
    char dur[NUM_MAX];

    if (unit_us == 0) {
        snprintf(buf, NUM_MAX, "VUs");
    } else if (unit_us == US_PER_SEC) {
        snprintf(buf, NUM_MAX, "it/s");
    } else if (unit_us == 60 * US_PER_SEC) {
        snprintf(buf, NUM_MAX, "it/m");
    } else if (unit_us == 3600 * US_PER_SEC) {
        snprintf(buf, NUM_MAX, "it/h");
    } else {
        snprintf(buf, NUM_MAX, "it/%.20s", num_dur(dur, unit_us));
    }
    return buf;
}

const char *level_text(char *buf, size_t size, uint32_t level, uint64_t unit_us)
{
    char unit[NUM_MAX];

    level_unit(unit, unit_us);
    if (unit_us == 0 && level == 1) {
        snprintf(unit, sizeof unit, "VU");
    }
    snprintf(buf, size, "%" PRIu32 " %s", level, unit);
    return buf;
}

double level_per_s(uint32_t level, uint64_t unit_us)
{
    return unit_us > 0 ? (double)level * 1e6 / (double)unit_us : 0;
}
