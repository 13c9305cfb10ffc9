/* SPDX-License-Identifier: MIT
 *
 * test_head - header lines as a service may send them. */
#include "config.h"

#include "load/head.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void expect_fields(const char *head, const char *want)
{
    struct head_walk w;
    struct head_field f;
    struct buf log;

    buf_init(&log, 10000);
    head_begin(&w, head, strlen(head));
    while (head_next(&w, &f)) {
        buf_addf(&log, "[%.*s=%.*s]", (int)f.name.n, f.name.s, (int)f.value.n,
                 f.value.s);
    }
    assert_string_equal(buf_str(&log), want);
    buf_clear(&log);
}

static void fields_are_walked_without_white_space_round_them(void **state)
{
    (void)state;
    expect_fields(
        "HTTP/1.1 200 OK\r\nA: 1\r\nB:2\r\nC: \t x y \t\r\nD:\r\n\r\n",
        "[A=1][B=2][C=x y][D=]");
    expect_fields("HTTP/2 200 \r\nx: 1\r\n", "[x=1]");
    expect_fields("HTTP/1.0 200\nA: 1\nB: 2", "[A=1][B=2]");
}

static void lines_that_are_no_field_are_passed_over(void **state)
{
    (void)state;
    expect_fields("HTTP/1.1 200 OK\r\nno colon\r\n: no name\r\nna me: x\r\n"
                  " folded: y\r\n\tfolded: z\r\nname : w\r\nA: 1\r\n",
                  "[A=1]");
    expect_fields("", "");
    expect_fields("\r\n\r\n", "");
    expect_fields(":", "");
}

static void interim_responses_are_not_looked_at(void **state)
{
    (void)state;
    expect_fields("HTTP/1.1 100 Continue\r\nA: 1\r\n\r\nHTTP/1.1 200 OK\r\n"
                  "B: 2\r\n\r\n",
                  "[B=2]");
}

static void fields_are_found_by_name_without_case(void **state)
{
    static const char head[] =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX: 1\r\nX: 2\r\n\r\n";
    struct head_text v;

    (void)state;
    assert_true(head_find(head, sizeof head - 1, "content-type", &v));
    assert_int_equal(v.n, 9);
    assert_memory_equal(v.s, "text/html", 9);
    assert_true(head_find(head, sizeof head - 1, "X", &v));
    assert_memory_equal(v.s, "1", 1);
    assert_false(head_find(head, sizeof head - 1, "Content", &v));
    assert_false(head_find(head, 0, "X", &v));
}

static void secret_fields_are_known(void **state)
{
    static const char *const secret[] = {"authorization", "Cookie",
                                         "SET-COOKIE", "Proxy-Authorization"};
    static const char *const open[] = {"content-type", "cookies", "x-cookie"};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct head_text name = {secret[i], strlen(secret[i])};

        assert_true(head_is_secret(&name));
    }
    for (size_t i = 0; i < 3; i++) {
        struct head_text name = {open[i], strlen(open[i])};

        assert_false(head_is_secret(&name));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_walked_without_white_space_round_them),
        cmocka_unit_test(lines_that_are_no_field_are_passed_over),
        cmocka_unit_test(interim_responses_are_not_looked_at),
        cmocka_unit_test(fields_are_found_by_name_without_case),
        cmocka_unit_test(secret_fields_are_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
