/* SPDX-License-Identifier: MIT
 *
 * report_heat - latency over time as a heatmap: a row is a stretch of the
 * latency scale, a column some seconds, and the stronger a cell, the more of
 * the requests of its column lie there. */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "chart/heat.h"
#include "record/report_chart.h"

#define HEAT_ROWS   18
#define HEAT_HEIGHT 150

struct heat_sheet {
    struct chart_sheet *sheet;
    struct bins *bins; /* wider than those of the lines */
    struct heat *heat;
};

/* Columns side by side in which this row has this level are one rectangle. */
static void heat_row(const struct heat_sheet *h, int row, int level,
                     struct buf *d)
{
    double top = HEAT_HEIGHT * (1 - (double)(row + 1) / HEAT_ROWS);
    size_t n = bins_count(h->bins), i, k;

    for (i = 0; i < n; i = k) {
        const struct bin *b = bins_at(h->bins, i);
        uint64_t end = b->end_us;

        k = i + 1;
        if (!bin_tells(b) || heat_level(heat_share(h->heat, i, row)) != level) {
            continue;
        }
        while (k < n && bins_at(h->bins, k)->start_us == end &&
               bin_tells(bins_at(h->bins, k)) &&
               heat_level(heat_share(h->heat, k, row)) == level) {
            end = bins_at(h->bins, k++)->end_us;
        }
        end = end < h->sheet->axis.to_us ? end : h->sheet->axis.to_us;
        buf_addf(d, "M%.2f %.2fH%.2fv%.2fH%.2fZ",
                 chart_x(h->sheet, b->start_us), top, chart_x(h->sheet, end),
                 (double)HEAT_HEIGHT / HEAT_ROWS,
                 chart_x(h->sheet, b->start_us));
    }
}

static void heat_cells(const struct heat_sheet *h)
{
    struct buf d;
    int level, row;

    buf_init(&d, REPORT_BYTES_MAX);
    for (level = 1; level <= HEAT_LEVELS; level++) {
        for (row = 0; row < HEAT_ROWS; row++) {
            heat_row(h, row, level, &d);
        }
        if (d.len > 0) {
            buf_addf(h->sheet->page->out,
                     "<path class=\"a heat%d\" d=\"%s\"/>\n", level,
                     buf_str(&d));
        }
        buf_reset(&d);
    }
    buf_clear(&d);
}

/* Rows from the lowest on that has any request, up to the highest. */
static void heat_column(const struct heat_sheet *h, size_t bin, struct buf *out)
{
    int low = 0, high = HEAT_ROWS - 1, row;

    if (!bin_tells(bins_at(h->bins, bin))) {
        return;
    }
    while (low < high && heat_requests(h->heat, bin, low) == 0) {
        low++;
    }
    while (high > low && heat_requests(h->heat, bin, high) == 0) {
        high--;
    }
    buf_addf(out, "%d", low);
    for (row = low; row <= high; row++) {
        buf_addf(out, ",%" PRIu32, heat_requests(h->heat, bin, row));
    }
}

/* What the script shows under the cursor. */
static void heat_data(const struct heat_sheet *h, const struct chart *c)
{
    struct buf *out = &h->sheet->data;
    size_t i;
    int row;

    chart_data_begin(h->sheet, c);
    buf_addf(out, ",\"width\":%.3f,\"edges\":[",
             (double)bins_width_us(h->bins) / 1e6);
    for (row = 1; row < HEAT_ROWS; row++) {
        buf_addf(out, "%s%.5g", row > 1 ? "," : "",
                 heat_edge(&c->scale, HEAT_ROWS, row));
    }
    buf_adds(out, "],\"t\":[");
    for (i = 0; i < bins_count(h->bins); i++) {
        buf_addf(out, "%s%.10g", i > 0 ? "," : "",
                 (double)bins_at(h->bins, i)->start_us / 1e6);
    }
    buf_adds(out, "],\"cells\":[");
    for (i = 0; i < bins_count(h->bins); i++) {
        buf_adds(out, i > 0 ? ",[" : "[");
        heat_column(h, i, out);
        buf_addc(out, ']');
    }
    buf_adds(out, "]}");
}

/* What the shades say, in place of a legend of lines. */
static void heat_legend(struct report_page *p)
{
    int level;

    buf_adds(p->out,
             "<p class=\"legend\">share of the responses of its time: ");
    for (level = 1; level <= HEAT_LEVELS; level++) {
        if (level < HEAT_LEVELS) {
            buf_addf(p->out, "<i class=\"heat%d\"></i>&lt;%.0f ", level,
                     heat_from(level + 1) * 100);
        } else {
            buf_addf(p->out, "<i class=\"heat%d\"></i>≥%.0f %%", level,
                     heat_from(level) * 100);
        }
    }
    buf_adds(p->out, "</p>\n");
}

void chart_heat(struct chart_sheet *s, const struct scale *scale)
{
    struct chart c = {.id = "heat",
                      .title = "How latency spreads",
                      .unit = CHART_US,
                      .scale = *scale,
                      .height = HEAT_HEIGHT,
                      .cells = true,
                      .limit = NAN};
    struct heat_sheet h = {
        .sheet = s, .bins = bins_new(-1), .heat = heat_new()};
    const struct series *series = ledger_series(s->page->ledger);

    bins_update(h.bins, series, &s->axis, REPORT_COLUMNS_MAX);
    heat_update(h.heat, series, h.bins, scale, HEAT_ROWS);
    chart_begin(s, &c,
                "Of each stretch of time, how many of its requests took how "
                "long: the stronger, the more.");
    chart_ticks(s, &c);
    chart_plot(s, &c);
    heat_cells(&h);
    chart_end(s, &c);
    heat_data(&h, &c);
    heat_legend(s->page);
    heat_free(&h.heat);
    bins_free(&h.bins);
}
