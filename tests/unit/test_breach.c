/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "insight/breaking.h"
#include "support/moments.h"

/* This exercises: where a service is said to break: between which loads, by
 * what, for how long; and that chance, blips and calm are no breach. */

#define SEC   UINT64_C(1000000)
#define SEEDS 20
#define RAMPS 50
/* Runs in which nothing is wrong; two in a hundred may be told to break. */
#define HEALTHY 200

static const struct rule rules[] = {{95, 200e3, 0}, {-1, 0.05, 0}};

struct world {
    struct breach *b;
    struct plateaus *p;
    struct moments s;
};

static void world_init(struct world *w, uint64_t seed)
{
    w->b = breach_new(rules, 2);
    w->p = plateaus_new(rules, 2);
    moments_init(&w->s, seed);
}

static void world_clear(struct world *w)
{
    breach_free(&w->b);
    plateaus_free(&w->p);
    moments_clear(&w->s);
}

static void give(struct world *w, const struct moment *x)
{
    breach_feed(w->b, x);
    plateaus_feed(w->p, x);
}

static void feed(struct world *w, double load, unsigned seconds)
{
    w->s.load = load;
    while (seconds-- > 0) {
        struct moment x = moments_next(&w->s);

        give(w, &x);
    }
}

/* One VU a second from 60 to 180; p95 is at the limit at 120. What completes
 * was begun a mean response before. */
static void ramp(struct world *w)
{
    double load;

    w->s.noise_sd = 0.05;
    w->s.ramp = true;
    w->s.p95_ms = 200;
    for (load = 61; load <= 180; load++) {
        w->s.rate = load;
        w->s.factor = pow((load - 0.5) / 120, 3);
        feed(w, load, 1);
    }
}

/* Each in nine of ten: at the limit itself windows are bad, and clearly good,
 * by chance. */
static void a_ramp_holds_the_truth_in_a_narrow_interval(void **state)
{
    unsigned seed, held = 0, narrow = 0;

    (void)state;
    for (seed = 1; seed <= RAMPS; seed++) {
        struct world w;
        struct breaking k;

        world_init(&w, seed);
        ramp(&w);
        k = breaking_of(w.b, w.p);
        assert_true(k.any && k.breach && k.found.ramp);
        assert_int_equal(k.by, BREACH_LATENCY);
        assert_true(k.low > 100 && k.high < 140);
        assert_true(k.rps > 90 && k.rps < 130);
        narrow += k.high - k.low <= 15;
        held += k.low <= 120 && k.high >= 120;
        world_clear(&w);
    }
    assert_true(held >= RAMPS * 9 / 10);
    assert_true(narrow >= RAMPS * 9 / 10);
}

static void steps_have_the_last_good_and_the_first_bad_load(void **state)
{
    struct world w;
    struct breaking k;

    (void)state;
    world_init(&w, 3);
    feed(&w, 50, 20);
    w.s.rate = 240;
    feed(&w, 60, 20);
    w.s.factor = 3;
    feed(&w, 70, 34);
    k = breaking_of(w.b, w.p);
    assert_true(k.any && !k.found.ramp && !k.found.over);
    assert_true(k.low == 60 && k.high == 70 && k.load == 65);
    assert_true(k.rps == 240);
    assert_int_equal(k.found.start_us, 40 * SEC);
    assert_int_equal(k.found.lasted_us, 34 * SEC);
    assert_int_equal(k.by, BREACH_LATENCY);
    assert_int_equal(k.found.rule, 0);
    assert_in_range(k.found.worst_us, 300000, 600000);
    w.s.factor = 1;
    feed(&w, 10, 5);
    assert_true(breaking_of(w.b, w.p).found.over);
    assert_int_equal(breaking_of(w.b, w.p).found.lasted_us, 34 * SEC);
    /* The first one is the answer. */
    w.s.factor = 9;
    feed(&w, 90, 20);
    assert_true(breaking_of(w.b, w.p).high == 70);
    world_clear(&w);
}

static void levels_tried_between_narrow_it_down(void **state)
{
    struct world w;
    struct breaking k;

    (void)state;
    world_init(&w, 4);
    feed(&w, 50, 20);
    w.s.factor = 3;
    feed(&w, 100, 20);
    feed(&w, 90, 14); /* it still feels the hundred */
    w.s.factor = 1;
    feed(&w, 50, 10);
    k = breaking_of(w.b, w.p);
    assert_true(k.low == 50 && k.high == 100 && k.rps == 100 && k.rps_held);
    assert_int_equal(k.at_us, 20 * SEC);
    w.s.factor = 3;
    feed(&w, 80, 14);
    w.s.factor = 1;
    feed(&w, 50, 10);
    w.s.factor = 3;
    feed(&w, 68, 6); /* too short to say */
    w.s.factor = 1;
    w.s.rate = 130;
    feed(&w, 50, 10);
    feed(&w, 65, 14);
    k = breaking_of(w.b, w.p);
    assert_true(k.low == 65 && k.high == 80 && k.rps == 130);
    assert_int_equal(k.at_us, 64 * SEC);
    world_clear(&w);
}

/* As a hand does it: a break at 71 and more, a rest, then a level between, at
 * which it is well for 40 s before it breaks. */
static void a_narrower_break_is_told_of_its_own_breach(void **state)
{
    const struct breach_found *f;
    struct world w;
    struct breaking k;
    uint64_t worst;

    (void)state;
    world_init(&w, 6);
    feed(&w, 61, 20);
    w.s.factor = 9;
    feed(&w, 71, 20);
    feed(&w, 81, 20);
    w.s.factor = 1;
    feed(&w, 31, 20);
    k = breaking_of(w.b, w.p);
    assert_true(k.low == 61 && k.high == 71);
    assert_int_equal(k.at_us, 20 * SEC);
    assert_int_equal(k.found.lasted_us, 40 * SEC);
    worst = k.found.worst_us;
    feed(&w, 61, 20);
    feed(&w, 66, 40);
    w.s.factor = 3;
    feed(&w, 66, 9);
    k = breaking_of(w.b, w.p);
    assert_true(k.high == 71 && k.at_us == 20 * SEC);
    feed(&w, 66, 21);
    k = breaking_of(w.b, w.p);
    f = &k.found;
    assert_true(k.low == 61 && k.high == 66);
    assert_int_equal(k.at_us, 140 * SEC);
    assert_int_equal(f->start_us, 140 * SEC);
    assert_int_equal(f->end_us, 170 * SEC);
    assert_int_equal(f->lasted_us, 30 * SEC);
    assert_false(f->over);
    assert_true(f->worst_us > 200000 && f->worst_us < worst / 2);
    w.s.factor = 1;
    feed(&w, 31, 10);
    k = breaking_of(w.b, w.p);
    assert_true(k.high == 66 && k.found.over);
    world_clear(&w);
}

/* Too short for a breach: what is told is of the level, once it is over. */
static void a_short_level_between_speaks_for_itself(void **state)
{
    struct world w;
    struct breaking k;

    (void)state;
    world_init(&w, 6);
    feed(&w, 61, 20);
    w.s.factor = 9;
    feed(&w, 81, 20);
    w.s.factor = 1;
    feed(&w, 31, 20);
    w.s.factor = 3;
    feed(&w, 71, 9);
    k = breaking_of(w.b, w.p);
    assert_true(k.high == 81);
    w.s.factor = 1;
    feed(&w, 31, 10);
    k = breaking_of(w.b, w.p);
    assert_true(k.low == 61 && k.high == 71);
    assert_int_equal(k.at_us, 60 * SEC);
    assert_int_equal(k.found.start_us, 60 * SEC);
    assert_int_equal(k.found.end_us, 69 * SEC);
    assert_int_equal(k.found.lasted_us, 7 * SEC);
    assert_int_equal(k.found.rule, 0);
    assert_in_range(k.found.worst_us, 250000, 500000);
    world_clear(&w);
}

/* Spikes without end: the first is never forgotten, nor the least. */
static void of_many_breaches_the_highest_are_forgotten(void **state)
{
    struct world w;
    unsigned i;

    (void)state;
    world_init(&w, 6);
    feed(&w, 10, 20);
    for (i = 0; i < BREACH_MAX + 20; i++) {
        w.s.factor = 9;
        feed(&w, i == 0 ? 500 : i == 30 ? 60 : 100 + i, 12);
        w.s.factor = 1;
        feed(&w, 10, 8);
    }
    assert_int_equal(breach_count(w.b), BREACH_MAX);
    assert_true(breach_at(w.b, 0)->high == 500);
    assert_int_equal(breach_at(w.b, 0)->start_us, 20 * SEC);
    assert_true(breaking_of(w.b, w.p).high == 60);
    assert_int_equal(breaking_of(w.b, w.p).at_us, (20 + 30 * 20) * SEC);
    world_clear(&w);
}

/* No rule is broken; it is said once that has lasted as a breach does. */
static void requests_that_fall_break_it_once_that_lasts(void **state)
{
    struct world w;
    struct breaking k;

    (void)state;
    world_init(&w, 9);
    feed(&w, 50, 20);
    w.s.rate = 80;
    feed(&w, 100, 11);
    assert_false(breaking_of(w.b, w.p).any);
    feed(&w, 100, 1);
    k = breaking_of(w.b, w.p);
    assert_true(k.any && !k.breach && k.by == BREACH_THROUGHPUT);
    assert_true(k.low == 50 && k.high == 100 && k.rps == 100);
    assert_true(k.fell_rps == 80);
    assert_int_equal(k.at_us, 20 * SEC);
    world_clear(&w);
}

/* Overload that shows only once the ramp is over says nothing of the loads that
 * it went through. */
static void a_fast_ramp_is_good_only_for_what_was_held(void **state)
{
    struct breaking k;
    struct world w;
    double load;

    (void)state;
    world_init(&w, 12);
    feed(&w, 50, 20);
    w.s.ramp = true;
    for (load = 55; load <= 100; load += 5) {
        feed(&w, load, 1);
    }
    w.s.ramp = false;
    feed(&w, 100, 4);
    w.s.factor = 4;
    feed(&w, 100, 20);
    k = breaking_of(w.b, w.p);
    assert_true(k.any && k.low >= 50 && k.low <= 70 && k.high == 100);
    world_clear(&w);
}

/* A hunt between two levels: what is good there is no level, however little is
 * known of the time before. */
static void the_way_of_a_hunt_says_nothing(void **state)
{
    static const double ways[] = {34, 48, 58, 70};
    struct world w;
    struct moment x;
    unsigned i;

    (void)state;
    world_init(&w, 12);
    w.s.load = 58; /* the first there is */
    x = moments_next(&w.s);
    x.way = true;
    give(&w, &x);
    feed(&w, 20, 1);
    assert_true(breach_good_load(w.b) == 20);
    feed(&w, 40, 12);
    for (i = 0; i < 4; i++) {
        w.s.load = ways[i];
        w.s.factor = i < 3 ? 1 : 9; /* bad there is of 80 */
        x = moments_next(&w.s);
        x.way = true;
        give(&w, &x);
    }
    feed(&w, 80, 12);
    assert_true(breaking_of(w.b, w.p).low == 40);
    assert_true(breaking_of(w.b, w.p).high == 80);
    world_clear(&w);
}

static void errors_break_it_too(void **state)
{
    struct world w;
    struct breaking k;

    (void)state;
    world_init(&w, 5);
    feed(&w, 10, 20);
    w.s.fail = 0.2;
    feed(&w, 20, 20);
    breach_end(w.b);
    k = breaking_of(w.b, w.p);
    assert_true(k.any && k.low == 10 && k.high == 20 && k.found.over);
    assert_int_equal(k.by, BREACH_ERRORS);
    assert_int_equal(k.found.rule, 1);
    assert_true(k.found.worst > 0.2 && k.found.worst < 0.5);
    world_clear(&w);
}

static void work_that_is_due_and_not_begun_is_a_breach(void **state)
{
    struct world w;
    struct breaking k;
    unsigned i;

    (void)state;
    world_init(&w, 6);
    for (i = 0; i < 40; i++) {
        struct moment x;

        w.s.load = i < 20 ? 100 : 200;
        x = moments_next(&w.s);
        x.open = true;
        x.due = x.load;
        x.begun = i < 20 ? 99 : 100;
        x.suspect = i == 30;
        give(&w, &x);
    }
    k = breaking_of(w.b, w.p);
    assert_true(k.any && k.low == 100 && k.high == 200);
    assert_int_equal(k.by, BREACH_THROUGHPUT);
    assert_int_equal(k.found.rule, -1);
    assert_true(k.found.worst == 0.5 && k.found.suspect);
    world_clear(&w);
}

static void silence_is_a_breach_and_idleness_is_none(void **state)
{
    struct world w;

    (void)state;
    world_init(&w, 7);
    feed(&w, 10, 20);
    w.s.rate = 0;
    feed(&w, 10, 20);
    assert_null(breach_found(w.b));
    w.s.in_flight = 10;
    feed(&w, 10, 12);
    assert_non_null(breach_found(w.b));
    assert_int_equal(breach_found(w.b)->by, BREACH_THROUGHPUT);
    assert_int_equal(breach_found(w.b)->start_us, 40 * SEC);
    assert_true(breaking_of(w.b, w.p).low == 0);
    world_clear(&w);
}

/* Neither the time without a service, nor what comes of it at a load that was
 * good; but it is one if that stays so. */
static void an_outage_is_no_breach(void **state)
{
    struct world w;
    unsigned i;

    (void)state;
    world_init(&w, 11);
    feed(&w, 10, 20);
    w.s.factor = 5; /* it was on its way down */
    feed(&w, 10, 8);
    for (i = 0; i < 40; i++) {
        struct moment x = moments_next(&w.s);

        histo_clear(w.s.all);
        histo_clear(w.s.good);
        x.failed = x.requests;
        x.down = true;
        give(&w, &x);
    }
    feed(&w, 10, 25);
    w.s.factor = 1;
    feed(&w, 10, 20);
    assert_null(breach_found(w.b));
    assert_false(breaking_of(w.b, w.p).any);
    assert_true(breach_good_load(w.b) == 10);
    w.s.fail = 1;
    feed(&w, 20, 12);
    assert_non_null(breach_found(w.b));
    assert_int_equal(breach_found(w.b)->start_us, 113 * SEC);
    world_clear(&w);
}

static void an_outage_hides_no_breach_for_long(void **state)
{
    struct world w;
    struct moment x;
    unsigned i;

    (void)state;
    world_init(&w, 12);
    feed(&w, 10, 20);
    for (i = 0; i < 5; i++) {
        x = moments_next(&w.s);
        x.down = true;
        give(&w, &x);
    }
    w.s.factor = 5;
    feed(&w, 20, 38);
    assert_null(breach_found(w.b));
    feed(&w, 20, 3);
    assert_non_null(breach_found(w.b));
    assert_true(breach_found(w.b)->low == 10 && breach_found(w.b)->high == 20);
    world_clear(&w);
}

static void blips_and_calm_are_no_breach(void **state)
{
    unsigned seed, i;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world w;

        world_init(&w, seed);
        w.s.noise_sd = 0.05;
        w.s.p95_ms = 160; /* 0.8 of the limit */
        for (i = 0; i < 4; i++) {
            feed(&w, 10, 60);
            w.s.factor = 5;
            feed(&w, 10, 3);
            w.s.factor = 1;
        }
        assert_null(breach_found(w.b));
        assert_false(breaking_of(w.b, w.p).any);
        world_clear(&w);
    }
}

static void short_empty_and_single_series_say_nothing(void **state)
{
    struct world w;

    (void)state;
    world_init(&w, 8);
    assert_false(breaking_of(w.b, w.p).any);
    w.s.factor = 10;
    feed(&w, 10, 9);
    assert_false(breaking_of(w.b, w.p).any);
    world_clear(&w);
    world_init(&w, 8);
    w.s.rate = 0;
    feed(&w, 10, 100);
    w.s.rate = 1;
    w.s.factor = 100;
    feed(&w, 10, 1);
    w.s.rate = 0;
    feed(&w, 10, 100);
    breach_end(w.b);
    assert_false(breaking_of(w.b, w.p).any);
    world_clear(&w);
}

static void slow_requests_now_and_then_are_judged_by_long_windows(void **state)
{
    struct world w;

    (void)state;
    world_init(&w, 9);
    w.s.rate = 3;
    feed(&w, 10, 120);
    w.s.factor = 3;
    feed(&w, 20, 95);
    assert_non_null(breach_found(w.b));
    assert_true(breach_found(w.b)->low == 10 && breach_found(w.b)->high == 20);
    world_clear(&w);
}

static void the_same_series_gives_the_same_bits(void **state)
{
    struct world a, b;
    struct breach_found x, y;

    (void)state;
    world_init(&a, 11);
    world_init(&b, 11);
    ramp(&a);
    ramp(&b);
    x = *breach_found(a.b);
    y = *breach_found(b.b);
    assert_true(x.low == y.low && x.high == y.high && x.rps == y.rps &&
                x.start_us == y.start_us && x.worst_us == y.worst_us &&
                x.lasted_us == y.lasted_us);
    world_clear(&a);
    world_clear(&b);
}

/* Rules on names: Chat is 4 % of 100 requests a second, so that its windows are
 * of 15 s; all of them keep their limit. */
static const struct rule by_name[] = {
    {95, 400e3, 0}, {-1, 0.05, 0}, {95, 200e3, 1}, {-1, 0.10, 2}};

static void named_init(struct world *w, uint64_t seed)
{
    w->b = breach_new(by_name, 4);
    w->p = plateaus_new(by_name, 4);
    moments_init(&w->s, seed);
    moments_add_part(&w->s, 0.04);
    moments_add_part(&w->s, 0.30);
    w->s.noise_sd = 0.03;
}

static void a_rare_name_that_breaks_is_found(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world w;
        struct breaking k;

        named_init(&w, seed);
        feed(&w, 10, 60);
        feed(&w, 20, 60);
        assert_false(breaking_of(w.b, w.p).any);
        assert_true(breach_good_load(w.b) == 20);
        w.s.parts[0].factor = 3; /* p95 342 ms; of all hardly more */
        feed(&w, 30, 60);
        k = breaking_of(w.b, w.p);
        assert_true(k.any && k.breach);
        assert_int_equal(k.found.rule, 2);
        assert_int_equal(k.by, BREACH_LATENCY);
        assert_true(k.low == 20 && k.high == 30);
        assert_in_range(k.found.worst_us, 250000, 800000);
        assert_true(breach_good_load(w.b) == 20);
        w.s.factor = 6; /* now all of them do: it had broken before */
        feed(&w, 60, 60);
        k = breaking_of(w.b, w.p);
        assert_int_equal(k.found.rule, 2);
        assert_true(k.high == 30);
        world_clear(&w);
    }
}

/* In a ramp both break at once: the finer windows say where. */
static void all_and_a_name_at_once_are_told_by_the_finer(void **state)
{
    unsigned seed, fine = 0;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world w;
        struct breaking k;

        named_init(&w, seed);
        feed(&w, 10, 60);
        w.s.factor = 8;
        feed(&w, 40, 60);
        k = breaking_of(w.b, w.p);
        assert_true(k.any && k.low == 10 && k.high == 40);
        fine += k.found.rule == 0;
        world_clear(&w);
    }
    assert_int_equal(fine, SEEDS);
}

static void errors_of_one_name_are_found(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world w;
        struct breaking k;

        named_init(&w, seed);
        feed(&w, 10, 60);
        w.s.parts[1].fail = 0.4; /* 4 % of all */
        w.s.parts[1].share = 0.10;
        feed(&w, 20, 60);
        k = breaking_of(w.b, w.p);
        assert_true(k.any);
        assert_int_equal(k.found.rule, 3);
        assert_int_equal(k.by, BREACH_ERRORS);
        assert_true(k.found.worst > 0.1 && k.found.worst < 0.7);
        assert_true(k.low == 10 && k.high == 20);
        world_clear(&w);
    }
}

/* A name that is never asked for holds nothing back. */
static void a_part_without_samples_says_nothing(void **state)
{
    struct world w;

    (void)state;
    named_init(&w, 3);
    w.s.parts[0].share = 0;
    feed(&w, 10, 30);
    feed(&w, 20, 30);
    assert_true(breach_good_load(w.b) == 20);
    assert_false(breaking_of(w.b, w.p).any);
    world_clear(&w);
}

/* A share of errors that single windows are not sure of: from when it is so on,
 * and for as long. */
static void a_share_a_few_times_its_limit_is_a_breach(void **state)
{
    static const double shares[] = {.11, .14, .17, .25};
    unsigned seed;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        unsigned soon = 0, whole = 0;

        for (seed = 1; seed <= SEEDS; seed++) {
            struct world w;
            const struct breach_found *f;

            world_init(&w, seed);
            w.s.rate = 60;
            feed(&w, 30, 30);
            w.s.fail = shares[i];
            feed(&w, 60, 60);
            f = breach_found(w.b);
            assert_non_null(f);
            assert_true(f->high == 60 && f->low == 30);
            assert_true(f->by == BREACH_ERRORS && f->start_us >= 30 * SEC);
            soon += f->start_us <= 37 * SEC;
            whole += !f->over && f->lasted_us >= 45 * SEC;
            w.s.fail = 0.01;
            feed(&w, 60, 12);
            assert_true(breach_at(w.b, 0)->over);
            world_clear(&w);
        }
        assert_true(soon >= SEEDS * 9 / 10 || shares[i] < .14);
        assert_true(whole >= SEEDS * 9 / 10 || shares[i] < .14);
    }
}

/* Of a share below its limit nothing is made. */
static void a_share_below_its_limit_is_no_breach(void **state)
{
    unsigned seed, alarms = 0;

    (void)state;
    for (seed = 1; seed <= HEALTHY; seed++) {
        struct world w;

        world_init(&w, seed);
        w.s.rate = 60;
        w.s.fail = 0.04;
        feed(&w, 30, 150);
        feed(&w, 60, 150);
        alarms += breaking_of(w.b, w.p).any;
        world_clear(&w);
    }
    assert_true(alarms <= HEALTHY / 50);
}

/* Eight rules at 0.8 of their limits, by four loads of five minutes in all. */
static void many_rules_that_hold_are_no_breach(void **state)
{
    struct rule rules_of[8];
    unsigned seed, alarms = 0, i;

    (void)state;
    for (i = 0; i < 8; i++) {
        rules_of[i] = (struct rule){95, 114e3 / 0.8, i};
    }
    for (seed = 1; seed <= HEALTHY; seed++) {
        struct world w;

        w.b = breach_new(rules_of, 8);
        w.p = plateaus_new(rules_of, 8);
        moments_init(&w.s, seed);
        for (i = 0; i < 7; i++) {
            moments_add_part(&w.s, i < 3 ? 0.04 : 0.2);
        }
        for (i = 1; i <= 4; i++) {
            w.s.rate = 25 * i;
            feed(&w, 10 * i, 75);
        }
        alarms += breaking_of(w.b, w.p).any;
        world_clear(&w);
    }
    assert_true(alarms <= HEALTHY / 50);
}

/* A load that held before and after did not do it. */
static void what_passes_at_a_load_that_goes_on_is_no_break(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world w;
        const struct breach_found *f;

        world_init(&w, seed);
        feed(&w, 20, 40);
        w.s.factor = 6;
        feed(&w, 20, 12);
        f = breach_found(w.b); /* while it lasts nobody knows */
        assert_true(f != NULL && f->high == 20);
        w.s.factor = 1;
        feed(&w, 20, 30);
        assert_null(breach_found(w.b));
        assert_false(breaking_of(w.b, w.p).any);
        f = breach_passing(w.b);
        assert_true(f != NULL && f->start_us == 40 * SEC);
        assert_true(breach_good_load(w.b) == 20);
        w.s.factor = 6;
        feed(&w, 30, 20); /* more load does */
        f = breach_found(w.b);
        assert_true(f != NULL && f->high == 30 && f->low == 20);
        world_clear(&w);
    }
}

static void feed_down(struct world *w, unsigned seconds)
{
    while (seconds-- > 0) {
        struct moment x = moments_next(&w->s);

        x.down = true;
        give(w, &x);
    }
}

static void feed_pause(struct world *w, unsigned seconds)
{
    while (seconds-- > 0) {
        struct moment x = moments_next(&w->s);

        x.active_us = 0;
        give(w, &x);
    }
}

static void feed_out(struct world *w, double load, uint64_t since_us,
                     unsigned seconds)
{
    w->s.load = load;
    while (seconds-- > 0) {
        struct moment x = moments_next(&w->s);

        x.out = true;
        x.out_since_us = since_us;
        give(w, &x);
    }
}

/* Some names are not served, under a load that had held: that is an outage from
 * the first, also where it is still there at the end; but for what goes on for
 * long after it, or began with a load that had not held. */
static void an_outage_of_some_names_is_no_break(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world w;

        world_init(&w, seed);
        feed(&w, 20, 40);
        w.s.fail = 0.5;
        feed(&w, 20, 2); /* it is not known yet */
        feed_out(&w, 20, 40 * SEC, 30);
        assert_null(breach_found(w.b));
        assert_true(breach_passing(w.b)->start_us == 40 * SEC);
        assert_false(breach_passing(w.b)->over);
        feed(&w, 20, 20);
        assert_null(breach_found(w.b));
        feed(&w, 20, 20);
        assert_true(breach_found(w.b)->high == 20);
        world_clear(&w);
        world_init(&w, seed);
        feed(&w, 20, 40);
        w.s.fail = 0.5;
        feed_out(&w, 30, 40 * SEC, 20);
        assert_true(breach_found(w.b)->high == 30);
        world_clear(&w);
        world_init(&w, seed); /* and for what was bad long before it */
        feed(&w, 20, 40);
        w.s.factor = 6;
        feed(&w, 20, 15);
        feed_out(&w, 20, 55 * SEC, 30);
        assert_non_null(breach_found(w.b));
        assert_int_equal(breach_found(w.b)->start_us, 40 * SEC);
        feed(&w, 20, 20);
        assert_int_equal(breach_found(w.b)->start_us, 40 * SEC);
        world_clear(&w);
    }
}

/* Errors that are sure together alone are no matter of latency for a window of
 * that which is bad by chance. */
static void what_is_sure_together_is_told_as_that(void **state)
{
    const struct rule both[] = {{95, 106e3, 0}, {-1, 0.05, 0}};
    unsigned seed, errors = 0, n = 0;

    (void)state;
    for (seed = 1; seed <= HEALTHY; seed++) {
        struct world w;
        const struct breach_found *f;

        w.b = breach_new(both, 2);
        w.p = plateaus_new(both, 2);
        moments_init(&w.s, seed);
        w.s.rate = 60;
        feed(&w, 30, 30);
        w.s.fail = 0.12;
        feed(&w, 60, 60);
        f = breach_found(w.b);
        n += f != NULL;
        errors += f != NULL && f->by == BREACH_ERRORS;
        world_clear(&w);
    }
    assert_true(n >= HEALTHY * 9 / 10);
    assert_true(errors == n);
}

/* A crash, a pause, or a load that was less for a while relieve it. */
static void what_was_relieved_did_not_pass_by_itself(void **state)
{
    unsigned how;

    (void)state;
    for (how = 0; how < 3; how++) {
        struct world w;

        world_init(&w, 7 + how);
        feed(&w, 20, 40);
        w.s.factor = 6;
        feed(&w, 20, 15);
        if (how == 0) {
            feed_down(&w, 5);
        } else if (how == 1) {
            feed_pause(&w, 20);
        } else {
            w.s.rate = 0;
            feed(&w, 0, 5);
            w.s.rate = 100;
        }
        w.s.factor = 1;
        feed(&w, 20, 40);
        assert_non_null(breach_found(w.b));
        assert_null(breach_passing(w.b));
        world_clear(&w);
    }
}

/* As a quota does, or a job of the service's own. */
static void what_comes_again_at_the_same_load_is_no_break_either(void **state)
{
    struct world w;

    (void)state;
    world_init(&w, 9);
    feed(&w, 20, 40);
    w.s.factor = 6;
    feed(&w, 20, 20);
    w.s.factor = 1;
    feed(&w, 20, 30);
    w.s.factor = 6;
    feed(&w, 20, 20);
    assert_non_null(breach_found(w.b)); /* it goes on */
    breach_end(w.b);
    assert_null(breach_found(w.b));
    world_clear(&w);
}

/* All requests fail too often by the plan's own rule on a name, and by what is
 * assumed where it says nothing of them all. */
static void a_rule_of_the_plans_is_told_before_what_is_assumed(void **state)
{
    static const struct rule own[] = {{-1, 0.02, 1}, {-1, 0.05, 0}};
    struct world w;

    (void)state;
    w.b = breach_new(own, 2);
    breach_assume(w.b, 1);
    w.p = plateaus_new(own, 2);
    moments_init(&w.s, 4);
    moments_add_part(&w.s, 0.5);
    feed(&w, 10, 30);
    w.s.parts[0].fail = 0.6;
    feed(&w, 30, 30);
    assert_int_equal(breach_found(w.b)->rule, 0);
    world_clear(&w);
}

/* The last seconds of a level that had held narrow nothing: only a breach would
 * be sure. */
static void bad_last_seconds_move_no_breaking_point(void **state)
{
    struct world w;
    struct breaking k;

    (void)state;
    world_init(&w, 6);
    feed(&w, 8, 4); /* too short for a level */
    w.s.factor = 6;
    feed(&w, 100, 20);
    w.s.factor = 1;
    feed(&w, 8, 25);
    w.s.factor = 30;
    feed(&w, 8, 4);
    plateaus_end(w.p);
    breach_end(w.b);
    k = breaking_of(w.b, w.p);
    assert_true(plateaus_at(w.p, plateaus_count(w.p) - 1)->broken >= 0);
    assert_true(k.any && k.high == 100);
    assert_int_equal(k.found.start_us, 4 * SEC);
    world_clear(&w);
}

/* What is bad in the last seconds of a level that holds all the same, and goes
 * on at the next one, is of that; where it is bad for longer, of itself. */
static void bad_last_seconds_are_of_the_level_that_comes(void **state)
{
    unsigned bad, seed;

    (void)state;
    for (bad = 0; bad <= 14; bad++) {
        for (seed = 1; seed <= SEEDS; seed++) {
            struct world w;
            struct breaking k;

            world_init(&w, seed);
            feed(&w, 24, 20);
            feed(&w, 32, 25 - bad);
            w.s.factor = 3;
            feed(&w, 32, bad);
            w.s.factor = 3;
            feed(&w, 48, 20);
            k = breaking_of(w.b, w.p);
            assert_true(k.any && k.by == BREACH_LATENCY);
            if (bad <= 3) {
                assert_true(k.low == 32 && k.high == 48);
                assert_int_equal(k.at_us, 45 * SEC);
            } else if (bad >= 5) {
                assert_true(k.low == 24 && k.high == 32);
                assert_int_equal(k.at_us, (45 - bad) * SEC);
            }
            /* As the levels say. */
            assert_true((k.high == 32) == (plateaus_at(w.p, 1)->broken >= 0));
            world_clear(&w);
        }
    }
}

/* What is well for some seconds between had not passed. */
static void what_is_back_soon_had_not_passed(void **state)
{
    struct world w;

    (void)state;
    world_init(&w, 9);
    feed(&w, 20, 40);
    w.s.factor = 6;
    feed(&w, 20, 20);
    w.s.factor = 1;
    feed(&w, 20, 5);
    assert_null(breach_found(w.b));
    w.s.factor = 6;
    feed(&w, 20, 20);
    assert_non_null(breach_found(w.b));
    assert_int_equal(breach_found(w.b)->start_us, 40 * SEC);
    assert_true(breach_found(w.b)->held);
    world_clear(&w);
}

/* p99 of sixty: one window that is bad by chance, long before, is no begin. */
static void of_few_samples_none_beyond_is_clear(void **state)
{
    static const struct rule p99 = {99, 200e3, 0};
    struct breach *b = breach_new(&p99, 1);
    struct moments s;
    double load;

    (void)state;
    moments_init(&s, 5);
    s.ramp = true;
    s.p95_ms = 60;
    for (load = 1; load <= 60; load++) {
        struct moment x;

        s.load = load;
        s.factor = load == 8 || load > 45 ? 8 : 1;
        x = moments_next(&s);
        breach_feed(b, &x);
    }
    assert_non_null(breach_found(b));
    assert_true(breach_found(b)->high > 40);
    moments_clear(&s);
    breach_free(&b);
}

/* Where the load falls, it may have been that; so it may where it had not held
 * before. */
static void what_ends_with_the_load_is_a_break(void **state)
{
    struct world w;

    (void)state;
    world_init(&w, 5);
    feed(&w, 20, 40);
    w.s.factor = 6;
    feed(&w, 20, 15);
    w.s.factor = 1;
    feed(&w, 10, 30);
    assert_non_null(breach_found(w.b));
    assert_null(breach_passing(w.b));
    world_clear(&w);
    world_init(&w, 5);
    feed(&w, 10, 40);
    w.s.factor = 6;
    feed(&w, 20, 15); /* cold at first */
    w.s.factor = 1;
    feed(&w, 20, 30);
    assert_non_null(breach_found(w.b));
    world_clear(&w);
}

/* One VU a second from 20 to 140; only the name grows slow, past its limit at
 * 80. Of all requests it is one in twenty, whose windows are of 15 s. */
static void a_ramp_breaks_a_rare_name_about_its_truth(void **state)
{
    unsigned seed, held = 0;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world w;
        struct breaking k;
        double load;

        named_init(&w, seed);
        w.s.parts[0].share = 0.05;
        feed(&w, 20, 40);
        w.s.ramp = true;
        for (load = 21; load <= 140; load++) {
            w.s.parts[0].factor = 200.0 / 114 * pow(load / 80, 3);
            feed(&w, load, 1);
        }
        k = breaking_of(w.b, w.p);
        assert_true(k.any && k.breach && k.found.ramp);
        assert_int_equal(k.found.rule, 2);
        held += k.low <= 80 && k.high >= 80;
        assert_true(k.low > 20 && k.high < 120);
        world_clear(&w);
    }
    assert_true(held >= SEEDS * 8 / 10);
}

/* Checks have no times: a share of theirs that is bad is all there is. */
static void checks_that_fail_break_it(void **state)
{
    const struct rule of_checks[] = {{95, 400e3, 0}, {-1, 0.05, 1}};
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world w;
        struct breaking k;
        struct histo *none = histo_new();
        unsigned t;

        w.b = breach_new(of_checks, 2);
        w.p = plateaus_new(of_checks, 2);
        moments_init(&w.s, seed);
        for (t = 0; t < 120; t++) {
            struct moment x;
            struct sifted checks = {.all = none, .good = none, .n = 50};
            unsigned i;

            w.s.load = t < 60 ? 10 : 20;
            x = moments_next(&w.s);
            for (i = 0; i < 50; i++) {
                checks.bad += rng_unit(&w.s.rng) < (t < 60 ? 0.03 : 0.30);
            }
            x.parts = &checks;
            x.n_parts = 1;
            give(&w, &x);
        }
        k = breaking_of(w.b, w.p);
        assert_true(k.any && k.low == 10 && k.high == 20);
        assert_int_equal(k.found.rule, 1);
        assert_int_equal(k.by, BREACH_ERRORS);
        assert_int_equal(k.at_us, 60 * SEC);
        world_clear(&w);
        histo_free(&none);
    }
}

/* Chat breaks at 60, all of it at 20 already; and with a pause and an outage
 * between, which are no breach of either. */
static void all_may_break_before_a_name(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world w;
        struct breaking k;
        unsigned t;

        named_init(&w, seed);
        feed(&w, 10, 60);
        for (t = 0; t < 8; t++) {
            struct moment x = moments_next(&w.s);

            x.active_us = t < 4 ? 0 : x.active_us;
            x.down = t >= 4;
            give(&w, &x);
        }
        feed(&w, 10, 60);
        assert_false(breaking_of(w.b, w.p).any);
        w.s.factor = 8;
        w.s.parts[0].factor = 0.1;
        feed(&w, 20, 60);
        w.s.parts[0].factor = 3;
        feed(&w, 60, 60);
        k = breaking_of(w.b, w.p);
        assert_int_equal(k.found.rule, 0);
        assert_true(k.low == 10 && k.high == 20);
        assert_true(breach_good_load(w.b) == 10);
        world_clear(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rare_name_that_breaks_is_found),
        cmocka_unit_test(all_and_a_name_at_once_are_told_by_the_finer),
        cmocka_unit_test(errors_of_one_name_are_found),
        cmocka_unit_test(a_part_without_samples_says_nothing),
        cmocka_unit_test(a_ramp_breaks_a_rare_name_about_its_truth),
        cmocka_unit_test(checks_that_fail_break_it),
        cmocka_unit_test(all_may_break_before_a_name),
        cmocka_unit_test(a_share_a_few_times_its_limit_is_a_breach),
        cmocka_unit_test(a_share_below_its_limit_is_no_breach),
        cmocka_unit_test(many_rules_that_hold_are_no_breach),
        cmocka_unit_test(what_passes_at_a_load_that_goes_on_is_no_break),
        cmocka_unit_test(what_was_relieved_did_not_pass_by_itself),
        cmocka_unit_test(what_comes_again_at_the_same_load_is_no_break_either),
        cmocka_unit_test(a_rule_of_the_plans_is_told_before_what_is_assumed),
        cmocka_unit_test(bad_last_seconds_move_no_breaking_point),
        cmocka_unit_test(bad_last_seconds_are_of_the_level_that_comes),
        cmocka_unit_test(what_is_back_soon_had_not_passed),
        cmocka_unit_test(of_few_samples_none_beyond_is_clear),
        cmocka_unit_test(what_ends_with_the_load_is_a_break),
        cmocka_unit_test(a_ramp_holds_the_truth_in_a_narrow_interval),
        cmocka_unit_test(steps_have_the_last_good_and_the_first_bad_load),
        cmocka_unit_test(levels_tried_between_narrow_it_down),
        cmocka_unit_test(a_narrower_break_is_told_of_its_own_breach),
        cmocka_unit_test(a_short_level_between_speaks_for_itself),
        cmocka_unit_test(of_many_breaches_the_highest_are_forgotten),
        cmocka_unit_test(requests_that_fall_break_it_once_that_lasts),
        cmocka_unit_test(a_fast_ramp_is_good_only_for_what_was_held),
        cmocka_unit_test(the_way_of_a_hunt_says_nothing),
        cmocka_unit_test(errors_break_it_too),
        cmocka_unit_test(work_that_is_due_and_not_begun_is_a_breach),
        cmocka_unit_test(silence_is_a_breach_and_idleness_is_none),
        cmocka_unit_test(an_outage_is_no_breach),
        cmocka_unit_test(an_outage_hides_no_breach_for_long),
        cmocka_unit_test(an_outage_of_some_names_is_no_break),
        cmocka_unit_test(what_is_sure_together_is_told_as_that),
        cmocka_unit_test(blips_and_calm_are_no_breach),
        cmocka_unit_test(short_empty_and_single_series_say_nothing),
        cmocka_unit_test(slow_requests_now_and_then_are_judged_by_long_windows),
        cmocka_unit_test(the_same_series_gives_the_same_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
