/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/out_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef HAVE_ZLIB
#define ZLIB_CONST /* what is packed is read only */
#include <zlib.h>
#endif

#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"

/* Between looks whether a wait for a pipe is to end, and how many there are for
 * the end of what is packed. */
#define OUT_FILE_LOOK_MS 100
#define OUT_FILE_LOOKS   20

struct out_file {
    int fd;
    char *path;       /* owned */
    off_t at;         /* end of what was sent as a whole; -1: it is no file */
    bool failed;      /* nothing more is written */
    atomic_bool stop; /* nothing more is waited for */
    unsigned looks;   /* that are left of a wait; 0 = it has no bound */
    bool packs;
#ifdef HAVE_ZLIB
    z_stream z; /* packs */
#endif
};

static bool out_file_packs(const char *path)
{
    size_t n = strlen(path);

    return n > 3 && strcmp(path + n - 3, ".gz") == 0;
}

/* false: this brunt cannot. */
static bool out_file_pack_begin(struct out_file *f)
{
#ifdef HAVE_ZLIB
    /* 15 + 16: the largest window, in gzip's wrapping. */
    int rc = deflateInit2(&f->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8,
                          Z_DEFAULT_STRATEGY);

    MUST(rc == Z_OK);
    return true;
#else
    (void)f;
    return false;
#endif
}

/* Makes a file ours and empty: others are kept off until it is closed, or the
 * process is gone. What is no file is nobody's, and where the file's system has
 * no locks nothing is known of others. false: errno says why. */
static bool out_file_claim(int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0) {
        return false;
    }
    if (!S_ISREG(st.st_mode)) {
        return true;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        return false;
    }
    return ftruncate(fd, 0) == 0;
}

static void out_file_err(const char *kind, const char *shown, struct err *e)
{
    if (errno == EWOULDBLOCK) {
        err_set(e, ERR_IO,
                "--out %s: '%s' is being written already, by another run or "
                "another --out: wait until that is over, or give another name",
                kind, shown);
        return;
    }
    err_set(e, ERR_IO, "--out %s: '%s' cannot be written: %s", kind, shown,
            errno == ENXIO ? "it is a pipe that nobody reads"
                           : strerror(errno));
}

struct out_file *out_file_open(const char *kind, const char *path,
                               struct err *e)
{
    struct out_file *f;
    char shown[256];
    int fd;

    if (path == NULL || path[0] == '\0') {
        err_set(e, ERR_SYNTAX, "--out %s needs a file: --out %s=FILE", kind,
                kind);
        return NULL;
    }
    if (strcmp(path, "-") == 0) {
        err_set(e, ERR_SYNTAX,
                "--out %s: standard output has the summary: give a file, or a "
                "pipe, --out %s=>(COMMAND)",
                kind, kind);
        return NULL;
    }
    f = xcalloc(1, sizeof *f);
    f->packs = out_file_packs(path);
    text_safe(shown, sizeof shown, path);
    if (f->packs && !out_file_pack_begin(f)) {
        err_set(e, ERR_SUPPORT,
                "--out %s: '%s' cannot be packed: this brunt was built without "
                "zlib (Debian: zlib1g-dev); give a name without .gz",
                kind, shown);
        free(f);
        return NULL;
    }
    /* A pipe is not waited for until somebody reads it. Emptied is a file that
     * nobody else writes. */
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666);
    f->fd = fd;
    if (fd < 0 || !out_file_claim(fd)) {
        out_file_err(kind, shown, e);
        f->failed = true;
        out_file_close(&f);
        return NULL;
    }
    f->path = xstrdup(path);
    f->at = lseek(fd, 0, SEEK_CUR);
    return f;
}

const char *out_file_where(const void *ctx)
{
    const struct out_file_ctx *c = ctx;

    return c->file->path;
}

/* false: it is to end. */
static bool out_file_wait(struct out_file *f)
{
    struct pollfd p = {.fd = f->fd, .events = POLLOUT};

    while (!atomic_load(&f->stop)) {
        int n = poll(&p, 1, OUT_FILE_LOOK_MS);

        if (n > 0 || (n < 0 && errno != EINTR)) {
            return true;
        }
        if (f->looks > 0 && --f->looks == 0) {
            return false;
        }
    }
    return false;
}

/* false: errno says why. */
static bool out_file_write(struct out_file *f, const void *data, size_t n)
{
    const char *at = data;

    while (n > 0) {
        ssize_t done = write(f->fd, at, n);

        if (done < 0 && errno == EAGAIN) {
            if (!out_file_wait(f)) {
                errno = ECANCELED;
                return false;
            }
        } else if (done == 0 || (done < 0 && errno != EINTR)) {
            errno = done == 0 ? ENOSPC : errno;
            return false;
        } else if (done > 0) {
            at += done;
            n -= (size_t)done;
        }
    }
    return true;
}

#ifdef HAVE_ZLIB
static bool out_file_pack(struct out_file *f, const void *data, size_t n,
                          int flush)
{
    unsigned char piece[16384];

    f->z.next_in = data;
    f->z.avail_in = (uInt)n;
    do {
        int rc;

        f->z.next_out = piece;
        f->z.avail_out = sizeof piece;
        rc = deflate(&f->z, flush);
        MUST(rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR);
        if (!out_file_write(f, piece, sizeof piece - f->z.avail_out)) {
            return false;
        }
    } while (f->z.avail_out == 0);
    return true;
}
#endif

static bool out_file_put(struct out_file *f, const struct buf *payload)
{
#ifdef HAVE_ZLIB
    if (f->packs) {
        return out_file_pack(f, payload->data, payload->len, Z_SYNC_FLUSH);
    }
#endif
    return out_file_write(f, payload->data, payload->len);
}

void out_file_send(void *ctx, const struct buf *payload, struct out_reply *r)
{
    struct out_file *f = ((struct out_file_ctx *)ctx)->file;
    int error, rc;

    if (out_file_put(f, payload)) {
        f->at = f->at >= 0 ? lseek(f->fd, 0, SEEK_CUR) : f->at;
        return;
    }
    error = errno;
    if (f->at >= 0) {
        rc = ftruncate(f->fd, f->at);
        (void)rc; /* half a line is seen as such */
    }
    f->failed = true;
    r->sent = OUT_DEAD;
    snprintf(r->why, sizeof r->why, "it cannot be written any more: %s",
             error == EPIPE       ? "nobody reads the pipe"
             : error == ECANCELED ? "its reader did not take it in time"
                                  : strerror(error));
}

void out_file_stop(void *ctx)
{
    struct out_file_ctx *c = ctx;

    atomic_store(&c->file->stop, true);
}

void out_file_close(struct out_file **fp)
{
    struct out_file *f = *fp;

    if (f == NULL) {
        return;
    }
#ifdef HAVE_ZLIB
    if (f->packs) {
        if (f->fd >= 0 && !f->failed) {
            /* What is missing without it is no more than its checksum. */
            f->looks = OUT_FILE_LOOKS;
            (void)out_file_pack(f, NULL, 0, Z_FINISH);
        }
        deflateEnd(&f->z);
    }
#endif
    if (f->fd >= 0) {
        close(f->fd);
    }
    free(f->path);
    free(f);
    *fp = NULL;
}
