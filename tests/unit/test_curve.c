/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "plan/curve.h"

#define SEC        UINT64_C(1000000)
#define STAGES_MAX 8

static char up[] = "up", warm_up[] = "warm-up", spike[] = "spike";

static struct scenario ramp(uint32_t start, struct stage *stages, size_t n)
{
    return (struct scenario){
        .executor = EXECUTOR_RAMPING_VUS,
        .start_vus = start,
        .stages = stages,
        .n_stages = n,
    };
}

static struct curve curve_of(struct scenario s, double scale)
{
    struct curve c;

    curve_init(&c, &s, scale);
    return c;
}

/* k6 (lib/executor/ramping_vus.go) starts VU number u of a rising stage at
 * start + duration * (u - from) / (to - from). */
static void a_rising_stage_adds_vus_as_k6_does(void **state)
{
    struct stage stages[] = {{10 * SEC, 10, NULL}};
    struct curve c = curve_of(ramp(0, stages, 1), 1);

    (void)state;
    assert_int_equal(curve_at(&c, 0), 0);
    assert_int_equal(curve_at(&c, SEC - 1), 0);
    assert_int_equal(curve_at(&c, SEC), 1);
    assert_int_equal(curve_at(&c, 5 * SEC), 5);
    assert_int_equal(curve_at(&c, 10 * SEC - 1), 9);
    assert_int_equal(curve_at(&c, 10 * SEC), 10);
    assert_int_equal(curve_at(&c, UINT64_MAX), 10);
    assert_int_equal(c.length_us, 10 * SEC);
    assert_int_equal(c.peak, 10);
    curve_clear(&c);
}

/* k6 takes the first VU away after one step, not at once, and reaches the
 * target at the end. */
static void a_falling_stage_takes_vus_away_as_k6_does(void **state)
{
    struct stage stages[] = {{10 * SEC, 0, NULL}};
    struct curve c = curve_of(ramp(5, stages, 1), 1);

    (void)state;
    assert_int_equal(curve_at(&c, 0), 5);
    assert_int_equal(curve_at(&c, 2 * SEC - 1), 5);
    assert_int_equal(curve_at(&c, 2 * SEC), 4);
    assert_int_equal(curve_at(&c, 10 * SEC - 1), 1);
    assert_int_equal(curve_at(&c, 10 * SEC), 0);
    assert_int_equal(c.peak, 5);
    curve_clear(&c);
}

/* A step is due at a time that k6 rounds down counted from the stage's end:
 * rounded up, counted from its beginning. */
static void a_step_that_divides_unevenly_comes_no_earlier(void **state)
{
    struct stage stages[] = {{1 * SEC, 3, NULL}};
    struct curve c = curve_of(ramp(0, stages, 1), 1);

    (void)state;
    assert_int_equal(curve_at(&c, 333333), 0);
    assert_int_equal(curve_at(&c, 333334), 1);
    assert_int_equal(curve_next_change(&c, 0), 333334);
    assert_int_equal(curve_next_change(&c, 333334), 666667);
    assert_int_equal(curve_next_change(&c, 666667), SEC);
    assert_true(curve_next_change(&c, SEC) == UINT64_MAX);
    curve_clear(&c);
}

static void a_stage_of_no_length_is_a_jump(void **state)
{
    struct stage stages[] = {{10 * SEC, 10, NULL},  {0, 100, NULL},
                             {10 * SEC, 100, NULL}, {0, 20, NULL},
                             {0, 30, NULL},         {10 * SEC, 0, NULL}};
    struct curve c = curve_of(ramp(10, stages, 6), 1);

    (void)state;
    assert_int_equal(curve_at(&c, 10 * SEC - 1), 10);
    assert_int_equal(curve_at(&c, 10 * SEC), 100);
    assert_int_equal(curve_stage_at(&c, 10 * SEC), 2);
    assert_int_equal(curve_at(&c, 20 * SEC - 1), 100);
    assert_int_equal(curve_at(&c, 20 * SEC), 30);
    assert_int_equal(curve_stage_at(&c, 20 * SEC), 5);
    assert_int_equal(curve_next_change(&c, 0), 10 * SEC);
    assert_int_equal(curve_next_change(&c, 10 * SEC), 20 * SEC);
    assert_int_equal(c.peak, 100);
    curve_clear(&c);
}

static void a_jump_at_the_very_end_holds_there(void **state)
{
    struct stage stages[] = {{10 * SEC, 10, NULL}, {0, 3, NULL}};
    struct curve c = curve_of(ramp(10, stages, 2), 1);

    (void)state;
    assert_int_equal(curve_at(&c, 10 * SEC), 3);
    assert_int_equal(curve_stage_at(&c, 10 * SEC), 1);
    assert_int_equal(curve_next_change(&c, 5), 10 * SEC);
    assert_true(curve_next_change(&c, 10 * SEC) == UINT64_MAX);
    curve_clear(&c);
}

static void a_jump_there_and_back_in_no_time_changes_nothing(void **state)
{
    struct stage stages[] = {{SEC, 10, NULL},
                             {0, 50, NULL},
                             {0, 10, NULL},
                             {SEC, 10, NULL},
                             {SEC, 0, NULL}};
    struct curve c = curve_of(ramp(10, stages, 5), 1);

    (void)state;
    assert_int_equal(curve_at(&c, SEC), 10);
    assert_int_equal(curve_next_change(&c, 0), 2 * SEC + SEC / 10);
    curve_clear(&c);
}

static void a_time_scale_stretches_stages_and_not_vus(void **state)
{
    struct stage stages[] = {
        {10 * SEC, 10, up}, {0, 20, NULL}, {30 * SEC, 0, NULL}};
    struct curve c = curve_of(ramp(0, stages, 3), 0.1);

    (void)state;
    assert_int_equal(c.length_us, 4 * SEC);
    assert_int_equal(curve_at(&c, SEC / 10), 1);
    assert_int_equal(curve_at(&c, SEC), 20);
    assert_int_equal(c.peak, 20);
    curve_clear(&c);
}

static void a_constant_scenario_is_one_stage(void **state)
{
    struct scenario s = {
        .executor = EXECUTOR_CONSTANT_VUS, .vus = 7, .duration_us = 60 * SEC};
    struct curve c = curve_of(s, 0.5);

    (void)state;
    assert_int_equal(c.n, 1);
    assert_int_equal(c.length_us, 30 * SEC);
    assert_int_equal(curve_at(&c, 0), 7);
    assert_int_equal(curve_at(&c, 31 * SEC), 7);
    assert_true(curve_next_change(&c, 0) == UINT64_MAX);
    curve_clear(&c);
}

static void a_scenario_without_an_end_never_changes(void **state)
{
    struct scenario s = {
        .executor = EXECUTOR_CONSTANT_VUS, .vus = 1, .duration_us = UINT64_MAX};
    struct curve c = curve_of(s, 0.1);

    (void)state;
    assert_true(c.length_us == UINT64_MAX);
    assert_int_equal(curve_at(&c, UINT64_MAX - 1), 1);
    assert_int_equal(curve_stage_at(&c, UINT64_MAX), 0);
    assert_true(curve_next_change(&c, UINT64_MAX - 1) == UINT64_MAX);
    curve_clear(&c);
}

static void the_time_out_of_shared_iterations_is_not_scaled(void **state)
{
    struct scenario s = {.executor = EXECUTOR_SHARED_ITERATIONS,
                         .vus = 3,
                         .iterations = 10,
                         .duration_us = 600 * SEC};
    struct curve c = curve_of(s, 0.1);

    (void)state;
    assert_int_equal(c.length_us, 600 * SEC);
    curve_clear(&c);
}

static void the_longest_and_largest_ramp_does_not_overflow(void **state)
{
    struct stage stages[] = {{30 * 86400 * SEC, 1000000, NULL},
                             {30 * 86400 * SEC, 0, NULL}};
    struct curve c = curve_of(ramp(0, stages, 2), 1e9);

    (void)state;
    assert_int_equal(curve_at(&c, c.stages[0].end_us), 1000000);
    assert_int_equal(curve_at(&c, c.stages[0].end_us / 2), 500000);
    assert_int_equal(curve_at(&c, c.length_us - 1), 1);
    assert_int_equal(curve_next_change(&c, 0), c.stages[0].end_us / 1000000);
    curve_clear(&c);
}

static void a_label_says_what_a_stage_does(void **state)
{
    struct stage stages[] = {{SEC, 10, warm_up},
                             {0, 100, NULL},
                             {SEC, 100, spike},
                             {SEC, 10, NULL},
                             {SEC, 10, NULL}};
    struct curve c = curve_of(ramp(0, stages, 5), 1);
    char buf[64];

    (void)state;
    assert_string_equal(curve_stage_label(&c, 0, false, buf, sizeof buf),
                        "warm-up 0→10");
    assert_string_equal(curve_stage_label(&c, 1, true, buf, sizeof buf),
                        "jump 10->100");
    assert_string_equal(curve_stage_label(&c, 2, false, buf, sizeof buf),
                        "spike 100");
    assert_string_equal(curve_stage_label(&c, 3, true, buf, sizeof buf),
                        "ramp 100->10");
    assert_string_equal(curve_stage_label(&c, 4, false, buf, sizeof buf),
                        "hold 10");
    /* A name is cut before the load is. */
    assert_string_equal(curve_stage_label(&c, 0, false, buf, 14), "war… 0→10");
    assert_string_equal(curve_stage_label(&c, 0, true, buf, 13),
                        "war... 0->10");
    assert_string_equal(curve_stage_label(&c, 0, false, buf, 5), "warm");
    curve_clear(&c);
    /* Nothing is held where there is nothing else: it is no stage. */
    c = curve_of(ramp(10, stages + 4, 1), 1);
    assert_string_equal(curve_stage_label(&c, 0, false, buf, sizeof buf),
                        "constant 10");
    curve_clear(&c);
}

/* k6's list of steps, made in its own way: VU by VU. */
struct step {
    uint64_t t;
    uint32_t vus;
};

static size_t k6_steps(const struct scenario *s, struct step *out, size_t max)
{
    int64_t from = s->start_vus, end = 0;
    size_t n = 0;

    out[n++] = (struct step){0, s->start_vus};
    for (size_t i = 0; i < s->n_stages; i++) {
        int64_t dur = (int64_t)s->stages[i].duration_us;
        int64_t to = s->stages[i].target, diff = to - from;

        end += dur;
        if (dur == 0 && diff != 0) {
            out[n++] = (struct step){(uint64_t)end, (uint32_t)to};
        }
        for (int64_t u = from; dur > 0 && u != to && n < max;) {
            u += diff > 0 ? 1 : -1;
            out[n++] = (struct step){(uint64_t)(end - dur * (to - u) / diff),
                                     (uint32_t)u};
        }
        from = to;
    }
    return n;
}

static size_t random_scenario(struct rng *r, struct stage *stages)
{
    size_t n = (size_t)rng_range(r, 1, STAGES_MAX);

    for (size_t i = 0; i < n; i++) {
        stages[i].duration_us =
            rng_range(r, 0, 3) == 0 ? 0 : rng_range(r, 1, 2000);
        stages[i].target = (uint32_t)rng_range(r, 0, 60);
        stages[i].name = NULL;
    }
    return n;
}

static void any_ramp_has_the_steps_that_k6_makes(void **state)
{
    struct stage stages[STAGES_MAX];
    struct step steps[1024];
    struct rng r;

    (void)state;
    rng_seed(&r, 1, 1);
    for (int round = 0; round < 500; round++) {
        size_t n_stages = random_scenario(&r, stages);
        struct scenario s =
            ramp((uint32_t)rng_range(&r, 0, 60), stages, n_stages);
        size_t n = k6_steps(&s, steps, 1024);
        struct curve c = curve_of(s, 1);
        size_t at = 0;

        assert_true(n < 1024);
        for (uint64_t t = 0; t <= c.length_us + 5; t++) {
            while (at + 1 < n && steps[at + 1].t <= t) {
                at++;
            }
            assert_int_equal(curve_at(&c, t), steps[at].vus);
        }
        curve_clear(&c);
    }
}

static void the_next_change_is_the_first_time_that_differs(void **state)
{
    struct stage stages[STAGES_MAX];
    struct rng r;

    (void)state;
    rng_seed(&r, 2, 1);
    for (int round = 0; round < 300; round++) {
        struct scenario s = ramp((uint32_t)rng_range(&r, 0, 60), stages,
                                 random_scenario(&r, stages));
        struct curve c = curve_of(s, 0.5 + (double)rng_range(&r, 0, 10) / 5);
        uint64_t next = 0;

        for (uint64_t t = 0; t <= c.length_us + 5; t++) {
            if (t > 0 && curve_at(&c, t) != curve_at(&c, t - 1)) {
                assert_int_equal(next, t);
            }
            next = curve_next_change(&c, t);
            assert_true(next > t);
            if (next != UINT64_MAX) {
                assert_int_not_equal(curve_at(&c, next), curve_at(&c, t));
            }
        }
        assert_true(next == UINT64_MAX);
        curve_clear(&c);
    }
}

static void each_time_is_in_the_stage_that_spans_it(void **state)
{
    struct stage stages[STAGES_MAX];
    struct rng r;

    (void)state;
    rng_seed(&r, 3, 1);
    for (int round = 0; round < 100; round++) {
        struct scenario s = ramp((uint32_t)rng_range(&r, 0, 60), stages,
                                 random_scenario(&r, stages));
        struct curve c = curve_of(s, 1);
        uint32_t peak = 0;

        for (uint64_t t = 0; t < c.length_us; t++) {
            const struct curve_stage *in = &c.stages[curve_stage_at(&c, t)];

            assert_true(t >= in->start_us && t < in->end_us);
            peak = curve_at(&c, t) > peak ? curve_at(&c, t) : peak;
        }
        assert_int_equal(curve_stage_at(&c, c.length_us), c.n - 1);
        assert_true(peak <= c.peak);
        curve_clear(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rising_stage_adds_vus_as_k6_does),
        cmocka_unit_test(a_falling_stage_takes_vus_away_as_k6_does),
        cmocka_unit_test(a_step_that_divides_unevenly_comes_no_earlier),
        cmocka_unit_test(a_stage_of_no_length_is_a_jump),
        cmocka_unit_test(a_jump_at_the_very_end_holds_there),
        cmocka_unit_test(a_jump_there_and_back_in_no_time_changes_nothing),
        cmocka_unit_test(a_time_scale_stretches_stages_and_not_vus),
        cmocka_unit_test(a_constant_scenario_is_one_stage),
        cmocka_unit_test(a_scenario_without_an_end_never_changes),
        cmocka_unit_test(the_time_out_of_shared_iterations_is_not_scaled),
        cmocka_unit_test(the_longest_and_largest_ramp_does_not_overflow),
        cmocka_unit_test(a_label_says_what_a_stage_does),
        cmocka_unit_test(any_ramp_has_the_steps_that_k6_makes),
        cmocka_unit_test(the_next_change_is_the_first_time_that_differs),
        cmocka_unit_test(each_time_is_in_the_stage_that_spans_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
