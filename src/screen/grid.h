/* SPDX-License-Identifier: MIT
 *
 * grid - a screen full of cells in memory: a character and a role each. What
 * is written outside is cut off; what would steer a terminal becomes '?', and
 * what has no width is left out, whoever let it through. Pure C: no
 * terminal. */
#ifndef SCREEN_GRID_H
#define SCREEN_GRID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "screen/hits.h"
#include "screen/role.h"

struct cell {
    uint32_t cp;  /* 0 = the second half of the wide character before it */
    uint8_t role; /* enum role */
};

struct grid {
    int cols, rows;
    bool ascii;         /* characters become their ASCII stand-ins */
    struct cell *cells; /* owned; row by row */
    /* Where what is typed appears; cursor_row < 0: nowhere. */
    int cursor_row, cursor_col;
    int scroll_most;  /* how far what is open can be scrolled */
    struct hits hits; /* what a click meets */
};

/* All blank. cols and rows may be 0. */
void grid_init(struct grid *g, int cols, int rows, bool ascii);
void grid_clear(struct grid *g);
/* Borrowed; NULL outside. */
const struct cell *grid_at(const struct grid *g, int row, int col);

void grid_cp(struct grid *g, int row, int col, enum role role, uint32_t cp);
/* Writes text (UTF-8) and returns the column behind it. */
int grid_put(struct grid *g, int row, int col, enum role role,
             const char *text);
int grid_putf(struct grid *g, int row, int col, enum role role, const char *fmt,
              ...) ATTR_PRINTF(5, 6);
/* At most width columns, the last of them "…" when text is longer. Returns
 * the column behind what was written. */
int grid_fit(struct grid *g, int row, int col, int width, enum role role,
             const char *text);
/* Ends before column end; what does not fit into width loses its beginning. */
void grid_right(struct grid *g, int row, int end, int width, enum role role,
                const char *text);
/* n times the same character. */
void grid_fill(struct grid *g, int row, int col, int n, enum role role,
               uint32_t cp);
/* A new role for what stands there. */
void grid_paint(struct grid *g, int row, int col, int n, enum role role);

/* The picture as text: every line ends in a newline; every line has exactly
 * cols columns. */
void grid_text(const struct grid *g, struct buf *out);
/* One letter a cell (role_letter), in the same form. */
void grid_roles(const struct grid *g, struct buf *out);

/* What stands for cp in ASCII: itself, its stand-in or '?'. */
char grid_ascii(uint32_t cp);

#endif
