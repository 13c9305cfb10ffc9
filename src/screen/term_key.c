/* SPDX-License-Identifier: MIT */
#include "config.h"

#define NCURSES_WIDECHAR 1

#include "screen/term_key.h"

#include <poll.h>
#include <stddef.h>
#include <unistd.h>

#include <curses.h>

enum {
    TERM_ESC_MS = 25, /* a lone Esc is known after so long */
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

/* The key that sends this. Sequences of no key are one all the same, and never
 * what their letters would be one by one. */
static uint32_t term_key_sequence(const char *bytes)
{
    static const struct {
        int key;
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
    int key = key_defined(bytes);
    size_t i;

    for (i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i].key == key) {
            return codes[i].typed;
        }
    }
    return TYPED_OTHER;
}

static uint32_t term_key_char(uint32_t cp)
{
    switch (cp) {
    case '\r':
    case '\n':
        return TYPED_RETURN;
    case 0x08:
    case 0x7f:
        return TYPED_RUBOUT;
    default:
        return cp;
    }
}

static uint32_t term_key_mouse(enum stroke_mouse m)
{
    return m == STROKE_CLICK      ? TYPED_CLICK
           : m == STROKE_WHEEL_UP ? TYPED_WHEEL_UP
                                  : TYPED_WHEEL_DOWN;
}

static struct typed term_key_of(const struct stroke *s)
{
    struct typed t = {.row = s->row, .col = s->col};

    switch (s->kind) {
    case STROKE_CHAR:
        t.key = term_key_char(s->cp);
        break;
    case STROKE_SEQUENCE:
        t.key = term_key_sequence(s->bytes);
        if (t.key == TYPED_OTHER) {
            stroke_name(s, t.name, sizeof t.name);
        }
        break;
    case STROKE_MOUSE:
        t.key = term_key_mouse(s->mouse);
        break;
    }
    return t;
}

/* Takes over what has come; false: nothing more has. */
static bool term_key_take(struct strokes *s, int tty)
{
    char bytes[STROKES_HELD_MAX];
    ssize_t n = read(tty, bytes, strokes_room(s));

    if (n > 0) {
        strokes_add(s, bytes, (size_t)n);
    }
    return n > 0;
}

int term_key_read(struct strokes *s, int tty, struct typed *keys, int max)
{
    struct pollfd p = {.fd = tty, .events = POLLIN};
    struct stroke stroke = {.row = 0};
    int n = 0;

    while (n < max) {
        if (strokes_next(s, &stroke)) {
            keys[n] = term_key_of(&stroke);
            n += keys[n].key != 0; /* Ctrl-Space is no key here */
        } else if (term_key_take(s, tty)) {
            continue;
        } else if (!strokes_wait(s)) {
            break;
        } else if (poll(&p, 1, TERM_ESC_MS) <= 0 || !term_key_take(s, tty)) {
            strokes_lull(s);
        }
    }
    return n;
}
