/* SPDX-License-Identifier: MIT
 *
 * test_errand - requests of a plan from template to sample: headers, redirects,
 * statuses, streams, time-outs, variables. */
#include "config.h"

#include "load/errand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "support/squad_world.h"

#define MS US_PER_MS
#define S  US_PER_SEC

#define SCENARIO                                                               \
    "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":1,"           \
    "\"duration\":\"1h\"}}}"

/* A plan of one flow. */
static struct world *world_flow(const char *flow)
{
    char *text = xasprintf("{\"name\":\"t\",\"env\":{\"EMPTY\":\"\"},"
                           "\"flow\":[%s,{\"think\":\"100s\"}]," SCENARIO,
                           flow);
    struct world *w = world_new(text, 1, 1);

    free(text);
    return w;
}

/* What the fake answers, and what it was asked. */
struct script {
    const struct fake_reply *replies; /* the last repeats */
    size_t n;
    struct buf log; /* one line a call: method url [header: value …] body */
    const char *headers[4]; /* logged where sent; NULL ends */
};

static void script_answer(void *ctx, const struct fake_call *call,
                          struct fake_reply *reply)
{
    struct script *s = ctx;
    const struct call *c = call->call;

    buf_addf(&s->log, "%s %s", c->method, c->url);
    for (size_t i = 0; i < 4 && s->headers[i] != NULL; i++) {
        const char *v = fake_header(c, s->headers[i]);

        if (v != NULL) {
            buf_addf(&s->log, " %s:%s", s->headers[i], v);
        }
    }
    if (c->has_body) {
        buf_addf(&s->log, " <%.*s>", (int)c->body_len, c->body);
    }
    buf_addc(&s->log, '\n');
    if (s->n > 0) {
        *reply = s->replies[call->n < s->n ? call->n : s->n - 1];
    }
}

static void script_attach(struct script *s, struct world *w)
{
    buf_init(&s->log, 1 << 20);
    w->fake.answer = script_answer;
    w->fake.ctx = s;
}

/* Runs one VU for 50 s and returns what was measured. */
static struct delta *run(struct world *w)
{
    world_vus(w, 1);
    world_pass(w, 50 * S);
    return world_take(w);
}

/* What the world makes of the script's replies. */
static struct delta *answered(struct script *s, struct world *w)
{
    script_attach(s, w);
    return run(w);
}

static void done(struct script *s, struct world **w, struct delta **d)
{
    delta_free(d);
    buf_clear(&s->log);
    world_free(w);
}

static void a_request_goes_out_as_the_plan_says(void **state)
{
    struct script s = {.headers = {"X-A", "content-type", "authorization"}};
    struct world *w = world_flow(
        "{\"post\":\"http://h/a\",\"query\":{\"q\":\"1 2\"},\"json\":{\"a\":"
        "\"${vu}\"},\"headers\":{\"X-A\":\"${iter}\"},\"auth\":{\"bearer\":"
        "\"t\"}}");
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_string_equal(
        buf_str(&s.log),
        "POST http://h/a?q=1%202 X-A:0 content-type:application/json "
        "authorization:Bearer t <{\"a\":\"1\"}>\n");
    assert_int_equal(delta_requests(d, 0, 200), 1);
    done(&s, &w, &d);
}

static void a_header_whose_values_come_to_nothing_is_not_sent(void **state)
{
    static const struct fake_reply reply = {.status = 200,
                                            .body = "{\"t\":\"\"}"};
    struct script s = {&reply, 1, .headers = {"X-T", "X-E", "X-L"}};
    struct world *w = world_flow(
        "{\"get\":\"http://h/1\",\"extract\":{\"t\":{\"json\":\"/t\"}}},"
        "{\"get\":\"http://h/2\",\"headers\":{\"X-T\":\"Bearer ${t}\","
        "\"X-E\":\"e${EMPTY}\",\"X-L\":\"x${t}${vu}\"}}");
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_string_equal(buf_str(&s.log), "GET http://h/1\n"
                                         "GET http://h/2 X-L:x1\n");
    done(&s, &w, &d);
}

static void every_hop_of_a_redirect_is_a_request_of_its_own(void **state)
{
    static const struct fake_reply replies[] = {
        {.after_us = MS, .status = 302, .head = "Location: /b\r\n"},
        {.after_us = 2 * MS, .status = 307, .head = "Location: //o/c\r\n"},
        {.after_us = 3 * MS, .status = 200},
    };
    struct script s = {replies, 3,
                       .headers = {"X-A", "authorization", "content-type"}};
    struct world *w = world_flow(
        "{\"post\":\"http://h/a\",\"json\":{},\"name\":\"N\",\"headers\":{"
        "\"X-A\":\"1\",\"Authorization\":\"secret\",\"Cookie\":\"c\"},"
        "\"checks\":{\"ok\":{\"status\":200}},\"metrics\":{\"m\":"
        "\"duration\"}}");
    struct delta *d;
    unsigned m = (unsigned)plan_metric_id(w->plan, "m");

    (void)state;
    d = answered(&s, w);
    assert_string_equal(buf_str(&s.log),
                        "POST http://h/a X-A:1 authorization:secret "
                        "content-type:application/json <{}>\n"
                        "GET http://h/b X-A:1 authorization:secret\n"
                        "GET http://o/c X-A:1\n");
    assert_int_equal(delta_requests(d, 0, 302), 1);
    assert_int_equal(delta_requests(d, 0, 307), 1);
    assert_int_equal(delta_requests(d, 0, 200), 1);
    assert_int_equal(delta_failed(d), 0);
    assert_int_equal(delta_check_passes(d, 0), 1);
    assert_int_equal(delta_custom(d, m)->trend.count, 1);
    assert_int_equal(delta_custom(d, m)->trend.max, 3 * MS);
    done(&s, &w, &d);
}

static void credentials_that_were_dropped_on_the_way_stay_away(void **state)
{
    static const struct fake_reply replies[] = {
        {.after_us = MS, .status = 307, .head = "Location: http://o/b\r\n"},
        {.after_us = MS, .status = 307, .head = "Location: http://h/c\r\n"},
        {.after_us = MS, .status = 200},
    };
    struct script s = {replies, 3, .headers = {"authorization", "cookie"}};
    struct world *w =
        world_flow("{\"post\":\"http://h/a\",\"body\":\"x\",\"headers\":{"
                   "\"Authorization\":\"secret\",\"Cookie\":\"c\"}}");
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_string_equal(buf_str(&s.log),
                        "POST http://h/a authorization:secret cookie:c <x>\n"
                        "POST http://o/b <x>\nPOST http://h/c <x>\n");
    done(&s, &w, &d);
}

#define DIGEST_401                                                             \
    {                                                                          \
        .after_us = MS, .status = 401,                                         \
        .head = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n"        \
    }

static void both_exchanges_of_digest_are_samples(void **state)
{
    static const struct fake_reply replies[] = {
        DIGEST_401,
        {.after_us = MS, .status = 302, .head = "Location: /b\r\n"},
        DIGEST_401,
        {.after_us = MS, .status = 302, .head = "Location: http://o/\r\n"},
        DIGEST_401,
    };
    /* H(H(u:r:p) ":n:" H(GET:/a)) */
    static const char first[] = "response=\"544c035f0f40d9ebf0295157d8041f8c\"";
    struct script s = {replies, 5, .headers = {"authorization"}};
    struct world *w = world_flow(
        "{\"get\":\"http://h/a\",\"auth\":{\"digest\":{\"user\":\"u\","
        "\"password\":\"p\"}}}");
    const char *line;
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    line = buf_str(&s.log);
    assert_int_equal(strncmp(line, "GET http://h/a\nGET http://h/a author", 35),
                     0);
    assert_non_null(strstr(line, first));
    line = strstr(line, "GET http://h/b\nGET http://h/b authorization:Digest");
    assert_non_null(line);
    assert_non_null(strstr(line, "uri=\"/b\""));
    /* Another host's challenge is not answered. */
    assert_string_equal(strstr(line, "GET http://o/"), "GET http://o/\n");
    assert_int_equal(w->fake.started, 5);
    assert_int_equal(delta_requests(d, 0, 401), 3);
    assert_int_equal(delta_requests(d, 0, 302), 2);
    assert_int_equal(delta_failed(d), 1);
    done(&s, &w, &d);
}

static void wrong_credentials_are_a_failure_and_not_tried_again(void **state)
{
    static const struct fake_reply reply = DIGEST_401;
    struct script s = {&reply, 1, .headers = {NULL}};
    struct world *w = world_flow(
        "{\"post\":\"http://h/a\",\"body\":\"x\",\"auth\":{\"digest\":{"
        "\"user\":\"u\",\"password\":\"p\"}}}");
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_string_equal(buf_str(&s.log),
                        "POST http://h/a <x>\nPOST http://h/a <x>\n");
    assert_int_equal(delta_requests(d, 0, 401), 2);
    assert_int_equal(delta_failed(d), 1);
    assert_int_equal(delta_sample(d, FAILURE_HTTP_4XX)->status, 401);
    done(&s, &w, &d);
}

static void secrets_taken_at_run_time_are_in_no_sample(void **state)
{
    static const struct fake_reply replies[] = {
        {.after_us = MS, .status = 200, .body = "{\"t\":\"old/t0ken\"}"},
        {.after_us = MS, .status = 500, .body = "{\"t\":\"new/t0ken\"}"},
        {.failure = FAILURE_REFUSED},
    };
    struct script s = {replies, 3, .headers = {NULL}};
    struct world *w = world_new(
        "{\"name\":\"t\",\"secrets\":[\"t\"],\"flow\":["
        "{\"get\":\"http://h/\",\"extract\":{\"t\":{\"json\":\"/t\"}}},"
        "{\"get\":\"http://h/${t}\",\"extract\":{\"t\":{\"json\":\"/t\"}},"
        "\"checks\":{\"c\":{\"json\":\"/t\",\"equals\":\"x\"}}},"
        "{\"get\":\"http://h/${t}\",\"extract\":{\"t\":{\"json\":\"/t\"}}},"
        "{\"think\":\"100s\"}]," SCENARIO,
        1, 1);
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_non_null(strstr(buf_str(&s.log), "http://h/old%2Ft0ken\n"));
    assert_non_null(strstr(buf_str(&s.log), "http://h/new%2Ft0ken\n"));
    assert_non_null(
        strstr(delta_sample(d, FAILURE_HTTP_5XX)->text, "{\"t\":\"***\"}"));
    assert_string_equal(delta_sample(d, FAILURE_CHECK)->message,
                        "c: '/t' is \"***\", expected \"x\"");
    assert_string_equal(delta_sample(d, FAILURE_REFUSED)->text,
                        "GET http://h/***");
    done(&s, &w, &d);
}

static void too_many_redirects_are_a_failure_of_the_last(void **state)
{
    static const struct fake_reply reply = {.status = 301,
                                            .head = "Location: /a\r\n"};
    struct script s = {&reply, 1, .headers = {NULL}};
    struct world *w = world_flow("{\"get\":\"http://h/a\",\"redirects\":3}");
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_int_equal(w->fake.started, 4);
    assert_int_equal(delta_requests(d, 0, 301), 4);
    assert_int_equal(delta_failures(d, FAILURE_REDIRECTS), 1);
    assert_int_equal(delta_failed(d), 1);
    assert_string_equal(delta_sample(d, FAILURE_REDIRECTS)->message,
                        "more than 3 redirects");
    done(&s, &w, &d);
}

static void without_redirects_the_3xx_is_the_response(void **state)
{
    static const struct fake_reply reply = {.status = 302,
                                            .head = "Location: /a\r\n"};
    struct script s = {&reply, 1, .headers = {NULL}};
    struct world *w = world_flow("{\"get\":\"http://h/a\",\"redirects\":0,"
                                 "\"checks\":{\"c\":{\"status\":302}}}");
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_int_equal(w->fake.started, 1);
    assert_int_equal(delta_failed(d), 0);
    assert_int_equal(delta_check_passes(d, 0), 1);
    done(&s, &w, &d);
}

static void a_redirect_to_another_scheme_is_a_failure(void **state)
{
    static const struct fake_reply reply = {.status = 302,
                                            .head = "Location: ftp://x/\r\n"};
    struct script s = {&reply, 1, .headers = {NULL}};
    struct world *w = world_flow("{\"get\":\"http://h/a\"}");
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_int_equal(w->fake.started, 1);
    assert_int_equal(delta_failures(d, FAILURE_REDIRECTS), 1);
    done(&s, &w, &d);
}

static void the_time_out_spans_all_hops(void **state)
{
    static const struct fake_reply reply = {
        .after_us = 400 * MS, .status = 302, .head = "Location: /a\r\n"};
    struct script s = {&reply, 1, .headers = {NULL}};
    struct world *w = world_flow("{\"get\":\"http://h/a\",\"timeout\":\"1s\"}");
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_int_equal(delta_requests(d, 0, 302), 2);
    assert_int_equal(delta_failures(d, FAILURE_TIMEOUT), 1);
    done(&s, &w, &d);
}

static void statuses_outside_the_expected_fail_by_their_kind(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = 404}, {.status = 429}, {.status = 503}, {.status = 204},
        {.status = 304}, {.status = 404}, {.status = 201},
    };
    struct script s = {replies, 7, .headers = {NULL}};
    struct world *w =
        world_flow("{\"get\":\"http://h/a\"},{\"get\":\"http://h/a\"},"
                   "{\"get\":\"http://h/a\"},{\"get\":\"http://h/a\"},"
                   "{\"get\":\"http://h/a\"},"
                   "{\"get\":\"http://h/a\",\"expected_status\":[404]},"
                   "{\"get\":\"http://h/a\",\"expected_status\":[200,404]}");
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_int_equal(delta_requests(d, -1, -1), 7);
    assert_int_equal(delta_failed(d), 4);
    assert_int_equal(delta_failures(d, FAILURE_HTTP_4XX), 1);
    assert_int_equal(delta_failures(d, FAILURE_HTTP_429), 1);
    assert_int_equal(delta_failures(d, FAILURE_HTTP_5XX), 1);
    assert_int_equal(delta_failures(d, FAILURE_STATUS), 1);
    assert_int_equal(delta_sample(d, FAILURE_HTTP_5XX)->status, 503);
    assert_string_equal(delta_sample(d, FAILURE_HTTP_5XX)->message, "503");
    assert_int_equal(delta_sample(d, FAILURE_HTTP_5XX)->vu, 1);
    done(&s, &w, &d);
}

static void
a_request_without_a_response_has_a_kind_and_no_duration(void **state)
{
    static const struct fake_reply replies[] = {
        {.after_us = MS, .failure = FAILURE_REFUSED},
        {.after_us = MS, .failure = FAILURE_DNS, .message = "no such host x"},
    };
    struct script s = {replies, 2, .headers = {NULL}};
    struct world *w = world_flow(
        "{\"get\":\"http://h/a\",\"checks\":{\"c\":{\"status\":200}},"
        "\"metrics\":{\"dur\":\"duration\",\"bad\":\"failed\"}},"
        "{\"get\":\"http://h/a\"}");
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_int_equal(delta_requests(d, -1, 0), 2);
    assert_int_equal(delta_failed(d), 2);
    for (size_t i = 0; i < d->n_series; i++) {
        assert_int_equal(d->series[i].phase[PHASE_DURATION].count, 0);
    }
    assert_int_equal(delta_check_fails(d, 0), 1);
    assert_null(delta_custom(d, (unsigned)plan_metric_id(w->plan, "dur")));
    assert_int_equal(
        delta_custom(d, (unsigned)plan_metric_id(w->plan, "bad"))->hits, 1);
    assert_string_equal(delta_sample(d, FAILURE_REFUSED)->message,
                        "connection refused");
    assert_string_equal(delta_sample(d, FAILURE_REFUSED)->text,
                        "GET http://h/a");
    assert_int_equal(delta_sample(d, FAILURE_REFUSED)->took_us, MS);
    assert_string_equal(delta_sample(d, FAILURE_DNS)->message,
                        "no such host x");
    done(&s, &w, &d);
}

static void a_failed_check_leaves_a_good_request_good(void **state)
{
    static const struct fake_reply reply = {.status = 200, .body = "{}"};
    struct script s = {&reply, 1, .headers = {NULL}};
    struct world *w = world_flow(
        "{\"get\":\"http://h/a\",\"checks\":{\"fine\":{\"status\":200},"
        "\"has x\":{\"json\":\"/x\"}},\"metrics\":{\"bad\":\"failed\"}}");
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_int_equal(delta_failed(d), 0);
    assert_int_equal(delta_failures(d, FAILURE_NONE), 1);
    assert_int_equal(delta_check_passes(d, 0), 1);
    assert_int_equal(delta_check_fails(d, 1), 1);
    assert_int_equal(
        delta_custom(d, (unsigned)plan_metric_id(w->plan, "bad"))->hits, 1);
    assert_string_equal(delta_sample(d, FAILURE_CHECK)->message,
                        "has x: '/x' is missing");
    done(&s, &w, &d);
}

static void each_check_that_failed_says_why(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = 200, .body = "{}"},
        {.status = 200, .body = "{\"x\":1}"},
    };
    struct script s = {replies, 2, .headers = {NULL}};
    struct world *w = world_flow(
        "{\"get\":\"http://h/a\",\"checks\":{\"has y\":{\"json\":\"/y\"},"
        "\"has x\":{\"json\":\"/x\"}}},"
        "{\"get\":\"http://h/b\",\"checks\":{\"has z\":{\"json\":\"/z\"},"
        "\"has x\":{\"json\":\"/x\"}}}");
    static const char *const said[] = {"has y: '/y' is missing",
                                       "has x: '/x' is missing",
                                       "has z: '/z' is missing"};
    struct delta *d;
    unsigned i;

    (void)state;
    d = answered(&s, w);
    assert_int_equal(d->n_failures, 3);
    for (i = 0; i < 3; i++) {
        assert_int_equal(d->failures[i].kind, FAILURE_CHECK);
        assert_int_equal(d->failures[i].check, i);
        assert_int_equal(d->failures[i].request, i / 2);
        assert_string_equal(d->failures[i].message, said[i]);
    }
    done(&s, &w, &d);
}

static void a_value_that_is_missing_leaves_the_request_unsent(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = 200, .body = "{\"id\":\"7\"}"},
        {.status = 200},
        {.status = 200, .body = "{}"},
    };
    struct script s = {replies, 3, .headers = {NULL}};
    struct world *w = world_flow(
        "{\"get\":\"http://h/1\",\"extract\":{\"id\":{\"json\":\"/id\"}}},"
        "{\"get\":\"http://h/${id}\",\"name\":\"item\"},"
        "{\"get\":\"http://h/2\",\"extract\":{\"id\":{\"json\":\"/id\"}}},"
        "{\"get\":\"http://h/${id}\",\"name\":\"item\",\"checks\":{\"c\":{"
        "\"status\":200}}},{\"get\":\"http://h/3\"}");
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_string_equal(buf_str(&s.log),
                        "GET http://h/1\nGET http://h/7\nGET http://h/2\n"
                        "GET http://h/3\n");
    assert_int_equal(delta_failures(d, FAILURE_UNRESOLVED), 1);
    assert_int_equal(delta_requests(d, -1, 0), 1);
    assert_int_equal(delta_check_fails(d, 0), 1);
    assert_string_equal(delta_sample(d, FAILURE_UNRESOLVED)->message,
                        "'id' has no value");
    done(&s, &w, &d);
}

static void retries_are_counted_apart(void **state)
{
    static const struct fake_reply reply = {.status = 200, .retries = 2};
    struct script s = {&reply, 1, .headers = {NULL}};
    struct world *w = world_flow("{\"get\":\"http://h/a\"}");
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_int_equal(d->retries, 2);
    assert_int_equal(delta_requests(d, -1, -1), 1);
    done(&s, &w, &d);
}

struct fixed_seen {
    const void *fixed[8];
    size_t n;
};

static void fixed_answer(void *ctx, const struct fake_call *call,
                         struct fake_reply *reply)
{
    struct fixed_seen *f = ctx;

    (void)reply;
    f->fixed[f->n++ % 8] = call->call->fixed;
}

static void a_fixed_request_is_one_and_the_same_for_all(void **state)
{
    struct world *w =
        world_flow("{\"get\":\"http://h/a\"},{\"get\":\"http://h/${vu}\"}");
    struct fixed_seen f = {.n = 0};

    (void)state;
    w->fake.answer = fixed_answer;
    w->fake.ctx = &f;
    world_vus(w, 2);
    world_pass(w, S);
    assert_int_equal(f.n, 4);
    assert_non_null(f.fixed[0]);
    assert_ptr_equal(f.fixed[0], f.fixed[1]);
    assert_null(f.fixed[2]);
    assert_null(f.fixed[3]);
    world_free(&w);
}

/* Streams. */

#define STREAM                                                                 \
    "{\"post\":\"http://h/s\",\"name\":\"S\",\"sse\":{\"until\":\"done\","     \
    "\"error\":\"error\"},\"checks\":{\"two\":{\"sse\":\"response\","          \
    "\"min_count\":2},\"any\":{\"sse\":\"*\"}}}"

static const char stream_good[] =
    "event: ready\ndata: {}\n\nevent: response\ndata: 1\n\n"
    "event: response\ndata: 2\n\nevent: done\ndata: {}\n\n";

static uint64_t custom_sum(const struct delta *d, unsigned metric)
{
    const struct delta_custom *c = delta_custom(d, metric);

    return c != NULL ? (uint64_t)c->sum : 0;
}

static void a_stream_is_good_when_its_last_event_came(void **state)
{
    static const struct fake_reply reply = {.after_us = 10 * MS,
                                            .status = 200,
                                            .body = stream_good,
                                            .piece = 7,
                                            .gap_us = MS};
    struct script s = {&reply, 1, .headers = {NULL}};
    struct world *w = world_flow(STREAM);
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_int_equal(delta_failed(d), 0);
    assert_int_equal(delta_check_passes(d, 0), 1);
    assert_int_equal(delta_check_passes(d, 1), 1);
    assert_int_equal(custom_sum(d, METRIC_SSE_EVENTS), 4);
    assert_int_equal(
        delta_custom(d, METRIC_SSE_TIME_TO_FIRST_EVENT)->trend.count, 1);
    /* The first event ends with byte 23, in the fourth piece. */
    assert_int_equal(delta_custom(d, METRIC_SSE_TIME_TO_FIRST_EVENT)->trend.max,
                     13 * MS);
    assert_int_equal(delta_custom(d, METRIC_SSE_EVENT_GAP)->trend.count, 3);
    assert_int_equal(delta_custom(d, METRIC_SSE_INCOMPLETE)->hits, 0);
    assert_int_equal(delta_custom(d, METRIC_SSE_INCOMPLETE)->total, 1);
    assert_int_equal(w->fake.finished, 0);
    done(&s, &w, &d);
}

static void a_stream_without_its_last_event_has_failed(void **state)
{
    static const struct fake_reply reply = {
        .status = 200, .body = "event: ready\ndata: 1\n\nevent: done\ndata: "};
    struct script s = {&reply, 1, .headers = {NULL}};
    struct world *w = world_flow(STREAM);
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_int_equal(delta_failures(d, FAILURE_STREAM), 1);
    assert_int_equal(delta_failed(d), 1);
    assert_int_equal(delta_requests(d, 0, 200), 1);
    assert_int_equal(delta_check_fails(d, 0), 1);
    assert_int_equal(delta_check_passes(d, 1), 1);
    assert_int_equal(delta_custom(d, METRIC_SSE_INCOMPLETE)->hits, 1);
    assert_string_equal(delta_sample(d, FAILURE_STREAM)->message,
                        "the stream ended without 'done'");
    done(&s, &w, &d);
}

static void an_error_event_makes_a_stream_fail(void **state)
{
    static const struct fake_reply reply = {
        .status = 200,
        .body = "event: ready\ndata: 1\n\nevent: error\n"
                "data: {\"message\":\"\x1bno\"}\n\nevent: done\ndata: x\n\n"};
    struct script s = {&reply, 1, .headers = {NULL}};
    struct world *w = world_flow(STREAM);
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_int_equal(delta_failures(d, FAILURE_STREAM), 1);
    assert_string_equal(delta_sample(d, FAILURE_STREAM)->message,
                        "event 'error': {\"message\":\"\\x1bno\"}");
    assert_int_equal(delta_custom(d, METRIC_SSE_INCOMPLETE)->hits, 1);
    done(&s, &w, &d);
}

static void after_its_last_event_a_stream_is_read_on_for_a_second(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = 200, .body = stream_good, .end_us = 900 * MS},
        {.status = 200, .body = stream_good, .end_us = 20 * S},
    };
    struct script s = {replies, 2, .headers = {NULL}};
    struct world *w = world_flow(STREAM "," STREAM);
    struct delta *d;

    (void)state;
    script_attach(&s, w);
    world_vus(w, 1);
    world_pass(w, 950 * MS);
    assert_int_equal(w->fake.done, 1);
    assert_int_equal(w->fake.finished, 0);
    world_pass(w, 940 * MS);
    assert_int_equal(w->fake.done, 1);
    world_pass(w, 20 * MS);
    assert_int_equal(w->fake.done, 2);
    assert_int_equal(w->fake.finished, 1);
    d = world_take(w);
    assert_int_equal(delta_requests(d, -1, 200), 2);
    assert_int_equal(delta_failed(d), 0);
    /* The second that was waited in vain is not the service's. */
    assert_int_equal(d->n_series, 2);
    assert_true(d->series[0].phase[PHASE_DURATION].max >= 900 * MS);
    assert_true(d->series[1].phase[PHASE_DURATION].max <= 10 * MS);
    done(&s, &w, &d);
}

static void a_refused_stream_is_no_incomplete_one(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = 429, .body = "{\"success\":false}"},
        {.failure = FAILURE_REFUSED},
    };
    struct script s = {replies, 2, .headers = {NULL}};
    struct world *w = world_flow(STREAM "," STREAM);
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_int_equal(delta_failures(d, FAILURE_HTTP_429), 1);
    assert_int_equal(delta_failures(d, FAILURE_REFUSED), 1);
    assert_null(delta_custom(d, METRIC_SSE_INCOMPLETE));
    done(&s, &w, &d);
}

static void a_stream_that_times_out_is_incomplete(void **state)
{
    static const struct fake_reply reply = {
        .status = 200, .body = "data: 1\n\n", .end_us = 100 * S};
    struct script s = {&reply, 1, .headers = {NULL}};
    struct world *w =
        world_flow("{\"get\":\"http://h/s\",\"timeout\":\"5s\",\"sse\":{"
                   "\"until\":\"done\"}}");
    struct delta *d;

    (void)state;
    d = answered(&s, w);
    assert_int_equal(delta_failures(d, FAILURE_TIMEOUT), 1);
    assert_int_equal(delta_requests(d, 0, 0), 1);
    assert_int_equal(delta_custom(d, METRIC_SSE_INCOMPLETE)->hits, 1);
    assert_int_equal(custom_sum(d, METRIC_SSE_EVENTS), 1);
    done(&s, &w, &d);
}

static void connections_are_dropped_as_often_as_the_plan_says(void **state)
{
    static const struct {
        const char *reuse;
        unsigned dropped;
    } rows[] = {{"vu", 0}, {"iteration", 5}, {"never", 10}};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        char *text = xasprintf(
            "{\"name\":\"t\",\"http\":{\"reuse\":\"%s\"},\"flow\":["
            "{\"get\":\"http://h/a\"},{\"get\":\"http://h/b\"},{\"think\":"
            "\"98ms\"}]," SCENARIO,
            rows[i].reuse);
        struct world *w = world_new(text, 1, 1);

        world_vus(w, 1);
        world_pass(w, 500 * MS - 1);
        world_vus(w, 0);
        world_pass(w, S);
        assert_int_equal(w->fake.done, 10);
        assert_true(w->fake.dropped >= rows[i].dropped);
        assert_int_equal(w->fake.dropped > 0, rows[i].dropped > 0);
        assert_int_equal(w->fake.once, strcmp(rows[i].reuse, "never") == 0
                                           ? w->fake.started
                                           : 0);
        world_free(&w);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_goes_out_as_the_plan_says),
        cmocka_unit_test(a_header_whose_values_come_to_nothing_is_not_sent),
        cmocka_unit_test(every_hop_of_a_redirect_is_a_request_of_its_own),
        cmocka_unit_test(credentials_that_were_dropped_on_the_way_stay_away),
        cmocka_unit_test(both_exchanges_of_digest_are_samples),
        cmocka_unit_test(wrong_credentials_are_a_failure_and_not_tried_again),
        cmocka_unit_test(secrets_taken_at_run_time_are_in_no_sample),
        cmocka_unit_test(too_many_redirects_are_a_failure_of_the_last),
        cmocka_unit_test(without_redirects_the_3xx_is_the_response),
        cmocka_unit_test(a_redirect_to_another_scheme_is_a_failure),
        cmocka_unit_test(the_time_out_spans_all_hops),
        cmocka_unit_test(statuses_outside_the_expected_fail_by_their_kind),
        cmocka_unit_test(
            a_request_without_a_response_has_a_kind_and_no_duration),
        cmocka_unit_test(a_failed_check_leaves_a_good_request_good),
        cmocka_unit_test(each_check_that_failed_says_why),
        cmocka_unit_test(a_value_that_is_missing_leaves_the_request_unsent),
        cmocka_unit_test(retries_are_counted_apart),
        cmocka_unit_test(a_fixed_request_is_one_and_the_same_for_all),
        cmocka_unit_test(a_stream_is_good_when_its_last_event_came),
        cmocka_unit_test(a_stream_without_its_last_event_has_failed),
        cmocka_unit_test(an_error_event_makes_a_stream_fail),
        cmocka_unit_test(after_its_last_event_a_stream_is_read_on_for_a_second),
        cmocka_unit_test(a_refused_stream_is_no_incomplete_one),
        cmocka_unit_test(a_stream_that_times_out_is_incomplete),
        cmocka_unit_test(connections_are_dropped_as_often_as_the_plan_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
