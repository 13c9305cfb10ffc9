/* SPDX-License-Identifier: MIT
 *
 * sham - a made-up service for the tests of insight, beat by beat and second by
 * second: Poisson arrivals, lognormal latencies with slow noise where wanted,
 * and what can go wrong with it. The same for the same seed. */
#ifndef SUPPORT_SHAM_H
#define SUPPORT_SHAM_H

#include "base/rng.h"
#include "insight/beat.h"
#include "insight/moment.h"

#define SHAM_REQUESTS 4
#define SHAM_ENDS     4 /* served, failed, limited, refused */

struct sham {
    struct rng rng;
    uint64_t t_us;
    double noise; /* ln of the factor on latencies, of this second */
    /* Of the beats to come: */
    double noise_sd, noise_phi; /* of noise, from second to second */
    double load;
    bool ramp, open;
    const char *by;
    double rate;   /* requests a second, in all */
    bool even;     /* as many in each beat, not by chance */
    double p95_ms; /* of the lognormal distribution */
    double sigma;
    bool exponential;               /* instead, with a mean of p95_ms / 3 */
    double factor;                  /* on latencies */
    double slow_share, slow_factor; /* so many take so much longer */
    unsigned requests;              /* names: 1 to SHAM_REQUESTS */
    double fail[SHAM_REQUESTS];     /* shares that fail, at once */
    uint32_t in_flight;
    bool silent;  /* nothing ends */
    bool refuses; /* all are refused */
    /* Through a bucket of so many tokens, or so many in a window. */
    double bucket_rate, bucket_size, tokens;
    double quota, window_s, used;
    /* What came of the last sham_beat; borrowed until the next. */
    struct beat beat;
    bool full; /* it was the last of a second: */
    struct moment moment;
    /* Inside: */
    struct beat_part parts[SHAM_REQUESTS * SHAM_ENDS];
    struct histo_sparse us[SHAM_REQUESTS * SHAM_ENDS]; /* owned */
    struct histo *times[SHAM_REQUESTS * SHAM_ENDS];    /* owned, as these */
    struct histo *all, *good;
};

/* Load 10, 100 requests a second of one name, p95 114 ms, sigma .5, two in
 * flight, by the plan. */
void sham_init(struct sham *s, uint64_t seed);
void sham_clear(struct sham *s);
/* The next 100 ms. */
const struct beat *sham_beat(struct sham *s);

#endif
