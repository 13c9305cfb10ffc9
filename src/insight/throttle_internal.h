/* SPDX-License-Identifier: MIT
 *
 * throttle_internal - what the files that make throttle share: throttle.c (what
 * is remembered), throttle_way.c (what that says of the limit). */
#ifndef INSIGHT_THROTTLE_INTERNAL_H
#define INSIGHT_THROTTLE_INTERNAL_H

#include "insight/throttle.h"

/* Limited seconds that it takes. */
#define THROTTLE_LEAST 15

const struct throttle_slot *throttle_slot(const struct throttle *t,
                                          uint64_t second);
bool throttle_is_limited(const struct throttle_slot *s);
/* The oldest second that is remembered and may say something of the limit. */
uint64_t throttle_from(const struct throttle *t);

enum throttle_doors {
    THROTTLE_DOORS_FEW,   /* they say nothing so far */
    THROTTLE_DOORS_TIMED, /* a window: a has its figures */
    THROTTLE_DOORS_MIXED, /* they are not as far from each other: no window */
};
/* What openings say, of full seconds. a is written where they are TIMED. */
enum throttle_doors throttle_doors(const struct throttle *t,
                                   struct throttle_answer *a);
/* Is it let through evenly? a is written if so. */
bool throttle_even(const struct throttle *t, struct throttle_answer *a);

#endif
