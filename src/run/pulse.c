/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/pulse.h"

static double pulse_rate(const struct pulse *p)
{
    uint64_t least = p->restarted ? PULSE_SETTLE_US : PULSE_LEAST_US;

    return p->us >= least ? (double)p->count * 1e6 / (double)p->us : p->was;
}

double pulse_beat(struct pulse *p, uint64_t count, uint64_t active_us)
{
    if (active_us > 0 || count > 0) {
        p->count += count - p->counts[p->at];
        p->us += active_us - p->active_us[p->at];
        p->counts[p->at] = count;
        p->active_us[p->at] = active_us;
        p->at = (p->at + 1) % PULSE_TICKS;
    }
    return pulse_rate(p);
}

void pulse_restart(struct pulse *p)
{
    *p = (struct pulse){.was = pulse_rate(p), .restarted = true};
}
