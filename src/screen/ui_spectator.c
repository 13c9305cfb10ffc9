/* SPDX-License-Identifier: MIT
 *
 * ui_spectator - the keys of a second screen (brunt attach): who looks on does
 * not steer, and who leaves leaves the run alone. */
#include "config.h"

#include <stdio.h>

#include "screen/ui_internal.h"

/* Those of the groups that change a run, but for three that only look. */
bool ui_steers(enum action a)
{
    enum key_group g = keymap_row(a)->group;

    return (g == KEYS_LOAD || g == KEYS_STAGES || g == KEYS_RUN) &&
           a != ACTION_SCENARIO && a != ACTION_STAGES && a != ACTION_QUIT;
}

/* May what is chosen here change the run? */
static bool ui_may_steer(const struct ui *ui)
{
    return !ui->config.spectator || ui->config.steer;
}

bool ui_refuse_steering(struct ui *ui, const char *what, uint64_t now_us)
{
    char text[sizeof ui->note];

    if (ui_may_steer(ui)) {
        return false;
    }
    snprintf(text, sizeof text,
             "%s steers, and this screen only looks on: brunt attach --steer",
             what);
    ui_note(ui, text, now_us);
    return true;
}

bool ui_spectator_key(struct ui *ui, uint32_t key, enum action a,
                      uint64_t now_us, unsigned *effect)
{
    char name[24], what[32];

    if (!ui->config.spectator) {
        return false;
    }
    *effect = UI_DRAW;
    if (a == ACTION_QUIT) {
        *effect |= UI_LEAVE;
        return true;
    }
    if (!ui_steers(a)) {
        return false;
    }
    snprintf(what, sizeof what, "'%s'", keymap_name(key, name, sizeof name));
    return ui_refuse_steering(ui, what, now_us);
}

const char *ui_spectator_word(const struct ui *ui, enum action a,
                              const char *word)
{
    if (ui_replay_word(ui, a, &word)) {
        return word;
    }
    if (ui->config.spectator && a == ACTION_QUIT) {
        return "leave, the run goes on";
    }
    return ui_steers(a) && !ui_may_steer(ui) ? "" : word;
}
