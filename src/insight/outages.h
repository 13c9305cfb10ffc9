/* SPDX-License-Identifier: MIT
 *
 * outages - a service that is gone for a while: connections are refused, and
 * then it serves again, as after a crash and a restart. Incremental and pure:
 * beats in; no clock. */
#ifndef INSIGHT_OUTAGES_H
#define INSIGHT_OUTAGES_H

#include "insight/beat.h"

/* Requests that are refused or broken off without any answer between them. */
#define OUTAGES_LEAST 3

enum outages_news {
    OUTAGES_NOTHING,
    OUTAGES_BEGUN,
    OUTAGES_GOES_ON,
    OUTAGES_OVER, /* it serves again */
};

struct outage {
    uint64_t start_us, end_us; /* run time; end: so far */
    uint64_t lost;             /* requests that were refused or broken off; of
                                  a name all that were not served */
    bool named;                /* of some request names, others were served: */
    unsigned request;          /* the first, by its number in the plan */
    unsigned more;             /* so many others beside it */
    bool unasked;              /* over: what was left of it was asked for no
                                  more. Whether it is served is not known */
};

/* All zero is one that nothing was fed to. */
struct outages {
    bool served; /* something has been answered at some time */
    bool down, told;
    struct outage open;
};

/* *out is written unless NOTHING is returned. Nothing is an outage before the
 * first answer. */
enum outages_news outages_feed(struct outages *s, const struct beat *b,
                               struct outage *out);

#endif
