/* SPDX-License-Identifier: MIT
 *
 * beat - what insight is fed for what a second is too long for, and for what
 * tells requests apart: what one tick of the run came to. */
#ifndef INSIGHT_BEAT_H
#define INSIGHT_BEAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/histo.h"

/* Requests of one name that ended in one way. */
struct beat_part {
    unsigned request; /* which, by its number in the plan */
    uint64_t count;   /* at least 1 */
    bool response;    /* one came */
    bool failed;
    bool limited;  /* with status 429 */
    bool refused;  /* no connection, or one that broke */
    bool unserved; /* no response came, or a 5xx: connection, time-out */
    const struct histo_sparse *us; /* of responses; borrowed for the call */
};

struct beat {
    uint64_t start_us, end_us; /* run time */
    uint64_t active_us;        /* of it; 0 = paused */
    double load;               /* as in struct moment, at its end */
    uint64_t who;              /* as there, too */
    uint32_t in_flight;        /* requests, at its end */
    bool suspect;              /* the generator may have been what was slow */
    const struct beat_part *parts; /* borrowed for the call */
    size_t n;
};

#endif
