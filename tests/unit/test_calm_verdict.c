/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/rng.h"
#include "insight/binom.h"
#include "run/appraisal.h"
#include "support/seeds.h"
#include "support/story_kit.h"

/* This exercises: the verdict on healthy runs of ten minutes, tick by tick as
 * the program has them: p95 that moves slowly by itself, some requests that are
 * not found, four shapes of load, rates of 5 to 200 requests a second, limits
 * on two names. At most two runs in a hundred are told to be other than good.
 * RUNS of the environment (10) says how many. */

#define SIGMA 0.5

static const char plan_text[] =
    "{ \"name\": \"Shop\","
    "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" },"
    "    { \"get\": \"http://127.0.0.1:1/b\", \"name\": \"B\" } ],"
    "  \"scenarios\": { \"load\": { \"executor\": \"constant-vus\","
    "    \"vus\": 10, \"duration\": \"10m\" } },"
    "  \"thresholds\": { \"http_req_duration\": [\"p(95)<300\"],"
    "    \"http_req_duration{name:A}\": [\"p(95)<300\"],"
    "    \"http_req_duration{name:B}\": [\"p(95)<300\"],"
    "    \"http_req_failed{name:A}\": [\"rate<0.03\"],"
    "    \"http_req_failed\": [\"rate<0.02\"] } }";

struct calm {
    struct rng rng;
    double noise, rate, fail, factor, owed;
};

static void calm_request(struct calm *c)
{
    double ms = exp(log(60.0) + SIGMA * rng_normal(&c->rng) + c->noise);
    bool fails = rng_unit(&c->rng) < c->fail;
    unsigned which = rng_unit(&c->rng) < 0.2 ? 1 : 0;

    story_kit_requests(&kit, which, fails ? 404 : 200,
                       (uint64_t)(ms * c->factor * 1000), 1);
    shard_iteration(kit.shard, 0, (uint64_t)(1e7 / c->rate));
}

static void calm_for(struct calm *c, unsigned seconds, double times)
{
    unsigned i;

    story_kit_by_hand(&kit, (uint32_t)(10 * times));
    for (i = 0; i < seconds * 10; i++) {
        if (i % 10 == 0) {
            c->noise = 0.8 * c->noise + 0.03 * rng_normal(&c->rng);
        }
        for (c->owed += c->rate * times / 10; c->owed >= 1; c->owed--) {
            calm_request(c);
        }
        story_kit_tick(&kit, NULL);
    }
}

static void calm_shape(struct calm *c, unsigned shape)
{
    unsigned i;

    switch (shape) {
    case 0:
        calm_for(c, 600, 1);
        break;
    case 1:
        for (i = 0; i < 4; i++) {
            calm_for(c, 150, 1 + 0.5 * i);
        }
        break;
    case 2:
        for (i = 0; i <= 60; i++) {
            calm_for(c, 1, 1 + i / 60.0);
        }
        calm_for(c, 540, 2);
        break;
    default:
        calm_for(c, 240, 1);
        calm_for(c, 60, 4);
        calm_for(c, 300, 1);
    }
}

static enum verdict_level calm_run(unsigned seed, double slow, char *buf,
                                   size_t size)
{
    static const double rates[] = {5, 20, 50, 100, 200};
    struct calm c = {.rate = rates[seed % 5], .factor = slow};
    enum verdict_level state;
    struct appraisal a;

    rng_seed(&c.rng, seed, 1);
    c.fail = seed % 2 == 0 ? 0.002 : 0;
    story_kit_begin(plan_text, 10);
    calm_shape(&c, seed / 10 % 4);
    kit.tick.state = RUN_FINISHED;
    story_kit_tick(&kit, NULL);
    appraise(kit.story, &a);
    state = a.report.level;
    snprintf(buf, size, "%s", a.text);
    story_kit_end(NULL);
    return state;
}

static void calm_runs_are_good(void **state)
{
    const unsigned runs = seeds_of("RUNS", 10);
    unsigned alarms = 0, unknown = 0, seed;
    uint64_t most = runs < 1000 ? binom_quantile(runs, 0.02, 0.99) : runs / 50;

    (void)state;
    for (seed = 1; seed <= runs; seed++) {
        char text[APPRAISAL_TEXT] = "";
        enum verdict_level s = calm_run(seed, 1, text, sizeof text);

        unknown += s == VERDICT_UNKNOWN;
        if (s == VERDICT_WARNING || s == VERDICT_CRITICAL) {
            alarms++;
            print_message("%u: %s\n", seed, text);
        }
    }
    if (runs > 10) {
        print_message("%u healthy runs: %u not good, %u not known\n", runs,
                      alarms, unknown);
    }
    assert_true(alarms <= most);
    assert_int_equal(unknown, 0);
}

/* Else the test above could not fail. */
static void one_that_is_slow_is_not(void **state)
{
    char text[APPRAISAL_TEXT] = "";

    (void)state;
    assert_int_equal(calm_run(3, 4, text, sizeof text), VERDICT_CRITICAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calm_runs_are_good),
        cmocka_unit_test(one_that_is_slow_is_not),
    };

    return cmocka_run_group_tests_name("calm_verdict", tests, NULL, NULL);
}
