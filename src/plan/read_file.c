/* SPDX-License-Identifier: MIT
 *
 * read_file - files that a plan names. Paths count from the plan's own folder,
 * so that a plan and its files can be moved together. */
#include "config.h"

#include "plan/read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "plan/compile.h"

/* A path of the plan as it is opened, owned by the caller. */
static char *read_path(const struct reader *r, const char *path)
{
    const char *slash = strrchr(r->file, '/');

    if (*path == '/' || slash == NULL) {
        return xstrdup(path);
    }
    return xasprintf("%.*s/%s", (int)(slash - r->file), r->file, path);
}

/* Only what it is known to be is opened: a pipe would wait for its writer. */
static bool file_is(struct reader *r, const char *shown, const char *path,
                    bool folder)
{
    struct stat st;

    if (stat(path, &st) != 0) {
        reader_fail(r,
                    "'%.120s': %s (a path counts from the plan's own folder)",
                    shown, strerror(errno));
        return false;
    }
    if (folder ? !S_ISDIR(st.st_mode) : !S_ISREG(st.st_mode)) {
        reader_fail(r, "'%.120s' is no %s", shown, folder ? "folder" : "file");
        return false;
    }
    if (access(path, folder ? R_OK | X_OK : R_OK) != 0) {
        reader_fail(r, "'%.120s' cannot be read: %s", shown, strerror(errno));
        return false;
    }
    return true;
}

void read_source(struct reader *r, const char *path)
{
    struct plan *p = r->plan;

    for (size_t i = 0; i < p->n_sources; i++) {
        if (strcmp(p->sources[i], path) == 0) {
            return;
        }
    }
    p->sources =
        xgrow(p->sources, p->n_sources, &p->cap_sources, sizeof *p->sources);
    p->sources[p->n_sources++] = xstrdup(path);
}

char *read_file_name(struct reader *r, const cJSON *v, bool folder)
{
    const char *text = NULL;
    char *shown = reader_name(r, v, &text) ? compile_settled(r, text) : NULL;
    char *path = NULL;

    if (shown != NULL && *shown == '\0') {
        reader_fail(r, "expected a path, not an empty string");
    } else if (shown != NULL) {
        path = read_path(r, shown);
        if (!file_is(r, shown, path, folder)) {
            free(path);
            path = NULL;
        } else if (!folder) {
            read_source(r, path);
        }
    }
    free(shown);
    return path;
}

bool read_file_whole(struct reader *r, const char *path, struct buf *b)
{
    struct err e = ERR_INIT;

    if (!file_read(path, b, &e)) {
        reader_fail(r, "'%.120s': %.200s", path, e.text);
        return false;
    }
    return true;
}
