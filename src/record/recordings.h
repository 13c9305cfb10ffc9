/* SPDX-License-Identifier: MIT
 *
 * recordings - the folder of recorded runs: a new file for a run, the newest of
 * them, one by its name; and that no more are kept than should be. Files that a
 * run is writing are locked (flock), and left alone by everyone else. */
#ifndef RECORD_RECORDINGS_H
#define RECORD_RECORDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/wall.h"
#include "record/recording_label.h"
#include "record/recording_meta.h"

#define RECORDINGS_KEPT     50
#define RECORDINGS_PATH_MAX 1024
#define RECORDINGS_END      ".brunt"
/* Where there is no folder for them. */
#define RECORDINGS_NOWHERE                                                     \
    "no folder for recordings: neither XDG_STATE_HOME nor HOME is a full "     \
    "path"

/* One of the folder. */
struct recordings_entry {
    char path[RECORDINGS_PATH_MAX];
    uint64_t bytes;
    bool live;         /* a run is writing it */
    bool readable;     /* the next four hold; else problem says why not */
    bool ended;        /* its end was written: sum holds */
    char problem[300]; /* one line */
    struct recording_meta meta;
    struct recording_label label;
    struct recording_sum sum;
    struct wall when; /* it began; of what is not readable, it was last written
                       */
};

struct recordings {
    struct recordings_entry *list; /* owned; the newest first */
    size_t n;
};

/* All that are in folder; none where there is no folder. false, and none: it
 * cannot be read, or is "", which says that there is no place for one. */
bool recordings_list(const char *folder, struct recordings *out,
                     struct err *e) MUST_CHECK;
void recordings_clear(struct recordings *r);
/* Which one is meant by what: "last" (the newest that is not being written), a
 * number of the list (1 is the newest), a name that was given, the file's own
 * name, or a path: of a file, where nothing of the folder has that name.
 * folder may be "" where there is none: then only a path. */
bool recordings_find(const char *folder, const char *what, char *path, size_t n,
                     struct err *e) MUST_CHECK;

/* A new file in folder, which is made (0700) where it is not there, with n
 * bytes in it from its first moment on, locked, for this user alone, named
 * "2026-11-27T17-05-03-" + name + ".brunt" or, where that is taken, with "-2"
 * and so on. Its descriptor, and its name in path; -1 on failure. */
int recordings_new(const char *folder, struct wall when, const char *name,
                   const void *data, size_t n, char *path, size_t size,
                   struct err *e) MUST_CHECK;
/* Removes what a run that was killed left half made, and the oldest recordings
 * beyond `kept`: of those nobody gave a name to, and nobody is writing. */
void recordings_tidy(const char *folder, size_t kept);
/* Removes one; what is being written, or is no recording, is refused. */
bool recordings_remove(const char *path, struct err *e) MUST_CHECK;

#endif
