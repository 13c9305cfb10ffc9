/* SPDX-License-Identifier: MIT
 *
 * test_limits - descriptors and the VUs they allow. */
#include "config.h"

#include "load/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "load/lane_curl.h"
#include "plan/plan.h"

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

static uint32_t vus_of(uint64_t descriptors, unsigned workers, bool rests)
{
    struct limits_room r = {.descriptors = descriptors,
                            .workers = workers,
                            .rests = rests,
                            .sources = 1};

    return limits_bound_of(&r).vus;
}

static void vus_and_what_they_need_fit_into_the_descriptors(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= 8; workers++) {
        uint32_t last = 0;

        for (uint64_t fds = 0; fds < 40000; fds += 17) {
            uint32_t vus = vus_of(fds, workers, false);
            /* a connection each, two for each group, a group begun a worker */
            uint64_t need =
                vus + 2 * (uint64_t)(vus / LANE_CURL_GROUP + workers);

            assert_true(vus >= 1);
            assert_true(vus >= last);
            assert_true(vus == 1 || need <= fds);
            last = vus;
        }
    }
    assert_true(vus_of(20000, 1, false) > 17000);
    assert_true(vus_of(1024, 2, false) > 800);
}

static void vus_that_rest_need_their_groups_alone(void **state)
{
    (void)state;
    assert_true(vus_of(20000, 2, true) > 100000);
    for (uint64_t fds = 0; fds < 40000; fds += 17) {
        uint32_t vus = vus_of(fds, 2, true);

        assert_true(vus == 1 || 2 * (vus / LANE_CURL_GROUP + 2) <= fds);
    }
    assert_int_equal(vus_of(UINT32_MAX, 2, true), LIMITS_VUS_MAX);
    assert_int_equal(vus_of(UINT32_MAX, 2, false), LIMITS_VUS_MAX);
}

static void ports_bound_connections_to_one_address(void **state)
{
    struct limits_room r = {
        .descriptors = 1000000, .workers = 2, .ports = 28232, .sources = 1};
    struct limits_bound b = limits_bound_of(&r);
    char text[320];

    (void)state;
    assert_int_equal(b.vus, 28232);
    assert_int_equal(b.scarce, LIMITS_PORTS);
    assert_string_equal(limits_name(b.scarce), "free ports");
    limits_explain(&r, 100000, text, sizeof text);
    assert_string_equal(
        text, "28232 free ports of 1 source address allow 28232 connections to "
              "one address: more addresses in http.localAddresses (4 in all), "
              "or sysctl net.ipv4.ip_local_port_range=\"1024 65535\", lift "
              "it");
    r.sources = 4;
    assert_int_equal(limits_bound_of(&r).vus, 4 * 28232);
    r.sources = UINT64_C(1) << 63;
    assert_int_equal(limits_bound_of(&r).scarce, LIMITS_DESCRIPTORS);
    r.sources = 1;
    r.rests = true;
    assert_int_equal(limits_bound_of(&r).scarce, LIMITS_VUS);
}

/* proxy and locals may be NULL. */
static struct limits_room room_by(const char *http, const char *url,
                                  const char *more, const char *proxy,
                                  const char *locals)
{
    char text[1024], why[128];
    struct plan_input in = {"limits.json", NULL, 0, NULL};
    struct plan_errors errors = {NULL, 0, 0};
    struct limits_room r;
    struct plan *p;

    snprintf(text, sizeof text,
             "{ \"name\": \"t\", \"http\": { %s }, \"flow\": [ { "
             "\"get\": \"%s\" }%s ], \"scenarios\": { \"s\": { "
             "\"executor\": \"constant-vus\", \"vus\": 1, \"duration\": "
             "\"1s\" } } }",
             http, url, more);
    p = plan_parse(text, strlen(text), &in, &errors);
    assert_non_null(p);
    if (proxy != NULL) {
        p->http.dial.proxy = strdup(proxy);
    }
    if (locals != NULL) {
        assert_true(
            addresses_add(&p->http.dial.locals, locals, why, sizeof why));
    }
    r = limits_room_of(p, &p->lineups[0], 20000, 2);
    plan_free(&p);
    return r;
}

static struct limits_room room(const char *http, const char *url,
                               const char *more)
{
    return room_by(http, url, more, NULL, NULL);
}

#define THINK ", { \"think\": \"100s\" }"

static void a_vu_rests_when_it_thinks_and_keeps_no_connection(void **state)
{
    (void)state;
    assert_false(room("", "http://a.example/", THINK).rests);
    assert_false(room("\"reuse\": \"never\"", "http://a.example/", "").rests);
    assert_false(
        room("\"reuse\": \"iteration\"", "http://a.example/", THINK).rests);
    assert_true(room("\"reuse\": \"never\"", "http://a.example/", THINK).rests);
}

static void ports_count_where_there_is_one_destination_for_sure(void **state)
{
    (void)state;
    assert_int_equal(room("", "http://a.example/", "").ports, 0);
    assert_true(room("", "http://127.0.0.1:80/", "").ports > 0);
    assert_true(room("", "http://[::1]:80/", "").ports > 0);
    assert_true(room("", "http://localhost/", "").ports > 0);
    assert_int_equal(
        room_by("", "http://127.0.0.1:80/", "", "http://p.example:3128", NULL)
            .ports,
        0);
    assert_int_equal(
        room_by("", "http://127.0.0.1:80/", "", NULL, "127.0.0.1-127.0.0.20")
            .sources,
        20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_soft_limit_is_raised_to_the_hard_one),
        cmocka_unit_test(open_descriptors_are_counted),
        cmocka_unit_test(vus_and_what_they_need_fit_into_the_descriptors),
        cmocka_unit_test(vus_that_rest_need_their_groups_alone),
        cmocka_unit_test(ports_bound_connections_to_one_address),
        cmocka_unit_test(a_vu_rests_when_it_thinks_and_keeps_no_connection),
        cmocka_unit_test(ports_count_where_there_is_one_destination_for_sure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
