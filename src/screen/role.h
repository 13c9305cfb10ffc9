/* SPDX-License-Identifier: MIT
 *
 * role - what a cell of the screen means; its colours follow from the depth of
 * colour that the terminal has. Knows no curses. */
#ifndef SCREEN_ROLE_H
#define SCREEN_ROLE_H

#include <stdint.h>

enum role {
#define ROLE(id, letter, f256, b256, f16, b16, f8, b8, a, a8, m) ROLE_##id,
#include "screen/roles.def"
#undef ROLE
    ROLE_COUNT
};

enum role_attr {
    ROLE_BOLD = 1,
    ROLE_DIM = 2,
    ROLE_REVERSE = 4,
};

enum role_depth { DEPTH_MONO, DEPTH_8, DEPTH_16, DEPTH_256 };

struct role_look {
    int fg, bg;    /* colour numbers; -1 = the terminal's own */
    unsigned attr; /* role_attr bits */
};

struct role_look role_look(enum role r, enum role_depth d);
/* For attribute maps of tests; each role has its own. */
char role_letter(enum role r);
/* For a terminal that says it has so many colours; 0 and below: none. */
enum role_depth role_depth_of(int colors);

#endif
