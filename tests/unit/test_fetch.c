/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "net/fetch.h"

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

/* This exercises: calls of a server that answers and of one that misbehaves:
 * what comes is whole or an error with a reason, bounded, and a call that goes
 * on is ended at once when it is told to. */

#define LONG_MS 30000 /* no test waits for it */

static struct fetch *fetch_of(const char *path, long timeout_ms)
{
    char url[128];
    struct fetch_config c = {
        .url = raw_server_url(server, path, url, sizeof url),
        .accept = "text/plain",
        .timeout_ms = timeout_ms,
    };

    return fetch_new(&c);
}

static void an_answer_comes_whole_and_on_one_connection(void **state)
{
    struct fetch *f = fetch_of("/echo", LONG_MS);
    struct err e = ERR_INIT;
    struct buf b;
    int i;

    (void)state;
    buf_init(&b, 4096);
    for (i = 0; i < 3; i++) {
        assert_true(fetch_get(f, &b, &e));
        assert_non_null(strstr(buf_str(&b), "GET /echo HTTP/1.1"));
        assert_non_null(strstr(buf_str(&b), "Accept: text/plain\r\n"));
        assert_non_null(strstr(buf_str(&b), "User-Agent: " PACKAGE_NAME "/"));
    }
    assert_int_equal(raw_server_connections(server), 1);
    buf_clear(&b);
    fetch_free(&f);
    assert_null(f);
    fetch_free(&f);
}

static void what_goes_wrong_has_a_reason(void **state)
{
    static const struct {
        const char *path, *says;
    } cases[] = {
        {"/status/404", "it answers with status 404"},
        {"/status/503", "it answers with status 503"},
        {"/huge", "the answer is larger than 4096 bytes"},
        {"/close-body", ""},
        {"/close", ""},
        {"/reset", ""},
        {"/rubbish", ""},
        {"/bad-chunk", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fetch *f = fetch_of(cases[i].path, LONG_MS);
        struct err e = ERR_INIT;
        struct buf b;

        buf_init(&b, 4096);
        if (fetch_get(f, &b, &e)) {
            fail_msg("%s: taken for an answer", cases[i].path);
        }
        assert_non_null(strstr(e.text, cases[i].says));
        assert_true(e.text[0] != '\0' && strchr(e.text, '\n') == NULL);
        assert_true(b.len <= 4096);
        buf_clear(&b);
        fetch_free(&f);
    }
}

static void silence_ends_with_the_time_out(void **state)
{
    struct fetch *f = fetch_of("/stall", 50);
    struct err e = ERR_INIT;
    struct buf b;

    (void)state;
    buf_init(&b, 4096);
    assert_false(fetch_get(f, &b, &e));
    assert_non_null(strstr(e.text, "timed out"));
    buf_clear(&b);
    fetch_free(&f);
}

static void *stop_when_it_is_under_way(void *ctx)
{
    (void)raw_server_read(server, 1);
    fetch_stop(ctx);
    return NULL;
}

static void a_call_is_ended_at_once(void **state)
{
    /* The time-out is far beyond what a test may take. */
    struct fetch *f = fetch_of("/stall", 3600 * 1000L);
    struct err e = ERR_INIT;
    pthread_t other;
    struct buf b;

    (void)state;
    buf_init(&b, 4096);
    assert_int_equal(pthread_create(&other, NULL, stop_when_it_is_under_way, f),
                     0);
    assert_false(fetch_get(f, &b, &e));
    assert_int_equal(pthread_join(other, NULL), 0);
    assert_false(fetch_get(f, &b, &e)); /* nor does another begin */
    assert_int_equal(raw_server_requests(server), 1);
    buf_clear(&b);
    fetch_free(&f);
}

/* Does the server know of the call? */
static bool under_way(void *ctx)
{
    unsigned *asked = ctx;

    (*asked)++;
    return raw_server_requests(server) > 0;
}

static void who_is_asked_ends_a_call(void **state)
{
    struct fetch *f = fetch_of("/stall", 3600 * 1000L);
    struct err e = ERR_INIT;
    unsigned asked = 0;
    struct buf b;

    (void)state;
    buf_init(&b, 4096);
    fetch_ask(f, under_way, &asked);
    assert_false(fetch_get(f, &b, &e));
    assert_true(asked > 1 && e.text[0] != '\0');
    assert_int_equal(raw_server_requests(server), 1);
    buf_clear(&b);
    fetch_free(&f);
    f = fetch_of("/ok", LONG_MS);
    buf_init(&b, 4096);
    fetch_ask(f, under_way, &asked);
    assert_false(fetch_get(f, &b, &e)); /* nor does one begin */
    fetch_ask(f, NULL, NULL);
    assert_true(fetch_get(f, &b, &e));
    assert_string_equal(buf_str(&b), "ok");
    buf_clear(&b);
    fetch_free(&f);
}

int main(void)
{
#define TEST(f)                                                                \
    cmocka_unit_test_setup_teardown(f, served_set_up, served_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_answer_comes_whole_and_on_one_connection),
        TEST(what_goes_wrong_has_a_reason),
        TEST(silence_ends_with_the_time_out),
        TEST(a_call_is_ended_at_once),
        TEST(who_is_asked_ends_a_call),
    };
#undef TEST

    return cmocka_run_group_tests(tests, curl_begin, curl_end);
}
