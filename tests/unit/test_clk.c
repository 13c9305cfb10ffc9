/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/clk.h"
#include "base/wall.h"

static mono_us hand_now(void *ctx)
{
    return *(mono_us *)ctx;
}

static void a_clock_turned_by_hand_shows_what_it_was_set_to(void **state)
{
    mono_us t = 5;
    const struct clk hand = {hand_now, &t};

    (void)state;
    assert_int_equal(clk_now(&hand), 5);
    t = 7 * US_PER_SEC;
    assert_int_equal(clk_now(&hand), 7000000);
}

static void the_system_clock_never_goes_back(void **state)
{
    mono_us last = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        mono_us now = clk_now(clk_system());

        assert_true(now >= last);
        last = now;
    }
    assert_true(last > 0);
}

static void work_uses_up_cpu_time_of_thread_and_process(void **state)
{
    uint64_t process = clk_process_cpu_us();
    uint64_t thread = clk_thread_cpu_us();
    volatile unsigned x = 0;

    (void)state;
    while (clk_thread_cpu_us() < thread + 1000) {
        x = x + 1;
    }
    assert_true(clk_process_cpu_us() >= process + 1000);
}

static void a_date_is_written_in_utc_with_milliseconds(void **state)
{
    char buf[64];

    (void)state;
    wall_rfc3339((struct wall){1795486612618999}, buf, sizeof buf);
    assert_string_equal(buf, "2026-11-24T02:16:52.618Z");
    wall_rfc3339((struct wall){0}, buf, sizeof buf);
    assert_string_equal(buf, "1970-01-01T00:00:00.000Z");
    wall_rfc3339((struct wall){951782400000000}, buf, sizeof buf);
    assert_string_equal(buf, "2000-02-29T00:00:00.000Z");
    /* Before 1970 it rounds down as well. */
    wall_rfc3339((struct wall){-1}, buf, sizeof buf);
    assert_string_equal(buf, "1969-12-31T23:59:59.999Z");
}

static void a_file_name_carries_local_time(void **state)
{
    char buf[64];

    (void)state;
    setenv("TZ", "XYZ-3", 1);
    tzset();
    wall_stamp((struct wall){1795486612618999}, buf, sizeof buf);
    assert_string_equal(buf, "20261124-051652");
    setenv("TZ", "UTC", 1);
    tzset();
    wall_stamp((struct wall){1795486612618999}, buf, sizeof buf);
    assert_string_equal(buf, "20261124-021652");
}

static void a_date_is_cut_rather_than_written_too_far(void **state)
{
    char buf[8] = "......";

    (void)state;
    wall_rfc3339((struct wall){0}, buf, 5);
    assert_string_equal(buf, "1970");
    assert_int_equal(buf[5], '.');
}

static void now_is_after_this_was_written(void **state)
{
    (void)state;
    assert_true(wall_now().us > INT64_C(1700000000000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_turned_by_hand_shows_what_it_was_set_to),
        cmocka_unit_test(the_system_clock_never_goes_back),
        cmocka_unit_test(work_uses_up_cpu_time_of_thread_and_process),
        cmocka_unit_test(a_date_is_written_in_utc_with_milliseconds),
        cmocka_unit_test(a_file_name_carries_local_time),
        cmocka_unit_test(a_date_is_cut_rather_than_written_too_far),
        cmocka_unit_test(now_is_after_this_was_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
