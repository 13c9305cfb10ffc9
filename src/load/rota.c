/* SPDX-License-Identifier: MIT
 *
 * rota - counts that go down without a lock, and up so too; who goes to another
 * worker's count does so under the lock, together with what it puts into that
 * worker's tray. So for each worker, whoever looks: VUs free = its count + what
 * lies in its tray for one.
 *
 * A VU that becomes free while another thread puts something in line: the one
 * counts and then looks at the line, the other puts and then looks at the
 * counts, all in one order (seq_cst), so one of them sees the other. */
#include "config.h"

#include "load/rota.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"

#define ROTA_LINE 64 /* bytes that processors pass around at once */

/* A ring that grows; all zero is empty. */
struct ring {
    struct rota_given *list; /* owned */
    size_t first, n, cap;
};

enum rota_state { ROTA_BEFORE, ROTA_OPEN, ROTA_CLOSED };

struct rota_worker {
    _Alignas(ROTA_LINE) _Atomic uint32_t free; /* VUs, not promised */
    _Atomic uint32_t room;  /* VUs that may be made, not promised */
    _Atomic uint64_t given; /* as many as in the tray */
    /* Under the lock. */
    struct ring tray;
    enum rota_state state;
    void (*wake)(void *ctx);
    void *ctx;
};

struct rota {
    pthread_mutex_t lock;
    unsigned n;
    struct rota_worker *workers; /* owned, aligned */
    _Atomic uint64_t waits;      /* in line, 0 while none of it may begin */
    struct ring line;
    uint64_t revision;
    bool go;
};

static void ring_put(struct ring *q, struct rota_given g)
{
    if (q->n == q->cap) {
        size_t cap = q->cap == 0 ? 64 : q->cap * 2;
        struct rota_given *list = xreallocarray(NULL, cap, sizeof *list);

        for (size_t i = 0; i < q->n; i++) {
            list[i] = q->list[(q->first + i) % q->cap];
        }
        free(q->list);
        q->list = list;
        q->first = 0;
        q->cap = cap;
    }
    q->list[(q->first + q->n++) % q->cap] = g;
}

static struct rota_given ring_get(struct ring *q)
{
    struct rota_given g = q->list[q->first];

    q->first = (q->first + 1) % q->cap;
    q->n--;
    return g;
}

struct rota *rota_new(unsigned workers)
{
    struct rota *r = xcalloc(1, sizeof *r);
    int rc = pthread_mutex_init(&r->lock, NULL);

    MUST(rc == 0 && workers > 0);
    r->n = workers;
    r->workers = aligned_alloc(ROTA_LINE, workers * sizeof *r->workers);
    MUST(r->workers != NULL);
    for (unsigned i = 0; i < workers; i++) {
        r->workers[i] = (struct rota_worker){.state = ROTA_BEFORE};
    }
    return r;
}

void rota_free(struct rota **rp)
{
    struct rota *r = *rp;

    if (r == NULL) {
        return;
    }
    *rp = NULL;
    for (unsigned i = 0; i < r->n; i++) {
        free(r->workers[i].tray.list);
    }
    free(r->workers);
    free(r->line.list);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

void rota_join(struct rota *r, unsigned index, void (*wake)(void *ctx),
               void *ctx)
{
    MUST(index < r->n);
    pthread_mutex_lock(&r->lock);
    r->workers[index].wake = wake;
    r->workers[index].ctx = ctx;
    pthread_mutex_unlock(&r->lock);
}

void rota_leave(struct rota *r, unsigned index)
{
    (void)rota_close(r, index);
    rota_join(r, index, NULL, NULL);
}

/* With the lock. */
static void rota_tell(struct rota *r)
{
    atomic_store(&r->waits, r->go ? r->line.n : 0);
}

void rota_obey(struct rota *r, uint64_t revision, bool go)
{
    pthread_mutex_lock(&r->lock);
    if (revision >= r->revision) {
        r->revision = revision;
        r->go = go;
        rota_tell(r);
    }
    pthread_mutex_unlock(&r->lock);
}

void rota_open(struct rota *r, unsigned index,
               const struct rota_opening *opening)
{
    pthread_mutex_lock(&r->lock);
    for (unsigned i = 0; i < r->n; i++) {
        struct rota_worker *w = &r->workers[i];

        if (w->state == ROTA_BEFORE ||
            (w->state == ROTA_CLOSED && i == index)) {
            atomic_store(&w->free, opening->free_of(opening->ctx, i));
            atomic_store(&w->room, opening->room_of(opening->ctx, i));
            w->state = ROTA_OPEN;
        }
    }
    pthread_mutex_unlock(&r->lock);
}

uint64_t rota_close(struct rota *r, unsigned index)
{
    struct rota_worker *w = &r->workers[index];
    uint64_t lost;

    pthread_mutex_lock(&r->lock);
    atomic_store(&w->free, 0);
    atomic_store(&w->room, 0);
    w->state = ROTA_CLOSED;
    lost = w->tray.n + r->line.n;
    w->tray.n = r->line.n = 0;
    atomic_store(&w->given, 0);
    rota_tell(r);
    pthread_mutex_unlock(&r->lock);
    return lost;
}

/* One less of a count; false: it is 0. */
static bool rota_less(_Atomic uint32_t *count)
{
    uint32_t n = atomic_load(count);

    while (n > 0) {
        if (atomic_compare_exchange_weak(count, &n, n - 1)) {
            return true;
        }
    }
    return false;
}

bool rota_claim(struct rota *r, unsigned index)
{
    return rota_less(&r->workers[index].free);
}

void rota_release(struct rota *r, unsigned index)
{
    atomic_fetch_add(&r->workers[index].free, 1);
}

void rota_spare(struct rota *r, unsigned index)
{
    atomic_fetch_add(&r->workers[index].room, 1);
}

static _Atomic uint32_t *rota_count(struct rota_worker *w, bool grow)
{
    return grow ? &w->room : &w->free;
}

/* Takes a VU of that kind from index, else from who has most of them; with the
 * lock. The worker, or n: nobody has one. */
static unsigned rota_pick(struct rota *r, unsigned index, bool grow)
{
    for (;;) {
        unsigned best = index;
        uint32_t most = atomic_load(rota_count(&r->workers[index], grow));

        for (unsigned i = 0; i < r->n && (most == 0 || best != index); i++) {
            uint32_t n = atomic_load(rota_count(&r->workers[i], grow));

            if (n > most) {
                most = n;
                best = i;
            }
        }
        if (most == 0) {
            return r->n;
        }
        if (rota_less(rota_count(&r->workers[best], grow))) {
            return best;
        }
    }
}

/* Hands what was due then to a worker that has a VU, or may make one; false:
 * nobody. With the lock. */
static bool rota_hand(struct rota *r, unsigned index, mono_us due)
{
    struct rota_given g = {.due = due, .grow = false};
    unsigned to = rota_pick(r, index, false);
    struct rota_worker *w;

    if (to == r->n) {
        g.grow = true;
        to = rota_pick(r, index, true);
    }
    if (to == r->n) {
        return false;
    }
    w = &r->workers[to];
    ring_put(&w->tray, g);
    atomic_fetch_add(&w->given, 1);
    if (to != index && w->wake != NULL) {
        w->wake(w->ctx);
    }
    return true;
}

/* With the lock. */
static void rota_line(struct rota *r, unsigned index)
{
    while (r->go && r->line.n > 0 &&
           rota_hand(r, index, r->line.list[r->line.first].due)) {
        (void)ring_get(&r->line);
    }
    rota_tell(r);
}

enum rota_verdict rota_place(struct rota *r, unsigned index, mono_us due,
                             bool may_wait)
{
    enum rota_verdict verdict = ROTA_DROPPED;

    pthread_mutex_lock(&r->lock);
    if (r->line.n == 0 && rota_hand(r, index, due)) {
        verdict = ROTA_GIVEN;
    } else if (may_wait && r->line.n < ROTA_QUEUE_MAX) {
        ring_put(&r->line, (struct rota_given){.due = due});
        rota_tell(r);
        rota_line(r, index);
        verdict = ROTA_WAITS;
    }
    pthread_mutex_unlock(&r->lock);
    return verdict;
}

bool rota_take(struct rota *r, unsigned index, struct rota_given *given)
{
    struct rota_worker *w = &r->workers[index];
    bool some;

    if (atomic_load(&w->given) == 0) {
        return false;
    }
    pthread_mutex_lock(&r->lock);
    some = w->tray.n > 0;
    if (some) {
        *given = ring_get(&w->tray);
        atomic_fetch_sub(&w->given, 1);
    }
    pthread_mutex_unlock(&r->lock);
    return some;
}

bool rota_waits(const struct rota *r)
{
    return atomic_load(&r->waits) > 0;
}

bool rota_next(struct rota *r, mono_us *due)
{
    bool some;

    if (!rota_waits(r)) {
        return false;
    }
    pthread_mutex_lock(&r->lock);
    some = r->go && r->line.n > 0;
    if (some) {
        *due = ring_get(&r->line).due;
        rota_tell(r);
    }
    pthread_mutex_unlock(&r->lock);
    return some;
}

void rota_serve(struct rota *r, unsigned index)
{
    pthread_mutex_lock(&r->lock);
    rota_line(r, index);
    pthread_mutex_unlock(&r->lock);
}

uint64_t rota_queued(struct rota *r)
{
    uint64_t n;

    pthread_mutex_lock(&r->lock);
    n = r->line.n;
    pthread_mutex_unlock(&r->lock);
    return n;
}

uint64_t rota_given(const struct rota *r, unsigned index)
{
    return atomic_load(&r->workers[index].given);
}
