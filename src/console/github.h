/* SPDX-License-Identifier: MIT
 *
 * github - what a run tells a job of GitHub Actions at its end: annotations
 * (workflow commands, "::error title=…::…") and a summary as Markdown. By
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands:
 * in a message % CR LF are %25 %0D %0A, in a property : and , are %3A and %2C
 * besides; a step's summary has at most 1 MiB, and ten annotations of a kind
 * are shown. */
#ifndef CONSOLE_GITHUB_H
#define CONSOLE_GITHUB_H

#include <stdbool.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "run/story.h"

#define GITHUB_SUMMARY_MAX (1 << 20)
#define GITHUB_SHOWN       10

/* Is this such a job (GITHUB_ACTIONS)? */
bool github_is_job(void);
/* Appends one annotation, a line: kind is "error" or "warning"; *n counts those
 * of the kind, from 0, and beyond GITHUB_SHOWN there is none. */
void github_command(struct buf *out, const char *kind, size_t *n,
                    const char *title, const char *text);
/* Prints an ::error for each threshold that failed and for a run that ended
 * before its time, and a ::warning for each stream (--out) that lost something
 * and each reason of the verdict. Takes the story's lock, though not while it
 * prints. */
void github_annotate(FILE *out, struct story *s);
/* The summary, of at most max bytes; owned by the caller. Takes the lock. Of a
 * recording without an end: live says that its run goes on, else it was cut
 * off. */
char *github_summary(struct story *s, bool live, size_t max);
/* Appends it to the file at path, as far as that stays within what GitHub
 * takes. */
bool github_append(struct story *s, const char *path, struct err *e) MUST_CHECK;

#endif
