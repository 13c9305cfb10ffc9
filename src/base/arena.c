/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/arena.h"

#include <stdlib.h>

#include "base/xalloc.h"

void *arena_new(struct arena *a, size_t n, size_t bytes)
{
    void *p = xcalloc(n + 1, bytes);

    a->list = xgrow(a->list, a->n, &a->cap, sizeof *a->list);
    a->list[a->n++] = p;
    return p;
}

void arena_clear(struct arena *a)
{
    size_t i;

    for (i = 0; i < a->n; i++) {
        free(a->list[i]);
    }
    free(a->list);
    *a = (struct arena){NULL, 0, 0};
}
