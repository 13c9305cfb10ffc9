/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "insight/little.h"
#include "insight/scaling.h"
#include "support/moments.h"

/* This exercises: what the levels of a run say together of throughput over
 * load, from moments; and Little's law as a check of each. */

static struct little_seen seen(double users, double rate, double each_s)
{
    return (struct little_seen){.users = users,
                                .each_s = each_s,
                                .each_cv = 0.5,
                                .ended = (uint64_t)(rate * 60),
                                .seconds = 60};
}

static void little_s_law_holds_or_does_not(void **state)
{
    struct little_seen s = seen(100, 50, 2);
    struct little_answer a = little_check(&s);

    (void)state;
    assert_int_equal(a.state, LITTLE_HOLDS);
    assert_true(a.expected == 100);
    s = seen(100, 50, 1.7);
    a = little_check(&s);
    assert_int_equal(a.state, LITTLE_BROKEN);
    assert_true(fabs(a.expected - 85) < 1e-9);
    s = seen(100, 50, 2.3);
    assert_int_equal(little_check(&s).state, LITTLE_BROKEN);
}

static void a_time_too_short_says_nothing(void **state)
{
    struct little_seen s = seen(100, 50, 7);

    (void)state;
    assert_int_equal(little_check(&s).state, LITTLE_UNKNOWN);
    s = seen(100, 0, 1);
    assert_int_equal(little_check(&s).state, LITTLE_UNKNOWN);
    s = (struct little_seen){0};
    assert_int_equal(little_check(&s).state, LITTLE_UNKNOWN);
}

struct world {
    struct plateaus *p;
    struct moments s;
    double mean_us; /* of the responses of the level */
};

static void world_init(struct world *w)
{
    w->p = plateaus_new(NULL, 0);
    moments_init(&w->s, 5);
}

static void world_clear(struct world *w)
{
    plateaus_free(&w->p);
    moments_clear(&w->s);
}

/* Twelve seconds of n users with x requests a second, each an iteration of its
 * own, and so much time between; hung: of the users, answer nothing. */
static void level(struct world *w, double n, double x, double think_s,
                  double hung)
{
    unsigned i;

    w->s.load = n;
    w->s.rate = x;
    /* Their mean: e^(0.5 * 0.5^2) times the median. */
    w->s.p95_ms = ((n - hung) / x - think_s) * 1000 * exp(0.8224 - 0.125);
    for (i = 0; i < 12; i++) {
        struct moment m = moments_next(&w->s);

        m.vus_us = n * 1e6;
        m.iterations = m.requests;
        m.iteration_us =
            (double)histo_sum(w->s.all) + think_s * 1e6 * (double)m.requests;
        m.iteration_us2 = m.iteration_us * m.iteration_us /
                          fmax((double)m.iterations, 1) * 1.3;
        plateaus_feed(w->p, &m);
    }
}

static double law(double n)
{
    return floor(40 * n / (1 + .02 * (n - 1) + 5e-4 * n * (n - 1)));
}

static void users_who_do_not_think_follow_the_law(void **state)
{
    static const double at[] = {5, 10, 20, 40, 60, 90};
    struct scaling a;
    struct world w;
    size_t i;

    (void)state;
    world_init(&w);
    for (i = 0; i < 6; i++) {
        level(&w, at[i], law(at[i]), 0, 0);
    }
    /* The last goes on: it is none yet. */
    a = scaling_of(w.p);
    assert_int_equal(a.levels, 5);
    assert_false(a.usl.fitted);
    plateaus_end(w.p);
    a = scaling_of(w.p);
    assert_int_equal(a.levels, 6);
    assert_true(a.usl.peak && !a.bounds.thinks);
    assert_true(fabs(a.usl.n_star - 44.3) < 1);
    assert_true(fabs(a.usl.sigma - .02) < .002);
    assert_int_equal(a.suspect, -1);
    assert_int_equal(plateaus_at(w.p, 2)->little.state, LITTLE_HOLDS);
    /* The same load once more is no other level. */
    level(&w, 20, law(20), 0, 0);
    plateaus_end(w.p);
    assert_int_equal(scaling_of(w.p).levels, 6);
    world_clear(&w);
}

static void users_who_think_get_bounds_instead(void **state)
{
    static const double levels[][2] = {{20, 19}, {30, 28},  {50, 44},
                                       {60, 48}, {100, 50}, {200, 50}};
    struct scaling a;
    struct world w;
    size_t i;

    (void)state;
    world_init(&w);
    for (i = 0; i < 6; i++) {
        level(&w, levels[i][0], levels[i][1], 1, 0);
    }
    plateaus_end(w.p);
    a = scaling_of(w.p);
    assert_int_equal(a.levels, 6);
    assert_true(a.bounds.thinks && a.bounds.full);
    assert_true(!a.usl.fitted && !a.usl.peak);
    assert_non_null(strstr(a.usl.why, "think"));
    assert_true(fabs(a.bounds.x_max - 50) < .5);
    assert_true(a.bounds.z_s > .95 && a.bounds.z_s < 1.05);
    assert_true(a.bounds.knee > 50 && a.bounds.knee < 60);
    world_clear(&w);
}

static void no_limit_is_less_than_what_was_done(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    level(&w, 20, 100, 0, 0);
    level(&w, 40, 103, 0, 0);
    assert_true(fabs(scaling_limit(w.p, 120) - 120) < 1e-9);
    assert_true(fabs(scaling_limit(w.p, 100) - 103) < 1e-9);
    assert_true(scaling_limit(w.p, 98) == 0);
    world_clear(&w);
}

static void users_who_hang_are_missed(void **state)
{
    struct scaling a;
    struct world w;

    (void)state;
    world_init(&w);
    level(&w, 20, 100, 0, 0);
    level(&w, 40, 100, 0, 20);
    level(&w, 10, 100, 0, 0);
    a = scaling_of(w.p);
    assert_int_equal(a.suspect, 1);
    assert_int_equal(plateaus_at(w.p, 1)->little.state, LITTLE_BROKEN);
    assert_true(plateaus_at(w.p, 1)->users == 40);
    assert_true(fabs(plateaus_at(w.p, 1)->little.expected - 20) < 2);
    world_clear(&w);
}

static void rates_of_arrival_and_idle_levels_are_no_levels(void **state)
{
    struct moment m = {.active_us = 1000000, .still = true, .open = true};
    struct world w;
    unsigned i;

    (void)state;
    world_init(&w);
    assert_int_equal(scaling_of(w.p).levels, 0);
    w.s.rate = 0;
    for (i = 0; i < 60; i++) {
        m = moments_next(&w.s);
        m.load = 10 + i / 10;
        m.vus_us = m.load * 1e6;
        plateaus_feed(w.p, &m);
    }
    w.s.rate = 100;
    for (i = 0; i < 60; i++) {
        m = moments_next(&w.s);
        m.load = 100 + i / 10;
        m.open = true;
        m.vus_us = 7e6;
        m.iterations = 100;
        m.iteration_us = m.iteration_us2 = 1;
        plateaus_feed(w.p, &m);
    }
    plateaus_end(w.p);
    assert_int_equal(plateaus_count(w.p), 12);
    assert_int_equal(scaling_of(w.p).levels, 0);
    assert_int_equal(scaling_of(w.p).suspect, -1);
    world_clear(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(little_s_law_holds_or_does_not),
        cmocka_unit_test(a_time_too_short_says_nothing),
        cmocka_unit_test(users_who_do_not_think_follow_the_law),
        cmocka_unit_test(users_who_think_get_bounds_instead),
        cmocka_unit_test(no_limit_is_less_than_what_was_done),
        cmocka_unit_test(users_who_hang_are_missed),
        cmocka_unit_test(rates_of_arrival_and_idle_levels_are_no_levels),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
