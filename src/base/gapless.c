/* SPDX-License-Identifier: MIT
 *
 * gapless - a reading is right if no gap was added while it was taken: else it
 * is taken again. Reading takes no lock and writes only once in a grain, so
 * that workers do not fight for a cache line. */
#include "config.h"

#include "base/gapless.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"

#define GAPLESS_MAGIC 0x6761706cu
/* How old the newest reading that is remembered may be. */
#define GAPLESS_GRAIN_US (20 * US_PER_MS)
/* What a clock that is made to stand shows at least beyond all readings. */
#define GAPLESS_AHEAD_US US_PER_MS
/* In place of when it stood: its gap is being added, in a moment it goes. */
#define GAPLESS_MOVING UINT64_MAX

struct gapless {
    unsigned magic;
    struct clk clk;
    const struct clk *base; /* borrowed */
    uint64_t (*cpu_us)(void);
    pthread_mutex_t lock;      /* for who makes a gap */
    _Atomic uint64_t total;    /* all gaps */
    _Atomic mono_us seen;      /* of the base, the newest remembered */
    _Atomic uint64_t seen_cpu; /* CPU time then */
    _Atomic mono_us stood;     /* of the base: it stands since; 0 = goes;
                                  GAPLESS_MOVING */
};

/* Remembers a moment, unless somebody has remembered one since `before`. */
static bool gapless_see(struct gapless *g, mono_us before, mono_us at)
{
    uint64_t cpu = g->cpu_us();

    if (!atomic_compare_exchange_strong(&g->seen, &before, at)) {
        return false;
    }
    atomic_store_explicit(&g->seen_cpu, cpu, memory_order_relaxed);
    return true;
}

/* Nobody has looked for long. The total comes before what was seen: who sees
 * the new moment knows of the gap. A grain of it is left, as much as readings
 * may have gone beyond what was remembered: the clock never goes back. Where it
 * was made to stand since somebody began to look, the gap is whoever's that
 * lets it go. */
static void gapless_notice(struct gapless *g)
{
    mono_us at, seen;
    uint64_t used;

    pthread_mutex_lock(&g->lock);
    at = clk_now(g->base);
    seen = atomic_load(&g->seen);
    used = g->cpu_us() - atomic_load(&g->seen_cpu);
    if (atomic_load(&g->stood) == 0 && at > seen && at - seen > GAPLESS_US) {
        if (used < (at - seen) / 5) {
            atomic_fetch_add(&g->total, at - seen - GAPLESS_GRAIN_US);
        }
        (void)gapless_see(g, seen, at);
    }
    pthread_mutex_unlock(&g->lock);
}

/* One try at a reading; false: something changed meanwhile. */
static bool gapless_read(struct gapless *g, mono_us *out)
{
    uint64_t total = atomic_load_explicit(&g->total, memory_order_acquire);
    mono_us stood = atomic_load_explicit(&g->stood, memory_order_acquire);
    mono_us at = stood != 0 ? stood : clk_now(g->base);
    mono_us seen = atomic_load_explicit(&g->seen, memory_order_acquire);

    if (stood == GAPLESS_MOVING) {
        return false;
    }
    if (stood == 0 && at > seen && at - seen > GAPLESS_US) {
        gapless_notice(g);
        return false;
    }
    if (stood == 0 && at > seen && at - seen > GAPLESS_GRAIN_US &&
        !gapless_see(g, seen, at)) {
        return false;
    }
    *out = at - total;
    return total == atomic_load_explicit(&g->total, memory_order_acquire) &&
           stood == atomic_load_explicit(&g->stood, memory_order_acquire);
}

static mono_us gapless_now(void *ctx)
{
    struct gapless *g = ctx;
    mono_us now;

    OBJ_CHECK(g, GAPLESS_MAGIC);
    while (!gapless_read(g, &now)) {
    }
    return now;
}

struct gapless *gapless_new(const struct clk *base, uint64_t (*cpu_us)(void))
{
    struct gapless *g = xcalloc(1, sizeof *g);
    int rc = pthread_mutex_init(&g->lock, NULL);

    MUST(rc == 0);
    g->magic = GAPLESS_MAGIC;
    g->base = base;
    g->cpu_us = cpu_us;
    g->clk = (struct clk){.now = gapless_now, .ctx = g};
    (void)gapless_see(g, 0, clk_now(base));
    return g;
}

void gapless_free(struct gapless **gp)
{
    struct gapless *g = *gp;

    if (g == NULL) {
        return;
    }
    OBJ_CHECK(g, GAPLESS_MAGIC);
    pthread_mutex_destroy(&g->lock);
    g->magic = 0;
    free(g);
    *gp = NULL;
}

const struct clk *gapless_clk(struct gapless *g)
{
    return &g->clk;
}

uint64_t gapless_total_us(const struct gapless *g)
{
    return atomic_load_explicit(&g->total, memory_order_acquire);
}

void gapless_stand(struct gapless *g)
{
    if (atomic_load(&g->stood) == 0) {
        /* A little ahead of the readings that others take just now. */
        atomic_store(&g->stood, clk_now(g->base) + GAPLESS_AHEAD_US);
    }
}

void gapless_go(struct gapless *g)
{
    mono_us stood, at;

    pthread_mutex_lock(&g->lock);
    stood = atomic_load(&g->stood);
    if (stood != 0) {
        do {
            at = clk_now(g->base);
        } while (at < stood);
        (void)gapless_see(g, atomic_load(&g->seen), at);
        /* Nobody may take the new total together with when it stood. */
        atomic_store(&g->stood, GAPLESS_MOVING);
        atomic_fetch_add(&g->total, at - stood);
        atomic_store(&g->stood, 0);
    }
    pthread_mutex_unlock(&g->lock);
}
