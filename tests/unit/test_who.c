/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>

#include <cmocka.h>

#include "insight/anomalies.h"
#include "insight/breaking.h"
#include "insight/recovery.h"
#include "insight/scaling.h"
#include "insight/soak.h"
#include "insight/verdict.h"
#include "insight/windows.h"
#include "support/moments.h"

/* This exercises: scenarios that run one after the other. What one of them does
 * at so many VUs says nothing of what another does at as many, or more: neither
 * is a limit, a queue, a trend, a change, a baseline or a break of the other.
 */

#define SEEDS 20
#define SEC   UINT64_C(1000000)

enum { BROWSE = 1, BUY = 2 };

static const struct rule rules[] = {{95, 1e6, 0}, {-1, 0.05, 0}};

struct world {
    struct moments s;
    struct plateaus *plateaus;
    struct breach *breach;
    struct recovery *recovery;
    struct soak *soak;
    struct anomalies *anomalies;
    struct windows *windows;
    size_t closed;
};

static void world_open(struct world *w, uint64_t seed)
{
    static const struct recovery_limit none = {.p95_us = 0};

    moments_init(&w->s, seed);
    w->s.noise_sd = 0.03;
    w->plateaus = plateaus_new(rules, 2);
    w->breach = breach_new(rules, 2);
    w->recovery = recovery_new(&none);
    w->soak = soak_new();
    w->anomalies = anomalies_new();
    w->windows = windows_new();
    w->closed = 0;
}

static void world_end(struct world *w)
{
    plateaus_end(w->plateaus);
    breach_end(w->breach);
    recovery_end(w->recovery);
    soak_end(w->soak);
    anomalies_end(w->anomalies);
    anomalies_plateau(w->anomalies, w->plateaus);
    windows_end(w->windows);
}

static void world_clear(struct world *w)
{
    moments_clear(&w->s);
    plateaus_free(&w->plateaus);
    breach_free(&w->breach);
    recovery_free(&w->recovery);
    soak_free(&w->soak);
    anomalies_free(&w->anomalies);
    windows_free(&w->windows);
}

/* So many VUs of one of them, requests a second and p95. */
static void run(struct world *w, uint64_t who, double vus, double rate,
                double p95_ms, unsigned seconds)
{
    w->s.who = who;
    w->s.load = vus;
    w->s.rate = rate;
    w->s.p95_ms = p95_ms;
    while (seconds-- > 0) {
        struct moment m = moments_next(&w->s);

        m.vus_us = vus * 1e6;
        m.iterations = m.requests;
        m.iteration_us = m.vus_us;
        plateaus_feed(w->plateaus, &m);
        breach_feed(w->breach, &m);
        recovery_feed(w->recovery, &m);
        soak_feed(w->soak, &m);
        anomalies_moment(w->anomalies, &m);
        windows_feed(w->windows, &m);
        if (plateaus_count(w->plateaus) != w->closed) {
            w->closed = plateaus_count(w->plateaus);
            anomalies_plateau(w->anomalies, w->plateaus);
        }
    }
}

static void more_of_another_is_no_limit_and_no_queue(void **state)
{
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct scaling a;
        struct world w;

        world_open(&w, seed);
        run(&w, BROWSE, 4, 40, 1, 12);
        run(&w, BUY, 8, 40, 290, 14);
        world_end(&w);
        a = scaling_of(w.plateaus);
        assert_int_equal(a.levels, 1);
        assert_false(a.bounds.full);
        assert_int_equal(anomalies_found(w.anomalies, ANOMALY_QUEUE), 0);
        world_clear(&w);
    }
}

/* Of several sets that with the most levels speaks, and by itself. */
static void the_levels_of_one_are_told(void **state)
{
    struct scaling a;
    struct world w;

    (void)state;
    world_open(&w, 1);
    run(&w, BROWSE, 4, 400, 10, 12);
    run(&w, BUY, 4, 40, 100, 12);
    run(&w, BUY, 8, 80, 100, 12);
    run(&w, BUY, 16, 81, 200, 12);
    run(&w, BUY, 32, 80, 400, 12);
    world_end(&w);
    a = scaling_of(w.plateaus);
    assert_int_equal(a.who, BUY);
    assert_int_equal(a.levels, 4);
    assert_true(a.bounds.full && fabs(a.bounds.x_max - 81) < 0.5);
    assert_true(fabs(scaling_limit(w.plateaus, BUY, 80) - 81) < 0.5);
    assert_int_equal(anomalies_found(w.anomalies, ANOMALY_QUEUE), 1);
    assert_int_equal(anomalies_at(w.anomalies, 0)->u.queue.who, BUY);
    assert_true(fabs(anomalies_at(w.anomalies, 0)->u.queue.load_from - 8) < 1);
    world_clear(&w);
}

static void each_has_a_queue_of_its_own(void **state)
{
    struct world w;

    (void)state;
    world_open(&w, 1);
    run(&w, BUY, 8, 80, 100, 12);
    run(&w, BUY, 32, 80, 400, 12);
    run(&w, BROWSE, 40, 400, 100, 12);
    assert_true(anomalies_at(w.anomalies, 0)->over);
    run(&w, BROWSE, 160, 400, 400, 12);
    world_end(&w);
    assert_int_equal(anomalies_found(w.anomalies, ANOMALY_QUEUE), 2);
    assert_int_equal(anomalies_at(w.anomalies, 0)->u.queue.who, BUY);
    assert_int_equal(anomalies_at(w.anomalies, 1)->u.queue.who, BROWSE);
    assert_true(anomalies_at(w.anomalies, 0)->u.queue.most < 100);
    world_clear(&w);
}

/* As many VUs of each: neither a stretch nor a change of p95. */
static void another_is_another_stretch(void **state)
{
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        const struct window *list;
        struct world w;
        size_t n, i;

        world_open(&w, seed);
        run(&w, BROWSE, 8, 80, 1, 45);
        run(&w, BUY, 8, 40, 290, 48);
        world_end(&w);
        assert_int_equal(anomalies_found(w.anomalies, ANOMALY_CHANGE), 0);
        assert_int_equal(anomalies_found(w.anomalies, ANOMALY_WARMUP), 0);
        assert_int_equal(soak_report(w.soak)->active_us, 48 * SEC);
        assert_int_equal(soak_report(w.soak)->who, BUY);
        list = windows_list(w.windows, &n);
        assert_int_equal(n, 9); /* the last of each is shorter */
        for (i = 0; i < n; i++) {
            assert_int_equal(list[i].who,
                             list[i].start_us < 45 * SEC ? BROWSE : BUY);
            assert_true(list[i].end_us <= 45 * SEC ||
                        list[i].start_us >= 45 * SEC);
        }
        world_clear(&w);
    }
}

/* What the other was like at that load is no baseline. */
static void the_baseline_of_another_is_none(void **state)
{
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        const struct recovery_episode *e;
        struct world w;

        world_open(&w, seed);
        run(&w, BROWSE, 10, 100, 10, 60);
        run(&w, BUY, 100, 100, 300, 30);
        run(&w, BUY, 10, 100, 290, 40);
        world_end(&w);
        assert_int_equal(recovery_count(w.recovery), 1);
        e = recovery_at(w.recovery, 0);
        assert_int_equal(e->state, RECOVERY_UNMEASURED);
        world_clear(&w);
        /* Its own is. */
        world_open(&w, seed);
        run(&w, BUY, 10, 100, 290, 60);
        run(&w, BROWSE | BUY, 100, 100, 3000, 30);
        run(&w, BUY, 10, 100, 290, 40);
        world_end(&w);
        assert_int_equal(recovery_count(w.recovery), 1);
        e = recovery_at(w.recovery, 0);
        assert_int_equal(e->reference, RECOVERY_BY_BASELINE);
        assert_int_equal(e->state, RECOVERY_RECOVERED);
        world_clear(&w);
    }
}

/* 10 VUs of one were good, and 20 of the other are not. */
static void what_held_of_another_is_not_below_a_break(void **state)
{
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct breaking k;
        struct bracket b;
        struct world w;

        world_open(&w, seed);
        run(&w, BROWSE, 10, 100, 100, 20);
        run(&w, BUY, 20, 100, 2000, 20);
        run(&w, BROWSE, 15, 100, 100, 20);
        world_end(&w);
        k = breaking_of(w.breach, w.plateaus);
        assert_true(k.any && k.breach);
        assert_int_equal(k.who, BUY);
        assert_true(k.low == 0 && fabs(k.high - 20) < 0.5);
        assert_true(k.rps == 0);
        b = plateaus_bracket(w.plateaus);
        assert_int_equal(b.bad, 1);
        assert_int_equal(b.good, -1);
        world_clear(&w);
        /* Of its own it is. */
        world_open(&w, seed);
        run(&w, BROWSE, 15, 100, 100, 20);
        run(&w, BUY, 10, 100, 100, 20);
        run(&w, BUY, 20, 100, 2000, 20);
        world_end(&w);
        k = breaking_of(w.breach, w.plateaus);
        assert_true(k.any && k.breach && fabs(k.low - 10) < 0.5);
        b = plateaus_bracket(w.plateaus);
        assert_true(b.good == 1 && b.bad == 2);
        world_clear(&w);
    }
}

/* Fewer VUs of the other are no lower load: what ran longest is normal. */
static void normal_is_of_what_ran_longest(void **state)
{
    struct world w;

    (void)state;
    world_open(&w, 1);
    run(&w, BROWSE, 4, 100, 100, 40);
    run(&w, BUY, 8, 100, 100, 30);
    run(&w, BUY, 16, 100, 100, 30);
    world_end(&w);
    assert_int_equal(verdict_normal(w.plateaus), 1);
    world_clear(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_of_another_is_no_limit_and_no_queue),
        cmocka_unit_test(the_levels_of_one_are_told),
        cmocka_unit_test(each_has_a_queue_of_its_own),
        cmocka_unit_test(another_is_another_stretch),
        cmocka_unit_test(the_baseline_of_another_is_none),
        cmocka_unit_test(what_held_of_another_is_not_below_a_break),
        cmocka_unit_test(normal_is_of_what_ran_longest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
