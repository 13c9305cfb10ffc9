/* SPDX-License-Identifier: MIT
 *
 * test_evidence - samples of failures give no secret away and steer no
 * terminal. */
#include "config.h"

#include "load/evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "support/squad_world.h"

static const char plan_secret[] =
    "{\"name\":\"t\",\"env\":{\"TOKEN\":\"s3cr3t-t0ken-of-mine\",\"OPEN\":"
    "\"open\"},\"secrets\":[\"TOKEN\"],\"flow\":[{\"get\":\"http://h/\"}],"
    "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":1,"
    "\"duration\":\"1s\"}}}";

static const char secret[] = "s3cr3t-t0ken-of-mine";

struct bench {
    struct plan *plan;
    struct mask *mask;
    struct exchange x;
    struct failure_sample f;
};

static int bench_setup(void **state)
{
    struct bench *b = xcalloc(1, sizeof *b);

    b->plan = world_plan(plan_secret);
    b->mask = mask_new(b->plan);
    buf_init(&b->x.head, EXCHANGE_HEAD_MAX);
    buf_init(&b->x.body, EXCHANGE_BODY_MAX);
    *state = b;
    return 0;
}

static int bench_teardown(void **state)
{
    struct bench *b = *state;

    buf_clear(&b->x.head);
    buf_clear(&b->x.body);
    mask_free(&b->mask);
    plan_free(&b->plan);
    free(b);
    return 0;
}

static void a_sample_holds_head_and_body_line_by_line(void **state)
{
    struct bench *b = *state;

    buf_adds(&b->x.head, "HTTP/1.1 503 Down\r\nX: 1\r\n\r\n");
    buf_adds(&b->x.body, "{\"a\":1}\nline two\r\n");
    evidence_fill(b->mask, &b->f, "503", "GET http://h/", &b->x);
    assert_string_equal(b->f.message, "503");
    assert_string_equal(b->f.text, "HTTP/1.1 503 Down\nX: 1\n\n{\"a\":1}\n"
                                   "line two\n");
}

static void without_a_response_it_holds_the_request(void **state)
{
    struct bench *b = *state;

    evidence_fill(b->mask, &b->f, "connection refused", "GET http://h/x", NULL);
    assert_string_equal(b->f.message, "connection refused");
    assert_string_equal(b->f.text, "GET http://h/x");
}

static void what_steers_a_terminal_is_escaped(void **state)
{
    struct bench *b = *state;

    buf_adds(&b->x.head, "HTTP/1.1 500 \x1b[31m\r\n\r\n");
    buf_adds(&b->x.body, "\x1b]0;t\x07 \xe2\x80\xae \xff\n");
    evidence_fill(b->mask, &b->f, "a\nb\x1b", "GET /", &b->x);
    assert_string_equal(b->f.message, "a\\nb\\x1b");
    assert_string_equal(b->f.text, "HTTP/1.1 500 \\x1b[31m\n\n"
                                   "\\x1b]0;t\\x07 \\u{202E} \\xff\n");
}

static void secrets_are_masked_everywhere(void **state)
{
    struct bench *b = *state;

    buf_addf(&b->x.head, "HTTP/1.1 500 X\r\nX-Echo: a%sb\r\n\r\n", secret);
    buf_addf(&b->x.body, "token=%s&open", secret);
    evidence_fill(b->mask, &b->f, secret, "GET /", &b->x);
    assert_string_equal(b->f.message, "***");
    assert_string_equal(b->f.text,
                        "HTTP/1.1 500 X\nX-Echo: a***b\n\ntoken=***&open");
}

static void a_secret_is_known_in_whatever_way_it_is_written(void **state)
{
    struct bench *b = *state;

    mask_add(b->mask, "a/Wort&of \"mine\"");
    mask_add(b->mask, NULL);
    mask_add(b->mask, "");
    buf_adds(&b->x.head, "HTTP/1.1 500 X\r\n\r\n");
    buf_adds(&b->x.body, "a/Wort&of \"mine\",a/Wort&of \\\"mine\\\","
                         "a%2FWort%26of%20%22mine%22,"
                         "a%2fWort%26of%20%22mine%22");
    evidence_fill(b->mask, &b->f, "500", "GET /", &b->x);
    assert_string_equal(b->f.text, "HTTP/1.1 500 X\n\n***,***,***,***");
}

/* Behind any user's name, and before anything else. */
static void base64_that_holds_a_secret_is_masked(void **state)
{
    static const char *const users[] = {"", "u:", "me:", "you:", "long-name:"};
    struct bench *b = *state;

    for (size_t i = 0; i < sizeof users / sizeof users[0]; i++) {
        char *pair = xasprintf("%s%s", users[i], secret);
        struct buf coded;

        buf_init(&coded, 1024);
        text_base64(&coded, pair, strlen(pair));
        buf_reset(&b->x.head);
        buf_reset(&b->x.body);
        buf_adds(&b->x.head, "HTTP/1.1 500 X\r\n\r\n");
        buf_addf(&b->x.body, "Basic %s.", buf_str(&coded));
        evidence_fill(b->mask, &b->f, "500", "GET /", &b->x);
        assert_non_null(strstr(b->f.text, "***"));
        /* No six characters of it in a row are left. */
        for (size_t k = strlen(users[i]) * 4 / 3 + 2; k + 6 <= coded.len; k++) {
            char part[7] = "";

            memcpy(part, coded.data + k, 6);
            assert_null(strstr(b->f.text, part));
        }
        buf_clear(&coded);
        free(pair);
    }
}

static void fields_that_carry_credentials_show_no_value(void **state)
{
    struct bench *b = *state;

    buf_adds(&b->x.head,
             "HTTP/1.1 500 X\r\nset-cookie: sid=1; Path=/\r\n"
             "Authorization: Basic eA==\r\nCookie: c\r\nCookie : d\r\n"
             "PROXY-AUTHORIZATION: Basic eA==\r\nSET-COOKIE: e\r\n\r\n");
    evidence_fill(b->mask, &b->f, "500", "GET /", &b->x);
    assert_string_equal(b->f.text, "HTTP/1.1 500 X\nset-cookie: ***\n"
                                   "Authorization: ***\nCookie: ***\n"
                                   "Cookie: ***\n"
                                   "PROXY-AUTHORIZATION: ***\n"
                                   "SET-COOKIE: ***\n\n");
}

static void a_secret_that_was_cut_in_half_is_masked_too(void **state)
{
    struct bench *b = *state;

    for (size_t n = 1; n < sizeof secret; n++) {
        buf_reset(&b->x.head);
        buf_reset(&b->x.body);
        buf_adds(&b->x.head, "HTTP/1.1 500 X\r\n\r\n");
        buf_adds(&b->x.body, "body ");
        buf_add(&b->x.body, secret, n);
        b->x.body.cut = true;
        evidence_fill(b->mask, &b->f, "500", "GET /", &b->x);
        assert_string_equal(b->f.text, "HTTP/1.1 500 X\n\nbody ***");
    }
}

static void a_long_response_is_cut_at_a_whole_character(void **state)
{
    struct bench *b = *state;
    size_t n;

    buf_adds(&b->x.head, "HTTP/1.1 500 X\r\n\r\n");
    for (int i = 0; i < 5000; i++) {
        buf_adds(&b->x.body, "\xe2\x82\xac");
    }
    evidence_fill(b->mask, &b->f, "500", "GET /", &b->x);
    n = strlen(b->f.text);
    assert_true(n < FAILURE_TEXT_MAX && n > FAILURE_TEXT_MAX - 8);
    assert_string_equal(b->f.text + n - 3, "\xe2\x82\xac");
}

static void a_long_head_leaves_room_for_the_body(void **state)
{
    struct bench *b = *state;

    buf_adds(&b->x.head, "HTTP/1.1 500 X\r\n");
    for (int i = 0; i < 2000; i++) {
        buf_adds(&b->x.head, "x-long: 0123456789\r\n");
    }
    buf_adds(&b->x.head, "\r\n");
    buf_adds(&b->x.body, "the reason");
    evidence_fill(b->mask, &b->f, "500", "GET /", &b->x);
    assert_non_null(strstr(b->f.text, "x-long: 0123456789\n(the head goes on)"
                                      "\n\nthe reason"));
    /* A line of its own that is longer than all. */
    buf_reset(&b->x.head);
    buf_adds(&b->x.head, "HTTP/1.1 500 X\r\ny: ");
    for (int i = 0; i < 9000; i++) {
        buf_adds(&b->x.head, "z");
    }
    evidence_fill(b->mask, &b->f, "500", "GET /", &b->x);
    assert_string_equal(b->f.text,
                        "HTTP/1.1 500 X\n(the head goes on)\n\nthe reason");
}

#define BENCH_TEST(f)                                                          \
    cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(a_sample_holds_head_and_body_line_by_line),
        BENCH_TEST(without_a_response_it_holds_the_request),
        BENCH_TEST(what_steers_a_terminal_is_escaped),
        BENCH_TEST(secrets_are_masked_everywhere),
        BENCH_TEST(a_secret_is_known_in_whatever_way_it_is_written),
        BENCH_TEST(base64_that_holds_a_secret_is_masked),
        BENCH_TEST(fields_that_carry_credentials_show_no_value),
        BENCH_TEST(a_secret_that_was_cut_in_half_is_masked_too),
        BENCH_TEST(a_long_response_is_cut_at_a_whole_character),
        BENCH_TEST(a_long_head_leaves_room_for_the_body),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
