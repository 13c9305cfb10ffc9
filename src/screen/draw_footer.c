/* SPDX-License-Identifier: MIT
 *
 * draw_footer - the keys that are of use now, most used first. */
#include "config.h"

#include "screen/draw.h"

#include <string.h>

#include "base/text.h"
#include "run/command.h"

/* The key ends what it began. */
static bool draw_key_goes_on(const struct draw *d, enum action a)
{
    const struct tick *t = &d->live->tick;

    return (a == ACTION_FREEZE && d->ui->frozen) ||
           (d->live->any && ((a == ACTION_PAUSE && t->state == RUN_PAUSED) ||
                             (a == ACTION_HOLD && t->held)));
}

/* Ctrl-C is the program's, not the table's: the second one cuts a run off. One
 * that looks on from elsewhere only leaves with it. */
static bool draw_signalled(const struct draw *d)
{
    const struct model *m = d->live;
    size_t i;

    for (i = 0; i < m->n_events && !d->ui->config.spectator; i++) {
        const struct event *e = &m->events[i];

        if (strcmp(e->type, command_name(COMMAND_STOP)) == 0 &&
            strncmp(e->by, "SIG", 3) == 0) {
            return true;
        }
    }
    return false;
}

/* Is it one of now? In a replay all are. */
static bool draw_key_here(const struct draw *d, const struct keymap_row *r)
{
    return ui_replays(d->ui) ||
           (r->where & (d->ui->done ? WHERE_DONE : WHERE_LIVE)) != 0;
}

/* The word of a key in the footer; "" = it is not there. */
static const char *draw_key_word(const struct draw *d, enum action a)
{
    const struct keymap_row *r = keymap_row(a);
    bool draining = d->live->any && d->live->tick.state == RUN_DRAINING &&
                    !ui_replays(d->ui);
    const char *word;

    if (!draw_key_here(d, r) || !ui_has(d->ui, d->live, a) ||
        ui_spectator_word(d->ui, a, r->help)[0] == '\0') {
        return "";
    }
    if ((a == ACTION_CURSOR_LIVE && !d->ui->cursor) ||
        (a == ACTION_BASELINE && !d->ui->config.has_baseline) ||
        (a == ACTION_INSIGHTS && d->live->findings.n == 0)) {
        return "";
    }
    if (ui_replay_word(d->ui, a, &word)) {
        return word;
    }
    if (a == ACTION_SET_VUS && d->live->any && model_at(d->live)->timed) {
        return ui_spectator_word(d->ui, a, "rate");
    }
    if (a == ACTION_FOLLOW && d->live->any && d->live->hunt.on) {
        return ui_spectator_word(d->ui, a, "hunt");
    }
    if (a == ACTION_QUIT && d->ui->done) {
        return "leave";
    }
    if (draw_key_goes_on(d, a)) {
        return "go on";
    }
    if (a == ACTION_BIG && d->ui->big) {
        return "charts";
    }
    if (a == ACTION_MOUSE && d->ui->mouse) {
        return "mouse off";
    }
    if (!d->ui->done && draining) {
        /* Too late for load and stages; ending is under way. */
        if (a == ACTION_CUT) {
            return draw_signalled(d) ? "or Ctrl-C: cut off" : "cut off";
        }
        if (r->group == KEYS_LOAD || r->group == KEYS_STAGES ||
            a == ACTION_PAUSE || a == ACTION_QUIT) {
            return "";
        }
    }
    return ui_spectator_word(d->ui, a, r->word);
}

/* Columns of a key with its word, and the space behind it. */
static int draw_key_width(const struct draw *d, enum action a)
{
    const char *word = draw_key_word(d, a);

    return word[0] == '\0'
               ? 0
               : text_width(ui_label(d->ui, a)) + 1 + text_width(word) + 2;
}

/* key: 0 = its hint is for several. */
static int draw_footer_key(const struct draw *d, int row, int col, uint32_t key,
                           const char *label, const char *word)
{
    int end = grid_put(d->g, row, col, ROLE_KEY, label);

    end = grid_put(d->g, row, end + 1, ROLE_FRAME, word);
    if (key != 0) {
        draw_hit(d->g, HIT_KEY, (struct box){row, col, 1, end - col}, key);
    }
    return end + 2;
}

/* What is open comes first: a prompt takes all keys, a list some of them.
 * Returns the column behind. */
static int draw_footer_open(const struct draw *d, int row)
{
    int col = 1;

    if (d->ui->prompt != PROMPT_NONE) {
        enum ui_prompt p = d->ui->prompt;
        bool end = p == PROMPT_QUIT || p == PROMPT_END;
        bool sure = p == PROMPT_HOST || p == PROMPT_SLIP;

        col = draw_footer_key(d, row, col, TYPED_RETURN, "Enter",
                              end                ? "end"
                              : sure             ? "yes"
                              : p == PROMPT_SAVE ? "save"
                              : p == PROMPT_MARK ? "set the mark"
                                                 : "apply");
        return draw_footer_key(d, row, col, TYPED_ESC, "Esc",
                               end    ? "go on"
                               : sure ? "no"
                                      : "cancel");
    }
    if (d->ui->panel == PANEL_NONE) {
        return d->ui->picked
                   ? draw_footer_key(d, row, col, TYPED_RETURN, "Enter", "look")
                   : col;
    }
    col = draw_footer_key(d, row, col, ui_typed(d->ui, ACTION_BACK),
                          ui_label(d->ui, ACTION_BACK), "close");
    col = draw_footer_key(d, row, col, 0, "↑↓", "choose");
    return d->ui->panel == PANEL_STAGES && (!d->ui->done || ui_replays(d->ui))
               ? draw_footer_key(d, row, col, TYPED_RETURN, "Enter", "jump")
               : col;
}

void draw_footer(const struct draw *d, int row)
{
    int col = draw_footer_open(d, row), worst = ACTION_COUNT + 1, i;
    int room = d->g->cols - 1 - col;

    if (d->ui->prompt != PROMPT_NONE) {
        return;
    }

    /* The highest rank that still fits with all below it. */
    for (; worst > 0; worst--) {
        int need = 0;

        for (i = 0; i < ACTION_COUNT; i++) {
            if (ui_key_rank(d->ui, (enum action)i) <= worst) {
                need += draw_key_width(d, (enum action)i);
            }
        }
        if (need <= room + 2) {
            break;
        }
    }
    for (i = 0; i < ACTION_COUNT; i++) {
        const char *word = draw_key_word(d, (enum action)i);

        if (word[0] != '\0' && ui_key_rank(d->ui, (enum action)i) <= worst) {
            col = draw_footer_key(d, row, col, ui_typed(d->ui, (enum action)i),
                                  ui_label(d->ui, (enum action)i), word);
        }
    }
}
