/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "screen/model.h"
#include "support/story_kit.h"

/* This exercises: what a model makes of a story: the order of its rows, and
 * that one figure has one value. */

static const struct model_want model_looked_at = {.cols = 40, .trend_cols = 8};

static const char model_plan[] =
    "{ \"name\": \"m\","
    "  \"flow\": ["
    "    { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" },"
    "    { \"get\": \"http://127.0.0.1:1/b\", \"name\": \"B\" },"
    "    { \"get\": \"http://127.0.0.1:1/c\", \"name\": \"C\" } ],"
    "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
    "    \"vus\": 1, \"duration\": \"60s\" } },"
    "  \"thresholds\": { \"http_req_duration\": [\"p(95)<15\"],"
    "    \"http_req_failed\": [\"rate<0.5\"] } }";

struct bench {
    struct story_kit kit;
    struct model_source *source;
    struct model model;
};

static void bench_init_plan(struct bench *b, const char *plan)
{
    story_kit_init(&b->kit, plan);
    b->source = model_source_new(b->kit.story);
    model_init(&b->model);
}

static void bench_init(struct bench *b)
{
    bench_init_plan(b, model_plan);
}

static void bench_clear(struct bench *b)
{
    model_clear(&b->model);
    model_source_free(&b->source);
    story_kit_clear(&b->kit);
}

/* A tick with ten requests of A and B, and the picture after it. */
static void bench_tick(struct bench *b, uint64_t a_us, uint64_t b_us)
{
    story_kit_requests(&b->kit, 0, 200, a_us, 10);
    story_kit_requests(&b->kit, 1, 200, b_us, 10);
    story_kit_tick(&b->kit, NULL);
    model_update(&b->model, b->source, &model_looked_at);
}

/* Names in the order of their rows. */
static const char *bench_rows(const struct bench *b)
{
    static char rows[64];
    size_t i;

    rows[0] = '\0';
    for (i = 0; i < b->model.n_requests; i++) {
        size_t n = strlen(rows);

        snprintf(rows + n, sizeof rows - n, "%s", b->model.requests[i].name);
    }
    return rows;
}

static void rows_are_sorted_by_what_is_shown(void **state)
{
    struct bench b;
    int i;

    (void)state;
    bench_init(&b);
    for (i = 0; i < 60; i++) {
        bench_tick(&b, 900000, 20000);
    }
    /* C was never asked for: last, though nothing is slower than nothing. */
    assert_string_equal(bench_rows(&b), "ABC");
    for (i = 0; i < 130; i++) {
        bench_tick(&b, 10000, 20000);
    }
    assert_string_equal(bench_rows(&b), "BAC"); /* by the last 10 s */
    b.kit.tick.state = RUN_FINISHED;
    bench_tick(&b, 10000, 20000);
    assert_string_equal(bench_rows(&b), "ABC"); /* by the whole run */
    bench_clear(&b);
}

static void rows_keep_their_places_from_picture_to_picture(void **state)
{
    struct bench b;
    int i, moves = 0;
    char before[8];

    (void)state;
    bench_init(&b);
    bench_tick(&b, 20000, 20000);
    for (i = 0; i < 200; i++) {
        snprintf(before, sizeof before, "%s", bench_rows(&b));
        /* Whichever is slower now is the other one by the next tick. */
        story_kit_requests(&b.kit, i % 2 == 0 ? 0 : 1, 200,
                           30000 + (uint64_t)i * 1000, 200);
        bench_tick(&b, 20000, 20000);
        moves += strcmp(before, bench_rows(&b)) != 0;
    }
    assert_in_range(moves, 1, 10);
    bench_clear(&b);
}

/* Feeds the story alone; verdicts stay as they were. */
static void bench_feed(struct bench *b, const struct verdict *v, size_t n)
{
    struct delta *d = delta_new(b->kit.plan, &b->kit.shard, 1);

    b->kit.tick.t_us += TICK_US;
    b->kit.tick.delta = d;
    b->kit.tick.verdicts = v;
    b->kit.tick.n_verdicts = n;
    story_feed(b->kit.story, &b->kit.tick);
    b->kit.tick.delta = NULL;
    b->kit.tick.verdicts = NULL;
    b->kit.tick.n_verdicts = 0;
    delta_free(&d);
    shard_clear(b->kit.shard);
}

static void a_figure_that_a_rule_is_on_has_one_value(void **state)
{
    struct verdict was[2];
    struct bench b;
    size_t i;

    (void)state;
    bench_init(&b);
    bench_tick(&b, 10000, 10000);
    for (i = 0; i < 2; i++) {
        was[i] = *judge_verdict(b.kit.judge, i);
    }
    /* Much has come since the rules were judged. */
    story_kit_requests(&b.kit, 0, 503, 80000, 60);
    bench_feed(&b, was, 2);
    model_update(&b.model, b.source, &model_looked_at);
    assert_int_equal(b.model.run.failed, 60);
    assert_true(b.model.run.error_rate <= 0);
    assert_in_range(b.model.run.p95_us, 9990, 10010);
    /* Now is the same moment for the last ten seconds. */
    assert_true(b.model.window.error_rate <= 0);
    assert_in_range(b.model.window.p95_us, 9990, 10010);
    /* What no rule is on is as it is. */
    assert_in_range(b.model.run.p99_us, 79900, 80100);
    bench_clear(&b);
}

/* Where all requests go is said once. */
static void names_go_without_the_target(void **state)
{
    struct story_kit k;
    struct model_source *source;
    struct model m;

    (void)state;
    story_kit_init(&k, "{ \"flow\": ["
                       "  { \"get\": \"http://127.0.0.1:1/a/b\" },"
                       "  { \"get\": \"http://127.0.0.1:12/c\" } ],"
                       "  \"scenarios\": { \"s\": { \"executor\": "
                       "\"constant-vus\", \"duration\": \"1s\" } } }");
    source = model_source_new(k.story);
    model_init(&m);
    story_kit_requests(&k, 0, 200, 2000, 1);
    story_kit_requests(&k, 1, 200, 1000, 1);
    story_kit_tick(&k, NULL);
    model_update(&m, source, &model_looked_at);
    assert_string_equal(m.requests[0].name, "/a/b");
    assert_string_equal(m.requests[1].name, "http://127.0.0.1:12/c");
    model_clear(&m);
    model_source_free(&source);
    story_kit_clear(&k);
}

/* All figures are of the bin that the cursor stands in. */
static void the_cursor_tells_its_moment(void **state)
{
    struct model_want w = model_looked_at;
    struct bench b;
    int i;

    (void)state;
    bench_init(&b);
    b.kit.tick.left_us = UINT64_C(60000000);
    for (i = 0; i < 200; i++) { /* 20 s; the fifth second is slow and fails */
        bool slow = i >= 40 && i < 50;

        story_kit_requests(&b.kit, 0, slow ? 503 : 200, slow ? 90000 : 1000, 2);
        bench_tick(&b, 1000, 1000);
    }
    w.cols = 100;
    w.cursor = true;
    w.cursor_us = 4300000;
    model_update(&b.model, b.source, &w);
    assert_true(b.model.cursor.on && b.model.cursor.any);
    assert_false(b.model.cursor.ahead);
    assert_int_equal(b.model.cursor.from_us, 4000000);
    assert_int_equal(b.model.cursor.to_us, 5000000);
    assert_int_equal(model_shown(&b.model)->requests, 220);
    assert_int_equal(model_shown(&b.model)->failed, 20);
    assert_int_equal(b.model.cursor.all.errors[ERRORS_5XX], 20);
    for (i = 0; i < 3; i++) {
        const struct model_request *r = &b.model.requests[i];
        const struct summary *s = model_request_shown(&b.model, r);

        assert_int_equal(s->requests, r->index == 0   ? 120
                                      : r->index == 1 ? 100
                                                      : 0);
        assert_int_equal(s->failed, r->index == 0 ? 20 : 0);
    }
    /* p(95)<15 and rate<0.5, of that second. */
    assert_true(b.model.cursor.figures[0].fed);
    assert_true(b.model.cursor.figures[0].value > 80);
    assert_true(b.model.cursor.figures[1].value > 0.09 &&
                b.model.cursor.figures[1].value < 0.10);
    /* A second before it is as it was; what comes has no figures. */
    w.cursor_us = 3000000;
    model_update(&b.model, b.source, &w);
    assert_true(b.model.cursor.figures[0].value < 2);
    assert_int_equal(model_shown(&b.model)->failed, 0);
    w.cursor_us = 40000000;
    model_update(&b.model, b.source, &w);
    assert_true(b.model.cursor.on && b.model.cursor.ahead);
    assert_false(b.model.cursor.any);
    assert_false(b.model.cursor.figures[0].fed);
    assert_int_equal(model_shown(&b.model)->requests, 0);
    w.cursor = false;
    model_update(&b.model, b.source, &w);
    assert_true(model_shown(&b.model) == &b.model.window);
    bench_clear(&b);
}

/* A picture that stands still is looked at anew, as of its moment. */
static void a_picture_that_stands_still_can_be_looked_into(void **state)
{
    struct model_want w = model_looked_at;
    struct model_source *source;
    struct bench b;
    struct model still;
    size_t i;

    (void)state;
    bench_init(&b);
    for (i = 0; i < 1500; i++) {
        bench_tick(&b, 1000, 1000);
    }
    still = b.model;
    model_init(&b.model);
    for (i = 0; i < 300; i++) {
        bench_tick(&b, 50000, 50000);
    }
    source = model_source_new(b.kit.story);
    w.zoom = ZOOM_MINUTE;
    w.cursor = true;
    w.cursor_us = 149000000;
    model_look(&still, source, &w);
    assert_int_equal(still.tick.t_us, 150000000);
    assert_int_equal(still.axis.to_us - still.axis.from_us, 60000000);
    assert_true(axis_has(&still.axis, 150000000));
    assert_true(still.n_bins > 20);
    for (i = 0; i < still.n_bins; i++) {
        assert_true(still.bins[i].start_us < 150000000);
        assert_true(still.bins[i].end_us > still.axis.from_us);
        assert_in_range(still.bins[i].p95_us, 900, 1100);
    }
    assert_true(still.cursor.any);
    assert_in_range(still.cursor.all.sum.p95_us, 900, 1100);
    model_clear(&still);
    model_source_free(&source);
    bench_clear(&b);
}

/* Iterations end the run, not the time they may take at most. */
static void the_axis_of_iterations_grows_with_them(void **state)
{
    struct bench b;
    int i;

    (void)state;
    bench_init(&b);
    b.kit.tick.left_us = UINT64_C(600000000);
    bench_tick(&b, 1000, 1000);
    assert_true(b.model.reach_us >= UINT64_C(600000000));
    bench_clear(&b);
    bench_init(&b);
    b.kit.tick.left_us = UINT64_C(600000000);
    b.kit.tick.scenarios[0].iterations_total = 60;
    for (i = 0; i < 100; i++) {
        bench_tick(&b, 1000, 1000);
    }
    assert_in_range(b.model.reach_us, 10000000, 120000000);
    bench_clear(&b);
}

/* A plan of two hours has columns of minutes: the first says what it has. */
static void the_peak_is_no_less_than_what_is_so_now(void **state)
{
    static const char plan[] =
        "{ \"name\": \"m\", \"flow\": ["
        "  { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" },"
        "  { \"get\": \"http://127.0.0.1:1/b\", \"name\": \"B\" } ],"
        "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
        "    \"vus\": 1, \"duration\": \"2h\" } } }";
    struct bench b;
    int i;

    (void)state;
    bench_init_plan(&b, plan);
    for (i = 0; i < 60; i++) {
        bench_tick(&b, 10000, 20000); /* 200 a second */
        assert_true(b.model.rps_peak >= b.model.window.rate);
    }
    assert_true(b.model.window.rate > 190 && b.model.rps_peak < 210);
    assert_true(b.model.rps.hi >= 200); /* and the axis has room for it */
    bench_clear(&b);
}

/* Of one second, however many of them a column of the chart is. */
static void the_peak_is_the_same_at_every_width(void **state)
{
    struct model_want w = model_looked_at;
    struct bench b;
    int i;

    (void)state;
    bench_init(&b);
    for (i = 0; i < 600; i++) {
        if (i / 10 == 23) {
            story_kit_requests(&b.kit, 0, 200, 10000, 20);
        }
        bench_tick(&b, 10000, 20000);
    }
    for (w.cols = 5; w.cols <= 320; w.cols *= 2) {
        model_update(&b.model, b.source, &w);
        assert_true(b.model.rps_peak > 399 && b.model.rps_peak < 401);
    }
    bench_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_sorted_by_what_is_shown),
        cmocka_unit_test(rows_keep_their_places_from_picture_to_picture),
        cmocka_unit_test(names_go_without_the_target),
        cmocka_unit_test(the_peak_is_no_less_than_what_is_so_now),
        cmocka_unit_test(the_peak_is_the_same_at_every_width),
        cmocka_unit_test(the_axis_of_iterations_grows_with_them),
        cmocka_unit_test(a_figure_that_a_rule_is_on_has_one_value),
        cmocka_unit_test(the_cursor_tells_its_moment),
        cmocka_unit_test(a_picture_that_stands_still_can_be_looked_into),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
