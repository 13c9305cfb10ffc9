/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/gapless.h"
#include "support/manual_clk.h"

static uint64_t used; /* CPU time of the process, as the tests have it */

static uint64_t cpu_of_the_test(void)
{
    return used;
}

struct bench {
    struct manual_clk hand;
    struct gapless *g;
};

static void bench_init(struct bench *b)
{
    used = 0;
    manual_clk_init(&b->hand, 5 * US_PER_SEC);
    b->g = gapless_new(&b->hand.clk, cpu_of_the_test);
}

static mono_us bench_now(struct bench *b)
{
    return clk_now(gapless_clk(b->g));
}

/* Time goes by, and somebody looks every 10 ms. */
static void bench_pass(struct bench *b, uint64_t us)
{
    for (uint64_t i = 0; i < us; i += 10 * US_PER_MS) {
        b->hand.now += 10 * US_PER_MS;
        bench_now(b);
    }
}

static void it_goes_as_the_base_does(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b);
    assert_int_equal(bench_now(&b), 5 * US_PER_SEC);
    bench_pass(&b, 7 * US_PER_SEC);
    assert_int_equal(bench_now(&b), 12 * US_PER_SEC);
    b.hand.now += GAPLESS_US / 2;
    assert_int_equal(bench_now(&b), 12 * US_PER_SEC + GAPLESS_US / 2);
    assert_int_equal(gapless_total_us(b.g), 0);
    gapless_free(&b.g);
    assert_null(b.g);
}

static void a_process_that_was_stopped_missed_nothing(void **state)
{
    struct bench b;
    mono_us before, after;

    (void)state;
    bench_init(&b);
    bench_pass(&b, US_PER_SEC);
    before = bench_now(&b);
    b.hand.now += 8 * US_PER_SEC;
    after = bench_now(&b);
    assert_true(after >= before);
    assert_true(after - before <= 20 * US_PER_MS);
    assert_true(gapless_total_us(b.g) >= 8 * US_PER_SEC - 20 * US_PER_MS);
    assert_true(gapless_total_us(b.g) <= 8 * US_PER_SEC);
    assert_int_equal(after + gapless_total_us(b.g), b.hand.now);
    bench_pass(&b, US_PER_SEC);
    assert_int_equal(bench_now(&b), after + US_PER_SEC);
    gapless_free(&b.g);
}

static void a_process_that_worked_was_late_and_made_no_gap(void **state)
{
    struct bench b;
    mono_us before;

    (void)state;
    bench_init(&b);
    before = bench_now(&b);
    used += 2 * US_PER_SEC;
    b.hand.now += 3 * US_PER_SEC;
    assert_int_equal(bench_now(&b), before + 3 * US_PER_SEC);
    assert_int_equal(gapless_total_us(b.g), 0);
    gapless_free(&b.g);
}

static void a_stop_that_was_announced_is_exact(void **state)
{
    struct bench b;
    mono_us before, standing;

    (void)state;
    bench_init(&b);
    before = bench_now(&b);
    gapless_stand(b.g);
    standing = bench_now(&b);
    assert_true(standing >= before && standing - before <= US_PER_MS);
    b.hand.now += 300 * US_PER_MS;
    assert_int_equal(bench_now(&b), standing);
    gapless_stand(b.g); /* it does already */
    b.hand.now += 60 * US_PER_SEC;
    assert_int_equal(bench_now(&b), standing);
    gapless_go(b.g);
    assert_int_equal(bench_now(&b), standing);
    assert_int_equal(standing + gapless_total_us(b.g), b.hand.now);
    gapless_go(b.g); /* it does already */
    b.hand.now += 7;
    assert_int_equal(bench_now(&b), standing + 7);
    gapless_free(&b.g);
}

static struct bench *looker;
static mono_us seen_going;

/* Somebody looks while it is made to go on. */
static uint64_t cpu_and_a_look(void)
{
    if (looker != NULL) {
        seen_going = bench_now(looker);
    }
    return used;
}

static void time_does_not_go_back_while_it_is_made_to_go(void **state)
{
    struct bench b;
    mono_us standing;

    (void)state;
    used = 0;
    manual_clk_init(&b.hand, 5 * US_PER_SEC);
    b.g = gapless_new(&b.hand.clk, cpu_and_a_look);
    gapless_stand(b.g);
    standing = bench_now(&b);
    b.hand.now += 60 * US_PER_SEC;
    looker = &b;
    gapless_go(b.g);
    looker = NULL;
    assert_int_equal(seen_going, standing);
    assert_int_equal(bench_now(&b), standing);
    gapless_free(&b.g);
}

/* A base that stops the process between two looks of one reading. */
struct stopper {
    struct clk clk;
    struct gapless *g;
    mono_us now;
    bool stop;
};

static mono_us stopper_base(void *ctx)
{
    struct stopper *s = ctx;

    if (s->stop) {
        s->stop = false;
        gapless_stand(s->g);
        s->now += 60 * US_PER_SEC;
    }
    return s->now;
}

static void
who_looks_while_it_is_made_to_stand_makes_no_second_gap(void **state)
{
    struct stopper s = {.now = 5 * US_PER_SEC};
    mono_us before, standing;

    (void)state;
    used = 0;
    s.clk = (struct clk){stopper_base, &s};
    s.g = gapless_new(&s.clk, cpu_of_the_test);
    before = clk_now(gapless_clk(s.g));
    s.stop = true;
    standing = clk_now(gapless_clk(s.g));
    assert_true(standing >= before && standing - before <= US_PER_MS);
    assert_int_equal(gapless_total_us(s.g), 0);
    gapless_go(s.g);
    assert_int_equal(clk_now(gapless_clk(s.g)), standing);
    assert_int_equal(standing + gapless_total_us(s.g), s.now);
    gapless_free(&s.g);
}

/* Readers in threads while the base jumps: none sees time go back, and each
 * jump is one gap, whoever comes first. */
#define READERS 4
#define JUMPS   200

struct crowd {
    _Atomic mono_us base;
    struct clk clk;
    struct gapless *g;
    atomic_bool stop;
    atomic_uint went_back;
};

static mono_us crowd_base(void *ctx)
{
    struct crowd *c = ctx;

    return atomic_load(&c->base);
}

static void *crowd_reader(void *arg)
{
    struct crowd *c = arg;
    mono_us last = 0;

    while (!atomic_load(&c->stop)) {
        mono_us now = clk_now(gapless_clk(c->g));

        if (now < last) {
            atomic_fetch_add(&c->went_back, 1);
        }
        last = now;
    }
    return NULL;
}

static void nobody_sees_it_go_back_and_no_gap_counts_twice(void **state)
{
    struct crowd c = {.base = US_PER_SEC};
    pthread_t readers[READERS];

    (void)state;
    used = 0;
    c.clk = (struct clk){crowd_base, &c};
    c.g = gapless_new(&c.clk, cpu_of_the_test);
    for (int i = 0; i < READERS; i++) {
        assert_int_equal(pthread_create(&readers[i], NULL, crowd_reader, &c),
                         0);
    }
    for (uint64_t i = 1; i <= JUMPS; i++) {
        uint64_t least = i * (10 * US_PER_SEC - 20 * US_PER_MS);

        atomic_fetch_add(&c.base, 10 * US_PER_SEC);
        while (gapless_total_us(c.g) < least) {
            (void)clk_now(gapless_clk(c.g));
        }
        assert_true(gapless_total_us(c.g) <= i * 10 * US_PER_SEC);
    }
    atomic_store(&c.stop, true);
    for (int i = 0; i < READERS; i++) {
        pthread_join(readers[i], NULL);
    }
    assert_int_equal(atomic_load(&c.went_back), 0);
    gapless_free(&c.g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_goes_as_the_base_does),
        cmocka_unit_test(a_process_that_was_stopped_missed_nothing),
        cmocka_unit_test(a_process_that_worked_was_late_and_made_no_gap),
        cmocka_unit_test(a_stop_that_was_announced_is_exact),
        cmocka_unit_test(time_does_not_go_back_while_it_is_made_to_go),
        cmocka_unit_test(
            who_looks_while_it_is_made_to_stand_makes_no_second_gap),
        cmocka_unit_test(nobody_sees_it_go_back_and_no_gap_counts_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
