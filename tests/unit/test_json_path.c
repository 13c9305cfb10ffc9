/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static const char plan[] =
    "{\n"
    "  \"flow\": [\r\n"
    "    { \"get\": \"x]}\\\"\",\r\n"
    "      \"checks\": { \"health is up\":\n"
    "        { \"status\" : 200 } } },\n"
    "    [ [ ], { \"a.b\": 1, \"a'b\\\\\": [ 7 ,8] } ],\n"
    "    {\"\\u00e9\\n\": null, \"\": false}\n"
    "  ],\n"
    "\t\"last\":-1e3}";

struct place {
    const char *path;
    bool key;
    int line;
    int column;
};

static void a_path_leads_to_the_place_in_the_text(void **state)
{
    static const struct place cases[] = {
        {"$", false, 1, 1},
        {"$.flow", false, 2, 11},
        {"$.flow", true, 2, 3},
        {"$.flow[0]", false, 3, 5},
        {"$.flow[0]", true, 3, 5},
        {"$.flow[0].get", false, 3, 14},
        {"$.flow[0].checks['health is up']", true, 4, 19},
        {"$.flow[0].checks['health is up']", false, 5, 9},
        {"$.flow[0].checks['health is up'].status", true, 5, 11},
        {"$.flow[0].checks['health is up'].status", false, 5, 22},
        {"$.flow[1]", false, 6, 5},
        {"$.flow[1][0]", false, 6, 7},
        {"$.flow[1][1]['a.b']", false, 6, 21},
        {"$.flow[1][1]['a\\'b\\\\']", true, 6, 24},
        {"$.flow[1][1]['a\\'b\\\\'][1]", false, 6, 38},
        {"$.flow[2]['\xc3\xa9\n']", false, 7, 18},
        {"$.flow[2]['']", true, 7, 24},
        {"$['flow'][2]", false, 7, 5},
        {"$.last", false, 9, 9},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int line = 0;
        int column = 0;

        if (!json_where(plan, sizeof plan - 1, cases[i].path, cases[i].key,
                        &line, &column) ||
            line != cases[i].line || column != cases[i].column) {
            fail_msg("%s: %d:%d, not %d:%d", cases[i].path, line, column,
                     cases[i].line, cases[i].column);
        }
    }
}

static void a_path_to_nothing_is_not_found(void **state)
{
    static const char *const paths[] = {
        "",
        "flow",
        "$.flo",
        "$.flow[3]",
        "$.flow[00000000000000000000000000000001]x",
        "$.flow[99999999999999999999999]",
        "$.flow[-1]",
        "$.flow[]",
        "$.flow[0",
        "$.flow['0']",
        "$.last.x",
        "$.last[0]",
        "$.flow.get",
        "$[0]",
        "$.flow[1][0][0]",
        "$['flow",
        "$['flow'",
        "$x",
        "$.",
        "$.flow[0].checks.health is up.x",
    };
    int line = 42;
    int column = 42;

    (void)state;
    for (size_t i = 0; i < COUNT(paths); i++) {
        if (json_where(plan, sizeof plan - 1, paths[i], false, &line,
                       &column)) {
            fail_msg("found: %s", paths[i]);
        }
    }
    assert_int_equal(line, 42);
    assert_int_equal(column, 42);
}

static void
text_that_breaks_off_on_the_way_is_not_searched_further(void **state)
{
    int line;
    int column;

    (void)state;
    for (size_t n = 0; n < sizeof plan - 6; n++) {
        assert_false(json_where(plan, n, "$.last", false, &line, &column));
    }
    assert_true(
        json_where("{\"a\":1, rubbish", 15, "$.a", false, &line, &column));
    assert_false(
        json_where("{\"a\":1, rubbish", 15, "$.b", false, &line, &column));
}

static void of_two_equal_names_the_first_is_found(void **state)
{
    int line;
    int column;

    (void)state;
    assert_true(
        json_where("{\"a\":1,\"a\":2}", 13, "$.a", false, &line, &column));
    assert_int_equal(column, 6);
}

static void steps_are_appended_plain_or_quoted(void **state)
{
    char path[64] = "$";

    (void)state;
    assert_true(json_path_member(path, sizeof path, "flow"));
    assert_true(json_path_index(path, sizeof path, 12));
    assert_true(json_path_member(path, sizeof path, "_a-1"));
    assert_true(json_path_member(path, sizeof path, "it's \\"));
    assert_true(json_path_member(path, sizeof path, "1a"));
    assert_true(json_path_member(path, sizeof path, ""));
    assert_string_equal(path, "$.flow[12]._a-1['it\\'s \\\\']['1a']['']");
}

static void a_step_that_does_not_fit_leaves_the_path_as_it_was(void **state)
{
    char path[8] = "$";

    (void)state;
    assert_true(json_path_member(path, sizeof path, "abcd"));
    assert_false(json_path_member(path, sizeof path, "e"));
    assert_false(json_path_index(path, sizeof path, 1));
    assert_false(json_path_member(path, sizeof path, "a'"));
    assert_string_equal(path, "$.abcd");
    memcpy(path + 6, "x", 2);
    assert_false(json_path_member(path, sizeof path, ""));
    assert_string_equal(path, "$.abcdx");
}

static void a_path_written_is_found_again(void **state)
{
    static const char *const names[] = {
        "plain", "with space", "a'b", "back\\s", "\xc3\xa9", "]['x",
        "\"q\"", "tab\t",      "$",   ".",       "0"};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        cJSON *root = cJSON_CreateObject();
        char path[64] = "$";
        char *text;
        int line;
        int column = 0;

        cJSON_AddNumberToObject(root, "before", 1);
        cJSON_AddNumberToObject(root, names[i], 2);
        text = cJSON_PrintUnformatted(root);
        assert_true(json_path_member(path, sizeof path, names[i]));
        assert_true(
            json_where(text, strlen(text), path, false, &line, &column));
        assert_int_equal(text[column - 1], '2');
        cJSON_free(text);
        cJSON_Delete(root);
    }
}

static void the_pointers_of_rfc_6901_find_their_values(void **state)
{
    /* Section 5 of the RFC. */
    static const char doc[] =
        "{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,"
        "\"g|h\":4,\"i\\\\j\":5,\"k\\\"l\":6,\" \":7,\"m~n\":8,\"~1\":9,"
        "\"FOO\":10,\"o\":{\"0\":11}}";
    static const struct {
        const char *pointer;
        int value;
    } cases[] = {{"/", 0},     {"/a~1b", 1}, {"/c%d", 2},  {"/e^f", 3},
                 {"/g|h", 4},  {"/i\\j", 5}, {"/k\"l", 6}, {"/ ", 7},
                 {"/m~0n", 8}, {"/~01", 9},  {"/FOO", 10}, {"/o/0", 11}};
    static const char *const none[] = {"foo",
                                       "/fo",
                                       "/fooo",
                                       "/foo/2",
                                       "/foo/-",
                                       "/foo/01",
                                       "/foo/1x",
                                       "/foo/",
                                       "/foo/ 1",
                                       "/foo/+1",
                                       "/foo/0/",
                                       "/a/b",
                                       "/m~n",
                                       "/m~2n",
                                       "/m~",
                                       "//",
                                       "/foo/0/x",
                                       "/fOO",
                                       "/foo/99999999999999999999999999",
                                       "/o/00"};
    cJSON *root = json_parse(doc, sizeof doc - 1, "p", NULL);

    (void)state;
    assert_non_null(root);
    assert_ptr_equal(json_pointer(root, ""), root);
    assert_string_equal(json_pointer(root, "/foo/1")->valuestring, "baz");
    assert_true(cJSON_IsArray(json_pointer(root, "/foo")));
    for (size_t i = 0; i < COUNT(cases); i++) {
        const cJSON *v = json_pointer(root, cases[i].pointer);

        assert_non_null(v);
        assert_int_equal(v->valueint, cases[i].value);
    }
    for (size_t i = 0; i < COUNT(none); i++) {
        if (json_pointer(root, none[i]) != NULL) {
            fail_msg("found: %s", none[i]);
        }
    }
    cJSON_Delete(root);
    assert_null(json_pointer(NULL, "/a"));
}

static void a_pointer_begins_with_a_slash_and_escapes_only_two(void **state)
{
    (void)state;
    assert_true(json_pointer_valid(""));
    assert_true(json_pointer_valid("/"));
    assert_true(json_pointer_valid("/a/0/~0~1"));
    assert_false(json_pointer_valid("a"));
    assert_false(json_pointer_valid("$.a"));
    assert_false(json_pointer_valid("/~"));
    assert_false(json_pointer_valid("/~2"));
    assert_false(json_pointer_valid("/a~/b"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_leads_to_the_place_in_the_text),
        cmocka_unit_test(a_path_to_nothing_is_not_found),
        cmocka_unit_test(
            text_that_breaks_off_on_the_way_is_not_searched_further),
        cmocka_unit_test(of_two_equal_names_the_first_is_found),
        cmocka_unit_test(steps_are_appended_plain_or_quoted),
        cmocka_unit_test(a_step_that_does_not_fit_leaves_the_path_as_it_was),
        cmocka_unit_test(a_path_written_is_found_again),
        cmocka_unit_test(the_pointers_of_rfc_6901_find_their_values),
        cmocka_unit_test(a_pointer_begins_with_a_slash_and_escapes_only_two),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
