/* SPDX-License-Identifier: MIT
 *
 * commands - the command table. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/options.h"

enum command_id {
#define COMMAND(id, name, letter, function, synopsis, help) CMD_##id,
#include "cli/commands.def"
#undef COMMAND
    CMD_TOTAL
};

typedef int cmd_fn(const struct cli_args *a);

struct cmd {
    const char *name;
    char letter; /* 0 = not supported yet */
    cmd_fn *run; /* NULL = not supported yet */
    const char *synopsis;
    const char *help;
};

const struct cmd *cmd_row(enum command_id id);

/* Each runs a command and returns the program's exit code. */
int cmd_run(const struct cli_args *a);
int cmd_hunt(const struct cli_args *a);
int cmd_list(const struct cli_args *a);
int cmd_check(const struct cli_args *a);
int cmd_demo(const struct cli_args *a);
int cmd_target(const struct cli_args *a);
int cmd_ctl(const struct cli_args *a);
int cmd_compare(const struct cli_args *a);
int cmd_runs(const struct cli_args *a);
int cmd_attach(const struct cli_args *a);
int cmd_replay(const struct cli_args *a);
int cmd_report(const struct cli_args *a);

#endif
