/* SPDX-License-Identifier: MIT
 *
 * ui_list - how long an open list is, and which keys there are in it. */
#include "config.h"

#include "screen/ui.h"

bool ui_of_stages(enum action a)
{
    return a == ACTION_NEXT || a == ACTION_PREVIOUS || a == ACTION_STAGES;
}

bool ui_offers(const struct model *m, enum action a)
{
    return a == ACTION_SCENARIO  ? model_several(m)
           : a == ACTION_SERVICE ? m->server.n > 0
           : ui_of_stages(a)     ? !m->hunt.on /* which has none */
                                 : true;
}

/* A key that is not offered has no row. */
static int ui_help_length(const struct ui *ui, const struct model *m)
{
    int n = keymap_help_rows(), i;

    for (i = 0; i < ACTION_COUNT; i++) {
        n -= !ui_has(ui, m, (enum action)i);
    }
    return n;
}

int ui_list_length(const struct ui *ui, const struct model *m)
{
    if (ui->panel == PANEL_HELP) {
        return ui_help_length(ui, m) +
               (ui->config.has_baseline ? UI_HELP_BASE : 0);
    }
    if (!m->any) {
        return 0;
    }
    switch (ui->panel) {
    case PANEL_ERRORS:
        return (int)m->rows[LIST_ERRORS].n;
    case PANEL_THRESHOLDS:
        return (int)m->n_verdicts;
    case PANEL_REQUESTS:
        return (int)m->rows[LIST_REQUESTS].n;
    case PANEL_LOG:
        return (int)m->rows[LIST_EVENTS].n;
    case PANEL_STAGES:
        return (int)m->info->curves[ui->chosen].n;
    case PANEL_STEPS:
        return (int)m->steps.n;
    case PANEL_CHECKS:
        return (int)m->rows[LIST_CHECKS].n;
    case PANEL_INSIGHTS:
        return (int)m->rows[LIST_FINDINGS].n;
    case PANEL_GENERATOR:
    case PANEL_REQUEST:
    case PANEL_SAMPLE:
    case PANEL_NONE:
    case PANEL_HELP:
        return 0;
    }
    return 0;
}
