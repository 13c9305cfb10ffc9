/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/picture.h"

#include <string.h>

#include "base/text.h"

enum { W = PICTURE_CELL_W, H = PICTURE_CELL_H, SVG_BASELINE = 14 };

/* Fonts whose characters are as wide as they are meant to be, of each of the
 * systems that people look at pictures on. */
#define SVG_FONTS                                                              \
    "ui-monospace,'DejaVu Sans Mono','Cascadia Mono',Menlo,Consolas,"          \
    "'Liberation Mono','Noto Sans Mono',monospace"

/* Drawings of one role, over the whole picture. */
struct svg_shapes {
    struct buf areas[4]; /* a quarter, a half, three quarters, opaque */
    struct buf lines, dots;
};

static void svg_shapes_init(struct svg_shapes *s)
{
    int i;

    for (i = 0; i < 4; i++) {
        buf_init(&s->areas[i], PICTURE_MAX);
    }
    buf_init(&s->lines, PICTURE_MAX);
    buf_init(&s->dots, PICTURE_MAX);
}

static void svg_shapes_clear(struct svg_shapes *s)
{
    int i;

    for (i = 0; i < 4; i++) {
        buf_clear(&s->areas[i]);
    }
    buf_clear(&s->lines);
    buf_clear(&s->dots);
}

static bool svg_same(struct theme_paint a, struct theme_paint b)
{
    return a.fg == b.fg && a.bg == b.bg && a.bold == b.bold;
}

/* XML 1.0, 2.2 and 2.4: what cannot stand in a document, and what must not
 * stand there as it is. */
static void svg_char(struct buf *out, uint32_t cp)
{
    char bytes[4];

    if (cp == '&') {
        buf_adds(out, "&amp;");
    } else if (cp == '<') {
        buf_adds(out, "&lt;");
    } else if (cp == '>') {
        buf_adds(out, "&gt;");
    } else {
        if (cp < 0x20 || (cp >= 0xd800 && cp <= 0xdfff) || cp >= 0x110000 ||
            (cp & 0xfffe) == 0xfffe) {
            cp = 0xfffd;
        }
        buf_add(out, bytes, text_put(bytes, cp));
    }
}

static bool svg_is_shape(uint32_t cp)
{
    return (cp >= 0x2500 && cp <= 0x259f && cp != 0x25a0) ||
           (cp >= 0x2800 && cp <= 0x28ff);
}

/* Grounds that are not the picture's own, in one rectangle as long as they
 * last. */
static void svg_grounds(const struct picture *p, uint32_t own, struct buf *out)
{
    const struct grid *g = p->grid;
    int row, col, n;

    for (row = 0; row < g->rows; row++) {
        for (col = 0; col < g->cols; col += n) {
            uint32_t bg = picture_paint(p, grid_at(g, row, col)->role).bg;

            for (n = 1;
                 col + n < g->cols &&
                 picture_paint(p, grid_at(g, row, col + n)->role).bg == bg;
                 n++) {
            }
            if (bg != own) {
                buf_addf(out,
                         "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
                         "fill=\"#%06x\"/>\n",
                         col * W, row * H, n * W, H, (unsigned)bg);
            }
        }
    }
}

static void svg_path(struct buf *out, const struct buf *d, uint32_t color,
                     const char *how)
{
    if (d->len > 0) {
        buf_addf(out, "<path class=\"%s\" %s=\"#%06x\" d=\"%s\"/>\n", how,
                 how[0] == 'a' ? "fill" : "stroke", (unsigned)color,
                 buf_str(d));
    }
}

/* All that is drawn with one role's colour. */
static void svg_drawings(const struct picture *p, enum role role,
                         struct buf *out)
{
    static const char *const how[4] = {"a q1", "a q2", "a q3", "a"};
    const struct grid *g = p->grid;
    struct svg_shapes s;
    int row, col, i;

    svg_shapes_init(&s);
    for (row = 0; row < g->rows; row++) {
        for (col = 0; col < g->cols; col++) {
            const struct cell *c = grid_at(g, row, col);
            struct buf areas;
            struct picture_paths to = {&areas, &s.lines, &s.dots};
            int opacity;

            if (c->role != role || !svg_is_shape(c->cp)) {
                continue;
            }
            buf_init(&areas, 1024);
            if (picture_glyph(c->cp, col * W, row * H, &to, &opacity)) {
                buf_add(&s.areas[opacity / 25 - 1], buf_str(&areas), areas.len);
            }
            buf_clear(&areas);
        }
    }
    for (i = 0; i < 4; i++) {
        svg_path(out, &s.areas[i], picture_paint(p, role).fg, how[i]);
    }
    svg_path(out, &s.lines, picture_paint(p, role).fg, "l");
    svg_path(out, &s.dots, picture_paint(p, role).fg, "d");
    svg_shapes_clear(&s);
}

/* Is the cell text, and part of a line of it? Beyond the letters of Europe a
 * font may have other widths: such characters stand alone. */
static bool svg_is_plain(const struct cell *c)
{
    return c->cp >= 0x20 && c->cp < 0x250;
}

static bool svg_glyph_is_drawn(uint32_t cp)
{
    struct buf none;
    struct picture_paths to = {&none, &none, &none};
    int opacity;
    bool drawn;

    buf_init(&none, 1024);
    drawn = svg_is_shape(cp) && picture_glyph(cp, 0, 0, &to, &opacity);
    buf_clear(&none);
    return drawn;
}

/* One character, in the middle of its cell or two. */
static void svg_single(struct buf *out, struct theme_paint look, int row,
                       int col, uint32_t cp)
{
    int wide = text_cp_width(cp) == 2 ? 2 : 1;

    buf_addf(out, "<text class=\"m%s\" x=\"%g\" y=\"%d\" fill=\"#%06x\">",
             look.bold ? " b" : "", col * W + wide * W / 2.0,
             row * H + SVG_BASELINE, (unsigned)look.fg);
    svg_char(out, cp);
    buf_adds(out, "</text>\n");
}

/* Text from col on as long as it looks the same; returns the column behind.
 * Two blanks end it: what stands far apart need not stay in line. */
static int svg_run(const struct picture *p, int row, int col, struct buf *out)
{
    const struct grid *g = p->grid;
    struct theme_paint look = picture_paint(p, grid_at(g, row, col)->role);
    int end = col, last = col, i;

    while (end < g->cols && svg_is_plain(grid_at(g, row, end)) &&
           svg_same(picture_paint(p, grid_at(g, row, end)->role), look) &&
           end - last < 2) {
        last = grid_at(g, row, end)->cp != ' ' ? end + 1 : last;
        end++;
    }
    buf_addf(out, "<text%s x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"#%06x\">",
             look.bold ? " class=\"b\"" : "", col * W, row * H + SVG_BASELINE,
             (last - col) * W, (unsigned)look.fg);
    for (i = col; i < last; i++) {
        svg_char(out, grid_at(g, row, i)->cp);
    }
    buf_adds(out, "</text>\n");
    return last;
}

static void svg_row(const struct picture *p, int row, struct buf *out)
{
    const struct grid *g = p->grid;
    int col = 0;

    while (col < g->cols) {
        const struct cell *c = grid_at(g, row, col);

        if (c->cp == ' ' || c->cp == 0) {
            col++;
        } else if (svg_is_plain(c)) {
            col = svg_run(p, row, col, out);
        } else {
            if (!svg_glyph_is_drawn(c->cp)) {
                svg_single(out, picture_paint(p, c->role), row, col, c->cp);
            }
            col++;
        }
    }
}

static void svg_head(const struct picture *p, struct theme_paint ground,
                     struct buf *out)
{
    int w = p->grid->cols * W, h = p->grid->rows * H;

    buf_addf(out,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
             "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
             "width=\"%d\" height=\"%d\" viewBox=\"-%d -%d %d %d\" "
             "xml:space=\"preserve\">\n",
             w + 2 * W, h + 2 * W, W, W, w + 2 * W, h + 2 * W);
    buf_adds(out, "<style>\n"
                  "text{font-family:" SVG_FONTS ";font-size:15px;"
                  "white-space:pre}\n"
                  ".b{font-weight:bold}.m{text-anchor:middle}\n"
                  ".q1{opacity:.25}.q2{opacity:.5}.q3{opacity:.75}\n"
                  ".l{stroke-width:1.2;fill:none}\n"
                  ".d{stroke-width:3;stroke-linecap:round;fill:none}\n"
                  "</style>\n");
    buf_addf(out,
             "<rect x=\"-%d\" y=\"-%d\" width=\"%d\" height=\"%d\" "
             "fill=\"#%06x\"/>\n",
             W, W, w + 2 * W, h + 2 * W, (unsigned)ground.bg);
}

/* Where something is being typed. */
static void svg_cursor(const struct picture *p, struct theme_paint ground,
                       struct buf *out)
{
    if (p->grid->cursor_row >= 0) {
        buf_addf(out,
                 "<rect x=\"%d\" y=\"%d\" width=\"2\" height=\"%d\" "
                 "fill=\"#%06x\"/>\n",
                 p->grid->cursor_col * W, p->grid->cursor_row * H + 2, H - 4,
                 (unsigned)ground.fg);
    }
}

void picture_svg(const struct picture *p, struct buf *out)
{
    struct theme_paint ground = picture_paint(p, ROLE_TEXT);
    int i;

    svg_head(p, ground, out);
    svg_grounds(p, ground.bg, out);
    for (i = 0; i < ROLE_COUNT; i++) {
        svg_drawings(p, (enum role)i, out);
    }
    for (i = 0; i < p->grid->rows; i++) {
        svg_row(p, i, out);
    }
    svg_cursor(p, ground, out);
    buf_adds(out, "</svg>\n");
}
