/* SPDX-License-Identifier: MIT
 *
 * test_cookies - what a service sets comes back, as k6 does it: merged with the
 * plan's own, over redirects, for as long as the plan says; and a VU without
 * cookies sends its fixed requests as they are. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "support/squad_world.h"

#define S US_PER_SEC

/* What was sent: a line a call, "method url [cookie] <body>", and '!' before
 * those that went out as the fixed request that all VUs share. */
struct diary {
    struct buf log;
    const char *const *heads; /* of the replies, in order; the last repeats */
    size_t n;
};

static void diary_answer(void *ctx, const struct fake_call *call,
                         struct fake_reply *reply)
{
    struct diary *d = ctx;
    const struct call *c = call->call;
    const char *cookie = fake_header(c, "Cookie");
    const char *head = d->heads[call->n < d->n ? call->n : d->n - 1];

    buf_addf(&d->log, "%s%s %s", c->fixed != NULL ? "!" : "", c->method,
             c->url);
    if (cookie != NULL) {
        buf_addf(&d->log, " [%s]", cookie);
    }
    if (c->has_body) {
        buf_addf(&d->log, " <%.*s>", (int)c->body_len, c->body);
    }
    buf_addc(&d->log, '\n');
    reply->head = head;
    if (strstr(head, "Location:") != NULL) {
        reply->status = 302;
    }
}

/* Runs one VU for a time with these replies, and compares what it sent. */
static void assert_sent(const char *http, const char *flow, uint64_t us,
                        const char *const *heads, size_t n,
                        const char *expected)
{
    struct diary d = {.heads = heads, .n = n};
    char *text = xasprintf(
        "{\"name\":\"t\",\"http\":{%s},\"flow\":[%s,{\"think\":\"10s\"}],"
        "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":1,"
        "\"duration\":\"1h\"}}}",
        http, flow);
    struct world *w = world_new(text, 1, 1);

    buf_init(&d.log, 1u << 20);
    w->fake.answer = diary_answer;
    w->fake.ctx = &d;
    world_vus(w, 1);
    world_pass(w, us);
    assert_string_equal(buf_str(&d.log), expected);
    world_free(&w);
    buf_clear(&d.log);
    free(text);
}

#define ASSERT_SENT(http, flow, us, heads, expected)                           \
    assert_sent(http, flow, us, heads, sizeof(heads) / sizeof *(heads),        \
                expected)

static void a_cookie_comes_back_within_the_iteration(void **state)
{
    static const char *const heads[] = {"Set-Cookie: id=7; Path=/\r\n", "", ""};

    (void)state;
    ASSERT_SENT("",
                "{\"get\":\"http://h/login\"},{\"post\":\"http://h/a\","
                "\"body\":\"x\"},{\"get\":\"http://other/\"}",
                15 * S, heads,
                "!GET http://h/login\n"
                "POST http://h/a [id=7] <x>\n"
                "!GET http://other/\n"
                "!GET http://h/login\n" /* the jar is empty again */
                "!POST http://h/a <x>\n"
                "!GET http://other/\n");
}

static void a_jar_is_kept_where_the_plan_says_so(void **state)
{
    static const char *const heads[] = {"Set-Cookie: id=7\r\n", ""};

    (void)state;
    ASSERT_SENT("\"cookies\":\"keep\"", "{\"get\":\"http://h/\"}", 25 * S,
                heads,
                "!GET http://h/\n"
                "GET http://h/ [id=7]\n"
                "GET http://h/ [id=7]\n");
}

static void without_a_jar_nothing_is_kept(void **state)
{
    static const char *const heads[] = {"Set-Cookie: id=7\r\n"};

    (void)state;
    ASSERT_SENT("\"cookies\":\"off\"",
                "{\"get\":\"http://h/\"},{\"get\":\"http://h/\","
                "\"cookies\":{\"a\":\"1\"}}",
                5 * S, heads,
                "!GET http://h/\n"
                "!GET http://h/ [a=1]\n");
}

static void the_plans_own_cookies_are_merged_as_in_k6(void **state)
{
    static const char *const heads[] = {
        "Set-Cookie: a=jar\r\nSet-Cookie: b=jar\r\nSet-Cookie: c=jar\r\n", ""};

    (void)state;
    ASSERT_SENT("",
                "{\"get\":\"http://h/\"},"
                "{\"get\":\"http://h/1\",\"cookies\":{\"a\":\"own${vu}\","
                "\"z\":\"own\",\"b\":{\"value\":\"own\",\"replace\":true}}},"
                "{\"get\":\"http://h/2\",\"headers\":{\"Cookie\":\"a=own\"}}",
                5 * S, heads,
                "!GET http://h/\n"
                "GET http://h/1 [z=own; b=own; a=jar; c=jar]\n"
                "GET http://h/2 [a=own; a=jar; b=jar; c=jar]\n");
}

static void each_hop_stores_and_sends_cookies(void **state)
{
    static const char *const heads[] = {
        "Set-Cookie: id=1\r\nLocation: /two\r\n",
        "Set-Cookie: id=2\r\nSet-Cookie: p=3; Path=/three\r\n"
        "Location: /three/x\r\n",
        "Location: http://other/\r\n", ""};

    (void)state;
    ASSERT_SENT("",
                "{\"get\":\"http://h/one\",\"cookies\":{\"own\":\"1\"}},"
                "{\"get\":\"http://h/four\"}",
                5 * S, heads,
                "!GET http://h/one [own=1]\n"
                "GET http://h/two [own=1; id=1]\n"
                "GET http://h/three/x [own=1; p=3; id=2]\n"
                "GET http://other/\n" /* neither the jar's nor the plan's */
                "GET http://h/four [id=2]\n");
}

static void what_its_own_setup_left_begins_each_iteration(void **state)
{
    static const char *const heads[] = {"Set-Cookie: id=7; Path=/\r\n",
                                        "Set-Cookie: id=8; Path=/\r\n"
                                        "Set-Cookie: more=1; Path=/\r\n",
                                        ""};
    struct diary d = {.heads = heads, .n = 3};
    struct world *w = world_new(
        "{\"name\":\"t\",\"vu_setup\":[{\"post\":\"http://h/login\"}],"
        "\"flow\":[{\"get\":\"http://h/a\"},{\"get\":\"http://h/b\"},"
        "{\"think\":\"10s\"}],\"scenarios\":{\"s\":{\"executor\":"
        "\"constant-vus\",\"vus\":1,\"duration\":\"1h\"}}}",
        1, 1);

    (void)state;
    buf_init(&d.log, 1u << 20);
    w->fake.answer = diary_answer;
    w->fake.ctx = &d;
    world_vus(w, 1);
    world_pass(w, 15 * S);
    assert_string_equal(buf_str(&d.log), "!POST http://h/login\n"
                                         "GET http://h/a [id=7]\n"
                                         "GET http://h/b [id=8; more=1]\n"
                                         "GET http://h/a [id=7]\n"
                                         "GET http://h/b [id=7]\n");
    world_free(&w);
    buf_clear(&d.log);
}

static void each_vu_has_its_own(void **state)
{
    static const char *const heads[] = {"Set-Cookie: id=1\r\n", "", ""};
    struct diary d = {.heads = heads, .n = 3};
    struct world *w = world_new(
        "{\"name\":\"t\",\"flow\":[{\"get\":\"http://h/a\"},{\"think\":\"1s\"},"
        "{\"get\":\"http://h/b\"},{\"think\":\"100s\"}],\"scenarios\":{\"s\":{"
        "\"executor\":\"constant-vus\",\"vus\":2,\"duration\":\"1h\"}}}",
        1, 1);

    (void)state;
    buf_init(&d.log, 1u << 20);
    w->fake.answer = diary_answer;
    w->fake.ctx = &d;
    world_vus(w, 2);
    world_pass(w, 10 * S);
    assert_string_equal(buf_str(&d.log), "!GET http://h/a\n"
                                         "!GET http://h/a\n"
                                         "GET http://h/b [id=1]\n"
                                         "!GET http://h/b\n");
    world_free(&w);
    buf_clear(&d.log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cookie_comes_back_within_the_iteration),
        cmocka_unit_test(a_jar_is_kept_where_the_plan_says_so),
        cmocka_unit_test(without_a_jar_nothing_is_kept),
        cmocka_unit_test(the_plans_own_cookies_are_merged_as_in_k6),
        cmocka_unit_test(each_hop_stores_and_sends_cookies),
        cmocka_unit_test(what_its_own_setup_left_begins_each_iteration),
        cmocka_unit_test(each_vu_has_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
