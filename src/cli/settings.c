/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/settings.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

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

bool settings_read(const struct cli_args *a, struct settings *s)
{
    const char *env = getenv("NO_COLOR");

    *s = (struct settings){.theme = THEME_DARK};
    s->ascii = a->set[OPTION_ASCII];
    s->no_color = a->set[OPTION_NO_COLOR] || (env != NULL && env[0] != '\0');
    if (a->set[OPTION_THEME] && !theme_find(a->text[OPTION_THEME], &s->theme)) {
        settings_no_theme(a->text[OPTION_THEME]);
        return false;
    }
    return true;
}
