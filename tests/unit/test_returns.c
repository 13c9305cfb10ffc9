/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../support/story_kit.h"

/* This exercises: thresholds on recovery_time, from ticks to verdicts on a
 * virtual clock: what goes on is undecided until it takes too long, what was
 * not seen to its end fails, and nothing passes without a word. */

#define SEC UINT64_C(1000000)

/* Two limits: one that nine seconds break, and one that they keep. */
#define KIT_PLAN(metric, limit)                                                \
    "{ \"name\": \"Shop\","                                                    \
    "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" },"    \
    "    { \"get\": \"http://127.0.0.1:1/b\", \"name\": \"B\" } ],"            \
    "  \"scenarios\": { \"s\": { \"executor\": \"ramping-vus\","               \
    "    \"startVUs\": 10, \"stages\": ["                                      \
    "      { \"duration\": \"10m\", \"target\": 10 } ] } },"                   \
    "  \"thresholds\": { \"recovery_time\": [\"max<8s\", \"max<=30s\"],"       \
    "    \"" metric "\": [\"" limit "\"] } }"

static int set_up(void **state)
{
    (void)state;
    story_kit_begin(KIT_PLAN("http_req_duration", "p(95)<3s"), 10);
    return 0;
}

/* No limit that a return could be measured against. */
static int set_up_unlimited(void **state)
{
    (void)state;
    story_kit_begin(KIT_PLAN("http_req_duration", "avg<3s"), 10);
    return 0;
}

/* As the README's own has it: on a request's name. */
static int set_up_named(void **state)
{
    (void)state;
    story_kit_begin(KIT_PLAN("http_req_duration{name:A}", "p(95)<1s"), 10);
    return 0;
}

/* Tenths of a second of n requests each. */
static void feed(unsigned ticks, unsigned n, uint64_t us)
{
    story_kit_feed(&kit, ticks, n, us, 0, 200);
}

static void finish(void)
{
    kit.tick.state = RUN_DRAINING;
    feed(2, 0, 0);
    kit.tick.state = RUN_FINISHED;
    feed(1, 0, 0);
}

/* As the newest tick has it. */
static const struct verdict *limit(size_t i)
{
    assert_int_equal(story_tick(kit.story)->n_verdicts, 3);
    return &story_tick(kit.story)->verdicts[i];
}

static void assert_value(size_t i, double ms)
{
    assert_true(limit(i)->run.fed);
    assert_true(fabs(limit(i)->run.value - ms) < 0.5);
}

static void assert_undecided(size_t i)
{
    assert_true(limit(i)->pending);
    assert_false(limit(i)->ok);
    assert_false(limit(i)->ever_failed);
}

static void assert_failed(size_t i, uint64_t since_us)
{
    assert_false(limit(i)->pending || limit(i)->ok);
    assert_true(limit(i)->ever_failed);
    assert_int_equal(limit(i)->first_failed_us, since_us);
}

static void nothing_wrong_passes_and_says_so(void **state)
{
    (void)state;
    feed(100, 10, 20000);
    assert_undecided(0);
    assert_string_equal(limit(0)->why, "nothing to recover from");
    finish();
    assert_true(limit(0)->ok && !limit(0)->pending);
    assert_false(limit(0)->run.fed);
    assert_false(limit(0)->ever_failed);
    assert_string_equal(limit(0)->why, "nothing to recover from");
}

/* Ten times the load, and it does no harm. */
static void a_spike_without_effect_is_nothing_to_recover_from(void **state)
{
    (void)state;
    feed(400, 10, 20000);
    story_kit_by_hand(&kit, 100);
    feed(100, 100, 20000);
    story_kit_by_hand(&kit, 10);
    feed(150, 10, 20000);
    finish();
    assert_true(limit(0)->ok && limit(1)->ok);
    assert_false(limit(0)->run.fed);
    assert_string_equal(limit(0)->why, "nothing to recover from");
}

static void what_goes_on_is_undecided_until_it_takes_too_long(void **state)
{
    (void)state;
    story_kit_spike(&kit, 75, 0); /* the load is back at 0:50 */
    assert_undecided(0);
    assert_undecided(1);
    assert_value(0, 7000); /* whole windows: it may be back since then */
    assert_string_equal(limit(0)->why, "recovering for 7 s");
    assert_true(fabs(limit(0)->margin - 1 / 8.0) < 1e-9);
    feed(15, 10, 500000);
    assert_value(0, 9000);
    assert_failed(0, 58 * SEC);
    assert_undecided(1);
    feed(50, 10, 20000);
    assert_undecided(1); /* back, and not for long enough */
    assert_string_equal(limit(1)->why, "back in 9 s, holds 5/10 s");
    feed(60, 10, 20000);
    assert_true(limit(1)->ok && !limit(1)->pending);
    assert_value(1, 9000);
    assert_string_equal(limit(1)->why, "");
    finish();
    assert_failed(0, 58 * SEC);
    assert_true(limit(1)->ok);
}

static void a_return_that_was_not_seen_to_hold_fails_at_the_end(void **state)
{
    uint64_t end;

    (void)state;
    story_kit_spike(&kit, 50, 40);
    assert_undecided(1);
    assert_value(1, 5000);
    end = kit.tick.t_us + 100000;
    finish();
    assert_failed(0, end);
    assert_failed(1, end);
    assert_value(1, 5000);
    assert_string_equal(
        limit(1)->why,
        "back in 5 s after 0:50, but watched for 4 of 10 s only");
}

static void one_that_has_not_recovered_at_the_end_fails(void **state)
{
    uint64_t end;

    (void)state;
    story_kit_spike(&kit, 50, 0);
    end = kit.tick.t_us + 100000;
    finish();
    assert_failed(1, end);
    assert_value(1, 5000); /* which is within the limit */
    assert_string_equal(limit(1)->why,
                        "not back within the 5 s that it had after 0:50");
}

/* The load rises again: what was not over then never will be. */
static void a_new_rise_of_the_load_ends_it(void **state)
{
    (void)state;
    story_kit_spike(&kit, 50, 0);
    story_kit_by_hand(&kit, 100);
    feed(20, 10, 500000);
    assert_false(limit(1)->ok || limit(1)->pending);
    assert_int_equal(limit(1)->first_failed_us / SEC, 56);
}

static void what_cannot_be_measured_does_not_pass(void **state)
{
    (void)state;
    story_kit_early_spike(&kit);
    finish();
    assert_false(limit(0)->ok || limit(0)->pending);
    assert_false(limit(0)->run.fed);
    assert_true(limit(0)->margin < 0);
    assert_string_equal(limit(0)->why,
                        "not measurable after 0:07: no calm stretch before it, "
                        "and the plan has no limit on latency");
}

static void a_limit_on_all_is_told_as_ever(void **state)
{
    const struct recovery_episode *e;
    char text[512];

    (void)state;
    story_kit_early_spike(&kit);
    e = recovery_at(study_recovery(story_study(kit.story)), 0);
    assert_false(e->limits);
    study_tell_terms(story_study(kit.story), e, text, sizeof text);
    assert_non_null(strstr(text, "; back means p95 up to 3.00 s (the limit) "
                                 "and errors up to 5.0 %; confidence low"));
}

static void a_limit_on_a_name_measures_it(void **state)
{
    const struct recovery_episode *e;
    char text[512];

    (void)state;
    story_kit_early_spike(&kit);
    assert_undecided(1);
    feed(150, 10, 20000);
    finish();
    assert_true(limit(0)->ok && limit(1)->ok);
    assert_value(0, 0);
    e = recovery_at(study_recovery(story_study(kit.story)), 0);
    assert_int_equal(e->state, RECOVERY_RECOVERED);
    assert_string_equal(study_tell_state(e, text, sizeof text),
                        "recovered at once: back within the limits, within 5 "
                        "s");
    study_tell_terms(story_study(kit.story), e, text, sizeof text);
    assert_non_null(
        strstr(text, "; back means p95 of A <1.00 s and errors <5.0 % (the "
                     "limits); confidence low: no baseline that is long and "
                     "calm enough: measured against the limits"));
}

static void the_longest_of_several_counts(void **state)
{
    (void)state;
    story_kit_spike(&kit, 50, 150); /* 1:10 */
    story_kit_by_hand(&kit, 100);
    feed(100, 10, 500000);
    story_kit_by_hand(&kit, 10);
    feed(20, 10, 500000);
    assert_undecided(1); /* the one that goes on is what is told */
    assert_value(1, 5000);
    assert_string_equal(limit(1)->why, "recovering for 2 s");
    feed(150, 10, 20000);
    finish();
    assert_true(limit(0)->ok && limit(1)->ok);
    assert_value(1, 5000);
    assert_string_equal(limit(1)->why, "the longest of 2, after 0:50");
}

/* No clock begins before the first success: it is not overlooked for that. */
static void an_outage_without_an_end_fails(void **state)
{
    const struct study *s = story_study(kit.story);
    const struct recovery_episode *e;
    char text[256];
    unsigned i;

    (void)state;
    feed(400, 10, 20000);
    for (i = 0; i < 60; i++) {
        story_kit_refused(&kit, 0);
        story_kit_tick(&kit, NULL);
    }
    assert_undecided(1);
    assert_string_equal(limit(1)->why, "every request fails since 0:40");
    finish();
    assert_false(limit(1)->ok || limit(1)->pending);
    assert_string_equal(limit(1)->why, "every request failed since 0:40");
    assert_false(limit(1)->run.fed);
    assert_int_equal(recovery_count(study_recovery(s)), 1);
    e = recovery_at(study_recovery(s), 0);
    assert_string_equal(study_tell_state(e, text, sizeof text),
                        "not recovered in 6 s: nothing was served again up to "
                        "the end");
    assert_string_equal(study_tell_terms(s, e, text, sizeof text),
                        "since the outage began at 0:40");
    assert_string_equal(study_tell_spike(s, e, text, sizeof text),
                        "bad at once after the outage began at 0:40; 60 of 60 "
                        "requests failed");
}

/* A mark that did nothing adds nothing to the time of the next one. */
static void an_earlier_mark_has_no_part_in_it(void **state)
{
    (void)state;
    feed(400, 10, 20000);
    story_kit_tick(&kit, "mark");
    feed(140, 10, 20000);
    story_kit_tick(&kit, "mark"); /* 0:54 */
    feed(40, 10, 500000);
    assert_undecided(0);
    assert_true(limit(0)->run.value <= 5000);
    feed(200, 10, 20000);
    finish();
    assert_true(limit(0)->ok);
    assert_true(limit(0)->run.value <= 6000);
}

/* Each is back at once: together they are no recovery of thirty seconds. */
static void a_second_outage_is_no_relapse(void **state)
{
    (void)state;
    feed(400, 10, 20000);
    story_kit_feed(&kit, 60, 10, 20000, 10, 503);
    feed(140, 10, 20000);
    story_kit_feed(&kit, 60, 10, 20000, 10, 503);
    assert_false(limit(0)->ever_failed);
    feed(200, 10, 20000);
    finish();
    assert_true(limit(0)->ok);
    assert_true(limit(0)->run.value <= 2000);
}

/* For ten seconds at the end of a minute nothing comes but 429, and there is no
 * limit to measure by: that is no outage. */
static void a_limit_of_rate_is_nothing_to_recover_from(void **state)
{
    (void)state;
    feed(500, 1, 20000);
    story_kit_feed(&kit, 100, 1, 1000, 1, 429);
    assert_true(limit(0)->pending);
    feed(60, 1, 20000);
    finish();
    assert_true(limit(0)->ok && limit(1)->ok);
    assert_string_equal(limit(0)->why, "nothing to recover from");
}

/* Nor is one of a name, while others are served. */
static void an_outage_of_a_name_without_an_end_fails(void **state)
{
    unsigned i;

    (void)state;
    for (i = 0; i < 460; i++) {
        story_kit_requests(&kit, 1, i < 400 ? 200 : 503, 20000, 2);
        feed(1, 10, 20000);
    }
    assert_undecided(1);
    assert_string_equal(limit(1)->why, "every request of B fails since 0:40");
    finish();
    assert_false(limit(1)->ok || limit(1)->pending);
    assert_string_equal(limit(1)->why, "every request of B failed since 0:40");
    assert_false(limit(1)->run.fed);
}

#define RETURN_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, story_kit_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RETURN_TEST(nothing_wrong_passes_and_says_so),
        RETURN_TEST(a_spike_without_effect_is_nothing_to_recover_from),
        RETURN_TEST(what_goes_on_is_undecided_until_it_takes_too_long),
        RETURN_TEST(a_return_that_was_not_seen_to_hold_fails_at_the_end),
        RETURN_TEST(one_that_has_not_recovered_at_the_end_fails),
        RETURN_TEST(a_new_rise_of_the_load_ends_it),
        cmocka_unit_test_setup_teardown(what_cannot_be_measured_does_not_pass,
                                        set_up_unlimited, story_kit_end),
        RETURN_TEST(a_limit_on_all_is_told_as_ever),
        cmocka_unit_test_setup_teardown(a_limit_on_a_name_measures_it,
                                        set_up_named, story_kit_end),
        RETURN_TEST(the_longest_of_several_counts),
        RETURN_TEST(an_outage_without_an_end_fails),
        RETURN_TEST(an_outage_of_a_name_without_an_end_fails),
        RETURN_TEST(an_earlier_mark_has_no_part_in_it),
        RETURN_TEST(a_second_outage_is_no_relapse),
        cmocka_unit_test_setup_teardown(
            a_limit_of_rate_is_nothing_to_recover_from, set_up_unlimited,
            story_kit_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
