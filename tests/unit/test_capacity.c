/* SPDX-License-Identifier: MIT
 *
 * The target's capacity on a clock turned by hand; and, with the defaults of
 * model.def, what the users of the Vi plan meet. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/rng.h"
#include "target/capacity.h"
#include "target/model.h"
#include "target/service.h"
#include "support/users.h"

#define JOBS 64

struct shop {
    struct capacity *c;
    struct clk clk;
    mono_us now;
    struct capacity_job jobs[JOBS];
};

static mono_us shop_clock(void *ctx)
{
    return *(mono_us *)ctx;
}

static struct capacity_spec shop_spec(void)
{
    struct capacity_spec spec = {.places = 2,
                                 .service_us = 1000,
                                 .queue = 3,
                                 .wait_limit_us = 5000000,
                                 .seed = 7};

    return spec;
}

static void shop_open(struct shop *s, struct capacity_spec spec)
{
    memset(s, 0, sizeof *s);
    s->clk.now = shop_clock;
    s->clk.ctx = &s->now;
    s->now = 1000000;
    s->c = capacity_new(&spec, &s->clk);
    for (int i = 0; i < JOBS; i++) {
        s->jobs[i].owner = &s->jobs[i];
    }
}

/* Job i comes; is it taken in? */
static bool shop_admit(struct shop *s, int i)
{
    return capacity_admit(s->c, &s->jobs[i]);
}

/* The next news must be this about job i. */
static void shop_expect(struct shop *s, enum capacity_news what, int i)
{
    enum capacity_news news;
    struct capacity_job *job = capacity_news(s->c, &news);

    assert_ptr_equal(job, &s->jobs[i]);
    assert_int_equal(news, what);
}

static void shop_expect_nothing(struct shop *s)
{
    enum capacity_news news;

    assert_null(capacity_news(s->c, &news));
}

static void a_job_with_a_free_place_is_served_for_the_service_time(void **state)
{
    struct shop s;

    (void)state;
    shop_open(&s, shop_spec());
    assert_true(capacity_due(s.c) == UINT64_MAX);
    assert_true(shop_admit(&s, 0));
    assert_true(capacity_due(s.c) <= s.now);
    shop_expect(&s, CAPACITY_STARTED, 0);
    assert_int_equal(s.jobs[0].service_us, 1000);
    assert_int_equal(capacity_due(s.c), s.now + 1000);
    s.now += 999;
    shop_expect_nothing(&s);
    s.now += 1;
    shop_expect(&s, CAPACITY_DONE, 0);
    assert_int_equal(s.jobs[0].state, CAPACITY_IDLE);
    shop_expect_nothing(&s);
    capacity_free(&s.c);
}

static void those_who_wait_are_called_up_in_their_order(void **state)
{
    struct shop s;

    (void)state;
    shop_open(&s, shop_spec());
    for (int i = 0; i < 2; i++) {
        assert_true(shop_admit(&s, i));
        shop_expect(&s, CAPACITY_STARTED, i);
    }
    assert_true(shop_admit(&s, 2));
    s.now += 10;
    assert_true(shop_admit(&s, 3));
    shop_expect_nothing(&s);
    assert_int_equal(capacity_waiting(s.c), 2);
    s.now += 990;
    shop_expect(&s, CAPACITY_DONE, 0);
    shop_expect(&s, CAPACITY_DONE, 1);
    shop_expect(&s, CAPACITY_STARTED, 2);
    shop_expect(&s, CAPACITY_STARTED, 3);
    assert_int_equal(capacity_waiting(s.c), 0);
    assert_int_equal(capacity_served(s.c), 2);
    capacity_free(&s.c);
}

static void a_full_queue_turns_away_at_once(void **state)
{
    struct shop s;

    (void)state;
    shop_open(&s, shop_spec());
    for (int i = 0; i < 2; i++) {
        assert_true(shop_admit(&s, i));
        shop_expect(&s, CAPACITY_STARTED, i);
    }
    for (int i = 2; i < 5; i++) {
        assert_true(shop_admit(&s, i));
    }
    assert_false(shop_admit(&s, 5));
    assert_int_equal(s.jobs[5].state, CAPACITY_IDLE);
    s.now += 1000;
    shop_expect(&s, CAPACITY_DONE, 0);
    shop_expect(&s, CAPACITY_DONE, 1);
    shop_expect(&s, CAPACITY_STARTED, 2);
    assert_true(shop_admit(&s, 5));
    capacity_free(&s.c);
}

static void without_a_queue_only_the_places_count(void **state)
{
    struct capacity_spec spec = shop_spec();
    struct shop s;

    (void)state;
    spec.queue = 0;
    shop_open(&s, spec);
    for (int i = 0; i < 2; i++) {
        assert_true(shop_admit(&s, i));
        shop_expect(&s, CAPACITY_STARTED, i);
    }
    assert_false(shop_admit(&s, 2));
    capacity_free(&s.c);
}

static void whoever_has_waited_to_the_limit_is_turned_away(void **state)
{
    struct capacity_spec spec = shop_spec();
    struct shop s;

    (void)state;
    spec.service_us = 60000000;
    shop_open(&s, spec);
    for (int i = 0; i < 2; i++) {
        assert_true(shop_admit(&s, i));
        shop_expect(&s, CAPACITY_STARTED, i);
    }
    assert_true(shop_admit(&s, 2));
    s.now += 100;
    assert_true(shop_admit(&s, 3));
    assert_int_equal(capacity_due(s.c), s.now - 100 + 5000000);
    s.now += 4999900;
    shop_expect(&s, CAPACITY_EXPIRED, 2);
    shop_expect_nothing(&s);
    s.now += 100;
    shop_expect(&s, CAPACITY_EXPIRED, 3);
    assert_int_equal(capacity_waiting(s.c), 0);
    capacity_free(&s.c);
}

static void an_outage_starts_nobody_and_lets_them_wait(void **state)
{
    struct shop s;

    (void)state;
    shop_open(&s, shop_spec());
    assert_true(shop_admit(&s, 0));
    shop_expect(&s, CAPACITY_STARTED, 0);
    capacity_set_down(s.c, true);
    assert_true(shop_admit(&s, 1));
    shop_expect_nothing(&s);
    s.now += 1000;
    shop_expect(&s, CAPACITY_DONE, 0);
    shop_expect_nothing(&s);
    assert_true(shop_admit(&s, 2));
    s.now += 4999000;
    shop_expect(&s, CAPACITY_EXPIRED, 1);
    shop_expect_nothing(&s);
    capacity_set_down(s.c, false);
    shop_expect(&s, CAPACITY_STARTED, 2);
    capacity_free(&s.c);
}

static void who_leaves_frees_the_place_or_the_turn(void **state)
{
    struct shop s;

    (void)state;
    shop_open(&s, shop_spec());
    for (int i = 0; i < 2; i++) {
        assert_true(shop_admit(&s, i));
        shop_expect(&s, CAPACITY_STARTED, i);
    }
    for (int i = 2; i < 5; i++) {
        assert_true(shop_admit(&s, i));
    }
    capacity_leave(s.c, &s.jobs[3]);
    capacity_leave(s.c, &s.jobs[0]);
    capacity_leave(s.c, &s.jobs[0]);
    shop_expect(&s, CAPACITY_STARTED, 2);
    shop_expect_nothing(&s);
    capacity_leave(s.c, &s.jobs[2]);
    shop_expect(&s, CAPACITY_STARTED, 4);
    assert_int_equal(capacity_waiting(s.c), 0);
    capacity_free(&s.c);
}

static void service_times_have_the_mean_that_was_asked_for(void **state)
{
    struct capacity_spec spec = shop_spec();
    struct shop s;
    double sum = 0;
    uint64_t least = UINT64_MAX;
    uint64_t most = 0;

    (void)state;
    spec.service_us = 80000;
    spec.spread = 0.25;
    shop_open(&s, spec);
    for (int i = 0; i < 20000; i++) {
        uint64_t us;

        assert_true(shop_admit(&s, 0));
        shop_expect(&s, CAPACITY_STARTED, 0);
        us = s.jobs[0].service_us;
        sum += (double)us;
        least = us < least ? us : least;
        most = us > most ? us : most;
        capacity_leave(s.c, &s.jobs[0]);
    }
    assert_true(sum / 20000 > 79000 && sum / 20000 < 81000);
    assert_true(least < 50000 && most > 130000);
    capacity_free(&s.c);
}

static void the_same_seed_gives_the_same_times(void **state)
{
    struct capacity_spec spec = shop_spec();
    struct shop a;
    struct shop b;

    (void)state;
    spec.spread = 0.5;
    shop_open(&a, spec);
    shop_open(&b, spec);
    for (int i = 0; i < 100; i++) {
        assert_true(shop_admit(&a, 0) && shop_admit(&b, 0));
        shop_expect(&a, CAPACITY_STARTED, 0);
        shop_expect(&b, CAPACITY_STARTED, 0);
        assert_int_equal(a.jobs[0].service_us, b.jobs[0].service_us);
        capacity_leave(a.c, &a.jobs[0]);
        capacity_leave(b.c, &b.jobs[0]);
    }
    capacity_free(&a.c);
    capacity_free(&b.c);
}

/* One place, a queue of 20, all of them waiting: full pull. */
static void shop_open_strained(struct shop *s)
{
    struct capacity_spec spec = shop_spec();

    spec.places = 1;
    spec.queue = 20;
    spec.degrade = 0.75;
    spec.service_us = 1000;
    spec.wait_limit_us = 3600000000;
    spec.recovery_us = 8000000;
    shop_open(s, spec);
    capacity_set_down(s->c, true);
    for (int i = 0; i < 20; i++) {
        assert_true(shop_admit(s, i));
    }
}

static void strain_comes_in_a_quarter_of_the_time_that_it_goes(void **state)
{
    struct shop s;

    (void)state;
    shop_open_strained(&s);
    assert_true(capacity_strain(s.c) == 0);
    s.now += 1000000;
    assert_true(capacity_strain(s.c) > 0.49 && capacity_strain(s.c) < 0.51);
    s.now += 1000000;
    assert_true(capacity_strain(s.c) > 0.999);
    for (int i = 0; i < 20; i++) {
        capacity_leave(s.c, &s.jobs[i]);
    }
    s.now += 4000000;
    assert_true(capacity_strain(s.c) > 0.49 && capacity_strain(s.c) < 0.51);
    s.now += 4000000;
    assert_true(capacity_strain(s.c) < 0.001);
    capacity_free(&s.c);
}

static void under_full_strain_a_job_takes_longer_by_what_is_lost(void **state)
{
    struct shop s;

    (void)state;
    shop_open_strained(&s);
    s.now += 3000000;
    capacity_set_down(s.c, false);
    shop_expect(&s, CAPACITY_STARTED, 0);
    assert_int_equal(s.jobs[0].service_us, 4000);
    capacity_free(&s.c);
}

static void a_short_queue_strains_nobody(void **state)
{
    struct shop s;

    (void)state;
    shop_open_strained(&s);
    for (int i = 1; i < 20; i++) {
        capacity_leave(s.c, &s.jobs[i]);
    }
    s.now += 60000000;
    assert_true(capacity_strain(s.c) == 0);
    capacity_free(&s.c);
}

/* Any order of coming, leaving and time: everyone who came in comes out once,
 * and no more are served or wait than may. */
static void whoever_comes_in_comes_out_once(void **state)
{
    struct capacity_spec spec = shop_spec();
    struct rng r;
    struct shop s;
    size_t in = 0;
    size_t out = 0;

    (void)state;
    spec.queue = 10;
    spec.spread = 0.5;
    spec.degrade = 0.5;
    spec.recovery_us = 5000;
    spec.wait_limit_us = 3000;
    shop_open(&s, spec);
    rng_seed(&r, 5, 0);
    for (int i = 0; i < 50000; i++) {
        struct capacity_job *job = &s.jobs[rng_range(&r, 0, JOBS - 1)];
        enum capacity_news news;

        if (job->state != CAPACITY_IDLE && rng_range(&r, 0, 9) == 0) {
            capacity_leave(s.c, job);
            out++;
        } else if (job->state == CAPACITY_IDLE && capacity_admit(s.c, job)) {
            in++;
        }
        s.now += rng_range(&r, 0, 300);
        capacity_set_down(s.c, rng_range(&r, 0, 99) == 0);
        while (capacity_news(s.c, &news) != NULL) {
            out += news != CAPACITY_STARTED ? 1 : 0;
        }
        assert_true(capacity_served(s.c) <= 2 && capacity_waiting(s.c) <= 10);
        assert_int_equal(in,
                         out + capacity_served(s.c) + capacity_waiting(s.c));
        assert_true(capacity_due(s.c) > s.now);
    }
    assert_true(in > 10000);
    capacity_free(&s.c);
}

static struct users *vi_users(uint64_t seed)
{
    struct target_model m;
    struct capacity_spec spec;

    target_model_init(&m);
    m.seed = seed;
    spec = service_capacity(&m);
    return users_new(&spec, 1.0);
}

static void fifty_users_are_served_well(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct users *u = vi_users(seed);
        struct users_seen seen;

        users_ramp(u, 120, 50);
        users_take(u);
        users_ramp(u, 600, 50);
        seen = users_take(u);
        assert_true(seen.p95_ms < 1000);
        assert_true(seen.errors == 0);
        assert_true(seen.per_second > 45);
        users_free(&u);
    }
}

static void hundred_users_wait_five_seconds_and_some_in_vain(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct users *u = vi_users(seed);
        struct users_seen seen;

        users_ramp(u, 120, 100);
        users_take(u);
        users_ramp(u, 300, 100);
        seen = users_take(u);
        assert_true(seen.p95_ms > 5000);
        assert_true(seen.errors > 0.05 && seen.errors < 0.10);
        assert_int_equal(seen.at_once, 0);
        users_free(&u);
    }
}

/* The stress scenario's ramp from 50 to 100 in two minutes: up to which number
 * of users was p95 below 3 s? */
static unsigned vi_breaks_at(uint64_t seed)
{
    struct users *u = vi_users(seed);
    unsigned n = 50;
    double p95 = 0;

    users_ramp(u, 60, n);
    users_ramp(u, 300, n);
    while (p95 < 3000 && n < 100) {
        n += 2;
        users_take(u);
        users_ramp(u, 4.8, n);
        p95 = users_take(u).p95_ms;
    }
    users_free(&u);
    return n;
}

static void the_stress_ramp_breaks_it_between_fifty_and_eighty(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        unsigned n = vi_breaks_at(seed);

        assert_true(n > 55 && n < 80);
    }
}

static void after_the_spike_it_recovers_within_thirty_seconds(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct users *u = vi_users(seed);
        struct users_seen before;
        struct users_seen spike;
        struct users_seen after;

        users_ramp(u, 30, 10);
        users_take(u);
        users_ramp(u, 60, 10);
        before = users_take(u);
        users_ramp(u, 10, 100);
        users_ramp(u, 60, 100);
        spike = users_take(u);
        assert_true(spike.p95_ms > 5000 && spike.errors > 0.01);
        users_ramp(u, 30, 10);
        assert_true(users_strain(u) > 0.2);
        users_ramp(u, 15, 10);
        users_take(u);
        users_ramp(u, 30, 10);
        after = users_take(u);
        assert_true(after.p95_ms < before.p95_ms * 1.2);
        assert_true(after.errors == 0);
        users_free(&u);
    }
}

/* Overload does not outlive its cause: no need to go down to nothing. */
static void back_at_fifty_users_it_recovers_too(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct users *u = vi_users(seed);

        users_ramp(u, 60, 100);
        users_ramp(u, 120, 100);
        users_ramp(u, 1, 50);
        users_ramp(u, 60, 50);
        users_take(u);
        users_ramp(u, 60, 50);
        assert_true(users_take(u).p95_ms < 1000);
        users_free(&u);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_job_with_a_free_place_is_served_for_the_service_time),
        cmocka_unit_test(those_who_wait_are_called_up_in_their_order),
        cmocka_unit_test(a_full_queue_turns_away_at_once),
        cmocka_unit_test(without_a_queue_only_the_places_count),
        cmocka_unit_test(whoever_has_waited_to_the_limit_is_turned_away),
        cmocka_unit_test(an_outage_starts_nobody_and_lets_them_wait),
        cmocka_unit_test(who_leaves_frees_the_place_or_the_turn),
        cmocka_unit_test(service_times_have_the_mean_that_was_asked_for),
        cmocka_unit_test(the_same_seed_gives_the_same_times),
        cmocka_unit_test(strain_comes_in_a_quarter_of_the_time_that_it_goes),
        cmocka_unit_test(under_full_strain_a_job_takes_longer_by_what_is_lost),
        cmocka_unit_test(a_short_queue_strains_nobody),
        cmocka_unit_test(whoever_comes_in_comes_out_once),
        cmocka_unit_test(fifty_users_are_served_well),
        cmocka_unit_test(hundred_users_wait_five_seconds_and_some_in_vain),
        cmocka_unit_test(the_stress_ramp_breaks_it_between_fifty_and_eighty),
        cmocka_unit_test(after_the_spike_it_recovers_within_thirty_seconds),
        cmocka_unit_test(back_at_fifty_users_it_recovers_too),
    };

    return cmocka_run_group_tests_name("capacity", tests, NULL, NULL);
}
