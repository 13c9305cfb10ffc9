/* SPDX-License-Identifier: MIT
 *
 * This exercises: what differs moment by moment, and whether it is chance.
 * Noise alone, calm and slow, is seldom taken for a difference; one that is
 * there is found, and the interval holds it. CONTRAST_SEEDS=2000 tries more
 * seeds than 300. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/rng.h"
#include "insight/contrast.h"
#include "support/seeds.h"

#define MOMENTS 300

/* Noise whose neighbours are so much alike, around a mean. */
static struct contrast noisy(uint64_t seed, double mean, double phi, bool parts)
{
    unsigned part[MOMENTS];
    double d[MOMENTS], x = 0;
    struct rng r;
    size_t i;

    rng_seed(&r, seed, 7);
    for (i = 0; i < MOMENTS; i++) {
        x = phi * x + sqrt(1 - phi * phi) * rng_normal(&r);
        d[i] = mean + 0.1 * x;
        part[i] = (unsigned)i / 40;
    }
    return contrast_of(d, parts ? part : NULL, MOMENTS, 0);
}

static void noise_is_seldom_taken_for_a_difference(void **state)
{
    static const double phis[] = {0, 0.5, 0.8};
    unsigned n = seeds_of("CONTRAST_SEEDS", 300), i, k;

    (void)state;
    for (k = 0; k < 2 * sizeof phis / sizeof phis[0]; k++) {
        double phi = phis[k / 2];
        unsigned wrong = 0;

        for (i = 0; i < n; i++) {
            struct contrast c = noisy(i + 1, 0, phi, k % 2 == 1);

            assert_true(c.any);
            wrong += c.low > 0 || c.high < 0;
        }
        /* One in twenty is meant. */
        if (wrong > n / 12) {
            fail_msg("phi %g, parts %u: %u of %u", phi, k % 2, wrong, n);
        }
        /* And an interval that is never left is one that says nothing. */
        assert_true(wrong > 0);
    }
}

static void a_difference_is_found_and_held(void **state)
{
    unsigned n = seeds_of("CONTRAST_SEEDS", 300), i, found = 0, held = 0;

    (void)state;
    for (i = 0; i < n; i++) {
        struct contrast c = noisy(i + 1, 0.1, 0.5, i % 2 == 1);

        found += c.low > 0;
        held += c.low < 0.1 && c.high > 0.1;
    }
    assert_int_equal(found, n);
    assert_true(held >= n * 9 / 10);
}

static void what_is_too_short_says_nothing(void **state)
{
    double d[CONTRAST_MOMENTS_MIN] = {1, 1, 1, 1, 1, 1, 1, 1};
    struct contrast c = contrast_of(d, NULL, CONTRAST_MOMENTS_MIN - 1, 0);

    (void)state;
    assert_false(c.any);
    assert_int_equal(c.n, CONTRAST_MOMENTS_MIN - 1);
    assert_false(contrast_of(NULL, NULL, 0, 0).any);
    c = contrast_of(d, NULL, CONTRAST_MOMENTS_MIN, 0);
    assert_true(c.any);
    assert_true(c.mean == 1 && c.low == 1 && c.high == 1);
    /* What was never seen may be there all the same. */
    c = contrast_of(d, NULL, CONTRAST_MOMENTS_MIN, 0.5);
    assert_true(c.low < 0 && c.high > 2);
}

/* Ten moments without it, and ten with. */
static void what_differs_in_one_part_is_no_chance(void **state)
{
    double d[20];
    unsigned part[20], i;
    struct contrast c;

    (void)state;
    for (i = 0; i < 20; i++) {
        part[i] = i / 10;
        d[i] = (i < 10 ? 0 : 0.3) + 0.01 * (i % 2);
    }
    c = contrast_of(d, NULL, 20, 0);
    assert_true(c.any && c.low < 0);
    c = contrast_of(d, part, 20, 0);
    assert_true(c.any && c.low > 0.14 && c.high < 0.17);
    /* Where each moment is a part of its own, nothing is known of chance but by
     * putting them together. */
    for (i = 0; i < 20; i++) {
        part[i] = i;
    }
    c = contrast_of(d, part, 20, 0);
    assert_true(c.any && isfinite(c.low));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_seldom_taken_for_a_difference),
        cmocka_unit_test(a_difference_is_found_and_held),
        cmocka_unit_test(what_differs_in_one_part_is_no_chance),
        cmocka_unit_test(what_is_too_short_says_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
