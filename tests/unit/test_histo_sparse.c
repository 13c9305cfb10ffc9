/* SPDX-License-Identifier: MIT
 *
 * test_histo_sparse - the compact form: there and back, and out again. */
#include "config.h"

#include "measure/histo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/xalloc.h"

#define MANY 3000

/* Values of very different sizes: each magnitude is as likely as another. */
static uint64_t any_value(struct rng *r, unsigned bits_max)
{
    uint64_t bits = rng_range(r, 0, bits_max);

    return bits == 0 ? 0 : rng_next(r) >> (64 - bits);
}

static void assert_same_sparse(const struct histo_sparse *x,
                               const struct histo_sparse *y)
{
    assert_int_equal(x->n, y->n);
    if (x->n > 0) {
        assert_memory_equal(x->pairs, y->pairs, x->n * sizeof *x->pairs);
    }
    assert_int_equal(x->count, y->count);
    assert_int_equal(x->sum, y->sum);
    assert_int_equal(x->min, y->min);
    assert_int_equal(x->max, y->max);
    assert_int_equal(x->overflow, y->overflow);
}

static void assert_same(const struct histo *a, const struct histo *b)
{
    struct histo_sparse x, y;

    histo_to_sparse(a, &x);
    histo_to_sparse(b, &y);
    assert_same_sparse(&x, &y);
    histo_sparse_clear(&x);
    histo_sparse_clear(&y);
}

static void a_sparse_copy_comes_back_whole(void **state)
{
    struct histo *h = histo_new(), *back = histo_new();
    struct histo_sparse s;
    struct rng r;
    uint32_t k;
    int i;

    (void)state;
    rng_seed(&r, 15, 0);
    for (i = 0; i < MANY; i++) {
        histo_record(h, any_value(&r, 40));
    }
    histo_to_sparse(h, &s);
    for (k = 1; k < s.n; k++) {
        assert_true(s.pairs[k - 1].bucket < s.pairs[k].bucket);
    }
    histo_add_sparse(back, &s);
    assert_same(h, back);
    histo_sparse_clear(&s);
    assert_null(s.pairs);
    histo_free(&h);
    histo_free(&back);
}

static void a_bucket_beyond_16_bits_is_split_in_a_sparse_copy(void **state)
{
    struct histo *h = histo_new(), *back = histo_new();
    struct histo_sparse s;
    uint64_t n = 2 * (uint64_t)HISTO_PAIR_MAX + 5;

    (void)state;
    histo_record_n(h, 3, n);
    histo_to_sparse(h, &s);
    assert_int_equal(s.n, 3);
    assert_int_equal(s.pairs[0].bucket, 3);
    assert_int_equal(s.pairs[2].bucket, 3);
    assert_int_equal(s.count, n);
    histo_add_sparse(back, &s);
    assert_same(h, back);
    histo_sparse_clear(&s);
    histo_free(&h);
    histo_free(&back);
}

static void taking_out_what_was_added_leaves_the_rest(void **state)
{
    struct histo *rest = histo_new(), *sum = histo_new(), *h = histo_new();
    struct histo_sparse s, left, want;
    struct rng r;
    int i;

    (void)state;
    rng_seed(&r, 16, 0);
    for (i = 0; i < MANY; i++) {
        uint64_t v = any_value(&r, 40);

        histo_record(i % 3 == 0 ? rest : h, v);
        histo_record(sum, v);
    }
    histo_to_sparse(h, &s);
    histo_sub_sparse(sum, &s);
    histo_to_sparse(sum, &left);
    histo_to_sparse(rest, &want);
    assert_int_equal(left.n, want.n);
    assert_memory_equal(left.pairs, want.pairs, want.n * sizeof *want.pairs);
    assert_int_equal(left.count, want.count);
    assert_int_equal(left.sum, want.sum);
    assert_int_equal(histo_bucket(left.min), histo_bucket(want.min));
    assert_int_equal(histo_bucket(left.max), histo_bucket(want.max));
    histo_sub_sparse(sum, &want);
    histo_clear(rest);
    assert_same(sum, rest);
    histo_sparse_clear(&s);
    histo_sparse_clear(&left);
    histo_sparse_clear(&want);
    histo_free(&rest);
    histo_free(&sum);
    histo_free(&h);
}

static void
extremes_follow_to_the_bucket_as_values_leave_one_by_one(void **state)
{
    uint64_t v[64];
    struct histo *h = histo_new();
    struct histo_sparse s[64];
    struct rng r;
    size_t i, k;

    (void)state;
    rng_seed(&r, 18, 0);
    for (i = 0; i < 64; i++) {
        struct histo *one = histo_new();

        v[i] = rng_range(&r, 1000000, 1003000); /* in few buckets */
        histo_record(one, v[i]);
        histo_to_sparse(one, &s[i]);
        histo_add_sparse(h, &s[i]);
        histo_free(&one);
    }
    for (i = 0; i < 63; i++) {
        uint64_t min = UINT64_MAX, max = 0;

        histo_sub_sparse(h, &s[i]);
        for (k = i + 1; k < 64; k++) {
            min = v[k] < min ? v[k] : min;
            max = v[k] > max ? v[k] : max;
        }
        assert_int_equal(histo_bucket(histo_min(h)), histo_bucket(min));
        assert_int_equal(histo_bucket(histo_max(h)), histo_bucket(max));
    }
    for (i = 0; i < 64; i++) {
        histo_sparse_clear(&s[i]);
    }
    histo_free(&h);
}

static void extremes_that_stay_are_still_exact_after_taking_out(void **state)
{
    struct histo *h = histo_new(), *middle = histo_new();
    struct histo_sparse s;

    (void)state;
    histo_record(middle, 500001);
    histo_to_sparse(middle, &s);
    histo_record(h, 100001);
    histo_record(h, 900001);
    histo_add_sparse(h, &s);
    histo_sub_sparse(h, &s);
    assert_int_equal(histo_min(h), 100001);
    assert_int_equal(histo_max(h), 900001);
    histo_sparse_clear(&s);
    histo_free(&h);
    histo_free(&middle);
}

static void merging_in_the_sparse_form_is_merging(void **state)
{
    struct rng r;
    int round, i;

    (void)state;
    rng_seed(&r, 19, 0);
    for (round = 0; round < 50; round++) {
        struct histo *a = histo_new(), *b = histo_new();
        struct histo_sparse x, y, want;

        for (i = (int)rng_range(&r, 0, 300); i > 0; i--) {
            histo_record(a, any_value(&r, 41));
        }
        for (i = (int)rng_range(&r, 0, 30) * 10; i > 0; i--) {
            histo_record(b, any_value(&r, 41));
        }
        histo_to_sparse(a, &x);
        histo_to_sparse(b, &y);
        histo_merge(a, b);
        histo_to_sparse(a, &want);
        histo_sparse_merge(&x, &y);
        assert_same_sparse(&x, &want);
        histo_sparse_clear(&x);
        histo_sparse_clear(&y);
        histo_sparse_clear(&want);
        histo_free(&a);
        histo_free(&b);
    }
}

static void a_merged_bucket_beyond_16_bits_stays_split(void **state)
{
    struct histo *h = histo_new(), *back = histo_new();
    struct histo_sparse x, y;

    (void)state;
    histo_record_n(h, 3, HISTO_PAIR_MAX);
    histo_to_sparse(h, &x);
    histo_to_sparse(h, &y);
    histo_sparse_merge(&x, &y);
    assert_int_equal(x.n, 2);
    assert_int_equal(x.count, 2 * (uint64_t)HISTO_PAIR_MAX);
    histo_add_sparse(back, &x);
    histo_merge(h, h);
    assert_same(h, back);
    histo_sparse_clear(&x);
    histo_sparse_clear(&y);
    histo_free(&h);
    histo_free(&back);
}

static void what_is_packed_comes_out_again(void **state)
{
    struct rng r;
    int round, i;

    (void)state;
    rng_seed(&r, 11, 0);
    for (round = 0; round < 200; round++) {
        struct histo *h = histo_new(), *back = histo_new();
        struct histo_packed p;
        uint8_t *bytes;
        double q;

        for (i = (int)rng_range(&r, 0, 400); i > 0; i--) {
            histo_record_n(h, any_value(&r, 41),
                           round % 3 == 0 ? any_value(&r, 40) : 1);
        }
        bytes = xmalloc(histo_packed_size(h) + 1);
        bytes[histo_packed_size(h)] = 0xa5;
        histo_pack(h, bytes, &p);
        assert_int_equal(p.size, histo_packed_size(h));
        assert_int_equal(bytes[p.size], 0xa5);
        histo_add_packed(back, &p);
        assert_same(h, back);
        assert_int_equal(p.overflow, histo_overflow(h));
        for (q = 0; q <= 100; q += 12.5) {
            assert_int_equal(histo_packed_percentile(&p, q),
                             histo_percentile(h, q));
        }
        free(bytes);
        histo_free(&h);
        histo_free(&back);
    }
}

/* A window slides over packed histograms: what it has is what one made anew of
 * the same ones has, extremes to the bucket. */
static void packed_ones_go_out_as_they_came_in(void **state)
{
    enum { SLOTS = 200, WINDOW = 10 };
    struct histo *window = histo_new(), *one = histo_new(), *anew = histo_new();
    struct histo_packed p[SLOTS];
    uint8_t *bytes[SLOTS];
    struct rng r;
    int i, k;

    (void)state;
    rng_seed(&r, 12, 0);
    for (i = 0; i < SLOTS; i++) {
        histo_clear(one);
        /* Some are empty, and for a while all are. */
        for (k = i / 30 % 3 == 2 ? 0 : (int)rng_range(&r, 0, 30); k > 0; k--) {
            histo_record(one, any_value(&r, 41));
        }
        bytes[i] = xmalloc(histo_packed_size(one) + 1);
        histo_pack(one, bytes[i], &p[i]);
        histo_add_packed(window, &p[i]);
        if (i >= WINDOW) {
            histo_sub_packed(window, &p[i - WINDOW]);
        }
        histo_clear(anew);
        for (k = i >= WINDOW ? i - WINDOW + 1 : 0; k <= i; k++) {
            histo_add_packed(anew, &p[k]);
        }
        assert_int_equal(histo_count(window), histo_count(anew));
        assert_int_equal(histo_sum(window), histo_sum(anew));
        assert_int_equal(histo_overflow(window), histo_overflow(anew));
        for (k = 0; k <= 20; k++) {
            assert_int_equal(histo_bucket(histo_percentile(window, 5 * k)),
                             histo_bucket(histo_percentile(anew, 5 * k)));
        }
    }
    for (i = 0; i < SLOTS; i++) {
        free(bytes[i]);
    }
    histo_free(&window);
    histo_free(&one);
    histo_free(&anew);
}

/* What histo_sparse_values gives, put together again. */
struct given {
    struct histo *h;
    uint64_t last;
};

static void give(void *ctx, uint64_t value, uint64_t n)
{
    struct given *g = ctx;

    assert_true(n > 0);
    assert_true(value >= g->last);
    g->last = value;
    histo_record_n(g->h, value, n);
}

static void values_are_those_of_the_buckets_and_add_up_to_the_sum(void **state)
{
    struct rng r;
    unsigned round;

    (void)state;
    rng_seed(&r, 5, 1);
    for (round = 0; round < 400; round++) {
        struct histo *h = histo_new();
        struct given g = {histo_new(), 0};
        struct histo_sparse s, back;
        uint64_t n = rng_range(&r, 0, 300), i;

        for (i = 0; i < n; i++) {
            uint64_t v = any_value(&r, 38);

            /* More of one than a pair holds, now and then. */
            histo_record_n(h, v, i % 50 == 7 ? 70000 : 1);
        }
        histo_to_sparse(h, &s);
        histo_sparse_values(&s, give, &g);
        histo_to_sparse(g.h, &back);
        assert_same_sparse(&s, &back);
        histo_sparse_clear(&s);
        histo_sparse_clear(&back);
        histo_free(&h);
        histo_free(&g.h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sparse_copy_comes_back_whole),
        cmocka_unit_test(a_bucket_beyond_16_bits_is_split_in_a_sparse_copy),
        cmocka_unit_test(taking_out_what_was_added_leaves_the_rest),
        cmocka_unit_test(
            extremes_follow_to_the_bucket_as_values_leave_one_by_one),
        cmocka_unit_test(extremes_that_stay_are_still_exact_after_taking_out),
        cmocka_unit_test(merging_in_the_sparse_form_is_merging),
        cmocka_unit_test(a_merged_bucket_beyond_16_bits_stays_split),
        cmocka_unit_test(what_is_packed_comes_out_again),
        cmocka_unit_test(packed_ones_go_out_as_they_came_in),
        cmocka_unit_test(values_are_those_of_the_buckets_and_add_up_to_the_sum),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
