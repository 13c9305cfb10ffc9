/* SPDX-License-Identifier: MIT
 *
 * trend_time - how long it takes until what grows comes to a limit. */
#include "config.h"

#include <math.h>

#include "insight/trend.h"

static double time_left(double limit, double last, double slope)
{
    return slope > 0 ? fmax(limit - last, 0) / slope : INFINITY;
}

enum trend_reach trend_time_to(const struct trend *t, double limit,
                               struct trend_time *out)
{
    double ahead = TREND_AHEAD * t->span_s;

    *out = (struct trend_time){.s = 0};
    if (t->state != TREND_GROWING || t->slope <= 0) {
        return TREND_NEVER;
    }
    out->s = time_left(limit, t->last, t->slope);
    out->low = time_left(limit, t->last_high, t->high);
    out->high = time_left(limit, t->last_low, t->low);
    out->far = out->s > ahead;
    if (out->far && !(out->high <= TREND_APART * out->low)) {
        out->beyond_s = fmin(ahead, out->low);
        return out->beyond_s > 0 ? TREND_BEYOND : TREND_NEVER;
    }
    return TREND_WITHIN;
}
