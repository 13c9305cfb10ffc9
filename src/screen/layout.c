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

/* Lines of the service in LAYOUT_MINIMAL, in place of requests. */
enum { LAYOUT_MINIMAL_SERVICE = 2 };

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

/* How many of the service's charts there are, and which. Without being asked
 * for: at most so many, in rooms for at least so many rows each; room_full: as
 * many as have two rows. Returns l->n_service. */
static int layout_service(struct layout *l, const struct layout_want *w,
                          int least, int room, int most, int room_full)
{
    int n = layout_clamp(w->n_service, 0, LAYOUT_SERVICE_MAX);
    int first = layout_clamp(w->service_first, 0, n > 0 ? n - 1 : 0);

    most = most < n ? most : n;
    l->service_auto = room < 0 ? 0 : room / least < most ? room / least : most;
    l->service_full = room_full < 0 ? 0 : room_full / 2 < n ? room_full / 2 : n;
    switch (w->service) {
    case SERVICE_AUTO:
        l->n_service = l->service_auto;
        break;
    case SERVICE_FULL:
        l->service_first = first;
        l->n_service =
            l->service_full < n - first ? l->service_full : n - first;
        break;
    case SERVICE_NONE:
        break;
    }
    return l->n_service;
}

/* Their rows among them, the first ones have more. */
static void layout_service_split(struct layout *l, struct lines all)
{
    int i, row = all.row;

    for (i = 0; i < l->n_service; i++) {
        int left = l->n_service - i, rows = all.row + all.n - row;

        l->service[i] = (struct lines){row, (rows + left - 1) / left};
        row += l->service[i].n;
    }
}

static void layout_compact(struct layout *l, const struct layout_want *w)
{
    int requests = 2 + layout_clamp(w->n_requests, 1, 12);
    int thresholds = w->n_thresholds == 0
                         ? 0
                         : 1 + layout_clamp((w->n_thresholds + 1) / 2, 1, 4);
    int heat = l->heat_mode == HEAT_BOTH ? 4 : 0;
    int spare = l->rows - 24 - heat, rps = spare >= 4 ? 2 : 0;
    int least = thresholds < 2 ? thresholds : 2;
    int n = layout_service(l, w, 2, spare - 4, 2,
                           l->rows - 17 - rps - heat - least);
    bool full = w->service == SERVICE_FULL && n > 0;
    int table = full ? 0 : requests < 5 ? requests : 5;
    struct lines axis, change, status, service;
    struct claim claims[] = {
        {&l->load, 4, 12, 4},
        {&l->rps, rps, rps > 0 ? 7 : 0, 3},
        {&l->latency, 5, 20, 6},
        {&l->heat, heat, heat > 0 ? 12 : 0, 4},
        {&l->errs, 2, 6, 2},
        {&service, 2 * n, (full ? 9 : 6) * n, 3 * n},
        {&axis, 1, 1, 1},
        {&l->requests, table, full ? 0 : requests, 4},
        {&l->thresholds, least, thresholds, 2},
        {&change, 1, 1, 1},
        {&status, 1, 1, 1},
        {&l->log, 0, full ? 0 : 8, 1},
    };

    layout_deal(claims, sizeof claims / sizeof claims[0], 2, l->rows - 3);
    layout_service_split(l, service);
    l->axis = axis.row;
    l->change = change.row;
    l->generator = status.row;
    l->requests_cols = l->cols;
    l->trend = l->cols < 90 ? 8 : 14;
}

/* The service's charts are paid for by rows of all others. */
static void layout_normal(struct layout *l, const struct layout_want *w)
{
    int lists = 2 + layout_clamp(w->n_requests, 4, 14);
    int least = 5 + layout_clamp(w->n_thresholds, 2, 6);
    bool both = l->heat_mode == HEAT_BOTH;
    int room = l->rows - 3 - (both ? 29 : 26);
    int n = layout_service(l, w, 2, room, 2, room + (both ? 1 : 2));
    bool full = w->service == SERVICE_FULL, less = n > 0;
    int most = lists > least ? lists : least;
    int table = !less ? (both ? 8 : 9) : full ? 6 : both ? 7 : 8;
    struct lines axis, change, generator, service;
    struct claim claims[] = {
        {&l->load, both || less ? 4 : 5, 14, 5},
        {&l->rps, both || less ? 2 : 3, 9, 3},
        {&l->latency, both || less ? 5 : 6, 24, 7},
        {&l->heat, both ? (less ? 4 : 5) : 0, both ? 16 : 0, 5},
        {&l->errs, 3, 7, 3},
        {&service, 2 * n, (full ? 9 : 6) * n, 2 * n},
        {&axis, 1, 1, 1},
        {&l->requests, less && most < table ? most : table, most, 9},
        {&change, 1, 1, 1},
        {&generator, 1, 1, 1},
        {&l->log, both || less ? 1 : 2, 6, 2},
    };

    layout_deal(claims, sizeof claims / sizeof claims[0], 2, l->rows - 3);
    layout_service_split(l, service);
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
    bool both = l->heat_mode == HEAT_BOTH;
    int room = l->rows - 3 - (both ? 32 : 26);
    int n = layout_service(l, w, 3, room, 3, room);
    bool less = n > 0;
    int heat = !both ? 0 : less ? 6 : 8;
    struct lines axis, service;
    struct claim claims[] = {
        {&l->load, less ? 5 : 7, 16, 6},
        {&l->rps, less ? 3 : 4, 12, 4},
        {&l->latency, less ? 8 : 11, 30, 11},
        {&l->heat, heat, heat > 0 ? 24 : 0, 9},
        {&l->errs, less ? 3 : 4, 10, 4},
        {&service, 2 * n, 8 * n, 3 * n},
        {&axis, 1, 1, 1},
        {&l->requests, 6, requests, 20},
    };

    layout_deal(claims, sizeof claims / sizeof claims[0], 2, l->rows - 3);
    layout_service_split(l, service);
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
        (void)layout_service(&l, w, 2, 0, 0, 2 * LAYOUT_MINIMAL_SERVICE);
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
