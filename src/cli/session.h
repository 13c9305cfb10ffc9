/* SPDX-License-Identifier: MIT
 *
 * session - one run from the first tick to the exit code: puts conductor,
 * screen or console, results and signals together. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <stdbool.h>

#include "cli/options.h"
#include "plan/plan.h"

/* Runs lineup l of plan p (borrowed) as the options say; prints, writes and
 * returns the exit code. own_service: what is loaded is in this process. Main
 * thread. */
int session_run(const struct cli_args *a, const struct plan *p,
                const struct lineup *l, bool own_service);
struct hunt_config;
/* The same with a hunt (borrowed) at the wheel: l has no end, and thresholds
 * decide nothing. */
int session_hunt(const struct cli_args *a, const struct plan *p,
                 const struct lineup *l, const struct hunt_config *hunt);

/* Plain lines and no screen, as asked or because standard output is no
 * terminal. */
bool session_headless(const struct cli_args *a);

/* Checks before anything starts: results can be written where they should, and
 * not over what the run of l of p reads. false: said why on standard error. */
bool session_check(const struct cli_args *a, const struct plan *p,
                   const struct lineup *l) MUST_CHECK;
/* The files alone. */
bool session_check_files(const struct cli_args *a,
                         const struct plan *p) MUST_CHECK;

#endif
