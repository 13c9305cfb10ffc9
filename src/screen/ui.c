/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/ui.h"
#include "screen/ui_internal.h"

#include <stdio.h>

#include "base/must.h"
#include "base/text.h"

enum { UI_PAGE = 10, UI_FAR = 1000000, UI_STEP = 10 };

void ui_init(struct ui *ui, const struct ui_config *config)
{
    *ui = (struct ui){.config = *config};
    ui->host_settled = config->host_is_local;
    ui->step = config->step > 0 ? config->step : UI_STEP;
    ui->theme = config->theme;
    ui->baseline = config->has_baseline;
    ui->mouse = config->mouse;
}

const struct tick_scenario *ui_at(const struct ui *ui, const struct model *m)
{
    return &m->tick.scenarios[ui->chosen];
}

const struct curve *ui_curve(const struct ui *ui, const struct model *m)
{
    return &m->info->curves[ui->chosen];
}

void ui_note(struct ui *ui, const char *text, uint64_t now_us)
{
    snprintf(ui->note, sizeof ui->note, "%s", text);
    ui->note_us = now_us;
}

void ui_post(struct ui *ui, const struct command *cmd)
{
    if (ui->config.post != NULL) {
        ui->config.post(ui->config.post_ctx, cmd);
    }
}

struct command ui_command(const struct ui *ui, const struct model *m,
                          enum command_kind kind, int64_t number)
{
    struct command c = {.kind = kind, .number = number};

    c.scenario = model_several(m) ? (unsigned)ui->chosen + 1 : 0;

    snprintf(c.by, sizeof c.by, "keyboard");
    return c;
}

void ui_send(struct ui *ui, const struct model *m, enum command_kind kind,
             int64_t number)
{
    struct command c = ui_command(ui, m, kind, number);

    ui_post(ui, &c);
}

void ui_send_up(struct ui *ui, const struct model *m, enum command_kind kind,
                int64_t number)
{
    if (ui->host_settled) {
        ui_send(ui, m, kind, number);
        return;
    }
    ui->pending = ui_command(ui, m, kind, number);
    ui_prompt_open(ui, PROMPT_HOST);
}

static void ui_toggle_panel(struct ui *ui, const struct model *m,
                            enum ui_panel p)
{
    ui->panel = ui->panel == p ? PANEL_NONE : p;
    ui->selected = ui->scroll = 0;
    if (p == PANEL_STAGES && m->any) {
        ui->selected = (int)ui_at(ui, m)->stage;
    } else if (p == PANEL_HELP) {
        ui->selected = 1; /* below the first heading */
    }
}

void ui_move(struct ui *ui, const struct model *m, int by)
{
    int n = ui_list_length(ui, ui_shown(ui, m));

    if (ui_is_page(ui->panel)) {
        ui->scroll += by;
        ui->scroll =
            ui->scroll > ui->scroll_most ? ui->scroll_most : ui->scroll;
        ui->scroll = ui->scroll < 0 ? 0 : ui->scroll;
        return;
    }
    ui->selected += by;
    if (ui->selected >= n) {
        ui->selected = n - 1;
    }
    if (ui->selected < 0) {
        ui->selected = 0;
    }
}

unsigned ui_jump(struct ui *ui, const struct model *m, size_t stage,
                 uint64_t now_us)
{
    if (ui_replays(ui)) {
        ui_replay_ask(ui, REPLAY_STAGE, (int64_t)stage);
        ui->panel = ui->panel == PANEL_STAGES ? PANEL_NONE : ui->panel;
    } else if (ui->done) {
        ui_note(ui, "no jump: the run is over", now_us);
    } else if (m->any && stage < ui_curve(ui, m)->n &&
               !ui_refuse_steering(ui, "a jump", now_us)) {
        ui_send(ui, m, COMMAND_JUMP_STAGE, (int64_t)stage + 1);
        ui->panel = ui->panel == PANEL_STAGES ? PANEL_NONE : ui->panel;
    }
    return UI_DRAW;
}

/* Keys of an open list. */
static bool ui_list_key(struct ui *ui, const struct model *m, uint32_t key,
                        uint64_t now_us)
{
    if (ui->panel == PANEL_NONE) {
        return ui_pick_key(ui, m, key);
    }
    switch (key) {
    case TYPED_ARROW_UP:
        ui_move(ui, m, -1);
        return true;
    case TYPED_ARROW_DOWN:
        ui_move(ui, m, 1);
        return true;
    case TYPED_PAGE_UP:
        ui_move(ui, m, -UI_PAGE);
        return true;
    case TYPED_PAGE_DOWN:
        ui_move(ui, m, UI_PAGE);
        return true;
    case TYPED_FIRST:
        ui_move(ui, m, -UI_FAR);
        return true;
    case TYPED_LAST:
        ui_move(ui, m, UI_FAR);
        return true;
    case TYPED_RETURN:
        if (ui_enter_row(ui, m)) {
            return true;
        }
        if (ui->panel == PANEL_STAGES) {
            ui_jump(ui, m, (size_t)ui->selected, now_us);
        }
        return true;
    default:
        return false;
    }
}

static unsigned ui_act_quit(struct ui *ui, const struct model *m,
                            uint64_t now_us)
{
    if (ui->done) {
        return UI_DRAW | UI_LEAVE;
    }
    if (m->any && m->tick.state == RUN_FINISHED) {
        ui->leave = true;
        ui_note(ui, "leaving: the last files are being written", now_us);
        return UI_DRAW;
    }
    if (m->any && m->tick.state == RUN_DRAINING) {
        char text[sizeof ui->note];

        ui_note(ui,
                ui_text(ui, "ending already; {cut} cuts it off at once", text,
                        sizeof text),
                now_us);
        return UI_DRAW;
    }
    ui_prompt_open(ui, PROMPT_QUIT);
    return UI_DRAW;
}

static unsigned ui_act_back(struct ui *ui)
{
    if (ui->filter[0] != '\0') {
        ui_filter_clear(ui);
    } else if (ui->panel != PANEL_NONE) {
        ui->panel = ui_panel_above(ui);
        ui->scroll = 0;
    } else if (ui->picked) {
        ui->picked = false;
    } else if (ui->cursor) {
        ui->cursor = false;
    } else if (ui->frozen) {
        ui->frozen = false;
    } else {
        ui->big = false;
    }
    return UI_DRAW;
}

/* Keys that only change what is looked at. */
static unsigned ui_look(struct ui *ui, const struct model *m, enum action a,
                        uint64_t now_us)
{
    static const enum ui_panel panels[ACTION_COUNT] = {
        [ACTION_ERRORS] = PANEL_ERRORS,
        [ACTION_THRESHOLDS] = PANEL_THRESHOLDS,
        [ACTION_REQUESTS] = PANEL_REQUESTS,
        [ACTION_LOG] = PANEL_LOG,
        [ACTION_STAGES] = PANEL_STAGES,
        [ACTION_STEPS] = PANEL_STEPS,
        [ACTION_CHECKS] = PANEL_CHECKS,
        [ACTION_GENERATOR] = PANEL_GENERATOR,
        [ACTION_INSIGHTS] = PANEL_INSIGHTS,
        [ACTION_HELP] = PANEL_HELP,
    };

    if (a == ACTION_REDRAW) {
        return UI_DRAW | UI_REDRAW;
    }
    if (ui_view_act(ui, m, a, now_us)) {
        return UI_DRAW;
    }
    if (a == ACTION_BACK) {
        return ui_act_back(ui);
    }
    if (a == ACTION_SORT || a == ACTION_SORT_WAY) {
        return ui_act_sort(ui, a == ACTION_SORT_WAY, now_us);
    }
    if (a == ACTION_FILTER) {
        return ui_act_filter(ui);
    }
    if (a == ACTION_PICTURE) {
        return m->any ? UI_DRAW | UI_PICTURE : UI_DRAW;
    }
    if (a == ACTION_BIG) {
        ui->big = !ui->big;
        return UI_DRAW;
    }
    if (a == ACTION_BASELINE) {
        return ui_act_baseline(ui, now_us);
    }
    if (a == ACTION_THEME) {
        return ui_act_theme(ui, now_us);
    }
    if (a == ACTION_MOUSE) {
        return ui_act_mouse(ui, now_us);
    }
    if (a == ACTION_FREEZE) {
        ui->frozen = !ui->frozen;
        ui->frozen_us = now_us;
        ui->frozen_t_us = m->tick.t_us;
        return UI_DRAW;
    }
    ui_toggle_panel(ui, m, panels[a]);
    return UI_DRAW;
}

/* Keys that make a command without a question. */
static const struct {
    bool on;
    bool up; /* raises the load */
    enum command_kind kind;
    int64_t number;
} ui_commands[ACTION_COUNT] = {
    [ACTION_MORE] = {true, true, COMMAND_ADD_VUS, 1},
    [ACTION_FEWER] = {true, false, COMMAND_ADD_VUS, -1},
    [ACTION_MORE_STEP] = {true, true, COMMAND_ADD_VUS, 0},
    [ACTION_FEWER_STEP] = {true, false, COMMAND_ADD_VUS, 0},
    [ACTION_FOLLOW] = {true, false, COMMAND_FOLLOW, 0},
    [ACTION_SPIKE] = {true, true, COMMAND_SPIKE, 0},
    [ACTION_UNDO] = {true, false, COMMAND_UNDO, 0},
    [ACTION_PREVIOUS] = {true, false, COMMAND_PREV_STAGE, 0},
    [ACTION_HOLD] = {true, false, COMMAND_HOLD, 0},
    [ACTION_PAUSE] = {true, false, COMMAND_PAUSE, 0},
    [ACTION_WRITE] = {true, false, COMMAND_WRITE, 0},
    [ACTION_CUT] = {true, false, COMMAND_CUT, 0},
};

/* Keys may come faster than the model learns what they did. */
#define UI_NEXT_SEEN_US 500000

/* Others go on when the chosen scenario ends. */
static bool ui_others_run(const struct ui *ui, const struct model *m)
{
    size_t i;

    for (i = 0; i < m->tick.n_scenarios; i++) {
        if (i != ui->chosen && m->tick.scenarios[i].state <= SCENARIO_RUNNING) {
            return true;
        }
    }
    return false;
}

/* Behind the last stage the run ends, or the scenario of several, and that asks
 * first. */
static unsigned ui_act_last(struct ui *ui, const struct model *m,
                            uint64_t now_us)
{
    enum scenario_state state = ui_at(ui, m)->state;

    if (!model_several(m) || !ui_others_run(ui, m)) {
        return ui_act_quit(ui, m, now_us);
    }
    if (state == SCENARIO_RUNNING) {
        ui_prompt_open(ui, PROMPT_END);
    } else {
        ui_note(ui, "this scenario is at its end", now_us);
    }
    return UI_DRAW;
}

static unsigned ui_act_next(struct ui *ui, const struct model *m,
                            uint64_t now_us)
{
    const struct curve *c = m->any ? ui_curve(ui, m) : NULL;
    size_t stage;

    if (c == NULL) {
        return 0;
    }
    if (m->tick.state != RUN_STARTING && ui_at(ui, m)->starts_in_us > 0) {
        ui_send(ui, m, COMMAND_NEXT_STAGE, 0); /* it begins now */
        return UI_DRAW;
    }
    stage = ui_at(ui, m)->stage;
    if (ui->next_stage > stage && now_us - ui->next_us < UI_NEXT_SEEN_US) {
        stage = ui->next_stage;
    }
    if (stage + 1 >= c->n || ui_at(ui, m)->state > SCENARIO_RUNNING) {
        return ui_act_last(ui, m, now_us);
    }
    ui->next_us = now_us;
    ui->next_stage = stage + 1;
    while (ui->next_stage + 1 < c->n &&
           c->stages[ui->next_stage].end_us <= c->stages[stage].end_us) {
        ui->next_stage++; /* a stage without length is passed at once */
    }
    ui_send(ui, m, COMMAND_NEXT_STAGE, 0);
    return UI_DRAW;
}

/* Keys steer the next one from now on. */
static unsigned ui_act_scenario(struct ui *ui, const struct model *m,
                                uint64_t now_us)
{
    char text[96], name[64];

    if (!ui_offers(m, ACTION_SCENARIO)) {
        ui_note(ui, "there is one scenario, and keys steer it", now_us);
        return UI_DRAW;
    }
    ui->chosen = (ui->chosen + 1) % m->tick.n_scenarios;
    ui->next_stage = 0;
    snprintf(
        text, sizeof text, "keys steer %s",
        text_safe(name, sizeof name, m->info->lineup->list[ui->chosen].name));
    ui_note(ui, text, now_us);
    return UI_DRAW;
}

static unsigned ui_act_command(struct ui *ui, const struct model *m,
                               enum action a)
{
    int64_t number = a == ACTION_MORE_STEP    ? (int64_t)ui->step
                     : a == ACTION_FEWER_STEP ? -(int64_t)ui->step
                                              : ui_commands[a].number;

    if (ui_commands[a].up) {
        ui_send_up(ui, m, ui_commands[a].kind, number);
    } else {
        ui_send(ui, m, ui_commands[a].kind, number);
    }
    return UI_DRAW;
}

/* A key that does nothing here is answered all the same: why, and where those
 * are that do. false: it does something. */
static bool ui_refuse(struct ui *ui, uint32_t key, enum action a,
                      uint64_t now_us)
{
    char name[24], text[sizeof ui->note];

    if (a < ACTION_COUNT) {
        return false;
    }
    if (key == TYPED_OTHER && ui->other[0] != '\0') {
        snprintf(name, sizeof name, "%s", ui->other);
    } else {
        keymap_name(key, name, sizeof name);
    }
    if (ui->done &&
        keymap_look(ui->config.keys, key, WHERE_LIVE) < ACTION_COUNT) {
        snprintf(text, sizeof text, "'%s' does nothing here: the run is over",
                 name);
    } else {
        snprintf(text, sizeof text,
                 "'%s' does nothing here · %s shows the keys", name,
                 ui_label(ui, ACTION_HELP));
    }
    ui_note(ui, text, now_us);
    return true;
}

unsigned ui_key(struct ui *ui, const struct model *m, uint32_t key,
                uint64_t now_us)
{
    unsigned effect;
    enum action a;

    if (key == TYPED_PASTE_BEGIN || key == TYPED_PASTE_END) {
        ui->pasting = key == TYPED_PASTE_BEGIN;
        ui->pasted_line = false;
        return 0;
    }
    if (ui->prompt != PROMPT_NONE) {
        return ui_prompt_key(ui, m, key);
    }
    if (ui->pasting) {
        return 0;
    }
    if (ui_list_key(ui, m, key, now_us)) {
        return UI_DRAW;
    }
    a = keymap_look(ui->config.keys, key,
                    ui_replays(ui) ? WHERE_BOTH
                    : ui->done     ? WHERE_DONE
                                   : WHERE_LIVE);
    if (ui_refuse(ui, key, a, now_us)) {
        return UI_DRAW;
    }
    if (ui_replay_key(ui, key, a, now_us, &effect)) {
        return effect;
    }
    if (ui_spectator_key(ui, key, a, now_us, &effect)) {
        return effect;
    }
    ui->note[0] = '\0'; /* what this key is answered with is news */
    if (a == ACTION_SCENARIO) {
        return ui_act_scenario(ui, m, now_us);
    }
    if (a == ACTION_QUIT || (a == ACTION_CUT && ui->done)) {
        return ui_act_quit(ui, m, now_us);
    }
    if (m->hunt.on && ui_of_stages(a)) {
        ui_note(ui, "a hunt has no stages", now_us);
        return UI_DRAW;
    }
    if (a == ACTION_NEXT) {
        return ui_act_next(ui, m, now_us);
    }
    if (a == ACTION_STEP_MORE || a == ACTION_STEP_LESS) {
        return ui_act_step(ui, a == ACTION_STEP_MORE, now_us);
    }
    if (ui_commands[a].on) {
        return ui_act_command(ui, m, a);
    }
    if (a == ACTION_SET_VUS || a == ACTION_MARK || a == ACTION_SAVE) {
        ui_prompt_open(ui, a == ACTION_MARK   ? PROMPT_MARK
                           : a == ACTION_SAVE ? PROMPT_SAVE
                                              : PROMPT_VUS);
        return UI_DRAW;
    }
    return ui_look(ui, m, a, now_us);
}
