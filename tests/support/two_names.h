/* SPDX-License-Identifier: MIT
 *
 * two_names - a made-up service with some request names, any of which may go by
 * itself: VUs ask one after the other and then think. Virtual time in steps of
 * ten milliseconds; beats of 100 ms and seconds of them, the same for the same
 * seed. */
#ifndef SUPPORT_TWO_NAMES_H
#define SUPPORT_TWO_NAMES_H

#include "base/rng.h"
#include "insight/beat.h"
#include "insight/moment.h"

#define TWO_NAMES_MAX 4
#define TWO_VUS_MAX   200

/* What becomes of a name's requests. */
enum two_way {
    TWO_SERVES,
    TWO_FAILS,   /* with 5xx, at once */
    TWO_HANGS,   /* waits, and with 5xx after five seconds; who waits when it
                    serves again is served */
    TWO_REFUSES, /* no connection */
    TWO_SILENT,  /* no answer; a time-out after four seconds */
    TWO_LIMITS,  /* 429 */
    TWO_DENIES,  /* 404 */
};
#define TWO_ENDS 6 /* served, 5xx, refused, timed out, 429, 404 */

struct two_name {
    enum two_way way;
    double share;  /* of the iterations that ask it */
    double ms;     /* mean latency; lognormal */
    double factor; /* on it */
    double fail;   /* share of what is served that is a 5xx instead */
};

struct two_vu {
    bool asks;
    unsigned name;
    uint64_t from_us, due_us; /* thinks: until due */
};

struct two_names {
    struct rng rng;
    uint64_t t_us;
    unsigned vus, names;
    double think_ms; /* mean; half to half as long again */
    struct two_name name[TWO_NAMES_MAX];
    /* What came of the last two_beat; borrowed until the next. */
    struct beat beat;
    bool full; /* it was the last of a second: */
    struct moment moment;
    /* Inside: */
    struct two_vu vu[TWO_VUS_MAX];
    struct beat_part parts[TWO_NAMES_MAX * TWO_ENDS];
    struct histo_sparse us[TWO_NAMES_MAX * TWO_ENDS]; /* owned */
    struct histo *times[TWO_NAMES_MAX * TWO_ENDS];    /* owned, as these */
    struct histo *all, *good;
    uint64_t counts[TWO_NAMES_MAX * TWO_ENDS];
};

/* 12 VUs, think time 300 ms, two names of 80 ms and 2 ms. */
void two_init(struct two_names *w, uint64_t seed);
void two_clear(struct two_names *w);
/* The next 100 ms. */
const struct beat *two_beat(struct two_names *w);

#endif
