/* SPDX-License-Identifier: MIT
 *
 * ui_replay - the keys of a replay: where one steers a run, it steers the
 * replay in the like way. */
#include "config.h"

#include <stdio.h>

#include "screen/ui_internal.h"

enum { UI_REPLAY_TIME = -1 };

/* In place of a kind: the prompt for a time. */
#define REPLAY_TIME UI_REPLAY_TIME

static const struct replay_key {
    bool on;
    int kind; /* enum replay_kind, or UI_REPLAY_TIME */
    int64_t number;
    const char *word, *help;
    int rank;
} replay_keys[ACTION_COUNT] = {
#define RKEY(id, word, rank, kind, number, help)                               \
    [ACTION_##id] = {true, REPLAY_##kind, number, word, help, rank},
#include "screen/replay_keys.def"
#undef RKEY
};

bool ui_replays(const struct ui *ui)
{
    return ui->config.replay != NULL;
}

bool ui_has(const struct ui *ui, const struct model *m, enum action a)
{
    if (!ui_offers(m, a)) {
        return false;
    }
    return !ui_replays(ui) || replay_keys[a].on ||
           (a != ACTION_FREEZE && !ui_steers(a));
}

const char *ui_key_help(const struct ui *ui, enum action a, char *buf,
                        size_t size)
{
    if (ui_replays(ui) && replay_keys[a].on) {
        snprintf(buf, size, "%s", replay_keys[a].help);
        return buf;
    }
    if (ui_replays(ui) && (a == ACTION_QUIT || a == ACTION_STAGES)) {
        snprintf(buf, size, "%s",
                 a == ACTION_QUIT ? "leave" : "list of stages, go to one");
        return buf;
    }
    return keymap_help(ui->config.keys, a, buf, size);
}

bool ui_replay_word(const struct ui *ui, enum action a, const char **word)
{
    if (!ui_replays(ui)) {
        return false;
    }
    if (replay_keys[a].on) {
        bool still = ui->replay.paused || ui->replay.ended;

        *word = a == ACTION_PAUSE && ui->replay.ended ? "play again"
                : a == ACTION_PAUSE && still          ? "go on"
                                                      : replay_keys[a].word;
        return true;
    }
    if (a == ACTION_QUIT) {
        *word = "leave";
        return true;
    }
    if (a == ACTION_FREEZE || ui_steers(a)) {
        *word = "";
        return true;
    }
    return false;
}

int ui_key_rank(const struct ui *ui, enum action a)
{
    return ui_replays(ui) && replay_keys[a].on ? replay_keys[a].rank
                                               : keymap_row(a)->rank;
}

const char *ui_group_name(const struct ui *ui, enum key_group g)
{
    return !ui_replays(ui)  ? keymap_group_name(g)
           : g == KEYS_LOAD ? "time"
           : g == KEYS_RUN  ? "replay"
                            : keymap_group_name(g);
}

void ui_replay_ask(struct ui *ui, enum replay_kind kind, int64_t number)
{
    struct replay_ask ask = {kind, number, ui->chosen};

    ui->frozen = false;
    ui->config.replay->ask(ui->config.replay->ctx, &ask);
}

void ui_replay_look(struct ui *ui, uint64_t now_us)
{
    unsigned notes = ui->replay.notes;

    if (!ui_replays(ui)) {
        return;
    }
    ui->config.replay->now(ui->config.replay->ctx, &ui->replay);
    if (ui->replay.notes != notes) {
        ui_note(ui, ui->replay.note, now_us);
    }
}

bool ui_replay_key(struct ui *ui, uint32_t key, enum action a, uint64_t now_us,
                   unsigned *effect)
{
    char name[24], text[sizeof ui->note];

    if (!ui_replays(ui)) {
        return false;
    }
    *effect = UI_DRAW;
    ui->note[0] = '\0';
    if (a == ACTION_QUIT || a == ACTION_CUT) {
        *effect |= UI_LEAVE;
        return true;
    }
    if (replay_keys[a].on) {
        if (replay_keys[a].kind == UI_REPLAY_TIME) {
            ui_prompt_open(ui, PROMPT_TIME);
        } else {
            ui_replay_ask(ui, (enum replay_kind)replay_keys[a].kind,
                          replay_keys[a].number);
        }
        return true;
    }
    if (a != ACTION_FREEZE && !ui_steers(a)) {
        return false;
    }
    snprintf(text, sizeof text, "'%s' does nothing here: this is a replay%s%s",
             keymap_name(key, name, sizeof name),
             a == ACTION_FREEZE ? ", which stands still with " : "",
             a == ACTION_FREEZE ? ui_label(ui, ACTION_PAUSE) : "");
    ui_note(ui, text, now_us);
    return true;
}
