/* SPDX-License-Identifier: MIT
 *
 * stalls - gaps in which nothing is answered while requests are in flight: a
 * collector of garbage, a failover. Incremental and pure: beats in; no clock.
 *
 * A gap is one when it lasts longer than a second, than three times the p99 of
 * the last minute (with one request in flight: than three times the longest),
 * and than ln(360,000 X) / X of at least X responses a second, which chance
 * alone makes once in a hundred hours. Of fewer than 20 responses nothing is
 * said. What is refused or broken off is no stall. Lengths are to a beat. */
#ifndef INSIGHT_STALLS_H
#define INSIGHT_STALLS_H

#include "insight/beat.h"

enum stalls_news {
    STALLS_NOTHING,
    STALLS_BEGUN,   /* a gap has become a stall; it goes on */
    STALLS_GOES_ON, /* the same, longer */
    STALLS_OVER,    /* something was answered again, or what was in flight is
                       gone: it ended where the last beat without an answer did
                     */
};

struct stall {
    uint64_t start_us, end_us; /* run time; end: so far */
    uint64_t lasted_us;        /* active time between them */
    uint32_t in_flight;        /* most of them */
    bool suspect;              /* the generator was, meanwhile */
};

struct stalls; /* opaque */

/* Owned by the caller. */
struct stalls *stalls_new(void);
void stalls_free(struct stalls **s);
/* *out is written unless NOTHING is returned. */
enum stalls_news stalls_feed(struct stalls *s, const struct beat *b,
                             struct stall *out);

#endif
