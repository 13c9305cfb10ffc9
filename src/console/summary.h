/* SPDX-License-Identifier: MIT
 *
 * summary - the text at the end of a run, in k6's shape: thresholds, then all
 * results, then what k6 does not say: errors by kind, requests by name, what
 * was steered, whether the generator kept up, and what it all means. */
#ifndef CONSOLE_SUMMARY_H
#define CONSOLE_SUMMARY_H

#include <stdbool.h>
#include <stdio.h>

#include "run/story.h"

struct baseline_run;

struct summary_options {
    bool ascii;  /* nothing beyond ASCII */
    bool color;  /* SGR colours for verdicts and headings */
    int columns; /* of the terminal, in which lines are broken and columns left
                    out; 0 = as wide as they are */
    /* An earlier run that this one is held against; NULL = none. Borrowed. */
    const struct baseline_run *baseline;
    bool live; /* of a story without an end: the run goes on, it was not cut */
};

/* The whole text, owned by the caller. Takes the story's lock. */
char *summary_text(struct story *s, const struct summary_options *o);
/* The same, printed. */
void summary_print(FILE *out, struct story *s, const struct summary_options *o);

#endif
