/* SPDX-License-Identifier: MIT
 *
 * frame - ticks that follow each other, as one: so that the past takes a tenth
 * of the room, and who is slow does not make anything grow. A story that is fed
 * frames becomes, to the bit, what it is when it is fed their ticks: it puts
 * ticks together itself. Memory is bounded by what there can be of series. No
 * clock, no locks. */
#ifndef RUN_FRAME_H
#define RUN_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include "run/tick.h"

/* A frame with so many is over. In one that is added to all the same, as when a
 * disk is behind, those beyond are left out. */
#define FRAME_EVENTS_MAX 1000u

struct frame; /* opaque */

struct frame *frame_new(void);
void frame_free(struct frame **f);
bool frame_empty(const struct frame *f);
/* Adds the next tick, which may itself stand for several. Copies. */
void frame_add(struct frame *f, const struct tick *t);
/* Does t begin another frame: is it of another second (that of a ledger's
 * slots), of another state of the run, of the hold or of a scenario, of another
 * stage or another hand, of another phase of a hunt, is a part of it a pause,
 * or is there a mark or a change of load between? The tick
 * of such a mark, and a stage's first, are frames of their own. */
bool frame_is_over(const struct frame *f, const struct tick *t);
/* It is over whatever comes: it is the run's last, or the next tick of the
 * usual length is of another second. */
bool frame_is_full(const struct frame *f);
/* What was added, as one tick; borrowed until the next add or reset. Not of an
 * empty frame. */
const struct tick *frame_tick(struct frame *f);
void frame_reset(struct frame *f);

#endif
