/* SPDX-License-Identifier: MIT
 *
 * draw_checks - the panel of checks: how often each passed. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>

#include "base/num.h"
#include "base/text.h"

/* Columns behind the names. */
enum {
    CHECKS_PASSED = 10,
    CHECKS_FAILED = 19,
    CHECKS_SHARE = 27,
    CHECKS_NOW = 38
};

/* Names come before shares, and what is of the last seconds. */
static bool checks_wide(struct box b)
{
    return b.cols >= 66;
}

static int checks_name(struct box b)
{
    return b.cols - (checks_wide(b) ? CHECKS_NOW + 1 : CHECKS_FAILED + 1);
}

static void checks_row(const struct draw *d, int row, struct box b,
                       const struct model_check *c)
{
    int col = b.col, name = checks_name(b);
    const struct check_line *l = &c->line;
    uint64_t all = l->passes + l->fails;
    char text[320], x[NUM_MAX];

    if (all == 0) {
        grid_cp(d->g, row, col + 1, ROLE_FRAME, 0x2026);
    } else {
        grid_cp(d->g, row, col + 1, l->fails == 0 ? ROLE_GOOD : ROLE_BAD,
                l->fails == 0 ? 0x2713 : 0x2717);
    }
    snprintf(text, sizeof text, "%s · %s", c->name, c->request);
    grid_fit(d->g, row, col + 3, name - 3, ROLE_TEXT, text);
    col += name;
    grid_right(d->g, row, col + CHECKS_PASSED, 9, ROLE_TEXT,
               num_count(x, l->passes));
    grid_right(d->g, row, col + CHECKS_FAILED, 8,
               l->fails > 0 ? ROLE_WARN : ROLE_FRAME, num_count(x, l->fails));
    if (!checks_wide(b)) {
        return;
    }
    grid_right(d->g, row, col + CHECKS_SHARE, 7, ROLE_FRAME,
               all > 0 ? num_percent(x, (double)l->fails / (double)all) : "-");
    grid_right(d->g, row, col + CHECKS_NOW, 10,
               l->window_fails > 0 ? ROLE_WARN : ROLE_FRAME,
               num_count(x, l->window_fails));
}

void draw_checks(const struct draw *d)
{
    const struct model *m = d->m;
    const struct model_rows *list = &m->rows[LIST_CHECKS];
    char title[320], text[128], x[NUM_MAX], y[NUM_MAX];
    struct box b;
    int n = (int)list->n, top, name, i;

    snprintf(text, sizeof text, "checks, whole run   %s passed, %s failed",
             num_count(x, m->totals.checks_passed),
             num_count(y, m->totals.checks_failed));
    draw_filtered(d, text, title, sizeof title);
    b = draw_panel_list(d, n + 1, title,
                        "↑↓ move   {filter} filter   {back} close");
    if (m->n_checks == 0) {
        grid_put(d->g, b.row, b.col, ROLE_FRAME, "the plan has none");
        return;
    }
    name = checks_name(b);
    grid_put(d->g, b.row, b.col + 3, ROLE_FRAME, "check · request");
    grid_right(d->g, b.row, b.col + name + CHECKS_PASSED, 9, ROLE_FRAME,
               "passed");
    grid_right(d->g, b.row, b.col + name + CHECKS_FAILED, 8, ROLE_FRAME,
               "failed");
    if (checks_wide(b)) {
        grid_right(d->g, b.row, b.col + name + CHECKS_SHARE, 7, ROLE_FRAME,
                   "share");
        grid_right(d->g, b.row, b.col + name + CHECKS_NOW, 10, ROLE_FRAME,
                   "last 10 s");
    }
    if (n == 0) {
        draw_nothing_found(d, b.row + 1, b.col + 1);
    }
    top = draw_list_top(b.rows - 1, n, d->ui->selected);
    draw_list_hits(d, (struct box){b.row + 1, b.col, b.rows - 1, b.cols},
                   d->ui->selected, top);
    for (i = 0; i < b.rows - 1 && top + i < n; i++) {
        int row = b.row + 1 + i;

        checks_row(d, row, b, &m->checks[list->at[top + i]]);
        draw_list_mark(d, b, row, top + i == d->ui->selected);
    }
    draw_more(d, b, n - top - (b.rows - 1));
}
