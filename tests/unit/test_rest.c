/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "insight/rest.h"
#include "support/moments.h"
#include "support/seeds.h"

/* This exercises: a rest after which nobody knows what the service was before:
 * figures that are steady end it, and only such. */

#define TOLERANCE_US 50000 /* p95 of the made-up seconds is 114 ms */

struct kit {
    struct moments s;
    struct rest r;
    struct rest_before before;
    unsigned n; /* seconds */
};

static void kit_init(struct kit *k, uint64_t seed)
{
    moments_init(&k->s, seed);
    k->before = (struct rest_before){.good = histo_new()};
    k->n = 0;
    rest_begin(&k->r, 95, 0, TOLERANCE_US, 0.05);
    rest_settles(&k->r, &k->before);
}

static void kit_clear(struct kit *k)
{
    moments_clear(&k->s);
    histo_free(&k->before.good);
}

static enum rest_state kit_second(struct kit *k)
{
    struct moment x = moments_next(&k->s);

    k->n++;
    return rest_feed(&k->r, &x);
}

static enum rest_state kit_end(struct kit *k)
{
    while (kit_second(k) == REST_GOING) {
        assert_true(k->n < 60);
    }
    return k->r.state;
}

/* Seconds as they are now, before it. */
static void kit_before(struct kit *k, unsigned n)
{
    while (n-- > 0) {
        struct moment x = moments_next(&k->s);

        histo_merge(k->before.good, x.good);
        k->before.requests += x.requests;
        k->before.failed += x.failed;
    }
}

static void steady_figures_end_it(void **state)
{
    unsigned seeds = seeds_of("REST_SEEDS", 20), seed, missed = 0;

    (void)state;
    for (seed = 1; seed <= seeds; seed++) {
        struct kit k;

        kit_init(&k, seed);
        assert_int_equal(kit_end(&k), REST_STEADY);
        assert_in_range(k.n, 15, 45);
        kit_clear(&k);
        /* Two a second: they are too few for more than that nothing says that
         * they fall. */
        kit_init(&k, seed);
        k.s.rate = 2;
        k.s.factor = 6;
        missed += kit_end(&k) == REST_MISSED;
        kit_clear(&k);
    }
    print_message("%u of %u missed\n", missed, seeds);
    assert_true(missed <= seeds / 100);
}

static void without_that_a_minute_is_waited(void **state)
{
    struct kit k;

    (void)state;
    kit_init(&k, 1);
    rest_begin(&k.r, 95, 0, TOLERANCE_US, 0.05);
    assert_int_equal(kit_end(&k), REST_MISSED);
    assert_int_equal(k.n, 60);
    kit_clear(&k);
    /* A tolerance that nothing meets. */
    kit_init(&k, 1);
    rest_begin(&k.r, 95, 0, 0, 0.05);
    rest_settles(&k.r, &k.before);
    assert_int_equal(kit_end(&k), REST_MISSED);
    kit_clear(&k);
}

/* Of a factor that falls by a third in 10 to 40 s, down to what is well. */
static void what_falls_is_waited_for(void **state)
{
    static const double constant_s[] = {10, 20, 40};
    unsigned seed;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof constant_s / sizeof constant_s[0]; i++) {
        for (seed = 1; seed <= seeds_of("REST_SEEDS", 20); seed++) {
            double least = 0.3, s = constant_s[i];
            struct kit k;

            kit_init(&k, seed);
            do {
                k.s.factor = least + 4 * exp(-(k.n + 1.0) / s);
            } while (kit_second(&k) == REST_GOING && k.s.factor > 1.5 * least);
            assert_int_not_equal(k.r.state, REST_STEADY);
            kit_clear(&k);
        }
    }
}

/* A line: response times grow while what came in the overload is served, then
 * fall; what is in flight falls all the time. */
static void a_line_is_waited_for(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= seeds_of("REST_SEEDS", 20); seed++) {
        struct kit k;

        kit_init(&k, seed);
        do {
            double t = k.n + 1.0;

            k.s.in_flight = (unsigned)(900 - 18 * t);
            k.s.factor = t < 16 ? 100 + t : 116 - 2.5 * (t - 16);
        } while (kit_second(&k) == REST_GOING && k.n < 50);
        assert_int_equal(k.r.state, REST_GOING);
        kit_clear(&k);
    }
}

static void what_was_better_before_is_waited_for(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= seeds_of("REST_SEEDS", 20); seed++) {
        struct kit k;

        kit_init(&k, seed);
        k.s.factor = 0.3;
        kit_before(&k, 1);
        k.s.factor = 2;
        assert_int_equal(kit_end(&k), REST_MISSED);
        kit_clear(&k);
        /* So many fail, which did not. */
        kit_init(&k, seed);
        k.s.factor = 0.3;
        kit_before(&k, 1);
        k.s.fail = 0.4;
        assert_int_equal(kit_end(&k), REST_MISSED);
        kit_clear(&k);
    }
}

/* It was as slow, it failed as often, or it was quicker and still too slow. */
static void what_was_as_bad_before_is_itself(void **state)
{
    static const struct {
        double before, now, fail;
    } rows[] = {{1, 1, 0}, {0.8, 3, 0}, {0.3, 0.3, 0.4}};
    unsigned seed;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (seed = 1; seed <= seeds_of("REST_SEEDS", 20); seed++) {
            struct kit k;

            kit_init(&k, seed);
            k.s.factor = rows[i].before;
            k.s.fail = rows[i].fail;
            kit_before(&k, 1);
            k.s.factor = rows[i].now;
            assert_int_equal(kit_end(&k), REST_STEADY);
            kit_clear(&k);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_figures_end_it),
        cmocka_unit_test(without_that_a_minute_is_waited),
        cmocka_unit_test(what_falls_is_waited_for),
        cmocka_unit_test(a_line_is_waited_for),
        cmocka_unit_test(what_was_better_before_is_waited_for),
        cmocka_unit_test(what_was_as_bad_before_is_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
