/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/recording_in.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zstd.h>

#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"
#include "record/info_code.h"
#include "record/recording_internal.h"

#define RECORDING_IN_MAGIC 0x2ec02d11u
/* What zstd unpacks at a time. */
#define RECORDING_PIECE 65536u
/* Nobody tests for a hundred years: what is later is no time of a run. */
#define RECORDING_T_MAX (UINT64_C(100) * 366 * 86400 * 1000000)

struct recording_in {
    unsigned magic;
    char *path; /* owned */
    int fd;
    bool live;
    struct recording_front front;
    struct info_read run;
    uint64_t begin; /* of the first block behind INFO */
    uint64_t at;
    ZSTD_DCtx *z; /* owned */
    struct buf block, raw;
    char *piece; /* owned */
    uint64_t frames, t_us, seq;
    int over; /* what every further call says; 1 = not over */
    bool damaged;
    struct err why; /* of -1 */
};

bool recording_is(const char *path)
{
    char head[RECORDING_MAGIC_LEN];
    struct stat st;
    ssize_t n = -1;
    int fd = stat(path, &st) == 0 && S_ISREG(st.st_mode)
                 ? open(path, O_RDONLY | O_CLOEXEC)
                 : -1;

    if (fd >= 0) {
        n = pread(fd, head, sizeof head, 0);
        close(fd);
    }
    return n == (ssize_t)sizeof head &&
           memcmp(head, RECORDING_MAGIC, sizeof head) == 0;
}

static void recording_in_free(struct recording_in *r)
{
    if (r->run.plan != NULL) {
        info_read_clear(&r->run);
    }
    (void)ZSTD_freeDCtx(r->z);
    buf_clear(&r->block);
    buf_clear(&r->raw);
    free(r->piece);
    free(r->path);
    close(r->fd);
    r->magic = 0;
    free(r);
}

static void recording_in_prime(struct recording_in *r)
{
    size_t rc;

    rc = ZSTD_DCtx_reset(r->z, ZSTD_reset_session_only);
    MUST(!ZSTD_isError(rc));
    r->at = r->begin;
    r->frames = r->t_us = r->seq = 0;
    r->over = 1;
    r->damaged = false;
    r->why = (struct err)ERR_INIT;
}

/* The run as its ticks need it. */
static bool recording_in_info(struct recording_in *r, struct err *e)
{
    struct err why = ERR_INIT;
    enum recording_got got;
    char kind = 0;

    if (!tick_code_known(r->front.meta.code)) {
        err_set_at(e, ERR_SUPPORT, r->path, 0, 0,
                   "was written by brunt %s, whose ticks are of code %llu; "
                   "this is brunt %s, which knows code %d to %d: read it with "
                   "that one",
                   r->front.meta.version,
                   (unsigned long long)r->front.meta.code, PACKAGE_VERSION,
                   TICK_CODE_OLDEST, TICK_CODE_VERSION);
        return false;
    }
    got = recording_block_read(r->fd, r->front.size, r->front.at, &kind,
                               &r->block, &r->begin);
    if (got == RECORDING_GOT_CUT || got == RECORDING_GOT_NONE) {
        err_set_at(e, ERR_SYNTAX, r->path, 0, 0,
                   "ends after %llu bytes, before its header does: there is "
                   "nothing of a run in it",
                   (unsigned long long)r->front.size);
        return false;
    }
    if (got != RECORDING_GOT_BLOCK || kind != RECORDING_INFO ||
        !info_decode(r->block.data, r->block.len, &r->run, &why)) {
        err_set_at(e, ERR_SYNTAX, r->path, 0, 0,
                   "is damaged at byte %llu, in its header%s%s: nothing can "
                   "be read",
                   (unsigned long long)r->front.at,
                   why.text[0] != '\0' ? ", " : "", why.text);
        return false;
    }
    return true;
}

struct recording_in *recording_open(const char *path, struct err *e)
{
    struct recording_in *r;
    size_t rc;
    int fd = recording_file(path, e);

    if (fd < 0) {
        return NULL;
    }
    r = xcalloc(1, sizeof *r);
    r->magic = RECORDING_IN_MAGIC;
    r->path = xstrdup(path);
    r->fd = fd;
    buf_init(&r->block, RECORDING_BLOCK_MAX);
    buf_init(&r->raw, RECORDING_RAW_MAX);
    /* Asked first: what is there after it has ended is whole. */
    r->live = recording_locked(fd);
    if (!recording_front_read(fd, path, &r->front, e) ||
        !recording_in_info(r, e)) {
        recording_in_free(r);
        return NULL;
    }
    r->piece = xmalloc(RECORDING_PIECE);
    r->z = ZSTD_createDCtx();
    MUST(r->z != NULL);
    rc =
        ZSTD_DCtx_setParameter(r->z, ZSTD_d_windowLogMax, RECORDING_WINDOW_LOG);
    MUST(!ZSTD_isError(rc));
    recording_in_prime(r);
    return r;
}

void recording_shut(struct recording_in **rp)
{
    if (*rp != NULL) {
        OBJ_CHECK(*rp, RECORDING_IN_MAGIC);
        recording_in_free(*rp);
        *rp = NULL;
    }
}

const struct run_info *recording_info(const struct recording_in *r)
{
    return &r->run.info;
}

const struct recording_meta *recording_meta(const struct recording_in *r)
{
    return &r->front.meta;
}

const struct recording_label *recording_label(const struct recording_in *r)
{
    return &r->front.label;
}

const struct recording_sum *recording_sum(const struct recording_in *r)
{
    return r->front.ended ? &r->front.sum : NULL;
}

bool recording_live(const struct recording_in *r)
{
    return r->live;
}

/* "after 0:12 of the run", for messages. */
static const char *recording_in_after(const struct recording_in *r, char *buf,
                                      size_t size)
{
    char clock[NUM_MAX];

    if (r->frames == 0) {
        snprintf(buf, size, "before the first second of the run");
    } else {
        snprintf(buf, size, "after %s of the run", num_clock(clock, r->t_us));
    }
    return buf;
}

static int recording_in_bad(struct recording_in *r, uint64_t at,
                            const char *what)
{
    char after[64];

    err_set_at(&r->why, ERR_SYNTAX, r->path, 0, 0,
               "damaged %s, at byte %llu (%s): what is before that can be "
               "read",
               recording_in_after(r, after, sizeof after),
               (unsigned long long)at, what);
    r->damaged = true;
    r->over = -1;
    return -1;
}

static int recording_in_cut(struct recording_in *r, uint64_t at)
{
    char after[64];

    err_set_at(&r->why, ERR_SYNTAX, r->path, 0, 0, "%s %s, at byte %llu",
               r->live ? "still being written" : "cut off",
               recording_in_after(r, after, sizeof after),
               (unsigned long long)at);
    r->over = -1;
    return -1;
}

/* The block's part of the stream, as a tick's bytes. */
static bool recording_in_unpack(struct recording_in *r)
{
    ZSTD_inBuffer in = {r->block.data, r->block.len, 0};
    ZSTD_outBuffer out;

    buf_reset(&r->raw);
    do {
        size_t rc;

        out = (ZSTD_outBuffer){r->piece, RECORDING_PIECE, 0};
        rc = ZSTD_decompressStream(r->z, &out, &in);
        if (ZSTD_isError(rc) || !buf_add(&r->raw, r->piece, out.pos) ||
            /* A stream of its own: there is only one. */
            (rc == 0 && in.pos < in.size)) {
            return false;
        }
    } while (in.pos < in.size || out.pos == out.size);
    return true;
}

static int recording_in_frame(struct recording_in *r, uint64_t at,
                              struct tick_read *out)
{
    struct err why = ERR_INIT;

    if (!recording_in_unpack(r)) {
        return recording_in_bad(r, at, "it does not unpack");
    }
    if (!tick_decode(&r->run.info, r->raw.data, r->raw.len, out, &why)) {
        return recording_in_bad(r, at, why.text);
    }
    if (out->tick.t_us > RECORDING_T_MAX ||
        (r->frames > 0 &&
         (out->tick.t_us < r->t_us || out->tick.seq <= r->seq))) {
        tick_read_clear(out);
        return recording_in_bad(r, at, "its times do not follow each other");
    }
    r->frames++;
    r->t_us = out->tick.t_us;
    r->seq = out->tick.seq;
    return 1;
}

/* Is it that of the frames that were there? */
static int recording_in_end(struct recording_in *r, uint64_t at)
{
    struct recording_sum sum;
    struct code_in in;

    if (r->block.len < 4) {
        return recording_in_bad(r, at, "its end is too short");
    }
    code_in_init(&in, r->block.data, r->block.len - 4);
    recording_sum_decode(&in, &sum);
    if (in.bad) {
        return recording_in_bad(r, at, in.problem);
    }
    if (sum.frames != r->frames) {
        return recording_in_bad(r, at, "frames are missing before it");
    }
    r->over = 0;
    return 0;
}

static int recording_in_read(struct recording_in *r, struct tick_read *out)
{
    for (;;) {
        uint64_t at = r->at;
        char kind = 0;

        switch (recording_block_read(r->fd, r->front.size, at, &kind, &r->block,
                                     &r->at)) {
        case RECORDING_GOT_BLOCK:
            break;
        case RECORDING_GOT_NONE:
        case RECORDING_GOT_CUT:
            return recording_in_cut(r, at);
        case RECORDING_GOT_BAD:
            return recording_in_bad(r, at, "other bytes than were written");
        case RECORDING_GOT_ERROR:
            return recording_in_bad(r, at, strerror(errno));
        }
        if (kind == RECORDING_FRAME) {
            return recording_in_frame(r, at, out);
        }
        if (kind == RECORDING_END) {
            return recording_in_end(r, at);
        }
    }
}

int recording_next(struct recording_in *r, struct tick_read *out, struct err *e)
{
    int got = r->over;

    OBJ_CHECK(r, RECORDING_IN_MAGIC);
    if (got == 1) {
        got = recording_in_read(r, out);
    }
    if (got < 0) {
        err_set_at(e, r->why.code, r->why.where, 0, 0, "%s", r->why.text);
    }
    return got;
}

bool recording_damaged(const struct recording_in *r)
{
    return r->damaged;
}

void recording_rewind(struct recording_in *r)
{
    recording_in_prime(r);
}
