/* SPDX-License-Identifier: MIT
 *
 * rw_write - samples as Prometheus' remote write 1.0 has them on the wire
 * (https://prometheus.io/docs/specs/prw/remote_write_spec/): a WriteRequest of
 * protocol buffers, by libprotobuf-c, in Snappy's block format, by libsnappy.
 * Needs both: HAVE_REMOTE_WRITE. */
#ifndef RECORD_RW_WRITE_H
#define RECORD_RW_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "record/rw_native.h"

/* A sample of one series. */
struct rw_sample {
    const char *name;   /* of the series: its label __name__ */
    const char *labels; /* the others, by rising name: NAME NUL VALUE NUL; none
                           is empty */
    size_t labels_len;  /* bytes of them, NULs included */
    int64_t unix_ms;
    double value;
    const struct rw_native *native; /* in the place of value; NULL = value */
};

/* What says that a series has ended: a NaN of these bits, and no other. */
#define RW_STALE_BITS UINT64_C(0x7ff0000000000002)
double rw_stale(void);

/* Appends a WriteRequest of one sample; those that stand behind one another are
 * one of all (https://protobuf.dev/programming-guides/encoding/#last-one-wins).
 * false: there is no room, raw is as it was. */
bool rw_write_add(struct buf *raw, const struct rw_sample *s);
/* Appends raw, compressed. false: there is no room, out is as it was. */
bool rw_write_pack(const struct buf *raw, struct buf *out);

#endif
