/* SPDX-License-Identifier: MIT
 *
 * server_args - the options of what is watched of the service itself. */
#ifndef CLI_SERVER_ARGS_H
#define CLI_SERVER_ARGS_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "cli/options.h"
#include "plan/plan.h"
#include "run/conductor.h"
#include "run/scrape.h"

/* Fills watch, which borrows metrics, a and p. Fails where one of the options
 * makes no sense without another. */
bool server_args(const struct cli_args *a, const struct plan *p,
                 struct conductor_watch *watch, struct scrape_config *metrics,
                 struct err *e) MUST_CHECK;

#endif
