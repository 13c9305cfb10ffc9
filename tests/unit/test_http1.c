/* SPDX-License-Identifier: MIT
 *
 * test_http1 - responses as the direct lane's reader understands them, and
 * requests as its writer puts them on the wire. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "load/http1_read.h"
#include "load/http1_write.h"

#define OK_HEAD  "HTTP/1.1 200 OK\r\n"
#define CHUNKED  OK_HEAD "Transfer-Encoding: chunked\r\n\r\n"
#define HEAD_MAX 512u

/* A response read to its end, or as far as it goes. */
struct reading {
    struct http1_read r;
    struct buf head, body;
    enum http1_event event;
    size_t rest; /* bytes that do not belong to it */
};

/* One for all: what was read before changes nothing. */
static struct http1_known known;

static void reading_init(struct reading *x, bool is_head)
{
    buf_init(&x->head, HEAD_MAX);
    buf_init(&x->body, 1u << 20);
    http1_read_begin(&x->r, &x->head, is_head, &known);
}

static void reading_feed(struct reading *x, const char *text, size_t n)
{
    const char *at = text, *end = text + n;
    struct http1_piece piece;

    do {
        x->event = http1_read_next(&x->r, &at, end, &piece);
        if (x->event == HTTP1_BODY) {
            buf_add(&x->body, piece.data, piece.n);
        }
    } while (x->event == HTTP1_BODY);
    x->rest = (size_t)(end - at);
}

static void reading_clear(struct reading *x)
{
    buf_clear(&x->head);
    buf_clear(&x->body);
}

static void responses_are_read_with_their_framing(void **state)
{
    static const struct {
        const char *text;
        unsigned status;
        const char *body;
        bool keep;
        size_t rest;
    } cases[] = {
        {OK_HEAD "Content-Length: 2\r\n\r\nok", 200, "ok", true, 0},
        {OK_HEAD "Content-Length: 2\n\nok", 200, "ok", true, 0},
        {"HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n", 404, "", true, 0},
        {OK_HEAD "Content-Length: 2\r\n\r\nokay", 200, "ok", true, 2},
        {OK_HEAD "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok", 200, "ok",
         true, 0},
        {OK_HEAD "Content-Length: 2 , 02\r\n\r\nok", 200, "ok", true, 0},
        {OK_HEAD "Connection: close\r\nContent-Length: 2\r\n\r\nok", 200, "ok",
         false, 0},
        {OK_HEAD "Connection: a , CLOSE\r\nContent-Length: 2\r\n\r\nok", 200,
         "ok", false, 0},
        {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok", false, 0},
        {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n"
         "Content-Length: 2\r\n\r\nok",
         200, "ok", true, 0},
        {CHUNKED "2\r\nok\r\n0\r\n\r\n", 200, "ok", true, 0},
        {CHUNKED "1;a=b;c=\"d\"\r\no\r\n01 \r\nk\r\n000;z\r\n\r\nmore", 200,
         "ok", true, 4},
        {CHUNKED "2\nok\n0\n\n", 200, "ok", true, 0},
        {CHUNKED "2\r\nok\r\n0\r\nA: b\r\n folded\r\nC:\r\n\r\n", 200, "ok",
         true, 0},
        {OK_HEAD "Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "2\r\nok\r\n0\r\n\r\n",
         200, "ok", false, 0},
        {"HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\n", 204, "", true, 0},
        {"HTTP/1.1 304 Same\r\nTransfer-Encoding: chunked\r\n\r\n", 304, "",
         true, 0},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\n"
         "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
         200, "ok", true, 0},
        {OK_HEAD "A: b\r\n c\r\n\td\r\nContent-Length: 2\r\n\r\nok", 200, "ok",
         true, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reading x;

        reading_init(&x, false);
        reading_feed(&x, cases[i].text, strlen(cases[i].text));
        assert_int_equal(x.event, HTTP1_END);
        assert_int_equal(x.r.status, cases[i].status);
        assert_string_equal(buf_str(&x.body), cases[i].body);
        assert_int_equal(x.r.keep, cases[i].keep);
        assert_int_equal(x.rest, cases[i].rest);
        assert_null(strstr(buf_str(&x.head), "103"));
        reading_clear(&x);
    }
}

static void what_cannot_be_trusted_is_refused(void **state)
{
    static const struct {
        const char *text, *wrong;
    } cases[] = {
        {"banana", "not a response of HTTP/1.0 or 1.1"},
        {"\r\n" OK_HEAD, "not a response of HTTP/1.0 or 1.1"},
        {"HTTP/1.2 200 OK\r\n", "not a response of HTTP/1.0 or 1.1"},
        {"HTTP/1.1 2000 OK\r\n", "not a response of HTTP/1.0 or 1.1"},
        {"HTTP/1.1 099 OK\r\n", "not a response of HTTP/1.0 or 1.1"},
        {OK_HEAD " A: b\r\n", "white space before the first header"},
        {OK_HEAD "banana\r\n", "a header without a colon"},
        {OK_HEAD "Content-Length: banana\r\n",
         "Content-Length is not one number"},
        {OK_HEAD "Content-Length: 1\r\nContent-Length: 2\r\n",
         "Content-Length is not one number"},
        {OK_HEAD "Content-Length: 1, 2\r\n",
         "Content-Length is not one number"},
        {OK_HEAD "Content-Length: 18446744073709551616\r\n",
         "Content-Length is not one number"},
        {OK_HEAD "Content-Length: +1\r\n", "Content-Length is not one number"},
        {OK_HEAD "Content-Length : 1\r\n",
         "white space before the colon of a length"},
        {OK_HEAD "Content-Length: 1\r\n 2\r\n",
         "a folded header about the body's length"},
        {OK_HEAD "Transfer-Encoding: gzip, chunked\r\n",
         "Transfer-Encoding is not \"chunked\""},
        {OK_HEAD "Transfer-Encoding: chunked\r\n"
                 "Transfer-Encoding: chunked\r\n",
         "Transfer-Encoding is not \"chunked\""},
        {CHUNKED "\r\n", "a chunk without a size"},
        {CHUNKED "2z\r\n", "a chunk's size is not a number"},
        {CHUNKED "10000000000000000\r\n", "a chunk's size is out of range"},
        {CHUNKED "2\r\nokay", "a chunk is longer than its size"},
        {CHUNKED "2\r\r\n", "a stray CR after a chunk's size"},
        {CHUNKED "0\r\nbanana\r\n", "a trailer without a colon"},
        {"HTTP/1.1 101 Switched\r\n\r\n",
         "101: the protocol was switched, unasked"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reading x;

        reading_init(&x, false);
        reading_feed(&x, cases[i].text, strlen(cases[i].text));
        assert_int_equal(x.event, HTTP1_WRONG);
        assert_string_equal(x.r.wrong, cases[i].wrong);
        reading_clear(&x);
    }
}

/* Reads text at once; were its head's bytes compared, not read? */
static bool was_known(const char *text, bool is_head)
{
    unsigned next = known.next;
    struct reading x;

    reading_init(&x, is_head);
    reading_feed(&x, text, strlen(text));
    assert_true(x.event == HTTP1_END);
    assert_true(x.r.head == &x.head && x.r.known == &known);
    assert_string_equal(buf_str(&x.body),
                        is_head ? "" : strstr(text, "\n\n") + 2);
    reading_clear(&x);
    return known.next == next;
}

static void a_head_is_read_once(void **state)
{
    static const char a[] = OK_HEAD "A: a\r\nContent-Length: 2\n\nab";
    static const char *const others[] = {
        OK_HEAD "A: b\r\nContent-Length: 3\n\nabc",
        OK_HEAD "A: a\r\nContent-Length: 2\nB:\n\nab",
        OK_HEAD "A: d\r\nContent-Length: 2\n\nab",
        OK_HEAD "A: e\r\nContent-Length: 2\n\nab",
    };

    (void)state;
    memset(&known, 0, sizeof known);
    assert_false(was_known(a, false));
    assert_true(was_known(a, false));
    assert_false(was_known(a, true)); /* which says something else to a HEAD */
    assert_true(was_known(a, true));
    assert_true(was_known(a, false));
    for (size_t i = 0; i < 4; i++) {
        assert_false(was_known(others[i], false));
        assert_true(was_known(others[i], false));
    }
    assert_false(was_known(a, false)); /* the oldest have gone */
}

static void only_a_head_that_came_whole_and_alone_is_known(void **state)
{
    struct reading x;

    (void)state;
    memset(&known, 0, sizeof known);
    reading_init(&x, false);
    reading_feed(&x, OK_HEAD, strlen(OK_HEAD));
    reading_feed(&x, "Content-Length: 0\n\n", 19);
    assert_int_equal(x.event, HTTP1_END);
    reading_clear(&x);
    reading_init(&x, false);
    reading_feed(&x, "HTTP/1.1 103 \n\n" OK_HEAD "\n", 33);
    assert_int_equal(x.event, HTTP1_MORE);
    assert_true(x.r.head_done);
    reading_clear(&x);
    assert_int_equal(known.next, 0);
}

static void a_response_to_head_has_no_body(void **state)
{
    struct reading x;

    (void)state;
    reading_init(&x, true);
    reading_feed(&x, OK_HEAD "Content-Length: 20\r\n\r\n", 39);
    assert_int_equal(x.event, HTTP1_END);
    assert_true(x.r.keep);
    reading_clear(&x);
}

static void a_body_without_length_ends_with_the_connection(void **state)
{
    struct reading x;

    (void)state;
    reading_init(&x, false);
    reading_feed(&x, OK_HEAD, strlen(OK_HEAD));
    assert_false(http1_read_closed(&x.r));
    reading_feed(&x, "A: b\r\n\r\nall of it", 17);
    assert_int_equal(x.event, HTTP1_MORE);
    assert_true(http1_read_closed(&x.r));
    assert_false(x.r.keep);
    assert_string_equal(buf_str(&x.body), "all of it");
    reading_clear(&x);
    reading_init(&x, false);
    reading_feed(&x, OK_HEAD "Content-Length: 9\r\n\r\nsome", 42);
    assert_int_equal(x.event, HTTP1_MORE);
    assert_false(http1_read_closed(&x.r));
    reading_clear(&x);
}

static void heads_and_trailers_are_bounded_together(void **state)
{
    static const char *const begin[] = {OK_HEAD, CHUNKED "0\r\n",
                                        OK_HEAD "X: ", ""};
    static const char *const again[] = {"X: yyyy\r\n", "X: yyyy\r\n", "rubbish",
                                        "HTTP/1.1 103 Hints\r\n\r\n"};

    (void)state;
    for (size_t i = 0; i < sizeof begin / sizeof begin[0]; i++) {
        struct reading x;
        size_t fed = strlen(begin[i]);

        reading_init(&x, false);
        reading_feed(&x, begin[i], fed);
        while (x.event == HTTP1_MORE) {
            assert_true(fed <= HEAD_MAX + strlen(CHUNKED));
            reading_feed(&x, again[i], strlen(again[i]));
            fed += strlen(again[i]);
        }
        assert_int_equal(x.event, HTTP1_LARGE);
        assert_true(x.head.len <= HEAD_MAX);
        reading_clear(&x);
    }
}

static void urls_are_taken_apart_or_left_to_libcurl(void **state)
{
    static const struct {
        const char *url, *host, *path;
        unsigned port;
        bool tls;
    } cases[] = {
        {"http://a.example", "a.example", "", 80, false},
        {"HTTP://a-b_c.example/", "a-b_c.example", "/", 80, false},
        {"https://a/x?y=z", "a", "/x?y=z", 443, true},
        {"http://127.0.0.1:8080/a.b/.c/d", "127.0.0.1", "/a.b/.c/d", 8080,
         false},
        {"https://[::1]:1/a", "[::1]", "/a", 1, true},
        {"http://a?b=/../c@d", "a", "?b=/../c@d", 80, false},
        {"ftp://a/", NULL, NULL, 0, false},
        {"http://", NULL, NULL, 0, false},
        {"http:///a", NULL, NULL, 0, false},
        {"http://user@a/", NULL, NULL, 0, false},
        {"http://u:p@a/", NULL, NULL, 0, false},
        {"http://a/b#c", NULL, NULL, 0, false},
        {"http://a/b c", NULL, NULL, 0, false},
        {"http://a/\xc3\xa9", NULL, NULL, 0, false},
        {"http://\xc3\xa9/", NULL, NULL, 0, false},
        {"http://a/./b", NULL, NULL, 0, false},
        {"http://a/..", NULL, NULL, 0, false},
        {"http://a/b/%2E%2e/c", NULL, NULL, 0, false},
        {"http://a:0/", NULL, NULL, 0, false},
        {"http://a:/", NULL, NULL, 0, false},
        {"http://a:65536/", NULL, NULL, 0, false},
        {"http://a:99999999999999/", NULL, NULL, 0, false},
        {"http://127.1/", NULL, NULL, 0, false},
        {"http://0x7f.0.0.1/", NULL, NULL, 0, false},
        {"http://127.0.0.01/", NULL, NULL, 0, false},
        {"http://127.0.0.256/", NULL, NULL, 0, false},
        {"http://[::1/", NULL, NULL, 0, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct http1_target t;
        bool ok = http1_target_of(cases[i].url, &t);

        assert_int_equal(ok, cases[i].host != NULL);
        if (!ok) {
            continue;
        }
        assert_int_equal(t.host_len, strlen(cases[i].host));
        assert_memory_equal(t.host, cases[i].host, t.host_len);
        assert_int_equal(t.path_len, strlen(cases[i].path));
        assert_memory_equal(t.path, cases[i].path, t.path_len);
        assert_int_equal(t.port, cases[i].port);
        assert_int_equal(t.usual_port, t.port == (t.tls ? 443 : 80));
        assert_int_equal(t.tls, cases[i].tls);
    }
}

static void assert_head(const struct call *c, const char *want, bool close)
{
    struct http1_target t;
    struct buf out;
    bool closes = !close;

    buf_init(&out, 4096);
    assert_true(http1_target_of(c->url, &t));
    http1_write_head(&out, c, &t, &closes);
    assert_string_equal(buf_str(&out), want);
    assert_int_equal(closes, close);
    buf_clear(&out);
}

static void a_request_is_written_as_it_was_given(void **state)
{
    static const char *const lines[] = {
        "X-One: 1", "X-Empty: ", "user-agent: mine", "Connection: Close"};
    struct call c = {.method = "GET", .url = "http://a:81?b"};

    (void)state;
    assert_head(&c,
                "GET /?b HTTP/1.1\r\nHost: a:81\r\nUser-Agent: " PACKAGE_NAME
                "/" PACKAGE_VERSION "\r\n\r\n",
                false);
    c.url = "https://a:443/x";
    c.method = "POST";
    c.headers = lines;
    c.n_headers = 4;
    assert_head(&c,
                "POST /x HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nX-Empty:\r\n"
                "user-agent: mine\r\nConnection: Close\r\n"
                "Content-Length: 0\r\n\r\n",
                true);
    c.has_body = true;
    c.body = "abc";
    c.body_len = 3;
    c.n_headers = 3;
    c.method = "HEAD"; /* whose body stays here */
    assert_head(&c,
                "HEAD /x HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nX-Empty:\r\n"
                "user-agent: mine\r\n\r\n",
                false);
}

static void headers_that_frame_a_request_are_left_to_libcurl(void **state)
{
    static const char *const not [] = {"Content-Length: 5",
                                       "transfer-encoding: chunked",
                                       "Expect: 100-continue",
                                       "TE: trailers",
                                       "Trailer: X",
                                       "Upgrade: websocket",
                                       "X-Smuggle: a\r\nX-Other: b",
                                       "no colon"};
    static const char *const fine[] = {"Content-Type: a", "Host: b",
                                       "Content-Lengthy: 1"};
    struct call c = {.headers = fine, .n_headers = 3};

    (void)state;
    assert_true(http1_can_write(&c));
    for (size_t i = 0; i < sizeof not / sizeof not [0]; i++) {
        c.headers = &not [i];
        c.n_headers = 1;
        assert_false(http1_can_write(&c));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(responses_are_read_with_their_framing),
        cmocka_unit_test(what_cannot_be_trusted_is_refused),
        cmocka_unit_test(a_head_is_read_once),
        cmocka_unit_test(only_a_head_that_came_whole_and_alone_is_known),
        cmocka_unit_test(a_response_to_head_has_no_body),
        cmocka_unit_test(a_body_without_length_ends_with_the_connection),
        cmocka_unit_test(heads_and_trailers_are_bounded_together),
        cmocka_unit_test(urls_are_taken_apart_or_left_to_libcurl),
        cmocka_unit_test(a_request_is_written_as_it_was_given),
        cmocka_unit_test(headers_that_frame_a_request_are_left_to_libcurl),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
