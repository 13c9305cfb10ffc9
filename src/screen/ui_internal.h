/* SPDX-License-Identifier: MIT
 *
 * ui_internal - what the files of ui share. */
#ifndef SCREEN_UI_INTERNAL_H
#define SCREEN_UI_INTERNAL_H

#include "screen/ui.h"

/* What keys steer. The model that is on the screen may still show another. */
const struct tick_scenario *ui_at(const struct ui *ui, const struct model *m);
const struct curve *ui_curve(const struct ui *ui, const struct model *m);

struct command ui_command(const struct ui *ui, const struct model *m,
                          enum command_kind kind, int64_t number);
void ui_post(struct ui *ui, const struct command *cmd);
/* Both at once. */
void ui_send(struct ui *ui, const struct model *m, enum command_kind kind,
             int64_t number);
/* The same for a command that raises the load: the first asks when the load
 * goes to a host that is not this one. */
void ui_send_up(struct ui *ui, const struct model *m, enum command_kind kind,
                int64_t number);

/* Keys of a spectator; false: as everybody's. */
bool ui_spectator_key(struct ui *ui, uint32_t key, enum action a,
                      uint64_t now_us, unsigned *effect);

/* Does it change a run? */
bool ui_steers(enum action a);
/* Keys of a replay; false: as of every run. */
bool ui_replay_key(struct ui *ui, uint32_t key, enum action a, uint64_t now_us,
                   unsigned *effect);
void ui_replay_ask(struct ui *ui, enum replay_kind kind, int64_t number);

/* The next theme. */
unsigned ui_act_theme(struct ui *ui, uint64_t now_us);
/* The earlier run's curves on or off. */
unsigned ui_act_baseline(struct ui *ui, uint64_t now_us);
/* Keys of ui_view; false: it is none of them. */
bool ui_view_act(struct ui *ui, const struct model *m, enum action a,
                 uint64_t now_us);

/* What is on the screen: m, or what stands still. */
const struct model *ui_shown(const struct ui *ui, const struct model *m);
/* Looks into the selected row of a list; false: it has nothing to look into. */
bool ui_enter_row(struct ui *ui, const struct model *m);
/* The panel that the open one was opened from; PANEL_NONE: the picture. */
enum ui_panel ui_panel_above(const struct ui *ui);
/* Up or down in the open list or page. */
void ui_move(struct ui *ui, const struct model *m, int by);
/* Keys for the request that is chosen in the picture; false: none of them. */
bool ui_pick_key(struct ui *ui, const struct model *m, uint32_t key);
/* The next column to sort by, or the other direction. */
unsigned ui_act_sort(struct ui *ui, bool turn, uint64_t now_us);
/* By this one; the other way round if it is that already. */
unsigned ui_sort_by(struct ui *ui, enum sort sort, uint64_t now_us);
/* Mouse on or off. */
unsigned ui_act_mouse(struct ui *ui, uint64_t now_us);
/* To a stage of the chosen scenario, by its index; or says why not. */
unsigned ui_jump(struct ui *ui, const struct model *m, size_t stage,
                 uint64_t now_us);
/* Says that what steers is refused here; false: it is not. */
bool ui_refuse_steering(struct ui *ui, const char *what, uint64_t now_us);
/* The time cursor into a column of a chart of so many. */
void ui_cursor_at(struct ui *ui, const struct model *m, int col, int cols);
/* One step closer, or further away. */
void ui_zoom_by(struct ui *ui, const struct model *m, bool closer,
                uint64_t now_us);
/* The prompt for the filter, with the one there is. */
unsigned ui_act_filter(struct ui *ui);
/* No filter any more. */
void ui_filter_clear(struct ui *ui);

/* A larger or smaller step of the load. */
unsigned ui_act_step(struct ui *ui, bool more, uint64_t now_us);

/* Opens a prompt with an empty field. */
void ui_prompt_open(struct ui *ui, enum ui_prompt p);
/* A key while a prompt is open: it takes them all. */
unsigned ui_prompt_key(struct ui *ui, const struct model *m, uint32_t key);

#endif
