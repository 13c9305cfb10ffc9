/* SPDX-License-Identifier: MIT
 *
 * run_file - names of files that a run leaves behind: by plan, scenario and
 * time to the second, and never that of a file that is there. */
#ifndef RECORD_RUN_FILE_H
#define RECORD_RUN_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "run/story.h"

/* A part of a file's name: letters, digits and dashes only; "" where there are
 * none. */
void run_file_slug(char *out, size_t size, const char *name);
/* "folder" + "shop-spike-20261127-104900": such that no file of that name and
 * one of the ends (".json"; NULL behind the last) is there; else "-2" and so on
 * stands behind it. folder: "" or ending in '/'. The first of them is made
 * there and then, empty, for no other run of this second to take it; it is
 * written over, or dropped. false: a thousand are. */
bool run_file_name(const struct run_info *info, const char *folder,
                   const char *const *ends, char *path, size_t size,
                   struct err *e) MUST_CHECK;

/* Writes text to path; where that fails, beside what else is saved of a run:
 * in the folder tmp, by run_file_name with that end (".json"). Where it is, is
 * put in `where`. false: neither; e says why not at path. */
bool run_file_write(const struct run_info *info, const char *text,
                    const char *path, const char *tmp, const char *end,
                    char *where, size_t size, struct err *e) MUST_CHECK;

/* After a write that failed: removes those of path that are there. */
void run_file_drop(const char *path, const char *const *ends);

#endif
