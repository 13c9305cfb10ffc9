/* SPDX-License-Identifier: MIT
 *
 * frames - what a stream of the target says, as server-sent events: first
 * [chime] ready perception, then intent plan, then execution reflection
 * response response done; or ready perception, ambiguity_detected, response
 * done. 4 to 5 KB in all. Appends to a buffer; no I/O. */
#ifndef TARGET_FRAMES_H
#define TARGET_FRAMES_H

#include "base/buf.h"
#include "target/reply.h"

/* The three parts, in the order of their calls; the number of cognitive events
 * among their frames is returned. */
unsigned frames_begin(const struct reply_facts *f, struct buf *out);
unsigned frames_middle(const struct reply_facts *f, struct buf *out);
unsigned frames_end(const struct reply_facts *f, struct buf *out);
/* Instead of what is left: the error event. */
void frames_error(const char *message, struct buf *out);
void frames_heartbeat(struct buf *out);

#endif
