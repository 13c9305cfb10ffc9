/* SPDX-License-Identifier: MIT
 *
 * out_post - a try of an output that is sent by HTTP, and what the answer to it
 * means. Inside this room only; on the output's own thread. */
#ifndef RECORD_OUT_POST_H
#define RECORD_OUT_POST_H

#include <stdbool.h>

#include "base/buf.h"
#include "net/post.h"
#include "record/out_kind.h"

/* May what was answered so go through later? */
typedef bool out_post_later_fn(long status);
/* Yes, where it is the receiver's fault, or too much at a time: 429 and 5xx. */
bool out_post_later(long status);

/* One try: *r is OUT_SENT after a 2xx, else as later has it, and later as well
 * where no answer came (a->status is 0). */
void out_post(struct post *post, const struct buf *payload,
              out_post_later_fn *later, struct post_answer *a,
              struct out_reply *r);

#endif
