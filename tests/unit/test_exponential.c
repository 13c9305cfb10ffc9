/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/exponential.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* This exercises: which bucket of an exponential histogram a value belongs to.
 */

static void a_bound_belongs_to_the_bucket_below_it(void **state)
{
    int i;

    (void)state;
    for (i = -20; i <= 20; i++) {
        double power = ldexp(1, i);

        assert_int_equal(exponential_bucket(power), 8 * i);
        assert_int_equal(exponential_bucket(nextafter(power, INFINITY)),
                         8 * i + 1);
        assert_int_equal(exponential_bucket(nextafter(power, 0)), 8 * i);
    }
    for (i = -170; i <= 250; i++) {
        double bound = exp2(i / 8.0);

        assert_int_equal(exponential_bucket(bound * (1 - 1e-12)), i);
        assert_int_equal(exponential_bucket(bound * (1 + 1e-12)), i + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bound_belongs_to_the_bucket_below_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
