/* SPDX-License-Identifier: MIT
 *
 * histo_internal - the inside of a histogram, for histo*.c and the test alone.
 * The blocks lie behind each other in one array in order of first touch; slot
 * says where a block lies. So that a clear gives all of them back without a
 * free, and what is recorded next finds them again wherever it falls. */
#ifndef MEASURE_HISTO_INTERNAL_H
#define MEASURE_HISTO_INTERNAL_H

#include <stdint.h>

#include "measure/histo.h"

#define HISTO_SUB_BITS 10u /* 1024 buckets an octave */
#define HISTO_SUB      (1u << HISTO_SUB_BITS)
#define HISTO_BUCKETS  (31u * HISTO_SUB) /* 0 .. 2^40-1 */
#define HISTO_BLOCK    64u
#define HISTO_BLOCKS   (HISTO_BUCKETS / HISTO_BLOCK)
#define HISTO_WORDS    ((HISTO_BLOCKS + 63u) / 64u)

struct histo {
    uint64_t count, sum, overflow;
    uint64_t min, max;             /* UINT64_MAX and 0 when empty */
    uint64_t *counts;              /* owned: cap blocks */
    uint32_t used, cap;            /* blocks */
    uint64_t touched[HISTO_WORDS]; /* bit i: block i has a slot */
    uint16_t slot[HISTO_BLOCKS];   /* 1 + place in counts; 0 = untouched */
};

/* Gives an untouched block its place, zeroed; returns slot[block]. */
uint32_t histo_touch(struct histo *h, uint32_t block);

/* The counts of a touched block. */
static inline uint64_t *histo_block(const struct histo *h, uint32_t block)
{
    return h->counts + (size_t)(h->slot[block] - 1u) * HISTO_BLOCK;
}

/* The first touched block from `from` on; HISTO_BLOCKS = none. */
uint32_t histo_next_block(const struct histo *h, uint32_t from);

/* After counts went out of a histogram that is not empty: where the bucket of
 * an extreme is not empty yet, the extreme stays. It is right to the bucket,
 * and exact when it was not this one that left. */
void histo_find_min(struct histo *h);
void histo_find_max(struct histo *h);

/* The rank in 1..n of percentile p. */
uint64_t histo_rank(double p, uint64_t n);

#endif
