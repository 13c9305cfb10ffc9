/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/rw_native.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"

/* This exercises: native histograms: counts, sums and zeros are exact, and the
 * compact form gives every bucket back. */

/* Index of a bucket in an array that has all of them. */
#define AT(index) ((size_t)((index) + 400))

/* Each bucket's count, as a receiver makes it of the compact form. */
static void unfold(const struct rw_native *n, uint64_t counts[800])
{
    size_t s, k, d = 0;
    int64_t count = 0;
    int32_t index = 0;

    memset(counts, 0, 800 * sizeof *counts);
    for (s = 0; s < n->n_spans; s++) {
        assert_true(s == 0 || n->spans[s].offset > 0);
        index += n->spans[s].offset;
        for (k = 0; k < n->spans[s].length; k++) {
            assert_true(d < n->n_deltas);
            count += n->deltas[d++];
            assert_true(count > 0);
            counts[AT(index++)] = (uint64_t)count;
        }
    }
    assert_int_equal(d, n->n_deltas);
}

static void what_is_unfolded_is_what_was_recorded(void **state)
{
    struct histo *h = histo_new();
    struct rng r;
    unsigned round;

    (void)state;
    rng_seed(&r, 7, 1);
    for (round = 0; round < 200; round++) {
        double scale = round % 2 == 0 ? 1e-6 : 1e-3, sum = 0;
        uint64_t want[800] = {0}, got[800], zeros = 0, i, n;
        struct histo_sparse s;
        struct rw_native native;

        histo_clear(h);
        n = rng_range(&r, 0, 300);
        for (i = 0; i < n; i++) {
            /* Below 2048 each value has a bucket of its own. */
            uint64_t v = rng_range(&r, 0, round % 3 == 0 ? 2047 : 40);
            uint64_t times = i % 40 == 3 ? 100000 : 1;

            histo_record_n(h, v, times);
            sum += (double)(v * times) * scale;
            if (v == 0) {
                zeros += times;
            } else {
                want[AT(exponential_bucket((double)v * scale))] += times;
            }
        }
        histo_to_sparse(h, &s);
        rw_native_of(&native, &s, scale);
        assert_int_equal(native.count, histo_count(h));
        assert_int_equal(native.zero, zeros);
        assert_true(fabs(native.sum - sum) <= 1e-9 * (1 + sum));
        unfold(&native, got);
        assert_memory_equal(got, want, sizeof got);
        histo_sparse_clear(&s);
    }
    histo_free(&h);
}

/* Wide values: to a bucket's width of ours. */
static void any_value_is_in_its_bucket_or_at_its_bound(void **state)
{
    struct rng r;
    unsigned i;

    (void)state;
    rng_seed(&r, 8, 1);
    for (i = 0; i < 2000; i++) {
        uint64_t v = rng_range(&r, 1, UINT64_C(1) << rng_range(&r, 1, 39));
        struct histo *h = histo_new();
        struct histo_sparse s;
        struct rw_native n;
        double upper;

        histo_record(h, v);
        histo_to_sparse(h, &s);
        rw_native_of(&n, &s, 1e-6);
        assert_int_equal(n.n_spans, 1);
        upper = exp2(n.spans[0].offset / 8.0);
        assert_true((double)v * 1e-6 <= upper * (1 + 1e-9));
        assert_true((double)v * 1e-6 > upper * exp2(-1 / 8.0) * (1 - 1e-9));
        histo_sparse_clear(&s);
        histo_free(&h);
    }
}

static void every_bucket_at_once_has_room(void **state)
{
    struct histo *h = histo_new();
    struct rw_native n;
    struct histo_sparse s;
    double v;

    (void)state;
    for (v = 1; v <= (double)HISTO_VALUE_MAX; v *= 1.01) {
        histo_record(h, (uint64_t)v);
    }
    histo_record(h, HISTO_VALUE_MAX);
    histo_record(h, UINT64_MAX);
    histo_to_sparse(h, &s);
    rw_native_of(&n, &s, 1e-6);
    assert_true(n.n_deltas > 300 && n.n_deltas <= EXPONENTIAL_BUCKETS);
    rw_native_of(&n, &s, 1e-3);
    assert_true(n.n_deltas > 300 && n.n_deltas <= EXPONENTIAL_BUCKETS);
    histo_sparse_clear(&s);
    histo_free(&h);
}

static void an_empty_one_is_empty(void **state)
{
    struct histo_sparse s = {.n = 0};
    struct rw_native n;

    (void)state;
    rw_native_of(&n, &s, 1e-6);
    assert_int_equal(n.count, 0);
    assert_int_equal(n.n_spans, 0);
    assert_int_equal(n.n_deltas, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_unfolded_is_what_was_recorded),
        cmocka_unit_test(any_value_is_in_its_bucket_or_at_its_bound),
        cmocka_unit_test(every_bucket_at_once_has_room),
        cmocka_unit_test(an_empty_one_is_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
