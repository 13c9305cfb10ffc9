/* SPDX-License-Identifier: MIT
 *
 * scaling - what the levels of a run say together about throughput over load:
 * the law of scalability and its peak, or the bounds for users who think, and
 * where throughput bends; and at which level Little's law does not hold.
 * Throughput is of what did not fail: failures are quick, and no work. Of
 * closed plateaus only, each load once, and none at which an overload of before
 * was still felt. Pure. */
#ifndef INSIGHT_SCALING_H
#define INSIGHT_SCALING_H

#include "insight/bounds.h"
#include "insight/plateaus.h"
#include "insight/usl.h"

struct scaling {
    uint64_t who;  /* the levels are of these scenarios: of several sets that
                      with the most of them */
    size_t levels; /* loads that were held, each once; 0 where load is a rate */
    double n_max;  /* most users of them */
    struct usl_fit usl;   /* why: also that users think */
    struct bounds bounds; /* of 2 levels or more */
    double knee;          /* a label; 0 = none */
    int suspect; /* the first plateau at which Little's law does not hold; -1 =
                    none */
};

struct scaling scaling_of(const struct plateaus *p);
/* What may be told as the most requests a second, where the levels say x: that,
 * or what one of all plateaus of those scenarios did, if it is at most a
 * twentieth more, which is no growth. 0: one did still more, so that it is no
 * limit. */
double scaling_limit(const struct plateaus *p, uint64_t who, double x);

#endif
