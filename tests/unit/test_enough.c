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
#include "base/clk.h"
#include "run/appraisal.h"
#include "run/baselines.h"
#include "run/comparison.h"
#include "run/study_anomaly.h"
#include "run/study_trend.h"

/* This exercises: runs of which hardly anything can be said: empty ones, one
 * request, five seconds, nothing but failures, and answers that all take the
 * same time. Each insight says that there is not enough to say, or what is true
 * of them; none makes a number from nothing. */

static const char kit_plan[] =
    "{ \"name\": \"Shop\","
    "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" } ],"
    "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
    "    \"vus\": 10, \"duration\": \"10m\" } },"
    "  \"thresholds\": { \"http_req_duration\": [\"p(95)<3s\"],"
    "    \"http_req_failed\": [\"rate<0.1\"] },"
    "  \"baselines\": { \"b\": { \"s\": {"
    "    \"http_req_duration\": \"p(95)<1s\", \"throughput\": \">1/s\","
    "    \"availability\": \">1%\", \"breaking_point\": \"50-80\","
    "    \"recovery_time\": \"<30s\" } } } }";

static struct story_earlier earlier;

static int set_up(void **state)
{
    (void)state;
    story_kit_begin(kit_plan, 10);
    earlier = (struct story_earlier){.file = "a.json", .scenario = "s"};
    story_hold_against(kit.story, &earlier);
    return 0;
}

static void feed(unsigned ticks, unsigned n, bool refused)
{
    unsigned i;

    while (ticks-- > 0) {
        for (i = 0; refused && i < n; i++) {
            story_kit_refused(&kit, 0);
        }
        if (!refused) {
            story_kit_requests(&kit, 0, 200, 20000, n);
        }
        story_kit_tick(&kit, NULL);
    }
}

static void end(void)
{
    kit.tick.state = RUN_DRAINING;
    kit.tick.wanted = kit.tick.vus = 0;
    story_kit_tick(&kit, NULL);
    kit.tick.state = RUN_FINISHED;
    story_kit_tick(&kit, NULL);
}

/* Held against itself. */
static struct compare_report compared(void)
{
    struct comparison_now now;
    struct compare_report r;

    earlier.side.list =
        windows_list(study_windows(story_study(kit.story)), &earlier.side.n);
    comparison_take(kit.story, &now);
    assert_true(comparison_of(&now, &r));
    comparison_clear(&now);
    return r;
}

static struct appraisal appraised(void)
{
    struct appraisal a;

    appraise(kit.story, &a);
    return a;
}

/* No load of these broke, bent, recovered or grew anything. */
static void assert_no_findings(void)
{
    const struct study *s = story_study(kit.story);
    const struct scaling *x = study_scaling(s);
    const struct soak_report *r = study_soak(s);
    char text[256];
    size_t i;

    assert_false(study_breaking(s).any);
    assert_false(study_broke(s)); /* nor probably */
    assert_false(study_probably(s).any);
    assert_int_equal(anomalies_count(study_anomalies(s)), 0);
    assert_int_equal(anomalies_dropped(study_anomalies(s)), 0);
    assert_string_equal(study_tell_scaling(s, text, sizeof text), "");
    assert_string_equal(study_tell_suspect(s, text, sizeof text), "");
    assert_false(x->usl.valid || x->usl.peak || x->bounds.full);
    assert_true(x->knee <= 0);
    assert_int_equal(recovery_count(study_recovery(s)), 0);
    for (i = 0; i < study_trends(s); i++) {
        const struct trend *t = &r->trends[i];

        assert_true(t->state == TREND_SHORT || t->state == TREND_UNSETTLED ||
                    t->state == TREND_UNSURE || t->state == TREND_STABLE);
    }
}

static void count_answers(void *ctx, const struct baseline_line *l)
{
    *(unsigned *)ctx += l->met != BASELINE_UNKNOWN || l->any;
}

/* How many lines of the baseline have an answer. */
static unsigned answers(void)
{
    unsigned n = 0;

    baselines_each(kit.story, count_answers, &n);
    return n;
}

static void a_run_that_never_recovers_says_so(void **state)
{
    struct window list[3] = {{.active_us = 10 * US_PER_SEC},
                             {.active_us = 10 * US_PER_SEC, .felt = true},
                             {.active_us = 2 * US_PER_SEC, .felt = true}};
    char text[160];

    (void)state;
    assert_string_equal(
        comparison_felt_text(list, 3, text, sizeof text),
        "12 s in which the service still felt an overload of before, up to the "
        "end of the run: not compared at the same load");
    list[2].felt = false;
    assert_string_equal(comparison_felt_text(list, 3, text, sizeof text),
                        "10 s in which the service still felt an overload of "
                        "before: not compared at the same load");
    assert_string_equal(comparison_felt_text(list, 1, text, sizeof text), "");
    assert_string_equal(comparison_felt_text(NULL, 0, text, sizeof text), "");
}

static void what_is_left_out_is_told(void **state)
{
    struct compare_report r = {.n = 0, .felt_b = 12};
    char note[COMPARISON_NOTE_MAX];

    (void)state;
    assert_string_equal(comparison_note(&r, note, sizeof note),
                        "no load was held for ten seconds in both runs but in "
                        "what is left out; left out, as an overload of before "
                        "was still felt: 0 s before, 12 s now");
    r.n = 1;
    r.felt_a = 20;
    r.levels[0] = (struct compare_level){
        .seconds_a = 300,
        .seconds_b = 300,
        .blocks_a = COMPARE_BLOCKS_MIN,
        .blocks_b = COMPARE_BLOCKS_MIN,
        .sure = true,
    };
    assert_string_equal(comparison_note(&r, note, sizeof note),
                        "left out, as an overload of before was still felt: "
                        "20 s before, 12 s now");
    r.felt_a = r.felt_b = 0;
    assert_string_equal(comparison_note(&r, note, sizeof note), "");
    r.suspect_b = 30;
    assert_string_equal(comparison_note(&r, note, sizeof note),
                        "the generator was suspect in 0 s before, 30 s now: "
                        "figures may be its own");
}

static void assert_nothing(void)
{
    struct appraisal a = appraised();
    struct compare_report r = compared();

    assert_no_findings();
    assert_int_equal(a.report.level, VERDICT_UNKNOWN);
    assert_int_equal(a.report.n, 0);
    assert_non_null(strstr(a.text, "not enough to say"));
    assert_null(appraisal_hint(&a, 0));
    assert_int_equal(compare_summary(&r), COMPARE_SHORT);
    assert_int_equal(answers(), 0);
}

static void an_empty_run(void **state)
{
    (void)state;
    feed(1200, 0, false);
    assert_nothing();
    end();
    assert_nothing();
}

static void one_request(void **state)
{
    (void)state;
    feed(1, 1, false);
    assert_nothing();
    end();
    assert_nothing();
}

static void one_request_that_fails(void **state)
{
    (void)state;
    feed(1, 1, true);
    assert_nothing();
    end();
    assert_nothing();
}

static void five_seconds(void **state)
{
    (void)state;
    feed(50, 10, false);
    assert_no_findings();
    assert_int_equal(appraised().report.level, VERDICT_UNKNOWN);
    end();
    assert_no_findings();
    assert_int_equal(appraised().report.level, VERDICT_UNKNOWN);
    assert_int_equal(compared().n, 0);
    assert_int_equal(study_soak(story_study(kit.story))->trends[SOAK_P95].state,
                     TREND_SHORT);
}

/* Two minutes: that everything failed is the one thing that is known. */
static void nothing_but_failures(void **state)
{
    struct compare_report r;
    struct appraisal a;

    (void)state;
    feed(1200, 10, true);
    end();
    assert_no_findings();
    a = appraised();
    assert_int_equal(a.report.level, VERDICT_CRITICAL);
    assert_false(a.facts.of[VERDICT_P95].known);
    assert_false(a.facts.of[VERDICT_P95_GROWTH].known);
    assert_true(a.report.open[VERDICT_P95]);
    r = compared();
    assert_int_equal(r.n, 1);
    assert_int_equal(r.levels[0].of[COMPARE_P50].answer, COMPARE_SHORT);
    assert_int_equal(r.levels[0].of[COMPARE_P95].answer, COMPARE_SHORT);
    assert_int_equal(r.levels[0].of[COMPARE_P99].answer, COMPARE_SHORT);
    assert_int_equal(r.levels[0].of[COMPARE_ERRORS].answer, COMPARE_SAME);
    assert_false(study_scaling(story_study(kit.story))->usl.valid);
    assert_int_equal(recovery_count(study_recovery(story_study(kit.story))), 0);
    assert_true(study_soak(story_study(kit.story))->trends[SOAK_P95].state ==
                TREND_SHORT);
}

/* Two minutes in which nothing ever differs: that much is known of them, and
 * the same as themselves they are. */
static void answers_that_all_take_the_same_time(void **state)
{
    struct compare_report r;
    int f;

    (void)state;
    feed(1200, 10, false);
    end();
    assert_no_findings();
    assert_int_equal(appraised().report.level, VERDICT_GOOD);
    r = compared();
    assert_int_equal(r.n, 1);
    for (f = 0; f < COMPARE_FIGURES; f++) {
        assert_int_equal(r.levels[0].of[f].answer, COMPARE_SAME);
        assert_true(r.levels[0].of[f].change >= 0 &&
                    r.levels[0].of[f].change <= 0);
    }
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, story_kit_end)
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_out_is_told),
        cmocka_unit_test(a_run_that_never_recovers_says_so),
        T(an_empty_run),
        T(one_request),
        T(one_request_that_fails),
        T(five_seconds),
        T(nothing_but_failures),
        T(answers_that_all_take_the_same_time),
    };
#undef T

    return cmocka_run_group_tests(tests, NULL, NULL);
}
