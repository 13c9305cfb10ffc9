/* SPDX-License-Identifier: MIT
 *
 * record - what a spectator is sent after the answer to its "attach": records
 * of a length (four bytes, the lowest first; of what follows the kind), a kind
 * (one byte) and so many bytes. */
#ifndef REMOTE_RECORD_H
#define REMOTE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "remote/blob.h"

#define REMOTE_PROTOCOL  1
#define RECORD_HEAD      5
#define RECORD_BYTES_MAX (32u << 20) /* of one */

enum record_kind {
    RECORD_INFO = 1, /* record/info_code.h: the first */
    RECORD_TICK,     /* record/tick_code.h: one tick, or several as one */
    RECORD_ANSWER,   /* JSON: to a command of the spectator's */
    RECORD_END,      /* text: why the run sends no more */
    RECORD_KINDS
};

struct blob *record_new(enum record_kind kind, const void *data, size_t n);
/* What b begins with: -1 not all of a record is there yet, 0 it is none, else
 * 1, with what is in it (borrowed) and how many bytes all of it takes. */
int record_next(const struct buf *b, enum record_kind *kind, const char **data,
                size_t *n, size_t *all);

#endif
