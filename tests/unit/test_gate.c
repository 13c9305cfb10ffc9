/* SPDX-License-Identifier: MIT
 *
 * test_gate - requests a second are capped, by a schedule and without bursts;
 * who waits is cut, drained and timed as anybody. */
#include "config.h"

#include "load/gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/squad_world.h"

#define MS US_PER_MS
#define S  US_PER_SEC

static void moments_are_a_gap_apart(void **state)
{
    struct gate *g = gate_new(3);

    (void)state;
    assert_int_equal(gate_held(g), 0);
    assert_int_equal(gate_take(g, 5 * S), 5 * S);
    assert_int_equal(gate_held(g), 0);
    assert_int_equal(gate_take(g, 5 * S), 5333334);
    assert_int_equal(gate_take(g, 5 * S), 5666667);
    assert_int_equal(gate_take(g, 5 * S), 6000001);
    /* A lull earns nothing. */
    assert_int_equal(gate_take(g, 100 * S), 100 * S);
    assert_int_equal(gate_take(g, 100 * S), 100333334);
    assert_int_equal(gate_held(g), 4);
    gate_free(&g);
    assert_null(g);
}

/* Three requests that take no time, one behind the other. */
static const char plan_greedy[] =
    "{\"flow\":[{\"get\":\"http://h/a\",\"name\":\"A\",\"timeout\":"
    "\"250ms\"}],\"scenarios\":{\"s\":{\"executor\":\"constant-vus\","
    "\"vus\":5,\"duration\":\"10s\"}}}";

static void all_squads_together_send_no_more_than_so_many(void **state)
{
    (void)state;
    for (unsigned squads = 1; squads <= 4; squads++) {
        struct world *w = world_capped(plan_greedy, squads, 20);
        struct delta *d;

        world_vus(w, 5);
        assert_int_equal(w->fake.started, 1);
        for (unsigned s = 1; s <= 10; s++) {
            world_pass(w, S);
            assert_in_range(w->fake.started, 20 * s, 20 * s + 1);
        }
        d = world_take(w);
        /* The wait is the generator's: no time-out, and not in a duration. */
        assert_int_equal(delta_failed(d), 0);
        assert_true(d->series[0].phase[PHASE_DURATION].max <= 2 * MS);
        assert_true(d->series[0].phase[PHASE_BLOCKED].max == 0);
        assert_true(d->scenarios[0].duration.max >= 240 * MS);
        delta_free(&d);
        world_free(&w);
    }
}

static void who_waits_is_in_no_request_and_can_be_cut(void **state)
{
    struct world *w = world_capped(plan_greedy, 1, 1);
    struct delta *d;

    (void)state;
    world_vus(w, 5);
    world_pass(w, 500 * MS);
    assert_int_equal(world_state(w).in_flight, 0);
    assert_int_equal(world_active(w), 5);
    world_phase(w, LOAD_CUT);
    world_pass(w, 10 * S);
    assert_int_equal(w->fake.started, 1);
    assert_int_equal(w->fake.open_ports, 0);
    d = world_take(w);
    assert_int_equal(d->interrupted, 5);
    assert_int_equal(d->interrupted_requests, 0);
    delta_free(&d);
    world_free(&w);
}

static void an_arrival_counts_the_wait_from_when_it_was_due(void **state)
{
    struct world *w = world_capped(
        "{\"flow\":[{\"get\":\"http://h/a\",\"name\":\"A\"}],\"scenarios\":"
        "{\"s\":{\"executor\":\"constant-arrival-rate\",\"rate\":10,"
        "\"duration\":\"1s\",\"preAllocatedVUs\":10}}}",
        1, 5);
    struct delta *d;

    (void)state;
    world_follow(w, 0);
    world_pass(w, 10 * S);
    d = world_take(w);
    assert_int_equal(d->iterations, 10);
    /* The tenth was due at 900 ms and sent at 1800. */
    assert_int_equal(d->series[0].phase[PHASE_INTENDED].max, 901 * MS);
    delta_free(&d);
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_a_gap_apart),
        cmocka_unit_test(all_squads_together_send_no_more_than_so_many),
        cmocka_unit_test(who_waits_is_in_no_request_and_can_be_cut),
        cmocka_unit_test(an_arrival_counts_the_wait_from_when_it_was_due),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
