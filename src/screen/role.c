/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/role.h"

#include "base/must.h"

enum {
    /* Short names for the table's columns. */
    BOLD = ROLE_BOLD,
    DIM = ROLE_DIM,
    REVERSE = ROLE_REVERSE,
};

struct role_row {
    char letter;
    struct role_look look[4]; /* by enum role_depth */
};

static const struct role_row role_rows[] = {
#define ROLE(id, letter, f256, b256, f16, b16, f8, b8, a, a8, m)               \
    [ROLE_##id] = {                                                            \
        letter, {{-1, -1, m}, {f8, b8, a8}, {f16, b16, a}, {f256, b256, a}}},
#include "screen/roles.def"
#undef ROLE
};

struct role_look role_look(enum role r, enum role_depth d)
{
    MUST(r < ROLE_COUNT && d <= DEPTH_256);
    return role_rows[r].look[d];
}

char role_letter(enum role r)
{
    MUST(r < ROLE_COUNT);
    return role_rows[r].letter;
}

enum role_depth role_depth_of(int colors)
{
    return colors >= 256  ? DEPTH_256
           : colors >= 16 ? DEPTH_16
           : colors >= 8  ? DEPTH_8
                          : DEPTH_MONO;
}
