/* SPDX-License-Identifier: MIT
 *
 * How well a run keeps to its plan and obeys its commands in real time, against
 * a target in the same process: VUs beside the curve at every tick of steep
 * ramps, and how soon a thousand more, or fewer, are at work. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "load/limits.h"
#include "plan/curve.h"
#include "support/run_kit.h"
#include "target/target.h"

#define STEP_US UINT64_C(1000000)

static struct run_kit kit;
static struct target *target;

static int set_up(void **state)
{
    struct target_options o;
    struct err e = ERR_INIT;

    (void)state;
    load_raise_descriptors();
    target_options_init(&o);
    o.model.places = 2000;
    o.model.service_ms = 1;
    return target_start(&o, &target, &e) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    run_kit_clear(&kit);
    target_stop(&target);
    return 0;
}

static void begin(const char *scenario)
{
    char text[2048];

    snprintf(text, sizeof text,
             "{ \"name\": \"trial\", \"flow\": [ { \"get\": "
             "\"http://127.0.0.1:%u/v1/health\" }, { \"think\": \"200ms\" } ], "
             "\"scenarios\": { \"s\": { %s } } }",
             target_port(target), scenario);
    run_kit_init(&kit, text);
}

static unsigned ticks, off, unequal;

static void beside_the_curve(void *ctx, const struct tick *t)
{
    const struct curve *c = conductor_info(kit.conductor)->curves;
    uint64_t clock = t->scenarios[0].stage_clock_us;
    int64_t planned = t->planned, difference = (int64_t)t->vus - planned;
    int64_t change;

    (void)ctx;
    if (t->state != RUN_RUNNING || t->seq == 0) {
        return;
    }
    change =
        planned - (int64_t)curve_at(c, clock > TICK_US ? clock - TICK_US : 0);
    change = llabs(change) > 1 ? llabs(change) : 1;
    ticks++;
    unequal += difference != 0;
    if (llabs(difference) > change) {
        off++;
        printf("at %.3f s: plan %u, VUs %u\n", (double)t->t_us / 1e6,
               t->planned, t->vus);
    }
}

static void vus_keep_to_the_curve(void **state)
{
    (void)state;
    begin("\"executor\": \"ramping-vus\", \"startVUs\": 0, \"stages\": ["
          "{ \"duration\": \"3s\", \"target\": 10 },"
          "{ \"duration\": \"1s\", \"target\": 1000 },"
          "{ \"duration\": \"2s\", \"target\": 1000 },"
          "{ \"duration\": \"3s\", \"target\": 10 },"
          "{ \"duration\": \"1s\", \"target\": 0 } ]");
    kit.on_tick = beside_the_curve;
    run_kit_run(&kit);
    printf("%u ticks, up to 990 VUs a second: %u off by more than the plan's "
           "change in 0.1 s, %u by one VU or more\n",
           ticks, off, unequal);
    assert_int_equal(off, 0);
}

static unsigned step;
static uint64_t posted_us, begun_us, ended_us;
static uint64_t requests_before;

static void a_thousand_more_and_fewer(void *ctx, const struct tick *t)
{
    (void)ctx;
    if (step == 0 && t->t_us > STEP_US) {
        requests_before = kit.requests;
        posted_us = t->t_us;
        run_kit_do(&kit, COMMAND_ADD_VUS, 1000, "");
        step++;
    } else if (step == 1 &&
               kit.requests - requests_before + t->in_flight >= 1000) {
        begun_us = t->t_us - posted_us;
        step++;
    } else if (step == 2 && t->t_us > posted_us + STEP_US) {
        posted_us = t->t_us;
        run_kit_do(&kit, COMMAND_ADD_VUS, -1000, "");
        step++;
    } else if (step == 3 && t->vus == 5) {
        ended_us = t->t_us - posted_us;
        run_kit_do(&kit, COMMAND_STOP, 0, "");
        step++;
    }
}

static void thousand_vus_come_and_go_at_once(void **state)
{
    (void)state;
    begin("\"executor\": \"constant-vus\", \"vus\": 5, \"duration\": \"60s\"");
    kit.on_tick = a_thousand_more_and_fewer;
    run_kit_run(&kit);
    printf("1,000 more: first requests handed over by the tick %.0f ms after "
           "the command; 1,000 fewer: %.0f ms\n",
           (double)begun_us / 1e3, (double)ended_us / 1e3);
    assert_int_equal(step, 4);
    assert_true(begun_us <= 200000 + TICK_US / 2);
    assert_true(ended_us <= 200000 + TICK_US / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(vus_keep_to_the_curve, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(thousand_vus_come_and_go_at_once,
                                        set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
