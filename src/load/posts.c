/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "load/posts.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"

void posts_add(struct posts *p, const struct desired *list, uint64_t gaps_us)
{
    MUST(p->width > 0);
    if (p->n == p->cap && p->cap < POSTS_MAX) {
        size_t cap = p->cap == 0 ? 4 : p->cap * 2;

        p->list = xreallocarray(p->list, cap * p->width, sizeof *p->list);
        p->gaps_us = xreallocarray(p->gaps_us, cap, sizeof *p->gaps_us);
        p->cap = cap;
    }
    p->n -= p->n == POSTS_MAX ? 1 : 0;
    memcpy(p->list + p->n * p->width, list, p->width * sizeof *list);
    p->gaps_us[p->n++] = gaps_us;
}

void posts_take(struct posts *p, struct posts *to)
{
    struct posts had = *to;

    MUST(p->width == to->width);
    *to = *p;
    *p = had;
    p->n = 0;
}

void posts_clear(struct posts *p)
{
    free(p->list);
    free(p->gaps_us);
    *p = (struct posts){.width = p->width};
}
