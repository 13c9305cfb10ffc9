/* SPDX-License-Identifier: MIT
 *
 * draw_lists - thresholds, errors by kind. Each fits itself into the box it is
 * given and leaves out columns from the right. */
#include "config.h"

#include "screen/draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "screen/show.h"

int draw_list_top(int rows, int n, int selected)
{
    int top = selected >= rows ? selected - rows + 1 : 0;

    return top + rows > n ? (n > rows ? n - rows : 0) : top;
}

void draw_nothing_found(const struct draw *d, int row, int col)
{
    char text[EDIT_MAX + 48];

    snprintf(text, sizeof text, "nothing with '%s' · %s clears the filter",
             ui_filter(d->ui), ui_label(d->ui, ACTION_BACK));
    grid_fit(d->g, row, col, d->g->cols - col, ROLE_FRAME, text);
}

const char *draw_filtered(const struct draw *d, const char *title, char *buf,
                          size_t size)
{
    const char *filter = ui_filter(d->ui);

    snprintf(buf, size, "%s%s%s", title, filter[0] != '\0' ? "  /" : "",
             filter);
    return buf;
}

void draw_list_mark(const struct draw *d, struct box b, int row, bool on)
{
    if (on) {
        grid_cp(d->g, row, b.col, ROLE_KEY, 0x25b8);
        grid_paint(d->g, row, b.col, b.cols, ROLE_SELECTED);
    }
}

void draw_list_hits(const struct draw *d, struct box b, int selected, int top)
{
    if (selected >= 0) {
        draw_hit(d->g, HIT_ROW, b, (uint32_t)top);
    }
}

/* Wider, and the eye loses the row on its way to the number. */
enum { CHIP_MAX = 52 };

/* A time of requests as a whole, which a failure makes short. */
static bool verdict_is_time(unsigned metric)
{
    return metric == METRIC_HTTP_REQ_DURATION ||
           metric == METRIC_HTTP_REQ_INTENDED_DURATION ||
           metric == METRIC_HTTP_REQ_WAITING;
}

/* Is it one of the plan's own, of the time that requests of that name take? */
static bool verdict_fed_by(const struct plan *p, unsigned metric, size_t name)
{
    size_t i, k;

    for (i = 0; i < p->n_requests; i++) {
        const struct request *r = p->requests[i];

        for (k = 0; k < r->n_feeds && r->name_index == name; k++) {
            if (r->feeds[k].metric == metric &&
                r->feeds[k].kind == FEED_DURATION) {
                return true;
            }
        }
    }
    return false;
}

/* Are requests of that name among those that it judges the time of? */
static bool verdict_of_name(const struct plan *p, const struct selector *s,
                            size_t name)
{
    bool fed = verdict_is_time(s->metric) || verdict_fed_by(p, s->metric, name);
    size_t i;

    for (i = 0; i < s->n_tags && fed; i++) {
        const struct selector_tag *t = &s->tags[i];

        /* Tags that tell failures from others leave none to be hollow by. */
        fed = t->tag == TAG_NAME
                  ? strcmp(t->value, p->names[name]) == 0
                  : t->tag == TAG_METHOD || t->tag == TAG_GROUP ||
                        t->tag == TAG_SCENARIO;
    }
    return fed;
}

bool draw_verdict_hollow(const struct draw *d, const struct verdict *v)
{
    const struct threshold *t = v->threshold;
    const struct model *m = d->m;
    struct summary of = {.requests = 0};
    size_t i;

    if (!v->ok || v->pending || (t->op != OP_LT && t->op != OP_LE)) {
        return false;
    }
    for (i = 0; i < m->n_requests; i++) {
        const struct model_request *r = &m->requests[i];
        const struct summary *s = t->window_us > 0 ? &r->window : &r->run;

        if (verdict_of_name(m->info->plan, &t->selector, r->index)) {
            of.requests += s->requests;
            of.responses += s->responses;
            of.failed += s->failed;
        }
    }
    return draw_hollow(&of);
}

void draw_sign(const struct draw *d, int row, int col, bool ok, bool hollow)
{
    grid_cp(d->g, row, col,
            !ok      ? ROLE_BAD
            : hollow ? ROLE_WARN
                     : ROLE_GOOD,
            !ok      ? 0x2717
            : hollow ? '!'
                     : 0x2713);
}

/* The sign of a verdict. */
static void verdict_sign(const struct draw *d, int row, int col,
                         const struct verdict *v)
{
    if (v->pending) {
        grid_cp(d->g, row, col, ROLE_FRAME, 0x2026);
    } else {
        draw_sign(d, row, col, v->ok, draw_verdict_hollow(d, v));
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

const char *draw_thresholds_title(const struct draw *d, int cols)
{
    return !d->m->info->no_thresholds ? "thresholds, whole run"
           : cols < 60                ? "thresholds, info only"
           : draw_hunts(d) ? "thresholds, info only: the hunt decides"
                           : "thresholds, info only: --no-thresholds";
}

enum role draw_tally(const struct draw *d, char *buf, size_t size)
{
    size_t n = d->m->n_verdicts, failing = model_failing(d->m), hold = 0, i;

    for (i = 0; i < n; i++) {
        hold += d->m->verdicts[i].ok && !d->m->verdicts[i].pending;
    }
    /* In the words of lines and status: those that pass. */
    if (n == 0) {
        snprintf(buf, size, "none");
    } else if (hold == n && n > 1) {
        snprintf(buf, size, "all %zu pass", n);
    } else {
        snprintf(buf, size, "%zu/%zu pass", hold, n);
    }
    if (d->m->info->no_thresholds) {
        return ROLE_FRAME;
    }
    return failing > 0 ? ROLE_BAD : n > 0 && hold == n ? ROLE_GOOD : ROLE_FRAME;
}

/* Where not all have room: those that a hunt is for, those that fail, the
 * others. */
static int verdict_class(const struct draw *d, const struct verdict *v)
{
    return draw_hunts_for(d, v->threshold) ? 0 : !v->ok && !v->pending ? 1 : 2;
}

/* The i-th verdict to show: in the plan's order, or by class and that. */
static const struct verdict *verdict_at(const struct draw *d, size_t i,
                                        bool all)
{
    const struct model *m = d->m;
    int class;
    size_t k;

    if (all) {
        return &m->verdicts[i];
    }
    for (class = 0; class <= 2; class ++) {
        for (k = 0; k < m->n_verdicts; k++) {
            if (verdict_class(d, &m->verdicts[k]) == class && i-- == 0) {
                return &m->verdicts[k];
            }
        }
    }
    MUST(!"a verdict");
    return NULL;
}

/* In place of the last n of the list of the thresholds: how many of those that
 * are not in sight fail. */
static void verdict_more(const struct draw *d, int row, int col, int n,
                         const char *tail)
{
    size_t i = d->m->n_verdicts - (size_t)n;
    int fail = 0;

    for (; i < d->m->n_verdicts; i++) {
        const struct verdict *v = verdict_at(d, i, false);

        fail += !v->ok && !v->pending;
    }
    col = grid_putf(d->g, row, col, ROLE_FRAME, "… %d more", n);
    if (fail > 0) {
        col = grid_put(d->g, row, col, ROLE_FRAME, ", ");
        col = grid_putf(d->g, row, col, ROLE_BAD, "%d ✗", fail);
    }
    grid_putf(d->g, row, col, ROLE_FRAME, " · %s%s",
              ui_label(d->ui, ACTION_THRESHOLDS), tail);
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
                   d->m->cursor.on ? draw_span(d, span, sizeof span)
                                   : "last 10 s");
        grid_right(d->g, b.row, end - 1, 11, ROLE_FRAME, "margin");
        b.row++;
        b.rows--;
    }
    if (selected < 0 && n > b.rows && b.rows > 1) {
        /* What fails comes first. */
        b.rows--;
        verdict_more(d, b.row + b.rows, b.col + 1, n - b.rows, " shows all");
    }
    top = draw_list_top(b.rows, n, selected);
    draw_list_hits(d, b, selected, top);
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
            bool holds = v->window_ok, judged = f->fed && !v->pending;

            if (d->m->cursor.on) {
                judged = draw_judged(d, v, &holds);
            }
            grid_right(d->g, row, at_window, 10,
                       judged && !holds ? ROLE_BAD
                       : f->thin        ? ROLE_THIN
                                        : ROLE_TEXT,
                       show_figure(p, v->threshold, f, text, sizeof text));
            grid_right(d->g, row, end - 1, 11, ROLE_FRAME,
                       show_margin(v, text, sizeof text));
        }
        draw_list_mark(d, b, row, top + i == selected);
    }
    if (selected >= 0) {
        draw_more(d, b, n - top - b.rows);
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
            verdict_more(d, row, col + 1, (int)(n - i), "");
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
    const struct model_rows *list = &d->m->rows[LIST_ERRORS];
    int n = (int)list->n, i, top;
    bool wide = b.cols >= 70;
    int label = !wide ? b.cols - 17 : b.cols < 90 ? 20 : 26;

    if (d->m->cursor.on && selected < 0) {
        draw_errors_at(d, b);
        return;
    }
    if (n == 0 && d->m->n_errors > 0) {
        draw_nothing_found(d, b.row, b.col + 1);
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
    top = draw_list_top(b.rows, n, selected);
    draw_list_hits(d, b, selected, top);
    for (i = 0; i < b.rows && top + i < n; i++) {
        const struct model_error *e = &d->m->errors[list->at[top + i]];
        char number[NUM_MAX];
        int row = b.row + i, col = b.col + 1 + label;

        /* Failed checks are counted beside the requests in the title. */
        bool apart = e->line.kind == FAILURE_CHECK;

        grid_fit(d->g, row, b.col + 1, label,
                 apart ? ROLE_FRAME : show_error_role(&e->line), e->label);
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
        draw_list_mark(d, b, row, top + i == selected);
    }
    if (selected >= 0) {
        draw_more(d, b, n - top - b.rows);
    }
}
