/* SPDX-License-Identifier: MIT
 *
 * breaking - the breaking point: where the first sustained breach says it is,
 * narrowed by the levels that were tried between its two loads: then all that
 * is told is of the breach in the level that gives the upper end, or of that
 * level where it held none. Without a breach, where requests a second fell
 * although the load grew, for as long as makes a breach, and no rule was
 * broken. Pure. */
#ifndef INSIGHT_BREAKING_H
#define INSIGHT_BREAKING_H

#include "insight/breach.h"
#include "insight/plateaus.h"

struct breaking {
    bool any;
    uint64_t who;     /* the loads are of these scenarios */
    double low, high; /* it is above low, and at high at most; low 0: nothing
                         less was seen to be good */
    double load;      /* in the middle; high where low is 0 */
    bool low_open;    /* low is of the level that goes on: it may break yet */
    uint64_t at_us;   /* run time at which a rule was first broken at high: that
                         of found; without a breach the level's begin */
    double rps;       /* requests a second that it still did; 0 = unknown */
    bool rps_held;    /* they are of the level at low; else of rps_us before */
    uint64_t rps_us;
    enum breach_by by;
    bool breach; /* found and rule are of a breach; else requests a second
                    fell from `fell` on */
    struct breach_found found;
    double fell_rps; /* requests a second at high, if not breach */
};

/* Of what was fed to both so far. */
struct breaking breaking_of(const struct breach *b, const struct plateaus *p);
/* What it would be if plateau `bad` is where it breaks, and `good` is the last
 * good level, which may be -1: the same for a level that was left too early to
 * be sure. */
struct breaking breaking_at(const struct plateaus *p, size_t bad, int good);
/* It is above that load, as somebody else knows. */
void breaking_from(struct breaking *k, const struct plateaus *p, double low);

#endif
