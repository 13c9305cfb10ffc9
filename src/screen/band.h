/* SPDX-License-Identifier: MIT
 *
 * band - one chart of several over the same time axis: dots, labels in the
 * gutter, the rule at this moment. */
#ifndef SCREEN_BAND_H
#define SCREEN_BAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chart/raster.h"
#include "screen/draw.h"

/* What a dot belongs to; later ones are drawn over earlier ones. */
enum ink {
    INK_BASE,
    INK_PLAN,
    INK_P50,
    INK_P99,
    INK_THIN,
    INK_LIVE,
    INK_MANUAL,
    INK_BAD
};

/* A band being drawn. */
struct band {
    const struct draw *d;
    struct lines at;
    const struct scale *scale;
    struct raster dots;
};

/* Empty dots over the rows of at. */
void band_init(struct band *b, const struct draw *d, struct lines at,
               const struct scale *scale);
/* Dots of a moment and of a value. */
int band_x(const struct band *b, uint64_t t_us);
int band_y(const struct band *b, double v);
/* The moment that a bin's value stands at. */
uint64_t band_bin_time(const struct band *b, const struct bin *bin);
/* What lies behind the lines: squares, pauses, stages, marks, this moment. */
void band_ground(const struct band *b);
/* Fills the columns of a stretch of time without a figure, at least one where
 * it is in sight; with a word (ASCII, at most 29 bytes; NULL: none) where there
 * is room. */
void band_gap(const struct band *b, uint64_t from_us, uint64_t to_us,
              const char *word);
/* A label in the gutter; false, and none, where the row is taken. */
bool band_label(const struct band *b, int row, enum role role,
                const char *text);
/* The band's name, in a row of the gutter that is free. */
void band_name(const struct band *b, const char *name);
/* Labels at values worth one; show writes a value. */
void band_ticks(const struct band *b,
                const char *(*show)(char *, size_t, double));

/* A value of a bin; false = it has none. */
typedef bool trace_fn(const struct bin *b, const struct bin_level *l, double *v,
                      bool *thin);

struct trace {
    trace_fn *value;
    struct raster_pen pen;
    enum ink thin; /* ink of values with too few samples behind them */
    bool apart;    /* and they are dots, not a line */
    bool manual;   /* stretches by hand in their own ink */
};

/* Draws the line of a value; no line where it has none. */
void band_trace(struct band *b, const struct trace *t);
/* Puts the dots into the grid, so that what is drawn next stands before them.
 */
void band_dots(const struct band *b);
/* The same, then the cursor, and frees them. */
void band_blit(struct band *b);

#endif
