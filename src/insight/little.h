/* SPDX-License-Identifier: MIT
 *
 * little - Little's law (1961) as a check of a measurement: in a steady state
 * the users at work are the iterations a second times the time of one,
 * N = X (R + Z). All three are measured on their own: where it does not hold,
 * time is missing in R (stalls, requests that never ended), or the state was
 * not steady. Pure arithmetic. */
#ifndef INSIGHT_LITTLE_H
#define INSIGHT_LITTLE_H

#include <stdint.h>

struct little_seen {
    double users;    /* mean of the time */
    double each_s;   /* mean time of an iteration, think time included */
    double each_cv;  /* its standard deviation, as a share of the mean */
    uint64_t ended;  /* iterations */
    double seconds;  /* that all this is of */
    double before_s; /* mean time of those that were under way at its start,
                        where they had begun under another load; else 0 */
};

enum little_state {
    LITTLE_UNKNOWN, /* too short to say: less than ten iterations' time */
    LITTLE_HOLDS,
    LITTLE_BROKEN,
};

struct little_answer {
    enum little_state state;
    double expected;  /* users, by X (R + Z) */
    double tolerance; /* share of users that it may be off by: 2 %, the two ends
                         of the time, or two standard errors */
};

struct little_answer little_check(const struct little_seen *s);

#endif
