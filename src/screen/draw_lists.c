/* SPDX-License-Identifier: MIT
 *
 * draw_lists - requests by name, thresholds, errors by kind. Each fits itself
 * into the box it is given and leaves out columns from the right. */
#include "config.h"

#include "screen/draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "screen/show.h"

/* The first row to show so that the selected one is in sight. */
static int list_top(int rows, int n, int selected)
{
    int top = selected >= rows ? selected - rows + 1 : 0;

    return top + rows > n ? (n > rows ? n - rows : 0) : top;
}

static void list_mark(const struct draw *d, struct box b, int row, bool on)
{
    if (on) {
        grid_cp(d->g, row, b.col, ROLE_KEY, 0x25b8);
        grid_paint(d->g, row, b.col, b.cols, ROLE_SELECTED);
    }
}

/* Wider, and the eye loses the row on its way to the numbers. */
enum { LIST_NAME_MAX = 56, CHIP_MAX = 52 };

enum column_id {
    COLUMN_REQ,
    COLUMN_RPS,
    COLUMN_P50,
    COLUMN_P95,
    COLUMN_P99,
    COLUMN_DUE95,
    COLUMN_DUE99,
    COLUMN_ERR,
    COLUMN_WAY,
    COLUMN_TREND,
    COLUMN_COUNT
};

struct column {
    const char *title;
    int width;
    int keep; /* columns go from the highest */
};

static const struct column columns[COLUMN_COUNT] = {
    [COLUMN_REQ] = {"req", 9, 2},         [COLUMN_RPS] = {"req/s", 7, 4},
    [COLUMN_P50] = {"p50", 8, 5},         [COLUMN_P95] = {"p95", 9, 0},
    [COLUMN_P99] = {"p99", 9, 3},         [COLUMN_DUE95] = {"p95 due", 9, 3},
    [COLUMN_DUE99] = {"p99 due", 9, 7},   [COLUMN_ERR] = {"err%", 6, 1},
    [COLUMN_WAY] = {"lane, HTTP", 15, 6}, [COLUMN_TREND] = {"trend", 0, 8},
};

/* From when a request was due: only where there are arrival rates. How they
 * went: once the first one did. */
static bool column_there(const struct draw *d, int c)
{
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
    int drop, i, width = 0;

    for (drop = COLUMN_COUNT; drop >= 0; drop--) {
        width = 0;
        for (i = 0; i < COLUMN_COUNT; i++) {
            on[i] = columns[i].keep < drop && column_there(d, i);
            if (on[i]) {
                width += i == COLUMN_TREND ? trend + 2 : columns[i].width;
            }
        }
        if (width + 9 + 13 <= cols) {
            break;
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
    size_t n = d->m->n_requests;
    int cols = d->l.requests_cols;
    char way[WAY_TEXT_MAX] = "";
    bool on[COLUMN_COUNT];

    (void)columns_fit(d, cols, trend_cols(d, cols), on);
    if (!on[COLUMN_WAY]) {
        way_text(way, sizeof way, d->m->ways);
    }
    if (rows > 0 && n > (size_t)rows) {
        snprintf(buf, size, "%s%s%d of %zu, by p95 · r shows all", way,
                 way[0] != '\0' ? " · " : "", rows, n);
    } else {
        snprintf(buf, size, "%s%s%zu, by p95", way, way[0] != '\0' ? " · " : "",
                 n);
    }
    return buf;
}

void draw_requests(const struct draw *d, struct box b, int selected)
{
    bool on[COLUMN_COUNT];
    int trend = trend_cols(d, b.cols);
    int width = columns_fit(d, b.cols, trend, on);
    int name =
        b.cols - 9 - width < LIST_NAME_MAX ? b.cols - 9 - width : LIST_NAME_MAX;
    int i, c, top, col;
    int rows = b.rows - 1, n = (int)d->m->n_requests;

    grid_put(d->g, b.row, b.col + 1, ROLE_FRAME, "method name");
    col = b.col + 9 + name;
    for (c = 0; c < COLUMN_COUNT; c++) {
        if (on[c] && c != COLUMN_TREND) {
            col += columns[c].width;
            grid_right(d->g, b.row, col, columns[c].width, ROLE_FRAME,
                       columns[c].title);
        } else if (on[c]) {
            grid_put(d->g, b.row, col + 2, ROLE_FRAME, columns[c].title);
        }
    }
    top = list_top(rows, n, selected);
    for (i = 0; i < rows && top + i < n; i++) {
        const struct model_request *r = &d->m->requests[top + i];
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
        list_mark(d, b, row, top + i == selected);
    }
}

/* The sign of a verdict. */
static void verdict_sign(const struct draw *d, int row, int col,
                         const struct verdict *v)
{
    if (v->pending) {
        grid_cp(d->g, row, col, ROLE_FRAME, 0x2026);
    } else {
        grid_cp(d->g, row, col, v->ok ? ROLE_GOOD : ROLE_BAD,
                v->ok ? 0x2713 : 0x2717);
    }
}

/* Holds, but not by much. */
static bool verdict_close(const struct plan *p, const struct verdict *v)
{
    const struct threshold *t = v->threshold;

    /* What a share can be more than its limit ends at 1. */
    if ((t->op == OP_GT || t->op == OP_GE) && t->agg == AGG_RATE &&
        plan_metric_info(p, t->selector.metric).type == METRIC_RATE) {
        return v->run.value - t->limit < 0.2 * (1 - t->limit);
    }
    return v->margin < 0.2;
}

static enum role verdict_role(const struct plan *p, const struct verdict *v)
{
    if (v->pending) {
        return ROLE_FRAME;
    }
    if (!v->ok) {
        return ROLE_BAD;
    }
    return v->run.thin           ? ROLE_THIN
           : verdict_close(p, v) ? ROLE_WARN
                                 : ROLE_TEXT;
}

const char *draw_thresholds_title(const struct draw *d)
{
    return d->m->info->no_thresholds ? "thresholds, not counted"
                                     : "thresholds, whole run";
}

enum role draw_tally(const struct draw *d, char *buf, size_t size)
{
    size_t n = d->m->n_verdicts, failing = model_failing(d->m), hold = 0, i;

    for (i = 0; i < n; i++) {
        hold += d->m->verdicts[i].ok && !d->m->verdicts[i].pending;
    }
    if (n == 0) {
        snprintf(buf, size, "none");
    } else if (failing > 0) {
        snprintf(buf, size, "%zu of %zu ✗", failing, n);
    } else if (hold == n && n > 1) {
        snprintf(buf, size, "all %zu hold", n);
    } else {
        snprintf(buf, size, "%zu of %zu ✓", hold, n);
    }
    if (d->m->info->no_thresholds) {
        return ROLE_FRAME;
    }
    return failing > 0 ? ROLE_BAD : n > 0 && hold == n ? ROLE_GOOD : ROLE_FRAME;
}

/* The i-th verdict to show: in the plan's order, but where not all have room
 * those that fail come first. */
static const struct verdict *verdict_at(const struct draw *d, size_t i,
                                        bool all)
{
    const struct model *m = d->m;
    size_t failing = model_failing(m), k;
    bool want = i < failing; /* the failing ones, or the others */

    if (all) {
        return &m->verdicts[i];
    }
    i -= want ? 0 : failing;
    for (k = 0; k < m->n_verdicts; k++) {
        const struct verdict *v = &m->verdicts[k];

        if ((!v->ok && !v->pending) == want && i-- == 0) {
            return v;
        }
    }
    MUST(!"a verdict");
    return NULL;
}

/* Subject and rule within the columns from..end. */
static void threshold_name(const struct draw *d, int row, int from, int end,
                           const struct threshold *t)
{
    const struct plan *p = d->m->info->plan;
    char subject[160], rule[64];

    show_rule(p, t, rule, sizeof rule);
    show_subject(p, t, subject, sizeof subject);
    if (subject[0] != '\0') {
        int name = text_width(subject) < 10 ? text_width(subject) : 10;

        /* Of a name one must see which; the limit is in the list too. */
        if (end - from - 1 - text_width(rule) < name) {
            rule[strcspn(rule, " ")] = '\0';
        }
        from = grid_fit(d->g, row, from, end - from - 1 - text_width(rule),
                        ROLE_TEXT, subject) +
               1;
    }
    grid_fit(d->g, row, from, end - from, ROLE_LIMIT, rule);
}

void draw_thresholds(const struct draw *d, struct box b, int selected)
{
    const struct plan *p = d->m->info->plan;
    int n = (int)d->m->n_verdicts, i, top, end = b.col + b.cols;
    bool wide = b.cols >= 56;
    /* Columns behind: the name, the run's value, the window's, the margin. */
    int at_name = end - (wide ? 34 : 9), at_run = end - (wide ? 24 : 0);
    int at_window = end - 13;
    const struct verdict *all = d->m->verdicts;
    char span[48];

    if (b.rows > 1 && wide) {
        grid_right(d->g, b.row, at_run, 10, ROLE_FRAME, "run");
        grid_right(d->g, b.row, at_window, 13,
                   d->m->cursor.on ? ROLE_CURSOR : ROLE_FRAME,
                   draw_span(d, span, sizeof span));
        grid_right(d->g, b.row, end - 1, 11, ROLE_FRAME, "margin");
        b.row++;
        b.rows--;
    }
    if (selected < 0 && n > b.rows && b.rows > 1) {
        /* What fails comes first, so what is left out holds or waits. */
        b.rows--;
        grid_putf(d->g, b.row + b.rows, b.col + 1, ROLE_FRAME,
                  "… %d more · t shows all", n - b.rows);
    }
    top = list_top(b.rows, n, selected);
    for (i = 0; i < b.rows && top + i < n; i++) {
        const struct verdict *v =
            verdict_at(d, (size_t)(top + i), n <= b.rows || selected >= 0);
        char text[64];
        int row = b.row + i;

        verdict_sign(d, row, b.col + 1, v);
        threshold_name(d, row, b.col + 3, at_name, v->threshold);
        grid_right(d->g, row, at_run, 10, verdict_role(p, v),
                   show_figure(p, v->threshold, &v->run, text, sizeof text));
        if (wide) {
            const struct figure *f =
                d->m->cursor.on ? &d->m->cursor.figures[v - all] : &v->window;
            bool holds = true, judged = draw_judged(d, v, &holds);

            grid_right(d->g, row, at_window, 10,
                       judged && !holds ? ROLE_BAD
                       : f->thin        ? ROLE_THIN
                                        : ROLE_TEXT,
                       show_figure(p, v->threshold, f, text, sizeof text));
            grid_right(d->g, row, end - 1, 11, ROLE_FRAME,
                       show_margin(v, text, sizeof text));
        }
        list_mark(d, b, row, top + i == selected);
    }
}

void draw_threshold_chips(const struct draw *d, struct box b)
{
    const struct plan *p = d->m->info->plan;
    size_t n = d->m->n_verdicts, i, room;
    int most = b.cols >= 78 ? 3 : 2, wide, across;

    /* No more beside one another than must be: names need the room. */
    across = b.rows > 0 ? ((int)n + b.rows - 1) / b.rows : most;
    across = across > most ? most : across < 2 ? 2 : across;
    wide = b.cols / across;

    wide = wide < CHIP_MAX ? wide : CHIP_MAX;
    room = (size_t)(b.rows * across);
    for (i = 0; i < n && i < room; i++) {
        const struct verdict *v = verdict_at(d, i, n <= room);
        int row = b.row + (int)i / across;
        int col = b.col + (int)i % across * wide, end = col + wide - 1;
        char text[64];

        if (n > room && i + 1 == room) {
            grid_putf(d->g, row, col + 1, ROLE_FRAME, "… %zu more · t", n - i);
            return;
        }
        verdict_sign(d, row, col + 1, v);
        show_figure(p, v->threshold, &v->run, text, sizeof text);
        threshold_name(d, row, col + 3, end - text_width(text) - 1,
                       v->threshold);
        grid_right(d->g, row, end, wide - 4, verdict_role(p, v), text);
    }
}

/* Share of the requests; failed checks are none, and have no share. */
static const char *error_share(const struct model *m,
                               const struct error_line *e, char *buf,
                               size_t size)
{
    double share =
        m->run.requests > 0 ? (double)e->count / (double)m->run.requests : 0;

    if (e->kind == FAILURE_CHECK) {
        buf[0] = '\0';
    } else if (share > 0.9994) { /* as wide as the column lets it be */
        snprintf(buf, size, "%.0f %%", fmin(share, 9.99) * 100);
    } else {
        num_percent(buf, share);
    }
    return buf;
}

void draw_errors(const struct draw *d, struct box b, int selected)
{
    int n = (int)d->m->n_errors, i, top;
    bool wide = b.cols >= 70;
    int label = !wide ? b.cols - 17 : b.cols < 90 ? 20 : 26;

    if (d->m->cursor.on && selected < 0) {
        draw_errors_at(d, b);
        return;
    }
    if (n == 0) {
        grid_put(d->g, b.row, b.col + 1, ROLE_FRAME, "none so far");
        return;
    }
    if (wide) {
        grid_fit(d->g, b.row, b.col + 1 + label, b.cols - label - 1, ROLE_FRAME,
                 "   count  share  last 10 s  first   last   mostly at");
        b.row++;
        b.rows--;
    }
    top = list_top(b.rows, n, selected);
    for (i = 0; i < b.rows && top + i < n; i++) {
        const struct model_error *e = &d->m->errors[top + i];
        char text[96], number[NUM_MAX];
        int row = b.row + i, col = b.col + 1 + label;

        /* Failed checks are counted beside the requests in the title. */
        bool apart = e->line.kind == FAILURE_CHECK;

        grid_fit(d->g, row, b.col + 1, label,
                 apart ? ROLE_FRAME : show_error_role(&e->line),
                 show_error(&e->line, text, sizeof text));
        grid_right(d->g, row, col + 8, 8, apart ? ROLE_FRAME : ROLE_TEXT,
                   num_count(number, e->line.count));
        grid_right(d->g, row, col + 15, 7, ROLE_FRAME,
                   error_share(d->m, &e->line, number, sizeof number));
        if (wide) {
            grid_right(d->g, row, col + 26, 9, ROLE_TEXT,
                       num_count(number, e->line.window_count));
            grid_right(d->g, row, col + 33, 7, ROLE_FRAME,
                       num_clock(number, e->line.first_us));
            grid_right(d->g, row, col + 40, 7, ROLE_FRAME,
                       num_clock(number, e->line.last_us));
            grid_fit(d->g, row, col + 43, b.cols - label - 44, ROLE_TEXT,
                     e->name);
        }
        list_mark(d, b, row, top + i == selected);
    }
}
