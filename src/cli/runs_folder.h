/* SPDX-License-Identifier: MIT
 *
 * runs_folder - where recordings of runs are: $XDG_STATE_HOME/brunt/runs, else
 * ~/.local/state/brunt/runs. */
#ifndef CLI_RUNS_FOLDER_H
#define CLI_RUNS_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"

/* "" = there is no place for one: neither variable is a full path. */
void runs_folder(char *out, size_t size);
/* The recording that a word of the command line means (record/recordings.h):
 * "last", a number of brunt runs, a name, a path. */
bool runs_find(const char *what, char *path, size_t size,
               struct err *e) MUST_CHECK;

#endif
