/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/grid.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"

/* Longest text made by grid_putf. */
enum { GRID_LINE_MAX = 1024 };

struct glyph_row {
    uint32_t cp;
    char ascii;
};

static const struct glyph_row glyph_rows[] = {
#define GLYPH(cp, ascii) {cp, ascii},
#include "screen/glyphs.def"
#undef GLYPH
};

void grid_init(struct grid *g, int cols, int rows, bool ascii)
{
    int i;

    g->cols = cols > 0 ? cols : 0;
    g->rows = rows > 0 ? rows : 0;
    g->ascii = ascii;
    g->cursor_row = g->cursor_col = -1;
    g->scroll_most = 0;
    g->hits = (struct hits){.n = 0};
    g->cells = xcalloc((size_t)g->cols * (size_t)g->rows + 1, sizeof *g->cells);
    for (i = 0; i < g->cols * g->rows; i++) {
        g->cells[i] = (struct cell){.cp = ' ', .role = ROLE_TEXT};
    }
}

void grid_clear(struct grid *g)
{
    free(g->cells);
    hits_clear(&g->hits);
    *g = (struct grid){.cols = 0};
}

static struct cell *grid_cell(const struct grid *g, int row, int col)
{
    if (row < 0 || col < 0 || row >= g->rows || col >= g->cols) {
        return NULL;
    }
    return &g->cells[(size_t)row * (size_t)g->cols + (size_t)col];
}

const struct cell *grid_at(const struct grid *g, int row, int col)
{
    return grid_cell(g, row, col);
}

char grid_ascii(uint32_t cp)
{
    size_t i;

    if (cp >= 0x20 && cp < 0x7f) {
        return (char)cp;
    }
    for (i = 0; i < sizeof glyph_rows / sizeof glyph_rows[0]; i++) {
        if (glyph_rows[i].cp == cp) {
            return glyph_rows[i].ascii;
        }
    }
    return '?';
}

/* A wide character loses its other half when one of them is written over. */
static void grid_unhalve(struct grid *g, int row, int col)
{
    struct cell *here = grid_cell(g, row, col);
    struct cell *before = grid_cell(g, row, col - 1);
    struct cell *after = grid_cell(g, row, col + 1);

    if (here->cp == 0 && before != NULL) {
        before->cp = ' ';
    }
    if (after != NULL && after->cp == 0) {
        after->cp = ' ';
    }
}

/* Writes one character; the columns it took. */
static int grid_set(struct grid *g, int row, int col, enum role role,
                    uint32_t cp)
{
    struct cell *c = grid_cell(g, row, col);
    int width = text_cp_width(cp);

    if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0)) {
        cp = '?';
        width = 1;
    }
    if (width < 1) {
        return 0; /* joins what stands before it, or cannot be seen */
    }
    if (g->ascii && cp >= 0x7f) {
        cp = (uint32_t)(unsigned char)grid_ascii(cp);
        width = 1;
    }
    if (c == NULL) {
        return width;
    }
    if (width == 2 && col + 1 >= g->cols) {
        cp = '?';
        width = 1;
    }
    grid_unhalve(g, row, col);
    *c = (struct cell){.cp = cp, .role = (uint8_t)role};
    if (width == 2) {
        grid_unhalve(g, row, col + 1);
        c[1] = (struct cell){.cp = 0, .role = (uint8_t)role};
    }
    return width;
}

void grid_cp(struct grid *g, int row, int col, enum role role, uint32_t cp)
{
    grid_set(g, row, col, role, cp);
}

static int grid_put_n(struct grid *g, int row, int col, enum role role,
                      const char *text, size_t n)
{
    size_t at = 0;

    while (at < n && text[at] != '\0' && col < g->cols) {
        uint32_t cp;
        size_t took = text_next(text + at, n - at, &cp);

        if (took == 0) {
            break;
        }
        col += grid_set(g, row, col, role, cp);
        at += took;
    }
    return col;
}

int grid_put(struct grid *g, int row, int col, enum role role, const char *text)
{
    return grid_put_n(g, row, col, role, text, strlen(text));
}

int grid_putf(struct grid *g, int row, int col, enum role role, const char *fmt,
              ...)
{
    char line[GRID_LINE_MAX];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    return grid_put(g, row, col, role, line);
}

/* Bytes of what is left of a text that has no room in so many columns: whole
 * words, unless that would be little; and nothing that would stand oddly before
 * the mark. */
static size_t grid_cut(const char *text, int cols)
{
    size_t n = text_fit(text, cols), k = n;

    while (k > 0 && text[k] != ' ') {
        k--;
    }
    n = k * 3 >= n * 2 ? k : n;
    while (n > 1 && strchr(" -,:;(", text[n - 1]) != NULL) {
        n--;
    }
    return n;
}

int grid_fit(struct grid *g, int row, int col, int width, enum role role,
             const char *text)
{
    size_t n = strlen(text);

    if (width <= 0) {
        return col;
    }
    if (text_width(text) <= width) {
        return grid_put_n(g, row, col, role, text, n);
    }
    col = grid_put_n(g, row, col, role, text, grid_cut(text, width - 1));
    grid_set(g, row, col, role, 0x2026);
    return col + 1;
}

void grid_right(struct grid *g, int row, int end, int width, enum role role,
                const char *text)
{
    int have = text_width(text);

    while (have > width && text[0] != '\0') {
        uint32_t cp;
        size_t took = text_next(text, strlen(text), &cp);

        text += took > 0 ? took : 1;
        have = text_width(text);
    }
    grid_put(g, row, end - have, role, text);
}

void grid_fill(struct grid *g, int row, int col, int n, enum role role,
               uint32_t cp)
{
    int i;

    for (i = 0; i < n; i++) {
        grid_set(g, row, col + i, role, cp);
    }
}

void grid_paint(struct grid *g, int row, int col, int n, enum role role)
{
    int i;

    for (i = 0; i < n; i++) {
        struct cell *c = grid_cell(g, row, col + i);

        if (c != NULL) {
            c->role = (uint8_t)role;
        }
    }
}

void grid_text(const struct grid *g, struct buf *out)
{
    int row, col;

    for (row = 0; row < g->rows; row++) {
        for (col = 0; col < g->cols; col++) {
            char bytes[4];
            uint32_t cp = grid_cell(g, row, col)->cp;

            if (cp != 0) {
                buf_add(out, bytes, text_put(bytes, cp));
            }
        }
        buf_addc(out, '\n');
    }
}

void grid_roles(const struct grid *g, struct buf *out)
{
    int row, col;

    for (row = 0; row < g->rows; row++) {
        for (col = 0; col < g->cols; col++) {
            buf_addc(out, role_letter((enum role)grid_cell(g, row, col)->role));
        }
        buf_addc(out, '\n');
    }
}
