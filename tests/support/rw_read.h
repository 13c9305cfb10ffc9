/* SPDX-License-Identifier: MIT
 *
 * rw_read - what a receiver of Prometheus' remote write sees: a reader of
 * WriteRequests of its own, by the documents of the formats alone. Fails the
 * test where anything is not as it has to be. */
#ifndef TESTS_SUPPORT_RW_READ_H
#define TESTS_SUPPORT_RW_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rw_got {
    char name[256];    /* __name__ */
    char labels[1024]; /* the others: {a="b",c="d"} */
    int64_t unix_ms;
    bool native;
    bool stale;   /* the bits of a stale marker */
    double value; /* of a native one its sum */
    uint64_t count, zero;
    double zero_threshold;
    int32_t schema;
    int32_t offsets[64]; /* of spans */
    uint32_t lengths[64];
    size_t n_spans;
    int64_t deltas[400];
    size_t n_deltas;
};

struct rw_gots {
    struct rw_got *list; /* owned: rw_gots_clear */
    size_t n, cap;
};

/* Reads a WriteRequest. Labels must rise and none may be empty, each series has
 * one sample. */
void rw_read(const void *bytes, size_t n, struct rw_gots *out);
void rw_gots_clear(struct rw_gots *g);
/* The only one of that name and labels (as above). */
const struct rw_got *rw_got(const struct rw_gots *g, const char *name,
                            const char *labels);

#endif
