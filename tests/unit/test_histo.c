/* SPDX-License-Identifier: MIT
 *
 * test_histo - the histogram against sorted arrays of the same values. */
#include "config.h"

#include "measure/histo.h"

#include <malloc.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/xalloc.h"
#include "measure/histo_internal.h"

#define MANY 3000

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* Values of very different sizes: each magnitude is as likely as another. */
static uint64_t any_value(struct rng *r, unsigned bits_max)
{
    uint64_t bits = rng_range(r, 0, bits_max);

    return bits == 0 ? 0 : rng_next(r) >> (64 - bits);
}

static void assert_same(const struct histo *a, const struct histo *b)
{
    struct histo_sparse x, y;

    histo_to_sparse(a, &x);
    histo_to_sparse(b, &y);
    assert_int_equal(x.n, y.n);
    if (x.n > 0) {
        assert_memory_equal(x.pairs, y.pairs, x.n * sizeof *x.pairs);
    }
    assert_int_equal(x.count, y.count);
    assert_int_equal(x.sum, y.sum);
    assert_int_equal(x.min, y.min);
    assert_int_equal(x.max, y.max);
    assert_int_equal(x.overflow, y.overflow);
    histo_sparse_clear(&x);
    histo_sparse_clear(&y);
}

static void buckets_cover_all_values_without_gap_or_overlap(void **state)
{
    uint32_t b;

    (void)state;
    assert_int_equal(histo_bucket_low(0), 0);
    for (b = 0; b + 1 < HISTO_BUCKETS; b++) {
        assert_int_equal(histo_bucket_high(b) + 1, histo_bucket_low(b + 1));
        assert_int_equal(histo_bucket(histo_bucket_low(b)), b);
        assert_int_equal(histo_bucket(histo_bucket_high(b)), b);
    }
    assert_int_equal(histo_bucket_high(HISTO_BUCKETS - 1), HISTO_VALUE_MAX);
    assert_int_equal(histo_bucket(UINT64_MAX), HISTO_BUCKETS - 1);
}

static void a_bucket_is_at_most_a_1024th_of_its_value_wide(void **state)
{
    uint32_t b;

    (void)state;
    for (b = 0; b < HISTO_BUCKETS; b++) {
        uint64_t low = histo_bucket_low(b), high = histo_bucket_high(b);

        assert_true((high - low) * 1024 <= low);
    }
}

static void values_below_2048_are_kept_exactly(void **state)
{
    struct histo *h = histo_new();
    uint64_t v;

    (void)state;
    for (v = 0; v < 2048; v++) {
        histo_record(h, v);
    }
    for (v = 0; v < 2048; v++) {
        assert_int_equal(histo_percentile(h, 100.0 * (double)(v + 1) / 2048),
                         v);
    }
    histo_free(&h);
}

static void an_empty_one_answers_zero(void **state)
{
    struct histo *h = histo_new();
    struct histo_sparse s;

    (void)state;
    assert_int_equal(histo_count(h), 0);
    assert_int_equal(histo_sum(h), 0);
    assert_int_equal(histo_min(h), 0);
    assert_int_equal(histo_max(h), 0);
    assert_int_equal(histo_percentile(h, 95), 0);
    assert_true(histo_mean(h) == 0);
    histo_to_sparse(h, &s);
    assert_int_equal(s.n, 0);
    assert_null(s.pairs);
    assert_int_equal(s.count, 0);
    histo_free(&h);
    assert_null(h);
    histo_free(&h);
}

/* The contract's definition, on the sorted values themselves. */
static uint64_t true_percentile(const uint64_t *sorted, size_t n,
                                unsigned mille)
{
    size_t rank = (n * mille + 999) / 1000;

    return sorted[rank == 0 ? 0 : rank - 1];
}

static void percentiles_are_within_a_thousandth_of_the_true_ones(void **state)
{
    static const unsigned milles[] = {0,   1,   10,  250, 500, 750,
                                      900, 950, 990, 999, 1000};
    struct rng r;
    uint64_t v[MANY];
    int round;

    (void)state;
    rng_seed(&r, 11, 0);
    for (round = 0; round < 40; round++) {
        size_t n = (size_t)rng_range(&r, 1, MANY), i;
        struct histo *h = histo_new(), *again = histo_new();
        struct histo_sparse s;

        for (i = 0; i < n; i++) {
            v[i] = any_value(&r, 40);
            histo_record(h, v[i]);
        }
        histo_to_sparse(h, &s);
        histo_add_sparse(again, &s);
        qsort(v, n, sizeof v[0], by_value);
        assert_int_equal(histo_min(h), v[0]);
        assert_int_equal(histo_max(h), v[n - 1]);
        for (i = 0; i < sizeof milles / sizeof milles[0]; i++) {
            double want = (double)true_percentile(v, n, milles[i]);
            double got = (double)histo_percentile(h, milles[i] / 10.0);

            assert_true(fabs(got - want) <= want / 1000);
            assert_int_equal(histo_percentile(again, milles[i] / 10.0),
                             histo_percentile(h, milles[i] / 10.0));
        }
        histo_sparse_clear(&s);
        histo_free(&again);
        histo_free(&h);
    }
}

static void the_first_and_the_last_rank_are_exact(void **state)
{
    struct histo *h = histo_new();

    (void)state;
    histo_record(h, 1234567);
    histo_record(h, 5000001);
    histo_record(h, 98765432);
    assert_int_equal(histo_percentile(h, 0), 1234567);
    assert_int_equal(histo_percentile(h, -5), 1234567);
    assert_int_equal(histo_percentile(h, 100), 98765432);
    assert_int_equal(histo_percentile(h, 200), 98765432);
    assert_int_equal(histo_percentile(h, 95), 98765432);
    histo_free(&h);
}

static void whole_ranks_are_not_rounded_up_by_binary_fractions(void **state)
{
    (void)state;
    assert_int_equal(histo_rank(95, 100), 95);
    assert_int_equal(histo_rank(99.9, 1000), 999);
    assert_int_equal(histo_rank(99.99, 10000), 9999);
    assert_int_equal(histo_rank(7, 100), 7);
    assert_int_equal(histo_rank(55, 100), 55);
    assert_int_equal(histo_rank(29, 100), 29);
    assert_int_equal(histo_rank(50, 3), 2);
    assert_int_equal(histo_rank(95, 101), 96);
    assert_int_equal(histo_rank(0, 5), 1);
    assert_int_equal(histo_rank(100, 5), 5);
}

static void sum_and_mean_are_exact(void **state)
{
    struct histo *h = histo_new();
    struct rng r;
    uint64_t sum = 0;
    int i;

    (void)state;
    rng_seed(&r, 12, 0);
    for (i = 0; i < MANY; i++) {
        uint64_t v = any_value(&r, 40);

        histo_record(h, v);
        sum += v;
    }
    assert_int_equal(histo_sum(h), sum);
    assert_true(histo_mean(h) == (double)sum / MANY);
    histo_free(&h);
}

static void a_sum_that_does_not_fit_stays_at_the_top(void **state)
{
    struct histo *h = histo_new();

    (void)state;
    histo_record_n(h, HISTO_VALUE_MAX, UINT64_C(1) << 30);
    histo_record(h, 5);
    assert_int_equal(histo_sum(h), UINT64_MAX);
    assert_int_equal(histo_count(h), (UINT64_C(1) << 30) + 1);
    histo_free(&h);
}

static void a_value_above_the_maximum_is_counted_not_lost(void **state)
{
    struct histo *h = histo_new(), *other = histo_new();
    struct histo_sparse s;

    (void)state;
    histo_record(h, HISTO_VALUE_MAX);
    histo_record(h, HISTO_VALUE_MAX + 1);
    histo_record(h, UINT64_MAX);
    histo_record_n(h, UINT64_MAX, 2);
    assert_int_equal(histo_count(h), 5);
    assert_int_equal(histo_overflow(h), 4);
    assert_int_equal(histo_max(h), HISTO_VALUE_MAX);
    histo_to_sparse(h, &s);
    histo_add_sparse(other, &s);
    assert_same(h, other);
    histo_record(other, UINT64_MAX);
    histo_sub_sparse(other, &s);
    assert_int_equal(histo_count(other), 1);
    assert_int_equal(histo_overflow(other), 1);
    histo_sparse_clear(&s);
    histo_free(&h);
    histo_free(&other);
}

static void n_times_a_value_is_that_value_n_times(void **state)
{
    struct histo *a = histo_new(), *b = histo_new();
    int i;

    (void)state;
    histo_record_n(a, 123456, 7);
    histo_record_n(a, 99, 0);
    for (i = 0; i < 7; i++) {
        histo_record(b, 123456);
    }
    assert_same(a, b);
    histo_free(&a);
    histo_free(&b);
}

static void merging_many_is_the_same_as_recording_into_one(void **state)
{
    struct histo *parts[5], *merged = histo_new(), *one = histo_new();
    struct rng r;
    int i;

    (void)state;
    rng_seed(&r, 13, 0);
    for (i = 0; i < 5; i++) {
        parts[i] = histo_new();
    }
    for (i = 0; i < MANY; i++) {
        uint64_t v = any_value(&r, 42);

        histo_record(one, v);
        histo_record(parts[rng_range(&r, 0, 3)], v);
    }
    for (i = 0; i < 5; i++) { /* the last one is empty */
        histo_merge(merged, parts[i]);
        histo_free(&parts[i]);
    }
    assert_same(merged, one);
    histo_free(&merged);
    histo_free(&one);
}

static void merged_percentiles_are_not_averaged_ones(void **state)
{
    /* Four quick servers and a slow one, 1,000 requests each: the p99 of all
     * is the slow one's p95, far above the mean of the five p99s. */
    static const struct {
        uint64_t usual, tail; /* of 1,000: 980 usual, 20 tail */
    } server[] = {{10, 20}, {10, 20}, {10, 20}, {10, 20}, {900, 920}};
    struct histo *all = histo_new();
    uint64_t p99_sum = 0;
    size_t i;

    (void)state;
    for (i = 0; i < 5; i++) {
        struct histo *h = histo_new();

        histo_record_n(h, server[i].usual, 980);
        histo_record_n(h, server[i].tail, 20);
        p99_sum += histo_percentile(h, 99);
        histo_merge(all, h);
        histo_free(&h);
    }
    assert_int_equal(p99_sum / 5, 200);
    assert_int_equal(histo_percentile(all, 99), 900);
    histo_free(&all);
}

static void a_cleared_one_is_as_new_whatever_it_held(void **state)
{
    struct histo *h = histo_new(), *fresh = histo_new();
    struct rng r;
    size_t bytes;
    int i;

    (void)state;
    rng_seed(&r, 14, 0);
    for (i = 0; i < MANY; i++) {
        histo_record(h, any_value(&r, 41));
    }
    bytes = histo_bytes(h);
    histo_clear(h);
    assert_same(h, fresh);
    for (i = 0; i < 50; i++) {
        uint64_t v = any_value(&r, 41);

        histo_record(h, v);
        histo_record(fresh, v);
    }
    assert_same(h, fresh);
    assert_int_equal(histo_bytes(h), bytes);
    histo_free(&h);
    histo_free(&fresh);
}

static void values_above_a_limit_are_counted_to_the_bucket(void **state)
{
    struct histo *h = histo_new();

    (void)state;
    histo_record_n(h, 100, 3);
    histo_record_n(h, 101, 4);
    histo_record_n(h, 2000000, 5);
    histo_record(h, UINT64_MAX);
    assert_int_equal(histo_count_above(h, 0), 13);
    assert_int_equal(histo_count_above(h, 100), 10);
    assert_int_equal(histo_count_above(h, 101), 6);
    assert_int_equal(histo_count_above(h, 1990000), 6);
    assert_int_equal(histo_count_above(h, 2010000), 1);
    assert_int_equal(histo_count_above(h, UINT64_MAX), 1);
    histo_free(&h);
}

static void a_percentile_needs_so_many_samples(void **state)
{
    (void)state;
    assert_int_equal(histo_samples_needed(95), 72);
    assert_int_equal(histo_samples_needed(99), 368);
    assert_int_equal(histo_samples_needed(5), 72);
    assert_int_equal(histo_samples_needed(50), 6);
    assert_int_equal(histo_samples_needed(90), 36);
    assert_int_equal(histo_samples_needed(100), 1);
    assert_int_equal(histo_samples_needed(0), 1);
}

static void memory_grows_with_the_octaves_touched_alone(void **state)
{
    struct histo *h = histo_new();
    struct rng r;
    size_t after;
    int i;

    (void)state;
    rng_seed(&r, 17, 0);
    for (i = 0; i < 100000; i++) {
        histo_record(h, rng_range(&r, 1024, 4095)); /* two octaves */
    }
    after = histo_bytes(h);
    for (i = 0; i < 100000; i++) {
        histo_record(h, rng_range(&r, 1024, 4095));
    }
    assert_int_equal(histo_bytes(h), after);
    assert_true(after < 25000);
    histo_free(&h);
}

/* What a tick frees has to fit the next one's: sizes are few, and at most a
 * quarter is unused. */
static void pairs_come_in_few_sizes(void **state)
{
    size_t last = 0, sizes = 0;
    uint32_t n;

    (void)state;
    assert_null(histo_pairs_new(0));
    for (n = 1; n <= 4096; n++) {
        struct histo_pair *p = histo_pairs_new(n);
        size_t bytes = malloc_usable_size(p);

        assert_true(bytes >= n * sizeof *p);
        assert_true(n < 64 || bytes <= n * sizeof *p * 5 / 4 + 256);
        memset(p, 1, n * sizeof *p);
        sizes += bytes != last;
        last = bytes;
        free(p);
    }
    assert_true(sizes <= 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buckets_cover_all_values_without_gap_or_overlap),
        cmocka_unit_test(a_bucket_is_at_most_a_1024th_of_its_value_wide),
        cmocka_unit_test(values_below_2048_are_kept_exactly),
        cmocka_unit_test(an_empty_one_answers_zero),
        cmocka_unit_test(percentiles_are_within_a_thousandth_of_the_true_ones),
        cmocka_unit_test(the_first_and_the_last_rank_are_exact),
        cmocka_unit_test(whole_ranks_are_not_rounded_up_by_binary_fractions),
        cmocka_unit_test(sum_and_mean_are_exact),
        cmocka_unit_test(a_sum_that_does_not_fit_stays_at_the_top),
        cmocka_unit_test(a_value_above_the_maximum_is_counted_not_lost),
        cmocka_unit_test(n_times_a_value_is_that_value_n_times),
        cmocka_unit_test(merging_many_is_the_same_as_recording_into_one),
        cmocka_unit_test(merged_percentiles_are_not_averaged_ones),
        cmocka_unit_test(a_cleared_one_is_as_new_whatever_it_held),
        cmocka_unit_test(values_above_a_limit_are_counted_to_the_bucket),
        cmocka_unit_test(a_percentile_needs_so_many_samples),
        cmocka_unit_test(pairs_come_in_few_sizes),
        cmocka_unit_test(memory_grows_with_the_octaves_touched_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
