/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/story_kit.h"
#include "base/num.h"
#include "measure/series.h"
#include "run/study.h"
#include "run/study_trend.h"

/* This exercises: what a story makes of its ticks for insight: seconds that
 * are cut where the load changes, who made it, what rules there are, trends,
 * and the words for it. */

#define SEC UINT64_C(1000000)

static const char kit_plan[] =
    "{ \"name\": \"Shop\","
    "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" } ],"
    "  \"scenarios\": { \"s\": { \"executor\": \"ramping-vus\","
    "    \"startVUs\": 10, \"stages\": ["
    "      { \"duration\": \"30s\", \"target\": 10 },"
    "      { \"duration\": \"10s\", \"target\": 20 } ] } },"
    "  \"baselines\": { \"local\": { \"s\": {"
    "    \"http_req_duration\": \"p(95)<1000\" } } },"
    "  \"thresholds\": { \"http_req_duration\": [\"p(95)<3s\", \"p(99)<5s\"],"
    "    \"http_req_duration{name:A}\": [\"p(90)<10s\"],"
    "    \"http_req_failed\": [\"rate<0.1\"] } }";

static int set_up(void **state)
{
    (void)state;
    story_kit_begin(kit_plan, 10);
    kit.tick.scenarios[0].stage = 0;
    return 0;
}

/* Ticks of n requests. */
static void feed(unsigned ticks, unsigned n, uint64_t us)
{
    story_kit_feed(&kit, ticks, n, us, 0, 200);
}

static void rules_are_the_plans_that_a_plateau_can_break(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[64];

    (void)state;
    assert_int_equal(study_rules(s)->n, 4);
    assert_string_equal(study_rule_text(s, 0, text, sizeof text),
                        "p95 <3.00 s");
    assert_string_equal(study_rule_text(s, 1, text, sizeof text),
                        "p99 <5.00 s");
    assert_string_equal(study_rule_text(s, 2, text, sizeof text),
                        "p90 of A <10.0 s");
    assert_string_equal(study_rule_text(s, 3, text, sizeof text),
                        "errors <10.0 %");
}

/* 12.3 s is no whole second. */
static void a_change_cuts_the_second(void **state)
{
    const struct plateaus *p = study_plateaus(story_study(kit.story));

    (void)state;
    feed(123, 10, 20000);
    story_kit_by_hand(&kit, 20);
    feed(77, 20, 40000);
    assert_int_equal(plateaus_count(p), 2);
    assert_int_equal(plateaus_at(p, 0)->end_us, 12300000);
    assert_int_equal(plateaus_at(p, 1)->start_us, 12300000);
    assert_int_equal(plateaus_at(p, 0)->stage, 1);
    assert_int_equal(plateaus_at(p, 1)->stage, 0);
    assert_true(plateaus_at(p, 1)->rps > 199 && plateaus_at(p, 1)->rps < 201);
    assert_in_range(plateaus_at(p, 1)->p95_us, 39900, 40100);
}

static void it_is_said_who_set_the_load(void **state)
{
    const struct plateaus *p = study_plateaus(story_study(kit.story));
    struct event e = {.load = true, .type = "vus", .by = "socket ann 4711"};
    struct delta *d = delta_new(kit.plan, NULL, 0);

    (void)state;
    feed(60, 10, 20000);
    kit.tick.delta = d;
    kit.tick.events = &e;
    kit.tick.n_events = 1;
    kit.tick.active_us = kit.tick.dt_us = 0;
    story_feed(kit.story, &kit.tick);
    story_kit_by_hand(&kit, 20);
    feed(60, 10, 20000);
    assert_string_equal(plateaus_at(p, 0)->by, "plan");
    assert_string_equal(plateaus_at(p, 1)->by, "socket ann 4711");
    delta_free(&d);
}

static void a_ramp_is_no_plateau_unless_it_is_held(void **state)
{
    const struct plateaus *p = study_plateaus(story_study(kit.story));

    (void)state;
    kit.tick.scenarios[0].stage = 1;
    feed(100, 10, 20000);
    assert_int_equal(plateaus_count(p), 0);
    kit.tick.held = true;
    feed(100, 10, 20000);
    assert_int_equal(plateaus_count(p), 1);
}

static void a_fall_in_load_is_followed_to_its_end(void **state)
{
    const struct study *s = story_study(kit.story);
    const struct recovery_episode *e;
    char text[256];

    (void)state;
    story_kit_spike(&kit, 50, 0);
    assert_int_equal(recovery_count(study_recovery(s)), 1);
    e = recovery_at(study_recovery(s), 0);
    assert_string_equal(study_tell_short(e, text, sizeof text),
                        "recovering for 5 s");
    feed(150, 10, 20000);
    e = recovery_at(study_recovery(s), 0);
    assert_int_equal(e->state, RECOVERY_RECOVERED);
    assert_int_equal(e->t0_us, 50 * SEC);
    assert_int_equal(e->return_us, 5 * SEC);
    assert_int_equal(e->confidence, RECOVERY_HIGH);
    assert_string_equal(study_tell_short(e, text, sizeof text),
                        "recovered in 5 s");
    assert_string_equal(study_tell_state(e, text, sizeof text),
                        "recovered in 5 s: p95 and errors back where they were "
                        "before the load rose, give or take 2 s");
    assert_non_null(strstr(study_tell_terms(s, e, text, sizeof text),
                           "after the load fell from 100 to 10 VUs at 0:50; "
                           "back means p95 up to 30.0 ms (20.0 ms before)"));
    /* The moment is that at which it passed what it came back to. */
    assert_non_null(strstr(study_tell_spike(s, e, text, sizeof text),
                           " the load rose past 10 VUs at 0:40"));
}

/* The lower of baseline and threshold, where there was no calm; and what else
 * the plan has. */
static void the_plans_own_limit_stands_in_for_a_baseline(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[512];

    (void)state;
    story_kit_early_spike(&kit);
    assert_int_equal(recovery_count(study_recovery(s)), 1);
    assert_int_equal(recovery_at(study_recovery(s), 0)->reference,
                     RECOVERY_BY_LIMIT);
    assert_int_equal(recovery_at(study_recovery(s), 0)->tolerance_us, 1000000);
    assert_true(recovery_at(study_recovery(s), 0)->usual);
    study_tell_terms(s, recovery_at(study_recovery(s), 0), text, sizeof text);
    assert_non_null(
        strstr(text, "back means p95 <1.00 s, p99 <5.00 s, p90 of A <10.0 s "
                     "and 1 more (the baseline of the plan and its limits)"));
    assert_int_equal(study_back_count(s, recovery_at(study_recovery(s), 0)), 4);
    assert_string_equal(study_back_text(s, recovery_at(study_recovery(s), 0), 3,
                                        text, sizeof text),
                        "errors <10.0 %");
}

static void the_run_s_end_is_no_fall(void **state)
{
    const struct study *s = story_study(kit.story);

    (void)state;
    feed(300, 10, 20000);
    kit.tick.state = RUN_DRAINING;
    kit.tick.wanted = kit.tick.vus = 0;
    feed(100, 1, 900000);
    assert_int_equal(recovery_count(study_recovery(s)), 0);
    assert_int_equal(plateaus_count(study_plateaus(s)), 1);
    assert_int_equal(plateaus_at(study_plateaus(s), 0)->end_us, 30 * SEC);
}

static void the_steps_are_told_in_a_line(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[256];

    (void)state;
    assert_string_equal(study_tell_steps(s, text, sizeof text), "");
    feed(80, 10, 20000);
    assert_string_equal(study_tell_steps(s, text, sizeof text),
                        "good up to 10 VUs: 100 req/s, p95 20.0 ms");
    story_kit_by_hand(&kit, 20);
    feed(80, 18, 3500000);
    assert_string_equal(study_tell_steps(s, text, sizeof text),
                        "last good 10 VUs: 100 req/s, p95 20.0 ms · "
                        "20 VUs too much: p95 3.50 s, limit 3 s");
}

static void requests_that_fall_are_told_as_that(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[256];

    (void)state;
    feed(80, 20, 20000);
    story_kit_by_hand(&kit, 20);
    feed(80, 12, 20000);
    assert_string_equal(study_tell_steps(s, text, sizeof text),
                        "last good 10 VUs: 200 req/s, p95 20.0 ms · "
                        "req/s fall from 20 VUs on");
}

static void where_it_breaks_is_told_in_a_line(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[256];

    (void)state;
    feed(200, 10, 20000);
    assert_string_equal(study_tell_break(s, text, sizeof text), "");
    assert_string_equal(study_tell_answer(s, text, sizeof text),
                        "no break up to 10 VUs");
    assert_false(study_broke(s));
    story_kit_by_hand(&kit, 20);
    feed(80, 18, 3500000); /* too short to be sure */
    assert_string_equal(study_tell_break(s, text, sizeof text), "");
    assert_string_equal(study_tell_answer(s, text, sizeof text),
                        "probably breaks at 10-20 VUs (at 0:20), limited by "
                        "latency: p95 3.50 s, limit 3 s");
    assert_true(study_broke(s));
    feed(260, 18, 3500000);
    assert_string_equal(study_tell_break(s, text, sizeof text),
                        "breaks at 10-20 VUs (at 0:20), limited by latency: "
                        "p95 3.50 s, limit 3 s; it lasted 34 s; 100 req/s at "
                        "10 VUs");
    assert_string_equal(study_tell_answer(s, text, sizeof text),
                        "breaks at 10-20 VUs (at 0:20), limited by latency: "
                        "p95 3.50 s, limit 3 s");
    assert_true(study_broke(s));
}

/* Six levels of users who do not think; throughput falls from the fourth on. */
static void throughput_over_load_is_told_in_a_line(void **state)
{
    static const unsigned levels[][3] = {/* VUs, requests a tick, ms */
                                         {2, 4, 50},    {4, 7, 57},
                                         {8, 10, 80},   {16, 12, 133},
                                         {32, 10, 320}, {48, 8, 600}};
    const struct study *s = story_study(kit.story);
    char text[256];
    size_t i, k;

    (void)state;
    for (i = 0; i < 6; i++) {
        story_kit_by_hand(&kit, levels[i][0]);
        for (k = 0; k < 150; k++) {
            unsigned n;

            story_kit_requests(&kit, 0, 200, levels[i][2] * 1000, levels[i][1]);
            for (n = 0; n < levels[i][1]; n++) {
                shard_iteration(kit.shard, 0, levels[i][2] * 1000);
            }
            story_kit_tick(&kit, NULL);
        }
    }
    /* Five are too few for a law. */
    assert_string_equal(study_tell_scaling(s, text, sizeof text),
                        "at most 120 req/s: from 6 VUs on requests wait");
    kit.tick.state = RUN_DRAINING;
    story_kit_tick(&kit, NULL);
    assert_string_equal(study_tell_scaling(s, text, sizeof text),
                        "throughput peaks at 16 VUs (14 to 17, scalability "
                        "law): 120 req/s; it bends at about 10 VUs");
    assert_string_equal(study_tell_suspect(s, text, sizeof text), "");
}

/* So many VUs by hand for so many ticks: n requests of that time in each. */
static void hold(unsigned vus, unsigned ticks, unsigned n, unsigned ms)
{
    story_kit_by_hand(&kit, vus);
    while (ticks-- > 0) {
        unsigned i;

        story_kit_requests(&kit, 0, 200, ms * 1000, n);
        for (i = 0; i < n; i++) {
            shard_iteration(kit.shard, 0, ms * 1000);
        }
        story_kit_tick(&kit, NULL);
    }
}

/* A hunt by hand: the service serves worse after it broke, and what it does
 * then is neither its limit nor where it breaks. No limit is told that a level
 * has done more than. */
static void what_it_does_after_an_overload_is_told_of_no_load(void **state)
{
    const struct study *s = story_study(kit.story);
    const struct plateaus *p = study_plateaus(s);
    const struct window *w;
    char text[256];
    size_t i, n;

    (void)state;
    hold(10, 80, 25, 40);
    hold(40, 80, 60, 66);
    hold(60, 80, 62, 97);
    hold(200, 150, 61, 3300);
    /* It feels that. */
    hold(40, 80, 20, 200);
    hold(60, 80, 21, 285);
    hold(30, 80, 20, 150);
    for (i = 0; i < plateaus_count(p); i++) {
        assert_true((plateaus_at(p, i)->after > 0) == (i > 3));
    }
    /* Nor is it compared; the last load is still held. */
    w = windows_list(study_windows(s), &n);
    assert_int_equal(n, 6);
    for (i = 0; i < n; i++) {
        assert_true(w[i].felt == (i > 3));
    }
    assert_string_equal(study_tell_scaling(s, text, sizeof text),
                        "at most 620 req/s: from 25 VUs on requests wait");
    assert_string_equal(study_tell_steps(s, text, sizeof text),
                        "last good 60 VUs: 620 req/s, p95 97.0 ms · 200 VUs "
                        "too much: p95 3.30 s, limit 3 s · req/s hardly grow "
                        "from 60 VUs on");
    assert_string_equal(study_tell_break(s, text, sizeof text),
                        "breaks at 60-200 VUs (at 0:24), limited by latency: "
                        "p95 3.30 s, limit 3 s; it lasted 15 s; 620 req/s at "
                        "60 VUs");
    hold(10, 120, 25, 40);
    hold(70, 80, 64, 109); /* more than what was told: that is the limit */
    assert_string_equal(study_tell_scaling(s, text, sizeof text),
                        "at most 640 req/s: from 25 VUs on requests wait");
    hold(80, 80, 68, 117); /* there is no limit yet */
    assert_null(strstr(study_tell_scaling(s, text, sizeof text), "at most"));
}

/* Most of what comes is refused at once from the sixteenth VU on. */
static void what_fails_is_no_throughput(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[256];
    unsigned i;

    (void)state;
    hold(4, 80, 4, 100);
    hold(8, 80, 8, 100);
    hold(12, 80, 8, 150);
    story_kit_by_hand(&kit, 20);
    for (i = 0; i < 80; i++) {
        story_kit_requests(&kit, 0, 503, 60, 500);
        story_kit_requests(&kit, 0, 200, 150000, 8);
        shard_iteration(kit.shard, 0, 150000);
        story_kit_tick(&kit, NULL);
    }
    hold(4, 10, 4, 100);
    assert_string_equal(study_tell_scaling(s, text, sizeof text),
                        "at most 80.0 req/s that do not fail: from 8 VUs on "
                        "requests wait");
}

/* Requests fall first, then responses are too long, then levels say that they
 * wait: what limits it is one thing all along, in one word. */
static void what_limits_it_is_told_in_one_way(void **state)
{
    static const unsigned steps[][4] = {
        {10, 80, 25, 40},    {40, 80, 60, 66},     {60, 80, 62, 97},
        {200, 50, 40, 2500}, {200, 100, 61, 3300}, {40, 80, 20, 200},
        {10, 120, 25, 40},   {60, 80, 62, 97},     {120, 80, 50, 240}};
    const struct study *s = story_study(kit.story);
    char text[256], *by;
    unsigned told = 0;
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        for (k = 0; k < steps[i][1]; k++) {
            hold(steps[i][0], 1, steps[i][2], steps[i][3]);
            study_tell_answer(s, text, sizeof text);
            by = strstr(text, ", limited by ");
            if (by != NULL) {
                told++;
                assert_ptr_equal(strstr(by, ", limited by latency: "), by);
            }
        }
    }
    assert_true(told > 360);
    assert_true(study_scaling(s)->bounds.full);
}

static void users_who_hang_are_told(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[256];
    size_t k, n;

    (void)state;
    story_kit_by_hand(&kit, 20);
    for (k = 0; k < 150; k++) {
        story_kit_requests(&kit, 0, 200, 100000, 10);
        for (n = 0; n < 10; n++) {
            shard_iteration(kit.shard, 0, 100000);
        }
        story_kit_tick(&kit, NULL);
    }
    assert_string_equal(study_tell_suspect(s, text, sizeof text), "");
    kit.tick.state = RUN_DRAINING;
    story_kit_tick(&kit, NULL);
    assert_string_equal(
        study_tell_suspect(s, text, sizeof text),
        "suspect: at 0:00 20 VUs were at work, but their iterations add up to "
        "10 VUs (Little's law): some hang, or it was not steady");
}

static void a_first_load_that_breaks_it_is_told_as_that(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[256];

    (void)state;
    kit.tick.health.suspect = true;
    feed(200, 10, 3500000);
    assert_string_equal(
        study_tell_break(s, text, sizeof text),
        "breaks at 10 VUs or below (at 0:00), limited by "
        "latency: p95 3.50 s, limit 3 s; it lasted 20 s; the generator was "
        "suspect then");
}

/* Ticks in which n requests are refused. */
static void refuse(unsigned ticks, unsigned n)
{
    while (ticks-- > 0) {
        unsigned i;

        for (i = 0; i < n; i++) {
            story_kit_refused(&kit, 0);
        }
        story_kit_tick(&kit, NULL);
    }
}

static void what_breaks_by_errors_says_so(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[256];
    unsigned i;

    (void)state;
    feed(200, 10, 20000);
    story_kit_by_hand(&kit, 20);
    for (i = 0; i < 200; i++) {
        story_kit_requests(&kit, 0, 200, 20000, 9);
        story_kit_requests(&kit, 0, 503, 20000, 3);
        story_kit_tick(&kit, NULL);
    }
    assert_string_equal(study_tell_answer(s, text, sizeof text),
                        "breaks at 10-20 VUs (at 0:20), limited by errors "
                        "(HTTP 5xx): "
                        "errors 25.0 %, limit 10 %");
}

/* What was good before it, at the same load, makes it no better. */
static void what_breaks_late_is_told_of_its_own_time(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[256];
    unsigned i;

    (void)state;
    feed(200, 10, 20000);
    for (i = 0; i < 200; i++) {
        story_kit_requests(&kit, 0, 200, 20000, 7);
        story_kit_requests(&kit, 0, 503, 20000, 3);
        story_kit_tick(&kit, NULL);
    }
    assert_string_equal(study_tell_answer(s, text, sizeof text),
                        "breaks at 10 VUs (at 0:20), limited by errors "
                        "(HTTP 5xx): errors up to 30.0 %, limit 10 %");
}

/* It goes away in the middle of a level, while the load rises, and comes back.
 */
static void a_target_that_is_away_says_nothing_of_the_load(void **state)
{
    const struct study *s = story_study(kit.story);
    const struct plateaus *p = study_plateaus(s);
    char text[256];
    size_t i;

    (void)state;
    feed(204, 10, 20000);
    refuse(200, 500); /* as fast as it refuses */
    story_kit_by_hand(&kit, 20);
    refuse(153, 1);
    feed(100, 20, 20000);
    for (i = 0; i < plateaus_count(p); i++) {
        assert_int_equal(plateaus_at(p, i)->broken, -1);
        assert_int_equal(plateaus_at(p, i)->failed, 0);
        assert_false(plateaus_at(p, i)->fell);
    }
    assert_int_equal(plateaus_count(p), 2);
    assert_string_equal(study_tell_break(s, text, sizeof text), "");
    assert_string_equal(study_tell_answer(s, text, sizeof text),
                        "no break up to 20 VUs");
    /* It was an outage all the same. */
    assert_int_equal(recovery_count(study_recovery(s)), 1);
    assert_int_equal(recovery_at(study_recovery(s), 0)->cause, RECOVERY_OUTAGE);
}

static void a_target_that_never_was_there_breaks_nowhere(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[256];

    (void)state;
    refuse(300, 50);
    assert_int_equal(plateaus_count(study_plateaus(s)), 0);
    assert_string_equal(study_tell_answer(s, text, sizeof text), "");
    assert_string_equal(study_tell_steps(s, text, sizeof text), "");
}

/* Refusals beside answers are the load's work. */
static void a_target_that_refuses_most_is_overloaded(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[256];
    unsigned i;

    (void)state;
    feed(200, 10, 20000);
    story_kit_by_hand(&kit, 20);
    for (i = 0; i < 200; i++) {
        story_kit_requests(&kit, 0, 200, 20000, 4);
        refuse(1, i % 3 == 0 ? 0 : 9);
    }
    assert_int_equal(plateaus_at(study_plateaus(s), 1)->broken, 3);
    assert_non_null(
        strstr(study_tell_answer(s, text, sizeof text),
               "breaks at 10-20 VUs (at 0:20), limited by refused connections: "
               "errors "));
}

/* Now and then all that ends within a tick is a refusal. */
static void refusals_that_are_seldom_are_kept(void **state)
{
    const struct study *s = story_study(kit.story);
    unsigned i;

    (void)state;
    feed(10, 1, 20000);
    for (i = 0; i < 100; i++) {
        refuse(1, i % 4 == 0);
        feed(1, i % 4 == 2, 20000);
        feed(1, 0, 0);
    }
    assert_int_equal(plateaus_count(study_plateaus(s)), 1);
    assert_in_range(plateaus_at(study_plateaus(s), 0)->failed, 20, 25);
}

/* Ten ticks a second of the same load; latency grows by so much a second. */
static void soak_for(unsigned seconds, uint64_t us, uint64_t grow_us)
{
    unsigned i;

    kit.tick.wanted = kit.tick.vus = 20;
    kit.tick.manual = true;
    for (i = 0; i < seconds; i++) {
        feed(10, 2, us + i * grow_us);
    }
}

static void a_service_that_gets_slower_is_told(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[160];

    (void)state;
    soak_for(900, 20000, 20);
    assert_int_equal(study_trends(s), 2);
    assert_true(study_trends_told(s));
    assert_string_equal(study_tell_soak(s, text, sizeof text),
                        "20 VUs for 15:00 from 0:00");
    assert_int_equal(study_trend(s, 0).t->state, TREND_GROWING);
    assert_string_equal(study_trend(s, 0).series, "p95");
    study_tell_trend(s, 0, text, sizeof text);
    assert_ptr_equal(strstr(text, "p95 growing 1.20 ms/min (1."), text);
    assert_string_equal(study_tell_trend(s, 1, text, sizeof text),
                        "errors stable at 0.00 % (0.00 to 0.00 %/h)");
}

/* What grew may be the generator; what it never felt says nothing of that. */
static void a_trend_of_a_suspect_generator_says_so(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[160];

    (void)state;
    soak_for(400, 20000, 20);
    kit.tick.health.suspect = true;
    soak_for(100, 28000, 20);
    kit.tick.health.suspect = false;
    soak_for(400, 30000, 20);
    assert_int_equal(study_trend(s, 0).t->state, TREND_GROWING);
    study_tell_trend(s, 0, text, sizeof text);
    assert_non_null(strstr(text, "; the generator was suspect for 1:4"));
    study_tell_trend(s, 1, text, sizeof text);
    assert_null(strstr(text, "suspect"));
}

static void what_stays_the_same_is_stable(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[160];

    (void)state;
    soak_for(700, 20000, 0);
    assert_string_equal(study_tell_trend(s, 0, text, sizeof text),
                        "p95 stable at 20.0 ms (0.00 to 0.00 ms/h)");
}

static void a_short_run_has_no_trend(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[160];

    (void)state;
    assert_int_equal(study_trends(s), 0);
    soak_for(30, 20000, 0);
    assert_int_equal(study_trends(s), 2);
    assert_false(study_trends_told(s));
    soak_for(60, 20000, 0);
    assert_true(study_trends_told(s));
    assert_string_equal(study_tell_trend(s, 0, text, sizeof text),
                        "p95: too short to tell, needs 5 min of the same load");
    assert_string_equal(study_tell_trend_short(s, 0, text, sizeof text),
                        "trend: needs 5 min");
}

static void a_leak_is_told_with_when_memory_is_full(void **state)
{
    const struct study *s = story_study(kit.story);
    const struct series *slots = ledger_series(story_ledger(kit.story));
    struct trend_full f;
    char text[200];
    unsigned i;

    (void)state;
    kit.tick.server = (struct tick_server){
        .watched = true, .alive = true, .limit_bytes = 500000000, .cpu = 0.25};
    for (i = 0; i < 900; i++) {
        kit.tick.server.rss_bytes = 200000000 + i * 100000;
        soak_for(1, 20000, 0);
    }
    kit.tick.state = RUN_DRAINING;
    feed(1, 0, 0);
    assert_int_equal(study_trends(s), 4);
    assert_string_equal(study_trend(s, 2).series, "server_memory");
    study_tell_trend(s, 2, text, sizeof text);
    assert_ptr_equal(strstr(text, "server memory growing 6.00 MB/min ("), text);
    /* 290 MB, 6 a minute: 35 minutes are left of it. */
    assert_non_null(strstr(text, ", full (500 MB) in 35 min"));
    f = study_trend_full(s, 2);
    assert_int_equal(f.reach, TREND_WITHIN);
    assert_true(f.time.low <= f.time.s && f.time.s <= f.time.high);
    assert_int_equal(study_trend_full(s, 0).reach, TREND_NEVER);
    study_tell_trend_short(s, 2, text, sizeof text);
    assert_string_equal(text, "growing 6.00 MB/min");
    study_tell_trend_end(s, 2, text, sizeof text);
    assert_string_equal(text, "full in 35 min");
    assert_string_equal(study_tell_trend_short(s, 3, text, sizeof text),
                        "stable");
    assert_string_equal(study_tell_trend_end(s, 3, text, sizeof text), "");
    assert_string_equal(study_tell_trend(s, 3, text, sizeof text),
                        "server CPU stable at 0.25 cores "
                        "(0.00 to 0.00 cores/h)");
    assert_true(series_slot(slots, 10)->server.cpu_n == 10);
    assert_true(series_slot(slots, 10)->server.rss_bytes == 201000000);
}

static void a_limit_hours_away_is_told_with_how_little_was_seen(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[200];

    (void)state;
    story_kit_leak(&kit, 840, 0);
    study_tell_trend(s, 2, text, sizeof text);
    assert_ptr_equal(strstr(text, "server memory growing 2.10 MB/min ("), text);
    assert_non_null(
        strstr(text, ", full (800 MB) in 5.8 h (at this pace, 14 min seen)"));
    assert_string_equal(study_tell_trend_end(s, 2, text, sizeof text),
                        "full in 5.8 h");
}

/* Where noise leaves the slope open it is told for how long it is not full. */
static void a_limit_that_nobody_can_foretell_is_not_passed_over(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[200];

    (void)state;
    story_kit_leak(&kit, 840, 460);
    study_tell_trend(s, 2, text, sizeof text);
    assert_int_equal(study_trend(s, 2).t->state, TREND_GROWING);
    assert_int_equal(study_trend_full(s, 2).reach, TREND_BEYOND);
    assert_non_null(
        strstr(text, ", full (800 MB) in more than 2.1 h (13 min seen)"));
    assert_string_equal(study_tell_trend_end(s, 2, text, sizeof text),
                        "full in more than 2.1 h");
}

/* The page does not come any more: what memory may be is no less known. */
static void the_limit_of_a_page_that_falls_silent_stands(void **state)
{
    const struct study *s = story_study(kit.story);

    (void)state;
    assert_int_equal(study_server_limit(s), 0);
    kit.tick.server = (struct tick_server){.watched = true,
                                           .alive = true,
                                           .rss_bytes = 200000000,
                                           .limit_bytes = 500000000};
    soak_for(2, 20000, 0);
    tick_server_clear(&kit.tick.server);
    kit.tick.server.watched = true;
    soak_for(2, 20000, 0);
    assert_int_equal(study_server_limit(s), 500000000);
    kit.tick.server.alive = true;
    kit.tick.server.limit_bytes = 400000000; /* it was set anew */
    soak_for(1, 20000, 0);
    assert_int_equal(study_server_limit(s), 400000000);
}

/* First they hardly grow, then they fall, and a rule is broken there too. */
static void
that_requests_fall_is_told_beside_that_they_hardly_grow(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[256];

    (void)state;
    hold(51, 80, 48, 91);
    hold(61, 80, 50, 415);
    hold(71, 80, 17, 4030);
    assert_non_null(strstr(study_tell_steps(s, text, sizeof text),
                           "req/s hardly grow from 61 VUs on, and fall from 71 "
                           "VUs on"));
}

/* Nobody had asked for more. */
static void what_passes_by_itself_is_no_break(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[256];

    (void)state;
    hold(20, 400, 10, 91);
    hold(20, 120, 10, 4100);
    hold(20, 400, 10, 91);
    assert_string_equal(study_tell_answer(s, text, sizeof text),
                        "no break up to 20 VUs; p95 up to 4.10 s, limit 3 s "
                        "for 12 s at 0:40, under a load that held before and "
                        "after");
    assert_false(study_breaking(s).any || study_probably(s).any);
    assert_true(plateaus_at(study_plateaus(s), 0)->broken >= 0); /* it did */
    assert_string_equal(study_tell_steps(s, text, sizeof text), "");
}

/* Of a plan whose only limits are on names. */
static void a_limit_on_a_name_is_said_as_its(void **state)
{
    static const char by_name[] =
        "{ \"name\": \"Shop\","
        "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\","
        "    \"name\": \"A\" } ],"
        "  \"scenarios\": { \"s\": { \"executor\": \"ramping-vus\","
        "    \"startVUs\": 10, \"stages\": ["
        "      { \"duration\": \"30s\", \"target\": 10 },"
        "      { \"duration\": \"10s\", \"target\": 20 } ] } },"
        "  \"thresholds\": {"
        "    \"http_req_duration{name:A}\": [\"p(95)<500\"] } }";
    const struct study *s;
    char text[256];

    story_kit_end(state);
    story_kit_begin(by_name, 10);
    kit.tick.scenarios[0].stage = 0;
    s = story_study(kit.story);
    hold(10, 100, 20, 91);
    hold(20, 100, 20, 910);
    assert_string_equal(study_tell_steps(s, text, sizeof text),
                        "last good 10 VUs: 200 req/s, p95 91.0 ms · 20 VUs too "
                        "much: p95 of A 910 ms, limit 500 ms");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, story_kit_end)
    const struct CMUnitTest tests[] = {
        T(rules_are_the_plans_that_a_plateau_can_break),
        T(the_limit_of_a_page_that_falls_silent_stands),
        T(a_change_cuts_the_second),
        T(it_is_said_who_set_the_load),
        T(a_ramp_is_no_plateau_unless_it_is_held),
        T(a_fall_in_load_is_followed_to_its_end),
        T(that_requests_fall_is_told_beside_that_they_hardly_grow),
        T(what_passes_by_itself_is_no_break),
        T(a_limit_on_a_name_is_said_as_its),
        T(the_plans_own_limit_stands_in_for_a_baseline),
        T(the_run_s_end_is_no_fall),
        T(the_steps_are_told_in_a_line),
        T(requests_that_fall_are_told_as_that),
        T(where_it_breaks_is_told_in_a_line),
        T(throughput_over_load_is_told_in_a_line),
        T(what_fails_is_no_throughput),
        T(what_it_does_after_an_overload_is_told_of_no_load),
        T(what_limits_it_is_told_in_one_way),
        T(users_who_hang_are_told),
        T(a_first_load_that_breaks_it_is_told_as_that),
        T(what_breaks_by_errors_says_so),
        T(what_breaks_late_is_told_of_its_own_time),
        T(a_target_that_is_away_says_nothing_of_the_load),
        T(a_target_that_never_was_there_breaks_nowhere),
        T(a_target_that_refuses_most_is_overloaded),
        T(refusals_that_are_seldom_are_kept),
        T(a_service_that_gets_slower_is_told),
        T(a_trend_of_a_suspect_generator_says_so),
        T(what_stays_the_same_is_stable),
        T(a_short_run_has_no_trend),
        T(a_leak_is_told_with_when_memory_is_full),
        T(a_limit_hours_away_is_told_with_how_little_was_seen),
        T(a_limit_that_nobody_can_foretell_is_not_passed_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
