/* SPDX-License-Identifier: MIT
 *
 * console - a run as plain lines, for pipes and CI: one a second, and one for
 * each event. Lines are written by a thread of its own, so that a reader that
 * stands still does not delay the run; what then does not fit is counted. */
#ifndef CONSOLE_CONSOLE_H
#define CONSOLE_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "run/story.h"

struct console_options {
    bool quiet; /* no lines at all */
    bool ascii; /* nothing beyond ASCII */
    bool whole; /* no line is left out: who feeds waits for who reads */
};

struct console; /* opaque */

/* out and story are borrowed and outlive the console; nobody else writes to out
 * meanwhile. The story is fed each tick before the console is. */
struct console *console_new(FILE *out, struct story *story,
                            const struct console_options *o);
/* Waits until what is queued is written, but at most two seconds when the
 * reader of out stands still. */
void console_free(struct console **c);
/* A reader of the feed (tick_fn); ctx is the console. Never blocks on out. */
void console_feed(struct console *c, const struct tick *t);
/* Lines that were left out because out was not drained. */
uint64_t console_dropped(struct console *c);

/* Appends the line of the story's newest tick, without its newline. The caller
 * holds the story's lock. */
void console_line(struct buf *out, const struct story *s, bool ascii);

#endif
