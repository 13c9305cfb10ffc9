/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/clk.h"
#include "base/thread.h"

static void *mask_main(void *arg)
{
    pthread_sigmask(SIG_SETMASK, NULL, arg);
    return NULL;
}

static void signals_are_the_main_threads_alone(void **state)
{
    static const int some[] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGWINCH};
    sigset_t inside, here;
    pthread_t t;

    (void)state;
    sigemptyset(&inside);
    assert_int_equal(thread_start(&t, mask_main, &inside), 0);
    pthread_join(t, NULL);
    pthread_sigmask(SIG_SETMASK, NULL, &here);
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
        assert_int_equal(sigismember(&inside, some[i]), 1);
        assert_int_equal(sigismember(&here, some[i]), 0);
    }
}

static void *nice_main(void *arg)
{
    int *at = arg;

    at[0] = getpriority(PRIO_PROCESS, 0);
    thread_give_way();
    at[1] = getpriority(PRIO_PROCESS, 0);
    return NULL;
}

static void a_thread_gives_way_by_itself(void **state)
{
    int before = getpriority(PRIO_PROCESS, 0), at[2] = {0, 0};
    pthread_t t;

    (void)state;
    assert_int_equal(thread_start(&t, nice_main, at), 0);
    pthread_join(t, NULL);
    assert_int_equal(at[0], before);
#ifdef __linux__
    assert_int_equal(at[1], before + 10 < 19 ? before + 10 : 19);
#endif
    assert_int_equal(getpriority(PRIO_PROCESS, 0), before);
}

static void a_wait_ends_by_the_monotonic_clock(void **state)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    mono_us from = clk_now(clk_system()), until;
    struct timespec at = thread_after(20 * US_PER_MS);
    pthread_cond_t bell;
    int rc = 0;

    (void)state;
    thread_cond_init(&bell);
    pthread_mutex_lock(&lock);
    while (rc == 0) {
        rc = pthread_cond_timedwait(&bell, &lock, &at);
    }
    pthread_mutex_unlock(&lock);
    until = clk_now(clk_system());
    pthread_cond_destroy(&bell);
    assert_int_equal(rc, ETIMEDOUT);
    /* By the other clock it would have ended at once. */
    assert_true(until - from >= 20 * US_PER_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_are_the_main_threads_alone),
        cmocka_unit_test(a_thread_gives_way_by_itself),
        cmocka_unit_test(a_wait_ends_by_the_monotonic_clock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
