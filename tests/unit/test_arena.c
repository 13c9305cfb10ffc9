/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* This exercises: what an arena gives is zero, apart from the rest and writable
 * whole; none of it is lost, which the sanitizers see; it can be used again. */

static void what_it_gives_is_zero_and_apart(void **state)
{
    struct arena a = {NULL, 0, 0};
    unsigned char *list[100];
    size_t round, i, k;

    (void)state;
    for (round = 0; round < 2; round++) {
        for (i = 0; i < 100; i++) {
            list[i] = arena_new(&a, i, 3);
            assert_non_null(list[i]);
            for (k = 0; k < 3 * i; k++) {
                assert_int_equal(list[i][k], 0);
            }
            memset(list[i], (int)i, 3 * i);
        }
        for (i = 0; i < 100; i++) {
            for (k = 0; k < 3 * i; k++) {
                assert_int_equal(list[i][k], i);
            }
        }
        assert_int_equal(a.n, 100);
        arena_clear(&a);
        assert_int_equal(a.n, 0);
        assert_null(a.list);
    }
    arena_clear(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_gives_is_zero_and_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
