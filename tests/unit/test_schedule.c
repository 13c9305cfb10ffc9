/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/rng.h"
#include "plan/schedule.h"

#define SEC UINT64_C(1000000)

static struct scenario constant(uint32_t rate, uint64_t unit_us,
                                uint64_t duration_us)
{
    return (struct scenario){.executor = EXECUTOR_CONSTANT_ARRIVAL_RATE,
                             .rate = rate,
                             .time_unit_us = unit_us,
                             .duration_us = duration_us,
                             .pre_allocated_vus = 3,
                             .max_vus = 7};
}

static struct scenario ramping(uint32_t start, uint64_t unit_us,
                               struct stage *stages, size_t n)
{
    return (struct scenario){.executor = EXECUTOR_RAMPING_ARRIVAL_RATE,
                             .start_rate = start,
                             .time_unit_us = unit_us,
                             .stages = stages,
                             .n_stages = n};
}

static struct curve curve_of(struct scenario s, double scale)
{
    struct curve c;

    curve_init(&c, &s, scale);
    return c;
}

static uint64_t due(const struct curve *c, uint64_t n)
{
    return schedule_when(c, schedule_need(c, n));
}

static void a_constant_rate_begins_at_once_and_keeps_its_distance(void **state)
{
    struct curve c = curve_of(constant(10, SEC, 2 * SEC), 1);

    (void)state;
    for (uint64_t n = 1; n <= 20; n++) {
        assert_int_equal(due(&c, n), (n - 1) * SEC / 10);
    }
    /* The 21st would be due when the time is over. */
    assert_true(due(&c, 21) == UINT64_MAX);
    assert_int_equal(c.peak, 10);
    assert_int_equal(c.max_vus, 7);
    curve_clear(&c);
}

static void a_rest_of_the_time_is_used(void **state)
{
    struct curve c = curve_of(constant(3, SEC, 1500000), 1);

    (void)state;
    assert_int_equal(due(&c, 2), 333333);
    assert_int_equal(due(&c, 5), 1333333);
    assert_true(due(&c, 6) == UINT64_MAX);
    curve_clear(&c);
}

static void a_time_unit_is_what_the_rate_is_in(void **state)
{
    struct curve c = curve_of(constant(90, 60 * SEC, 600 * SEC), 1);

    (void)state;
    assert_int_equal(due(&c, 2), 666667);
    assert_int_equal(due(&c, 91), 60 * SEC);
    assert_int_equal(due(&c, 900), 599333333);
    assert_true(due(&c, 901) == UINT64_MAX);
    curve_clear(&c);
}

/* k6's own figures for startRate 0, stages 2s:10, 3s:10, 1s:0 (per second):
 * the area is 10 after 2 s, 40 after 5 s, 45 at the end. */
static void a_ramp_begins_when_the_area_has_grown_by_one(void **state)
{
    struct stage stages[] = {
        {2 * SEC, 10, NULL}, {3 * SEC, 10, NULL}, {SEC, 0, NULL}};
    struct curve c = curve_of(ramping(0, SEC, stages, 3), 1);

    (void)state;
    /* 2.5 t² = n */
    assert_int_equal(due(&c, 1), 632456);
    assert_int_equal(due(&c, 5), 1414214);
    assert_int_equal(due(&c, 10), 2 * SEC);
    assert_int_equal(due(&c, 11), 2100000);
    assert_int_equal(due(&c, 40), 5 * SEC);
    /* 10 t - 5 t² = 4 */
    assert_int_equal(due(&c, 44), 5 * SEC + 552786);
    assert_int_equal(due(&c, 45), 6 * SEC);
    assert_true(due(&c, 46) == UINT64_MAX);
    curve_clear(&c);
}

static void a_jump_adds_nothing_and_changes_the_rate(void **state)
{
    struct stage stages[] = {{SEC, 2, NULL}, {0, 100, NULL}, {SEC, 100, NULL}};
    struct curve c = curve_of(ramping(2, SEC, stages, 3), 1);

    (void)state;
    assert_int_equal(due(&c, 2), SEC);
    assert_int_equal(due(&c, 3), SEC + 10000);
    assert_int_equal(due(&c, 102), 2 * SEC);
    assert_true(schedule_rate(&c, SEC - 1) == 2);
    assert_true(schedule_rate(&c, SEC) == 100);
    assert_true(schedule_rate(&c, 2 * SEC) == 0);
    curve_clear(&c);
}

static void a_time_scale_shortens_the_time_and_not_the_rate(void **state)
{
    struct scenario s = constant(100, SEC, 60 * SEC);
    struct curve c;

    (void)state;
    s.start_time_us = 10 * SEC;
    c = curve_of(s, 0.1);
    assert_int_equal(c.length_us, 6 * SEC);
    assert_int_equal(c.start_us, SEC);
    assert_int_equal(due(&c, 2), 10000);
    assert_int_equal(due(&c, 600), 5990000);
    assert_true(due(&c, 601) == UINT64_MAX);
    curve_clear(&c);
}

static void no_time_comes_at_a_rate_of_nothing(void **state)
{
    struct stage stages[] = {
        {SEC, 0, NULL}, {SEC, 0, NULL}, {SEC, 2, NULL}, {SEC, 0, NULL}};
    struct curve c = curve_of(ramping(0, SEC, stages, 4), 1);

    (void)state;
    assert_int_equal(schedule_area(&c, 2 * SEC), 0);
    assert_int_equal(due(&c, 1), 3 * SEC);
    assert_int_equal(due(&c, 2), 4 * SEC);
    assert_true(due(&c, 3) == UINT64_MAX);
    curve_clear(&c);
}

/* Due times rise, and the area at each is what it was due for. */
static void when_is_the_inverse_of_area(void **state)
{
    struct rng r;

    (void)state;
    rng_seed(&r, 4, 2);
    for (int round = 0; round < 200; round++) {
        struct stage stages[5];
        uint64_t unit = rng_range(&r, 1, 100) * SEC / 10, before = 0;
        struct curve c;

        for (size_t i = 0; i < 5; i++) {
            stages[i] = (struct stage){
                .duration_us = rng_range(&r, 0, 3) * rng_range(&r, 1, 4000000),
                .target = (uint32_t)rng_range(&r, 0, 300)};
        }
        c = curve_of(ramping((uint32_t)rng_range(&r, 0, 50), unit, stages, 5),
                     1);
        for (uint64_t n = 1;; n++) {
            uint64_t t = due(&c, n), area;
            double off;

            if (t == UINT64_MAX) {
                area = schedule_area(&c, UINT64_MAX / 2);
                assert_int_equal(schedule_count(&c, area), n - 1);
                break;
            }
            assert_true(t >= before && t <= c.length_us);
            before = t;
            area = schedule_area(&c, t);
            /* Half a µs at the highest rate, and a millionth. */
            off = 0.5e6 * 300 / (double)unit + 2;
            assert_true((double)area <= (double)(n * SCHEDULE_ONE) + off);
            assert_true((double)area >= (double)(n * SCHEDULE_ONE) - off);
        }
        curve_clear(&c);
    }
}

/* A month of stages: not one iteration is lost to rounding. */
static void whole_stages_are_summed_up_exactly(void **state)
{
    struct stage stages[1000];
    struct curve c;

    (void)state;
    for (size_t i = 0; i < 1000; i++) {
        stages[i] = (struct stage){.duration_us = 2592 * SEC + 1,
                                   .target = i % 2 == 0 ? 999999 : 3};
    }
    c = curve_of(ramping(3, 3 * SEC, stages, 1000), 1);
    /* 1000 · 500,001 · 2592.000001 s / 3 s */
    assert_int_equal(schedule_area(&c, c.length_us) / SCHEDULE_ONE,
                     UINT64_C(432000864166));
    assert_true(due(&c, UINT64_C(432000864166)) <= c.length_us);
    assert_true(due(&c, UINT64_C(432000864167)) == UINT64_MAX);
    curve_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_rate_begins_at_once_and_keeps_its_distance),
        cmocka_unit_test(a_rest_of_the_time_is_used),
        cmocka_unit_test(a_time_unit_is_what_the_rate_is_in),
        cmocka_unit_test(a_ramp_begins_when_the_area_has_grown_by_one),
        cmocka_unit_test(a_jump_adds_nothing_and_changes_the_rate),
        cmocka_unit_test(a_time_scale_shortens_the_time_and_not_the_rate),
        cmocka_unit_test(no_time_comes_at_a_rate_of_nothing),
        cmocka_unit_test(when_is_the_inverse_of_area),
        cmocka_unit_test(whole_stages_are_summed_up_exactly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
