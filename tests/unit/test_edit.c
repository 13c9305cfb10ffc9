/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/text.h"
#include "screen/edit.h"
#include "screen/keymap.h"

/* This exercises: the line editor of prompts. */

static void type(struct edit *e, const char *text)
{
    for (; *text != '\0'; text++) {
        edit_key(e, (unsigned char)*text);
    }
}

static void keys(struct edit *e, uint32_t key, int n)
{
    for (; n > 0; n--) {
        assert_true(edit_key(e, key));
    }
}

static void letters_go_in_where_the_cursor_stands(void **state)
{
    struct edit e;

    (void)state;
    edit_begin(&e, NULL, 40);
    type(&e, "dploy");
    keys(&e, TYPED_ARROW_LEFT, 4);
    type(&e, "e");
    assert_string_equal(e.text, "deploy");
    keys(&e, TYPED_LAST, 1);
    type(&e, "!");
    keys(&e, TYPED_FIRST, 1);
    type(&e, ">");
    assert_string_equal(e.text, ">deploy!");
    keys(&e, TYPED_ARROW_RIGHT, 1);
    keys(&e, TYPED_DELETE, 1);
    assert_string_equal(e.text, ">dploy!");
    keys(&e, TYPED_RUBOUT, 1);
    assert_string_equal(e.text, ">ploy!");
    /* At the ends there is nowhere to go. */
    keys(&e, TYPED_FIRST, 1);
    keys(&e, TYPED_ARROW_LEFT, 3);
    keys(&e, TYPED_RUBOUT, 3);
    keys(&e, TYPED_LAST, 1);
    keys(&e, TYPED_ARROW_RIGHT, 3);
    keys(&e, TYPED_DELETE, 3);
    assert_string_equal(e.text, ">ploy!");
}

static void characters_of_several_bytes_are_one_step(void **state)
{
    struct edit e;

    (void)state;
    edit_begin(&e, NULL, 40);
    edit_key(&e, 0xe9);    /* é */
    edit_key(&e, 0x65e5);  /* 日 */
    edit_key(&e, 0x1f600); /* a face */
    keys(&e, TYPED_ARROW_LEFT, 2);
    type(&e, "x");
    assert_string_equal(e.text, "\xc3\xa9x\xe6\x97\xa5\xf0\x9f\x98\x80");
    keys(&e, TYPED_DELETE, 1);
    assert_string_equal(e.text, "\xc3\xa9x\xf0\x9f\x98\x80");
    keys(&e, TYPED_RUBOUT, 2);
    assert_string_equal(e.text, "\xf0\x9f\x98\x80");
}

static void control_keys_are_those_of_a_shell(void **state)
{
    struct edit e;

    (void)state;
    edit_begin(&e, NULL, 60);
    type(&e, "the quick brown  ");
    keys(&e, TYPED_CTRL('W'), 1);
    assert_string_equal(e.text, "the quick ");
    keys(&e, TYPED_CTRL('A'), 1);
    keys(&e, TYPED_CTRL('F'), 4);
    keys(&e, TYPED_CTRL('K'), 1);
    assert_string_equal(e.text, "the ");
    type(&e, "slow fox");
    keys(&e, TYPED_CTRL('B'), 3);
    keys(&e, TYPED_CTRL('U'), 1);
    assert_string_equal(e.text, "fox");
    keys(&e, TYPED_CTRL('D'), 1);
    assert_string_equal(e.text, "ox");
    keys(&e, TYPED_CTRL('E'), 1);
    type(&e, "en");
    assert_string_equal(e.text, "oxen");
    assert_false(edit_key(&e, TYPED_F1));
    assert_false(edit_key(&e, TYPED_CTRL('G')));
}

static void a_line_takes_what_it_is_for_and_no_more(void **state)
{
    struct edit e;
    int i;

    (void)state;
    edit_begin(&e, NULL, 5);
    type(&e, "+12345678");
    assert_string_equal(e.text, "+1234");
    edit_begin(&e, NULL, 64);
    edit_key(&e, 0x202e); /* would turn the line around */
    edit_key(&e, 0x0301); /* joins what stands before it */
    edit_key(&e, 0x9b);
    edit_key(&e, 0x07);
    assert_string_equal(e.text, "");
    for (i = 0; i < 100; i++) {
        edit_key(&e, 0x20ac);
    }
    assert_int_equal(e.len, 63); /* whole characters */
}

static void lines_entered_before_come_back(void **state)
{
    static struct edit_past past;
    struct edit e;
    int i;

    (void)state;
    memset(&past, 0, sizeof past);
    edit_begin(&e, &past, 40);
    keys(&e, TYPED_ARROW_UP, 2); /* there is nothing yet */
    type(&e, "80");
    edit_keep(&e);
    edit_keep(&e); /* the same again is not news */
    edit_begin(&e, &past, 40);
    edit_keep(&e); /* nor is nothing */
    type(&e, "x2");
    edit_keep(&e);
    assert_int_equal(past.n, 2);
    edit_begin(&e, &past, 40);
    type(&e, "+1");
    keys(&e, TYPED_ARROW_UP, 1);
    assert_string_equal(e.text, "x2");
    assert_int_equal(e.at, 2);
    keys(&e, TYPED_ARROW_UP, 5);
    assert_string_equal(e.text, "80");
    keys(&e, TYPED_ARROW_DOWN, 1);
    assert_string_equal(e.text, "x2");
    keys(&e, TYPED_ARROW_DOWN, 5);
    assert_string_equal(e.text, "+1"); /* what was being typed is not lost */
    for (i = 0; i < 3 * EDIT_PAST_MAX; i++) {
        edit_begin(&e, &past, 40);
        type(&e, i % 2 == 0 ? "even" : "odd");
        edit_keep(&e);
    }
    assert_int_equal(past.n, EDIT_PAST_MAX);
    assert_string_equal(past.lines[EDIT_PAST_MAX - 1], "odd");
    assert_string_equal(past.lines[0], "even");
}

static void a_narrow_field_shows_the_part_around_the_cursor(void **state)
{
    struct edit e;
    struct edit_view v;

    (void)state;
    edit_begin(&e, NULL, 100);
    type(&e, "0123456789");
    v = edit_view(&e, 20);
    assert_int_equal(v.from, 0);
    assert_int_equal(v.to, 10);
    assert_int_equal(v.cursor, 10);
    v = edit_view(&e, 6); /* 56789 and the cursor */
    assert_int_equal(v.from, 5);
    assert_int_equal(v.cursor, 5);
    keys(&e, TYPED_ARROW_LEFT, 8);
    v = edit_view(&e, 6);
    assert_int_equal(v.from, 0);
    assert_int_equal(v.to, 6);
    assert_int_equal(v.cursor, 2);
}

static void no_row_of_keys_breaks_it(void **state)
{
    static struct edit_past past;
    struct edit e;
    struct rng r;
    int i;

    (void)state;
    memset(&past, 0, sizeof past);
    rng_seed(&r, 3, 1);
    edit_begin(&e, &past, EDIT_MAX - 1);
    for (i = 0; i < 200000; i++) {
        int cols = (int)rng_range(&r, 2, 60);
        struct edit_view v;
        char part[EDIT_MAX] = "";

        if (rng_range(&r, 0, 99) == 0) {
            edit_keep(&e);
            edit_begin(&e, &past, rng_range(&r, 1, EDIT_MAX - 1));
        }
        switch (rng_range(&r, 0, 3)) {
        case 0:
            edit_key(&e, (uint32_t)rng_range(&r, 0, 0x3ffff));
            break;
        case 1:
            edit_key(&e, (uint32_t)rng_range(&r, 0, 0xff));
            break;
        default:
            edit_key(&e, (uint32_t)rng_range(&r, TYPED_RETURN, TYPED_OTHER));
            break;
        }
        assert_true(e.len <= e.limit && e.at <= e.len);
        assert_int_equal(strlen(e.text), e.len);
        v = edit_view(&e, cols);
        assert_true(v.from <= e.at && e.at <= v.to && v.to <= e.len);
        assert_true(v.cursor >= 0 && v.cursor < cols);
        memcpy(part, e.text + v.from, v.to - v.from);
        assert_true(text_width(part) <= cols);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_go_in_where_the_cursor_stands),
        cmocka_unit_test(characters_of_several_bytes_are_one_step),
        cmocka_unit_test(control_keys_are_those_of_a_shell),
        cmocka_unit_test(a_line_takes_what_it_is_for_and_no_more),
        cmocka_unit_test(lines_entered_before_come_back),
        cmocka_unit_test(a_narrow_field_shows_the_part_around_the_cursor),
        cmocka_unit_test(no_row_of_keys_breaks_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
