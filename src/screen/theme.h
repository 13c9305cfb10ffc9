/* SPDX-License-Identifier: MIT
 *
 * theme - how roles look: a choice of colours for each depth of colour that
 * terminals have, and for pictures. Knows no curses. */
#ifndef SCREEN_THEME_H
#define SCREEN_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "screen/role.h"

enum theme {
#define THEME(id, name, f256, b256, f16, b16, f8, b8, fg, bg) THEME_##id,
#include "screen/themes.def"
#undef THEME
    THEME_COUNT
};

enum theme_attr {
    THEME_BOLD = 1,
    THEME_DIM = 2,
    THEME_REVERSE = 4,
};

enum theme_depth { DEPTH_MONO, DEPTH_8, DEPTH_16, DEPTH_256 };

struct theme_look {
    int fg, bg;    /* colour numbers; -1 = the terminal's own */
    unsigned attr; /* theme_attr bits */
};

const char *theme_name(enum theme t);
/* All names, borrowed: THEME_COUNT of them. */
const char *const *theme_names(void);
/* false: there is none of that name. */
bool theme_find(const char *name, enum theme *t);

struct theme_look theme_look(enum theme t, enum role r, enum theme_depth d);
/* For a terminal that says it has so many colours; 0 and below: none. */
enum theme_depth theme_depth_of(int colors);

/* A colour from 16 on of the 256 as 0xRRGGBB: all terminals agree on those.
 * (The first 16 are as the person has set them: 0 is returned.) */
uint32_t theme_rgb_of(int color);
/* A cell in a picture, 0xRRGGBB each; its REVERSE is done already. */
struct theme_paint {
    uint32_t fg, bg;
    bool bold;
};
struct theme_paint theme_paint(enum theme t, enum role r);

#endif
