/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/plan_text.h"
#include "base/xalloc.h"
#include "plan/threshold.h"

static void near(double a, double b)
{
    assert_true(a - b < 1e-9 && b - a < 1e-9);
}

static struct threshold parsed(const char *text, enum metric_type type,
                               enum metric_contains contains)
{
    struct threshold t = {.delay_abort_us = 7};
    struct err e = ERR_INIT;

    if (!threshold_parse_expression(text, type, contains, &t, &e)) {
        fail_msg("%s: %s", text, e.text);
    }
    assert_int_equal(t.delay_abort_us, 7);
    return t;
}

static void a_percentile_is_read_with_its_limit(void **state)
{
    struct threshold t = parsed("p(95)<3000", METRIC_TREND, METRIC_TIME);

    (void)state;
    assert_int_equal(t.agg, AGG_P);
    near(t.percentile, 95);
    assert_int_equal(t.op, OP_LT);
    near(t.limit, 3000);
    t = parsed(" p(99.9) >= 0.5 ", METRIC_TREND, METRIC_DEFAULT);
    near(t.percentile, 99.9);
    assert_int_equal(t.op, OP_GE);
    near(t.limit, 0.5);
}

static void a_time_may_carry_its_unit(void **state)
{
    (void)state;
    near(parsed("p(95)<3s", METRIC_TREND, METRIC_TIME).limit, 3000);
    near(parsed("avg<1m30s", METRIC_TREND, METRIC_TIME).limit, 90000);
    near(parsed("max<250us", METRIC_TREND, METRIC_TIME).limit, 0.25);
    near(parsed("med<0", METRIC_TREND, METRIC_TIME).limit, 0);
}

static void every_operator_is_known(void **state)
{
    static const struct {
        const char *text;
        enum threshold_op op;
        bool below, at, above;
    } rows[] = {
        {"value<5", OP_LT, true, false, false},
        {"value<=5", OP_LE, true, true, false},
        {"value>5", OP_GT, false, false, true},
        {"value>=5", OP_GE, false, true, true},
        {"value==5", OP_EQ, false, true, false},
        {"value===5", OP_EQ, false, true, false},
        {"value!=5", OP_NE, true, false, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct threshold t = parsed(rows[i].text, METRIC_GAUGE, METRIC_DEFAULT);

        assert_int_equal(t.op, rows[i].op);
        near(t.limit, 5);
        assert_int_equal(threshold_holds(t.op, 4, 5), rows[i].below);
        assert_int_equal(threshold_holds(t.op, 5, 5), rows[i].at);
        assert_int_equal(threshold_holds(t.op, 6, 5), rows[i].above);
    }
    assert_string_equal(threshold_op_name(OP_LE), "<=");
}

static void each_type_has_its_own_aggregations(void **state)
{
    (void)state;
    assert_int_equal(parsed("count>1", METRIC_COUNTER, METRIC_DEFAULT).agg,
                     AGG_COUNT);
    assert_int_equal(parsed("rate>100", METRIC_COUNTER, METRIC_DEFAULT).agg,
                     AGG_RATE);
    assert_int_equal(parsed("rate<0.01", METRIC_RATE, METRIC_DEFAULT).agg,
                     AGG_RATE);
    assert_int_equal(parsed("value<1", METRIC_GAUGE, METRIC_DEFAULT).agg,
                     AGG_VALUE);
    assert_int_equal(parsed("avg<1", METRIC_TREND, METRIC_TIME).agg, AGG_AVG);
    assert_int_equal(parsed("min<1", METRIC_TREND, METRIC_TIME).agg, AGG_MIN);
    assert_int_equal(parsed("max<1", METRIC_TREND, METRIC_TIME).agg, AGG_MAX);
    assert_int_equal(parsed("med<1", METRIC_TREND, METRIC_TIME).agg, AGG_MED);
}

static void what_is_wrong_leaves_the_threshold_as_it_was(void **state)
{
    static const char *const bad[] = {
        "",           "p(95)",   "p(95)<",  "<5",        "p(-1)<5",
        "p(100.1)<5", "p()<5",   "p(95<5",  "p(95)<5 5", "p(95)=5",
        "p(95)<>5",   "count<5", "p(95)<x", "p(nan)<5",  "p(95)<inf"};
    struct threshold t = {.limit = 42};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err e = ERR_INIT;

        assert_false(threshold_parse_expression(bad[i], METRIC_TREND,
                                                METRIC_TIME, &t, &e));
        assert_int_not_equal(e.code, ERR_NONE);
        assert_string_not_equal(e.text, "");
    }
    near(t.limit, 42);
}

static struct plan *plan_of(const char *thresholds)
{
    char *members =
        xasprintf("\"flow\": [ { \"post\": \"http://h/a,b\", \"checks\": "
                  "{ \"a, b\": { \"status\": 200 } }, "
                  "\"metrics\": { \"mine\": \"duration\" } } ], "
                  "\"thresholds\": { %s }",
                  thresholds);
    struct plan *p = plan_text_of(members);

    free(members);
    return p;
}

static void a_selector_keeps_metric_and_tags(void **state)
{
    struct plan *p = plan_of(
        "\"http_req_duration { method:POST , status: 503 }\": \"avg<1\", "
        "\"mine{scenario:s}\": [\"avg<2s\"]");
    const struct threshold *t = &p->thresholds[0];

    (void)state;
    assert_int_equal(p->n_thresholds, 2);
    assert_int_equal(t->selector.metric, METRIC_HTTP_REQ_DURATION);
    assert_int_equal(t->selector.n_tags, 2);
    assert_int_equal(t->selector.tags[0].tag, TAG_METHOD);
    assert_string_equal(t->selector.tags[0].value, "POST");
    assert_int_equal(t->selector.tags[1].tag, TAG_STATUS);
    assert_string_equal(t->selector.tags[1].value, "503");
    assert_string_equal(t->expression, "avg<1");
    t = &p->thresholds[1];
    assert_int_equal(t->selector.metric, METRIC_COUNT);
    assert_string_equal(t->metric_text, "mine{scenario:s}");
    near(t->limit, 2000);
    plan_free(&p);
}

static void a_tags_value_with_a_comma_stands_in_quotes(void **state)
{
    struct plan *p =
        plan_of("\"checks{check:'a, b',method:POST}\": \"rate>0.5\", "
                "\"http_reqs{name:\\\"POST http://h/a,b\\\"}\": \"count>1\"");

    (void)state;
    assert_string_equal(p->thresholds[0].selector.tags[0].value, "a, b");
    assert_int_equal(p->thresholds[0].selector.n_tags, 2);
    assert_string_equal(p->thresholds[1].selector.tags[0].value,
                        "POST http://h/a,b");
    plan_free(&p);
}

static void a_limit_as_an_object_has_its_conditions(void **state)
{
    struct plan *p = plan_of(
        "\"http_req_failed\": [ { \"threshold\": \"rate<0.1\", "
        "\"abortOnFail\": true, \"delayAbortEval\": \"10s\" }, "
        "{ \"threshold\": \"rate<0.2\", \"window\": \"15s\" }, \"rate<0.3\" ]");

    (void)state;
    assert_int_equal(p->n_thresholds, 3);
    assert_true(p->thresholds[0].abort_on_fail);
    assert_int_equal(p->thresholds[0].delay_abort_us, 10000000);
    assert_int_equal(p->thresholds[0].window_us, 0);
    assert_false(p->thresholds[1].abort_on_fail);
    assert_int_equal(p->thresholds[1].window_us, 15000000);
    near(p->thresholds[2].limit, 0.3);
    plan_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_percentile_is_read_with_its_limit),
        cmocka_unit_test(a_time_may_carry_its_unit),
        cmocka_unit_test(every_operator_is_known),
        cmocka_unit_test(each_type_has_its_own_aggregations),
        cmocka_unit_test(what_is_wrong_leaves_the_threshold_as_it_was),
        cmocka_unit_test(a_selector_keeps_metric_and_tags),
        cmocka_unit_test(a_tags_value_with_a_comma_stands_in_quotes),
        cmocka_unit_test(a_limit_as_an_object_has_its_conditions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
