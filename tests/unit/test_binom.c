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

static void the_ends_are_certain(void **state)
{
    (void)state;
    assert_int_equal(binom_quantile(0, .5, .95), 0);
    assert_int_equal(binom_quantile(10, 0, .95), 0);
    assert_int_equal(binom_quantile(10, 1, .95), 10);
    assert_int_equal(binom_quantile(10, .5, 1), 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_those_of_the_tables),
        cmocka_unit_test(the_ends_are_certain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
