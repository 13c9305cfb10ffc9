/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "run/proc.h"
#include "run/vitals.h"

#define SEC US_PER_SEC

static struct vitals *vitals;
static struct vitals_reading reading;
static uint64_t cpu_us[2];

static int set_up(void **state)
{
    (void)state;
    vitals = vitals_new(2);
    memset(&reading, 0, sizeof reading);
    memset(cpu_us, 0, sizeof cpu_us);
    reading.at = 1000 * SEC;
    reading.fds_max = 1000;
    reading.loaded = true;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    vitals_free(&vitals);
    return 0;
}

/* So many ticks pass in which the workers use so much of a core. */
static const struct health *pass(unsigned ticks, double first, double second)
{
    for (; ticks > 0; ticks--) {
        reading.at += TICK_US;
        cpu_us[0] += (uint64_t)(first * TICK_US);
        cpu_us[1] += (uint64_t)(second * TICK_US);
        reading.cpu_process_us += (uint64_t)((first + second) * TICK_US);
        vitals_worker(vitals, 0, cpu_us[0]);
        vitals_worker(vitals, 1, cpu_us[1]);
        vitals_read(vitals, &reading);
    }
    return vitals_health(vitals);
}

static void busiest_worker_counts_over_ten_seconds(void **state)
{
    const struct health *h;

    (void)state;
    h = pass(200, 0.25, 0.5);
    assert_true(fabs(h->cpu - 0.5) < 0.01);
    assert_true(fabs(h->cpu_process - 0.75) < 0.01);
    assert_false(h->suspect);
    assert_string_equal(h->why, "");
    assert_string_equal(h->first_why, "");
    /* Five seconds of all of a core are half of ten. */
    h = pass(50, 0.25, 1.0);
    assert_true(fabs(h->cpu - 0.75) < 0.02);
    h = pass(40, 0.25, 1.0);
    assert_true(h->suspect);
    assert_string_equal(h->why, "a worker's CPU at 95.0 %");
    h = pass(100, 0.1, 0.1);
    assert_false(h->suspect);
    assert_true(h->ever_suspect);
    assert_string_equal(h->why, "");
    assert_memory_equal(h->first_why, "a worker's CPU at ", 18);
    assert_true(fabs(h->cpu - 0.1) < 0.01);
    assert_true(h->cpu_max > 0.9);
}

static void cpu_says_nothing_in_the_first_second(void **state)
{
    (void)state;
    assert_false(pass(10, 1.0, 1.0)->suspect);
    assert_true(pass(2, 1.0, 1.0)->suspect);
}

static void lag_over_ten_milliseconds_is_suspect(void **state)
{
    const struct health *h;

    (void)state;
    reading.lag_p99_us = 10000;
    assert_false(pass(30, 0, 0)->suspect);
    reading.lag_p99_us = 14200;
    reading.lag_max_us = 30000;
    h = pass(11, 0, 0);
    assert_true(h->suspect);
    assert_string_equal(h->why, "loop lag p99 14.2 ms");
    assert_true(fabs(h->lag_max_ms - 30.0) < 0.001);
    assert_int_equal(h->suspect_us, 11 * TICK_US);
    reading.lag_p99_us = 0;
    h = pass(10, 0, 0);
    assert_false(h->suspect);
    assert_int_equal(h->suspect_us, 11 * TICK_US);
}

static void lag_says_nothing_in_the_first_two_seconds(void **state)
{
    (void)state;
    reading.lag_p99_us = 14200;
    assert_false(pass(20, 0, 0)->suspect); /* the first tick lasts no time */
    assert_true(pass(2, 0, 0)->suspect);
}

static void nine_tenths_of_the_descriptors_are_too_many(void **state)
{
    (void)state;
    reading.fds = 900;
    assert_false(pass(1, 0, 0)->suspect);
    reading.fds = 901;
    assert_true(pass(1, 0, 0)->suspect);
    assert_string_equal(vitals_health(vitals)->why,
                        "901 of 1000 descriptors open");
}

static void without_load_nobody_is_to_blame(void **state)
{
    (void)state;
    reading.loaded = false;
    reading.lag_p99_us = 500000;
    assert_false(pass(10, 1, 1)->suspect);
    assert_false(vitals_health(vitals)->ever_suspect);
}

static void process_knows_what_it_takes(void **state)
{
    (void)state;
    assert_true(proc_cores() >= 1);
    assert_true(proc_rss_bytes() > 100000);
    assert_true(proc_fds() >= 3);
    assert_true(proc_fds() < proc_fds_max());
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(busiest_worker_counts_over_ten_seconds),
        TEST(cpu_says_nothing_in_the_first_second),
        TEST(lag_over_ten_milliseconds_is_suspect),
        TEST(lag_says_nothing_in_the_first_two_seconds),
        TEST(nine_tenths_of_the_descriptors_are_too_many),
        TEST(without_load_nobody_is_to_blame),
        TEST(process_knows_what_it_takes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
