/* SPDX-License-Identifier: MIT
 *
 * test_squad_storm - whatever is commanded in whatever order, the counts add up
 * and nothing is left over: random orders from a fixed seed, on a virtual
 * clock. */
#include "config.h"

#include "load/squad.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "support/squad_world.h"

#define MS US_PER_MS
#define S  US_PER_SEC

static const char plan_storm[] =
    "{\"name\":\"t\",\"http\":{\"reuse\":\"iteration\"},"
    "\"flow\":[{\"get\":\"http://h/a/${vu}\",\"timeout\":\"1s\",\"redirects\":2"
    ",\"extract\":{\"x\":{\"json\":\"/x\"}}},"
    "{\"every\":3,\"do\":[{\"get\":\"http://h/${x}\",\"name\":\"X\"},"
    "{\"think\":{\"min\":\"0s\",\"max\":\"200ms\"}}]},"
    "{\"post\":\"http://h/s\",\"timeout\":\"2s\",\"sse\":{\"until\":\"done\","
    "\"error\":\"error\"}},{\"think\":\"20ms\"}],"
    "\"scenarios\":{\"s\":{\"executor\":\"ramping-vus\",\"startVUs\":5,"
    "\"stages\":[{\"duration\":\"10s\",\"target\":40},{\"duration\":\"0s\","
    "\"target\":3},{\"duration\":\"10s\",\"target\":30},{\"duration\":\"5s\","
    "\"target\":0}],\"gracefulRampDown\":\"700ms\"}}}";

static void storm_answer(void *ctx, const struct fake_call *call,
                         struct fake_reply *reply)
{
    static const struct fake_reply replies[] = {
        {.status = 200, .body = "{\"x\":\"1\"}"},
        {.status = 200, .body = "{}"},
        {.status = 302, .head = "Location: /r\r\n"},
        {.status = 429, .retries = 1},
        {.failure = FAILURE_REFUSED},
        {.status = 200, .body = "event: done\ndata: 1\n\n"},
        {.status = 200, .body = "event: done\ndata: 1\n\n", .end_us = 9 * S},
        {.status = 200,
         .body = "event: error\ndata: 1\n\n",
         .piece = 3,
         .gap_us = 10 * MS},
        {.status = 200, .body = "x", .end_us = 60 * S},
    };
    struct rng *r = ctx;

    (void)call;
    *reply = replies[rng_range(r, 0, sizeof replies / sizeof replies[0] - 1)];
    reply->after_us = rng_range(r, 0, 3) == 0 ? 0 : rng_range(r, 0, 300 * MS);
}

/* What has been measured so far. */
struct tally {
    uint64_t requests, iterations, interrupted, interrupted_requests;
};

static void tally_add(struct tally *t, struct world *w)
{
    struct delta *d = world_take(w);

    t->requests += delta_requests(d, -1, -1);
    t->requests -= delta_failures(d, FAILURE_UNRESOLVED);
    t->iterations += d->iterations;
    t->interrupted += d->interrupted;
    t->interrupted_requests += d->interrupted_requests;
    delta_free(&d);
}

static uint32_t storm_wanted(const struct world *w)
{
    const struct desired *d = &w->desired;
    uint32_t n = d->level;

    if (d->phase != LOAD_RUN) {
        return 0;
    }
    if (d->follow) {
        n = curve_at(&w->curve, d->held ? d->held_us : w->clk.now - d->origin);
    }
    return n < d->max_vus ? n : d->max_vus;
}

static void storm_check(struct world *w, const struct tally *t)
{
    struct squad_state s = world_state(w);

    assert_int_equal(s.in_flight, w->fake.in_flight);
    assert_int_equal(w->fake.started,
                     w->fake.done + w->fake.cancelled + w->fake.in_flight);
    assert_int_equal(t->requests, w->fake.done);
    assert_int_equal(t->interrupted_requests, w->fake.cancelled);
    assert_int_equal(s.active, storm_wanted(w));
    assert_true(s.iterations_begun <=
                t->iterations + t->interrupted + s.active + s.draining);
    assert_true(s.iterations_begun >= t->iterations + t->interrupted);
}

static void storm_command(struct world *w, struct rng *r)
{
    struct desired *d = &w->desired;

    switch (rng_range(r, 0, 9)) {
    case 0:
    case 1:
    case 2:
        d->phase = LOAD_RUN;
        d->follow = false;
        d->level = (uint32_t)rng_range(r, 0, 60);
        break;
    case 3:
        d->phase = LOAD_RUN;
        d->follow = true;
        d->held = rng_range(r, 0, 2) == 0;
        d->held_us = rng_range(r, 0, 30 * S);
        d->origin = w->clk.now - rng_range(r, 0, 30 * S);
        break;
    case 4:
        d->paused = !d->paused;
        break;
    case 5:
        d->max_vus = (uint32_t)rng_range(r, 0, 80);
        break;
    case 6:
        d->graceful_us = rng_range(r, 0, 2 * S);
        break;
    case 7:
        d->phase = LOAD_DRAIN;
        break;
    case 8:
        d->phase = rng_range(r, 0, 1) == 0 ? LOAD_CUT : LOAD_WAIT;
        break;
    default:
        d->phase = LOAD_RUN;
        break;
    }
    world_post(w);
}

static void storm(uint64_t seed, unsigned squads)
{
    struct world *w = world_new(plan_storm, squads, 1);
    struct tally t = {0, 0, 0, 0};
    struct rng r;

    rng_seed(&r, seed, squads);
    w->fake.answer = storm_answer;
    w->fake.ctx = &r;
    for (int i = 0; i < 300; i++) {
        storm_command(w, &r);
        tally_add(&t, w);
        storm_check(w, &t);
        world_pass(w, rng_range(&r, 0, 3) == 0 ? 0 : rng_range(&r, 1, S));
        tally_add(&t, w);
        storm_check(w, &t);
    }
    w->desired.graceful_us = 100 * S;
    world_phase(w, LOAD_DRAIN);
    world_pass(w, 100 * S);
    tally_add(&t, w);
    storm_check(w, &t);
    assert_int_equal(world_state(w).draining, 0);
    assert_int_equal(world_state(w).iterations_begun,
                     t.iterations + t.interrupted);
    assert_int_equal(w->fake.open_ports, 0);
    assert_true(t.iterations > 100 && t.interrupted > 10);
    assert_true(w->fake.finished > 0);
    world_free(&w);
}

static void whatever_is_commanded_the_counts_add_up(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        storm(seed, 1 + (unsigned)(seed % 3));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_commanded_the_counts_add_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
