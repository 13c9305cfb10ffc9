/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/host.h"
#include "cli/load_plan.h"

static void loopback_in_all_its_forms_is_local(void **state)
{
    static const char *const hosts[] = {
        "localhost", "localhost:3000", "LOCALHOST", "vi.localhost:80",
        "127.0.0.1", "127.3.4.5:1",    "[::1]:80",  "[::1]",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        assert_true(host_is_local(hosts[i]));
    }
}

static void everything_else_is_not(void **state)
{
    static const char *const hosts[] = {
        "example.test", "notlocalhost", "localhost.example.test", "10.0.0.1:80",
        "128.0.0.1",    "[::2]:80",     "127.0.0.1.test:1",       "",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        assert_false(host_is_local(hosts[i]));
    }
}

static void a_word_is_a_url_a_file_or_a_scenario(void **state)
{
    (void)state;
    assert_int_equal(word_kind_of("http://127.0.0.1/x.json"), WORD_URL);
    assert_int_equal(word_kind_of("./spike"), WORD_FILE);
    assert_int_equal(word_kind_of("shop.json"), WORD_FILE);
    assert_int_equal(word_kind_of("spike"), WORD_SCENARIO);
    assert_int_equal(word_kind_of("json"), WORD_SCENARIO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loopback_in_all_its_forms_is_local),
        cmocka_unit_test(everything_else_is_not),
        cmocka_unit_test(a_word_is_a_url_a_file_or_a_scenario),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
