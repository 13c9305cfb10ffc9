/* SPDX-License-Identifier: MIT
 *
 * recording_in - reads a recording (doc/recording.md) from anywhere: whatever
 * is in the file, it is checked, memory stays within bounds, and what cannot be
 * read is said with its place. A file that was cut off is read up to there. The
 * ticks are as story_feed takes them; each stands for the ticks of a second, or
 * of less where something changed between. */
#ifndef RECORD_RECORDING_IN_H
#define RECORD_RECORDING_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "record/recording_label.h"
#include "record/recording_meta.h"
#include "record/tick_code.h"
#include "run/tick.h"

struct recording_in; /* opaque */

/* Does the file begin as a recording does? false of what is no file, too: a
 * pipe is left as it is. */
bool recording_is(const char *path);

/* Reads and checks what the file begins with. NULL: e says what is wrong, where
 * and what to do. Owned by the caller. */
struct recording_in *recording_open(const char *path, struct err *e) MUST_CHECK;
/* *r may be NULL. */
void recording_shut(struct recording_in **r);

/* All borrowed until the shut. */
const struct run_info *recording_info(const struct recording_in *r);
const struct recording_meta *recording_meta(const struct recording_in *r);
const struct recording_label *recording_label(const struct recording_in *r);
/* How it ended; NULL = its end was not written: it was cut off, or it is still
 * being written. */
const struct recording_sum *recording_sum(const struct recording_in *r);
/* It was being written when it was opened. */
bool recording_live(const struct recording_in *r);

/* The next tick into *out, which is the caller's to clear (tick_read_clear).
 * 1: there is one; 0: the end, and all is there; -1: nothing more can be read
 * from here on, it was cut off or is damaged, and e says where: byte and run
 * time. What was read before is sound. After 0 and -1 the same again. */
int recording_next(struct recording_in *r, struct tick_read *out,
                   struct err *e) MUST_CHECK;
/* After -1: is it damaged, rather than cut off? */
bool recording_damaged(const struct recording_in *r);
/* Back to before the first tick. */
void recording_rewind(struct recording_in *r);

#endif
