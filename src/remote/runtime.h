/* SPDX-License-Identifier: MIT
 *
 * runtime - where control sockets are: a private folder of the user's, and the
 * sockets in it. What lies there is trusted only as far as its owner and its
 * mode say, and no link is followed. */
#ifndef REMOTE_RUNTIME_H
#define REMOTE_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

#include "base/attr.h"
#include "base/err.h"

#define RUNTIME_PATH_MAX 108 /* a socket's path, with its NUL (unix(7)) */
#define RUNTIME_RUNS_MAX 64  /* runs of one user that are listed */

/* The folder for temporary files: TMPDIR where that is a full path, else /tmp.
 * Borrowed, until the environment changes. */
const char *runtime_temp_folder(void);

/* A socket that listens. */
struct listening {
    int fd;
    char path[RUNTIME_PATH_MAX];
    dev_t dev; /* what was made, so that nothing else is removed */
    ino_t ino;
};

/* Listens, for this user alone (mode 0600), at path, or, NULL, under the
 * process's number in the private folder: $XDG_RUNTIME_DIR/brunt, else
 * brunt-UID in the temporary folder, mode 0700, made when it is not there. What
 * a dead process left is removed. A path at which something else is, or a run
 * that lives, fails. */
bool runtime_listen(const char *path, struct listening *l,
                    struct err *e) MUST_CHECK;
/* Stops, and removes the socket if it is still the one that was made. */
void runtime_unlisten(struct listening *l);

/* The sockets of this user's runs that answer, by rising number of the process;
 * dead ones are removed. Fills at most RUNTIME_RUNS_MAX; returns how many. */
size_t runtime_list(char (*paths)[RUNTIME_PATH_MAX]);
/* A descriptor that is connected to the run at path; -1 on failure. */
int runtime_connect(const char *path, struct err *e) MUST_CHECK;

#endif
