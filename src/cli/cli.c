/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/cli.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/out_args.h"

static const struct cmd cmd_table[] = {
#define COMMAND(id, name, letter, function, synopsis, help)                    \
    [CMD_##id] = {name, letter, function, synopsis, help},
#include "cli/commands.def"
#undef COMMAND
};
_Static_assert(sizeof cmd_table / sizeof cmd_table[0] == CMD_TOTAL,
               "a row for each command");

const struct cmd *cmd_row(enum command_id id)
{
    return &cmd_table[id];
}

static int cli_unknown(const char *word)
{
    const char *names[CMD_TOTAL];
    const char *near;
    char shown[96];
    int i;

    for (i = 0; i < CMD_TOTAL; i++) {
        names[i] = cmd_table[i].name;
    }
    near = text_nearest(word, names, CMD_TOTAL);
    text_safe(shown, sizeof shown, word);
    if (near != NULL) {
        fprintf(stderr, "brunt: unknown command '%s' (did you mean '%s'?)\n",
                shown, near);
    } else {
        fprintf(stderr, "brunt: unknown command '%s' (see brunt --help)\n",
                shown);
    }
    return EXIT_INVALID;
}

static int cli_command(const struct cmd *c, int argc, char **argv)
{
    struct err e = ERR_INIT;
    struct cli_args a;
    int code = EXIT_INVALID;

    if (c->run == NULL) {
        fprintf(stderr, "brunt %s: not supported yet\n", c->name);
        return EXIT_INVALID;
    }
    if (!opt_parse(c->letter, argc, argv, &a, &e)) {
        fprintf(stderr, "brunt %s: %s\n", c->name, e.text);
    } else if (a.set[OPTION_HELP]) {
        help_command(stdout, c);
        code = EXIT_OK;
    } else {
        if (strchr(opt_row(OPTION_OUT)->commands, c->letter) != NULL) {
            out_args_env(&a, getenv("K6_OUT"));
        }
        code = c->run(&a);
    }
    cli_args_clear(&a);
    return code;
}

int cli_main(int argc, char **argv)
{
    int i;

    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that is too long is an error, as a full
                                 disk is */
    if (argc < 2 || strcmp(argv[1], "--help") == 0 ||
        strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        help_program(argc < 2 ? stderr : stdout);
        return argc < 2 ? EXIT_INVALID : EXIT_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("%s\n", PACKAGE_STRING);
        return EXIT_OK;
    }
    for (i = 0; i < CMD_TOTAL; i++) {
        if (strcmp(argv[1], cmd_table[i].name) == 0) {
            return cli_command(&cmd_table[i], argc - 2, argv + 2);
        }
    }
    return cli_unknown(argv[1]);
}
