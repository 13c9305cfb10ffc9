/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "record/out_influxdb_config.h"
#include "record/out_kind.h"
#include "support/sim.h"
#include "support/with_curl.h"

/* This exercises: seconds of a run as InfluxDB's line protocol: each line is
 * taken apart by the rules of the protocol, no two are of the same series and
 * time, and their fields add up to the points; and what URL and environment say
 * of where they go. */

#define TEXT_MAX  (4u << 20)
#define LINES_MAX 4000

static const char *const *said; /* names and values in turn, NULL behind them */

static const char *env(void *ctx, const char *name)
{
    const char *const *at;

    (void)ctx;
    for (at = said; at != NULL && *at != NULL; at += 2) {
        if (strcmp(*at, name) == 0) {
            return at[1];
        }
    }
    return NULL;
}

struct world {
    struct sim sim;
    struct points *points;
    void *influx;
    struct buf payload;
    int64_t unix_ms;
    double reqs, durations, duration_sum, failed; /* of lines */
    double want_reqs, want_durations, want_sum, want_failed;
    size_t string_fields, own_times;
};

/* Up to the first of those that no backslash stands before. */
static size_t part(const char *s, const char *those)
{
    size_t i;

    for (i = 0; s[i] != '\0' && strchr(those, s[i]) == NULL; i++) {
        i += s[i] == '\\' && s[i + 1] != '\0';
    }
    return i;
}

static double field(const char *fields, const char *name)
{
    const char *at = fields, *end;
    double v;

    while (*at != ' ') {
        size_t n = part(at, "=");

        if (n == strlen(name) && strncmp(at, name, n) == 0) {
            assert_true(num_double_prefix(at + n + 1, &v, &end));
            assert_true(*end == ',' || *end == ' ');
            return v;
        }
        at += n + 1;
        at += at[0] == '"' ? 1 + part(at + 1, "\"") : 0;
        at += part(at, ", ");
        at += *at == ',';
    }
    return 0;
}

static void take_line(struct world *w, const char *line)
{
    size_t n = part(line, ", "), at = n;
    const char *fields;

    while (line[at] == ',') { /* tags */
        size_t name = part(line + at + 1, "=, ");

        assert_true(name > 0);
        at += 1 + name;
        assert_int_equal(line[at], '=');
        name = part(line + at + 1, "=, ");
        assert_true(name > 0);
        at += 1 + name;
    }
    assert_int_equal(line[at], ' ');
    fields = line + at + 1;
    w->string_fields += strstr(fields, "=\"") != NULL;
    if (strncmp(line, "http_reqs,", 10) == 0) {
        w->reqs += field(fields, "value");
    } else if (strncmp(line, "http_req_duration,", 18) == 0) {
        w->durations += field(fields, "count");
        w->duration_sum += field(fields, "sum");
        assert_true(field(fields, "min") <= field(fields, "p50"));
        assert_true(field(fields, "p99") <= field(fields, "max"));
    } else if (strncmp(line, "http_req_failed,", 16) == 0) {
        w->failed += field(fields, "hits");
        assert_true(fabs(field(fields, "value") * field(fields, "count") -
                         field(fields, "hits")) < 1e-6);
    }
}

/* Tags and time: what InfluxDB tells lines apart by. */
static void assert_new(char *const *keys, size_t n, const char *key)
{
    size_t i;

    for (i = 0; i < n; i++) {
        assert_string_not_equal(keys[i], key);
    }
}

static void take(struct world *w)
{
    static char *keys[LINES_MAX];
    size_t n = 0, i;
    char *line = w->payload.data, *end;

    while (line < w->payload.data + w->payload.len) {
        const char *time;
        size_t tags;
        struct buf key;

        end = strchr(line, '\n');
        assert_non_null(end);
        *end = '\0';
        take_line(w, line);
        tags = part(line, " ");
        time = strrchr(line, ' ') + 1;
        w->own_times += strlen(time) > 13;
        buf_init(&key, TEXT_MAX);
        buf_addf(&key, "%.*s %s", (int)tags, line, time);
        assert_new(keys, n, buf_str(&key));
        assert_true(n < LINES_MAX);
        keys[n++] = buf_take(&key);
        line = end + 1;
    }
    for (i = 0; i < n; i++) {
        free(keys[i]);
    }
}

static void want_point(void *ctx, const struct point *p)
{
    struct world *w = ctx;

    if (p->metric == METRIC_HTTP_REQS) {
        w->want_reqs += p->value;
    } else if (p->metric == METRIC_HTTP_REQ_DURATION) {
        w->want_durations += (double)p->count;
        w->want_sum += p->value;
    } else if (p->metric == METRIC_HTTP_REQ_FAILED) {
        w->want_failed += p->value;
    }
}

static void world_tick(void *ctx, const struct tick *t)
{
    struct world *w = ctx;
    struct out_second s = {.info = &w->sim.info,
                           .tick = t,
                           .points = w->points,
                           .unix_ms = w->unix_ms++};
    struct out_lost lost = {0, NULL};

    buf_reset(&w->payload);
    out_kind_influxdb.encode(w->influx, &s, &w->payload, &lost);
    assert_int_equal(lost.points, 0);
    take(w);
    points_each(w->points, t, want_point, w);
}

static void world_run(struct world *w)
{
    struct out_config c = {.info = &w->sim.info, .env = env};
    struct err e = ERR_INIT;

    memset(w, 0, sizeof *w);
    w->unix_ms = 1764201600500;
    buf_init(&w->payload, TEXT_MAX);
    sim_init(&w->sim, NULL, 7);
    w->points = points_new(&w->sim.info);
    w->influx = out_kind_influxdb.open(&c, &e);
    assert_non_null(w->influx);
    w->sim.tap = world_tick;
    w->sim.tap_ctx = w;
    sim_run(&w->sim, 30);
    assert_true(w->reqs > 100 && w->reqs == w->want_reqs);
    assert_true(w->durations == w->want_durations);
    assert_true(fabs(w->duration_sum - w->want_sum) <= 1e-9 * w->want_sum);
    assert_true(w->failed == w->want_failed);
    out_kind_influxdb.close(w->influx);
    points_free(&w->points);
    sim_clear(&w->sim);
    buf_clear(&w->payload);
}

static void lines_add_up_to_the_points(void **state)
{
    static const char *const all_tags[] = {"K6_INFLUXDB_TAGS_AS_FIELDS",
                                           "vu:int,iter:int", NULL};
    struct world w;

    (void)state;
    said = NULL;
    world_run(&w);
    assert_true(w.string_fields > 0 && w.own_times > 0); /* the URL */
    said = all_tags;
    world_run(&w);
    assert_int_equal(w.string_fields + w.own_times, 0);
}

static void tags_that_tell_series_apart_may_be_fields(void **state)
{
    static const char *const fields[] = {
        "K6_INFLUXDB_TAGS_AS_FIELDS", "status:int,name,expected_response:bool",
        NULL};
    struct world w;

    (void)state;
    said = fields;
    world_run(&w);
    assert_true(w.string_fields > 0 && w.own_times > 0);
}

static void read_config(struct influx_config *c, const char *place, bool ok,
                        const char *text)
{
    struct out_config out = {.place = place, .env = env};
    struct err e = ERR_INIT;

    memset(c, 0, sizeof *c);
    assert_int_equal(influx_config_read(c, &out, &e), ok);
    assert_true(ok || strstr(e.text, text) != NULL);
}

static void the_url_says_where_to_and_stands_over_the_environment(void **state)
{
    static const char *const words[] = {"K6_INFLUXDB_ADDR",
                                        "https://db.example:99",
                                        "K6_INFLUXDB_DB",
                                        "my \"db\"",
                                        "K6_INFLUXDB_USERNAME",
                                        "me",
                                        "K6_INFLUXDB_PASSWORD",
                                        "hush",
                                        "K6_INFLUXDB_INSECURE",
                                        "true",
                                        NULL};
    struct influx_config c;

    (void)state;
    said = NULL;
    read_config(&c, NULL, true, "");
    assert_string_equal(c.where, "http://localhost:8086/k6");
    assert_string_equal(c.write_url,
                        "http://localhost:8086/write?db=k6&precision=ns");
    assert_null(c.user);
    influx_config_clear(&c);
    said = words;
    read_config(&c, NULL, true, "");
    assert_string_equal(c.where, "https://db.example:99/my \"db\"");
    assert_string_equal(c.write_url, "https://db.example:99/write?db=my%20%22db"
                                     "%22&precision=ns");
    assert_string_equal(c.create_url,
                        "https://db.example:99/query?q=CREATE%20DATABASE%20%22"
                        "my%20%5C%22db%5C%22%22");
    assert_string_equal(c.user, "me");
    assert_string_equal(c.password, "hush");
    assert_true(c.insecure);
    influx_config_clear(&c);
    read_config(&c,
                "http://a:b%20c@h/x%20y/?insecure=false&retention=one"
                "&tagsAsFields=vu&tagsAsFields=iter:int",
                true, "");
    assert_string_equal(c.write_url,
                        "http://a:b%20c@h/write?db=x%20y&precision=ms&rp=one");
    assert_null(c.user);
    assert_false(c.insecure);
    assert_int_equal(c.n_as, 2);
    assert_null(strstr(c.where, "b%20c"));
    influx_config_clear(&c);
}

static void what_cannot_be_meant_is_refused(void **state)
{
    static const struct {
        const char *place, *text;
    } list[] = {
        {"http://h/db?precision=s", "'precision' in the URL is none of"},
        {"http://h/db?insecure=perhaps", "insecure: 'perhaps' is neither"},
        {"http://h/d%zz", "the URL is not percent-encoded"},
        {"http://h/db?tagsAsFields=a:b", "'b' is none of string, bool"},
        {"http://h/db?tagsAsFields=a,a", "'a' is there twice"},
        {"h:8086", "this is no URL to send to"},
        {"ftp://h/db", "this is no URL to send to"},
    };
    struct influx_config c;
    size_t i;

    (void)state;
    said = NULL;
    for (i = 0; i < sizeof list / sizeof list[0]; i++) {
        read_config(&c, list[i].place, false, list[i].text);
        influx_config_clear(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_add_up_to_the_points),
        cmocka_unit_test(tags_that_tell_series_apart_may_be_fields),
        cmocka_unit_test(the_url_says_where_to_and_stands_over_the_environment),
        cmocka_unit_test(what_cannot_be_meant_is_refused),
    };

    return cmocka_run_group_tests(tests, curl_begin, curl_end);
}
