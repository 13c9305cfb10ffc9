/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/fifo.h"
#include "base/rng.h"

/* This exercises: memory that is let go in the order in which it was taken. */

static void pieces_are_apart_and_aligned(void **state)
{
    struct fifo *f = fifo_new();
    unsigned char *p[300];
    size_t i, k;

    (void)state;
    for (i = 0; i < 300; i++) {
        p[i] = fifo_take(f, i * 7);
        assert_non_null(p[i]);
        assert_int_equal((uintptr_t)p[i] % _Alignof(max_align_t), 0);
        memset(p[i], (int)(i % 251), i * 7);
    }
    for (i = 0; i < 300; i++) {
        for (k = 0; k < i * 7; k++) {
            assert_int_equal(p[i][k], i % 251);
        }
        fifo_let_go(f, p[i]);
    }
    fifo_let_go(f, NULL);
    fifo_free(&f);
    assert_null(f);
    fifo_free(&f);
}

static void what_is_reserved_is_used_first(void **state)
{
    struct fifo *f = fifo_new();
    size_t had, i;

    (void)state;
    fifo_reserve(f, 5 * FIFO_SEGMENT_BYTES - 1);
    had = fifo_bytes(f);
    assert_int_equal(had, 5 * FIFO_SEGMENT_BYTES);
    for (i = 0; i < 5 * 15; i++) {
        memset(fifo_take(f, 4096), 1, 4096);
    }
    assert_int_equal(fifo_bytes(f), had);
    (void)fifo_take(f, 4096);
    assert_int_equal(fifo_bytes(f), had + FIFO_SEGMENT_BYTES);
    fifo_free(&f);
}

/* A window of a hundred pages of any size, for a long time. */
static void a_window_that_moves_on_takes_no_more(void **state)
{
    struct fifo *f = fifo_new();
    void *page[100] = {NULL};
    size_t most = 0, i;
    struct rng dice;

    (void)state;
    rng_seed(&dice, 5, 0);
    for (i = 0; i < 20000; i++) {
        fifo_let_go(f, page[i % 100]);
        page[i % 100] = fifo_take(f, rng_range(&dice, 2000, 4000));
        if (i == 2000) {
            most = fifo_bytes(f);
        }
    }
    assert_in_range(most, 100 * 3000, 100 * 4000 + 2 * FIFO_SEGMENT_BYTES);
    assert_in_range(fifo_bytes(f), most, most + FIFO_SEGMENT_BYTES);
    fifo_free(&f);
}

static void any_order_will_do(void **state)
{
    struct fifo *f = fifo_new();
    void *p[40];
    size_t i, most;

    (void)state;
    for (i = 0; i < 40; i++) {
        p[i] = fifo_take(f, FIFO_SEGMENT_BYTES / 4);
    }
    most = fifo_bytes(f);
    for (i = 0; i < 40; i++) {
        fifo_let_go(f, p[i * 7 % 40]);
    }
    for (i = 0; i < 40; i++) {
        p[i] = fifo_take(f, FIFO_SEGMENT_BYTES / 4);
    }
    assert_int_equal(fifo_bytes(f), most);
    fifo_free(&f);
}

static void what_is_larger_than_a_segment_is_given_back(void **state)
{
    struct fifo *f = fifo_new();
    char *small = fifo_take(f, 10), *large, *next;
    size_t before = fifo_bytes(f);

    (void)state;
    large = fifo_take(f, 3 * FIFO_SEGMENT_BYTES);
    memset(large, 1, 3 * FIFO_SEGMENT_BYTES);
    assert_true(fifo_bytes(f) > before + 3 * FIFO_SEGMENT_BYTES);
    next = fifo_take(f, 10);
    memset(next, 2, 10);
    fifo_let_go(f, large);
    assert_true(fifo_bytes(f) <= before + FIFO_SEGMENT_BYTES);
    fifo_let_go(f, small);
    fifo_let_go(f, next);
    assert_int_equal(next[9], 2);
    fifo_free(&f);
}

/* As a page of many series has it: two small ones, and one that is larger than
 * a segment. */
static void small_ones_between_large_ones_fill_their_segments(void **state)
{
    const size_t large = FIFO_SEGMENT_BYTES + 5000;
    struct fifo *f = fifo_new();
    void *p[100][3];
    size_t i, k;

    (void)state;
    for (i = 0; i < 100; i++) {
        p[i][0] = fifo_take(f, 10);
        p[i][1] = fifo_take(f, 20);
        p[i][2] = fifo_take(f, large);
        memset(p[i][2], 3, large);
    }
    assert_true(fifo_bytes(f) < 100 * (large + 200) + FIFO_SEGMENT_BYTES);
    for (i = 0; i < 100; i++) {
        for (k = 0; k < 3; k++) {
            fifo_let_go(f, p[i][k]);
        }
    }
    assert_int_equal(fifo_bytes(f), FIFO_SEGMENT_BYTES);
    fifo_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_apart_and_aligned),
        cmocka_unit_test(what_is_reserved_is_used_first),
        cmocka_unit_test(a_window_that_moves_on_takes_no_more),
        cmocka_unit_test(any_order_will_do),
        cmocka_unit_test(what_is_larger_than_a_segment_is_given_back),
        cmocka_unit_test(small_ones_between_large_ones_fill_their_segments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
