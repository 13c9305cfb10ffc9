/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "insight/binom.h"

static void quantiles_are_those_of_the_tables(void **state)
{
    /* scipy.stats.binom.ppf(q, n, p) */
    static const struct {
        uint64_t n;
        double p, q;
        uint64_t k;
    } rows[] = {
        {20, .05, .95, 3},          {60, .05, .95, 6},    {100, .05, .95, 9},
        {300, .05, .95, 21},        {1000, .05, .95, 62}, {100, .01, .999, 5},
        {50, .5, .5, 25},           {1, .06, .95, 1},     {1, .04, .95, 0},
        {1000000, .05, .95, 50359},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(binom_quantile(rows[i].n, rows[i].p, rows[i].q),
                         rows[i].k);
    }
}

/* All weights summed, elsewhere; the expansion may be off by one. And no count
 * that somebody made up takes long. */
static void counts_that_no_run_has_are_quick(void **state)
{
    static const struct {
        uint64_t n;
        double p, q;
        uint64_t k;
    } rows[] = {
        {3000000000, .05, .95, 150019635},
        {3000000000, .05, .999, 150036890},
        {3000000000, .05, .001, 149963112},
        {500000000, .5, .975, 250021913},
        {10000000000000, 1.5e-5, .999, 150037849},
        {1000000000000, .001, .8, 1000026601},
        {20000000000, .01, .95, 200023145},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t k = binom_quantile(rows[i].n, rows[i].p, rows[i].q);

        assert_in_range(k, rows[i].k - 1, rows[i].k + 1);
    }
    for (i = 0; i < 1000; i++) {
        uint64_t n = UINT64_MAX - i, k = binom_quantile(n, .05, .999);

        assert_true(k > n / 21 && k < n / 19);
        assert_true(binom_quantile(n, 1 - 1e-9, .95) <= n);
        assert_int_equal(binom_quantile(n, .5, 1), n);
    }
}

static void the_ends_are_certain(void **state)
{
    (void)state;
    assert_int_equal(binom_quantile(0, .5, .95), 0);
    assert_int_equal(binom_quantile(10, 0, .95), 0);
    assert_int_equal(binom_quantile(10, 1, .95), 10);
    assert_int_equal(binom_quantile(10, .5, 1), 10);
}

static void a_window_has_sixty_samples_where_it_can(void **state)
{
    static const struct {
        double rate;
        unsigned seconds;
    } cases[] = {{1e9, 1},  {60, 1},    {59.9, 2}, {30, 2},   {29.9, 5},
                 {12, 5},   {11.9, 10}, {6, 10},   {5.9, 15}, {4, 15},
                 {3.9, 30}, {2, 30},    {0.1, 30}, {0, 30}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(binom_window_us(cases[i].rate),
                         cases[i].seconds * UINT64_C(1000000));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_has_sixty_samples_where_it_can),
        cmocka_unit_test(quantiles_are_those_of_the_tables),
        cmocka_unit_test(counts_that_no_run_has_are_quick),
        cmocka_unit_test(the_ends_are_certain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
