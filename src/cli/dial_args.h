/* SPDX-License-Identifier: MIT
 *
 * dial_args - what the command line says of connections, and whether what is
 * said of them can work here. */
#ifndef CLI_DIAL_ARGS_H
#define CLI_DIAL_ARGS_H

#include <stdbool.h>

#include "base/attr.h"
#include "cli/options.h"
#include "plan/plan.h"

/* Puts it over what the plan says. false: said why on standard error. */
bool dial_args(const struct cli_args *a, struct plan *p) MUST_CHECK;
/* Tries certificates, keys and source addresses, without any network. false:
 * said why on standard error. */
bool dial_check(const struct plan *p) MUST_CHECK;

#endif
