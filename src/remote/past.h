/* SPDX-License-Identifier: MIT
 *
 * past - what a run has been so far, ready to be sent to who attaches now: the
 * last ten seconds of active time tick by tick, so that windows are the same
 * for everybody, and what was before in frames of one second. Those are in a
 * temporary file without a name, so that a run does not grow; in memory where
 * there can be none. What merged frames leave in it goes when the file is made
 * anew, so that it does not grow with time either. Beyond PAST_BYTES_MAX frames
 * that follow each other become one, the oldest first: all figures stay, only
 * the distant past gets coarser. No clock. */
#ifndef REMOTE_PAST_H
#define REMOTE_PAST_H

#include <stddef.h>

#include "remote/blob.h"
#include "run/tick.h"

#define PAST_BYTES_MAX (32u << 20)

struct past; /* opaque */

/* info is borrowed and outlives the past. */
struct past *past_new(const struct run_info *info, size_t bytes_max);
void past_free(struct past **p);
/* The newest tick, and its record: a reference is taken. */
void past_add(struct past *p, const struct tick *t, struct blob *record);
/* All records in order, oldest first: fn takes the reference that it is
 * given. */
typedef void past_fn(void *ctx, struct blob *record_take);
void past_each(struct past *p, past_fn *fn, void *ctx);
/* Of the frames' records; and of the file that has them, gaps included: at most
 * about three times as many as may be. */
size_t past_bytes(const struct past *p);
size_t past_file_bytes(const struct past *p);

#endif
