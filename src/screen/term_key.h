/* SPDX-License-Identifier: MIT
 *
 * term_key - bytes of the terminal made into our keys (screen/keymap.h):
 * strokes, and what curses knows of the sequences that keys send. Curses itself
 * reads nothing. A part of term. */
#ifndef SCREEN_TERM_KEY_H
#define SCREEN_TERM_KEY_H

#include "screen/keymap.h"
#include "screen/stroke.h"

/* After newterm: sequences that it may not know. */
void term_key_init(void);
/* Reads from tty what has come, at most max keys, and says how many; more may
 * follow when it is max. It waits a moment where it must: a lone Esc is known
 * by what does not follow it. */
int term_key_read(struct strokes *s, int tty, struct typed *keys, int max);

#endif
