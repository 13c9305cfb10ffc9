/* SPDX-License-Identifier: MIT */
#include "config.h"

#define NCURSES_WIDECHAR 1

#include "screen/term_look.h"

#include <unistd.h>

#include <curses.h>
#include <term.h>

bool term_look_known(const char *name)
{
    int how;

    if (setupterm(name, STDOUT_FILENO, &how) == ERR) {
        return false;
    }
    del_curterm(cur_term);
    return true;
}

/* The 256 colours that all terminals agree on from 16 on, as red, green and
 * blue, for terminals whose colour numbers are such. */
static int look_rgb(int index)
{
    static const int cube[] = {0, 95, 135, 175, 215, 255};
    int n = index - 16, grey = 8 + 10 * (index - 232);

    if (index < 16) {
        return index;
    }
    if (index >= 232) {
        return grey << 16 | grey << 8 | grey;
    }
    return cube[n / 36] << 16 | cube[n / 6 % 6] << 8 | cube[n % 6];
}

static enum role_depth look_depth(bool no_color)
{
    /* Order matters: without colours curses has no tables, and touching them
     * is a crash. */
    if (no_color || !has_colors() || start_color() == ERR ||
        COLOR_PAIRS <= ROLE_COUNT) {
        return DEPTH_MONO;
    }
    return role_depth_of(COLORS);
}

void term_look_init(struct term_look *l, bool no_color)
{
    enum role_depth depth = look_depth(no_color);
    bool own = depth != DEPTH_MONO && use_default_colors() != ERR;
    int i;

    for (i = 0; i < ROLE_COUNT; i++) {
        struct role_look r = role_look((enum role)i, depth);
        int fg = r.fg, bg = r.bg;

        l->attr[i] = A_NORMAL;
        l->attr[i] |= (r.attr & ROLE_BOLD) != 0 ? A_BOLD : 0;
        l->attr[i] |= (r.attr & ROLE_DIM) != 0 ? A_DIM : 0;
        l->attr[i] |= (r.attr & ROLE_REVERSE) != 0 ? A_REVERSE : 0;
        l->pair[i] = 0;
        if (depth == DEPTH_MONO || (fg < 0 && bg < 0)) {
            continue;
        }
        if (COLORS > 256) {
            fg = fg < 0 ? fg : look_rgb(fg);
            bg = bg < 0 ? bg : look_rgb(bg);
        }
        if (!own) {
            fg = fg < 0 ? COLOR_WHITE : fg;
            bg = bg < 0 ? COLOR_BLACK : bg;
        }
        if (init_extended_pair(i + 1, fg, bg) != ERR) {
            l->pair[i] = i + 1;
        }
    }
}
