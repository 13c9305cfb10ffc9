/* SPDX-License-Identifier: MIT
 *
 * test_check - checks, extracts and feeds against responses made by hand. */
#include "config.h"

#include "load/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "load/extract.h"
#include "support/squad_world.h"

struct bench {
    struct regexp_scratch *scratch;
    struct exchange x;
    struct answer a;
};

static void bench_respond(struct bench *b, unsigned status, const char *head,
                          const char *body)
{
    memset(b, 0, sizeof *b);
    b->x.status = status;
    buf_init(&b->x.head, EXCHANGE_HEAD_MAX);
    buf_init(&b->x.body, EXCHANGE_BODY_MAX);
    buf_addf(&b->x.head, "HTTP/1.1 %u X\r\n%s\r\n", status, head);
    buf_adds(&b->x.body, body);
    answer_init(&b->a, &b->x, NULL);
    b->scratch = regexp_scratch_new();
    b->a.scratch = b->scratch;
}

static void bench_clear(struct bench *b)
{
    answer_clear(&b->a);
    regexp_scratch_free(&b->scratch);
    buf_clear(&b->x.head);
    buf_clear(&b->x.body);
}

/* The check's reason to fail, "" when it holds. Static. */
static const char *why_of(const struct check *c, unsigned status,
                          const char *head, const char *body)
{
    static char why[200];
    struct bench b;

    bench_respond(&b, status, head, body);
    why[0] = '\0';
    if (check_holds(c, 0, &b.a, why, sizeof why)) {
        assert_string_equal(why, "");
    } else {
        assert_true(strlen(why) > 0);
        assert_false(check_holds(c, 0, &b.a, NULL, 0));
    }
    bench_clear(&b);
    return why;
}

static void a_status_is_compared(void **state)
{
    struct check c = {.status = 200};

    (void)state;
    assert_string_equal(why_of(&c, 200, "", ""), "");
    assert_string_equal(why_of(&c, 503, "", ""), "status 503, expected 200");
}

static void contains_looks_through_all_of_the_body(void **state)
{
    struct check c = {.contains = (char[]){"needle"}};

    (void)state;
    assert_string_equal(why_of(&c, 200, "", "hay needle hay"), "");
    assert_string_equal(why_of(&c, 200, "", "hay"),
                        "the body does not contain 'needle'");
}

static void a_body_that_was_cut_fails_checks_on_it_and_says_so(void **state)
{
    struct check contains = {.contains = (char[]){"a"}};
    struct check json = {.json = (char[]){"/a"}};
    struct check status = {.status = 200};
    struct bench b;
    char why[200];

    (void)state;
    bench_respond(&b, 200, "", "{\"a\":1}");
    b.x.body.cut = true;
    assert_false(check_holds(&contains, 0, &b.a, why, sizeof why));
    assert_string_equal(why, "the body is larger than 1048576 bytes");
    assert_false(check_holds(&json, 0, &b.a, why, sizeof why));
    assert_string_equal(why, "the body is larger than 1048576 bytes");
    assert_true(check_holds(&status, 0, &b.a, why, sizeof why));
    bench_clear(&b);
}

static void a_json_value_must_be_there(void **state)
{
    struct check c = {.json = (char[]){"/a/1/b~1c"}};

    (void)state;
    assert_string_equal(why_of(&c, 200, "", "{\"a\":[0,{\"b/c\":null}]}"), "");
    assert_string_equal(why_of(&c, 200, "", "{\"a\":[0,{}]}"),
                        "'/a/1/b~1c' is missing");
    assert_string_equal(why_of(&c, 200, "", "<html>"), "the body is not JSON");
    assert_string_equal(why_of(&c, 200, "", ""), "the body is not JSON");
    assert_string_equal(why_of(&c, 200, "", "{} x"), "the body is not JSON");
}

static void a_json_value_has_a_type(void **state)
{
    struct check c = {.json = (char[]){"/v"}, .json_type = JSON_STRING};
    static const struct {
        enum json_type type;
        const char *body;
    } rows[] = {
        {JSON_STRING, "{\"v\":\"\"}"},  {JSON_NUMBER, "{\"v\":1}"},
        {JSON_BOOLEAN, "{\"v\":true}"}, {JSON_BOOLEAN, "{\"v\":false}"},
        {JSON_ARRAY, "{\"v\":[]}"},     {JSON_OBJECT, "{\"v\":{}}"},
        {JSON_NULL, "{\"v\":null}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (enum json_type t = JSON_STRING; t <= JSON_NULL; t++) {
            c.json_type = t;
            assert_int_equal(why_of(&c, 200, "", rows[i].body)[0] == '\0',
                             t == rows[i].type);
        }
    }
    c.json_type = JSON_STRING;
    assert_string_equal(why_of(&c, 200, "", "{\"v\":1}"),
                        "'/v' is a number, expected a string");
}

static void a_json_value_equals_another(void **state)
{
    struct check c = {.json = (char[]){"/v"}};

    (void)state;
    c.json_equals = cJSON_Parse("{\"x\":[1,\"two\",null]}");
    assert_string_equal(
        why_of(&c, 200, "", " {\"v\": {\"x\":[1.0,\"two\",null]}} \n"), "");
    assert_string_equal(why_of(&c, 200, "", "{\"v\":[1]}"),
                        "'/v' is [1], expected {\"x\":[1,\"two\",null]}");
    cJSON_Delete(c.json_equals);
}

static void
a_minimum_length_counts_characters_elements_and_members(void **state)
{
    struct check c = {.json = (char[]){"/v"}, .json_min_length = 2};

    (void)state;
    assert_string_equal(why_of(&c, 200, "", "{\"v\":\"\xc3\xa9\xc3\xa9\"}"),
                        "");
    assert_string_equal(why_of(&c, 200, "", "{\"v\":\"\xc3\xa9\"}"),
                        "'/v' has length 1, expected at least 2");
    assert_string_equal(why_of(&c, 200, "", "{\"v\":[1,2]}"), "");
    assert_string_equal(why_of(&c, 200, "", "{\"v\":{\"a\":1}}"),
                        "'/v' has length 1, expected at least 2");
    assert_string_equal(why_of(&c, 200, "", "{\"v\":7}"),
                        "'/v' is a number, which has no length");
}

static void a_header_is_found_in_any_of_its_lines(void **state)
{
    struct check c = {.header = (char[]){"x-a"}};

    (void)state;
    assert_string_equal(why_of(&c, 200, "X-A: 1\r\n", ""), "");
    assert_string_equal(why_of(&c, 200, "", ""), "header 'x-a' is missing");
    c.header_equals = (char[]){"2"};
    assert_string_equal(why_of(&c, 200, "X-A: 1\r\nX-A: 2\r\n", ""), "");
    assert_string_equal(why_of(&c, 200, "X-A: 22\r\n", ""),
                        "header 'x-a' is '22', expected '2'");
    c.header_equals = NULL;
    c.header_contains = (char[]){"jso"};
    assert_string_equal(why_of(&c, 200, "X-A: application/json\r\n", ""), "");
    assert_string_equal(why_of(&c, 200, "X-A: text\r\n", ""),
                        "header 'x-a' is 'text', expected it to contain 'jso'");
}

static void every_condition_of_a_check_must_hold(void **state)
{
    struct check c = {
        .status = 200, .contains = (char[]){"x"}, .json = (char[]){"/x"}};

    (void)state;
    assert_string_equal(why_of(&c, 200, "", "{\"x\":1}"), "");
    assert_true(strlen(why_of(&c, 201, "", "{\"x\":1}")) > 0);
    assert_true(strlen(why_of(&c, 200, "", "{\"y\":1}")) > 0);
    assert_true(strlen(why_of(&c, 200, "", "{\"y\":\"x\"}")) > 0);
}

static void without_a_response_no_check_holds(void **state)
{
    struct check c = {.status = 0};
    struct answer a;
    struct exchange x = {.failure = FAILURE_REFUSED};
    char why[100];

    (void)state;
    answer_init(&a, &x, NULL);
    assert_false(check_holds(&c, 0, &a, why, sizeof why));
    assert_string_equal(why, "connection refused");
    answer_init(&a, NULL, NULL);
    assert_false(check_holds(&c, 0, &a, why, sizeof why));
}

static void json_nested_too_deep_is_no_json(void **state)
{
    struct check c = {.json = (char[]){""}};
    struct buf body;

    (void)state;
    buf_init(&body, EXCHANGE_BODY_MAX);
    while (body.len < 500000) {
        buf_adds(&body, "[{\"a\":");
    }
    assert_string_equal(why_of(&c, 200, "", buf_str(&body)),
                        "the body is not JSON");
    buf_clear(&body);
}

static char *text_at(const char *pointer, const char *body)
{
    char *copy = xstrdup(pointer);
    struct extract e = {.from = EXTRACT_JSON, .name = copy};
    struct bench b;
    char *text;

    bench_respond(&b, 200, "", body);
    text = extract_text(&e, &b.a);
    bench_clear(&b);
    free(copy);
    return text;
}

static void extracts_are_strings_as_they_are_and_the_rest_printed(void **state)
{
    static const struct {
        const char *pointer, *want;
    } rows[] = {
        {"/s", "a \"b\"\n"}, {"/n", "1234567890123"}, {"/f", "0.5"},
        {"/t", "true"},      {"/z", "null"},          {"/o", "{\"k\":[1,2]}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text =
            text_at(rows[i].pointer,
                    "{\"s\":\"a \\\"b\\\"\\n\",\"n\":1234567890123,\"f\":0.5,"
                    "\"t\":true,\"z\":null,\"o\":{\"k\":[1, 2]}}");

        assert_string_equal(text, rows[i].want);
        free(text);
    }
    assert_null(text_at("/missing", "{}"));
    assert_null(text_at("/a", "no json"));
}

/* What the extract {…} takes from such a response; NULL: nothing. Owned by the
 * caller. */
static char *taken(const char *extract, const char *head, const char *body)
{
    char *text = xasprintf(
        "{\"flow\":[{\"get\":\"http://h/\",\"extract\":{\"x\":{%s}}}],"
        "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\","
        "\"duration\":\"1s\"}}}",
        extract);
    struct plan *p = world_plan(text);
    struct bench b;
    char *got;

    bench_respond(&b, 200, head, body);
    got = extract_text(&p->requests[0]->extracts[0], &b.a);
    bench_clear(&b);
    plan_free(&p);
    free(text);
    return got;
}

static void extracts_come_from_headers_cookies_and_patterns(void **state)
{
    static const char head[] =
        "ETag: W/\"7\"\r\nX: one\r\nx: two\r\n"
        "Set-Cookie: sid=old; Path=/\r\nset-cookie: sidx=no\r\n"
        "Set-Cookie: sid=a=b \t; Path=/; HttpOnly\r\nSet-Cookie: bare\r\n"
        "Set-Cookie: empty=; Max-Age=0\r\n";
    static const char body[] =
        "<input name=\"csrf\" value=\"t\xc3\xb6k-1\"/> id=42 id=43";
    static const struct {
        const char *extract, *want;
    } rows[] = {
        {"\"header\":\"etag\"", "W/\"7\""},
        {"\"header\":\"X\"", "one"},
        {"\"header\":\"Y\"", NULL},
        {"\"header\":\"Y\",\"default\":\"none\"", "none"},
        {"\"cookie\":\"sid\"", "a=b"},
        {"\"cookie\":\"SID\"", NULL},
        {"\"cookie\":\"si\"", NULL},
        {"\"cookie\":\"bare\"", NULL},
        {"\"cookie\":\"empty\"", ""},
        {"\"regexp\":\"id=(\\\\d+)\"", "42"},
        {"\"regexp\":\"id=\\\\d+\"", "id=42"},
        {"\"regexp\":\"id=(\\\\d)(\\\\d)\",\"group\":2", "2"},
        {"\"regexp\":\"id=(\\\\d)(\\\\d)\",\"group\":0", "id=42"},
        {"\"regexp\":\"value=\\\"(?<v>t.k)\",\"group\":\"v\"", "t\xc3\xb6k"},
        {"\"regexp\":\"id=(x)?42\"", NULL},
        {"\"regexp\":\"nothing\",\"default\":7", "7"},
        {"\"json\":\"/a\",\"default\":\"\"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *got = taken(rows[i].extract, head, body);

        if (rows[i].want == NULL) {
            assert_null(got);
        } else {
            assert_non_null(got);
            assert_string_equal(got, rows[i].want);
        }
        free(got);
    }
}

static void nothing_is_taken_from_a_response_that_did_not_come(void **state)
{
    char value[] = "x", name[] = "X";
    struct extract e = {
        .from = EXTRACT_HEADER, .name = name, .by_default = value};
    struct answer a;
    char *got;

    (void)state;
    answer_init(&a, NULL, NULL);
    got = extract_text(&e, &a);
    assert_string_equal(got, "x");
    free(got);
    e.by_default = NULL;
    assert_null(extract_text(&e, &a));
}

static void a_pattern_must_match(void **state)
{
    struct err e = ERR_INIT;
    struct check c = {.regexp = regexp_new("^\\{\"ok\"", &e)};
    char header[] = "X-Id";

    (void)state;
    assert_string_equal(why_of(&c, 200, "", "{\"ok\":1}"), "");
    assert_string_equal(why_of(&c, 200, "", "x{\"ok\":1}"),
                        "the body does not match the pattern");
    assert_string_equal(why_of(&c, 200, "", ""),
                        "the body does not match the pattern");
    regexp_free(&c.regexp);
    c.regexp = regexp_new("^[0-9]+$", &e);
    c.header = header;
    assert_string_equal(why_of(&c, 200, "X-Id: 12\r\n", "no"), "");
    assert_string_equal(
        why_of(&c, 200, "X-Id: a1\r\n", "12"),
        "header 'X-Id' is 'a1', which does not match the pattern");
    regexp_free(&c.regexp);
}

static void a_duration_has_a_limit(void **state)
{
    struct check c = {.max_us = 1500};
    struct bench b;
    char why[100];

    (void)state;
    bench_respond(&b, 200, "", "");
    b.x.sending = 100;
    b.x.waiting = 1000;
    b.x.receiving = 400;
    assert_true(check_holds(&c, 0, &b.a, why, sizeof why));
    b.x.receiving = 401;
    assert_false(check_holds(&c, 0, &b.a, why, sizeof why));
    assert_non_null(strstr(why, "expected at most"));
    bench_clear(&b);
}

/* The plan's own metrics: METRIC_COUNT + index. */
static const char plan_feeds[] =
    "{\"name\":\"t\",\"flow\":[{\"get\":\"http://h/\",\"metrics\":{"
    "\"d\":\"duration\",\"f\":\"failed\",\"c\":{\"count\":\"/c\"},"
    "\"v\":{\"value\":\"/v\"},\"h\":{\"header\":\"X-Queue\"}}}],"
    "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":1,"
    "\"duration\":\"1s\"}}}";

static struct delta *feed_of(struct plan *p, const char *head, const char *body,
                             bool failed)
{
    const struct request *r = p->flows[0].ops[0].request;
    struct extract_outcome o = {.failed = failed, .duration = 1500};
    struct shard *shard = shard_new(p);
    struct delta *d;
    struct bench b;

    bench_respond(&b, 200, head, body);
    for (size_t i = 0; i < r->n_feeds; i++) {
        extract_feed(&r->feeds[i], r, &b.a, &o, shard);
    }
    bench_clear(&b);
    d = delta_new(p, &shard, 1);
    shard_free(&shard);
    return d;
}

static struct delta *feed(struct plan *p, const char *body, bool failed)
{
    return feed_of(p, "", body, failed);
}

static const struct delta_custom *fed(const struct plan *p,
                                      const struct delta *d, const char *name)
{
    return delta_custom(d, (unsigned)plan_metric_id(p, name));
}

static void feeds_take_what_they_ask_for(void **state)
{
    struct plan *p = world_plan(plan_feeds);
    struct delta *d = feed(p, "{\"c\":[1,2,3],\"v\":1.2345}", true);

    (void)state;
    assert_int_equal(fed(p, d, "d")->trend.max, 1500);
    assert_int_equal(fed(p, d, "f")->hits, 1);
    assert_int_equal(fed(p, d, "f")->total, 1);
    assert_true(fed(p, d, "c")->sum == 3);
    assert_int_equal(fed(p, d, "v")->trend.max, 1235);
    assert_int_equal(d->rejected, 0);
    delta_free(&d);
    d = feed(p, "{\"c\":7.5}", false);
    assert_int_equal(fed(p, d, "f")->hits, 0);
    assert_int_equal(fed(p, d, "f")->total, 1);
    assert_true(fed(p, d, "c")->sum == 7.5);
    assert_null(fed(p, d, "v"));
    assert_int_equal(d->rejected, 0);
    delta_free(&d);
    plan_free(&p);
}

static void a_header_feeds_a_number_or_is_rejected(void **state)
{
    struct plan *p = world_plan(plan_feeds);
    struct delta *d = feed_of(p, "X-Queue: 2.5\r\n", "", false);

    (void)state;
    assert_int_equal(fed(p, d, "h")->trend.max, 2500);
    delta_free(&d);
    d = feed_of(p, "X-Queue: soon\r\n", "", false);
    assert_null(fed(p, d, "h"));
    assert_int_equal(d->rejected, 1);
    delta_free(&d);
    plan_free(&p);
}

static void
values_that_no_metric_can_take_are_rejected_and_counted(void **state)
{
    static const char *const bad[] = {
        "{\"v\":-1}",    "{\"v\":\"3\"}", "{\"v\":null}",
        "{\"v\":[1]}",   "{\"v\":1e300}", "{\"c\":-1}",
        "{\"c\":\"x\"}", "{\"c\":1e999}", "{\"v\":1.1e9}",
    };
    struct plan *p = world_plan(plan_feeds);

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct delta *d = feed(p, bad[i], false);

        assert_int_equal(d->rejected, 1);
        assert_null(fed(p, d, "v"));
        delta_free(&d);
    }
    plan_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_status_is_compared),
        cmocka_unit_test(contains_looks_through_all_of_the_body),
        cmocka_unit_test(a_body_that_was_cut_fails_checks_on_it_and_says_so),
        cmocka_unit_test(a_json_value_must_be_there),
        cmocka_unit_test(a_json_value_has_a_type),
        cmocka_unit_test(a_json_value_equals_another),
        cmocka_unit_test(
            a_minimum_length_counts_characters_elements_and_members),
        cmocka_unit_test(a_header_is_found_in_any_of_its_lines),
        cmocka_unit_test(every_condition_of_a_check_must_hold),
        cmocka_unit_test(without_a_response_no_check_holds),
        cmocka_unit_test(json_nested_too_deep_is_no_json),
        cmocka_unit_test(extracts_are_strings_as_they_are_and_the_rest_printed),
        cmocka_unit_test(extracts_come_from_headers_cookies_and_patterns),
        cmocka_unit_test(nothing_is_taken_from_a_response_that_did_not_come),
        cmocka_unit_test(a_pattern_must_match),
        cmocka_unit_test(a_duration_has_a_limit),
        cmocka_unit_test(a_header_feeds_a_number_or_is_rejected),
        cmocka_unit_test(feeds_take_what_they_ask_for),
        cmocka_unit_test(
            values_that_no_metric_can_take_are_rejected_and_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
