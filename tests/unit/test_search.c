/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/rng.h"
#include "insight/search.h"

/* This exercises: the search for the load that breaks a service, on verdicts of
 * which some are wrong: how often its answer holds the truth, and in how many
 * tries; what it says where there is no such load, and where overload left its
 * mark. (Cases A1 to A3 of the synthetic ones.) */

#define RUNS 1000

struct world {
    struct rng rng;
    double capacity;
    double after; /* capacity once it was overloaded; 0 = the same */
    double wrong, width;
    unsigned invalid_from; /* tries from this one on say nothing; 0 = none do */
    unsigned tries, heavy; /* of them, at more than twice the capacity */
    bool overloaded;
    bool confirmed_low, confirmed_high; /* the longer tries: came, and so */
};

static enum search_verdict try(struct world *w, double load)
{
    double c = w->overloaded && w->after > 0 ? w->after : w->capacity;
    bool holds =
        rng_unit(&w->rng) < 0.5 * erfc(-log(c / load) / w->width / sqrt(2));

    if (rng_unit(&w->rng) < w->wrong) {
        holds = !holds;
    }
    w->tries++;
    w->heavy += load > 2.1 * w->capacity;
    w->overloaded = w->overloaded || load > w->capacity;
    if (w->invalid_from > 0 && w->tries >= w->invalid_from) {
        return SEARCH_INVALID;
    }
    return holds ? SEARCH_HOLDS : SEARCH_BREAKS;
}

static struct search_answer hunt(struct world *w, uint32_t start, uint32_t max,
                                 bool quick)
{
    struct search_config c = {start, max, quick};
    struct search *s = search_new(&c);
    struct search_answer a;

    while (search_answer(s).outcome == SEARCH_OPEN) {
        struct search_step t = search_next(s);
        enum search_verdict v;

        assert_true(t.load >= 1 && t.load <= max);
        v = try(w, t.load);
        if (t.longer && v == SEARCH_HOLDS) {
            w->confirmed_low = true;
        } else if (t.longer && v == SEARCH_BREAKS) {
            w->confirmed_high = true;
        }
        search_take(s, v, false);
    }
    a = search_answer(s);
    assert_int_equal(a.probes, w->tries);
    search_free(&s);
    return a;
}

static struct world world(unsigned seed, double capacity)
{
    struct world w = {.capacity = capacity, .width = 0.04};

    rng_seed(&w.rng, seed, 3);
    return w;
}

static bool within(const struct search_answer *a, double truth)
{
    return a->low / 1.08 <= truth && truth <= a->high * 1.08;
}

struct sum {
    unsigned found, within, near, tries, most, before, heavy;
};

/* Capacities 20 to 2,000, evenly over their logarithm; start is so many times
 * less, 0 = one. */
static struct sum many(double times, double wrong, bool quick)
{
    struct sum sum = {0};
    unsigned seed;

    for (seed = 1; seed <= RUNS; seed++) {
        struct world w = world(seed, 0);
        struct search_answer a;
        double start;

        w.capacity = 20 * pow(100, rng_unit(&w.rng));
        w.wrong = wrong;
        start = times > 0 ? w.capacity / times : 1;
        a = hunt(&w, start > 1 ? (uint32_t)start : 1, 20000, quick);
        sum.tries += a.probes;
        sum.most = a.probes > sum.most ? a.probes : sum.most;
        sum.heavy += w.heavy;
        if (a.outcome == SEARCH_FOUND) {
            assert_true(a.confirmed == !quick);
            assert_true(quick || (w.confirmed_low && w.confirmed_high));
            assert_true(a.low < a.high);
            assert_true(a.point >= a.low && a.point <= a.high);
            sum.found++;
            sum.within += within(&a, w.capacity);
            sum.near +=
                fabs(a.point - w.capacity) <= fmax(0.08 * w.capacity, 1);
            sum.before += a.before > 0;
        }
    }
    print_message("start 1/%g, %g wrong%s: found %u, within 8 %% %u, point "
                  "within 8 %% %u, tries %.1f (most %u), held before %u, heavy "
                  "%u\n",
                  times, wrong, quick ? ", quick" : "", sum.found, sum.within,
                  sum.near, sum.tries / (double)RUNS, sum.most, sum.before,
                  sum.heavy);
    return sum;
}

static void the_interval_holds_the_truth_though_verdicts_are_wrong(void **state)
{
    struct sum one = many(0, 0.02, false), tenth = many(10, 0.02, false);

    (void)state;
    assert_true(one.within >= RUNS * 98 / 100);
    assert_true(tenth.within >= RUNS * 98 / 100);
    assert_true(one.most <= 30 && tenth.most <= 30);
    assert_true(one.tries <= 19 * RUNS && tenth.tries <= 15 * RUNS);
    /* Overload that was not there is told in one of fifty at most. */
    assert_true(one.before <= RUNS / 50 && tenth.before <= RUNS / 50);
}

static void without_wrong_verdicts_a_near_start_is_quick(void **state)
{
    struct sum s = many(2.3, 0, false), quick = many(2.3, 0, true);

    (void)state;
    assert_true(s.within >= RUNS * 99 / 100 && s.near >= RUNS * 98 / 100);
    assert_true(s.tries <= 12 * RUNS);
    assert_true(quick.within >= RUNS * 98 / 100);
    assert_true(quick.tries <= 9 * RUNS);
    assert_int_equal(s.before, 0);
}

/* It costs tries, not the answer. */
static void five_of_a_hundred_wrong_ones_are_borne(void **state)
{
    struct sum s = many(10, 0.05, false);

    (void)state;
    assert_true(s.within >= RUNS * 97 / 100);
    assert_true(s.most <= 30);
}

static void a_service_is_never_asked_for_much_more_than_it_holds(void **state)
{
    struct sum s = many(10, 0, false);

    (void)state;
    assert_int_equal(s.heavy, 0);
}

static void nothing_breaks_up_to_the_highest_load(void **state)
{
    struct world w = world(1, 1000);
    struct search_answer a = hunt(&w, 10, 200, false);

    (void)state;
    assert_int_equal(a.outcome, SEARCH_NONE);
    assert_int_equal(a.low, 200);
    assert_int_equal(a.high, 0);
    assert_true(w.confirmed_low);
    assert_int_equal(a.probes, 7); /* 10 20 40 80 160 200, and 200 again */
}

static void a_wrong_verdict_on_the_way_hides_no_highest_load(void **state)
{
    struct search_config c = {50, 100, false};
    struct search *s = search_new(&c);
    struct search_answer a;

    (void)state;
    search_take(s, SEARCH_HOLDS, false);
    search_take(s, SEARCH_BREAKS, false); /* wrongly */
    while (search_answer(s).outcome == SEARCH_OPEN) {
        search_take(s, SEARCH_HOLDS, false);
    }
    a = search_answer(s);
    assert_int_equal(a.outcome, SEARCH_NONE);
    assert_int_equal(a.low, 100);
    search_free(&s);
}

static void what_breaks_at_a_sixteenth_is_below(void **state)
{
    struct world w = world(2, 3);
    struct search_answer a = hunt(&w, 100, 1000, false);

    (void)state;
    assert_int_equal(a.outcome, SEARCH_BELOW);
    assert_int_equal(a.low, 0);
    assert_int_equal(a.high, 6);
    assert_int_equal(a.probes, 3);
}

static void one_that_breaks_is_below_one(void **state)
{
    struct world w = world(3, 0.2);
    struct search_answer a = hunt(&w, 1, 1000, false);

    (void)state;
    assert_int_equal(a.outcome, SEARCH_BELOW);
    assert_int_equal(a.high, 1);
    assert_int_equal(a.point, 0);
    assert_int_equal(a.probes, 2); /* a verdict may be wrong, hardly two */
}

static void one_that_breaks_beyond_doubt_is_tried_once(void **state)
{
    struct search_config c = {1, 1000, false};
    struct search *s = search_new(&c);

    (void)state;
    search_floor(s); /* nothing is known yet */
    assert_int_equal(search_answer(s).outcome, SEARCH_OPEN);
    search_take(s, SEARCH_BREAKS, false);
    assert_int_equal(search_next(s).load, 1);
    search_floor(s);
    assert_int_equal(search_answer(s).outcome, SEARCH_BELOW);
    assert_int_equal(search_answer(s).high, 1);
    search_free(&s);
}

static void a_start_that_breaks_is_searched_below(void **state)
{
    struct world w = world(4, 12);
    struct search_answer a = hunt(&w, 100, 1000, false);

    (void)state;
    assert_int_equal(a.outcome, SEARCH_FOUND);
    assert_true(within(&a, 12));
}

static void a_generator_at_its_end_stops_it(void **state)
{
    struct world w = world(5, 1000);
    struct search_answer a;

    (void)state;
    w.invalid_from = 4;
    a = hunt(&w, 10, 10000, false);
    assert_int_equal(a.outcome, SEARCH_GENERATOR);
    assert_int_equal(a.low, 40);
    assert_int_equal(a.high, 0);
    assert_int_equal(a.probes, 6); /* it is tried three times */
}

static void one_invalid_try_is_done_again(void **state)
{
    struct search_config c = {10, 1000, false};
    struct search *s = search_new(&c);

    (void)state;
    search_take(s, SEARCH_HOLDS, false);
    search_take(s, SEARCH_INVALID, false);
    assert_int_equal(search_next(s).load, 20);
    search_take(s, SEARCH_HOLDS, false);
    assert_int_equal(search_next(s).load, 40);
    search_free(&s);
}

/* Up to 360 it holds, and after overload no more than 320: both. */
static void what_held_before_overload_and_not_after_is_told(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= 20; seed++) {
        struct world w = world(seed, 400);
        struct search_answer a;

        w.after = 320;
        w.width = 0.01;
        a = hunt(&w, 90, 4000, false);
        assert_int_equal(a.outcome, SEARCH_FOUND);
        assert_int_equal(a.before, 360);
        assert_true(within(&a, 320));
        assert_true(a.high < 360);
    }
}

static void time_that_is_up_leaves_what_is_known(void **state)
{
    struct search_config c = {10, 1000, false};
    struct search *s = search_new(&c);
    struct search_answer a;

    (void)state;
    search_take(s, SEARCH_HOLDS, false);
    search_take(s, SEARCH_HOLDS, false);
    search_take(s, SEARCH_BREAKS, false);
    search_stop(s);
    a = search_answer(s);
    assert_int_equal(a.outcome, SEARCH_UNCONFIRMED);
    assert_true(a.low == 20 && a.high == 40);
    assert_true(a.point > 20 && a.point < 40);
    assert_false(a.confirmed);
    search_free(&s);
}

static void verdicts_without_sense_end_at_thirty(void **state)
{
    struct search_config c = {10, 1000, false};
    struct search *s = search_new(&c);
    struct rng rng;
    unsigned n = 0;

    (void)state;
    rng_seed(&rng, 1, 1);
    while (search_answer(s).outcome == SEARCH_OPEN) {
        bool holds = rng_range(&rng, 0, 1) == 1 || n == 0;

        search_take(s, holds ? SEARCH_HOLDS : SEARCH_BREAKS, false);
        assert_true(++n <= SEARCH_PROBES_MAX);
    }
    assert_int_equal(search_answer(s).probes, n);
    search_free(&s);
}

static void soft_verdicts_weigh_less(void **state)
{
    struct search_config c = {10, 1000, false};
    struct search *sure = search_new(&c), *soft = search_new(&c);
    unsigned i;

    (void)state;
    for (i = 0; i < 4; i++) {
        enum search_verdict v = i == 1 ? SEARCH_BREAKS : SEARCH_HOLDS;

        search_take(sure, v, false);
        search_take(soft, v, i > 1);
    }
    assert_int_equal(search_answer(soft).soft, 2);
    assert_true(search_answer(soft).low < search_answer(sure).low);
    search_free(&sure);
    search_free(&soft);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            the_interval_holds_the_truth_though_verdicts_are_wrong),
        cmocka_unit_test(without_wrong_verdicts_a_near_start_is_quick),
        cmocka_unit_test(five_of_a_hundred_wrong_ones_are_borne),
        cmocka_unit_test(a_service_is_never_asked_for_much_more_than_it_holds),
        cmocka_unit_test(nothing_breaks_up_to_the_highest_load),
        cmocka_unit_test(a_wrong_verdict_on_the_way_hides_no_highest_load),
        cmocka_unit_test(what_breaks_at_a_sixteenth_is_below),
        cmocka_unit_test(one_that_breaks_is_below_one),
        cmocka_unit_test(one_that_breaks_beyond_doubt_is_tried_once),
        cmocka_unit_test(a_start_that_breaks_is_searched_below),
        cmocka_unit_test(a_generator_at_its_end_stops_it),
        cmocka_unit_test(one_invalid_try_is_done_again),
        cmocka_unit_test(what_held_before_overload_and_not_after_is_told),
        cmocka_unit_test(time_that_is_up_leaves_what_is_known),
        cmocka_unit_test(verdicts_without_sense_end_at_thirty),
        cmocka_unit_test(soft_verdicts_weigh_less),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
