/* SPDX-License-Identifier: MIT
 *
 * ui_rows - keys that sort and filter lists. */
#include "config.h"

#include "screen/ui_internal.h"

#include <stdio.h>

bool ui_is_page(enum ui_panel p)
{
    return p == PANEL_REQUEST || p == PANEL_SAMPLE || p == PANEL_GENERATOR;
}

const struct model *ui_shown(const struct ui *ui, const struct model *m)
{
    return ui->frozen && ui->still != NULL ? ui->still : m;
}

enum ui_panel ui_panel_above(const struct ui *ui)
{
    if (ui->panel == PANEL_REQUEST && ui->picked && ui->pick == ui->request) {
        return PANEL_NONE; /* it was chosen in the picture */
    }
    return ui->panel == PANEL_REQUEST  ? PANEL_REQUESTS
           : ui->panel == PANEL_SAMPLE ? PANEL_ERRORS
                                       : PANEL_NONE;
}

bool ui_enter_row(struct ui *ui, const struct model *m)
{
    const struct model *seen = ui_shown(ui, m);
    enum model_list list = ui->panel == PANEL_ERRORS     ? LIST_ERRORS
                           : ui->panel == PANEL_INSIGHTS ? LIST_FINDINGS
                                                         : LIST_REQUESTS;
    const struct model_rows *rows = &seen->rows[list];
    size_t at;

    if ((ui->panel != PANEL_ERRORS && ui->panel != PANEL_REQUESTS &&
         ui->panel != PANEL_INSIGHTS) ||
        rows->n == 0) {
        return false;
    }
    at = (size_t)ui->selected < rows->n ? (size_t)ui->selected : rows->n - 1;
    ui->scroll = 0;
    if (ui->panel == PANEL_INSIGHTS) { /* what there was then */
        ui->cursor = true;
        ui->cursor_us = seen->findings.list[rows->at[at]].start_us;
        ui->panel = PANEL_NONE;
        return true;
    }
    if (ui->panel == PANEL_REQUESTS) {
        ui->request = seen->requests[rows->at[at]].index;
        ui->panel = PANEL_REQUEST;
    } else {
        const struct error_line *e = &seen->errors[rows->at[at]].line;

        ui->fault =
            (struct ui_fault){e->kind, e->status, e->check, e->checks > 1};
        ui->panel = PANEL_SAMPLE;
    }
    return true;
}

unsigned ui_act_sort(struct ui *ui, bool turn, uint64_t now_us)
{
    int next = turn ? (int)ui->sort : ((int)ui->sort + 1) % SORT_COUNT;

    return ui_sort_by(ui, (enum sort)next, now_us);
}

unsigned ui_sort_by(struct ui *ui, enum sort sort, uint64_t now_us)
{
    char text[sizeof ui->note], by[24];

    if (sort == ui->sort) {
        ui->sort_turned = !ui->sort_turned;
    } else {
        /* A column says for itself which way is of use. */
        ui->sort = sort;
        ui->sort_turned = false;
    }
    snprintf(text, sizeof text, "requests by %s",
             sort_text(ui->sort, ui->sort_turned, by, sizeof by));
    ui_note(ui, text, now_us);
    ui->selected = 0;
    return UI_DRAW;
}

unsigned ui_act_filter(struct ui *ui)
{
    ui_prompt_open(ui, PROMPT_FILTER);
    edit_set(&ui->edit, ui->filter);
    ui->selected = 0;
    return UI_DRAW;
}

void ui_filter_clear(struct ui *ui)
{
    ui->filter[0] = '\0';
    ui->selected = 0;
}

const char *ui_filter(const struct ui *ui)
{
    return ui->prompt == PROMPT_FILTER ? ui->edit.text : ui->filter;
}
