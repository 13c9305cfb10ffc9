/* SPDX-License-Identifier: MIT */
#include "config.h"

#define NCURSES_WIDECHAR 1

#include "screen/term_key.h"

#include <stddef.h>

#include <curses.h>

#include "screen/keymap.h"

enum {
    TERM_KEY_PASTE_BEGIN = KEY_MAX + 1,
    TERM_KEY_PASTE_END,
};

void term_key_init(void)
{
    define_key("\033[200~", TERM_KEY_PASTE_BEGIN);
    define_key("\033[201~", TERM_KEY_PASTE_END);
    /* Terminals differ from what is written of them in the mode that their
     * arrows are in. */
    define_key("\033[A", KEY_UP);
    define_key("\033[B", KEY_DOWN);
    define_key("\033OA", KEY_UP);
    define_key("\033OB", KEY_DOWN);
    define_key("\033[C", KEY_RIGHT);
    define_key("\033OC", KEY_RIGHT);
    define_key("\033[D", KEY_LEFT);
    define_key("\033OD", KEY_LEFT);
    define_key("\033[1;2D", KEY_SLEFT);
    define_key("\033[1;2C", KEY_SRIGHT);
    define_key("\033[d", KEY_SLEFT);
    define_key("\033[c", KEY_SRIGHT);
    define_key("\033OP", KEY_F(1));
    define_key("\033[H", KEY_HOME);
    define_key("\033OH", KEY_HOME);
    define_key("\033[1~", KEY_HOME);
    define_key("\033[7~", KEY_HOME);
    define_key("\033[F", KEY_END);
    define_key("\033OF", KEY_END);
    define_key("\033[4~", KEY_END);
    define_key("\033[8~", KEY_END);
    define_key("\033[3~", KEY_DC);
}

static uint32_t term_key_of(int kind, wint_t key)
{
    static const struct {
        wint_t key;
        uint32_t typed;
    } codes[] = {
        {KEY_UP, TYPED_ARROW_UP},
        {KEY_DOWN, TYPED_ARROW_DOWN},
        {KEY_LEFT, TYPED_ARROW_LEFT},
        {KEY_RIGHT, TYPED_ARROW_RIGHT},
        {KEY_SLEFT, TYPED_SHIFT_LEFT},
        {KEY_SRIGHT, TYPED_SHIFT_RIGHT},
        {KEY_PPAGE, TYPED_PAGE_UP},
        {KEY_NPAGE, TYPED_PAGE_DOWN},
        {KEY_HOME, TYPED_FIRST},
        {KEY_END, TYPED_LAST},
        {KEY_DC, TYPED_DELETE},
        {KEY_F(1), TYPED_F1},
        {KEY_ENTER, TYPED_RETURN},
        {KEY_BACKSPACE, TYPED_RUBOUT},
        {TERM_KEY_PASTE_BEGIN, TYPED_PASTE_BEGIN},
        {TERM_KEY_PASTE_END, TYPED_PASTE_END},
    };
    size_t i;

    if (kind == KEY_CODE_YES) {
        for (i = 0; i < sizeof codes / sizeof codes[0]; i++) {
            if (codes[i].key == key) {
                return codes[i].typed;
            }
        }
        return key == KEY_RESIZE || key == KEY_MOUSE ? 0 : TYPED_OTHER;
    }
    switch (key) {
    case '\r':
    case '\n':
        return TYPED_RETURN;
    case 0x08:
    case 0x7f:
        return TYPED_RUBOUT;
    default:
        return (uint32_t)key;
    }
}

bool term_key_read(uint32_t *key)
{
    wint_t got;
    int kind;

    do {
        kind = get_wch(&got);
        *key = kind != ERR ? term_key_of(kind, got) : 0;
    } while (kind != ERR && *key == 0);
    return kind != ERR;
}
