/* SPDX-License-Identifier: MIT
 *
 * ui_show - keys for showing the screen to others. */
#include "config.h"

#include "screen/ui_internal.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"

const char *ui_label(const struct ui *ui, enum action a)
{
    return keymap_label(ui->config.keys, a);
}

uint32_t ui_typed(const struct ui *ui, enum action a)
{
    return keymap_key(ui->config.keys, a);
}

/* The action whose name stands at text, before a '}'. */
static enum action show_action(const char *text, size_t n)
{
    char name[32];
    int i;

    for (i = 0; i < ACTION_COUNT; i++) {
        keymap_action_name((enum action)i, name, sizeof name);
        if (strlen(name) == n && strncmp(name, text, n) == 0) {
            return (enum action)i;
        }
    }
    MUST(!"an action");
    return ACTION_COUNT;
}

const char *ui_text(const struct ui *ui, const char *text, char *buf,
                    size_t size)
{
    size_t at = 0;

    while (*text != '\0' && at + 1 < size) {
        if (*text != '{') {
            buf[at++] = *text++;
        } else {
            size_t n = strcspn(++text, "}");

            snprintf(buf + at, size - at, "%s",
                     ui_label(ui, show_action(text, n)));
            at += strlen(buf + at);
            text += n + 1;
        }
    }
    buf[at] = '\0';
    return buf;
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
