/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "insight/anomalies.h"
#include "insight/culprit.h"
#include "support/seeds.h"
#include "support/sham.h"

/* This exercises: what is found in made-up services with one thing wrong with
 * them: stalls (C3), limits (C5), crashes, errors that begin at one request,
 * two humps, queues; and that what is short, empty or constant says nothing. */

#define SEC   UINT64_C(1000000)
#define SEEDS seeds_of("SEEDS", 20)

struct world {
    struct anomalies *a;
    struct sham s;
};

static void world_open(struct world *w, uint64_t seed)
{
    w->a = anomalies_new();
    sham_init(&w->s, seed);
    w->s.noise_sd = 0.05;
}

static void world_close(struct world *w)
{
    anomalies_free(&w->a);
    sham_clear(&w->s);
}

static void run(struct world *w, double seconds)
{
    unsigned n = (unsigned)(seconds * 10 + 0.5);

    while (n-- > 0) {
        anomalies_beat(w->a, sham_beat(&w->s));
        if (w->s.full) {
            anomalies_moment(w->a, &w->s.moment);
        }
    }
}

static unsigned kinds(const struct world *w, enum anomaly_kind k)
{
    return (unsigned)anomalies_found(w->a, k);
}

/* The only one that there is. */
static const struct anomaly *only(const struct world *w, enum anomaly_kind k)
{
    assert_int_equal(anomalies_count(w->a), 1);
    assert_int_equal(anomalies_at(w->a, 0)->kind, k);
    return anomalies_at(w->a, 0);
}

static void stall_for(struct world *w, double seconds)
{
    w->s.silent = true;
    w->s.in_flight = 50;
    run(w, seconds);
    w->s.silent = false;
    w->s.in_flight = 2;
}

static void a_stall_is_found_while_it_lasts(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        const struct anomaly *x;
        struct world w;

        world_open(&w, seed);
        w.s.rate = 50;
        run(&w, 60);
        stall_for(&w, 3);
        x = only(&w, ANOMALY_STALL);
        assert_false(x->over);
        stall_for(&w, 5);
        run(&w, 30);
        x = only(&w, ANOMALY_STALL);
        assert_true(x->over);
        assert_in_range(x->start_us, 59 * SEC, 60 * SEC);
        assert_in_range(x->end_us, 68 * SEC, 69 * SEC);
        assert_in_range(x->u.stall.lasted_us, 8 * SEC, 85 * SEC / 10);
        assert_int_equal(x->u.stall.in_flight, 50);
        world_close(&w);
    }
}

/* An hour of one response a second, by chance: gaps of eleven seconds. */
static void chance_makes_no_stalls(void **state)
{
    unsigned seed, found = 0;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world w;

        world_open(&w, seed);
        w.s.rate = 1;
        run(&w, 3600);
        found += kinds(&w, ANOMALY_STALL);
        world_close(&w);
    }
    assert_int_equal(found, 0);
}

static void what_is_slow_anyway_does_not_stall(void **state)
{
    struct world w;

    (void)state;
    world_open(&w, 1);
    w.s.p95_ms = 4000;
    run(&w, 60);
    stall_for(&w, 8);
    run(&w, 10);
    assert_int_equal(anomalies_count(w.a), 0);
    stall_for(&w, 30);
    assert_int_equal(kinds(&w, ANOMALY_STALL), 1);
    world_close(&w);
}

static void stalls_do_not_hide_each_other(void **state)
{
    struct world w;
    unsigned i;

    (void)state;
    world_open(&w, 1);
    run(&w, 30);
    for (i = 0; i < 8; i++) {
        stall_for(&w, 2);
        w.s.factor = 20; /* those that waited */
        run(&w, 0.2);
        w.s.factor = 1;
        run(&w, 7.8);
    }
    assert_int_equal(kinds(&w, ANOMALY_STALL), 8);
    world_close(&w);
}

static void with_nothing_in_flight_or_no_load_nothing_stalls(void **state)
{
    struct world w;

    (void)state;
    world_open(&w, 1);
    run(&w, 30);
    w.s.silent = true;
    w.s.in_flight = 0;
    run(&w, 20);
    w.s.in_flight = 1;
    w.s.load = 0;
    run(&w, 20);
    assert_int_equal(anomalies_count(w.a), 0);
    world_close(&w);
}

static void too_many_are_counted(void **state)
{
    struct world w;
    unsigned i;

    (void)state;
    world_open(&w, 1);
    run(&w, 30);
    for (i = 0; i < ANOMALIES_EACH + 10; i++) {
        stall_for(&w, 2);
        run(&w, 3);
    }
    assert_int_equal(anomalies_count(w.a), ANOMALIES_EACH);
    assert_int_equal(anomalies_dropped(w.a), 10);
    assert_int_equal(kinds(&w, ANOMALY_STALL), ANOMALIES_EACH + 10);
    w.s.refuses = true;
    run(&w, 2);
    assert_int_equal(anomalies_count(w.a), ANOMALIES_EACH + 1);
    world_close(&w);
}

static void a_crash_and_a_restart_are_told(void **state)
{
    const struct anomaly *x;
    struct world w;

    (void)state;
    world_open(&w, 1);
    w.s.refuses = true; /* not there yet: no crash */
    run(&w, 5);
    w.s.refuses = false;
    run(&w, 40);
    assert_int_equal(anomalies_count(w.a), 0);
    w.s.refuses = true;
    run(&w, 4);
    assert_false(only(&w, ANOMALY_OUTAGE)->over);
    w.s.refuses = false;
    run(&w, 30);
    x = only(&w, ANOMALY_OUTAGE);
    assert_true(x->over);
    assert_in_range(x->start_us, 45 * SEC, 45 * SEC + 500000);
    assert_in_range(x->end_us, 49 * SEC - 100000, 49 * SEC + 500000);
    assert_true(x->u.outage.lost > 300);
    world_close(&w);
}

/* 80 requests a second through 50, and 100 at once. */
static void a_bucket_is_measured(void **state)
{
    unsigned seed, right = 0;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world w;
        const struct throttle_answer *t;

        world_open(&w, seed);
        w.s.rate = 80;
        w.s.bucket_rate = 50;
        w.s.bucket_size = w.s.tokens = 100;
        run(&w, 60);
        t = &only(&w, ANOMALY_LIMIT)->u.limit.t;
        right += t->way == THROTTLE_STEADY && fabs(t->rate / 50 - 1) <= 0.05 &&
                 fabs(t->burst / 100 - 1) <= 0.15;
        world_close(&w);
    }
    if (right < SEEDS * 9 / 10) {
        print_error("%u of %u\n", right, SEEDS);
    }
    assert_true(right >= SEEDS * 9 / 10);
}

/* 100 a minute at three requests a second, by the clock. */
static void a_window_is_measured(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        const struct throttle_answer *t;
        struct world w;

        world_open(&w, seed);
        w.s.rate = 3;
        w.s.quota = 100;
        w.s.window_s = 60;
        run(&w, 60);
        anomalies_retry_after(w.a, 12);
        run(&w, 50);
        t = &only(&w, ANOMALY_LIMIT)->u.limit.t;
        assert_int_equal(t->way, THROTTLE_UNKNOWN);
        run(&w, 80);
        t = &only(&w, ANOMALY_LIMIT)->u.limit.t;
        assert_int_equal(t->way, THROTTLE_WINDOW);
        assert_true(fabs(t->window_s - 60) <= 2);
        assert_true(fabs(t->in_window - 100) <= 3);
        assert_true(only(&w, ANOMALY_LIMIT)->u.limit.one);
        assert_true(only(&w, ANOMALY_LIMIT)->u.limit.retry_after_s > 11);
        world_close(&w);
    }
}

/* Less is asked for, and then more again. */
static void a_limit_that_is_no_longer_felt_is_over(void **state)
{
    const struct anomaly *x;
    struct world w;

    (void)state;
    world_open(&w, 1);
    w.s.rate = 80;
    w.s.bucket_rate = 50;
    w.s.bucket_size = w.s.tokens = 100;
    run(&w, 60);
    assert_false(only(&w, ANOMALY_LIMIT)->over);
    w.s.rate = 20;
    run(&w, 5);
    assert_false(only(&w, ANOMALY_LIMIT)->over);
    run(&w, 10);
    x = only(&w, ANOMALY_LIMIT);
    assert_true(x->over);
    assert_in_range(x->end_us, 59 * SEC, 61 * SEC);
    w.s.rate = 80;
    run(&w, 20);
    assert_false(only(&w, ANOMALY_LIMIT)->over);
    assert_in_range(only(&w, ANOMALY_LIMIT)->end_us, 94 * SEC, 96 * SEC);
    world_close(&w);
}

/* What somebody made up: hours in one beat, or all the time there is. */
static void no_beat_takes_a_limit_long(void **state)
{
    static const uint64_t spans[] = {601 * SEC, 36000 * SEC, UINT64_MAX / 4,
                                     UINT64_MAX};
    struct throttle t, one;
    size_t i;
    unsigned k;

    (void)state;
    for (i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        throttle_init(&t);
        throttle_feed(&t, SEC, spans[i], 3, 1);
        assert_int_equal(t.second, spans[i] / SEC);
        assert_int_equal(t.limited_for, 1);
        assert_int_equal(t.first, 0);
        assert_false(throttle_answer(&t).any);
    }
    /* As if each second had come by itself. */
    throttle_init(&t);
    throttle_init(&one);
    for (k = 0; k < 20; k++) {
        throttle_feed(&t, k * SEC, SEC, 90, 10);
        throttle_feed(&one, k * SEC, SEC, 90, 10);
    }
    throttle_feed(&t, 700 * SEC, 650 * SEC, 90, 10);
    throttle_feed(&one, 700 * SEC, SEC, 90, 10);
    for (k = 0; k < 649; k++) {
        throttle_feed(&one, 700 * SEC, SEC, 0, 0);
    }
    assert_memory_equal(&t, &one, sizeof t);
}

static void a_few_429_are_no_limit(void **state)
{
    struct throttle t;
    unsigned i;

    (void)state;
    throttle_init(&t);
    for (i = 0; i < 600; i++) {
        throttle_feed(&t, i * SEC, SEC, 1000, i % 10 == 0 ? 5 : 0);
    }
    assert_false(throttle_answer(&t).any);
    for (i = 0; i < 14; i++) {
        throttle_feed(&t, i * SEC, SEC, 90, 10);
    }
    assert_false(throttle_answer(&t).any);
    throttle_feed(&t, i * SEC, SEC, 90, 10);
    assert_true(throttle_answer(&t).any);
}

static void errors_begin_at_one_request(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        const struct anomaly *x;
        struct world w;
        unsigned i;

        world_open(&w, seed);
        w.s.requests = 4;
        for (i = 0; i < 4; i++) {
            w.s.fail[i] = 0.002;
        }
        run(&w, 60);
        assert_int_equal(anomalies_count(w.a), 0);
        w.s.fail[2] = 0.3;
        run(&w, 10);
        x = only(&w, ANOMALY_ERRORS);
        assert_int_equal(x->u.errors.request, 2);
        assert_in_range(x->start_us, 60 * SEC, 62 * SEC);
        assert_false(x->u.errors.from_start);
        /* The others follow: they did not begin it. */
        for (i = 0; i < 4; i++) {
            w.s.fail[i] = 0.3;
        }
        run(&w, 30);
        assert_int_equal(anomalies_count(w.a), 1);
        world_close(&w);
    }
}

/* Five seconds: so many of the first request, of which so many fail, and as
 * many of another, that do not. */
static bool five_seconds(struct culprit *c, uint64_t at_s, uint64_t n,
                         uint64_t failed, struct culprit_found *out)
{
    struct histo_sparse none = {.n = 0};
    struct beat_part parts[] = {
        {.request = 0,
         .count = failed,
         .response = true,
         .failed = true,
         .us = &none},
        {.request = 0, .count = n - failed, .response = true, .us = &none},
        {.request = 1, .count = n, .response = true, .us = &none}};
    size_t from = failed > 0 ? 0 : 1;
    struct beat b = {.start_us = at_s * SEC,
                     .end_us = (at_s + 5) * SEC,
                     .active_us = 5 * SEC,
                     .parts = parts + from,
                     .n = (n > failed ? 3 : 2) - from};

    if (n == failed) { /* the one that is none goes */
        parts[1] = parts[2];
    }
    return culprit_feed(c, &b, out);
}

/* They hang, and so few end at a time that nothing can be told of a window: it
 * began with the first of them all the same. */
static void errors_that_come_in_bursts_begin_with_the_first(void **state)
{
    struct culprit *c = culprit_new();
    struct culprit_found f = {0};
    uint64_t t;

    (void)state;
    for (t = 0; t < 30; t += 5) {
        assert_false(five_seconds(c, t, 170, 0, &f));
    }
    assert_false(five_seconds(c, 30, 9, 9, &f));
    assert_false(five_seconds(c, 35, 3, 3, &f));
    assert_true(five_seconds(c, 40, 132, 12, &f));
    assert_int_equal(f.start_us, 30 * SEC);
    assert_int_equal(f.failed, 24);
    assert_int_equal(f.requests, 144);
    assert_int_equal(f.other_failed, 0);
    assert_false(f.from_start);
    culprit_free(&c);
}

static void errors_everywhere_begin_at_none(void **state)
{
    struct world w;
    unsigned i;

    (void)state;
    world_open(&w, 2);
    w.s.requests = 4;
    run(&w, 60);
    for (i = 0; i < 4; i++) {
        w.s.fail[i] = 0.3;
    }
    run(&w, 60);
    assert_int_equal(anomalies_count(w.a), 0);
    world_close(&w);
    world_open(&w, 2);
    w.s.fail[0] = 0.5; /* there is but one */
    run(&w, 60);
    assert_int_equal(anomalies_count(w.a), 0);
    world_close(&w);
}

static void a_cache_makes_two_humps(void **state)
{
    struct world w;

    (void)state;
    world_open(&w, 2);
    w.s.requests = 2;
    w.s.sigma = 0.25;
    w.s.slow_share = 0.2;
    w.s.slow_factor = 3;
    run(&w, 120);
    assert_int_equal(kinds(&w, ANOMALY_MODES), 2);
    assert_int_equal(anomalies_count(w.a), 2);
    world_close(&w);
}

/* One hump, elsewhere from half time on. */
static void a_change_makes_no_humps(void **state)
{
    struct world w;

    (void)state;
    world_open(&w, 2);
    w.s.sigma = 0.2;
    run(&w, 65);
    w.s.factor = 3;
    run(&w, 120);
    assert_int_equal(kinds(&w, ANOMALY_MODES), 0);
    assert_int_equal(only(&w, ANOMALY_CHANGE)->start_us, 65 * SEC);
    world_close(&w);
}

static bool plateau_open; /* loads are rates of arrival */

static void plateau(struct plateaus *p, struct anomalies *a, double load,
                    unsigned rate, uint64_t us)
{
    struct histo *h = histo_new();
    static uint64_t t;
    unsigned i;

    for (i = 0; i < 12; i++) {
        struct moment x = {.start_us = t,
                           .end_us = t + SEC,
                           .active_us = SEC,
                           .load = load,
                           .still = true,
                           .open = plateau_open,
                           .requests = rate,
                           .vus = (uint32_t)load,
                           .all = h,
                           .good = h};

        histo_clear(h);
        histo_record_n(h, us, rate);
        plateaus_feed(p, &x);
        anomalies_moment(a, &x);
        t += SEC;
    }
    histo_free(&h);
    anomalies_plateau(a, p);
}

/* Users who do not think: 20 in flight are what it can do. */
static void a_queue_is_told_with_where_it_began(void **state)
{
    struct plateaus *p = plateaus_new(NULL, 0);
    struct anomalies *a = anomalies_new();
    const struct anomaly *x;

    (void)state;
    plateau(p, a, 10, 100, 100000);
    plateau(p, a, 20, 200, 100000);
    plateau(p, a, 40, 204, 200000);
    assert_int_equal(anomalies_count(a), 0); /* that one goes on */
    plateau(p, a, 80, 198, 400000);
    assert_int_equal(anomalies_count(a), 1);
    assert_false(anomalies_at(a, 0)->over);
    plateau(p, a, 10, 100, 100000);
    plateau(p, a, 10, 100, 100000);
    assert_int_equal(anomalies_count(a), 1);
    assert_true(anomalies_at(a, 0)->over);
    plateau(p, a, 60, 200, 300000); /* less than it was, and waits again */
    plateau(p, a, 70, 200, 350000);
    assert_false(anomalies_at(a, 0)->over);
    assert_int_equal(anomalies_count(a), 1);
    x = anomalies_at(a, 0);
    assert_int_equal(x->kind, ANOMALY_QUEUE);
    assert_true(fabs(x->u.queue.load_from - 20) < 0.5);
    assert_true(fabs(x->u.queue.load_to - 80) < 0.5);
    assert_true(fabs(x->u.queue.most - 204) < 0.5); /* none did more */
    plateau(p, a, 75, 207, 350000);
    plateau(p, a, 75, 207, 350000);
    plateau(p, a, 90, 207, 430000);
    assert_true(fabs(anomalies_at(a, 0)->u.queue.most - 207) < 0.5);
    anomalies_free(&a);
    plateaus_free(&p);
}

/* The levels of made-up runs: load, requests a second, ms; is there a queue? */
static bool waits(bool open, unsigned n, const unsigned (*levels)[3])
{
    struct plateaus *p = plateaus_new(NULL, 0);
    struct anomalies *a = anomalies_new();
    bool any;
    unsigned i;

    plateau_open = open;
    for (i = 0; i < n; i++) {
        plateau(p, a, levels[i][0], levels[i][1], levels[i][2] * 1000);
    }
    plateau(p, a, 1, 1, 1000); /* the last one is closed */
    any = anomalies_found(a, ANOMALY_QUEUE) > 0;
    plateau_open = false;
    anomalies_free(&a);
    plateaus_free(&p);
    return any;
}

/* Far above the knee in one step: the demo's spike. Nobody knows what is done
 * at most between the two, and it waits all the same. */
static void a_queue_after_one_great_step_is_told(void **state)
{
    static const unsigned spike[][3] = {{30, 151, 87}, {220, 180, 1200}};
    static const unsigned knee[][3] = {{30, 100, 100}, {60, 133, 250}};
    static const unsigned fewer[][3] = {{30, 151, 87}, {220, 80, 2700}};
    static const unsigned well[][3] = {{30, 151, 87}, {220, 1100, 90}};

    (void)state;
    assert_true(waits(false, 2, spike));
    assert_false(waits(false, 2, knee));
    assert_false(waits(false, 2, fewer)); /* it is slower as well */
    assert_false(waits(false, 2, well));
}

/* A rate that is not done waits; one that is done is only slower. */
static void a_rate_that_is_not_done_waits(void **state)
{
    static const unsigned over[][3] = {{40, 40, 105}, {70, 50, 5000}};
    static const unsigned sixth[][3] = {{30, 30, 78}, {60, 48, 2300}};
    static const unsigned slower[][3] = {{40, 40, 105}, {70, 70, 900}};
    static const unsigned first[][3] = {{70, 50, 5000}};
    static const unsigned refused[][3] = {{40, 40, 105}, {70, 50, 110}};

    (void)state;
    assert_true(waits(true, 2, over));
    assert_true(waits(true, 2, sixth)); /* four fifths are done */
    assert_false(waits(true, 2, slower));
    assert_false(waits(true, 1, first));
    assert_false(waits(true, 2, refused));
}

/* Where it bends, not where it did as little as it does when there are too many
 * of them. */
static void a_queue_begins_where_the_most_is_done(void **state)
{
    struct plateaus *p = plateaus_new(NULL, 0);
    struct anomalies *a = anomalies_new();
    const struct anomaly *x;

    (void)state;
    plateau(p, a, 10, 200, 50000);
    plateau(p, a, 20, 400, 50000);
    plateau(p, a, 40, 498, 80000);
    plateau(p, a, 120, 363, 330000);
    plateau(p, a, 10, 200, 50000);
    assert_int_equal(anomalies_count(a), 0); /* they fall, too */
    plateau(p, a, 60, 505, 119000);
    plateau(p, a, 10, 200, 50000);
    assert_int_equal(anomalies_count(a), 1);
    x = anomalies_at(a, 0);
    assert_true(fabs(x->u.queue.load_from - 40) < 0.5);
    assert_true(fabs(x->u.queue.most - 505) < 0.5);
    anomalies_free(&a);
    plateaus_free(&p);
}

/* It does less than it can while it still feels an overload. */
static void what_follows_an_overload_is_no_queue(void **state)
{
    static const struct rule rule = {95, 1e6, 0};
    struct plateaus *p = plateaus_new(&rule, 1);
    struct anomalies *a = anomalies_new();
    const struct anomaly *x;
    uint64_t from;
    size_t i = 0;

    (void)state;
    plateau(p, a, 10, 100, 100000);
    from = plateaus_at(p, 0)->start_us;
    plateau(p, a, 20, 200, 100000);
    plateau(p, a, 30, 290, 102000);
    plateau(p, a, 600, 400, 1500000);
    plateau(p, a, 40, 60, 660000);
    plateau(p, a, 40, 60, 660000);
    plateau(p, a, 10, 100, 100000);
    /* The overload itself is one; that it became slower by hand is a change. */
    assert_int_equal(anomalies_found(a, ANOMALY_QUEUE), 1);
    while (anomalies_at(a, i)->kind != ANOMALY_QUEUE) {
        i++;
    }
    x = anomalies_at(a, i);
    assert_true(fabs(x->u.queue.load_from - 30) < 0.5);
    assert_true(fabs(x->u.queue.load_to - 600) < 0.5);
    assert_int_equal(x->start_us, from + 36 * SEC);
    assert_int_equal(x->end_us, from + 48 * SEC);
    anomalies_free(&a);
    plateaus_free(&p);
}

static void short_empty_and_constant_runs_say_nothing(void **state)
{
    struct world w;

    (void)state;
    world_open(&w, 2);
    anomalies_end(w.a);
    assert_int_equal(anomalies_count(w.a), 0);
    w.s.rate = 0;
    w.s.in_flight = 0;
    run(&w, 120);
    w.s.rate = 10;
    run(&w, 0.1); /* a request or two */
    w.s.rate = 0;
    w.s.in_flight = 5;
    run(&w, 120);
    anomalies_end(w.a);
    assert_int_equal(anomalies_count(w.a), 0);
    world_close(&w);
    world_open(&w, 2);
    w.s.sigma = w.s.noise_sd = 0;
    w.s.even = true;
    run(&w, 300);
    anomalies_end(w.a);
    assert_int_equal(anomalies_count(w.a), 0);
    world_close(&w);
    world_open(&w, 2);
    w.s.fail[0] = 1;
    run(&w, 300);
    anomalies_end(w.a);
    assert_int_equal(anomalies_count(w.a), 0);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stall_is_found_while_it_lasts),
        cmocka_unit_test(chance_makes_no_stalls),
        cmocka_unit_test(what_is_slow_anyway_does_not_stall),
        cmocka_unit_test(stalls_do_not_hide_each_other),
        cmocka_unit_test(with_nothing_in_flight_or_no_load_nothing_stalls),
        cmocka_unit_test(too_many_are_counted),
        cmocka_unit_test(a_crash_and_a_restart_are_told),
        cmocka_unit_test(a_bucket_is_measured),
        cmocka_unit_test(a_window_is_measured),
        cmocka_unit_test(a_limit_that_is_no_longer_felt_is_over),
        cmocka_unit_test(no_beat_takes_a_limit_long),
        cmocka_unit_test(a_few_429_are_no_limit),
        cmocka_unit_test(errors_begin_at_one_request),
        cmocka_unit_test(errors_that_come_in_bursts_begin_with_the_first),
        cmocka_unit_test(errors_everywhere_begin_at_none),
        cmocka_unit_test(a_cache_makes_two_humps),
        cmocka_unit_test(a_change_makes_no_humps),
        cmocka_unit_test(a_queue_is_told_with_where_it_began),
        cmocka_unit_test(a_queue_begins_where_the_most_is_done),
        cmocka_unit_test(a_queue_after_one_great_step_is_told),
        cmocka_unit_test(a_rate_that_is_not_done_waits),
        cmocka_unit_test(what_follows_an_overload_is_no_queue),
        cmocka_unit_test(short_empty_and_constant_runs_say_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
