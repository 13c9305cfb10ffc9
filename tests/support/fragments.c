/* SPDX-License-Identifier: MIT
 *
 * fragments - prints the parts of manual and completion that are made from
 * tables: `fragments options|model|outputs|keys|replay|metrics|
 * completion`. The committed files are compared with it by
 * tests/scripts/man.sh; `make fragments` writes them anew. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/help.h"
#include "plan/metric.h"
#include "screen/keymap.h"

static void fragments_metrics(void)
{
    unsigned id;

    for (id = 0; id < METRIC_COUNT; id++) {
        const struct metric_info *m = metric_builtin(id);

        printf(".TP\n.B %s\n%s%s: %s\n", m->name, metric_type_name(m->type),
               m->contains == METRIC_TIME   ? ", ms"
               : m->contains == METRIC_DATA ? ", bytes"
                                            : "",
               m->help);
    }
}

/* man(7) takes a leading '.' or "'" for a request, and '-' for a hyphen. */
static void fragments_escape(const char *s)
{
    for (; *s != '\0'; s++) {
        if (*s == '-') {
            fputs("\\-", stdout);
        } else if (*s == '\\') {
            fputs("\\e", stdout);
        } else {
            putchar(*s);
        }
    }
}

static void fragments_keys(void)
{
    char name[24], help[64];
    unsigned i;

    for (i = 0; i < ACTION_COUNT; i++) {
        const struct keymap_row *k = keymap_row((enum action)i);

        fputs(".TP\n.B ", stdout);
        fragments_escape(k->label);
        fputs("\n(", stdout);
        fragments_escape(keymap_action_name((enum action)i, name, sizeof name));
        fputs(") ", stdout);
        fragments_escape(keymap_help(NULL, (enum action)i, help, sizeof help));
        fputs(k->where == WHERE_LIVE ? "\n" : " (also when it is over)\n",
              stdout);
    }
}

/* What keys do in a replay, where that is another thing. */
static void fragments_replay(void)
{
    static const struct {
        enum action action;
        const char *help;
    } rows[] = {
#define RKEY(id, word, rank, kind, number, help) {ACTION_##id, help},
#include "screen/replay_keys.def"
#undef RKEY
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fputs(".TP\n.B ", stdout);
        fragments_escape(keymap_row(rows[i].action)->label);
        putchar('\n');
        fragments_escape(rows[i].help);
        putchar('\n');
    }
}

int main(int argc, char **argv)
{
    const char *what = argc == 2 ? argv[1] : "";

    if (strcmp(what, "options") == 0) {
        help_man_options(stdout);
    } else if (strcmp(what, "model") == 0) {
        help_man_model(stdout);
    } else if (strcmp(what, "outputs") == 0) {
        help_man_outputs(stdout);
    } else if (strcmp(what, "keys") == 0) {
        fragments_keys();
    } else if (strcmp(what, "replay") == 0) {
        fragments_replay();
    } else if (strcmp(what, "metrics") == 0) {
        fragments_metrics();
    } else if (strcmp(what, "completion") == 0) {
        help_completion(stdout);
    } else {
        fputs("usage: fragments "
              "options|model|outputs|keys|replay|metrics|completion\n",
              stderr);
        return 2;
    }
    return 0;
}
