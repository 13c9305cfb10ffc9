/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/hunt_silence.h"

/* Whatever the load is, these do not come of it. A reset or a time-out may. */
static bool silence_unreached(enum failure f)
{
    return f == FAILURE_REFUSED || f == FAILURE_DNS || f == FAILURE_TLS ||
           f == FAILURE_CONNECT || f == FAILURE_PROTOCOL ||
           f == FAILURE_UNRESOLVED;
}

bool hunt_silence_feed(struct hunt_silence *s, const struct tick *t)
{
    uint64_t all = 0, unreached = 0;
    size_t i;

    for (i = 0; i < t->delta->n_series && !s->answered; i++) {
        const struct delta_series *x = &t->delta->series[i];

        s->answered = x->count > 0 && x->status != 0;
        s->failed[x->failure] += x->count;
    }
    if (s->answered) {
        return false;
    }
    for (i = 0; i < FAILURE_COUNT; i++) {
        all += s->failed[i];
        unreached += silence_unreached((enum failure)i) ? s->failed[i] : 0;
    }
    s->since_us += all > 0 ? t->active_us : 0;
    return s->since_us >= HUNT_SILENCE_US &&
           unreached >= HUNT_SILENCE_REQUESTS && unreached == all;
}

enum failure hunt_silence_by(const struct hunt_silence *s)
{
    int most = FAILURE_NONE, i;

    for (i = 0; i < FAILURE_COUNT; i++) {
        most = s->failed[i] > s->failed[most] ? i : most;
    }
    return (enum failure)most;
}
