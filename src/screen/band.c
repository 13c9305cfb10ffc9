/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/band.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "chart/axis.h"

static const struct {
    enum role role;
    char ascii;
} inks[] = {
    [INK_PLAN] = {ROLE_PLAN, '.'},    [INK_P50] = {ROLE_P50, '.'},
    [INK_P99] = {ROLE_P99, ','},      [INK_THIN] = {ROLE_THIN, '.'},
    [INK_LIVE] = {ROLE_LIVE, '*'},    [INK_MANUAL] = {ROLE_MANUAL, '#'},
    [INK_BAD] = {ROLE_BAD_LINE, '!'},
};

void band_init(struct band *b, const struct draw *d, struct lines at,
               const struct scale *scale)
{
    *b = (struct band){.d = d, .at = at, .scale = scale};
    raster_init(&b->dots, d->l.chart, at.n);
}

int band_x(const struct band *b, uint64_t t_us)
{
    const struct model *m = b->d->m;
    double at = (double)t_us / (double)m->reach_us;

    return (int)lround(at * (double)(b->dots.cols * RASTER_DOTS_X - 1));
}

int band_y(const struct band *b, double v)
{
    return raster_y(&b->dots, scale_at(b->scale, v));
}

uint64_t band_bin_time(const struct band *b, const struct bin *bin)
{
    uint64_t now = b->d->m->tick.t_us;

    return bin->end_us < now ? bin->end_us : now;
}

void band_blit(struct band *b)
{
    const struct draw *d = b->d;
    int row, col;

    for (row = 0; row < b->dots.rows; row++) {
        for (col = 0; col < b->dots.cols; col++) {
            const struct raster_cell *c = raster_cell(&b->dots, col, row);

            if (c->dots == 0) {
                continue;
            }
            grid_cp(
                d->g, b->at.row + row, d->l.chart_col + col, inks[c->ink].role,
                d->g->ascii ? (uint32_t)inks[c->ink].ascii : 0x2800u + c->dots);
        }
    }
    raster_clear(&b->dots);
}

void band_verticals(const struct band *b)
{
    const struct draw *d = b->d;
    const struct model *m = d->m;
    size_t i;
    int row, col;

    for (i = 0; i < m->n_events; i++) {
        const struct event *e = &m->events[i];

        if (strcmp(e->type, "mark") != 0 || e->bad) {
            continue;
        }
        col = axis_column(e->t_us, m->reach_us, d->l.chart - 1);
        for (row = 0; row < b->at.n; row++) {
            grid_cp(d->g, b->at.row + row, d->l.chart_col + col, ROLE_MARK,
                    0x2502);
        }
    }
    if (m->tick.state == RUN_FINISHED) {
        return;
    }
    col = axis_column(m->tick.t_us, m->reach_us, d->l.chart - 1);
    for (row = 0; row < b->at.n; row++) {
        grid_cp(d->g, b->at.row + row, d->l.chart_col + col, ROLE_NOW, 0x250a);
    }
}

bool band_label(const struct band *b, int row, enum role role, const char *text)
{
    const struct draw *d = b->d;
    int col;

    if (row < 0 || row >= b->at.n) {
        return false;
    }
    for (col = 0; col < d->l.gutter; col++) {
        if (grid_at(d->g, b->at.row + row, col)->cp != ' ') {
            return false;
        }
    }
    grid_right(d->g, b->at.row + row, d->l.gutter - 1, d->l.gutter - 1, role,
               text);
    return true;
}

void band_name(const struct band *b, const char *name)
{
    int row;

    for (row = b->at.n > 2 ? 1 : 0; row < b->at.n; row++) {
        if (grid_at(b->d->g, b->at.row + row, b->d->l.gutter - 2)->cp == ' ') {
            grid_put(b->d->g, b->at.row + row, 1, ROLE_STRONG, name);
            return;
        }
    }
    /* Every row has a label: before one that is short enough. */
    for (row = b->at.n - 1; row >= 0; row--) {
        int room = text_width(name), col = 0;

        while (col <= room &&
               grid_at(b->d->g, b->at.row + row, col)->cp == ' ') {
            col++;
        }
        if (col > room) {
            grid_put(b->d->g, b->at.row + row, 0, ROLE_STRONG, name);
            return;
        }
    }
}

void band_ticks(const struct band *b,
                const char *(*show)(char *, size_t, double))
{
    double ticks[12];
    size_t max = b->at.n >= 12 ? 6 : b->at.n >= 7 ? 4 : 2;
    size_t n = scale_ticks(b->scale, ticks, max), i;
    char text[32];

    for (i = 0; i < n; i++) {
        /* Ends first: they matter most. */
        size_t at = i == 0 ? n - 1 : i == 1 ? 0 : i - 1;
        int row = band_y(b, ticks[at]) / RASTER_DOTS_Y;

        band_label(b, row, ROLE_FRAME, show(text, sizeof text, ticks[at]));
    }
}

void band_trace(struct band *b, const struct trace *t)
{
    const struct model *m = b->d->m;
    bool have = false;
    int x0 = 0, y0 = 0;
    size_t i;

    for (i = 0; i < m->n_bins; i++) {
        const struct bin *bin = &m->bins[i];
        const struct model_level *level = &m->levels[i];
        struct raster_pen pen = t->pen;
        bool thin = false;
        double v;
        int x, y;

        if (!t->value(bin, level, &v, &thin)) {
            have = false;
            continue;
        }
        if (thin) {
            pen.ink = pen.above_ink = (uint8_t)t->thin;
        } else if (t->manual && level->manual) {
            pen.ink = INK_MANUAL;
        }
        x = band_x(b, band_bin_time(b, bin));
        y = band_y(b, v);
        if (thin && t->apart) {
            raster_dot(&b->dots, x, y, pen.ink);
        } else if (have) {
            raster_line(&b->dots, x0, y0, x, y, &pen);
        } else {
            raster_line(&b->dots, band_x(b, bin->start_us), y, x, y, &pen);
        }
        x0 = x;
        y0 = y;
        have = !(thin && t->apart);
    }
}
