/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../support/story_kit.h"
#include "run/study_news.h"

/* This exercises: that a break and each recovery are news once, when they are
 * sure, with their times; and one number of seconds from the first word of a
 * recovery to the last. */

#define SEC UINT64_C(1000000)

static const char kit_plan[] =
    "{ \"name\": \"Shop\","
    "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" } ],"
    "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
    "    \"vus\": 10, \"duration\": \"10m\" } },"
    "  \"thresholds\": { \"http_req_duration\": [\"p(95)<1s\"] } }";

static struct study *own; /* what a conductor has */
static struct study_news heard[16];
static size_t n_heard;
static struct tick_probe told; /* of a hunt: in the next tick */
static size_t n_told;
static struct event said; /* the same */
static size_t n_said;

static int set_up(void **state)
{
    (void)state;
    story_kit_begin(kit_plan, 10);
    own = study_new(&kit.info);
    n_heard = n_told = n_said = 0;
    return 0;
}

static int tear_down(void **state)
{
    study_free(&own);
    return story_kit_end(state);
}

/* Ticks of n requests by so many VUs; of anomalies there is no word here. */
static void feed(unsigned ticks, uint32_t vus, unsigned n, unsigned ms)
{
    while (ticks-- > 0) {
        struct study_news x;
        struct tick t;
        struct delta *d;

        story_kit_requests(&kit, 0, 200, ms * UINT64_C(1000), n);
        d = delta_new(kit.plan, &kit.shard, 1);
        kit.tick.t_us += TICK_US;
        t = kit.tick;
        t.dt_us = t.active_us = TICK_US;
        t.wanted = t.vus = vus;
        t.scenarios[0].state = SCENARIO_RUNNING;
        t.scenarios[0].wanted = t.scenarios[0].vus = vus;
        t.scenarios[0].manual = t.manual = t.hunt.phase == HUNT_OFF;
        t.probes = &told;
        t.n_probes = n_told;
        t.events = &said;
        t.n_events = n_said;
        n_told = n_said = 0;
        t.delta = d;
        study_feed(own, &t);
        while (study_news(own, &x)) {
            if (strcmp(x.type, "anomaly") != 0) {
                assert_true(n_heard < 16);
                heard[n_heard++] = x;
            }
        }
        delta_free(&d);
        shard_clear(kit.shard);
    }
}

/* A hunt tries a load for 14 s, and says what came of it. */
static void tried(uint32_t vus, unsigned ms, enum search_verdict v)
{
    kit.tick.hunt.phase = HUNT_MEASURE;
    feed(140, vus, 10, ms);
    told = (struct tick_probe){.load = vus, .report.verdict = v};
    n_told = 1;
}

/* Nor does one count as held that has not been decided yet. */
static void where_a_hunt_refused_a_load_that_is_not_held(void **state)
{
    (void)state;
    tried(40, 20, SEARCH_HOLDS);
    tried(80, 1500, SEARCH_BREAKS);
    feed(200, 10, 10, 20);
    tried(58, 20, SEARCH_BREAKS);
    feed(100, 49, 10, 20);
    assert_true(study_breaking(own).any);
    assert_true(study_breaking(own).low == 40);
    assert_true(study_breaking(own).high == 80);
    assert_true(study_breaking(own).load == 60);
    tried(49, 20, SEARCH_HOLDS);
    feed(1, 49, 10, 20);
    assert_true(study_breaking(own).low == 49);
}

static void memory_is_over_its_limit_since_it_was_told(void **state)
{
    struct tick_server *s = &kit.tick.server;

    (void)state;
    s->watched = s->alive = true;
    s->rss_bytes = 290000000;
    s->limit_bytes = 300000000;
    feed(23, 10, 10, 20);
    assert_false(study_memory(own)->over);
    s->rss_bytes = 310000000;
    said = (struct event){
        .t_us = kit.tick.t_us + TICK_US / 2, .type = "server", .value = "over"};
    n_said = 1;
    feed(8, 10, 10, 20);
    assert_true(study_memory(own)->over);
    assert_int_equal(study_memory(own)->first_us, said.t_us);
    assert_true(study_memory(own)->bytes == 310000000);
    /* The series has it while the last iterations end, too. */
    kit.tick.state = RUN_DRAINING;
    feed(1, 10, 10, 20);
    s->rss_bytes = 320000000;
    feed(1, 10, 10, 20);
    assert_true(study_memory(own)->bytes == 320000000);
    assert_int_equal(study_memory(own)->last_us, kit.tick.t_us);
}

static void a_break_and_its_recovery_are_news_once_each(void **state)
{
    (void)state;
    feed(400, 10, 10, 20);
    feed(90, 100, 10, 1500);
    assert_int_equal(n_heard, 0);
    feed(30, 100, 10, 1500);
    assert_int_equal(n_heard, 1);
    assert_string_equal(heard[0].type, "breaking_point");
    assert_string_equal(heard[0].text,
                        "breaks at 10-100 VUs (at 0:40), limited by latency: "
                        "p95 1.50 s, limit 1 s");
    assert_string_equal(heard[0].value, "100");
    assert_true(heard[0].bad);
    assert_int_equal(heard[0].t_us, 40 * SEC);
    feed(80, 10, 10, 1500);
    feed(99, 10, 10, 20);
    assert_int_equal(n_heard, 1);
    feed(11, 10, 10, 20);
    assert_int_equal(n_heard, 2);
    assert_string_equal(heard[1].type, "recovery");
    assert_string_equal(heard[1].text,
                        "recovered in 8 s after the load fell from 100 to 10 "
                        "VUs at 0:52");
    assert_string_equal(heard[1].value, "8.000");
    assert_false(heard[1].bad);
    assert_int_equal(heard[1].t_us, 60 * SEC);
    /* Neither later nor by another spike of what is known; a second recovery
     * is another. */
    feed(400, 10, 10, 20);
    feed(120, 100, 10, 1500);
    assert_int_equal(n_heard, 2);
    feed(200, 10, 10, 20);
    assert_int_equal(n_heard, 3);
    assert_string_equal(heard[2].text, "recovered at once after the load fell "
                                       "from 100 to 10 VUs at 2:03");
}

/* First requests a second fall and no rule is broken, then one is. */
static void a_break_that_turns_out_otherwise_is_news_again(void **state)
{
    (void)state;
    feed(200, 10, 20, 20);
    feed(110, 20, 12, 20);
    assert_int_equal(n_heard, 0);
    feed(30, 20, 12, 20);
    assert_int_equal(n_heard, 1);
    assert_string_equal(heard[0].text,
                        "breaks at 10-20 VUs (at 0:20), limited by throughput: "
                        "only 120 req/s there, 200 before");
    feed(200, 40, 12, 1500);
    assert_int_equal(n_heard, 2);
    assert_non_null(strstr(heard[1].text, " VUs (at 0:34), limited by latency: "
                                          "p95 1.50 s"));
}

/* Once each: not while the level that may narrow it goes on. */
static void a_break_that_is_known_better_is_news_again(void **state)
{
    (void)state;
    feed(200, 10, 10, 20);
    feed(150, 100, 10, 1500);
    feed(200, 10, 10, 20);
    assert_int_equal(n_heard, 2); /* and the recovery */
    feed(400, 50, 50, 20);
    assert_int_equal(n_heard, 2);
    feed(300, 50, 10, 1500);
    assert_int_equal(n_heard, 3);
    assert_string_equal(heard[2].type, "breaking_point");
    assert_non_null(strstr(heard[2].text,
                           "breaks at 10-50 VUs (at 1:35), "
                           "limited by latency: p95 up to 1.50 "
                           "s, limit 1 s; narrower than before"));
    assert_string_equal(heard[2].value, "50");
    assert_int_equal(heard[2].t_us, 95 * SEC);
    feed(200, 10, 10, 20);
    feed(200, 30, 30, 20);
    assert_int_equal(n_heard, 4); /* the recovery */
    feed(100, 10, 10, 20);
    assert_int_equal(n_heard, 5);
    assert_non_null(strstr(heard[4].text, "breaks at 30-50 VUs (at 1:35), "));
    assert_non_null(strstr(heard[4].text, "; narrower than before"));
}

/* Seconds are counted in windows of two: what is said while it goes on is what
 * is said in the end, and what it held adds up to the clock. */
/* It was told, and has passed by itself since; the true one is the first then.
 */
static void a_break_that_passed_is_taken_back(void **state)
{
    (void)state;
    feed(400, 20, 10, 20);
    feed(150, 20, 10, 1500);
    assert_int_equal(n_heard, 1);
    assert_string_equal(heard[0].type, "breaking_point");
    assert_true(heard[0].bad);
    feed(300, 20, 10, 20);
    assert_int_equal(n_heard, 2);
    assert_false(heard[1].bad);
    assert_string_equal(heard[1].value, "passed");
    assert_non_null(strstr(heard[1].text, "no break up to 20 VUs; p95 up to "));
    feed(200, 60, 10, 1500);
    assert_int_equal(n_heard, 3);
    assert_true(heard[2].bad);
    assert_string_equal(heard[2].value, "60");
    assert_null(strstr(heard[2].text, "narrower"));
}

static void a_recovery_has_one_number(void **state)
{
    const struct recovery *r = study_recovery(own);
    char text[64];
    unsigned i;

    (void)state;
    feed(600, 10, 4, 20);
    feed(120, 100, 4, 1500);
    for (i = 1; i <= 250; i++) {
        const struct recovery_episode *e;

        feed(1, 10, 4, i <= 85 ? 1500 : 20);
        if (recovery_count(r) == 0) {
            continue; /* the second goes on */
        }
        e = recovery_at(r, 0);
        study_tell_short(e, text, sizeof text);
        switch (e->state) {
        case RECOVERY_RECOVERING:
            assert_true(e->out_us <= 10 * SEC &&
                        e->out_us + 2 * SEC >= i * UINT64_C(100000));
            break;
        case RECOVERY_CANDIDATE:
            assert_non_null(strstr(text, "back in 10 s, holds "));
            break;
        case RECOVERY_RECOVERED:
            assert_string_equal(text, "recovered in 10 s");
            break;
        default:
            fail_msg("it is %s", recovery_state_name(e->state));
        }
    }
    assert_int_equal(recovery_at(r, 0)->state, RECOVERY_RECOVERED);
    assert_int_equal(recovery_at(r, 0)->window_us, 2 * SEC);
    assert_string_equal(
        study_tell_brief(own, recovery_at(r, 0), false, text, sizeof text),
        "recovered in 10 s (1:12)");
    assert_string_equal(
        study_tell_brief(own, recovery_at(r, 0), true, text, sizeof text),
        "recovered in 10 s (100→10 at 1:12)");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_break_and_its_recovery_are_news_once_each),
        T(a_break_that_turns_out_otherwise_is_news_again),
        T(a_break_that_is_known_better_is_news_again),
        T(where_a_hunt_refused_a_load_that_is_not_held),
        T(memory_is_over_its_limit_since_it_was_told),
        T(a_break_that_passed_is_taken_back),
        T(a_recovery_has_one_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
