/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/theme.h"

#include <string.h>

#include "base/must.h"

enum {
    /* Short names for the tables' columns. */
    BOLD = THEME_BOLD,
    DIM = THEME_DIM,
    REVERSE = THEME_REVERSE,
};

/* Of colours, by enum theme_depth; DEPTH_MONO has none. */
struct theme_row {
    bool there;
    struct theme_look look[4];
};

struct theme_ground {
    struct theme_look look[4]; /* by enum theme_depth */
    uint32_t fg, bg;           /* of pictures */
};

static const unsigned theme_mono[] = {
#define ROLE(id, letter, mono) [ROLE_##id] = mono,
#include "screen/roles.def"
#undef ROLE
};

static const char *const theme_name_list[] = {
#define THEME(id, name, f256, b256, f16, b16, f8, b8, fg, bg) name,
#include "screen/themes.def"
#undef THEME
};

static const struct theme_ground theme_grounds[] = {
#define THEME(id, name, f256, b256, f16, b16, f8, b8, fg, bg)                  \
    {{{-1, -1, 0}, {f8, b8, 0}, {f16, b16, 0}, {f256, b256, 0}}, fg, bg},
#include "screen/themes.def"
#undef THEME
};

#define LOOK(id, f256, b256, f16, b16, f8, b8, a, a8)                          \
    [ROLE_##id] = {                                                            \
        true, {{-1, -1, 0}, {f8, b8, a8}, {f16, b16, a}, {f256, b256, a}}},
static const struct theme_row theme_rows[THEME_COUNT][ROLE_COUNT] = {
    [THEME_DARK] =
        {
#include "screen/theme_dark.def"
        },
    [THEME_LIGHT] =
        {
#include "screen/theme_light.def"
        },
    [THEME_CONTRAST] =
        {
#include "screen/theme_contrast.def"
        },
    [THEME_CVD] =
        {
#include "screen/theme_cvd.def"
        },
};
#undef LOOK

const char *theme_name(enum theme t)
{
    MUST(t < THEME_COUNT);
    return theme_name_list[t];
}

const char *const *theme_names(void)
{
    return theme_name_list;
}

bool theme_find(const char *name, enum theme *t)
{
    int i;

    for (i = 0; i < THEME_COUNT; i++) {
        if (strcmp(theme_name_list[i], name) == 0) {
            *t = (enum theme)i;
            return true;
        }
    }
    return false;
}

struct theme_look theme_look(enum theme t, enum role r, enum theme_depth d)
{
    struct theme_look l, ground;

    MUST(t < THEME_COUNT && r < ROLE_COUNT && d <= DEPTH_256);
    MUST(theme_rows[t][r].there);
    l = theme_rows[t][r].look[d];
    ground = theme_grounds[t].look[d];
    if (d == DEPTH_MONO) {
        l.attr = theme_mono[r];
    }
    l.fg = l.fg < 0 ? ground.fg : l.fg;
    l.bg = l.bg < 0 ? ground.bg : l.bg;
    return l;
}

enum theme_depth theme_depth_of(int colors)
{
    return colors >= 256  ? DEPTH_256
           : colors >= 16 ? DEPTH_16
           : colors >= 8  ? DEPTH_8
                          : DEPTH_MONO;
}

uint32_t theme_rgb_of(int color)
{
    static const uint32_t cube[] = {0, 95, 135, 175, 215, 255};
    uint32_t n = (uint32_t)color - 16, grey;

    if (color < 16 || color > 255) {
        return 0;
    }
    if (color >= 232) {
        grey = 8 + 10 * (uint32_t)(color - 232);
        return grey << 16 | grey << 8 | grey;
    }
    return cube[n / 36] << 16 | cube[n / 6 % 6] << 8 | cube[n % 6];
}

struct theme_paint theme_paint(enum theme t, enum role r)
{
    struct theme_look l = theme_look(t, r, DEPTH_256);
    uint32_t fg = l.fg < 0 ? theme_grounds[t].fg : theme_rgb_of(l.fg);
    uint32_t bg = l.bg < 0 ? theme_grounds[t].bg : theme_rgb_of(l.bg);
    bool turned = (l.attr & THEME_REVERSE) != 0;

    return (struct theme_paint){.fg = turned ? bg : fg,
                                .bg = turned ? fg : bg,
                                .bold = (l.attr & THEME_BOLD) != 0};
}
