/* SPDX-License-Identifier: MIT
 *
 * draw_requests - the table of requests by name. It fits itself into the box it
 * is given and leaves out columns by what they are worth. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>

#include "base/num.h"
#include "base/text.h"
#include "screen/show.h"

/* Wider, and the eye loses the row on its way to the numbers. */
enum { LIST_NAME_MAX = 56 };

enum column_id {
    COLUMN_REQ,
    COLUMN_RPS,
    COLUMN_BASE_RPS, /* against the baseline, each beside what it is of */
    COLUMN_P50,
    COLUMN_P95,
    COLUMN_BASE_P95,
    COLUMN_P99,
    COLUMN_DUE95,
    COLUMN_DUE99,
    COLUMN_ERR,
    COLUMN_BASE_ERR,
    COLUMN_WAY,
    COLUMN_TREND,
    COLUMN_COUNT
};

struct column {
    const char *title;
    int width;
    int keep; /* the lowest come first, as far as there is room */
};

static const struct column columns[COLUMN_COUNT] = {
    [COLUMN_REQ] = {"in run", 9, 2},
    [COLUMN_RPS] = {"req/s", 7, 4},
    [COLUMN_P50] = {"p50", 8, 5},
    [COLUMN_P95] = {"p95", 9, 0},
    [COLUMN_P99] = {"p99", 9, 3},
    [COLUMN_DUE95] = {"p95 due", 9, 3},
    [COLUMN_DUE99] = {"p99 due", 9, 7},
    [COLUMN_ERR] = {"err%", 6, 1},
    /* titles: draw_baseline_title */
    [COLUMN_BASE_RPS] = {"", 8, 6},
    [COLUMN_BASE_P95] = {"", 8, 1},
    [COLUMN_BASE_ERR] = {"", 9, 2},
    [COLUMN_WAY] = {"lane, HTTP", 15, 6},
    [COLUMN_TREND] = {"trend", 0, 8},
};

static bool column_base(int c)
{
    return c == COLUMN_BASE_RPS || c == COLUMN_BASE_P95 || c == COLUMN_BASE_ERR;
}

/* From when a request was due: only where there are arrival rates. How they
 * went: once the first one did. */
static bool column_there(const struct draw *d, int c)
{
    if (column_base(c)) {
        return draw_baseline_names(d);
    }
    if (c == COLUMN_WAY) {
        return d->m->ways != 0;
    }
    return (c != COLUMN_DUE95 && c != COLUMN_DUE99) || model_timed(d->m);
}

/* Names come before the trend, which is as good with fewer columns. */
static int trend_cols(const struct draw *d, int cols)
{
    int name = 13, width = 9 + 2, i;
    size_t k;

    for (k = 0; k < d->m->n_requests; k++) {
        int w = text_width(d->m->requests[k].name);

        name = w > name ? w : name;
    }
    name = name < LIST_NAME_MAX ? name : LIST_NAME_MAX;
    for (i = 0; i < COLUMN_TREND; i++) {
        width += column_there(d, i) ? columns[i].width : 0;
    }
    cols -= width + name;
    return cols >= d->l.trend ? d->l.trend
           : cols >= 8        ? cols
           : d->l.trend < 8   ? d->l.trend
                              : 8;
}

/* Which columns fit beside a name of at least 13; their width in all. */
static int columns_fit(const struct draw *d, int cols, int trend, bool *on)
{
    int keep, i, width = 0;

    for (keep = 0; keep < COLUMN_COUNT; keep++) {
        for (i = 0; i < COLUMN_COUNT; i++) {
            int more = i == COLUMN_TREND ? trend + 2 : columns[i].width;

            if (columns[i].keep == keep) {
                on[i] = column_there(d, i) && width + more + 9 + 13 <= cols;
                width += on[i] ? more : 0;
            }
        }
    }
    return width;
}

static void request_cell(const struct draw *d, const struct model_request *r,
                         enum column_id c, int row, int end)
{
    const struct summary *s = model_request_shown(d->m, r);
    char text[48];
    enum role role = ROLE_TEXT;

    switch (c) {
    case COLUMN_REQ:
        num_count(text, d->m->cursor.on ? s->requests : r->run.requests);
        break;
    case COLUMN_RPS:
        if (s->rate >= 99999.5) { /* must not touch what stands before */
            show_axis_count(text, sizeof text, s->rate);
        } else {
            num_rate(text, s->rate);
        }
        break;
    case COLUMN_P50:
        show_latency(text, sizeof text, s->p50_us, s->responses > 0);
        role = draw_thin(ROLE_TEXT, s->responses, 50);
        break;
    case COLUMN_P95:
        show_latency(text, sizeof text, s->p95_us, s->responses > 0);
        role = draw_thin(ROLE_LIVE, s->responses, 95);
        break;
    case COLUMN_P99:
        show_latency(text, sizeof text, s->p99_us, s->responses > 0);
        role = draw_thin(ROLE_TEXT, s->responses, 99);
        break;
    case COLUMN_DUE95:
        show_latency(text, sizeof text, s->due_p95_us, s->due > 0);
        role = draw_thin(ROLE_TEXT, s->due, 95);
        break;
    case COLUMN_DUE99:
        show_latency(text, sizeof text, s->due_p99_us, s->due > 0);
        role = draw_thin(ROLE_TEXT, s->due, 99);
        break;
    case COLUMN_ERR:
        snprintf(text, sizeof text, "%.1f", s->error_rate * 100);
        role = s->failed > 0 ? ROLE_WARN : ROLE_FRAME;
        break;
    case COLUMN_BASE_RPS:
        role = draw_baseline_name(d, r, BASELINE_RPS, text, sizeof text);
        break;
    case COLUMN_BASE_P95:
        role = draw_baseline_name(d, r, BASELINE_P95, text, sizeof text);
        break;
    case COLUMN_BASE_ERR:
        role = draw_baseline_name(d, r, BASELINE_ERRORS, text, sizeof text);
        break;
    case COLUMN_WAY:
        way_brief(text, sizeof text, r->ways);
        role = ROLE_FRAME;
        break;
    case COLUMN_TREND:
    case COLUMN_COUNT:
        return;
    }
    grid_right(d->g, row, end, columns[c].width, role, text);
}

const char *draw_requests_right(const struct draw *d, int rows, char *buf,
                                size_t size)
{
    size_t n = d->m->rows[LIST_REQUESTS].n, all = d->m->n_requests;
    int cols = d->l.requests_cols;
    char way[WAY_TEXT_MAX] = "", by[24], of[32] = "";
    bool on[COLUMN_COUNT];

    (void)columns_fit(d, cols, trend_cols(d, cols), on);
    way_text(way, sizeof way, d->m->ways);
    if (on[COLUMN_WAY] || text_width(way) + 64 > cols) {
        way[0] = '\0'; /* it has a column, or no room beside the rest */
    }
    sort_text(d->ui->sort, d->ui->sort_turned, by, sizeof by);
    if (n < all) {
        snprintf(of, sizeof of, " of %zu", all);
    }
    if (*draw_baseline_lacks(d) != '\0' && cols >= 80) {
        snprintf(way, sizeof way, "%s", draw_baseline_lacks(d));
    }
    if (rows > 0 && n > (size_t)rows) {
        snprintf(buf, size, "%s%s%d of %zu%s, by %s · %s shows all", way,
                 way[0] != '\0' ? " · " : "", rows, n, n < all ? " found" : "",
                 by, ui_label(d->ui, ACTION_REQUESTS));
    } else {
        snprintf(buf, size, "%s%s%zu%s, by %s", way,
                 way[0] != '\0' ? " · " : "", n, of, by);
    }
    return buf;
}

/* The column that is sorted by; COLUMN_COUNT: the name's. */
static int column_of(enum sort s)
{
    static const enum column_id at[SORT_COUNT] = {
        [SORT_BY_P95] = COLUMN_P95,    [SORT_BY_P99] = COLUMN_P99,
        [SORT_BY_RATE] = COLUMN_RPS,   [SORT_BY_REQUESTS] = COLUMN_REQ,
        [SORT_BY_ERRORS] = COLUMN_ERR, [SORT_BY_NAME] = COLUMN_COUNT,
    };

    return (int)at[s];
}

/* A click on the title of column c, in b, sorts by it, if that can be. */
static void column_hit(const struct draw *d, struct box b, int c)
{
    int s;

    for (s = 0; s < SORT_COUNT; s++) {
        if (column_of((enum sort)s) == c) {
            draw_hit(d->g, HIT_HEADING, b, (uint32_t)s);
        }
    }
}

/* Titles, with the way that rows are sorted behind the one they are sorted by.
 */
static void requests_heading(const struct draw *d, struct box b, int col,
                             const bool *on)
{
    const struct box name = {b.row, b.col, 1, col - b.col};
    const char *way = sort_rises(d->ui->sort, d->ui->sort_turned) ? "▴" : "▾";
    int sorted = column_of(d->ui->sort), c;
    char title[32];

    grid_putf(d->g, b.row, b.col + 1, ROLE_FRAME, "method name%s",
              sorted == COLUMN_COUNT ? way : "");
    column_hit(d, name, COLUMN_COUNT);
    for (c = 0; c < COLUMN_COUNT; c++) {
        snprintf(title, sizeof title, "%s%s",
                 column_base(c)                       ? draw_baseline_title(d)
                 : c == COLUMN_REQ && d->m->cursor.on ? "then"
                                                      : columns[c].title,
                 c == sorted ? way : "");
        if (on[c] && c != COLUMN_TREND) {
            column_hit(d, (struct box){b.row, col, 1, columns[c].width}, c);
            col += columns[c].width;
            grid_right(d->g, b.row, col, columns[c].width, ROLE_FRAME, title);
        } else if (on[c]) {
            grid_put(d->g, b.row, col + 2, ROLE_FRAME, title);
        }
    }
}

void draw_requests(const struct draw *d, struct box b, int selected)
{
    const struct model_rows *list = &d->m->rows[LIST_REQUESTS];
    bool on[COLUMN_COUNT];
    int trend = trend_cols(d, b.cols);
    int width = columns_fit(d, b.cols, trend, on);
    int name =
        b.cols - 9 - width < LIST_NAME_MAX ? b.cols - 9 - width : LIST_NAME_MAX;
    int i, c, top, col;
    int rows = b.rows - 1, n = (int)list->n;
    int mark = selected < 0 ? ui_picked(d->ui, d->m) : selected;

    requests_heading(d, b, b.col + 9 + name, on);
    if (n == 0 && d->m->n_requests > 0) {
        draw_nothing_found(d, b.row + 1, b.col + 1);
    }
    top = draw_list_top(rows, n, mark);
    draw_hit(d->g, selected < 0 ? HIT_REQUEST : HIT_ROW,
             (struct box){b.row + 1, b.col, rows, b.cols}, (uint32_t)top);
    for (i = 0; i < rows && top + i < n; i++) {
        const struct model_request *r = &d->m->requests[list->at[top + i]];
        int row = b.row + 1 + i;

        grid_fit(d->g, row, b.col + 1, 7, ROLE_FRAME, r->method);
        grid_fit(d->g, row, b.col + 8, name, ROLE_TEXT, r->name);
        col = b.col + 9 + name;
        for (c = 0; c < COLUMN_COUNT; c++) {
            if (on[c] && c != COLUMN_TREND) {
                col += columns[c].width;
                request_cell(d, r, (enum column_id)c, row, col);
            } else if (on[c]) {
                draw_trend(d, row, col + 2, trend, r->trend, r->n_trend,
                           ROLE_LIVE);
            }
        }
        draw_list_mark(d, b, row, top + i == mark);
    }
    if (selected >= 0) {
        draw_more(d, b, n - top - rows);
    }
}
