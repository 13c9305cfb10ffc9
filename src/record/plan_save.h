/* SPDX-License-Identifier: MIT
 *
 * plan_save - a run as it was steered, saved as a plan: the plan's own text,
 * with the stages that were really run in place of those it had. Running it
 * again gives the same curve, now without a hand at the keys. */
#ifndef RECORD_PLAN_SAVE_H
#define RECORD_PLAN_SAVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "run/story.h"

/* The plan as text, for a file at path (files that the plan names are found
 * from there). Scenarios that were steered have ramping stages; one that runs
 * alone always has. Pauses are left out. Variables are as the run had them, but
 * values of secrets are not in it: they come from the environment or -e again.
 * NULL with a reason where nothing has run yet, more was done than a plan may
 * have stages, or the result would be no valid plan. Owned by the caller. Takes
 * the story's lock. */
char *plan_save_text(struct story *s, const char *path,
                     struct err *e) MUST_CHECK;
/* Writes it to a new file; one that is there is never written over. path "": a
 * name made of plan, scenario and time. The name is in where. */
bool plan_save(struct story *s, const char *path, char *where, size_t size,
               struct err *e) MUST_CHECK;

#endif
