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
#include "run/study_anomaly.h"
#include "run/study_news.h"

/* This exercises: what a story makes of its ticks for what looks for anomalies,
 * the words for what is found, what stands beside it, and when it is news. */

#define SEC UINT64_C(1000000)

static const char kit_plan[] =
    "{ \"name\": \"Shop\","
    "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" },"
    "    { \"get\": \"http://127.0.0.1:1/b\", \"name\": \"B\" } ],"
    "  \"scenarios\": { \"s\": { \"executor\": \"ramping-vus\","
    "    \"startVUs\": 10, \"stages\": ["
    "      { \"duration\": \"30m\", \"target\": 10 } ] } } }";

static struct study *own; /* what a conductor has: its news are read */

static int set_up(void **state)
{
    (void)state;
    story_kit_begin(kit_plan, 10);
    kit.tick.in_flight = 5;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    study_free(&own);
    story_kit_clear(&kit);
    return 0;
}

/* Ticks of n requests, whose latencies are not all the same. */
static void feed(unsigned ticks, unsigned n, uint64_t us)
{
    static unsigned turn;
    unsigned k;

    while (ticks-- > 0) {
        for (k = 0; k < n; k++) {
            story_kit_requests(&kit, 0, 200, us + us / 50 * (turn++ % 7), 1);
        }
        story_kit_tick(&kit, NULL);
    }
}

static const char *told(void)
{
    static char text[256];
    const struct study *s = story_study(kit.story);
    const struct anomalies *a = study_anomalies(s);

    assert_int_equal(anomalies_count(a), 1);
    return study_tell_anomaly(s, anomalies_at(a, 0), text, sizeof text);
}

static void a_stall_is_told_while_it_lasts_and_after(void **state)
{
    (void)state;
    feed(400, 10, 20000);
    kit.tick.in_flight = 50;
    feed(20, 0, 0);
    assert_string_equal(told(),
                        "stall since 0:40: nothing is answered, 50 in flight");
    feed(12, 0, 0);
    kit.tick.in_flight = 5;
    feed(100, 10, 20000);
    assert_string_equal(
        told(), "stall of 3.2 s at 0:40: nothing was answered, 50 in flight");
}

static void stalls_are_told_together(void **state)
{
    const struct study *s = story_study(kit.story);
    char text[128];
    unsigned i;

    (void)state;
    feed(300, 10, 20000);
    for (i = 0; i < 5; i++) {
        assert_true((study_tell_stalls(s, text, sizeof text)[0] != '\0') ==
                    (i >= 3));
        feed(i % 2 == 0 ? 12 : 14, 0, 0);
        feed(i % 2 == 0 ? 88 : 86, 10, 20000);
    }
    assert_string_equal(study_tell_stalls(s, text, sizeof text),
                        "5 stalls of 1.2 to 1.4 s, about every 10 s");
}

static void stalls_as_long_as_each_other_have_one_length(void **state)
{
    char text[128];
    unsigned i;

    (void)state;
    feed(300, 10, 20000);
    for (i = 0; i < 3; i++) {
        feed(14, 0, 0);
        feed(86, 10, 20000);
    }
    assert_string_equal(
        study_tell_stalls(story_study(kit.story), text, sizeof text),
        "3 stalls of 1.4 s, about every 10 s");
}

/* Without thresholds it says by what nothing broke; and of a service that is
 * gone it says nothing of the kind. */
static const char *answer(void)
{
    static char text[128];

    return study_tell_answer(story_study(kit.story), text, sizeof text);
}

static void a_crash_is_told(void **state)
{
    unsigned i;

    (void)state;
    feed(400, 10, 20000);
    assert_string_equal(answer(), "no break up to 10 VUs: errors <5.0 %");
    for (i = 0; i < 42; i++) {
        story_kit_refused(&kit, 0);
        story_kit_tick(&kit, NULL);
    }
    /* Of whole seconds. */
    assert_string_equal(told(),
                        "down since 0:40: 40 requests refused or broken off");
    assert_string_equal(answer(), "");
    feed(100, 10, 20000);
    assert_string_equal(told(),
                        "down for 4.2 s at 0:40: 42 requests were refused or "
                        "broken off, then it served again, as after a crash "
                        "and a restart");
}

/* Ten of the first name, two of the second, that end with that status. */
static void feed_both(unsigned ticks, uint16_t status)
{
    while (ticks-- > 0) {
        story_kit_requests(&kit, 1, status, 20000, 2);
        feed(1, 10, 20000);
    }
}

/* Of a name alone, while it lasts, after it, and in what it is a recovery
 * from: everywhere by its name. */
static void an_outage_of_a_name_is_told_by_it(void **state)
{
    const struct study *s = story_study(kit.story);
    const struct anomalies *a = study_anomalies(s);
    const struct recovery_episode *e;
    char text[256];

    (void)state;
    feed_both(400, 200);
    feed_both(45, 500);
    assert_string_equal(
        study_tell_anomaly(s, anomalies_at(a, 0), text, sizeof text),
        "outage of B since 0:40: none of 80 requests was "
        "served, while others are");
    assert_false(anomalies_at(a, 0)->over);
    assert_string_equal(study_anomaly_request(s, anomalies_at(a, 0)), "B");
    assert_string_equal(answer(), "");
    feed_both(200, 200);
    assert_string_equal(
        study_tell_anomaly(s, anomalies_at(a, 0), text, sizeof text),
        "outage of B for 4.5 s at 0:40: none of 90 requests "
        "was served, while others were");
    assert_int_equal(recovery_count(study_recovery(s)), 1);
    e = recovery_at(study_recovery(s), 0);
    assert_string_equal(study_recovery_request(s, e), "B");
    assert_string_equal(study_tell_cause(s, e, text, sizeof text),
                        "after the outage of B ended at 0:44");
    assert_string_equal(study_tell_brief(s, e, true, text, sizeof text),
                        "recovered in 1 s (outage of B at 0:44)");
    assert_string_equal(study_tell_spike(s, e, text, sizeof text),
                        "bad at once after the outage began at 0:40; p95 up to "
                        "22.4 ms; 90 of 90 "
                        "requests of B failed before");
    feed_both(60, 503);
    kit.tick.state = RUN_DRAINING;
    feed(1, 0, 0);
    assert_int_equal(recovery_count(study_recovery(s)), 2);
    e = recovery_at(study_recovery(s), 1);
    assert_string_equal(study_tell_state(e, text, sizeof text),
                        "not recovered in 6 s: it was not served again up to "
                        "the end");
    assert_string_equal(study_tell_cause(s, e, text, sizeof text),
                        "since the outage of B began at 1:04");
    assert_string_equal(study_tell_brief(s, e, true, text, sizeof text),
                        "not recovered in 6 s (outage of B at 1:04)");
}

static void limit(unsigned ticks, unsigned passed, unsigned limited)
{
    while (ticks-- > 0) {
        story_kit_requests(&kit, 0, 200, 20000, passed);
        story_kit_requests(&kit, 0, 429, 1000, limited);
        story_kit_requests(&kit, 1, 200, 20000, 1);
        story_kit_tick(&kit, NULL);
    }
}

static void a_limit_is_told_with_its_figure(void **state)
{
    struct failure_sample f = {.kind = FAILURE_HTTP_429,
                               .status = 429,
                               .message = "429",
                               .text = "HTTP/1.1 429 Too Many Requests\r\n"
                                       "x-a: retry-after: 5\r\n"
                                       "Retry-After:  17\r\n\r\n"
                                       "retry-after: 99"};

    (void)state;
    limit(100, 10, 0);
    assert_true(shard_wants_failure(kit.shard, FAILURE_HTTP_429, 0, 429));
    shard_failure(kit.shard, &f);
    limit(300, 6, 4);
    assert_string_equal(told(),
                        "rate limited from 0:10 on at A: status 429 for "
                        "40.0 %; the limit is about 60 a second for one "
                        "address, after a burst of 400; retry-after 17 s");
}

/* Of two addresses: nobody knows which of them had how much of it. And waits
 * are as long as they were asked for, whichever came last. */
static void addresses_and_waits_are_told_together(void **state)
{
    static const char plan[] =
        "{ \"name\": \"Shop\","
        "  \"http\": { \"localAddresses\": [\"127.0.0.1-127.0.0.2\"] },"
        "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\" },"
        "    { \"get\": \"http://127.0.0.1:1/b\" } ],"
        "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
        "    \"vus\": 10, \"duration\": \"30m\" } } }";
    static const char *const waits[] = {"3", "12", "1"};
    struct failure_sample f = {.kind = FAILURE_HTTP_429, .status = 429};
    size_t i;

    (void)state;
    story_kit_clear(&kit);
    story_kit_init(&kit, plan);
    limit(100, 10, 0);
    for (i = 0; i < 3; i++) {
        snprintf(f.text, sizeof f.text, "HTTP/1.1 429\r\nretry-after: %s\r\n",
                 waits[i]);
        assert_true(shard_wants_failure(kit.shard, FAILURE_HTTP_429, 0, 429));
        shard_failure(kit.shard, &f);
        limit(100, 6, 4);
    }
    assert_non_null(strstr(told(), "the limit is about 60 a second for 2 "
                                   "addresses together, after a burst of 400; "
                                   "retry-after 1 to 12 s"));
}

static void a_window_of_a_minute_is_told_as_that(void **state)
{
    unsigned i;

    (void)state;
    for (i = 0; i < 4; i++) {
        limit(200, 1, 0);
        limit(400, 0, 1);
    }
    assert_string_equal(told(),
                        "rate limited from 0:20 on at A: status 429 for "
                        "72.7 %; the limit is about 200 a minute for one "
                        "address, in windows of 60 s");
}

static void errors_are_told_with_where_they_begin(void **state)
{
    unsigned i;

    (void)state;
    for (i = 0; i < 400; i++) {
        story_kit_requests(&kit, 0, 200, 20000, 5);
        story_kit_requests(&kit, 1, i < 300 || i % 2 == 0 ? 200 : 503, 9000, 1);
        story_kit_tick(&kit, NULL);
    }
    assert_string_equal(told(), "errors begin at B at 0:30: 25 of 50 fail, of "
                                "all others 0 of 250");
}

static void a_change_is_told_with_what_was_beside_it(void **state)
{
    const struct study *s = story_study(kit.story);
    const struct anomalies *a = study_anomalies(s);
    char text[256];

    (void)state;
    feed(1200, 10, 20000);
    kit.tick.t_us += 1; /* events are of before the tick's end */
    story_kit_tick(&kit, "mark: deploy 42");
    kit.tick.t_us -= 1;
    feed(1200, 10, 30000);
    assert_int_equal(anomalies_count(a), 1);
    study_tell_anomaly(s, anomalies_at(a, 0), text, sizeof text);
    assert_string_equal(text, "p95 went from 22.4 ms to 33.6 ms (+50 %) at "
                              "2:00 (mark: deploy 42)");
    assert_string_equal(
        study_tell_beside(s, anomalies_at(a, 0), text, sizeof text),
        "at 2:00: mark: deploy 42");
    feed(1200, 10, 20000);
    assert_int_equal(anomalies_count(a), 2);
    study_tell_anomaly(s, anomalies_at(a, 1), text, sizeof text);
    assert_non_null(strstr(text, "; no stage, key or mark was near"));
}

/* p95 is known by blocks: it seems to begin before what made it. */
static void a_change_has_the_time_of_its_cause(void **state)
{
    const struct study *s = story_study(kit.story);
    const struct anomalies *a = study_anomalies(s);
    char text[256];
    unsigned i;

    (void)state;
    feed(1217, 10, 20000);
    story_kit_tick(&kit, "mark: deploy 42");
    feed(1200, 10, 60000);
    assert_int_equal(anomalies_count(a), 1);
    assert_int_equal(anomalies_at(a, 0)->start_us, 120 * SEC);
    assert_int_equal(study_anomaly_us(s, anomalies_at(a, 0)), 121700000);
    study_tell_anomaly(s, anomalies_at(a, 0), text, sizeof text);
    assert_non_null(strstr(text, "%) at 2:01 (mark: deploy 42)"));
    for (i = 0; i < 100; i++) { /* however many come later */
        story_kit_tick(&kit, "mark: another");
    }
    assert_int_equal(study_anomaly_us(s, anomalies_at(a, 0)), 121700000);
}

/* The generator itself was slow for so long. */
static void a_warm_up_of_the_generator_is_none(void **state)
{
    const struct anomalies *a = study_anomalies(story_study(kit.story));

    (void)state;
    kit.tick.health.suspect = true;
    feed(200, 10, 40000);
    kit.tick.health.suspect = false;
    feed(100, 10, 40000);
    feed(900, 10, 20000);
    assert_int_equal(anomalies_count(a), 0);
}

static void a_warm_up_is_told(void **state)
{
    (void)state;
    feed(300, 10, 40000);
    feed(900, 10, 20000);
    assert_string_equal(told(),
                        "warm-up: p95 was 44.8 ms until 0:30, then 22.4 ms");
}

static void two_kinds_of_responses_are_told(void **state)
{
    unsigned i;

    (void)state;
    for (i = 0; i < 300; i++) {
        story_kit_requests(&kit, 0, 200, 20000 + i % 9 * 300, 8);
        story_kit_requests(&kit, 0, 200, 60000 + i % 9 * 900, 2);
        story_kit_tick(&kit, NULL);
    }
    assert_non_null(strstr(told(), "A has two kinds of responses: about 2"));
    assert_non_null(strstr(told(), " ms (80.0 %), and 6"));
    assert_non_null(strstr(told(), " ms (20.0 %)"));
}

/* Every byte of two is one of an umlaut. */
static void assert_whole(const char *text)
{
    size_t umlauts = 0, i;

    for (i = 0; text[i] != '\0'; i++) {
        if (text[i] == '\xc3') {
            assert_int_equal((unsigned char)text[++i], 0xa4);
            umlauts++;
        }
    }
    assert_true(umlauts > 20);
}

/* Long, and with a byte before it, so that a cut anywhere even is within one.
 */
#define UMLAUTS "ääääääääääääääääääääääääääääääääääääääääääääää"
#define WIDE    UMLAUTS UMLAUTS

static void wide(void)
{
    static const char plan[] =
        "{ \"name\": \"Shop\","
        "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A" WIDE
        "\" }, { \"get\": \"http://127.0.0.1:1/b\", \"name\": \"B" WIDE
        "\" } ],"
        "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
        "    \"vus\": 10, \"duration\": \"30m\" } } }";

    story_kit_clear(&kit);
    story_kit_init(&kit, plan);
    kit.tick.wanted = kit.tick.vus = kit.tick.planned = 10;
    kit.tick.in_flight = 5;
}

static void long_names_are_cut_at_a_whole_character(void **state)
{
    unsigned i;

    (void)state;
    wide();
    limit(100, 10, 0);
    limit(300, 6, 4);
    assert_whole(told());
    assert_non_null(strstr(told(), "ä: status 429 for 40.0 %"));
    wide();
    for (i = 0; i < 400; i++) {
        story_kit_requests(&kit, 0, 200, 20000, 5);
        story_kit_requests(&kit, 1, i < 300 || i % 2 == 0 ? 200 : 503, 9000, 1);
        story_kit_tick(&kit, NULL);
    }
    assert_whole(told());
    assert_non_null(strstr(told(), "ä at 0:30: 25 of 50 fail"));
    wide();
    for (i = 0; i < 300; i++) {
        story_kit_requests(&kit, 0, 200, 20000 + i % 9 * 300, 8);
        story_kit_requests(&kit, 0, 200, 60000 + i % 9 * 900, 2);
        story_kit_tick(&kit, NULL);
    }
    assert_whole(told());
    assert_non_null(strstr(told(), "ä has two kinds of responses"));
}

static void pauses_and_the_end_are_no_anomalies(void **state)
{
    const struct anomalies *a = study_anomalies(story_study(kit.story));

    (void)state;
    feed(400, 10, 20000);
    kit.tick.state = RUN_DRAINING;
    feed(100, 0, 0);
    assert_int_equal(anomalies_count(a), 0);
}

/* One tick for the study that news are read of. */
static unsigned news_both(struct study *s, unsigned n, uint16_t status,
                          struct study_news *last)
{
    struct tick t = kit.tick;
    struct delta *d;
    unsigned found = 0;

    story_kit_requests(&kit, 0, 200, 20000, n);
    if (status != 0) {
        story_kit_requests(&kit, 1, status, 20000, 2);
    }
    d = delta_new(kit.plan, &kit.shard, 1);
    kit.tick.t_us += TICK_US;
    t.t_us = kit.tick.t_us;
    t.dt_us = t.active_us = TICK_US;
    t.scenarios[0].state = SCENARIO_RUNNING;
    t.scenarios[0].wanted = 10;
    t.delta = d;
    study_feed(s, &t);
    while (study_news(s, last)) {
        found++;
    }
    delta_free(&d);
    shard_clear(kit.shard);
    return found;
}

static unsigned news(struct study *s, unsigned n, struct study_news *last)
{
    return news_both(s, n, 0, last);
}

static void each_is_news_once(void **state)
{
    struct study_news n;
    unsigned i, found = 0;

    (void)state;
    own = study_new(&kit.info);
    for (i = 0; i < 300; i++) {
        found += news(own, 10, &n);
    }
    for (i = 0; i < 29; i++) { /* a short one is told when it is over */
        found += news(own, 0, &n);
    }
    assert_int_equal(found, 0);
    found = news(own, 10, &n);
    assert_int_equal(found, 1);
    assert_string_equal(
        n.text, "stall of 2.9 s at 0:30: nothing was answered, 5 in flight");
    assert_int_equal(n.t_us, 30 * SEC);
    assert_true(n.bad);
    found = 0;
    for (i = 0; i < 100; i++) {
        found += news(own, 10, &n);
    }
    assert_int_equal(found, 0);
    for (i = 0; i < 50; i++) { /* a long one is told twice */
        found += news(own, 0, &n);
    }
    assert_int_equal(found, 1);
    assert_non_null(strstr(n.text, "stall since 0:43"));
    found = news(own, 10, &n);
    assert_int_equal(found, 1);
    assert_non_null(strstr(n.text, "stall of 5.0 s at 0:43"));
}

/* Nothing else says that one began. */
static void an_outage_of_a_name_is_news_when_it_begins_and_ends(void **state)
{
    struct study_news n;
    unsigned i, found = 0;

    (void)state;
    own = study_new(&kit.info);
    for (i = 0; i < 300; i++) {
        found += news_both(own, 10, 200, &n);
    }
    for (i = 0; i < 15; i++) {
        found += news_both(own, 10, 503, &n);
    }
    assert_int_equal(found, 0);
    for (i = 0; i < 15; i++) {
        found += news_both(own, 10, 503, &n);
    }
    assert_int_equal(found, 1);
    assert_string_equal(n.text, "outage of B since 0:30: none of 40 requests "
                                "was served, while others are");
    assert_string_equal(n.value, "outage");
    assert_true(n.bad);
    found = news_both(own, 10, 200, &n);
    assert_int_equal(found, 1);
    assert_string_equal(n.text, "outage of B for 3.0 s at 0:30: none of 60 "
                                "requests was served, while others were");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_stall_is_told_while_it_lasts_and_after),
        T(stalls_are_told_together),
        T(stalls_as_long_as_each_other_have_one_length),
        T(a_crash_is_told),
        T(an_outage_of_a_name_is_told_by_it),
        T(a_limit_is_told_with_its_figure),
        T(addresses_and_waits_are_told_together),
        T(a_window_of_a_minute_is_told_as_that),
        T(errors_are_told_with_where_they_begin),
        T(a_change_is_told_with_what_was_beside_it),
        T(a_change_has_the_time_of_its_cause),
        T(a_warm_up_is_told),
        T(a_warm_up_of_the_generator_is_none),
        T(two_kinds_of_responses_are_told),
        T(long_names_are_cut_at_a_whole_character),
        T(pauses_and_the_end_are_no_anomalies),
        T(each_is_news_once),
        T(an_outage_of_a_name_is_news_when_it_begins_and_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
