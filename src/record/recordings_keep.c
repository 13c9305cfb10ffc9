/* SPDX-License-Identifier: MIT
 *
 * recordings_keep - files come into the folder and go from it. A new one is
 * made under another name, locked, begun, and only then given its own: nobody
 * ever sees one that is half begun. What is left of one that was killed within
 * these moments is known by that name, and by nobody holding it. */
#include "config.h"

#include "record/recordings.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/rng.h"
#include "base/xalloc.h"
#include "record/recording_internal.h"

#define RECORDINGS_NEW     ".new-" /* what is not begun yet */
#define RECORDINGS_NEW_LEN (sizeof RECORDINGS_NEW - 1)

static bool keep_is_folder(const char *path)
{
    int error = errno;
    struct stat st;
    bool is = stat(path, &st) == 0 && S_ISDIR(st.st_mode);

    errno = error;
    return is;
}

/* All of the path that is not there yet, for this user alone. */
static bool keep_folder(const char *folder, struct err *e)
{
    char *path = xstrdup(folder);
    char *at = path;
    int rc = 0;

    do {
        at += strspn(at, "/");
        at += strcspn(at, "/");
        {
            char was = *at;

            *at = '\0';
            rc = mkdir(path, 0700);
            if (rc != 0 && !keep_is_folder(path)) {
                err_set_at(e, ERR_IO, path, 0, 0, "cannot be made: %s",
                           strerror(errno));
            } else {
                rc = 0;
            }
            *at = was;
        }
    } while (rc == 0 && *at != '\0');
    free(path);
    return rc == 0;
}

/* A locked file of no name that counts. */
static int keep_temp(const char *folder, char *path, size_t size, struct err *e)
{
    int n = snprintf(path, size, "%s/" RECORDINGS_NEW "%016" PRIx64, folder,
                     rng_entropy());
    int fd;

    if (n < 0 || (size_t)n >= size) {
        err_set_at(e, ERR_LIMIT, folder, 0, 0, "is too long a path");
        return -1;
    }
    fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        err_set_at(e, ERR_IO, path, 0, 0, "cannot be made: %s",
                   strerror(errno));
        return -1;
    }
    /* Where there are no locks, it is at worst removed while it is written. */
    (void)flock(fd, LOCK_EX | LOCK_NB);
    return fd;
}

/* Gives the file at temp its name; false: errno says why. */
static bool keep_name(const char *temp, const char *path)
{
    if (link(temp, path) == 0) {
        (void)unlink(temp);
        file_sync_folder(path);
        return true;
    }
    if (errno == EEXIST) {
        return false;
    }
    /* There are file systems without links. */
    if (access(path, F_OK) == 0) {
        errno = EEXIST;
        return false;
    }
    if (rename(temp, path) != 0) {
        return false;
    }
    file_sync_folder(path);
    return true;
}

static bool keep_names(const char *temp, const char *folder, const char *base,
                       char *path, size_t size, struct err *e)
{
    unsigned k;
    int n;

    for (k = 1; k < 1000; k++) {
        char suffix[16] = "";

        if (k > 1) {
            snprintf(suffix, sizeof suffix, "-%u", k);
        }
        n = snprintf(path, size, "%s/%s%s" RECORDINGS_END, folder, base,
                     suffix);
        if (n < 0 || (size_t)n >= size) {
            err_set_at(e, ERR_LIMIT, folder, 0, 0, "is too long a path");
            return false;
        }
        if (keep_name(temp, path)) {
            return true;
        }
        if (errno != EEXIST) {
            break;
        }
    }
    err_set_at(e, ERR_IO, path, 0, 0, "cannot be made: %s", strerror(errno));
    return false;
}

/* -1, with e as it is: it was taken away before it was locked, by who takes it
 * for left over. */
static int keep_begin(const char *folder, const char *base, const void *data,
                      size_t n, char *path, size_t size, struct err *e)
{
    char temp[RECORDINGS_PATH_MAX];
    int fd = keep_temp(folder, temp, sizeof temp, e);

    if (fd < 0) {
        return -1;
    }
    errno = ENOSPC; /* of a write that ends early */
    if (write(fd, data, n) != (ssize_t)n) {
        err_set_at(e, ERR_IO, temp, 0, 0, "cannot be written: %s",
                   strerror(errno));
    } else if (access(temp, F_OK) == 0 &&
               keep_names(temp, folder, base, path, size, e)) {
        return fd;
    }
    (void)unlink(temp);
    close(fd);
    return -1;
}

int recordings_new(const char *folder, struct wall when, const char *name,
                   const void *data, size_t n, char *path, size_t size,
                   struct err *e)
{
    char stamp[32], base[160];
    int fd = -1, k;

    wall_name(when, stamp, sizeof stamp);
    snprintf(base, sizeof base, "%s-%s", stamp, name);
    if (!keep_folder(folder, e)) {
        return -1;
    }
    for (k = 0; k < 3 && fd < 0 && e->code == ERR_NONE; k++) {
        fd = keep_begin(folder, base, data, n, path, size, e);
    }
    if (fd < 0) {
        err_set_at(e, ERR_IO, folder, 0, 0, "no file can be made there");
    }
    return fd;
}

/* Holds it, or, -1, somebody else does. */
static int keep_hold(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    struct stat st;

    if (fd < 0) {
        return -1;
    }
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
        flock(fd, LOCK_EX | LOCK_NB) == 0) {
        return fd;
    }
    close(fd);
    return -1;
}

/* One that nobody holds. */
static bool keep_drop(const char *path)
{
    int fd = keep_hold(path);
    bool ok = fd >= 0 && unlink(path) == 0;

    if (fd >= 0) {
        close(fd);
    }
    return ok;
}

/* Is there nothing of a run in it: the machine lost power just after it was
 * made? */
static bool keep_is_half(const char *path)
{
    struct recording_front f;
    int fd = recording_file(path, NULL);
    bool half;

    if (fd < 0) {
        return false;
    }
    half = !recording_front_read(fd, path, &f, NULL) && f.half;
    close(fd);
    return half;
}

static void keep_sweep(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *d;
    char path[RECORDINGS_PATH_MAX];

    while (dir != NULL && (d = readdir(dir)) != NULL) {
        size_t n = strlen(d->d_name), k = strlen(RECORDINGS_END);
        bool begun =
            strncmp(d->d_name, RECORDINGS_NEW, RECORDINGS_NEW_LEN) == 0;
        int len = snprintf(path, sizeof path, "%s/%s", folder, d->d_name);

        if (len < 0 || (size_t)len >= sizeof path) {
            continue;
        }
        if (begun || (n > k && strcmp(d->d_name + n - k, RECORDINGS_END) == 0 &&
                      keep_is_half(path))) {
            (void)keep_drop(path);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
}

void recordings_tidy(const char *folder, size_t kept)
{
    struct recordings r;
    size_t i, n = 0;

    keep_sweep(folder);
    if (!recordings_list(folder, &r, NULL)) {
        return; /* who asks for the list is told why */
    }
    for (i = 0; i < r.n; i++) {
        const struct recordings_entry *entry = &r.list[i];

        if (!entry->readable || entry->label.name[0] != '\0') {
            continue; /* not known as one, or somebody wants it kept */
        }
        if (++n > kept && !entry->live) {
            (void)keep_drop(entry->path);
        }
    }
    recordings_clear(&r);
}

/* Whatever else is wrong with it, it begins as one does. */
static bool keep_is_one(int fd, const char *path, struct err *e)
{
    char head[RECORDING_MAGIC_LEN];

    if (pread(fd, head, sizeof head, 0) != (ssize_t)sizeof head ||
        memcmp(head, RECORDING_MAGIC, sizeof head) != 0) {
        err_set_at(e, ERR_SYNTAX, path, 0, 0,
                   "is not a recording, and stays (brunt runs lists those "
                   "there are)");
        return false;
    }
    return true;
}

bool recordings_remove(const char *path, struct err *e)
{
    int fd = recording_file(path, e);
    bool ok = fd >= 0 && keep_is_one(fd, path, e);

    if (ok && flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        err_set_at(e, ERR_IO, path, 0, 0, "is being written by a run");
        ok = false;
    }
    if (ok && unlink(path) != 0) {
        err_set_at(e, ERR_IO, path, 0, 0, "cannot be removed: %s",
                   strerror(errno));
        ok = false;
    }
    if (fd >= 0) {
        close(fd);
    }
    return ok;
}
