/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/out_internal.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/must.h"
#include "base/text.h"
#include "base/thread.h"
#include "base/xalloc.h"
#include "record/out_words.h"
#include "record/relay.h"
#include "record/tick_code.h"

#define OUT_MAGIC   0x0c70a701u
#define OUT_RAW_MAX (32u << 20) /* of a second, as bytes */
/* A payload is given up so long after its first try. */
#define OUT_GIVE_UP_US (60 * US_PER_SEC)
/* Back-off: at first, and at most; and what a receiver may ask for. */
#define OUT_WAIT_US     (US_PER_SEC / 4)
#define OUT_WAIT_MAX_US (5 * US_PER_SEC)
#define OUT_ASKED_MAX   (30 * US_PER_SEC)
/* Times that are encoded and sent between looks for the next second. */
#define OUT_BETWEEN 64
/* Why points are dropped, where that is nobody's fault but the end's; and
 * where a second does not become bytes. */
#define OUT_WHY_STOPPED "it had not taken all when it was waited for no longer"
#define OUT_WHY_SECOND                                                         \
    "a second of the run is more than 32 MiB, and is left out as a whole: "    \
    "fewer names of requests, checks and scenarios"

struct out {
    unsigned magic;
    const struct out_kind *kind; /* static */
    void *ctx;                   /* owned: the kind's */
    const struct run_info *info; /* borrowed */
    const struct out_time *time; /* borrowed; NULL = the system's */
    const struct clk *clk;
    struct relay *relay; /* owned */
    pthread_t thread;
    bool joined;           /* the caller's */
    bool ended;            /* the same */
    uint64_t seconds_lost; /* the same: that were told */
    /* The thread's. */
    struct points *points; /* owned */
    struct buf payload;
    int64_t unix_ms;      /* of the last second; 0 = there was none */
    bool finished;        /* it was the run's last */
    uint64_t back_off_us; /* the last one; 0 = the last try arrived */
    /* Both threads', under lock. */
    pthread_mutex_t lock;
    pthread_cond_t bell;
    bool stopped; /* no further try */
    bool over;    /* the thread is done */
    struct output status;
    struct out_words words;
};

/* --- The output's thread --- */

/* false: it was stopped. */
static bool out_wait(struct out *o, uint64_t us)
{
    struct timespec at = thread_after(us);
    bool go;

    if (o->time != NULL) {
        o->time->wait(o->time->ctx, us);
    }
    pthread_mutex_lock(&o->lock);
    while (o->time == NULL && !o->stopped &&
           pthread_cond_timedwait(&o->bell, &o->lock, &at) != ETIMEDOUT) {
    }
    go = !o->stopped;
    pthread_mutex_unlock(&o->lock);
    return go;
}

static bool out_goes(struct out *o)
{
    bool go;

    pthread_mutex_lock(&o->lock);
    go = !o->stopped && !o->status.dead;
    pthread_mutex_unlock(&o->lock);
    return go;
}

static void out_drop(struct out *o, size_t points)
{
    pthread_mutex_lock(&o->lock);
    o->status.dropped += points;
    if (o->stopped && points > 0 && o->status.why[0] == '\0') {
        text_safe(o->status.why, sizeof o->status.why, OUT_WHY_STOPPED);
    }
    pthread_mutex_unlock(&o->lock);
}

/* Points that never become bytes: why is static. What a receiver is tried
 * again for is more to the point than that. */
static void out_lose(struct out *o, size_t points, const char *why)
{
    MUST(why != NULL);
    pthread_mutex_lock(&o->lock);
    o->status.dropped += points;
    if (!o->status.behind && !o->status.dead) {
        text_safe(o->status.why, sizeof o->status.why, why);
    }
    out_words_lost(&o->words, why);
    pthread_mutex_unlock(&o->lock);
}

/* It arrived; note: what there is to say of it, "" = nothing. */
static void out_well(struct out *o, const char *note, size_t points)
{
    o->back_off_us = 0;
    pthread_mutex_lock(&o->lock);
    o->status.points += points;
    o->status.behind = false;
    out_words_well(&o->words);
    if (note[0] != '\0') {
        out_words_note(&o->words, note);
    }
    pthread_mutex_unlock(&o->lock);
}

/* As it is stopped in the middle of a try, that is no fault of the receiver's.
 */
static void out_trouble(struct out *o, const char *why)
{
    mono_us now = clk_now(o->clk);

    pthread_mutex_lock(&o->lock);
    if (!o->stopped) {
        text_safe(o->status.why, sizeof o->status.why, why);
        out_words_trouble(&o->words, now, why);
        o->status.behind = true;
    }
    pthread_mutex_unlock(&o->lock);
}

/* It answered, with no. */
static void out_refused(struct out *o, const char *why, size_t points)
{
    o->back_off_us = 0;
    pthread_mutex_lock(&o->lock);
    o->status.dropped += points;
    o->status.behind = false;
    text_safe(o->status.why, sizeof o->status.why, why);
    out_words_refused(&o->words, why);
    pthread_mutex_unlock(&o->lock);
}

static void out_died(struct out *o, const char *why, size_t points)
{
    pthread_mutex_lock(&o->lock);
    o->status.dropped += points;
    o->status.behind = false;
    o->status.dead = true;
    text_safe(o->status.why, sizeof o->status.why, why);
    out_words_dead(&o->words, why);
    pthread_mutex_unlock(&o->lock);
}

/* How long until the next try of what was first tried spent_us ago. */
static uint64_t out_back_off(struct out *o, uint64_t spent_us,
                             uint64_t asked_ms)
{
    uint64_t left = OUT_GIVE_UP_US - spent_us, us;

    us = o->back_off_us == 0 ? OUT_WAIT_US : 2 * o->back_off_us;
    us = us < OUT_WAIT_MAX_US ? us : OUT_WAIT_MAX_US;
    o->back_off_us = us;
    if (asked_ms > 0) {
        us = asked_ms < OUT_ASKED_MAX / US_PER_MS ? asked_ms * US_PER_MS
                                                  : OUT_ASKED_MAX;
    }
    return us < left ? us : left;
}

static void out_arrived(struct out *o, const struct out_reply *r, size_t points)
{
    size_t rejected = r->rejected < points ? (size_t)r->rejected : points;

    if (rejected == 0) {
        out_well(o, r->why, points);
    } else {
        out_well(o, "", points - rejected);
        out_refused(o, r->why, rejected);
    }
}

/* The reply to a try. false: that was the last one. */
static bool out_answered(struct out *o, const struct out_reply *r,
                         size_t points, mono_us began)
{
    uint64_t spent = clk_now(o->clk) - began;

    switch (r->sent) {
    case OUT_SENT:
        out_arrived(o, r, points);
        return false;
    case OUT_REFUSED:
        out_refused(o, r->why, points);
        return false;
    case OUT_DEAD:
        out_died(o, r->why, points);
        return false;
    case OUT_LATER:
        break;
    }
    out_trouble(o, r->why);
    if (spent < OUT_GIVE_UP_US &&
        out_wait(o, out_back_off(o, spent, r->wait_ms))) {
        pthread_mutex_lock(&o->lock);
        o->status.retries++;
        pthread_mutex_unlock(&o->lock);
        return true;
    }
    out_drop(o, points);
    return false;
}

static void out_deliver(struct out *o, size_t points)
{
    mono_us began = clk_now(o->clk);
    bool again = true;

    if (!out_goes(o)) {
        out_drop(o, points);
        return;
    }
    while (again) {
        struct out_reply r = {.sent = OUT_SENT};

        o->kind->send(o->ctx, &o->payload, &r);
        if (r.arrived) {
            pthread_mutex_lock(&o->lock);
            o->status.points += points;
            pthread_mutex_unlock(&o->lock);
            points = 0;
        }
        again = out_answered(o, &r, points, began);
    }
}

/* A frame may end within a millisecond of the one before. */
static int64_t out_unix_ms(struct out *o, const struct tick *t)
{
    int64_t ms = (o->info->started.us + (int64_t)t->t_us) / 1000;

    o->unix_ms = ms > o->unix_ms ? ms : o->unix_ms + 1;
    return o->unix_ms;
}

/* Encodes and sends. false: there was nothing to send. */
static bool out_encode(struct out *o, const struct out_second *s)
{
    struct out_lost lost = {0, NULL};
    size_t points;

    buf_reset(&o->payload);
    points = o->kind->encode(o->ctx, s, &o->payload, &lost);
    if (lost.points > 0) {
        out_lose(o, lost.points, lost.why);
    }
    if (o->payload.len > 0) {
        out_deliver(o, points);
    }
    return o->payload.len > 0;
}

static void out_second(struct out *o, const struct relay_piece *p)
{
    struct tick_read read;
    struct err e = ERR_INIT;
    struct out_second s;
    bool ok = tick_decode(o->info, p->raw.data, p->raw.len, &read, &e);

    MUST(ok); /* it is our own */
    s = (struct out_second){
        .info = o->info,
        .tick = &read.tick,
        .points = o->points,
        .unix_ms = out_unix_ms(o, &read.tick),
        .last = p->last || (read.tick.state == RUN_FINISHED && !o->finished),
    };
    o->finished = o->finished || s.last;
    (void)out_encode(o, &s);
    tick_read_clear(&read);
}

/* What there is beside seconds. */
static void out_between(struct out *o, size_t at_most)
{
    struct out_second s = {
        .info = o->info, .points = o->points, .unix_ms = o->unix_ms};

    while (o->kind->every_ms > 0 && at_most-- > 0 && out_encode(o, &s)) {
    }
}

static void *out_main(void *arg)
{
    struct out *o = arg;
    uint64_t wait_us =
        o->kind->every_ms > 0 ? o->kind->every_ms * US_PER_MS : UINT64_MAX;
    struct relay_piece p;
    enum relay_got got;

    OBJ_CHECK(o, OUT_MAGIC);
    thread_give_way();
    while ((got = relay_take(o->relay, wait_us, &p)) != RELAY_OVER) {
        if (got == RELAY_PIECE) {
            out_second(o, &p);
            buf_clear(&p.raw);
        }
        out_between(o, OUT_BETWEEN);
    }
    out_between(o, SIZE_MAX);
    pthread_mutex_lock(&o->lock);
    o->over = true;
    pthread_mutex_unlock(&o->lock);
    return NULL;
}

/* --- The caller's --- */

static void out_let_go(struct out *o)
{
    relay_free(&o->relay);
    points_free(&o->points);
    buf_clear(&o->payload);
    if (o->ctx != NULL) {
        o->kind->close(o->ctx);
    }
    pthread_mutex_destroy(&o->lock);
    pthread_cond_destroy(&o->bell);
    o->magic = 0;
    free(o);
}

struct out *out_new(const struct out_kind *kind, const struct out_config *c,
                    struct err *e)
{
    struct out *o = xcalloc(1, sizeof *o);
    int rc;

    o->magic = OUT_MAGIC;
    o->kind = kind;
    o->info = c->info;
    o->time = c->time;
    o->clk = c->time != NULL ? c->time->clk : clk_system();
    o->relay = relay_new(OUT_RAW_MAX);
    o->points = points_new(c->info);
    buf_init(&o->payload, OUT_PAYLOAD_MAX);
    pthread_mutex_init(&o->lock, NULL);
    thread_cond_init(&o->bell);
    o->ctx = kind->open(c, e);
    if (o->ctx == NULL) {
        out_let_go(o);
        return NULL;
    }
    snprintf(o->status.kind, sizeof o->status.kind, "%s", kind->name);
    text_safe(o->status.where, sizeof o->status.where, kind->where(o->ctx));
    rc = thread_start(&o->thread, out_main, o);
    if (rc != 0) {
        err_set(e, ERR_LIMIT, "--out %s: no thread for it: %s", kind->name,
                strerror(rc));
        out_let_go(o);
        return NULL;
    }
    return o;
}

/* out_status counts them. */
static void out_seconds_lost(struct out *o)
{
    uint64_t lost = relay_counts(o->relay).lost;

    if (lost > o->seconds_lost) {
        o->seconds_lost = lost;
        out_lose(o, 0, OUT_WHY_SECOND);
    }
}

void out_tick(struct out *o, const struct tick *t)
{
    OBJ_CHECK(o, OUT_MAGIC);
    relay_tick(o->relay, t);
    out_seconds_lost(o);
}

bool out_news(struct out *o, char *text, size_t size)
{
    bool is;

    pthread_mutex_lock(&o->lock);
    is = out_words_take(&o->words, o->status.kind, o->status.where, text, size);
    pthread_mutex_unlock(&o->lock);
    return is;
}

void out_settle(struct out *o)
{
    relay_settle(o->relay);
}

void out_end(struct out *o)
{
    OBJ_CHECK(o, OUT_MAGIC);
    if (!o->ended) {
        o->ended = true;
        relay_end(o->relay);
        out_seconds_lost(o);
    }
}

bool out_over(struct out *o)
{
    bool over;

    pthread_mutex_lock(&o->lock);
    over = o->over;
    pthread_mutex_unlock(&o->lock);
    return over;
}

void out_stop(struct out *o)
{
    OBJ_CHECK(o, OUT_MAGIC);
    if (o->joined) {
        return;
    }
    out_end(o);
    pthread_mutex_lock(&o->lock);
    o->stopped = true;
    pthread_cond_signal(&o->bell);
    pthread_mutex_unlock(&o->lock);
    if (o->kind->stop != NULL && !out_over(o)) {
        o->kind->stop(o->ctx);
    }
    pthread_join(o->thread, NULL);
    o->joined = true;
    o->status.behind = false; /* nothing is tried any more */
}

void out_status(struct out *o, struct output *s)
{
    struct relay_counts counts = relay_counts(o->relay);

    pthread_mutex_lock(&o->lock);
    *s = o->status;
    pthread_mutex_unlock(&o->lock);
    s->held_back = counts.held_back;
    s->dropped += counts.lost;
}

void out_free(struct out **op)
{
    if (*op != NULL) {
        out_stop(*op);
        out_let_go(*op);
        *op = NULL;
    }
}
