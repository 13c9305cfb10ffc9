/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/hits.h"

#include <stdlib.h>

#include "base/xalloc.h"

void hits_clear(struct hits *h)
{
    free(h->list);
    *h = (struct hits){.n = 0};
}

void hits_reset(struct hits *h)
{
    h->n = 0;
}

void hits_add(struct hits *h, const struct hit *hit)
{
    if (h->n == h->cap) {
        h->cap = h->cap > 0 ? h->cap * 2 : 64;
        h->list = xreallocarray(h->list, h->cap, sizeof *h->list);
    }
    h->list[h->n++] = *hit;
}

struct hit hits_at(const struct hits *h, int row, int col)
{
    size_t i;

    for (i = h->n; i-- > 0;) {
        const struct hit *hit = &h->list[i];

        if (row >= hit->row && row - hit->row < hit->rows && col >= hit->col &&
            col - hit->col < hit->cols) {
            return *hit;
        }
    }
    return (struct hit){.kind = HIT_NOTHING};
}
