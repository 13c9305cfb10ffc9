/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/little.h"

#include <math.h>

#define LITTLE_TOLERANCE 0.02
#define LITTLE_LEAST     10 /* times an iteration's time */

struct little_answer little_check(const struct little_seen *s)
{
    struct little_answer a = {LITTLE_UNKNOWN, 0, 0};
    double more;

    if (s->ended == 0 || s->seconds <= 0 || s->users <= 0 || s->each_s <= 0) {
        return a;
    }
    a.expected = (double)s->ended / s->seconds * s->each_s;
    a.tolerance =
        fmax(LITTLE_TOLERANCE, 2 * s->each_s / s->seconds +
                                   2 * s->each_cv / sqrt((double)s->ended));
    /* What each user had under way may all be of the time before. */
    more = a.tolerance + s->before_s / s->seconds;
    if (s->seconds >= LITTLE_LEAST * s->each_s) {
        a.state = a.expected <= (1 + more) * s->users &&
                          a.expected >= (1 - a.tolerance) * s->users
                      ? LITTLE_HOLDS
                      : LITTLE_BROKEN;
    }
    return a;
}
