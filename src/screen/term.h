/* SPDX-License-Identifier: MIT
 *
 * term - the terminal: grids go out, keys come in. The only file that knows
 * curses. Curses writes into memory, and from there bytes go to the terminal
 * as it takes them, so that no call here ever waits for it. One thread makes
 * all calls, from term_open on. */
#ifndef SCREEN_TERM_H
#define SCREEN_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "screen/grid.h"
#include "screen/keymap.h"
#include "screen/theme.h"

struct term; /* opaque */

struct term_config {
    bool ascii, no_color;
    int stderr_was, stderr_kept; /* see rescue.h; -1 = untouched */
};

/* Opens and takes the terminal of standard output. The calling thread's
 * LC_CTYPE becomes the environment's. */
bool term_open(const struct term_config *config, struct term **t,
               struct err *e) MUST_CHECK;
/* Gives it back as it was. */
void term_close(struct term **t);

/* To watch for input and, while term_pending, for output. */
int term_fd(const struct term *t);
bool term_ascii(const struct term *t);
/* Has it colours that themes can change? */
bool term_colors(const struct term *t);
/* Looks like that from the next picture on. true: it did not before, and that
 * picture is to be drawn anew. */
bool term_theme(struct term *t, enum theme theme);
void term_size(const struct term *t, int *cols, int *rows);
/* Asks for the size again; true when it changed. */
bool term_resize(struct term *t);

/* Draws g, whose size is the terminal's; anew: every cell, not the changed
 * ones. What is still pending must have gone out before. */
void term_draw(struct term *t, const struct grid *g, bool anew);
bool term_pending(const struct term *t);
/* Sends what the terminal takes now. false: the terminal is gone. */
bool term_flush(struct term *t);
/* Reads at most max keys and says how many; more may follow when it is max. -1:
 * the terminal is gone. */
int term_keys(struct term *t, struct typed *keys, int max);
/* Asks for the mouse's reports, or for none; off at first. Off whenever the
 * terminal is given back. */
void term_mouse(struct term *t, bool on);

/* Is this process the one that the terminal listens to? */
bool term_foreground(const struct term *t);
/* Gives the terminal back for a while, and takes it again. What it does not
 * take within wait_ms is lost. */
void term_give(struct term *t, int wait_ms);
void term_take(struct term *t);

#endif
