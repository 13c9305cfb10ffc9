/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

static void the_first_error_wins(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    err_set(&e, ERR_RANGE, "rate: '%s' is not a number", "abc");
    err_set(&e, ERR_IO, "second");
    err_set_at(&e, ERR_IO, "file", 1, 2, "third");
    assert_int_equal(e.code, ERR_RANGE);
    assert_string_equal(e.text, "rate: 'abc' is not a number");
    assert_string_equal(e.where, "");
    assert_int_equal(e.line, 0);
}

static void nobody_needs_to_want_the_error(void **state)
{
    (void)state;
    err_set(NULL, ERR_IO, "lost");
    err_set_at(NULL, ERR_IO, "f", 1, 1, "lost");
}

static void an_error_is_written_with_the_places_that_are_known(void **state)
{
    char buf[64];
    struct err e = ERR_INIT;

    (void)state;
    err_set_at(&e, ERR_SYNTAX, "plan.json", 3, 7, "no");
    assert_string_equal(err_str(&e, buf, sizeof buf), "plan.json:3:7: no");
    e.column = 0;
    assert_string_equal(err_str(&e, buf, sizeof buf), "plan.json:3: no");
    e.line = 0;
    assert_string_equal(err_str(&e, buf, sizeof buf), "plan.json: no");
    e.where[0] = '\0';
    assert_string_equal(err_str(&e, buf, sizeof buf), "no");
    assert_string_equal(err_str(&e, buf, 2), "n");
    e = (struct err)ERR_INIT;
    err_set_at(&e, ERR_SYNTAX, NULL, 3, 7, "no");
    assert_string_equal(err_str(&e, buf, sizeof buf), "3:7: no");
}

static void what_steers_a_terminal_is_escaped_in_text_and_place(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    err_set_at(&e, ERR_IO, "a\x1b[2J", 0, 0, "'%s'", "x\ny\x9b \xe2\x80\xae");
    assert_string_equal(e.text, "'x\\ny\\x9b \\u{202E}'");
    assert_string_equal(e.where, "a\\x1b[2J");
}

static void a_long_text_is_cut_at_a_whole_character(void **state)
{
    struct err e = ERR_INIT;
    char big[4001];
    size_t len;

    (void)state;
    memset(big, 'x', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    for (size_t i = 1; i + 1 < sizeof big - 1; i += 2) {
        memcpy(big + i, "\xc3\xa9", 2);
    }
    err_set(&e, ERR_IO, "%s", big);
    len = strlen(e.text);
    assert_true(len >= sizeof e.text - 3 && len < sizeof e.text);
    assert_memory_equal(e.text, big, len);
    assert_memory_equal(e.text + len - 2, "\xc3\xa9", 2);
}

static void a_long_place_loses_its_beginning(void **state)
{
    struct err e = ERR_INIT;
    char path[1000];

    (void)state;
    memset(path, 'p', sizeof path);
    snprintf(path + 900, 20, "/plan.json");
    err_set_at(&e, ERR_IO, path, 0, 0, "x");
    assert_int_equal(strlen(e.where), sizeof e.where - 1);
    assert_memory_equal(e.where, "...p", 4);
    assert_string_equal(e.where + sizeof e.where - 11, "/plan.json");
    for (size_t i = 0; i < 900; i += 3) {
        memcpy(path + i, "\xe6\x97\xa5", 3);
    }
    e = (struct err)ERR_INIT;
    err_set_at(&e, ERR_IO, path, 0, 0, "x");
    assert_memory_equal(e.where, "...\xe6\x97\xa5", 6);
}

static void a_place_of_just_the_size_is_kept_whole(void **state)
{
    struct err e = ERR_INIT;
    char path[sizeof e.where];

    (void)state;
    memset(path, 'p', sizeof path);
    path[sizeof path - 1] = '\0';
    err_set_at(&e, ERR_IO, path, 0, 0, "x");
    assert_string_equal(e.where, path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_error_wins),
        cmocka_unit_test(nobody_needs_to_want_the_error),
        cmocka_unit_test(an_error_is_written_with_the_places_that_are_known),
        cmocka_unit_test(what_steers_a_terminal_is_escaped_in_text_and_place),
        cmocka_unit_test(a_long_text_is_cut_at_a_whole_character),
        cmocka_unit_test(a_long_place_loses_its_beginning),
        cmocka_unit_test(a_place_of_just_the_size_is_kept_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
