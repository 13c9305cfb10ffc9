/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/layout.h"

#include <stdbool.h>

#include "base/must.h"

/* A claim on rows: at least min, at most max; spare rows go where rows per
 * weight are fewest. */
struct claim {
    struct lines *span;
    int min, max, weight;
};

static int layout_clamp(size_t n, int lo, int hi)
{
    return n < (size_t)lo ? lo : n > (size_t)hi ? hi : (int)n;
}

/* Deals rows out to the claims and puts the spans one below the other. */
static void layout_deal(struct claim *claims, int n, int row, int rows)
{
    int i;

    for (i = 0; i < n; i++) {
        claims[i].span->n = claims[i].min;
        rows -= claims[i].min;
    }
    MUST(rows >= 0);
    while (rows > 0) {
        struct claim *best = NULL;

        for (i = 0; i < n; i++) {
            struct claim *c = &claims[i];

            if (c->span->n < c->max &&
                (best == NULL ||
                 c->span->n * best->weight < best->span->n * c->weight)) {
                best = c;
            }
        }
        if (best == NULL) {
            break;
        }
        best->span->n++;
        rows--;
    }
    for (i = 0; i < n; i++) {
        claims[i].span->row = row;
        row += claims[i].span->n;
    }
}

static void layout_columns(struct layout *l)
{
    l->gutter = l->kind == LAYOUT_COMPACT ? 7 : 8;
    l->side = l->kind == LAYOUT_COMPACT  ? 26
              : l->kind == LAYOUT_NORMAL ? 31
                                         : 62;
    l->chart_col = l->gutter;
    l->side_col = l->cols - l->side;
    l->chart = l->side_col - l->chart_col - 1;
}

static void layout_compact(struct layout *l, const struct layout_want *w)
{
    int requests = 2 + layout_clamp(w->n_requests, 1, 12);
    int thresholds = w->n_thresholds == 0
                         ? 0
                         : 1 + layout_clamp((w->n_thresholds + 1) / 2, 1, 4);
    int heat = l->heat_mode == HEAT_BOTH ? 4 : 0;
    int spare = l->rows - 24 - heat;
    struct lines axis, change, status;
    struct claim claims[] = {
        {&l->load, 4, 12, 4},
        {&l->rps, spare >= 4 ? 2 : 0, spare >= 4 ? 7 : 0, 3},
        {&l->latency, 5, 20, 6},
        {&l->heat, heat, heat > 0 ? 12 : 0, 4},
        {&l->errs, 2, 6, 2},
        {&axis, 1, 1, 1},
        {&l->requests, requests < 5 ? requests : 5, requests, 4},
        {&l->thresholds, thresholds < 2 ? thresholds : 2, thresholds, 2},
        {&change, 1, 1, 1},
        {&status, 1, 1, 1},
        {&l->log, 0, 8, 1},
    };

    layout_deal(claims, sizeof claims / sizeof claims[0], 2, l->rows - 3);
    l->axis = axis.row;
    l->change = change.row;
    l->generator = status.row;
    l->requests_cols = l->cols;
    l->trend = l->cols < 90 ? 8 : 14;
}

static void layout_normal(struct layout *l, const struct layout_want *w)
{
    int lists = 2 + layout_clamp(w->n_requests, 4, 14);
    int least = 5 + layout_clamp(w->n_thresholds, 2, 6);
    bool both = l->heat_mode == HEAT_BOTH;
    struct lines axis, change, generator;
    struct claim claims[] = {
        {&l->load, both ? 4 : 5, 14, 5},
        {&l->rps, both ? 2 : 3, 9, 3},
        {&l->latency, both ? 5 : 6, 24, 7},
        {&l->heat, both ? 5 : 0, both ? 16 : 0, 5},
        {&l->errs, 3, 7, 3},
        {&axis, 1, 1, 1},
        {&l->requests, both ? 8 : 9, lists > least ? lists : least, 9},
        {&change, 1, 1, 1},
        {&generator, 1, 1, 1},
        {&l->log, both ? 1 : 2, 6, 2},
    };

    layout_deal(claims, sizeof claims / sizeof claims[0], 2, l->rows - 3);
    l->axis = axis.row;
    l->change = change.row;
    l->generator = generator.row;
    l->requests_cols = l->cols - (l->cols < 130 ? 38 : 41);
    l->trend = l->cols < 140 ? 9 : 16;
}

/* The log has the space right of the table, and no rows of its own. */
static void layout_wide(struct layout *l, const struct layout_want *w)
{
    int requests = 2 + layout_clamp(w->n_requests, 4, 16);
    int heat = l->heat_mode == HEAT_BOTH ? 8 : 0;
    struct lines axis;
    struct claim claims[] = {
        {&l->load, 7, 16, 6},
        {&l->rps, 4, 12, 4},
        {&l->latency, 11, 30, 11},
        {&l->heat, heat, heat > 0 ? 24 : 0, 9},
        {&l->errs, 4, 10, 4},
        {&axis, 1, 1, 1},
        {&l->requests, 6, requests, 20},
    };

    layout_deal(claims, sizeof claims / sizeof claims[0], 2, l->rows - 3);
    l->axis = axis.row;
    l->requests_cols = l->side_col - 1;
    l->log = l->requests;
    l->trend = 60;
}

static enum heat_mode layout_heat(const struct layout *l, enum heat_mode want)
{
    switch (want) {
    case HEAT_LINES:
    case HEAT_ONLY:
        return want;
    case HEAT_AUTO:
        return l->kind == LAYOUT_WIDE ? HEAT_BOTH : HEAT_LINES;
    case HEAT_BOTH:
        break;
    }
    return l->heat_fits ? HEAT_BOTH : HEAT_ONLY;
}

struct layout layout_make(const struct layout_want *w)
{
    int cols = w->cols, rows = w->rows;
    struct layout l = {.cols = cols,
                       .rows = rows,
                       .strip = 1,
                       .change = -1,
                       .generator = -1,
                       .footer = rows - 1};

    if (cols < LAYOUT_COLS_MIN || rows < LAYOUT_ROWS_MIN) {
        l.kind = LAYOUT_NONE;
        return l;
    }
    if (cols < 80 || rows < 24) {
        l.kind = LAYOUT_MINIMAL;
        l.strip = -1;
        l.trend = 4;
        l.chart = cols - 26;
        return l;
    }
    l.kind = cols >= 160 && rows >= 44   ? LAYOUT_WIDE
             : cols >= 110 && rows >= 34 ? LAYOUT_NORMAL
                                         : LAYOUT_COMPACT;
    layout_columns(&l);
    l.heat_fits = l.kind != LAYOUT_COMPACT || rows >= 28;
    l.heat_mode = layout_heat(&l, w->heat);
    if (l.kind == LAYOUT_COMPACT) {
        layout_compact(&l, w);
    } else if (l.kind == LAYOUT_NORMAL) {
        layout_normal(&l, w);
    } else {
        layout_wide(&l, w);
    }
    if (l.heat_mode == HEAT_ONLY) {
        l.heat = l.latency;
    }
    return l;
}
