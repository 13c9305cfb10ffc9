/* SPDX-License-Identifier: MIT
 *
 * help - what the option and command tables look like to people: --help, the
 * fragments of the man page (compared with man/ by a test), and the shell
 * completion. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdio.h>

#include "cli/commands.h"

void help_program(FILE *out);
void help_command(FILE *out, const struct cmd *c);
/* What a target at that URL serves, and commands that run against it: whole
 * lines. */
void help_target(FILE *out, const char *base);

/* The OPTIONS section of brunt(1) in man(7) markup. */
void help_man_options(FILE *out);
/* The target's model keys in man(7) markup. */
void help_man_model(FILE *out);
/* The kinds of --out in man(7) markup. */
void help_man_outputs(FILE *out);
/* A completion script for bash. */
void help_completion(FILE *out);

#endif
