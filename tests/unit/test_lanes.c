/* SPDX-License-Identifier: MIT
 *
 * test_lanes - both lanes against a raw server that misbehaves: the kind of
 * failure, the status, the presence of times, the bytes. Each case runs over
 * either lane, and over TLS in the direct one, with libcurl in between and
 * without; a corpus of responses over both, to be the same in both. */
#include "config.h"

#include "load/lanes.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <dirent.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>
#include <ev.h>
#include <cmocka.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "load/lane_curl.h"
#include "load/limits.h"
#include "support/raw_server.h"
#include "support/tls_front.h"

/* A time-out that no test waits for. */
/* Ends nothing on the slowest machine. */
#define LONG_US (300 * US_PER_SEC)

struct world {
    struct raw_server *server;
    struct tls_front *front; /* NULL = in the clear */
    struct ev_loop *loop;
    struct dial dial;
    struct lane_options options;
    struct lane_curl *curl; /* one of the two */
    struct lanes *lanes;
    struct transport t;
    struct port *port;
    struct exchange **kept; /* copies of what deeds were told */
    size_t n_kept, cap_kept;
};

/* One call and what came of it. */
struct deed {
    struct world *w;
    struct call call;
    char url[256];
    bool done;
    struct exchange *x;    /* a copy, the world's */
    struct exchange *told; /* the lane's own */
    bool by_libcurl;       /* it goes there, whatever the world's lane */
    size_t pieces;         /* on_body calls */
    size_t stop_after; /* on_body answers false from this piece on; 0 = never */
    mono_us piece_at;
    uint64_t read_before; /* requests that the server had read by then */
    bool stalled;         /* its last piece came a while ago */
    struct deed *then;    /* started from inside on_done */
    bool in_start;
};

static struct world *world_new(void)
{
    struct world *w = xcalloc(1, sizeof *w);

    w->server = raw_server_new();
    w->loop = ev_loop_new(EVFLAG_AUTO);
    lane_options_init(&w->options, &w->dial);
    return w;
}

static int world_setup_by_libcurl(void **state, bool apart)
{
    struct world *w = world_new();

    w->options.apart = apart;
    w->curl = lane_curl_new(w->loop, clk_system(), &w->options);
    w->t = lane_curl_transport(w->curl);
    w->port = w->t.ops->open(w->t.self, 1);
    *state = w;
    return 0;
}

static int world_setup_libcurl(void **state)
{
    return world_setup_by_libcurl(state, false);
}

static int world_setup_apart(void **state)
{
    return world_setup_by_libcurl(state, true);
}

static void world_open_direct(struct world *w)
{
    w->dial.http1 = true; /* so that https is direct, too */
    w->lanes = lanes_new(w->loop, clk_system(), &w->options);
    w->t = lanes_transport(w->lanes);
    w->port = w->t.ops->open(w->t.self, 1);
}

static int world_setup_direct(void **state)
{
    struct world *w = world_new();

    world_open_direct(w);
    *state = w;
    return 0;
}

static int world_setup_front(void **state, enum tls_front_whim whim,
                             bool by_libcurl)
{
    struct world *w = world_new();

    w->front = tls_front_new(raw_server_port(w->server), whim);
    w->dial.insecure = true;
    w->options.tls_by_libcurl = by_libcurl;
    world_open_direct(w);
    *state = w;
    return 0;
}

static int world_setup_tls(void **state)
{
    return world_setup_front(state, TLS_FRONT_PLAIN, false);
}

static int world_setup_tls_by_libcurl(void **state)
{
    return world_setup_front(state, TLS_FRONT_PLAIN, true);
}

static int world_setup_tls_that_speaks_first(void **state)
{
    return world_setup_front(state, TLS_FRONT_SPEAKS_FIRST, false);
}

static int world_setup_tls_of_new_keys(void **state)
{
    return world_setup_front(state, TLS_FRONT_NEW_KEYS, false);
}

static int world_setup_tls_that_renegotiates(void **state)
{
    return world_setup_front(state, TLS_FRONT_RENEGOTIATES, false);
}

static int world_teardown(void **state)
{
    struct world *w = *state;

    w->t.ops->close(w->t.self, &w->port);
    assert_null(w->port);
    lane_curl_free(&w->curl);
    lanes_free(&w->lanes);
    lane_options_clear(&w->options);
    ev_loop_destroy(w->loop);
    tls_front_free(&w->front);
    raw_server_free(&w->server);
    for (size_t i = 0; i < w->n_kept; i++) {
        buf_clear(&w->kept[i]->head);
        buf_clear(&w->kept[i]->body);
        free(w->kept[i]);
    }
    free(w->kept);
    free(w);
    return 0;
}

static void buf_copy(struct buf *to, const struct buf *from)
{
    buf_init(to, from->max);
    buf_add(to, buf_str(from), from->len);
    to->cut = from->cut;
}

/* What a deed was told holds in on_done alone. */
static struct exchange *world_keep(struct world *w, const struct exchange *x)
{
    struct exchange *copy = xmalloc(sizeof *copy);

    *copy = *x;
    buf_copy(&copy->head, &x->head);
    buf_copy(&copy->body, &x->body);
    w->kept = xgrow(w->kept, w->n_kept, &w->cap_kept, sizeof w->kept[0]);
    w->kept[w->n_kept++] = copy;
    return copy;
}

static void deed_start(struct deed *d)
{
    d->in_start = true;
    d->w->t.ops->start(d->w->t.self, d->w->port, &d->call);
    d->in_start = false;
}

static void deed_on_done(void *ctx, struct exchange *x)
{
    struct deed *d = ctx;

    assert_false(d->in_start);
    d->done = true;
    d->told = x;
    d->x = world_keep(d->w, x);
    assert_int_equal(
        x->lane, d->w->curl != NULL || d->by_libcurl ? LANE_CURL : LANE_DIRECT);
    if (d->then != NULL) {
        deed_start(d->then);
    } else {
        ev_break(d->w->loop, EVBREAK_ALL);
    }
}

static bool deed_on_body(void *ctx, const char *data, size_t n, mono_us at)
{
    struct deed *d = ctx;

    assert_true(n > 0);
    assert_non_null(data);
    assert_true(at >= d->piece_at);
    d->piece_at = at;
    d->pieces++;
    return d->stop_after == 0 || d->pieces < d->stop_after;
}

static void world_url(const struct world *w, const char *path, char *into,
                      size_t size)
{
    if (w->front == NULL) {
        raw_server_url(w->server, path, into, size);
    } else {
        snprintf(into, size, "https://127.0.0.1:%u%s", tls_front_port(w->front),
                 path);
    }
}

static void deed_init(struct deed *d, struct world *w, const char *path)
{
    *d = (struct deed){.w = w};
    world_url(w, path, d->url, sizeof d->url);
    d->call.method = "GET";
    d->call.url = d->url;
    d->call.timeout_us = LONG_US;
    d->call.keep_body = true;
    d->call.on_done = deed_on_done;
    d->call.ctx = d;
}

static struct exchange *deed_run(struct deed *d)
{
    deed_start(d);
    assert_false(d->done);
    ev_run(d->w->loop, 0);
    assert_true(d->done);
    return d->x;
}

static struct exchange *world_get(struct world *w, const char *path)
{
    static struct deed d; /* read after the call, by the caller's asserts */

    deed_init(&d, w, path);
    return deed_run(&d);
}

static void assert_response(const struct exchange *x, unsigned status,
                            const char *body)
{
    assert_string_equal(x->message, "");
    assert_int_equal(x->failure, FAILURE_NONE);
    assert_int_equal(x->status, status);
    assert_string_equal(buf_str(&x->body), body);
    assert_int_equal(x->body.len, strlen(body));
    assert_false(x->body.cut);
    assert_true(x->sending + x->waiting + x->receiving > 0);
    assert_true(x->blocked + x->connecting + x->tls + x->sending + x->waiting +
                    x->receiving <=
                x->took);
    assert_true(x->sent > 0);
    assert_true(x->received >= x->body.len + x->head.len);
}

static void assert_failure(const struct exchange *x, enum failure kind)
{
    assert_int_equal(x->failure, kind);
    assert_int_equal(x->status, 0);
    assert_int_equal(x->blocked + x->connecting + x->tls, 0);
    assert_int_equal(x->sending + x->waiting + x->receiving, 0);
    assert_true(x->message[0] != '\0');
}

static void a_response_has_status_body_head_times_and_bytes(void **state)
{
    struct exchange *x = world_get(*state, "/ok");

    assert_response(x, 200, "ok");
    assert_int_equal(x->proto, PROTO_HTTP_1_1);
    assert_string_equal(buf_str(&x->head),
                        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                        "X-Raw: yes\r\n\r\n");
    assert_int_equal(x->received, x->head.len + 2);
    assert_int_equal(x->retries, 0);
    assert_false(x->reused);
    assert_true(x->connecting > 0);
    assert_true((x->tls > 0) == (((struct world *)*state)->front != NULL));
    assert_true(x->waiting > 0);
}

static void a_kept_connection_has_no_connecting_time(void **state)
{
    struct world *w = *state;
    struct exchange *x;

    world_get(w, "/ok");
    for (int i = 0; i < 5; i++) {
        x = world_get(w, "/ok");
        assert_response(x, 200, "ok");
        assert_true(x->reused);
        assert_int_equal(x->connecting, 0);
        assert_int_equal(x->retries, 0);
    }
    assert_int_equal(raw_server_connections(w->server), 1);
    assert_int_equal(raw_server_requests(w->server), 6);
    assert_int_equal(w->t.ops->connections(w->t.self), 1);
}

static void the_next_call_may_start_from_inside_on_done(void **state)
{
    struct world *w = *state;
    struct deed a, b;

    deed_init(&a, w, "/ok");
    deed_init(&b, w, "/status/404");
    a.then = &b;
    deed_run(&a);
    assert_true(b.done);
    assert_response(b.x, 404, "status");
    assert_true(b.x->reused);
}

static void a_request_goes_out_as_it_was_given(void **state)
{
    static const char *const headers[] = {"X-One: 1", "Content-Type: text/x",
                                          "X-Empty: "};
    struct world *w = *state;
    struct deed d;
    const char *text;

    deed_init(&d, w, "/echo?q=1");
    d.call.method = "POST";
    d.call.headers = headers;
    d.call.n_headers = 3;
    d.call.body = "some\0body";
    d.call.body_len = 9;
    d.call.has_body = true;
    deed_run(&d);
    text = buf_str(&d.x->body);
    assert_memory_equal(text, "POST /echo?q=1 HTTP/1.1\r\n", 25);
    assert_non_null(strstr(text, "\r\nX-One: 1\r\n"));
    assert_non_null(strstr(text, "\r\nX-Empty:\r\n"));
    assert_non_null(strstr(text, "\r\nContent-Type: text/x\r\n"));
    assert_non_null(strstr(text, "\r\nContent-Length: 9\r\n"));
    assert_non_null(
        strstr(text, "\r\nUser-Agent: " PACKAGE_NAME "/" PACKAGE_VERSION));
    assert_null(strstr(text, "\r\nAccept"));
    assert_null(strstr(text, "\r\nExpect"));
    assert_memory_equal(text + d.x->body.len - 9, "some\0body", 9);
    assert_int_equal(d.x->sent, d.x->body.len);
}

static void a_header_of_the_request_wins_over_the_usual_one(void **state)
{
    static const char *const headers[] = {"user-agent: mine", "Accept: a/b",
                                          "Host: other.example"};
    struct world *w = *state;
    struct deed d;
    const char *text;

    deed_init(&d, w, "/echo");
    d.call.headers = headers;
    d.call.n_headers = 3;
    deed_run(&d);
    text = buf_str(&d.x->body);
    assert_non_null(strstr(text, "\r\nuser-agent: mine\r\n"));
    assert_null(strstr(text, PACKAGE_NAME));
    assert_non_null(strstr(text, "\r\nAccept: a/b\r\n"));
    assert_non_null(strstr(text, "\r\nHost: other.example\r\n"));
    assert_null(strstr(text, "127.0.0.1"));
}

static void every_method_goes_out_by_its_name_in_any_order(void **state)
{
    static const struct {
        const char *method;
        bool has_body;
        const char *length; /* as sent; NULL = none */
    } cases[] = {
        {"GET", false, NULL},   {"POST", true, "4"},      {"GET", false, NULL},
        {"PUT", true, "4"},     {"DELETE", false, NULL},  {"DELETE", true, "4"},
        {"PATCH", true, "4"},   {"OPTIONS", false, NULL}, {"POST", false, "0"},
        {"PUT", false, "0"},    {"HEAD", false, NULL},    {"GET", true, "4"},
        {"OPTIONS", true, "4"}, {"HEAD", false, NULL},    {"POST", true, "4"},
        {"GET", false, NULL},   {"PATCH", false, "0"},
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct deed d;
        char want[64];
        const char *text;

        deed_init(&d, w, "/echo");
        d.call.method = cases[i].method;
        d.call.has_body = cases[i].has_body;
        d.call.body = cases[i].has_body ? "body" : NULL;
        d.call.body_len = cases[i].has_body ? 4 : 0;
        deed_run(&d);
        assert_int_equal(d.x->failure, FAILURE_NONE);
        text = buf_str(&d.x->body);
        if (strcmp(cases[i].method, "HEAD") == 0) {
            assert_string_equal(text, "");
            continue;
        }
        snprintf(want, sizeof want, "%s /echo ", cases[i].method);
        assert_memory_equal(text, want, strlen(want));
        if (cases[i].length != NULL) {
            snprintf(want, sizeof want, "\r\nContent-Length: %s\r\n",
                     cases[i].length);
            assert_non_null(strstr(text, want));
        } else {
            assert_null(strstr(text, "Content-Length"));
        }
        if (cases[i].has_body) {
            assert_string_equal(text + d.x->body.len - 4, "body");
        }
    }
    assert_int_equal(raw_server_connections(w->server), 1);
}

static void
fixed_requests_alternate_with_others_and_stay_themselves(void **state)
{
    static const char *const ha[] = {"X-A: a"};
    static const char *const hb[] = {"X-B: b"};
    static const char *const hc[] = {"X-C: c"};
    static const int order[] = {0, 0, 1, 0, 2, 0, 1, 1, 2, 2, 1, 0};
    struct world *w = *state;
    struct deed d[3];

    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        int k = order[i];
        const char *text;

        deed_init(&d[0], w, "/echo/a");
        d[0].call.fixed = &d[0];
        d[0].call.method = "POST";
        d[0].call.has_body = true;
        d[0].call.body = "aaa";
        d[0].call.body_len = 3;
        d[0].call.headers = ha;
        d[0].call.n_headers = 1;
        deed_init(&d[1], w, "/echo/b");
        d[1].call.fixed = &d[1];
        d[1].call.headers = hb;
        d[1].call.n_headers = 1;
        deed_init(&d[2], w, "/echo/c");
        d[2].call.method = "PUT";
        d[2].call.has_body = true;
        d[2].call.body = "c";
        d[2].call.body_len = 1;
        d[2].call.headers = hc;
        d[2].call.n_headers = 1;
        deed_run(&d[k]);
        text = buf_str(&d[k].x->body);
        assert_int_equal(strstr(text, "POST /echo/a ") != NULL, k == 0);
        assert_int_equal(strstr(text, "GET /echo/b ") != NULL, k == 1);
        assert_int_equal(strstr(text, "PUT /echo/c ") != NULL, k == 2);
        assert_int_equal(strstr(text, "X-A: a") != NULL, k == 0);
        assert_int_equal(strstr(text, "X-B: b") != NULL, k == 1);
        assert_int_equal(strstr(text, "X-C: c") != NULL, k == 2);
        assert_int_equal(strstr(text, "\r\n\r\naaa") != NULL, k == 0);
    }
}

static void bodies_of_any_size_go_out_on_a_kept_connection(void **state)
{
    static const size_t sizes[] = {1, 70000, 0, 900000, 1400, 65536, 2};
    struct world *w = *state;
    char *body = xmalloc(1000000);

    memset(body, 'x', 1000000);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct deed d;

        deed_init(&d, w, "/ok");
        d.call.method = "POST";
        d.call.body = body;
        d.call.body_len = sizes[i];
        d.call.has_body = true;
        deed_run(&d);
        assert_response(d.x, 200, "ok");
        assert_true(d.x->sent > sizes[i] && d.x->sent < sizes[i] + 400);
    }
    assert_int_equal(raw_server_connections(w->server), 1);
    assert_int_equal(raw_server_requests(w->server),
                     sizeof sizes / sizeof sizes[0]);
    free(body);
}

static int line_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The request that the server read, its header lines in order of the
 * alphabet. */
static char *sorted_echo(const struct exchange *x)
{
    char *text = xstrdup(buf_str(&x->body));
    char *out = xcalloc(1, strlen(text) + 1);
    char *lines[64], *next = text;
    size_t n = 0;

    while (*next != '\0' && n < 64) {
        char *end = strstr(next, "\r\n");

        lines[n++] = next;
        if (end == NULL) {
            break;
        }
        *end = '\0';
        next = end + 2;
    }
    qsort(lines + 1, n - 1, sizeof lines[0], line_compare);
    for (size_t i = 0; i < n; i++) {
        memcpy(out + strlen(out), lines[i], strlen(lines[i]));
        out[strlen(out)] = '\n';
    }
    free(text);
    return out;
}

static void a_fixed_request_goes_out_like_one_that_is_not(void **state)
{
    static const struct {
        const char *method, *path, *body;
        const char *headers[4];
    } cases[] = {
        {"GET", "/echo", NULL, {NULL}},
        {"GET", "/echo", NULL, {"X-Empty:", NULL}},
        {"GET", "/echo?a=b@c", NULL, {"Content-Type: a/b", NULL}},
        {"POST", "/echo", "{}", {"Content-Type: application/json", NULL}},
        {"POST", "/echo", "{}", {"X-A: 1", "Content-Type: a/b", NULL}},
        {"POST", "/echo", "{}", {"X-A: 1", NULL}},
        {"POST", "/echo", NULL, {NULL}},
        {"PUT", "/echo", "x", {"Host: other.example:8", "X-B: 2", NULL}},
        {"GET", "/echo", NULL, {"Host: other.example", NULL}},
        {"PATCH", "/echo", "x", {"User-Agent: mine", "Accept: a/b", NULL}},
        {"DELETE", "/echo", NULL, {"Cookie: a=b", "Authorization: c", NULL}},
        {"POST", "/echo", "x", {"Connection: keep-alive", "Expect:", NULL}},
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct deed d;
        char *sent[2];

        for (int fixed = 0; fixed < 2; fixed++) {
            deed_init(&d, w, cases[i].path);
            d.call.method = cases[i].method;
            d.call.body = cases[i].body;
            d.call.has_body = cases[i].body != NULL;
            d.call.body_len = d.call.has_body ? strlen(cases[i].body) : 0;
            d.call.headers = cases[i].headers;
            while (d.call.headers[d.call.n_headers] != NULL) {
                d.call.n_headers++;
            }
            d.call.fixed = fixed ? &cases[i] : NULL;
            d.by_libcurl = cases[i].headers[0] != NULL &&
                           cases[i].headers[1] != NULL &&
                           strcmp(cases[i].headers[1], "Expect:") == 0;
            deed_run(&d);
            assert_int_equal(d.x->status, 200);
            sent[fixed] = sorted_echo(d.x);
        }
        assert_string_equal(sent[0], sent[1]);
        free(sent[0]);
        free(sent[1]);
    }
}

static void statuses_are_data_and_need_no_body(void **state)
{
    assert_response(world_get(*state, "/status/500"), 500, "status");
    assert_response(world_get(*state, "/status/429"), 429, "status");
    assert_response(world_get(*state, "/empty/204"), 204, "");
    assert_response(world_get(*state, "/empty/304"), 304, "");
    assert_response(world_get(*state, "/ok"), 200, "ok");
    assert_response(world_get(*state, "/status/302"), 302, "status");
}

static void interim_responses_are_skipped(void **state)
{
    struct exchange *x = world_get(*state, "/interim");

    assert_response(x, 200, "ok");
    assert_memory_equal(x->head.data, "HTTP/1.1 200 OK", 15);
    assert_null(strstr(x->head.data, "103"));
    assert_true(x->received > x->head.len + x->body.len);
}

static void every_framing_of_a_body_is_read(void **state)
{
    struct exchange *x;

    assert_response(world_get(*state, "/drip"), 200, "dripping");
    x = world_get(*state, "/trailers");
    assert_response(x, 200, "with trailers");
    assert_null(strstr(buf_str(&x->head), "X-Sum:"));
    x = world_get(*state, "/http10");
    assert_response(x, 200, "old but good");
    assert_int_equal(x->proto, PROTO_HTTP_1_0);
    assert_response(world_get(*state, "/no-length"), 200, "until the end");
    assert_response(world_get(*state, "/ok"), 200, "ok");
}

static void a_body_is_kept_to_its_bound_and_counted_whole(void **state)
{
    struct world *w = *state;
    struct deed d;

    deed_init(&d, w, "/huge");
    deed_run(&d);
    assert_int_equal(d.x->failure, FAILURE_NONE);
    assert_int_equal(d.x->body.len, EXCHANGE_BODY_MAX);
    assert_true(d.x->body.cut);
    assert_int_equal(d.told->body.cap, 0); /* not held */
    assert_int_equal(d.x->received, d.x->head.len + RAW_HUGE_BYTES);

    deed_init(&d, w, "/huge");
    d.call.keep_body = false;
    deed_run(&d);
    assert_int_equal(d.x->body.len, EXCHANGE_SAMPLE_MAX);
    assert_true(d.x->body.cut);
    assert_response(world_get(w, "/ok"), 200, "ok");
}

static void the_body_is_told_piece_by_piece(void **state)
{
    struct world *w = *state;
    struct deed d;

    deed_init(&d, w, "/drip");
    d.call.on_body = deed_on_body;
    deed_run(&d);
    assert_response(d.x, 200, "dripping");
    assert_true(d.pieces >= 1 && d.pieces <= 8);
}

static void on_body_may_end_the_exchange_as_complete(void **state)
{
    struct world *w = *state;
    struct deed d;

    deed_init(&d, w, "/event-stall");
    d.call.on_body = deed_on_body;
    d.stop_after = 1;
    deed_run(&d);
    assert_response(d.x, 200, "data: a\n\n");
    assert_int_equal(w->t.ops->connections(w->t.self), 0);
}

static void deed_on_timer(struct ev_loop *loop, struct ev_timer *t, int revents)
{
    struct deed *d = t->data;
    bool came = d->call.on_body != NULL
                    ? d->pieces > 0
                    : raw_server_requests(d->w->server) > d->read_before;

    (void)revents;
    if (d->stalled) {
        ev_timer_stop(loop, t);
        d->w->t.ops->finish(d->w->t.self, d->w->port);
    }
    d->stalled = came;
}

/* Starts d, and finishes it some time after the piece that it stalls on, or
 * after the request was read. */
static void deed_run_and_finish(struct deed *d)
{
    struct ev_timer t;

    d->read_before = raw_server_requests(d->w->server);
    ev_timer_init(&t, deed_on_timer, 0.02, 0.02);
    t.data = d;
    ev_timer_start(d->w->loop, &t);
    deed_run(d);
}

static void a_call_can_be_finished_where_it_stands(void **state)
{
    struct world *w = *state;
    struct deed d;

    mono_us before = clk_now(clk_system());

    deed_init(&d, w, "/event-stall");
    d.call.on_body = deed_on_body;
    deed_run_and_finish(&d);
    assert_response(d.x, 200, "data: a\n\n");
    /* It ended with its last piece, not when it was finished. */
    assert_true(d.x->took <= d.piece_at - before);
    assert_true(d.x->sending + d.x->waiting + d.x->receiving <= d.x->took);
    assert_int_equal(w->t.ops->connections(w->t.self), 0);
    deed_init(&d, w, "/stall");
    deed_run_and_finish(&d);
    assert_failure(d.x, FAILURE_RESET);
    w->t.ops->finish(w->t.self, w->port); /* nothing in progress */
}

static void a_connection_closed_too_early_is_reset(void **state)
{
    static const char *const paths[] = {"/close", "/close-head", "/close-body",
                                        "/short-chunk", "/reset"};

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        assert_failure(world_get(*state, paths[i]), FAILURE_RESET);
    }
}

static void what_is_not_http_is_a_protocol_failure(void **state)
{
    assert_failure(world_get(*state, "/rubbish"), FAILURE_PROTOCOL);
    assert_failure(world_get(*state, "/bad-length"), FAILURE_PROTOCOL);
    assert_failure(world_get(*state, "/bad-chunk"), FAILURE_PROTOCOL);
}

static void a_head_without_end_is_too_large(void **state)
{
    struct exchange *x = world_get(*state, "/endless-head");

    assert_failure(x, FAILURE_TOO_LARGE);
    assert_true(x->head.len <= EXCHANGE_HEAD_MAX);
    assert_failure(world_get(*state, "/endless-interim"), FAILURE_TOO_LARGE);
    assert_failure(world_get(*state, "/rubbish-long"), FAILURE_TOO_LARGE);
}

static void silence_ends_in_a_timeout(void **state)
{
    static const char *const paths[] = {"/stall", "/stall-body",
                                        "/event-stall"};
    struct world *w = *state;

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct deed d;

        deed_init(&d, w, paths[i]);
        d.call.timeout_us = 60 * US_PER_MS;
        deed_run(&d);
        assert_failure(d.x, FAILURE_TIMEOUT);
        assert_true(d.x->took >= 60 * US_PER_MS);
    }
    assert_response(world_get(w, "/ok"), 200, "ok");
}

/* A port at which nobody listens. */
static unsigned closed_port(void)
{
    struct raw_server *s = raw_server_new();
    unsigned port = raw_server_port(s);

    raw_server_free(&s);
    return port;
}

static void a_refused_connection_is_refused(void **state)
{
    struct deed d;

    deed_init(&d, *state, "/");
    snprintf(d.url, sizeof d.url, "http://127.0.0.1:%u/", closed_port());
    deed_run(&d);
    assert_failure(d.x, FAILURE_REFUSED);
    assert_string_equal(d.x->message, "connection refused");
    assert_int_equal(d.x->sent, 0);
}

/* A listener that answers no connection any more: its queue is full. */
struct deaf {
    int listener;
    int queued[8];
    unsigned port;
};

static void deaf_init(struct deaf *s)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof at;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(s->listener, (struct sockaddr *)&at, len), 0);
    assert_int_equal(listen(s->listener, 0), 0);
    assert_int_equal(getsockname(s->listener, (struct sockaddr *)&at, &len), 0);
    s->port = ntohs(at.sin_port);
    for (size_t i = 0; i < 8; i++) {
        s->queued[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)connect(s->queued[i], (struct sockaddr *)&at, len);
    }
}

static void deaf_clear(struct deaf *s)
{
    for (size_t i = 0; i < 8; i++) {
        close(s->queued[i]);
    }
    close(s->listener);
}

/* libcurl 7.88 closes such a connection without telling. */
static void a_connection_cut_off_while_it_connects_is_forgotten(void **state)
{
    struct world *w = *state;
    unsigned before = w->t.ops->connections(w->t.self);
    struct deaf deaf;
    struct deed d;
    bool sent = true;

    deaf_init(&deaf);
    deed_init(&d, w, "/");
    snprintf(d.url, sizeof d.url, "http://127.0.0.1:%u/", deaf.port);
    d.call.timeout_us = 60 * US_PER_MS;
    deed_run(&d);
    assert_failure(d.x, FAILURE_TIMEOUT);
    assert_int_equal(w->t.ops->connections(w->t.self), before);

    d.call.timeout_us = LONG_US;
    deed_start(&d);
    while (w->t.ops->connections(w->t.self) == before) {
        ev_run(w->loop, EVRUN_NOWAIT);
    }
    w->t.ops->cancel(w->t.self, w->port, &sent);
    assert_false(sent);
    assert_int_equal(w->t.ops->connections(w->t.self), before);
    /* The descriptor is free and goes to the next connection. */
    assert_response(world_get(w, "/ok"), 200, "ok");
    deaf_clear(&deaf);
}

static void a_handshake_with_a_plain_server_fails_as_tls(void **state)
{
    struct world *w = *state;
    struct deed d;

    deed_init(&d, w, "/");
    snprintf(d.url, sizeof d.url, "https://127.0.0.1:%u/rubbish",
             raw_server_port(w->server));
    deed_run(&d);
    assert_failure(d.x, FAILURE_TLS);
    assert_int_equal(raw_server_requests(w->server), 0);
}

static void a_name_that_is_none_fails_as_dns(void **state)
{
    struct deed d;

    deed_init(&d, *state, "/");
    /* A label that is too long: no resolver is asked for it. */
    snprintf(d.url, sizeof d.url, "http://x%070d.example/", 1);
    deed_run(&d);
    assert_failure(d.x, FAILURE_DNS);
    assert_response(world_get(*state, "/ok"), 200, "ok");
}

static void a_url_that_is_none_fails_without_a_connection(void **state)
{
    static const char *const urls[] = {"http://", "ftp://127.0.0.1/x",
                                       "http://127.0.0.1:99999/"};

    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct deed d;

        for (int fixed = 0; fixed < 2; fixed++) {
            deed_init(&d, *state, "/");
            snprintf(d.url, sizeof d.url, "%s", urls[i]);
            d.by_libcurl = true;
            d.call.fixed = fixed ? urls[i] : NULL;
            deed_run(&d);
            assert_failure(d.x, FAILURE_CONNECT);
        }
    }
}

static void a_kept_connection_that_was_closed_is_replaced(void **state)
{
    struct world *w = *state;
    struct exchange *x = world_get(w, "/last-on-connection");

    assert_response(x, 200, "ok");
    x = world_get(w, "/last-on-connection");
    assert_response(x, 200, "ok");
    assert_int_equal(raw_server_connections(w->server), 2);
    /* Whether the end of the old one is seen before or after the request was
     * put on it is a matter of chance. */
    assert_in_range(x->retries, 0, 1);
}

static void a_retry_on_a_connection_that_died_in_use_is_counted(void **state)
{
    struct world *w = *state;
    struct exchange *x = world_get(w, "/once-a-connection");

    assert_int_equal(x->retries, 0);
    x = world_get(w, "/once-a-connection");
    assert_response(x, 200, "ok");
    assert_int_equal(x->retries, 1);
    assert_false(x->reused);
    assert_int_equal(raw_server_requests(w->server), 3);
    assert_int_equal(raw_server_connections(w->server), 2);
}

static void dropped_connections_are_closed_and_not_used_again(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < 4; i++) {
        struct exchange *x = world_get(w, "/ok");

        assert_response(x, 200, "ok");
        assert_false(x->reused);
        assert_int_equal(x->retries, 0);
        w->t.ops->drop_connections(w->t.self, w->port);
    }
    assert_int_equal(raw_server_connections(w->server), 4);
    assert_response(world_get(w, "/ok"), 200, "ok");
    assert_true(world_get(w, "/ok")->reused);
    assert_int_equal(raw_server_connections(w->server), 5);
}

/* Else VUs that rest would use up descriptors. */
static void a_connection_for_one_call_leaves_no_descriptor(void **state)
{
    struct world *w = *state;
    uint64_t before = 0;

    for (int i = 0; i < 20; i++) {
        struct deed d;

        deed_init(&d, w, "/ok");
        d.call.once = true;
        assert_response(deed_run(&d), 200, "ok");
        assert_false(d.x->reused);
        w->t.ops->drop_connections(w->t.self, w->port);
        assert_int_equal(w->t.ops->connections(w->t.self), 0);
        while (raw_server_open(w->server) > 0) {
            sched_yield();
        }
        if (i == 0) {
            before = load_open_descriptors(); /* all is there now */
        } else if (w->front != NULL) {
            before++; /* the front keeps one a connection until it goes */
        }
        assert_int_equal(load_open_descriptors(), before);
    }
}

/* Else VUs would have several each, and the machine's limit would be met. */
static void dropped_connections_leave_no_descriptor(void **state)
{
    struct world *w = *state;
    struct port *ports[2 * LANE_CURL_GROUP];
    struct deed d[2 * LANE_CURL_GROUP];
    size_t n = sizeof ports / sizeof ports[0], i;
    uint64_t before = 0;

    for (i = 0; i < n; i++) {
        ports[i] = w->t.ops->open(w->t.self, (uint32_t)i + 2);
        deed_init(&d[i], w, "/ok");
    }
    assert_response(world_get(w, "/ok"), 200, "ok");
    for (int round = 0; round < 5; round++) {
        for (i = 0; i < n; i++) {
            d[i].done = false;
            w->t.ops->start(w->t.self, ports[i], &d[i].call);
        }
        for (i = 0; i < n; i++) {
            while (!d[i].done) {
                ev_run(w->loop, EVRUN_ONCE);
            }
            assert_response(d[i].x, 200, "ok");
            assert_false(d[i].x->reused);
        }
        assert_int_equal(w->t.ops->connections(w->t.self), n + 1);
        for (i = 0; i < n; i++) {
            w->t.ops->drop_connections(w->t.self, ports[i]);
        }
        assert_int_equal(w->t.ops->connections(w->t.self), 1);
        while (raw_server_open(w->server) > 1) {
            sched_yield();
        }
        if (round == 0) {
            before = load_open_descriptors(); /* all is there now */
        }
        assert_int_equal(load_open_descriptors(), before);
    }
    assert_true(world_get(w, "/ok")->reused);
    for (i = 0; i < n; i++) {
        w->t.ops->close(w->t.self, &ports[i]);
    }
}

static void
a_cancelled_call_never_ends_and_says_whether_it_was_sent(void **state)
{
    struct world *w = *state;
    struct deed d;
    bool sent = true;

    w->t.ops->cancel(w->t.self, w->port, &sent);
    assert_false(sent);
    deed_init(&d, w, "/stall");
    deed_start(&d);
    w->t.ops->cancel(w->t.self, w->port, &sent);
    assert_false(sent);
    deed_start(&d);
    while (raw_server_requests(w->server) == 0) {
        ev_run(w->loop, EVRUN_NOWAIT);
    }
    w->t.ops->cancel(w->t.self, w->port, &sent);
    assert_true(sent);
    assert_false(d.done);
    assert_response(world_get(w, "/ok"), 200, "ok");
    assert_false(d.done);
}

static void a_port_closed_in_a_call_takes_the_call_with_it(void **state)
{
    struct world *w = *state;
    struct port *other = w->t.ops->open(w->t.self, 1);
    struct deed d;

    deed_init(&d, w, "/stall");
    w->t.ops->start(w->t.self, other, &d.call);
    while (raw_server_requests(w->server) == 0) {
        ev_run(w->loop, EVRUN_NOWAIT);
    }
    w->t.ops->close(w->t.self, &other);
    assert_null(other);
    assert_response(world_get(w, "/ok"), 200, "ok");
    assert_false(d.done);
}

static void what_the_machine_cannot_give_is_local(void **state)
{
    struct world *w = *state;
    struct rlimit old, tight;
    struct exchange *x;
    int fd = dup(0);

    assert_true(fd >= 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
    tight = old;
    tight.rlim_cur = (rlim_t)fd;
    close(fd);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
    x = world_get(w, "/ok");
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
    assert_failure(x, FAILURE_LOCAL);
    assert_response(world_get(w, "/ok"), 200, "ok");
}

struct crowd {
    struct world *w;
    struct port *port;
    struct call call;
    char url[256];
    unsigned left, *running;
    uint64_t *ok;
};

static void crowd_on_done(void *ctx, struct exchange *x)
{
    struct crowd *c = ctx;

    *c->ok += x->failure == FAILURE_NONE && x->status == 200;
    c->left--;
    if (c->left > 0) {
        c->w->t.ops->start(c->w->t.self, c->port, &c->call);
        return;
    }
    (*c->running)--;
    if (*c->running == 0) {
        ev_break(c->w->loop, EVBREAK_ALL);
    }
}

static void many_ports_share_groups_and_keep_a_connection_each(void **state)
{
    enum { PORTS = 150, EACH = 8 };
    struct world *w = *state;
    struct crowd *crowd = xcalloc(PORTS, sizeof *crowd);
    unsigned running = PORTS;
    uint64_t ok = 0;

    for (int i = 0; i < PORTS; i++) {
        struct crowd *c = &crowd[i];

        c->w = w;
        c->port = w->t.ops->open(w->t.self, 1);
        world_url(w, "/ok", c->url, sizeof c->url);
        c->call.method = "GET";
        c->call.url = c->url;
        c->call.timeout_us = LONG_US;
        c->call.on_done = crowd_on_done;
        c->call.ctx = c;
        c->call.fixed = i % 2 ? crowd : NULL;
        c->left = EACH;
        c->running = &running;
        c->ok = &ok;
        w->t.ops->start(w->t.self, c->port, &c->call);
    }
    ev_run(w->loop, 0);
    assert_int_equal(ok, PORTS * EACH);
    assert_int_equal(raw_server_requests(w->server), PORTS * EACH);
    assert_true(raw_server_connections(w->server) <= PORTS);
    for (int i = 0; i < PORTS; i++) {
        w->t.ops->close(w->t.self, &crowd[i].port);
    }
    free(crowd);
}

/* Runs the call over both lanes, on new connections. */
static void deed_run_both(struct deed *d, struct exchange **libcurl,
                          struct exchange **direct)
{
    d->w->t.ops->drop_connections(d->w->t.self, d->w->port);
    d->call.libcurl = d->by_libcurl = true;
    *libcurl = deed_run(d);
    d->done = false;
    d->call.libcurl = d->by_libcurl = false;
    *direct = deed_run(d);
    d->done = false;
}

static void assert_same(const char *what, const struct exchange *a,
                        const struct exchange *b)
{
    if (a->failure != b->failure || a->status != b->status) {
        print_error("%s: %s '%s' %u, %s '%s' %u\n", what,
                    failure_name(a->failure), a->message, a->status,
                    failure_name(b->failure), b->message, b->status);
    }
    assert_int_equal(a->failure, b->failure);
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->retries, b->retries);
    assert_int_equal(a->body.cut, b->body.cut);
    if (a->failure == FAILURE_NONE) {
        assert_int_equal(a->proto, b->proto);
        assert_string_equal(buf_str(&a->head), buf_str(&b->head));
        assert_int_equal(a->body.len, b->body.len);
        assert_memory_equal(buf_str(&a->body), buf_str(&b->body), a->body.len);
    }
}

/* Each file of the corpus, sent and then closed. Those called strict-... are
 * framed so that the direct lane trusts none of them; libcurl, by its version,
 * takes some (and on one that begins with a folded header, 7.88 reads memory
 * that it has freed). */
static void a_response_is_the_same_in_both_lanes(void **state)
{
    static const char *const methods[] = {"GET", "HEAD"};
    const char *root = getenv("SRCDIR");
    char *dir =
        xasprintf("%s/tests/fuzz/corpus/http1", root != NULL ? root : ".");
    DIR *d = opendir(dir);
    size_t n = 0;

    assert_non_null(d);
    for (const struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        if (e->d_name[0] == '.') {
            continue;
        }
        for (size_t i = 0; i < 2; i++) {
            struct exchange *libcurl, *direct;
            char path[128];
            struct deed deed;

            snprintf(path, sizeof path, "/corpus/%.100s", e->d_name);
            deed_init(&deed, *state, path);
            deed.call.method = methods[i];
            if (strncmp(e->d_name, "strict-", 7) == 0) {
                deed.w->t.ops->drop_connections(deed.w->t.self, deed.w->port);
                direct = deed_run(&deed);
                assert_true(i > 0 || direct->failure == FAILURE_PROTOCOL);
            } else {
                deed_run_both(&deed, &libcurl, &direct);
                assert_same(e->d_name, libcurl, direct);
            }
        }
        n++;
    }
    assert_true(n > 80);
    closedir(d);
    free(dir);
}

static void a_request_is_the_same_in_both_lanes(void **state)
{
    static const struct {
        const char *method, *path, *body;
        const char *headers[4];
    } cases[] = {
        {"GET", "/echo", NULL, {NULL}},
        {"GET", "/echo?a=b@c&d=%20|{\"x\":[1]}^`<>", NULL, {NULL}},
        {"GET", "/echo/./a/../b", NULL, {NULL}},
        {"GET", "/echo#part", NULL, {NULL}},
        {"POST", "/echo", "{}", {"Content-Type: application/json", NULL}},
        {"POST", "/echo", NULL, {"X-Empty: ", "Accept: */*", NULL}},
        {"PUT", "/echo", "x", {"Host: other.example:8", NULL}},
        {"DELETE", "/echo", NULL, {"Connection: close", NULL}},
        {"PATCH", "/echo", "x", {"user-agent: mine", "Cookie: a=b", NULL}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct exchange *libcurl, *direct;
        char *a, *b;
        struct deed d;

        deed_init(&d, *state, cases[i].path);
        d.call.method = cases[i].method;
        d.call.body = cases[i].body;
        d.call.has_body = cases[i].body != NULL;
        d.call.body_len = d.call.has_body ? strlen(cases[i].body) : 0;
        d.call.headers = cases[i].headers;
        while (d.call.headers[d.call.n_headers] != NULL) {
            d.call.n_headers++;
        }
        d.call.libcurl = d.by_libcurl = true;
        libcurl = deed_run(&d);
        d.done = d.call.libcurl = false;
        d.by_libcurl = strstr(cases[i].path, "/.") != NULL ||
                       strchr(cases[i].path, '#') != NULL;
        direct = deed_run(&d);
        a = sorted_echo(libcurl);
        b = sorted_echo(direct);
        assert_string_equal(a, b);
        assert_int_equal(libcurl->sent, direct->sent);
        free(a);
        free(b);
    }
}

static void a_call_goes_to_the_lane_that_can_do_it(void **state)
{
    static const char *const expect[] = {"Expect: 100-continue"};
    struct world *w = *state;
    struct deed d;

    deed_init(&d, w, "/ok"); /* checked by deed_on_done */
    assert_response(deed_run(&d), 200, "ok");
    deed_init(&d, w, "/ok");
    d.call.libcurl = d.by_libcurl = true;
    assert_response(deed_run(&d), 200, "ok");
    deed_init(&d, w, "/ok");
    d.call.headers = expect;
    d.call.n_headers = 1;
    d.by_libcurl = true;
    assert_response(deed_run(&d), 200, "ok");
    /* Each lane has its own connection of the VU's. */
    assert_int_equal(w->t.ops->connections(w->t.self), 2);
    w->t.ops->drop_connections(w->t.self, w->port);
    assert_false(world_get(w, "/ok")->reused);
    w->dial.http1 = false; /* then https is libcurl's */
    deed_init(&d, w, "/");
    snprintf(d.url, sizeof d.url, "https://127.0.0.1:%u/",
             raw_server_port(w->server));
    d.by_libcurl = true;
    assert_failure(deed_run(&d), FAILURE_TLS);
    deed_init(&d, w, "/");
    snprintf(d.url, sizeof d.url, "https://127.0.0.1:%u/",
             raw_server_port(w->server));
    d.call.direct = true;
    assert_failure(deed_run(&d), FAILURE_TLS);
    w->dial.http1 = true;
}

static void tls_that_speaks_first_is_a_protocol_failure(void **state)
{
    struct exchange *x = world_get(*state, "/ok");

    assert_failure(x, FAILURE_PROTOCOL);
    assert_string_equal(x->message, "bytes before the request");
    assert_int_equal(x->sent, 0);
}

/* What TLS says to its like is no business of the responses around it. */
static void tls_may_change_its_keys_at_any_time(void **state)
{
    struct world *w = *state;
    struct exchange *x;

    for (int i = 0; i < 5; i++) {
        assert_response(world_get(w, i % 2 ? "/drip" : "/ok"), 200,
                        i % 2 ? "dripping" : "ok");
    }
    x = world_get(w, "/huge");
    assert_string_equal(x->message, "");
    assert_true(x->received > RAW_HUGE_BYTES);
    assert_int_equal(raw_server_connections(w->server), 1);
}

/* Run over either lane. */
#define WORLD_TESTS(TEST)                                                      \
    TEST(a_response_has_status_body_head_times_and_bytes)                      \
    TEST(a_kept_connection_has_no_connecting_time)                             \
    TEST(the_next_call_may_start_from_inside_on_done)                          \
    TEST(a_request_goes_out_as_it_was_given)                                   \
    TEST(a_header_of_the_request_wins_over_the_usual_one)                      \
    TEST(every_method_goes_out_by_its_name_in_any_order)                       \
    TEST(fixed_requests_alternate_with_others_and_stay_themselves)             \
    TEST(bodies_of_any_size_go_out_on_a_kept_connection)                       \
    TEST(a_fixed_request_goes_out_like_one_that_is_not)                        \
    TEST(statuses_are_data_and_need_no_body)                                   \
    TEST(interim_responses_are_skipped)                                        \
    TEST(every_framing_of_a_body_is_read)                                      \
    TEST(a_body_is_kept_to_its_bound_and_counted_whole)                        \
    TEST(the_body_is_told_piece_by_piece)                                      \
    TEST(on_body_may_end_the_exchange_as_complete)                             \
    TEST(a_call_can_be_finished_where_it_stands)                               \
    TEST(a_connection_closed_too_early_is_reset)                               \
    TEST(what_is_not_http_is_a_protocol_failure)                               \
    TEST(a_head_without_end_is_too_large)                                      \
    TEST(silence_ends_in_a_timeout)                                            \
    TEST(a_refused_connection_is_refused)                                      \
    TEST(a_connection_cut_off_while_it_connects_is_forgotten)                  \
    TEST(a_handshake_with_a_plain_server_fails_as_tls)                         \
    TEST(a_name_that_is_none_fails_as_dns)                                     \
    TEST(a_url_that_is_none_fails_without_a_connection)                        \
    TEST(a_kept_connection_that_was_closed_is_replaced)                        \
    TEST(a_retry_on_a_connection_that_died_in_use_is_counted)                  \
    TEST(dropped_connections_are_closed_and_not_used_again)                    \
    TEST(a_connection_for_one_call_leaves_no_descriptor)                       \
    TEST(a_cancelled_call_never_ends_and_says_whether_it_was_sent)             \
    TEST(a_port_closed_in_a_call_takes_the_call_with_it)                       \
    TEST(what_the_machine_cannot_give_is_local)                                \
    TEST(many_ports_share_groups_and_keep_a_connection_each)

#define TLS_TEST(f)                                                            \
    cmocka_unit_test_setup_teardown(f, world_setup_tls, world_teardown),
#define TLS_BY_LIBCURL_TEST(f)                                                 \
    cmocka_unit_test_setup_teardown(f, world_setup_tls_by_libcurl,             \
                                    world_teardown),
#define LIBCURL_TEST(f)                                                        \
    cmocka_unit_test_setup_teardown(f, world_setup_libcurl, world_teardown),
#define APART_TEST(f)                                                          \
    cmocka_unit_test_setup_teardown(f, world_setup_apart, world_teardown),
#define DIRECT_TEST(f)                                                         \
    cmocka_unit_test_setup_teardown(f, world_setup_direct, world_teardown),

int main(void)
{
    const struct CMUnitTest libcurl[] = {WORLD_TESTS(LIBCURL_TEST)};
    const struct CMUnitTest apart[] = {WORLD_TESTS(APART_TEST) APART_TEST(
        dropped_connections_leave_no_descriptor)};
    const struct CMUnitTest direct[] = {WORLD_TESTS(DIRECT_TEST)};
    const struct CMUnitTest tls[] = {
        WORLD_TESTS(TLS_TEST) cmocka_unit_test_setup_teardown(
            tls_that_speaks_first_is_a_protocol_failure,
            world_setup_tls_that_speaks_first, world_teardown),
        cmocka_unit_test_setup_teardown(tls_may_change_its_keys_at_any_time,
                                        world_setup_tls_of_new_keys,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(tls_may_change_its_keys_at_any_time,
                                        world_setup_tls_that_renegotiates,
                                        world_teardown),
    };
    const struct CMUnitTest tls_by_libcurl[] = {
        WORLD_TESTS(TLS_BY_LIBCURL_TEST)};
    const struct CMUnitTest both[] = {
        cmocka_unit_test_setup_teardown(a_response_is_the_same_in_both_lanes,
                                        world_setup_direct, world_teardown),
        cmocka_unit_test_setup_teardown(a_request_is_the_same_in_both_lanes,
                                        world_setup_direct, world_teardown),
        cmocka_unit_test_setup_teardown(a_call_goes_to_the_lane_that_can_do_it,
                                        world_setup_direct, world_teardown),
    };
    int failed;

    signal(SIGPIPE, SIG_IGN);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return 1;
    }
    failed = cmocka_run_group_tests(libcurl, NULL, NULL);
    failed += cmocka_run_group_tests(apart, NULL, NULL);
    failed += cmocka_run_group_tests(direct, NULL, NULL);
    failed += cmocka_run_group_tests(tls, NULL, NULL);
    failed += cmocka_run_group_tests(tls_by_libcurl, NULL, NULL);
    failed += cmocka_run_group_tests(both, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
