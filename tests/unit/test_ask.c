/* SPDX-License-Identifier: MIT
 *
 * What a chat request asks for, and what is wrong with it. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "target/ask.h"

#define UUID "0f8fad5b-d9cb-469f-a165-70867728950e"

static void expect_verdict(const char *body, enum ask_verdict want)
{
    struct ask a;

    ask_init(&a);
    assert_int_equal(ask_parse(&a, body, strlen(body)), want);
    ask_clear(&a);
}

static void expect_fault(const char *body, const char *field,
                         const char *message)
{
    struct ask a;

    ask_init(&a);
    assert_int_equal(ask_parse(&a, body, strlen(body)), ASK_INVALID);
    assert_int_equal(a.faults_n, 1);
    assert_string_equal(a.faults[0].field, field);
    assert_string_equal(a.faults[0].message, message);
    ask_clear(&a);
}

static void expect_canned(const char *message, bool canned)
{
    char body[200];
    struct ask a;

    snprintf(body, sizeof body, "{\"message\":\"%s\"}", message);
    ask_init(&a);
    assert_int_equal(ask_parse(&a, body, strlen(body)), ASK_OK);
    assert_int_equal(a.canned != NULL, canned);
    ask_clear(&a);
}

static void the_plan_s_request_is_read(void **state)
{
    static const char body[] =
        "{\"message\":\"Why is the sky blue?\",\"sessionId\":\"" UUID
        "\",\"context\":{\"recentHistory\":[]}}";
    struct ask a;

    (void)state;
    ask_init(&a);
    assert_int_equal(ask_parse(&a, body, sizeof body - 1), ASK_OK);
    assert_string_equal(a.message, "Why is the sky blue?");
    assert_string_equal(a.session, UUID);
    assert_null(a.canned);
    ask_clear(&a);
}

static void only_the_message_is_needed(void **state)
{
    (void)state;
    expect_verdict("{\"message\":\"x\"}", ASK_OK);
    expect_verdict("{\"message\":\"x\",\"includeTrace\":true,\"more\":1}",
                   ASK_OK);
    expect_verdict("{\"message\":\"x\",\"context\":{\"recentHistory\":"
                   "[\"a\",\"b\"]}}",
                   ASK_OK);
}

static void what_is_no_json_is_told_from_what_is_wrong(void **state)
{
    (void)state;
    expect_verdict("", ASK_NOT_JSON);
    expect_verdict("{\"message\":", ASK_NOT_JSON);
    expect_verdict("{\"message\":\"x\"} trailing", ASK_NOT_JSON);
    expect_verdict("[]", ASK_INVALID);
    expect_verdict("null", ASK_INVALID);
}

static void each_fault_names_its_field(void **state)
{
    (void)state;
    expect_fault("{}", "message", "Required");
    expect_fault("{\"message\":5}", "message", "Expected string");
    expect_fault("{\"message\":\"\"}", "message",
                 "String must contain at least 1 character(s)");
    expect_fault("{\"message\":\"x\",\"sessionId\":\"k6-session-1-0\"}",
                 "sessionId", "Invalid uuid");
    expect_fault("{\"message\":\"x\",\"sessionId\":7}", "sessionId",
                 "Expected string");
    expect_fault("{\"message\":\"x\",\"context\":[]}", "context",
                 "Expected object");
    expect_fault("{\"message\":\"x\",\"context\":{\"recentHistory\":{}}}",
                 "context.recentHistory", "Expected array");
    expect_fault("{\"message\":\"x\",\"context\":{\"recentHistory\":[1]}}",
                 "context.recentHistory", "Expected string");
    expect_fault("{\"message\":\"x\",\"includeTrace\":1}", "includeTrace",
                 "Expected boolean");
}

static void all_faults_are_told_at_once(void **state)
{
    static const char body[] = "{\"message\":\"\",\"sessionId\":\"x\"}";
    struct ask a;

    (void)state;
    ask_init(&a);
    assert_int_equal(ask_parse(&a, body, sizeof body - 1), ASK_INVALID);
    assert_int_equal(a.faults_n, 2);
    ask_clear(&a);
}

static void a_uuid_is_told_from_what_looks_like_one(void **state)
{
    (void)state;
    assert_true(ask_is_uuid(UUID));
    assert_true(ask_is_uuid("0F8FAD5B-D9CB-469F-A165-70867728950E"));
    assert_false(ask_is_uuid(""));
    assert_false(ask_is_uuid("0f8fad5b-d9cb-469f-a165-70867728950"));
    assert_false(ask_is_uuid("0f8fad5b-d9cb-469f-a165-70867728950ee"));
    assert_false(ask_is_uuid("0f8fad5b-d9cb-469f-a165-70867728950g"));
    assert_false(ask_is_uuid("0f8fad5bad9cb-469f-a165-70867728950e"));
}

static void greetings_and_dates_take_the_short_cut(void **state)
{
    (void)state;
    expect_canned("hi", true);
    expect_canned("  Hello ", true);
    expect_canned("What time will it be?", true);
    expect_canned("How are you TODAY?", true);
    expect_canned("Do you know my name?", true);
    expect_canned("hi there", false);
    expect_canned("Why is the sky blue?", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_plan_s_request_is_read),
        cmocka_unit_test(only_the_message_is_needed),
        cmocka_unit_test(what_is_no_json_is_told_from_what_is_wrong),
        cmocka_unit_test(each_fault_names_its_field),
        cmocka_unit_test(all_faults_are_told_at_once),
        cmocka_unit_test(a_uuid_is_told_from_what_looks_like_one),
        cmocka_unit_test(greetings_and_dates_take_the_short_cut),
    };

    return cmocka_run_group_tests_name("ask", tests, NULL, NULL);
}
