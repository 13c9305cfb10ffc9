/* SPDX-License-Identifier: MIT
 *
 * settings - how the screen is to look and to be used: the command line's
 * options stand over the environment, and that over the file
 * $XDG_CONFIG_HOME/brunt/config (else ~/.config/brunt/config). */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "cli/options.h"
#include "screen/keymap.h"
#include "screen/theme.h"

struct settings {
    bool ascii;
    bool no_color;
    enum theme theme;
    uint32_t step; /* of ] and [ at first; 0 = not said */
    bool mouse;    /* on from the start */
    struct keymap keys;
};

/* Takes what the text of a configuration file says; where: its name. Appends
 * each mistake, a line with its place, to mistakes. */
void settings_take(struct settings *s, const char *where, const char *text,
                   struct buf *mistakes);

/* false: mistakes were printed on standard error. */
bool settings_read(const struct cli_args *a, struct settings *s) MUST_CHECK;

#endif
