/* SPDX-License-Identifier: MIT
 *
 * This exercises: an earlier run read out of its results: what brunt writes is
 * read back, and what is not that is refused with where and what to do. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "record/baseline.h"
#include "record/results.h"
#include "../support/story_kit.h"

#define HINT                                                                   \
    "; expected is a results file of brunt (--results or key w writes "        \
    "one) or a recording (brunt runs lists those)"

static const char kit_plan[] =
    "{ \"flow\": ["
    "    { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" },"
    "    { \"get\": \"http://127.0.0.1:1/b\", \"name\": \"B\" } ],"
    "  \"scenarios\": { \"steady\": { \"executor\": \"constant-vus\","
    "    \"vus\": 2, \"duration\": \"10s\" } } }";

/* A whole file; parts of it are replaced by tests. */
#define SERIES                                                                 \
    "\"series\": { \"interval_s\": 1, \"t\": [0, 1, 2, 3],"                    \
    "  \"rps\": [10, 20, null, 30], \"p95\": [100, 300, null, 200],"           \
    "  \"errors\": [0, 0.5, null, 0] }"
#define PART                                                                   \
    "{ \"name\": \"spike\", \"series\": { \"interval_s\": 1,"                  \
    "  \"t\": [0, 1, 2, 3], \"vus\": [1, 2, 3, 4] } }"
#define HEAD                                                                   \
    "\"scenario\": \"spike\", \"started\": \"2026-11-27T03:43:23.168Z\","      \
    " \"duration_s\": 4, \"outcome\": { \"status\": \"passed\" }"
#define FIGURES                                                                \
    "\"metrics\": { \"http_reqs\": { \"values\": { \"rate\": 15 } },"          \
    "  \"http_req_duration\": { \"values\": { \"p(95)\": 250 } },"             \
    "  \"http_req_failed\": { \"values\": { \"rate\": 0.25 } } }"
#define EVENTS                                                                 \
    "\"events\": ["                                                            \
    " { \"t\": 0.5, \"type\": \"stage\", \"value\": \"1\","                    \
    "   \"text\": \"stage 1/3 ramp 0->10\" },"                                 \
    " { \"t\": 1, \"type\": \"jump\", \"value\": \"9\","                       \
    "   \"text\": \"there are 3 stages\" },"                                   \
    " { \"t\": 1.5, \"type\": \"jump\", \"value\": \"3\","                     \
    "   \"text\": \"stage 3/3 big spike 220\" },"                              \
    " { \"t\": 2, \"type\": \"mark\", \"value\": \"2\", \"text\": \"m\" } ]"
#define SCHEMA "\"schema\": \"brunt-results/1\""
#define OVER_TIME                                                              \
    "\"series\": { \"interval_s\": 1, \"window_s\": 10, \"t\": [1, 2, 3, 5],"  \
    "  \"requests\": [4, 9, 0, 3], \"rps\": [4, 4.5, null, 0.3],"              \
    "  \"p95\": [20, 30, null, 40], \"errors\": [0, 0.25, null, 1] }"
#define NAMES                                                                  \
    "\"endpoints\": [ { \"name\": \"A\", " FIGURES ", " OVER_TIME " },"        \
    " { \"name\": \"old\", " FIGURES " } ]"
#define WINDOWS                                                                \
    "\"windows\": { \"list\": [ { \"start_s\": 2, \"end_s\": 12,"              \
    "  \"active_s\": 10, \"load\": 2, \"requests\": 10, \"failed\": 1,"        \
    "  \"durations\": [[100, 9]] } ] }"
#define PARTS "\"scenarios\": [" PART "]"

static const char whole[] = "{" SCHEMA ", " HEAD ", " FIGURES ", " NAMES
                            ", " PARTS ", " SERIES ", " EVENTS ", " WINDOWS "}";

static struct baseline_run *parse(const char *text)
{
    struct err e = ERR_INIT;
    struct baseline_run *b = baseline_parse(text, strlen(text), "old.json", &e);

    if (b == NULL) {
        fail_msg("%s", e.text);
    }
    return b;
}

static void assert_near(double a, double b)
{
    if (!(a > b - 0.01 && a < b + 0.01)) {
        fail_msg("%f is not %f", a, b);
    }
}

static void what_a_file_says_is_kept(void **state)
{
    struct baseline_run *b = parse(whole);
    const struct baseline_part *p = baseline_part_of(b, "spike");
    const struct baseline_name *a = baseline_name_of(b, "A");

    (void)state;
    assert_string_equal(b->file, "old.json");
    assert_string_equal(b->scenario, "spike");
    assert_true(b->over);
    assert_int_equal(b->length_us, 4000000);
    assert_near(b->run.rps, 15);
    assert_near(b->run.p95_us, 250000);
    assert_near(b->run.errors, 0.25);
    assert_non_null(a);
    assert_near(a->run.p95_us, 250000);
    assert_null(baseline_name_of(b, "B"));
    assert_near(baseline_at(&b->p95, 1999999), 300000);
    assert_near(baseline_at(&b->p95, 3999999), 200000);
    assert_true(isnan(baseline_at(&b->p95, 2500000)));
    assert_true(isnan(baseline_at(&b->p95, 4000000)));
    assert_near(baseline_at(&p->level, 3000000), 4);
    assert_false(p->rate);
    /* The only scenario is it, whatever its name. */
    assert_ptr_equal(baseline_part_of(b, "load"), p);
    baseline_free(&b);
    baseline_free(&b);
}

static void stages_are_visits_and_refused_jumps_none(void **state)
{
    struct baseline_run *b = parse(whole);
    const struct baseline_part *p = &b->parts[0];

    (void)state;
    assert_int_equal(p->n_visits, 2);
    assert_int_equal(p->visits[0].stage, 0);
    assert_string_equal(p->visits[0].label, "ramp 0->10");
    assert_int_equal(p->visits[0].start_us, 500000);
    assert_int_equal(p->visits[0].end_us, 1500000);
    assert_int_equal(p->visits[1].stage, 2);
    assert_string_equal(p->visits[1].label, "big spike 220");
    assert_true(p->visits[1].end_us == UINT64_MAX);
    baseline_free(&b);
}

static void stretches_add_up(void **state)
{
    struct baseline_run *b = parse(whole);
    struct baseline_sum sum = {0};
    struct baseline_figures f = {.rps = 0};

    (void)state;
    baseline_sum_add(&sum, b, 0, 2000000);
    baseline_sum_add(&sum, b, 3400000, 9000000);
    assert_true(baseline_sum_end(&sum, &f));
    assert_near(f.rps, 20);
    assert_near(f.p95_us, 200000); /* the median of 100, 300 and 200 */
    assert_near(f.errors, 10.0 / 60);
    baseline_sum_add(&sum, b, 2000000, 3000000);
    assert_false(baseline_sum_end(&sum, &f));
    assert_near(f.rps, 20);
    baseline_free(&b);
}

static void a_request_has_figures_over_time(void **state)
{
    struct baseline_run *b = parse(whole);
    const struct baseline_name *a = baseline_name_of(b, "A");
    const struct baseline_moment *m = baseline_then(a, 2000000);

    (void)state;
    assert_true(b->over_time);
    assert_int_equal(a->window_us, 10000000);
    assert_non_null(m);
    assert_near(m->requests, 9);
    assert_near(m->was.rps, 4.5);
    assert_near(m->was.p95_us, 30000);
    assert_near(m->was.errors, 0.25);
    /* The nearest within half a step; none in a gap, before and after. */
    assert_ptr_equal(baseline_then(a, 1600000), m);
    assert_ptr_equal(baseline_then(a, 2400000), m);
    assert_null(baseline_then(a, 4000000));
    assert_null(baseline_then(a, 400000));
    assert_null(baseline_then(a, 5600000));
    assert_non_null(baseline_then(a, 5400000));
    assert_true(isnan(baseline_then(a, 3000000)->was.p95_us));
    /* What an earlier version wrote has none. */
    assert_null(baseline_then(baseline_name_of(b, "old"), 2000000));
    baseline_free(&b);
}

static void a_load_that_hardly_varied_is_steady(void **state)
{
    static const struct {
        const char *vus;
        double steady;
    } rows[] = {{"[20, 20, 20, 20]", 20},
                {"[20, 21, 19, 20]", 20},
                {"[1, 2, 3, 4]", NAN},
                {"[0, 0, 0, 0]", NAN},
                {"[20, 20, 20, 4]", NAN}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *at = strstr(whole, "[1, 2, 3, 4]");
        char *text = xasprintf("%.*s%s%s", (int)(at - whole), whole,
                               rows[i].vus, at + strlen("[1, 2, 3, 4]"));
        struct baseline_run *b = parse(text);

        if (isnan(rows[i].steady)) {
            assert_true(isnan(b->parts[0].steady));
        } else {
            assert_near(b->parts[0].steady, rows[i].steady);
        }
        baseline_free(&b);
        free(text);
    }
}

/* Points of no length: no time is no rate. */
static void figures_of_no_time_are_none(void **state)
{
    const char *at = strstr(whole, SERIES);
    char *text;
    struct baseline_run *b;
    struct baseline_sum sum = {0};
    struct baseline_figures f = {.rps = 0};

    (void)state;
    assert_non_null(at);
    text = xasprintf("%.*s%s%s", (int)(at - whole), whole,
                     "\"series\": { \"interval_s\": 1e-9, \"t\": [2],"
                     "  \"rps\": [10], \"p95\": [100], \"errors\": [0] }",
                     at + strlen(SERIES));
    b = parse(text);
    baseline_sum_add(&sum, b, 0, 9000000);
    if (baseline_sum_end(&sum, &f)) {
        assert_true(isnan(f.rps));
        assert_true(isnan(f.errors));
    }
    baseline_free(&b);
    free(text);
}

static void what_brunt_writes_is_read_back(void **state)
{
    const struct baseline_moment *m;
    struct story_kit k;
    struct baseline_run *b;
    char *text;
    unsigned i;

    (void)state;
    story_kit_init(&k, kit_plan);
    k.tick.vus = 2;
    for (i = 0; i < 25; i++) {
        story_kit_requests(&k, 0, 200, 10000, 10);
        story_kit_requests(&k, 1, i % 2 == 0 ? 503 : 200, 30000, 2);
        story_kit_tick(&k, NULL);
    }
    text = results_text(k.story);
    b = parse(text);
    assert_false(b->over);
    assert_string_equal(b->scenario, "steady");
    assert_near(b->run.rps, 120);
    assert_near(baseline_name_of(b, "B")->run.errors, 0.52);
    assert_true(fabs(baseline_name_of(b, "A")->run.p95_us - 10000) < 50);
    assert_int_equal(b->rps.n, 3);
    assert_near(baseline_at(&b->rps, 1500000), 120);
    assert_near(baseline_at(&b->parts[0].level, 1500000), 2);
    assert_near(baseline_mean(&b->vus), 2);
    /* By name at a moment it is what the screen had: the window's own. */
    m = baseline_then(baseline_name_of(b, "B"), 2000000);
    assert_non_null(m);
    assert_near(m->requests, 40);
    assert_near(m->was.rps, 20);
    assert_near(m->was.errors, 0.5);
    assert_true(fabs(m->was.p95_us - 30000) < 50);
    free(text);
    baseline_free(&b);
    story_kit_clear(&k);
}

/* from: a part of the whole file, once in it. */
static char *with(const char *from, const char *to)
{
    const char *at = strstr(whole, from);

    assert_non_null(at);
    return xasprintf("%.*s%s%s", (int)(at - whole), whole, to,
                     at + strlen(from));
}

/* Of an earlier version it says nothing of that. */
static void a_window_says_that_an_overload_was_felt(void **state)
{
    static const struct {
        const char *to;
        bool felt;
    } rows[] = {{"\"failed\": 1,", false},
                {"\"failed\": 1, \"recovering\": false,", false},
                {"\"failed\": 1, \"recovering\": true,", true}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = with("\"failed\": 1,", rows[i].to);
        struct baseline_run *b = parse(text);

        assert_int_equal(b->n_windows, 1);
        assert_true(b->windows[0].felt == rows[i].felt);
        baseline_free(&b);
        free(text);
    }
}

static void what_is_no_such_file_is_refused(void **state)
{
    static const struct {
        const char *from, *to, *error;
    } rows[] = {
        {"results/1", "results/9",
         "old.json:1:12: $.schema: expected \"brunt-results/1\", found "
         "\"brunt-results/9\"" HINT},
        {SCHEMA ",", "",
         "old.json:1:1: $: expected results with schema \"brunt-results/1\", "
         "found an object without a schema" HINT},
        {"\"duration_s\": 4", "\"duration_s\": -4",
         "old.json:1:105: $.duration_s: expected 0 to 1e+09, found -4" HINT},
        {"\"rps\": [10, 20, null, 30]", "\"rps\": [10, 20, null]",
         "$.series.rps: expected as many values as t has (4), found 3" HINT},
        {"\"t\": [0, 1, 2, 3],  \"rps\"", "\"t\": [0, 1, 1, 3],  \"rps\"",
         "$.series.t[2]: expected a later moment than the one before it" HINT},
        {"\"p95\": [100, 300", "\"p95\": [100, \"300\"",
         "$.series.p95[1]: expected a number, found a string" HINT},
        {"\"p95\": [100, 300", "\"p95\": [100, 1e300",
         "$.series.p95[1]: expected 0 to 1e+12, found 1e+300" HINT},
        {PARTS, "\"scenarios\": []",
         "$.scenarios: expected at least one scenario" HINT},
        {"{ \"name\": \"spike\",", "{ \"name\": \"spike\", \"vus_max\": -1,",
         "$.scenarios[0].vus_max: expected 0 to 1e+12, found -1" HINT},
        {SERIES, "\"series\": []",
         "$.series: expected an object, found an array" HINT},
        {NAMES, "\"endpoints\": [ { \"name\": 1 } ]",
         "$.endpoints[0].name: expected a string, found a number" HINT},
        {"\"window_s\": 10, \"t\": [1, 2, 3, 5]", "\"t\": [1, 2, 3, 5]",
         "$.endpoints[0].series.window_s: expected a number, found "
         "nothing" HINT},
        {"\"requests\": [4, 9, 0, 3]", "\"requests\": [4, 9, 0]",
         "$.endpoints[0].series.requests: expected as many values as t has "
         "(4), found 3" HINT},
        {OVER_TIME, "\"series\": 3",
         "$.endpoints[0].series: expected an object, found a number" HINT},
        {"\"interval_s\": 1, \"window_s\"", "\"interval_s\": 0, \"window_s\"",
         "$.endpoints[0].series.interval_s: expected more than 0" HINT},
        {"\"failed\": 1,", "\"failed\": 11,",
         "$.windows.list[0].failed: expected at most requests (10), found "
         "11" HINT},
        {"\"failed\": 1,", "\"failed\": 1, \"recovering\": 1,",
         "$.windows.list[0].recovering: expected true or false, found a "
         "number" HINT},
        {"\"end_s\": 12", "\"end_s\": 1",
         "$.windows.list[0].end_s: expected start_s (2) or more, found 1" HINT},
        {EVENTS, "\"events\": null",
         "$.events: expected an array, found null" HINT},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = with(rows[i].from, rows[i].to), said[1024];
        struct err e = ERR_INIT;

        assert_null(baseline_parse(text, strlen(text), "old.json", &e));
        err_str(&e, said, sizeof said);
        if (strstr(said, rows[i].error) == NULL) {
            fail_msg("%s\nis not\n%s", said, rows[i].error);
        }
        free(text);
    }
}

static void half_a_file_and_none_are_refused(void **state)
{
    struct err e = ERR_INIT, none = ERR_INIT;
    char said[1024];

    (void)state;
    assert_null(baseline_parse(whole, sizeof whole / 2, "old.json", &e));
    assert_true(e.line > 0);
    assert_non_null(strstr(e.text, HINT));
    assert_null(baseline_read("/nowhere/old.json", &none));
    err_str(&none, said, sizeof said);
    assert_non_null(strstr(said, "/nowhere/old.json"));
    assert_non_null(strstr(said, HINT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_file_says_is_kept),
        cmocka_unit_test(stages_are_visits_and_refused_jumps_none),
        cmocka_unit_test(stretches_add_up),
        cmocka_unit_test(a_request_has_figures_over_time),
        cmocka_unit_test(a_load_that_hardly_varied_is_steady),
        cmocka_unit_test(figures_of_no_time_are_none),
        cmocka_unit_test(what_brunt_writes_is_read_back),
        cmocka_unit_test(a_window_says_that_an_overload_was_felt),
        cmocka_unit_test(what_is_no_such_file_is_refused),
        cmocka_unit_test(half_a_file_and_none_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
