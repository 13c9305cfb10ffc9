/* SPDX-License-Identifier: MIT
 *
 * picture_glyph - characters that charts are made of, as shapes. */
#include "config.h"

#include "screen/picture.h"

enum { W = PICTURE_CELL_W, H = PICTURE_CELL_H };

/* Eighths of a cell, and halves, from one corner on. */
static void glyph_area(struct buf *out, double x, double y, double w, double h)
{
    buf_addf(out, "M%g %gh%gv%gh%gz", x, y, w, h, -w);
}

/* U+2800: bit i of the pattern is dot i + 1 (Unicode 15.0, 24.1). */
static void glyph_braille(uint32_t cp, int x, int y, struct buf *out)
{
    static const struct {
        int col, row;
    } dots[8] = {{0, 0}, {0, 1}, {0, 2}, {1, 0},
                 {1, 1}, {1, 2}, {0, 3}, {1, 3}};
    int i;

    for (i = 0; i < 8; i++) {
        if ((cp >> i & 1) != 0) {
            buf_addf(out, "M%g %gh0", x + W * (dots[i].col * 2 + 1) / 4.0,
                     y + H * (dots[i].row * 2 + 1) / 8.0);
        }
    }
}

/* Quadrants: bits 1 upper left, 2 upper right, 4 lower left, 8 lower right. */
static void glyph_quadrants(unsigned bits, int x, int y, struct buf *out)
{
    int i;

    for (i = 0; i < 4; i++) {
        if ((bits >> i & 1) != 0) {
            glyph_area(out, x + i % 2 * W / 2.0, y + i / 2 * H / 2.0, W / 2.0,
                       H / 2.0);
        }
    }
}

static bool glyph_block(uint32_t cp, int x, int y, struct buf *out,
                        int *opacity)
{
    static const unsigned char quadrants[10] = {
        4, 8, 1, 1 | 4 | 8, 1 | 8, 1 | 2 | 4, 1 | 2 | 8, 2, 2 | 4, 2 | 4 | 8};

    if (cp == 0x2580) {
        glyph_area(out, x, y, W, H / 2.0);
    } else if (cp >= 0x2581 && cp <= 0x2588) { /* from below, in eighths */
        double h = H * (double)(cp - 0x2580) / 8;

        glyph_area(out, x, y + H - h, W, h);
    } else if (cp >= 0x2589 && cp <= 0x258f) { /* from the left */
        glyph_area(out, x, y, W * (double)(0x2590 - cp) / 8, H);
    } else if (cp == 0x2590) {
        glyph_area(out, x + W / 2.0, y, W / 2.0, H);
    } else if (cp >= 0x2591 && cp <= 0x2593) {
        *opacity = (int)(cp - 0x2590) * 25;
        glyph_area(out, x, y, W, H);
    } else if (cp == 0x2595) {
        glyph_area(out, x + W * 7 / 8.0, y, W / 8.0, H);
    } else if (cp >= 0x2596 && cp <= 0x259f) {
        glyph_quadrants(quadrants[cp - 0x2596], x, y, out);
    } else {
        return false;
    }
    return true;
}

/* Lines from the middle of a cell to its edges, whole or broken, and corners
 * and diagonals. */
static bool glyph_box(uint32_t cp, int x, int y, struct buf *out)
{
    static const struct {
        uint32_t cp;
        int from_x, from_y, by_x, by_y, times; /* px; strokes one after the
                                                  other, with gaps as long */
        const char *more;                      /* path data from there on */
    } rows[] = {
        {0x2500, 0, 9, 9, 0, 1, ""},             /* ─ */
        {0x2502, 4, 0, 0, 18, 1, ""},            /* │ */
        {0x2504, 0, 9, 2, 0, 3, ""},             /* ┄ */
        {0x2508, 0, 9, 1, 0, 4, ""},             /* ┈ */
        {0x250a, 4, 0, 0, 3, 4, ""},             /* ┊ */
        {0x2506, 4, 0, 0, 4, 3, ""},             /* ┆ */
        {0x251c, 4, 0, 0, 18, 1, "m0-9h4.5"},    /* ├ */
        {0x2524, 4, 0, 0, 18, 1, "m0-9h-4.5"},   /* ┤ */
        {0x253c, 4, 0, 0, 18, 1, "m-4.5-9h9"},   /* ┼ */
        {0x254c, 0, 9, 3, 0, 2, ""},             /* ╌ */
        {0x256d, 4, 18, 0, -4, 1, "q0-5 4.5-5"}, /* ╭ */
        {0x256e, 4, 18, 0, -4, 1, "q0-5-4.5-5"}, /* ╮ */
        {0x256f, 4, 0, 0, 4, 1, "q0 5-4.5 5"},   /* ╯ */
        {0x2570, 4, 0, 0, 4, 1, "q0 5 4.5 5"},   /* ╰ */
        {0x2571, 0, 18, 9, -18, 1, ""},          /* ╱ */
        {0x2572, 0, 0, 9, 18, 1, ""},            /* ╲ */
    };
    size_t i;
    int k;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].cp != cp) {
            continue;
        }
        for (k = 0; k < rows[i].times; k++) {
            buf_addf(out, "M%g %gl%d %d",
                     x + rows[i].from_x + 0.5 * (rows[i].by_x == 0) +
                         rows[i].by_x * k * 1.5,
                     y + rows[i].from_y + rows[i].by_y * k * 1.5, rows[i].by_x,
                     rows[i].by_y);
        }
        buf_addf(out, "%s", rows[i].more);
        return true;
    }
    return false;
}

bool picture_glyph(uint32_t cp, int x, int y, const struct picture_paths *p,
                   int *opacity)
{
    *opacity = 100;
    if (cp >= 0x2800 && cp <= 0x28ff) {
        glyph_braille(cp, x, y, p->dots);
        return true;
    }
    return glyph_block(cp, x, y, p->areas, opacity) ||
           glyph_box(cp, x, y, p->lines);
}
