/* SPDX-License-Identifier: MIT
 *
 * out_file - the file of a kind of --out that has one: what is sent is behind
 * what was sent before, and in the system's hands, when the call returns. Where
 * it cannot go on, a file ends with what was sent last as a whole. A name that
 * ends in .gz is packed (RFC 1952), such that each part can be read as soon as
 * it is written. A pipe whose reader is slow is waited for. */
#ifndef RECORD_OUT_FILE_H
#define RECORD_OUT_FILE_H

#include "base/attr.h"
#include "record/out_kind.h"

struct out_file; /* opaque */

/* Makes it, or empties the one that is there, as k6 does. A file (no device, no
 * pipe) is locked (flock) until it is closed: one that is locked already, by
 * another run or another --out of this one, is left as it is and refused. kind:
 * for errors. NULL: e says why. */
struct out_file *out_file_open(const char *kind, const char *path,
                               struct err *e) MUST_CHECK;
void out_file_close(struct out_file **f);

/* See out_kind.h: where, send and stop of a kind whose ctx begins with this. */
struct out_file_ctx {
    struct out_file *file; /* owned */
};
const char *out_file_where(const void *ctx);
void out_file_send(void *ctx, const struct buf *payload, struct out_reply *r);
void out_file_stop(void *ctx);

#endif
