/* SPDX-License-Identifier: MIT
 *
 * test_jar - cookies by RFC 6265, section 5: who may set which, where it goes,
 * how long, in which order; and bounds of what a service can make a VU hold. */
#include "config.h"

#include "load/jar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

#define NOW 1000000000

static struct jar *jar;
static struct buf sent;

static int setup(void **state)
{
    (void)state;
    buf_init(&sent, 1u << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    jar_free(&jar);
    buf_clear(&sent);
    return 0;
}

static struct jar_url url_of(const char *url)
{
    struct jar_url u;

    assert_true(jar_url_read(&u, url));
    return u;
}

/* A response from url with one Set-Cookie. */
static void set_at(const char *url, const char *cookie, int64_t now)
{
    struct jar_url u = url_of(url);
    char head[16384];

    (void)snprintf(head, sizeof head,
                   "HTTP/1.1 200 OK\r\nServer: x\r\nSet-Cookie: %s\r\n\r\n",
                   cookie);
    assert_true(jar_is_set(head, strlen(head)));
    jar_store(&jar, &u, head, strlen(head), now);
}

static void set(const char *url, const char *cookie)
{
    set_at(url, cookie, NOW);
}

static void assert_sent_at(const char *url, const char *expected, int64_t now)
{
    struct jar_url u = url_of(url);

    buf_reset(&sent);
    jar_send(jar, &u, now, NULL, NULL, &sent);
    assert_string_equal(buf_str(&sent), expected);
}

static void assert_sent(const char *url, const char *expected)
{
    assert_sent_at(url, expected, NOW);
}

static void urls_are_read_as_cookies_see_them(void **state)
{
    struct jar_url u;

    (void)state;
    u = url_of("HTTPS://me:p@w@Example.COM:8443/a/b?x=/c#d");
    assert_string_equal(u.host, "example.com");
    assert_true(u.secure);
    assert_int_equal(u.path_len, 4);
    assert_memory_equal(u.path, "/a/b", 4);
    u = url_of("http://[::1]:80?q");
    assert_string_equal(u.host, "[::1]");
    assert_int_equal(u.path_len, 0);
    assert_false(jar_url_read(&u, "ftp://h/"));
    assert_false(jar_url_read(&u, "http://"));
    assert_false(jar_url_read(&u, "http:///x"));
    assert_false(jar_url_read(&u, "http://evil.com\\@good.com/"));
    assert_false(jar_url_read(&u, "http://a%2eb/"));
}

static void a_cookie_comes_back_to_its_host_alone(void **state)
{
    (void)state;
    assert_null(jar);
    set("http://a.example/login", "id=7; HttpOnly; SameSite=Lax");
    assert_int_equal(jar_count(jar), 1);
    assert_sent("http://a.example/", "id=7");
    assert_sent("http://A.EXAMPLE:81/x?y", "id=7");
    assert_sent("https://a.example/x", "id=7");
    assert_sent("http://b.a.example/", "");
    assert_sent("http://example/", "");
}

static void a_domain_lets_it_go_to_subdomains(void **state)
{
    (void)state;
    set("http://www.shop.example/", "a=1; Domain=.Shop.Example");
    set("http://www.shop.example/", "b=2; domain=other.example");
    set("http://www.shop.example/", "c=3; Domain=w.shop.example");
    set("http://www.shop.example/", "d=4; Domain=hop.example");
    assert_int_equal(jar_count(jar), 1);
    assert_sent("http://shop.example/", "a=1");
    assert_sent("http://x.y.shop.example/", "a=1");
    assert_sent("http://ashop.example/", "");
}

static void a_domain_of_one_label_is_refused(void **state)
{
    (void)state;
    set("http://www.example/", "a=1; Domain=example");
    set("http://www.example/", "a=1; Domain=example.");
    set("http://www.example/", "a=1; Domain=..example");
    set("http://127.0.0.1/", "a=1; Domain=0.0.1");
    assert_null(jar);
    set("http://localhost/", "b=1; Domain=localhost");
    set("http://127.0.0.1/", "c=1; Domain=127.0.0.1");
    set("http://[::1]/", "d=1; Domain=[::1]");
    assert_sent("http://localhost/", "b=1");
    assert_sent("http://x.localhost/", "");
    assert_sent("http://127.0.0.1:8080/", "c=1");
    assert_sent("http://[::1]/", "d=1");
}

static void paths_match_at_whole_segments(void **state)
{
    (void)state;
    set("http://h/a/b/c", "here=1");
    set("http://h/x", "root=2");
    set("http://h/x", "deep=3; Path=/a/b/");
    set("http://h/x", "odd=4; Path=a");
    assert_sent("http://h/a/b/d", "deep=3; here=1; root=2; odd=4");
    assert_sent("http://h/a/b", "here=1; root=2; odd=4");
    assert_sent("http://h/a/bc", "root=2; odd=4");
    assert_sent("http://h", "root=2; odd=4");
}

static void a_secure_cookie_goes_over_https_only(void **state)
{
    (void)state;
    set("https://h/", "s=1; Secure");
    assert_sent("http://h/", "");
    assert_sent("https://h/", "s=1");
}

/* RFC 6265bis, 4.1.3: browsers refuse what breaks its name's word. */
static void names_with_a_prefix_keep_their_word(void **state)
{
    static const char *const bad[] = {
        "__Secure-a=1",
        "__Secure-a=1; Path=/",
        "__Host-a=1; Path=/",
        "__Host-a=1; Secure",
        "__Host-a=1; Secure; Path=/sub",
        "__Host-a=1; Secure; Path=/; Domain=example.com",
        "__Host-a=1; Secure; Path=/; Domain=www.example.com",
        "__HOST-a=1; Path=/",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        set("https://www.example.com/sub/x", bad[i]);
        assert_null(jar);
    }
    set("http://www.example.com/", "__Secure-a=1; Secure");
    set("http://www.example.com/", "__Host-a=1; Secure; Path=/");
    assert_null(jar);
    set("https://www.example.com/", "__Secure-a=1; Secure; Domain=example.com");
    set("https://www.example.com/", "__Host-b=2; Path=/; Secure");
    set("https://www.example.com/", "__Hos-c=3");
    assert_sent("https://www.example.com/",
                "__Secure-a=1; __Host-b=2; __Hos-c=3");
    assert_sent("https://example.com/", "__Secure-a=1");
    assert_sent("http://www.example.com/", "__Hos-c=3");
    /* What breaks its word deletes nothing either. */
    set("https://www.example.com/", "__Host-b=; Path=/; Max-Age=0");
    assert_sent("https://www.example.com/",
                "__Secure-a=1; __Host-b=2; __Hos-c=3");
}

static void a_cookie_lives_as_long_as_it_says(void **state)
{
    (void)state;
    set("http://h/", "a=1; Max-Age=10");
    set("http://h/", "b=2; Expires=Sun, 09 Sep 2001 01:46:45 GMT"); /* NOW+5 */
    set("http://h/", "c=3; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
    set("http://h/", "d=4; Expires=nonsense");
    set("http://h/", "e=5; Max-Age=99999999999999999999");
    assert_sent_at("http://h/", "a=1; b=2; c=3; d=4; e=5", NOW + 4);
    assert_sent_at("http://h/", "a=1; c=3; d=4; e=5", NOW + 5);
    assert_sent_at("http://h/", "d=4; e=5", NOW + 10);
    set_at("http://h/", "f=6", NOW + 10); /* drops what is over */
    assert_int_equal(jar_count(jar), 3);
}

static void a_cookie_is_replaced_and_deleted(void **state)
{
    (void)state;
    set("http://h/", "a=1");
    set("http://h/", "b=1");
    set("http://h/", "a=2; Path=/");
    assert_sent("http://h/", "a=2; b=1"); /* as old as it was */
    set("http://h/", "a=; Max-Age=0");
    assert_sent("http://h/", "b=1");
    set("http://h/", "c=1; Max-Age=-5");
    set("http://h/", "b=x; Expires=Thu, 01-Jan-70 00:00:00 GMT");
    assert_null(jar); /* nothing is held for nothing */
    set("http://h/", "b=x; Max-Age=0");
    assert_null(jar);
}

static void what_is_no_cookie_is_passed_over(void **state)
{
    struct jar_url u = url_of("http://h/");
    static const char head[] = "HTTP/1.1 200 OK\r\nSet-Cookie: a=\x01z\r\n"
                               "Set-Cookie: \0b=1\r\nset-cookie:\r\n\r\n";

    (void)state;
    set("http://h/", "justtext");
    set("http://h/", "=x");
    set("http://h/", "; Path=/");
    jar_store(&jar, &u, head, sizeof head - 1, NOW);
    assert_null(jar);
    set("http://h/", "  sp  =  a b=\"c\"  ; Path=/");
    assert_sent("http://h/", "sp=a b=\"c\"");
}

static void a_head_is_searched_for_cookies_cheaply(void **state)
{
    static const char without[] =
        "HTTP/1.1 200 OK\r\nServer: set-cookie: no\r\nSet: 1\r\n\r\n";
    static const char with[] = "HTTP/1.1 200 OK\r\nsEt-CookIE: a=1\r\n\r\n";

    (void)state;
    assert_false(jar_is_set(without, strlen(without)));
    assert_false(jar_is_set("", 0));
    assert_true(jar_is_set(with, strlen(with)));
    for (size_t n = 0; n <= strlen(with); n++) {
        assert_int_equal(jar_is_set(with, n), n >= strlen(with) - 8);
    }
}

static void what_a_service_can_make_us_hold_is_bounded(void **state)
{
    char cookie[8192];

    (void)state;
    for (unsigned i = 0; i < JAR_COOKIES_MAX + 50; i++) {
        (void)snprintf(cookie, sizeof cookie, "n%u=%u", i, i);
        set("http://h/", cookie);
    }
    assert_int_equal(jar_count(jar), JAR_COOKIES_MAX);
    assert_sent_at("http://other/", "", NOW);
    jar_free(&jar);
    for (int i = 0; i < 100; i++) {
        int n = snprintf(cookie, sizeof cookie, "n%d=", i);

        memset(cookie + n, 'x', JAR_COOKIE_MAX - 8);
        cookie[(size_t)n + JAR_COOKIE_MAX - 8] = '\0';
        set("http://h/", cookie);
    }
    assert_true(jar_count(jar) > 10 &&
                jar_count(jar) <= JAR_BYTES_MAX / (JAR_COOKIE_MAX - 8));
    jar_free(&jar);
    /* A name of one byte, '=', and a value that is one byte too long; then the
     * same without that byte. */
    memset(cookie, 'x', JAR_COOKIE_MAX + 2);
    cookie[1] = '=';
    cookie[JAR_COOKIE_MAX + 2] = '\0';
    set("http://h/", cookie);
    assert_null(jar);
    cookie[JAR_COOKIE_MAX + 1] = '\0';
    set("http://h/", cookie);
    assert_int_equal(jar_count(jar), 1);
}

static bool skip_b(void *ctx, const char *name, size_t n)
{
    (void)ctx;
    return n == 1 && *name == 'b';
}

static void a_name_may_be_left_out_and_a_jar_copied(void **state)
{
    struct jar_url u = url_of("http://h/");
    struct jar *copy;

    (void)state;
    assert_null(jar_copy(NULL));
    set("http://h/", "a=1");
    set("http://h/", "b=2; Path=/; Domain=h");
    set("http://h/", "c=3");
    copy = jar_copy(jar);
    jar_free(&jar);
    jar_send(copy, &u, NOW, skip_b, NULL, &sent);
    assert_string_equal(buf_str(&sent), "a=1; c=3");
    assert_int_equal(jar_count(copy), 3);
    jar_free(&copy);
}

static void assert_date(const char *text, int64_t expected)
{
    int64_t got = -1;

    if (!jar_date(text, strlen(text), &got)) {
        fail_msg("'%s' is no date", text);
    }
    assert_int_equal(got, expected);
}

static void assert_no_date(const char *text)
{
    int64_t got;

    if (jar_date(text, strlen(text), &got)) {
        fail_msg("'%s' is a date", text);
    }
}

static void dates_are_found_in_any_dress(void **state)
{
    (void)state;
    assert_date("Thu, 01 Jan 1970 00:00:00 GMT", 0);
    assert_date("Sun, 06 Nov 1994 08:49:37 GMT", 784111777);
    assert_date("Sunday, 06-Nov-94 08:49:37 GMT", 784111777);
    assert_date("Sun Nov  6 08:49:37 1994", 784111777);
    assert_date("1994 6 november 8:49:37", 784111777);
    assert_date("08:49:37 06 Nov 94 08:00:00", 784111777);
    assert_date("Tue, 19 Jan 2038 03:14:08 GMT", 2147483648);
    assert_date("29 Feb 2024 23:59:59", 1709251199);
    assert_date("1 Jan 69 00:00:00", 3124224000);
    assert_date("1 Jan 70 00:00:00", 0);
    assert_date("1 Jan 1601 00:00:00", -11644473600);
    assert_date("31 Dec 9999 23:59:59", 253402300799);
}

static void what_is_no_date_is_none(void **state)
{
    (void)state;
    assert_no_date("");
    assert_no_date("Thu, 01 Jan 1970");
    assert_no_date("01 Jan 1600 00:00:00");
    assert_no_date("32 Jan 2000 00:00:00");
    assert_no_date("0 Jan 2000 00:00:00");
    assert_no_date("30 Feb 2000 00:00:00");
    assert_no_date("29 Feb 1900 00:00:00");
    assert_no_date("1 Jan 2000 24:00:00");
    assert_no_date("1 Jan 2000 00:60:00");
    assert_no_date("1 Jan 2000 00:00:60");
    assert_no_date("1 Jan 20000 00:00:00");
    assert_no_date("1 Foo 2000 00:00:00");
    assert_no_date("1 Jan 2000 1:2:345");
    assert_no_date("1 Jan 2000 1:2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(urls_are_read_as_cookies_see_them,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_cookie_comes_back_to_its_host_alone,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_domain_lets_it_go_to_subdomains,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_domain_of_one_label_is_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(paths_match_at_whole_segments, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_secure_cookie_goes_over_https_only,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(names_with_a_prefix_keep_their_word,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_cookie_lives_as_long_as_it_says,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_cookie_is_replaced_and_deleted, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_is_no_cookie_is_passed_over, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_head_is_searched_for_cookies_cheaply,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            what_a_service_can_make_us_hold_is_bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(a_name_may_be_left_out_and_a_jar_copied,
                                        setup, teardown),
        cmocka_unit_test(dates_are_found_in_any_dress),
        cmocka_unit_test(what_is_no_date_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
