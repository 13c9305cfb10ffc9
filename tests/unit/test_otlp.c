/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "record/otlp.h"

/* This exercises: what a receiver of OTLP says of points that it did not take,
 * whole, cut off at any place, and not of that kind at all; and that a request
 * for which there is no room leaves nothing. What is sent is read by protoc in
 * tests/e2e/otlp.sh. */

/* partial_success { rejected_data_points: 300, error_message: "too old\n" } */
static const char answer[] = "\x0a\x0d\x08\xac\x02\x12\x08too old\n";

static void what_was_not_taken_is_known(void **state)
{
    char why[40];

    (void)state;
    assert_int_equal(otlp_rejected(answer, sizeof answer - 1, why, sizeof why),
                     300);
    assert_string_equal(why, "too old\\n");
    assert_int_equal(otlp_rejected("", 0, why, sizeof why), 0);
    assert_string_equal(why, "");
    /* Fields of other numbers and kinds before it. */
    assert_int_equal(
        otlp_rejected(
            "\x10\x05\x1d\1\2\3\4\x21\1\2\3\4\5\6\7\10\x0a\x02\x08\x07", 20,
            why, sizeof why),
        7);
    assert_string_equal(why, "");
}

static void an_answer_that_is_cut_off_says_what_is_there(void **state)
{
    char why[40];
    size_t n;

    (void)state;
    for (n = 0; n < sizeof answer - 1; n++) {
        uint64_t got = otlp_rejected(answer, n, why, sizeof why);

        assert_int_equal(got, n >= 5 ? 300 : 0);
        assert_true(strlen(why) <= 8);
    }
}

static void rubbish_is_no_answer(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
    } list[] = {
        {"<html>404</html>", 16},
        {"{\"partialSuccess\":{}}", 21},
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11},
        {"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11},
        {"\x0a\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 13},
        {"\x08\x05", 2},
    };
    char why[40];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof list / sizeof list[0]; i++) {
        assert_int_equal(
            otlp_rejected(list[i].bytes, list[i].n, why, sizeof why), 0);
    }
}

#ifdef HAVE_PROTOBUF_C
static void what_does_not_fit_leaves_nothing(void **state)
{
    const struct otlp_source source = {{"service.name\0t", 15}, "t", "1"};
    const struct otlp_point point = {{"a\0b", 4}, 5, {.count = 0}};
    const struct otlp_metric metric = {"m", "", "ms",   OTLP_SUM, false,
                                       1,   2,  &point, 1};
    struct buf out;
    size_t n;

    (void)state;
    buf_init(&out, 4096);
    assert_true(otlp_add(&out, &source, &metric));
    n = out.len;
    assert_true(n > 40);
    assert_true(otlp_add(&out, &source, &metric));
    assert_int_equal(out.len, 2 * n);
    buf_clear(&out);
    buf_init(&out, 2 * n - 1);
    assert_true(otlp_add(&out, &source, &metric));
    assert_false(otlp_add(&out, &source, &metric));
    assert_int_equal(out.len, n);
    buf_clear(&out);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_not_taken_is_known),
        cmocka_unit_test(an_answer_that_is_cut_off_says_what_is_there),
        cmocka_unit_test(rubbish_is_no_answer),
#ifdef HAVE_PROTOBUF_C
        cmocka_unit_test(what_does_not_fit_leaves_nothing),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
