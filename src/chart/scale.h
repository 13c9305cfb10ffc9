/* SPDX-License-Identifier: MIT
 *
 * scale - what stretch of values a chart shows. Ends of a log scale stand on 1,
 * 2 or 5 times a power of ten; the upper end of a linear one close above what
 * it shows, so that this fills the chart however few rows it has. They give way
 * at once to a value outside, and come back only after ten seconds of room, so
 * that a chart does not breathe. Pure arithmetic; time is passed in. */
#ifndef CHART_SCALE_H
#define CHART_SCALE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room must last so long before an end moves in. */
#define SCALE_ROOM_US (10 * UINT64_C(1000000))

struct scale {
    bool log;
    double lo,
        hi; /* shown; hi > lo, and lo > 0 when log. Both 0: no data yet */
    uint64_t hi_room_us, lo_room_us; /* since when there was room, + 1; 0 =
                                        there is none */
};

/* The nearest 1, 2 or 5 times a power of ten that is not below v, not above v.
 * 0 for v <= 0. */
double scale_nice_up(double v);
double scale_nice_down(double v);
/* The nearest number with few digits that is not below v, and less than a third
 * above it. 0 for v <= 0. */
double scale_close_up(double v);

void scale_init(struct scale *s, bool log);
/* The data now reach from lo to hi (0 <= lo <= hi; a linear scale begins at 0
 * whatever lo is). now_us: any clock that does not go back. */
void scale_fit(struct scale *s, double lo, double hi, uint64_t now_us);
/* Where v stands: 0 at lo, 1 at hi, clamped to that. */
double scale_at(const struct scale *s, double v);
/* The value that stands at 0..1, the inverse; 0 while there is no data. */
double scale_value(const struct scale *s, double at);
/* Values worth a label, rising, both ends among them, at most max (>= 2).
 * Returns how many; 0 while there is no data. */
size_t scale_ticks(const struct scale *s, double *out, size_t max);

#endif
