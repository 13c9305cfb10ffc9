/* SPDX-License-Identifier: MIT
 *
 * run_of - which run a command is for: the one that --socket names, or the only
 * one that this user has. */
#ifndef CLI_RUN_OF_H
#define CLI_RUN_OF_H

#include <stdbool.h>

#include "base/attr.h"
#include "cli/options.h"
#include "remote/link.h"

/* Exit codes of commands that speak to a run. */
enum {
    CTL_APPLIED = 0,
    CTL_REFUSED = 1, /* nothing was changed */
    CTL_PARTLY = 2,  /* less than what was asked for */
    CTL_NO_RUN = 106,
};

/* Connects. false: said why on standard error, with all runs where there are
 * several. command: its name in messages. l needs link_close either way. */
bool run_of_args(const struct cli_args *a, const char *command,
                 struct link *l) MUST_CHECK;

#endif
