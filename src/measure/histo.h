/* SPDX-License-Identifier: MIT
 *
 * histo - log-linear histogram of whole numbers with three significant digits:
 * 1024 buckets an octave, so that a bucket is at most 1/1024 of its value wide
 * (the layout of HdrHistogram, https://hdrhistogram.org; the percentile
 * definition is the contract's: the value at rank ceil(p·n)). Blocks of 64
 * buckets are allocated when first touched; merge and clear walk touched blocks
 * only, and a cleared histogram keeps its memory. Minimum, maximum, sum and
 * count are exact (a sum beyond 2^64-1 stays there). Pure arithmetic: no I/O,
 * no clock, no locks; one writer. */
#ifndef MEASURE_HISTO_H
#define MEASURE_HISTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Values above are counted as this one and in `overflow` (2^40 - 1 µs is
 * twelve days). */
#define HISTO_VALUE_MAX ((UINT64_C(1) << 40) - 1)

struct histo; /* opaque */

struct histo *histo_new(void);
void histo_free(struct histo **h);
/* Empties it; keeps its blocks for the next use. */
void histo_clear(struct histo *h);
void histo_record(struct histo *h, uint64_t value);
/* n times the same value. */
void histo_record_n(struct histo *h, uint64_t value, uint64_t n);
/* Adds all of from. */
void histo_merge(struct histo *h, const struct histo *from);

uint64_t histo_count(const struct histo *h);
uint64_t histo_sum(const struct histo *h);
uint64_t histo_min(const struct histo *h); /* 0 when empty */
uint64_t histo_max(const struct histo *h); /* 0 when empty */
uint64_t histo_overflow(const struct histo *h);
double histo_mean(const struct histo *h); /* 0 when empty */
/* The value at rank ceil(p/100 · n), p in 0..100: its bucket's middle, within
 * [min, max]; the first and the last rank are min and max themselves; 0 when
 * empty. */
uint64_t histo_percentile(const struct histo *h, double p);
/* How many values are greater than limit (to the bucket). */
uint64_t histo_count_above(const struct histo *h, uint64_t limit);
/* Bytes it holds. */
size_t histo_bytes(const struct histo *h);

/* The same, written compactly: what ticks, slots and files carry. */
struct histo_pair {
    uint16_t bucket; /* index: see histo_bucket_low */
    uint16_t count;  /* at least 1; a bucket with more has several in a row */
};
#define HISTO_PAIR_MAX UINT16_MAX
struct histo_sparse {
    struct histo_pair *pairs; /* owned, by rising bucket; NULL when n == 0 */
    uint32_t n;
    uint64_t count, sum, min, max; /* all 0 when empty */
    uint64_t overflow;             /* of count, above HISTO_VALUE_MAX */
};
/* Writes h into s (not initialised before); a bucket over
 * HISTO_PAIR_MAX is split. */
void histo_to_sparse(const struct histo *h, struct histo_sparse *s);
void histo_sparse_clear(struct histo_sparse *s);
/* Room for n pairs, in one of few sizes, so that what one tick frees fits the
 * next one, whatever its number of buckets: the heap does not grow with time.
 * The caller frees it; NULL where n is 0. */
struct histo_pair *histo_pairs_new(uint32_t n);
/* Adds b to a. */
void histo_sparse_merge(struct histo_sparse *a, const struct histo_sparse *b);
/* Adds s to h. */
void histo_add_sparse(struct histo *h, const struct histo_sparse *s);
/* Calls fn with values that could be those that were recorded, rising, n of
 * each: in their buckets, as many as there were, from min to max, and adding up
 * to sum (where values overflowed, as near as there is). */
typedef void histo_value_fn(void *ctx, uint64_t value, uint64_t n);
void histo_sparse_values(const struct histo_sparse *s, histo_value_fn *fn,
                         void *ctx);
/* Takes s, added before, out of h again. Where s had values in the outermost
 * bucket, h's minimum or maximum is from then on right to the bucket only. */
void histo_sub_sparse(struct histo *h, const struct histo_sparse *s);

/* The same in about two bytes a bucket, in somebody else's memory: what is kept
 * for long. */
struct histo_packed {
    const uint8_t *bytes; /* borrowed */
    size_t size;
    uint64_t count, sum, min, max; /* all 0 when empty */
    uint64_t overflow;
};
/* Bytes that histo_pack writes. Packed sums are never larger than what was
 * added up. */
size_t histo_packed_size(const struct histo *h);
void histo_pack(const struct histo *h, uint8_t *to, struct histo_packed *p);
/* Adds p to h. */
void histo_add_packed(struct histo *h, const struct histo_packed *p);
/* Takes p, added before, out of h again; minimum and maximum as with
 * histo_sub_sparse. */
void histo_sub_packed(struct histo *h, const struct histo_packed *p);
uint64_t histo_packed_percentile(const struct histo_packed *p, double percent);
/* Its buckets one by one, rising. */
struct histo_walk {
    const uint8_t *at, *end;
    uint32_t next;
    uint32_t bucket; /* the one that histo_walk_next came to */
    uint64_t count;
};
struct histo_walk histo_packed_walk(const struct histo_packed *p);
bool histo_walk_next(struct histo_walk *w);

/* Bucket of a value, and the lowest and highest value of a bucket. */
uint32_t histo_bucket(uint64_t value);
uint64_t histo_bucket_low(uint32_t bucket);
uint64_t histo_bucket_high(uint32_t bucket);
/* What a bucket counts as, within [min, max]. */
uint64_t histo_middle(uint32_t bucket, uint64_t min, uint64_t max);

/* Samples that a percentile needs before it says something (two-sided 95 %
 * interval, insight.md §7): p95 72, p99 368. */
uint64_t histo_samples_needed(double p);

#endif
