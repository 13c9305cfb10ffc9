/* SPDX-License-Identifier: MIT
 *
 * ui_rows - keys that sort and filter lists. */
#include "config.h"

#include "screen/ui_internal.h"

#include <stdio.h>

unsigned ui_act_sort(struct ui *ui, bool turn, uint64_t now_us)
{
    char text[sizeof ui->note], by[24];

    if (turn) {
        ui->sort_turned = !ui->sort_turned;
    } else {
        /* A column says for itself which way is of use. */
        ui->sort = (enum sort)((ui->sort + 1) % SORT_COUNT);
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
