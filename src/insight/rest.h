/* SPDX-License-Identifier: MIT
 *
 * rest - after an overload: has the service come to itself, so that the next
 * load is tried on what it was before? It has when, under a low load, five
 * seconds behind each other are in the band: so many responses above the
 * tolerance, so many failures could be chance (binomial quantiles, 95 % and
 * 99.9 %). A part of the samples, which may be few, is waited for: five of it,
 * or fifteen seconds in the band. Seconds in which nothing was answered count
 * for nothing, and against it once they are more than a response may take.
 *
 * Where no load has held yet nobody knows what it was before: it may never be
 * within the limit. There figures that are steady end it, too; but not where it
 * was within the limit at so low a load, or one above it, on the way to the
 * first one, and quicker than now, or failed less: then it is not itself.
 * Incremental and pure. */
#ifndef INSIGHT_REST_H
#define INSIGHT_REST_H

#include <stdint.h>

#include "insight/moment.h"
#include "insight/steady.h"

#define REST_DWELL_US (5 * UINT64_C(1000000))
#define REST_MAX_US   (60 * UINT64_C(1000000))

enum rest_state {
    REST_OFF, /* not begun: what is fed counts for nothing */
    REST_GOING,
    REST_DONE,
    REST_STEADY, /* not in the band, and no longer on the way to it */
    REST_MISSED, /* not within REST_MAX_US of active time */
};

/* What was seen of it before, at such a load or one above it. */
struct rest_before {
    struct histo *good; /* of the part; the caller's */
    uint64_t requests, failed;
};

struct rest {
    double percentile; /* of the tolerance */
    unsigned part;     /* whose: see moment_part */
    uint64_t tolerance_us;
    double error_rate;
    uint64_t since_us, good_us; /* active time; in the band, up to now */
    uint64_t silent_us;         /* since something was answered last */
    uint64_t n, over;           /* responses of good_us; above tolerance */
    enum rest_state state;
    const struct rest_before *before; /* NULL: steady figures do not end it */
    struct steady steady;
};

/* percentile of the times of a part at tolerance_us at most; error_rate of all
 * requests may fail. */
void rest_begin(struct rest *r, double percentile, unsigned part,
                uint64_t tolerance_us, double error_rate);
/* Behind rest_begin: steady figures end it. before is borrowed while it goes
 * on. Of a tolerance of 0, which nothing meets, it does nothing. */
void rest_settles(struct rest *r, const struct rest_before *before);
enum rest_state rest_feed(struct rest *r, const struct moment *x);
/* What p95 may be where b was measured under a load that held, and limit must
 * hold: a fifth or 10 ms above b, never above limit. b 0: limit. */
uint64_t rest_tolerance(uint64_t b_us, uint64_t limit_us);

#endif
