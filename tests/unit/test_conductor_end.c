/* SPDX-License-Identifier: MIT
 *
 * test_conductor_end - when a run is over, and how long it was at work, to the
 * microsecond: a conductor on a virtual clock, whose workers say what the test
 * wants. Beats and timers are fired by hand. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <ev.h>

#include "run/conductor_internal.h"
#include "support/fake_worker.h"
#include "support/manual_clk.h"

#define MS    US_PER_MS
#define S     US_PER_SEC
#define START (1000 * S)

static struct manual_clk clk;
static struct plan *plan;
static struct ev_loop *loop;
static struct conductor *conductor;
static struct tick last;
static uint64_t last_event_us;
static bool done;

static void on_tick(void *ctx, const struct tick *t)
{
    size_t i;

    (void)ctx;
    /* Active time never runs ahead of the time that there was. */
    assert_true(t->active_us <= t->dt_us);
    assert_int_equal(t->t_us, last.t_us + t->dt_us);
    last = *t;
    for (i = 0; i < t->n_events; i++) {
        assert_true(t->events[i].t_us <= t->t_us);
        last_event_us = t->events[i].t_us;
    }
}

static void on_done(void *ctx)
{
    (void)ctx;
    done = true;
}

static void begin(const char *scenario, const char *more)
{
    struct plan_input in = {.file = "test.json"};
    struct plan_errors errors = {0};
    struct err e = ERR_INIT;
    struct conductor_config c = {.time_scale = 1, .workers = 1};
    char text[600];
    int n = snprintf(text, sizeof text,
                     "{\"name\":\"t\",\"flow\":[{\"get\":\"http://h/\"}],"
                     "\"scenarios\":{\"s\":{%s}}%s}",
                     scenario, more);

    plan = plan_parse(text, (size_t)n, &in, &errors);
    assert_non_null(plan);
    manual_clk_init(&clk, START);
    loop = ev_loop_new(EVFLAG_AUTO);
    memset(&last, 0, sizeof last);
    done = false;
    fake_workers_reset(plan, -1);
    fake_worker(0)->rests = 1;
    c.plan = plan;
    c.lineup = &plan->lineups[0];
    c.loop = loop;
    c.clk = &clk.clk;
    assert_true(conductor_new(&c, &conductor, &e));
    conductor_add_reader(conductor, on_tick, NULL);
    conductor_start(conductor, on_done, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    conductor_free(&conductor);
    ev_loop_destroy(loop);
    plan_free(&plan);
    return 0;
}

/* What lies ready in the loop, but for timers: those are the test's. */
static void turn(void)
{
    ev_timer_stop(loop, &conductor->beat);
    ev_timer_stop(loop, &conductor->due);
    ev_run(loop, EVRUN_NOWAIT);
    if (!done) {
        ev_timer_stop(loop, &conductor->beat);
        ev_timer_stop(loop, &conductor->due);
        ev_run(loop, EVRUN_NOWAIT);
    }
}

/* The worker answers with so many VUs at work. */
static void answer(uint32_t active, mono_us ended)
{
    struct worker_report *r = &fake_worker(0)->report;

    r->squads[0].active = active;
    r->squads[0].ended = ended;
    r->revision = fake_worker(0)->desired.revision;
    fake_worker_answer(0);
    turn();
}

static void beat_at(mono_us at)
{
    clk.now = at;
    conductor_on_beat(loop, &conductor->beat, 0);
}

/* Whole ticks up to `to`, a VU at work in all of them. */
static void work_until(mono_us to)
{
    mono_us at;

    for (at = clk.now + TICK_US; at <= to; at += TICK_US) {
        beat_at(at);
        answer(1, at - 5 * MS);
    }
}

/* The worker comes to rest at `at`, and says so. */
static void rest_at(mono_us at)
{
    clk.now = at;
    fake_worker(0)->rests += 2;
    fake_worker_ring(0);
    turn();
}

static void end_of_the_plan_is_the_end_of_the_run(void **state)
{
    (void)state;
    begin("\"executor\":\"constant-vus\",\"vus\":1,\"duration\":\"3s\"", "");
    work_until(START + 2900 * MS);
    clk.now = START + 3 * S + 700; /* the timer is late */
    conductor_on_due(loop, &conductor->due, 0);
    assert_int_equal(fake_worker(0)->desired.phase, LOAD_DRAIN);
    /* Nothing runs: found out without a beat. */
    rest_at(START + 3 * S + 900);
    assert_true(fake_worker(0)->asked);
    clk.now = START + 3 * S + 1500;
    answer(0, START + 2990 * MS);
    assert_true(done);
    assert_int_equal(last.state, RUN_FINISHED);
    assert_int_equal(last.active_total_us, 3 * S);
    assert_int_equal(last.t_us, 3 * S);
    assert_int_equal(last_event_us, 3 * S);
}

static void what_still_runs_counts_until_its_end(void **state)
{
    (void)state;
    begin("\"executor\":\"constant-vus\",\"vus\":1,\"duration\":\"3s\"", "");
    work_until(START + 2900 * MS);
    beat_at(START + 3 * S + 200);
    answer(1, START + 2990 * MS); /* the end comes due with the beat */
    assert_int_equal(fake_worker(0)->desired.phase, LOAD_DRAIN);
    assert_int_equal(last.active_total_us, 3 * S + 200);
    rest_at(START + 3 * S + 40 * MS);
    clk.now += 900;
    answer(0, START + 3 * S + 39 * MS);
    assert_true(done);
    assert_int_equal(last.active_total_us, 3 * S + 39 * MS);
    assert_int_equal(last.t_us, 3 * S + 39 * MS);
}

static void last_iteration_is_the_end_of_iterations(void **state)
{
    (void)state;
    begin("\"executor\":\"shared-iterations\",\"vus\":1,\"iterations\":1", "");
    assert_true(iteration_pool_take(conductor->parts[0].pool));
    fake_worker(0)->report.squads[0].exhausted = true;
    fake_worker(0)->report.squads[0].iterations_begun = 1;
    rest_at(START + 3 * MS);
    clk.now += 200;
    answer(0, START + 2 * MS);
    assert_false(done); /* it has not heard yet that this is the end */
    assert_int_equal(fake_worker(0)->desired.phase, LOAD_DRAIN);
    assert_int_equal(last.active_total_us, 2 * MS);
    rest_at(START + 4 * MS);
    answer(0, START + 2 * MS);
    assert_true(done);
    assert_int_equal(last.active_total_us, 2 * MS);
}

static void answer_from_before_the_rest_is_followed_by_another(void **state)
{
    (void)state;
    begin("\"executor\":\"constant-vus\",\"vus\":1,\"duration\":\"3s\"", "");
    work_until(START + 200 * MS);
    beat_at(START + 300 * MS);
    conductor_signal(conductor, "SIGINT");
    fake_worker(0)->report.squads[0].active = 1;
    fake_worker(0)->rests += 2; /* on the way: an answer, and its rest */
    fake_worker_answer(0);
    turn();
    assert_false(done);
    assert_int_equal(fake_worker(0)->asks, 4);
    answer(0, START + 250 * MS);
    assert_true(done);
    assert_int_equal(last.active_total_us, 300 * MS);
    assert_int_equal(last.outcome.exit_code, 105);
}

static void setup_is_over_when_it_is(void **state)
{
    (void)state;
    begin("\"executor\":\"constant-vus\",\"vus\":1,\"duration\":\"3s\"",
          ",\"setup\":[{\"get\":\"http://h/\"}]");
    assert_int_equal(last.state, RUN_STARTING);
    fake_worker(0)->report.once = ONCE_PASSED;
    rest_at(START + 7 * MS);
    answer(0, 0);
    assert_int_equal(last.state, RUN_RUNNING);
    assert_int_equal(last.t_us, 7 * MS);
    assert_int_equal(last.active_total_us, 0);
}

/* Four seconds of a worker that is busy all the time. */
static void busy(bool refused)
{
    struct fake_worker *f;
    int i;

    begin("\"executor\":\"constant-vus\",\"vus\":1,\"duration\":\"1m\"", "");
    f = fake_worker(0);
    for (i = 0; i < 40; i++) {
        f->requests = refused ? 0 : 50;
        f->refused = refused ? 50 : 0;
        f->report.cpu_us += TICK_US;
        beat_at(clk.now + TICK_US);
        answer(1, 0);
    }
}

/* A loop of refusals is no load: the target is to blame. */
static void who_is_refused_is_not_suspect(void **state)
{
    (void)state;
    busy(true);
    assert_false(last.health.ever_suspect);
    assert_true(last.health.cpu > 0.9);
}

static void who_is_answered_and_has_no_time_left_is_suspect(void **state)
{
    (void)state;
    busy(false);
    assert_true(last.health.suspect);
}

#define TEST(fn) cmocka_unit_test_teardown(fn, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(end_of_the_plan_is_the_end_of_the_run),
        TEST(what_still_runs_counts_until_its_end),
        TEST(last_iteration_is_the_end_of_iterations),
        TEST(answer_from_before_the_rest_is_followed_by_another),
        TEST(setup_is_over_when_it_is),
        TEST(who_is_refused_is_not_suspect),
        TEST(who_is_answered_and_has_no_time_left_is_suspect),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
