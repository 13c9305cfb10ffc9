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
#include "run/appraisal.h"

/* This exercises: what a verdict is told of a run, from its ticks, and the
 * words for it. */

static const char kit_plan[] =
    "{ \"name\": \"Shop\","
    "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" } ],"
    "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
    "    \"vus\": 10, \"duration\": \"10m\" } },"
    "  \"thresholds\": { \"http_req_duration\": [\"p(95)<3s\"],"
    "    \"http_req_failed\": [\"rate<0.1\"] },"
    "  \"verdict\": { \"warning\": { \"p95\": { \"when\": \">1s\","
    "      \"hint\": \"is the cache \\u001b[2J warm?\" } },"
    "    \"critical\": { \"timeouts\": \">5\" } } }";

static struct appraisal got;

static int set_up(void **state)
{
    (void)state;
    story_kit_begin(kit_plan, 10);
    return 0;
}

#define BARE_PLAN(more)                                                        \
    "{ \"name\": \"Shop\","                                                    \
    "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\" } ],"                   \
    "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","              \
    "    \"vus\": 10, \"duration\": \"10m\" } }" more " }"
static const char bare_plan[] = BARE_PLAN("");
static const char own_plan[] =
    BARE_PLAN(", \"verdict\": { \"critical\": {"
              "  \"memory_growth\": \">10%\", \"thresholds\": false } }");

/* Ticks of n requests, of which so many are answered with that status. */
static void feed(unsigned ticks, unsigned n, uint64_t us, unsigned odd,
                 unsigned status)
{
    story_kit_feed(&kit, ticks, n, us, odd, status);
}

static const char *text(void)
{
    story_lock(kit.story);
    appraise(kit.story, &got);
    story_unlock(kit.story);
    return got.text;
}

static void a_healthy_run_is_good_and_says_of_what(void **state)
{
    (void)state;
    feed(300, 10, 20000, 0, 503);
    assert_string_equal(text(), "good: 3,000 requests, errors 0.0 %, "
                                "p95 20.0 ms at 10 VUs");
    assert_int_equal(got.report.level, VERDICT_GOOD);
    assert_true(got.report.open[VERDICT_P95_GROWTH]);
    assert_false(got.report.open[VERDICT_MEMORY_GROWTH]); /* nobody watched */
    assert_false(got.report.open[VERDICT_P95]);
    assert_null(appraisal_hint(&got, 0));
}

static void what_is_missing_alone_is_said(void **state)
{
    (void)state;
    feed(50, 10, 20000, 0, 503);
    assert_string_equal(text(),
                        "not enough to say: only 5 s of load; it takes 10 s");
}

static void few_in_much_time_are_too_few(void **state)
{
    (void)state;
    feed(1, 1, 20000, 0, 503);
    feed(150, 0, 20000, 0, 503);
    assert_string_equal(text(),
                        "not enough to say: 1 request in 15 s; it takes "
                        "30");
}

static void few_requests_are_not_enough(void **state)
{
    (void)state;
    feed(1, 1, 20000, 1, 503);
    assert_string_equal(text(), "not enough to say: 1 request in 0 s; it takes "
                                "30 in 10 s");
    feed(100, 0, 20000, 0, 503);
    assert_int_equal((text(), got.report.level), VERDICT_UNKNOWN);
    assert_int_equal(got.report.n, 0);
}

static void errors_are_told_with_their_counts_and_when(void **state)
{
    char open[128];

    (void)state;
    feed(200, 10, 20000, 0, 503);
    feed(100, 10, 20000, 3, 503);
    feed(100, 10, 20000, 0, 503);
    assert_string_equal(text(), "critical: errors, 5xx");
    assert_string_equal(got.reasons[0],
                        "7.5 % of requests failed, over 5.0 %: 300 of 4,000, "
                        "from 0:20 to 0:30");
    assert_string_equal(got.reasons[1], "300 answers 5xx, from 0:20 to 0:30");
    assert_string_equal(appraisal_hint(&got, 0), "exceptions in the log");
    assert_string_equal(appraisal_hint(&got, 1),
                        "whether external services are there");
    assert_null(appraisal_hint(&got, 2));
    assert_string_equal(appraisal_open(&got, open, sizeof open), "p95 growing");
}

/* Quick failures that begin as the load grows, however little, make p95 no
 * longer; as many at each load are no matter of the load. */
static void errors_that_grow_with_the_load_are_told_as_that(void **state)
{
    unsigned at_first;

    (void)state;
    for (at_first = 0; at_first < 2; at_first++) {
        story_kit_clear(&kit);
        story_kit_init(&kit, bare_plan);
        kit.tick.wanted = kit.tick.vus = kit.tick.planned = 10;
        story_kit_by_hand(&kit, 8);
        feed(400, 5, 20000, 0, 503);
        if (at_first == 1) {
            feed(400, 5, 20000, 1, 503);
        }
        story_kit_by_hand(&kit, 9);
        feed(300, 5, 20000, 1, 503);
        (void)text();
        assert_int_equal(got.facts.rises, at_first == 0);
        assert_string_equal(appraisal_hint(&got, 0),
                            at_first == 0 ? "what runs out as the load grows: "
                                            "CPU, threads, connections"
                                          : "exceptions in the log");
    }
}

/* No thresholds, and nobody looks at memory: then nobody asked for either,
 * unless the plan has a rule of its own. */
static void what_nobody_asked_for_is_not_named(void **state)
{
    char open[128];

    (void)state;
    story_kit_clear(&kit);
    story_kit_init(&kit, bare_plan);
    kit.tick.wanted = kit.tick.vus = kit.tick.planned = 10;
    feed(300, 10, 20000, 0, 503);
    (void)text();
    assert_string_equal(appraisal_open(&got, open, sizeof open), "p95 growing");
    kit.tick.server.watched = true;
    feed(10, 10, 20000, 0, 503);
    (void)text();
    assert_string_equal(appraisal_open(&got, open, sizeof open),
                        "p95 growing, memory growing");
    story_kit_clear(&kit);
    story_kit_init(&kit, own_plan);
    kit.tick.wanted = kit.tick.vus = kit.tick.planned = 10;
    feed(300, 10, 20000, 0, 503);
    (void)text();
    assert_string_equal(appraisal_open(&got, open, sizeof open),
                        "p95 growing, memory growing");
}

static void slow_answers_are_told_with_their_load(void **state)
{
    (void)state;
    feed(300, 10, 1500000, 0, 503);
    assert_string_equal(text(), "warning: p95");
    assert_string_equal(got.reasons[0], "p95 1.50 s at 10 VUs, over 1.00 s, "
                                        "from 0:00 to 0:30");
    assert_string_equal(appraisal_hint(&got, 0), "is the cache \x1b[2J warm?");
    assert_string_equal(appraisal_hint(&got, 1),
                        "how long queries of the database take");
    assert_string_equal(appraisal_hint(&got, 2),
                        "how long the services behind it take");
    assert_null(appraisal_hint(&got, 4));
}

/* What the hints of that plan say of slow answers. */
static void expect_hints(const char *flow, const char *hint, const char *first,
                         const char *third)
{
    char plan[1024];

    snprintf(plan, sizeof plan,
             "{ \"name\": \"Shop\", \"flow\": [ %s ],"
             "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
             "    \"vus\": 10, \"duration\": \"10m\" } },"
             "  \"verdict\": { \"warning\": { \"p95\": { \"when\": \">1s\","
             "      \"hint\": \"%s\" } } } }",
             flow, hint);
    story_kit_clear(&kit);
    story_kit_init(&kit, plan);
    kit.tick.wanted = kit.tick.vus = kit.tick.planned = 10;
    feed(300, 10, 1500000, 0, 503);
    (void)text();
    assert_string_equal(appraisal_hint(&got, 0), first);
    assert_string_equal(appraisal_hint(&got, 2), third);
}

static void hints_fit_the_plan_and_go_on_from_look_at(void **state)
{
    static const char shop[] = "{ \"get\": \"http://127.0.0.1:1/a\" }";
    static const char llm[] =
        "how long the LLM, or another service behind it, takes";
    static const char others[] = "how long the services behind it take";

    (void)state;
    expect_hints(shop, "look at the cache", "the cache", others);
    expect_hints(shop, "Look at: the cache", "the cache", others);
    expect_hints(shop, "lookats", "lookats", others);
    expect_hints(shop, "look at", "look at", others);
    expect_hints(shop, "look at: ", "look at: ", others);
    expect_hints("{ \"get\": \"http://127.0.0.1:1/v1/Chat\" }", "x", "x", llm);
    expect_hints("{ \"get\": \"http://127.0.0.1:1/a\", \"name\": "
                 "\"completions\" }",
                 "x", "x", llm);
    expect_hints("{ \"get\": \"http://127.0.0.1:1/a\", \"sse\": { \"until\": "
                 "\"done\" } }",
                 "x", "x", llm);
}

static void thresholds_and_429s_are_reasons_too(void **state)
{
    (void)state;
    feed(300, 10, 3500000, 2, 429);
    story_lock(kit.story);
    story_unlock(kit.story);
    assert_string_equal(text(),
                        "critical: errors, thresholds; warning: p95, 429s");
    assert_string_equal(got.reasons[1],
                        "2 of 2 thresholds failed: http_req_duration "
                        "p(95)<3s, http_req_failed rate<0.1");
    assert_string_equal(got.reasons[3],
                        "600 answers 429, Too Many Requests, from 0:00 to "
                        "0:30");
    kit.info.no_thresholds = true;
    assert_string_equal(text(), "critical: errors; warning: p95, 429s");
}

static void refusals_are_told(void **state)
{
    unsigned i;

    (void)state;
    feed(300, 10, 20000, 0, 503);
    for (i = 0; i < 3; i++) {
        story_kit_refused(&kit, 0);
    }
    story_kit_tick(&kit, NULL);
    assert_string_equal(text(), "critical: refused connections");
    assert_string_equal(got.reasons[0], "3 connections refused, at 0:30");
}

/* Keys and rate limits are for those who were denied or limited. */
static void hints_fit_the_errors(void **state)
{
    (void)state;
    feed(300, 10, 20000, 2, 401);
    assert_string_equal(text(), "critical: errors, thresholds");
    assert_string_equal(appraisal_hint(&got, 0),
                        "API keys: some requests were denied (401, 403)");
    assert_null(appraisal_hint(&got, 1));
}

/* Ten times the load, responses that take ten times as long, and 503s. */
static void an_overload_is_told_as_one(void **state)
{
    (void)state;
    feed(300, 10, 20000, 0, 503);
    kit.tick.wanted = kit.tick.vus = kit.tick.planned = 100;
    feed(150, 100, 200000, 40, 503);
    (void)text();
    assert_true(got.facts.rises);
    assert_string_equal(
        appraisal_hint(&got, 0),
        "what runs out as the load grows: CPU, threads, connections");
    assert_string_equal(appraisal_hint(&got, 1), "exceptions in the log");
    assert_null(appraisal_hint(&got, 2));
}

static void memory_over_its_limit_is_critical(void **state)
{
    struct tick_server *s = &kit.tick.server;

    (void)state;
    s->watched = s->alive = true;
    s->rss_bytes = 290000000;
    feed(100, 10, 20000, 0, 503);
    assert_int_equal((text(), got.report.level), VERDICT_GOOD);
    assert_false(got.report.open[VERDICT_MEMORY_LIMIT]); /* there is none */
    s->limit_bytes = 300000000;
    feed(50, 10, 20000, 0, 503);
    assert_int_equal((text(), got.report.level), VERDICT_GOOD);
    s->rss_bytes = 462000000;
    feed(50, 10, 20000, 0, 503);
    s->rss_bytes = 280000000;
    feed(50, 10, 20000, 0, 503);
    assert_string_equal(text(), "critical: memory limit");
    assert_string_equal(got.reasons[0],
                        "the service's memory came to 462 MB, over its limit "
                        "of 300 MB, from 0:15 to 0:20");
    assert_string_equal(appraisal_hint(&got, 0), "heap snapshots: what grows");
    s->alive = false; /* that it is gone takes nothing back */
    s->rss_bytes = s->limit_bytes = 0;
    feed(50, 10, 20000, 0, 503);
    assert_string_equal(text(), "critical: memory limit");
}

/* A limit, and nothing seen of the memory: not known. */
static void a_limit_of_what_is_not_seen_is_open(void **state)
{
    (void)state;
    kit.tick.server.watched = kit.tick.server.alive = true;
    kit.tick.server.limit_bytes = 300000000;
    feed(200, 10, 20000, 0, 503);
    assert_int_equal((text(), got.report.level), VERDICT_GOOD);
    assert_true(got.report.open[VERDICT_MEMORY_LIMIT]);
}

/* Ten minutes of the same load, in which p95 grows by half. */
static void latency_that_grows_is_a_warning(void **state)
{
    unsigned i;

    (void)state;
    for (i = 0; i < 6000; i++) {
        story_kit_requests(&kit, 0, 200, 100000 + i * 10 + i * 7919 % 20000, 5);
        story_kit_tick(&kit, NULL);
    }
    assert_string_equal(text(), "warning: p95 growing");
    assert_non_null(strstr(got.reasons[0], "p95 growing "));
    assert_non_null(strstr(got.reasons[0], ", from 0:00 to 10:00"));
    assert_true(got.report.reasons[0].known.value > 0.1 &&
                got.report.reasons[0].known.value < 0.7);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, story_kit_end)
    static const struct CMUnitTest tests[] = {
        T(a_healthy_run_is_good_and_says_of_what),
        T(what_is_missing_alone_is_said),
        T(few_in_much_time_are_too_few),
        T(few_requests_are_not_enough),
        T(errors_are_told_with_their_counts_and_when),
        T(errors_that_grow_with_the_load_are_told_as_that),
        T(what_nobody_asked_for_is_not_named),
        T(slow_answers_are_told_with_their_load),
        T(hints_fit_the_plan_and_go_on_from_look_at),
        T(thresholds_and_429s_are_reasons_too),
        T(refusals_are_told),
        T(hints_fit_the_errors),
        T(an_overload_is_told_as_one),
        T(memory_over_its_limit_is_critical),
        T(a_limit_of_what_is_not_seen_is_open),
        T(latency_that_grows_is_a_warning),
    };
#undef T

    return cmocka_run_group_tests(tests, NULL, NULL);
}
