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
#include "plan/value.h"

static void assert_value(const struct value *v, const char *want)
{
    char *got = plan_text_value(v);

    assert_string_equal(got, want);
    free(got);
}

/* The body of a request with "json": TEXT, and data, env and setup to use. */
static void assert_json(const char *json, const char *want)
{
    char *members =
        xasprintf("\"env\": { \"NAME\": \"A\\\"B\", \"NUM\": \"1e3\" }, "
                  "\"data\": { \"words\": [\"x\"], \"nums\": [1, \"2.5\"] }, "
                  "\"setup\": [ { \"get\": \"http://h/\", \"extract\": "
                  "{ \"id\": { \"json\": \"/id\" } } } ], "
                  "\"flow\": [ { \"post\": \"http://h/\", \"json\": %s } ]",
                  json);
    struct plan *p = plan_text_of(members);

    assert_value(&p->requests[1]->body, want);
    plan_free(&p);
    free(members);
}

static void a_body_keeps_json_as_it_is_without_blanks(void **state)
{
    (void)state;
    assert_json("{ \"a\": [1, 2.5, true, null, \"x\"] , \"b\": {} }",
                "{\"a\":[1,2.5,true,null,\"x\"],\"b\":{}}");
    assert_json("\"\\u00e9\\n\\\"\\\\ \\u0001\"",
                "\"\xc3\xa9\\n\\\"\\\\ \\u0001\"");
    assert_json("null", "null");
}

static void env_is_settled_and_escaped_for_its_place(void **state)
{
    (void)state;
    assert_json("\"-${NAME}-\"", "\"-A\\\"B-\"");
    assert_json("{ \"${NUM}\": \"${NUM}\" }", "{\"1e3\":\"1e3\"}");
}

static void a_number_stands_without_quotes(void **state)
{
    (void)state;
    assert_json("[ \"${NUM:number}\" ]", "[1e3]");
    assert_json("[ \"${vu:number}\", \"${vu}\" ]", "[#<vu>,\"<vu>\"]");
    assert_json("[ \"${data.nums:number}\" ]", "[#<data 1>]");
    assert_json("\"${random(-3, 6):number}\"", "#<random -3 6>");
}

static void every_kind_of_value_is_known(void **state)
{
    (void)state;
    assert_json("\"${data.words}${vu}${iter}${uuid}${vu.uuid}${timestamp}"
                "${random(1,2)}${id}\"",
                "\"<data 0><vu><iter><uuid><vu.uuid><timestamp><random 1 2>"
                "<var 0>\"");
}

static void a_doubled_dollar_is_a_literal(void **state)
{
    (void)state;
    assert_json("\"$${NAME} $5 $$ $\"", "\"${NAME} $5 $$ $\"");
    assert_json("\"$$${NUM}\"", "\"$${NUM}\"");
}

static void a_url_takes_values_percent_encoded(void **state)
{
    struct plan *p =
        plan_text_of("\"env\": { \"BASE\": \"http://h:1/a?b\" }, \"flow\": [ "
                     "{ \"get\": \"${BASE}/${vu}?x=${iter}\", \"extract\": "
                     "{ \"next\": { \"json\": \"/n\" } } }, "
                     "{ \"get\": \"${next}/${next}#${gone}\" } ]");

    (void)state;
    assert_value(&p->requests[0]->url, "http://h:1/a?b/%<vu>?x=%<iter>");
    assert_value(&p->requests[1]->url, "<var 0>/%<var 0>");
    assert_int_equal(p->requests[1]->url.parts[0].escape, ESCAPE_LINE);
    assert_false(p->requests[0]->url.fixed);
    plan_free(&p);
}

static void a_query_goes_behind_the_urls_own(void **state)
{
    struct plan *p = plan_text_of(
        "\"env\": { \"E\": \"a b\" }, \"flow\": [ "
        "{ \"get\": \"http://h/x\", \"query\": { \"q\": \"${E}&${vu}\", "
        "\"n\": 5, \"t\": true, \"l\": [\"1\", 2], \"none\": [] } }, "
        "{ \"get\": \"http://h/x?a=1#f\", \"query\": { \"b c\": \"\" } }, "
        "{ \"get\": \"http://h/x\", \"query\": {} } ]");

    (void)state;
    assert_value(&p->requests[0]->url,
                 "http://h/x?q=a%20b%26%<vu>&n=5&t=true&l=1&l=2");
    assert_value(&p->requests[1]->url, "http://h/x?a=1&b%20c=");
    assert_value(&p->requests[2]->url, "http://h/x");
    assert_true(p->requests[1]->fixed);
    plan_free(&p);
}

static void a_form_is_sent_as_browsers_do(void **state)
{
    struct plan *p = plan_text_of(
        "\"flow\": [ { \"post\": \"http://h/\", \"form\": "
        "{ \"a&b\": \"c=d\", \"u\": \"\\u00e9~-._\", \"v\": \"${uuid}\" } } ]");

    (void)state;
    assert_value(&p->requests[0]->body, "a%26b=c%3Dd&u=%C3%A9~-._&v=%<uuid>");
    assert_string_equal(p->requests[0]->headers[0].name, "Content-Type");
    assert_value(&p->requests[0]->headers[0].value,
                 "application/x-www-form-urlencoded");
    plan_free(&p);
}

static void a_body_is_bytes_as_written(void **state)
{
    struct plan *p = plan_text_of("\"flow\": [ "
                                  "{ \"put\": \"http://h/\", \"body\": "
                                  "\"a\\n${vu}\\\"\" }, "
                                  "{ \"put\": \"http://h/\", \"body\": \"\" }, "
                                  "{ \"put\": \"http://h/\" } ]");

    (void)state;
    assert_value(&p->requests[0]->body, "a\n<vu>\"");
    assert_int_equal(p->requests[0]->n_headers, 0);
    assert_true(p->requests[1]->has_body);
    assert_int_equal(p->requests[1]->body.n, 0);
    assert_true(p->requests[1]->fixed);
    assert_false(p->requests[2]->has_body);
    plan_free(&p);
}

static void assert_escaped(enum value_escape how, const char *s,
                           const char *want)
{
    struct buf out;

    buf_init(&out, 1000);
    value_escape(&out, how, s, strlen(s));
    assert_string_equal(buf_str(&out), want);
    buf_clear(&out);
}

static void what_is_put_in_is_written_for_its_place(void **state)
{
    (void)state;
    assert_escaped(ESCAPE_NONE, "a\"\n%", "a\"\n%");
    assert_escaped(ESCAPE_JSON, "a\"\\\n\r\t\x01/\x7f\xc3\xa9",
                   "a\\\"\\\\\\n\\r\\t\\u0001/\x7f\xc3\xa9");
    assert_escaped(ESCAPE_URL, "aZ09-._~ /?&\xff\n",
                   "aZ09-._~%20%2F%3F%26%FF%0A");
    assert_escaped(ESCAPE_LINE, "a\r\nX: b\tc", "aX: b\tc");
}

static void a_number_is_what_json_calls_one(void **state)
{
    static const char *const good[] = {"0",   "-0",    "12",    "1.5",
                                       "1e3", "-1E-9", "0.0e+1"};
    static const char *const bad[] = {"",   "-",   "01", "1.",  ".5", "1e",
                                      "+1", "0x1", "1 ", "NaN", "1,0"};

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(value_is_number(good[i], strlen(good[i])));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(value_is_number(bad[i], strlen(bad[i])));
    }
}

static void a_flow_sees_what_setup_and_earlier_steps_extract(void **state)
{
    struct plan *p = plan_text_of(
        "\"setup\": [ { \"get\": \"http://h/\", \"extract\": "
        "{ \"token\": { \"json\": \"/t\" } } } ], "
        "\"flow\": [ { \"every\": 2, \"do\": [ { \"get\": \"http://h/\", "
        "\"extract\": { \"id\": { \"json\": \"/i\" }, "
        "\"token\": { \"json\": \"/t\" } } } ] }, "
        "{ \"get\": \"http://h/${id}/${token}\" } ], "
        "\"teardown\": [ { \"get\": \"http://h/${token}\" } ]");

    (void)state;
    assert_int_equal(p->n_vars, 2);
    assert_string_equal(p->vars[0], "token");
    assert_string_equal(p->vars[1], "id");
    assert_int_equal(p->requests[1]->extracts[0].var, 1);
    assert_int_equal(p->requests[1]->extracts[1].var, 0);
    assert_value(&p->requests[2]->url, "http://h/%<var 1>/%<var 0>");
    plan_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_keeps_json_as_it_is_without_blanks),
        cmocka_unit_test(env_is_settled_and_escaped_for_its_place),
        cmocka_unit_test(a_number_stands_without_quotes),
        cmocka_unit_test(every_kind_of_value_is_known),
        cmocka_unit_test(a_doubled_dollar_is_a_literal),
        cmocka_unit_test(a_url_takes_values_percent_encoded),
        cmocka_unit_test(a_query_goes_behind_the_urls_own),
        cmocka_unit_test(a_form_is_sent_as_browsers_do),
        cmocka_unit_test(a_body_is_bytes_as_written),
        cmocka_unit_test(what_is_put_in_is_written_for_its_place),
        cmocka_unit_test(a_number_is_what_json_calls_one),
        cmocka_unit_test(a_flow_sees_what_setup_and_earlier_steps_extract),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
