/* SPDX-License-Identifier: MIT
 *
 * draw_findings - the panel of anomalies: when each began, how long it lasted,
 * what kind it is and what it comes to; the selected one in words. Enter puts
 * the time cursor where it began. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>

#include "base/num.h"
#include "base/text.h"

/* Columns from the list's left: where each begins, but for the times, which
 * end there. */
enum {
    FINDING_AT = 8,
    FINDING_LASTED = 18,
    FINDING_KIND = 20,
    FINDING_FIGURE = 34,
    FINDING_TEXT = 54,
    FINDING_TEXT_LEAST = 40, /* columns; with fewer it is left out */
    FINDING_STORY = 4        /* rows of the selected one, at most */
};

/* "3.2 s", "goes on"; "" = it is of a moment. */
static const char *finding_lasted(const struct model_finding *f, char *buf,
                                  size_t size)
{
    char x[NUM_MAX];

    buf[0] = '\0';
    if (!f->over) {
        snprintf(buf, size, "goes on");
    } else if (f->end_us > f->start_us) {
        snprintf(buf, size, "%s", num_latency(x, f->end_us - f->start_us));
    }
    return buf;
}

static void finding_row(const struct draw *d, int row, struct box b,
                        const struct model_finding *f)
{
    enum role role = f->bad ? ROLE_BAD : ROLE_WARN;
    char lasted[48];

    grid_right(d->g, row, b.col + FINDING_AT, 7, ROLE_FRAME, f->at);
    grid_right(d->g, row, b.col + FINDING_LASTED, 9,
               f->over ? ROLE_TEXT : ROLE_LIVE,
               finding_lasted(f, lasted, sizeof lasted));
    grid_fit(d->g, row, b.col + FINDING_KIND, FINDING_FIGURE - FINDING_KIND - 1,
             role, f->kind);
    grid_fit(d->g, row, b.col + FINDING_FIGURE,
             FINDING_TEXT - FINDING_FIGURE - 1, ROLE_STRONG, f->figure);
    if (b.cols - FINDING_TEXT >= FINDING_TEXT_LEAST) {
        grid_fit(d->g, row, b.col + FINDING_TEXT, b.cols - FINDING_TEXT,
                 ROLE_FRAME, f->text);
    }
}

static void findings_heading(const struct draw *d, struct box b)
{
    grid_right(d->g, b.row, b.col + FINDING_AT, 7, ROLE_FRAME, "began");
    grid_right(d->g, b.row, b.col + FINDING_LASTED, 9, ROLE_FRAME, "lasted");
    grid_put(d->g, b.row, b.col + FINDING_KIND, ROLE_FRAME, "what");
    grid_put(d->g, b.row, b.col + FINDING_FIGURE, ROLE_FRAME, "comes to");
    if (b.cols - FINDING_TEXT >= FINDING_TEXT_LEAST) {
        grid_put(d->g, b.row, b.col + FINDING_TEXT, ROLE_FRAME, "in words");
    }
}

/* In the last rows of the box, below a line; returns how many. */
static int findings_story(const struct draw *d, struct box b,
                          const struct model_finding *f)
{
    int rows = draw_wrap_rows(f->text, b.cols - 1, FINDING_STORY);

    b.row += b.rows - rows - 1;
    grid_fill(d->g, b.row, b.col, b.cols, ROLE_FRAME, 0x2500);
    b.row++;
    b.rows = rows;
    draw_wrap(d, b, 1, ROLE_TEXT, f->text);
    return rows + 1;
}

static void findings_none(const struct draw *d, struct box b)
{
    static const char text[] =
        "None so far. What is looked for: stalls, crashes, rate limits, errors "
        "that begin at one request, two kinds of responses, requests that wait "
        "in line, warm-up, and a p95 that moves to another level and stays.";

    if (d->m->findings.n > 0) {
        draw_nothing_found(d, b.row, b.col + 1);
    } else {
        draw_wrap(d, b, 1, ROLE_TEXT, text);
    }
}

void draw_findings(const struct draw *d)
{
    const struct model_findings *m = &d->m->findings;
    const struct model_rows *list = &d->m->rows[LIST_FINDINGS];
    int n = (int)list->n, at = d->ui->selected < n ? d->ui->selected : n - 1;
    char title[320], text[96], x[NUM_MAX];
    struct box b;
    int top, i;

    snprintf(text, sizeof text, "anomalies   %s found%s",
             num_count(x, m->n_all), n > 1 ? ", newest first" : "");
    draw_filtered(d, text, title, sizeof title);
    b = draw_panel_list(
        d, n + FINDING_STORY + 2, title,
        "↑↓ move   Enter that time   {filter} filter   {back} close");
    if (n == 0) {
        findings_none(d, b);
        return;
    }
    b.rows -= findings_story(d, b, &m->list[list->at[at]]);
    findings_heading(d, b);
    top = draw_list_top(b.rows - 1, n, d->ui->selected);
    draw_list_hits(d, (struct box){b.row + 1, b.col, b.rows - 1, b.cols},
                   d->ui->selected, top);
    for (i = 0; i < b.rows - 1 && top + i < n; i++) {
        finding_row(d, b.row + 1 + i, b, &m->list[list->at[top + i]]);
        draw_list_mark(d, b, b.row + 1 + i, top + i == d->ui->selected);
    }
}
