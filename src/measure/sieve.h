/* SPDX-License-Identifier: MIT
 *
 * sieve - the samples that one selector means, of a stretch of time that deltas
 * add up to. */
#ifndef MEASURE_SIEVE_H
#define MEASURE_SIEVE_H

#include <stdbool.h>
#include <stdint.h>

#include "measure/delta.h"
#include "measure/histo.h"
#include "plan/plan.h"

struct sieve; /* opaque */

/* What came through. */
struct sifted {
    /* Trends: µs, or thousandths of another unit; else empty. good: of requests
     * that did not fail; of what is no request all. Never NULL. */
    const struct histo *all, *good;
    uint64_t n;   /* samples */
    uint64_t bad; /* of a rate: that count, or with `missing` that do not */
};

/* selector is borrowed and outlives the sieve; plan and lineup are borrowed for
 * the call. missing: of a rate (checks) those samples are bad that are not in
 * it. Owned by the caller. */
struct sieve *sieve_new(const struct plan *plan, const struct lineup *lineup,
                        const struct selector *selector, bool missing);
void sieve_free(struct sieve **p);
void sieve_add(struct sieve *p, const struct delta *d);
/* Adds what another one, of the same selector, has. */
void sieve_join(struct sieve *p, const struct sieve *from);
/* Empties it; keeps its memory. */
void sieve_clear(struct sieve *p);
/* May there be a sample, by what the plan asks in that lineup? All are borrowed
 * for the call, as the plan that it is of. */
bool sieve_can(const struct sieve *p, const struct plan *plan,
               const struct lineup *lineup);
/* Is all that there may be of it asked in setup, vu_setup or teardown, and by
 * no scenario? Borrowed as above. */
bool sieve_aside(const struct sieve *p, const struct plan *plan);
/* Borrowed until the next call. */
struct sifted sieve_of(const struct sieve *p);
/* Would two sieves of these have the same? */
bool sieve_same(const struct selector *a, const struct selector *b);

#endif
