/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "remote/past.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "record/frame.h"
#include "record/tick_code.h"
#include "remote/record.h"

/* Ticks that are kept as they are, whatever the active time: a pause has many
 * without any. */
#define PAST_RECENT_MAX 1200u

struct past_frame {
    struct blob *record; /* owned reference */
    unsigned level;      /* it is 2^level frames */
};

struct past_tick {
    struct blob *record; /* owned reference */
    uint64_t active_us;
};

struct past {
    const struct run_info *info; /* borrowed */
    size_t bytes_max, bytes;     /* of the frames' records */
    struct past_frame *frames;   /* owned */
    size_t n_frames, cap_frames;
    struct frame *open;       /* ticks of a second that is not over */
    struct past_tick *recent; /* owned: a ring, the oldest at `first` */
    size_t n_recent, first;
    uint64_t active_us; /* of the recent ones */
};

struct past *past_new(const struct run_info *info, size_t bytes_max)
{
    struct past *p = xcalloc(1, sizeof *p);

    p->info = info;
    p->bytes_max = bytes_max;
    p->open = frame_new();
    p->recent = xcalloc(PAST_RECENT_MAX, sizeof *p->recent);
    return p;
}

static struct past_tick *past_recent(const struct past *p, size_t i)
{
    return &p->recent[(p->first + i) % PAST_RECENT_MAX];
}

void past_free(struct past **pp)
{
    struct past *p = *pp;
    size_t i;

    if (p == NULL) {
        return;
    }
    for (i = 0; i < p->n_frames; i++) {
        blob_unref(&p->frames[i].record);
    }
    for (i = 0; i < p->n_recent; i++) {
        blob_unref(&past_recent(p, i)->record);
    }
    frame_free(&p->open);
    free(p->frames);
    free(p->recent);
    free(p);
    *pp = NULL;
}

static struct blob *past_record(const struct past *p, struct frame *f)
{
    struct blob *record;
    struct buf b;

    buf_init(&b, RECORD_BYTES_MAX);
    record = tick_encode(p->info, frame_tick(f), &b)
                 ? record_new(RECORD_TICK, b.data, b.len)
                 : record_new(RECORD_TICK, NULL, 0);
    buf_clear(&b);
    return record;
}

/* A record as a tick. It was written here; should that ever be wrong, a hole in
 * the past of spectators is better than the end of a run. */
static bool past_read(const struct past *p, const struct blob *record,
                      struct tick_read *r)
{
    return tick_decode(p->info, record->data + RECORD_HEAD,
                       record->n - RECORD_HEAD, r, NULL);
}

/* Two frames that follow each other and are of the same, lowest level become
 * one: the oldest such pair. */
static bool past_merge(struct past *p)
{
    size_t best = p->n_frames, i;
    struct tick_read r;
    struct frame *f;

    for (i = 0; i + 1 < p->n_frames; i++) {
        if (p->frames[i].level == p->frames[i + 1].level &&
            (best == p->n_frames ||
             p->frames[i].level < p->frames[best].level)) {
            best = i;
        }
    }
    if (best == p->n_frames) {
        return false;
    }
    f = frame_new();
    for (i = best; i < best + 2; i++) {
        if (past_read(p, p->frames[i].record, &r)) {
            frame_add(f, &r.tick);
            tick_read_clear(&r);
        }
        p->bytes -= p->frames[i].record->n;
        blob_unref(&p->frames[i].record);
    }
    p->frames[best].record =
        frame_empty(f) ? record_new(RECORD_TICK, NULL, 0) : past_record(p, f);
    p->frames[best].level++;
    p->bytes += p->frames[best].record->n;
    memmove(p->frames + best + 1, p->frames + best + 2,
            (p->n_frames - best - 2) * sizeof *p->frames);
    p->n_frames--;
    frame_free(&f);
    return true;
}

static void past_close(struct past *p)
{
    p->frames =
        xgrow(p->frames, p->n_frames, &p->cap_frames, sizeof *p->frames);
    p->frames[p->n_frames].record = past_record(p, p->open);
    p->frames[p->n_frames].level = 0;
    p->bytes += p->frames[p->n_frames++].record->n;
    frame_reset(p->open);
    while (p->bytes > p->bytes_max && past_merge(p)) {
        /* until it fits, or one of each size is left */
    }
}

/* The oldest recent tick goes into its frame. */
static void past_retire(struct past *p)
{
    struct past_tick *t = past_recent(p, 0);
    struct tick_read r;

    if (past_read(p, t->record, &r)) {
        if (frame_is_over(p->open, &r.tick)) {
            past_close(p);
        }
        frame_add(p->open, &r.tick);
        tick_read_clear(&r);
    }
    p->active_us -= t->active_us;
    blob_unref(&t->record);
    p->first = (p->first + 1) % PAST_RECENT_MAX;
    p->n_recent--;
}

/* By the rule of a ledger's window: what it has let go may be a frame. */
static bool past_is_due(const struct past *p)
{
    uint64_t active_us = 0;
    size_t i;

    if (p->n_recent == PAST_RECENT_MAX) {
        return true;
    }
    for (i = 0; i < p->n_recent && active_us == 0; i++) {
        active_us = past_recent(p, i)->active_us;
    }
    return active_us > 0 && p->active_us - active_us >= LEDGER_WINDOW_US;
}

void past_add(struct past *p, const struct tick *t, struct blob *record)
{
    struct past_tick *at;

    while (past_is_due(p)) {
        past_retire(p);
    }
    at = past_recent(p, p->n_recent++);
    at->record = blob_ref(record);
    at->active_us = t->active_us;
    p->active_us += t->active_us;
}

void past_each(struct past *p, past_fn *fn, void *ctx)
{
    size_t i;

    for (i = 0; i < p->n_frames; i++) {
        fn(ctx, blob_ref(p->frames[i].record));
    }
    if (!frame_empty(p->open)) {
        fn(ctx, past_record(p, p->open));
    }
    for (i = 0; i < p->n_recent; i++) {
        fn(ctx, blob_ref(past_recent(p, i)->record));
    }
}

size_t past_bytes(const struct past *p)
{
    return p->bytes;
}
