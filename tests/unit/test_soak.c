/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "insight/soak.h"
#include "support/moments.h"

/* This exercises: which stretch of a run trends are of, what pauses, changes
 * of load and few responses do to it, that hours fit into the same memory, and
 * that figures are those of what was fed. */

#define SEC UINT64_C(1000000)

struct world {
    struct soak *k;
    struct moments s;
};

static int world_open(void **state)
{
    static struct world w;

    w.k = soak_new();
    moments_init(&w.s, 11);
    w.s.rate = 20; /* enough, and an hour of it is soon made */
    *state = &w;
    return 0;
}

static int world_close(void **state)
{
    struct world *w = *state;

    soak_free(&w->k);
    moments_clear(&w->s);
    return 0;
}

/* p95 grows by so many ms a minute. */
static void feed(struct world *w, double load, unsigned seconds, double ms_min)
{
    double from = w->s.p95_ms;
    unsigned i;

    w->s.load = load;
    for (i = 0; i < seconds; i++) {
        struct moment x;

        w->s.p95_ms = from + ms_min * i / 60;
        x = moments_next(&w->s);
        soak_feed(w->k, &x);
    }
}

static void a_steady_load_is_stable(void **state)
{
    struct world *w = *state;
    const struct soak_report *r;

    feed(w, 10, 1200, 0);
    soak_end(w->k);
    r = soak_report(w->k);
    assert_int_equal(r->start_us, 0);
    assert_int_equal(r->end_us, 1200 * SEC);
    assert_int_equal(r->active_us, 1200 * SEC);
    assert_int_equal(r->trends[SOAK_P95].state, TREND_STABLE);
    assert_true(fabs(r->trends[SOAK_P95].level - 114) < 10);
    assert_int_equal(r->trends[SOAK_ERRORS].state, TREND_STABLE);
    assert_true(fabs(r->trends[SOAK_ERRORS].slope) < 1e-12);
}

static void what_gets_slower_is_told_while_it_lasts(void **state)
{
    struct world *w = *state;
    const struct trend *t;

    feed(w, 10, 1200, 2);
    t = &soak_report(w->k)->trends[SOAK_P95];
    assert_int_equal(t->state, TREND_GROWING);
    assert_true(t->low * 60 <= 2 && 2 <= t->high * 60);
    assert_true(t->slope * 60 > 1.5 && t->slope * 60 < 2.5);
    assert_int_equal(soak_report(w->k)->trends[SOAK_ERRORS].state,
                     TREND_STABLE);
}

static void errors_that_grow_are_told(void **state)
{
    struct world *w = *state;
    const struct trend *t;
    unsigned i;

    for (i = 0; i < 40; i++) {
        w->s.fail = i * 0.001;
        feed(w, 10, 30, 0);
    }
    soak_end(w->k);
    t = &soak_report(w->k)->trends[SOAK_ERRORS];
    assert_int_equal(t->state, TREND_GROWING);
    assert_true(t->low * 1200 <= 0.04 && 0.04 <= t->high * 1200);
    assert_int_equal(soak_report(w->k)->trends[SOAK_P95].state, TREND_STABLE);
}

/* More load for more latency is no trend. */
static void the_longest_stretch_of_one_load_counts(void **state)
{
    struct world *w = *state;
    const struct soak_report *r;

    feed(w, 10, 100, 0);
    w->s.ramp = true;
    feed(w, 30, 100, 60);
    w->s.ramp = false;
    feed(w, 50, 700, 0);
    w->s.p95_ms = 400;
    feed(w, 80, 300, 0);
    r = soak_report(w->k);
    assert_true(fabs(r->load - 50) < 1e-9);
    assert_int_equal(r->start_us, 200 * SEC);
    assert_int_equal(r->end_us, 900 * SEC);
    assert_int_equal(r->trends[SOAK_P95].state, TREND_STABLE);
    feed(w, 80, 500, 0); /* it is the longer one by now */
    assert_true(fabs(soak_report(w->k)->load - 80) < 1e-9);
    soak_end(w->k);
    assert_int_equal(soak_report(w->k)->active_us, 800 * SEC);
}

static void a_pause_is_no_time(void **state)
{
    struct world *w = *state;
    const struct soak_report *r;
    struct moment x;

    feed(w, 10, 200, 0);
    x = moments_next(&w->s);
    x.active_us = 0;
    x.requests = x.failed = 0;
    x.end_us += 100 * SEC;
    w->s.t_us += 100 * SEC;
    soak_feed(w->k, &x);
    feed(w, 10, 200, 0);
    soak_end(w->k);
    r = soak_report(w->k);
    assert_int_equal(r->active_us, 400 * SEC);
    assert_int_equal(r->end_us, 501 * SEC);
    assert_true(r->trends[SOAK_P95].any);
    assert_true(r->trends[SOAK_P95].span_s <= 400);
}

static void short_and_empty_runs_say_nothing(void **state)
{
    struct world *w = *state;

    soak_end(w->k);
    assert_int_equal(soak_report(w->k)->active_us, 0);
    feed(w, 10, 45, 0);
    soak_end(w->k);
    assert_int_equal(soak_report(w->k)->trends[SOAK_P95].state, TREND_SHORT);
    assert_int_equal(soak_report(w->k)->trends[SOAK_ERRORS].state, TREND_SHORT);
    assert_false(soak_report(w->k)->trends[SOAK_P95].any);
}

static void where_all_fails_there_is_no_p95(void **state)
{
    struct world *w = *state;
    const struct soak_report *r;

    w->s.fail = 1;
    feed(w, 10, 900, 0);
    soak_end(w->k);
    r = soak_report(w->k);
    assert_int_equal(r->trends[SOAK_P95].state, TREND_SHORT);
    assert_false(r->trends[SOAK_P95].any);
    assert_int_equal(r->trends[SOAK_ERRORS].state, TREND_STABLE);
    assert_true(fabs(r->trends[SOAK_ERRORS].level - 1) < 1e-12);
}

static void few_responses_make_longer_cells(void **state)
{
    struct world *w = *state;
    const struct trend *t;

    w->s.rate = 1;
    feed(w, 1, 2400, 0);
    soak_end(w->k);
    t = &soak_report(w->k)->trends[SOAK_P95];
    assert_true(t->any);
    /* Of five seconds' five it would be their maximum, and that is a p87. */
    assert_true(t->level > 90 && t->level < 140);
    assert_true(t->blocks >= TREND_BLOCKS_MIN);
}

static void hours_fit_in(void **state)
{
    struct world *w = *state;
    const struct soak_report *r;

    w->s.rate = 20;
    feed(w, 10, 3 * 3600, 0.5);
    soak_end(w->k);
    r = soak_report(w->k);
    assert_int_equal(r->active_us, 3 * 3600 * SEC);
    assert_int_equal(r->trends[SOAK_P95].state, TREND_GROWING);
    assert_true(r->trends[SOAK_P95].low * 60 <= 0.5);
    assert_true(r->trends[SOAK_P95].high * 60 >= 0.5);
    assert_true(r->trends[SOAK_P95].span_s > 3 * 3600 * 0.9);
}

/* Memory that grows by so many MB a minute under a collector. */
static void feed_memory(struct world *w, unsigned seconds, double mb_min)
{
    unsigned i;

    for (i = 0; i < seconds; i++) {
        struct moment x = moments_next(&w->s);

        x.server_rss =
            (uint64_t)(400e6 + mb_min * 1e6 * i / 60 + 80e6 * (i % 20) / 20);
        x.server_cpu_seen = true;
        x.server_cpu = 0.5;
        soak_feed(w->k, &x);
    }
}

static void a_leak_of_the_server_is_told(void **state)
{
    struct world *w = *state;
    const struct soak_report *r;

    feed_memory(w, 1500, 6);
    soak_end(w->k);
    r = soak_report(w->k);
    assert_true(r->server_memory && r->server_cpu);
    assert_int_equal(r->trends[SOAK_MEMORY].state, TREND_GROWING);
    assert_true(r->trends[SOAK_MEMORY].low * 60 <= 6.0001e6);
    assert_true(r->trends[SOAK_MEMORY].high * 60 >= 5.9999e6);
    assert_true(fabs(r->trends[SOAK_MEMORY].slope * 60 / 6e6 - 1) < 0.02);
    assert_int_equal(r->trends[SOAK_CPU].state, TREND_STABLE);
    assert_true(fabs(r->trends[SOAK_CPU].level - 0.5) < 1e-9);
}

static void hours_of_memory_keep_their_minima(void **state)
{
    struct world *w = *state;
    const struct soak_report *r;

    w->s.rate = 1;
    feed_memory(w, 2 * 3600 + 600, 0);
    soak_end(w->k);
    r = soak_report(w->k);
    assert_int_equal(r->trends[SOAK_MEMORY].state, TREND_STABLE);
    assert_true(fabs(r->trends[SOAK_MEMORY].level - 400e6) < 1);
}

static void nobody_looked_at_the_server(void **state)
{
    struct world *w = *state;

    feed(w, 10, 700, 0);
    soak_end(w->k);
    assert_false(soak_report(w->k)->server_memory);
    assert_false(soak_report(w->k)->server_cpu);
    assert_false(soak_report(w->k)->trends[SOAK_MEMORY].any);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_open, world_close)
    const struct CMUnitTest tests[] = {
        TEST(a_steady_load_is_stable),
        TEST(what_gets_slower_is_told_while_it_lasts),
        TEST(errors_that_grow_are_told),
        TEST(the_longest_stretch_of_one_load_counts),
        TEST(a_pause_is_no_time),
        TEST(short_and_empty_runs_say_nothing),
        TEST(where_all_fails_there_is_no_p95),
        TEST(few_responses_make_longer_cells),
        TEST(hours_fit_in),
        TEST(a_leak_of_the_server_is_told),
        TEST(hours_of_memory_keep_their_minima),
        TEST(nobody_looked_at_the_server),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
