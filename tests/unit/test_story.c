/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "measure/shard.h"
#include "plan/curve.h"
#include "run/story.h"
#include "support/mini_plan.h"

#define SEC UINT64_C(1000000)

static struct mini_plan mini;
static struct scenario scenario;
static struct lineup lineup;
static struct curve curve;
static struct run_info info;
static struct shard *shard;
static struct story *story;
static struct tick tick; /* the next one */

static int set_up(void **state)
{
    static char name[] = "s";

    (void)state;
    mini_plan_init(&mini);
    memset(&scenario, 0, sizeof scenario);
    scenario.name = name;
    scenario.executor = EXECUTOR_CONSTANT_VUS;
    scenario.vus = 50;
    scenario.duration_us = 100 * SEC;
    curve_init(&curve, &scenario, 1.0);
    memset(&info, 0, sizeof info);
    info.plan = &mini.plan;
    lineup = (struct lineup){name, name, &scenario, 1};
    info.lineup = &lineup;
    info.curves = &curve;
    shard = shard_new(&mini.plan);
    story = story_new(&info);
    memset(&tick, 0, sizeof tick);
    tick.vus_max = 1000;
    tick.n_scenarios = 1;
    tick.scenarios[0].state = SCENARIO_RUNNING;
    tick.scenarios[0].vus_max = 1000;
    tick.state = RUN_RUNNING;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    story_free(&story);
    shard_free(&shard);
    curve_clear(&curve);
    return 0;
}

static struct event event_at(uint64_t t_us, const char *value, bool load)
{
    struct event e = {.t_us = t_us, .type = "vus", .load = load};

    snprintf(e.value, sizeof e.value, "%s", value);
    return e;
}

/* Closes a tick of 100 ms with n requests of a duration, and perhaps an
 * event. */
static void feed(uint64_t duration_us, unsigned n, const struct event *e)
{
    struct sample x = {.status = 200, .duration = duration_us};
    struct delta *d;

    for (; n > 0; n--) {
        shard_request(shard, &x);
    }
    d = delta_new(&mini.plan, &shard, 1);
    shard_clear(shard);
    tick.t_us += TICK_US;
    tick.dt_us = tick.active_us = TICK_US;
    tick.active_total_us += TICK_US;
    tick.delta = d;
    tick.scenarios[0].vus = tick.vus;
    tick.scenarios[0].wanted = tick.wanted;
    tick.events = e;
    tick.n_events = e != NULL ? 1 : 0;
    story_feed(story, &tick);
    delta_free(&d);
    tick.seq++;
}

static void before_the_first_tick_there_is_none(void **state)
{
    struct change c;

    (void)state;
    assert_null(story_tick(story));
    assert_int_equal(story_event_count(story), 0);
    assert_false(story_last_change(story, &c));
    assert_ptr_equal(story_info(story), &info);
}

static void newest_tick_is_kept_without_what_it_borrowed(void **state)
{
    struct verdict v = {.margin = 0.25, .ok = true};

    (void)state;
    tick.verdicts = &v;
    tick.n_verdicts = 1;
    tick.vus = 7;
    feed(1000, 3, NULL);
    v.margin = 0.75; /* the tick is over: its verdicts may change */
    assert_int_equal(story_tick(story)->vus, 7);
    assert_null(story_tick(story)->delta);
    assert_null(story_tick(story)->events);
    assert_int_equal(story_tick(story)->n_events, 0);
    assert_true(story_tick(story)->verdicts[0].margin < 0.5);
    assert_int_equal(ledger_summary(story_ledger(story), -1, SPAN_RUN).requests,
                     3);
}

static void ten_thousand_events_are_kept_the_rest_is_counted(void **state)
{
    unsigned i, extra = 123;
    char value[16];

    (void)state;
    for (i = 0; i < STORY_EVENTS_MAX + extra; i++) {
        struct event e;

        snprintf(value, sizeof value, "%u", i);
        e = event_at(tick.t_us, value, false);
        feed(0, 0, &e);
    }
    assert_int_equal(story_event_count(story), STORY_EVENTS_MAX);
    assert_int_equal(story_events_lost(story), extra);
    for (i = 0; i < STORY_EVENTS_MAX; i++) {
        snprintf(value, sizeof value, "%u", i + extra);
        assert_string_equal(story_event(story, i)->value, value);
    }
}

static void change_is_compared_with_the_ten_seconds_before_it(void **state)
{
    struct event e;
    struct change c;
    unsigned i;

    (void)state;
    tick.vus = 50;
    for (i = 0; i < 150; i++) {
        feed(i < 50 ? 900000 : 20000, 5, NULL);
    }
    e = event_at(tick.t_us, "80", true);
    tick.vus = 80;
    feed(700000, 50, &e); /* after it: not in "before" */
    assert_true(story_last_change(story, &c));
    assert_int_equal(c.level_before, 50);
    assert_int_equal(c.before.requests, 500);
    assert_in_range(c.before.p95_us, 19900, 20100);
    assert_string_equal(c.event->value, "80");
    assert_int_equal(c.t_us, 15 * SEC);
    assert_int_equal(c.age_us, TICK_US);
    for (i = 0; i < 30; i++) {
        feed(700000, 5, NULL);
    }
    assert_true(story_last_change(story, &c));
    assert_int_equal(c.age_us, 31 * TICK_US);
    assert_in_range(c.before.p95_us, 19900, 20100);
}

/* Ten seconds back, but never beyond the change: what was before it, and the
 * second that holds both, are not "after". */
static void what_followed_a_change_is_of_no_time_before_it(void **state)
{
    struct event e;
    struct change c;
    unsigned i;

    (void)state;
    tick.state = RUN_RUNNING;
    tick.vus = 50;
    for (i = 0; i < 153; i++) {
        feed(20000, 20, NULL);
    }
    e = event_at(tick.t_us, "80", true);
    feed(700000, 5, &e); /* at 15.3 s */
    for (i = 0; i < 12; i++) {
        feed(700000, 5, NULL);
        assert_true(story_last_change(story, &c));
        assert_int_equal(c.after_us, 0);
        assert_int_equal(c.after.requests, 0);
    }
    for (i = 0; i < 24; i++) {
        feed(700000, 5, NULL);
    }
    assert_true(story_last_change(story, &c));
    assert_int_equal(c.after_us, 3 * SEC);
    assert_int_equal(c.after.requests, 150);
    assert_true(c.after.rate > 49.9 && c.after.rate < 50.1);
    assert_in_range(c.after.p50_us, 699000, 701000);
    for (i = 0; i < 200; i++) {
        feed(300000, 4, NULL);
    }
    assert_true(story_last_change(story, &c));
    assert_int_equal(c.after_us, 10 * SEC);
    assert_int_equal(c.after.requests, 400);
    assert_in_range(c.after.p95_us, 299000, 301000);
    e = event_at(tick.t_us, "90", true);
    feed(300000, 4, &e);
    assert_true(story_last_change(story, &c));
    assert_int_equal(c.after_us, 0); /* a new change: nothing yet */
    assert_int_equal(c.after.requests, 0);
}

/* The end of a run is no effect of the last change. */
static void what_followed_a_change_stands_still_when_the_run_ends(void **state)
{
    struct event e;
    struct change c;
    unsigned i;

    (void)state;
    tick.state = RUN_RUNNING;
    tick.vus = 50;
    feed(20000, 5, NULL);
    e = event_at(tick.t_us, "80", true);
    tick.vus = 80;
    feed(700000, 50, &e);
    for (i = 0; i < 20; i++) {
        feed(700000, 5, NULL);
    }
    tick.state = RUN_DRAINING;
    tick.vus = 0;
    for (i = 0; i < 200; i++) {
        feed(0, 0, NULL);
    }
    tick.state = RUN_FINISHED;
    feed(0, 0, NULL);
    assert_true(story_last_change(story, &c));
    assert_int_equal(c.level_after, 80);
    assert_int_equal(c.after.requests, 50); /* 1.0 to 2.0 s */
    assert_int_equal(c.after_us, SEC);
    assert_in_range(c.after.p95_us, 699000, 701000);
    assert_int_equal(c.age_us, 21 * TICK_US);
}

/* The plan, or a hunt, has the wheel again: what it does is no effect of it. */
static void what_followed_a_change_ends_where_the_load_moves_on(void **state)
{
    struct event e;
    struct change c;
    unsigned i;

    (void)state;
    tick.vus = tick.wanted = 50;
    feed(20000, 5, NULL);
    e = event_at(tick.t_us, "80", true);
    feed(700000, 50, &e);
    tick.vus = tick.wanted = 80; /* asked for, and there, a tick later */
    for (i = 0; i < 35; i++) {
        feed(700000, 5, NULL);
    }
    tick.vus = tick.wanted = 160;
    for (i = 0; i < 100; i++) {
        feed(5000000, 5, NULL);
    }
    assert_true(story_last_change(story, &c));
    assert_int_equal(c.level_after, 80);
    assert_int_equal(c.after_us, 2 * SEC);
    assert_in_range(c.after.p95_us, 699000, 701000);
}

/* Steps of three seconds: what was told as "after" is the next one's "before",
 * with nothing of the steps before it. */
static void before_a_change_is_of_no_time_before_the_last_one(void **state)
{
    struct event e;
    struct change c, last;
    unsigned i;

    (void)state;
    for (i = 0; i < 100; i++) {
        feed(20000, 1, NULL);
    }
    e = event_at(tick.t_us, "21", true);
    feed(20000, 2, &e);
    for (i = 0; i < 30; i++) {
        feed(20000, 2, NULL);
    }
    assert_true(story_last_change(story, &last));
    e = event_at(tick.t_us, "41", true);
    feed(20000, 4, &e);
    assert_true(story_last_change(story, &c));
    assert_true(c.before.rate > 19.9 && c.before.rate < 20.1);
    assert_int_equal(c.before.requests, last.after.requests);
}

/* Where the load moved on by itself since, "after" stands still, but not what
 * came before the next change. */
static void before_a_change_is_what_was_just_before_it(void **state)
{
    struct event e;
    struct change c;
    unsigned i;

    (void)state;
    tick.vus = tick.wanted = 50;
    feed(20000, 5, NULL);
    e = event_at(tick.t_us, "80", true);
    feed(700000, 5, &e);
    tick.vus = tick.wanted = 80;
    for (i = 0; i < 35; i++) {
        feed(700000, 5, NULL);
    }
    tick.vus = tick.wanted = 160;
    for (i = 0; i < 40; i++) {
        feed(5000000, 5, NULL);
    }
    e = event_at(tick.t_us, "200", true);
    feed(9000000, 5, &e); /* less than ten seconds after the first */
    assert_true(story_last_change(story, &c));
    assert_in_range(c.before.p50_us, 4900000, 5100000);
    assert_int_equal(c.before.requests, 300); /* of 1 to 7 s */
    tick.vus = tick.wanted = 200;
    for (i = 0; i < 25; i++) {
        feed(9000000, 5, NULL);
    }
    tick.vus = tick.wanted = 50;
    for (i = 0; i < 200; i++) {
        feed(20000, 5, NULL);
    }
    e = event_at(tick.t_us, "60", true);
    feed(20000, 5, &e); /* more */
    assert_true(story_last_change(story, &c));
    assert_in_range(c.before.p95_us, 19900, 20100);
    assert_in_range(c.before.requests, 500, 550); /* a window's worth */
}

static void changes_close_together_are_one_change(void **state)
{
    struct event e;
    struct change c;
    unsigned i;

    (void)state;
    tick.vus = 10;
    for (i = 0; i < 100; i++) {
        feed(20000, 5, NULL);
    }
    for (i = 0; i < 10; i++) { /* ten times "+" in three seconds */
        e = event_at(tick.t_us, "x", true);
        tick.vus++;
        feed(50000, 5, &e);
        feed(50000, 5, NULL);
        feed(50000, 5, NULL);
    }
    assert_true(story_last_change(story, &c));
    assert_int_equal(c.level_before, 10);
    assert_in_range(c.before.p95_us, 19900, 20100);
    assert_int_equal(c.age_us, 3 * TICK_US);
    for (i = 0; i < 25; i++) {
        feed(50000, 5, NULL);
    }
    e = event_at(tick.t_us, "y", true);
    feed(50000, 5, &e);
    assert_true(story_last_change(story, &c));
    assert_int_equal(c.level_before, 20);
}

/* A load is asked for, and there at once; then so many ticks. */
static void set_load(uint32_t vus, unsigned ticks)
{
    struct event e = event_at(tick.t_us, "x", true);

    tick.vus = tick.wanted = vus;
    feed(50000, 5, &e);
    while (--ticks > 0) {
        feed(50000, 5, NULL);
    }
}

static void a_change_in_steps_keeps_where_it_turned(void **state)
{
    static const uint32_t ways[] = {900, 100, 800, 200, 700};
    struct change c;
    size_t i;

    (void)state;
    tick.vus = tick.wanted = 220;
    for (i = 0; i < 50; i++) {
        feed(20000, 5, NULL);
    }
    set_load(660, 8);
    assert_true(story_last_change(story, &c));
    assert_int_equal(c.n_turns, 0);
    set_load(150, 8);
    assert_true(story_last_change(story, &c));
    assert_int_equal(c.level_before, 220);
    assert_int_equal(c.level_after, 150);
    assert_int_equal(c.n_turns, 1);
    assert_int_equal(c.turns[0], 660);
    set_load(120, 8); /* further the same way: 660 is still where it turned */
    assert_true(story_last_change(story, &c));
    assert_int_equal(c.n_turns, 1);
    assert_int_equal(c.turns[0], 660);
    set_load(130, 25); /* turned once more, and then it was left alone */
    assert_true(story_last_change(story, &c));
    assert_int_equal(c.n_turns, 2);
    assert_int_equal(c.turns[1], 120);
    for (i = 0; i < 3; i++) { /* steps of one way have none */
        set_load(140 + (uint32_t)i * 10, 5);
    }
    assert_true(story_last_change(story, &c));
    assert_int_equal(c.level_before, 130);
    assert_int_equal(c.n_turns, 0);
    for (i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        set_load(ways[i], 5);
    }
    assert_true(story_last_change(story, &c));
    assert_int_equal(c.n_turns, CHANGE_TURNS); /* the newest */
    assert_int_equal(c.turns[0], 100);
    assert_int_equal(c.turns[CHANGE_TURNS - 1], 200);
}

static void other_events_are_no_change(void **state)
{
    struct event e = event_at(0, "word", false);
    struct change c;

    (void)state;
    feed(1000, 1, NULL);
    feed(1000, 1, &e);
    assert_false(story_last_change(story, &c));
}

static void most_vus_there_was_room_for_is_kept(void **state)
{
    struct selector s = {METRIC_VUS_MAX, NULL, 0};

    (void)state;
    feed(1000, 1, NULL);
    assert_int_equal(
        ledger_figure(story_ledger(story), &s, AGG_VALUE, 0, 0).value, 50);
    tick.wanted = 80;
    feed(1000, 1, NULL);
    tick.wanted = 3;
    feed(1000, 1, NULL);
    assert_int_equal(
        ledger_figure(story_ledger(story), &s, AGG_VALUE, 0, 0).value, 80);
}

static void *read_story(void *arg)
{
    uint64_t *seen = arg;
    uint64_t requests = 0;

    while (requests < 2000) {
        const struct tick *t;

        story_lock(story);
        t = story_tick(story);
        requests = ledger_summary(story_ledger(story), -1, SPAN_RUN).requests;
        /* Tick and ledger are of the same moment. */
        *seen += t != NULL && requests != 10 * (t->seq + 1) ? 1u : 0u;
        story_unlock(story);
    }
    return NULL;
}

static void another_thread_reads_whole_ticks(void **state)
{
    pthread_t reader;
    uint64_t torn = 0;
    unsigned i;

    (void)state;
    assert_int_equal(pthread_create(&reader, NULL, read_story, &torn), 0);
    for (i = 0; i < 200; i++) {
        feed(1000, 10, NULL);
    }
    pthread_join(reader, NULL);
    assert_int_equal(torn, 0);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(before_the_first_tick_there_is_none),
        TEST(newest_tick_is_kept_without_what_it_borrowed),
        TEST(ten_thousand_events_are_kept_the_rest_is_counted),
        TEST(change_is_compared_with_the_ten_seconds_before_it),
        TEST(what_followed_a_change_is_of_no_time_before_it),
        TEST(what_followed_a_change_stands_still_when_the_run_ends),
        TEST(what_followed_a_change_ends_where_the_load_moves_on),
        TEST(before_a_change_is_of_no_time_before_the_last_one),
        TEST(before_a_change_is_what_was_just_before_it),
        TEST(changes_close_together_are_one_change),
        TEST(a_change_in_steps_keeps_where_it_turned),
        TEST(other_events_are_no_change),
        TEST(most_vus_there_was_room_for_is_kept),
        TEST(another_thread_reads_whole_ticks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
