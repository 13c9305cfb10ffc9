/* SPDX-License-Identifier: MIT
 *
 * throttle - is the service limiting the rate of requests (status 429, RFC 6585
 * section 4), to how many, and in what way? Incremental and pure: counts of
 * beats in; no clock. Memory is a ring of ten minutes.
 *
 * A second is limited when 1 % or more of its answers are 429; fifteen of them
 * say that there is a limit. What is let through while it holds is the limit:
 * evenly, as a token bucket does it (then the bucket's size is what came
 * through beyond that rate before the first 429), or all at once and then
 * nothing until a window of time is over. */
#ifndef INSIGHT_THROTTLE_H
#define INSIGHT_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#define THROTTLE_SLOTS 600 /* seconds that are remembered */

enum throttle_way {
    THROTTLE_UNKNOWN, /* not seen for long enough: no figures */
    THROTTLE_STEADY,  /* so many a second, all the time */
    THROTTLE_WINDOW,  /* so many in a window of time */
};
/* "unknown", "steady", "window". */
const char *throttle_way_name(enum throttle_way w);

struct throttle_answer {
    bool any;
    uint64_t start_us;        /* run time of the first 429 */
    uint64_t end_us;          /* of the last, to a second */
    uint64_t passed, limited; /* since start_us */
    enum throttle_way way;
    double rate;      /* a second, on average */
    double burst;     /* STEADY: beyond the rate, at once; 0 = none seen */
    double window_s;  /* WINDOW: from one to the next */
    double in_window; /* WINDOW: so many in each */
};

struct throttle_slot {
    uint32_t passed, limited;
};

struct throttle {
    struct throttle_slot slots[THROTTLE_SLOTS]; /* by second of active time */
    uint64_t second;                            /* that is being filled */
    uint64_t active_us;
    uint64_t first;       /* limited second; UINT64_MAX = none so far */
    uint64_t limited_for; /* seconds */
    struct throttle_answer seen;
};

void throttle_init(struct throttle *t);
/* Answers of a beat: other than 429, and 429. */
void throttle_feed(struct throttle *t, uint64_t end_us, uint64_t active_us,
                   uint64_t passed, uint64_t limited);
struct throttle_answer throttle_answer(const struct throttle *t);

#endif
