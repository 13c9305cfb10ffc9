/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plan/plan.h"

#define SEC UINT64_C(1000000)

static char level_name[] = "level", ramp_name[] = "ramp",
            share_name[] = "share";
static char purpose[] = "why", up_name[] = "up";
static struct stage ramp_stages[] = {{10 * SEC, 50, up_name}, {SEC, 0, NULL}};

static struct scenario level(void)
{
    return (struct scenario){.name = level_name,
                             .purpose = purpose,
                             .executor = EXECUTOR_CONSTANT_VUS,
                             .vus = 5,
                             .duration_us = 60 * SEC,
                             .graceful_stop_us = 7 * SEC,
                             .flow = 1};
}

static struct scenario ramp(void)
{
    return (struct scenario){.name = ramp_name,
                             .purpose = purpose,
                             .executor = EXECUTOR_RAMPING_VUS,
                             .start_vus = 3,
                             .stages = ramp_stages,
                             .n_stages = 2};
}

static struct scenario share(void)
{
    return (struct scenario){.name = share_name,
                             .purpose = purpose,
                             .executor = EXECUTOR_SHARED_ITERATIONS,
                             .vus = 4,
                             .iterations = 100,
                             .duration_us = 90 * SEC};
}

static struct scenario *made(struct scenario s, struct plan_override o)
{
    struct err e = ERR_INIT;
    struct scenario *out = plan_overridden(&s, &o, &e);

    if (out == NULL) {
        fail_msg("%s", e.text);
    }
    assert_string_equal(out->name, s.name);
    assert_string_equal(out->purpose, s.purpose);
    assert_int_equal(out->flow, s.flow);
    assert_int_equal(out->graceful_stop_us, s.graceful_stop_us);
    return out;
}

static void assert_refused(struct scenario s, struct plan_override o,
                           const char *why)
{
    struct err e = ERR_INIT;

    assert_null(plan_overridden(&s, &o, &e));
    assert_string_equal(e.text, why);
}

static void without_flags_the_scenario_stays_as_it_is(void **state)
{
    struct scenario *s = made(ramp(), (struct plan_override){.vus = 9});

    (void)state;
    assert_int_equal(s->executor, EXECUTOR_RAMPING_VUS);
    assert_int_equal(s->n_stages, 2);
    assert_string_equal(s->stages[0].name, "up");
    assert_ptr_not_equal(s->stages, ramp_stages);
    scenario_free(&s);
    assert_null(s);
    s = made(share(), (struct plan_override){.vus = 9});
    assert_int_equal(s->iterations, 100);
    assert_int_equal(s->duration_us, 90 * SEC);
    scenario_free(&s);
}

static void vus_and_duration_hold_a_level(void **state)
{
    struct plan_override o = {.has_vus = true,
                              .vus = 80,
                              .has_duration = true,
                              .duration_us = 20 * SEC};
    struct scenario from[] = {level(), ramp(), share()};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct scenario *s = made(from[i], o);

        assert_int_equal(s->executor, EXECUTOR_CONSTANT_VUS);
        assert_int_equal(s->vus, 80);
        assert_int_equal(s->duration_us, 20 * SEC);
        assert_int_equal(s->n_stages, 0);
        scenario_free(&s);
    }
}

static void one_flag_changes_one_thing_of_a_level(void **state)
{
    struct scenario *s =
        made(level(), (struct plan_override){.has_vus = true, .vus = 8});

    (void)state;
    assert_int_equal(s->vus, 8);
    assert_int_equal(s->duration_us, 60 * SEC);
    scenario_free(&s);
    s = made(level(),
             (struct plan_override){.has_duration = true, .duration_us = SEC});
    assert_int_equal(s->vus, 5);
    assert_int_equal(s->duration_us, SEC);
    scenario_free(&s);
    s = made(share(), (struct plan_override){.has_vus = true, .vus = 8});
    assert_int_equal(s->executor, EXECUTOR_SHARED_ITERATIONS);
    assert_int_equal(s->vus, 8);
    assert_int_equal(s->iterations, 100);
    scenario_free(&s);
    s = made(share(),
             (struct plan_override){.has_duration = true, .duration_us = SEC});
    assert_int_equal(s->executor, EXECUTOR_SHARED_ITERATIONS);
    assert_int_equal(s->duration_us, SEC);
    scenario_free(&s);
}

static void stages_make_a_ramp(void **state)
{
    const struct stage stages[] = {{SEC, 10, NULL}};
    struct plan_override o = {.stages = stages, .n_stages = 1};
    struct scenario *s = made(level(), o);

    (void)state;
    assert_int_equal(s->executor, EXECUTOR_RAMPING_VUS);
    assert_int_equal(s->start_vus, 1);
    assert_int_equal(s->n_stages, 1);
    assert_int_equal(s->stages[0].target, 10);
    scenario_free(&s);
    o.has_vus = true;
    o.vus = 4;
    s = made(ramp(), o);
    assert_int_equal(s->start_vus, 4);
    assert_int_equal(s->n_stages, 1);
    scenario_free(&s);
}

static void iterations_are_shared_out(void **state)
{
    struct plan_override o = {.has_iterations = true, .iterations = 50};
    struct scenario *s = made(level(), o);

    (void)state;
    assert_int_equal(s->executor, EXECUTOR_SHARED_ITERATIONS);
    assert_int_equal(s->vus, 5);
    assert_int_equal(s->iterations, 50);
    assert_int_equal(s->duration_us, 600 * SEC);
    scenario_free(&s);
    s = made(ramp(), o);
    assert_int_equal(s->vus, 1);
    assert_int_equal(s->n_stages, 0);
    scenario_free(&s);
    o.has_duration = true;
    o.duration_us = 9 * SEC;
    o.has_vus = true;
    o.vus = 2;
    s = made(share(), o);
    assert_int_equal(s->vus, 2);
    assert_int_equal(s->duration_us, 9 * SEC);
    scenario_free(&s);
}

static void flags_that_make_no_sense_together_are_refused(void **state)
{
    const struct stage stages[] = {{SEC, 10, NULL}};

    (void)state;
    assert_refused(ramp(), (struct plan_override){.has_vus = true, .vus = 5},
                   "-u alone: 'ramp' is a ramp, its stages say how many VUs; "
                   "give -d, -s or -i with it");
    assert_refused(ramp(), (struct plan_override){.has_duration = true},
                   "-d alone: 'ramp' is a ramp, its stages say how long; give "
                   "-u with it, or --time-scale");
    assert_refused(level(),
                   (struct plan_override){
                       .stages = stages, .n_stages = 1, .has_duration = true},
                   "-s with -d: the stages say how long, give one or the "
                   "other");
    assert_refused(level(),
                   (struct plan_override){
                       .stages = stages, .n_stages = 1, .has_iterations = true},
                   "-s with -i: the stages say how long, give one or the "
                   "other");
    assert_refused(
        level(),
        (struct plan_override){.has_iterations = true, .iterations = 4},
        "-i 4: fewer iterations than the 5 VUs, some would do "
        "nothing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_flags_the_scenario_stays_as_it_is),
        cmocka_unit_test(vus_and_duration_hold_a_level),
        cmocka_unit_test(one_flag_changes_one_thing_of_a_level),
        cmocka_unit_test(stages_make_a_ramp),
        cmocka_unit_test(iterations_are_shared_out),
        cmocka_unit_test(flags_that_make_no_sense_together_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
