/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "record/out_otel_config.h"
#include "support/with_curl.h"

/* This exercises: what place and environment say of where OTLP goes, and how:
 * k6's names before OpenTelemetry's, what is not to be had refused by name.
 * What goes there: tests/e2e/otlp.sh. */

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

static bool read_config(struct otel_config *c, const char *place, struct err *e)
{
    struct out_config out = {.place = place, .env = env};

    memset(c, 0, sizeof *c);
    *e = (struct err)ERR_INIT;
    return otel_config_read(c, &out, e);
}

static void assert_url(const char *place, const char *url)
{
    struct otel_config c;
    struct err e;

    assert_true(read_config(&c, place, &e));
    assert_string_equal(c.url, url);
    otel_config_clear(&c);
}

static void a_url_without_a_path_goes_to_that_of_metrics(void **state)
{
    (void)state;
    said = NULL;
    assert_url(NULL, "http://localhost:4318/v1/metrics");
    assert_url("http://h:1", "http://h:1/v1/metrics");
    assert_url("http://h:1/", "http://h:1/v1/metrics");
    assert_url("http://h:1/own", "http://h:1/own");
    assert_url("http://h?key=a/b", "http://h/v1/metrics?key=a/b");
    assert_url("http://h/own?key=1", "http://h/own?key=1");
}

static void the_environment_says_where_to(void **state)
{
    static const char *const base[] = {"OTEL_EXPORTER_OTLP_ENDPOINT",
                                       "http://h/base/", NULL};
    static const char *const own[] = {
        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://h/base",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://h/own", NULL};
    static const char *const k6[] = {
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://h/own",
        "K6_OTEL_HTTP_EXPORTER_ENDPOINT", "k:9", NULL};
    static const char *const plain[] = {"K6_OTEL_HTTP_EXPORTER_ENDPOINT",
                                        "k:9",
                                        "K6_OTEL_HTTP_EXPORTER_INSECURE",
                                        "true",
                                        "K6_OTEL_HTTP_EXPORTER_URL_PATH",
                                        "own",
                                        NULL};

    (void)state;
    said = base;
    assert_url(NULL, "http://h/base/v1/metrics");
    said = own;
    assert_url(NULL, "http://h/own");
    said = k6;
    assert_url(NULL, "https://k:9/v1/metrics");
    assert_url("http://place", "http://place/v1/metrics");
    said = plain;
    assert_url(NULL, "http://k:9/own");
}

static void headers_and_resource_are_lists(void **state)
{
    static const char *const words[] = {"K6_OTEL_HEADERS",
                                        " a=b%20c , d==",
                                        "OTEL_EXPORTER_OTLP_HEADERS",
                                        "x=y",
                                        "OTEL_SERVICE_NAME",
                                        "shop",
                                        "OTEL_RESOURCE_ATTRIBUTES",
                                        "service.name=other,k=v",
                                        NULL};
    static const char resource[] = "service.name\0shop\0k\0v\0"
                                   "service.version\0" PACKAGE_VERSION;
    struct otel_config c;
    struct err e;

    (void)state;
    said = words;
    assert_true(read_config(&c, NULL, &e));
    assert_int_equal(c.n_headers, 3);
    assert_string_equal(c.headers[1], "a: b c");
    assert_string_equal(c.headers[2], "d: =");
    assert_null(c.headers[3]);
    assert_int_equal(c.resource.len, sizeof resource);
    assert_memory_equal(c.resource.data, resource, sizeof resource);
    assert_false(c.exponential);
    otel_config_clear(&c);
}

static void what_is_not_to_be_had_is_refused(void **state)
{
    static const char *const list[][3] = {
        {"K6_OTEL_EXPORTER_TYPE", "grpc", "'grpc' is not supported"},
        {"OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "is not supported"},
        {"K6_OTEL_GRPC_EXPORTER_ENDPOINT", "h:1", "gRPC is not supported"},
        {"K6_OTEL_SINGLE_COUNTER_FOR_RATE", "false", "two counters"},
        {"K6_OTEL_HTTP_EXPORTER_ENDPOINT", "http://h", "no URL"},
        {"K6_OTEL_HEADERS", "a b=c", "K6_OTEL_HEADERS is a list"},
        {"K6_OTEL_HEADERS", "a=b%0Ac", "K6_OTEL_HEADERS is a list"},
        {"K6_OTEL_HEADERS", "hush", "K6_OTEL_HEADERS is a list"},
        {"OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "x",
         "'x' is neither"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://h", "no URL to send to"},
    };
    static const char *words[3];
    struct otel_config c;
    struct err e;
    size_t i;

    (void)state;
    said = words;
    for (i = 0; i < sizeof list / sizeof list[0]; i++) {
        words[0] = list[i][0];
        words[1] = list[i][1];
        assert_false(read_config(&c, NULL, &e));
        assert_non_null(strstr(e.text, list[i][2]));
        assert_null(strstr(e.text, "hush"));
        otel_config_clear(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_url_without_a_path_goes_to_that_of_metrics),
        cmocka_unit_test(the_environment_says_where_to),
        cmocka_unit_test(headers_and_resource_are_lists),
        cmocka_unit_test(what_is_not_to_be_had_is_refused),
    };

    return cmocka_run_group_tests(tests, curl_begin, curl_end);
}
