/* SPDX-License-Identifier: MIT
 *
 * test_squad - VUs start, drain, pause and end as desired, on a virtual
 * clock. */
#include "config.h"

#include "load/squad.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/squad_world.h"

#define MS US_PER_MS
#define S  US_PER_SEC

/* One request of 1 ms, then 99 ms of thinking: ten iterations a second. */
static const char plan_simple[] =
    "{\"name\":\"t\",\"flow\":["
    "{\"get\":\"http://h/a\",\"name\":\"A\",\"checks\":{\"ok\":{\"status\":200}"
    "}},{\"think\":\"99ms\"}],"
    "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":3,"
    "\"duration\":\"10s\"}}}";

static void vus_run_their_flow_again_and_again(void **state)
{
    struct world *w = world_new(plan_simple, 1, 1);
    struct delta *d;

    (void)state;
    world_vus(w, 3);
    assert_int_equal(world_active(w), 3);
    assert_int_equal(w->fake.started, 3);
    world_pass(w, S - 1);
    d = world_take(w);
    assert_int_equal(delta_requests(d, 0, 200), 30);
    assert_int_equal(delta_check_passes(d, 0), 30);
    assert_int_equal(d->iterations, 27);
    assert_int_equal(d->iteration_duration.min, 100 * MS);
    assert_int_equal(d->iteration_duration.max, 100 * MS);
    delta_free(&d);
    world_free(&w);
}

static void no_vu_runs_before_the_start(void **state)
{
    struct world *w = world_new(plan_simple, 1, 1);

    (void)state;
    w->desired.vus = 5;
    world_phase(w, LOAD_WAIT);
    world_pass(w, S);
    assert_int_equal(w->fake.opened, 0);
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vus_run_their_flow_again_and_again),
        cmocka_unit_test(no_vu_runs_before_the_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
