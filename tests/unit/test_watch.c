/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "measure/shard.h"
#include "run/watch.h"
#include "support/mini_plan.h"

#define SEC UINT64_C(1000000)

static struct mini_plan mini;
static struct shard *shard;
static struct watch *watch;
static struct events events;

static int set_up(void **state)
{
    (void)state;
    mini_plan_init(&mini);
    mini_threshold(&mini, METRIC_HTTP_REQ_DURATION, TAG_NAME, NULL, AGG_P, 95,
                   OP_LT, 500);
    shard = shard_new(&mini.plan);
    watch = watch_new(&mini.plan);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    watch_free(&watch);
    shard_free(&shard);
    events_clear(&events);
    return 0;
}

static void request(unsigned which, unsigned status, enum failure failure)
{
    struct sample x = {
        .request = (uint16_t)which,
        .status = (uint16_t)status,
        .failure = failure,
        .failed = failure != FAILURE_NONE,
        .duration = 1000,
    };

    shard_request(shard, &x);
}

/* A tick; what it told is in events. */
static void tick(uint64_t t_us)
{
    struct delta *d = delta_new(&mini.plan, &shard, 1);

    events_reset(&events);
    watch_delta(watch, t_us, d, &events);
    delta_free(&d);
    shard_clear(shard);
}

static void first_error_of_each_kind_and_status_is_told_once(void **state)
{
    (void)state;
    request(0, 200, FAILURE_NONE);
    tick(1);
    assert_int_equal(events.n, 0);
    request(0, 503, FAILURE_HTTP_5XX);
    request(0, 503, FAILURE_HTTP_5XX);
    request(1, 0, FAILURE_REFUSED);
    tick(2);
    assert_int_equal(events.n, 2);
    assert_string_equal(events.list[0].type, "first_error");
    assert_string_equal(events.list[0].value, "http_503");
    assert_string_equal(events.list[0].text,
                        "first HTTP 503 at chat: a 5xx status");
    assert_true(events.list[0].bad);
    assert_int_equal(events.list[0].t_us, 2);
    assert_string_equal(events.list[1].value, "refused");
    request(1, 503, FAILURE_HTTP_5XX);
    request(0, 0, FAILURE_REFUSED);
    tick(3);
    assert_int_equal(events.n, 0);
    request(0, 500, FAILURE_HTTP_5XX);
    tick(4);
    assert_int_equal(events.n, 1);
    assert_string_equal(events.list[0].value, "http_500");
}

static void sample_of_the_error_says_what_it_was(void **state)
{
    struct failure_sample x = {.kind = FAILURE_RESET};

    (void)state;
    snprintf(x.message, sizeof x.message, "closed after 10 of 100 bytes");
    request(0, 0, FAILURE_RESET);
    shard_failure(shard, &x);
    tick(1);
    assert_string_equal(events.list[0].text,
                        "first reset at chat: closed after 10 of 100 bytes");
}

static void a_code_is_not_said_twice(void **state)
{
    struct failure_sample x = {.kind = FAILURE_HTTP_5XX, .status = 503};

    (void)state;
    snprintf(x.message, sizeof x.message, "503");
    request(0, 503, FAILURE_HTTP_5XX);
    shard_failure(shard, &x);
    tick(1);
    assert_string_equal(events.list[0].text, "first HTTP 503 at chat");
    assert_string_equal(events.list[0].value, "http_503");
}

static void each_check_tells_its_first_failure(void **state)
{
    (void)state;
    shard_check(shard, 0, 0, true);
    shard_check(shard, 0, 1, false);
    tick(1);
    assert_int_equal(events.n, 1);
    assert_string_equal(events.list[0].text,
                        "first failure of check 'has output'");
    shard_check(shard, 0, 1, false);
    shard_check(shard, 0, 2, false);
    tick(2);
    assert_int_equal(events.n, 1);
}

static void first_failure_of_a_check_says_why(void **state)
{
    struct failure_sample other = {.kind = FAILURE_CHECK};
    struct failure_sample x = {
        .kind = FAILURE_CHECK, .status = 200, .check = 1};

    (void)state;
    snprintf(other.message, sizeof other.message, "has output: of another");
    snprintf(x.message, sizeof x.message, "has output: '/output' is missing");
    shard_failure(shard, &other);
    shard_failure(shard, &x);
    shard_check(shard, 0, 1, false);
    tick(1);
    assert_string_equal(
        events.list[0].text,
        "first failure of check 'has output': '/output' is missing");
}

/* The last event of a tick; it is of the target, or NULL. */
static const struct event *target_event(void)
{
    const struct event *e = events.list;

    if (events.n == 0) {
        return NULL;
    }
    e += events.n - 1;
    return strcmp(e->type, "target") == 0 ? e : NULL;
}

static void a_target_that_falls_silent_is_told_and_its_return_too(void **state)
{
    unsigned i;

    (void)state;
    request(0, 200, FAILURE_NONE);
    tick(1 * SEC);
    request(0, 0, FAILURE_RESET);
    tick(2 * SEC);
    for (i = 0; i < 3; i++) {
        request(0, 0, FAILURE_REFUSED);
    }
    shard_check(shard, 0, 0, false); /* fails without an answer, but is none */
    tick(2 * SEC + 500000);
    assert_null(target_event());
    tick(4 * SEC); /* nothing was asked, so nothing is known */
    assert_null(target_event());
    request(0, 0, FAILURE_REFUSED);
    tick(4 * SEC + 100000);
    assert_non_null(target_event());
    assert_string_equal(target_event()->value, "unreachable");
    assert_string_equal(target_event()->text,
                        "target unreachable: connection refused");
    assert_true(target_event()->bad);
    request(0, 0, FAILURE_REFUSED);
    tick(5 * SEC);
    assert_null(target_event()); /* once is enough */
    request(1, 500, FAILURE_HTTP_5XX);
    tick(9 * SEC);
    assert_string_equal(target_event()->value, "answers");
    assert_string_equal(target_event()->text,
                        "the target answers again after 0:07");
    assert_false(target_event()->bad);
    request(1, 500, FAILURE_HTTP_5XX);
    tick(10 * SEC);
    assert_null(target_event());
}

/* Refusals come as fast as a loop can ask: what that costs this machine is the
 * target's doing, for as long as its own figures reach back. */
static void silence_excuses_the_generator(void **state)
{
    (void)state;
    assert_false(watch_unanswered(watch, 1 * SEC));
    request(1, 200, FAILURE_NONE);
    tick(1 * SEC);
    request(1, 0, FAILURE_REFUSED);
    tick(2 * SEC);
    assert_false(watch_unanswered(watch, 2 * SEC));
    assert_true(watch_unanswered(watch, 2 * SEC + SEC / 2));
    request(1, 0, FAILURE_REFUSED);
    tick(5 * SEC);
    assert_true(watch_unanswered(watch, 5 * SEC));
    request(1, 200, FAILURE_NONE);
    tick(7 * SEC);
    assert_true(watch_unanswered(watch, 16 * SEC));
    assert_false(watch_unanswered(watch, 17 * SEC));
}

static void what_was_never_sent_is_no_silent_target(void **state)
{
    (void)state;
    request(0, 0, FAILURE_UNRESOLVED);
    tick(1 * SEC);
    request(0, 0, FAILURE_UNRESOLVED);
    tick(9 * SEC);
    assert_null(target_event());
}

static void odd_statuses_are_told_together(void **state)
{
    (void)state;
    request(0, 799, FAILURE_STATUS);
    tick(1);
    assert_string_equal(events.list[0].value, "status");
    request(0, 900, FAILURE_STATUS);
    tick(2);
    assert_int_equal(events.n, 0);
}

static struct verdict verdict;

static void judged(uint64_t t_us, bool ok, double value)
{
    verdict.threshold = &mini.plan.thresholds[0];
    verdict.ok = ok;
    verdict.run.fed = true;
    verdict.run.value = value;
    verdict.pending = false;
    events_reset(&events);
    watch_verdicts(watch, t_us, &verdict, 1, &events);
}

static void threshold_is_told_when_it_changes_sides(void **state)
{
    (void)state;
    judged(1 * SEC, true, 100);
    assert_int_equal(events.n, 0);
    judged(2 * SEC, false, 1790);
    assert_int_equal(events.n, 1);
    assert_string_equal(events.list[0].type, "threshold");
    assert_true(events.list[0].bad);
    assert_non_null(strstr(events.list[0].text, "failed: 1.79 s"));
    judged(3 * SEC, false, 1900);
    assert_int_equal(events.n, 0);
    judged(30 * SEC, true, 400);
    assert_int_equal(events.n, 1);
    assert_false(events.list[0].bad);
    assert_non_null(strstr(events.list[0].text, "recovered: 400 ms"));
    /* Not what the limit is, where it is not that. */
    judged(60 * SEC, false, 500.4);
    assert_non_null(strstr(events.list[0].text, "failed: 500.4 ms"));
}

static void what_a_value_does_not_say_is_told_with_it(void **state)
{
    (void)state;
    judged(1 * SEC, true, 100);
    snprintf(verdict.why, sizeof verdict.why, "recovering for 2 s");
    judged(2 * SEC, false, 1790);
    assert_non_null(
        strstr(events.list[0].text, "failed: 1.79 s, recovering for 2 s"));
    events_reset(&events);
    memset(&verdict, 0, sizeof verdict);
    verdict.threshold = &mini.plan.thresholds[0];
    verdict.ok = true;
    watch_verdicts(watch, 20 * SEC, &verdict, 1, &events);
    assert_int_equal(events.n, 1);
    assert_non_null(strstr(events.list[0].text, "nothing fed it"));
    snprintf(verdict.why, sizeof verdict.why, "not measurable after 0:07");
    verdict.ok = false;
    events_reset(&events);
    watch_verdicts(watch, 40 * SEC, &verdict, 1, &events);
    assert_non_null(
        strstr(events.list[0].text, "failed: not measurable after 0:07"));
}

static void undecided_threshold_is_no_news(void **state)
{
    (void)state;
    memset(&verdict, 0, sizeof verdict);
    verdict.threshold = &mini.plan.thresholds[0];
    verdict.pending = true;
    watch_verdicts(watch, 1, &verdict, 1, &events);
    assert_int_equal(events.n, 0);
}

static void fluttering_threshold_is_told_every_five_seconds(void **state)
{
    unsigned told = 0, i;

    (void)state;
    for (i = 0; i < 120; i++) { /* a minute, twice a second */
        judged(i * SEC / 2, i % 2 == 0, 499 + i % 2 * 2);
        told += (unsigned)events.n;
    }
    assert_in_range(told, 5, 12);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(first_error_of_each_kind_and_status_is_told_once),
        TEST(sample_of_the_error_says_what_it_was),
        TEST(a_code_is_not_said_twice),
        TEST(each_check_tells_its_first_failure),
        TEST(first_failure_of_a_check_says_why),
        TEST(a_target_that_falls_silent_is_told_and_its_return_too),
        TEST(silence_excuses_the_generator),
        TEST(what_was_never_sent_is_no_silent_target),
        TEST(odd_statuses_are_told_together),
        TEST(threshold_is_told_when_it_changes_sides),
        TEST(what_a_value_does_not_say_is_told_with_it),
        TEST(undecided_threshold_is_no_news),
        TEST(fluttering_threshold_is_told_every_five_seconds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
