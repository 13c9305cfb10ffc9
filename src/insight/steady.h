/* SPDX-License-Identifier: MIT
 *
 * steady - under a low load after a higher one: do a service's figures still
 * change, or is it as it is? Of the last 15 s, or where these are too few to
 * say of the last 30 or 45, a line is laid through the logarithm of the
 * seconds' mean response times, weighted with how many there were. Steady is
 * what changes by less than a tenth in 15 s and its standard error at the most,
 * either way: of a queue that is worked off, response times still grow while
 * what came during the overload is served. And neither requests in flight nor
 * the share that fails may fall, by more than that and what chance does.
 * Incremental and pure. */
#ifndef INSIGHT_STEADY_H
#define INSIGHT_STEADY_H

#include <stdbool.h>
#include <stddef.h>

#include "insight/moment.h"

/* Seconds that are kept: later ones are not. */
#define STEADY_MAX 64

struct steady_second {
    double at_s;      /* active time at its end */
    double n;         /* responses */
    double mean, mid; /* logarithms of their mean and median in µs */
    double requests, failed;
    double flight; /* at its end */
};

struct steady {
    struct steady_second list[STEADY_MAX];
    size_t n;
};

/* A second of it; part: whose times are looked at, see moment_part. */
void steady_feed(struct steady *s, const struct moment *x, unsigned part);
/* It is, beyond doubt. */
bool steady_is(const struct steady *s);
/* Of 45 s: whatever changes could be chance; there are some responses. */
bool steady_may_be(const struct steady *s);
/* Their median over the last 15 s with responses, µs; 0 = there are none. */
double steady_median(const struct steady *s);
/* Share of requests that failed in the last 15 s. */
double steady_failed(const struct steady *s);

#endif
