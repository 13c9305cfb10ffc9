/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/rng.h"
#include "insight/changes.h"
#include "insight/shifts.h"
#include "support/seeds.h"

/* This exercises: a single slow or fast block at an end of a stretch, or one
 * beside it. It is no change, and what did change is told in spite of it, there
 * and by that much. SEEDS of the environment (200) says how many of each. */

#define SEEDS     seeds_of("SEEDS", 200)
#define VALUES    720
#define NOISE     0.05
#define NO_CHANGE SIZE_MAX

/* n blocks; from `at` on so many times as slow, and block `odd` in itself. */
struct stretch {
    size_t n, at;
    double times;
    size_t odd;
    double odd_times;
    double noise; /* of ln p95 */
};

static void stretch_make(const struct stretch *w, unsigned seed, double *x)
{
    struct rng rng;
    size_t i;

    rng_seed(&rng, seed, 1);
    for (i = 0; i < w->n; i++) {
        x[i] = log(100000) + w->noise * rng_normal(&rng);
        x[i] += w->at != NO_CHANGE && i >= w->at ? log(w->times) : 0;
        x[i] += i == w->odd ? log(w->odd_times) : 0;
    }
}

/* What became of such stretches. */
struct came {
    unsigned told;  /* at all */
    unsigned place; /* of these: what is said to be nearly as likely has it */
    unsigned size;  /* of these: to 13 % */
    unsigned small; /* of these: less than is ever told */
};

static void came_print(const struct stretch *w, const struct came *c)
{
    print_message("%zu blocks, x%.2f at %zd, block %zu x%.2f: told %u of %u, "
                  "%u there, %u of that size\n",
                  w->n, w->times, (ssize_t)w->at, w->odd, w->odd_times, c->told,
                  SEEDS, c->place, c->size);
}

/* All of a stretch at once, as at its end. */
static struct came look_once(const struct stretch *w)
{
    static double x[VALUES];
    struct came came = {0};
    unsigned seed;

    for (seed = 1; seed <= SEEDS; seed++) {
        struct changes_split c;
        struct changes_place p;

        stretch_make(w, seed, x);
        if (changes_split(x, w->n, &c)) {
            p = changes_locate(x, w->n, &c);
            came.told++;
            came.place += p.low <= w->at && w->at <= p.high;
            came.size += fabs(p.after - p.before - log(w->times)) < 0.12;
        }
    }
    return came;
}

/* Blocks as they come in, after some of another load: a fall in a run's first
 * stretch is a warm-up. */
static struct came look_on(const struct stretch *w)
{
    static double x[VALUES];
    struct histo *us = histo_new();
    struct came came = {0};
    unsigned seed;

    for (seed = 1; seed <= SEEDS; seed++) {
        struct shifts *s = shifts_new();
        struct moment m = {.load = 5, .still = true, .by = "plan"};
        struct shift found, first = {0};
        unsigned told = 0;
        size_t i;

        m.all = m.good = us;
        stretch_make(w, seed, x);
        for (i = 0; i < w->n + 2; i++) {
            histo_clear(us);
            histo_record_n(us, (uint64_t)exp(x[i < 2 ? 0 : i - 2]), 100);
            m.load = i < 2 ? 5 : 10;
            m.start_us = m.end_us;
            m.active_us = SHIFTS_BLOCK_US;
            m.end_us += m.active_us;
            if (shifts_feed(s, &m, &found)) {
                first = told++ == 0 ? found : first;
            }
        }
        if (shifts_end(s, &found)) {
            first = told++ == 0 ? found : first;
        }
        shifts_free(&s);
        came.told += told > 0;
        came.place += told == 1 && fabs((double)first.at_us -
                                        (double)(w->at + 2) * SHIFTS_BLOCK_US) <
                                       (double)first.grain_us;
        came.small += told > 0 && fabs(log(first.after_us / first.before_us)) <
                                      CHANGES_LEAST - 1e-9;
        came.size +=
            told == 1 &&
            fabs(log(first.after_us / first.before_us / w->times)) < 0.12;
    }
    histo_free(&us);
    return came;
}

static bool all_right(const struct stretch *w, struct came came)
{
    bool right = came.told >= SEEDS * 95 / 100 &&
                 came.place >= came.told * 95 / 100 &&
                 came.size >= came.told * 95 / 100;

    if (!right || SEEDS > 200) {
        came_print(w, &came);
    }
    return right;
}

static void a_change_is_told_in_spite_of_an_odd_end(void **state)
{
    static const struct stretch made[] = {
        {60, 30, 1.25, 59, 2.5, NOISE},  {40, 20, 1.5, 39, 4, NOISE},
        {60, 30, 1.25, 0, 2.5, NOISE},   {40, 20, 1.5, 0, 4, NOISE},
        {60, 30, 1.25, 59, 0.4, NOISE},  {40, 20, 1 / 1.5, 0, 0.25, NOISE},
        {40, 20, 1 / 1.5, 39, 4, NOISE}, {60, 30, 1.25, 0, 10, NOISE},
        {60, 30, 1.25, 59, 10, NOISE},
    };
    unsigned wrong = 0;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof made / sizeof made[0]; i++) {
        wrong += !all_right(&made[i], look_once(&made[i]));
    }
    assert_int_equal(wrong, 0);
}

/* The stretch ends before the place would have been known, or it begins with
 * what is odd. */
static void so_it_is_as_blocks_come_in(void **state)
{
    static const struct stretch made[] = {
        {38, 30, 1.5, 37, 4, NOISE},    {26, 20, 1.5, 25, 4, NOISE},
        {38, 30, 1.5, 37, 0.25, NOISE}, {60, 30, 1.25, 0, 2.5, NOISE},
        {40, 20, 1.5, 0, 4, NOISE},     {60, 30, 1.25, 59, 2.5, NOISE},
        {40, 20, 1.5, 39, 4, NOISE},    {40, 20, 1 / 1.5, 0, 4, NOISE},
    };
    unsigned wrong = 0;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof made / sizeof made[0]; i++) {
        wrong += !all_right(&made[i], look_on(&made[i]));
    }
    assert_int_equal(wrong, 0);
}

/* Two slow blocks at the end explain more than the change that was found. */
static void its_place_is_near_what_was_found(void **state)
{
    struct changes_split c = {.at = 30, .before = 0, .after = 0.3};
    struct changes_place p;
    double x[60];
    size_t i;

    (void)state;
    for (i = 0; i < 60; i++) {
        x[i] = (i % 2 == 0 ? 0.02 : -0.02) + (i < 30 ? 0 : i < 58 ? 0.22 : 1.5);
    }
    p = changes_locate(x, 60, &c);
    assert_int_equal(p.at, 30);
    c.at = 57;
    p = changes_locate(x, 60, &c);
    assert_int_equal(p.at, 57);
    assert_int_equal(p.high, 58);
}

/* What is told is not quite what was found: it is the same that matters. */
static void less_than_matters_is_not_told(void **state)
{
    static const struct stretch made[] = {
        {12, 6, 1.1, 0, 1, 0.02},
        {20, 10, 1.1, 0, 1, 0.02},
        {20, 10, 1 / 1.1, 0, 1, 0.02},
        {40, 20, 1.1, 0, 1, 0.05},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof made / sizeof made[0]; i++) {
        struct came came = look_on(&made[i]);

        assert_true(came.told > 0);
        assert_int_equal(came.small, 0);
    }
}

/* Of a long stretch one value can be many standard errors. */
static void an_odd_end_by_itself_is_no_change(void **state)
{
    static const size_t lengths[] = {12, 60, 240, 720};
    static const double times[] = {0.25, 2.5, 10};
    unsigned told = 0, looked = 0;
    size_t n, k, off;

    (void)state;
    for (n = 0; n < 4; n++) {
        for (k = 0; k < 3; k++) {
            /* the ends, and those beside them */
            for (off = 0; off < 12; off++) {
                struct stretch w = {.n = lengths[n],
                                    .at = NO_CHANGE,
                                    .times = 1,
                                    .odd = off < 6 ? off : lengths[n] - off + 5,
                                    .odd_times = times[k],
                                    .noise = NOISE};
                struct came came = look_once(&w);

                if (came.told > 0) {
                    came_print(&w, &came);
                }
                told += came.told;
                looked += SEEDS;
            }
        }
    }
    if (told > looked / 1000) {
        print_error("%u of %u\n", told, looked);
    }
    assert_true(told <= looked / 1000);
}

static void nor_is_it_as_blocks_come_in(void **state)
{
    static const double times[] = {0.25, 2.5, 10};
    unsigned told = 0, k;

    (void)state;
    for (k = 0; k < 6; k++) {
        struct stretch w = {.n = 120,
                            .at = NO_CHANGE,
                            .times = 1,
                            .odd = k < 3 ? 0 : 119,
                            .odd_times = times[k % 3],
                            .noise = NOISE};
        struct came came = look_on(&w);

        if (came.told > 0) {
            came_print(&w, &came);
        }
        told += came.told;
    }
    assert_true(told <= 6 * SEEDS * 2 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_told_in_spite_of_an_odd_end),
        cmocka_unit_test(so_it_is_as_blocks_come_in),
        cmocka_unit_test(its_place_is_near_what_was_found),
        cmocka_unit_test(less_than_matters_is_not_told),
        cmocka_unit_test(an_odd_end_by_itself_is_no_change),
        cmocka_unit_test(nor_is_it_as_blocks_come_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
