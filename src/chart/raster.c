/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "chart/raster.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* Bits of a braille pattern by column and row (Unicode 15, block 2800). */
static const uint8_t raster_bits[RASTER_DOTS_X][RASTER_DOTS_Y] = {
    {0x01, 0x02, 0x04, 0x40},
    {0x08, 0x10, 0x20, 0x80},
};

void raster_init(struct raster *r, int cols, int rows)
{
    r->cols = cols > 0 ? cols : 0;
    r->rows = rows > 0 ? rows : 0;
    r->cells = xcalloc((size_t)r->cols * (size_t)r->rows + 1, sizeof *r->cells);
}

void raster_clear(struct raster *r)
{
    free(r->cells);
    *r = (struct raster){.cols = 0};
}

void raster_dot(struct raster *r, int x, int y, uint8_t ink)
{
    struct raster_cell *c;

    if (x < 0 || y < 0 || x >= r->cols * RASTER_DOTS_X ||
        y >= r->rows * RASTER_DOTS_Y) {
        return;
    }
    c = &r->cells[y / RASTER_DOTS_Y * r->cols + x / RASTER_DOTS_X];
    c->dots |= raster_bits[x % RASTER_DOTS_X][y % RASTER_DOTS_Y];
    c->ink = ink;
}

/* Bresenham 1965, all octants. */
void raster_line(struct raster *r, int x0, int y0, int x1, int y1,
                 const struct raster_pen *pen)
{
    int dx = abs(x1 - x0), dy = -abs(y1 - y0);
    int sx = x0 < x1 ? 1 : -1, sy = y0 < y1 ? 1 : -1;
    int slope = dx + dy;
    bool steep = -dy > dx;

    for (;;) {
        int twice = 2 * slope;

        if ((steep ? y0 : x0) % pen->every == 0) {
            raster_dot(r, x0, y0,
                       y0 < pen->above_y ? pen->above_ink : pen->ink);
        }
        if (x0 == x1 && y0 == y1) {
            return;
        }
        if (twice >= dy) {
            slope += dy;
            x0 += sx;
        }
        if (twice <= dx) {
            slope += dx;
            y0 += sy;
        }
    }
}

const struct raster_cell *raster_cell(const struct raster *r, int col, int row)
{
    if (col < 0 || row < 0 || col >= r->cols || row >= r->rows) {
        return NULL;
    }
    return &r->cells[row * r->cols + col];
}

int raster_y(const struct raster *r, double height)
{
    int dots = r->rows * RASTER_DOTS_Y;
    int up = (int)lround(height * (double)(dots - 1));

    return dots - 1 - up;
}

int raster_level(double height, int levels)
{
    int n;

    if (!(height > 0)) {
        return 0;
    }
    n = (int)lround(height * (double)levels);
    return n < 1 ? 1 : n > levels ? levels : n;
}
