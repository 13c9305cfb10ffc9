/* SPDX-License-Identifier: MIT
 *
 * test_tap - a tap has every sample of its shards once and in order; what does
 * not fit is counted, and nothing else is lost. */
#include "config.h"

#include "measure/tap.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "support/manual_clk.h"
#include "support/mini_plan.h"

struct world {
    struct mini_plan mini;
    struct manual_clk clk;
    struct taps *taps;
    struct tap *tap;
    struct shard *shard;
};

static struct world w;

static int world_up(void **state)
{
    (void)state;
    mini_plan_init(&w.mini);
    manual_clk_init(&w.clk, 1000);
    w.taps = taps_new(&w.clk.clk);
    w.tap = taps_add(w.taps);
    w.shard = shard_new(&w.mini.plan);
    shard_set_tap(w.shard, w.tap);
    return 0;
}

static int world_down(void **state)
{
    (void)state;
    shard_free(&w.shard);
    taps_free(&w.taps);
    assert_null(w.taps);
    return 0;
}

static struct tap_entry next(enum tap_kind kind, unsigned index)
{
    struct tap_entry e;

    assert_true(taps_take(w.taps, &e));
    assert_int_equal(e.kind, kind);
    assert_int_equal(e.index, index);
    return e;
}

static void every_kind_of_sample_is_there(void **state)
{
    struct sample x = {.request = 2, .status = 200, .duration = 1500};
    struct tap_entry e;

    (void)state;
    shard_request(w.shard, &x);
    w.clk.now = 2000;
    shard_check(w.shard, 0, 1, true);
    shard_trend(w.shard, MINI_TIME, 1, 2500);
    shard_rate(w.shard, MINI_ERRORS, 1, true);
    shard_count(w.shard, MINI_CHIMES, 0, 2.5);
    shard_iteration(w.shard, 0, 77);
    shard_dropped(w.shard, 0, 0); /* none */
    shard_dropped(w.shard, 0, 3);
    e = next(TAP_REQUEST, 2);
    assert_int_equal(e.at, 1000);
    assert_int_equal(e.is.sample.duration, 1500);
    assert_int_equal(tap_points(&e), 11);
    e.is.sample.intended = 1;
    assert_int_equal(tap_points(&e), 12);
    e.is.sample.failure = FAILURE_REFUSED;
    assert_int_equal(tap_points(&e), 4);
    e = next(TAP_CHECK, 1);
    assert_int_equal(e.at, 2000);
    assert_true(e.is.hit);
    assert_int_equal(next(TAP_TREND, 1).is.n, 2500);
    assert_true(next(TAP_RATE, 1).is.hit);
    assert_true(next(TAP_COUNT, 0).is.value == 2.5);
    e = next(TAP_ITERATION, 0);
    assert_int_equal(e.is.n, 77);
    assert_int_equal(tap_points(&e), 2);
    assert_int_equal(next(TAP_DROPPED, 0).is.n, 3);
    assert_false(taps_take(w.taps, &e));
    assert_int_equal(taps_lost(w.taps), 0);
    /* Nobody wants them. */
    shard_set_tap(w.shard, NULL);
    shard_request(w.shard, &x);
    assert_false(taps_take(w.taps, &e));
}

static void what_does_not_fit_is_counted_once(void **state)
{
    struct tap_entry e;
    unsigned i;

    (void)state;
    for (i = 0; i < TAP_ENTRIES + 5; i++) {
        shard_iteration(w.shard, 0, i);
    }
    assert_int_equal(taps_lost(w.taps), 10);
    assert_int_equal(taps_lost(w.taps), 0);
    assert_int_equal(next(TAP_ITERATION, 0).is.n, 0);
    shard_iteration(w.shard, 0, 4711);
    for (i = 1; i < TAP_ENTRIES; i++) {
        assert_int_equal(next(TAP_ITERATION, 0).is.n, i);
    }
    assert_int_equal(next(TAP_ITERATION, 0).is.n, 4711);
    assert_false(taps_take(w.taps, &e));
}

#define EACH 300000u

struct filler {
    struct tap *tap;
    unsigned index;
};

static void *fill(void *ctx)
{
    const struct filler *f = ctx;
    unsigned i;

    for (i = 0; i < EACH; i++) {
        tap_put(f->tap, &(struct tap_entry){.kind = TAP_DROPPED,
                                            .index = f->index,
                                            .is.n = i + 1});
    }
    return NULL;
}

/* Two workers at full speed: what is read and what is lost is all there was,
 * and each one's samples come in order. */
static void threads_lose_nothing_unseen(void **state)
{
    struct filler fillers[2] = {{w.tap, 0}, {taps_add(w.taps), 1}};
    uint64_t seen = 0, lost = 0, last[2] = {0, 0};
    pthread_t threads[2];
    struct tap_entry e;
    unsigned i;

    (void)state;
    for (i = 0; i < 2; i++) {
        MUST(pthread_create(&threads[i], NULL, fill, &fillers[i]) == 0);
    }
    while (seen + lost < 2 * EACH) {
        lost += taps_lost(w.taps);
        if (taps_take(w.taps, &e)) {
            assert_true(e.index < 2 && e.is.n > last[e.index]);
            last[e.index] = e.is.n;
            seen++;
        }
    }
    for (i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(seen + lost + taps_lost(w.taps), 2 * EACH);
    assert_false(taps_take(w.taps, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_kind_of_sample_is_there, world_up,
                                        world_down),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_counted_once,
                                        world_up, world_down),
        cmocka_unit_test_setup_teardown(threads_lose_nothing_unseen, world_up,
                                        world_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
