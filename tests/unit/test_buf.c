/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void an_empty_buffer_is_an_empty_string(void **state)
{
    struct buf b;
    char *s;

    (void)state;
    buf_init(&b, 10);
    assert_string_equal(buf_str(&b), "");
    assert_null(b.data);
    s = buf_take(&b);
    assert_string_equal(s, "");
    free(s);
    assert_true(buf_add(&b, "", 0));
    assert_string_equal(buf_str(&b), "");
    buf_clear(&b);
}

static void bytes_are_added_in_order_and_end_with_nul(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 1000);
    assert_true(buf_adds(&b, "GET "));
    assert_true(buf_addc(&b, '/'));
    assert_true(buf_add(&b, "a\0b", 3));
    assert_true(buf_addf(&b, " %d %s", 42, "x"));
    assert_int_equal(b.len, 13);
    assert_memory_equal(b.data, "GET /a\0b 42 x", 14);
    assert_false(b.cut);
    buf_clear(&b);
}

static void what_does_not_fit_is_left_out_and_said(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 5);
    assert_true(buf_adds(&b, "abc"));
    assert_false(buf_adds(&b, "defgh"));
    assert_string_equal(buf_str(&b), "abcde");
    assert_true(b.cut);
    assert_false(buf_addc(&b, 'x'));
    assert_false(buf_addf(&b, "%d", 1));
    assert_true(buf_adds(&b, ""));
    assert_int_equal(b.len, 5);
    assert_true(b.cap <= 6);
    buf_reset(&b);
    assert_false(b.cut);
    assert_string_equal(buf_str(&b), "");
    assert_false(buf_addf(&b, "%s", "abcdefgh"));
    assert_string_equal(buf_str(&b), "abcde");
    buf_clear(&b);
}

static void a_buffer_of_nothing_holds_nothing(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 0);
    assert_false(buf_addc(&b, 'x'));
    assert_false(buf_addf(&b, "x"));
    assert_string_equal(buf_str(&b), "");
    assert_true(b.cut);
    buf_clear(&b);
}

static void growing_keeps_all_bytes_and_the_maximum(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 100000);
    for (size_t i = 0; i < 200000; i++) {
        assert_true(buf_addc(&b, (char)('a' + i % 26)) == (i < 100000));
    }
    assert_int_equal(b.len, 100000);
    assert_true(b.cap <= 100001);
    for (size_t i = 0; i < b.len; i++) {
        assert_int_equal(b.data[i], 'a' + i % 26);
    }
    assert_int_equal(strlen(buf_str(&b)), 100000);
    buf_clear(&b);
}

static void the_greatest_maximum_does_not_wrap(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, SIZE_MAX);
    assert_true(buf_adds(&b, "x"));
    assert_string_equal(buf_str(&b), "x");
    buf_clear(&b);
}

static void
what_is_taken_is_the_callers_and_the_buffer_starts_anew(void **state)
{
    struct buf b;
    char *s;

    (void)state;
    buf_init(&b, 4);
    assert_false(buf_adds(&b, "12345"));
    s = buf_take(&b);
    assert_string_equal(s, "1234");
    free(s);
    assert_false(b.cut);
    assert_int_equal(b.len, 0);
    assert_true(buf_adds(&b, "abcd"));
    buf_clear(&b);
    assert_true(buf_adds(&b, "efgh"));
    buf_clear(&b);
}

static void what_was_added_can_be_cut_off_again(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 100);
    buf_cut(&b, 0);
    assert_string_equal(buf_str(&b), "");
    buf_adds(&b, "one two");
    buf_cut(&b, 3);
    assert_string_equal(buf_str(&b), "one");
    assert_int_equal(b.len, 3);
    buf_adds(&b, "!");
    assert_string_equal(buf_str(&b), "one!");
    buf_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_buffer_is_an_empty_string),
        cmocka_unit_test(bytes_are_added_in_order_and_end_with_nul),
        cmocka_unit_test(what_does_not_fit_is_left_out_and_said),
        cmocka_unit_test(a_buffer_of_nothing_holds_nothing),
        cmocka_unit_test(growing_keeps_all_bytes_and_the_maximum),
        cmocka_unit_test(the_greatest_maximum_does_not_wrap),
        cmocka_unit_test(what_was_added_can_be_cut_off_again),
        cmocka_unit_test(
            what_is_taken_is_the_callers_and_the_buffer_starts_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
