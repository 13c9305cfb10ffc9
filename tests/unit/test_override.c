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

static struct lineup *overridden(struct scenario *s, struct plan_override *o,
                                 struct err *e)
{
    struct lineup l = {s->name, s->purpose, s, 1};

    return plan_overridden(&l, o, e);
}

/* The lineup that the flags make of one that is s alone. */
static struct lineup *made(struct scenario s, struct plan_override o)
{
    struct err e = ERR_INIT;
    struct lineup *out = overridden(&s, &o, &e);

    if (out == NULL) {
        fail_msg("%s", e.text);
    }
    assert_string_equal(out->name, s.name);
    assert_int_equal(out->n, 1);
    assert_string_equal(out->list->name, s.name);
    assert_string_equal(out->list->purpose, s.purpose);
    assert_int_equal(out->list->flow, s.flow);
    assert_int_equal(out->list->graceful_stop_us, s.graceful_stop_us);
    return out;
}

static void assert_refused(struct scenario s, struct plan_override o,
                           const char *why)
{
    struct err e = ERR_INIT;

    assert_null(overridden(&s, &o, &e));
    assert_string_equal(e.text, why);
}

static void without_flags_the_scenario_stays_as_it_is(void **state)
{
    struct lineup *l = made(ramp(), (struct plan_override){.vus = 9});

    (void)state;
    assert_int_equal(l->list->executor, EXECUTOR_RAMPING_VUS);
    assert_int_equal(l->list->n_stages, 2);
    assert_string_equal(l->list->stages[0].name, "up");
    assert_ptr_not_equal(l->list->stages, ramp_stages);
    lineup_free(&l);
    assert_null(l);
    l = made(share(), (struct plan_override){.vus = 9});
    assert_int_equal(l->list->iterations, 100);
    assert_int_equal(l->list->duration_us, 90 * SEC);
    lineup_free(&l);
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
        struct lineup *l = made(from[i], o);

        assert_int_equal(l->list->executor, EXECUTOR_CONSTANT_VUS);
        assert_int_equal(l->list->vus, 80);
        assert_int_equal(l->list->duration_us, 20 * SEC);
        assert_int_equal(l->list->n_stages, 0);
        lineup_free(&l);
    }
}

static void one_flag_changes_one_thing_of_a_level(void **state)
{
    struct lineup *l =
        made(level(), (struct plan_override){.has_vus = true, .vus = 8});

    (void)state;
    assert_int_equal(l->list->vus, 8);
    assert_int_equal(l->list->duration_us, 60 * SEC);
    lineup_free(&l);
    l = made(level(),
             (struct plan_override){.has_duration = true, .duration_us = SEC});
    assert_int_equal(l->list->vus, 5);
    assert_int_equal(l->list->duration_us, SEC);
    lineup_free(&l);
    l = made(share(), (struct plan_override){.has_vus = true, .vus = 8});
    assert_int_equal(l->list->executor, EXECUTOR_SHARED_ITERATIONS);
    assert_int_equal(l->list->vus, 8);
    assert_int_equal(l->list->iterations, 100);
    lineup_free(&l);
    l = made(share(),
             (struct plan_override){.has_duration = true, .duration_us = SEC});
    assert_int_equal(l->list->executor, EXECUTOR_SHARED_ITERATIONS);
    assert_int_equal(l->list->duration_us, SEC);
    lineup_free(&l);
}

static void stages_make_a_ramp(void **state)
{
    const struct stage stages[] = {{SEC, 10, NULL}};
    struct plan_override o = {.stages = stages, .n_stages = 1};
    struct lineup *l = made(level(), o);

    (void)state;
    assert_int_equal(l->list->executor, EXECUTOR_RAMPING_VUS);
    assert_int_equal(l->list->start_vus, 1);
    assert_int_equal(l->list->n_stages, 1);
    assert_int_equal(l->list->stages[0].target, 10);
    lineup_free(&l);
    o.has_vus = true;
    o.vus = 4;
    l = made(ramp(), o);
    assert_int_equal(l->list->start_vus, 4);
    assert_int_equal(l->list->n_stages, 1);
    lineup_free(&l);
}

static void iterations_are_shared_out(void **state)
{
    struct plan_override o = {.has_iterations = true, .iterations = 50};
    struct lineup *l = made(level(), o);

    (void)state;
    assert_int_equal(l->list->executor, EXECUTOR_SHARED_ITERATIONS);
    assert_int_equal(l->list->vus, 5);
    assert_int_equal(l->list->iterations, 50);
    assert_int_equal(l->list->duration_us, 600 * SEC);
    lineup_free(&l);
    l = made(ramp(), o);
    assert_int_equal(l->list->vus, 1);
    assert_int_equal(l->list->n_stages, 0);
    lineup_free(&l);
    o.has_duration = true;
    o.duration_us = 9 * SEC;
    o.has_vus = true;
    o.vus = 2;
    l = made(share(), o);
    assert_int_equal(l->list->vus, 2);
    assert_int_equal(l->list->duration_us, 9 * SEC);
    lineup_free(&l);
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
