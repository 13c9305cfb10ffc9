/* SPDX-License-Identifier: MIT
 *
 * test_failure - the table of kinds of error. */
#include "config.h"

#include "measure/failure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void every_kind_has_a_name_of_its_own_and_help(void **state)
{
    int i, k;

    (void)state;
    for (i = FAILURE_NONE + 1; i < FAILURE_COUNT; i++) {
        const char *name = failure_name((enum failure)i);
        const char *help = failure_help((enum failure)i);

        assert_int_not_equal(name[0], '\0');
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789"),
                         strlen(name));
        assert_int_not_equal(help[0], '\0');
        for (k = 0; k < i; k++) {
            assert_string_not_equal(name, failure_name((enum failure)k));
        }
    }
    assert_string_equal(failure_name(FAILURE_NONE), "");
}

static void what_breaks_before_the_end_of_a_response_has_none(void **state)
{
    (void)state;
    assert_false(failure_has_response(FAILURE_REFUSED));
    assert_false(failure_has_response(FAILURE_RESET));
    assert_false(failure_has_response(FAILURE_TIMEOUT));
    assert_false(failure_has_response(FAILURE_UNRESOLVED));
    assert_true(failure_has_response(FAILURE_NONE));
    assert_true(failure_has_response(FAILURE_HTTP_5XX));
    assert_true(failure_has_response(FAILURE_STREAM));
    assert_true(failure_has_response(FAILURE_CHECK));
}

static void a_status_makes_its_kind_at_the_edges(void **state)
{
    static const struct {
        unsigned status;
        enum failure kind;
    } row[] = {
        {200, FAILURE_STATUS},   {399, FAILURE_STATUS},
        {400, FAILURE_HTTP_4XX}, {428, FAILURE_HTTP_4XX},
        {429, FAILURE_HTTP_429}, {430, FAILURE_HTTP_4XX},
        {499, FAILURE_HTTP_4XX}, {500, FAILURE_HTTP_5XX},
        {599, FAILURE_HTTP_5XX}, {600, FAILURE_STATUS},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof row / sizeof row[0]; i++) {
        assert_int_equal(failure_of_status(row[i].status), row[i].kind);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_a_name_of_its_own_and_help),
        cmocka_unit_test(what_breaks_before_the_end_of_a_response_has_none),
        cmocka_unit_test(a_status_makes_its_kind_at_the_edges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
