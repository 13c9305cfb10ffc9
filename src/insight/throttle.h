/* SPDX-License-Identifier: MIT
 *
 * throttle - is the service limiting the rate of requests (status 429, RFC 6585
 * section 4), to how many, and in what way? Incremental and pure: counts of
 * beats in; no clock. Memory is a ring of ten minutes.
 *
 * A second is limited when 1 % or more of its answers are 429; fifteen of them
 * say that there is a limit. What it is, is told by how it lets through,
 * however seldom that is felt:
 *
 * A window of time shuts a door: 429 and nothing else, for longer than chance
 * makes of so many 429, and then an opening. From one opening to the next is a
 * window, and what came through is what a window holds. What has once been seen
 * is kept until the doors are no longer that far apart.
 *
 * A token bucket is empty at each 429, so what came through up to there goes up
 * evenly, whatever was asked for. Where it goes up and down with what was asked
 * for, as with 429 that come by chance, there is no figure. The bucket's size
 * is what came through beyond the rate before the first 429. */
#ifndef INSIGHT_THROTTLE_H
#define INSIGHT_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#define THROTTLE_SLOTS 600 /* seconds that are remembered */

enum throttle_way {
    THROTTLE_UNKNOWN, /* not seen for long enough, or no limit: no figures */
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
    double gap_s;     /* STEADY: from one limited second to the next */
    double window_s;  /* WINDOW: from one to the next */
    double in_window; /* WINDOW: so many in each */
};

struct throttle_slot {
    uint32_t passed, limited;
    uint32_t run;     /* the longest run of nothing but 429 that ended here */
    uint32_t shut_ms; /* how long it took */
    uint32_t open_us; /* when it ended, in the second */
    uint32_t before;  /* of passed, those before that */
};

struct throttle {
    struct throttle_slot slots[THROTTLE_SLOTS]; /* by second of active time */
    uint64_t second;                            /* that is being filled */
    uint64_t active_us;
    uint64_t first;       /* limited second; UINT64_MAX = none so far */
    uint64_t limited_for; /* seconds */
    uint32_t run;         /* 429 since anything was let through: */
    uint64_t run_us;      /* so long */
    struct throttle_answer seen;
    struct throttle_answer window; /* way is WINDOW: it has been seen */
};

void throttle_init(struct throttle *t);
/* Answers of a beat: other than 429, and 429. */
void throttle_feed(struct throttle *t, uint64_t end_us, uint64_t active_us,
                   uint64_t passed, uint64_t limited);
struct throttle_answer throttle_answer(const struct throttle *t);

#endif
