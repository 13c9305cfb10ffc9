/* SPDX-License-Identifier: MIT
 *
 * big - figures to be read from the back row: digits and a few letters made of
 * half blocks, in any whole size. */
#ifndef SCREEN_BIG_H
#define SCREEN_BIG_H

#include "screen/grid.h"

enum {
    BIG_HEIGHT = 7
}; /* points of a letter; a point of size 1 is a column
      wide and half a row high */

/* Columns that text takes at that size, without the gap behind it; what there
 * is no letter for takes none. */
int big_width(const char *text, int size);
/* Rows that it takes. In ASCII a row has no halves. */
int big_rows(int size, bool ascii);
/* Draws text with its upper left corner there. */
void big_put(struct grid *g, int row, int col, int size, enum role role,
             const char *text);

#endif
