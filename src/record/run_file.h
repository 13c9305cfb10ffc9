/* SPDX-License-Identifier: MIT
 *
 * run_file - names of files that a run leaves behind: by plan, scenario and
 * time to the second, and never that of a file that is there. */
#ifndef RECORD_RUN_FILE_H
#define RECORD_RUN_FILE_H

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

/* After a write that failed: removes those of path that are there. */
void run_file_drop(const char *path, const char *const *ends);

#endif
