/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/story_kit.h"
#include "run/baselines.h"

/* This exercises: a run held against the plan's baselines: each kind of line
 * met, missed and not known; and which baseline counts. */

static const char kit_plan[] =
    "{ \"name\": \"Shop\", \"env\": { \"BASELINE\": \"%s\" },"
    "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" } ],"
    "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
    "    \"vus\": 10, \"duration\": \"10m\" } },"
    "  \"thresholds\": { \"http_req_duration\": [\"p(95)<3s\"] },"
    "  \"baselines\": {"
    "    \"local\": { \"s\": {"
    "      \"http_req_duration\": \"p(95)<100\", \"http_reqs\": \"rate>=50\","
    "      \"http_req_failed\": \"rate<0.01\", \"throughput\": \"~6000/m\","
    "      \"availability\": \">99.9%%\", \"breaking_point\": \"50-80\","
    "      \"recovery_time\": \"<10s\" } },"
    "    \"far\": { \"*\": { \"throughput\": \">2/s\" } } } }";

static void begin(const char *baseline)
{
    char text[2048];

    snprintf(text, sizeof text, kit_plan, baseline);
    story_kit_begin(text, 10);
}

static int set_up(void **state)
{
    (void)state;
    begin("local");
    return 0;
}

static void feed(unsigned ticks, unsigned n, uint64_t us, unsigned odd)
{
    story_kit_feed(&kit, ticks, n, us, odd, 503);
}

struct found {
    const char *metric;
    struct baseline_line line;
    unsigned n;
};

static void find(void *ctx, const struct baseline_line *l)
{
    struct found *f = ctx;

    if (strcmp(l->item->metric, f->metric) == 0) {
        f->line = *l;
        f->n++;
    }
}

static void assert_line(const char *metric, enum baseline_met met,
                        const char *text)
{
    struct found f = {.metric = metric};

    story_lock(kit.story);
    baselines_each(kit.story, find, &f);
    story_unlock(kit.story);
    assert_int_equal(f.n, 1);
    assert_string_equal(f.line.text, text);
    assert_int_equal(f.line.met, met);
    /* What never came has no value. */
    assert_true(f.line.any ? met != BASELINE_UNKNOWN : met != BASELINE_MET);
}

static void a_calm_run_meets_what_it_can_show(void **state)
{
    (void)state;
    feed(300, 10, 20000, 0);
    assert_line("http_req_duration", BASELINE_MET, "p(95)=20.0 ms");
    assert_line("http_reqs", BASELINE_MET, "rate=100/s");
    assert_line("http_req_failed", BASELINE_MET, "rate=0.0 %");
    assert_line("throughput", BASELINE_MET, "6,000/m at 10 VUs");
    assert_line("availability", BASELINE_MET,
                "100 %: 0 of 3,000 requests failed");
    assert_line("breaking_point", BASELINE_UNKNOWN,
                "nothing broke up to 10 VUs, which is no answer");
    assert_line("recovery_time", BASELINE_UNKNOWN, "nothing to recover from");
}

static void a_bad_run_misses_it(void **state)
{
    (void)state;
    feed(300, 4, 200000, 1);
    assert_line("http_req_duration", BASELINE_MISSED, "p(95)=200 ms");
    assert_line("http_reqs", BASELINE_MISSED, "rate=40.0/s");
    assert_line("http_req_failed", BASELINE_MISSED, "rate=25.0 %");
    assert_line("throughput", BASELINE_MISSED, "2,400/m at 10 VUs");
    assert_line("availability", BASELINE_MISSED,
                "75 %: 300 of 1,200 requests failed");
}

static void more_throughput_than_about_is_met(void **state)
{
    (void)state;
    feed(300, 30, 20000, 0);
    assert_line("throughput", BASELINE_MET,
                "18,000/m at 10 VUs, which is more");
}

static void one_request_says_nothing(void **state)
{
    (void)state;
    feed(1, 1, 20000, 0);
    assert_line("http_req_duration", BASELINE_UNKNOWN,
                "too few samples to say: 1");
    assert_line("http_req_failed", BASELINE_UNKNOWN,
                "too few samples to say: 1");
    assert_line("throughput", BASELINE_UNKNOWN,
                "too few requests under a load that was held");
    assert_line("availability", BASELINE_UNKNOWN, "too few requests to say: 1");
    assert_line("breaking_point", BASELINE_UNKNOWN, "no load was held");
}

static void a_breaking_point_within_the_range_or_above_is_met(void **state)
{
    (void)state;
    feed(200, 10, 20000, 0);
    story_kit_by_hand(&kit, 70);
    feed(200, 10, 20000, 0);
    assert_line("breaking_point", BASELINE_MET, "nothing broke up to 70 VUs");
    story_kit_by_hand(&kit, 75);
    feed(400, 10, 3500000, 0);
    assert_line("breaking_point", BASELINE_MET, "breaks between 70 and 75 VUs");
}

static void one_below_is_missed(void **state)
{
    (void)state;
    feed(200, 10, 20000, 0);
    story_kit_by_hand(&kit, 30);
    feed(400, 10, 3500000, 0);
    assert_line("breaking_point", BASELINE_MISSED,
                "breaks between 10 and 30 VUs");
}

static void recovery_is_held_against_its_time(void **state)
{
    (void)state;
    feed(400, 10, 20000, 0);
    story_kit_by_hand(&kit, 100);
    feed(100, 10, 500000, 0);
    story_kit_by_hand(&kit, 10);
    feed(50, 10, 500000, 0);
    assert_line("recovery_time", BASELINE_UNKNOWN, "not for sure after 5 s");
    feed(150, 10, 20000, 0);
    assert_line("recovery_time", BASELINE_MET, "5 s");
    story_kit_by_hand(&kit, 100);
    feed(100, 10, 500000, 0);
    story_kit_by_hand(&kit, 10);
    feed(120, 10, 500000, 0);
    assert_line("recovery_time", BASELINE_MISSED, "not for sure after 12 s");
}

static void spike(unsigned ticks, uint64_t us)
{
    story_kit_by_hand(&kit, 100);
    feed(70, 10, us, 0);
    story_kit_by_hand(&kit, 10);
    feed(ticks, 10, us, 0);
}

static void finish(void)
{
    kit.tick.state = RUN_DRAINING;
    feed(2, 0, 0, 0);
    kit.tick.state = RUN_FINISHED;
    feed(1, 0, 0, 0);
}

/* However short a time it had, and however well one did before. */
static void a_return_that_never_came_is_missed(void **state)
{
    (void)state;
    feed(400, 10, 20000, 0);
    spike(50, 500000);
    feed(300, 10, 20000, 0);
    assert_line("recovery_time", BASELINE_MET, "5 s");
    spike(40, 500000);
    finish();
    assert_line("recovery_time", BASELINE_MISSED,
                "not back within the 4 s that it had after 1:29");
}

static void nothing_wrong_is_no_time(void **state)
{
    (void)state;
    feed(400, 10, 20000, 0);
    spike(200, 20000);
    finish();
    assert_line("recovery_time", BASELINE_UNKNOWN, "nothing to recover from");
}

static void count(void *ctx, const struct baseline_line *l)
{
    (void)l;
    ++*(unsigned *)ctx;
}

static void the_variable_says_which_counts(void **state)
{
    static const struct {
        const char *name;
        unsigned lines;
        bool ok;
    } rows[] = {{"local", 7, true},
                {"far", 1, true},
                {"", 8, true},
                {"near", 0, false}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct err e = ERR_INIT;
        unsigned n = 0;

        begin(rows[i].name);
        feed(1, 1, 20000, 0);
        assert_int_equal(plan_baseline_check(kit.plan, &e), rows[i].ok);
        story_lock(kit.story);
        baselines_each(kit.story, count, &n);
        story_unlock(kit.story);
        assert_int_equal(n, rows[i].lines);
        if (!rows[i].ok) {
            assert_string_equal(e.text,
                                "BASELINE: no baseline is named 'near'; there "
                                "are: local, far (empty: all)");
        }
        story_kit_clear(&kit);
    }
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, story_kit_end)
    static const struct CMUnitTest tests[] = {
        T(a_calm_run_meets_what_it_can_show),
        T(a_bad_run_misses_it),
        T(more_throughput_than_about_is_met),
        T(one_request_says_nothing),
        T(a_breaking_point_within_the_range_or_above_is_met),
        T(one_below_is_missed),
        T(recovery_is_held_against_its_time),
        T(a_return_that_never_came_is_missed),
        T(nothing_wrong_is_no_time),
        cmocka_unit_test(the_variable_says_which_counts),
    };
#undef T

    return cmocka_run_group_tests(tests, NULL, NULL);
}
