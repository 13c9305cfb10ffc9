/* SPDX-License-Identifier: MIT
 *
 * tick_code_internal - the parts of a tick's code: record/delta_code.c has what
 * was measured. */
#ifndef RECORD_TICK_CODE_INTERNAL_H
#define RECORD_TICK_CODE_INTERNAL_H

#include "measure/delta.h"
#include "record/code.h"
#include "run/tick.h"

/* Of anything that is counted within one tick, and of bytes: sums over the
 * longest run stay within 64 bits. */
#define CODE_COUNT_MAX (UINT64_C(1) << 40)
#define CODE_BYTES_MAX (UINT64_C(1) << 48)

struct tick_read;

/* The ticks that it stands for (record/beats_code.c); after its delta. */
void beats_encode(struct buf *b, const struct tick *t);
void beats_decode(struct code_in *in, struct tick_read *out);
/* What a tick says of a hunt (record/hunt_code.c). */
void hunt_encode(struct buf *b, const struct tick *t);
void hunt_decode(struct code_in *in, struct tick_read *out);
/* What is seen of the service, now and within the tick (record/server_code.c).
 */
void server_encode(struct buf *b, const struct tick_server *s);
void server_decode(struct code_in *in, struct tick_server *s);
void server_seen_encode(struct buf *b, const struct server_seen *s);
void server_seen_decode(struct code_in *in, struct server_seen *s);
void delta_encode(struct buf *b, const struct delta *d);
/* Never NULL; owned by the caller, and empty or half filled where in is bad. */
struct delta *delta_decode(struct code_in *in, const struct run_info *info);

#endif
