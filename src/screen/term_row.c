/* SPDX-License-Identifier: MIT */
#include "config.h"

#define NCURSES_WIDECHAR 1

#include "screen/term_row.h"

#include <stdlib.h>
#include <wchar.h>

#include <curses.h>

#include "base/text.h"
#include "base/xalloc.h"

/* One cell as curses has it; the columns it takes. */
static int term_cell(const struct term_look *look, const struct cell *c,
                     cchar_t *out)
{
    wchar_t text[2] = {(wchar_t)c->cp, L'\0'};
    int want = text_cp_width(c->cp);

    /* Where this C library and our tables disagree, a column would shift. */
    if (c->cp >= 0x7f && wcwidth(text[0]) != want) {
        text[0] = L'?';
        want = 1;
    }
    setcchar(out, text, (attr_t)look->attr[c->role], 0, &look->pair[c->role]);
    return want;
}

void term_row(const struct term_look *look, const struct grid *g, int row)
{
    cchar_t *line = xcalloc((size_t)g->cols + 1, sizeof *line);
    int n = 0, col;

    for (col = 0; col < g->cols; col++) {
        const struct cell *c = grid_at(g, row, col);

        if (c->cp != 0) {
            /* A wide one that became '?' leaves a blank behind it. */
            int took = term_cell(look, c, &line[n++]);

            if (took == 1 && text_cp_width(c->cp) == 2) {
                struct cell blank = {.cp = ' ', .role = c->role};

                term_cell(look, &blank, &line[n++]);
            }
        }
    }
    mvadd_wchnstr(row, 0, line, n);
    free(line);
}

bool term_row_same(const struct grid *a, const struct grid *b, int row)
{
    int col;

    for (col = 0; col < b->cols; col++) {
        const struct cell *x = &a->cells[row * a->cols + col];
        const struct cell *y = &b->cells[row * b->cols + col];

        if (x->cp != y->cp || x->role != y->role) {
            return false;
        }
    }
    return true;
}
