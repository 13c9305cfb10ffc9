/* SPDX-License-Identifier: MIT
 *
 * culprit - the one request that errors begin at, while the others are as they
 * were: where to look first. Incremental and pure: beats in; no clock.
 *
 * Windows of five seconds. A request is bad in one when more of it fail than
 * chance explains (binomial quantile, 99.9 %) at twice what failed before, or
 * that and 1 %; the others are well while they stay within 95 % of the same. A
 * request without a window of calm before is told to have been so from the
 * start. One of which some failed goes on, where there is too little of it, or
 * of the others, to say. 429 is no error here, see throttle.h. */
#ifndef INSIGHT_CULPRIT_H
#define INSIGHT_CULPRIT_H

#include "insight/beat.h"

#define CULPRIT_REQUESTS 64 /* told apart; others count as one */
/* In a window: of the request, and of all others. */
#define CULPRIT_LEAST  10
#define CULPRIT_OTHERS 20

struct culprit_found {
    unsigned request;
    uint64_t start_us;         /* run time: the beat of the first of them */
    uint64_t failed, requests; /* of it, in the window */
    uint64_t other_failed, others;
    bool from_start; /* it was never otherwise */
};

struct culprit; /* opaque */

/* Owned by the caller. */
struct culprit *culprit_new(void);
void culprit_free(struct culprit **c);
/* true: *out is written. */
bool culprit_feed(struct culprit *c, const struct beat *b,
                  struct culprit_found *out);

#endif
