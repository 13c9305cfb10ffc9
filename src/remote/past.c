/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "remote/past.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "record/tick_code.h"
#include "remote/record.h"
#include "remote/runtime.h"
#include "run/frame.h"

/* Ticks that are kept as they are, whatever the active time: a pause has many
 * without any. */
#define PAST_RECENT_MAX 1200u

struct past_frame {
    struct blob *record; /* owned reference; NULL: it is in the file */
    off_t at;            /* where */
    size_t n;            /* bytes of the record */
    unsigned level;      /* it is 2^level frames */
};

struct past_tick {
    struct blob *record; /* owned reference */
    uint64_t active_us;
};

struct past {
    const struct run_info *info; /* borrowed */
    size_t bytes_max, bytes;     /* of the frames' records */
    int fd;                      /* without a name; -1: memory has them */
    off_t end;
    struct past_frame *frames; /* owned */
    size_t n_frames, cap_frames;
    struct frame *open;       /* ticks of a second that is not over */
    struct past_tick *recent; /* owned: a ring, the oldest at `first` */
    size_t n_recent, first;
    uint64_t active_us; /* of the recent ones */
};

/* A file that is gone when the process is; -1 = there cannot be one. */
static int past_file(void)
{
    char path[4096];
    int fd, n = snprintf(path, sizeof path, "%s/brunt-past-XXXXXX",
                         runtime_temp_folder());

    if (n < 0 || (size_t)n >= sizeof path) {
        return -1;
    }
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0) {
        unlink(path);
    }
    return fd;
}

struct past *past_new(const struct run_info *info, size_t bytes_max)
{
    struct past *p = xcalloc(1, sizeof *p);

    p->info = info;
    p->fd = past_file();
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
    if (p->fd >= 0) {
        close(p->fd);
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

static struct blob *past_record(struct frame *f)
{
    struct blob *record;
    struct buf b;

    buf_init(&b, RECORD_BYTES_MAX);
    record = tick_encode(frame_tick(f), &b)
                 ? record_new(RECORD_TICK, b.data, b.len)
                 : record_new(RECORD_TICK, NULL, 0);
    buf_clear(&b);
    return record;
}

/* Keeps a record, whose reference is taken: in the file, or in memory where a
 * disk is full. */
static void past_keep(struct past *p, struct past_frame *f, struct blob *record)
{
    f->record = record;
    f->n = record->n;
    p->bytes += record->n;
    if (p->fd >= 0 &&
        pwrite(p->fd, record->data, record->n, p->end) == (ssize_t)record->n) {
        f->at = p->end;
        p->end += (off_t)record->n;
        blob_unref(&f->record);
    }
}

/* Its record; the reference is the caller's. */
static struct blob *past_fetch(const struct past *p, const struct past_frame *f)
{
    struct blob *b;
    char *data;

    if (f->record != NULL) {
        return blob_ref(f->record);
    }
    data = xmalloc(f->n);
    b = pread(p->fd, data, f->n, f->at) == (ssize_t)f->n
            ? blob_new(NULL, 0, data, f->n)
            : record_new(RECORD_TICK, NULL, 0);
    free(data);
    return b;
}

/* Gives its place up; in the file a gap is left. */
static void past_drop(struct past *p, struct past_frame *f)
{
    p->bytes -= f->n;
    blob_unref(&f->record);
}

/* A new file without the gaps, once they are as large as what may be kept. */
static void past_tidy(struct past *p)
{
    int old = p->fd, new;
    size_t i;

    if (old < 0 || (size_t)p->end <= p->bytes + p->bytes_max) {
        return;
    }
    new = past_file();
    if (new < 0) {
        return;
    }
    p->end = 0;
    for (i = 0; i < p->n_frames; i++) {
        struct past_frame *f = &p->frames[i];

        if (f->record == NULL) {
            struct blob *record;

            p->fd = old;
            record = past_fetch(p, f);
            p->fd = new;
            p->bytes -= f->n;
            past_keep(p, f, record);
        }
    }
    close(old);
    p->fd = new;
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
        struct blob *record = past_fetch(p, &p->frames[i]);

        if (past_read(p, record, &r)) {
            frame_add(f, &r.tick);
            tick_read_clear(&r);
        }
        blob_unref(&record);
        past_drop(p, &p->frames[i]);
    }
    past_keep(p, &p->frames[best],
              frame_empty(f) ? record_new(RECORD_TICK, NULL, 0)
                             : past_record(f));
    p->frames[best].level++;
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
    p->frames[p->n_frames].level = 0;
    past_keep(p, &p->frames[p->n_frames++], past_record(p->open));
    frame_reset(p->open);
    while (p->bytes > p->bytes_max && past_merge(p)) {
        /* until it fits, or one of each size is left */
    }
    past_tidy(p);
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
        fn(ctx, past_fetch(p, &p->frames[i]));
    }
    if (!frame_empty(p->open)) {
        fn(ctx, past_record(p->open));
    }
    for (i = 0; i < p->n_recent; i++) {
        fn(ctx, blob_ref(past_recent(p, i)->record));
    }
}

size_t past_bytes(const struct past *p)
{
    return p->bytes;
}

size_t past_file_bytes(const struct past *p)
{
    return (size_t)p->end;
}
