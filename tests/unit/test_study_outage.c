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
#include "run/frame.h"
#include "run/study.h"

/* This exercises: when an outage began and ended, of ticks in which some are
 * answered still, or again, and others find no connection; and what failed
 * since a mark: in a run, and in its record, where ticks are put together. */

#define TICK UINT64_C(100000)

static const char kit_plan[] =
    "{ \"name\": \"Shop\","
    "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" } ],"
    "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
    "    \"vus\": 10, \"duration\": \"2m\" } },"
    "  \"thresholds\": { \"http_req_failed\": [\"rate<0.1\"] } }";

/* The record of the run, played. */
static struct {
    struct frame *frame;
    struct story *story;
} again;

static void again_take(void)
{
    story_feed(again.story, frame_tick(again.frame));
    frame_reset(again.frame);
}

static void again_tick(const struct tick *t)
{
    if (frame_is_over(again.frame, t)) {
        again_take();
    }
    frame_add(again.frame, t);
}

static int set_up(void **state)
{
    (void)state;
    story_kit_begin(kit_plan, 10);
    again.frame = frame_new();
    again.story = story_new(&kit.info);
    kit.tap = again_tick;
    return 0;
}

static int tear_down(void **state)
{
    frame_free(&again.frame);
    story_free(&again.story);
    return story_kit_end(state);
}

/* It is of the record as it is of the run. */
static void same_again(void)
{
    const struct recovery *r = study_recovery(story_study(kit.story));
    const struct recovery *a = study_recovery(story_study(again.story));
    size_t i;

    again_take();
    assert_int_equal(recovery_count(a), recovery_count(r));
    for (i = 0; i < recovery_count(r); i++) {
        assert_int_equal(recovery_at(a, i)->rise_us,
                         recovery_at(r, i)->rise_us);
        assert_int_equal(recovery_at(a, i)->t0_us, recovery_at(r, i)->t0_us);
        assert_int_equal(recovery_at(a, i)->return_us,
                         recovery_at(r, i)->return_us);
        assert_int_equal(recovery_at(a, i)->requests,
                         recovery_at(r, i)->requests);
        assert_int_equal(recovery_at(a, i)->failed, recovery_at(r, i)->failed);
    }
}

/* Ticks with so many answers and refusals each. */
static void feed(unsigned ticks, unsigned answers, unsigned refusals)
{
    unsigned i;

    for (; ticks > 0; ticks--) {
        story_kit_requests(&kit, 0, 200, 20000, answers);
        for (i = 0; i < refusals; i++) {
            story_kit_refused(&kit, 0);
        }
        story_kit_tick(&kit, NULL);
    }
}

static const struct recovery_episode *only_of(enum recovery_cause cause)
{
    const struct recovery *r = study_recovery(story_study(kit.story));

    assert_int_equal(recovery_count(r), 1);
    assert_int_equal(recovery_at(r, 0)->cause, cause);
    return recovery_at(r, 0);
}

static const struct recovery_episode *only(void)
{
    return only_of(RECOVERY_OUTAGE);
}

/* Wherever in a second it dies, and however long it is gone. */
static void an_outage_begins_and_ends_to_a_tick(void **state)
{
    unsigned at, lasts;

    for (at = 200; at < 210; at++) {
        for (lasts = 21; lasts < 60; lasts += 6) {
            const struct recovery_episode *e;

            feed(at, 10, 0);
            feed(1, 4, 46);
            feed(lasts, 0, 50);
            feed(1, 6, 30);
            feed(200, 10, 0);
            e = only();
            assert_int_equal(e->rise_us, at * TICK);
            assert_int_equal(e->t0_us, (at + 1 + lasts) * TICK);
            assert_int_equal(e->failed, 46 + lasts * 50 + 30);
            assert_int_equal(e->requests, e->failed);
            assert_int_equal(e->state, RECOVERY_RECOVERED);
            same_again();
            tear_down(state);
            set_up(state);
        }
    }
}

static void without_any_tick_of_both_it_does_too(void **state)
{
    const struct recovery_episode *e;

    (void)state;
    feed(204, 10, 0);
    feed(33, 0, 50);
    feed(200, 10, 0);
    e = only();
    assert_int_equal(e->rise_us, 204 * TICK);
    assert_int_equal(e->t0_us, 237 * TICK);
    assert_int_equal(e->failed, 33 * 50);
    same_again();
}

/* Half of it is gone for half a minute, and less than two seconds all of it. */
static void while_some_are_answered_it_is_none(void **state)
{
    const struct recovery *r = study_recovery(story_study(kit.story));

    (void)state;
    feed(204, 10, 0);
    feed(300, 2, 20);
    feed(15, 0, 50);
    feed(100, 2, 20);
    feed(15, 0, 50);
    feed(200, 10, 0);
    assert_int_equal(recovery_count(r), 0);
    same_again();
}

/* One that is gone again within a second of its return. */
static void two_are_two(void **state)
{
    const struct recovery *r = study_recovery(story_study(kit.story));

    (void)state;
    feed(204, 10, 0);
    feed(1, 4, 46);
    feed(25, 0, 50);
    feed(2, 6, 30);
    feed(3, 10, 0);
    feed(1, 4, 46);
    feed(30, 0, 50);
    feed(1, 6, 30);
    feed(200, 10, 0);
    assert_int_equal(recovery_count(r), 2);
    assert_int_equal(recovery_at(r, 0)->rise_us, 204 * TICK);
    assert_int_equal(recovery_at(r, 0)->t0_us, 230 * TICK);
    assert_int_equal(recovery_at(r, 1)->rise_us, 235 * TICK);
    assert_int_equal(recovery_at(r, 1)->t0_us, 266 * TICK);
    same_again();
}

static void time_outs(unsigned n)
{
    struct sample x = {.failure = FAILURE_TIMEOUT, .failed = true};

    while (n-- > 0) {
        shard_request(kit.shard, &x);
    }
}

/* It freezes: nothing comes, and a second later, as long as nothing does, the
 * time-outs of all ten users, in the same tick. Then, after so many more ticks
 * of nothing, it answers; less than none: in the tick of the last of them. */
static void frozen(unsigned at, unsigned lasts, unsigned more)
{
    unsigned i;

    feed(at, 10, 0);
    kit.tick.in_flight = 10;
    for (i = 1; i <= lasts * 10; i++) {
        time_outs(i % 10 == 0 ? 10 : 0);
        feed(1, 0, 0);
    }
    feed(more, 0, 0);
    feed(200, 10, 0);
}

/* Wherever in a second that is: answers stopped in the tick before, and all
 * that timed out is of it, what did in the second in which they come again,
 * too. */
static void a_frozen_service_is_out_since_it_froze(void **state)
{
    unsigned at, lasts;

    for (at = 200; at < 210; at++) {
        for (lasts = 3; lasts < 9; lasts++) {
            const struct recovery_episode *e;

            frozen(at, lasts, (at + lasts) % 4);
            e = only();
            assert_int_equal(e->rise_us, at * TICK);
            assert_int_equal(e->failed, lasts * 10);
            assert_int_equal(e->requests, e->failed);
            assert_true(e->t0_us >= (at + lasts * 10 - 9) * TICK);
            assert_true(e->t0_us <= (at + lasts * 10 + 3) * TICK);
            same_again();
            tear_down(state);
            set_up(state);
        }
    }
}

/* The same, and it is not there again until the load ends. */
static void a_frozen_service_is_out_to_the_end(void **state)
{
    const struct recovery_episode *e;
    unsigned i;

    (void)state;
    feed(203, 10, 0);
    kit.tick.in_flight = 10;
    for (i = 1; i <= 57; i++) {
        time_outs(i % 10 == 0 ? 10 : 0);
        feed(1, 0, 0);
    }
    kit.tick.state = RUN_DRAINING;
    feed(1, 0, 0);
    e = only();
    assert_true(e->unserved);
    assert_int_equal(e->rise_us, 203 * TICK);
    assert_int_equal(e->elapsed_us, 57 * TICK);
    assert_int_equal(e->failed, 50);
    same_again();
}

static void broken(unsigned ticks, unsigned fine)
{
    for (; ticks > 0; ticks--) {
        story_kit_requests(&kit, 0, 503, 20000, 10 - fine);
        story_kit_requests(&kit, 0, 200, 20000, fine);
        story_kit_tick(&kit, NULL);
    }
}

/* Nor is what fails at once of the second before or after it, but of the ticks
 * in which most do. */
static void errors_are_of_it_from_the_first_to_the_last(void **state)
{
    unsigned at;

    for (at = 200; at < 210; at++) {
        const struct recovery_episode *e;

        feed(at, 10, 0);
        kit.tick.in_flight = 3;
        broken(1, 4);
        broken(40, 0);
        broken(1, 4);
        feed(200, 10, 0);
        e = only();
        assert_int_equal(e->rise_us, at * TICK);
        assert_int_equal(e->failed, 6 + 400 + 6);
        assert_int_equal(e->requests, e->failed);
        same_again();
        tear_down(state);
        set_up(state);
    }
}

/* Four answers in 0.4 s: too few were due in the silence before it, and it
 * began with the first failure. */
static void a_silence_in_which_nothing_was_due_is_none_of_it(void **state)
{
    unsigned at, i;

    for (at = 600; at < 610; at++) {
        const struct recovery_episode *e;

        kit.tick.in_flight = 4;
        for (i = 0; i < at; i++) {
            feed(1, i % 4 == 0 ? 4 : 0, 0);
        }
        broken(40, 0);
        feed(200, 10, 0);
        e = only();
        assert_int_equal(e->rise_us, at * TICK);
        assert_int_equal(e->failed, 400);
        same_again();
        tear_down(state);
        set_up(state);
    }
}

static void failing(unsigned ticks)
{
    story_kit_feed(&kit, ticks, 10, 20000, 9, 503);
}

static void spike_is(const struct recovery_episode *e, const char *text)
{
    char buf[256];

    assert_string_equal(
        study_tell_spike(story_study(kit.story), e, buf, sizeof buf), text);
}

/* Wherever in a second the mark is set, and it goes wrong: all that failed from
 * the mark to the return is told, and what was asked, to a second of it. */
static void what_failed_since_a_mark_is_told(void **state)
{
    unsigned at;

    for (at = 400; at < 410; at += 3) {
        const struct recovery_episode *e;

        story_kit_feed(&kit, at - 1, 10, 20000, 0, 200);
        story_kit_requests(&kit, 0, 200, 20000, 10);
        story_kit_tick(&kit, "deploy");
        story_kit_feed(&kit, 10, 10, 20000, 0, 200);
        failing(60);
        e = only_of(RECOVERY_MARK);
        assert_int_equal(e->state, RECOVERY_RECOVERING);
        assert_int_equal(e->t0_us, (at - 1) * TICK);
        assert_true(e->failed > 9 * 50 && e->failed <= 9 * 60);
        story_kit_feed(&kit, 300, 10, 20000, 0, 200);
        assert_int_equal(e->state, RECOVERY_RECOVERED);
        assert_int_equal(e->failed, 9 * 60);
        assert_int_equal(e->requests, e->return_us / TICK * 10);
        same_again();
        tear_down(state);
        set_up(state);
    }
}

static void and_up_to_when_it_is_counted(void **state)
{
    const struct recovery_episode *e;

    (void)state;
    story_kit_feed(&kit, 399, 10, 20000, 0, 200);
    story_kit_requests(&kit, 0, 200, 20000, 10);
    story_kit_tick(&kit, "deploy");
    story_kit_feed(&kit, 9, 10, 20000, 0, 200);
    failing(60);
    e = only_of(RECOVERY_MARK);
    spike_is(
        e, "bad at once after the mark at 0:40; 459 of 610 requests failed so "
           "far");
    story_kit_feed(&kit, 300, 10, 20000, 0, 200);
    spike_is(
        e, "bad at once after the mark at 0:40; p95 up to 20.0 ms; 540 of 710 "
           "requests failed until it was back");
    same_again();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_outage_begins_and_ends_to_a_tick,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_any_tick_of_both_it_does_too,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(while_some_are_answered_it_is_none,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(two_are_two, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_frozen_service_is_out_since_it_froze,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_frozen_service_is_out_to_the_end,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            errors_are_of_it_from_the_first_to_the_last, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_silence_in_which_nothing_was_due_is_none_of_it, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(what_failed_since_a_mark_is_told,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(and_up_to_when_it_is_counted, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
