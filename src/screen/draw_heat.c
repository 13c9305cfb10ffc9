/* SPDX-License-Identifier: MIT
 *
 * draw_heat - latency over time as a heatmap: a row is a stretch of the latency
 * scale, a column a bin, and the stronger a cell, the more of the requests of
 * its column lie there. */
#include "config.h"

#include "screen/draw.h"

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
        if (!heat_bin(m, axis_middle(&m->axis, col, d->l.chart), &i)) {
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

static void heat_labels(const struct draw *d, struct band *b)
{
    const struct verdict *limit =
        model_verdict(d->m, METRIC_HTTP_REQ_DURATION, 95);
    double ticks[12];
    size_t n = scale_ticks(&d->m->spread, ticks, b->at.n >= 7 ? 6 : 4), i;
    char text[32];

    if (limit != NULL && limit->threshold->limit * 1e3 > d->m->spread.lo &&
        limit->threshold->limit * 1e3 < d->m->spread.hi) {
        double us = limit->threshold->limit * 1e3;

        band_label(b, heat_row(d, b->at, us), ROLE_LIMIT,
                   show_axis_us(text, sizeof text, us));
    }
    for (i = 0; i < n; i++) {
        size_t k = i == 0 ? n - 1 : i == 1 ? 0 : i - 1;

        band_label(b, heat_row(d, b->at, ticks[k]), ROLE_FRAME,
                   show_axis_us(text, sizeof text, ticks[k]));
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
