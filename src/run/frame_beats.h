/* SPDX-License-Identifier: MIT
 *
 * frame_beats - what a frame keeps of each tick that it was made of: how long
 * it was, and how many requests of each kind ended in it. */
#ifndef RUN_FRAME_BEATS_H
#define RUN_FRAME_BEATS_H

#include <stdbool.h>
#include <stddef.h>

#include "run/tick.h"

struct frame_beats {
    struct tick_beat *list; /* owned */
    size_t n, cap;
    struct tick_part *parts; /* owned; rows are those of the last tick added */
    size_t n_parts, cap_parts;
    uint64_t *keys; /* owned: of the parts, what their row stands for */
    size_t cap_keys;
    bool lost; /* there were too many: there are none */
};

/* All zero is empty. */
void frame_beats_clear(struct frame_beats *b);
void frame_beats_reset(struct frame_beats *b);
void frame_beats_add(struct frame_beats *b, const struct tick *t);
/* Has room for those of t. */
bool frame_beats_fit(const struct frame_beats *b, const struct tick *t);
/* Gives them to t, whose delta is that of all. Borrowed until the next add. */
void frame_beats_give(struct frame_beats *b, struct tick *t);

#endif
