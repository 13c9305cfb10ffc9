/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "insight/trend.h"
#include "insight/warmup.h"

/* This exercises: the figures of Mann-Kendall and Theil-Sen against published
 * ones and those of scipy.stats (theilslopes, kendalltau); what is and what is
 * no trend in made-up soaks of an hour whose truth is known (noise that
 * remembers, a slow rise, a garbage collector's sawtooth with and without a
 * leak, a cache that fills); where the warm-up ends. All from seeds: the same
 * in every run. */

#define NEAR 1e-3

enum { HOUR = 3600, CELL = 5, CELLS_MAX = HOUR / CELL };

static struct rng rng;
static double at[CELLS_MAX], x[CELLS_MAX], weight[CELLS_MAX];

/* What p95 of a service is, second by second: ln of it is AR(1) with this phi
 * and sd, and rises by so many sd in all. */
static struct trend_cells noisy(uint64_t seed, int seconds, double phi,
                                double sd, double rise)
{
    int i, k, n = seconds / CELL;
    double e;

    rng_seed(&rng, seed, 3);
    e = sd * rng_normal(&rng);
    for (i = 0; i < n; i++) {
        double sum = 0;

        for (k = 0; k < CELL; k++) {
            e = phi * e + sd * sqrt(1 - phi * phi) * rng_normal(&rng);
            sum += e + rise * sd * (i * CELL + k) / seconds;
        }
        at[i] = (i + 0.5) * CELL;
        x[i] = 114 * exp(sum / CELL);
        weight[i] = 1;
    }
    return (struct trend_cells){at, x, weight, (size_t)n, CELL};
}

/* Memory, MB: 500 at first, a collection every 97 s that frees 145, and what
 * grows: a leak, or a cache of `cache` MB that fills in 600 s. */
static struct trend_cells sawtooth(uint64_t seed, double leak_h, double cache)
{
    double phase;
    int i, k;

    rng_seed(&rng, seed, 4);
    phase = 97 * rng_unit(&rng);
    for (i = 0; i < CELLS_MAX; i++) {
        double low = INFINITY;

        for (k = 0; k < CELL; k++) {
            double t = i * CELL + k,
                   v = 500 + leak_h * t / HOUR + rng_normal(&rng);

            v += 145 * fmod(t + phase, 97) / 97 + cache * -expm1(-t / 600);
            low = v < low ? v : low;
        }
        at[i] = (i + 0.5) * CELL;
        x[i] = low;
        weight[i] = 1;
    }
    return (struct trend_cells){at, x, weight, CELLS_MAX, CELL};
}

static const struct trend_rule p95_rule = {TREND_MEDIAN, 0, 0.1};
static const struct trend_rule leak_rule = {TREND_LOWEST, 10, 0.05};

static void the_test_has_the_published_figures(void **state)
{
    static const double t[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    static const double tied[] = {2, 3, 3, 5, 4, 6, 7, 7, 9, 8};
    struct trend_test r = trend_test(t, t, 10);

    (void)state;
    assert_true(fabs(r.s - 45) < 1e-9);
    assert_true(fabs(r.var - 125) < 1e-9);
    assert_true(fabs(r.z - 3.935) < NEAR);
    assert_true(fabs(r.slope - 1) < 1e-12);
    r = trend_test(t, tied, 10);
    assert_true(fabs(r.s - 39) < 1e-9);
    assert_true(fabs(r.var - 123) < 1e-9);
    assert_true(fabs(r.z - 3.426) < NEAR);
    assert_true(fabs(r.slope - 0.8) < 1e-12);
    assert_true(fabs(r.low - 0.5) < 1e-12);
    assert_true(fabs(r.high - 1) < 1e-12);
}

static void falling_is_rising_upside_down(void **state)
{
    static const double t[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    static const double down[] = {-2, -3, -3, -5, -4, -6, -7, -7, -9, -8};
    struct trend_test r = trend_test(t, down, 10);

    (void)state;
    assert_true(fabs(r.z + 3.426) < NEAR);
    assert_true(fabs(r.slope + 0.8) < 1e-12);
    assert_true(fabs(r.low + 1) < 1e-12);
    assert_true(fabs(r.high + 0.5) < 1e-12);
}

static void noise_that_remembers_weighs_less(void **state)
{
    double t[100], y[100];
    struct trend_test r;
    int i;

    (void)state;
    rng_seed(&rng, 1, 5);
    for (i = 0; i < 100; i++) {
        t[i] = i;
        y[i] = (i > 0 ? 0.9 * y[i - 1] : 0) + rng_normal(&rng);
    }
    r = trend_test(t, y, 100);
    assert_true(r.lag1 > 0.6);
    assert_true(r.factor > 1.5);
    assert_true(trend_test_careful(t, y, 100).factor >= r.factor);
}

static void healthy_hours_have_no_trend(void **state)
{
    static const double phi[] = {0.5, 0.9, 0.97, 0.99};
    unsigned alarms = 0, sure = 0, i;
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= 20; seed++) {
        for (i = 0; i < 4; i++) {
            struct trend_cells c = noisy(seed, HOUR, phi[i], 0.05, 0);
            struct trend t = trend_of(&c, &p95_rule);

            alarms += t.state == TREND_GROWING || t.state == TREND_FALLING ||
                      t.state == TREND_STEPPED_UP ||
                      t.state == TREND_STEPPED_DOWN;
            sure += t.state == TREND_STABLE;
        }
    }
    assert_true(alarms <= 4); /* of 80: 5 % */
    assert_true(sure >= 60);  /* and it is no refusal to answer */
}

static void a_slow_rise_is_found(void **state)
{
    unsigned found = 0, held = 0;
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= 20; seed++) {
        struct trend_cells c = noisy(seed, HOUR, 0.9, 0.1, 2);
        struct trend t = trend_of(&c, &p95_rule);
        double truth = t.level * 2 * 0.1 / HOUR;

        found += t.state == TREND_GROWING;
        held += t.low <= truth && truth <= t.high;
    }
    assert_true(found >= 19); /* 95 % */
    assert_true(held >= 18);
}

static void a_leak_is_measured_under_the_collector(void **state)
{
    static const double leak[] = {0, 36, 180};
    unsigned held = 0, found = 0, false_alarms = 0, i;
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= 20; seed++) {
        for (i = 0; i < 3; i++) {
            struct trend_cells c = sawtooth(seed, leak[i], 0);
            struct trend t = trend_of(&c, &leak_rule);

            held += t.low <= leak[i] / HOUR && leak[i] / HOUR <= t.high;
            found += t.state == TREND_GROWING && leak[i] > 0;
            false_alarms += t.state == TREND_GROWING && !(leak[i] > 0);
            /* Two of the collector's periods. */
            assert_true(t.block_s >= 190 && t.block_s < 220);
        }
    }
    assert_true(held >= 54); /* of 60: 90 % */
    assert_true(found >= 36);
    assert_int_equal(false_alarms, 0);
}

static void a_cache_that_fills_is_no_leak(void **state)
{
    unsigned settling = 0;
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= 20; seed++) {
        struct trend_cells c = sawtooth(seed, 0, 400);
        struct trend t = trend_of(&c, &leak_rule);

        assert_int_not_equal(t.state, TREND_GROWING);
        settling += t.state == TREND_SETTLING;
    }
    assert_true(settling >= 5);
}

static void a_limit_is_some_time_away(void **state)
{
    struct trend_cells c = sawtooth(1, 180, 0);
    struct trend t = trend_of(&c, &leak_rule);
    struct trend_time in;

    (void)state;
    assert_int_equal(t.state, TREND_GROWING);
    /* 680 MB are left after an hour; 180 more take another. */
    assert_int_equal(trend_time_to(&t, 860, &in), TREND_WITHIN);
    assert_true(in.s > 0.9 * HOUR && in.s < 1.1 * HOUR && !in.far);
    assert_true(in.low <= in.s && in.s <= in.high);
    assert_true(in.low > 0.8 * HOUR && in.high < 1.25 * HOUR);
    assert_int_equal(trend_time_to(&t, 100, &in), TREND_WITHIN);
    assert_true(!(in.s > 0) && !(in.high > 0));
    t.low = -1;
    assert_int_equal(trend_time_to(&t, 860, &in), TREND_WITHIN);
    assert_true(isinf(in.high));
    t.state = TREND_STABLE;
    assert_int_equal(trend_time_to(&t, 860, &in), TREND_NEVER);
}

/* Eleven hours, of one that was looked at: told where the slope is known well,
 * and else that it is no less than can be sure. */
static void a_limit_far_away_is_told_as_far_as_it_is_known(void **state)
{
    struct trend_cells c = sawtooth(1, 180, 0);
    struct trend t = trend_of(&c, &leak_rule);
    double far = 680 + 11 * 180;
    struct trend_time in;

    (void)state;
    assert_int_equal(trend_time_to(&t, far, &in), TREND_WITHIN);
    assert_true(in.far && in.low < 11.0 * HOUR && in.high > 11.0 * HOUR);
    t.low = t.slope / 2;
    assert_int_equal(trend_time_to(&t, far, &in), TREND_BEYOND);
    assert_true(fabs(in.beyond_s - 10 * t.span_s) < 1e-9);
    t.high = 2 * t.slope; /* then it may be nearer */
    assert_int_equal(trend_time_to(&t, far, &in), TREND_BEYOND);
    assert_true(in.beyond_s > 5.0 * HOUR && in.beyond_s < 6.0 * HOUR);
    t.low = 0;
    assert_int_equal(trend_time_to(&t, far, &in), TREND_BEYOND);
}

/* A leak, MB a minute from base on, under noise of sd that remembers by phi,
 * and a collector that frees so much every period_s (0: none). */
struct leaking {
    int seconds;
    double base, leak, sd, phi, period_s, frees;
    double limit; /* MB */
};

static struct trend_cells leak_cells(const struct leaking *l, uint64_t seed)
{
    int i, k, n = l->seconds / CELL;
    double phase, e;

    rng_seed(&rng, seed, 8);
    phase = rng_unit(&rng);
    e = l->sd * rng_normal(&rng);
    for (i = 0; i < n; i++) {
        double low = INFINITY;

        for (k = 0; k < CELL; k++) {
            double t = i * CELL + k, v;

            e = l->phi * e +
                l->sd * sqrt(1 - l->phi * l->phi) * rng_normal(&rng);
            v = l->base + l->leak * t / 60 + e;
            v += l->period_s > 0 ? l->frees * fmod(t / l->period_s + phase, 1)
                                 : 0;
            low = v < low ? v : low;
        }
        at[i] = (i + 0.5) * CELL;
        x[i] = low;
        weight[i] = 1;
    }
    return (struct trend_cells){at, x, weight, (size_t)n, CELL};
}

/* Six hours away, seen for a quarter of one or for one, and nearer: what is
 * told holds the truth. */
static void when_it_is_full_holds_the_truth(void **state)
{
    enum { SEEDS = 60 };
    static const struct leaking rows[] = {
        {840, 41, 2.1, 0.01, 0, 0, 0, 800},
        {840, 41, 2.1, 1, 0, 0, 0, 800},
        {840, 41, 2.1, 1, 0.9, 0, 0, 800},
        {840, 41, 2.1, 1, 0, 30.4, 40, 800},
        {HOUR, 500, 1, 30, 0, 0, 0, 2000},
        {840, 41, 60, 1, 0, 0, 0, 1700},
        {HOUR, 500, 3, 1, 0, 97.4, 145, 1760},
        {HOUR, 500, 3, 1, 0, 97.4, 145, 860},
    };
    unsigned n = 0, held = 0, i;
    uint64_t seed;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct leaking *l = &rows[i];
        double truth = (l->limit - l->base) / l->leak * 60 - l->seconds;
        unsigned told = 0, beyond = 0, holds = 0;

        for (seed = 1; seed <= SEEDS; seed++) {
            struct trend_cells c = leak_cells(l, seed);
            struct trend t = trend_of(&c, &leak_rule);
            struct trend_time in;
            enum trend_reach reach = trend_time_to(&t, l->limit, &in);

            assert_true((reach == TREND_NEVER) == (t.state != TREND_GROWING));
            told += reach == TREND_WITHIN;
            beyond += reach == TREND_BEYOND;
            holds += reach == TREND_WITHIN
                         ? in.low <= truth && truth <= in.high
                         : reach == TREND_BEYOND && in.beyond_s <= truth;
        }
        print_message("%.2g MB/min, full in %.0f min: told %u, beyond %u, "
                      "%u hold\n",
                      l->leak, truth / 60, told, beyond, holds);
        assert_true(told + beyond >= SEEDS * 3 / 4);
        assert_true(holds * 100 >= (told + beyond) * 90);
        n += told + beyond;
        held += holds;
    }
    assert_true(held * 100 >= n * 95);
}

static void of_too_little_nothing_is_said(void **state)
{
    static const int seconds[] = {0, 5, 45, 290};
    struct trend_cells c;
    struct trend t;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof seconds / sizeof seconds[0]; i++) {
        c = noisy(1, seconds[i], 0.5, 0.05, 0);
        t = trend_of(&c, &p95_rule);
        assert_int_equal(t.state, TREND_SHORT);
        assert_false(t.any);
        assert_true(t.needs_s >= 300 && t.needs_s < 600);
    }
    c = noisy(1, HOUR, 0.5, 0.05, 0);
    for (i = 0; i < c.n; i++) {
        x[i] = i == 7 ? 114 : NAN; /* one response in an hour */
    }
    t = trend_of(&c, &p95_rule);
    assert_int_equal(t.state, TREND_SHORT);
    assert_false(t.any);
}

static void what_never_changes_is_stable(void **state)
{
    struct trend_cells c = noisy(1, HOUR, 0.5, 0, 0);
    struct trend_rule errors = {TREND_MEAN, 0.01, 0};
    struct trend t = trend_of(&c, &p95_rule);

    (void)state;
    assert_int_equal(t.state, TREND_STABLE);
    assert_true(fabs(t.slope) < 1e-9 && fabs(t.level - 114) < 1e-9);
    memset(x, 0, sizeof x);
    t = trend_of(&c, &errors);
    assert_int_equal(t.state, TREND_STABLE);
    assert_true(fabs(t.slope) < 1e-12 && fabs(t.high) < 1e-12);
}

static void noise_that_could_hide_it_is_no_stability(void **state)
{
    unsigned unsure = 0;
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= 20; seed++) {
        struct trend_cells c = noisy(seed, 600, 0.97, 0.3, 0);
        struct trend t = trend_of(&c, &p95_rule);

        assert_int_not_equal(t.state, TREND_STABLE);
        unsure += t.state == TREND_UNSURE;
        assert_true(t.state != TREND_UNSURE || t.needs_s >= 1100);
    }
    assert_true(unsure >= 15);
}

/* What rounding leaves of it is as alike as can be. */
static void a_straight_line_is_a_trend(void **state)
{
    struct trend_cells c = noisy(1, 900, 0.5, 0, 0);
    struct trend t;
    size_t i;

    (void)state;
    for (i = 0; i < c.n; i++) {
        x[i] = 200 + 0.1 * at[i] + 0.001 * sin((double)i / 9);
    }
    t = trend_of(&c, &leak_rule);
    assert_int_equal(t.state, TREND_GROWING);
    assert_true(fabs(t.slope - 0.1) < 1e-4);
    t = trend_of(&c, &p95_rule);
    assert_int_equal(t.state, TREND_GROWING);
}

static void growth_that_does_not_matter_is_none(void **state)
{
    struct trend_cells c = noisy(1, HOUR, 0.5, 0.01, 5);
    struct trend t = trend_of(&c, &p95_rule);

    (void)state;
    assert_true(t.z > 2.58); /* five per cent in an hour, and no doubt of it */
    assert_int_equal(t.state, TREND_STABLE);
}

/* 1 + 2 e^(-t/30), 10 % noise, ten minutes. */
static void a_warm_up_ends_where_it_is_lost_in_noise(void **state)
{
    double z[120], sum = 0;
    unsigned in_band = 0, i;
    uint64_t seed;
    bool steady;

    (void)state;
    for (seed = 1; seed <= 20; seed++) {
        size_t d;

        rng_seed(&rng, seed, 6);
        for (i = 0; i < 120; i++) {
            z[i] = (1 + 2 * exp(-(i + 0.5) * CELL / 30)) *
                   (1 + .1 * rng_normal(&rng));
        }
        d = warmup_mser(z, 120, &steady) * CELL;
        assert_true(steady);
        sum += (double)d;
        in_band += d >= 55 && d <= 150;
    }
    assert_true(sum / 20 > 75 && sum / 20 < 135);
    assert_true(in_band >= 18);
}

static void what_is_steady_has_no_warm_up(void **state)
{
    double z[120];
    unsigned late = 0, i;
    uint64_t seed;
    bool steady;

    (void)state;
    for (seed = 1; seed <= 40; seed++) {
        rng_seed(&rng, seed, 7);
        for (i = 0; i < 120; i++) {
            z[i] = 1 + .1 * rng_normal(&rng);
        }
        late += warmup_mser(z, 120, &steady) * CELL > 60;
    }
    assert_true(late <= 2);
    memset(z, 0, sizeof z);
    assert_int_equal(warmup_mser(z, 120, &steady), 0);
    assert_true(steady);
}

static void what_only_rises_is_never_steady(void **state)
{
    double z[120];
    bool steady = true;
    unsigned i;

    (void)state;
    for (i = 0; i < 120; i++) {
        z[i] = i;
    }
    assert_int_equal(warmup_mser(z, 120, &steady), 60);
    assert_false(steady);
    assert_int_equal(warmup_mser(z, WARMUP_LEAST - 1, &steady), 0);
    assert_false(steady);
    assert_int_equal(warmup_mser(z, 0, &steady), 0);
    assert_false(steady);
}

/* From cell `at` on p95 is so many times what it was. */
static void step(const struct trend_cells *c, double at_share, double times)
{
    size_t i;

    for (i = 0; i < c->n; i++) {
        x[i] *= (double)i >= at_share * (double)c->n ? times : 1;
    }
}

/* A good beginning is the service, and no warm-up: what came after it is worse
 * than it, and that is neither too short nor too noisy to say. */
static void a_step_up_is_told_as_one(void **state)
{
    static const double where[] = {0.3, 0.5, 0.7};
    static const int seconds[] = {390, 1200, HOUR};
    unsigned told = 0, i, k;
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= 20; seed++) {
        for (i = 0; i < 9; i++) {
            struct trend_cells c = noisy(seed, seconds[i / 3], 0.5, 0.05, 0);
            struct trend t;

            k = i % 3;
            step(&c, where[k], 1.5);
            t = trend_of(&c, &p95_rule);
            assert_true(t.warmup_s < 60);
            told += t.state == TREND_STEPPED_UP;
            if (t.state == TREND_STEPPED_UP) {
                assert_true(t.growth > 0.4 * 114 && t.growth < 0.6 * 114);
            }
        }
    }
    assert_true(told >= 171); /* of 180: 95 % */
}

static void errors_that_begin_are_a_step(void **state)
{
    static const struct trend_rule errors = {TREND_MEAN, 0.01, 0};
    struct trend_cells c = noisy(1, 600, 0.5, 0, 0);
    struct trend t;
    size_t i;

    (void)state;
    for (i = 0; i < c.n; i++) {
        x[i] = i < c.n / 2 ? 0 : 0.05 + 0.01 * (double)(i % 2);
    }
    t = trend_of(&c, &errors);
    assert_int_equal(t.state, TREND_STEPPED_UP);
    assert_true(fabs(t.growth - 0.055) < 0.002);
}

/* Slower at first: that is a warm-up, or a step, or no steady state; it is no
 * growth, and it is not stable unless it was left out. */
static void a_step_down_is_no_growth(void **state)
{
    static const double where[] = {0.3, 0.5, 0.7};
    unsigned i;
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= 20; seed++) {
        for (i = 0; i < 3; i++) {
            struct trend_cells c = noisy(seed, 1200, 0.5, 0.05, 0);
            struct trend t;

            step(&c, where[i], 1 / 1.5);
            t = trend_of(&c, &p95_rule);
            assert_int_not_equal(t.state, TREND_GROWING);
            assert_int_not_equal(t.state, TREND_STEPPED_UP);
            if (t.state == TREND_STABLE) {
                assert_true(t.warmup_s > (where[i] - 0.05) * 1200);
            }
        }
    }
}

/* Three times as slow at first, by e^(-t/30), with and without growth. */
static void a_slow_beginning_is_left_out(void **state)
{
    unsigned stable = 0, growing = 0, i;
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= 20; seed++) {
        for (i = 0; i < 2; i++) {
            struct trend_cells c = noisy(seed, 1800, 0.5, 0.05, i == 0 ? 0 : 8);
            struct trend t;
            size_t k;

            for (k = 0; k < c.n; k++) {
                x[k] *= 1 + 2 * exp(-at[k] / 30);
            }
            t = trend_of(&c, &p95_rule);
            assert_true(t.warmup_s >= 40 && t.warmup_s <= 400);
            stable += i == 0 && t.state == TREND_STABLE;
            growing += i == 1 && t.state == TREND_GROWING;
        }
    }
    assert_true(stable >= 19);
    assert_true(growing >= 19);
}

/* Memory may be more or less at first: a start-up's that is freed, or what is
 * loaded. Neither is a trend, and a leak under it is one. */
static void memory_warms_up_both_ways(void **state)
{
    static const double first[] = {120, -120};
    unsigned stable = 0, leaks = 0, i;
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= 20; seed++) {
        for (i = 0; i < 4; i++) {
            double leak = i < 2 ? 0 : 180;
            struct trend_cells c = sawtooth(seed, leak, 0);
            struct trend t;
            size_t k;

            for (k = 0; k < c.n; k++) {
                x[k] += first[i % 2] * exp(-at[k] / 60);
            }
            t = trend_of(&c, &leak_rule);
            assert_true(leak > 0 || t.state != TREND_GROWING);
            stable += !(leak > 0) && t.state == TREND_STABLE;
            leaks += leak > 0 && t.state == TREND_GROWING &&
                     fabs(t.slope * HOUR / leak - 1) < 0.1;
        }
    }

    assert_true(stable >= 38);
    assert_true(leaks >= 38);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_test_has_the_published_figures),
        cmocka_unit_test(falling_is_rising_upside_down),
        cmocka_unit_test(noise_that_remembers_weighs_less),
        cmocka_unit_test(healthy_hours_have_no_trend),
        cmocka_unit_test(a_slow_rise_is_found),
        cmocka_unit_test(a_leak_is_measured_under_the_collector),
        cmocka_unit_test(a_cache_that_fills_is_no_leak),
        cmocka_unit_test(a_limit_is_some_time_away),
        cmocka_unit_test(a_limit_far_away_is_told_as_far_as_it_is_known),
        cmocka_unit_test(when_it_is_full_holds_the_truth),
        cmocka_unit_test(of_too_little_nothing_is_said),
        cmocka_unit_test(what_never_changes_is_stable),
        cmocka_unit_test(noise_that_could_hide_it_is_no_stability),
        cmocka_unit_test(a_straight_line_is_a_trend),
        cmocka_unit_test(growth_that_does_not_matter_is_none),
        cmocka_unit_test(a_warm_up_ends_where_it_is_lost_in_noise),
        cmocka_unit_test(what_is_steady_has_no_warm_up),
        cmocka_unit_test(what_only_rises_is_never_steady),
        cmocka_unit_test(a_step_up_is_told_as_one),
        cmocka_unit_test(errors_that_begin_are_a_step),
        cmocka_unit_test(a_step_down_is_no_growth),
        cmocka_unit_test(a_slow_beginning_is_left_out),
        cmocka_unit_test(memory_warms_up_both_ways),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
