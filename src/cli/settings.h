/* SPDX-License-Identifier: MIT
 *
 * settings - how the screen is to look and to be used: the command line's
 * options stand over the environment. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include <stdbool.h>

#include "base/attr.h"
#include "cli/options.h"
#include "screen/theme.h"

struct settings {
    bool ascii;
    bool no_color;
    enum theme theme;
};

/* false: mistakes were printed on standard error. */
bool settings_read(const struct cli_args *a, struct settings *s) MUST_CHECK;

#endif
