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
    t->active_us = t->dt_us = TICK_US;
    t->scenarios[0].ran_us = TICK_US;
    for (i = 0; i < seconds * 10; i++) {
        t->t_us += TICK_US;
        t->scenarios[0].state = SCENARIO_RUNNING;
        t->scenarios[1].ran_us =
            t->scenarios[1].state == SCENARIO_RUNNING ? TICK_US : 0;
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
    both.scenarios[1].ran_us = SEC / 2;
    w.scenarios[1].ran = true;
    w.scenarios[1].wanted = 600;
    w.scenarios[1].planned = 500;
    both.within = &w;
    course_feed(c, &both);
    assert_int_equal(course_slot(c, 1, 3)->planned, 500);
    assert_int_equal(course_slot(c, 1, 3)->wanted, 600);
    course_free(&c);
}

/* Ticks that end a moment after they should, as all do. */
static void late_tick(struct course *c, struct tick *t, uint64_t n)
{
    t->dt_us = t->active_us = TICK_US;
    t->t_us = n * TICK_US + 300;
    course_feed(c, t);
}

/* A scenario of 500 a second, from 2 s to 4 s: nothing of it is in the seconds
 * before and after, and the rate of each is its own. */
static void a_scenario_is_in_the_seconds_in_which_it_runs(void **state)
{
    struct course *c = course_new(1);
    struct tick t = {.n_scenarios = 1};
    struct tick_scenario *s = &t.scenarios[0];
    uint64_t n;

    (void)state;
    for (n = 1; n <= 60; n++) {
        s->state = n < 20   ? SCENARIO_WAITING
                   : n < 40 ? SCENARIO_RUNNING
                            : SCENARIO_DRAINING;
        s->planned = s->wanted = n >= 20 && n < 40 ? 500 : 0;
        s->vus = s->planned / 100;
        s->ran_us = n < 20 || n > 40 ? 0
                    : n == 20        ? 300
                    : n == 40        ? TICK_US - 300
                                     : TICK_US;
        s->begun = n == 20 ? 1 : n > 20 && n <= 40 ? 50 : 0;
        late_tick(c, &t, n);
    }
    assert_int_equal(course_count(c), 6);
    for (n = 0; n < 6; n++) {
        const struct course_slot *x = course_slot(c, 0, (size_t)n);
        bool ran = n == 2 || n == 3;
        double rate = ran ? (double)x->begun * 1e6 / (double)x->ran_us : 0;

        assert_int_equal(x->planned, ran ? 500 : 0);
        assert_int_equal(x->wanted, ran ? 500 : 0);
        assert_int_equal(x->vus, ran ? 5 : 0);
        assert_true(ran ? rate > 499 && rate < 502
                        : x->ran_us == 0 && x->begun == 0);
    }
    course_free(&c);
}

/* One that ends early in a second has its last iterations in the one in which
 * it ran. */
static void what_ends_with_a_tick_ends_in_its_own_second(void **state)
{
    struct course *c = course_new(1);
    struct tick t = {.n_scenarios = 1};
    struct tick_scenario *s = &t.scenarios[0];
    uint64_t n;

    (void)state;
    for (n = 1; n <= 15; n++) {
        s->state = n < 11 ? SCENARIO_RUNNING : SCENARIO_DRAINING;
        s->planned = s->wanted = n < 11 ? 500 : 0;
        s->ran_us = n < 11 ? TICK_US : n == 11 ? 200 : 0;
        s->begun = n < 11 ? 50 : n == 11 ? 1 : 0;
        late_tick(c, &t, n);
    }
    assert_int_equal(course_count(c), 2);
    assert_int_equal(course_slot(c, 0, 0)->begun, 501);
    assert_int_equal(course_slot(c, 0, 0)->ran_us, SEC + 200);
    assert_int_equal(course_slot(c, 0, 1)->begun, 0);
    assert_int_equal(course_slot(c, 0, 1)->ran_us, 0);
    course_free(&c);
}

/* 8 VUs in the first second, 2 from then on; and a ramp of ten a second. */
static void level_of_a_second_is_that_of_its_middle(void **state)
{
    struct course *c = course_new(2);
    struct tick t = {.n_scenarios = 2};
    struct course_slot two = {0};
    uint64_t n;

    (void)state;
    t.scenarios[0].state = t.scenarios[1].state = SCENARIO_RUNNING;
    t.scenarios[0].ran_us = t.scenarios[1].ran_us = TICK_US;
    for (n = 1; n <= 40; n++) {
        t.scenarios[0].vus = t.scenarios[0].planned = n < 10 ? 8 : 2;
        t.scenarios[1].vus = t.scenarios[1].planned = (uint32_t)n;
        late_tick(c, &t, n);
    }
    for (n = 0; n < 4; n++) {
        assert_int_equal(course_slot(c, 0, (size_t)n)->vus, n < 1 ? 8 : 2);
        assert_int_equal(course_slot(c, 0, (size_t)n)->planned, n < 1 ? 8 : 2);
        assert_int_equal(course_slot(c, 1, (size_t)n)->vus, 10 * n + 5);
    }
    /* Of several the one in their middle. */
    assert_true(course_over(c, 1, 0, 3 * SEC, &two));
    assert_int_equal(two.vus, 15);
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

static void rate_of_another_load_is_of_the_time_since(void **state)
{
    struct pulse p = {.count = 0};
    double rate = 0;
    unsigned i;

    (void)state;
    for (i = 0; i < 200; i++) {
        rate = pulse_beat(&p, 10, TICK_US);
    }
    pulse_restart(&p);
    for (i = 0; i < 9; i++) { /* less than a second is chance */
        rate = pulse_beat(&p, i % 2, TICK_US);
        assert_true(rate > 99.99 && rate < 100.01);
    }
    rate = pulse_beat(&p, 6, TICK_US);
    assert_true(rate > 9.99 && rate < 10.01);
    for (i = 0; i < 5; i++) {
        rate = pulse_beat(&p, 0, TICK_US);
    }
    assert_true(rate > 6.66 && rate < 6.67);
}

/* A scenario that began in the last moment of a tick. */
static void rate_of_a_moment_is_none(void **state)
{
    struct pulse p = {.count = 0};
    double rate;

    (void)state;
    assert_true(pulse_beat(&p, 0, 0) < 0.01);
    assert_true(pulse_beat(&p, 1, 300) < 0.01);
    rate = pulse_beat(&p, 10, TICK_US);
    assert_true(rate > 109 && rate < 110);
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
        cmocka_unit_test(a_scenario_is_in_the_seconds_in_which_it_runs),
        cmocka_unit_test(what_ends_with_a_tick_ends_in_its_own_second),
        cmocka_unit_test(level_of_a_second_is_that_of_its_middle),
        cmocka_unit_test(memory_has_an_end_and_nothing_is_lost),
        cmocka_unit_test(rate_is_that_of_ten_active_seconds),
        cmocka_unit_test(rate_of_another_load_is_of_the_time_since),
        cmocka_unit_test(rate_of_a_moment_is_none),
        cmocka_unit_test(levels_are_written_in_their_unit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
