/* SPDX-License-Identifier: MIT
 *
 * test_advice - what a plan is warned of before it runs. */
#include "config.h"

#include "plan/advice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

#define SCENARIOS                                                              \
    "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":1,"           \
    "\"duration\":\"1s\"}}"

static void note(void *ctx, const char *text)
{
    buf_addf(ctx, "%s\n", text);
}

static void assert_advice(const char *text, const struct plan_setting *env,
                          const char *expected)
{
    struct plan_input in = {"t.json", env, env != NULL ? 1 : 0, NULL};
    struct plan_errors errors = {NULL, 0, 0};
    struct plan *p = plan_parse(text, strlen(text), &in, &errors);
    struct buf got;

    if (p == NULL) {
        fail_msg("%s", errors.n > 0 ? errors.list[0].text : "no plan");
    }
    buf_init(&got, 65536);
    plan_advice(p, note, &got);
    assert_string_equal(buf_str(&got), expected);
    buf_clear(&got);
    plan_free(&p);
}

static const char secret_plan[] =
    "{\"env\":{\"PIN\":\"\",\"B\":\"x\"},\"secrets\":[\"PIN\"],"
    "\"flow\":[{\"get\":\"http://h/\"}]," SCENARIOS "}";

static void short_secrets_are_named_and_not_shown(void **state)
{
    struct plan_setting pin = {"PIN", "Q7!"};

    (void)state;
    assert_advice(secret_plan, &pin,
                  "the secret PIN has 3 bytes: *** is shown wherever they "
                  "stand in a text; give it a longer value, or take it out of "
                  "\"secrets\"\n");
    pin.value = "7";
    assert_advice(secret_plan, &pin,
                  "the secret PIN has 1 byte: *** is shown wherever they "
                  "stand in a text; give it a longer value, or take it out of "
                  "\"secrets\"\n");
}

static void long_and_empty_secrets_are_fine(void **state)
{
    struct plan_setting pin = {"PIN", "Q7!x"};

    (void)state;
    assert_advice(secret_plan, &pin, "");
    assert_advice(secret_plan, NULL, "");
}

static void a_scenario_s_own_secret_is_looked_at(void **state)
{
    (void)state;
    assert_advice(
        "{\"env\":{\"PIN\":\"long enough\"},\"secrets\":[\"PIN\"],"
        "\"flow\":[{\"get\":\"http://h/\"}],\"scenarios\":{\"s\":{"
        "\"executor\":\"constant-vus\",\"vus\":1,\"duration\":\"1s\","
        "\"env\":{\"PIN\":\"ab\"}}}}",
        NULL,
        "the secret PIN has 2 bytes in the scenario 's': *** is shown wherever "
        "they stand in a text; give it a longer value, or take it out of "
        "\"secrets\"\n");
}

static void who_asks_for_packed_responses_by_a_header_is_told(void **state)
{
    (void)state;
    assert_advice("{\"flow\":[{\"get\":\"http://h/a\",\"name\":\"A\","
                  "\"headers\":{\"accept-encoding\":\"br, GZIP\"}},"
                  "{\"get\":\"http://h/b\","
                  "\"headers\":{\"Accept-Encoding\":\"gzip\"}}]," SCENARIOS "}",
                  NULL,
                  "'A' asks for packed responses by a header, and they stay "
                  "packed, for checks and extraction too; \"http\": "
                  "{\"compression\": true} asks and unpacks\n");
    assert_advice("{\"http\":{\"compression\":true},\"flow\":[{"
                  "\"get\":\"http://h/a\","
                  "\"headers\":{\"Accept-Encoding\":\"gzip\"}}]," SCENARIOS "}",
                  NULL, "");
    assert_advice("{\"flow\":[{\"get\":\"http://h/a\","
                  "\"headers\":{\"Accept-Encoding\":\"identity\","
                  "\"X-Coding\":\"gzip\"}}]," SCENARIOS "}",
                  NULL, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_secrets_are_named_and_not_shown),
        cmocka_unit_test(long_and_empty_secrets_are_fine),
        cmocka_unit_test(a_scenario_s_own_secret_is_looked_at),
        cmocka_unit_test(who_asks_for_packed_responses_by_a_header_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
