/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"

static void the_sequence_is_that_of_the_published_generator(void **state)
{
    /* First outputs of the reference xoshiro256** from the state 1 2 3 4. */
    static const uint64_t expected[] = {
        11520U,
        0U,
        1509978240U,
        1215971899390074240U,
        1216172134540287360U,
        607988272756665600U,
    };
    struct rng r = {{1, 2, 3, 4}};

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_true(rng_next(&r) == expected[i]);
    }
}

static void the_same_seed_repeats_and_another_does_not(void **state)
{
    struct rng a;
    struct rng b;
    struct rng c;
    struct rng d;
    unsigned same = 0;

    (void)state;
    rng_seed(&a, 7, 1);
    rng_seed(&b, 7, 1);
    rng_seed(&c, 7, 2);
    rng_seed(&d, 8, 1);
    for (int i = 0; i < 1000; i++) {
        uint64_t x = rng_next(&a);

        assert_true(x == rng_next(&b));
        same += x == rng_next(&c);
        same += x == rng_next(&d);
    }
    assert_int_equal(same, 0);
}

static void neighbouring_seeds_and_streams_do_not_meet(void **state)
{
    uint64_t first[64][64];
    struct rng r;

    (void)state;
    for (uint64_t seed = 0; seed < 64; seed++) {
        for (uint64_t stream = 0; stream < 64; stream++) {
            rng_seed(&r, seed, stream);
            first[seed][stream] = rng_next(&r);
        }
    }
    for (size_t i = 0; i < 64 * 64; i++) {
        for (size_t j = i + 1; j < 64 * 64; j++) {
            assert_true(first[i / 64][i % 64] != first[j / 64][j % 64]);
        }
    }
}

static void a_range_has_both_its_ends_and_nothing_beyond(void **state)
{
    struct rng r;
    unsigned seen[6] = {0};

    (void)state;
    rng_seed(&r, 1, 0);
    for (int i = 0; i < 6000; i++) {
        uint64_t x = rng_range(&r, 10, 15);

        assert_in_range(x, 10, 15);
        seen[x - 10]++;
    }
    /* 1000 each; six standard deviations are 173. */
    for (size_t i = 0; i < 6; i++) {
        assert_in_range(seen[i], 827, 1173);
    }
    assert_int_equal(rng_range(&r, 5, 5), 5);
    assert_true(rng_range(&r, UINT64_MAX, UINT64_MAX) == UINT64_MAX);
    assert_true(rng_range(&r, 1, UINT64_MAX) > 0);
}

static void the_whole_range_is_every_value(void **state)
{
    struct rng a;
    struct rng b;

    (void)state;
    rng_seed(&a, 1, 0);
    rng_seed(&b, 1, 0);
    for (int i = 0; i < 100; i++) {
        assert_true(rng_range(&a, 0, UINT64_MAX) == rng_next(&b));
    }
}

static void a_uuid_is_of_version_four_and_not_repeated(void **state)
{
    struct rng r;
    char id[37];
    char last[37] = "";
    unsigned variants = 0;

    (void)state;
    rng_seed(&r, 3, 9);
    for (int n = 0; n < 200; n++) {
        rng_uuid(&r, id);
        assert_int_equal(strlen(id), 36);
        assert_int_equal(strspn(id, "0123456789abcdef-"), 36);
        assert_true(id[8] == '-' && id[13] == '-' && id[18] == '-' &&
                    id[23] == '-');
        assert_int_equal(id[14], '4');
        assert_non_null(strchr("89ab", id[19]));
        for (size_t i = 0; i < 4; i++) {
            variants |= id[19] == "89ab"[i] ? 1U << i : 0;
        }
        assert_string_not_equal(id, last);
        memcpy(last, id, sizeof last);
    }
    /* All four of the last. */
    assert_int_equal(variants, 15);
}

static void entropy_differs(void **state)
{
    (void)state;
    assert_true(rng_entropy() != rng_entropy());
}

static void unit_and_normal_have_their_mean_and_deviation(void **state)
{
    double sum = 0, square = 0, units = 0;
    struct rng r;
    int i;

    (void)state;
    rng_seed(&r, 7, 0);
    for (i = 0; i < 100000; i++) {
        double u = rng_unit(&r), z = rng_normal(&r);

        assert_true(u > 0 && u < 1);
        units += u;
        sum += z;
        square += z * z;
    }
    assert_true(units > 49500 && units < 50500);
    assert_true(sum > -1500 && sum < 1500);
    assert_true(square > 98000 && square < 102000);
}

/* The least and the highest draw: times 5, rotated, times 9 makes them. */
static void unit_is_never_zero_or_one(void **state)
{
    uint64_t x = 0x71c71c71c71c71c7U; /* times 9: all bits */
    struct rng low = {{0, 0, 0, 0}}, high = {{0, 0, 0, 0}}, same;

    (void)state;
    x = (x >> 7) | (x << 57);
    high.s[1] = x * 0xcccccccccccccccdU; /* times 5: x */
    same = high;
    assert_true(rng_next(&same) == UINT64_MAX);
    assert_true(rng_unit(&high) < 1);
    assert_true(rng_unit(&low) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unit_is_never_zero_or_one),
        cmocka_unit_test(unit_and_normal_have_their_mean_and_deviation),
        cmocka_unit_test(the_sequence_is_that_of_the_published_generator),
        cmocka_unit_test(the_same_seed_repeats_and_another_does_not),
        cmocka_unit_test(neighbouring_seeds_and_streams_do_not_meet),
        cmocka_unit_test(a_range_has_both_its_ends_and_nothing_beyond),
        cmocka_unit_test(the_whole_range_is_every_value),
        cmocka_unit_test(a_uuid_is_of_version_four_and_not_repeated),
        cmocka_unit_test(entropy_differs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
