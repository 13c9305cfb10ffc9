/* SPDX-License-Identifier: MIT
 *
 * draw_detail - one request looked into: its figures of each span of time, the
 * phases that its time goes to, its statuses and its checks. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "measure/delta.h"
#include "screen/show.h"

enum { DETAIL_LABEL = 14, DETAIL_COL = 12 };

struct detail {
    const struct model_request *r;
    const struct summary *spans[3];
    char names[3][48];
    int n;
};

static void detail_label(struct page *p, int row, const char *text)
{
    grid_fit(p->d->g, row, p->b.col + 1, DETAIL_LABEL, ROLE_FRAME, text);
}

static void detail_cell(struct page *p, int row, int i, enum role role,
                        const char *text)
{
    grid_right(p->d->g, row, p->b.col + DETAIL_LABEL + (i + 1) * DETAIL_COL,
               DETAIL_COL - 1, role, text);
}

static void detail_counts(struct page *p, const struct detail *t)
{
    int rows[4], i;
    char x[NUM_MAX];

    for (i = 0; i < 4; i++) {
        static const char *const labels[] = {"", "requests", "req/s", "failed"};

        rows[i] = page_row(p);
        detail_label(p, rows[i], labels[i]);
    }
    for (i = 0; i < t->n; i++) {
        const struct summary *s = t->spans[i];

        detail_cell(p, rows[0], i, i == 2 ? ROLE_CURSOR : ROLE_FRAME,
                    t->names[i]);
        detail_cell(p, rows[1], i, ROLE_TEXT, num_count(x, s->requests));
        detail_cell(p, rows[2], i, ROLE_TEXT, num_rate(x, s->rate));
        detail_cell(p, rows[3], i, s->failed > 0 ? ROLE_WARN : ROLE_TEXT,
                    s->requests > 0 ? num_percent(x, s->error_rate) : "-");
    }
}

static void detail_times(struct page *p, const struct detail *t)
{
    static const struct {
        const char *label;
        size_t at; /* in a summary */
        double percentile;
        bool due;
    } rows[] = {
        {"p50", offsetof(struct summary, p50_us), 50, false},
        {"p90", offsetof(struct summary, p90_us), 90, false},
        {"p95", offsetof(struct summary, p95_us), 95, false},
        {"p99", offsetof(struct summary, p99_us), 99, false},
        {"max", offsetof(struct summary, max_us), 0, false},
        {"p95 due", offsetof(struct summary, due_p95_us), 95, true},
        {"p99 due", offsetof(struct summary, due_p99_us), 99, true},
    };
    size_t k;
    int i;

    for (k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        int row;

        if (rows[k].due && t->r->run.due == 0) {
            continue;
        }
        row = page_row(p);
        detail_label(p, row, rows[k].label);
        for (i = 0; i < t->n; i++) {
            const struct summary *s = t->spans[i];
            uint64_t n = rows[k].due ? s->due : s->responses, us;
            char text[48];

            memcpy(&us, (const char *)s + rows[k].at, sizeof us);
            detail_cell(p, row, i, draw_thin(ROLE_TEXT, n, rows[k].percentile),
                        show_latency(text, sizeof text, us, n > 0));
        }
    }
}

static void detail_phases(struct page *p)
{
    static const char *const labels[MODEL_PHASES] = {
        "blocked", "connecting", "TLS",       "sending",
        "waiting", "receiving",  "last three"};
    static const char *const heads[] = {"p50", "p95", "p99", "max"};
    const struct model_detail *t = &p->d->m->detail;
    int i, k, row;

    page_head(p, "where the time goes, whole run");
    row = p->n > 0 ? page_row(p) : -1;
    for (k = 0; k < 4; k++) {
        detail_cell(p, row, k, ROLE_FRAME, heads[k]);
    }
    for (i = 0; i < MODEL_PHASES; i++) {
        const struct model_phase *f = &t->phases[i];
        const uint64_t us[] = {f->p50_us, f->p95_us, f->p99_us, f->max_us};

        row = page_row(p);
        detail_label(p, row, labels[i]);
        for (k = 0; k < 4; k++) {
            char text[48];

            detail_cell(p, row, k,
                        f->n > 0 && us[k] == 0 ? ROLE_FRAME : ROLE_TEXT,
                        show_latency(text, sizeof text, us[k], f->n > 0));
        }
    }
}

static void detail_statuses(struct page *p, uint64_t all)
{
    const struct model_detail *t = &p->d->m->detail;
    char text[96], x[NUM_MAX];
    size_t i;

    page_head(p, "statuses, whole run");
    for (i = 0; i < t->n_statuses; i++) {
        const struct model_status *s = &t->statuses[i];
        const struct error_line e = {.kind = s->kind,
                                     .status = (uint16_t)s->status};
        int row = page_row(p), col;

        if (s->kind == FAILURE_NONE) {
            snprintf(text, sizeof text,
                     s->status == STATUS_OTHER ? "others, expected"
                                               : "%u, expected",
                     s->status);
        } else {
            show_error(&e, text, sizeof text);
        }
        grid_fit(p->d->g, row, p->b.col + 1, DETAIL_LABEL + DETAIL_COL - 2,
                 s->kind == FAILURE_NONE ? ROLE_TEXT : show_error_role(&e),
                 text);
        col = 1;
        detail_cell(p, row, col, ROLE_TEXT, num_count(x, s->count));
        detail_cell(p, row, col + 1, ROLE_FRAME,
                    all > 0 ? num_percent(x, (double)s->count / (double)all)
                            : "-");
    }
    if (t->statuses_more > 0) {
        grid_putf(p->d->g, page_row(p), p->b.col + 1, ROLE_FRAME,
                  "and %s with further ones", num_count(x, t->statuses_more));
    }
}

static void detail_checks(struct page *p, const struct model_request *r)
{
    const struct model *m = p->d->m;
    bool any = false;
    size_t i;

    for (i = 0; i < m->n_checks; i++) {
        const struct model_check *c = &m->checks[i];
        char x[NUM_MAX], y[NUM_MAX], text[128];
        int row, room = p->b.cols - 30;

        if (c->name_index != r->index) {
            continue;
        }
        if (!any) {
            page_head(p, "checks, whole run");
            any = true;
        }
        row = page_row(p);
        grid_cp(p->d->g, row, p->b.col + 1,
                c->line.fails > 0 ? ROLE_BAD : ROLE_GOOD,
                c->line.fails > 0 ? 0x2717 : 0x2713);
        room = room < 50 ? room : 50;
        grid_fit(p->d->g, row, p->b.col + 3, room - 3, ROLE_TEXT, c->name);
        snprintf(text, sizeof text, "%s passed, %s failed",
                 num_count(x, c->line.passes), num_count(y, c->line.fails));
        grid_fit(p->d->g, row, p->b.col + room + 1, p->b.cols - room - 1,
                 c->line.fails > 0 ? ROLE_WARN : ROLE_FRAME, text);
    }
}

static void detail_page(struct page *p, const void *ctx)
{
    const struct detail *t = ctx;
    char way[WAY_TEXT_MAX];
    int row, cols = p->b.cols - DETAIL_LABEL - 1;

    detail_counts(p, t);
    detail_times(p, t);
    row = page_row(p);
    detail_label(p, row, "trend of p95");
    draw_trend(p->d, row, p->b.col + DETAIL_LABEL + 1, cols < 60 ? cols : 60,
               t->r->trend, t->r->n_trend, ROLE_LIVE);
    row = page_row(p);
    detail_label(p, row, "lane, HTTP");
    grid_put(p->d->g, row, p->b.col + DETAIL_LABEL + 1, ROLE_TEXT,
             t->r->ways != 0 ? way_text(way, sizeof way, t->r->ways) : "-");
    if (p->d->m->detail.later) {
        grid_fit(p->d->g, page_row(p), p->b.col + 1, p->b.cols - 1, ROLE_WARN,
                 "what follows is of when it was opened: the picture stands "
                 "still");
    }
    detail_phases(p);
    detail_statuses(p, t->r->run.requests);
    detail_checks(p, t->r);
}

void draw_detail(const struct draw *d)
{
    const struct model *m = d->m;
    struct detail t = {.r = NULL};
    char title[320];
    struct box b;
    size_t i;

    for (i = 0; i < m->n_requests; i++) {
        if (m->requests[i].index == d->ui->request) {
            t.r = &m->requests[i];
        }
    }
    if (t.r == NULL || !m->detail.on || m->detail.name != d->ui->request) {
        return; /* the next picture has it */
    }
    t.spans[0] = &t.r->window;
    t.spans[1] = &t.r->run;
    t.spans[2] = &t.r->at;
    snprintf(t.names[0], sizeof t.names[0], "last 10 s");
    snprintf(t.names[1], sizeof t.names[1], "whole run");
    t.n = m->cursor.on ? 3 : 2;
    if (m->cursor.on) {
        draw_span(d, t.names[2], sizeof t.names[2]);
    }
    snprintf(title, sizeof title, "%s%s%s", t.r->method,
             t.r->method[0] != '\0' ? " " : "", t.r->name);
    b = draw_panel_list(d, d->g->rows, title, "↑↓ scroll   {back} back");
    page_draw(d, b, detail_page, &t);
}
