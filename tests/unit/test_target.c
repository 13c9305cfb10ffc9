/* SPDX-License-Identifier: MIT
 *
 * The target as its clients meet it: shapes, counts, limits, ends. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cjson/cJSON.h>

#include "base/num.h"
#include "base/xalloc.h"
#include "support/wire.h"
#include "target/target.h"

#define UUID "0f8fad5b-d9cb-469f-a165-70867728950e"
#define ASK                                                                    \
    "{\"message\":\"Why is the sky blue?\",\"sessionId\":\"" UUID              \
    "\",\"context\":{\"recentHistory\":[]}}"
/* Answers as fast as it can, to all who come. */
#define FAST "places=100,service_ms=0.1,queue=1000"
/* Answers nobody in the time that a test takes. */
#define NEVER "places=1,queue=0,service_ms=60000"

struct scene {
    struct target *target;
    struct wire wire;
    struct wire_reply reply;
};

static void scene_open(struct scene *s, const char *model)
{
    struct target_options o;
    struct err e = ERR_INIT;

    memset(s, 0, sizeof *s);
    target_options_init(&o);
    assert_true(target_model_parse(&o.model, model, &e));
    assert_true(target_start(&o, &s->target, &e));
    assert_true(wire_open(&s->wire, "127.0.0.1", target_port(s->target)));
    wire_reply_init(&s->reply);
}

static void scene_close(struct scene *s)
{
    wire_close(&s->wire);
    wire_reply_clear(&s->reply);
    target_stop(&s->target);
    assert_null(s->target);
}

static void scene_get(struct scene *s, const char *path, const char *headers)
{
    assert_true(wire_send(&s->wire, "GET", path, headers, NULL));
    assert_true(wire_read(&s->wire, &s->reply));
}

static void scene_post(struct scene *s, const char *path, const char *body)
{
    assert_true(wire_post(&s->wire, path, body));
    assert_true(wire_read(&s->wire, &s->reply));
}

static const char *scene_body(const struct scene *s)
{
    return buf_str(&s->reply.body);
}

static void expect_header(const struct scene *s, const char *name,
                          const char *want)
{
    char value[100];

    assert_string_equal(wire_header(&s->reply, name, value, sizeof value),
                        want);
}

/* The number of a header, which must be one. */
static uint64_t header_number(const struct scene *s, const char *name)
{
    char value[100];
    uint64_t n = 0;

    wire_header(&s->reply, name, value, sizeof value);
    assert_true(num_u64(value, 0, UINT64_MAX, &n));
    return n;
}

static const char *member(const cJSON *o, const char *key)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, key);

    assert_true(cJSON_IsString(v));
    return v->valuestring;
}

static cJSON *body_json(const struct scene *s)
{
    cJSON *o = cJSON_Parse(scene_body(s));

    assert_non_null(o);
    return o;
}

/* The reply is this failure in the Vi runtime's shape. */
static void expect_failure(const struct scene *s, int status, const char *code)
{
    cJSON *o = body_json(s);
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(o, "error");

    assert_int_equal(s->reply.status, status);
    expect_header(s, "Content-Type", "application/json; charset=utf-8");
    assert_true(cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(o, "success")));
    assert_string_equal(member(error, "code"), code);
    assert_true(member(error, "message")[0] != '\0');
    assert_true(strncmp(member(o, "requestId"), "req-", 4) == 0);
    cJSON_Delete(o);
}

/* One value of the target's Prometheus text, read over the wire; 0 when the
 * series is not there. */
static uint64_t metric(struct scene *s, const char *series)
{
    struct buf line;
    const char *at;
    uint64_t n = 0;

    scene_get(s, "/v1/metrics", "Accept: text/plain\r\n");
    buf_init(&line, 500);
    buf_addf(&line, "\n%s ", series);
    at = strstr(scene_body(s), buf_str(&line));
    if (at != NULL) {
        at += line.len;
        buf_reset(&line);
        buf_add(&line, at, strcspn(at, "\n"));
        assert_true(num_u64(buf_str(&line), 0, UINT64_MAX, &n));
    }
    buf_clear(&line);
    return n;
}

#define REQUESTS(path, status)                                                 \
    "brunt_target_requests_total{endpoint=\"" path "\",status=\"" status "\"}"

/* The names of a stream's events, each followed by a space. */
static void stream_events(const struct scene *s, struct buf *names)
{
    const char *at = scene_body(s);

    buf_reset(names);
    while (strncmp(at, "event: ", 7) == 0) {
        const char *data = strchr(at, '\n');
        const char *end = strstr(at, "\n\n");
        cJSON *o;

        assert_non_null(end);
        buf_add(names, at + 7, (size_t)(data - at) - 7);
        buf_addc(names, ' ');
        assert_true(strncmp(data + 1, "data: {", 7) == 0);
        o = cJSON_ParseWithLength(data + 7, (size_t)(end - data) - 7);
        assert_non_null(o);
        cJSON_Delete(o);
        at = end + 2;
    }
    assert_string_equal(at, "");
}

static void health_is_up(void **state)
{
    struct scene s;
    cJSON *o;

    (void)state;
    scene_open(&s, FAST);
    scene_get(&s, "/v1/health", "");
    assert_int_equal(s.reply.status, 200);
    o = body_json(&s);
    assert_string_equal(member(o, "status"), "ok");
    assert_string_equal(member(o, "version"), "0.1.0");
    assert_int_equal(strlen(member(o, "timestamp")), 24);
    assert_int_equal(cJSON_GetArraySize(o), 3);
    cJSON_Delete(o);
    scene_close(&s);
}

static void a_chat_has_output_record_and_session(void **state)
{
    struct scene s;
    cJSON *o;

    (void)state;
    scene_open(&s, FAST);
    scene_post(&s, "/v1/chat", ASK);
    assert_int_equal(s.reply.status, 200);
    assert_true(s.reply.body.len > 600 && s.reply.body.len < 1000);
    o = body_json(&s);
    assert_true(member(o, "output")[0] != '\0');
    assert_int_equal(strlen(member(o, "recordId")), 36);
    assert_string_equal(member(o, "sessionId"), UUID);
    assert_string_equal(
        member(cJSON_GetArrayItem(
                   cJSON_GetObjectItemCaseSensitive(o, "citations"), 0),
               "sourceText"),
        "Why is the sky blue?");
    assert_string_equal(
        member(cJSON_GetObjectItemCaseSensitive(o, "cognitive"), "decision"),
        "completed");
    cJSON_Delete(o);
    scene_close(&s);
}

static void a_chat_has_the_headers_of_the_runtime(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, FAST ",rate_limit=100");
    assert_true(wire_send(&s.wire, "POST", "/v1/chat",
                          "Content-Type: application/json\r\n"
                          "X-Vi-Test-Mode: true\r\n",
                          ASK));
    assert_true(wire_read(&s.wire, &s.reply));
    assert_int_equal(s.reply.status, 200);
    expect_header(&s, "Content-Type", "application/json; charset=utf-8");
    expect_header(&s, "Keep-Alive", "timeout=72");
    expect_header(&s, "X-Vi-Test-Mode", "true");
    expect_header(&s, "X-RateLimit-Limit", "100");
    expect_header(&s, "X-RateLimit-Remaining", "99");
    assert_true(header_number(&s, "X-RateLimit-Reset") > 1000000000000);
    scene_close(&s);
}

static void a_session_is_made_up_where_none_is_given(void **state)
{
    struct scene s;
    cJSON *o;

    (void)state;
    scene_open(&s, FAST);
    scene_post(&s, "/v1/chat", "{\"message\":\"Why is the sky blue?\"}");
    assert_int_equal(s.reply.status, 200);
    o = body_json(&s);
    assert_int_equal(strlen(member(o, "sessionId")), 36);
    cJSON_Delete(o);
    scene_close(&s);
}

/* One connection lives through good and bad requests alike. */
static void each_mistake_gets_its_own_answer(void **state)
{
    struct scene s;
    char *large = malloc(1200000);

    (void)state;
    assert_non_null(large);
    memset(large, 'x', 1199999);
    large[1199999] = '\0';
    scene_open(&s, FAST);
    scene_post(&s, "/v1/chat",
               "{\"message\":\"x\",\"sessionId\":\"k6-session-1-0\"}");
    expect_failure(&s, 400, "VALIDATION_ERROR");
    assert_non_null(strstr(scene_body(&s), "\"sessionId\":[\"Invalid uuid\"]"));
    scene_post(&s, "/v1/chat/stream", "{\"message\":\"\"}");
    expect_failure(&s, 400, "VALIDATION_ERROR");
    scene_post(&s, "/v1/chat", "{\"message\":");
    expect_failure(&s, 400, "OPERATION_FAILED");
    assert_true(wire_send(&s.wire, "POST", "/v1/chat",
                          "Content-Type: application/xml\r\n", "<a/>"));
    assert_true(wire_read(&s.wire, &s.reply));
    expect_failure(&s, 415, "OPERATION_FAILED");
    scene_post(&s, "/v1/chat", large);
    expect_failure(&s, 413, "OPERATION_FAILED");
    scene_get(&s, "/v1/nothing?x=1", "");
    expect_failure(&s, 404, "NOT_FOUND");
    assert_non_null(
        strstr(scene_body(&s), "Route not found: GET /v1/nothing?x=1"));
    scene_get(&s, "/v1/chat", "");
    expect_failure(&s, 404, "NOT_FOUND");
    scene_post(&s, "/v1/chat", ASK);
    assert_int_equal(s.reply.status, 200);
    scene_close(&s);
    free(large);
}

static void the_short_cut_is_not_counted_as_a_chat(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, NEVER);
    scene_post(&s, "/v1/chat", "{\"message\":\"hello\"}");
    assert_int_equal(s.reply.status, 200);
    assert_non_null(strstr(scene_body(&s), "\"intent\":\"fast_path\""));
    assert_int_equal(metric(&s, "vi_chat_requests_total{status=\"ok\"}"), 0);
    assert_int_equal(metric(&s, REQUESTS("/v1/chat", "200")), 1);
    scene_close(&s);
}

static void a_stream_has_its_frames_in_order(void **state)
{
    static const char plain[] = "ready perception intent plan execution "
                                "reflection response response done ";
    static const char unclear[] =
        "ready perception ambiguity_detected response done ";
    struct scene s;
    struct buf names;
    int plains = 0;
    int unclears = 0;
    int chimes = 0;

    (void)state;
    buf_init(&names, 1000);
    scene_open(&s, FAST);
    for (int i = 0; i < 200; i++) {
        const char *rest;

        scene_post(&s, "/v1/chat/stream", ASK);
        assert_int_equal(s.reply.status, 200);
        assert_true(s.reply.chunked);
        stream_events(&s, &names);
        rest = buf_str(&names);
        if (strncmp(rest, "chime ", 6) == 0) {
            chimes++;
            rest += 6;
        }
        if (strcmp(rest, plain) == 0) {
            plains++;
            assert_true(s.reply.body.len > 4000 && s.reply.body.len < 5000);
        } else {
            assert_string_equal(rest, unclear);
            unclears++;
        }
    }
    assert_true(plains > 150 && unclears > 0 && chimes > 0);
    expect_header(&s, "Content-Type", "text/event-stream");
    assert_int_equal(metric(&s, "vi_autonomy_chimes_total"), chimes);
    assert_int_equal(metric(&s, "vi_autonomy_events_total"),
                     7 * plains + 3 * unclears);
    buf_clear(&names);
    scene_close(&s);
}

static void a_stream_s_head_does_not_wait_for_its_frames(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, NEVER);
    assert_true(wire_post(&s.wire, "/v1/chat/stream", ASK));
    assert_true(wire_head(&s.wire, &s.reply));
    assert_int_equal(s.reply.status, 200);
    scene_close(&s);
}

static void a_stream_that_fails_ends_in_an_error_with_status_200(void **state)
{
    struct scene s;
    struct buf names;
    int failed = 0;

    (void)state;
    buf_init(&names, 1000);
    scene_open(&s, FAST ",stream_error=0.5");
    for (int i = 0; i < 100; i++) {
        scene_post(&s, "/v1/chat/stream", ASK);
        assert_int_equal(s.reply.status, 200);
        stream_events(&s, &names);
        if (strstr(buf_str(&names), "error ") != NULL) {
            failed++;
            assert_null(strstr(buf_str(&names), "done "));
        } else {
            assert_non_null(strstr(buf_str(&names), "done "));
        }
    }
    assert_true(failed > 20 && failed < 80);
    assert_int_equal(metric(&s, "vi_chat_requests_total{status=\"error\"}"),
                     failed);
    assert_int_equal(metric(&s, REQUESTS("/v1/chat/stream", "200")), 100);
    buf_clear(&names);
    scene_close(&s);
}

static void metrics_are_json_unless_text_is_asked_for(void **state)
{
    struct scene s;
    cJSON *o;

    (void)state;
    scene_open(&s, FAST);
    scene_get(&s, "/v1/metrics", "Accept: */*\r\n");
    expect_header(&s, "Content-Type", "application/json; charset=utf-8");
    o = body_json(&s);
    assert_true(cJSON_HasObjectItem(o, "chatRequests"));
    cJSON_Delete(o);
    scene_get(&s, "/v1/metrics?format=prom", "");
    assert_non_null(strstr(scene_body(&s), "\nvi_chat_requests_total{status="
                                           "\"ok\"} 0\n"));
    assert_non_null(strstr(scene_body(&s), "\nvi_server_started_at "));
    scene_get(&s, "/v1/metrics", "Accept: application/json, text/plain\r\n");
    expect_header(&s, "Content-Type",
                  "text/plain; version=0.0.4; charset=utf-8");
#ifdef __linux__
    assert_true(metric(&s, "process_resident_memory_bytes") > 100000);
#endif
    scene_close(&s);
}

static void every_answer_is_counted_by_endpoint_and_status(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, FAST);
    for (int i = 0; i < 30; i++) {
        scene_post(&s, "/v1/chat", ASK);
    }
    for (int i = 0; i < 20; i++) {
        scene_post(&s, "/v1/chat/stream", ASK);
    }
    for (int i = 0; i < 10; i++) {
        scene_get(&s, "/v1/health", "");
        scene_get(&s, "/v1/metrics", "");
        scene_get(&s, "/", "");
        scene_post(&s, "/v1/chat", "{}");
    }
    /* The scrapes of this list count for those after them, not for
     * themselves. */
    assert_int_equal(metric(&s, REQUESTS("/v1/metrics", "200")), 10);
    assert_int_equal(metric(&s, REQUESTS("/v1/metrics", "200")), 11);
    assert_int_equal(metric(&s, REQUESTS("/v1/chat", "200")), 30);
    assert_int_equal(metric(&s, REQUESTS("/v1/chat", "400")), 10);
    assert_int_equal(metric(&s, REQUESTS("/v1/chat/stream", "200")), 20);
    assert_int_equal(metric(&s, REQUESTS("/v1/health", "200")), 10);
    assert_int_equal(metric(&s, REQUESTS("other", "404")), 10);
    assert_int_equal(metric(&s, "vi_chat_requests_total{status=\"ok\"}"), 50);
    assert_int_equal(metric(&s, "vi_chat_requests_total{status=\"error\"}"), 0);
    scene_close(&s);
}

static void a_full_queue_answers_503_at_once(void **state)
{
    struct scene s;
    struct scene other;

    (void)state;
    scene_open(&s, NEVER);
    assert_true(wire_open(&other.wire, "127.0.0.1", target_port(s.target)));
    wire_reply_init(&other.reply);
    assert_true(wire_post(&other.wire, "/v1/chat/stream", ASK));
    assert_true(wire_head(&other.wire, &other.reply));
    scene_post(&s, "/v1/chat", ASK);
    expect_failure(&s, 503, "SERVICE_UNAVAILABLE");
    scene_post(&s, "/v1/chat/stream", ASK);
    expect_failure(&s, 503, "SERVICE_UNAVAILABLE");
    assert_int_equal(metric(&s, "vi_chat_requests_total{status=\"error\"}"), 2);
    wire_close(&other.wire);
    wire_reply_clear(&other.reply);
    scene_close(&s);
}

static void too_many_from_one_address_and_url_get_429(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, FAST ",rate_limit=3");
    for (int i = 0; i < 3; i++) {
        scene_post(&s, "/v1/chat", ASK);
        assert_int_equal(s.reply.status, 200);
    }
    scene_post(&s, "/v1/chat", ASK);
    expect_failure(&s, 429, "RATE_LIMIT_EXCEEDED");
    expect_header(&s, "X-RateLimit-Remaining", "0");
    assert_in_range(header_number(&s, "Retry-After"), 1, 60);
    scene_post(&s, "/v1/chat/stream", ASK);
    assert_int_equal(s.reply.status, 200);
    scene_post(&s, "/v1/chat?a=1", ASK);
    assert_int_equal(s.reply.status, 200);
    assert_true(wire_send(&s.wire, "POST", "/v1/chat",
                          "Content-Type: application/json\r\n"
                          "X-Forwarded-For: 10.1.2.3, 10.0.0.1\r\n",
                          ASK));
    assert_true(wire_read(&s.wire, &s.reply));
    assert_int_equal(s.reply.status, 200);
    scene_get(&s, "/v1/health", "");
    assert_int_equal(s.reply.status, 200);
    assert_int_equal(metric(&s, "vi_chat_rate_limited_total"), 1);
    assert_int_equal(metric(&s, REQUESTS("/v1/chat", "429")), 1);
    assert_int_equal(metric(&s, "vi_chat_requests_total{status=\"ok\"}"), 6);
    scene_close(&s);
}

/* The one test that takes five seconds: the wait for a database connection. */
static void with_the_database_down_only_health_is_well(void **state)
{
    struct scene s;
    struct scene other;
    struct buf names;

    (void)state;
    buf_init(&names, 1000);
    scene_open(&s, FAST ",db_down=0-3600");
    assert_true(wire_open(&other.wire, "127.0.0.1", target_port(s.target)));
    wire_reply_init(&other.reply);
    assert_true(wire_post(&other.wire, "/v1/chat/stream", ASK));
    assert_true(wire_head(&other.wire, &other.reply));
    scene_get(&s, "/v1/health", "");
    assert_int_equal(s.reply.status, 200);
    scene_post(&s, "/v1/chat", ASK);
    expect_failure(&s, 500, "PROCESSING_ERROR");
    assert_true(wire_body(&other.wire, &other.reply));
    stream_events(&other, &names);
    assert_string_equal(buf_str(&names), "error ");
    assert_int_equal(metric(&s, "vi_chat_requests_total{status=\"error\"}"), 2);
    wire_close(&other.wire);
    wire_reply_clear(&other.reply);
    buf_clear(&names);
    scene_close(&s);
}

static void await_dead(const struct target *t)
{
    struct timespec pause = {.tv_nsec = 1000000};

    for (int i = 0; i < 20000 && !target_dead(t); i++) {
        nanosleep(&pause, NULL);
    }
    assert_true(target_dead(t));
}

static void after_so_many_answers_it_is_gone_with_all_connections(void **state)
{
    struct scene s;
    struct wire idle;
    struct wire waiting;

    (void)state;
    scene_open(&s, "places=1,service_ms=60000,crash_after=4");
    assert_true(wire_open(&idle, "127.0.0.1", target_port(s.target)));
    assert_true(wire_open(&waiting, "127.0.0.1", target_port(s.target)));
    assert_true(wire_post(&waiting, "/v1/chat/stream", ASK));
    assert_true(wire_head(&waiting, &s.reply));
    for (int i = 0; i < 3; i++) {
        scene_get(&s, "/v1/health", "");
        assert_int_equal(s.reply.status, 200);
    }
    assert_false(target_dead(s.target));
    assert_true(wire_send(&s.wire, "GET", "/v1/health", "", NULL));
    assert_false(wire_read(&s.wire, &s.reply));
    await_dead(s.target);
    assert_true(wire_ended(&idle));
    assert_true(wire_ended(&waiting));
    wire_close(&idle);
    wire_close(&waiting);
    assert_false(wire_open(&idle, "127.0.0.1", target_port(s.target)));
    scene_close(&s);
}

static void told_crash(void *ctx)
{
    atomic_int *told = ctx;

    atomic_fetch_add(told, 1);
}

static void whoever_asked_is_told_of_the_crash_once(void **state)
{
    struct target_options o;
    struct target *t = NULL;
    struct wire w;
    struct err e = ERR_INIT;
    atomic_int told;

    (void)state;
    atomic_init(&told, 0);
    target_options_init(&o);
    o.model.crash_after = 1;
    o.on_crash = told_crash;
    o.crash_ctx = &told;
    assert_true(target_start(&o, &t, &e));
    assert_true(wire_open(&w, "127.0.0.1", target_port(t)));
    for (int i = 0; i < 2; i++) {
        assert_true(wire_send(&w, "GET", "/v1/health", "", NULL));
    }
    assert_true(wire_ended(&w));
    await_dead(t);
    assert_int_equal(atomic_load(&told), 1);
    wire_close(&w);
    target_stop(&t);
}

static void a_stop_ends_whoever_is_still_there(void **state)
{
    struct target_options o;
    struct target *t = NULL;
    struct wire w[5];
    struct wire_reply r;
    struct err e = ERR_INIT;

    (void)state;
    wire_reply_init(&r);
    target_options_init(&o);
    assert_true(target_model_parse(&o.model, "places=1,service_ms=60000", &e));
    assert_true(target_start(&o, &t, &e));
    for (int i = 0; i < 5; i++) {
        assert_true(wire_open(&w[i], "127.0.0.1", target_port(t)));
    }
    assert_true(wire_put(&w[1], "GET /v1/he", 10));
    assert_true(wire_post(&w[2], "/v1/chat", ASK));
    assert_true(wire_post(&w[3], "/v1/chat/stream", ASK));
    assert_true(wire_head(&w[3], &r));
    assert_true(wire_post(&w[4], "/v1/chat/stream", ASK));
    assert_true(wire_head(&w[4], &r));
    target_stop(&t);
    for (int i = 0; i < 5; i++) {
        assert_true(wire_ended(&w[i]));
        wire_close(&w[i]);
    }
    wire_reply_clear(&r);
}

static void clients_that_leave_give_their_places_back(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, "places=2,queue=0,service_ms=20");
    for (int i = 0; i < 20; i++) {
        struct wire w;

        assert_true(wire_open(&w, "127.0.0.1", target_port(s.target)));
        assert_true(wire_post(&w, "/v1/chat/stream", ASK));
        assert_true(wire_head(&w, &s.reply));
        wire_close(&w);
    }
    /* Until their time is up those places may be taken. */
    do {
        scene_post(&s, "/v1/chat", ASK);
    } while (s.reply.status == 503);
    assert_int_equal(s.reply.status, 200);
    scene_close(&s);
}

static void rubbish_does_not_bring_it_down(void **state)
{
    static const char *const rubbish[] = {
        "\x01\x02\x03\xff\xfe\r\n\r\n",
        "GET\r\n\r\n",
        "POST /v1/chat HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        ("POST /v1/chat HTTP/1.1\r\nContent-Length: "
         "99999999999999999999\r\n\r\n"),
        "POST /v1/chat HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET /\x1b[2J HTTP/1.1\r\nHost: \x80\r\n\r\n",
        "BREW /v1/chat HTTP/9.9\r\n\r\n",
    };
    struct scene s;

    (void)state;
    scene_open(&s, FAST);
    for (size_t i = 0; i < sizeof rubbish / sizeof rubbish[0]; i++) {
        struct wire w;

        assert_true(wire_open(&w, "127.0.0.1", target_port(s.target)));
        wire_put(&w, rubbish[i], strlen(rubbish[i]));
        wire_head(&w, &s.reply);
        wire_close(&w);
        scene_get(&s, "/v1/health", "");
        assert_int_equal(s.reply.status, 200);
    }
    scene_close(&s);
}

static void it_listens_on_loopback_alone(void **state)
{
    struct scene s;
    struct wire w;

    (void)state;
    scene_open(&s, FAST);
    assert_false(wire_open(&w, "127.0.0.2", target_port(s.target)));
    if (wire_open(&w, "::1", target_port(s.target))) {
        assert_true(wire_send(&w, "GET", "/v1/health", "", NULL));
        assert_true(wire_read(&w, &s.reply));
        assert_int_equal(s.reply.status, 200);
        wire_close(&w);
    }
    scene_close(&s);
}

static void a_port_that_is_taken_is_refused_with_its_number(void **state)
{
    struct scene s;
    struct target_options o;
    struct target *t = NULL;
    struct err e = ERR_INIT;
    char number[16];

    (void)state;
    scene_open(&s, FAST);
    target_options_init(&o);
    o.port = target_port(s.target);
    assert_false(target_start(&o, &t, &e));
    assert_null(t);
    snprintf(number, sizeof number, "port %u", o.port);
    assert_non_null(strstr(e.text, number));
    o.port = 0;
    assert_true(target_start(&o, &t, &e));
    assert_int_not_equal(target_port(t), target_port(s.target));
    target_stop(&t);
    scene_close(&s);
}

/* Many at once, each with requests in flight; all are answered and counted. */
static void hundreds_of_connections_are_served_side_by_side(void **state)
{
    enum { N = 300, ROUNDS = 5 };
    struct scene s;
    struct wire *w = xcalloc(N, sizeof *w);

    (void)state;
    scene_open(&s, "places=400,service_ms=5,queue=1000");
    for (int i = 0; i < N; i++) {
        assert_true(wire_open(&w[i], "127.0.0.1", target_port(s.target)));
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < N; i++) {
            assert_true(wire_post(
                &w[i], i % 2 == 0 ? "/v1/chat" : "/v1/chat/stream", ASK));
        }
        for (int i = 0; i < N; i++) {
            assert_true(wire_read(&w[i], &s.reply));
            assert_int_equal(s.reply.status, 200);
        }
    }
    assert_int_equal(metric(&s, REQUESTS("/v1/chat", "200")), N / 2 * ROUNDS);
    assert_int_equal(metric(&s, REQUESTS("/v1/chat/stream", "200")),
                     N / 2 * ROUNDS);
    for (int i = 0; i < N; i++) {
        wire_close(&w[i]);
    }
    scene_close(&s);
    free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(health_is_up),
        cmocka_unit_test(a_chat_has_output_record_and_session),
        cmocka_unit_test(a_chat_has_the_headers_of_the_runtime),
        cmocka_unit_test(a_session_is_made_up_where_none_is_given),
        cmocka_unit_test(each_mistake_gets_its_own_answer),
        cmocka_unit_test(the_short_cut_is_not_counted_as_a_chat),
        cmocka_unit_test(a_stream_has_its_frames_in_order),
        cmocka_unit_test(a_stream_s_head_does_not_wait_for_its_frames),
        cmocka_unit_test(a_stream_that_fails_ends_in_an_error_with_status_200),
        cmocka_unit_test(metrics_are_json_unless_text_is_asked_for),
        cmocka_unit_test(every_answer_is_counted_by_endpoint_and_status),
        cmocka_unit_test(a_full_queue_answers_503_at_once),
        cmocka_unit_test(too_many_from_one_address_and_url_get_429),
        cmocka_unit_test(with_the_database_down_only_health_is_well),
        cmocka_unit_test(after_so_many_answers_it_is_gone_with_all_connections),
        cmocka_unit_test(whoever_asked_is_told_of_the_crash_once),
        cmocka_unit_test(a_stop_ends_whoever_is_still_there),
        cmocka_unit_test(clients_that_leave_give_their_places_back),
        cmocka_unit_test(rubbish_does_not_bring_it_down),
        cmocka_unit_test(it_listens_on_loopback_alone),
        cmocka_unit_test(a_port_that_is_taken_is_refused_with_its_number),
        cmocka_unit_test(hundreds_of_connections_are_served_side_by_side),
    };

    return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
