/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <zstd.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "record/info_code.h"
#include "record/recording_internal.h"
#include "record/recordings.h"
#include "record/run_file.h"
#include "record/tick_code.h"
#include "run/frame.h"

#define RECORDING_RUN_MAGIC 0x2ec02d00u
/* What may wait for the disk: beyond that, seconds are put together. */
#define RECORDING_WAITING_MAX   16u
#define RECORDING_WAITING_BYTES (8u << 20)
#define RECORDING_PLACES        (RECORDING_WAITING_MAX + 1) /* one for the last */
/* zstd's level: higher ones win little of what is left (doc/recording.md). */
#define RECORDING_LEVEL 3

struct recording {
    unsigned magic;
    char path[RECORDINGS_PATH_MAX];
    pthread_t thread;
    /* The caller's. */
    struct frame *frame; /* owned: ticks that are not handed over yet */
    uint64_t frames, held_back, lost;
    uint64_t held_second; /* the newest that was; UINT64_MAX = none is */
    bool told;            /* that it stopped */
    /* Both threads', under lock. */
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct buf waiting[RECORDING_PLACES]; /* a ring: ticks as bytes */
    size_t first, n, bytes;
    bool over;      /* nothing more comes */
    bool has_end;   /* and the END block is this one: */
    struct buf end; /* owned */
    bool busy;      /* one is being written */
    pthread_cond_t idle;
    bool stopped; /* for the reason why; nothing more is written */
    struct err why;
    /* The writer's. */
    int fd;
    off_t at;     /* end of the last whole block */
    ZSTD_CCtx *z; /* owned */
    struct buf packed, block;
};

/* --- The writer's thread --- */

/* What has been written of a block that does not fit is taken off again, so
 * that the file ends with a whole one. */
static bool recording_fail(struct recording *r, int error)
{
    int rc = ftruncate(r->fd, r->at);

    (void)rc; /* half a block is seen as such */
    pthread_mutex_lock(&r->lock);
    if (!r->stopped) {
        r->stopped = true;
        err_set_at(&r->why, ERR_IO, r->path, 0, 0,
                   "cannot be written any more: %s", strerror(error));
    }
    pthread_mutex_unlock(&r->lock);
    return false;
}

static bool recording_write(struct recording *r, const struct buf *b)
{
    size_t done = 0;

    while (done < b->len) {
        ssize_t n =
            pwrite(r->fd, b->data + done, b->len - done, r->at + (off_t)done);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return recording_fail(r, n < 0 ? errno : ENOSPC);
        }
        done += (size_t)n;
    }
    r->at += (off_t)b->len;
    return true;
}

static bool recording_sync(struct recording *r)
{
    /* What no disk is behind has nothing to flush. */
    if (fdatasync(r->fd) != 0 && errno != EINVAL && errno != ENOSYS) {
        return recording_fail(r, errno);
    }
    return true;
}

/* Packs a tick's bytes as the next part of the stream. */
static void recording_pack(struct recording *r, const struct buf *raw)
{
    ZSTD_inBuffer in = {raw->data, raw->len, 0};
    char piece[16384];
    size_t left;

    buf_reset(&r->packed);
    do {
        ZSTD_outBuffer out = {piece, sizeof piece, 0};
        bool ok;

        left = ZSTD_compressStream2(r->z, &out, &in, ZSTD_e_flush);
        MUST(!ZSTD_isError(left));
        ok = buf_add(&r->packed, piece, out.pos);
        MUST(ok); /* zstd adds less than a hundredth to what it cannot pack */
    } while (left > 0);
}

static bool recording_put(struct recording *r, const struct buf *raw)
{
    bool ok;

    recording_pack(r, raw);
    buf_reset(&r->block);
    ok = recording_block(&r->block, RECORDING_FRAME, r->packed.data,
                         r->packed.len);
    MUST(ok);
    return recording_write(r, &r->block);
}

/* The oldest that waits, and room for another; with the lock held. */
static struct buf recording_take(struct recording *r)
{
    struct buf raw = r->waiting[r->first];

    r->first = (r->first + 1) % RECORDING_PLACES;
    r->n--;
    r->bytes -= raw.len;
    return raw;
}

static void *recording_main(void *arg)
{
    struct recording *r = arg;
    bool ok = true;

    OBJ_CHECK(r, RECORDING_RUN_MAGIC);
    pthread_mutex_lock(&r->lock);
    while (r->n > 0 || !r->over) {
        struct buf raw;
        bool more;

        if (r->n == 0) {
            pthread_cond_wait(&r->wake, &r->lock);
            continue;
        }
        raw = recording_take(r);
        more = r->n > 0;
        r->busy = true;
        pthread_mutex_unlock(&r->lock);
        /* What waits is written first, and flushed together. */
        ok = ok && recording_put(r, &raw) && (more || recording_sync(r));
        buf_clear(&raw);
        pthread_mutex_lock(&r->lock);
        r->busy = false;
        pthread_cond_signal(&r->idle);
    }
    pthread_mutex_unlock(&r->lock);
    if (ok && r->has_end && recording_write(r, &r->end)) {
        (void)recording_sync(r);
    }
    return NULL;
}

/* --- The caller's --- */

static void recording_free(struct recording *r)
{
    frame_free(&r->frame);
    (void)ZSTD_freeCCtx(r->z);
    buf_clear(&r->packed);
    buf_clear(&r->block);
    buf_clear(&r->end);
    if (r->fd >= 0) {
        close(r->fd);
    }
    pthread_mutex_destroy(&r->lock);
    pthread_cond_destroy(&r->wake);
    pthread_cond_destroy(&r->idle);
    r->magic = 0;
    free(r);
}

/* A file of the caller's choosing, that was not there. */
static int recording_own(const char *path, const struct buf *front,
                         struct err *e)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int error;

    if (fd < 0) {
        err_set_at(e, ERR_IO, path, 0, 0, "cannot be made: %s%s",
                   strerror(errno),
                   errno == EEXIST ? "; give another name, or remove it" : "");
        return -1;
    }
    (void)flock(fd, LOCK_EX | LOCK_NB);
    errno = ENOSPC; /* of a write that ends early */
    if (write(fd, front->data, front->len) == (ssize_t)front->len) {
        return fd;
    }
    error = errno;
    err_set_at(e, ERR_IO, path, 0, 0, "cannot be written: %s", strerror(error));
    (void)unlink(path);
    close(fd);
    return -1;
}

static bool recording_file_make(struct recording *r,
                                const struct recording_config *c, struct err *e)
{
    struct recording_meta meta;
    struct buf info, front;
    char plan[48], scenario[48], name[100];
    bool ok;

    recording_meta_of(c->info, c->hunt, &meta);
    buf_init(&info, RECORDING_RAW_MAX);
    buf_init(&front, RECORDING_RAW_MAX + RECORDING_BLOCKS + RECORDING_END_MAX);
    ok = info_encode(c->info, &info) &&
         recording_front(&front, &meta, info.data, info.len);
    if (!ok) {
        err_set(e, ERR_LIMIT, "the plan is too large to be recorded");
    } else if (c->folder == NULL) {
        snprintf(r->path, sizeof r->path, "%s", c->path);
        r->fd = recording_own(c->path, &front, e);
    } else {
        run_file_slug(plan, sizeof plan, c->info->plan->name);
        run_file_slug(scenario, sizeof scenario, c->info->lineup->name);
        snprintf(name, sizeof name, "%s%s%s", plan,
                 plan[0] != '\0' && scenario[0] != '\0' ? "-" : "", scenario);
        r->fd = recordings_new(c->folder, meta.began,
                               name[0] != '\0' ? name : "run", front.data,
                               front.len, r->path, sizeof r->path, e);
    }
    r->at = (off_t)front.len;
    buf_clear(&info);
    buf_clear(&front);
    return r->fd >= 0;
}

/* Signals are the main thread's. */
static int recording_spawn(struct recording *r)
{
    sigset_t all, old;
    int rc;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    rc = pthread_create(&r->thread, NULL, recording_main, r);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return rc;
}

bool recording_begin(const struct recording_config *c, struct recording **out,
                     struct err *e)
{
    struct recording *r = xcalloc(1, sizeof *r);
    size_t rc;
    int error;

    r->held_second = UINT64_MAX;
    r->magic = RECORDING_RUN_MAGIC;
    r->fd = -1;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->wake, NULL);
    pthread_cond_init(&r->idle, NULL);
    r->frame = frame_new();
    buf_init(&r->packed, RECORDING_BLOCK_MAX);
    buf_init(&r->block, RECORDING_BLOCK_MAX + RECORDING_BLOCK_HEAD);
    buf_init(&r->end, RECORDING_END_MAX);
    r->z = ZSTD_createCCtx();
    MUST(r->z != NULL);
    rc = ZSTD_CCtx_setParameter(r->z, ZSTD_c_compressionLevel, RECORDING_LEVEL);
    MUST(!ZSTD_isError(rc));
    rc = ZSTD_CCtx_setParameter(r->z, ZSTD_c_windowLog, RECORDING_WINDOW_LOG);
    MUST(!ZSTD_isError(rc));
    if (!recording_file_make(r, c, e)) {
        recording_free(r);
        return false;
    }
    error = recording_spawn(r);
    if (error != 0) {
        err_set(e, ERR_LIMIT, "no thread for the recording: %s",
                strerror(error));
        (void)unlink(r->path);
        recording_free(r);
        return false;
    }
    *out = r;
    return true;
}

static bool recording_room(struct recording *r, bool last, bool *stopped)
{
    bool room;

    pthread_mutex_lock(&r->lock);
    *stopped = r->stopped;
    room = last || r->n == 0 ||
           (r->n < RECORDING_WAITING_MAX && r->bytes < RECORDING_WAITING_BYTES);
    pthread_mutex_unlock(&r->lock);
    return room;
}

static void recording_hand(struct recording *r, const struct buf *raw)
{
    pthread_mutex_lock(&r->lock);
    MUST(r->n < RECORDING_PLACES);
    r->waiting[(r->first + r->n++) % RECORDING_PLACES] = *raw;
    r->bytes += raw->len;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
}

/* Hands the open frame over. last: whatever waits. false: too much does. */
static bool recording_flush(struct recording *r, bool last)
{
    struct buf raw;
    bool stopped;

    if (!recording_room(r, last, &stopped)) {
        return false;
    }
    buf_init(&raw, RECORDING_RAW_MAX);
    if (stopped) {
        /* nobody takes it */
    } else if (tick_encode(frame_tick(r->frame), &raw)) {
        r->frames++;
        recording_hand(r, &raw);
    } else {
        r->lost++;
        buf_clear(&raw);
    }
    frame_reset(r->frame);
    return true;
}

/* Hands a second over when t is of another one. What has to wait goes on as
 * part of a longer frame, until a second ends again. */
static void recording_over(struct recording *r, const struct tick *t)
{
    uint64_t second = tick_second(t->t_us, t->active_us);

    if (frame_empty(r->frame) || !frame_is_over(r->frame, t) ||
        second == r->held_second) {
        return;
    }
    if (recording_flush(r, false)) {
        r->held_second = UINT64_MAX;
    } else {
        r->held_second = second;
        r->held_back++;
    }
}

void recording_tick(struct recording *r, const struct tick *t)
{
    OBJ_CHECK(r, RECORDING_RUN_MAGIC);
    if (r->over) {
        return; /* ticks of a run that has ended */
    }
    recording_over(r, t);
    frame_add(r->frame, t);
    if (frame_is_full(r->frame)) {
        /* Nobody has to wait for the next tick to know. */
        (void)recording_flush(r, false);
    }
}

void recording_settle(struct recording *r)
{
    pthread_mutex_lock(&r->lock);
    while (r->n > 0 || r->busy) {
        pthread_cond_wait(&r->idle, &r->lock);
    }
    pthread_mutex_unlock(&r->lock);
}

bool recording_stopped(struct recording *r, struct err *e)
{
    bool news;

    pthread_mutex_lock(&r->lock);
    news = r->stopped && !r->told;
    if (news) {
        r->told = true;
        err_set_at(e, r->why.code, r->why.where, 0, 0, "%s", r->why.text);
    }
    pthread_mutex_unlock(&r->lock);
    return news;
}

uint64_t recording_held_back(const struct recording *r)
{
    return r->held_back;
}

static void recording_last(struct recording *r)
{
    if (!frame_empty(r->frame)) {
        (void)recording_flush(r, true);
    }
}

void recording_end(struct recording *r, const struct recording_sum *sum)
{
    struct recording_sum all = *sum;

    OBJ_CHECK(r, RECORDING_RUN_MAGIC);
    MUST(!r->over);
    recording_last(r);
    all.frames = r->frames;
    all.held_back = r->held_back;
    all.lost = r->lost;
    recording_end_block(&r->end, &all);
    pthread_mutex_lock(&r->lock);
    r->has_end = true;
    r->over = true;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
}

bool recording_close(struct recording **rp, struct err *e)
{
    struct recording *r = *rp;
    bool news;

    if (r == NULL) {
        return true;
    }
    OBJ_CHECK(r, RECORDING_RUN_MAGIC);
    if (!r->over) {
        recording_last(r);
        pthread_mutex_lock(&r->lock);
        r->over = true;
        pthread_cond_signal(&r->wake);
        pthread_mutex_unlock(&r->lock);
    }
    pthread_join(r->thread, NULL);
    news = recording_stopped(r, e);
    recording_free(r);
    *rp = NULL;
    return !news;
}
