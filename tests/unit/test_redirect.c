/* SPDX-License-Identifier: MIT
 *
 * test_redirect - where a response sends a request, by status, method and
 * Location. */
#include "config.h"

#include "load/redirect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct redirect go(const char *method, const char *url, unsigned status,
                          const char *location)
{
    struct redirect r;
    char head[512];

    (void)snprintf(head, sizeof head,
                   "HTTP/1.1 %u X\r\nX: 1\r\nLocation: %s\r\n\r\n", status,
                   location);
    redirect_read(&r, method, url, status, head, strlen(head));
    return r;
}

static void expect_url(const char *url, const char *location, const char *want)
{
    struct redirect r = go("GET", url, 302, location);

    assert_int_equal(r.kind, REDIRECT_FOLLOW);
    assert_string_equal(r.url, want);
    redirect_clear(&r);
}

static void methods_change_as_the_standard_and_k6_have_it(void **state)
{
    static const struct {
        unsigned status;
        const char *method, *then;
        bool body;
    } rows[] = {
        {301, "POST", "GET", false},       {302, "POST", "GET", false},
        {303, "POST", "GET", false},       {307, "POST", "POST", true},
        {308, "POST", "POST", true},       {301, "HEAD", "HEAD", true},
        {302, "HEAD", "HEAD", true},       {303, "HEAD", "HEAD", true},
        {301, "GET", "GET", true},         {303, "PUT", "GET", false},
        {302, "DELETE", "GET", false},     {307, "DELETE", "DELETE", true},
        {308, "OPTIONS", "OPTIONS", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct redirect r =
            go(rows[i].method, "http://h/a", rows[i].status, "/b");

        assert_int_equal(r.kind, REDIRECT_FOLLOW);
        assert_string_equal(r.method, rows[i].then);
        assert_int_equal(r.keep_body, rows[i].body);
        redirect_clear(&r);
    }
}

static void other_statuses_go_nowhere(void **state)
{
    static const unsigned statuses[] = {200, 201, 300, 304, 305, 306, 404, 503};

    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        struct redirect r = go("GET", "http://h/a", statuses[i], "/b");

        assert_int_equal(r.kind, REDIRECT_NONE);
    }
}

static void no_or_an_empty_location_goes_nowhere(void **state)
{
    struct redirect r = go("GET", "http://h/a", 302, "");

    (void)state;
    assert_int_equal(r.kind, REDIRECT_NONE);
    redirect_read(&r, "GET", "http://h/", 302, "HTTP/1.1 302 X\r\n\r\n", 18);
    assert_int_equal(r.kind, REDIRECT_NONE);
    redirect_read(&r, "GET", "http://h/", 302, "", 0);
    assert_int_equal(r.kind, REDIRECT_NONE);
}

static void locations_are_resolved_against_the_url(void **state)
{
    static const char base[] = "http://h:8080/x/y?q=1#f";

    (void)state;
    expect_url(base, "/b", "http://h:8080/b");
    expect_url(base, "b", "http://h:8080/x/b");
    expect_url(base, "../b", "http://h:8080/b");
    expect_url(base, "../../../b", "http://h:8080/b");
    expect_url(base, "?z=2", "http://h:8080/x/y?z=2");
    expect_url(base, "//other/b", "http://other/b");
    expect_url(base, "https://s/b?c=d", "https://s/b?c=d");
    expect_url(base, "/b#fragment", "http://h:8080/b");
    expect_url(base, "/a b", "http://h:8080/a%20b");
    expect_url("http://[::1]:81/a", "b", "http://[::1]:81/b");
}

static void a_redirect_to_where_no_request_can_go_is_refused(void **state)
{
    static const char *const bad[] = {
        "ftp://h/a",      "file:///etc/passwd",  "gopher://h/",
        "http://h:99999", "javascript:alert(1)", "http://h\x01/a",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct redirect r = go("GET", "http://h/a", 302, bad[i]);

        if (r.kind == REDIRECT_FOLLOW) {
            /* What is no scheme is a path: then it stays on the host. */
            assert_memory_equal(r.url, "http://h/", 9);
        } else {
            assert_int_equal(r.kind, REDIRECT_REFUSED);
            assert_true(strlen(r.why) > 0);
        }
        redirect_clear(&r);
    }
    assert_int_equal(go("GET", "http://h/a", 302, "ftp://h/a").kind,
                     REDIRECT_REFUSED);
    assert_int_equal(go("GET", "http://h/a", 302, "file:///etc/passwd").kind,
                     REDIRECT_REFUSED);
}

static void secrets_stay_on_their_host(void **state)
{
    static const struct {
        const char *from, *to;
        bool keep;
    } rows[] = {
        {"http://h/a", "/b", true},
        {"http://h/a", "http://H/b", true},
        {"http://h/a", "http://h:81/b", true}, /* a port is not a host */
        {"http://h/a", "https://h/b", true},
        {"https://h/a", "http://h/b", false},
        {"http://h/a", "http://other/b", false},
        {"http://h/a", "http://h.evil/b", false},
        {"http://h/a", "http://h@evil/b", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct redirect r = go("GET", rows[i].from, 307, rows[i].to);

        assert_int_equal(r.kind, REDIRECT_FOLLOW);
        assert_int_equal(r.keep_secrets, rows[i].keep);
        redirect_clear(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(methods_change_as_the_standard_and_k6_have_it),
        cmocka_unit_test(other_statuses_go_nowhere),
        cmocka_unit_test(no_or_an_empty_location_goes_nowhere),
        cmocka_unit_test(locations_are_resolved_against_the_url),
        cmocka_unit_test(a_redirect_to_where_no_request_can_go_is_refused),
        cmocka_unit_test(secrets_stay_on_their_host),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
