/* SPDX-License-Identifier: MIT
 *
 * rng - small seeded random numbers (xoshiro256**, Blackman and Vigna 2018,
 * seeded by splitmix64), so that a run with --seed repeats its choices. Not
 * for secrets. */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stdint.h>

struct rng {
    uint64_t s[4];
};

/* Streams of one seed are independent of each other: one for each VU. */
void rng_seed(struct rng *r, uint64_t seed, uint64_t stream);
uint64_t rng_next(struct rng *r);
/* Evenly in lo..hi, both included; lo <= hi. */
uint64_t rng_range(struct rng *r, uint64_t lo, uint64_t hi);
/* Evenly between 0 and 1, and neither of them. */
double rng_unit(struct rng *r);
/* Of the normal distribution with mean 0 and deviation 1 (Box and Muller
 * 1958). */
double rng_normal(struct rng *r);
/* A version 4 UUID (RFC 9562), 36 characters and a NUL. */
void rng_uuid(struct rng *r, char out[37]);
/* A seed that differs from run to run. */
uint64_t rng_entropy(void);

#endif
