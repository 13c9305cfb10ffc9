/* SPDX-License-Identifier: MIT
 *
 * test_dial - what people write about connections: what is taken, in which form
 * it is kept, what is refused and why, and that options win over the plan. */
#include "config.h"

#include "plan/dial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"

typedef bool dial_fn(struct dial *d, const char *text, char *why, size_t size);

static void assert_refused(dial_fn *fn, const char *text, const char *expected)
{
    struct dial d = {.http1 = false};
    char why[200] = "";

    assert_false(fn(&d, text, why, sizeof why));
    assert_string_equal(why, expected);
    assert_null(d.proxy);
    assert_null(d.no_proxy);
    assert_int_equal(d.n_resolve, 0);
    dial_clear(&d);
}

static void assert_proxy(const char *text, const char *kept)
{
    struct dial d = {.http1 = false};
    char why[200] = "";

    if (!dial_set_proxy(&d, text, why, sizeof why)) {
        fail_msg("%s: %s", text, why);
    }
    assert_string_equal(d.proxy, kept);
    dial_clear(&d);
}

static void a_proxy_has_a_scheme_a_host_and_a_port(void **state)
{
    (void)state;
    assert_proxy("127.0.0.1:3128", "http://127.0.0.1:3128");
    assert_proxy("http://proxy.internal:80/", "http://proxy.internal:80");
    assert_proxy("HTTPS://u:p@w@host:8443", "HTTPS://u:p@w@host:8443");
    assert_proxy("socks5h://[::1]:1080", "socks5h://[::1]:1080");
    assert_refused(dial_set_proxy, "gopher://h:1",
                   "'gopher://h:1' is no proxy: there are http, https, socks4, "
                   "socks4a, socks5 and socks5h");
    assert_refused(dial_set_proxy, "http://h:1/path",
                   "'h:1/path' is no proxy: it has a path");
    assert_refused(dial_set_proxy, "http://:8080", "':8080' has no host");
    assert_refused(dial_set_proxy, "http://[::1:8080",
                   "'[::1:8080' names no port from 1 to 65535 (as "
                   "http://127.0.0.1:3128)");
    assert_refused(dial_set_proxy, "http://[x]:8080", "'[x]:8080' has no host");
}

static void a_proxys_password_is_in_no_message(void **state)
{
    (void)state;
    assert_refused(dial_set_proxy, "http://user:secret@host",
                   "'host' names no port from 1 to 65535 (as "
                   "http://127.0.0.1:3128)");
    assert_refused(dial_set_proxy, "user:secret@host:70000",
                   "'host:70000' names no port from 1 to 65535 (as "
                   "http://127.0.0.1:3128)");
}

static void hosts_without_proxy_are_gathered(void **state)
{
    struct dial d = {.http1 = false};
    char why[200];

    (void)state;
    assert_true(dial_add_no_proxy(&d, "localhost,.internal", why, sizeof why));
    assert_true(dial_add_no_proxy(&d, "10.0.0.0/8", why, sizeof why));
    assert_string_equal(d.no_proxy, "localhost,.internal,10.0.0.0/8");
    dial_clear(&d);
    assert_refused(dial_add_no_proxy, "",
                   "'' has an empty host in it (as "
                   "localhost,.internal,10.0.0.0/8)");
    assert_refused(dial_add_no_proxy, "a b", "'a b' is no list of hosts");
}

static void a_later_address_of_a_host_takes_the_place_of_the_first(void **state)
{
    struct dial d = {.http1 = false};
    char why[200];

    (void)state;
    assert_true(dial_add_resolve(&d, "a:80:127.0.0.1", why, sizeof why));
    assert_true(dial_add_resolve(&d, "a:81:[::1],127.0.0.1", why, sizeof why));
    assert_true(dial_add_resolve(&d, "A:80:127.0.0.2", why, sizeof why));
    assert_int_equal(d.n_resolve, 2);
    assert_string_equal(d.resolve[0], "A:80:127.0.0.2");
    assert_string_equal(d.resolve[1], "a:81:[::1],127.0.0.1");
    dial_clear(&d);
    assert_refused(dial_add_resolve, "a:80:127.0.0.1,",
                   "'127.0.0.1,' is no IP address (as 127.0.0.1 or [::1])");
    assert_refused(dial_add_resolve, "a b:80:127.0.0.1",
                   "'a b:80:127.0.0.1' does not begin with a host's name and a "
                   "port (as example.com:443:127.0.0.1)");
}

static void resolve_is_bounded(void **state)
{
    struct dial d = {.http1 = false};
    char why[200], text[64];

    (void)state;
    for (int i = 1; i <= DIAL_RESOLVE_MAX; i++) {
        (void)snprintf(text, sizeof text, "a:%d:127.0.0.1", i);
        assert_true(dial_add_resolve(&d, text, why, sizeof why));
    }
    assert_false(dial_add_resolve(&d, "b:1:127.0.0.1", why, sizeof why));
    assert_string_equal(why, "'b:1:127.0.0.1' is one too many: at most 100");
    dial_clear(&d);
}

static void options_win_over_the_plan(void **state)
{
    struct dial d = {
        .prior_knowledge = true, .ca_at = {7, 3}, .cert_at = {8, 3}};
    struct dial flags = {.http1 = true, .insecure = true};
    char why[200], address[ADDRESS_MAX];

    (void)state;
    d.ca_dir = xstrdup("plan.d");
    d.cert = xstrdup("plan.pem");
    d.key = xstrdup("plan.key");
    assert_true(dial_set_proxy(&d, "a:1", why, sizeof why));
    assert_true(dial_add_resolve(&d, "a:1:127.0.0.1", why, sizeof why));
    assert_true(addresses_add(&d.locals, "127.0.0.1", why, sizeof why));
    flags.ca = xstrdup("flag-ca.pem");
    flags.cert = xstrdup("flag.pem");
    assert_true(dial_add_resolve(&flags, "a:1:127.0.0.2", why, sizeof why));
    assert_true(addresses_add(&flags.locals, "127.0.0.9", why, sizeof why));
    dial_override(&d, &flags);
    assert_true(d.http1 && d.insecure);
    assert_false(d.prior_knowledge);
    assert_string_equal(d.ca, "flag-ca.pem");
    assert_null(d.ca_dir);
    assert_string_equal(d.cert, "flag.pem");
    assert_null(d.key); /* it belonged to the other certificate */
    assert_int_equal(d.ca_at.line, 0);
    assert_int_equal(d.cert_at.line, 0);
    assert_string_equal(d.proxy, "http://a:1");
    assert_int_equal(d.n_resolve, 1);
    assert_string_equal(d.resolve[0], "a:1:127.0.0.2");
    assert_int_equal(addresses_count(&d.locals), 1);
    assert_string_equal(addresses_at(&d.locals, 0, address), "127.0.0.9");
    dial_clear(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proxy_has_a_scheme_a_host_and_a_port),
        cmocka_unit_test(a_proxys_password_is_in_no_message),
        cmocka_unit_test(hosts_without_proxy_are_gathered),
        cmocka_unit_test(
            a_later_address_of_a_host_takes_the_place_of_the_first),
        cmocka_unit_test(resolve_is_bounded),
        cmocka_unit_test(options_win_over_the_plan),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
