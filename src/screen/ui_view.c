/* SPDX-License-Identifier: MIT
 *
 * ui_view - what part of the run is looked at, and how. */
#include "config.h"

#include "screen/ui.h"

struct layout ui_layout(const struct ui *ui, const struct model *m, int cols,
                        int rows)
{
    const struct layout_want w = {.cols = cols,
                                  .rows = rows,
                                  .n_requests = m->n_requests,
                                  .n_thresholds = m->n_verdicts};

    (void)ui;
    return layout_make(&w);
}

struct model_want ui_want(const struct ui *ui, const struct layout *l)
{
    return (struct model_want){
        .cols = l->chart, .trend_cols = l->trend, .scenario = ui->chosen};
}
