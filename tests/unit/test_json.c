/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/xalloc.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

struct refusal {
    const char *text;
    const char *error;
};

static void refused(const char *text, size_t n, const char *error)
{
    struct err e = ERR_INIT;
    char shown[1024];
    cJSON *root = json_parse(text, n, "p", &e);

    if (root != NULL) {
        cJSON_Delete(root);
        fail_msg("taken: %s", text);
    }
    assert_int_equal(e.code, ERR_SYNTAX);
    assert_string_equal(err_str(&e, shown, sizeof shown), error);
}

static void taken(const char *text, size_t n)
{
    struct err e = ERR_INIT;
    char shown[1024];
    cJSON *root = json_parse(text, n, "p", &e);

    if (root == NULL) {
        fail_msg("%s: %s", text, err_str(&e, shown, sizeof shown));
    }
    cJSON_Delete(root);
}

static void all_that_is_json_is_taken(void **state)
{
    static const char *const good[] = {
        "{}",
        "[]",
        " \t\r\n[ ]\r\n",
        "null",
        "\"x\"",
        "-0",
        "[0,-1,1.5,1e3,1E-3,-0.0e+0]",
        "[true,false,null]",
        "{\"a\":{\"a\":{\"a\":[[],{}]}},\"b\":[{\"a\":1},{\"a\":2}]}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"",
        "\"\xc3\xa9 \xf0\x9f\x98\x80 \x7f\"",
        "\xef\xbb\xbf{\"bom\":1}",
        "{\"\":1,\"A\":1,\"a\":2}",
        "1e-999",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        taken(good[i], strlen(good[i]));
    }
}

static void all_that_is_not_json_is_refused_with_its_place(void **state)
{
    static const struct refusal bad[] = {
        {"", "p:1:1: expected a value, but the text ends"},
        {" \n ", "p:2:2: expected a value, but the text ends"},
        {"{", "p:1:2: expected a name in quotes, but the text ends"},
        {"{\"a\":1", "p:1:7: expected ',' or '}', but the text ends"},
        {"[1 2]", "p:1:4: expected ',' or ']', not '2'"},
        {"[1}", "p:1:3: expected ',' or ']', not '}'"},
        {"[1,]", "p:1:4: no comma may stand before ']'"},
        {"{\"a\":1,}", "p:1:8: no comma may stand before '}'"},
        {"{\"a\":1,,\"b\":2}", "p:1:8: expected a name in quotes, not ','"},
        {"{a:1}", "p:1:2: expected a name in quotes, not 'a'"},
        {"{\"a\" 1}", "p:1:6: expected ':' after the name, not '1'"},
        {"{\"a\":}", "p:1:6: expected a value, not '}'"},
        {"[1] x", "p:1:5: expected the end of the text, not 'x'"},
        {"[1][", "p:1:4: expected the end of the text, not '['"},
        {"]", "p:1:1: expected a value, not ']'"},
        {"['x']", "p:1:2: expected a value (strings stand in \")"},
        {"// x", "p:1:1: expected a value (JSON has no comments)"},
        {"[True]", "p:1:2: expected a value, not 'True' (did you mean true?)"},
        {"nulll", "p:1:1: expected a value, not 'nulll' (did you mean null?)"},
        {"NaN", "p:1:1: expected a value, not 'N'"},
        {"[01]", "p:1:2: a number must not begin with 0"},
        {"-", "p:1:2: expected a digit, but the text ends"},
        {"[1.]", "p:1:4: expected a digit, not ']'"},
        {"[.5]", "p:1:2: expected a value, not '.'"},
        {"[+1]", "p:1:2: expected a value, not '+'"},
        {"[1e]", "p:1:4: expected a digit, not ']'"},
        {"[0x1]", "p:1:3: expected ',' or ']', not 'x'"},
        {"[1e999]", "p:1:2: a number that is too large"},
        {"[1111111111111111111111111111111111111111111111111111111111111111]",
         "p:1:2: a number with too many digits"},
        {"\"abc", "p:1:1: a string that does not end"},
        {"\"ab\\", "p:1:5: expected one of \"\\/bfnrtu after a backslash, but "
                   "the text ends"},
        {"\"a\\x\"", "p:1:4: expected one of \"\\/bfnrtu after a backslash, "
                     "not 'x'"},
        {"\"a\nb\"",
         "p:1:3: a string must end on its line (a line break is written \\n)"},
        {"\"a\tb\"", "p:1:3: a control character in a string (write it as "
                     "\\u0009)"},
        {"\"\\u12g4\"", "p:1:6: expected four hexadecimal digits after \\u, "
                        "not 'g'"},
        {"\"\\ud800\"", "p:1:8: \\ud800 is half a character"},
        {"\"\\ud800\\u0041\"", "p:1:14: \\ud800 is half a character"},
        {"\"\\udc00\\ud800\"", "p:1:8: \\udc00 is half a character"},
        {"\"\\u0000\"", "p:1:8: \\u0000 is not supported in a string"},
        {"[\"\xff\"]", "p:1:3: byte 0xff is not UTF-8"},
        {"[\"\xc0\xaf\"]", "p:1:3: byte 0xc0 is not UTF-8"},
        {"[\"\xed\xa0\x80\"]", "p:1:3: byte 0xed is not UTF-8"},
        {"[\"\xe6\x97\"]", "p:1:3: byte 0xe6 is not UTF-8"},
        {"\xe2\x80\xae", "p:1:1: expected a value, not '\\u{202E}'"},
        {"\x1b", "p:1:1: expected a value, not '\\x1b'"},
        {"{\r\n  \"a\": 1\r\n  \"b\": 2\r\n}",
         "p:3:3: expected ',' or '}', not '\"'"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        refused(bad[i].text, strlen(bad[i].text), bad[i].error);
    }
    refused("[1]\0", 4, "p:1:4: expected the end of the text, not '\\x00'");
    refused("[\0]", 3, "p:1:2: expected a value, not '\\x00'");
    refused("\"\0\"", 3,
            "p:1:2: a control character in a string (write it as \\u0000)");
}

static void text_is_read_to_its_length_and_no_further(void **state)
{
    /* On the heap without a NUL, so that a sanitizer sees a byte too far. */
    static const char *const texts[] = {
        "[1,2]", "{\"a\":1}", "12",    "\"\\u0041", "tru",   "\"\xe6\x97",
        "-",     "1e",        "\"a\\", "\xef\xbb",  "{\"a\""};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        for (size_t n = 0; n <= strlen(texts[i]); n++) {
            char *copy = xmalloc(n);
            int line;
            int column;

            memcpy(copy, texts[i], n);
            cJSON_Delete(json_parse(copy, n, "p", NULL));
            json_where(copy, n, "$.a[0]", false, &line, &column);
            free(copy);
        }
    }
}

static void a_name_that_stands_twice_is_refused_where_it_repeats(void **state)
{
    static const struct refusal bad[] = {
        {"{\"a\":1,\"a\":2}", "p:1:8: 'a' stands twice in the same object"},
        {"{\"a\":{\"b\":1,\n \"c\":2, \"b\":3}, \"a\":1}",
         "p:2:9: 'b' stands twice in the same object"},
        {"[{\"x\":1},{\"x\":1,\"y\":[{\"x\":2}],\"x\":1}]",
         "p:1:31: 'x' stands twice in the same object"},
        /* The same name, written differently. */
        {"{\"a\":1,\"\\u0061\":2}",
         "p:1:8: 'a' stands twice in the same object"},
        {"{\"\":1,\"\":2}", "p:1:7: '' stands twice in the same object"},
        {"{\"\x7f\":1,\"\x7f\":2}",
         "p:1:8: '\\x7f' stands twice in the same object"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        refused(bad[i].text, strlen(bad[i].text), bad[i].error);
    }
}

static void nesting_is_taken_to_the_limit_and_refused_beyond(void **state)
{
    char text[4 * JSON_DEPTH_MAX + 64];
    size_t n = 0;
    char error[128];

    (void)state;
    for (int i = 0; i < JSON_DEPTH_MAX; i++) {
        text[n++] = '[';
    }
    for (int i = 0; i < JSON_DEPTH_MAX; i++) {
        text[n++] = ']';
    }
    taken(text, n);
    memmove(text + 1, text, n);
    text[n + 1] = ']';
    snprintf(error, sizeof error, "p:1:%d: nested deeper than %d",
             JSON_DEPTH_MAX + 1, JSON_DEPTH_MAX);
    text[n + 2] = '\0';
    refused(text, n + 2, error);
}

static void a_bomb_of_brackets_is_refused_at_once(void **state)
{
    size_t n = 10 * 1000 * 1000;
    char *text = xmalloc(n);

    (void)state;
    memset(text, '[', n);
    assert_null(json_parse(text, n, "p", NULL));
    for (size_t i = 0; i + 5 <= n; i += 5) {
        memcpy(text + i, "{\"a\":", 5);
    }
    assert_null(json_parse(text, n, "p", NULL));
    free(text);
}

static void an_object_of_very_many_names_takes_no_square_of_time(void **state)
{
    struct buf b;
    cJSON *root;
    struct err e = ERR_INIT;

    (void)state;
    buf_init(&b, 100 * 1000 * 1000);
    buf_adds(&b, "{");
    for (int i = 0; i < 200000; i++) {
        buf_addf(&b, "\"k%d\":%d,", i, i);
    }
    buf_adds(&b, "\"k77\":1}");
    root = json_parse(buf_str(&b), b.len, "p", &e);
    assert_null(root);
    assert_string_equal(e.text, "'k77' stands twice in the same object");
    assert_int_equal(e.column, b.len - strlen("\"k77\":1}") + 1);
    buf_clear(&b);
}

static void values_come_out_as_they_were_written(void **state)
{
    const char *text = "{\"s\":\"a\\u00e9\\ud83d\\ude00\",\"n\":-1.5e2,"
                       "\"b\":true,\"z\":null,\"a\":[1,\"x\"]}";
    cJSON *root = json_parse(text, strlen(text), "p", NULL);

    (void)state;
    assert_non_null(root);
    assert_string_equal(
        cJSON_GetObjectItemCaseSensitive(root, "s")->valuestring,
        "a\xc3\xa9\xf0\x9f\x98\x80");
    assert_true(cJSON_GetObjectItemCaseSensitive(root, "n")->valuedouble ==
                -150);
    assert_true(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(root, "b")));
    assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(root, "z")));
    assert_int_equal(
        cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(root, "a")), 2);
    cJSON_Delete(root);
}

static void what_is_printed_steers_no_terminal(void **state)
{
    cJSON *o = cJSON_CreateObject();
    char *text;

    (void)state;
    /* CSI of one byte, a bidi override, a tag beyond 16 bits, DEL, what is not
     * UTF-8, and what is as it should be. */
    cJSON_AddStringToObject(o, "a\x7f",
                            "\xc2\x9b"
                            "2J \xe2\x80\xae \xf3\xa0\x80\x81 "
                            "\xff \x1b \xc3\xa9 \xf0\x9f\x98\x80");
    text = json_print(o, false);
    assert_string_equal(text, "{\"a\\u007f\":\"\\u009b2J \\u202e "
                              "\\udb40\\udc01 \\ufffd \\u001b "
                              "\xc3\xa9 \xf0\x9f\x98\x80\"}");
    free(text);
    text = json_print(o, true);
    assert_non_null(strstr(text, "{\n\t\"a\\u007f\":\t\"\\u009b2J"));
    free(text);
    cJSON_Delete(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_is_json_is_taken),
        cmocka_unit_test(all_that_is_not_json_is_refused_with_its_place),
        cmocka_unit_test(text_is_read_to_its_length_and_no_further),
        cmocka_unit_test(a_name_that_stands_twice_is_refused_where_it_repeats),
        cmocka_unit_test(nesting_is_taken_to_the_limit_and_refused_beyond),
        cmocka_unit_test(a_bomb_of_brackets_is_refused_at_once),
        cmocka_unit_test(an_object_of_very_many_names_takes_no_square_of_time),
        cmocka_unit_test(values_come_out_as_they_were_written),
        cmocka_unit_test(what_is_printed_steers_no_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
