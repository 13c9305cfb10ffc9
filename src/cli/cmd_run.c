/* SPDX-License-Identifier: MIT
 *
 * brunt run: a plan, a URL, or the built-in plan. */
#include "config.h"

#include <stdio.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/dial_args.h"
#include "cli/load_plan.h"
#include "cli/session.h"

int cmd_run(const struct cli_args *a)
{
    struct selection s;
    int code = EXIT_INVALID;

    if (selection_make(a, &s) && dial_check(s.plan) &&
        session_check(a, s.plan, s.lineup)) {
        code = session_run(a, s.plan, s.lineup, false);
    }
    selection_clear(&s);
    return code;
}
