/* SPDX-License-Identifier: MIT
 *
 * summary_show - the summary on standard output, as its terminal has it. */
#ifndef CLI_SUMMARY_SHOW_H
#define CLI_SUMMARY_SHOW_H

#include "cli/settings.h"
#include "run/story.h"

struct baseline_run;

/* baseline: NULL = none; live as in summary_options. That it cannot be written
 * is said on standard error. */
void summary_show(struct story *story, const struct settings *settings,
                  const struct baseline_run *baseline, bool live);

#endif
