/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/out_kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* This exercises: a run that goes to Prometheus: what is sent adds up to what
 * the ledger says, in rising time; each answer means what the specification
 * says; a receiver without native histograms gets figures; series end with the
 * run. */

#ifdef HAVE_REMOTE_WRITE

#include <snappy-c.h>

#include "base/xalloc.h"
#include "measure/ledger.h"
#include "support/rw_read.h"
#include "support/served.h"
#include "support/sim.h"
#include "support/with_curl.h"

#define ENV_MAX 20

/* A run, and where it goes. */
struct sent {
    struct sim sim;
    struct points *points;
    const char *env[ENV_MAX]; /* NAME, value, ..., NULL */
    void *ctx;                /* the kind's */
    struct buf payload;       /* the last one */
    struct buf second;        /* what the last second gave: mostly nothing */
    bool last;                /* the next tick is the run's last */
    size_t pushes;            /* payloads that were not empty */
    size_t n;                 /* points of the last one */
    int64_t unix_ms, pushed_ms;
};

static const char *env_get(void *ctx, const char *name)
{
    struct sent *s = ctx;
    size_t i;

    for (i = 0; s->env[i] != NULL; i += 2) {
        if (strcmp(s->env[i], name) == 0) {
            return s->env[i + 1];
        }
    }
    return NULL;
}

static void env_each(void *ctx, const char *prefix, out_env_fn *fn,
                     void *fn_ctx)
{
    struct sent *s = ctx;
    size_t i;

    for (i = 0; s->env[i] != NULL; i += 2) {
        if (strncmp(s->env[i], prefix, strlen(prefix)) == 0) {
            fn(fn_ctx, s->env[i], s->env[i + 1]);
        }
    }
}

static void on_tick(void *ctx, const struct tick *t)
{
    struct sent *s = ctx;
    struct out_second second;
    struct out_lost lost = {0, NULL};
    size_t n;

    s->unix_ms = INT64_C(1764277000000) + (int64_t)(t->t_us / 1000);
    second = (struct out_second){.info = &s->sim.info,
                                 .tick = t,
                                 .points = s->points,
                                 .unix_ms = s->unix_ms,
                                 .last = s->last};
    buf_reset(&s->second);
    n = out_kind_prometheus.encode(s->ctx, &second, &s->second, &lost);
    assert_int_equal(lost.points, 0);
    assert_int_equal(n > 0, s->second.len > 0);
    if (n > 0) {
        buf_reset(&s->payload);
        buf_add(&s->payload, s->second.data, s->second.len);
        assert_true(s->pushes == 0 || s->unix_ms - s->pushed_ms >= 4500 ||
                    s->last);
        s->pushed_ms = s->unix_ms;
        s->pushes++;
        s->n = n;
    }
}

/* env: NAME, value, ..., NULL; borrowed. */
static void sent_begin(struct sent *s, const char *path, const char **env)
{
    struct out_config c = {.env = env_get, .env_each = env_each, .env_ctx = s};
    struct err e = ERR_INIT;
    char url[200];
    size_t i = 0;

    memset(s, 0, sizeof *s);
    for (; env != NULL && env[i] != NULL; i++) {
        s->env[i] = env[i];
    }
    sim_init(&s->sim, NULL, 7);
    s->points = points_new(&s->sim.info);
    c.info = &s->sim.info;
    c.place = raw_server_url(server, path, url, sizeof url);
    s->ctx = out_kind_prometheus.open(&c, &e);
    if (s->ctx == NULL) {
        fail_msg("%s", e.text);
    }
    assert_string_equal(out_kind_prometheus.where(s->ctx), url);
    buf_init(&s->payload, OUT_PAYLOAD_MAX);
    buf_init(&s->second, OUT_PAYLOAD_MAX);
    s->sim.tap = on_tick;
    s->sim.tap_ctx = s;
}

static void sent_finish(struct sent *s)
{
    s->last = true;
    sim_finish(&s->sim, 0);
}

static void sent_clear(struct sent *s)
{
    out_kind_prometheus.close(s->ctx);
    points_free(&s->points);
    buf_clear(&s->payload);
    buf_clear(&s->second);
    sim_clear(&s->sim);
}

static struct out_reply sent_try(struct sent *s)
{
    struct out_reply r = {.sent = OUT_SENT};

    out_kind_prometheus.send(s->ctx, &s->payload, &r);
    return r;
}

static void unpack(const char *data, size_t n, struct rw_gots *out)
{
    size_t size = 0;
    char *raw;

    assert_int_equal(snappy_uncompressed_length(data, n, &size), SNAPPY_OK);
    raw = xmalloc(size + 1);
    assert_int_equal(snappy_uncompress(data, n, raw, &size), SNAPPY_OK);
    rw_read(raw, size, out);
    free(raw);
}

/* What the server got last. */
static void unpack_last(struct rw_gots *out)
{
    static char got[1u << 20];
    size_t n = raw_server_last(server, got, sizeof got);
    char *body = strstr(got, "\r\n\r\n");

    assert_non_null(body);
    body += 4;
    unpack(body, n - (size_t)(body - got), out);
}

/* The sum of all series of that name. */
static double sum_of(const struct rw_gots *g, const char *name)
{
    double sum = 0;
    size_t i;

    for (i = 0; i < g->n; i++) {
        sum += strcmp(g->list[i].name, name) == 0 ? g->list[i].value : 0;
    }
    return sum;
}

static double figure_of(const struct sent *s, unsigned metric,
                        enum threshold_agg agg)
{
    struct selector all = {.metric = metric};

    return ledger_figure(s->sim.ledger, &all, agg, 0, 0).value;
}

static void what_is_sent_is_what_the_ledger_says(void **state)
{
    const char *env[] = {"K6_PROMETHEUS_RW_TREND_STATS", "count,sum,max", NULL};
    struct rw_gots got = {NULL, 0, 0};
    struct sent s;
    size_t i;

    (void)state;
    sent_begin(&s, "/ok", env);
    sim_run(&s.sim, 60);
    assert_true(s.pushes >= 10 && s.pushes <= 14);
    sent_finish(&s);
    unpack(s.payload.data, s.payload.len, &got);
    assert_int_equal(got.n, s.n);
    for (i = 0; i < got.n; i++) {
        assert_true(got.list[i].unix_ms == s.unix_ms);
        assert_false(got.list[i].stale || got.list[i].native);
    }
    assert_true(sum_of(&got, "k6_http_reqs_total") ==
                figure_of(&s, METRIC_HTTP_REQS, AGG_COUNT));
    assert_true(sum_of(&got, "k6_http_reqs_total") > 100);
    assert_true(sum_of(&got, "k6_data_received_total") ==
                figure_of(&s, METRIC_DATA_RECEIVED, AGG_COUNT));
    assert_true(sum_of(&got, "k6_iterations_total") ==
                figure_of(&s, METRIC_ITERATIONS, AGG_COUNT));
    assert_true(rw_got(&got, "k6_vus_max", "")->value ==
                figure_of(&s, METRIC_VUS_MAX, AGG_VALUE));
    assert_true(sum_of(&got, "k6_http_req_duration_sum") /
                        sum_of(&got, "k6_http_req_duration_count") * 1000 -
                    figure_of(&s, METRIC_HTTP_REQ_DURATION, AGG_AVG) <
                1e-6);
    rw_gots_clear(&got);
    sent_clear(&s);
}

static void a_request_is_as_the_specification_has_it(void **state)
{
    const char *env[] = {"K6_PROMETHEUS_RW_BEARER_TOKEN", "abc.def",
                         "K6_PROMETHEUS_RW_HTTP_HEADERS", "X-Scope-OrgID:me",
                         NULL};
    static const char *const lines[] = {
        "POST /ok HTTP/1.1\r\n",
        "\r\nContent-Type: application/x-protobuf\r\n",
        "\r\nContent-Encoding: snappy\r\n",
        "\r\nX-Prometheus-Remote-Write-Version: 0.1.0\r\n",
        "\r\nAuthorization: Bearer abc.def\r\n",
        "\r\nX-Scope-OrgID: me\r\n",
        "\r\nUser-Agent: " PACKAGE_NAME "/",
    };
    struct rw_gots got = {NULL, 0, 0};
    struct sent s;
    char head[1000];
    size_t i;

    (void)state;
    sent_begin(&s, "/ok", env);
    sim_tick(&s.sim);
    assert_int_equal(s.pushes, 1); /* the first second goes at once */
    assert_int_equal(sent_try(&s).sent, OUT_SENT);
    (void)raw_server_last(server, head, sizeof head);
    for (i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_non_null(strstr(head, lines[i]));
    }
    unpack_last(&got);
    assert_int_equal(got.n, s.n);
    assert_true(rw_got(&got, "k6_vus", "")->unix_ms == s.unix_ms);
    rw_gots_clear(&got);
    sent_clear(&s);
}

static void an_answer_means_what_the_specification_says(void **state)
{
    static const struct {
        const char *path;
        enum out_sent sent;
        uint64_t wait_ms;
        const char *why;
    } cases[] = {
        {"/ok", OUT_SENT, 0, ""},
        {"/empty/204", OUT_SENT, 0, ""},
        {"/status/400", OUT_REFUSED, 0, "it answers with status 400: status"},
        {"/empty/404", OUT_REFUSED, 0, "it answers with status 404"},
        {"/status/307", OUT_REFUSED, 0, "it answers with status 307: status"},
        {"/status/429", OUT_LATER, 0, "it answers with status 429: status"},
        {"/status/500", OUT_LATER, 0, "it answers with status 500: status"},
        /* which has nothing to do with floats */
        {"/answers/500", OUT_LATER, 0,
         "it answers with status 500: native histograms are disabled"},
        {"/retry-after/503/9", OUT_LATER, 9000,
         "it answers with status 503: later"},
        {"/close", OUT_LATER, 0, NULL},
        {"/close-head", OUT_LATER, 0, NULL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct out_reply r;
        struct sent s;

        sent_begin(&s, cases[i].path, NULL);
        sim_tick(&s.sim);
        r = sent_try(&s);
        if (r.sent != cases[i].sent) {
            fail_msg("%s: %d (%s)", cases[i].path, (int)r.sent, r.why);
        }
        assert_false(r.arrived);
        assert_int_equal(r.wait_ms, cases[i].wait_ms);
        if (cases[i].why != NULL) {
            assert_string_equal(r.why, cases[i].why);
        } else {
            assert_true(r.why[0] != '\0');
        }
        sent_clear(&s);
    }
}

static void without_native_histograms_there_are_figures(void **state)
{
    const char *env[] = {"K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM", "true",
                         NULL};
    struct rw_gots native = {NULL, 0, 0}, got = {NULL, 0, 0};
    struct out_reply r;
    struct sent s;
    size_t i, natives = 0;

    (void)state;
    sent_begin(&s, "/answers/500,503,200", env);
    sim_run(&s.sim, 10);
    unpack(s.payload.data, s.payload.len, &native);
    for (i = 0; i < native.n; i++) {
        natives += native.list[i].native;
    }
    sim_run(&s.sim, 10);
    sent_finish(&s);
    /* At once, and again, as that was not let through. */
    r = sent_try(&s);
    assert_int_equal(r.sent, OUT_LATER);
    assert_int_equal(raw_server_requests(server), 2);
    assert_non_null(strstr(r.why, "503"));
    unpack_last(&got);
    for (i = 0; i < got.n; i++) {
        assert_false(got.list[i].native);
        assert_true(got.list[i].unix_ms == s.unix_ms);
    }
    assert_true(got.n > natives * 7);
    assert_true(sum_of(&got, "k6_http_reqs_total") ==
                figure_of(&s, METRIC_HTTP_REQS, AGG_COUNT));
    r = sent_try(&s);
    assert_int_equal(r.sent, OUT_SENT);
    assert_non_null(strstr(r.why, "--enable-feature=native-histograms"));
    rw_gots_clear(&native);
    rw_gots_clear(&got);
    sent_clear(&s);
}

static void series_end_with_the_run(void **state)
{
    struct rw_gots values = {NULL, 0, 0}, got = {NULL, 0, 0};
    struct out_reply r;
    struct sent s;
    size_t i;

    (void)state;
    sent_begin(&s, "/answers/200,503,200", NULL);
    sim_run(&s.sim, 10);
    sent_finish(&s);
    unpack(s.payload.data, s.payload.len, &values);
    /* The values arrive; what ends them does not at first. */
    r = sent_try(&s);
    assert_true(r.sent == OUT_LATER && r.arrived);
    assert_int_equal(raw_server_requests(server), 2);
    assert_int_equal(sent_try(&s).sent, OUT_SENT);
    assert_int_equal(raw_server_requests(server), 3);
    unpack_last(&got);
    assert_int_equal(got.n, values.n);
    for (i = 0; i < got.n; i++) {
        assert_true(got.list[i].stale);
        assert_true(got.list[i].unix_ms == s.unix_ms + 1);
        assert_non_null(rw_got(&values, got.list[i].name, got.list[i].labels));
    }
    rw_gots_clear(&values);
    rw_gots_clear(&got);
    sent_clear(&s);
}

static void they_go_on_where_that_is_wanted(void **state)
{
    const char *env[] = {"K6_PROMETHEUS_RW_STALE_MARKERS", "false", NULL};
    struct sent s;

    (void)state;
    sent_begin(&s, "/ok", env);
    sim_run(&s.sim, 1);
    sent_finish(&s);
    assert_int_equal(sent_try(&s).sent, OUT_SENT);
    assert_int_equal(raw_server_requests(server), 1);
    sent_clear(&s);
}

static void a_try_is_ended_from_outside(void **state)
{
    struct out_reply r;
    struct sent s;

    (void)state;
    sent_begin(&s, "/stall", NULL);
    sim_tick(&s.sim);
    out_kind_prometheus.stop(s.ctx);
    r = sent_try(&s);
    assert_int_equal(r.sent, OUT_LATER);
    assert_int_equal(raw_server_requests(server), 0);
    sent_clear(&s);
}

int main(void)
{
#define TEST(f)                                                                \
    cmocka_unit_test_setup_teardown(f, served_set_up, served_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_sent_is_what_the_ledger_says),
        TEST(a_request_is_as_the_specification_has_it),
        TEST(an_answer_means_what_the_specification_says),
        TEST(without_native_histograms_there_are_figures),
        TEST(series_end_with_the_run),
        TEST(they_go_on_where_that_is_wanted),
        TEST(a_try_is_ended_from_outside),
    };
#undef TEST

    return cmocka_run_group_tests(tests, curl_begin, curl_end);
}

#else

int main(void)
{
    return 77; /* skipped */
}

#endif
