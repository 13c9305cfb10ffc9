/* SPDX-License-Identifier: MIT
 *
 * reply - what the target says: the bodies of its answers, in the Vi runtime's
 * shapes (frames.h has the streams'). Appends to a buffer; no I/O. */
#ifndef TARGET_REPLY_H
#define TARGET_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/wall.h"
#include "target/ask.h"
#include "target/tally.h"

/* What one chat or stream is about. */
struct reply_facts {
    const struct ask *ask; /* borrowed */
    char session[37];
    char record[37];
    char citation[37];
    unsigned chimes; /* remarks that Vi made on the way; mostly none */
    bool ambiguous;  /* a stream that asks back instead of planning */
    struct wall now;
};

void reply_health(struct wall now, struct buf *out);
/* The 200 of POST /v1/chat, about 0.8 KB (short when ask->canned). */
void reply_chat(const struct reply_facts *f, struct buf *out);

/* The body of any other status; id counts requests from 1. */
void reply_error(enum status status, const char *message, uint64_t id,
                 struct wall now, struct buf *out);
/* The 400 that lists a's faults. */
void reply_invalid(const struct ask *a, uint64_t id, struct wall now,
                   struct buf *out);

#endif
