/* SPDX-License-Identifier: MIT
 *
 * test_regexp - patterns, what is told of wrong ones, and texts that are
 * hostile to them. */
#include "config.h"

#include "base/regexp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"

static void assert_found(const char *pattern, const char *text, unsigned group,
                         const char *want)
{
    struct regexp_scratch *s = regexp_scratch_new();
    struct err e = ERR_INIT;
    struct regexp *r = regexp_new(pattern, &e);
    enum regexp_result got;
    const char *at = "unset";
    size_t n = 0;

    assert_non_null(r);
    got = regexp_find(r, s, text, strlen(text), group, &at, &n);
    if (want == NULL) {
        assert_int_equal(got, REGEXP_NOT_FOUND);
    } else {
        assert_int_equal(got, REGEXP_FOUND);
        assert_int_equal(n, strlen(want));
        assert_memory_equal(at, want, n);
    }
    regexp_free(&r);
    regexp_scratch_free(&s);
}

static void the_first_match_is_found(void **state)
{
    (void)state;
    assert_found("b+", "abbcb", 0, "bb");
    assert_found("a(b+)(c)", "abbcb", 1, "bb");
    assert_found("a(b+)(c)", "abbcb", 2, "c");
    assert_found("(?i)HELLO", "say hello", 0, "hello");
    assert_found("x", "abc", 0, NULL);
    assert_found("^$", "", 0, "");
    assert_found(".\xc3\xbc.", "a\xc3\xb6\xc3\xbcz", 0, "\xc3\xb6\xc3\xbcz");
}

static void a_group_may_have_taken_no_part(void **state)
{
    struct regexp_scratch *s = regexp_scratch_new();
    struct err e = ERR_INIT;
    struct regexp *r = regexp_new("a(x)?(b)", &e);
    const char *at = "unset";
    size_t n = 7;

    (void)state;
    assert_int_equal(regexp_groups(r), 2);
    assert_int_equal(regexp_find(r, s, "ab", 2, 1, &at, &n), REGEXP_FOUND);
    assert_null(at);
    assert_int_equal(n, 0);
    regexp_free(&r);
    r = regexp_new("(?<year>[0-9]+)-(?<month>[0-9]+)", &e);
    assert_int_equal(regexp_group(r, "month"), 2);
    assert_int_equal(regexp_group(r, "day"), -1);
    regexp_free(&r);
    regexp_scratch_free(&s);
}

static void assert_wrong(const char *pattern, const char *want)
{
    struct err e = ERR_INIT;

    assert_null(regexp_new(pattern, &e));
    assert_string_equal(e.text, want);
}

static void a_wrong_pattern_says_where(void **state)
{
    char *much = xcalloc(1, REGEXP_PATTERN_MAX + 2);

    (void)state;
    assert_wrong("a(b", "at character 4: missing closing parenthesis");
    assert_wrong("\xc3\xa4\xc3\xb6(b",
                 "at character 5: missing closing parenthesis");
    memset(much, 'a', REGEXP_PATTERN_MAX + 1);
    assert_wrong(much, "longer than 4096 bytes");
    much[0] = '\0';
    for (int i = 0; i <= REGEXP_GROUPS_MAX; i++) {
        memcpy(much + 3 * i, "(a)", 4);
    }
    assert_wrong(much, "more than 99 groups");
    free(much);
}

static void bytes_that_are_no_utf8_match_nothing(void **state)
{
    struct regexp_scratch *s = regexp_scratch_new();
    struct err e = ERR_INIT;
    struct regexp *r = regexp_new("a.b", &e);

    (void)state;
    assert_int_equal(regexp_find(r, s,
                                 "a\xff"
                                 "b",
                                 3, 0, NULL, NULL),
                     REGEXP_NOT_FOUND);
    assert_int_equal(regexp_find(r, s,
                                 "\xff"
                                 "a-b",
                                 4, 0, NULL, NULL),
                     REGEXP_FOUND);
    regexp_free(&r);
    regexp_scratch_free(&s);
}

/* Exponential without a limit: this test would not end. */
static void a_text_that_is_hostile_is_given_up(void **state)
{
    struct regexp_scratch *s = regexp_scratch_new();
    struct err e = ERR_INIT;
    struct regexp *r = regexp_new("^(a+)+$", &e);
    char text[200];

    (void)state;
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '!';
    assert_int_equal(regexp_find(r, s, text, sizeof text, 0, NULL, NULL),
                     REGEXP_TOO_HARD);
    /* The scratch is as good as before. */
    text[sizeof text - 1] = 'a';
    assert_int_equal(regexp_find(r, s, text, sizeof text, 0, NULL, NULL),
                     REGEXP_FOUND);
    regexp_free(&r);
    regexp_scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_match_is_found),
        cmocka_unit_test(a_group_may_have_taken_no_part),
        cmocka_unit_test(a_wrong_pattern_says_where),
        cmocka_unit_test(bytes_that_are_no_utf8_match_nothing),
        cmocka_unit_test(a_text_that_is_hostile_is_given_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
