/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <zstd.h>

#include "base/must.h"
#include "base/thread.h"
#include "base/xalloc.h"
#include "record/info_code.h"
#include "record/recording_internal.h"
#include "record/recordings.h"
#include "record/relay.h"
#include "record/run_file.h"

#define RECORDING_RUN_MAGIC 0x2ec02d00u
/* zstd's level: higher ones win little of what is left (doc/recording.md). */
#define RECORDING_LEVEL 3

struct recording {
    unsigned magic;
    char path[RECORDINGS_PATH_MAX];
    pthread_t thread;
    struct relay *relay; /* owned: what waits for the disk */
    /* The caller's. */
    bool told; /* that it stopped */
    bool over; /* nothing more comes */
    /* Both threads', under lock. */
    pthread_mutex_t lock;
    pthread_cond_t bell; /* done is so */
    bool done;           /* the writer has nothing more to do */
    bool stopped;        /* for the reason why; nothing more is written */
    struct err why;
    /* The caller's up to the relay's end, then the writer's. */
    bool has_end;   /* the END block is this one: */
    struct buf end; /* owned */
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
    relay_refuse(r->relay);
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

static void *recording_main(void *arg)
{
    struct recording *r = arg;
    struct relay_piece p;
    bool ok = true;

    OBJ_CHECK(r, RECORDING_RUN_MAGIC);
    while (relay_take(r->relay, UINT64_MAX, &p) == RELAY_PIECE) {
        /* What waits is written first, and flushed together. */
        ok = ok && recording_put(r, &p.raw) && (p.more || recording_sync(r));
        buf_clear(&p.raw);
    }
    if (ok && r->has_end && recording_write(r, &r->end)) {
        (void)recording_sync(r);
    }
    pthread_mutex_lock(&r->lock);
    r->done = true;
    pthread_cond_signal(&r->bell);
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

/* --- The caller's --- */

static void recording_free(struct recording *r)
{
    relay_free(&r->relay);
    (void)ZSTD_freeCCtx(r->z);
    buf_clear(&r->packed);
    buf_clear(&r->block);
    buf_clear(&r->end);
    if (r->fd >= 0) {
        close(r->fd);
    }
    pthread_mutex_destroy(&r->lock);
    pthread_cond_destroy(&r->bell);
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

bool recording_begin(const struct recording_config *c, struct recording **out,
                     struct err *e)
{
    struct recording *r = xcalloc(1, sizeof *r);
    size_t rc;
    int error;

    r->magic = RECORDING_RUN_MAGIC;
    r->fd = -1;
    pthread_mutex_init(&r->lock, NULL);
    thread_cond_init(&r->bell);
    r->relay = relay_new(RECORDING_RAW_MAX);
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
    error = thread_start(&r->thread, recording_main, r);
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

void recording_tick(struct recording *r, const struct tick *t)
{
    OBJ_CHECK(r, RECORDING_RUN_MAGIC);
    relay_tick(r->relay, t);
}

void recording_settle(struct recording *r)
{
    relay_settle(r->relay);
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
    return relay_counts(r->relay).held_back;
}

void recording_end(struct recording *r, const struct recording_sum *sum)
{
    struct recording_sum all = *sum;
    struct relay_counts counts;

    OBJ_CHECK(r, RECORDING_RUN_MAGIC);
    MUST(!r->over);
    r->over = true;
    relay_last(r->relay);
    counts = relay_counts(r->relay);
    all.frames = counts.frames;
    all.held_back = counts.held_back;
    all.lost = counts.lost;
    recording_end_block(&r->end, &all);
    r->has_end = true;
    relay_end(r->relay);
}

bool recording_wait(struct recording *r, uint64_t us)
{
    struct timespec at = thread_after(us);
    bool done;

    OBJ_CHECK(r, RECORDING_RUN_MAGIC);
    MUST(r->over);
    pthread_mutex_lock(&r->lock);
    while (!r->done &&
           pthread_cond_timedwait(&r->bell, &r->lock, &at) != ETIMEDOUT) {
    }
    done = r->done;
    pthread_mutex_unlock(&r->lock);
    return done;
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
        relay_end(r->relay);
    }
    pthread_join(r->thread, NULL);
    news = recording_stopped(r, e);
    recording_free(r);
    *rp = NULL;
    return !news;
}

void recording_abandon(struct recording **rp)
{
    OBJ_CHECK(*rp, RECORDING_RUN_MAGIC);
    pthread_detach((*rp)->thread);
    *rp = NULL;
}
