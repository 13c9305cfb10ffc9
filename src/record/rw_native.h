/* SPDX-License-Identifier: MIT
 *
 * rw_native - a histogram as Prometheus' native ones have it
 * (https://prometheus.io/docs/specs/native_histograms/). Count and sum are
 * exact, and so is each bucket but where one of ours (at most 1/1024 of its
 * value wide) lies across a bound. Pure arithmetic. */
#ifndef RECORD_RW_NATIVE_H
#define RECORD_RW_NATIVE_H

#include <stddef.h>
#include <stdint.h>

#include "measure/histo.h"
#include "record/exponential.h"

/* Below or at it values count as zero, as in Prometheus' own client: 2^-128. */
#define RW_NATIVE_ZERO 0x1p-128

struct rw_span {
    int32_t offset;  /* the first: index of its first bucket; else buckets that
                        are left out before it */
    uint32_t length; /* buckets */
};

struct rw_native {
    uint64_t count;
    uint64_t zero; /* of count */
    double sum;
    struct rw_span spans[EXPONENTIAL_BUCKETS];
    size_t n_spans;
    /* A bucket's count less that of the bucket before it. */
    int64_t deltas[EXPONENTIAL_BUCKETS];
    size_t n_deltas;
};

/* scale: what h's values are multiplied by; above 0. */
void rw_native_of(struct rw_native *n, const struct histo_sparse *h,
                  double scale);

#endif
