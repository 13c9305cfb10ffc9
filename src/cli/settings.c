/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/load_plan.h"

enum { SETTINGS_FILE_MAX = 64 << 10 };

/* What is wrong with the name of a theme, on standard error. */
static void settings_no_theme(const char *name)
{
    const char *near = text_nearest(name, theme_names(), THEME_COUNT);
    char safe[128];
    int i;

    fprintf(stderr, "brunt: --theme: there is no theme '%s'; there are",
            text_safe(safe, sizeof safe, name));
    for (i = 0; i < THEME_COUNT; i++) {
        fprintf(stderr, "%s %s", i > 0 ? "," : "", theme_names()[i]);
    }
    if (near != NULL) {
        fprintf(stderr, " (did you mean %s?)", near);
    }
    fputc('\n', stderr);
}

/* "" = there is no place for one. */
static void settings_path(char *path, size_t size)
{
    const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

    path[0] = '\0';
    if (xdg != NULL && xdg[0] == '/') {
        snprintf(path, size, "%s/brunt/config", xdg);
    } else if (home != NULL && home[0] == '/') {
        snprintf(path, size, "%s/.config/brunt/config", home);
    }
}

/* No file is no mistake. */
static bool settings_file(struct settings *s)
{
    struct buf text, mistakes;
    struct err e = ERR_INIT;
    char path[1024];
    const char *at;
    bool ok = true;

    settings_path(path, sizeof path);
    if (path[0] == '\0' || (access(path, F_OK) != 0 && errno == ENOENT)) {
        return true;
    }
    buf_init(&text, SETTINGS_FILE_MAX);
    buf_init(&mistakes, SETTINGS_FILE_MAX);
    if (!file_read(path, &text, &e)) {
        print_err(&e);
        ok = false;
    } else {
        settings_take(s, path, buf_str(&text), &mistakes);
        ok = mistakes.len == 0;
        for (at = buf_str(&mistakes); *at != '\0';
             at += strcspn(at, "\n") + 1) {
            fprintf(stderr, "brunt: %.*s\n", (int)strcspn(at, "\n"), at);
        }
    }
    buf_clear(&text);
    buf_clear(&mistakes);
    return ok;
}

bool settings_read(const struct cli_args *a, struct settings *s)
{
    const char *env = getenv("NO_COLOR");

    *s = (struct settings){.theme = THEME_DARK};
    keymap_init(&s->keys);
    if (!settings_file(s)) {
        return false;
    }
    s->ascii = s->ascii || a->set[OPTION_ASCII];
    s->no_color = s->no_color || a->set[OPTION_NO_COLOR] ||
                  (env != NULL && env[0] != '\0');
    if (a->set[OPTION_THEME] && !theme_find(a->text[OPTION_THEME], &s->theme)) {
        settings_no_theme(a->text[OPTION_THEME]);
        return false;
    }
    return true;
}
