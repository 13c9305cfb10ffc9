/* SPDX-License-Identifier: MIT
 *
 * model - the --model options of target and demo. */
#ifndef CLI_MODEL_H
#define CLI_MODEL_H

#include <stdbool.h>

#include "base/attr.h"
#include "cli/options.h"
#include "target/model.h"

/* Defaults, then text (keys and values, "" = none), then each --model in order.
 * false: said why on standard error. */
bool model_from_args(const struct cli_args *a, const char *text,
                     struct target_model *m) MUST_CHECK;

#endif
