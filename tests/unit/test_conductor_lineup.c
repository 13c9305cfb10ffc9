/* SPDX-License-Identifier: MIT
 *
 * The conductor with several scenarios, and with an arrival rate: real workers,
 * a server on the loopback that counts what it read, commands on ticks. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "run/pulse.h"
#include "support/served_run.h"

#define SEC UINT64_C(1000000)

static struct {
    int step;
    bool waited, alone, ended, seen;
    uint64_t mark, begun;
    double was;
} script;

static int set_up(void **state)
{
    memset(&script, 0, sizeof script);
    return served_run_set_up(state);
}

static void begin(const char *scenarios, run_kit_fn *on_tick)
{
    served_run_begin("/ok", scenarios, "");
    kit.on_tick = on_tick;
}

static void order(unsigned scenario, enum command_kind kind, int64_t number)
{
    struct command c = {.kind = kind, .scenario = scenario, .number = number};

    snprintf(c.by, sizeof c.by, "test");
    conductor_post(kit.conductor, &c);
}

/* The late scenario's time and rate begin with it, not with the run. */
static void watch_rate(void *ctx, const struct tick *t)
{
    const struct tick_scenario *b = &t->scenarios[1];

    (void)ctx;
    if (b->state == SCENARIO_WAITING) {
        assert_int_equal(b->ran_us, 0);
        assert_true(b->rate < 0.01);
        return;
    }
    script.waited = true;
    script.mark += b->ran_us;
    script.begun += b->begun;
    assert_true(b->ran_us <= t->active_us);
    assert_true(script.mark + 300000 <= t->t_us);
    if (script.mark >= TICK_US) {
        double rate = (double)script.begun * 1e6 / (double)script.mark;

        assert_true(b->rate > rate - 0.01 && b->rate < rate + 0.01);
    }
}

static void rate_is_that_of_the_time_in_which_it_runs(void **state)
{
    (void)state;
    begin("[ { \"name\": \"a\", \"executor\": \"constant-vus\", \"vus\": 1, "
          "\"duration\": \"900ms\" }, "
          "{ \"name\": \"b\", \"executor\": \"constant-arrival-rate\", "
          "\"rate\": 100, \"duration\": \"400ms\", \"preAllocatedVUs\": 2, "
          "\"startTime\": \"300ms\" } ]",
          watch_rate);
    run_kit_run(&kit);
    assert_true(script.waited && script.begun > 0);
    served_run_counted();
}

/* The event of that type and scenario, or NULL. */
static const struct event *event_of(const char *type, unsigned scenario)
{
    const struct event *e;
    size_t i = 0;

    while ((e = run_kit_event(&kit, type, &i)) != NULL) {
        if (e->scenario == scenario) {
            return e;
        }
    }
    return NULL;
}

#define VUS(name, vus, duration, more)                                         \
    "{ \"name\": \"" name "\", \"executor\": \"constant-vus\", \"vus\": " #vus \
    ", \"duration\": \"" duration "\", \"gracefulStop\": \"2s\"" more " }"

static void watch_times(void *ctx, const struct tick *t)
{
    const struct tick_scenario *a = &t->scenarios[0], *b = &t->scenarios[1];

    (void)ctx;
    assert_int_equal(t->n_scenarios, 2);
    assert_int_equal(t->vus, a->vus + b->vus);
    assert_int_equal(t->planned, a->planned + b->planned);
    if (b->state == SCENARIO_WAITING && a->state == SCENARIO_RUNNING) {
        assert_int_equal(b->vus + b->wanted, 0);
        assert_true(b->starts_in_us <= 300000);
        script.waited = true;
    }
    if (a->state == SCENARIO_DONE && b->state == SCENARIO_RUNNING) {
        assert_int_equal(t->state, RUN_RUNNING);
        assert_int_equal(a->vus, 0);
        if (b->vus == 3 && !script.alone) {
            script.alone = true;
            order(2, COMMAND_NEXT_STAGE, 0); /* the last: it ends */
        }
    }
}

static void each_begins_and_ends_at_its_own_time(void **state)
{
    (void)state;
    begin("[ " VUS("a", 2, "500ms", "") ", " VUS(
              "b", 3, "1m", ", \"startTime\": \"300ms\"") " ]",
          watch_times);
    run_kit_run(&kit);
    assert_true(script.waited && script.alone);
    assert_true(kit.last.t_us >= 500000);
    assert_int_equal(kit.last.scenarios[0].state, SCENARIO_DONE);
    assert_int_equal(kit.last.scenarios[1].state, SCENARIO_DONE);
    assert_string_equal(event_of("stage", 1)->text, "a: stage 1/1 constant 2");
    assert_true(event_of("stage", 2)->t_us >= 300000);
    assert_string_equal(event_of("end", 1)->text,
                        "a: the plan's end: running iterations have 2 s");
    assert_true(event_of("end", 1)->t_us >= 500000);
    assert_string_equal(event_of("next", 2)->text,
                        "b: behind the last stage: ending");
    assert_true(kit.requests > 0);
    served_run_counted();
    assert_int_equal(kit.outcome.exit_code, 0);
    assert_string_equal(kit.outcome.stopped_by, "test");
}

static void steer_second(void *ctx, const struct tick *t)
{
    const struct tick_scenario *a = &t->scenarios[0], *b = &t->scenarios[1];

    (void)ctx;
    if (script.step == 0 && a->vus == 2 && b->vus == 2) {
        order(2, COMMAND_SET_VUS, 5);
        script.step++;
    } else if (script.step == 1 && b->vus == 5) {
        assert_int_equal(a->vus, 2);
        assert_false(a->manual);
        assert_true(b->manual && t->manual);
        order(0, COMMAND_SET_VUS, 9); /* for whom? */
        order(1, COMMAND_SET_VUS, 20);
        order(0, COMMAND_HOLD, 0);
        script.step++;
    } else if (script.step == 2 && t->held) {
        script.mark = b->stage_clock_us;
        script.step++;
    } else if (script.step == 3) {
        assert_int_equal(a->wanted, 3);
        assert_int_equal(b->wanted, 5);
        assert_int_equal(b->stage_clock_us, script.mark);
        order(2, COMMAND_NEXT_STAGE, 0);
        script.step++;
    } else if (script.step == 4 && b->state == SCENARIO_DONE) {
        assert_int_equal(t->state, RUN_RUNNING);
        assert_int_equal(a->state, SCENARIO_RUNNING);
        order(2, COMMAND_SET_VUS, 1);
        order(0, COMMAND_STOP, 0);
        script.step++;
    }
}

static void command_is_for_the_scenario_that_it_names(void **state)
{
    const struct event *e;
    size_t i = 0;

    (void)state;
    begin("[ " VUS("a", 2, "1m", "") ", " VUS("b", 2, "1m", "") " ]",
          steer_second);
    kit.config.max_vus = 8;
    run_kit_run(&kit);
    assert_int_equal(script.step, 5);
    assert_string_equal(event_of("vus", 2)->text, "b: 5 VUs by hand (plan 2)");
    e = event_of("vus", 0);
    assert_true(e->bad);
    assert_string_equal(e->text, "for which scenario? 1 a, 2 b");
    assert_string_equal(event_of("vus", 1)->text,
                        "a: asked 20, applied 3: --max-vus, for all scenarios");
    assert_string_equal(event_of("hold", 0)->text,
                        "stage clocks held, the load stays");
    assert_string_equal(event_of("next", 2)->text,
                        "b: behind the last stage: ending");
    while ((e = run_kit_event(&kit, "vus", &i)) != NULL) {
        script.seen = script.seen ||
                      strcmp(e->text, "b: too late: the run is ending") == 0;
    }
    assert_true(script.seen);
    assert_string_equal(kit.outcome.stopped_by, "test");
    served_run_counted();
}

static void begin_early(void *ctx, const struct tick *t)
{
    (void)ctx;
    if (script.step == 0 && t->scenarios[0].state == SCENARIO_WAITING &&
        t->state == RUN_RUNNING) {
        assert_int_equal(t->vus, 0);
        order(0, COMMAND_NEXT_STAGE, 0);
        script.step++;
    }
}

static void next_begins_what_waits_for_its_time(void **state)
{
    (void)state;
    begin("[ " VUS("a", 2, "300ms", ", \"startTime\": \"1h\"") " ]",
          begin_early);
    run_kit_run(&kit);
    assert_int_equal(script.step, 1);
    assert_true(kit.requests > 0);
    assert_true(kit.last.t_us < 60 * SEC);
}

static void steer_rate(void *ctx, const struct tick *t)
{
    const struct tick_scenario *s = &t->scenarios[0];

    (void)ctx;
    assert_int_equal(t->planned, 0); /* VUs are not what is planned */
    script.mark += s->begun;
    if (script.step == 0 && s->state == SCENARIO_RUNNING && t->t_us > 500000) {
        assert_int_equal(s->wanted, 50);
        order(0, COMMAND_SET_VUS, 6000);
        script.step++;
    } else if (script.step == 1 && s->manual) {
        assert_int_equal(s->wanted, 6000);
        assert_int_equal(s->planned, 50);
        order(0, COMMAND_FOLLOW, 0);
        order(0, COMMAND_STOP, 0);
        script.step++;
    }
}

static void rate_is_steered_in_its_time_unit(void **state)
{
    (void)state;
    begin("[ { \"executor\": \"constant-arrival-rate\", \"rate\": 50, "
          "\"timeUnit\": \"1m\", \"duration\": \"1m\", "
          "\"preAllocatedVUs\": 4, \"gracefulStop\": \"2s\" } ]",
          steer_rate);
    run_kit_run(&kit);
    assert_int_equal(script.step, 2);
    assert_string_equal(event_of("rate", 0)->text,
                        "6000 it/m by hand (plan 50)");
    assert_string_equal(event_of("plan", 0)->text, "the plan's 50 it/m");
    served_run_counted();
    assert_true(script.mark > 0);
    assert_int_equal(kit.last.scenarios[0].iterations +
                         ledger_totals(story_ledger(kit.story)).interrupted,
                     script.mark);
}

/* Set by hand, the rate that is told has nothing of the one before. */
static void watch_new_rate(void *ctx, const struct tick *t)
{
    const struct tick_scenario *s = &t->scenarios[0];
    double rate;

    (void)ctx;
    if (script.step == 0 && t->t_us > 500000) {
        order(0, COMMAND_SET_VUS, 20);
        script.step++;
    } else if (script.step == 1 && s->wanted == 20) {
        script.was = s->rate; /* this tick has both */
        script.step++;
    } else if (script.step == 2) {
        script.mark += s->ran_us;
        script.begun += s->begun;
        rate = (double)script.begun * 1e6 / (double)script.mark;
        if (script.mark >= PULSE_SETTLE_US) {
            assert_true(s->rate > rate - 0.01 && s->rate < rate + 0.01);
            order(0, COMMAND_STOP, 0);
            script.step++;
        } else {
            assert_true(s->rate == script.was);
        }
    }
}

static void rate_by_hand_is_of_the_time_since(void **state)
{
    (void)state;
    begin("[ { \"executor\": \"constant-arrival-rate\", \"rate\": 100, "
          "\"duration\": \"1m\", \"preAllocatedVUs\": 4 } ]",
          watch_new_rate);
    run_kit_run(&kit);
    assert_int_equal(script.step, 3);
}

static void dropping(void *ctx, const struct tick *t)
{
    (void)ctx;
    script.mark += t->scenarios[0].begun;
    script.seen = script.seen || t->scenarios[0].dropped_all > 0;
}

static void what_no_vu_is_free_for_is_counted_and_told_once(void **state)
{
    const struct event *e;
    size_t i = 0;

    (void)state;
    begin("[ { \"executor\": \"constant-arrival-rate\", \"rate\": 1000, "
          "\"duration\": \"500ms\", \"preAllocatedVUs\": 1, "
          "\"gracefulStop\": \"2s\" } ]",
          dropping);
    run_kit_run(&kit);
    e = run_kit_event(&kit, "dropped", &i);
    assert_non_null(e);
    assert_true(e->bad);
    assert_null(run_kit_event(&kit, "dropped", &i));
    assert_true(script.seen);
    /* Each that was due has begun or was dropped. */
    assert_int_equal(script.mark + kit.last.scenarios[0].dropped_all, 500);
    assert_int_equal(kit.last.scenarios[0].iterations, script.mark);
    assert_int_equal(kit.last.scenarios[0].vus_max, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_begins_and_ends_at_its_own_time,
                                        set_up, served_run_tear_down),
        cmocka_unit_test_setup_teardown(
            command_is_for_the_scenario_that_it_names, set_up,
            served_run_tear_down),
        cmocka_unit_test_setup_teardown(
            rate_is_that_of_the_time_in_which_it_runs, set_up,
            served_run_tear_down),
        cmocka_unit_test_setup_teardown(next_begins_what_waits_for_its_time,
                                        set_up, served_run_tear_down),
        cmocka_unit_test_setup_teardown(rate_by_hand_is_of_the_time_since,
                                        set_up, served_run_tear_down),
        cmocka_unit_test_setup_teardown(rate_is_steered_in_its_time_unit,
                                        set_up, served_run_tear_down),
        cmocka_unit_test_setup_teardown(
            what_no_vu_is_free_for_is_counted_and_told_once, set_up,
            served_run_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
