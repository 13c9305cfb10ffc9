/* SPDX-License-Identifier: MIT
 *
 * test_judge - verdicts on thresholds: of the run, of windows, unfed, and those
 * that end a run. */
#include "config.h"

#include "measure/judge.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "measure/shard.h"
#include "support/mini_feed.h"

struct court {
    struct mini_feed feed;
    struct judge *judge;
};

static int court_up(void **state)
{
    struct court *c = calloc(1, sizeof *c);

    mini_plan_init(&c->feed.mini);
    mini_feed_init(&c->feed);
    *state = c;
    return 0;
}

static int court_down(void **state)
{
    struct court *c = *state;

    judge_free(&c->judge);
    assert_null(c->judge);
    judge_free(&c->judge);
    mini_feed_clear(&c->feed);
    free(c);
    return 0;
}

static struct threshold *p95_below(struct court *c, const char *name, double ms)
{
    return mini_threshold(&c->feed.mini, METRIC_HTTP_REQ_DURATION, TAG_NAME,
                          name, AGG_P, 95, OP_LT, ms);
}

/* Thresholds are all there: the court sits. */
static void court_open(struct court *c)
{
    c->judge = judge_new(&c->feed.mini.plan, c->feed.ledger);
}

static int court_eval(struct court *c)
{
    return judge_eval(c->judge, c->feed.t_us, c->feed.active_us);
}

static bool court_fails(const struct court *c)
{
    size_t i;

    for (i = 0; i < judge_count(c->judge); i++) {
        if (!judge_verdict(c->judge, i)->ok) {
            return true;
        }
    }
    return false;
}

static void what_nothing_fed_is_pending_and_fails_in_the_end(void **state)
{
    struct court *c = *state;
    const struct verdict *v;

    p95_below(c, "stream", 500);
    mini_threshold(&c->feed.mini, METRIC_HTTP_REQS, TAG_STATUS, "418",
                   AGG_COUNT, 0, OP_LT, 5);
    court_open(c);
    mini_feed_steady(&c->feed, 0, 200, 1000, 20);
    assert_int_equal(court_eval(c), -1);
    assert_int_equal(judge_count(c->judge), 2);
    v = judge_verdict(c->judge, 0);
    assert_true(v->pending);
    assert_false(v->ok);
    assert_false(v->run.fed);
    assert_true(v->window_ok);
    assert_false(v->ever_failed);
    assert_true(court_fails(c));
    assert_true(v->pending); /* it is asked without an end */
    mini_feed_steady(&c->feed, 1, 200, 1000, 1);
    mini_feed_steady(&c->feed, 0, 418, 1000, 1);
    court_eval(c);
    assert_false(v->pending);
    assert_false(court_fails(c));
}

/* "count>100" is no failure as long as requests still come. */
static void a_count_not_reached_yet_is_undecided_until_the_end(void **state)
{
    struct court *c = *state;
    const struct verdict *more, *few, *rate;
    struct threshold *t;

    t = mini_threshold(&c->feed.mini, METRIC_HTTP_REQS, 0, NULL, AGG_COUNT, 0,
                       OP_GT, 100);
    t->abort_on_fail = true;
    mini_threshold(&c->feed.mini, METRIC_HTTP_REQS, 0, NULL, AGG_COUNT, 0,
                   OP_LT, 50);
    mini_threshold(&c->feed.mini, METRIC_HTTP_REQS, 0, NULL, AGG_RATE, 0, OP_GT,
                   1000);
    court_open(c);
    more = judge_verdict(c->judge, 0);
    few = judge_verdict(c->judge, 1);
    rate = judge_verdict(c->judge, 2);
    mini_feed_steady(&c->feed, 0, 200, 1000, 80);
    assert_int_equal(court_eval(c), -1);
    assert_true(more->pending && more->run.fed && !more->ok);
    assert_true(more->window_ok);
    assert_false(more->ever_failed);
    assert_false(few->pending || few->ok); /* it will not grow fewer */
    assert_false(rate->pending || rate->ok);
    mini_feed_steady(&c->feed, 0, 200, 1000, 21);
    court_eval(c);
    assert_true(more->ok && !more->pending);
    assert_false(more->ever_failed);
}

static void a_count_not_reached_fails_at_the_end(void **state)
{
    struct court *c = *state;
    const struct verdict *v;

    mini_threshold(&c->feed.mini, METRIC_HTTP_REQS, 0, NULL, AGG_COUNT, 0,
                   OP_GE, 100);
    court_open(c);
    v = judge_verdict(c->judge, 0);
    mini_feed_steady(&c->feed, 0, 200, 1000, 99);
    court_eval(c);
    assert_true(v->pending);
    judge_end(c->judge, c->feed.t_us, c->feed.active_us);
    assert_false(v->pending || v->ok || v->window_ok);
    assert_true(v->ever_failed);
}

/* Else it would be counted as failed here, and as open there. */
static void what_nothing_has_fed_is_decided_in_the_end(void **state)
{
    struct court *c = *state;
    const struct verdict *v;

    p95_below(c, "stream", 500);
    court_open(c);
    mini_feed_steady(&c->feed, 0, 200, 1000, 20);
    court_eval(c);
    judge_end(c->judge, c->feed.t_us, c->feed.active_us);
    v = judge_verdict(c->judge, 0);
    assert_false(v->pending || v->ok || v->run.fed);
    assert_true(v->ever_failed);
}

static void without_thresholds_nothing_fails(void **state)
{
    struct court *c = *state;

    court_open(c);
    mini_feed_steady(&c->feed, 0, 500, 1000, 20);
    assert_int_equal(court_eval(c), -1);
    assert_false(court_fails(c));
}

static void the_run_decides_and_the_window_stands_beside_it(void **state)
{
    struct court *c = *state;
    const struct verdict *v;

    mini_threshold(&c->feed.mini, METRIC_HTTP_REQ_FAILED, 0, NULL, AGG_RATE, 0,
                   OP_LT, 0.05);
    court_open(c);
    mini_feed_steady(&c->feed, 0, 500, 1000, 20);
    mini_feed_steady(&c->feed, 0, 200, 1000, 100);
    court_eval(c);
    v = judge_verdict(c->judge, 0);
    assert_false(v->ok);
    assert_true(v->window_ok);
    assert_true(fabs(v->run.value - 20.0 / 120) < 1e-9);
    assert_true(v->window.fed && v->window.value == 0);
    mini_feed_steady(&c->feed, 0, 200, 1000, 300);
    court_eval(c);
    assert_true(v->ok);
    assert_true(v->ever_failed);
    mini_feed_steady(&c->feed, 0, 500, 1000, 10);
    court_eval(c);
    assert_false(v->window_ok);
}

static void the_first_failure_is_remembered(void **state)
{
    struct court *c = *state;
    const struct verdict *v;

    p95_below(c, "chat", 500);
    court_open(c);
    mini_feed_steady(&c->feed, 0, 200, 1000, 50);
    court_eval(c);
    v = judge_verdict(c->judge, 0);
    assert_false(v->ever_failed);
    mini_feed_steady(&c->feed, 0, 200, 900000, 20);
    court_eval(c);
    assert_true(v->ever_failed);
    assert_int_equal(v->first_failed_us, 7000000);
    mini_feed_steady(&c->feed, 0, 200, 900000, 20);
    court_eval(c);
    assert_int_equal(v->first_failed_us, 7000000);
}

static void a_threshold_may_judge_a_window_instead(void **state)
{
    struct court *c = *state;
    struct threshold *t = p95_below(c, "chat", 500);
    const struct verdict *v;

    t->window_us = 5000000;
    court_open(c);
    mini_feed_steady(&c->feed, 0, 200, 900000, 100);
    court_eval(c);
    v = judge_verdict(c->judge, 0);
    assert_false(v->ok);
    mini_feed_steady(&c->feed, 0, 200, 1000, 50);
    court_eval(c);
    assert_true(v->ok);
    assert_false(v->window_ok); /* of ten seconds, half was bad */
    assert_int_equal(v->run.samples, 50);
    assert_int_equal(v->window.samples, 100);
}

static void a_window_that_ran_empty_keeps_its_verdict(void **state)
{
    struct court *c = *state;
    struct threshold *t = p95_below(c, "chat", 500);
    const struct verdict *v;
    int i;

    t->window_us = 2000000;
    court_open(c);
    mini_feed_steady(&c->feed, 0, 200, 900000, 10);
    court_eval(c);
    for (i = 0; i < 50; i++) {
        mini_feed_tick(&c->feed);
    }
    court_eval(c);
    v = judge_verdict(c->judge, 0);
    assert_false(v->ok);
    assert_false(v->pending);
    assert_true(v->run.fed && v->run.value > 800);
}

static void only_one_that_asks_for_it_ends_the_run(void **state)
{
    struct court *c = *state;

    p95_below(c, "chat", 500);
    p95_below(c, "chat", 400)->abort_on_fail = true;
    p95_below(c, "chat", 300)->abort_on_fail = true;
    court_open(c);
    assert_int_equal(court_eval(c), -1); /* unfed is no reason */
    mini_feed_steady(&c->feed, 0, 200, 100000, 20);
    assert_int_equal(court_eval(c), -1);
    mini_feed_steady(&c->feed, 0, 200, 900000, 20);
    assert_int_equal(court_eval(c), 1);
}

static void the_delay_before_an_abort_is_active_time(void **state)
{
    struct court *c = *state;
    struct threshold *t = p95_below(c, "chat", 500);
    int i;

    t->abort_on_fail = true;
    t->delay_abort_us = 5000000;
    court_open(c);
    mini_feed_steady(&c->feed, 0, 200, 900000, 49);
    for (i = 0; i < 100; i++) {
        mini_feed_pause(&c->feed);
    }
    assert_int_equal(court_eval(c), -1);
    assert_true(judge_verdict(c->judge, 0)->ever_failed);
    mini_feed_steady(&c->feed, 0, 200, 900000, 1);
    assert_int_equal(court_eval(c), 0);
}

static void the_margin_is_the_share_of_the_limit_that_is_left(void **state)
{
    static const struct {
        enum threshold_op op;
        double limit, margin;
    } row[] = {
        {OP_LT, 200, 0.5}, {OP_LE, 100, 0},    {OP_LT, 80, -0.25},
        {OP_GT, 50, 1},    {OP_GE, 200, -0.5}, {OP_LT, 0, -1},
        {OP_GT, 0, 0},     {OP_NE, 100, -1},
    };
    struct court *c = *state;
    size_t i, n = sizeof row / sizeof row[0];

    for (i = 0; i < n; i++) {
        mini_threshold(&c->feed.mini, METRIC_HTTP_REQS, 0, NULL, AGG_COUNT, 0,
                       row[i].op, row[i].limit);
    }
    court_open(c);
    mini_feed_requests(&c->feed, 0, 200, 1000, 100);
    mini_feed_tick(&c->feed);
    court_eval(c);
    for (i = 0; i < n; i++) {
        assert_true(fabs(judge_verdict(c->judge, i)->margin - row[i].margin) <
                    1e-9);
    }
}

/* They are no samples: what is handed in is judged. */
static void recoveries_are_judged_as_they_are_handed_in(void **state)
{
    struct court *c = *state;
    struct judge_returns r = {.why = "nothing to recover from"};
    struct threshold *t = mini_threshold(&c->feed.mini, METRIC_RECOVERY_TIME, 0,
                                         NULL, AGG_MAX, 0, OP_LT, 30000);
    const struct verdict *v;

    t->abort_on_fail = true;
    t->delay_abort_us = 60 * UINT64_C(1000000);
    court_open(c);
    v = judge_verdict(c->judge, 0);
    judge_returned(c->judge, &r);
    assert_int_equal(judge_eval(c->judge, 1, 90000000), -1);
    assert_true(v->pending && v->window_ok);
    assert_string_equal(v->why, "nothing to recover from");
    r = (struct judge_returns){.any = true, .timed = true, .open = true};
    r.ms = 29999;
    judge_returned(c->judge, &r);
    assert_int_equal(judge_eval(c->judge, 2, 90000000), -1);
    assert_true(v->pending && !v->ok);
    r.ms = 30000;
    judge_returned(c->judge, &r);
    assert_int_equal(judge_eval(c->judge, 3, 59000000), -1);
    assert_int_equal(judge_eval(c->judge, 4, 60000000), 0);
    assert_false(v->pending || v->ok);
    assert_int_equal(v->first_failed_us, 3);
    /* In time for its limit, and lost all the same. */
    r = (struct judge_returns){
        .any = true, .timed = true, .ms = 5, .lost = true};
    judge_returned(c->judge, &r);
    assert_int_equal(judge_eval(c->judge, 5, 60000000), 0);
    r.lost = false;
    judge_returned(c->judge, &r);
    assert_int_equal(judge_end(c->judge, 6, 60000000), -1);
    assert_true(v->ok && v->run.fed);
}

#define JUDGE_TEST(f) cmocka_unit_test_setup_teardown(f, court_up, court_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JUDGE_TEST(what_nothing_fed_is_pending_and_fails_in_the_end),
        JUDGE_TEST(what_nothing_has_fed_is_decided_in_the_end),
        JUDGE_TEST(a_count_not_reached_fails_at_the_end),
        JUDGE_TEST(a_count_not_reached_yet_is_undecided_until_the_end),
        JUDGE_TEST(without_thresholds_nothing_fails),
        JUDGE_TEST(the_run_decides_and_the_window_stands_beside_it),
        JUDGE_TEST(the_first_failure_is_remembered),
        JUDGE_TEST(a_threshold_may_judge_a_window_instead),
        JUDGE_TEST(a_window_that_ran_empty_keeps_its_verdict),
        JUDGE_TEST(only_one_that_asks_for_it_ends_the_run),
        JUDGE_TEST(the_delay_before_an_abort_is_active_time),
        JUDGE_TEST(the_margin_is_the_share_of_the_limit_that_is_left),
        JUDGE_TEST(recoveries_are_judged_as_they_are_handed_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
