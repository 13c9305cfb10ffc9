/* SPDX-License-Identifier: MIT
 *
 * results - the results JSON ("brunt-results/1"), made from a story at any
 * moment of a run or after it. Described by data/results.schema.json. */
#ifndef RECORD_RESULTS_H
#define RECORD_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "run/story.h"

/* Series in the file have at most so many points; slots merge until they do. */
#define RESULTS_POINTS_MAX 3600

/* The whole file as text, owned by the caller. Secrets are masked. Takes the
 * story's lock. */
char *results_text(struct story *s);

/* Writes results to path, under a temporary name first. Takes the story's
 * lock only while the text is made. */
bool results_write(struct story *s, const char *path, struct err *e) MUST_CHECK;

/* Writes into the current folder under a name made of plan, scenario and time
 * ("vi-spike-20261124-021652.json"), with "-2", "-3" … rather than over another
 * file. path gets the name; size at least 256. */
bool results_write_named(struct story *s, char *path, size_t size,
                         struct err *e) MUST_CHECK;

/* At the end of a run: to path, and if that fails into the folder tmp under a
 * name of its own. true: written, and where holds the name it has; e then
 * holds why path itself did not work, if so. false: written nowhere. */
bool results_write_final(struct story *s, const char *path, const char *tmp,
                         char *where, size_t size, struct err *e) MUST_CHECK;

#endif
