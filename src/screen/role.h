/* SPDX-License-Identifier: MIT
 *
 * role - what a cell of the screen means; how that looks is the theme's
 * (screen/theme.h). */
#ifndef SCREEN_ROLE_H
#define SCREEN_ROLE_H

enum role {
#define ROLE(id, letter, mono) ROLE_##id,
#include "screen/roles.def"
#undef ROLE
    ROLE_COUNT
};

/* For attribute maps of tests; each role has its own. */
char role_letter(enum role r);

#endif
