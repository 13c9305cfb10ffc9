/* SPDX-License-Identifier: MIT
 *
 * posts - states that were posted to a worker and that it has not looked at
 * yet, in their order: each was true for a while, and an arrival rate owes what
 * was due in it. No lock and no clock: whoever uses it has them. */
#ifndef LOAD_POSTS_H
#define LOAD_POSTS_H

#include <stddef.h>
#include <stdint.h>

#include "load/desired.h"

/* A worker that looks at nothing for so many posts is stuck: from then on the
 * newest state takes the place of the one before it, whose due times are then
 * known by their number alone. */
#define POSTS_MAX 256u

/* All zero at first but for width: scenarios, of which each post has a state,
 * at least 1. */
struct posts {
    size_t width;
    struct desired *list; /* owned: n posts of width states each */
    uint64_t *gaps_us;    /* owned: gaps when each was posted */
    size_t n, cap;
};

/* list: width states, copied. */
void posts_add(struct posts *p, const struct desired *list, uint64_t gaps_us);
/* Moves all that p has to `to`, whose own are lost; p is then empty, with the
 * memory that `to` had. Both have the same width. */
void posts_take(struct posts *p, struct posts *to);
void posts_clear(struct posts *p);

#endif
