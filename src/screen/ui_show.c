/* SPDX-License-Identifier: MIT
 *
 * ui_show - keys for showing the screen to others. */
#include "config.h"

#include "screen/ui_internal.h"

#include <stdio.h>
#include <string.h>

const char *ui_label(const struct ui *ui, enum action a)
{
    return keymap_label(ui->config.keys, a);
}

uint32_t ui_typed(const struct ui *ui, enum action a)
{
    return keymap_key(ui->config.keys, a);
}

unsigned ui_act_theme(struct ui *ui, uint64_t now_us)
{
    char text[sizeof ui->note];
    size_t at;
    int i;

    if (ui->no_color) {
        ui_note(ui, "no theme: this terminal is used without colours", now_us);
        return UI_DRAW;
    }
    ui->theme = (enum theme)((ui->theme + 1) % THEME_COUNT);
    at = (size_t)snprintf(text, sizeof text, "theme %s · of",
                          theme_name(ui->theme));
    for (i = 0; i < THEME_COUNT; i++) {
        at += (size_t)snprintf(text + at, sizeof text - at, " %s",
                               theme_name((enum theme)i));
    }
    ui_note(ui, text, now_us);
    return UI_DRAW;
}
