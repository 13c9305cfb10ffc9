/* SPDX-License-Identifier: MIT
 *
 * test_ramp - VUs follow the planned curve: on the way up and on the level the
 * actual ones are, at every tick, within max(1, the plan's change in a tenth of
 * a second) of the planned; on the way down none beyond the planned begins
 * another iteration. Counted over the built-in scenarios on a virtual clock. */
#include "config.h"

#include "load/squad.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/rng.h"
#include "support/squad_world.h"

#define MS   US_PER_MS
#define S    US_PER_SEC
#define TICK (100 * MS)

/* Each request tells its VU and its iteration, and is checked against the
 * curve at the moment its iteration begins. */
struct watch {
    struct world *w;
    uint64_t origin;
    uint64_t held_us; /* 0 = the stage clock runs */
    struct rng rng;
    uint64_t begun; /* iterations seen to begin */
};

static uint64_t watch_clock(const struct watch *h)
{
    return h->held_us > 0 ? h->held_us : h->w->clk.now - h->origin;
}

/* The first request of an iteration ends in its VU's number. */
static void watch_answer(void *ctx, const struct fake_call *call,
                         struct fake_reply *reply)
{
    struct watch *h = ctx;
    const char *vu = strrchr(call->call->url, '=');
    uint32_t planned = curve_at(&h->w->curve, watch_clock(h));
    uint64_t n;

    if (vu != NULL) {
        assert_true(num_u64(vu + 1, 1, 1000000, &n));
        if (n > planned) {
            fail_msg("VU %u began at %u ms, planned are %u", (unsigned)n,
                     (unsigned)(watch_clock(h) / MS), planned);
        }
        h->begun++;
    }
    reply->after_us = rng_range(&h->rng, 1 * MS, 300 * MS);
}

/* A scenario of the built-in plan with a flow whose first request names its
 * VU: two requests, a pause between them. */
static char *plan_of(const char *scenario)
{
    size_t n;
    const char *text = plan_builtin("vi", &n);
    cJSON *root = cJSON_ParseWithLength(text, n);
    cJSON *scenarios = cJSON_GetObjectItemCaseSensitive(root, "scenarios");
    cJSON *one = cJSON_DetachItemFromObjectCaseSensitive(scenarios, scenario);
    cJSON *plan = cJSON_Parse(
        "{\"name\":\"t\",\"flow\":[{\"get\":\"http://h/a?vu=${vu}\",\"name\":"
        "\"A\"},{\"think\":{\"min\":\"10ms\",\"max\":\"400ms\"}},{\"get\":"
        "\"http://h/b\",\"name\":\"B\"},{\"think\":\"50ms\"}],"
        "\"scenarios\":{}}");
    char *out;

    assert_non_null(one);
    cJSON_AddItemToObject(cJSON_GetObjectItemCaseSensitive(plan, "scenarios"),
                          scenario, one);
    out = cJSON_PrintUnformatted(plan);
    cJSON_Delete(plan);
    cJSON_Delete(root);
    return out;
}

/* Highest and lowest plan within a tenth of a second up to now. */
static uint32_t plan_change(const struct curve *c, uint64_t t)
{
    uint64_t from = t > TICK ? t - TICK : 0;
    uint32_t lo = curve_at(c, from), hi = lo;

    for (uint64_t at = from; at < t;) {
        uint32_t v;

        at = curve_next_change(c, at);
        if (at > t) {
            break;
        }
        v = curve_at(c, at);
        lo = v < lo ? v : lo;
        hi = v > hi ? v : hi;
    }
    return hi - lo;
}

static void tick_check(const struct world *w, uint64_t t)
{
    uint32_t planned = curve_at(&w->curve, t);
    uint32_t active = world_active(w);
    uint32_t change = plan_change(&w->curve, t);
    uint32_t allowed = change > 1 ? change : 1;
    uint32_t off = active > planned ? active - planned : planned - active;

    if (off > allowed) {
        fail_msg("at %u ms %u VUs, planned %u, allowed %u off",
                 (unsigned)(t / MS), active, planned, allowed);
    }
}

/* Runs the whole scenario, ticks every tenth of a second. lag_us: how late the
 * loop fires its timers at worst. */
static void follow(const char *scenario, unsigned squads, double scale,
                   uint64_t lag_us)
{
    char *plan = plan_of(scenario);
    struct world *w = world_new(plan, squads, scale);
    struct watch h = {.w = w};
    uint64_t end = w->curve.length_us;

    cJSON_free(plan);
    rng_seed(&h.rng, 7, squads);
    w->fake.answer = watch_answer;
    w->fake.ctx = &h;
    h.origin = w->clk.now;
    world_follow(w, 0);
    for (uint64_t t = 0; t <= end; t += TICK) {
        if (lag_us == 0) {
            world_until(w, h.origin + t);
        } else {
            /* A slow loop: time passes in leaps, timers fire late. */
            while (w->clk.now < h.origin + t) {
                uint64_t leap = rng_range(&h.rng, 1, lag_us);
                uint64_t left = h.origin + t - w->clk.now;

                w->clk.now += leap < left ? leap : left;
                world_turn(w);
            }
        }
        tick_check(w, t);
    }
    assert_true(h.begun > 0);
    w->desired.graceful_us = 30 * S;
    world_phase(w, LOAD_DRAIN);
    world_pass(w, 30 * S);
    assert_int_equal(world_state(w).draining, 0);
    assert_int_equal(world_state(w).in_flight, 0);
    assert_int_equal(w->fake.cancelled, 0);
    world_free(&w);
}

static const char *const scenarios[] = {"smoke", "load", "stress", "spike",
                                        "soak"};

static void every_scenario_follows_its_curve(void **state)
{
    static const double scales[] = {1, 0.1, 0.013};

    (void)state;
    for (size_t s = 0; s < 5; s++) {
        for (size_t x = 0; x < 3; x++) {
            for (unsigned n = 1; n <= 3; n++) {
                /* The long ones at full length once. */
                if (x == 0 && n != 1 + s % 3) {
                    continue;
                }
                follow(scenarios[s], n, scales[x], 0);
            }
        }
    }
}

static void a_late_loop_lets_no_vu_too_many_begin(void **state)
{
    (void)state;
    for (size_t s = 0; s < 5; s++) {
        follow(scenarios[s], 2, 0.05, 40 * MS);
    }
}

static void the_stage_clock_may_jump_and_be_held(void **state)
{
    char *plan = plan_of("spike");
    struct world *w = world_new(plan, 2, 1);
    struct watch h = {.w = w};

    (void)state;
    cJSON_free(plan);
    rng_seed(&h.rng, 7, 1);
    w->fake.answer = watch_answer;
    w->fake.ctx = &h;
    h.origin = w->clk.now;
    world_follow(w, 0);
    world_pass(w, 15 * S);
    assert_int_equal(world_active(w), 5);
    /* Forward, into the level of 100. */
    h.origin = w->clk.now - 45 * S;
    world_follow(w, 45 * S);
    assert_int_equal(world_active(w), 100);
    /* Held: the load stays. */
    w->desired.held = true;
    w->desired.held_us = 35 * S;
    h.held_us = 35 * S;
    world_post(w);
    assert_int_equal(world_active(w), curve_at(&w->curve, 35 * S));
    for (int i = 0; i < 100; i++) {
        world_pass(w, TICK);
        assert_int_equal(world_active(w), curve_at(&w->curve, 35 * S));
    }
    /* Beyond the end, where the clock began before the machine did; and back
     * to the start. */
    h.held_us = 0;
    h.origin = w->clk.now - 2000 * S;
    world_follow(w, 2000 * S);
    assert_int_equal(world_active(w), 0);
    h.origin = w->clk.now;
    world_follow(w, 0);
    world_pass(w, 30 * S - 1);
    tick_check(w, 30 * S - 1);
    assert_true(world_active(w) >= 9);
    world_free(&w);
}

static void a_curve_that_jumps_a_thousand_up_is_followed_at_once(void **state)
{
    struct world *w = world_new(
        "{\"name\":\"t\",\"flow\":[{\"get\":\"http://h/a?vu=${vu}\"},"
        "{\"think\":\"1s\"}],\"scenarios\":{\"s\":{\"executor\":"
        "\"ramping-vus\",\"startVUs\":0,\"stages\":[{\"duration\":\"5s\","
        "\"target\":0},{\"duration\":\"0s\",\"target\":1000},{\"duration\":"
        "\"5s\",\"target\":1000},{\"duration\":\"0s\",\"target\":3},"
        "{\"duration\":\"5s\",\"target\":3}]}}}",
        3, 1);
    unsigned started;

    (void)state;
    world_follow(w, 0);
    world_pass(w, 5 * S - 1);
    assert_int_equal(w->fake.started, 0);
    world_pass(w, 1);
    assert_int_equal(w->fake.started, 1000);
    assert_int_equal(world_active(w), 1000);
    world_pass(w, 5 * S);
    assert_int_equal(world_active(w), 3);
    started = w->fake.started;
    world_pass(w, 4 * S);
    assert_true(w->fake.started - started <= 3 * 4);
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scenario_follows_its_curve),
        cmocka_unit_test(a_late_loop_lets_no_vu_too_many_begin),
        cmocka_unit_test(the_stage_clock_may_jump_and_be_held),
        cmocka_unit_test(a_curve_that_jumps_a_thousand_up_is_followed_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
