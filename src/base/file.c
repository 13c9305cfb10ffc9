/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "base/must.h"
#include "base/rng.h"
#include "base/xalloc.h"

static bool file_failed(const char *path, const char *what, int error,
                        struct err *e)
{
    err_set_at(e, ERR_IO, path, 0, 0, "cannot %s: %s", what, strerror(error));
    return false;
}

static bool file_read_fd(int fd, const char *path, struct buf *b, struct err *e)
{
    char chunk[16384];
    ssize_t n;

    for (;;) {
        n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return file_failed(path, "read", errno, e);
        }
        if (n == 0) {
            return true;
        }
        if (!buf_add(b, chunk, (size_t)n)) {
            err_set_at(e, ERR_LIMIT, path, 0, 0, "larger than %zu bytes",
                       b->max);
            return false;
        }
    }
}

bool file_read(const char *path, struct buf *b, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    bool ok = false;

    buf_reset(b);
    if (fd < 0) {
        return file_failed(path, "open", errno, e);
    }
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        file_failed(path, "read", EISDIR, e);
        goto out;
    }
    ok = file_read_fd(fd, path, b, e);
out:
    close(fd);
    if (!ok) {
        buf_reset(b);
    }
    return ok;
}

static bool file_write_fd(int fd, const char *path, const char *data, size_t n,
                          struct err *e)
{
    ssize_t done;

    while (n > 0) {
        done = write(fd, data, n);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done < 0) {
            return file_failed(path, "write", errno, e);
        }
        data += done;
        n -= (size_t)done;
    }
    return true;
}

/* Where a write to path ends up. */
struct file_place {
    char *path;   /* owned; links followed */
    char *temp;   /* owned; a free name beside it */
    mode_t mode;  /* of the file that stands there; 0666 when new */
    bool exists;  /* a regular file stands there */
    bool special; /* a device or a pipe: it is written to, not replaced */
};

static void file_place_clear(struct file_place *place)
{
    free(place->path);
    free(place->temp);
}

/* What stands at path already: may it be written, and how? */
static bool file_place_look(struct file_place *place, const char *path,
                            struct err *e)
{
    struct stat st;

    if (path[0] == '\0') {
        return file_failed(path, "write", ENOENT, e);
    }
    if (stat(path, &st) != 0) {
        return true; /* new; what forbids it shows when it is made */
    }
    if (S_ISDIR(st.st_mode)) {
        return file_failed(path, "write", EISDIR, e);
    }
    if (access(path, W_OK) != 0) {
        return file_failed(path, "write", errno, e);
    }
    place->exists = S_ISREG(st.st_mode);
    place->special = !place->exists;
    place->mode = st.st_mode & 0777;
    return true;
}

static bool file_place_init(struct file_place *place, const char *path,
                            struct err *e)
{
    const char *slash;

    *place = (struct file_place){.mode = 0666};
    if (!file_place_look(place, path, e)) {
        return false;
    }
    /* A link stays, and what it names is replaced. */
    place->path = place->exists ? realpath(path, NULL) : NULL;
    if (place->path == NULL) {
        place->path = xstrdup(path);
    }
    slash = strrchr(place->path, '/');
    /* Not path with an ending: a long name would become too long by it. */
    place->temp = xasprintf("%.*s.brunt-%016" PRIx64,
                            slash != NULL ? (int)(slash - place->path) + 1 : 0,
                            place->path, rng_entropy());
    return true;
}

static int file_temp_open(const struct file_place *place, const char *path,
                          struct err *e)
{
    int fd = open(place->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    if (fd < 0) {
        file_failed(path, "write", errno, e);
    }
    return fd;
}

void file_sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *dir = slash == NULL ? xstrdup(".")
                              : xstrndup(path, (size_t)(slash - path) + 1);
    int fd = open(dir, O_RDONLY | O_CLOEXEC);

    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(dir);
}

static bool file_write_special(const char *path, const void *data, size_t n,
                               struct err *e)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool ok;

    if (fd < 0) {
        return file_failed(path, "write", errno, e);
    }
    ok = file_write_fd(fd, path, data, n, e);
    close(fd);
    return ok;
}

static bool file_replace(const struct file_place *place, const char *path,
                         const void *data, size_t n, struct err *e)
{
    int fd = file_temp_open(place, path, e);
    bool ok;

    if (fd < 0) {
        return false;
    }
    ok = file_write_fd(fd, path, data, n, e);
    if (ok && place->exists && fchmod(fd, place->mode) != 0) {
        ok = file_failed(path, "keep the mode of", errno, e);
    }
    if (ok && fsync(fd) != 0) {
        ok = file_failed(path, "write", errno, e);
    }
    if (close(fd) != 0 && ok) {
        ok = file_failed(path, "write", errno, e);
    }
    if (ok && rename(place->temp, place->path) != 0) {
        ok = file_failed(path, "write", errno, e);
    }
    if (!ok) {
        unlink(place->temp);
        return false;
    }
    file_sync_folder(place->temp);
    return true;
}

bool file_write(const char *path, const void *data, size_t n, struct err *e)
{
    struct file_place place;
    bool ok;

    if (!file_place_init(&place, path, e)) {
        return false;
    }
    ok = place.special ? file_write_special(place.path, data, n, e)
                       : file_replace(&place, path, data, n, e);
    file_place_clear(&place);
    return ok;
}

bool file_same(const char *a, const char *b)
{
    struct stat x, y;

    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
}

bool file_writable(const char *path, struct err *e)
{
    struct file_place place;
    int fd = -1;
    bool ok;

    if (!file_place_init(&place, path, e)) {
        return false;
    }
    ok = place.special;
    if (!place.special) {
        fd = file_temp_open(&place, path, e);
        ok = fd >= 0;
    }
    if (fd >= 0) {
        close(fd);
        unlink(place.temp);
    }
    file_place_clear(&place);
    return ok;
}

void file_sha256(const void *data, size_t n, char out[65])
{
    static const char hex[] = "0123456789abcdef";
    unsigned char md[EVP_MAX_MD_SIZE];
    unsigned int len = 0;
    int ok = EVP_Digest(data, n, md, &len, EVP_sha256(), NULL);

    MUST(ok == 1 && len == 32);
    for (size_t i = 0; i < 32; i++) {
        out[2 * i] = hex[md[i] >> 4];
        out[2 * i + 1] = hex[md[i] & 15];
    }
    out[64] = '\0';
}
