/* SPDX-License-Identifier: MIT
 *
 * test_squad - VUs start, drain, pause and end as desired, on a virtual
 * clock. */
#include "config.h"

#include "load/squad.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/xalloc.h"
#include "support/squad_world.h"

#define MS US_PER_MS
#define S  US_PER_SEC

/* One request of 1 ms, then 99 ms of thinking: ten iterations a second. */
static const char plan_simple[] =
    "{\"name\":\"t\",\"flow\":["
    "{\"get\":\"http://h/a\",\"name\":\"A\",\"checks\":{\"ok\":{\"status\":200}"
    "}},{\"think\":\"99ms\"}],"
    "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":3,"
    "\"duration\":\"10s\"}}}";

static void vus_run_their_flow_again_and_again(void **state)
{
    struct world *w = world_new(plan_simple, 1, 1);
    struct delta *d;

    (void)state;
    world_vus(w, 3);
    assert_int_equal(world_active(w), 3);
    assert_int_equal(w->fake.started, 3);
    world_pass(w, S - 1);
    d = world_take(w);
    assert_int_equal(delta_requests(d, 0, 200), 30);
    assert_int_equal(delta_check_passes(d, 0), 30);
    assert_int_equal(d->iterations, 27);
    assert_int_equal(d->scenarios[0].duration.min, 100 * MS);
    assert_int_equal(d->scenarios[0].duration.max, 100 * MS);
    delta_free(&d);
    world_free(&w);
}

static void rest_and_the_last_end_are_known(void **state)
{
    struct world *w = world_new(plan_simple, 1, 1);

    (void)state;
    assert_true(squad_at_rest(w->squads[0]));
    assert_int_equal(world_state(w).ended, 0);
    world_vus(w, 2);
    assert_false(squad_at_rest(w->squads[0]));
    world_pass(w, 250 * MS);
    assert_int_equal(squad_state(w->squads[0]).ended, WORLD_START + 200 * MS);
    world_phase(w, LOAD_DRAIN);
    world_pass(w, 50 * MS - 1);
    assert_false(squad_at_rest(w->squads[0]));
    world_pass(w, S);
    assert_true(squad_at_rest(w->squads[0]));
    assert_int_equal(squad_state(w->squads[0]).ended, WORLD_START + 300 * MS);
    /* Nobody looked while they were at work. */
    assert_int_equal(squad_state(w->squads[0]).active, 0);
    assert_int_equal(squad_state(w->squads[0]).most, 2);
    world_free(&w);
}

static void number_of_vus_that_nobody_looked_at_begins_none(void **state)
{
    struct world *w = world_new(plan_simple, 1, 1);

    (void)state;
    world_vus(w, 1);
    w->asleep = true;
    world_vus(w, 50);
    world_vus(w, 2);
    world_look(w);
    assert_int_equal(world_active(w), 2);
    assert_int_equal(world_state(w).draining, 0);
    assert_int_equal(w->fake.started, 2);
    world_pass(w, S);
    world_free(&w);
}

static void no_vu_runs_before_the_start(void **state)
{
    struct world *w = world_new(plan_simple, 1, 1);

    (void)state;
    w->desired.level = 5;
    world_phase(w, LOAD_WAIT);
    world_pass(w, S);
    assert_int_equal(w->fake.opened, 0);
    world_free(&w);
}

/* Numbers of the VUs that call, in order: the plan's URL ends in it. */
struct seen {
    unsigned calls[64]; /* by VU number */
    char *urls[256];    /* owned */
    size_t n;
};

static void seen_answer(void *ctx, const struct fake_call *call,
                        struct fake_reply *reply)
{
    struct seen *s = ctx;
    const char *slash = strrchr(call->call->url, '/');
    uint64_t vu;

    (void)reply;
    if (num_u64(slash + 1, 0, 63, &vu)) {
        s->calls[vu]++;
    }
    if (s->n < 256) {
        s->urls[s->n++] = xstrdup(call->call->url);
    }
}

static void seen_clear(struct seen *s)
{
    for (size_t i = 0; i < s->n; i++) {
        free(s->urls[i]);
    }
    memset(s, 0, sizeof *s);
}

static const char plan_numbered[] =
    "{\"name\":\"t\",\"flow\":["
    "{\"get\":\"http://h/${iter}/${vu.uuid}/${random(1,1000000)}/${vu}\","
    "\"name\":\"A\"},{\"think\":\"99ms\"}],"
    "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":3,"
    "\"duration\":\"10s\",\"gracefulStop\":\"30s\"}}}";

static void vu_n_lives_on_worker_n_minus_one_modulo_workers(void **state)
{
    struct world *w = world_new(plan_simple, 3, 1);

    (void)state;
    world_vus(w, 7);
    assert_int_equal(squad_state(w->squads[0]).active, 3);
    assert_int_equal(squad_state(w->squads[1]).active, 2);
    assert_int_equal(squad_state(w->squads[2]).active, 2);
    world_vus(w, 1);
    assert_int_equal(squad_state(w->squads[0]).active, 1);
    assert_int_equal(squad_state(w->squads[1]).active, 0);
    assert_int_equal(squad_state(w->squads[2]).active, 0);
    world_free(&w);
}

static void numbers_are_unique_over_all_squads(void **state)
{
    struct world *w = world_new(plan_numbered, 3, 1);
    struct seen s = {.n = 0};

    (void)state;
    w->fake.answer = seen_answer;
    w->fake.ctx = &s;
    world_vus(w, 10);
    for (unsigned n = 0; n < 64; n++) {
        assert_int_equal(s.calls[n], n >= 1 && n <= 10 ? 1 : 0);
    }
    seen_clear(&s);
    world_free(&w);
}

static void the_highest_stop_after_their_iteration(void **state)
{
    struct world *w = world_new(plan_numbered, 2, 1);
    struct seen s = {.n = 0};
    struct delta *d;

    (void)state;
    w->fake.answer = seen_answer;
    w->fake.ctx = &s;
    world_vus(w, 6);
    world_pass(w, 50 * MS);
    seen_clear(&s);
    world_vus(w, 2);
    assert_int_equal(world_active(w), 2);
    assert_int_equal(world_state(w).draining, 4);
    world_pass(w, 49 * MS);
    assert_int_equal(world_state(w).draining, 4);
    world_pass(w, S);
    assert_int_equal(world_state(w).draining, 0);
    assert_int_equal(w->fake.open_ports, 2);
    for (unsigned n = 0; n < 64; n++) {
        assert_int_equal(s.calls[n] > 0, n == 1 || n == 2);
    }
    d = world_take(w);
    assert_int_equal(d->interrupted, 0);
    delta_free(&d);
    seen_clear(&s);
    world_free(&w);
}

static void draining_ones_go_on_when_they_are_wanted_again(void **state)
{
    struct world *w = world_new(plan_numbered, 1, 1);
    struct seen s = {.n = 0};

    (void)state;
    w->fake.answer = seen_answer;
    w->fake.ctx = &s;
    world_vus(w, 4);
    world_pass(w, 50 * MS);
    world_vus(w, 1);
    world_pass(w, 20 * MS);
    world_vus(w, 3);
    assert_int_equal(world_active(w), 3);
    assert_int_equal(world_state(w).draining, 1);
    world_pass(w, S);
    assert_int_equal(w->fake.opened, 4);
    assert_true(s.calls[3] > 5);
    assert_int_equal(s.calls[4], 1);
    seen_clear(&s);
    world_free(&w);
}

/* VU 4 takes ten seconds, the others 1 ms. */
static void fourth_is_slow(void *ctx, const struct fake_call *call,
                           struct fake_reply *reply)
{
    seen_answer(ctx, call, reply);
    if (strcmp(strrchr(call->call->url, '/'), "/4") == 0) {
        reply->after_us = 10 * S;
    }
}

static void draining_ones_go_on_first_whatever_their_place(void **state)
{
    struct world *w = world_new(plan_numbered, 1, 1);
    struct seen s = {.n = 0};

    (void)state;
    w->fake.answer = fourth_is_slow;
    w->fake.ctx = &s;
    world_vus(w, 4);
    world_pass(w, 50 * MS);
    world_vus(w, 1);
    world_pass(w, S);
    assert_int_equal(world_state(w).draining, 1); /* VU 4 */
    assert_int_equal(w->fake.open_ports, 2);
    seen_clear(&s);
    world_vus(w, 2);
    assert_int_equal(world_active(w), 2);
    assert_int_equal(world_state(w).draining, 0);
    world_pass(w, S);
    assert_int_equal(s.calls[2] + s.calls[3], 0);
    assert_int_equal(w->fake.open_ports, 2);
    /* None drains: now the lowest free number starts. */
    world_vus(w, 3);
    world_pass(w, S);
    assert_true(s.calls[2] > 5);
    assert_int_equal(s.calls[3], 0);
    assert_int_equal(world_active(w), 3);
    /* The highest stops, though it went on last. */
    world_vus(w, 2);
    assert_int_equal(world_state(w).draining, 1);
    seen_clear(&s);
    world_pass(w, 20 * S);
    assert_true(s.calls[1] > 100 && s.calls[2] > 100);
    assert_int_equal(s.calls[3] + s.calls[4], 0);
    assert_int_equal(w->fake.open_ports, 2);
    seen_clear(&s);
    world_free(&w);
}

static void a_number_that_starts_again_goes_on_where_it_was(void **state)
{
    struct world *w = world_new(plan_numbered, 1, 1);
    struct seen s = {.n = 0};
    char first[256], again[256];

    (void)state;
    w->fake.answer = seen_answer;
    w->fake.ctx = &s;
    world_vus(w, 1);
    world_pass(w, 250 * MS);
    world_vus(w, 0);
    world_pass(w, S);
    assert_int_equal(w->fake.open_ports, 0);
    assert_int_equal(s.n, 3);
    (void)snprintf(first, sizeof first, "%s", s.urls[2]);
    world_vus(w, 1);
    world_pass(w, 50 * MS);
    assert_int_equal(s.n, 4);
    (void)snprintf(again, sizeof again, "%s", s.urls[3]);
    /* http://h/ITER/UUID/RANDOM/VU: the fourth iteration, the same UUID, the
     * next random number. */
    assert_memory_equal(first, "http://h/2/", 11);
    assert_memory_equal(again, "http://h/3/", 11);
    assert_memory_equal(first + 11, again + 11, 36);
    assert_string_not_equal(first + 11, again + 11);
    seen_clear(&s);
    world_free(&w);
}

static void the_same_seed_makes_the_same_choices(void **state)
{
    struct world *one = world_new(plan_numbered, 1, 1);
    struct world *three = world_new(plan_numbered, 3, 1);
    struct seen a = {.n = 0}, b = {.n = 0};

    (void)state;
    one->fake.answer = three->fake.answer = seen_answer;
    one->fake.ctx = &a;
    three->fake.ctx = &b;
    world_vus(one, 6);
    world_vus(three, 6);
    assert_int_equal(a.n, 6);
    assert_int_equal(b.n, 6);
    for (size_t i = 0; i < 6; i++) {
        bool found = false;

        for (size_t k = 0; k < 6; k++) {
            found = found || strcmp(a.urls[i], b.urls[k]) == 0;
        }
        assert_true(found);
    }
    seen_clear(&a);
    seen_clear(&b);
    world_free(&one);
    world_free(&three);
}

/* A request that takes ten seconds. */
static void slow_answer(void *ctx, const struct fake_call *call,
                        struct fake_reply *reply)
{
    (void)ctx;
    (void)call;
    reply->after_us = 10 * S;
}

static void what_drains_too_long_is_cut_and_counted_apart(void **state)
{
    struct world *w = world_new(plan_simple, 1, 1);
    struct delta *d;

    (void)state;
    w->fake.answer = slow_answer;
    w->desired.graceful_us = 2 * S;
    world_vus(w, 3);
    world_pass(w, S);
    world_vus(w, 1);
    world_pass(w, 2 * S - 1);
    assert_int_equal(world_state(w).draining, 2);
    world_pass(w, 1);
    assert_int_equal(world_state(w).draining, 0);
    assert_int_equal(world_state(w).in_flight, 1);
    assert_int_equal(w->fake.cancelled, 2);
    d = world_take(w);
    assert_int_equal(d->interrupted, 2);
    assert_int_equal(d->interrupted_requests, 2);
    assert_int_equal(delta_requests(d, -1, -1), 0);
    assert_int_equal(d->iterations, 0);
    delta_free(&d);
    world_free(&w);
}

static void a_vu_cut_while_it_thinks_interrupts_no_request(void **state)
{
    struct world *w = world_new(plan_simple, 1, 1);
    struct delta *d;

    (void)state;
    w->desired.graceful_us = 10 * MS;
    world_vus(w, 1);
    world_pass(w, 50 * MS);
    world_vus(w, 0);
    world_pass(w, 10 * MS);
    d = world_take(w);
    assert_int_equal(d->interrupted, 1);
    assert_int_equal(d->interrupted_requests, 0);
    delta_free(&d);
    world_free(&w);
}

static void draining_lets_all_iterations_end(void **state)
{
    struct world *w = world_new(plan_simple, 2, 1);
    struct delta *d;

    (void)state;
    world_vus(w, 5);
    world_pass(w, 250 * MS);
    w->desired.graceful_us = 30 * S;
    world_phase(w, LOAD_DRAIN);
    assert_int_equal(world_active(w), 0);
    assert_int_equal(world_state(w).draining, 5);
    world_pass(w, S);
    assert_int_equal(world_state(w).draining, 0);
    assert_int_equal(w->fake.open_ports, 0);
    d = world_take(w);
    assert_int_equal(d->iterations, 15);
    assert_int_equal(d->interrupted, 0);
    assert_int_equal(w->fake.started, 15);
    assert_int_equal(delta_requests(d, -1, 200), 15);
    delta_free(&d);
    world_free(&w);
}

static void draining_never_takes_longer_than_it_may(void **state)
{
    struct world *w = world_new(plan_simple, 1, 1);

    (void)state;
    w->fake.answer = slow_answer;
    w->desired.graceful_us = 8 * S;
    world_vus(w, 2);
    world_vus(w, 1); /* VU 2 has until 8 s */
    world_pass(w, S);
    w->desired.graceful_us = 3 * S;
    world_phase(w, LOAD_DRAIN); /* both have until 4 s */
    world_pass(w, 3 * S);
    assert_int_equal(world_state(w).draining, 0);
    assert_int_equal(w->fake.cancelled, 2);
    world_free(&w);
}

static void the_cut_ends_all_at_once(void **state)
{
    struct world *w = world_new(plan_simple, 2, 1);
    struct delta *d;

    (void)state;
    w->fake.answer = slow_answer;
    world_vus(w, 5);
    world_pass(w, S);
    world_phase(w, LOAD_CUT);
    assert_int_equal(world_active(w), 0);
    assert_int_equal(world_state(w).draining, 0);
    assert_int_equal(world_state(w).in_flight, 0);
    d = world_take(w);
    assert_int_equal(d->interrupted, 5);
    assert_int_equal(d->interrupted_requests, 5);
    delta_free(&d);
    world_pass(w, 20 * S);
    assert_int_equal(w->fake.started, 5);
    world_free(&w);
}

static void paused_vus_stay_and_begin_nothing(void **state)
{
    struct world *w = world_new(plan_simple, 2, 1);
    struct delta *d;

    (void)state;
    world_vus(w, 4);
    world_pass(w, 50 * MS);
    w->desired.paused = true;
    world_post(w);
    world_pass(w, S);
    assert_int_equal(world_active(w), 4);
    assert_int_equal(world_state(w).in_flight, 0);
    d = world_take(w);
    assert_int_equal(d->iterations, 4);
    assert_int_equal(d->interrupted, 0);
    delta_free(&d);
    world_vus(w, 6); /* more while paused: they wait, too */
    assert_int_equal(world_active(w), 6);
    world_vus(w, 3); /* fewer: nothing has to end */
    assert_int_equal(world_active(w), 3);
    assert_int_equal(world_state(w).draining, 0);
    world_pass(w, S);
    assert_int_equal(w->fake.started, 4);
    w->desired.paused = false;
    world_post(w);
    assert_int_equal(w->fake.started, 7);
    assert_int_equal(w->fake.opened, 6);
    world_free(&w);
}

static const char plan_empty[] =
    "{\"name\":\"t\",\"flow\":[{\"every\":1000000,\"do\":["
    "{\"get\":\"http://h/\"}]}],"
    "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":3,"
    "\"duration\":\"10s\"}}}";

static void
an_iteration_that_takes_no_time_gives_the_loop_its_turn(void **state)
{
    struct world *w = world_new(plan_empty, 1, 1);
    uint64_t before;

    (void)state;
    world_vus(w, 2);
    w->clk.now += MS; /* the first iteration has a request; then time stands */
    world_turn(w);
    before = world_state(w).iterations_begun;
    for (int i = 0; i < 10; i++) {
        world_turn(w);
    }
    assert_int_equal(world_state(w).iterations_begun, before + 20);
    world_vus(w, 0);
    world_turn(w);
    world_turn(w);
    assert_int_equal(world_state(w).iterations_begun, before + 20);
    assert_int_equal(world_active(w), 0);
    world_free(&w);
}

static void refuse_answer(void *ctx, const struct fake_call *call,
                          struct fake_reply *reply)
{
    (void)ctx;
    (void)call;
    reply->after_us = 0;
    reply->failure = FAILURE_REFUSED;
}

static const char plan_bare[] =
    "{\"name\":\"t\",\"flow\":[{\"get\":\"http://h/\"}],"
    "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":3,"
    "\"duration\":\"10s\"}}}";

static void requests_that_fail_at_once_do_not_hold_the_loop(void **state)
{
    struct world *w = world_new(plan_bare, 1, 1);

    (void)state;
    w->fake.answer = refuse_answer;
    world_vus(w, 10);
    for (unsigned i = 0; i < 20; i++) {
        world_turn(w);
        /* A turn ends what was under way or begins anew, never both. */
        assert_true(w->fake.started <= 10 * (i / 2 + 2));
    }
    assert_true(w->fake.done >= 50);
    world_free(&w);
}

static void shared_iterations_are_shared_out_and_no_more(void **state)
{
    struct world *w = world_pool(plan_simple, 3, 100);
    struct delta *d;

    (void)state;
    assert_false(world_state(w).exhausted);
    world_vus(w, 7);
    world_pass(w, S);
    assert_false(world_state(w).exhausted);
    world_pass(w, 10 * S);
    assert_true(world_state(w).exhausted);
    assert_int_equal(world_active(w), 0);
    d = world_take(w);
    assert_int_equal(d->iterations, 100);
    assert_int_equal(delta_requests(d, -1, -1), 100);
    delta_free(&d);
    world_vus(w, 20);
    assert_int_equal(world_active(w), 0);
    assert_true(world_state(w).exhausted);
    world_free(&w);
}

static void
the_pool_is_exhausted_only_when_the_last_iteration_ended(void **state)
{
    struct world *w = world_pool(plan_simple, 2, 3);

    (void)state;
    world_vus(w, 3);
    assert_int_equal(iteration_pool_left(w->pool), 0);
    assert_false(world_state(w).exhausted);
    world_pass(w, 99 * MS);
    assert_false(world_state(w).exhausted);
    world_pass(w, 2 * MS);
    assert_true(world_state(w).exhausted);
    world_free(&w);
}

static void never_more_than_max_vus(void **state)
{
    struct world *w = world_new(plan_simple, 2, 1);

    (void)state;
    w->desired.max_vus = 5;
    world_vus(w, 100);
    assert_int_equal(world_active(w), 5);
    w->desired.max_vus = 2;
    world_post(w);
    assert_int_equal(world_active(w), 2);
    world_free(&w);
}

static void a_thousand_vus_begin_in_the_very_call_that_wants_them(void **state)
{
    struct world *w = world_new(plan_simple, 2, 1);

    (void)state;
    world_vus(w, 10);
    world_pass(w, 550 * MS);
    assert_int_equal(w->fake.in_flight, 0);
    world_vus(w, 1010);
    assert_int_equal(w->fake.in_flight, 1000);
    assert_int_equal(world_active(w), 1010);
    world_pass(w, 50 * MS);
    world_free(&w);
}

static void a_thousand_surplus_vus_begin_no_other_iteration(void **state)
{
    struct world *w = world_new(plan_simple, 2, 1);
    unsigned started;

    (void)state;
    world_vus(w, 1010);
    world_pass(w, 550 * MS);
    started = w->fake.started;
    world_vus(w, 10);
    assert_int_equal(world_active(w), 10);
    world_pass(w, S);
    assert_int_equal(w->fake.started - started, 10 * 10);
    assert_int_equal(w->fake.open_ports, 10);
    world_free(&w);
}

static void ten_thousand_vus_begin_in_slices_of_the_loop(void **state)
{
    struct world *w = world_new(plan_simple, 1, 1);

    (void)state;
    world_vus(w, 10000);
    assert_int_equal(w->fake.started, 1000);
    for (int i = 0; i < 9; i++) {
        world_turn(w);
    }
    assert_int_equal(w->fake.started, 10000);
    assert_int_equal(world_active(w), 10000);
    world_vus(w, 0);
    assert_int_equal(world_active(w), 0);
    world_pass(w, S);
    assert_int_equal(w->fake.open_ports, 0);
    world_free(&w);
}

static void freeing_a_squad_cuts_what_runs(void **state)
{
    struct world *w = world_new(plan_simple, 2, 1);

    (void)state;
    w->fake.answer = slow_answer;
    world_vus(w, 5);
    world_pass(w, S);
    world_free(&w); /* asserts that nothing is left open or armed */
    assert_null(w);
}

static const char plan_each[] =
    "{\"flow\":[{\"get\":\"http://h/${vu}\",\"name\":\"A\"},{\"think\":"
    "\"99ms\"}],\"scenarios\":{\"s\":{\"executor\":\"per-vu-iterations\","
    "\"vus\":5,\"iterations\":3,\"maxDuration\":\"10s\"}}}";

static void each_vu_does_its_iterations_and_is_off(void **state)
{
    (void)state;
    for (unsigned squads = 1; squads <= 4; squads++) {
        struct world *w = world_new(plan_each, squads, 1);
        struct seen s = {.n = 0};

        w->fake.answer = seen_answer;
        w->fake.ctx = &s;
        world_follow(w, 0);
        assert_false(world_state(w).exhausted);
        world_pass(w, 299 * MS);
        assert_false(world_state(w).exhausted);
        world_pass(w, 2 * MS);
        assert_true(world_state(w).exhausted);
        assert_int_equal(world_active(w), 0);
        world_pass(w, 5 * S);
        for (unsigned n = 1; n <= 5; n++) {
            assert_int_equal(s.calls[n], 3);
        }
        assert_int_equal(w->fake.open_ports, 0);
        /* More VUs have iterations of their own; the others none again. */
        world_vus(w, 7);
        assert_false(world_state(w).exhausted);
        world_pass(w, 5 * S);
        assert_true(world_state(w).exhausted);
        assert_int_equal(s.calls[5], 3);
        assert_int_equal(s.calls[6] + s.calls[7], 6);
        seen_clear(&s);
        world_free(&w);
    }
}

static void fewer_vus_leave_their_iterations_undone(void **state)
{
    struct world *w = world_new(plan_each, 2, 1);
    struct seen s = {.n = 0};

    (void)state;
    w->fake.answer = seen_answer;
    w->fake.ctx = &s;
    world_follow(w, 0);
    world_pass(w, 50 * MS);
    world_vus(w, 0);
    world_pass(w, S);
    /* Nobody is left, and yet not all is done. */
    assert_false(world_state(w).exhausted);
    world_vus(w, 2);
    world_pass(w, S);
    assert_true(world_state(w).exhausted);
    assert_int_equal(s.calls[1] + s.calls[2], 6);
    assert_int_equal(s.calls[3] + s.calls[4] + s.calls[5], 3);
    seen_clear(&s);
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rest_and_the_last_end_are_known),
        cmocka_unit_test(number_of_vus_that_nobody_looked_at_begins_none),
        cmocka_unit_test(vus_run_their_flow_again_and_again),
        cmocka_unit_test(no_vu_runs_before_the_start),
        cmocka_unit_test(vu_n_lives_on_worker_n_minus_one_modulo_workers),
        cmocka_unit_test(numbers_are_unique_over_all_squads),
        cmocka_unit_test(the_highest_stop_after_their_iteration),
        cmocka_unit_test(draining_ones_go_on_when_they_are_wanted_again),
        cmocka_unit_test(draining_ones_go_on_first_whatever_their_place),
        cmocka_unit_test(each_vu_does_its_iterations_and_is_off),
        cmocka_unit_test(fewer_vus_leave_their_iterations_undone),
        cmocka_unit_test(a_number_that_starts_again_goes_on_where_it_was),
        cmocka_unit_test(the_same_seed_makes_the_same_choices),
        cmocka_unit_test(what_drains_too_long_is_cut_and_counted_apart),
        cmocka_unit_test(a_vu_cut_while_it_thinks_interrupts_no_request),
        cmocka_unit_test(draining_lets_all_iterations_end),
        cmocka_unit_test(draining_never_takes_longer_than_it_may),
        cmocka_unit_test(the_cut_ends_all_at_once),
        cmocka_unit_test(paused_vus_stay_and_begin_nothing),
        cmocka_unit_test(
            an_iteration_that_takes_no_time_gives_the_loop_its_turn),
        cmocka_unit_test(requests_that_fail_at_once_do_not_hold_the_loop),
        cmocka_unit_test(shared_iterations_are_shared_out_and_no_more),
        cmocka_unit_test(
            the_pool_is_exhausted_only_when_the_last_iteration_ended),
        cmocka_unit_test(never_more_than_max_vus),
        cmocka_unit_test(a_thousand_vus_begin_in_the_very_call_that_wants_them),
        cmocka_unit_test(a_thousand_surplus_vus_begin_no_other_iteration),
        cmocka_unit_test(ten_thousand_vus_begin_in_slices_of_the_loop),
        cmocka_unit_test(freeing_a_squad_cuts_what_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
