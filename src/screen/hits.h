/* SPDX-License-Identifier: MIT
 *
 * hits - what a click meets: places of a picture and what stands there, written
 * down by those who draw it, so that it is always of what is seen. Pure C. */
#ifndef SCREEN_HITS_H
#define SCREEN_HITS_H

#include <stddef.h>
#include <stdint.h>

enum hit_kind {
    HIT_NOTHING,
    HIT_FRAME,   /* an open panel or prompt: nothing below it is met */
    HIT_ROW,     /* rows of the open list; what: index of the first */
    HIT_REQUEST, /* rows of the table in the picture; what: as above */
    HIT_HEADING, /* of a column; what: enum sort */
    HIT_STAGE,   /* what: index in the curve */
    HIT_CHART,   /* columns of the time axis */
    HIT_KEY,     /* what: the key that is written there */
};

struct hit {
    enum hit_kind kind;
    int row, col, rows, cols;
    uint32_t what;
};

struct hits {
    struct hit *list; /* owned; what is drawn later covers what was before */
    size_t n, cap;
};

/* All zero is empty. */
void hits_clear(struct hits *h);
/* Empty, but with its room. */
void hits_reset(struct hits *h);
void hits_add(struct hits *h, const struct hit *hit);
/* What is at a place; its kind is HIT_NOTHING where there is nothing. */
struct hit hits_at(const struct hits *h, int row, int col);

#endif
