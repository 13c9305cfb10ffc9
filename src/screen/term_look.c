/* SPDX-License-Identifier: MIT */
#include "config.h"

#define NCURSES_WIDECHAR 1

#include "screen/term_look.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include <curses.h>
#include <term.h>

bool term_look_ascii(bool asked)
{
    const char *name = getenv("TERM");

    return asked || strcmp(nl_langinfo(CODESET), "UTF-8") != 0 ||
           wcwidth(0x2500) != 1 || name == NULL || strcmp(name, "linux") == 0;
}

bool term_look_known(const char *name)
{
    int how;

    if (setupterm(name, STDOUT_FILENO, &how) == ERR) {
        return false;
    }
    del_curterm(cur_term);
    return true;
}

/* A colour number of the 256, for terminals whose numbers are red, green and
 * blue. */
static int look_direct(int color)
{
    return color < 16 ? color : (int)theme_rgb_of(color);
}

static enum theme_depth look_depth(bool no_color)
{
    /* Order matters: without colours curses has no tables, and touching them
     * is a crash. */
    if (no_color || !has_colors() || start_color() == ERR ||
        COLOR_PAIRS <= ROLE_COUNT) {
        return DEPTH_MONO;
    }
    return theme_depth_of(COLORS);
}

size_t term_look_capability(const char *name, char *out, size_t size)
{
    const char *s = tigetstr(name);
    size_t n = 0;

    if (s == NULL || s == (char *)-1) {
        return 0;
    }
    while (*s != '\0' && n < size) {
        if (s[0] == '$' && s[1] == '<' && strchr(s, '>') != NULL) {
            s = strchr(s, '>') + 1;
        } else {
            out[n++] = *s++;
        }
    }
    return n;
}

size_t term_look_region(int rows, char *out, size_t size)
{
    char csr[64] = "";
    const char *s;
    size_t n;

    if (term_look_capability("csr", csr, sizeof csr - 1) == 0) {
        return 0;
    }
    s = tiparm(csr, 0, rows - 1);
    n = s != NULL ? strlen(s) : 0;
    if (n == 0 || n > size) {
        return 0;
    }
    memcpy(out, s, n);
    return n;
}

void term_look_init(struct term_look *l, bool no_color)
{
    l->depth = look_depth(no_color);
    l->own = l->depth != DEPTH_MONO && use_default_colors() != ERR;
    term_look_take(l, THEME_DARK);
}

/* Curses' pair of these colours, as this role's; 0 = the terminal's own. */
static int look_pair(const struct term_look *l, int role,
                     const struct theme_look *r)
{
    int fg = r->fg, bg = r->bg;

    if (l->depth == DEPTH_MONO || (fg < 0 && bg < 0)) {
        return 0;
    }
    if (COLORS > 256) {
        fg = look_direct(fg);
        bg = look_direct(bg);
    }
    if (!l->own) {
        fg = fg < 0 ? COLOR_WHITE : fg;
        bg = bg < 0 ? COLOR_BLACK : bg;
    }
    return init_extended_pair(role + 1, fg, bg) != ERR ? role + 1 : 0;
}

void term_look_take(struct term_look *l, enum theme theme)
{
    int i;

    l->theme = theme;
    for (i = 0; i < ROLE_COUNT; i++) {
        struct theme_look r = theme_look(theme, (enum role)i, l->depth);

        l->attr[i] = A_NORMAL;
        l->attr[i] |= (r.attr & THEME_BOLD) != 0 ? A_BOLD : 0;
        l->attr[i] |= (r.attr & THEME_DIM) != 0 ? A_DIM : 0;
        l->attr[i] |= (r.attr & THEME_REVERSE) != 0 ? A_REVERSE : 0;
        l->pair[i] = look_pair(l, i, &r);
    }
}
