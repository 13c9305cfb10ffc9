/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/command.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/must.h"

struct command_row {
    const char *name, *help;
    enum command_argument argument;
};

static const struct command_row command_table[] = {
#define COMMAND(id, name, argument, help)                                      \
    [COMMAND_##id] = {name, help, ARGUMENT_##argument},
#include "run/command.def"
#undef COMMAND
};
static_assert(sizeof command_table / sizeof command_table[0] == COMMAND_COUNT,
              "every command has a row");

const char *command_name(enum command_kind k)
{
    MUST(k < COMMAND_COUNT);
    return command_table[k].name;
}

const char *command_help(enum command_kind k)
{
    MUST(k < COMMAND_COUNT);
    return command_table[k].help;
}

enum command_argument command_argument(enum command_kind k)
{
    MUST(k < COMMAND_COUNT);
    return command_table[k].argument;
}

bool command_find(const char *name, enum command_kind *k)
{
    int i;

    for (i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(command_table[i].name, name) == 0) {
            *k = (enum command_kind)i;
            return true;
        }
    }
    return false;
}
