/* SPDX-License-Identifier: MIT
 *
 * gate - the next free moment, in nanoseconds: a gap is not a whole number of
 * µs at most rates. What is not used is gone: no burst follows a lull. */
#include "config.h"

#include "load/gate.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"

#define GATE_NS_PER_S  UINT64_C(1000000000)
#define GATE_NS_PER_US 1000u

struct gate {
    uint64_t gap_ns;
    _Atomic uint64_t next_ns;
    _Atomic uint64_t held;
};

struct gate *gate_new(uint32_t per_s)
{
    struct gate *g = xcalloc(1, sizeof *g);

    MUST(per_s >= 1 && per_s <= GATE_MAX_PER_S);
    /* Rounded up: never more than so many. */
    g->gap_ns = (GATE_NS_PER_S + per_s - 1) / per_s;
    atomic_init(&g->next_ns, 0);
    atomic_init(&g->held, 0);
    return g;
}

void gate_free(struct gate **g)
{
    free(*g);
    *g = NULL;
}

mono_us gate_take(struct gate *g, mono_us now)
{
    uint64_t now_ns = now * GATE_NS_PER_US;
    uint64_t next = atomic_load_explicit(&g->next_ns, memory_order_relaxed);
    uint64_t mine;

    do {
        mine = next > now_ns ? next : now_ns;
    } while (!atomic_compare_exchange_weak_explicit(
        &g->next_ns, &next, mine + g->gap_ns, memory_order_relaxed,
        memory_order_relaxed));
    if (mine > now_ns) {
        atomic_fetch_add_explicit(&g->held, 1, memory_order_relaxed);
    }
    return (mine + GATE_NS_PER_US - 1) / GATE_NS_PER_US;
}

uint64_t gate_held(const struct gate *g)
{
    return atomic_load_explicit(&g->held, memory_order_relaxed);
}
