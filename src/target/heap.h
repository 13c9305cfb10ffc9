/* SPDX-License-Identifier: MIT
 *
 * heap - what is due when: a binary heap of nodes that live inside their
 * owners, the earliest on top. Knows no clock. */
#ifndef TARGET_HEAP_H
#define TARGET_HEAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clk.h"

struct heap_node {
    mono_us due;
    size_t at;   /* place in the heap plus one; 0 = in none */
    void *owner; /* borrowed: whoever the node is part of */
};

struct heap {
    struct heap_node **nodes; /* the array is owned, the nodes borrowed */
    size_t n;
    size_t cap;
};

void heap_init(struct heap *h);
/* Frees the array; the nodes are their owners'. */
void heap_clear(struct heap *h);
/* Puts n in with its due time; one that is in already is moved. */
void heap_set(struct heap *h, struct heap_node *n, mono_us due);
/* Takes n out; nothing when it is not in. */
void heap_drop(struct heap *h, struct heap_node *n);
/* The earliest, or NULL when empty. */
struct heap_node *heap_top(const struct heap *h);

static inline bool heap_has(const struct heap_node *n)
{
    return n->at != 0;
}

#endif
