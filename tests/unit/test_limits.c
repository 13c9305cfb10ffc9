/* SPDX-License-Identifier: MIT
 *
 * test_limits - descriptors and the VUs they allow. */
#include "config.h"

#include "load/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "load/lane_curl.h"

static void the_soft_limit_is_raised_to_the_hard_one(void **state)
{
    struct rlimit r, low;
    uint64_t got;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &r), 0);
    low = r;
    low.rlim_cur = 64;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    got = load_raise_descriptors();
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &r), 0);
    assert_true(r.rlim_cur >= got || got == UINT32_MAX);
    assert_true(got >= 64);
    assert_true(r.rlim_cur == r.rlim_max || r.rlim_max == RLIM_INFINITY);
}

static void open_descriptors_are_counted(void **state)
{
    uint64_t before = load_open_descriptors();
    int fd;

    (void)state;
    if (before == 0) {
        skip();
    }
    fd = dup(0);
    assert_true(fd >= 0);
    assert_int_equal(load_open_descriptors(), before + 1);
    close(fd);
}

static void vus_and_what_they_need_fit_into_the_descriptors(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= 8; workers++) {
        uint32_t last = 0;

        for (uint64_t fds = 0; fds < 40000; fds += 17) {
            uint32_t vus = load_vus_for(fds, workers);
            /* a connection each, two for each group, a group begun a worker */
            uint64_t need =
                vus + 2 * (uint64_t)(vus / LANE_CURL_GROUP + workers);

            assert_true(vus >= 1);
            assert_true(vus >= last);
            assert_true(vus == 1 || need <= fds);
            last = vus;
        }
    }
    assert_true(load_vus_for(20000, 1) > 17000);
    assert_true(load_vus_for(1024, 2) > 800);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_soft_limit_is_raised_to_the_hard_one),
        cmocka_unit_test(open_descriptors_are_counted),
        cmocka_unit_test(vus_and_what_they_need_fit_into_the_descriptors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
