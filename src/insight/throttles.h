/* SPDX-License-Identifier: MIT
 *
 * throttles - whose rate is limited, and how: of the only request that gets
 * 429, else of all requests together (throttle.h says how). Incremental and
 * pure: beats in; no clock. */
#ifndef INSIGHT_THROTTLES_H
#define INSIGHT_THROTTLES_H

#include <stdbool.h>
#include <stdint.h>

#include "insight/beat.h"
#include "insight/throttle.h"

/* Requests whose limits are told apart. */
#define THROTTLES_REQUESTS 16

struct throttles_found {
    bool one;         /* only one request was limited: */
    unsigned request; /* this */
    /* The shortest wait that a 429 asked for, and the longest; < 0: none. */
    double retry_least_s, retry_after_s;
    bool over; /* no 429 has come for so long that it is no longer felt */
    struct throttle_answer t;
};

struct throttles {
    struct throttle all, one[THROTTLES_REQUESTS];
    bool limited[THROTTLES_REQUESTS + 1]; /* the last: any other */
    double retry_least_s, retry_after_s;
};

void throttles_init(struct throttles *l);
/* true: a second is full, and something has been limited. */
bool throttles_feed(struct throttles *l, const struct beat *b);
/* A response with status 429 asked to come again after s seconds. */
void throttles_retry_after(struct throttles *l, double s);
/* What is known; t.any is false where that is nothing. now_us: run time. */
struct throttles_found throttles_find(const struct throttles *l,
                                      uint64_t now_us);

#endif
