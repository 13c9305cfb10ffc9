/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/pulse.h"

double pulse_beat(struct pulse *p, uint64_t count, uint64_t active_us)
{
    if (active_us > 0 || count > 0) {
        p->count += count - p->counts[p->at];
        p->us += active_us - p->active_us[p->at];
        p->counts[p->at] = count;
        p->active_us[p->at] = active_us;
        p->at = (p->at + 1) % PULSE_TICKS;
    }
    return p->us >= PULSE_LEAST_US ? (double)p->count * 1e6 / (double)p->us : 0;
}
