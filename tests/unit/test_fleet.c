/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ev.h>

#include "run/fleet.h"
#include "support/fake_worker.h"
#include "support/mini_plan.h"

static struct mini_plan mini;
static struct ev_loop *loop;
static struct fleet *fleet;
static unsigned answered, rested;
static struct fleet_state said;

static void on_answered(void *ctx)
{
    (void)ctx;
    answered++;
}

static void on_rested(void *ctx)
{
    (void)ctx;
    rested++;
}

static struct fleet_config config(void)
{
    struct fleet_config c = {
        .loop = loop, .answered = on_answered, .rested = on_rested};

    c.worker.plan = &mini.plan;
    c.worker.n_scenarios = 1;
    c.worker.workers = 2;
    return c;
}

static int set_up(void **state)
{
    struct fleet_config c;
    struct err e = ERR_INIT;

    (void)state;
    mini_plan_init(&mini);
    loop = ev_loop_new(EVFLAG_AUTO);
    fake_workers_reset(&mini.plan, -1);
    c = config();
    answered = rested = 0;
    fake_worker(0)->rests = fake_worker(1)->rests = 1;
    return fleet_start(&c, &fleet, &e) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    fleet_stop(&fleet);
    ev_loop_destroy(loop);
    return 0;
}

static void turn(void)
{
    ev_run(loop, EVRUN_NOWAIT);
    ev_run(loop, EVRUN_NOWAIT);
}

static uint64_t close_requests(void)
{
    struct delta *d = fleet_close(fleet, &said);
    uint64_t n = d->n_series > 0 ? d->series[0].count : 0;

    delta_free(&d);
    return n;
}

static void reports_of_all_are_merged(void **state)
{
    (void)state;
    fake_worker(0)->requests = 3;
    fake_worker(0)->report.squads[0].active = 5;
    fake_worker(0)->report.revision = 9;
    fake_worker(1)->requests = 4;
    fake_worker(1)->report.squads[0].active = 6;
    fake_worker(1)->report.squads[0].draining = 1;
    fake_worker(1)->report.squads[0].most = 8;
    fake_worker(1)->report.connections = 7;
    fake_worker(1)->report.connections_most = 9;
    fake_worker(1)->report.revision = 8;
    fleet_ask(fleet);
    fake_worker_answer(0);
    turn();
    assert_int_equal(answered, 0);
    fake_worker_answer(1);
    turn();
    assert_int_equal(answered, 1);
    assert_int_equal(close_requests(), 7);
    assert_int_equal(said.scenarios[0].active, 11);
    assert_int_equal(said.scenarios[0].draining, 1);
    assert_int_equal(said.scenarios[0].most, 13);
    assert_int_equal(said.connections, 7);
    assert_int_equal(said.connections_most, 9);
    assert_int_equal(said.revision, 8);
    assert_int_equal(said.late, 0);
}

static void late_worker_keeps_its_state_and_loses_no_sample(void **state)
{
    (void)state;
    fake_worker(0)->report.squads[0].active = 2;
    fake_worker(1)->report.squads[0].active = 3;
    fleet_ask(fleet);
    fake_worker_answer(0);
    fake_worker_answer(1);
    turn();
    close_requests();
    fake_worker(0)->requests = 1;
    fake_worker(1)->requests = 10;
    fleet_ask(fleet);
    fake_worker_answer(0);
    turn();
    assert_int_equal(close_requests(), 1);
    assert_int_equal(said.late, 1);
    assert_int_equal(said.scenarios[0].active, 5);
    fake_worker_answer(1); /* between two ticks */
    turn();
    fleet_ask(fleet);
    fake_worker(0)->requests = 1;
    fake_worker_answer(0);
    turn();
    assert_int_equal(answered, 2);
    assert_int_equal(close_requests(), 11);
    assert_int_equal(said.late, 0);
    /* It was asked for two reports and gave two; nothing is left over. */
    fleet_ask(fleet);
    assert_int_equal(fake_worker(1)->asks, 3);
    fake_worker_answer(0);
    fake_worker_answer(1);
    turn();
    assert_int_equal(close_requests(), 0);
}

static void result_of_an_earlier_once_is_not_taken_for_the_new(void **state)
{
    struct flow flow = {0};

    (void)state;
    fake_worker(0)->report.once = ONCE_PASSED; /* setup's */
    fleet_ask(fleet);
    fake_worker_answer(1);
    turn();
    close_requests(); /* worker 0 is late */
    fleet_run_once(fleet, &flow, 1);
    assert_ptr_equal(fake_worker(0)->once, &flow);
    fake_worker_answer(0); /* to the ask from before the new once */
    fleet_ask(fleet);
    fake_worker_answer(1);
    turn();
    close_requests();
    assert_int_equal(said.once, ONCE_RUNNING);
    fleet_ask(fleet);
    fake_worker_answer(0);
    fake_worker_answer(1);
    turn();
    close_requests();
    assert_int_equal(said.once, ONCE_PASSED);
}

static void all_must_be_exhausted(void **state)
{
    (void)state;
    fake_worker(0)->report.squads[0].exhausted = true;
    fleet_ask(fleet);
    fake_worker_answer(0);
    fake_worker_answer(1);
    turn();
    close_requests();
    assert_false(said.scenarios[0].exhausted);
    fake_worker(1)->report.squads[0].exhausted = true;
    fleet_ask(fleet);
    fake_worker_answer(0);
    fake_worker_answer(1);
    turn();
    close_requests();
    assert_true(said.scenarios[0].exhausted);
}

static void rest_is_told_when_all_have_it_and_once(void **state)
{
    (void)state;
    fleet_ask(fleet); /* rings by itself */
    turn();
    assert_int_equal(rested, 0);
    fake_worker(0)->rests = 2;
    fake_worker(1)->rests = 3; /* it has been at work meanwhile */
    fake_worker_ring(1);
    turn();
    assert_int_equal(rested, 0);
    fake_worker(0)->rests = 3;
    fake_worker_ring(0);
    turn();
    assert_int_equal(rested, 1);
    fake_worker_ring(0);
    turn();
    assert_int_equal(rested, 1);
    fake_worker(0)->rests = 5; /* work that nobody has seen */
    fake_worker_ring(0);
    turn();
    assert_int_equal(rested, 2);
}

static void last_end_of_all_is_the_latest(void **state)
{
    (void)state;
    fake_worker(0)->report.squads[0].ended = 70;
    fake_worker(1)->report.squads[0].ended = 50;
    fleet_ask(fleet);
    fake_worker_answer(0);
    fake_worker_answer(1);
    turn();
    close_requests();
    assert_int_equal(said.scenarios[0].ended, 70);
}

static void fleet_stopped_within_an_ask_leaks_nothing(void **state)
{
    (void)state;
    fleet_ask(fleet);
    fake_worker_answer(0);
    turn();
    fleet_stop(&fleet);
    assert_true(fake_worker(0)->stopped && fake_worker(1)->stopped);
}

static void worker_that_cannot_start_stops_the_others(void **state)
{
    struct fleet_config c = config();
    struct fleet *f = NULL;
    struct err e = ERR_INIT;

    (void)state;
    fleet_stop(&fleet);
    fake_workers_reset(&mini.plan, 1);
    assert_false(fleet_start(&c, &f, &e));
    assert_null(f);
    assert_string_equal(e.text, "no thread");
    assert_true(fake_worker(0)->stopped);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reports_of_all_are_merged),
        TEST(late_worker_keeps_its_state_and_loses_no_sample),
        TEST(result_of_an_earlier_once_is_not_taken_for_the_new),
        TEST(all_must_be_exhausted),
        TEST(rest_is_told_when_all_have_it_and_once),
        TEST(last_end_of_all_is_the_latest),
        TEST(fleet_stopped_within_an_ask_leaks_nothing),
        TEST(worker_that_cannot_start_stops_the_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
