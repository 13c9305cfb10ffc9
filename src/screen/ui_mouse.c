/* SPDX-License-Identifier: MIT
 *
 * ui_mouse - what a click and the wheel do. A click does what a key does, by
 * the same ways and with the same questions; it meets what was drawn
 * (screen/hits.h). */
#include "config.h"

#include "screen/ui_internal.h"

#include <stdio.h>

enum { MOUSE_PAGE_ROWS = 3 }; /* rows of a text that a notch scrolls by */

unsigned ui_act_mouse(struct ui *ui, uint64_t now_us)
{
    char text[sizeof ui->note];

    ui->mouse = !ui->mouse;
    if (ui->mouse) {
        snprintf(text, sizeof text,
                 "mouse on · Shift with it selects text, %s switches it off",
                 ui_label(ui, ACTION_MOUSE));
    } else {
        snprintf(text, sizeof text, "mouse off · it selects text again");
    }
    ui_note(ui, text, now_us);
    return UI_DRAW;
}

int ui_picked(const struct ui *ui, const struct model *shown)
{
    const struct model_rows *rows = &shown->rows[LIST_REQUESTS];
    size_t i;

    for (i = 0; ui->picked && i < rows->n; i++) {
        if (shown->requests[rows->at[i]].index == ui->pick) {
            return (int)i;
        }
    }
    return -1;
}

bool ui_pick_key(struct ui *ui, const struct model *m, uint32_t key)
{
    const struct model *seen = ui_shown(ui, m);
    const struct model_rows *rows = &seen->rows[LIST_REQUESTS];
    int at = ui_picked(ui, seen);

    if (at < 0) {
        return false; /* none is, or it is not in sight */
    }
    switch (key) {
    case TYPED_RETURN:
        ui->request = ui->pick;
        ui->panel = PANEL_REQUEST;
        ui->scroll = 0;
        return true;
    case TYPED_ARROW_UP:
        at -= at > 0;
        break;
    case TYPED_ARROW_DOWN:
        at += (size_t)at + 1 < rows->n;
        break;
    default:
        return false;
    }
    ui->pick = seen->requests[rows->at[at]].index;
    return true;
}

/* A row of the open list: the second click looks into it. */
static unsigned mouse_row(struct ui *ui, const struct model *m, int row,
                          uint64_t now_us)
{
    if (ui->panel == PANEL_NONE || ui_is_page(ui->panel) ||
        row >= ui_list_length(ui, ui_shown(ui, m))) {
        return 0;
    }
    if (row == ui->selected) {
        return ui_key(ui, m, TYPED_RETURN, now_us);
    }
    ui->selected = row;
    return UI_DRAW;
}

/* A row of the table in the picture, in the same way. */
static unsigned mouse_request(struct ui *ui, const struct model *m, int row)
{
    const struct model *seen = ui_shown(ui, m);
    const struct model_rows *rows = &seen->rows[LIST_REQUESTS];

    if ((size_t)row >= rows->n) {
        return 0;
    }
    if (row == ui_picked(ui, seen)) {
        ui_pick_key(ui, m, TYPED_RETURN);
    } else {
        ui->picked = true;
        ui->pick = seen->requests[rows->at[row]].index;
    }
    return UI_DRAW;
}

static unsigned mouse_click(struct ui *ui, const struct model *m,
                            const struct hit *h, const struct typed *t,
                            uint64_t now_us)
{
    int row = (int)h->what + t->row - h->row;

    switch (h->kind) {
    case HIT_NOTHING:
    case HIT_FRAME:
        return 0;
    case HIT_ROW:
        return mouse_row(ui, m, row, now_us);
    case HIT_REQUEST:
        return mouse_request(ui, m, row);
    case HIT_HEADING:
        return ui_sort_by(ui, (enum sort)h->what, now_us);
    case HIT_STAGE:
        return ui_jump(ui, m, (size_t)h->what, now_us);
    case HIT_CHART:
        ui_cursor_at(ui, m, t->col - h->col, h->cols);
        return UI_DRAW;
    case HIT_KEY:
        return ui_key(ui, m, h->what, now_us);
    }
    return 0;
}

/* In the table of the picture the row that is chosen moves, and the table with
 * it; the first notch chooses one. */
static unsigned mouse_wheel_table(struct ui *ui, const struct model *m, int by,
                                  int top)
{
    if (ui_picked(ui, ui_shown(ui, m)) < 0) {
        return mouse_request(ui, m, top);
    }
    ui_pick_key(ui, m, by < 0 ? TYPED_ARROW_UP : TYPED_ARROW_DOWN);
    return UI_DRAW;
}

static unsigned mouse_wheel(struct ui *ui, const struct model *m,
                            const struct hit *h, int by, uint64_t now_us)
{
    switch (h->kind) {
    case HIT_FRAME:
    case HIT_ROW:
        if (ui->panel == PANEL_NONE) {
            return 0;
        }
        ui_move(ui, m, ui_is_page(ui->panel) ? by * MOUSE_PAGE_ROWS : by);
        return UI_DRAW;
    case HIT_HEADING:
    case HIT_REQUEST:
        if (ui->panel == PANEL_REQUESTS) {
            ui_move(ui, m, by);
            return UI_DRAW;
        }
        return mouse_wheel_table(ui, m, by,
                                 h->kind == HIT_REQUEST ? (int)h->what : 0);
    case HIT_CHART:
        ui_zoom_by(ui, m, by < 0, now_us);
        return UI_DRAW;
    case HIT_NOTHING:
    case HIT_STAGE:
    case HIT_KEY:
        return 0;
    }
    return 0;
}

/* At a question only its own keys can be clicked: whatever else there was in
 * the picture may be older than the question. */
static bool mouse_asked(const struct ui *ui, const struct hit *h)
{
    return ui->prompt == PROMPT_NONE ||
           (h->kind == HIT_KEY &&
            (h->what == TYPED_RETURN || h->what == TYPED_ESC));
}

static unsigned ui_mouse(struct ui *ui, const struct model *m,
                         const struct hits *hits, const struct typed *t,
                         uint64_t now_us)
{
    const struct hit h = hits_at(hits, t->row, t->col);

    /* Reports may still be under way when they are not wanted any more. */
    if (!ui->mouse || ui->pasting || !mouse_asked(ui, &h)) {
        return 0;
    }
    if (t->key == TYPED_CLICK) {
        return mouse_click(ui, m, &h, t, now_us);
    }
    return ui->prompt == PROMPT_NONE
               ? mouse_wheel(ui, m, &h, t->key == TYPED_WHEEL_UP ? -1 : 1,
                             now_us)
               : 0;
}

unsigned ui_take(struct ui *ui, const struct model *m, struct hits *hits,
                 const struct typed *t, uint64_t now_us)
{
    bool wheel = t->key == TYPED_WHEEL_UP || t->key == TYPED_WHEEL_DOWN;
    unsigned effect;

    snprintf(ui->other, sizeof ui->other, "%s", t->name);
    effect = wheel || t->key == TYPED_CLICK ? ui_mouse(ui, m, hits, t, now_us)
                                            : ui_key(ui, m, t->key, now_us);
    /* Notches of the wheel come faster than pictures, and go on with the same.
     */
    if (effect != 0 && !wheel) {
        hits_reset(hits);
    }
    return effect;
}
