/* SPDX-License-Identifier: MIT
 *
 * test_vu_setup - what each VU does once before its first iteration: its values
 * are its own for life, a failure is tried again, and none of it is an
 * iteration. */
#include "config.h"

#include "load/squad.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "support/squad_world.h"

#define MS US_PER_MS
#define S  US_PER_SEC

static const char plan_login[] =
    "{\"http\":{\"headers\":{\"Authorization\":\"Bearer ${token}\","
    "\"X-Run\":\"${run}\"}},"
    "\"setup\":[{\"get\":\"http://h/run\",\"extract\":{\"run\":{\"json\":\"/"
    "t\"}"
    "}}],"
    "\"vu_setup\":[{\"post\":\"http://h/login/${vu}\",\"name\":\"Login\","
    "\"extract\":{\"token\":{\"json\":\"/t\"}}}],"
    "\"flow\":[{\"get\":\"http://h/${iter}/${token}\"},{\"think\":\"1s\"}],"
    "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":1,"
    "\"duration\":\"1h\"}}}";

struct service {
    struct buf log;      /* "/path auth;" of each call */
    unsigned down_until; /* log-ins before that number get 503 */
    unsigned logins;
    uint64_t slow_us;
    char bodies[4][64]; /* several may be under way */
};

static void service_answer(void *ctx, const struct fake_call *call,
                           struct fake_reply *reply)
{
    struct service *s = ctx;
    const char *auth = fake_header(call->call, "Authorization");

    (void)buf_addf(&s->log, "%s%s%s;", call->call->url + 8,
                   auth != NULL ? " " : "", auth != NULL ? auth : "");
    if (strstr(call->call->url, "login") != NULL) {
        char *body = s->bodies[++s->logins % 4];

        reply->after_us = s->slow_us != 0 ? s->slow_us : 1 * MS;
        reply->status = s->logins <= s->down_until ? 503 : 200;
        (void)snprintf(body, sizeof s->bodies[0], "{\"t\":\"token%s\"}",
                       strrchr(call->call->url, '/') + 1);
        reply->body = body;
    }
}

static struct world *service_world(struct service *s, const char *plan)
{
    static const char *const vars[] = {"run7", NULL};
    struct world *w = world_new(plan, 1, 1);

    memset(s, 0, sizeof *s);
    buf_init(&s->log, 1u << 20);
    w->fake.answer = service_answer;
    w->fake.ctx = s;
    if (w->plan->n_vars == 2) {
        squad_set_vars(w->squads[0], vars);
    }
    return w;
}

static void service_end(struct service *s, struct world **w)
{
    world_free(w);
    buf_clear(&s->log);
}

static void it_comes_once_before_the_first_iteration(void **state)
{
    struct service s;
    struct world *w = service_world(&s, plan_login);
    struct delta *d;

    (void)state;
    world_vus(w, 2);
    world_pass(w, 2 * S);
    assert_string_equal(buf_str(&s.log),
                        "/login/1;/login/2;"
                        "/0/token1 Bearer token1;/0/token2 Bearer token2;"
                        "/1/token1 Bearer token1;/1/token2 Bearer token2;");
    d = world_take(w);
    assert_int_equal(world_state(w).iterations_begun, 4);
    assert_int_equal(d->scenarios[0].iterations, 2);
    /* One millisecond and one second of think time: the log-in is not in it. */
    assert_int_equal(d->scenarios[0].duration.max, S + 1 * MS);
    assert_int_equal(delta_requests(d, 1, 200), 2);
    assert_string_equal(w->plan->requests[1]->group, "::vu_setup");
    delta_free(&d);
    service_end(&s, &w);
}

static void what_setup_extracted_is_there_too(void **state)
{
    struct service s;
    struct world *w = service_world(&s, plan_login);
    const struct request *login = w->plan->requests[1];

    (void)state;
    /* Of the default headers the one whose value is known by then. */
    assert_int_equal(login->n_headers, 1);
    assert_string_equal(login->headers[0].name, "X-Run");
    assert_int_equal(w->plan->requests[2]->n_headers, 2);
    assert_int_equal(w->plan->requests[0]->n_headers, 0);
    service_end(&s, &w);
}

static void a_failure_is_tried_again_after_a_second(void **state)
{
    struct service s;
    struct world *w = service_world(&s, plan_login);
    struct delta *d;

    (void)state;
    s.down_until = 2;
    world_vus(w, 1);
    world_pass(w, 2 * S + 1 * MS);
    assert_string_equal(buf_str(&s.log), "/login/1;/login/1;");
    assert_int_equal(world_active(w), 1);
    world_pass(w, S - 1 * MS);
    assert_string_equal(buf_str(&s.log),
                        "/login/1;/login/1;/login/1;/0/token1 Bearer token1;");
    d = world_take(w);
    assert_int_equal(delta_failures(d, FAILURE_HTTP_5XX), 2);
    assert_int_equal(world_state(w).iterations_begun, 1);
    delta_free(&d);
    service_end(&s, &w);
}

static void a_vu_that_is_switched_on_again_keeps_its_values(void **state)
{
    struct service s;
    struct world *w = service_world(&s, plan_login);

    (void)state;
    world_vus(w, 1);
    world_pass(w, S / 2);
    world_vus(w, 0);
    world_pass(w, 10 * S);
    assert_int_equal(world_active(w), 0);
    buf_reset(&s.log);
    world_vus(w, 1);
    world_pass(w, S / 2);
    assert_string_equal(buf_str(&s.log), "/1/token1 Bearer token1;");
    assert_int_equal(s.logins, 1);
    service_end(&s, &w);
}

static void one_that_drains_meanwhile_begins_no_iteration(void **state)
{
    struct service s;
    struct world *w = service_world(&s, plan_login);
    struct delta *d;

    (void)state;
    s.slow_us = 5 * S;
    world_vus(w, 1);
    world_pass(w, S);
    world_vus(w, 0);
    assert_int_equal(world_state(w).draining, 1);
    world_pass(w, 10 * S);
    assert_int_equal(world_state(w).draining, 0);
    assert_string_equal(buf_str(&s.log), "/login/1;");
    d = world_take(w);
    assert_int_equal(delta_requests(d, 1, 200), 1);
    assert_int_equal(d->n_scenarios, 0);
    delta_free(&d);
    service_end(&s, &w);
}

static void one_that_waits_for_another_try_ends_at_once(void **state)
{
    struct service s;
    struct world *w = service_world(&s, plan_login);

    (void)state;
    s.down_until = 100;
    world_vus(w, 1);
    world_pass(w, S / 2);
    world_vus(w, 0);
    assert_int_equal(world_active(w), 0);
    assert_int_equal(world_state(w).draining, 0);
    world_pass(w, 10 * S);
    assert_int_equal(s.logins, 1);
    /* And begins where it was when it is wanted again. */
    world_vus(w, 1);
    world_pass(w, S / 2);
    assert_int_equal(s.logins, 2);
    service_end(&s, &w);
}

static void a_hard_stop_cuts_it_off(void **state)
{
    struct service s;
    struct world *w = service_world(&s, plan_login);
    struct delta *d;

    (void)state;
    s.slow_us = 5 * S;
    world_vus(w, 1);
    world_pass(w, S);
    world_phase(w, LOAD_CUT);
    assert_int_equal(world_active(w), 0);
    assert_int_equal(w->fake.cancelled, 1);
    d = world_take(w);
    assert_int_equal(d->interrupted_requests, 1);
    assert_int_equal(delta_requests(d, -1, -1), 0);
    delta_free(&d);
    service_end(&s, &w);
}

static void no_try_begins_while_the_run_is_paused(void **state)
{
    struct service s;
    struct world *w = service_world(&s, plan_login);

    (void)state;
    s.down_until = 1;
    world_vus(w, 1);
    world_pass(w, S / 2);
    w->desired.paused = true;
    world_post(w);
    world_pass(w, 10 * S);
    assert_int_equal(s.logins, 1);
    w->desired.paused = false;
    world_post(w);
    world_pass(w, S / 2);
    assert_int_equal(s.logins, 2);
    assert_int_equal(world_state(w).iterations_begun, 1);
    service_end(&s, &w);
}

static void a_check_that_fails_fails_it(void **state)
{
    struct service s;
    struct world *w = service_world(
        &s, "{\"vu_setup\":[{\"get\":\"http://h/login/x\",\"checks\":{\"in\":"
            "{\"json\":\"/t\",\"equals\":\"no\"}}},{\"get\":\"http://h/2\"}],"
            "\"flow\":[{\"get\":\"http://h/f\"}],\"scenarios\":{\"s\":{"
            "\"executor\":\"constant-vus\",\"duration\":\"1h\"}}}");

    (void)state;
    world_vus(w, 1);
    world_pass(w, 3 * S);
    assert_string_equal(buf_str(&s.log), "/login/x;/login/x;/login/x;");
    assert_int_equal(world_state(w).iterations_begun, 0);
    service_end(&s, &w);
}

/* A thousand steps that take no time are the most before the loop's turn. */
static void a_repeat_of_nothing_gives_the_loop_its_turn(void **state)
{
    struct service s;
    struct world *w = service_world(
        &s, "{\"flow\":[{\"repeat\":50000,\"do\":[{\"think\":\"0s\"}]},"
            "{\"get\":\"http://h/end\"}],\"scenarios\":{\"s\":{"
            "\"executor\":\"constant-vus\",\"duration\":\"1h\"}}}");

    (void)state;
    world_vus(w, 1);
    for (int i = 0; i < 20; i++) {
        world_turn(w);
        assert_int_equal(w->fake.started, 0);
    }
    for (int i = 0; i < 200; i++) {
        world_turn(w);
    }
    assert_int_equal(w->fake.started, 1);
    service_end(&s, &w);
}

/* Ten iterations a second, one VU that logs in first. */
static const char plan_arrive[] =
    "{\"vu_setup\":[{\"post\":\"http://h/login/${vu}\",\"name\":\"Login\","
    "\"extract\":{\"token\":{\"json\":\"/t\"}}}],"
    "\"flow\":[{\"get\":\"http://h/${iter}/${token}\",\"name\":\"Get\"}],"
    "\"scenarios\":{\"s\":{\"executor\":\"constant-arrival-rate\",\"rate\":10,"
    "\"duration\":\"1h\",\"preAllocatedVUs\":1}}}";

static void what_is_due_waits_for_the_setup_of_its_vu(void **state)
{
    struct service s;
    struct world *w = service_world(&s, plan_arrive);
    struct delta *d;

    (void)state;
    s.slow_us = 250 * MS;
    world_follow(w, 0);
    world_pass(w, 240 * MS);
    /* A VU that logs in is at work, and in no iteration. */
    assert_int_equal(world_state(w).active, 1);
    assert_int_equal(world_state(w).iterations_begun, 0);
    world_pass(w, 240 * MS);
    assert_string_equal(buf_str(&s.log),
                        "/login/1;/0/token1;/1/token1;/2/token1;");
    d = world_take(w);
    /* Due at 0, and at 100 and 200 ms, when the only VU was busy. */
    assert_int_equal(world_state(w).iterations_begun, 3);
    assert_int_equal(d->iterations, 3);
    assert_int_equal(d->dropped, 2);
    for (size_t i = 0; i < d->n_series; i++) {
        const struct delta_series *x = &d->series[i];
        bool login = strcmp(w->plan->requests[x->request]->name, "Login") == 0;

        /* The log-in has no due time; the first iteration's counts all of the
         * wait. */
        assert_int_equal(x->phase[PHASE_INTENDED].count, login ? 0 : 3);
        if (!login) {
            assert_int_equal(x->phase[PHASE_INTENDED].max, 251 * MS);
        }
    }
    delta_free(&d);
    service_end(&s, &w);
}

static void no_iteration_of_a_rate_begins_while_no_setup_passes(void **state)
{
    struct service s;
    struct world *w = service_world(&s, plan_arrive);
    struct delta *d;

    (void)state;
    s.down_until = 1000;
    world_follow(w, 0);
    world_pass(w, 2550 * MS);
    assert_int_equal(s.logins, 3); /* once a second, beside 1 ms each */
    world_phase(w, LOAD_DRAIN);
    world_pass(w, 10 * S);
    d = world_take(w);
    assert_int_equal(world_state(w).iterations_begun, 0);
    assert_int_equal(d->iterations + d->interrupted, 0);
    /* The one that waited for the setup, too. */
    assert_int_equal(d->dropped, 26);
    assert_int_equal(s.logins, 3);
    assert_int_equal(w->fake.open_ports, 0);
    delta_free(&d);
    service_end(&s, &w);
}

static void setup_that_passes_late_begins_what_waited(void **state)
{
    struct service s;
    struct world *w = service_world(&s, plan_arrive);
    struct delta *d;

    (void)state;
    s.down_until = 1;
    world_follow(w, 0);
    world_pass(w, 1050 * MS);
    d = world_take(w);
    assert_string_equal(buf_str(&s.log), "/login/1;/login/1;/0/token1;");
    assert_int_equal(d->iterations, 1);
    assert_int_equal(d->dropped, 10); /* due at 100 ms … 1 s */
    delta_free(&d);
    service_end(&s, &w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_comes_once_before_the_first_iteration),
        cmocka_unit_test(what_setup_extracted_is_there_too),
        cmocka_unit_test(a_failure_is_tried_again_after_a_second),
        cmocka_unit_test(a_vu_that_is_switched_on_again_keeps_its_values),
        cmocka_unit_test(one_that_drains_meanwhile_begins_no_iteration),
        cmocka_unit_test(one_that_waits_for_another_try_ends_at_once),
        cmocka_unit_test(a_hard_stop_cuts_it_off),
        cmocka_unit_test(no_try_begins_while_the_run_is_paused),
        cmocka_unit_test(a_check_that_fails_fails_it),
        cmocka_unit_test(what_is_due_waits_for_the_setup_of_its_vu),
        cmocka_unit_test(no_iteration_of_a_rate_begins_while_no_setup_passes),
        cmocka_unit_test(setup_that_passes_late_begins_what_waited),
        cmocka_unit_test(a_repeat_of_nothing_gives_the_loop_its_turn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
