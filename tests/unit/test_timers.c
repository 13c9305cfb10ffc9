/* SPDX-License-Identifier: MIT
 *
 * test_timers - order, moving and ending of the heap of due times. */
#include "config.h"

#include "load/timers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/xalloc.h"

#define MANY 2000

struct world {
    struct timers *h;
    int order[MANY]; /* which fired, in order */
    size_t n;
    uint64_t late[MANY];
    size_t n_late;
};

struct ball {
    struct timer t;
    struct world *w;
    int id;
    mono_us again;      /* arms itself anew for this time; 0 = not */
    struct ball *stop;  /* disarms this one; NULL = none */
    struct ball *start; /* arms this one for start_due */
    mono_us start_due;
};

static void ball_fire(void *ctx, mono_us now)
{
    struct ball *b = ctx;

    (void)now;
    b->w->order[b->w->n++] = b->id;
    if (b->again != 0) {
        timers_arm(b->w->h, &b->t, b->again);
    }
    if (b->stop != NULL) {
        timers_disarm(b->w->h, &b->stop->t);
    }
    if (b->start != NULL) {
        timers_arm(b->w->h, &b->start->t, b->start_due);
    }
}

static void ball_init(struct ball *b, struct world *w, int id)
{
    *b = (struct ball){.w = w, .id = id};
    b->t.fire = ball_fire;
    b->t.ctx = b;
}

static void world_late(void *ctx, uint64_t us)
{
    struct world *w = ctx;

    w->late[w->n_late++] = us;
}

static int world_setup(void **state)
{
    struct world *w = xcalloc(1, sizeof *w);

    w->h = timers_new();
    *state = w;
    return 0;
}

static int world_teardown(void **state)
{
    struct world *w = *state;

    timers_free(&w->h);
    free(w);
    return 0;
}

static void an_empty_heap_has_no_next(void **state)
{
    struct world *w = *state;

    assert_true(timers_next(w->h) == UINT64_MAX);
    timers_run(w->h, UINT64_MAX, NULL, NULL);
    assert_int_equal(w->n, 0);
}

static void timers_fire_in_order_of_due_whatever_happens_between(void **state)
{
    struct world *w = *state;
    struct ball *balls = xcalloc(MANY, sizeof *balls);
    mono_us *due = xcalloc(MANY, sizeof *due);
    bool *armed = xcalloc(MANY, sizeof *armed);
    size_t n_armed = 0;
    struct rng r;

    rng_seed(&r, 7, 1);
    for (int i = 0; i < MANY; i++) {
        ball_init(&balls[i], w, i);
    }
    for (int step = 0; step < 20 * MANY; step++) {
        size_t i = (size_t)rng_range(&r, 0, MANY - 1);

        if (rng_range(&r, 0, 3) == 0) {
            timers_disarm(w->h, &balls[i].t);
            armed[i] = false;
        } else {
            due[i] = rng_range(&r, 0, 500);
            timers_arm(w->h, &balls[i].t, due[i]);
            armed[i] = true;
        }
    }
    for (int i = 0; i < MANY; i++) {
        n_armed += armed[i];
        assert_int_equal(balls[i].t.place != 0, armed[i]);
    }
    for (mono_us now = 0; now <= 500; now += 10) {
        timers_run(w->h, now, NULL, NULL);
        assert_true(timers_next(w->h) > now);
        if (w->n > 0) {
            assert_true(due[w->order[w->n - 1]] <= now);
        }
    }
    assert_int_equal(w->n, n_armed);
    for (size_t i = 0; i < w->n; i++) {
        assert_true(armed[w->order[i]]);
        assert_int_equal(balls[w->order[i]].t.place, 0);
        if (i > 0) {
            assert_true(due[w->order[i - 1]] <= due[w->order[i]]);
        }
    }
    free(balls);
    free(due);
    free(armed);
}

static void equal_due_times_fire_in_the_order_of_arming(void **state)
{
    struct world *w = *state;
    struct ball balls[50];

    for (int i = 0; i < 50; i++) {
        ball_init(&balls[i], w, i);
        timers_arm(w->h, &balls[i].t, 5);
    }
    timers_run(w->h, 5, NULL, NULL);
    assert_int_equal(w->n, 50);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(w->order[i], i);
    }
}

static void
a_timer_armed_from_inside_for_the_past_waits_for_the_next_run(void **state)
{
    struct world *w = *state;
    struct ball a, b;

    ball_init(&a, w, 1);
    ball_init(&b, w, 2);
    a.again = 1;
    timers_arm(w->h, &a.t, 10);
    timers_arm(w->h, &b.t, 20);
    timers_run(w->h, 30, NULL, NULL);
    assert_int_equal(w->n, 2);
    assert_int_equal(w->order[0], 1);
    assert_int_equal(w->order[1], 2);
    assert_int_equal(timers_next(w->h), 30);
    timers_run(w->h, 30, NULL, NULL);
    assert_int_equal(w->n, 3);
    assert_int_equal(w->order[2], 1);
    timers_disarm(w->h, &a.t);
}

static void a_timer_armed_from_inside_for_later_fires_when_due(void **state)
{
    struct world *w = *state;
    struct ball a, b;

    ball_init(&a, w, 1);
    ball_init(&b, w, 2);
    a.start = &b;
    a.start_due = 40;
    timers_arm(w->h, &a.t, 10);
    timers_run(w->h, 30, NULL, NULL);
    assert_int_equal(timers_next(w->h), 40);
    timers_run(w->h, 40, NULL, NULL);
    assert_int_equal(w->n, 2);
}

static void
a_timer_disarmed_by_another_of_the_same_run_does_not_fire(void **state)
{
    struct world *w = *state;
    struct ball a, b, c;

    ball_init(&a, w, 1);
    ball_init(&b, w, 2);
    ball_init(&c, w, 3);
    a.stop = &b;
    timers_arm(w->h, &a.t, 1);
    timers_arm(w->h, &b.t, 2);
    timers_arm(w->h, &c.t, 3);
    timers_run(w->h, 9, NULL, NULL);
    assert_int_equal(w->n, 2);
    assert_int_equal(w->order[1], 3);
    timers_disarm(w->h, &b.t);
    assert_true(timers_next(w->h) == UINT64_MAX);
}

static void lateness_is_told_for_each_timer(void **state)
{
    struct world *w = *state;
    struct ball a, b;

    ball_init(&a, w, 1);
    ball_init(&b, w, 2);
    timers_arm(w->h, &a.t, 100);
    timers_arm(w->h, &b.t, 130);
    timers_run(w->h, 150, world_late, w);
    assert_int_equal(w->n_late, 2);
    assert_int_equal(w->late[0], 50);
    assert_int_equal(w->late[1], 20);
}

static void freeing_the_heap_disarms_what_waits(void **state)
{
    struct world *w = *state;
    struct ball a;

    ball_init(&a, w, 1);
    timers_arm(w->h, &a.t, 100);
    timers_free(&w->h);
    assert_null(w->h);
    assert_int_equal(a.t.place, 0);
    timers_free(&w->h);
}

#define WORLD_TEST(f)                                                          \
    cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(an_empty_heap_has_no_next),
        WORLD_TEST(timers_fire_in_order_of_due_whatever_happens_between),
        WORLD_TEST(equal_due_times_fire_in_the_order_of_arming),
        WORLD_TEST(
            a_timer_armed_from_inside_for_the_past_waits_for_the_next_run),
        WORLD_TEST(a_timer_armed_from_inside_for_later_fires_when_due),
        WORLD_TEST(a_timer_disarmed_by_another_of_the_same_run_does_not_fire),
        WORLD_TEST(lateness_is_told_for_each_timer),
        WORLD_TEST(freeing_the_heap_disarms_what_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
