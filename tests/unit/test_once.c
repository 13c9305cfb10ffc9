/* SPDX-License-Identifier: MIT
 *
 * test_once - setup and teardown: passed, failed with the reason, or out of
 * time. */
#include "config.h"

#include "load/squad.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/squad_world.h"

#define MS US_PER_MS
#define S  US_PER_SEC

static const char plan_setup[] =
    "{\"name\":\"t\",\"env\":{\"KEY\":\"hush-hush\"},\"secrets\":[\"KEY\"],"
    "\"setup\":[{\"get\":\"http://h/health?k=${KEY}\",\"name\":\"Health\","
    "\"checks\":{\"health is up\":{\"status\":200}}},"
    "{\"think\":\"1s\"},"
    "{\"post\":\"http://h/login\",\"extract\":{\"token\":{\"json\":\"/t\"}}},"
    "{\"get\":\"http://h/${token}\"}],"
    "\"teardown\":[{\"delete\":\"http://h/${token}\"}],"
    "\"flow\":[{\"get\":\"http://h/${token}/${vu}\"},{\"think\":\"1s\"}],"
    "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":1,"
    "\"duration\":\"1h\"}}}";

struct script {
    const struct fake_reply *replies;
    size_t n;
    char last[200];
};

static void script_answer(void *ctx, const struct fake_call *call,
                          struct fake_reply *reply)
{
    struct script *s = ctx;

    (void)snprintf(s->last, sizeof s->last, "%s", call->call->url);
    if (call->n < s->n) {
        *reply = s->replies[call->n];
    }
}

static struct world *world_setup(struct script *s)
{
    struct world *w = world_new(plan_setup, 1, 1);

    w->fake.answer = script_answer;
    w->fake.ctx = s;
    assert_int_equal(squad_once(w->squads[0], NULL), ONCE_NONE);
    squad_run_once(w->squads[0], &w->plan->setup, 60 * S);
    return w;
}

static const char *text_of(const struct world *w, enum once_state want)
{
    const char *text = NULL;

    assert_int_equal(squad_once(w->squads[0], &text), want);
    return text;
}

static void setup_passes_and_hands_out_what_it_extracted(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = 200},
        {.status = 200, .body = "{\"t\":\"T1\"}"},
    };
    struct script s = {replies, 2, ""};
    struct world *w = world_setup(&s);
    struct delta *d;

    (void)state;
    (void)text_of(w, ONCE_RUNNING);
    world_pass(w, 2 * S);
    (void)text_of(w, ONCE_PASSED);
    assert_string_equal(s.last, "http://h/T1");
    assert_string_equal(squad_once_vars(w->squads[0])[0], "T1");
    d = world_take(w);
    assert_int_equal(delta_requests(d, -1, 200), 3);
    assert_int_equal(d->iterations, 0);
    assert_int_equal(delta_check_passes(d, 0), 1);
    delta_free(&d);
    assert_int_equal(world_state(w).iterations_begun, 0);
    assert_int_equal(w->fake.open_ports, 0);
    /* Every VU begins with it, and teardown, too. */
    squad_set_vars(w->squads[0], squad_once_vars(w->squads[0]));
    world_vus(w, 1);
    assert_string_equal(s.last, "http://h/T1/1");
    world_vus(w, 0);
    world_pass(w, 2 * S);
    squad_run_once(w->squads[0], &w->plan->teardown, 60 * S);
    assert_string_equal(s.last, "http://h/T1");
    world_pass(w, S);
    (void)text_of(w, ONCE_PASSED);
    world_free(&w);
}

static void a_failed_check_ends_setup_there_and_says_which(void **state)
{
    static const struct fake_reply reply = {.status = 503};
    struct script s = {&reply, 1, ""};
    struct world *w = world_setup(&s);

    (void)state;
    world_pass(w, 10 * S);
    assert_string_equal(text_of(w, ONCE_FAILED),
                        "setup: check 'health is up' failed: "
                        "status 503, expected 200 (GET http://h/health?k=***)");
    assert_int_equal(w->fake.started, 1);
    world_free(&w);
}

static void a_refused_connection_is_the_reason_given(void **state)
{
    static const struct fake_reply reply = {.failure = FAILURE_REFUSED};
    struct script s = {&reply, 1, ""};
    struct world *w = world_setup(&s);

    (void)state;
    world_pass(w, 10 * S);
    assert_string_equal(text_of(w, ONCE_FAILED),
                        "setup: check 'health is up' failed: "
                        "connection refused (GET http://h/health?k=***)");
    world_free(&w);
}

static void a_request_without_checks_fails_setup_by_its_status(void **state)
{
    static const struct fake_reply replies[] = {{.status = 200},
                                                {.status = 401}};
    struct script s = {replies, 2, ""};
    struct world *w = world_setup(&s);

    (void)state;
    world_pass(w, 10 * S);
    assert_string_equal(text_of(w, ONCE_FAILED),
                        "setup: POST http://h/login: status 401");
    assert_int_equal(w->fake.started, 2);
    world_free(&w);
}

static void a_value_that_is_missing_fails_setup(void **state)
{
    static const struct fake_reply replies[] = {{.status = 200},
                                                {.status = 200, .body = "{}"}};
    struct script s = {replies, 2, ""};
    struct world *w = world_setup(&s);

    (void)state;
    world_pass(w, 10 * S);
    assert_string_equal(text_of(w, ONCE_FAILED),
                        "setup: GET http://h/${token}: 'token' has no value");
    world_free(&w);
}

static void what_takes_too_long_is_cut_off(void **state)
{
    static const struct fake_reply reply = {.after_us = 50 * S, .status = 200};
    struct script s = {&reply, 1, ""};
    struct world *w = world_new(plan_setup, 1, 1);
    struct delta *d;

    (void)state;
    w->fake.answer = script_answer;
    w->fake.ctx = &s;
    squad_run_once(w->squads[0], &w->plan->setup, 5 * S);
    world_pass(w, 5 * S - 1);
    (void)text_of(w, ONCE_RUNNING);
    world_pass(w, 1);
    assert_string_equal(text_of(w, ONCE_TIMEOUT),
                        "setup: not done in time, in Health");
    d = world_take(w);
    assert_int_equal(delta_failures(d, FAILURE_TIMEOUT), 1);
    assert_int_equal(d->interrupted, 0);
    delta_free(&d);
    world_free(&w);
}

static void setup_may_be_run_again(void **state)
{
    static const struct fake_reply replies[] = {
        {.failure = FAILURE_REFUSED},
        {.status = 200},
        {.status = 200, .body = "{\"t\":\"x\"}"},
    };
    struct script s = {replies, 3, ""};
    struct world *w = world_setup(&s);

    (void)state;
    world_pass(w, S);
    (void)text_of(w, ONCE_FAILED);
    squad_run_once(w->squads[0], &w->plan->setup, 60 * S);
    world_pass(w, 5 * S);
    assert_string_equal(text_of(w, ONCE_PASSED), "");
    world_free(&w);
}

static void the_cut_ends_setup_but_not_a_teardown_after_it(void **state)
{
    static const struct fake_reply reply = {.after_us = 50 * S, .status = 200};
    struct script s = {&reply, 1, ""};
    struct world *w = world_setup(&s);
    static const char *const vars[] = {"v"};
    struct delta *d;

    (void)state;
    world_pass(w, S);
    world_phase(w, LOAD_CUT);
    assert_string_equal(text_of(w, ONCE_FAILED), "setup: cut off");
    d = world_take(w);
    assert_int_equal(d->interrupted_requests, 1);
    assert_int_equal(delta_requests(d, -1, -1), 0);
    delta_free(&d);
    squad_set_vars(w->squads[0], vars);
    squad_run_once(w->squads[0], &w->plan->teardown, 60 * S);
    world_post(w); /* still the cut */
    world_pass(w, S);
    (void)text_of(w, ONCE_PASSED);
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setup_passes_and_hands_out_what_it_extracted),
        cmocka_unit_test(a_failed_check_ends_setup_there_and_says_which),
        cmocka_unit_test(a_refused_connection_is_the_reason_given),
        cmocka_unit_test(a_request_without_checks_fails_setup_by_its_status),
        cmocka_unit_test(a_value_that_is_missing_fails_setup),
        cmocka_unit_test(what_takes_too_long_is_cut_off),
        cmocka_unit_test(setup_may_be_run_again),
        cmocka_unit_test(the_cut_ends_setup_but_not_a_teardown_after_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
