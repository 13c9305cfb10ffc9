/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/band.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "chart/axis.h"

static const struct {
    enum role role;
    char ascii;
} inks[] = {
    [INK_BASE] = {ROLE_BASE, '-'},     [INK_PLAN] = {ROLE_PLAN, '.'},
    [INK_P50] = {ROLE_P50, '.'},       [INK_P99] = {ROLE_P99, ','},
    [INK_THIN] = {ROLE_THIN, '.'},     [INK_LIVE] = {ROLE_LIVE, '*'},
    [INK_MANUAL] = {ROLE_MANUAL, '#'}, [INK_BAD] = {ROLE_BAD_LINE, '!'},
};

void band_init(struct band *b, const struct draw *d, struct lines at,
               const struct scale *scale)
{
    *b = (struct band){.d = d, .at = at, .scale = scale};
    raster_init(&b->dots, d->l.chart, at.n);
}

int band_x(const struct band *b, uint64_t t_us)
{
    const struct axis *a = &b->d->m->axis;
    double at =
        ((double)t_us - (double)a->from_us) / (double)(a->to_us - a->from_us);

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

/* Values worth a label; returns how many. */
static size_t band_tick_values(const struct band *b, double *out)
{
    size_t max = b->at.n >= 12 ? 6 : b->at.n >= 7 ? 4 : 2;

    return scale_ticks(b->scale, out, max);
}

/* A column of a band from top to bottom; nothing where t is out of sight. */
static void band_rule(const struct band *b, uint64_t t_us, enum role role,
                      uint32_t cp)
{
    const struct draw *d = b->d;
    int col = d->l.chart_col + axis_at(&d->m->axis, t_us, d->l.chart - 1), row;

    for (row = 0; row < b->at.n && axis_has(&d->m->axis, t_us); row++) {
        grid_cp(d->g, b->at.row + row, col, role, cp);
    }
}

/* As on squared paper, and as faint: values with a label, times with one. */
static void band_squares(const struct band *b)
{
    const struct draw *d = b->d;
    const struct axis *a = &d->m->axis;
    uint64_t step = axis_step(a->to_us - a->from_us, d->l.chart, 9), t;
    double ticks[12];
    size_t n = band_tick_values(b, ticks), i;
    int col;

    if (d->g->ascii) {
        return; /* there is no faint character */
    }
    for (t = a->from_us / step * step + step; t < a->to_us; t += step) {
        band_rule(b, t, ROLE_GRID, 0x00b7);
    }
    for (i = 0; i < n; i++) {
        int row = b->at.row + band_y(b, ticks[i]) / RASTER_DOTS_Y;

        for (col = 1; col < d->l.chart; col += 2) {
            grid_cp(d->g, row, d->l.chart_col + col, ROLE_GRID, 0x00b7);
        }
    }
}

void band_gap(const struct band *b, uint64_t from_us, uint64_t to_us,
              const char *word)
{
    const struct draw *d = b->d;
    const struct axis *a = &d->m->axis;
    int from = axis_at(a, from_us, d->l.chart), row;
    int to = axis_at(a, to_us, d->l.chart);
    char text[32];

    if (to_us <= from_us || to_us <= a->from_us || from_us >= a->to_us) {
        return;
    }
    /* However short: it is seen. */
    from = from < d->l.chart ? from : d->l.chart - 1;
    to = to > from ? to : from + 1;
    for (row = 0; row < b->at.n; row++) {
        grid_fill(d->g, b->at.row + row, d->l.chart_col + from, to - from,
                  ROLE_THIN, 0x2591);
    }
    if (word != NULL && to - from >= (int)strlen(word) + 4) {
        snprintf(text, sizeof text, " %s ", word);
        grid_put(d->g, b->at.row + b->at.n / 2,
                 d->l.chart_col + from + (to - from - (int)strlen(text)) / 2,
                 ROLE_THIN, text);
    }
}

/* Time in which nothing was to run, or the process itself did not. */
static void band_gaps(const struct band *b)
{
    const struct model *m = b->d->m;
    uint64_t from = 0, to = 0;        /* of the gap that goes on */
    bool begun = m->axis.from_us > 0; /* what comes before is setup */
    size_t i;

    for (i = 0; i < m->n_bins; i++) {
        const struct bin *bin = &m->bins[i];

        if (i > 0 && bin->start_us > m->bins[i - 1].end_us) {
            band_gap(b, m->bins[i - 1].end_us, bin->start_us, NULL);
        }
        begun = begun || bin->active_us > 0;
        if (bin->active_us > 0 || bin->requests > 0 || !begun) {
            band_gap(b, from, to, NULL);
            from = to = 0;
            continue;
        }
        from = to == 0 ? bin->start_us : from;
        to = band_bin_time(b, bin);
    }
    band_gap(b, from, to, NULL);
    /* One may be shorter than a bin, which then had something in it. */
    for (i = 0; i < m->n_pauses; i++) {
        band_gap(b, m->pauses[i].from_us, m->pauses[i].to_us, NULL);
    }
}

void band_ground(const struct band *b)
{
    const struct model *m = b->d->m;
    size_t i;

    band_squares(b);
    band_gaps(b);
    for (i = 1; i < m->n_stages && !m->hunt.on; i++) {
        band_rule(b, m->stages[i].start_us, ROLE_STAGE, 0x254e);
    }
    for (i = 0; i < m->n_events; i++) {
        const struct event *e = &m->events[i];

        if (strcmp(e->type, "mark") == 0 && !e->bad) {
            band_rule(b, e->t_us, ROLE_MARK, 0x2502);
        }
    }
    if (m->tick.state != RUN_FINISHED) {
        band_rule(b, m->tick.t_us, ROLE_NOW, 0x250a);
    }
}

/* The time cursor over those rows; goes last. */
static void band_cursor(const struct draw *d, struct lines at)
{
    const struct model_cursor *c = &d->m->cursor;
    int col = draw_cursor_column(d), row;

    for (row = at.row; row < at.row + at.n && c->on && col >= 0; row++) {
        const struct cell *cell = grid_at(d->g, row, d->l.chart_col + col);
        bool dots = cell->cp > 0x2800 && cell->cp <= 0x28ff;

        if (!dots) {
            grid_cp(d->g, row, d->l.chart_col + col, ROLE_CURSOR, 0x2502);
        } else {
            grid_paint(d->g, row, d->l.chart_col + col, 1, ROLE_CURSOR);
        }
    }
}

void band_dots(const struct band *b)
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
}

void band_blit(struct band *b)
{
    band_dots(b);
    raster_clear(&b->dots);
    band_cursor(b->d, b->at);
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
    size_t n = band_tick_values(b, ticks), i;
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
        const struct bin_level *level = &m->levels[i];
        struct raster_pen pen = t->pen;
        bool thin = false;
        double v;
        int x, y;

        if (!t->value(bin, level, &v, &thin)) {
            have = false;
            continue;
        }
        if (thin) { /* over the limit is over the limit all the same */
            bool bad = pen.above_ink == INK_BAD;

            pen.ink = (uint8_t)t->thin;
            pen.above_ink = bad ? INK_BAD : (uint8_t)t->thin;
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
