/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/sheet.h"

/* This exercises: a hunt for the breaking point on the screen: what it did when
 * in place of stages, whose load it is, whose limits, one clock after an
 * overload, and what it knows beside a suspicion. */

static struct sheet sheet;

static int begin(void **state)
{
    (void)state;
    sheet_init(&sheet, NULL);
    sheet.sim.info.no_thresholds = true;
    return 0;
}

static int end(void **state)
{
    (void)state;
    sheet_clear(&sheet);
    return 0;
}

static void hunts(enum hunt_phase phase, uint32_t load, unsigned number,
                  unsigned seconds)
{
    struct tick_hunt *h = &sheet.sim.tick.hunt;

    h->phase = phase;
    h->load = load;
    h->number = number;
    h->why = SEARCH_NARROW;
    h->measure_us = 30000000;
    h->phase_us = 7000000;
    sim_run(&sheet.sim, seconds);
}

/* Its end is told in one tick, and the next turn has begun by then. */
static void decided(uint32_t load, enum search_verdict v, enum hunt_phase next,
                    uint32_t then, unsigned number)
{
    struct tick_probe p = {.load = load,
                           .percentile = 95,
                           .limit = 500000,
                           .words = {RULE_TIME, "p95"}};

    p.report.verdict = v;
    sheet.sim.tick.probes = &p;
    sheet.sim.tick.n_probes = 1;
    sheet.sim.tick.hunt.phase = next;
    sheet.sim.tick.hunt.load = then;
    sheet.sim.tick.hunt.number = number;
    sim_tick(&sheet.sim);
    sheet.sim.tick.n_probes = 0;
    sheet.sim.tick.probes = NULL;
}

/* 20 hold, 40 break, a rest, and 30. */
static void some(void)
{
    struct tick_hunt *h = &sheet.sim.tick.hunt;

    h->answer = (struct search_answer){.low = 20, .high = 40, .probes = 2};
    hunts(HUNT_RAMP, 20, 1, 5);
    hunts(HUNT_MEASURE, 20, 1, 10);
    decided(20, SEARCH_HOLDS, HUNT_RAMP, 40, 2);
    hunts(HUNT_MEASURE, 40, 2, 14);
    decided(40, SEARCH_BREAKS, HUNT_COOL, 40, 3);
    hunts(HUNT_COOL, 40, 3, 12);
    hunts(HUNT_MEASURE, 30, 3, 12);
}

static void what_it_did_stands_where_stages_do(void **state)
{
    (void)state;
    some();
    sheet_has(&sheet, 80, 24, "├20✓─┤");
    sheet_has(&sheet, 80, 24, "├40✗─┤");
    sheet_has(&sheet, 80, 24, "rest");
    sheet_has(&sheet, 200, 55, "─ 30 ─");
    sheet_lacks(&sheet, 120, 36, "─ hold 20 ─");
    sheet_lacks(&sheet, 120, 36, "─ spike 100 ─");
    sheet_lacks(&sheet, 200, 55, "─ recover 20 ─");
    hunts(HUNT_YOURS, 30, 3, 12);
    sheet_has(&sheet, 120, 36, " by hand ");
}

static void the_load_is_the_hunts_and_none_is_planned(void **state)
{
    size_t i;

    (void)state;
    some();
    for (i = 0; i < SHEET_SIZES; i++) {
        sheet_has(&sheet, sheet_sizes[i][0], sheet_sizes[i][1], "hunt 100");
        sheet_lacks(&sheet, sheet_sizes[i][0], sheet_sizes[i][1], "plan 100");
        sheet_lacks(&sheet, sheet_sizes[i][0], sheet_sizes[i][1], "> next");
        sheet_has(&sheet, sheet_sizes[i][0], sheet_sizes[i][1], " a hunt ");
    }
    /* At a moment to come nobody knows it. */
    sheet.ui.cursor = true;
    sheet.ui.cursor_us = 80000000;
    sheet_lacks(&sheet, 120, 36, "hunt 20");
    sheet_lacks(&sheet, 120, 36, "plan 20");
}

static void keys_of_stages_say_that_there_are_none(void **state)
{
    (void)state;
    some();
    sheet_take(&sheet, 120, 36);
    sheet_key(&sheet, '>');
    assert_int_equal(sheet.posted, 0);
    sheet_has(&sheet, 120, 36, "a hunt has no stages");
    sheet_lacks(&sheet, 120, 36, "Enter");
}

/* After an overload its own clock counts, and no other. */
static void one_clock_counts_a_rest(void **state)
{
    (void)state;
    sim_run(&sheet.sim, 84); /* the spike is over */
    sheet_has(&sheet, 120, 36, "recovered in 2.1 s");
    hunts(HUNT_COOL, 40, 3, 1);
    sheet_has(&sheet, 120, 36, "after 40 VUs: recovering, 0:07");
    sheet_lacks(&sheet, 120, 36, "recovered");
    sheet_lacks(&sheet, 200, 55, "recovered");
}

static void its_limits_come_first(void **state)
{
    (void)state;
    some();
    /* Of five thresholds the last are out of sight, but not the hunt's. */
    sheet_has(&sheet, 60, 16, "✗ p95 <500ms");
    sheet_has(&sheet, 60, 16, "p99 <5s");
    sheet_has(&sheet, 80, 24, "thresholds, info only: the hunt decides");
    sheet_has(&sheet, 120, 36, "thresholds, info only");
    sheet.ui.panel = PANEL_THRESHOLDS;
    sheet_has(&sheet, 120, 36, "the hunt's limit");
}

/* Nothing that is asked can be a sample of the first. */
static void what_is_left_out_is_no_limit_of_its(void **state)
{
    static const char plan[] =
        "{\"name\":\"x\",\"flow\":[{\"get\":\"http://127.0.0.1:1/\","
        "\"name\":\"R\"}],\"flows\":{\"q\":[{\"get\":"
        "\"http://127.0.0.1:1/"
        "\",\"name\":\"Q\"}]},\"scenarios\":{\"s\":{\"executor\":"
        "\"constant-vus\",\"vus\":9,\"duration\":\"60m\"},"
        "\"t\":{\"executor\":\"constant-vus\",\"vus\":1,\"duration\":\"9m\","
        "\"exec\":\"q\"}},\"thresholds\":{"
        "\"http_req_duration{name:Q}\":[\"p(95)<300\"],"
        "\"http_req_duration\":[\"p(95)<500\"]}}";

    (void)state;
    sheet_clear(&sheet);
    sheet_init(&sheet, plan);
    sheet.sim.info.no_thresholds = true;
    hunts(HUNT_MEASURE, 20, 1, 5);
    sheet.ui.panel = PANEL_THRESHOLDS;
    sheet_has(&sheet, 120, 36, "not the hunt's limit");
    sheet.ui.selected = 1;
    sheet_has(&sheet, 120, 36, "each load is held against it");
}

static void what_it_knows_stays_beside_a_suspicion(void **state)
{
    size_t i;

    (void)state;
    some();
    sheet.sim.tick.health.suspect = true;
    snprintf(sheet.sim.tick.health.why, sizeof sheet.sim.tick.health.why,
             "loop lag p99 14 ms");
    sim_run(&sheet.sim, 1);
    for (i = 0; i < SHEET_SIZES; i++) {
        sheet_has(&sheet, sheet_sizes[i][0], sheet_sizes[i][1],
                  "between 20 and 40 VUs");
        sheet_has(&sheet, sheet_sizes[i][0], sheet_sizes[i][1],
                  "GENERATOR SUSPECT: loop lag p99 14 ms");
    }
}

/* With what to do, as far as there is room for it. */
static void a_plan_that_fails_says_how_to_look(void **state)
{
    struct tick_hunt *h = &sheet.sim.tick.hunt;

    (void)state;
    hunts(HUNT_MEASURE, 1, 1, 5);
    h->phase = HUNT_OVER;
    h->cut = HUNT_CUT_PLAN;
    h->fault = (struct hunt_fault){.kind = FAILURE_HTTP_4XX,
                                   .status = 415,
                                   .lowest = true,
                                   .failed = 42,
                                   .all = 42,
                                   .where = "ChatRequest",
                                   .said = "no such type"};
    sim_finish(&sheet.sim, 99);
    sheet.ui.done = true;
    sheet_has(&sheet, 60, 16, "the plan fails at 1 VU: HTTP 415 on all 42");
    sheet_has(&sheet, 60, 16, "-u 1 -i 5");
    sheet_has(&sheet, 80, 24, "on all 42 requests of ChatRequest; ");
    sheet_has(&sheet, 80, 24, "brunt run PLAN -u 1 -i 5; it says: no such");
    sheet_has(&sheet, 120, 36, "-u 1 -i 5");
    sheet_has(&sheet, 200, 55, "-u 1 -i 5");
    sheet_lacks(&sheet, 120, 36, "every request failed");
}

/* The wheel is taken in several ways, and each has its way back. */
static void who_has_the_wheel_is_told_how_to_give_it_back(void **state)
{
    (void)state;
    some();
    hunts(HUNT_YOURS, 30, 3, 0);
    sim_command(&sheet.sim, COMMAND_HOLD, 0, "");
    sim_run(&sheet.sim, 1);
    sheet_has(&sheet, 120, 36, "hunt paused: held; Space goes on");
    sim_command(&sheet.sim, COMMAND_SET_VUS, 5, "");
    sim_run(&sheet.sim, 1);
    sheet_has(&sheet, 120, 36, "hunt paused: yours; a takes it back");
}

int main(void)
{
#define HUNT_TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
    const struct CMUnitTest tests[] = {
        HUNT_TEST(what_it_did_stands_where_stages_do),
        HUNT_TEST(the_load_is_the_hunts_and_none_is_planned),
        HUNT_TEST(keys_of_stages_say_that_there_are_none),
        HUNT_TEST(one_clock_counts_a_rest),
        HUNT_TEST(its_limits_come_first),
        HUNT_TEST(what_is_left_out_is_no_limit_of_its),
        HUNT_TEST(what_it_knows_stays_beside_a_suspicion),
        HUNT_TEST(a_plan_that_fails_says_how_to_look),
        HUNT_TEST(who_has_the_wheel_is_told_how_to_give_it_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
