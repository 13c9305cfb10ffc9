/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "record/results.h"
#include "screen/draw.h"
#include "support/sheet.h"

/* This exercises: what each request had in an earlier run, beside what it has
 * now: the same window of the same stage, of the whole run at its end, about
 * the cursor; and nothing where it would be no comparison. */

static const char steady[] =
    "{ \"flow\": ["
    "    { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" },"
    "    { \"get\": \"http://127.0.0.1:1/b\", \"name\": \"B\" } ],"
    "  \"scenarios\": { \"calm\": { \"executor\": \"constant-vus\","
    "    \"vus\": 20, \"duration\": \"60s\" } } }";

/* Stages of that plan, at 20 VUs throughout. */
#define STAGES(list)                                                           \
    "{ \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" } ],"  \
    "  \"scenarios\": { \"calm\": { \"executor\": \"ramping-vus\","            \
    "    \"startVUs\": 20, \"stages\": [ " list " ] } } }"
#define STAGE(name, length)                                                    \
    "{ \"name\": \"" name "\", \"target\": 20, \"duration\": \"" length "\" }"

struct pair {
    struct sim old;
    struct sheet now;
};

static void pair_of(struct pair *p, const char *old, const char *now)
{
    sim_init(&p->old, old, 7);
    sheet_init(&p->now, now);
}

/* The same seed makes the same run of the same plan. */
static void pair_begin(struct pair *p, const char *plan)
{
    pair_of(p, plan, plan);
}

static void pair_end(struct pair *p)
{
    sheet_clear(&p->now);
    sim_clear(&p->old);
}

/* The earlier run's results, with its requests over time or without, as an
 * earlier version wrote them. */
static void pair_hold(struct pair *p, bool over_time)
{
    char *text = results_text(p->old.story);
    cJSON *root = json_parse(text, strlen(text), "old.json", NULL), *x;

    free(text);
    assert_non_null(root);
    cJSON_ArrayForEach(x, cJSON_GetObjectItemCaseSensitive(root, "endpoints"))
    {
        if (!over_time) {
            cJSON_DeleteItemFromObjectCaseSensitive(x, "series");
        }
    }
    text = cJSON_Print(root);
    sheet_behind(&p->now, text);
    cJSON_Delete(root);
    free(text);
}

/* The earlier run took so long, and ended. */
static void pair_ended(struct pair *p, unsigned seconds, bool over_time)
{
    sim_run(&p->old, seconds);
    sim_finish(&p->old, 0);
    pair_hold(p, over_time);
}

static const struct model_baseline *pair_look(struct pair *p)
{
    sheet_look(&p->now, 120, 36);
    return &p->now.model.baseline;
}

/* How many requests have something beside them. */
static size_t pair_beside(struct pair *p)
{
    size_t n = 0, i;

    (void)pair_look(p);
    for (i = 0; i < p->now.model.n_requests; i++) {
        n += model_baseline_name(&p->now.model, i) != NULL;
    }
    return n;
}

static void assert_all(struct pair *p)
{
    size_t n = pair_beside(p);

    assert_true(n > 0);
    assert_int_equal(n, p->now.model.n_requests);
}

static void assert_same(double a, double b)
{
    if (!(fabs(a - b) <= 0.002 * fabs(b) + 1e-6)) {
        fail_msg("%f is not %f", a, b);
    }
}

/* Everything is as it was, at any whole second: where slots end. */
static void the_same_run_differs_in_nothing(void **state)
{
    static const unsigned steps[] = {3, 9, 13, 7, 5, 11, 13};
    struct pair p;
    size_t i, k;

    (void)state;
    pair_begin(&p, NULL);
    pair_ended(&p, 108, true);
    for (i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const struct model *m = &p.now.model;

        sim_run(&p.now.sim, steps[i]);
        assert_all(&p);
        assert_int_equal(m->baseline.by, BASELINE_BY_WINDOW);
        for (k = 0; k < m->n_requests; k++) {
            const struct model_request *r = &m->requests[k];
            const struct baseline_beside *b = model_baseline_name(m, r->index);

            assert_int_equal(b->requests, r->window.requests);
            assert_same(b->was.rps, r->window.rate);
            assert_same(b->was.errors, r->window.error_rate);
            if (r->window.responses > 0) {
                assert_same(b->was.p95_us, (double)r->window.p95_us);
            }
        }
    }
    pair_end(&p);
}

/* A stage that is held longer has nothing beside its end; the next one begins
 * beside its like. */
static void stages_are_held_against_their_like(void **state)
{
    const struct baseline_name *name;
    const struct model_baseline *b;
    struct pair p;

    (void)state;
    pair_begin(&p, NULL);
    pair_ended(&p, 108, true);
    name = &p.now.base->names[0];
    sim_run(&p.now.sim, 20);
    sim_command(&p.now.sim, COMMAND_HOLD, 0, "");
    sim_run(&p.now.sim, 5);
    sim_command(&p.now.sim, COMMAND_HOLD, 0, "");
    sim_run(&p.now.sim, 8);
    /* 23 s into a stage that the earlier run left after 20. */
    assert_int_equal(pair_beside(&p), 0);
    sim_run(&p.now.sim, 11);
    b = pair_look(&p);
    assert_int_equal(b->by, BASELINE_BY_WINDOW);
    assert_memory_equal(&model_baseline_name(&p.now.model, 0)->was,
                        &baseline_then(name, 39000000)->was,
                        sizeof(struct baseline_figures));
    pair_end(&p);
}

/* After a jump the window is of two stages that were never one after the
 * other. */
static void what_came_by_a_jump_waits_for_its_own_window(void **state)
{
    struct pair p;

    (void)state;
    pair_begin(&p, NULL);
    pair_ended(&p, 108, true);
    sim_run(&p.now.sim, 15);
    assert_all(&p);
    sim_command(&p.now.sim, COMMAND_JUMP_STAGE, 4, "");
    sim_run(&p.now.sim, 5);
    assert_int_equal(pair_beside(&p), 0);
    sim_run(&p.now.sim, 7);
    assert_all(&p);
    pair_end(&p);
}

/* What came before the first stage that both have was another load, in one run
 * or the other: its window is waited for. */
static void what_came_before_is_never_in_one_window_only(void **state)
{
    static const char steady_only[] = STAGES(STAGE("steady", "60s"));
    static const char warm[] =
        STAGES(STAGE("warm", "7s") ", " STAGE("steady", "60s"));
    static const char short_a[] = STAGES(
        STAGE("lead", "20s") ", " STAGE("a", "3s") ", " STAGE("b", "60s"));
    static const char long_a[] =
        STAGES(STAGE("a", "30s") ", " STAGE("b", "60s"));
    static const struct {
        const char *old, *now;
        unsigned within, beyond; /* s: nothing is beside it, then all */
    } rows[] = {{warm, steady_only, 3, 8},
                {steady_only, warm, 10, 8},
                {warm, warm, 0, 3},
                {short_a, long_a, 35, 6}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair p;

        pair_of(&p, rows[i].old, rows[i].now);
        sim_run(&p.old, 60);
        sim_finish(&p.old, 0);
        pair_hold(&p, true);
        if (rows[i].within > 0) {
            sim_run(&p.now.sim, rows[i].within);
            assert_int_equal(pair_beside(&p), 0);
        }
        sim_run(&p.now.sim, rows[i].beyond);
        assert_all(&p);
        pair_end(&p);
    }
}

/* A file whose windows are longer: about right, and said so without colour. */
static void a_longer_window_is_shown_as_such(void **state)
{
    const struct model_request *r;
    struct pair p;
    struct draw d = {.m = &p.now.model};
    char buf[32];
    size_t i;

    (void)state;
    pair_begin(&p, steady);
    p.old.rate_scale = 0.3;
    pair_ended(&p, 60, true);
    sim_run(&p.now.sim, 40);
    assert_all(&p);
    r = &p.now.model.requests[0];
    assert_string_equal(draw_baseline_title(&d), "vs base");
    assert_int_equal(draw_baseline_name(&d, r, BASELINE_RPS, buf, sizeof buf),
                     ROLE_GOOD);
    for (i = 0; i < p.now.base->n_names; i++) {
        p.now.base->names[i].window_us = 20000000;
    }
    assert_all(&p);
    r = &p.now.model.requests[0];
    assert_string_equal(draw_baseline_title(&d), "~base");
    assert_int_equal(draw_baseline_name(&d, r, BASELINE_RPS, buf, sizeof buf),
                     ROLE_FRAME);
    assert_string_not_equal(buf, "-");
    sheet_has(&p.now, 120, 36, "~base");
    pair_end(&p);
}

/* Of several scenarios each its own peak, and a peak that was shorter than a
 * point of the series. */
static void a_peak_is_held_against_its_like(void **state)
{
    static const char both[] =
        "{ \"flow\": ["
        "    { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" } ],"
        "  \"scenarios\": { \"both\": ["
        "    { \"name\": \"x\", \"executor\": \"constant-vus\", \"vus\": 50,"
        "      \"duration\": \"20s\" },"
        "    { \"name\": \"y\", \"executor\": \"constant-vus\", \"vus\": 50,"
        "      \"duration\": \"20s\" } ] } }";
    struct pair p;
    struct draw d = {.m = &p.now.model};
    struct sim *runs[2];
    size_t i;

    (void)state;
    pair_begin(&p, both);
    runs[0] = &p.old;
    runs[1] = &p.now.sim;
    for (i = 0; i < 2; i++) {
        unsigned k;

        sim_run(runs[i], 5);
        runs[i]->steered = 1;
        sim_command(runs[i], COMMAND_SET_VUS, 70, "");
        for (k = 0; k < 4; k++) {
            sim_tick(runs[i]);
        }
        sim_command(runs[i], COMMAND_SET_VUS, 50, "");
        sim_run(runs[i], 5);
        sim_finish(runs[i], 0);
    }
    pair_hold(&p, true);
    assert_same(pair_look(&p)->level, 70);
    assert_same(draw_baseline_load(&d), 70);
    sheet_has(&p.now, 60, 16, "peak 70");
    sheet_has(&p.now, 120, 36, "peak 70");
    sheet_has(&p.now, 200, 55, "peak 70");
    /* What a file does not say is not made up. */
    p.now.base->parts[0].vus_max = NAN;
    assert_true(isnan(pair_look(&p)->level));
    pair_end(&p);
}

/* A whole number that came by a division is that number. */
static void a_level_is_rounded_not_cut(void **state)
{
    char buf[48];

    (void)state;
    assert_string_equal(
        draw_baseline_value(BASELINE_LEVEL, nextafter(123, 0), buf, sizeof buf),
        "123");
    assert_string_equal(
        draw_baseline_value(BASELINE_LEVEL, 122, buf, sizeof buf), "122");
}

static void the_end_is_held_against_the_end(void **state)
{
    struct pair p;
    const struct model_baseline *b;

    (void)state;
    pair_begin(&p, NULL);
    pair_ended(&p, 108, true);
    sim_run(&p.now.sim, 50);
    p.now.ui.cursor = true;
    p.now.ui.cursor_us = 30000000;
    assert_all(&p);
    assert_int_equal(p.now.model.baseline.by, BASELINE_BY_MOMENT);
    sheet_has(&p.now, 200, 55, "~base");
    p.now.ui.cursor = false;
    sim_run(&p.now.sim, 58);
    sim_finish(&p.now.sim, 0);
    b = pair_look(&p);
    assert_int_equal(b->by, BASELINE_BY_RUN);
    assert_same(model_baseline_name(&p.now.model, 0)->was.p95_us,
                p.now.base->names[0].run.p95_us);
    assert_same(b->level, 100);
    pair_end(&p);
}

/* What an earlier version wrote has whole runs only: they stand in where the
 * load is the one that was on all the time. */
static void an_older_file_is_used_where_it_may_be(void **state)
{
    struct pair p;

    (void)state;
    pair_begin(&p, NULL);
    pair_ended(&p, 108, false);
    sim_run(&p.now.sim, 50);
    assert_int_equal(pair_beside(&p), 0);
    assert_int_equal(p.now.model.baseline.by, BASELINE_BY_NOTHING);
    sheet_has(&p.now, 120, 36, "base: older file, compared at the end");
    sheet_has(&p.now, 120, 36, "vs base");
    pair_end(&p);

    pair_begin(&p, steady);
    pair_ended(&p, 60, false);
    sim_run(&p.now.sim, 20);
    assert_all(&p);
    assert_int_equal(p.now.model.baseline.by, BASELINE_BY_STEADY);
    sheet_has(&p.now, 120, 36, "base: older file, its whole run");
    sheet_has(&p.now, 120, 36, "~run");
    sim_command(&p.now.sim, COMMAND_SET_VUS, 40, "");
    sim_run(&p.now.sim, 5);
    assert_int_equal(pair_beside(&p), 0);
    pair_end(&p);
}

/* Names that the plan has and the file has not, and a run without a file. */
static void what_is_not_there_has_no_column(void **state)
{
    struct pair p;

    (void)state;
    pair_begin(&p, steady);
    sim_run(&p.old, 30);
    sim_run(&p.now.sim, 15);
    sheet_lacks(&p.now, 200, 55, "vs base");
    pair_hold(&p, true);
    sheet_has(&p.now, 200, 55, "vs base");
    free(p.now.base->names[0].name);
    p.now.base->names[0].name = strdup("C");
    model_source_baseline(p.now.source, p.now.base);
    assert_int_equal(pair_beside(&p), 1);
    sheet_has(&p.now, 200, 55, "vs base");
    free(p.now.base->names[1].name);
    p.now.base->names[1].name = strdup("D");
    model_source_baseline(p.now.source, p.now.base);
    assert_int_equal(pair_beside(&p), 0);
    sheet_lacks(&p.now, 200, 55, "vs base");
    pair_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_run_differs_in_nothing),
        cmocka_unit_test(stages_are_held_against_their_like),
        cmocka_unit_test(what_came_by_a_jump_waits_for_its_own_window),
        cmocka_unit_test(what_came_before_is_never_in_one_window_only),
        cmocka_unit_test(a_longer_window_is_shown_as_such),
        cmocka_unit_test(a_peak_is_held_against_its_like),
        cmocka_unit_test(a_level_is_rounded_not_cut),
        cmocka_unit_test(the_end_is_held_against_the_end),
        cmocka_unit_test(an_older_file_is_used_where_it_may_be),
        cmocka_unit_test(what_is_not_there_has_no_column),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
