/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/picture.h"

#include "base/text.h"

/* From the plain look to this one; colours are numbers of 256. */
static void ansi_look(struct buf *out, struct theme_look l)
{
    buf_adds(out, "\033[0");
    buf_adds(out, (l.attr & THEME_BOLD) != 0 ? ";1" : "");
    buf_adds(out, (l.attr & THEME_DIM) != 0 ? ";2" : "");
    buf_adds(out, (l.attr & THEME_REVERSE) != 0 ? ";7" : "");
    if (l.fg >= 0) {
        buf_addf(out, ";38;5;%d", l.fg);
    }
    if (l.bg >= 0) {
        buf_addf(out, ";48;5;%d", l.bg);
    }
    buf_addc(out, 'm');
}

/* The last column of a row that is not blank, and one more; all of it where
 * the ground is not the terminal's own. */
static int ansi_end(const struct picture *p, int row, enum theme_depth depth)
{
    int col = p->grid->cols;

    while (col > 0) {
        const struct cell *c = grid_at(p->grid, row, col - 1);
        struct theme_look l = theme_look(p->theme, (enum role)c->role, depth);

        if (c->cp != ' ' || l.bg >= 0 || (l.attr & THEME_REVERSE) != 0) {
            break;
        }
        col--;
    }
    return col;
}

void picture_ansi(const struct picture *p, struct buf *out)
{
    enum theme_depth depth = p->no_color ? DEPTH_MONO : DEPTH_256;
    int row, col;

    for (row = 0; row < p->grid->rows; row++) {
        int end = ansi_end(p, row, depth), role = -1;

        for (col = 0; col < end; col++) {
            const struct cell *c = grid_at(p->grid, row, col);
            char bytes[4];

            if (c->cp == 0) {
                continue;
            }
            if (c->role != role) {
                role = c->role;
                ansi_look(out, theme_look(p->theme, (enum role)role, depth));
            }
            buf_add(out, bytes, text_put(bytes, c->cp));
        }
        buf_adds(out, "\033[0m\n");
    }
}
