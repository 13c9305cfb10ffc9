/* SPDX-License-Identifier: MIT
 *
 * Plans that are too large in one way or another: each bound is told, at its
 * place, and what is just within it is taken. */
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
#include "base/xalloc.h"
#include "plan/plan.h"
#include "plan/reader.h"

#define TEXT_MAX (20u << 20)
#define SCENARIOS                                                              \
    "\"scenarios\": { \"s\": { \"executor\": \"constant-vus\", "               \
    "\"duration\": \"1s\" } } }"

/* n copies of a piece, commas between and each with its number in it. */
static void add_many(struct buf *b, size_t n, const char *before,
                     const char *after)
{
    for (size_t i = 0; i < n; i++) {
        (void)buf_addf(b, "%s%s%zu%s", i == 0 ? "" : ",", before, i, after);
    }
}

static void add_letters(struct buf *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        (void)buf_addc(b, 'x');
    }
}

/* The first mistake of a text, or "" when it is taken. */
static const char *first_mistake(struct buf *text, char *buf, size_t size)
{
    struct plan_input in = {.file = "f"};
    struct plan_errors errors = {.n = 0};
    struct plan *p = plan_parse(buf_str(text), text->len, &in, &errors);

    assert_false(text->cut);
    assert_int_equal(p == NULL, errors.n > 0);
    buf[0] = '\0';
    if (errors.n > 0) {
        (void)snprintf(buf, size, "%s", errors.list[0].text);
    }
    plan_free(&p);
    plan_errors_clear(&errors);
    buf_clear(text);
    return buf;
}

/* The mistake of a plan with n of something in its flow's place or beside. */
static const char *mistake_of(const char *head, size_t n, const char *before,
                              const char *after, const char *tail, char *buf,
                              size_t size)
{
    struct buf b;

    buf_init(&b, TEXT_MAX);
    (void)buf_adds(&b, head);
    add_many(&b, n, before, after);
    (void)buf_adds(&b, tail);
    return first_mistake(&b, buf, size);
}

static void a_text_has_at_most_16_mib(void **state)
{
    char told[512];
    struct buf b;

    (void)state;
    buf_init(&b, TEXT_MAX);
    (void)buf_adds(&b, "{ \"flow\": [ { \"think\": \"1s\" } ], " SCENARIOS);
    while (b.len < PLAN_TEXT_MAX) {
        (void)buf_addc(&b, ' ');
    }
    assert_string_equal(first_mistake(&b, told, sizeof told), "");
    buf_init(&b, TEXT_MAX);
    while (b.len <= PLAN_TEXT_MAX) {
        (void)buf_addc(&b, ' ');
    }
    assert_string_equal(first_mistake(&b, told, sizeof told),
                        "a plan has at most 16 MiB");
}

static const char *body_of(size_t bytes, char *told, size_t size)
{
    struct buf b;

    buf_init(&b, TEXT_MAX);
    (void)buf_adds(&b, "{ \"flow\": [ { \"post\": \"http://h/\", \"body\": \"");
    add_letters(&b, bytes);
    (void)buf_adds(&b, "\" } ], " SCENARIOS);
    return first_mistake(&b, told, size);
}

static void a_body_has_at_most_1_mib(void **state)
{
    char told[512];

    (void)state;
    assert_string_equal(body_of(1048576, told, sizeof told), "");
    assert_string_equal(body_of(1048577, told, sizeof told),
                        "$.flow[0].body: longer than 1048576 bytes");
}

static const char *url_of(size_t bytes, char *told, size_t size)
{
    struct buf b;

    buf_init(&b, TEXT_MAX);
    (void)buf_adds(&b, "{ \"flow\": [ { \"get\": \"http://h/");
    add_letters(&b, bytes);
    (void)buf_adds(&b, "\" } ], " SCENARIOS);
    return first_mistake(&b, told, size);
}

static void a_url_has_at_most_16_kib(void **state)
{
    char told[512];

    (void)state;
    assert_string_equal(url_of(16384 - 9, told, sizeof told), "");
    assert_string_equal(url_of(16385 - 9, told, sizeof told),
                        "$.flow[0].get: longer than 16384 bytes");
}

static void lists_have_bounds(void **state)
{
    static const struct {
        const char *head;
        size_t n; /* as many as are taken */
        const char *before, *after, *tail, *told;
    } rows[] = {
        {"{ \"flow\": [", 4096, "{ \"get\": \"http://h/", "\" }",
         "], " SCENARIOS, "$.flow[4096]: more than 4096 requests"},
        {"{ \"flow\": [", 10000, "{ \"think\": \"", "ms\" }", "], " SCENARIOS,
         "$.flow: 10001 steps (at most 10000)"},
        {"{ \"flow\": [ { \"every\": 2, \"do\": [ { \"think\": \"1s\" } ] }, "
         "{ \"group\": \"g\", \"do\": [",
         9998, "{ \"think\": \"", "ms\" }", "] } ], " SCENARIOS,
         "$.flow[1].do[9998]: more than 10000 steps"},
        {"{ \"flow\": [ { \"get\": \"http://h/\", \"metrics\": {", 256, "\"m",
         "\": \"duration\"", "} } ], " SCENARIOS,
         "$.flow[0].metrics: 257 metrics (at most 256)"},
        {"{ \"flow\": [ { \"get\": \"http://h/\", \"metrics\": { \"a\": "
         "\"failed\" } }, { \"get\": \"http://h/\", \"metrics\": {",
         255, "\"m", "\": \"duration\"", "} } ], " SCENARIOS,
         "$.flow[1].metrics.m255: more than 256 metrics"},
        {"{ \"flow\": [ { \"get\": \"http://h/\", \"headers\": {", 100, "\"H",
         "\": 1", "} } ], " SCENARIOS,
         "$.flow[0].headers: 101 headers (at most 100)"},
        {"{ \"flow\": [ { \"think\": \"1s\" } ], \"env\": {", 1000, "\"E",
         "\": 1", "}, " SCENARIOS, "$.env: 1001 variables (at most 1000)"},
    };
    char told[512];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(mistake_of(rows[i].head, rows[i].n, rows[i].before,
                                       rows[i].after, rows[i].tail, told,
                                       sizeof told),
                            "");
        assert_string_equal(mistake_of(rows[i].head, rows[i].n + 1,
                                       rows[i].before, rows[i].after,
                                       rows[i].tail, told, sizeof told),
                            rows[i].told);
    }
}

static const char *name_of(const char *head, size_t bytes, const char *tail,
                           char *told, size_t size)
{
    struct buf b;

    buf_init(&b, TEXT_MAX);
    (void)buf_adds(&b, head);
    add_letters(&b, bytes);
    (void)buf_adds(&b, tail);
    return first_mistake(&b, told, size);
}

static void names_have_bounds(void **state)
{
    static const char request[] =
        "{ \"flow\": [ { \"get\": \"http://h/\", \"name\": \"";
    static const char check[] =
        "{ \"flow\": [ { \"get\": \"http://h/\", \"checks\": { \"";
    char told[512];

    (void)state;
    assert_string_equal(
        name_of(request, 200, "\" } ], " SCENARIOS, told, sizeof told), "");
    assert_string_equal(
        name_of(request, 201, "\" } ], " SCENARIOS, told, sizeof told),
        "$.flow[0].name: 201 bytes of text (at most 200)");
    assert_string_equal(name_of(check, 400,
                                "\": { \"status\": 200 } } } ], " SCENARIOS,
                                told, sizeof told),
                        "");
    /* The path is cut, so that what is wrong still fits. */
    (void)name_of(check, 401, "\": { \"status\": 200 } } } ], " SCENARIOS, told,
                  sizeof told);
    assert_non_null(strstr(told, "xxx…: a name of 401 bytes (at most 400)"));
}

static void a_path_too_long_to_keep_stays_at_its_parent(void **state)
{
    struct buf b;
    char told[512];

    (void)state;
    buf_init(&b, TEXT_MAX);
    (void)buf_adds(&b, "{ \"flow\": [ { \"post\": \"http://h/\", \"json\": ");
    for (int i = 0; i < 3; i++) {
        (void)buf_adds(&b, "{ \"");
        add_letters(&b, 220);
        (void)buf_adds(&b, "\": ");
    }
    (void)buf_adds(&b, "\"${nothing}\" } } } } ], " SCENARIOS);
    (void)first_mistake(&b, told, sizeof told);
    assert_non_null(strstr(told, "$.flow[0].json.xxx"));
    assert_non_null(strstr(told, "…: ${nothing} has no value here"));
}

static void a_selector_has_at_most_sixteen_tags(void **state)
{
    struct buf b;
    char told[512];

    (void)state;
    for (size_t n = 16; n <= 17; n++) {
        buf_init(&b, TEXT_MAX);
        (void)buf_adds(&b, "{ \"flow\": [ { \"get\": \"http://h/\" } ], "
                           "\"thresholds\": { \"http_reqs{");
        for (size_t i = 0; i < n; i++) {
            (void)buf_adds(&b, i == 0 ? "status:200" : ",status:200");
        }
        (void)buf_adds(&b, "}\": \"count>1\" }, " SCENARIOS);
        (void)first_mistake(&b, told, sizeof told);
        assert_int_equal(strstr(told, "more than 16 tags") != NULL, n == 17);
    }
}

static void a_long_default_name_is_cut_at_a_character(void **state)
{
    struct plan_input in = {.file = "f"};
    struct plan_errors errors = {.n = 0};
    struct plan *p;
    struct buf b;

    (void)state;
    buf_init(&b, TEXT_MAX);
    (void)buf_adds(&b, "{ \"flow\": [ { \"get\": \"http://h/");
    for (int i = 0; i < 300; i++) {
        (void)buf_adds(&b, "é");
    }
    (void)buf_adds(&b, "\" } ], " SCENARIOS);
    p = plan_parse(buf_str(&b), b.len, &in, &errors);
    assert_non_null(p);
    assert_true(strlen(p->names[0]) <= PLAN_NAME_MAX);
    assert_string_equal(p->names[0] + strlen(p->names[0]) - 2, "é");
    plan_free(&p);
    buf_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_has_at_most_16_mib),
        cmocka_unit_test(a_body_has_at_most_1_mib),
        cmocka_unit_test(a_url_has_at_most_16_kib),
        cmocka_unit_test(lists_have_bounds),
        cmocka_unit_test(names_have_bounds),
        cmocka_unit_test(a_path_too_long_to_keep_stays_at_its_parent),
        cmocka_unit_test(a_selector_has_at_most_sixteen_tags),
        cmocka_unit_test(a_long_default_name_is_cut_at_a_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
