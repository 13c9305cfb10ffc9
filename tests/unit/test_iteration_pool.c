/* SPDX-License-Identifier: MIT
 *
 * test_iteration_pool - iterations shared between threads. */
#include "config.h"

#include "load/squad.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <pthread.h>

#include <cmocka.h>

#define TAKERS 4
#define SHARED 100000

static void *taker(void *ctx)
{
    struct iteration_pool *p = ctx;
    uintptr_t n = 0;

    while (iteration_pool_take(p)) {
        n++;
    }
    return (void *)n;
}

static void each_iteration_is_taken_once_whoever_takes(void **state)
{
    struct iteration_pool *p = iteration_pool_new(SHARED);
    pthread_t threads[TAKERS];
    uintptr_t sum = 0;

    (void)state;
    for (int i = 0; i < TAKERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, taker, p), 0);
    }
    for (int i = 0; i < TAKERS; i++) {
        void *n;

        assert_int_equal(pthread_join(threads[i], &n), 0);
        sum += (uintptr_t)n;
    }
    assert_int_equal(sum, SHARED);
    assert_int_equal(iteration_pool_left(p), 0);
    iteration_pool_free(&p);
    assert_null(p);
}

static void an_empty_pool_gives_nothing(void **state)
{
    struct iteration_pool *p = iteration_pool_new(0);

    (void)state;
    assert_false(iteration_pool_take(p));
    assert_int_equal(iteration_pool_left(p), 0);
    iteration_pool_free(&p);
    iteration_pool_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_iteration_is_taken_once_whoever_takes),
        cmocka_unit_test(an_empty_pool_gives_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
