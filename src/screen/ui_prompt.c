/* SPDX-License-Identifier: MIT
 *
 * ui_prompt - fields that are typed into and questions that are answered, and
 * what comes of them. */
#include "config.h"

#include "screen/ui_internal.h"

#include <stdio.h>

/* Bytes of its field; a prompt without room for a text is a question. A number
 * takes every character, too: one that is left out would make another number
 * of it ("5O" with a letter O would be 5). */
static const size_t ui_prompts[PROMPT_COUNT] = {
    [PROMPT_VUS] = 63,
    /* A mark stands beside its line in the charts: a word, not a letter. */
    [PROMPT_MARK] = 63,
    [PROMPT_FILTER] = 63,
    [PROMPT_SAVE] = 120,
    [PROMPT_TIME] = 31,
};

static bool ui_is_question(enum ui_prompt p)
{
    return ui_prompts[p] == 0;
}

void ui_prompt_open(struct ui *ui, enum ui_prompt p)
{
    ui->prompt = p;
    ui->refused = false;
    edit_begin(&ui->edit, &ui->past[p], ui_prompts[p]);
}

/* A text that asks for nothing that can be done stays where it is. */
static void ui_enter_vus(struct ui *ui, const struct model *m)
{
    const struct tick_scenario *t = ui_at(ui, m);
    struct ui_ask a = ui_ask_vus(ui->edit.text, t->wanted, t->wanted_max);
    enum command_kind kind = a.relative ? COMMAND_ADD_VUS : COMMAND_SET_VUS;
    struct ui_slip slip;

    if (!a.ok) {
        ui->refused = true;
        return;
    }
    edit_keep(&ui->edit);
    ui->prompt = PROMPT_NONE;
    if (ui_slip(t, ui_curve(ui, m), a.vus, &slip)) {
        ui->pending = ui_command(ui, m, kind, a.number);
        ui_prompt_open(ui, PROMPT_SLIP);
    } else if (a.vus > (int64_t)t->wanted) {
        ui_send_up(ui, m, kind, a.number); /* which may ask in turn */
    } else {
        ui_send(ui, m, kind, a.number);
    }
}

static void ui_enter_mark(struct ui *ui, const struct model *m)
{
    struct command c = ui_command(ui, m, COMMAND_MARK, 0);

    /* Without a word the run numbers it: "mark 2". */
    snprintf(c.text, sizeof c.text, "%s", ui->edit.text);
    edit_keep(&ui->edit);
    ui->prompt = PROMPT_NONE;
    ui_post(ui, &c);
}

/* A time that is none stays where it is. */
static void ui_enter_time(struct ui *ui, const struct model *m)
{
    struct replay_time t =
        replay_time(ui->edit.text, m->tick.t_us, ui->replay.total_us);

    if (t.ok) {
        edit_keep(&ui->edit);
        ui->prompt = PROMPT_NONE;
        ui_replay_ask(ui, REPLAY_SEEK, (int64_t)t.us);
    }
}

/* Nothing typed: a name made of plan, scenario and time. */
static void ui_enter_save(struct ui *ui, const struct model *m)
{
    struct command c = ui_command(ui, m, COMMAND_SAVE, 0);

    snprintf(c.text, sizeof c.text, "%s", ui->edit.text);
    edit_keep(&ui->edit);
    ui->prompt = PROMPT_NONE;
    ui_post(ui, &c);
}

static void ui_enter(struct ui *ui, const struct model *m)
{
    enum ui_prompt p = ui->prompt;

    switch (p) {
    case PROMPT_NONE:
    case PROMPT_COUNT:
        return;
    case PROMPT_VUS:
        ui_enter_vus(ui, m);
        return;
    case PROMPT_MARK:
        ui_enter_mark(ui, m);
        return;
    case PROMPT_FILTER: /* it holds already */
        snprintf(ui->filter, sizeof ui->filter, "%s", ui->edit.text);
        edit_keep(&ui->edit);
        break;
    case PROMPT_SAVE:
        ui_enter_save(ui, m);
        return;
    case PROMPT_TIME:
        ui_enter_time(ui, m);
        return;
    case PROMPT_QUIT:
        ui_send(ui, m, COMMAND_STOP, 0);
        break;
    case PROMPT_HOST:
        ui->host_settled = true;
        ui_post(ui, &ui->pending);
        break;
    case PROMPT_SLIP:
        ui->prompt = PROMPT_NONE;
        ui_send_up(ui, m, ui->pending.kind, ui->pending.number);
        return;
    case PROMPT_END:
        ui_send(ui, m, COMMAND_NEXT_STAGE, 0);
        break;
    }
    ui->prompt = PROMPT_NONE;
}

static void ui_answer(struct ui *ui, const struct model *m, uint32_t key)
{
    enum action a = keymap_look(ui->config.keys, key, WHERE_LIVE);

    if (key == 'y' || (a == ACTION_QUIT && ui->prompt == PROMPT_QUIT)) {
        ui_enter(ui, m);
    } else if (key == 'n') {
        ui->prompt = PROMPT_NONE;
    } else if (a == ACTION_CUT) {
        ui->prompt = PROMPT_NONE;
        ui_send(ui, m, COMMAND_CUT, 0);
    }
}

/* A paste goes into the field and cannot answer. Of several lines it is the
 * first that has something in it. */
static void ui_paste(struct ui *ui, uint32_t key)
{
    if (key == TYPED_RETURN || key == '\n') {
        ui->pasted_line = ui->edit.len > 0;
    } else if (!ui_is_question(ui->prompt) && !ui->pasted_line &&
               key < TYPED_RETURN) {
        edit_add(&ui->edit, key);
    }
}

unsigned ui_prompt_key(struct ui *ui, const struct model *m, uint32_t key)
{
    ui->refused = false;
    if (ui->pasting) {
        ui_paste(ui, key);
        return UI_DRAW;
    }
    switch (key) {
    case TYPED_ESC:
        if (ui->prompt == PROMPT_FILTER) {
            ui_filter_clear(ui);
        }
        ui->prompt = PROMPT_NONE;
        break;
    case TYPED_RETURN:
        ui_enter(ui, m);
        break;
    case TYPED_CTRL_L:
        return UI_DRAW | UI_REDRAW;
    default:
        if (ui_is_question(ui->prompt)) {
            ui_answer(ui, m, key);
        } else {
            edit_key(&ui->edit, key);
        }
        break;
    }
    return UI_DRAW;
}
