/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/heap.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"

static void heap_put(struct heap *h, size_t i, struct heap_node *n)
{
    h->nodes[i] = n;
    n->at = i + 1;
}

static void heap_up(struct heap *h, size_t i)
{
    struct heap_node *n = h->nodes[i];

    while (i > 0 && h->nodes[(i - 1) / 2]->due > n->due) {
        heap_put(h, i, h->nodes[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
    heap_put(h, i, n);
}

static void heap_down(struct heap *h, size_t i)
{
    struct heap_node *n = h->nodes[i];

    for (;;) {
        size_t child = 2 * i + 1;

        if (child >= h->n) {
            break;
        }
        if (child + 1 < h->n &&
            h->nodes[child + 1]->due < h->nodes[child]->due) {
            child++;
        }
        if (h->nodes[child]->due >= n->due) {
            break;
        }
        heap_put(h, i, h->nodes[child]);
        i = child;
    }
    heap_put(h, i, n);
}

void heap_init(struct heap *h)
{
    h->nodes = NULL;
    h->n = 0;
    h->cap = 0;
}

void heap_clear(struct heap *h)
{
    free(h->nodes);
    heap_init(h);
}

void heap_set(struct heap *h, struct heap_node *n, mono_us due)
{
    n->due = due;
    if (n->at == 0) {
        h->nodes = xgrow(h->nodes, h->n, &h->cap, sizeof *h->nodes);
        heap_put(h, h->n++, n);
    }
    MUST(n->at <= h->n && h->nodes[n->at - 1] == n);
    heap_up(h, n->at - 1);
    heap_down(h, n->at - 1);
}

void heap_drop(struct heap *h, struct heap_node *n)
{
    size_t i;
    struct heap_node *last;

    if (n->at == 0) {
        return;
    }
    MUST(n->at <= h->n && h->nodes[n->at - 1] == n);
    i = n->at - 1;
    n->at = 0;
    last = h->nodes[--h->n];
    if (last != n) {
        heap_put(h, i, last);
        heap_up(h, i);
        heap_down(h, last->at - 1);
    }
}

struct heap_node *heap_top(const struct heap *h)
{
    return h->n > 0 ? h->nodes[0] : NULL;
}
