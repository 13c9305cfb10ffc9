/* SPDX-License-Identifier: MIT
 *
 * raster - dots on a rectangle of character cells, eight a cell (two across,
 * four down), as braille patterns have them. Which ink a cell has is decided
 * by the last dot drawn in it: what matters most is drawn last. Coordinates
 * outside are ignored. */
#ifndef CHART_RASTER_H
#define CHART_RASTER_H

#include <stdint.h>

enum { RASTER_DOTS_X = 2, RASTER_DOTS_Y = 4 };

struct raster_cell {
    uint8_t dots; /* bits as in U+2800..U+28FF; 0 = empty */
    uint8_t ink;  /* the caller's; of the last dot */
};

struct raster {
    int cols, rows;            /* cells */
    struct raster_cell *cells; /* owned; row by row */
};

/* An empty rectangle; cols and rows may be 0. */
void raster_init(struct raster *r, int cols, int rows);
void raster_clear(struct raster *r);

/* x in dots from the left, y in dots from the top. */
void raster_dot(struct raster *r, int x, int y, uint8_t ink);
/* How a line is drawn. */
struct raster_pen {
    int every; /* only dots whose x (y on a steep line) is a multiple of it;
                  1 = all */
    uint8_t ink;
    int above_y; /* dots higher than this dot row (smaller y) have the other
                    ink; 0 = none has */
    uint8_t above_ink;
};
/* A line with both ends. */
void raster_line(struct raster *r, int x0, int y0, int x1, int y1,
                 const struct raster_pen *pen);
/* NULL outside. */
const struct raster_cell *raster_cell(const struct raster *r, int col, int row);
/* The dot row for a height of 0 (bottom) to 1 (top). */
int raster_y(const struct raster *r, double height);

/* How many of `levels` steps a height of 0..1 fills: at least 1 for anything
 * above 0. */
int raster_level(double height, int levels);

#endif
