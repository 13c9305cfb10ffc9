/* SPDX-License-Identifier: MIT
 *
 * edit - a line of text being typed: its cursor, the keys that change it as
 * readline and shells have them, and the lines entered before. Draws
 * nothing. */
#ifndef SCREEN_EDIT_H
#define SCREEN_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    EDIT_MAX = 128,     /* bytes of a line, with its end */
    EDIT_PAST_MAX = 20, /* lines that are remembered */
};

/* What was entered at prompts of one kind, oldest first. */
struct edit_past {
    char lines[EDIT_PAST_MAX][EDIT_MAX];
    size_t n;
};

struct edit {
    char text[EDIT_MAX];    /* UTF-8: characters that take a column or two */
    size_t len;             /* bytes */
    size_t at;              /* the cursor stands before this byte */
    size_t limit;           /* most bytes */
    struct edit_past *past; /* borrowed; NULL = none */
    size_t shown;           /* index in past; past->n = the line being typed */
    char typed[EDIT_MAX];   /* that line, while one of the past is shown */
};

/* An empty line of at most limit bytes (less than EDIT_MAX). */
void edit_begin(struct edit *e, struct edit_past *past, size_t limit);
/* Puts text in place of what is there, the cursor behind it; what the line
 * does not take is left out. */
void edit_set(struct edit *e, const char *text);
/* One character where the cursor stands; false: the line does not take it. */
bool edit_add(struct edit *e, uint32_t cp);
/* A key (screen/keymap.h): a character, or one that moves, erases, or brings
 * lines of the past. false: it is none of these. */
bool edit_key(struct edit *e, uint32_t key);
/* Remembers the line; one that is empty or like the newest is not. */
void edit_keep(const struct edit *e);

/* The part of the line to be shown in cols columns (2 at least): its first and
 * last byte, so that the cursor is within, and the cursor's column. Room for
 * the cursor behind the line is left. */
struct edit_view {
    size_t from, to;
    int cursor; /* column, 0..cols-1 */
};
struct edit_view edit_view(const struct edit *e, int cols);

#endif
