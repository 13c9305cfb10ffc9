/* SPDX-License-Identifier: MIT
 *
 * test_worker - a worker's thread from the outside: orders in, reports out, and
 * counts that equal the server's own. */
#include "config.h"

#include "load/worker.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "support/drill.h"
#include "support/raw_server.h"
#include "support/with_curl.h"

#define PLAN(setup, flow)                                                      \
    "{\"name\": \"drill\", " setup "\"flow\": [" flow "], "                    \
    "\"scenarios\": {\"s\": {\"executor\": \"constant-vus\", \"vus\": 1, "     \
    "\"duration\": \"1h\"}}}"
#define GET_OK                                                                 \
    "{\"get\": \"@/ok\", \"checks\": {\"is 200\": {\"status\": 200}}}"
#define THINK ", {\"think\": \"2ms\"}"

struct world {
    struct raw_server *server;
    struct drill d;
};

static int world_setup(void **state)
{
    struct world *w = xcalloc(1, sizeof *w);

    w->server = raw_server_new();
    *state = w;
    return 0;
}

static void world_start(struct world *w, const char *plan)
{
    char base[64];

    drill_start(&w->d, plan, raw_server_url(w->server, "", base, sizeof base));
}

static int world_teardown(void **state)
{
    struct world *w = *state;

    drill_stop(&w->d);
    raw_server_free(&w->server);
    free(w);
    return 0;
}

static void counts_of_a_drained_run_equal_the_servers(void **state)
{
    struct world *w = *state;
    struct drill_totals *t = &w->d.totals;

    world_start(w, PLAN("", GET_OK THINK));
    drill_post(&w->d, LOAD_RUN, 20);
    while (t->requests < 1000) {
        drill_report(&w->d);
    }
    assert_int_equal(w->d.last.revision, 1);
    assert_int_equal(w->d.last.squads[0].active, 20);
    assert_true(w->d.last.connections >= 1 && w->d.last.connections <= 20);
    assert_true(w->d.last.cpu_us > 0);
    drill_drain(&w->d);
    assert_int_equal(w->d.last.squads[0].active + w->d.last.squads[0].in_flight,
                     0);
    assert_int_equal(t->requests, raw_server_requests(w->server));
    assert_int_equal(t->responses, t->requests);
    assert_int_equal(t->passes, t->requests);
    assert_int_equal(t->iterations, t->requests);
    assert_int_equal(t->failed + t->fails + t->interrupted, 0);
    assert_true(raw_server_connections(w->server) <= 20);
}

static void a_cut_counts_what_was_under_way_as_interrupted(void **state)
{
    struct world *w = *state;
    struct drill_totals *t = &w->d.totals;

    world_start(w, PLAN("", "{\"get\": \"@/stall\"}"));
    drill_post(&w->d, LOAD_RUN, 7);
    while (raw_server_requests(w->server) < 7) {
        drill_report(&w->d);
    }
    assert_int_equal(w->d.last.squads[0].in_flight, 7);
    drill_post(&w->d, LOAD_CUT, 0);
    drill_report(&w->d);
    assert_int_equal(w->d.last.squads[0].active + w->d.last.squads[0].draining,
                     0);
    drill_report(&w->d);
    assert_int_equal(t->requests, 0);
    assert_int_equal(t->interrupted, 7);
    assert_int_equal(t->interrupted_requests, 7);
}

static void a_paused_worker_begins_nothing(void **state)
{
    struct world *w = *state;
    uint64_t before;

    world_start(w, PLAN("", GET_OK THINK));
    drill_post(&w->d, LOAD_RUN, 5);
    while (w->d.totals.requests < 50) {
        drill_report(&w->d);
    }
    w->d.desired.paused = true;
    drill_post(&w->d, LOAD_RUN, 5);
    do {
        drill_report(&w->d);
    } while (w->d.totals.iterations < w->d.last.squads[0].iterations_begun);
    before = raw_server_requests(w->server);
    for (int i = 0; i < 20; i++) {
        drill_report(&w->d);
    }
    assert_int_equal(raw_server_requests(w->server), before);
    assert_int_equal(w->d.last.squads[0].active, 5);
    w->d.desired.paused = false;
    drill_post(&w->d, LOAD_RUN, 5);
    while (raw_server_requests(w->server) == before) {
        drill_report(&w->d);
    }
}

static void more_and_fewer_vus_follow_the_orders(void **state)
{
    static const uint32_t counts[] = {1, 40, 3, 60, 0, 33};
    struct world *w = *state;

    world_start(w, PLAN("", GET_OK THINK));
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        drill_post(&w->d, LOAD_RUN, counts[i]);
        do {
            drill_report(&w->d);
        } while (w->d.last.squads[0].draining > 0);
        assert_int_equal(w->d.last.squads[0].active, counts[i]);
        assert_int_equal(w->d.last.revision, i + 1);
    }
    drill_drain(&w->d);
    assert_int_equal(w->d.totals.requests, raw_server_requests(w->server));
}

static void what_setup_extracts_comes_out_and_goes_in_again(void **state)
{
    struct world *w = *state;
    const struct worker_report *r;
    char **vars;

    world_start(
        w,
        PLAN("\"setup\": [{\"get\": \"@/json\", \"extract\": {\"token\": "
             "{\"json\": \"/id\"}}, \"checks\": {\"up\": {\"status\": 200}}}],",
             "{\"get\": \"@/echo?t=${token}\", \"checks\": {\"has it\": "
             "{\"contains\": \"/echo?t=a1b2\"}}}" THINK));
    worker_run_once(w->d.worker, &w->d.plan->setup, 30 * US_PER_SEC);
    do {
        r = drill_report(&w->d);
    } while (r->once == ONCE_RUNNING || r->once == ONCE_NONE);
    assert_int_equal(r->once, ONCE_PASSED);
    vars = worker_take_vars(w->d.worker);
    assert_int_equal(w->d.plan->n_vars, 1);
    assert_string_equal(vars[0], "a1b2");
    worker_set_vars(w->d.worker, (const char *const *)vars);
    free(vars[0]);
    free(vars);
    vars = worker_take_vars(w->d.worker);
    assert_null(vars[0]);
    free(vars);
    drill_post(&w->d, LOAD_RUN, 3);
    while (w->d.totals.iterations < 30) {
        drill_report(&w->d);
    }
    drill_drain(&w->d);
    assert_int_equal(w->d.totals.fails, 0);
    assert_int_equal(w->d.totals.requests, raw_server_requests(w->server));
}

static void a_setup_that_fails_says_why(void **state)
{
    struct world *w = *state;
    const struct worker_report *r;

    world_start(w, PLAN("\"setup\": [{\"get\": \"@/status/503\", \"checks\": "
                        "{\"it is up\": {\"status\": 200}}}],",
                        GET_OK THINK));
    worker_run_once(w->d.worker, &w->d.plan->setup, 30 * US_PER_SEC);
    do {
        r = drill_report(&w->d);
    } while (r->once == ONCE_RUNNING || r->once == ONCE_NONE);
    assert_int_equal(r->once, ONCE_FAILED);
    assert_non_null(strstr(r->once_text, "it is up"));
}

static void asking_again_before_collecting_makes_one_report(void **state)
{
    struct world *w = *state;
    struct worker_report r, second;

    world_start(w, PLAN("", GET_OK THINK));
    for (int i = 0; i < 10; i++) {
        worker_ask(w->d.worker);
    }
    drill_report(&w->d);
    assert_false(worker_collect(w->d.worker, &r));
    worker_ask(w->d.worker);
    while (!worker_collect(w->d.worker, &r)) {
    }
    /* The second shard is still here: no other report can be made. */
    worker_ask(w->d.worker);
    worker_ask(w->d.worker);
    assert_false(worker_collect(w->d.worker, &second));
    worker_return(w->d.worker, r.shard);
    while (!worker_collect(w->d.worker, &second)) {
    }
    worker_return(w->d.worker, second.shard);
}

static void the_loop_knows_its_lag_without_any_vu(void **state)
{
    struct world *w = *state;

    world_start(w, PLAN("", GET_OK THINK));
    while (histo_count(w->d.lag) < 5) {
        drill_report(&w->d);
    }
    assert_int_equal(w->d.totals.requests, 0);
}

static void a_worker_may_stop_in_full_flight(void **state)
{
    struct world *w = *state;

    world_start(w, PLAN("", "{\"get\": \"@/ok\"}, {\"get\": \"@/stall\"}"));
    drill_post(&w->d, LOAD_RUN, 40);
    while (raw_server_requests(w->server) < 80) {
        drill_report(&w->d);
    }
    worker_ask(w->d.worker); /* and never collected */
}

#define WORLD_TEST(f)                                                          \
    cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(counts_of_a_drained_run_equal_the_servers),
        WORLD_TEST(a_cut_counts_what_was_under_way_as_interrupted),
        WORLD_TEST(a_paused_worker_begins_nothing),
        WORLD_TEST(more_and_fewer_vus_follow_the_orders),
        WORLD_TEST(what_setup_extracts_comes_out_and_goes_in_again),
        WORLD_TEST(a_setup_that_fails_says_why),
        WORLD_TEST(asking_again_before_collecting_makes_one_report),
        WORLD_TEST(the_loop_knows_its_lag_without_any_vu),
        WORLD_TEST(a_worker_may_stop_in_full_flight),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, curl_begin, curl_end);
}
