/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clk.h"
#include "run/course.h"
#include "run/level.h"
#include "run/pulse.h"

/* This exercises: what is kept of each scenario's load over time, the rate of
 * the last ten seconds, and how levels are written. */

#define SEC US_PER_SEC

/* Closes ticks of 100 ms over so many seconds: scenario 0 has VUs, scenario 1
 * begins two iterations a tick and drops one. */
static void feed(struct course *c, struct tick *t, unsigned seconds)
{
    unsigned i;

    t->n_scenarios = 2;
    t->active_us = TICK_US;
    for (i = 0; i < seconds * 10; i++) {
        t->t_us += TICK_US;
        t->scenarios[0].state = SCENARIO_RUNNING;
        t->scenarios[1].begun = 2;
        t->scenarios[1].dropped = 1;
        course_feed(c, t);
    }
}

static void slots_of_a_second_add_up(void **state)
{
    struct course *c = course_new(2);
    struct tick t = {.seq = 0};
    struct course_slot all;

    (void)state;
    t.scenarios[0].vus = t.scenarios[0].wanted = 7;
    t.scenarios[0].planned = 5;
    t.scenarios[1].state = SCENARIO_WAITING;
    feed(c, &t, 3);
    t.scenarios[0].vus = 9;
    t.scenarios[0].manual = true;
    t.scenarios[1].state = SCENARIO_RUNNING;
    feed(c, &t, 2);
    assert_int_equal(course_count(c), 5);
    assert_int_equal(course_slot(c, 0, 4)->start_us, 4 * SEC);
    assert_int_equal(course_slot(c, 0, 4)->vus, 9);
    assert_int_equal(course_slot(c, 0, 2)->vus, 7);
    assert_int_equal(course_slot(c, 0, 2)->planned, 5);
    assert_false(course_slot(c, 0, 2)->manual);
    assert_true(course_slot(c, 0, 3)->manual);
    assert_int_equal(course_slot(c, 1, 2)->ran_us, 0);
    assert_int_equal(course_slot(c, 1, 3)->ran_us, SEC);
    assert_int_equal(course_slot(c, 1, 3)->begun, 20);
    assert_true(course_over(c, 1, SEC, 4 * SEC, &all));
    assert_int_equal(all.begun, 60);
    assert_int_equal(all.dropped, 30);
    assert_int_equal(all.ran_us, SEC);
    assert_true(course_over(c, 0, 0, UINT64_MAX, &all));
    assert_int_equal(all.vus_max, 9);
    assert_false(course_over(c, 0, 5 * SEC, 9 * SEC, &all));
    course_free(&c);
}

static void the_second_of_the_end_has_the_level_that_held(void **state)
{
    struct course *c = course_new(2);
    struct tick t = {.seq = 0}, both = t;
    struct tick_within w;

    (void)state;
    t.scenarios[1].state = SCENARIO_RUNNING;
    t.scenarios[1].wanted = 600;
    t.scenarios[1].planned = 500;
    feed(c, &t, 1);
    /* Half of the next second, and its end. */
    for (unsigned i = 0; i < 10; i++) {
        t.t_us += TICK_US;
        if (i == 5) {
            t.scenarios[1].state = SCENARIO_DRAINING;
            t.scenarios[1].wanted = t.scenarios[1].planned = 0;
        }
        course_feed(c, &t);
    }
    feed(c, &t, 1);
    assert_int_equal(course_slot(c, 1, 0)->planned, 500);
    assert_int_equal(course_slot(c, 1, 1)->planned, 500);
    assert_int_equal(course_slot(c, 1, 1)->wanted, 600);
    assert_int_equal(course_slot(c, 1, 2)->wanted, 0);
    /* The same of ticks that came as one. */
    both = t;
    both.t_us += US_PER_SEC;
    w = tick_within(&both);
    w.scenarios[1].ran = true;
    w.scenarios[1].wanted = 600;
    w.scenarios[1].planned = 500;
    both.within = &w;
    course_feed(c, &both);
    assert_int_equal(course_slot(c, 1, 3)->planned, 500);
    assert_int_equal(course_slot(c, 1, 3)->wanted, 600);
    course_free(&c);
}

static void memory_has_an_end_and_nothing_is_lost(void **state)
{
    struct course *c = course_new(2);
    struct tick t = {.seq = 0};
    struct course_slot all;
    size_t bytes;

    (void)state;
    feed(c, &t, COURSE_MAX);
    bytes = course_bytes(c);
    assert_int_equal(course_slot_us(c), SEC);
    feed(c, &t, 2 * COURSE_MAX + 100);
    assert_true(course_count(c) <= COURSE_MAX);
    assert_int_equal(course_slot_us(c), 4 * SEC);
    assert_true(course_bytes(c) <= 2 * bytes);
    assert_int_equal(course_slot(c, 0, 3)->start_us, 12 * SEC);
    assert_true(course_over(c, 1, 0, UINT64_MAX, &all));
    assert_int_equal(all.begun, 20ull * (3 * COURSE_MAX + 100));
    course_free(&c);
}

static void rate_is_that_of_ten_active_seconds(void **state)
{
    struct pulse p = {.count = 0};
    double rate = 0;
    unsigned i;

    (void)state;
    for (i = 0; i < 200; i++) {
        rate = pulse_beat(&p, 5, TICK_US);
    }
    assert_true(rate > 49.99 && rate < 50.01);
    for (i = 0; i < 50; i++) {
        rate = pulse_beat(&p, 10, TICK_US);
    }
    assert_true(rate > 74.99 && rate < 75.01);
    for (i = 0; i < 500; i++) { /* a pause keeps what was before */
        rate = pulse_beat(&p, 0, 0);
    }
    assert_true(rate > 74.99 && rate < 75.01);
    for (i = 0; i < 100; i++) {
        rate = pulse_beat(&p, 0, TICK_US);
    }
    assert_true(rate < 0.01);
}

static void levels_are_written_in_their_unit(void **state)
{
    char buf[64];

    (void)state;
    assert_string_equal(level_text(buf, sizeof buf, 63, 0), "63 VUs");
    assert_string_equal(level_text(buf, sizeof buf, 63, SEC), "63 it/s");
    assert_string_equal(level_text(buf, sizeof buf, 63, 60 * SEC), "63 it/m");
    assert_string_equal(level_text(buf, sizeof buf, 1, 3600 * SEC), "1 it/h");
    assert_string_equal(level_text(buf, sizeof buf, 5, SEC / 10), "5 it/100ms");
    assert_true(level_per_s(120, 60 * SEC) > 1.999 &&
                level_per_s(120, 60 * SEC) < 2.001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots_of_a_second_add_up),
        cmocka_unit_test(the_second_of_the_end_has_the_level_that_held),
        cmocka_unit_test(memory_has_an_end_and_nothing_is_lost),
        cmocka_unit_test(rate_is_that_of_ten_active_seconds),
        cmocka_unit_test(levels_are_written_in_their_unit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
