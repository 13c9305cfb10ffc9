/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "run/rules.h"
#include "support/mini_feed.h"

/* This exercises: which thresholds of a plan are rules, what they are called,
 * and that a moment gets the samples that each of them is about. */

static struct mini_plan mini;

static int plan_up(void **state)
{
    (void)state;
    mini_plan_init(&mini);
    return 0;
}

static struct threshold *limit(const char *text, unsigned metric,
                               enum tag_id tag, const char *value,
                               enum threshold_agg agg, enum threshold_op op,
                               double x)
{
    struct threshold *t =
        mini_threshold(&mini, metric, tag, value, agg, 95, op, x);

    t->metric_text = (char *)(uintptr_t)text;
    return t;
}

static void said(const struct rules *r, size_t i, const char *rule,
                 double value, const char *broken)
{
    char text[RULE_TEXT_MAX];

    assert_string_equal(
        rule_words_tell(&r->words[i], r->list[i].limit, text, sizeof text),
        rule);
    assert_string_equal(rule_words_broken(&r->words[i], r->list[i].limit, value,
                                          false, text, sizeof text),
                        broken);
}

static void limits_on_times_and_rates_are_rules(void **state)
{
    struct rules r;

    (void)state;
    limit("http_req_duration", METRIC_HTTP_REQ_DURATION, TAG_NAME, NULL, AGG_P,
          OP_LT, 3000);
    limit("http_req_duration{name:chat}", METRIC_HTTP_REQ_DURATION, TAG_NAME,
          "chat", AGG_MED, OP_LE, 500);
    limit("http_req_failed{name:chat}", METRIC_HTTP_REQ_FAILED, TAG_NAME,
          "chat", AGG_RATE, OP_LT, 0.02);
    limit("checks", METRIC_CHECKS, TAG_NAME, NULL, AGG_RATE, OP_GT, 0.99);
    limit("errors_rate", MINI_ERRORS, TAG_NAME, NULL, AGG_RATE, OP_GE, 0.95);
    limit("http_req_waiting{method:POST}", METRIC_HTTP_REQ_WAITING, TAG_METHOD,
          "POST", AGG_P, OP_LT, 250);
    rules_of(&mini.plan, &r);
    assert_int_equal(r.n, 7);
    assert_int_equal(r.n_latency, 3);
    said(&r, 0, "p95 <3.00 s", 3.85e6, "p95 3.85 s, limit 3 s");
    said(&r, 1, "p50 of chat <500 ms", 612e3,
         "p50 of chat 612 ms, limit 500 ms");
    said(&r, 2, "errors of chat <2.0 %", 0.12,
         "errors of chat 12.0 %, limit 2 %");
    said(&r, 3, "failed checks <1.0 %", 0.5, "failed checks 50.0 %, limit 1 %");
    said(&r, 4, "errors_rate >95.0 %", 0.2, "errors_rate 80.0 %, limit 95 %");
    said(&r, 5, "p95 of http_req_waiting{method:POST} <250 ms", 300e3,
         "p95 of http_req_waiting{method:POST} 300 ms, limit 250 ms");
    said(&r, 6, "errors <5.0 %", 0.06, "errors 6.0 %, limit 5 %");
    assert_int_equal(r.list[0].part, 0);
    assert_int_equal(r.list[6].part, 0);
    assert_int_equal(r.n_parts, 5);
}

static void other_thresholds_are_none(void **state)
{
    struct rules r;

    (void)state;
    limit("http_req_duration", METRIC_HTTP_REQ_DURATION, TAG_NAME, NULL,
          AGG_AVG, OP_LT, 3000);
    limit("http_req_duration", METRIC_HTTP_REQ_DURATION, TAG_NAME, NULL,
          AGG_MAX, OP_LT, 3000);
    limit("http_req_duration", METRIC_HTTP_REQ_DURATION, TAG_NAME, NULL, AGG_P,
          OP_GT, 3);
    limit("http_reqs", METRIC_HTTP_REQS, TAG_NAME, NULL, AGG_RATE, OP_GT, 10);
    limit("http_req_failed", METRIC_HTTP_REQ_FAILED, TAG_NAME, NULL, AGG_RATE,
          OP_GT, 0.5);
    limit("recovery_time", METRIC_RECOVERY_TIME, TAG_NAME, NULL, AGG_P, OP_LT,
          30000);
    rules_of(&mini.plan, &r);
    assert_int_equal(r.n, 1); /* that 5 % may fail */
    assert_int_equal(r.n_latency, 0);
    said(&r, 0, "errors <5.0 %", 0.06, "errors 6.0 %, limit 5 %");
}

/* Two limits on the same samples need them once. */
static void the_same_samples_are_one_part(void **state)
{
    struct rules r;

    (void)state;
    limit("http_req_duration{name:chat}", METRIC_HTTP_REQ_DURATION, TAG_NAME,
          "chat", AGG_P, OP_LT, 500);
    limit("http_req_duration{name:chat}", METRIC_HTTP_REQ_DURATION, TAG_NAME,
          "chat", AGG_MED, OP_LT, 200);
    limit("checks", METRIC_CHECKS, TAG_NAME, NULL, AGG_RATE, OP_GT, 0.9);
    limit("checks", METRIC_CHECKS, TAG_NAME, NULL, AGG_RATE, OP_LT, 0.9);
    rules_of(&mini.plan, &r);
    assert_int_equal(r.list[0].part, 1);
    assert_int_equal(r.list[1].part, 1);
    assert_int_equal(r.list[2].part, 2); /* what fails */
    assert_int_equal(r.list[3].part, 3); /* what passes */
    assert_int_equal(r.n_parts, 3);
}

static void more_than_there_is_room_for_are_left_out(void **state)
{
    struct threshold many[RULES_MAX + 3];
    struct rules r;
    size_t i;

    (void)state;
    for (i = 0; i < RULES_MAX + 3; i++) {
        many[i] = (struct threshold){
            .selector = {.metric = METRIC_HTTP_REQ_DURATION},
            .metric_text = (char *)(uintptr_t) "http_req_duration",
            .agg = AGG_P,
            .percentile = 95,
            .op = OP_LT,
            .limit = 100};
    }
    mini.plan.thresholds = many;
    mini.plan.n_thresholds = RULES_MAX + 3;
    rules_of(&mini.plan, &r);
    assert_int_equal(r.n, RULES_MAX);
}

static void a_long_name_is_cut_at_a_character(void **state)
{
    struct rules r;
    char text[RULE_TEXT_MAX];

    (void)state;
    limit("http_req_duration{name:x}", METRIC_HTTP_REQ_DURATION, TAG_NAME,
          "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
          "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
          "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\x1b[31m",
          AGG_P, OP_LT, 500);
    rules_of(&mini.plan, &r);
    rule_words_tell(&r.words[0], r.list[0].limit, text, sizeof text);
    assert_null(strchr(text, '\x1b'));
    assert_non_null(strstr(text, "... <500 ms"));
}

/* "health" is in setup alone; a GET is that, or a chat. */
static void what_no_scenario_asks_is_aside(void **state)
{
    static const bool aside[] = {true, false, false, false, true};
    struct rule_parts *parts;
    struct rules r;
    size_t i;

    (void)state;
    limit("http_req_duration{name:health}", METRIC_HTTP_REQ_DURATION, TAG_NAME,
          "health", AGG_P, OP_LT, 500);
    limit("http_req_duration{method:GET}", METRIC_HTTP_REQ_DURATION, TAG_METHOD,
          "GET", AGG_P, OP_LT, 500);
    limit("http_req_duration{name:nobody}", METRIC_HTTP_REQ_DURATION, TAG_NAME,
          "nobody", AGG_P, OP_LT, 500);
    limit("checks", METRIC_CHECKS, TAG_NAME, NULL, AGG_RATE, OP_GT, 0.9);
    limit("http_req_failed{name:health}", METRIC_HTTP_REQ_FAILED, TAG_NAME,
          "health", AGG_RATE, OP_LT, 0.1);
    rules_of(&mini.plan, &r);
    parts = rule_parts_new(&r, &mini.plan, &mini.lineup);
    for (i = 0; i < sizeof aside / sizeof aside[0]; i++) {
        assert_int_equal(rule_parts_aside(parts, &r, i, &mini.plan), aside[i]);
    }
    assert_false(rule_parts_aside(parts, &r, r.n - 1, &mini.plan)); /* all */
    rule_parts_free(&parts);
}

static void a_moment_has_the_samples_of_each(void **state)
{
    struct mini_feed f = {.t_us = 0};
    struct rule_parts *parts, *more;
    struct moment x = {0};
    struct shard *shards[1];
    struct delta *d;
    struct rules r;

    (void)state;
    limit("http_req_duration{name:chat}", METRIC_HTTP_REQ_DURATION, TAG_NAME,
          "chat", AGG_P, OP_LT, 500);
    limit("http_req_failed{name:stream}", METRIC_HTTP_REQ_FAILED, TAG_NAME,
          "stream", AGG_RATE, OP_LT, 0.1);
    f.shard = shard_new(&mini.plan);
    mini_feed_requests(&f, 0, 200, 4000, 3);
    mini_feed_requests(&f, 0, 500, 9000, 2);
    mini_feed_requests(&f, 2, 200, 5000, 1);
    mini_feed_requests(&f, 1, 200, 70000, 7);
    mini_feed_requests(&f, 1, 0, 1, 2);
    shards[0] = f.shard;
    d = delta_new(&mini.plan, shards, 1);
    rules_of(&mini.plan, &r);
    parts = rule_parts_new(&r, &mini.plan, &mini.lineup);
    more = rule_parts_new(&r, &mini.plan, &mini.lineup);
    rule_parts_add(parts, d);
    rule_parts_of(parts, &x);
    assert_int_equal(x.n_parts, 2);
    assert_int_equal(histo_count(moment_part(&x, 1).all), 6);
    assert_int_equal(histo_count(moment_part(&x, 1).good), 4);
    assert_true(histo_max(moment_part(&x, 1).good) < 6000);
    assert_int_equal(moment_part(&x, 2).n, 9);
    assert_int_equal(moment_part(&x, 2).bad, 2);
    rule_parts_join(more, parts);
    rule_parts_add(more, d);
    rule_parts_of(more, &x);
    assert_int_equal(histo_count(moment_part(&x, 1).all), 12);
    assert_int_equal(histo_count(moment_part(&x, 1).good), 8);
    assert_int_equal(moment_part(&x, 2).bad, 4);
    rule_parts_clear(more);
    rule_parts_of(more, &x);
    assert_int_equal(histo_count(moment_part(&x, 1).all), 0);
    assert_int_equal(moment_part(&x, 2).n, 0);
    rule_parts_free(&parts);
    rule_parts_free(&more);
    delta_free(&d);
    shard_free(&f.shard);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(name, plan_up)
    const struct CMUnitTest tests[] = {
        T(limits_on_times_and_rates_are_rules),
        T(other_thresholds_are_none),
        T(the_same_samples_are_one_part),
        T(more_than_there_is_room_for_are_left_out),
        T(a_long_name_is_cut_at_a_character),
        T(what_no_scenario_asks_is_aside),
        T(a_moment_has_the_samples_of_each),
    };

    return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
