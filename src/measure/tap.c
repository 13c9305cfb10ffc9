/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/tap.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"

struct tap {
    const struct clk *clk;    /* borrowed */
    atomic_size_t head, tail; /* entries written and read; they only rise */
    atomic_uint_fast64_t lost;
    struct tap_entry *list; /* owned: TAP_ENTRIES */
};

struct taps {
    const struct clk *clk;
    struct tap *list[TAPS_MAX]; /* owned */
    atomic_size_t n;
    size_t at; /* the reader's: where it looks next */
};

unsigned tap_points(const struct tap_entry *e)
{
    switch (e->kind) {
    case TAP_REQUEST:
        /* Requests, failed, sent, received; and times. */
        return 4 + (failure_has_response(e->is.sample.failure)
                        ? 7 + (e->is.sample.intended > 0)
                        : 0);
    case TAP_ITERATION:
        return 2;
    case TAP_CHECK:
    case TAP_TREND:
    case TAP_RATE:
    case TAP_COUNT:
    case TAP_DROPPED:
        break;
    }
    return 1;
}

struct taps *taps_new(const struct clk *clk)
{
    struct taps *t = xcalloc(1, sizeof *t);

    t->clk = clk;
    return t;
}

void taps_free(struct taps **tp)
{
    struct taps *t = *tp;
    size_t i, n;

    if (t == NULL) {
        return;
    }
    n = atomic_load(&t->n);
    for (i = 0; i < n; i++) {
        free(t->list[i]->list);
        free(t->list[i]);
    }
    free(t);
    *tp = NULL;
}

struct tap *taps_add(struct taps *t)
{
    size_t n = atomic_load(&t->n);
    struct tap *tap = xcalloc(1, sizeof *tap);

    MUST(n < TAPS_MAX);
    tap->clk = t->clk;
    tap->list = xcalloc(TAP_ENTRIES, sizeof *tap->list);
    t->list[n] = tap;
    atomic_store_explicit(&t->n, n + 1, memory_order_release);
    return tap;
}

void tap_put(struct tap *t, const struct tap_entry *e)
{
    size_t head = atomic_load_explicit(&t->head, memory_order_relaxed);
    size_t tail = atomic_load_explicit(&t->tail, memory_order_acquire);
    struct tap_entry *to = &t->list[head % TAP_ENTRIES];

    if (head - tail == TAP_ENTRIES) {
        atomic_fetch_add_explicit(&t->lost, tap_points(e),
                                  memory_order_relaxed);
        return;
    }
    *to = *e;
    to->at = clk_now(t->clk);
    atomic_store_explicit(&t->head, head + 1, memory_order_release);
}

static bool tap_take(struct tap *t, struct tap_entry *e)
{
    size_t tail = atomic_load_explicit(&t->tail, memory_order_relaxed);

    if (tail == atomic_load_explicit(&t->head, memory_order_acquire)) {
        return false;
    }
    *e = t->list[tail % TAP_ENTRIES];
    atomic_store_explicit(&t->tail, tail + 1, memory_order_release);
    return true;
}

bool taps_take(struct taps *t, struct tap_entry *e)
{
    size_t n = atomic_load_explicit(&t->n, memory_order_acquire), i;

    for (i = 0; i < n; i++) {
        if (tap_take(t->list[t->at % n], e)) {
            return true;
        }
        t->at++;
    }
    return false;
}

uint64_t taps_lost(struct taps *t)
{
    size_t n = atomic_load_explicit(&t->n, memory_order_acquire), i;
    uint64_t lost = 0;

    for (i = 0; i < n; i++) {
        lost += atomic_exchange_explicit(&t->list[i]->lost, 0,
                                         memory_order_relaxed);
    }
    return lost;
}
