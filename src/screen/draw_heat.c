/* SPDX-License-Identifier: MIT
 *
 * draw_heat - latency over time as a heatmap: a row is a stretch of the latency
 * scale, a column a bin, and the stronger a cell, the more of the requests of
 * its column lie there. */
#include "config.h"

#include "screen/draw.h"

#include <math.h>
#include <stdio.h>

#include "base/num.h"
#include "base/text.h"
#include "chart/axis.h"
#include "chart/heat.h"
#include "plan/metric.h"
#include "screen/band.h"
#include "screen/show.h"

/* Characters say the same as colours do: there may be none. */
static const struct {
    uint32_t cp;
    enum role role;
} heat_looks[HEAT_LEVELS + 1] = {
    {' ', ROLE_TEXT},      {0x00b7, ROLE_HEAT_1}, {0x2591, ROLE_HEAT_2},
    {0x2592, ROLE_HEAT_3}, {0x2593, ROLE_HEAT_4}, {0x2588, ROLE_HEAT_5},
};

/* The bin that holds t; *i goes along. */
static bool heat_bin(const struct model *m, uint64_t t_us, size_t *i)
{
    while (*i < m->n_bins && m->bins[*i].end_us <= t_us) {
        (*i)++;
    }
    return *i < m->n_bins && m->bins[*i].start_us <= t_us &&
           t_us < m->tick.t_us;
}

static void heat_cells(const struct draw *d, struct lines at)
{
    const struct model *m = d->m;
    size_t i = 0;
    int col, row;

    for (col = 0; col < d->l.chart; col++) {
        if (!heat_bin(m, axis_middle(&m->axis, col, d->l.chart), &i) ||
            !bin_tells(&m->bins[i])) {
            continue;
        }
        for (row = 0; row < at.n && row < m->heat_rows; row++) {
            int level = m->heat[i * (size_t)m->heat_rows + (size_t)row];

            if (level > 0) {
                grid_cp(d->g, at.row + at.n - 1 - row, d->l.chart_col + col,
                        heat_looks[level].role, heat_looks[level].cp);
            }
        }
    }
}

/* The row, from the top, in which a value lies. */
static int heat_row(const struct draw *d, struct lines at, double us)
{
    int up = (int)(scale_at(&d->m->spread, us) * at.n);

    return at.n - 1 - (up < at.n ? up : at.n - 1);
}

/* Two digits are enough for where a row begins. */
static const char *heat_edge_text(const struct draw *d, int rows, int row,
                                  char *buf, size_t size)
{
    double us = heat_edge(&d->m->spread, rows, row), ten = 1;

    while (us >= 100 * ten) {
        ten *= 10;
    }
    return show_axis_us(buf, size, round(us / ten) * ten);
}

/* "≥50ms": a row begins there and goes up to where the next one does; in the
 * lowest one is all that is quicker, in the highest all that is slower. The
 * limit, with the line that it has elsewhere, stands in the row that it lies
 * in. The name has the second one, or the next. */
static void heat_labels(const struct draw *d, struct band *b)
{
    const struct verdict *limit =
        model_verdict(d->m, METRIC_HTTP_REQ_DURATION, 95);
    int rows = b->at.n, every = rows >= 7 ? 2 : 1, name = 1, i;
    char text[32], label[40];

    if (limit != NULL && limit->threshold->limit * 1e3 > d->m->spread.lo &&
        limit->threshold->limit * 1e3 < d->m->spread.hi) {
        double us = limit->threshold->limit * 1e3;
        int row = heat_row(d, b->at, us);

        snprintf(label, sizeof label, "%s%s", d->g->ascii ? "" : "┄",
                 show_axis_us(text, sizeof text, us));
        band_label(b, row, ROLE_LIMIT, label);
        name += row == name;
    }
    for (i = rows - 1; i >= 0 && d->m->heat_rows > 0; i--) {
        bool lowest = i == rows - 1;

        if (!lowest && (i % every != 0 || (rows > 2 && i == name))) {
            continue;
        }
        heat_edge_text(d, rows, lowest ? 1 : rows - 1 - i, text, sizeof text);
        snprintf(label, sizeof label, "%s%s", lowest ? "<" : "≥", text);
        band_label(b, i, ROLE_FRAME, label);
    }
    band_name(b, "heat");
}

void draw_heat(const struct draw *d, struct lines at)
{
    struct band b;

    band_init(&b, d, at, &d->m->spread);
    band_ground(&b);
    heat_cells(d, at);
    heat_labels(d, &b);
    band_blit(&b);
}

/* "· <3 ░ <10 ▒ <25 ▓ <50 █ %": how many of the levels, from which. */
int draw_heat_key(const struct draw *d, int row, int col, int from, int to)
{
    int level;

    for (level = from; level <= to; level++) {
        grid_cp(d->g, row, col, heat_looks[level].role, heat_looks[level].cp);
        if (level < HEAT_LEVELS) {
            col = grid_putf(d->g, row, col + 2, ROLE_FRAME, "<%.0f",
                            heat_from(level + 1) * 100) +
                  2;
        } else {
            col = grid_putf(d->g, row, col + 2, ROLE_FRAME, "≥%.0f %%",
                            heat_from(level) * 100);
        }
    }
    return col;
}

/* "·<3 ░<10 ▒<25 ▓<50 █≥50 %" */
static void heat_key_short(const struct draw *d, int row, int col)
{
    int level;

    for (level = 1; level <= HEAT_LEVELS; level++) {
        bool last = level == HEAT_LEVELS;

        grid_cp(d->g, row, col, heat_looks[level].role, heat_looks[level].cp);
        col = grid_putf(
            d->g, row, col + 1, ROLE_FRAME, "%s%.0f%s", last ? "≥" : "<",
            heat_from(last ? level : level + 1) * 100, last ? " %" : " ");
    }
}

void draw_heat_side(const struct draw *d)
{
    struct lines at = d->l.heat;
    int col = d->l.side_col, row;

    if (d->l.heat_mode == HEAT_BOTH && at.n >= 3) {
        grid_put(d->g, at.row, col, ROLE_FRAME, "share of requests");
        draw_heat_key(d, at.row + 1, col, 1, 3);
        draw_heat_key(d, at.row + 2, col, 4, HEAT_LEVELS);
    } else if (d->l.heat_mode == HEAT_ONLY && at.n >= 4) {
        /* Figures of the latency stand there: it has the last row that the
         * recovery leaves. */
        row = at.row + at.n - (d->m->steps.recovery ? 2 : 1);
        grid_fill(d->g, row, col, d->l.side, ROLE_TEXT, ' ');
        heat_key_short(d, row, col);
    }
}
