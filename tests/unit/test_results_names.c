/* SPDX-License-Identifier: MIT
 *
 * This exercises: requests by name over time in results: each point is what the
 * screen's table had at that moment, percentiles come of merged histograms, and
 * neither many names nor a long run make it longer than its bound. */
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

#include "../support/story_kit.h"
#include "base/buf.h"
#include "base/json.h"
#include "record/results.h"
#include "record/results_names.h"

/* A plan of so many requests. */
static void begin(unsigned names)
{
    struct buf text;
    unsigned i;

    buf_init(&text, 1 << 20);
    buf_adds(&text, "{ \"flow\": [");
    for (i = 0; i < names; i++) {
        buf_addf(&text,
                 "%s{ \"get\": \"http://127.0.0.1:1/\", \"name\": \"R%u\" }",
                 i > 0 ? ", " : "", i);
    }
    buf_adds(&text, "], \"scenarios\": { \"s\": { \"executor\": "
                    "\"constant-vus\", \"vus\": 2, \"duration\": \"1h\" } } }");
    story_kit_init(&kit, buf_str(&text));
    buf_clear(&text);
}

static cJSON *results(void)
{
    char *text = results_text(kit.story);
    cJSON *root = json_parse(text, strlen(text), "r", NULL);

    assert_non_null(root);
    free(text);
    return root;
}

static const cJSON *series_of(const cJSON *root, int name)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "endpoints");

    return cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(list, name),
                                            "series");
}

static const cJSON *item(const cJSON *series, const char *key, int i)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(series, key);

    assert_true(cJSON_IsArray(list));
    return cJSON_GetArrayItem(list, i < 0 ? cJSON_GetArraySize(list) - 1 : i);
}

static void assert_item(const cJSON *series, const char *key, int i, double v)
{
    const cJSON *x = item(series, key, i);

    if (isnan(v)) {
        assert_true(cJSON_IsNull(x));
    } else if (!cJSON_IsNumber(x) ||
               fabs(x->valuedouble - v) > 0.001 * fabs(v)) {
        fail_msg("%s[%d] is %f, not %f", key, i, x->valuedouble, v);
    }
}

static double number(const cJSON *o, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(o, key)->valuedouble;
}

/* Twenty seconds of 10 ms, then five of 100 ms and failures. */
static void a_point_is_the_window_of_the_last_ten_seconds(void **state)
{
    struct summary now;
    const cJSON *a;
    cJSON *root;
    unsigned i;

    (void)state;
    begin(3);
    for (i = 0; i < 250; i++) {
        story_kit_requests(&kit, 0, 200, i < 200 ? 10000 : 100000, 4);
        if (i >= 200) {
            story_kit_requests(&kit, 0, 503, 100000, 4);
        }
        if (i < 5) {
            story_kit_requests(&kit, 1, 200, 7000, 1);
        }
        story_kit_tick(&kit, NULL);
    }
    story_lock(kit.story);
    now = ledger_summary(story_ledger(kit.story), 0, SPAN_WINDOW);
    story_unlock(kit.story);
    root = results();
    a = series_of(root, 0);
    assert_int_equal(number(a, "interval_s"), 1);
    assert_int_equal(number(a, "window_s"), 10);
    assert_int_equal(
        cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(a, "t")), 25);
    assert_item(a, "t", 0, 1);
    assert_item(a, "requests", 0, 40);
    assert_item(a, "requests", 15, 400);
    assert_item(a, "rps", 15, 40);
    assert_item(a, "p95", 15, 10);
    assert_item(a, "errors", 15, 0);
    /* One slow second of ten is a sixth of the requests. */
    assert_item(a, "p95", 20, 100);
    assert_item(a, "t", -1, 25);
    assert_item(a, "requests", -1, (double)now.requests);
    assert_item(a, "rps", -1, now.rate);
    assert_item(a, "p50", -1, (double)now.p50_us / 1e3);
    assert_item(a, "p95", -1, (double)now.p95_us / 1e3);
    assert_item(a, "p99", -1, (double)now.p99_us / 1e3);
    assert_item(a, "errors", -1, now.error_rate);
    /* What was long ago is no more; what never was has none. */
    assert_item(series_of(root, 1), "requests", 9, 5);
    assert_item(series_of(root, 1), "requests", 11, 0);
    assert_item(series_of(root, 1), "p95", 11, NAN);
    assert_item(series_of(root, 1), "errors", 11, NAN);
    assert_null(series_of(root, 2));
    cJSON_Delete(root);
    story_kit_clear(&kit);
}

static void many_names_share_the_points(void **state)
{
    enum { NAMES = 60, SECONDS = 300 };
    size_t points = 0;
    cJSON *root;
    unsigned i, k;

    (void)state;
    begin(NAMES);
    for (i = 0; i < SECONDS * 10; i++) {
        for (k = 0; k < NAMES && i % 10 == 0; k++) {
            story_kit_requests(&kit, k, 200, 10000 + 100 * k, 1);
        }
        story_kit_tick(&kit, NULL);
    }
    root = results();
    for (i = 0; i < NAMES; i++) {
        const cJSON *s = series_of(root, (int)i);

        points += (size_t)cJSON_GetArraySize(
            cJSON_GetObjectItemCaseSensitive(s, "t"));
        assert_int_equal(number(s, "interval_s"), 2);
        assert_int_equal(number(s, "window_s"), 10);
        assert_item(s, "requests", 40, 10);
        assert_item(s, "p95", 40, 10 + 0.1 * i);
    }
    assert_true(points <= RESULTS_NAMES_POINTS);
    assert_int_equal(points, NAMES * SECONDS / 2);
    cJSON_Delete(root);
    story_kit_clear(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_point_is_the_window_of_the_last_ten_seconds),
        cmocka_unit_test(many_names_share_the_points),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
