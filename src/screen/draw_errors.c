/* SPDX-License-Identifier: MIT
 *
 * draw_errors - the panel of errors by kind, with one real response to the
 * chosen one; and that response in full. What came from the service is escaped
 * and has its secrets masked (load/evidence.h). */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>

#include "base/num.h"
#include "base/text.h"
#include "chart/spark.h"
#include "screen/show.h"

enum { ERRORS_TREND = 48 };

/* How often requests end in errors of its class, over the time that is in
 * sight. */
static void error_trend(struct page *p, const struct error_line *e)
{
    const struct model *m = p->d->m;
    enum error_class class = error_class_of(e->kind);
    char spark[3 * ERRORS_TREND + 1], text[3 * ERRORS_TREND + 128], x[NUM_MAX];
    double shares[ERRORS_TREND] = {0}, top = 0;
    size_t n = ERRORS_TREND, i;

    if (m->n_bins == 0 || e->kind == FAILURE_CHECK) {
        return; /* checks are beside the requests */
    }
    n = p->b.cols < 80 ? 20 : n;
    n = m->n_bins < n ? m->n_bins : n;
    for (i = 0; i < n; i++) {
        size_t k = i * m->n_bins / n, to = (i + 1) * m->n_bins / n;
        uint64_t errors = 0, requests = 0;

        for (; k < to; k++) {
            errors += m->bins[k].errors[class];
            requests += m->bins[k].requests;
        }
        shares[i] = requests > 0 ? (double)errors / (double)requests : 0;
        top = shares[i] > top ? shares[i] : top;
    }
    spark_text(shares, n, top, p->d->g->ascii, spark, sizeof spark);
    snprintf(text, sizeof text, "%s   %s over time, at worst %s of requests",
             spark, show_class_text(class), num_percent(x, top));
    show_parts(text, " of requests", p->b.cols);
    grid_fit(p->d->g, page_row(p), p->b.col, p->b.cols, show_class_role(class),
             text);
}

static void error_page(struct page *p, const void *ctx)
{
    const struct model_error *e = ctx;
    const struct failure_sample *s = &e->sample;
    char took[48], when[NUM_MAX], head[512];

    error_trend(p, &e->line);
    if (!e->has_sample) {
        grid_put(p->d->g, page_row(p), p->b.col, ROLE_FRAME,
                 "no sample was kept");
        return;
    }
    show_latency(took, sizeof took, s->took_us, s->took_us > 0);
    snprintf(head, sizeof head, "%s · %s · VU %u · at %s · after %s", e->label,
             e->name, s->vu, num_clock(when, s->t_us), took);
    grid_fit(p->d->g, page_row(p), p->b.col, p->b.cols, ROLE_STRONG, head);
    page_text(p, ROLE_TEXT, s->message);
    page_text(p, ROLE_TEXT, s->text);
}

void draw_errors_panel(const struct draw *d)
{
    const struct model *m = d->m;
    const struct model_rows *found = &m->rows[LIST_ERRORS];
    char title[320], text[160], n[NUM_MAX], all[NUM_MAX], share[NUM_MAX];
    int rows = d->g->rows - 2, list;
    int want = (int)m->n_errors + 20; /* a sample is seldom longer */
    struct box b, below;

    snprintf(text, sizeof text, "errors   %s of %s requests failed (%s)",
             num_count(n, m->run.failed), num_count(all, m->run.requests),
             m->run.requests > 0
                 ? num_percent(share,
                               (double)m->run.failed / (double)m->run.requests)
                 : "-");
    draw_filtered(d, text, title, sizeof title);
    b = draw_panel_list(
        d, rows > want ? want : rows, title,
        "↑↓ kind   Enter response   {filter} filter   {back} close");
    list = (int)m->n_errors + 1;
    if (list > b.rows / 2) {
        list = b.rows / 2;
    }
    list = list < 2 ? 2 : list;
    if (found->n > 0) { /* before the list, which may have words in it */
        grid_fill(d->g, b.row + list, b.col, b.cols, ROLE_FRAME, 0x2500);
    }
    draw_errors(d, (struct box){b.row, b.col, list, b.cols}, d->ui->selected);
    if (found->n == 0) {
        return;
    }
    below = (struct box){b.row + list + 1, b.col, b.rows - list - 1, b.cols};
    if ((size_t)d->ui->selected < found->n) {
        page_draw(d, below, error_page, &m->errors[found->at[d->ui->selected]]);
    }
}

void draw_sample(const struct draw *d)
{
    const struct ui_fault *of = &d->ui->fault;
    char title[256], first[NUM_MAX], last[NUM_MAX], n[NUM_MAX];
    struct box b;
    size_t i;

    for (i = 0; i < d->m->n_errors; i++) {
        const struct model_error *e = &d->m->errors[i];

        if (e->line.kind == of->kind && e->line.status == of->status &&
            e->line.check == of->check && (e->line.checks > 1) == of->rest) {
            snprintf(title, sizeof title, "%s   %s times, %s – %s", e->label,
                     num_count(n, e->line.count),
                     num_clock(first, e->line.first_us),
                     num_clock(last, e->line.last_us));
            b = draw_panel_list(d, d->g->rows, title,
                                "↑↓ scroll   {back} back");
            page_draw(d, b, error_page, e);
            return;
        }
    }
    b = draw_panel_list(d, 3, "errors", "{back} back");
    grid_put(d->g, b.row, b.col, ROLE_FRAME, "it is not among those kept");
}
