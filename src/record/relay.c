/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/relay.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clk.h"
#include "base/must.h"
#include "base/thread.h"
#include "base/xalloc.h"
#include "record/tick_code.h"
#include "run/frame.h"

/* What may wait: beyond that, seconds are put together. */
#define RELAY_WAITING_MAX   16u
#define RELAY_WAITING_BYTES (8u << 20)
#define RELAY_PLACES        (RELAY_WAITING_MAX + 1) /* one for the last */

struct relay {
    /* The giver's. */
    struct frame *frame; /* owned: ticks that are not handed over yet */
    size_t raw_max;
    struct relay_counts counts;
    uint64_t held_second; /* the newest that was; UINT64_MAX = none is */
    bool ended;
    /* Both threads', under lock. */
    pthread_mutex_t lock;
    pthread_cond_t wake, idle;
    struct buf waiting[RELAY_PLACES]; /* a ring */
    size_t first, n, bytes;
    bool over; /* nothing more comes */
    bool busy; /* the taker is at one */
    bool refused;
};

struct relay *relay_new(size_t raw_max)
{
    struct relay *r = xcalloc(1, sizeof *r);

    r->frame = frame_new();
    r->raw_max = raw_max;
    r->held_second = UINT64_MAX;
    pthread_mutex_init(&r->lock, NULL);
    thread_cond_init(&r->wake);
    pthread_cond_init(&r->idle, NULL);
    return r;
}

void relay_free(struct relay **rp)
{
    struct relay *r = *rp;

    if (r == NULL) {
        return;
    }
    frame_free(&r->frame);
    for (; r->n > 0; r->n--) {
        buf_clear(&r->waiting[r->first]);
        r->first = (r->first + 1) % RELAY_PLACES;
    }
    pthread_mutex_destroy(&r->lock);
    pthread_cond_destroy(&r->wake);
    pthread_cond_destroy(&r->idle);
    free(r);
    *rp = NULL;
}

static bool relay_room(struct relay *r, bool last, bool *refused)
{
    bool room;

    pthread_mutex_lock(&r->lock);
    *refused = r->refused;
    room = last || r->n == 0 ||
           (r->n < RELAY_WAITING_MAX && r->bytes < RELAY_WAITING_BYTES);
    pthread_mutex_unlock(&r->lock);
    return room;
}

static void relay_hand(struct relay *r, const struct buf *raw, bool over)
{
    pthread_mutex_lock(&r->lock);
    r->over = over;
    MUST(r->n < RELAY_PLACES);
    r->waiting[(r->first + r->n++) % RELAY_PLACES] = *raw;
    r->bytes += raw->len;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
}

/* Hands the open frame over; the last one whatever waits. over: nothing comes
 * after it. false: too much waits. */
static bool relay_flush(struct relay *r, bool last, bool over)
{
    struct buf raw;
    bool refused;

    if (!relay_room(r, last, &refused)) {
        return false;
    }
    buf_init(&raw, r->raw_max);
    if (refused) {
        /* nobody takes it */
    } else if (tick_encode(frame_tick(r->frame), &raw)) {
        r->counts.frames++;
        relay_hand(r, &raw, over);
    } else {
        r->counts.lost++;
        buf_clear(&raw);
    }
    frame_reset(r->frame);
    return true;
}

/* Hands a second over when t is of another one. What has to wait goes on as
 * part of a longer frame, until a second ends again. */
static void relay_over(struct relay *r, const struct tick *t)
{
    uint64_t second = tick_second(t->t_us, t->active_us);

    if (frame_empty(r->frame) || !frame_is_over(r->frame, t) ||
        second == r->held_second) {
        return;
    }
    if (relay_flush(r, false, false)) {
        r->held_second = UINT64_MAX;
    } else {
        r->held_second = second;
        r->counts.held_back++;
    }
}

void relay_tick(struct relay *r, const struct tick *t)
{
    if (r->ended) {
        return; /* ticks of a run that has ended */
    }
    relay_over(r, t);
    frame_add(r->frame, t);
    if (frame_is_full(r->frame)) {
        /* Nobody has to wait for the next tick to know. */
        (void)relay_flush(r, false, false);
    }
}

static void relay_rest(struct relay *r, bool over)
{
    if (!frame_empty(r->frame)) {
        (void)relay_flush(r, true, over);
    }
    r->ended = true;
}

void relay_last(struct relay *r)
{
    relay_rest(r, false);
}

void relay_end(struct relay *r)
{
    relay_rest(r, true);
    pthread_mutex_lock(&r->lock);
    r->over = true;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
}

struct relay_counts relay_counts(const struct relay *r)
{
    return r->counts;
}

void relay_settle(struct relay *r)
{
    pthread_mutex_lock(&r->lock);
    while (r->n > 0 || r->busy) {
        pthread_cond_wait(&r->idle, &r->lock);
    }
    pthread_mutex_unlock(&r->lock);
}

/* Waits until there is one, it is over or the time is up; with the lock held.
 */
static void relay_await(struct relay *r, uint64_t wait_us)
{
    struct timespec at;

    if (wait_us == UINT64_MAX) {
        while (r->n == 0 && !r->over) {
            pthread_cond_wait(&r->wake, &r->lock);
        }
        return;
    }
    at = thread_after(wait_us);
    while (r->n == 0 && !r->over &&
           pthread_cond_timedwait(&r->wake, &r->lock, &at) != ETIMEDOUT) {
    }
}

enum relay_got relay_take(struct relay *r, uint64_t wait_us,
                          struct relay_piece *p)
{
    enum relay_got got;

    pthread_mutex_lock(&r->lock);
    r->busy = false;
    pthread_cond_signal(&r->idle);
    relay_await(r, wait_us);
    got = r->n > 0 ? RELAY_PIECE : r->over ? RELAY_OVER : RELAY_NONE;
    if (got == RELAY_PIECE) {
        p->raw = r->waiting[r->first];
        r->first = (r->first + 1) % RELAY_PLACES;
        r->n--;
        r->bytes -= p->raw.len;
        p->more = r->n > 0;
        p->last = r->n == 0 && r->over;
        r->busy = true;
    }
    pthread_mutex_unlock(&r->lock);
    return got;
}

void relay_refuse(struct relay *r)
{
    pthread_mutex_lock(&r->lock);
    r->refused = true;
    pthread_mutex_unlock(&r->lock);
}
