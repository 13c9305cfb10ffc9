/* SPDX-License-Identifier: MIT
 *
 * term_look - how roles look on the terminal that curses has open: pairs of
 * colours and attributes. A part of term. */
#ifndef SCREEN_TERM_LOOK_H
#define SCREEN_TERM_LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "screen/theme.h"

struct term_look {
    unsigned long attr[ROLE_COUNT]; /* curses' attributes */
    int pair[ROLE_COUNT];           /* 0 = the terminal's own colours */
    enum theme theme;
    enum theme_depth depth;
    bool own; /* the terminal can be told to use its own colours */
};

/* Is there a description of that terminal? Before newterm, which loses memory
 * where there is none. */
bool term_look_known(const char *name);
/* Characters beyond ASCII need a locale that has them, and one column each: in
 * some locales of East Asia lines take two. The Linux console has no braille
 * in its fonts. In the locale
 * of the calling thread; asked: whatever they are. */
bool term_look_ascii(bool asked);
/* After newterm: a capability by its short name in terminfo(5), without its
 * padding; returns its bytes, at most size, 0 where there is none. */
size_t term_look_capability(const char *name, char *out, size_t size);
/* ... what lets all of so many rows scroll; the cursor is anywhere then. */
size_t term_look_region(int rows, char *out, size_t size);
/* After newterm. The theme is the first. */
void term_look_init(struct term_look *l, bool no_color);
/* Another theme; all is to be drawn anew then. */
void term_look_take(struct term_look *l, enum theme theme);

#endif
