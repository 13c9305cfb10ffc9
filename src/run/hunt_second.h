/* SPDX-License-Identifier: MIT
 *
 * hunt_second - seconds of active time out of ticks, as insight is fed: of one
 * scenario, and whatever else happens in them. */
#ifndef RUN_HUNT_SECOND_H
#define RUN_HUNT_SECOND_H

#include <stdbool.h>
#include <stdint.h>

#include "insight/moment.h"
#include "run/rules.h"
#include "run/tick.h"

struct hunt_second {
    struct histo *good; /* owned, as the next */
    struct rule_parts *parts;
    struct moment open;
    uint64_t local;   /* requests that this machine could not make */
    char fault[96];   /* what makes the generator suspect; "" = nothing */
    uint64_t unit_us; /* of a rate; 0: VUs */
    double lag_ms;    /* loop lag whose p99 is more makes it suspect */
};

/* limit_us: the lowest on latency: so far as loop lag is well below that, it is
 * no fault. parts: owned from then on. */
void hunt_second_init(struct hunt_second *s, uint64_t unit_us,
                      uint64_t limit_us, struct rule_parts *parts);
void hunt_second_clear(struct hunt_second *s);
/* Drops what is in it. */
void hunt_second_reset(struct hunt_second *s);
/* Adds a tick. true: a second is full: take s->open and s->fault, then reset.
 */
bool hunt_second_add(struct hunt_second *s, const struct tick *t);

#endif
