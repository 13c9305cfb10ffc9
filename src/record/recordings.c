/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/recordings.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "record/recording_internal.h"

static bool recordings_ends(const char *name, const char *tail)
{
    size_t n = strlen(name), k = strlen(tail);

    return n > k && strcmp(name + n - k, tail) == 0;
}

/* "folder/name"; false: too long. */
static bool recordings_join(char *path, size_t size, const char *folder,
                            const char *name)
{
    int n = snprintf(path, size, "%s/%s", folder, name);

    return n >= 0 && (size_t)n < size;
}

/* What can be known of one without its ticks. */
static void recordings_look(struct recordings_entry *entry)
{
    struct recording_front f;
    struct err e = ERR_INIT;
    struct stat st;
    int fd = recording_file(entry->path, &e);

    if (stat(entry->path, &st) == 0) {
        entry->bytes = st.st_size > 0 ? (uint64_t)st.st_size : 0;
        entry->when.us = (int64_t)st.st_mtime * 1000000;
    }
    if (fd >= 0) {
        entry->live = recording_locked(fd);
        entry->readable = recording_front_read(fd, entry->path, &f, &e);
        close(fd);
    }
    if (entry->readable) {
        entry->meta = f.meta;
        entry->label = f.label;
        entry->ended = f.ended;
        entry->sum = f.sum;
        entry->when = f.meta.began;
    } else {
        text_safe(entry->problem, sizeof entry->problem, e.text);
    }
}

/* The newest first; of one moment by name, so that the order is always the
 * same. */
static int recordings_order(const void *a, const void *b)
{
    const struct recordings_entry *x = a, *y = b;

    if (x->when.us != y->when.us) {
        return x->when.us > y->when.us ? -1 : 1;
    }
    return strcmp(y->path, x->path);
}

/* NULL with e as it is: there is none. */
static DIR *recordings_open(const char *folder, struct err *e)
{
    DIR *dir = NULL;

    if (folder[0] == '\0') {
        err_set(e, ERR_IO, RECORDINGS_NOWHERE);
    } else {
        dir = opendir(folder);
        if (dir == NULL && errno != ENOENT) {
            err_set_at(e, ERR_IO, folder, 0, 0, "cannot be read: %s",
                       strerror(errno));
        }
    }
    return dir;
}

bool recordings_list(const char *folder, struct recordings *out, struct err *e)
{
    struct err own = ERR_INIT;
    DIR *dir = recordings_open(folder, &own);
    struct dirent *d;
    size_t cap = 0;

    *out = (struct recordings){NULL, 0};
    if (own.code != ERR_NONE && e != NULL) {
        *e = own;
    }
    while (dir != NULL && (d = readdir(dir)) != NULL) {
        struct recordings_entry *entry;

        if (d->d_name[0] == '.' ||
            !recordings_ends(d->d_name, RECORDINGS_END)) {
            continue;
        }
        out->list = xgrow(out->list, out->n, &cap, sizeof *out->list);
        entry = &out->list[out->n];
        memset(entry, 0, sizeof *entry);
        if (recordings_join(entry->path, sizeof entry->path, folder,
                            d->d_name)) {
            recordings_look(entry);
            out->n++;
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    if (out->n > 1) {
        qsort(out->list, out->n, sizeof *out->list, recordings_order);
    }
    return own.code == ERR_NONE;
}

void recordings_clear(struct recordings *r)
{
    free(r->list);
    *r = (struct recordings){NULL, 0};
}

/* --- Which one --- */

static const char *recordings_base(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* "x.brunt" or "x". */
static bool recordings_is_file(const struct recordings_entry *entry,
                               const char *what)
{
    const char *base = recordings_base(entry->path);
    size_t n = strlen(base) - strlen(RECORDINGS_END);

    return strcmp(base, what) == 0 ||
           (strlen(what) == n && strncmp(base, what, n) == 0);
}

static const struct recordings_entry *
recordings_which(const struct recordings *r, const char *what)
{
    uint64_t number = 0;
    size_t i;

    if (strcmp(what, "last") == 0) {
        for (i = 0; i < r->n && r->list[i].live; i++) {
            /* what is going on is no earlier run */
        }
        return i < r->n ? &r->list[i] : NULL;
    }
    if (num_u64(what, 1, r->n, &number)) {
        return &r->list[number - 1];
    }
    for (i = 0; i < r->n; i++) {
        if (recordings_is_file(&r->list[i], what) ||
            (what[0] != '\0' && strcmp(r->list[i].label.name, what) == 0)) {
            return &r->list[i];
        }
    }
    return NULL;
}

static void recordings_unknown(const struct recordings *r, const char *what,
                               struct err *e)
{
    const char **names = xcalloc(r->n + 1, sizeof *names), *near;
    char shown[128];
    uint64_t number;
    size_t i, n = 0;

    for (i = 0; i < r->n; i++) {
        if (r->list[i].label.name[0] != '\0') {
            names[n++] = r->list[i].label.name;
        }
    }
    near = text_nearest(what, names, n);
    text_safe(shown, sizeof shown, what);
    if (r->n == 0) {
        err_set(e, ERR_IO, "no run has been recorded yet");
    } else if (strcmp(what, "last") == 0) {
        err_set(e, ERR_IO, "no recorded run has ended yet");
    } else if (num_u64(what, 0, UINT64_MAX, &number)) {
        err_set(e, ERR_RANGE, "there is no run %s: the list has 1 to %zu",
                shown, r->n);
    } else {
        err_set(e, ERR_RANGE,
                "there is no run '%s' (%s%s%s; brunt runs lists "
                "all)",
                shown, near != NULL ? "did you mean '" : "a number, a name",
                near != NULL ? near : ", \"last\" or a path",
                near != NULL ? "'?" : "");
    }
    free(names);
}

bool recordings_find(const char *folder, const char *what, char *path, size_t n,
                     struct err *e)
{
    const struct recordings_entry *found;
    struct recordings r = {NULL, 0};
    struct err own = ERR_INIT;
    bool listed, known;
    int len = -1;

    if (strchr(what, '/') != NULL ||
        (recordings_ends(what, RECORDINGS_END) && access(what, F_OK) == 0)) {
        len = snprintf(path, n, "%s", what);
    } else {
        listed = recordings_list(folder, &r, &own);
        found = recordings_which(&r, what);
        known = found != NULL || access(what, F_OK) == 0;
        if (known) {
            len = snprintf(path, n, "%s", found != NULL ? found->path : what);
        } else if (listed) {
            recordings_unknown(&r, what, e);
        } else if (e != NULL) {
            *e = own;
        }
        recordings_clear(&r);
        if (!known) {
            return false;
        }
    }
    if (len < 0 || (size_t)len >= n) {
        err_set(e, ERR_LIMIT, "the path of the recording is too long");
        return false;
    }
    return true;
}
