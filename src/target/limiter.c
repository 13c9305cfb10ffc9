/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/limiter.h"

#include <stdlib.h>

#include "base/xalloc.h"

#define LIMITER_SLOTS 16384 /* a power of two */
#define LIMITER_NEAR  8     /* slots that a key may be in */

/* A key is known by its hash alone: two of the same 64 bits share a window. */
struct limiter_slot {
    uint64_t hash;
    mono_us end; /* 0: never used */
    uint64_t count;
};

struct limiter {
    const struct clk *clk; /* borrowed */
    uint64_t per_minute;
    struct limiter_slot slots[LIMITER_SLOTS];
};

/* FNV-1a. */
static uint64_t limiter_hash(const char *key, size_t n)
{
    uint64_t h = 14695981039346656037U;

    for (size_t i = 0; i < n; i++) {
        h = (h ^ (unsigned char)key[i]) * 1099511628211U;
    }
    return h;
}

/* The key's own slot, or the one nearby whose window ends first. */
static struct limiter_slot *limiter_slot(struct limiter *l, uint64_t hash)
{
    struct limiter_slot *old = NULL;

    for (uint64_t i = 0; i < LIMITER_NEAR; i++) {
        struct limiter_slot *s = &l->slots[(hash + i) % LIMITER_SLOTS];

        if (s->end != 0 && s->hash == hash) {
            return s;
        }
        if (old == NULL || s->end < old->end) {
            old = s;
        }
    }
    old->hash = hash;
    old->end = 0;
    return old;
}

struct limiter *limiter_new(uint64_t per_minute, const struct clk *clk)
{
    struct limiter *l = xcalloc(1, sizeof *l);

    l->per_minute = per_minute;
    l->clk = clk;
    return l;
}

void limiter_free(struct limiter **lp)
{
    free(*lp);
    *lp = NULL;
}

struct limiter_verdict limiter_count(struct limiter *l, const char *key,
                                     size_t n)
{
    mono_us now = clk_now(l->clk);
    struct limiter_slot *s = limiter_slot(l, limiter_hash(key, n));
    struct limiter_verdict v;

    if (s->end <= now) {
        s->end = now + LIMITER_WINDOW_US;
        s->count = 0;
    }
    s->count++;
    v.allowed = s->count <= l->per_minute;
    v.remaining = v.allowed ? l->per_minute - s->count : 0;
    v.reset_us = s->end - now;
    return v;
}
