/* SPDX-License-Identifier: MIT
 *
 * term_row - one row of a grid, given to curses. For term.c alone. */
#ifndef SCREEN_TERM_ROW_H
#define SCREEN_TERM_ROW_H

#include <stdbool.h>

#include "screen/grid.h"
#include "screen/term_look.h"

/* Writes a row into curses' window. */
void term_row(const struct term_look *look, const struct grid *g, int row);
/* Has that row the same cells in both, which have the same columns? */
bool term_row_same(const struct grid *a, const struct grid *b, int row);

#endif
