/* SPDX-License-Identifier: MIT
 *
 * summary_baselines - the run held against the baselines of its plan: what was
 * expected of such a place, and whether it was met. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "console/summary_internal.h"
#include "run/baselines.h"

#define BASELINES_EXPECT 40 /* columns */

struct baselines_page {
    struct summary_page *page;
    const struct baseline *last; /* NULL: none is told yet */
};

static void baselines_line(void *ctx, const struct baseline_line *l)
{
    struct baselines_page *b = ctx;
    struct summary_page *p = b->page;
    char title[160], expect[256], metric[160], limit[96];
    int width;

    if (l->baseline != b->last) {
        snprintf(title, sizeof title, "BASELINE OF THE PLAN: %s",
                 text_safe(metric, sizeof metric, l->baseline->name));
        summary_title(p, title);
        b->last = l->baseline;
    }
    buf_adds(p->out, "    ");
    if (l->met == BASELINE_UNKNOWN) {
        buf_adds(p->out, p->options->ascii ? "?   " : "?");
    } else {
        summary_good(p, l->met == BASELINE_MET);
    }
    snprintf(expect, sizeof expect, "%s %s",
             text_safe(metric, sizeof metric, l->item->metric),
             text_safe(limit, sizeof limit, l->item->expect));
    buf_addf(p->out, " %s", expect);
    for (width = text_width(expect); width < BASELINES_EXPECT; width++) {
        buf_addc(p->out, ' ');
    }
    buf_addc(p->out, ' ');
    summary_safe(p, l->text);
    buf_addc(p->out, '\n');
}

void summary_baselines(struct summary_page *p)
{
    struct baselines_page b = {.page = p};

    baselines_each(p->story, baselines_line, &b);
}
