/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "net/post.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <pthread.h>

#include <cmocka.h>

#include "support/served.h"
#include "support/with_curl.h"

/* This exercises: what is posted comes whole, with its headers and credentials;
 * any status is an answer, with what it says of when to come again; without a
 * whole head there is none, and a reason; a call that goes on is ended at once
 * when it is told to; what is shown of a URL has no secrets. */

#define LONG_MS 30000 /* no test waits for it */

static struct post *post_of(const char *path, long timeout_ms)
{
    char url[200];
    struct post_config c = {
        .url = raw_server_url(server, path, url, sizeof url),
        .timeout_ms = timeout_ms,
    };

    return post_new(&c);
}

static void what_is_posted_comes_whole_and_on_one_connection(void **state)
{
    static const char *const headers[] = {"Content-Type: application/x-test",
                                          "X-Version: 0.1.0", NULL};
    static const char data[] = "bytes\0with a NUL";
    struct post_answer a;
    struct err e = ERR_INIT;
    char url[200], got[2000];
    struct post_config c = {
        .url = raw_server_url(server, "/ok", url, sizeof url),
        .headers = headers,
        .timeout_ms = LONG_MS,
    };
    struct post *p = post_new(&c);
    size_t n;
    int i;

    (void)state;
    for (i = 0; i < 3; i++) {
        assert_true(post_send(p, data, sizeof data - 1, &a, &e));
        assert_int_equal(a.status, 200);
        assert_string_equal(a.text, "ok");
        assert_int_equal(a.retry_after_ms, 0);
    }
    assert_int_equal(raw_server_connections(server), 1);
    n = raw_server_last(server, got, sizeof got);
    assert_ptr_equal(strstr(got, "POST /ok HTTP/1.1\r\n"), got);
    assert_non_null(strstr(got, "\r\nContent-Type: application/x-test\r\n"));
    assert_non_null(strstr(got, "\r\nX-Version: 0.1.0\r\n"));
    assert_non_null(strstr(got, "\r\nUser-Agent: " PACKAGE_NAME "/"));
    assert_non_null(strstr(got, "\r\nContent-Length: 16\r\n"));
    assert_null(strstr(got, "Expect"));
    assert_null(strstr(got, "Authorization"));
    assert_memory_equal(got + n - 16, data, 16);
    /* Nothing at all is posted, too. */
    assert_true(post_send(p, NULL, 0, &a, &e));
    (void)raw_server_last(server, got, sizeof got);
    assert_non_null(strstr(got, "\r\nContent-Length: 0\r\n"));
    post_free(&p);
    assert_null(p);
    post_free(&p);
}

static void much_comes_whole(void **state)
{
    static char data[900000], got[1000000];
    struct post *p = post_of("/ok", LONG_MS);
    struct post_answer a;
    struct err e = ERR_INIT;
    size_t n, i;

    (void)state;
    for (i = 0; i < sizeof data; i++) {
        data[i] = (char)(i * 7 + i / 251);
    }
    assert_true(post_send(p, data, sizeof data, &a, &e));
    assert_int_equal(a.status, 200);
    n = raw_server_last(server, got, sizeof got);
    assert_true(n > sizeof data);
    assert_memory_equal(got + n - sizeof data, data, sizeof data);
    post_free(&p);
}

static void expect_authorization(const struct post_config *c, const char *want)
{
    struct post *p = post_new(c);
    struct post_answer a;
    struct err e = ERR_INIT;
    char got[2000];

    assert_true(post_send(p, "x", 1, &a, &e));
    (void)raw_server_last(server, got, sizeof got);
    assert_non_null(strstr(got, want));
    post_free(&p);
}

static void credentials_are_sent_with_the_first_call(void **state)
{
    char url[200], with[200];
    struct post_config c = {
        .url = raw_server_url(server, "/ok", url, sizeof url),
        .user = "user",
        .password = "pass",
        .timeout_ms = LONG_MS,
    };

    (void)state;
    expect_authorization(&c, "\r\nAuthorization: Basic dXNlcjpwYXNz\r\n");
    c.password = NULL;
    expect_authorization(&c, "\r\nAuthorization: Basic dXNlcjo=\r\n");
    snprintf(with, sizeof with, "http://in%%40url:p%%3Aw@127.0.0.1:%u/ok",
             raw_server_port(server));
    c.url = with;
    expect_authorization(&c, "\r\nAuthorization: Basic dXNlcjo=\r\n");
    c.user = NULL;
    expect_authorization(&c, "\r\nAuthorization: Basic aW5AdXJsOnA6dw==\r\n");
}

static void every_status_is_an_answer(void **state)
{
    static const struct {
        const char *path, *text;
        long status;
        uint64_t retry_after_ms;
    } cases[] = {
        {"/status/200", "status", 200, 0},
        {"/empty/204", "", 204, 0},
        {"/status/400", "status", 400, 0},
        {"/status/429", "status", 429, 0},
        {"/status/500", "status", 500, 0},
        /* not followed */
        {"/status/307", "status", 307, 0},
        /* in seconds, and as a date: one that is past, one far off */
        {"/retry-after/503/7", "later", 503, 7000},
        {"/retry-after/429/0", "later", 429, 0},
        {"/retry-after/503/99999999", "later", 503, POST_RETRY_AFTER_MAX_MS},
        {"/retry-after/503/-5", "later", 503, 0},
        {"/retry-after/503/Wed,+21+Oct+2015+07:28:00+GMT", "later", 503, 0},
        {"/retry-after/429/Fri,+31+Dec+2100+23:59:59+GMT", "later", 429,
         POST_RETRY_AFTER_MAX_MS},
        {"/retry-after/503/soon", "later", 503, 0},
        {"/interim", "ok", 200, 0},
        {"/http10", "old but good", 200, 0},
        {"/trailers", "with trailers", 200, 0},
        /* the head came whole: that is what counts */
        {"/close-body", "0123456789", 200, 0},
        {"/bad-chunk", "", 200, 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct post *p = post_of(cases[i].path, LONG_MS);
        struct post_answer a;
        struct err e = ERR_INIT;

        if (!post_send(p, "x", 1, &a, &e)) {
            fail_msg("%s: %s", cases[i].path, e.text);
        }
        assert_int_equal(a.status, cases[i].status);
        assert_string_equal(a.text, cases[i].text);
        assert_int_equal(a.retry_after_ms, cases[i].retry_after_ms);
        post_free(&p);
    }
}

static void a_large_answer_is_not_read_to_its_end(void **state)
{
    struct post *p = post_of("/huge", LONG_MS);
    struct post_answer a;
    struct err e = ERR_INIT;

    (void)state;
    assert_true(post_send(p, "x", 1, &a, &e));
    assert_int_equal(a.status, 200);
    assert_int_equal(strlen(a.text), sizeof a.text - 1);
    assert_string_equal(a.text + sizeof a.text - 4, "...");
    post_free(&p);
}

static void without_a_whole_head_there_is_a_reason(void **state)
{
    static const char *const paths[] = {"/close", "/reset", "/rubbish",
                                        "/close-head", "/endless-head"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct post *p = post_of(paths[i], LONG_MS);
        struct post_answer a;
        struct err e = ERR_INIT;

        if (post_send(p, "x", 1, &a, &e)) {
            fail_msg("%s: taken for an answer, %ld", paths[i], a.status);
        }
        assert_int_equal(a.status, 0);
        assert_true(e.text[0] != '\0' && strchr(e.text, '\n') == NULL);
        post_free(&p);
    }
}

static void nobody_who_listens_is_a_reason_without_credentials(void **state)
{
    unsigned port = raw_server_port(server);
    char url[200];
    struct post_config c = {.url = url, .timeout_ms = LONG_MS};
    struct post_answer a;
    struct err e = ERR_INIT;
    struct post *p;

    (void)state;
    snprintf(url, sizeof url, "http://me:geheim@127.0.0.1:%u/x?token=geheim",
             port);
    p = post_new(&c);
    raw_server_free(&server);
    assert_false(post_send(p, "x", 1, &a, &e));
    assert_non_null(strstr(e.text, "127.0.0.1"));
    assert_null(strstr(e.text, "geheim"));
    post_free(&p);
}

static void silence_ends_with_the_time_out(void **state)
{
    struct post *p = post_of("/stall", 50);
    struct post_answer a;
    struct err e = ERR_INIT;
    bool answered = false;
    long ms;

    (void)state;
    assert_false(post_send(p, "x", 1, &a, &e));
    assert_non_null(strstr(e.text, "timed out"));
    post_free(&p);
    /* A whole head before it is an answer, once there is time for one. */
    for (ms = 50; ms < LONG_MS && !answered; ms *= 2) {
        p = post_of("/stall-body", ms);
        answered = post_send(p, "x", 1, &a, &e);
        post_free(&p);
    }
    assert_true(answered);
    assert_int_equal(a.status, 200);
    assert_string_equal(a.text, "0123456789");
}

static void *stop_when_it_is_under_way(void *ctx)
{
    (void)raw_server_read(server, 1);
    post_stop(ctx);
    return NULL;
}

static void a_call_is_ended_at_once(void **state)
{
    /* The time-out is far beyond what a test may take. */
    struct post *p = post_of("/stall", 3600 * 1000L);
    struct post_answer a;
    struct err e = ERR_INIT;
    pthread_t other;

    (void)state;
    assert_int_equal(pthread_create(&other, NULL, stop_when_it_is_under_way, p),
                     0);
    assert_false(post_send(p, "x", 1, &a, &e));
    assert_int_equal(pthread_join(other, NULL), 0);
    assert_false(post_send(p, "x", 1, &a, &e)); /* nor does another begin */
    assert_int_equal(raw_server_requests(server), 1);
    post_free(&p);
}

static void what_is_shown_of_a_url_has_no_secrets(void **state)
{
    static const struct {
        const char *url, *shown;
    } cases[] = {
        {"http://localhost:9090/api/v1/write",
         "http://localhost:9090/api/v1/write"},
        {"https://me:geheim@[::1]:1/w?u=a&p=geheim#x", "https://[::1]:1/w"},
        {"HTTP://token@h", "http://h/"},
        {"ftp://h/x", NULL},
        {"localhost:9090/api", NULL},
        {"http://", NULL},
        {"http://h:99999/", NULL},
        {"", NULL},
        {"file:///etc/passwd", NULL},
        {"http://a b/", NULL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err e = ERR_INIT;
        char shown[200];
        bool ok = post_url_ok(cases[i].url, shown, sizeof shown, &e);

        if (ok != (cases[i].shown != NULL)) {
            fail_msg("%s: %s", cases[i].url, ok ? "taken" : e.text);
        }
        assert_string_equal(shown, ok ? cases[i].shown : "");
        assert_true(ok || strstr(e.text, "http://HOST:PORT/PATH") != NULL);
    }
}

int main(void)
{
#define TEST(f)                                                                \
    cmocka_unit_test_setup_teardown(f, served_set_up, served_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_posted_comes_whole_and_on_one_connection),
        TEST(much_comes_whole),
        TEST(credentials_are_sent_with_the_first_call),
        TEST(every_status_is_an_answer),
        TEST(a_large_answer_is_not_read_to_its_end),
        TEST(without_a_whole_head_there_is_a_reason),
        TEST(nobody_who_listens_is_a_reason_without_credentials),
        TEST(silence_ends_with_the_time_out),
        TEST(a_call_is_ended_at_once),
        cmocka_unit_test(what_is_shown_of_a_url_has_no_secrets),
    };
#undef TEST

    return cmocka_run_group_tests(tests, curl_begin, curl_end);
}
