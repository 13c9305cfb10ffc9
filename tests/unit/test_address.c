/* SPDX-License-Identifier: MIT
 *
 * test_address - lists of source addresses: what they hold, in which order, and
 * what is wrong with those that hold nothing. */
#include "config.h"

#include "plan/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The list's count and its first, second and last address. */
static void assert_list(const char *text, uint64_t count, const char *first,
                        const char *second, const char *last)
{
    struct addresses a = {.list = NULL};
    char why[128] = "", buf[ADDRESS_MAX];

    assert_true(addresses_add(&a, text, why, sizeof why));
    assert_string_equal(why, "");
    assert_int_equal(addresses_count(&a), count);
    assert_string_equal(addresses_at(&a, 0, buf), first);
    assert_string_equal(addresses_at(&a, 1, buf), second);
    assert_string_equal(addresses_at(&a, count - 1, buf), last);
    assert_string_equal(addresses_at(&a, count, buf), first);
    addresses_clear(&a);
    assert_int_equal(addresses_count(&a), 0);
}

static void assert_wrong(const char *text, const char *expected)
{
    struct addresses a = {.list = NULL};
    char why[128] = "";

    assert_true(addresses_add(&a, "10.9.8.7", why, sizeof why));
    assert_false(addresses_add(&a, text, why, sizeof why));
    assert_string_equal(why, expected);
    assert_int_equal(addresses_count(&a), 1); /* as it was */
    addresses_clear(&a);
}

static void single_addresses_ranges_and_blocks_are_counted(void **state)
{
    (void)state;
    assert_list("127.0.0.1", 1, "127.0.0.1", "127.0.0.1", "127.0.0.1");
    assert_list("127.0.0.1-127.0.0.20", 20, "127.0.0.1", "127.0.0.2",
                "127.0.0.20");
    assert_list("10.0.0.254-10.0.1.2", 5, "10.0.0.254", "10.0.0.255",
                "10.0.1.2");
    assert_list("127.0.0.9,127.0.3.1-127.0.3.2", 3, "127.0.0.9", "127.0.3.1",
                "127.0.3.2");
    assert_list("::1", 1, "::1", "::1", "::1");
    assert_list("fd00::fffe-fd00::1:1", 4, "fd00::fffe", "fd00::ffff",
                "fd00::1:1");
}

static void blocks_of_ipv4_go_without_network_and_broadcast(void **state)
{
    (void)state;
    assert_list("127.0.1.77/24", 254, "127.0.1.1", "127.0.1.2", "127.0.1.254");
    assert_list("127.0.1.4/31", 2, "127.0.1.4", "127.0.1.5", "127.0.1.5");
    assert_list("127.0.1.4/32", 1, "127.0.1.4", "127.0.1.4", "127.0.1.4");
    assert_list("fd00::7/126", 4, "fd00::4", "fd00::5", "fd00::7");
}

static void blocks_of_any_size_cost_nothing(void **state)
{
    (void)state;
    assert_list("fd00::/8", UINT64_C(1) << 63, "fd00::", "fd00::1",
                "fd00::7fff:ffff:ffff:ffff");
    assert_list("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", UINT64_C(1) << 63,
                "::", "::1", "::7fff:ffff:ffff:ffff");
}

static void what_is_no_list_is_refused_with_a_reason(void **state)
{
    (void)state;
    assert_wrong("", "'' is no IP address (as 127.0.0.1, "
                     "127.0.0.1-127.0.0.20 or 127.0.1.0/24)");
    assert_wrong("127.0.0.1,,127.0.0.2",
                 "'' is no IP address (as 127.0.0.1, "
                 "127.0.0.1-127.0.0.20 or 127.0.1.0/24)");
    assert_wrong("localhost", "'localhost' is no IP address (as 127.0.0.1, "
                              "127.0.0.1-127.0.0.20 or 127.0.1.0/24)");
    assert_wrong("127.0.0.1-::2", "'::2' is no IPv4 address");
    assert_wrong("::1-127.0.0.1", "'127.0.0.1' is no IPv6 address");
    assert_wrong("127.0.0.9-127.0.0.8",
                 "the range to '127.0.0.8' ends before it begins");
    assert_wrong("127.0.0.0/33", "'/33' is no length of a prefix (1-32)");
    assert_wrong("127.0.0.0/0", "'/0' is no length of a prefix (1-32)");
    assert_wrong("fd00::/129", "'/129' is no length of a prefix (1-128)");
}

static void a_list_has_its_bound(void **state)
{
    struct addresses a = {.list = NULL};
    char why[128];

    (void)state;
    for (int i = 0; i < ADDRESS_RANGES_MAX; i++) {
        assert_true(addresses_add(&a, "127.0.0.1", why, sizeof why));
    }
    assert_false(addresses_add(&a, "127.0.0.1", why, sizeof why));
    assert_string_equal(why, "more than 256 addresses and ranges");
    addresses_clear(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_addresses_ranges_and_blocks_are_counted),
        cmocka_unit_test(blocks_of_ipv4_go_without_network_and_broadcast),
        cmocka_unit_test(blocks_of_any_size_cost_nothing),
        cmocka_unit_test(what_is_no_list_is_refused_with_a_reason),
        cmocka_unit_test(a_list_has_its_bound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
