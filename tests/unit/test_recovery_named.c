/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "insight/recovery.h"
#include "support/seeds.h"
#include "support/two_names.h"

/* This exercises: an outage of a request name, while others are served, is a
 * recovery of its own, with a clock from when it is served again, whatever else
 * goes on; and an outage of all is none of a name. Made-up runs whose truth is
 * known, 20 seeds each (SEEDS). */

#define SEC   UINT64_C(1000000)
#define SEEDS seeds_of("SEEDS", 20)

struct world {
    struct two_names w;
    struct recovery *r;
    bool mark; /* in the next second */
};

static void open(struct world *x, uint64_t seed)
{
    static const struct recovery_limit none;

    memset(x, 0, sizeof *x);
    two_init(&x->w, seed);
    x->r = recovery_new(&none);
}

static void shut(struct world *x)
{
    recovery_free(&x->r);
    two_clear(&x->w);
}

static void run(struct world *x, double seconds)
{
    unsigned n = (unsigned)(seconds * 10 + 0.5);

    while (n-- > 0) {
        recovery_beat(x->r, two_beat(&x->w));
        if (x->w.full) {
            x->w.moment.mark = x->mark;
            x->w.moment.out = recovery_named_now(x->r, x->w.moment.end_us,
                                                 &x->w.moment.out_since_us);
            x->mark = false;
            recovery_feed(x->r, &x->w.moment);
        }
    }
}

static void bad(struct world *x, unsigned name, enum two_way way, double s)
{
    x->w.name[name].way = way;
    run(x, s);
    x->w.name[name].way = TWO_SERVES;
}

static void all(struct world *x, enum two_way way)
{
    unsigned i;

    for (i = 0; i < TWO_NAMES_MAX; i++) {
        x->w.name[i].way = way;
    }
}

/* The i-th of n: an outage of that name, -1 of all, that lasted from so many
 * seconds to so many, and was over within six. */
static const struct recovery_episode *expect(const struct world *x, size_t i,
                                             size_t n, int name, double from,
                                             double to)
{
    const struct recovery_episode *e;
    uint64_t from_us = (uint64_t)(from * 1e6), to_us = (uint64_t)(to * 1e6);

    assert_int_equal(recovery_count(x->r), n);
    e = recovery_at(x->r, i);
    assert_int_equal(e->cause, RECOVERY_OUTAGE);
    assert_int_equal(e->names.some, name >= 0);
    assert_int_equal(e->names.request, name >= 0 ? name : 0);
    assert_int_equal(e->names.more, 0);
    assert_in_range(e->rise_us, from_us - SEC, from_us + SEC);
    assert_in_range(e->t0_us, to_us - SEC, to_us + SEC);
    assert_int_equal(e->state, RECOVERY_RECOVERED);
    assert_in_range(e->return_us, 0, 6 * SEC);
    assert_true(e->degraded && !e->relapsed);
    assert_true(e->failed >= 5 && e->failed <= e->requests);
    return e;
}

static void a_name_has_a_clock_of_its_own(void **state)
{
    static const enum two_way ways[] = {TWO_HANGS, TWO_FAILS, TWO_REFUSES,
                                        TWO_SILENT};
    unsigned seed, i;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        for (i = 0; i < 4; i++) {
            struct world x;

            open(&x, seed);
            run(&x, 60.4);
            bad(&x, 0, ways[i], 12);
            run(&x, 8);
            assert_true(recovery_sum(x.r).open);
            run(&x, 30);
            expect(&x, 0, 1, 0, 60.4, 72.4);
            assert_true(recovery_at(x.r, 0)->reference == RECOVERY_BY_BASELINE);
            assert_true(recovery_sum(x.r).timed && !recovery_sum(x.r).open);
            shut(&x);
        }
    }
}

/* The second is no relapse of the first. */
static void two_of_them_are_two(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world x;

        open(&x, seed);
        run(&x, 60);
        bad(&x, 0, TWO_FAILS, 6);
        run(&x, 15);
        bad(&x, 0, TWO_FAILS, 6);
        run(&x, 40);
        expect(&x, 0, 2, 0, 60, 66);
        expect(&x, 1, 2, 0, 81, 87);
        shut(&x);
    }
}

static void one_that_does_not_end_is_told(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world x;
        struct recovery_sum m;
        const struct recovery_episode *e;

        open(&x, seed);
        run(&x, 60);
        assert_false(recovery_sum(x.r).down);
        bad(&x, 1, TWO_FAILS, 20);
        m = recovery_sum(x.r);
        assert_true(m.down && m.names.some && m.names.request == 1);
        assert_in_range(m.down_us, 59 * SEC, 61 * SEC);
        recovery_end(x.r);
        assert_int_equal(recovery_count(x.r), 1);
        e = recovery_at(x.r, 0);
        assert_true(e->unserved && e->over && e->names.some);
        assert_int_equal(e->state, RECOVERY_NOT);
        assert_int_equal(e->names.request, 1);
        assert_in_range(e->t0_us, 59 * SEC, 61 * SEC);
        assert_in_range(e->elapsed_us, 19 * SEC, 21 * SEC);
        assert_true(recovery_sum(x.r).lost);
        shut(&x);
    }
}

/* One request in fifty: what is measured of all would be back at once. */
static void what_goes_on_is_not_back_while_a_name_is_out(void **state)
{
    unsigned seed, i;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        const struct recovery_episode *mark;
        struct world x;

        open(&x, seed);
        x.w.vus = 60;
        x.w.names = 3;
        x.w.name[2].share = 0.04;
        run(&x, 60);
        x.mark = true;
        run(&x, 5);
        x.w.name[2].way = TWO_FAILS;
        run(&x, 6);
        for (i = 0; i < 14; i++) {
            run(&x, 1);
            assert_int_equal(recovery_at(x.r, 0)->state, RECOVERY_RECOVERING);
        }
        x.w.name[2].way = TWO_SERVES;
        run(&x, 40);
        assert_int_equal(recovery_count(x.r), 2);
        mark = recovery_at(x.r, 0);
        assert_int_equal(mark->cause, RECOVERY_MARK);
        assert_false(mark->names.some);
        assert_int_equal(mark->state, RECOVERY_RECOVERED);
        assert_in_range(mark->return_us, 23 * SEC, 28 * SEC);
        assert_true(mark->low_us >= 23 * SEC);
        expect(&x, 1, 2, 2, 65, 85);
        assert_true(recovery_at(x.r, 1)->within);
        shut(&x);
    }
}

/* What it is like meanwhile is no baseline, however long it lasts. */
static void nothing_of_it_is_a_baseline(void **state)
{
    unsigned seed, i;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world x;

        open(&x, seed);
        x.w.names = 3;
        run(&x, 60);
        x.w.name[0].factor = 4;
        x.w.name[2].way = TWO_FAILS;
        run(&x, 70);
        x.mark = true;
        run(&x, 10);
        x.w.name[0].factor = 1;
        x.w.name[2].way = TWO_SERVES;
        run(&x, 40);
        assert_int_equal(recovery_count(x.r), 2);
        for (i = 0; i < 2; i++) {
            assert_in_range(recovery_at(x.r, i)->p95_us, 50000, 200000);
            assert_int_equal(recovery_at(x.r, i)->state, RECOVERY_RECOVERED);
        }
        shut(&x);
    }
}

/* A mark soon after it is of no name. */
static void what_comes_after_it_is_not_of_the_name(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world x;

        open(&x, seed);
        run(&x, 60);
        x.w.name[0].way = TWO_FAILS;
        run(&x, 12);
        x.w.name[0].way = TWO_SERVES;
        x.w.name[0].factor = 8;
        run(&x, 4);
        x.mark = true;
        run(&x, 6);
        x.w.name[0].factor = 1;
        run(&x, 40);
        assert_int_equal(recovery_count(x.r), 2);
        assert_true(recovery_at(x.r, 0)->names.some);
        assert_int_equal(recovery_at(x.r, 1)->cause, RECOVERY_MARK);
        assert_false(recovery_at(x.r, 1)->names.some);
        shut(&x);
    }
}

/* The load falls, and the name is not there for ten seconds from then on. */
static void a_fall_is_not_back_before_it(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        const struct recovery_episode *fall;
        struct world x;

        open(&x, seed);
        x.w.names = 3;
        x.w.name[2].share = 0.2;
        run(&x, 60);
        x.w.vus = 60;
        run(&x, 20);
        x.w.vus = 12;
        bad(&x, 2, TWO_FAILS, 10);
        run(&x, 40);
        assert_int_equal(recovery_count(x.r), 2);
        fall = recovery_at(x.r, 0);
        assert_int_equal(fall->cause, RECOVERY_FALL);
        assert_int_equal(fall->state, RECOVERY_RECOVERED);
        assert_in_range(fall->return_us, 9 * SEC, 14 * SEC);
        expect(&x, 1, 2, 2, 80, 90);
        assert_true(recovery_at(x.r, 1)->within);
        shut(&x);
    }
}

/* All names go; also where one was out before, and is out for longer. */
static void an_outage_of_all_is_one(void **state)
{
    static const enum two_way ways[] = {TWO_HANGS, TWO_FAILS, TWO_REFUSES,
                                        TWO_SILENT};
    unsigned seed, i;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        for (i = 0; i < 4; i++) {
            struct world x;

            open(&x, seed);
            x.w.names = 3;
            run(&x, 60 + 0.1 * seed);
            all(&x, ways[i]);
            run(&x, 13);
            all(&x, TWO_SERVES);
            run(&x, 40);
            expect(&x, 0, 1, -1, 60 + 0.1 * seed, 73 + 0.1 * seed);
            shut(&x);
        }
        for (i = 1; i < 3; i++) {
            struct world x;

            open(&x, seed);
            run(&x, 60);
            x.w.name[0].way = TWO_FAILS;
            run(&x, 5);
            all(&x, ways[i]);
            run(&x, 7);
            all(&x, TWO_SERVES);
            x.w.name[0].way = TWO_FAILS;
            run(&x, 4);
            all(&x, TWO_SERVES);
            run(&x, 40);
            expect(&x, 0, 1, 0, 60, 76);
            shut(&x);
        }
    }
}

static void what_is_there_has_no_clock(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world x;

        open(&x, seed);
        x.w.name[0].fail = 0.002;
        run(&x, 60);
        x.w.name[0].factor = 60;
        run(&x, 30);
        x.w.name[0].factor = 1;
        run(&x, 20);
        bad(&x, 0, TWO_HANGS, 4);
        run(&x, 20);
        bad(&x, 0, TWO_LIMITS, 10);
        run(&x, 20);
        bad(&x, 0, TWO_DENIES, 10);
        run(&x, 300);
        recovery_end(x.r);
        assert_int_equal(recovery_count(x.r), 0);
        shut(&x);
    }
}

/* Nobody knows whether it is back; what comes then has a recovery again. */
static void what_nobody_asks_for_is_not_waited_for(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        const struct recovery_episode *e;
        struct world x;

        open(&x, seed);
        run(&x, 40);
        x.w.name[0].way = TWO_FAILS;
        run(&x, 12);
        assert_true(recovery_sum(x.r).down);
        x.w.name[0].share = 0;
        run(&x, 40);
        assert_false(recovery_sum(x.r).down);
        assert_int_equal(recovery_count(x.r), 1);
        e = recovery_at(x.r, 0);
        assert_int_equal(e->cause, RECOVERY_OUTAGE);
        assert_int_equal(e->state, RECOVERY_UNMEASURED);
        run(&x, 40);
        bad(&x, 1, TWO_FAILS, 10);
        run(&x, 40);
        assert_int_equal(recovery_count(x.r), 2);
        e = recovery_at(x.r, 1);
        assert_int_equal(e->state, RECOVERY_RECOVERED);
        shut(&x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_asks_for_is_not_waited_for),
        cmocka_unit_test(a_name_has_a_clock_of_its_own),
        cmocka_unit_test(two_of_them_are_two),
        cmocka_unit_test(one_that_does_not_end_is_told),
        cmocka_unit_test(what_goes_on_is_not_back_while_a_name_is_out),
        cmocka_unit_test(nothing_of_it_is_a_baseline),
        cmocka_unit_test(what_comes_after_it_is_not_of_the_name),
        cmocka_unit_test(a_fall_is_not_back_before_it),
        cmocka_unit_test(an_outage_of_all_is_one),
        cmocka_unit_test(what_is_there_has_no_clock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
