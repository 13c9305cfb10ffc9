/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/little.h"

#include <math.h>

#define LITTLE_TOLERANCE 0.02
#define LITTLE_LEAST     10 /* times an iteration's time */

struct little_answer little_check(const struct little_seen *s)
{
    struct little_answer a = {LITTLE_UNKNOWN, 0, 0};

    if (s->ended == 0 || s->seconds <= 0 || s->users <= 0 || s->each_s <= 0) {
        return a;
    }
    a.expected = (double)s->ended / s->seconds * s->each_s;
    a.tolerance =
        fmax(LITTLE_TOLERANCE, 2 * s->each_s / s->seconds +
                                   2 * s->each_cv / sqrt((double)s->ended));
    if (s->seconds >= LITTLE_LEAST * s->each_s) {
        a.state = fabs(a.expected - s->users) <= a.tolerance * s->users
                      ? LITTLE_HOLDS
                      : LITTLE_BROKEN;
    }
    return a;
}
