/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/rw_options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* This exercises: what K6_PROMETHEUS_RW_… in the environment says, its
 * defaults, and that every mistake in it is told by name and no secret is. */

/* NAME and value in turn, NULL behind the last. */
static const char *env_get(void *ctx, const char *name)
{
    const char *const *list = ctx;

    for (; *list != NULL; list += 2) {
        if (strcmp(list[0], name) == 0) {
            return list[1];
        }
    }
    return NULL;
}

static void env_each(void *ctx, const char *prefix, out_env_fn *fn,
                     void *fn_ctx)
{
    const char *const *list = ctx;

    for (; *list != NULL; list += 2) {
        if (strncmp(list[0], prefix, strlen(prefix)) == 0) {
            fn(fn_ctx, list[0], list[1]);
        }
    }
}

static bool read_with(const char **env, const char *place, struct rw_options *o,
                      struct err *e)
{
    struct out_config c = {
        .place = place, .env = env_get, .env_each = env_each, .env_ctx = env};

    return rw_options_read(o, &c, e);
}

static void what_is_not_said_is_k6_s(void **state)
{
    const char *env[] = {"OTHER", "1", NULL};
    struct rw_options o;
    struct err e = ERR_INIT;

    (void)state;
    assert_true(read_with(env, NULL, &o, &e));
    assert_string_equal(o.url, "http://localhost:9090/api/v1/write");
    assert_string_equal(o.shown, "http://localhost:9090/api/v1/write");
    assert_null(o.user);
    assert_null(o.token);
    assert_int_equal(o.push_ms, 5000);
    assert_true(!o.native && !o.insecure && o.stale);
    assert_int_equal(o.n_stats, 7);
    assert_string_equal(o.stats[5].suffix, "p95");
    assert_true(o.stats[5].percentile == 95);
    assert_int_equal(o.n_headers, 0);
    rw_options_clear(&o);
}

static void everything_can_be_said(void **state)
{
    const char *env[] = {
        "K6_PROMETHEUS_RW_SERVER_URL",
        "https://me:pw@h:1/w?x=y",
        "K6_PROMETHEUS_RW_USERNAME",
        "user",
        "K6_PROMETHEUS_RW_PASSWORD",
        "pass",
        "K6_PROMETHEUS_RW_INSECURE_SKIP_TLS_VERIFY",
        "true",
        "K6_PROMETHEUS_RW_PUSH_INTERVAL",
        "1500ms",
        "K6_PROMETHEUS_RW_TREND_STATS",
        "count, sum ,p(99.9),p(0.95),med",
        "K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM",
        "1",
        "K6_PROMETHEUS_RW_STALE_MARKERS",
        "FALSE",
        "K6_PROMETHEUS_RW_HTTP_HEADERS",
        "X-A:b, X-C: d:e",
        "K6_PROMETHEUS_RW_HEADERS_X-Scope-OrgID",
        "tenant",
        "K6_PROMETHEUS_RW_CLIENT_CERTIFICATE",
        "/dev/null",
        NULL,
    };
    static const char *const suffixes[] = {"count", "sum", "p999", "p095",
                                           "med"};
    struct rw_options o;
    struct err e = ERR_INIT;
    size_t i;

    (void)state;
    if (!read_with(env, NULL, &o, &e)) {
        fail_msg("%s", e.text);
    }
    assert_string_equal(o.shown, "https://h:1/w");
    assert_string_equal(o.user, "user");
    assert_string_equal(o.password, "pass");
    assert_string_equal(o.cert, "/dev/null");
    assert_true(o.insecure && o.native && !o.stale);
    assert_int_equal(o.push_ms, 1500);
    assert_int_equal(o.n_stats, 5);
    for (i = 0; i < 5; i++) {
        assert_string_equal(o.stats[i].suffix, suffixes[i]);
    }
    assert_true(o.stats[2].percentile == 99.9);
    assert_true(o.stats[3].percentile == 0.95);
    assert_int_equal(o.n_headers, 3);
    assert_string_equal(o.headers[0], "X-A: b");
    assert_string_equal(o.headers[1], "X-C: d:e");
    assert_string_equal(o.headers[2], "X-Scope-OrgID: tenant");
    assert_null(o.headers[3]);
    rw_options_clear(&o);
    /* The command line before the environment. */
    assert_true(read_with(env, "http://other:2/x", &o, &e));
    assert_string_equal(o.shown, "http://other:2/x");
    rw_options_clear(&o);
}

static void a_mistake_is_told_by_name(void **state)
{
    static const struct {
        const char *name, *value, *says;
    } cases[] = {
        {"SERVER_URL", "h:9090/geheim",
         "SERVER_URL: this is no URL to send to"},
        {"INSECURE_SKIP_TLS_VERIFY", "yes", "'yes' is neither true nor false"},
        {"PUSH_INTERVAL", "500ms", "'500ms' is no duration of 1s to 5m"},
        {"PUSH_INTERVAL", "1h", "'1h' is no duration of 1s to 5m"},
        {"PUSH_INTERVAL", "5", "'5' is no duration of 1s to 5m"},
        {"TREND_STATS", "p95", "'p95' is no figure of a trend (count, sum"},
        {"TREND_STATS", "avg,", NULL},
        {"TREND_STATS", "avg,,max", "'' is no figure"},
        {"TREND_STATS", "p(101)", "'p(101)' is no figure"},
        {"TREND_STATS", "p(9.99),p(99.9)", "two figures are called 'p999'"},
        {"TREND_AS_NATIVE_HISTOGRAM", "2", "'2' is neither true nor false"},
        {"HTTP_HEADERS", "geheim", "HTTP_HEADERS: a header without ':'"},
        {"HTTP_HEADERS", "a b:geheim", "HTTP_HEADERS: this is no header"},
        {"HEADERS_X-A", "geheim\r\nEvil: 1", "this is no header"},
        {"HEADERS_", "geheim", "this is no header"},
        {"PASSWORD", "geheim", "PASSWORD: there is no user for it"},
        {"BEARER_TOKEN", "geheim\n", "a token has one line"},
        {"CLIENT_CERTIFICATE_KEY", "/dev/null", "there is no certificate"},
        {"CLIENT_CERTIFICATE", "/nowhere/x.pem", "the file cannot be read"},
        {"SIGV4_REGION", "geheim", "K6_PROMETHEUS_RW_SIGV4_REGION is in the"},
        {"TREND_STAT", "avg", "did you mean K6_PROMETHEUS_RW_TREND_STATS?"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[100];
        const char *env[] = {name, cases[i].value, NULL};
        struct rw_options o;
        struct err e = ERR_INIT;
        bool ok;

        snprintf(name, sizeof name, RW_OPTIONS_PREFIX "%s", cases[i].name);
        ok = read_with(env, NULL, &o, &e);
        if (ok != (cases[i].says == NULL)) {
            fail_msg("%s=%s: %s", name, cases[i].value, ok ? "taken" : e.text);
        }
        if (ok) {
            rw_options_clear(&o);
            continue;
        }
        if (strstr(e.text, cases[i].says) == NULL ||
            strstr(e.text, "geheim") != NULL) {
            fail_msg("%s=%s: %s", name, cases[i].value, e.text);
        }
    }
}

static void a_user_and_a_token_are_too_much(void **state)
{
    const char *env[] = {"K6_PROMETHEUS_RW_USERNAME", "u",
                         "K6_PROMETHEUS_RW_BEARER_TOKEN", "t", NULL};
    struct rw_options o;
    struct err e = ERR_INIT;

    (void)state;
    assert_false(read_with(env, NULL, &o, &e));
    assert_non_null(strstr(e.text, "BEARER_TOKEN: there is a user as well"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_said_is_k6_s),
        cmocka_unit_test(everything_can_be_said),
        cmocka_unit_test(a_mistake_is_told_by_name),
        cmocka_unit_test(a_user_and_a_token_are_too_much),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
