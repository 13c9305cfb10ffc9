/* SPDX-License-Identifier: MIT
 *
 * frame - ticks that follow each other, as one: so that the past takes a tenth
 * of the room, and who is slow does not make anything grow. Totals, percentiles
 * and highest values come out the same; only times are as coarse as the frame.
 * Memory is bounded by what there can be of series. No clock, no locks. */
#ifndef RECORD_FRAME_H
#define RECORD_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include "run/tick.h"

#define FRAME_US         1000000u
#define FRAME_EVENTS_MAX 1000u /* what does not fit is counted */

struct frame; /* opaque */

struct frame *frame_new(void);
void frame_free(struct frame **f);
bool frame_empty(const struct frame *f);
/* Adds the next tick, which may itself stand for several. Copies. */
void frame_add(struct frame *f, const struct tick *t);
/* Does t begin another frame: is it of another second (tick_second, those of a
 * ledger's slots), of another state of the run, of the hold or of a scenario,
 * of another stage or another hand, or is there a mark or a change of load
 * between? */
bool frame_is_over(const struct frame *f, const struct tick *t);
/* What was added, as one tick; borrowed until the next add or reset. Not of an
 * empty frame. */
const struct tick *frame_tick(struct frame *f);
void frame_reset(struct frame *f);

#endif
