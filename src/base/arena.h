/* SPDX-License-Identifier: MIT
 *
 * arena - memory of one piece of work, freed all at once when that is done. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

/* All zero is an empty one. */
struct arena {
    void **list; /* owned, as what is in it */
    size_t n, cap;
};

/* Room for n things of so many bytes, all zero; borrowed until arena_clear.
 * Never NULL, not for n == 0 either. */
void *arena_new(struct arena *a, size_t n, size_t bytes);
/* Frees all of it; a is empty then. */
void arena_clear(struct arena *a);

#endif
