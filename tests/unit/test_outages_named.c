/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "insight/outages_named.h"
#include "support/seeds.h"
#include "support/two_names.h"

/* This exercises: a request name that nobody serves while others are served is
 * an outage of that name, from when it began until it is served again; what is
 * slow, limited, denied, flaky or gone with all others is none. Made-up runs
 * whose truth is known, 20 seeds each (SEEDS). */

#define SEC   UINT64_C(1000000)
#define TICK  UINT64_C(100000)
#define SEEDS seeds_of("SEEDS", 20)

#define FOUND_MAX 16

struct world {
    struct two_names w;
    struct outages_named *s;
    struct outage found[FOUND_MAX]; /* those that are over */
    size_t n;
    bool on;
    uint64_t told_us; /* that it began */
    struct outage now;
};

static void open(struct world *x, uint64_t seed)
{
    memset(x, 0, sizeof *x);
    two_init(&x->w, seed);
    x->s = outages_named_new();
}

static void shut(struct world *x)
{
    outages_named_free(&x->s);
    two_clear(&x->w);
}

static void run(struct world *x, double seconds)
{
    unsigned n = (unsigned)(seconds * 10 + 0.5);

    while (n-- > 0) {
        const struct beat *b = two_beat(&x->w);
        struct outage o;

        switch (outages_named_feed(x->s, b, &o)) {
        case OUTAGES_NOTHING:
            assert_false(x->on);
            break;
        case OUTAGES_BEGUN:
            assert_false(x->on);
            x->on = true;
            x->told_us = b->end_us;
            x->now = o;
            break;
        case OUTAGES_GOES_ON:
            assert_true(x->on && o.start_us <= x->now.start_us);
            x->now = o;
            break;
        case OUTAGES_OVER:
            assert_true(x->on && x->n < FOUND_MAX);
            x->on = false;
            x->found[x->n++] = o;
            break;
        }
    }
}

static void bad(struct world *x, unsigned name, enum two_way way, double s)
{
    x->w.name[name].way = way;
    run(x, s);
    x->w.name[name].way = TWO_SERVES;
}

/* The only one, of that name, from and to those times, give or take. */
static void expect(const struct world *x, unsigned name, uint64_t from_us,
                   uint64_t to_us, uint64_t off_us)
{
    const struct outage *o = &x->found[0];

    assert_int_equal(x->n, 1);
    assert_false(x->on);
    assert_true(o->named);
    assert_int_equal(o->request, name);
    assert_int_equal(o->more, 0);
    assert_in_range(o->start_us, from_us - off_us, from_us + off_us);
    assert_in_range(o->end_us, to_us - TICK, to_us + off_us);
    assert_true(o->lost >= OUTAGES_NAMED_LEAST);
}

/* It hangs and fails in bursts, fails at once, refuses, times out: each from
 * 30.3 s on, for so long that some requests failed. */
static void a_name_is_out_while_others_are_served(void **state)
{
    static const enum two_way ways[] = {TWO_HANGS, TWO_FAILS, TWO_REFUSES,
                                        TWO_SILENT};
    static const unsigned vus[] = {4, 12, 60};
    unsigned seed, i, k;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        for (i = 0; i < 4; i++) {
            for (k = 0; k < 3; k++) {
                struct world x;

                open(&x, seed);
                x.w.vus = vus[k];
                run(&x, 30.3);
                bad(&x, 0, ways[i], 12);
                run(&x, 30);
                expect(&x, 0, 303 * TICK, 423 * TICK, SEC);
                shut(&x);
            }
        }
    }
}

/* The second of the two, asked by one iteration in ten. */
static void a_rare_name_is_found_too(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world x;

        open(&x, seed);
        x.w.name[1].share = 0.1;
        run(&x, 60);
        bad(&x, 1, TWO_FAILS, 20);
        run(&x, 30);
        expect(&x, 1, 60 * SEC, 80 * SEC, 4 * SEC);
        shut(&x);
    }
}

static void it_is_told_while_it_lasts_and_need_not_end(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world x;

        open(&x, seed);
        run(&x, 30);
        bad(&x, 0, TWO_FAILS, 30);
        assert_true(x.on);
        assert_int_equal(x.n, 0);
        assert_in_range(x.told_us, 318 * TICK, 33 * SEC);
        assert_in_range(x.now.end_us, 60 * SEC, 60 * SEC);
        shut(&x);
    }
}

/* What is there is not out, whatever it says; nor is what failed as often
 * before, or for less than two seconds, or of which too little is known. */
static void what_is_there_is_not_out(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world x;

        open(&x, seed);
        run(&x, 30);
        bad(&x, 0, TWO_LIMITS, 10);
        run(&x, 10);
        bad(&x, 0, TWO_DENIES, 10);
        run(&x, 10);
        x.w.name[0].factor = 60; /* 4.8 s: gaps of seconds */
        run(&x, 30);
        x.w.name[0].factor = 1;
        run(&x, 10);
        bad(&x, 0, TWO_HANGS, 4); /* all are served in the end */
        run(&x, 10);
        bad(&x, 0, TWO_FAILS, 1.5);
        run(&x, 10);
        x.w.name[0].fail = 0.5;
        run(&x, 60);
        assert_false(x.on);
        assert_int_equal(x.n, 0);
        shut(&x);
        open(&x, seed);
        bad(&x, 0, TWO_FAILS, 20); /* from the start */
        run(&x, 10);
        assert_int_equal(x.n, 0);
        shut(&x);
        open(&x, seed);
        x.w.vus = 1;
        run(&x, 5); /* a dozen, and as many failures as make no chance */
        bad(&x, 0, TWO_FAILS, 20);
        assert_false(x.on);
        shut(&x);
    }
}

/* They all hang for five seconds: half of them fail then, the others are served
 * soon after. */
static void what_hung_and_was_served_is_not_out(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world x;

        open(&x, seed);
        x.w.vus = 60;
        run(&x, 30);
        bad(&x, 0, TWO_HANGS, 5);
        run(&x, 20);
        assert_int_equal(x.n, 0);
        assert_false(x.on);
        shut(&x);
    }
}

/* One user, and a name that fails nine times of ten. */
static void chance_makes_none(void **state)
{
    unsigned seed, found = 0;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world x;

        open(&x, seed);
        x.w.vus = 1 + seed % 5;
        x.w.name[0].fail = (double)(seed % 10) / 10;
        x.w.name[1].fail = 0.02;
        run(&x, 600);
        found += (unsigned)x.n + x.on;
        shut(&x);
    }
    assert_int_equal(found, 0);
}

/* All names go: that is no outage of one, however they come back. */
static void what_all_do_is_of_no_name(void **state)
{
    static const enum two_way ways[] = {TWO_FAILS, TWO_REFUSES, TWO_HANGS,
                                        TWO_SILENT};
    unsigned seed, i, k;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        for (i = 0; i < 8; i++) {
            struct world x;

            open(&x, seed);
            x.w.names = 3;
            x.w.name[2].share = 0.3;
            run(&x, 30 + 0.1 * seed);
            for (k = 0; k < 3; k++) {
                x.w.name[k].way = ways[i / 2];
            }
            run(&x, i % 2 == 0 ? 7 : 13);
            for (k = 0; k < 3; k++) {
                x.w.name[k].way = TWO_SERVES;
            }
            run(&x, 20);
            assert_int_equal(x.n, 0);
            assert_false(x.on);
            shut(&x);
        }
    }
}

/* Two of three: one outage, until both are served. */
static void several_names_are_one_outage(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world x;

        open(&x, seed);
        x.w.names = 3;
        run(&x, 30);
        x.w.name[0].way = TWO_FAILS;
        run(&x, 4);
        x.w.name[1].way = TWO_FAILS;
        run(&x, 6);
        x.w.name[0].way = TWO_SERVES;
        run(&x, 3);
        assert_true(x.on);
        x.w.name[1].way = TWO_SERVES;
        run(&x, 20);
        assert_int_equal(x.n, 1);
        assert_int_equal(x.found[0].request, 0);
        assert_int_equal(x.found[0].more, 1);
        assert_in_range(x.found[0].start_us, 29 * SEC, 305 * TICK);
        assert_in_range(x.found[0].end_us, 43 * SEC, 435 * TICK);
        bad(&x, 2, TWO_FAILS, 5); /* the next is one of its own */
        run(&x, 10);
        assert_int_equal(x.n, 2);
        assert_int_equal(x.found[1].request, 2);
        assert_int_equal(x.found[1].more, 0);
        shut(&x);
    }
}

/* What was not asked for a while did not hang: while others are always in
 * flight, that is seen by how long the failures took; else by that nothing was.
 */
static void silence_counts_where_answers_were_due(void **state)
{
    unsigned seed, idle;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        for (idle = 0; idle < 2; idle++) {
            struct world x;

            open(&x, seed);
            x.w.vus = idle ? 12 : 60;
            x.w.name[1].ms = idle ? 2 : 500;
            run(&x, 30);
            x.w.name[0].share = 0;
            run(&x, 20); /* nobody asks it */
            x.w.name[0].share = 1;
            bad(&x, 0, idle ? TWO_REFUSES : TWO_FAILS, 10);
            run(&x, 10);
            expect(&x, 0, 50 * SEC, 60 * SEC, SEC);
            shut(&x);
        }
    }
}

/* What it is when nobody asks for it any more is not known: it was out up to
 * its last failure, however long the rest of the run is. */
static void what_nobody_asks_for_is_out_no_more(void **state)
{
    static const enum two_way ways[] = {TWO_HANGS, TWO_FAILS, TWO_REFUSES,
                                        TWO_SILENT};
    unsigned seed, i;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        for (i = 0; i < 4; i++) {
            struct world x;

            open(&x, seed);
            run(&x, 30);
            x.w.name[0].way = ways[i];
            run(&x, 12);
            x.w.name[0].share = 0;
            run(&x, 20);
            assert_true(x.on); /* it may be that all of them hang */
            run(&x, 30);
            assert_int_equal(x.n, 1);
            assert_true(x.found[0].unasked);
            assert_in_range(x.found[0].start_us, 29 * SEC, 31 * SEC);
            assert_in_range(x.found[0].end_us, 37 * SEC, 48 * SEC);
            x.w.name[0].way = TWO_SERVES;
            x.w.name[0].share = 1;
            run(&x, 30);
            assert_int_equal(x.n, 1);
            bad(&x, 0, TWO_FAILS, 10); /* and another one */
            run(&x, 5);
            assert_int_equal(x.n, 2);
            assert_false(x.found[1].unasked);
            shut(&x);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_out_while_others_are_served),
        cmocka_unit_test(a_rare_name_is_found_too),
        cmocka_unit_test(what_nobody_asks_for_is_out_no_more),
        cmocka_unit_test(it_is_told_while_it_lasts_and_need_not_end),
        cmocka_unit_test(what_is_there_is_not_out),
        cmocka_unit_test(what_hung_and_was_served_is_not_out),
        cmocka_unit_test(chance_makes_none),
        cmocka_unit_test(what_all_do_is_of_no_name),
        cmocka_unit_test(several_names_are_one_outage),
        cmocka_unit_test(silence_counts_where_answers_were_due),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
