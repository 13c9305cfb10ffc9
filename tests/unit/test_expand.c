/* SPDX-License-Identifier: MIT
 *
 * test_expand - templates of a plan as the text that one VU sends. */
#include "config.h"

#include "load/expand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/wall.h"
#include "base/xalloc.h"
#include "support/squad_world.h"

static const char plan_values[] =
    "{\"name\":\"t\",\"env\":{\"E\":\"env\"},\"data\":{\"d\":[\"x/y\","
    "\"a b\"],\"one\":[\"q\\\"\\\\\\n\\u00e9\"]},"
    "\"setup\":[{\"get\":\"http://h/s\",\"extract\":{\"v\":{\"json\":\"/v\"}}}"
    "],\"flow\":["
    "{\"post\":\"http://h/${data.d}?vu=${vu}&iter=${iter}\",\"name\":\"A\","
    "\"body\":\"${v}|${uuid}|${vu.uuid}|${random(5,7)}|${timestamp}|$${v}\","
    "\"headers\":{\"X\":\"${v}\",\"Y\":\"a${v}b\"}},"
    "{\"post\":\"http://h/\",\"name\":\"B\",\"json\":{\"a\":\"<${data.one}>\","
    "\"n\":\"${v:number}\",\"r\":\"${random(-3,-3):number}\"}}],"
    "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":1,"
    "\"duration\":\"1s\"}}}";

struct bench {
    struct plan *plan;
    struct rng rng;
    struct expand x;
    char *vars[1];
    const struct request *a, *b; /* the flow's */
    struct buf out;
};

static int bench_setup(void **state)
{
    struct bench *b = xcalloc(1, sizeof *b);

    b->plan = world_plan(plan_values);
    assert_int_equal(b->plan->n_vars, 1);
    rng_seed(&b->rng, 1, 1);
    b->x = (struct expand){
        .plan = b->plan,
        .rng = &b->rng,
        .vu = 12,
        .iter = 3,
        .uuid = "11111111-2222-4333-8444-555555555555",
        .vars = b->vars,
    };
    b->a = b->plan->flows[0].ops[0].request;
    b->b = b->plan->flows[0].ops[1].request;
    buf_init(&b->out, 10000);
    *state = b;
    return 0;
}

static int bench_teardown(void **state)
{
    struct bench *b = *state;

    buf_clear(&b->out);
    plan_free(&b->plan);
    free(b);
    return 0;
}

static const char *expanded(struct bench *b, const struct value *v)
{
    buf_reset(&b->out);
    assert_true(expand_value(&b->x, v, &b->out, NULL));
    return buf_str(&b->out);
}

static void urls_hold_data_percent_encoded_and_numbers(void **state)
{
    struct bench *b = *state;
    unsigned slash = 0, space = 0;

    for (int i = 0; i < 100; i++) {
        const char *s = expanded(b, &b->a->url);

        if (strcmp(s, "http://h/x%2Fy?vu=12&iter=3") == 0) {
            slash++;
        } else {
            assert_string_equal(s, "http://h/a%20b?vu=12&iter=3");
            space++;
        }
    }
    assert_true(slash > 20 && space > 20);
}

static void every_kind_of_value_is_put_in(void **state)
{
    struct bench *b = *state;
    char vars[] = "é\n";
    char *copy, *part, *rest;
    int64_t ms = wall_now().us / 1000;
    uint64_t n;

    b->vars[0] = vars;
    copy = xstrdup(expanded(b, &b->a->body));
    part = strtok_r(copy, "|", &rest);
    assert_string_equal(part, "é\n");
    part = strtok_r(NULL, "|", &rest);
    assert_int_equal(strlen(part), 36);
    assert_int_equal(part[14], '4');
    part = strtok_r(NULL, "|", &rest);
    assert_string_equal(part, b->x.uuid);
    part = strtok_r(NULL, "|", &rest);
    assert_true(num_u64(part, 5, 7, &n));
    part = strtok_r(NULL, "|", &rest);
    assert_true(num_u64(part, (uint64_t)ms, (uint64_t)ms + 60000, &n));
    part = strtok_r(NULL, "|", &rest);
    assert_string_equal(part, "${v}");
    free(copy);
}

static void a_uuid_is_new_at_each_use(void **state)
{
    struct bench *b = *state;
    char vars[] = "";
    char *first;

    b->vars[0] = vars;
    first = xstrdup(expanded(b, &b->a->body));
    assert_string_not_equal(first, expanded(b, &b->a->body));
    free(first);
}

static void a_variable_without_a_value_is_unresolved(void **state)
{
    struct bench *b = *state;

    assert_false(expand_value(&b->x, &b->a->body, &b->out, NULL));
    assert_string_equal(b->x.why, "'v' has no value");
}

static void json_stays_json_whatever_is_put_in(void **state)
{
    struct bench *b = *state;
    char vars[] = "1.5e3";

    b->vars[0] = vars;
    assert_string_equal(expanded(b, &b->b->body),
                        "{\"a\":\"<q\\\"\\\\\\n\xc3\xa9>\",\"n\":1.5e3,"
                        "\"r\":-3}");
}

static void what_is_to_be_a_number_and_is_none_is_unresolved(void **state)
{
    struct bench *b = *state;
    char vars[] = "abc";

    b->vars[0] = vars;
    assert_false(expand_value(&b->x, &b->b->body, &b->out, NULL));
    assert_string_equal(b->x.why, "'abc' is not a number");
}

static void bytes_that_are_no_utf8_become_replacement_characters(void **state)
{
    struct value_part part = {.kind = VALUE_VAR, .escape = ESCAPE_JSON};
    struct value v = {.parts = &part, .n = 1};
    struct bench *b = *state;
    char vars[] = "a\xff\xc3z\xe2\x82\xac";

    b->vars[0] = vars;
    assert_string_equal(expanded(b, &v), "a\\ufffd\\ufffdz\xe2\x82\xac");
}

/* Nor is it sent as another one. */
static void a_header_value_stays_one_line(void **state)
{
    static const char *const bad[] = {"1\r\nX-Evil: 2", "1\n", "\r"};
    struct bench *b = *state;
    size_t i;

    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char *vars = xstrdup(bad[i]);

        b->vars[0] = vars;
        buf_reset(&b->out);
        assert_false(
            expand_value(&b->x, &b->a->headers[1].value, &b->out, NULL));
        assert_string_equal(b->x.why, "'v' has a line break, which no header "
                                      "and no URL can have");
        /* In a body it may be. */
        assert_true(expand_value(&b->x, &b->a->body, &b->out, NULL));
        free(vars);
    }
}

static void a_value_whose_parts_all_come_to_nothing_is_blank(void **state)
{
    struct bench *b = *state;
    char vars[] = "";
    bool blank = false;

    b->vars[0] = vars;
    assert_true(expand_value(&b->x, &b->a->headers[1].value, &b->out, &blank));
    assert_true(blank);
    b->vars[0] = (char[]){"x"};
    assert_true(expand_value(&b->x, &b->a->headers[1].value, &b->out, &blank));
    assert_false(blank);
}

static void what_does_not_fit_is_unresolved_too(void **state)
{
    struct bench *b = *state;
    struct buf small;

    buf_init(&small, 10);
    assert_false(expand_value(&b->x, &b->a->url, &small, NULL));
    assert_string_equal(b->x.why, "larger than 10 bytes");
    buf_clear(&small);
}

static void random_spans_all_of_its_range(void **state)
{
    struct value_part part = {
        .kind = VALUE_RANDOM, .lo = INT64_MIN, .hi = INT64_MAX};
    struct value v = {.parts = &part, .n = 1};
    struct bench *b = *state;
    bool seen[3] = {false, false, false};

    (void)expanded(b, &v);
    part.lo = -1;
    part.hi = 1;
    for (int i = 0; i < 100; i++) {
        int64_t n;

        assert_true(num_i64(expanded(b, &v), -1, 1, &n));
        seen[n + 1] = true;
    }
    assert_true(seen[0] && seen[1] && seen[2]);
}

static void numbers_are_those_of_json(void **state)
{
    static const char *const good[] = {"0",   "-0",   "1",      "12.50",
                                       "1e5", "1E+5", "-1.5e-3"};
    static const char *const bad[] = {"",   "-",   "+1", "01", "1.",  ".5",
                                      "1e", "0x1", "1 ", " 1", "NaN", "1,5"};

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(value_is_number(good[i], strlen(good[i])));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(value_is_number(bad[i], strlen(bad[i])));
    }
}

#define BENCH_TEST(f)                                                          \
    cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(urls_hold_data_percent_encoded_and_numbers),
        BENCH_TEST(every_kind_of_value_is_put_in),
        BENCH_TEST(a_uuid_is_new_at_each_use),
        BENCH_TEST(a_variable_without_a_value_is_unresolved),
        BENCH_TEST(json_stays_json_whatever_is_put_in),
        BENCH_TEST(what_is_to_be_a_number_and_is_none_is_unresolved),
        BENCH_TEST(bytes_that_are_no_utf8_become_replacement_characters),
        BENCH_TEST(a_header_value_stays_one_line),
        BENCH_TEST(a_value_whose_parts_all_come_to_nothing_is_blank),
        BENCH_TEST(what_does_not_fit_is_unresolved_too),
        BENCH_TEST(random_spans_all_of_its_range),
        cmocka_unit_test(numbers_are_those_of_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
