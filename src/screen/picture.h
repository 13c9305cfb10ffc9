/* SPDX-License-Identifier: MIT
 *
 * picture - a screen as a file that others can open: SVG for browsers and
 * documents, text with ANSI colours (ECMA-48 SGR) for terminals. Made of the
 * grid that the terminal shows, cell by cell. Pure but for picture_save. */
#ifndef SCREEN_PICTURE_H
#define SCREEN_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "run/story.h"
#include "screen/grid.h"
#include "screen/theme.h"

struct picture {
    const struct grid *grid; /* borrowed */
    enum theme theme;
    bool no_color;
};

enum {
    PICTURE_CELL_W = 9, /* of a cell in an SVG, px */
    PICTURE_CELL_H = 18,
    PICTURE_MAX = 8 << 20, /* most bytes of one */
};

/* Appends an SVG 1.1 document in UTF-8. Text is text, to be selected and
 * found; lines, blocks and braille are shapes, so that charts look the same
 * whatever font there is. */
void picture_svg(const struct picture *p, struct buf *out);
/* Appends rows of text with their colours, each ending in a newline. */
void picture_ansi(const struct picture *p, struct buf *out);
/* A cell's colours: see struct theme_paint. */
struct theme_paint picture_paint(const struct picture *p, enum role r);

/* What a block, braille or box-drawing character is made of, in a cell of
 * PICTURE_CELL_W x PICTURE_CELL_H at x, y: appends path data (SVG 1.1, 8.3) of
 * areas to fill, of lines one and a half px wide, and of dots. opacity: of the
 * areas, per cent. false: cp is to be shown as text. */
struct picture_paths {
    struct buf *areas, *lines, *dots;
};
bool picture_glyph(uint32_t cp, int x, int y, const struct picture_paths *p,
                   int *opacity);

/* Writes both, NAME.svg and NAME.ansi, into the current folder (run_file_name)
 * and says in answer where they are, or why they are not. */
bool picture_save(const struct picture *p, const struct run_info *info,
                  char *answer, size_t size);

#endif
