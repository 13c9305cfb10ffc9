/* SPDX-License-Identifier: MIT
 *
 * The target's rate limit, on a clock turned by hand. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "target/limiter.h"

static mono_us test_clock(void *ctx)
{
    return *(mono_us *)ctx;
}

static struct limiter_verdict count(struct limiter *l, const char *key)
{
    return limiter_count(l, key, strlen(key));
}

static void the_hundred_and_first_in_a_minute_is_refused(void **state)
{
    mono_us now = 5;
    struct clk clk = {test_clock, &now};
    struct limiter *l = limiter_new(100, &clk);
    struct limiter_verdict v;

    (void)state;
    for (unsigned i = 1; i <= 100; i++) {
        v = count(l, "127.0.0.1:/v1/chat");
        assert_true(v.allowed);
        assert_int_equal(v.remaining, 100 - i);
        now += 1000;
    }
    v = count(l, "127.0.0.1:/v1/chat");
    assert_false(v.allowed);
    assert_int_equal(v.remaining, 0);
    assert_int_equal(v.reset_us, 60000000 - 100 * 1000);
    limiter_free(&l);
}

static void a_window_begins_with_the_first_request_after_the_last(void **state)
{
    mono_us now = 5;
    struct clk clk = {test_clock, &now};
    struct limiter *l = limiter_new(1, &clk);

    (void)state;
    assert_true(count(l, "a").allowed);
    now += 59999999;
    assert_false(count(l, "a").allowed);
    now += 1;
    assert_true(count(l, "a").allowed);
    now += 30000000;
    assert_false(count(l, "a").allowed);
    assert_int_equal(count(l, "a").reset_us, 30000000);
    limiter_free(&l);
}

static void keys_do_not_count_for_each_other(void **state)
{
    mono_us now = 5;
    struct clk clk = {test_clock, &now};
    struct limiter *l = limiter_new(2, &clk);

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 500; i++) {
            char key[40];

            snprintf(key, sizeof key, "10.0.0.%d:/v1/chat", i);
            assert_int_equal(count(l, key).allowed, round < 2);
        }
    }
    limiter_free(&l);
}

/* Far more keys than it has room for cost it some of its memory, no more. */
static void a_flood_of_keys_does_no_harm(void **state)
{
    mono_us now = 5;
    struct clk clk = {test_clock, &now};
    struct limiter *l = limiter_new(1, &clk);

    (void)state;
    for (int i = 0; i < 200000; i++) {
        char key[40];

        snprintf(key, sizeof key, "%d:/", i);
        now += 1;
        assert_true(count(l, key).allowed);
    }
    assert_true(count(l, "a").allowed);
    assert_false(count(l, "a").allowed);
    limiter_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hundred_and_first_in_a_minute_is_refused),
        cmocka_unit_test(a_window_begins_with_the_first_request_after_the_last),
        cmocka_unit_test(keys_do_not_count_for_each_other),
        cmocka_unit_test(a_flood_of_keys_does_no_harm),
    };

    return cmocka_run_group_tests_name("limiter", tests, NULL, NULL);
}
