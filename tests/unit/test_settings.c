/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "cli/settings.h"

/* This exercises: the configuration file. */

static struct settings taken;

/* The mistakes in text; borrowed. */
static const char *take(const char *text)
{
    static char mistakes[4096];
    struct buf b;

    memset(&taken, 0, sizeof taken);
    keymap_init(&taken.keys);
    buf_init(&b, sizeof mistakes - 1);
    settings_take(&taken, "config", text, &b);
    snprintf(mistakes, sizeof mistakes, "%s", buf_str(&b));
    buf_clear(&b);
    return mistakes;
}

static void settings_are_taken(void **state)
{
    (void)state;
    assert_string_equal(take(""), "");
    assert_int_equal(taken.theme, THEME_DARK);
    assert_string_equal(take("# a comment\n\n  theme=contrast  \r\n"
                             "\tascii = yes\n#theme = cvd\ncolor = no"),
                        "");
    assert_int_equal(taken.theme, THEME_CONTRAST);
    assert_true(taken.ascii);
    assert_true(taken.no_color);
    assert_int_equal(taken.step, 0);
    assert_string_equal(take("step = 25"), "");
    assert_int_equal(taken.step, 25);
    assert_false(taken.mouse);
    assert_string_equal(take("mouse = on"), "");
    assert_true(taken.mouse);
    assert_string_equal(take("mouse = on\nmouse = off\n"), "");
    assert_false(taken.mouse);
    assert_string_equal(take("ascii = yes\nascii = no\n"), "");
    assert_false(taken.ascii);
}

static void keys_are_bound_anew(void **state)
{
    (void)state;
    assert_string_equal(take("key.hold = H\nkey.set-vus = \xc3\xbc\n"
                             "key.pause = Space\nkey.help = Ctrl-G\n"),
                        "");
    assert_int_equal(keymap_look(&taken.keys, 'H', WHERE_LIVE), ACTION_HOLD);
    assert_int_equal(keymap_look(&taken.keys, ' ', WHERE_LIVE), ACTION_PAUSE);
    assert_int_equal(keymap_look(&taken.keys, 'p', WHERE_LIVE), ACTION_COUNT);
    assert_int_equal(keymap_look(&taken.keys, 0xfc, WHERE_LIVE),
                     ACTION_SET_VUS);
    assert_int_equal(keymap_look(&taken.keys, 0x07, WHERE_DONE), ACTION_HELP);
    assert_int_equal(keymap_look(&taken.keys, TYPED_F1, WHERE_DONE),
                     ACTION_COUNT);
    /* What was not named is as it was. */
    assert_int_equal(keymap_look(&taken.keys, 'q', WHERE_DONE), ACTION_QUIT);
    assert_string_equal(keymap_label(&taken.keys, ACTION_HOLD), "H");
    assert_string_equal(keymap_label(&taken.keys, ACTION_PAUSE), "Space");
    assert_string_equal(keymap_label(&taken.keys, ACTION_HELP), "Ctrl-G");
    assert_string_equal(keymap_label(&taken.keys, ACTION_QUIT), "q");
}

/* Each with its line; the rest is taken all the same. */
static void every_mistake_is_told_with_its_line(void **state)
{
    static const struct {
        const char *text, *mistakes;
    } rows[] = {
        {"theme = drak\n", "config:1: theme: is dark, light, contrast or cvd "
                           "(did you mean dark?)\n"},
        {"step = 0\n", "config:1: step: is a whole number from 1 to 1000\n"},
        {"step = 1001\nstep = 5 x\n",
         "config:1: step: is a whole number from 1 to 1000\n"
         "config:2: step: is a whole number from 1 to 1000\n"},
        {"mouse = yes\n", "config:1: mouse: is 'on' or 'off'\n"},
        {"mouse = of\n", "config:1: mouse: is 'on' or 'off'\n"},
        {"mose = on\n",
         "config:1: mose: there is no such setting (did you mean mouse?)\n"},
        {"\nascii = 1\n", "config:2: ascii: is 'yes' or 'no'\n"},
        {"thme = dark\n",
         "config:1: thme: there is no such setting (did you mean theme?)\n"},
        {"theme\n", "config:1: theme: a line is 'key = value'\n"},
        {"= dark\n", "config:1: = dark: a line is 'key = value'\n"},
        {"key.puase = Z\n",
         "config:1: key.puase: there is no such action (did you mean "
         "pause?)\n"},
        {"key.vus = Z\n",
         "config:1: key.vus: there is no such action (did you mean "
         "set-vus?)\n"},
        {"key.xyzzy = Z\n",
         "config:1: key.xyzzy: there is no such action; brunt(1) lists "
         "them\n"},
        {"key. = Z\n",
         "config:1: key.: there is no such action; brunt(1) lists them\n"},
        {"key.pause = v\n",
         "config:1: key.pause: v is the key of set-vus: bind that anew, "
         "too\n"},
        {"key.pause = Z\n\nkey.hold = Z\n",
         "config:3: key.hold: Z is the key of pause: bind that anew, too\n"},
        {"key.pause = F1\n",
         "config:1: key.pause: F1 is the key of help: bind that anew, too\n"},
        {"key.back = Z\n",
         "config:1: key.back: stays Esc: the way out of everything\n"},
        {"\033[2J = \033\n", "config:1: \\x1b[2J: there is no such setting\n"},
    };
    static const char *const keys[] = {"",         "ab",    "Ctrl-C", "Ctrl-M",
                                       "Esc",      "Enter", "Ctrl-1", "\xff",
                                       "\xcc\x81", "F2",    "Up"};
    char text[64], longer[400];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(take(rows[i].text), rows[i].mistakes);
    }
    for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        snprintf(text, sizeof text, "key.pause = %s\n", keys[i]);
        assert_memory_equal(take(text), "config:1: key.pause: a key is", 29);
    }
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_string_equal(take(longer), "config:1: this line: is too long\n");
    assert_non_null(
        strstr(take("color = x\ntheme = cvd\nascii = x\n"), "config:3"));
    assert_int_equal(taken.theme, THEME_CVD);
}

/* Two keys that change places, and a key for what is bound elsewhere. */
static void keys_may_change_places(void **state)
{
    (void)state;
    assert_string_equal(take("key.pause = m\nkey.mark = p\n"), "");
    assert_int_equal(keymap_look(&taken.keys, 'm', WHERE_LIVE), ACTION_PAUSE);
    assert_int_equal(keymap_look(&taken.keys, 'p', WHERE_LIVE), ACTION_MARK);
}

/* The example, as it is and with all of it counting. */
static void the_example_is_right(void **state)
{
    const char *src = getenv("SRCDIR");
    char path[512], *at;
    struct err e = ERR_INIT;
    struct buf b;

    (void)state;
    snprintf(path, sizeof path, "%s/data/config.example",
             src != NULL ? src : ".");
    buf_init(&b, 1 << 16);
    assert_true(file_read(path, &b, &e));
    assert_string_equal(take(buf_str(&b)), "");
    for (at = b.data; (at = strchr(at, '#')) != NULL; at++) {
        if ((at == b.data || at[-1] == '\n') && at[1] != ' ' && at[1] != '\n') {
            *at = ' ';
        }
    }
    assert_string_equal(take(buf_str(&b)), "");
    assert_int_equal(keymap_look(&taken.keys, 'X', WHERE_LIVE), ACTION_QUIT);
    assert_int_equal(keymap_look(&taken.keys, ' ', WHERE_LIVE), ACTION_PAUSE);
    buf_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_are_taken),
        cmocka_unit_test(keys_are_bound_anew),
        cmocka_unit_test(every_mistake_is_told_with_its_line),
        cmocka_unit_test(keys_may_change_places),
        cmocka_unit_test(the_example_is_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
