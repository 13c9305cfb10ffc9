/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "insight/compare.h"
#include "insight/rank.h"
#include "support/moments.h"
#include "support/seeds.h"

/* This exercises: two runs put against each other. Simulated runs of the same
 * service are not told apart, in calm and in slow noise; one that is 18 %
 * slower is, and the interval holds the truth. COMPARE_SEEDS=200 tries more
 * seeds than the 20 of each case. */

#define RUN_S 300

/* Noise of the service: its deviation, and how alike its seconds are. */
struct noise {
    double sd, phi;
};
static const struct noise noises[] = {{0.05, 0.8}, {0.1, 0.9}, {0.15, 0.95}};
enum { NOISES = sizeof noises / sizeof noises[0] };

struct run {
    struct moments m;
    struct windows *w;
};

static void run_feed(struct run *r, unsigned seconds)
{
    while (seconds-- > 0) {
        struct moment x = moments_next(&r->m);

        windows_feed(r->w, &x);
    }
}

static void run_begin(struct run *r, uint64_t seed)
{
    moments_init(&r->m, seed);
    r->w = windows_new();
}

static struct compare_side run_side(const struct run *r)
{
    struct compare_side s = {.list = NULL};

    s.list = windows_list(r->w, &s.n);
    return s;
}

static void run_end(struct run *r)
{
    moments_clear(&r->m);
    windows_free(&r->w);
}

static void run_noisy(struct run *r, uint64_t seed, const struct noise *n,
                      double factor)
{
    run_begin(r, seed);
    r->m.noise_sd = n->sd;
    r->m.noise_phi = n->phi;
    r->m.factor = factor;
    run_feed(r, RUN_S + 2);
    windows_end(r->w);
}

struct tally {
    unsigned n, worse, better, same, held;
};

/* Runs of the same noise, the second one slower by that factor. */
static struct tally tally(const struct noise *noise, double factor)
{
    struct tally t = {0};
    unsigned i;

    for (i = 0; i < seeds_of("COMPARE_SEEDS", 20); i++) {
        struct compare_report report;
        const struct compare_result *p95 = &report.levels[0].of[COMPARE_P95];
        struct compare_side sa, sb;
        struct run a, b;

        run_noisy(&a, 1000 + 2 * i, noise, 1);
        run_noisy(&b, 1001 + 2 * i, noise, factor);
        sa = run_side(&a);
        sb = run_side(&b);
        compare_of(&sa, &sb, &report);
        assert_int_equal(report.n, 1);
        assert_true(report.levels[0].sure);
        t.n++;
        t.worse += p95->answer == COMPARE_WORSE;
        t.better += p95->answer == COMPARE_BETTER;
        t.same += p95->answer == COMPARE_SAME;
        t.held += p95->low <= factor - 1 && p95->high >= factor - 1;
        run_end(&a);
        run_end(&b);
    }
    print_message("sd %.2f phi %.2f x%.2f: %u runs, %u worse, %u better, "
                  "%u same, %u held\n",
                  noise->sd, noise->phi, factor, t.n, t.worse, t.better, t.same,
                  t.held);
    return t;
}

/* D1: at most 3 % verdicts. */
static void the_same_service_is_not_told_apart(void **state)
{
    unsigned i, n = 0, wrong = 0;

    (void)state;
    for (i = 0; i < NOISES; i++) {
        struct tally t = tally(&noises[i], 1);

        n += t.n;
        wrong += t.worse + t.better;
    }
    assert_true(wrong * 100 <= n * 3);
}

/* D2: found in calm, seldom in slow noise, and never called faster. */
static void a_slower_service_is_told_with_the_truth_within(void **state)
{
    static const double found[NOISES] = {0.95, 0.5, 0.05};
    unsigned i, n = 0, held = 0;

    (void)state;
    for (i = 0; i < NOISES; i++) {
        struct tally t = tally(&noises[i], 1.18);

        assert_true((double)t.worse >= found[i] * t.n);
        assert_int_equal(t.better, 0);
        n += t.n;
        held += t.held;
    }
    assert_true(held * 100 >= n * 93);
}

static void report_of(const struct run *a, const struct run *b,
                      struct compare_report *out)
{
    struct compare_side sa = run_side(a), sb = run_side(b);

    compare_of(&sa, &sb, out);
}

static void rates_and_errors_are_compared_too(void **state)
{
    struct compare_report r;
    struct run a, b;

    (void)state;
    run_begin(&a, 1);
    run_begin(&b, 2);
    b.m.rate = 80;
    b.m.fail = 0.03;
    run_feed(&a, RUN_S);
    run_feed(&b, RUN_S);
    report_of(&a, &b, &r);
    assert_int_equal(r.levels[0].of[COMPARE_RPS].answer, COMPARE_WORSE);
    assert_true(fabs(r.levels[0].of[COMPARE_RPS].change + 0.2) < 1e-6);
    assert_int_equal(r.levels[0].of[COMPARE_ERRORS].answer, COMPARE_WORSE);
    assert_true(fabs(r.levels[0].of[COMPARE_ERRORS].change - 0.03) < 0.01);
    assert_int_equal(r.levels[0].of[COMPARE_P95].answer, COMPARE_SAME);
    assert_int_equal(compare_summary(&r), COMPARE_WORSE);
    report_of(&b, &a, &r);
    assert_int_equal(r.levels[0].of[COMPARE_RPS].answer, COMPARE_BETTER);
    assert_int_equal(r.levels[0].of[COMPARE_ERRORS].answer, COMPARE_BETTER);
    run_end(&a);
    run_end(&b);
}

/* An interval that leaves zero out is a difference, though it may be less than
 * what matters. */
static void an_interval_has_one_answer(void **state)
{
    static const struct {
        enum compare_figure f;
        double low, high;
        enum compare_answer want;
    } rows[] = {
        {COMPARE_RPS, -0.052, -0.038, COMPARE_SLIGHT},
        {COMPARE_RPS, 0.001, 0.3, COMPARE_SLIGHT},
        {COMPARE_P95, 0.038, 0.052, COMPARE_SLIGHT},
        {COMPARE_P95, -0.3, -0.01, COMPARE_SLIGHT},
        {COMPARE_P95, -0.01, 0.3, COMPARE_UNSURE},
        {COMPARE_P95, -0.06, 0, COMPARE_UNSURE},
        {COMPARE_P95, 0.01, 0.049, COMPARE_SAME},
        {COMPARE_P95, 0.051, 0.1, COMPARE_WORSE},
        {COMPARE_RPS, 0.051, 0.1, COMPARE_BETTER},
        {COMPARE_ERRORS, 0.004, 0.006, COMPARE_SLIGHT},
        {COMPARE_ERRORS, -0.001, 0.006, COMPARE_UNSURE},
        {COMPARE_ERRORS, 0.001, 0.004, COMPARE_SAME},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(compare_judge(rows[i].f, rows[i].low, rows[i].high),
                         rows[i].want);
    }
    assert_string_equal(compare_answer_name(COMPARE_SLIGHT), "may_be_slight");
}

/* 4.5 % fewer requests: less than what matters, or not, and no chance. */
static void a_slight_change_is_told_before_what_may_be_none(void **state)
{
    struct compare_report r;
    const struct compare_result *rps = &r.levels[0].of[COMPARE_RPS];
    unsigned slight = 0, i, k;
    struct rng rng;

    (void)state;
    rng_seed(&rng, 11, 1);
    for (i = 0; i < 20; i++) {
        struct run a, b;

        run_begin(&a, 1000 + 2 * i);
        run_begin(&b, 1001 + 2 * i);
        for (k = 0; k < RUN_S; k++) {
            a.m.rate = 1000 * (1 + 0.04 * rng_normal(&rng));
            b.m.rate = 955 * (1 + 0.04 * rng_normal(&rng));
            run_feed(&a, 1);
            run_feed(&b, 1);
        }
        report_of(&a, &b, &r);
        assert_int_not_equal(rps->answer, COMPARE_BETTER);
        if (rps->high < 0 && rps->low < -COMPARE_FLOOR) {
            assert_int_equal(rps->answer, rps->high < -COMPARE_FLOOR
                                              ? COMPARE_WORSE
                                              : COMPARE_SLIGHT);
        }
        if (rps->answer == COMPARE_SLIGHT) {
            slight++;
            assert_int_equal(compare_summary(&r), COMPARE_SLIGHT);
        }
        run_end(&a);
        run_end(&b);
    }
    print_message("4.5 %% less: %u of 20 slight\n", slight);
    assert_true(slight >= 10);
}

static void loads_are_compared_each_with_itself(void **state)
{
    struct compare_report r;
    struct run a, b;

    (void)state;
    run_begin(&a, 1);
    run_begin(&b, 2);
    run_feed(&a, 120);
    a.m.load = b.m.load = 100;
    a.m.factor = b.m.factor = 5;
    run_feed(&a, 200);
    run_feed(&b, 200);
    b.m.load = 10;
    b.m.factor = 1.5; /* slower than it was, at this load alone */
    run_feed(&b, 150);
    b.m.load = 50; /* only one has it */
    run_feed(&b, 500);
    report_of(&a, &b, &r);
    assert_int_equal(r.n, 2);
    assert_true(fabs(r.levels[0].load - 100) < 1e-9);
    assert_int_equal(r.levels[0].of[COMPARE_P95].answer, COMPARE_SAME);
    assert_true(fabs(r.levels[1].load - 10) < 1e-9);
    assert_int_equal(r.levels[1].of[COMPARE_P95].answer, COMPARE_WORSE);
    assert_false(r.levels[1].sure);
    run_end(&a);
    run_end(&b);
}

/* As slow as it is after an overload, in one of them. */
static void what_an_overload_left_behind_is_left_out(void **state)
{
    struct compare_report r;
    struct run a, b;

    (void)state;
    run_begin(&a, 1);
    run_begin(&b, 2);
    run_feed(&a, RUN_S + 2);
    b.m.factor = 40;
    windows_hear(b.w, true);
    run_feed(&b, 2 + 60);
    b.m.factor = 1;
    windows_hear(b.w, false);
    run_feed(&b, RUN_S + 2);
    report_of(&a, &b, &r);
    assert_int_equal(r.n, 1);
    assert_true(fabs(r.levels[0].seconds_b - 300) < 1e-9);
    assert_int_equal(r.levels[0].of[COMPARE_P95].answer, COMPARE_SAME);
    assert_true(fabs(r.felt_a) < 1e-9 && fabs(r.felt_b - 60) < 1e-9);
    run_end(&b);
    run_begin(&b, 2);
    windows_hear(b.w, true);
    run_feed(&b, RUN_S + 2);
    report_of(&a, &b, &r); /* it never was itself */
    assert_int_equal(r.n, 0);
    assert_true(fabs(r.felt_b - 300) < 1e-9);
    assert_true(r.suspect_a <= 0 && r.suspect_b <= 0);
    run_end(&b);
    run_begin(&b, 2);
    run_feed(&b, 2 + 100);
    b.m.suspect = true;
    run_feed(&b, 15); /* of two windows not all */
    b.m.suspect = false;
    run_feed(&b, 185);
    report_of(&a, &b, &r);
    assert_true(r.suspect_a <= 0 && fabs(r.suspect_b - 15) < 1e-9);
    run_end(&a);
    run_end(&b);
}

static void the_same_windows_give_the_same_answer(void **state)
{
    struct compare_report *r = calloc(2, sizeof *r);
    struct run a, b;

    (void)state;
    run_noisy(&a, 1, &noises[1], 1);
    run_noisy(&b, 2, &noises[1], 1.1);
    report_of(&a, &b, &r[0]);
    report_of(&a, &b, &r[1]);
    assert_memory_equal(&r[0].levels[0], &r[1].levels[0],
                        sizeof r[0].levels[0]);
    run_end(&a);
    run_end(&b);
    free(r);
}

/* Seventy seconds; nothing; nothing but failures. */
static void too_little_is_not_enough_to_say(void **state)
{
    struct compare_report r;
    struct run a, b;
    int f;

    (void)state;
    run_begin(&a, 1);
    run_begin(&b, 2);
    report_of(&a, &b, &r);
    assert_int_equal(r.n, 0);
    assert_int_equal(compare_summary(&r), COMPARE_SHORT);
    run_feed(&a, 300);
    run_feed(&b, 72);
    report_of(&a, &b, &r);
    assert_int_equal(r.n, 1);
    for (f = 0; f < COMPARE_FIGURES; f++) {
        assert_int_equal(r.levels[0].of[f].answer, COMPARE_SHORT);
        assert_false(r.levels[0].of[f].any);
    }
    run_end(&b);
    run_begin(&b, 2);
    b.m.fail = 1;
    run_feed(&b, 300);
    report_of(&a, &b, &r);
    assert_int_equal(r.levels[0].of[COMPARE_P95].answer, COMPARE_SHORT);
    assert_int_equal(r.levels[0].of[COMPARE_ERRORS].answer, COMPARE_WORSE);
    run_end(&a);
    run_end(&b);
}

/* D3: of the exact distribution of U. */
static void shift_of_runs_is_hodges_and_lehmanns(void **state)
{
    static const double a[] = {100, 104, 98, 110, 102, 101, 99, 105};
    static const double b[] = {118, 121, 112, 125, 119, 116, 123, 117};
    struct rank_shift s = rank_shift(a, 8, b, 8);

    (void)state;
    assert_true(fabs(s.shift - 17) < 1e-9);
    assert_true(fabs(s.low - 12) < 1e-9 && fabs(s.high - 21) < 1e-9);
    assert_true(fabs(s.p - 1.554e-4) < 1e-6);
    assert_true(s.held > 0.95 && s.held < 0.97);
    /* Of three and three, 90 % is the most that can be said. */
    s = rank_shift(a, 3, b, 3);
    assert_true(fabs(s.p - 0.1) < 1e-9 && fabs(s.held - 0.9) < 1e-9);
    assert_true(fabs(s.low - 8) < 1e-9 && fabs(s.high - 23) < 1e-9);
    s = rank_shift(a, 8, a, 8);
    assert_true(fabs(s.shift) < 1e-9 && s.p > 0.9);
}

static void a_percentile_lies_between_two_ranks(void **state)
{
    static const struct {
        uint64_t n;
        double p;
        uint64_t low, high;
    } rows[] = {
        {100, 95, 90, 100},  {200, 95, 184, 197},  {1000, 95, 936, 964},
        {368, 99, 360, 368}, {1000, 99, 983, 997}, {10000, 99, 9880, 9920},
    };
    uint64_t low, high;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(rank_interval(rows[i].n, rows[i].p, &low, &high));
        assert_int_equal(low, rows[i].low);
        assert_int_equal(high, rows[i].high);
    }
    assert_false(rank_interval(71, 95, &low, &high));
    assert_true(rank_interval(72, 95, &low, &high));
    assert_false(rank_interval(0, 95, &low, &high));
}

/* P1: 95.8 % of samplings of 1,000, 98.3 % of 100: ranks are whole. */
static void that_interval_holds_the_truth_as_often_as_it_says(void **state)
{
    static const struct {
        uint64_t n;
        double least, most;
    } rows[] = {{100, 0.978, 0.988}, {1000, 0.95, 0.966}};
    struct rng rng;
    size_t i;

    (void)state;
    rng_seed(&rng, 7, 1);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned tries = 10000, held = 0, k;
        uint64_t low, high, j;

        assert_true(rank_interval(rows[i].n, 95, &low, &high));
        for (k = 0; k < tries; k++) {
            uint64_t below = 0;

            /* The truth lies between them when at least `low` samples are
             * below it and fewer than `high`. */
            for (j = 0; j < rows[i].n; j++) {
                below += rng_range(&rng, 0, 99) < 95;
            }
            held += below >= low && below < high;
        }
        print_message("p95 of %u: %.1f %%\n", (unsigned)rows[i].n,
                      100.0 * held / tries);
        assert_true(held >= rows[i].least * tries &&
                    held <= rows[i].most * tries);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_service_is_not_told_apart),
        cmocka_unit_test(a_slower_service_is_told_with_the_truth_within),
        cmocka_unit_test(rates_and_errors_are_compared_too),
        cmocka_unit_test(an_interval_has_one_answer),
        cmocka_unit_test(a_slight_change_is_told_before_what_may_be_none),
        cmocka_unit_test(loads_are_compared_each_with_itself),
        cmocka_unit_test(what_an_overload_left_behind_is_left_out),
        cmocka_unit_test(the_same_windows_give_the_same_answer),
        cmocka_unit_test(too_little_is_not_enough_to_say),
        cmocka_unit_test(shift_of_runs_is_hodges_and_lehmanns),
        cmocka_unit_test(a_percentile_lies_between_two_ranks),
        cmocka_unit_test(that_interval_holds_the_truth_as_often_as_it_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
