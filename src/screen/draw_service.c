/* SPDX-License-Identifier: MIT
 *
 * draw_service - what is watched of the service itself, over the same time as
 * everything else: a band for its memory, its CPU and each series that was
 * chosen, with what it is now, what it may be, and where it goes. A time in
 * which nothing was seen of it is a gap, and looks like one. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "chart/axis.h"
#include "chart/raster.h"
#include "screen/band.h"
#include "screen/show.h"

/* Share of its limit from which a value stands out. */
#define SERVICE_WARN_SHARE 0.8

typedef const char *service_show_fn(char *buf, size_t size, double v);

static const char *service_show_s(char *buf, size_t size, double v)
{
    return show_axis_us(buf, size, v * 1e6);
}

/* How values are written on a gauge's scale. */
static service_show_fn *service_show(const struct model_gauge *g)
{
    if (g->which == GAUGE_CPU) {
        return show_axis_plain;
    }
    switch (g->unit) {
    case SERVER_UNIT_BYTES:
        return show_axis_bytes;
    case SERVER_UNIT_SECONDS:
        return service_show_s;
    case SERVER_UNIT_NUMBER:
    case SERVER_UNIT_RATE:
        break;
    }
    return show_axis_count;
}

/* Those of a time in which it was not looked at yet are none. */
static void service_gaps(const struct band *b)
{
    const struct model *m = b->d->m;
    uint64_t from = 0, to = 0;
    size_t i;

    for (i = 0; i < m->n_bins; i++) {
        const struct bin *bin = &m->bins[i];

        if (!bin->unseen || bin->start_us < m->server.first_us) {
            band_gap(b, from, to, "silent");
            from = to = 0;
            continue;
        }
        from = to == 0 ? bin->start_us : from;
        to = band_bin_time(b, bin);
    }
    band_gap(b, from, to, "silent");
}

/* Returns the dot row of the limit; 0: it is out of sight. */
static int service_limit(const struct band *b, const struct model_gauge *g)
{
    const struct draw *d = b->d;
    char text[32];
    int y, row;

    if (!(g->limit > 0) || g->limit > g->scale.hi) {
        return 0;
    }
    y = band_y(b, g->limit);
    row = y / RASTER_DOTS_Y;
    grid_fill(d->g, b->at.row + row, d->l.chart_col, d->l.chart, ROLE_LIMIT,
              0x2504);
    band_label(b, row, ROLE_LIMIT,
               service_show(g)(text, sizeof text, g->limit));
    return y;
}

static void service_line(struct band *b, const struct model_gauge *g,
                         int limit_y)
{
    const struct raster_pen pen = {1, INK_LIVE, limit_y, INK_BAD};
    const struct model *m = b->d->m;
    bool have = false;
    int x0 = 0, y0 = 0;
    size_t i;

    for (i = 0; i < m->n_bins; i++) {
        const struct bin *bin = &m->bins[i];
        double v;
        int x, y;

        if (!model_gauge_seen(g, &bin->server, &v)) {
            have = false;
            continue;
        }
        x = band_x(b, band_bin_time(b, bin));
        y = band_y(b, v);
        raster_line(&b->dots, have ? x0 : band_x(b, bin->start_us),
                    have ? y0 : y, x, y, &pen);
        x0 = x;
        y0 = y;
        have = true;
    }
}

/* A name that the gutter is too narrow for: where the line is not, as far as it
 * goes on as it is now. */
static void service_name(const struct draw *d, struct lines at,
                         const struct model_gauge *g)
{
    bool above = g->known && scale_at(&g->scale, g->now) > 0.5;

    grid_fit(d->g, above ? at.row + at.n - 1 : at.row, d->l.chart_col + 1,
             d->l.chart - 2, ROLE_FRAME, g->name);
}

static void service_band(const struct draw *d, struct lines at,
                         const struct model_gauge *g)
{
    struct band b;

    band_init(&b, d, at, &g->scale);
    band_ground(&b);
    service_gaps(&b);
    service_line(&b, g, service_limit(&b, g));
    band_ticks(&b, service_show(g));
    if (g->which >= GAUGE_OTHERS) {
        service_name(d, at, g);
    } else {
        band_name(&b, g->which == GAUGE_CPU         ? g->name
                      : d->l.gutter > 7 && at.n > 2 ? "memory"
                                                    : "mem");
    }
    band_blit(&b);
}

void draw_service(const struct draw *d)
{
    int i;

    for (i = 0; i < d->l.n_service; i++) {
        service_band(d, d->l.service[i],
                     &d->m->server.list[d->l.service_first + i]);
    }
}

enum role draw_gauge(const struct model_gauge *g, char *buf, size_t size)
{
    char x[NUM_MAX];

    if (!g->known) {
        snprintf(buf, size, "-");
        return ROLE_FRAME;
    }
    if (g->which == GAUGE_CPU) {
        snprintf(buf, size, "%.2f", g->now);
    } else if (g->which == GAUGE_MEMORY) {
        snprintf(buf, size, "%s", num_bytes(x, num_whole(g->now)));
    } else {
        show_server(buf, size, g->unit, g->now);
    }
    return !(g->limit > 0) || g->now < g->limit * SERVICE_WARN_SHARE ? ROLE_LIVE
           : g->now < g->limit                                       ? ROLE_WARN
                                                                     : ROLE_BAD;
}

/* "of 4.0 GB", "cores" */
static const char *service_extra(const struct model_gauge *g, char *buf,
                                 size_t size)
{
    char x[NUM_MAX];

    buf[0] = '\0';
    if (g->which == GAUGE_CPU) {
        snprintf(buf, size, "cores");
    } else if (g->limit > 0) {
        snprintf(buf, size, "of %s", num_bytes(x, num_whole(g->limit)));
    }
    return buf;
}

/* "silent since 0:40"; "" = it is seen. */
static const char *service_silent(const struct model *m, char *buf, size_t size)
{
    const struct model_server *v = &m->server;
    const char *word = v->gone ? "gone" : "silent";
    char at[NUM_MAX];

    buf[0] = '\0';
    if (m->cursor.on || v->alive) {
        return buf;
    }
    if (v->first_us == UINT64_MAX) {
        snprintf(buf, size, "nothing seen yet");
    } else if (v->since_us == UINT64_MAX) {
        snprintf(buf, size, "%s", word);
    } else {
        snprintf(buf, size, "%s since %s", word, num_clock(at, v->since_us));
    }
    return buf;
}

enum role draw_gauge_words(const struct model *m, const struct model_gauge *g,
                           int cols, char *buf, size_t size)
{
    static const char full[] = "full in ", more[] = "more than ";
    const char *in = g->end + sizeof full - 1;

    if (service_silent(m, buf, size)[0] != '\0') {
        return ROLE_BAD;
    }
    if (m->cursor.on) { /* a trend is of no moment */
        snprintf(buf, size, "%s", g->known ? "" : "nothing seen then");
        return ROLE_FRAME;
    }
    snprintf(buf, size, "%s%s%s", g->trend, g->end[0] != '\0' ? ", " : "",
             g->end);
    if (text_width(buf) > cols && strncmp(g->end, full, sizeof full - 1) == 0) {
        bool beyond = strncmp(in, more, sizeof more - 1) == 0;

        snprintf(buf, size, "+%s, full %s%s", strchr(g->trend, ' ') + 1,
                 beyond ? ">" : "", in + (beyond ? sizeof more - 1 : 0));
    }
    if (text_width(buf) > cols) {
        snprintf(buf, size, "%s", g->end[0] != '\0' ? g->end : g->trend);
    }
    return draw_trend_role(g->state);
}

/* Beside its band: what it is, then where it goes. */
static void service_side(const struct draw *d, struct lines at,
                         const struct model_gauge *g)
{
    int col = d->l.side_col, cols = d->l.side - 1, row = at.row;
    int value = col + (d->l.kind == LAYOUT_COMPACT ? 16 : 20);
    bool other = g->which >= GAUGE_OTHERS;
    char text[96], extra[48];
    enum role role = draw_gauge(g, text, sizeof text);

    grid_fit(d->g, row, col, other ? cols : value - col, ROLE_LIVE, g->name);
    row += other && at.n > 1;
    if (!other || at.n > 1) {
        grid_right(d->g, row, value, 10, role, text);
        grid_fit(d->g, row, value + 1, col + cols - value, ROLE_FRAME,
                 service_extra(g, extra, sizeof extra));
    }
    row++;
    role = draw_gauge_words(d->m, g, cols, text, sizeof text);
    /* In two rows nothing has to be short. */
    if (row + 1 < at.row + at.n && g->end[0] != '\0' && !d->m->cursor.on &&
        d->m->server.alive) {
        grid_fit(d->g, row, col, cols, role, g->trend);
        grid_fit(d->g, row + 1, col, cols, role, g->end);
    } else if (row < at.row + at.n) {
        grid_fit(d->g, row, col, cols, role, text);
    }
}

void draw_service_side(const struct draw *d)
{
    int i;

    for (i = 0; i < d->l.n_service; i++) {
        service_side(d, d->l.service[i],
                     &d->m->server.list[d->l.service_first + i]);
    }
}

/* A row of each: "memory   402 MB of 4.0 GB  +2.10 MB/min, full 6.1 h". */
int draw_service_wide(const struct draw *d, struct box b)
{
    const struct model_server *v = &d->m->server;
    int rows = d->l.n_service, i;
    char text[96], words[96], span[48], extra[48], value[160];
    enum role role;

    if (rows == 0 || b.rows < rows + 1) {
        return 0;
    }
    role = service_silent(d->m, text, sizeof text)[0] != '\0' ? ROLE_BAD
           : d->m->cursor.on                                  ? ROLE_CURSOR
                                                              : ROLE_FRAME;
    if (text[0] == '\0' && d->m->cursor.on) {
        snprintf(text, sizeof text, "%s", draw_span(d, span, sizeof span));
    }
    draw_title(d->g, b.row, b.col, b.cols, "the service itself", text, role);
    for (i = 0; i < rows; i++) {
        const struct model_gauge *g = &v->list[d->l.service_first + i];
        int row = b.row + 1 + i;

        role = draw_gauge(g, text, sizeof text);
        service_extra(g, extra, sizeof extra);
        snprintf(value, sizeof value, "%s%s%s", text,
                 extra[0] != '\0' ? " " : "", extra);
        grid_fit(d->g, row, b.col + 1, 13, ROLE_FRAME, g->name);
        grid_right(d->g, row, b.col + 32, 18, role, value);
        role = draw_gauge_words(d->m, g, b.cols - 35, words, sizeof words);
        if (role != ROLE_BAD) { /* the title says that */
            grid_fit(d->g, row, b.col + 34, b.cols - 35, role, words);
        }
    }
    return rows + 2;
}
