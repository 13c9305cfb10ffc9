/* SPDX-License-Identifier: MIT
 *
 * moments - made-up seconds of a run for the tests of insight: lognormal
 * latencies, with slow noise where wanted, the same for the same seed. */
#ifndef SUPPORT_MOMENTS_H
#define SUPPORT_MOMENTS_H

#include "base/rng.h"
#include "insight/moment.h"

/* Requests of a name, told apart: parts of a moment. */
#define MOMENTS_PARTS 8
struct moments_part {
    double share;             /* of all requests */
    double factor;            /* on their latencies, beside that of all */
    double fail;              /* share of them that fails, beside that of all */
    struct histo *all, *good; /* owned */
};

struct moments {
    struct rng rng;
    struct histo *all, *good; /* owned */
    double noise;             /* ln of the factor on latencies now */
    double noise_sd, noise_phi;
    uint64_t t_us;
    /* Of the seconds to come: */
    double load;
    uint64_t who;           /* scenarios that make it */
    bool ramp;              /* not still */
    double rate;            /* requests a second */
    double p95_ms;          /* sigma is .5 */
    double factor;          /* on latencies */
    bool suspect;           /* the generator is */
    double fail;            /* share that fails, at once: */
    enum error_class error; /* so; ERRORS_5XX where nothing is said */
    uint32_t in_flight, draining;
    const char *by;
    struct moments_part parts[MOMENTS_PARTS];
    size_t n_parts;
    struct sifted sifted[MOMENTS_PARTS]; /* of the last second */
};

/* 100 requests a second, p95 114 ms, load 10, by the plan. */
void moments_init(struct moments *s, uint64_t seed);
void moments_clear(struct moments *s);
/* Another part: of the seconds to come. */
struct moments_part *moments_add_part(struct moments *s, double share);
/* The next second. Borrowed until the next call. */
struct moment moments_next(struct moments *s);

#endif
