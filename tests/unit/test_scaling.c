/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "insight/little.h"
#include "insight/scaling.h"
#include "support/moments.h"
#include "support/seeds.h"

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
    assert_true(fabs(scaling_limit(w.p, 0, 120) - 120) < 1e-9);
    assert_true(fabs(scaling_limit(w.p, 0, 100) - 103) < 1e-9);
    assert_true(scaling_limit(w.p, 0, 98) == 0);
    world_clear(&w);
}

/* Four places of 50 ms and a queue of four: from the ninth user on most are
 * refused at once, thousands a second, and 80 are served as before. */
static void what_fails_is_no_throughput(void **state)
{
    static const double at[] = {1, 2, 3, 4, 6, 8};
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= 20; seed++) {
        struct scaling a;
        struct world w;
        size_t i;

        world_init(&w);
        rng_seed(&w.s.rng, seed, 1);
        for (i = 0; i < 6; i++) {
            level(&w, at[i], fmin(20 * at[i], 80), 0, 0);
        }
        w.s.fail = 1 - 80.0 / 6600;
        level(&w, 9, 6600, 0, 0);
        plateaus_end(w.p);
        a = scaling_of(w.p);
        assert_true(plateaus_at(w.p, 6)->rps > 6000);
        assert_int_equal(a.levels, 7);
        assert_true(a.bounds.full);
        assert_true(a.bounds.x_max > 79 && a.bounds.x_max < 90);
        assert_true(a.bounds.knee > 3.5 && a.bounds.knee < 5);
        assert_true(scaling_limit(w.p, 0, a.bounds.x_max) < 90);
        assert_true(a.knee < 7);
        world_clear(&w);
    }
}

/* Users who think for up to two seconds, evenly; a service of which all take
 * the same time as long as it has no more to do than most a second. How many
 * requests end in each second of such a level. */
static void think(struct rng *g, unsigned n, double most, unsigned *ended,
                  unsigned seconds)
{
    double late = 0, last = -2.1, *due = calloc(n, sizeof *due);
    unsigned i;

    memset(ended, 0, seconds * sizeof *ended);
    for (i = 0; i < n; i++) {
        due[i] = 2 * rng_unit(g) - 2.1;
    }
    for (;;) {
        unsigned next = 0;

        for (i = 1; i < n; i++) {
            next = due[i] < due[next] ? i : next;
        }
        late = fmax(late - (due[next] - last), 0);
        last = due[next];
        late += 1 / most;
        if (last + late >= seconds) {
            break;
        }
        if (last + late >= 0) {
            ended[(unsigned)(last + late)]++;
        }
        due[next] += late + 0.1 + 2 * rng_unit(g);
    }
    free(due);
}

/* Seven levels of them, so many seconds each. */
static struct scaling thinking(uint64_t seed, const unsigned *users,
                               unsigned seconds, double most)
{
    unsigned ended[64], i, k;
    struct scaling a;
    struct world w;

    world_init(&w);
    rng_seed(&w.s.rng, seed, 3);
    for (i = 0; i < 7; i++) {
        think(&w.s.rng, users[i], most, ended, seconds);
        for (k = 0; k < seconds; k++) {
            struct moment m;

            w.s.load = users[i];
            w.s.rate = ended[k];
            m = moments_next(&w.s);
            m.vus_us = users[i] * 1e6;
            m.iterations = ended[k];
            m.iteration_us = users[i] * 1e6;
            plateaus_feed(w.p, &m);
        }
    }
    plateaus_end(w.p);
    a = scaling_of(w.p);
    world_clear(&w);
    return a;
}

static const unsigned steps[2][7] = {{10, 12, 15, 18, 22, 27, 33},
                                     {20, 24, 30, 36, 44, 54, 66}};

/* It does all that is asked for, at each level: what it can do is not known,
 * though two neighbours may look alike. */
static void what_grows_all_along_has_no_limit(void **state)
{
    const unsigned runs = seeds_of("RUNS", 200);
    static const unsigned seconds[] = {8, 12, 32};
    unsigned set, d, seed;

    (void)state;
    for (set = 0; set < 2; set++) {
        for (d = 0; d < 3; d++) {
            unsigned full = 0, knee = 0;

            for (seed = 1; seed <= runs; seed++) {
                struct scaling a = thinking(seed, steps[set], seconds[d], 1e6);

                full += a.bounds.full;
                knee += a.knee > 0;
            }
            if (runs >= 1000) {
                print_message("from %u users, %u s each: a limit in %u of "
                              "%u, a bend in %u\n",
                              steps[set][0], seconds[d], full, runs, knee);
            }
            assert_true(full <= runs / 50);
            assert_true(knee <= runs / 50);
        }
    }
}

/* And where it has one, that is found. */
static void what_stops_growing_has_one(void **state)
{
    unsigned found = 0, seed;

    (void)state;
    for (seed = 1; seed <= 20; seed++) {
        struct scaling a = thinking(seed, steps[1], 12, 25);

        found += a.bounds.full && a.bounds.x_max > 24 && a.bounds.x_max < 27;
    }
    assert_true(found >= 19);
}

/* Two neighbours that look alike, and more above them. */
static void only_what_is_flat_to_the_top_is_full(void **state)
{
    struct bounds_level l[] = {{10, 10, .02, 1, 300},
                               {12, 10.4, .02, 1, 300},
                               {24, 23, .02, 1, 700},
                               {48, 47, .02, 1, 1400},
                               {96, 94, .02, 1, 2800}};

    (void)state;
    assert_false(bounds_of(l, 5).full);
    l[4].x = 48;
    assert_true(bounds_of(l, 5).full);
    l[3].count = l[4].count = 4; /* chance may be all that there is */
    assert_false(bounds_of(l, 5).full);
}

/* A second of n users: so many iterations, a request each, of so long. */
static void second(struct world *w, double n, double rate, double each_s)
{
    struct moment m;

    w->s.load = n;
    w->s.rate = rate;
    w->s.p95_ms = each_s * 1000 * exp(0.8224 - 0.125);
    m = moments_next(&w->s);
    m.vus_us = n * 1e6;
    m.iterations = m.requests;
    m.iteration_us = (double)histo_sum(w->s.all);
    m.iteration_us2 =
        m.iteration_us * m.iteration_us / fmax((double)m.iterations, 1) * 1.3;
    plateaus_feed(w->p, &m);
}

/* A hundred users take four seconds each; what the ten that stay had under way
 * ends in their first five or eight. No user hangs, whoever says that it was
 * too much.
 */
static void what_was_under_way_is_no_user_that_hangs(void **state)
{
    static const struct rule rules[] = {{95, 1e6, 0}};
    unsigned ruled, slow, i;

    (void)state;
    for (ruled = 0; ruled < 2; ruled++) {
        struct world w;
        const struct plateau *p;

        slow = ruled ? 8 : 5;
        w.p = plateaus_new(rules, ruled);
        moments_init(&w.s, 5);
        for (i = 0; i < 12; i++) {
            second(&w, 10, 100, 0.1);
        }
        for (i = 0; i < 12; i++) {
            second(&w, 100, 25, 4);
        }
        for (i = 0; i < 12; i++) {
            second(&w, 10,
                   i < 2      ? 25
                   : i < slow ? 10
                              : 100,
                   i < slow ? 4 : 0.1);
        }
        plateaus_end(w.p);
        p = plateaus_at(w.p, 2);
        assert_true(ruled == (p->after > 0));
        assert_int_not_equal(p->little.state, LITTLE_BROKEN);
        assert_int_equal(scaling_of(w.p).suspect, -1);
        world_clear(&w);
    }
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
        cmocka_unit_test(what_fails_is_no_throughput),
        cmocka_unit_test(what_grows_all_along_has_no_limit),
        cmocka_unit_test(what_stops_growing_has_one),
        cmocka_unit_test(only_what_is_flat_to_the_top_is_full),
        cmocka_unit_test(users_who_hang_are_missed),
        cmocka_unit_test(what_was_under_way_is_no_user_that_hangs),
        cmocka_unit_test(rates_of_arrival_and_idle_levels_are_no_levels),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
