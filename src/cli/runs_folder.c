/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/runs_folder.h"

#include <stdio.h>
#include <stdlib.h>

#include "record/recordings.h"

void runs_folder(char *out, size_t size)
{
    const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int n = 0;

    out[0] = '\0';
    if (xdg != NULL && xdg[0] == '/') {
        n = snprintf(out, size, "%s/brunt/runs", xdg);
    } else if (home != NULL && home[0] == '/') {
        n = snprintf(out, size, "%s/.local/state/brunt/runs", home);
    }
    if (n < 0 || (size_t)n >= size) {
        out[0] = '\0';
    }
}

bool runs_find(const char *what, char *path, size_t size, struct err *e)
{
    char folder[RECORDINGS_PATH_MAX];

    runs_folder(folder, sizeof folder);
    return recordings_find(folder, what, path, size, e);
}
