/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "run/hunt.h"
#include "support/queue_world.h"
#include "support/seeds.h"
#include "support/story_kit.h"

/* This exercises: a hunt for thresholds on a part of what is asked, tick by
 * tick on a virtual clock: one request of several has a service with a queue of
 * its own, and breaks at a load that the whole does not notice. */

#define SEC UINT64_C(1000000)

#define PLAN(thresholds)                                                       \
    "{ \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" },"    \
    "  { \"get\": \"http://127.0.0.1:1/b\", \"name\": \"Chat\","               \
    "    \"checks\": { \"ok\": { \"status\": 200 } } } ],"                     \
    "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","              \
    "    \"vus\": 10, \"duration\": \"60m\" } },"                              \
    "  \"thresholds\": { \"http_req_duration\": [\"p(95)<2000\"]," thresholds  \
    " } }"

struct run {
    struct queue_world all, chat;
    double share;      /* of the load, that chats; 0 = none does */
    double ill_from;   /* from this load on: */
    double fail, miss; /* so many chats fail, or their check does */
    bool hangs, dead;  /* no chat ends; nothing does */
    struct hunt *hunt;
    struct tick tick;
    struct delta delta;
    struct delta_series series[3];
    struct delta_check check;
    struct rng rng;
    unsigned seconds, news;
    char first[256], probe[256]; /* news: the first; a probe's, that broke */
    bool without;                /* a probe had no sample of something */
};

/* Chat: eight places of 100 ms, half a second of thinking: p95 passes 300 ms
 * near 57 VUs, or near 75 a second. All else has room. */
static void run_init(struct run *r, const char *plan, double share, bool rate)
{
    struct hunt_config c = {.start = 20, .budget_us = HUNT_BUDGET_US};

    memset(r, 0, sizeof *r);
    story_kit_begin(plan, 10);
    queue_init(&r->all, 1);
    queue_init(&r->chat, 2);
    rng_seed(&r->rng, 3, 1);
    r->all.places = 200;
    r->all.service_s = 0.02;
    r->chat.places = 8;
    r->chat.service_s = 0.1;
    r->all.think_s = r->chat.think_s = 0.5;
    r->all.open = r->chat.open = rate;
    r->share = share;
    r->ill_from = 1e9;
    c.plan = kit.plan;
    c.lineup = kit.info.lineup;
    rules_of(kit.plan, &c.rules);
    r->hunt = hunt_new(&c, 5000, rate ? SEC : 0);
    r->tick.n_scenarios = 1;
    r->tick.delta = &r->delta;
    r->tick.state = RUN_RUNNING;
}

static void run_clear(struct run *r)
{
    size_t i;

    for (i = 0; i < 3; i++) {
        histo_sparse_clear(&r->series[i].phase[PHASE_DURATION]);
    }
    hunt_free(&r->hunt);
    queue_clear(&r->all);
    queue_clear(&r->chat);
    story_kit_end(NULL);
}

static void run_series(struct run *r, unsigned request, uint64_t n,
                       const struct histo *good)
{
    struct delta_series *s = &r->series[r->delta.n_series];

    if (n == 0) {
        return;
    }
    *s = (struct delta_series){.request = (uint16_t)request,
                               .status = good != NULL ? 200 : 503,
                               .failure = good != NULL ? FAILURE_NONE
                                                       : FAILURE_HTTP_5XX,
                               .count = n,
                               .failed = good != NULL ? 0 : n};
    if (good != NULL) {
        histo_to_sparse(good, &s->phase[PHASE_DURATION]);
    }
    r->delta.n_series++;
}

static void run_checks(struct run *r, uint64_t n)
{
    uint64_t i;

    r->check = (struct delta_check){.check = 0};
    for (i = 0; i < n; i++) {
        bool misses = r->all.load >= r->ill_from && rng_unit(&r->rng) < r->miss;

        r->check.fails += misses;
        r->check.passes += !misses;
    }
    r->delta.checks = &r->check;
    r->delta.n_checks = n > 0;
}

/* VUs are whole ones. */
static double rate_of(const struct run *r, double load)
{
    return r->chat.open ? load * r->share : floor(load * r->share);
}

static void second(struct run *r)
{
    struct tick *t = &r->tick;
    struct tick_scenario *s = &t->scenarios[0];
    double load = hunt_load(r->hunt);
    struct moment a, b;
    size_t i;

    r->all.load = load;
    r->chat.load = rate_of(r, load);
    r->chat.fail = load >= r->ill_from ? r->fail : 0;
    a = queue_next(&r->all);
    b = queue_next(&r->chat);
    for (i = 0; i < 3; i++) {
        histo_sparse_clear(&r->series[i].phase[PHASE_DURATION]);
    }
    r->delta.series = r->series;
    r->delta.n_series = 0;
    if (load >= r->ill_from && (r->hangs || r->dead)) {
        b.requests = b.failed = 0;
        histo_clear(r->chat.good);
        a.requests = r->dead ? 0 : a.requests;
    }
    run_series(r, 0, a.requests, a.good);
    run_series(r, 1, b.requests - b.failed, b.good);
    run_series(r, 1, b.failed, NULL);
    run_checks(r, b.requests - b.failed);
    t->t_us += SEC;
    t->dt_us = t->active_us = SEC;
    t->active_total_us += SEC;
    t->in_flight = a.in_flight + b.in_flight;
    s->state = SCENARIO_RUNNING;
    s->wanted = (uint32_t)load;
    s->begun = a.begun;
    hunt_feed(r->hunt, t);
    r->seconds++;
}

static void hear(struct run *r)
{
    const struct hunt_news *news;
    const struct tick_probe *p;
    size_t n, i;

    news = hunt_news(r->hunt, &n);
    for (i = 0; i < n; i++) {
        if (r->news++ == 0) {
            snprintf(r->first, sizeof r->first, "%s", news[i].text);
        }
        if (strstr(news[i].text, " break: ") != NULL) {
            snprintf(r->probe, sizeof r->probe, "%s", news[i].text);
        }
    }
    p = hunt_probes(r->hunt, &n);
    r->without |= n > 0 && p->without[0] != '\0';
}

static struct tick_hunt until_over(struct run *r)
{
    while (!hunt_over(r->hunt)) {
        assert_true(r->seconds < 1500);
        second(r);
        hear(r);
    }
    return hunt_view(r->hunt);
}

/* p95 of Chat in a long run at that load. */
static double long_run(unsigned places, double service_s, bool rate,
                       double load)
{
    struct queue_world w;
    struct histo *h = histo_new();
    unsigned i;
    double p95;

    queue_init(&w, 99);
    w.places = places;
    w.service_s = service_s;
    w.think_s = 0.5;
    w.open = rate;
    w.load = load;
    for (i = 0; i < 4000; i++) {
        struct moment x = queue_next(&w);

        if (i >= 40) {
            histo_merge(h, x.good);
        }
    }
    p95 = (double)histo_percentile(h, 95);
    histo_free(&h);
    queue_clear(&w);
    return p95;
}

/* From nearly a third of what is asked to a twentieth. */
static void a_name_is_hunted_for_where_the_whole_is_well(void **state)
{
    static const struct {
        double share;
        bool rate;
    } rows[] = {{0.3, false}, {0.1, false}, {0.3, true}, {0.05, true}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double share = rows[i].share, low, high;
        struct tick_hunt v;
        struct run r;

        run_init(&r, PLAN("\"http_req_duration{name:Chat}\": [\"p(95)<300\"]"),
                 share, rows[i].rate);
        v = until_over(&r);
        low = floor(v.answer.low * share / 1.08);
        high = ceil(v.answer.high * share * 1.08);
        print_message("share %g: %u..%u, %u tries, %u soft, %u s: %s\n", share,
                      v.answer.low, v.answer.high, v.answer.probes,
                      v.answer.soft, r.seconds, r.probe);
        assert_int_equal(v.answer.outcome, SEARCH_FOUND);
        assert_true(v.answer.confirmed);
        assert_true(long_run(8, 0.1, rows[i].rate, low) <= 300e3);
        assert_true(long_run(8, 0.1, rows[i].rate, high) > 300e3);
        assert_int_equal(v.missed, 0);
        assert_int_equal(v.answer.before, 0);
        if (v.by == PROBE_LATENCY) {
            assert_non_null(strstr(r.probe, " break: p95 of Chat "));
        }
        run_clear(&r);
    }
}

/* Four in a second beside two hundred: tries are longer, and more of them soft,
 * and still it is known in minutes, and as well. */
static void a_rare_name_is_hunted_for_in_minutes(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= seeds_of("HUNT_SEEDS", 3); seed++) {
        struct tick_hunt v;
        struct run r;

        run_init(&r, PLAN("\"http_req_duration{name:Chat}\": [\"p(95)<1500\"]"),
                 0.02, true);
        queue_clear(&r.chat);
        queue_init(&r.chat, seed);
        r.chat.places = 2;
        r.chat.service_s = 0.5;
        r.chat.open = true;
        v = until_over(&r);
        print_message("%u..%u, %u tries, %u soft, %u s\n", v.answer.low,
                      v.answer.high, v.answer.probes, v.answer.soft, r.seconds);
        assert_int_equal(v.answer.outcome, SEARCH_FOUND);
        assert_true(long_run(2, 0.5, true, v.answer.low * 0.02 / 1.08) <=
                    1500e3);
        assert_true(long_run(2, 0.5, true, v.answer.high * 0.02 * 1.08) >
                    1500e3);
        assert_true(r.seconds < 1200);
        run_clear(&r);
    }
}

/* Limits on a name alone, which one request after the other is over: all else
 * says nothing of a rest. */
static void a_name_over_its_limit_at_any_load_is_told(void **state)
{
    static const char plan[] =
        "{ \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" },"
        "  { \"get\": \"http://127.0.0.1:1/b\", \"name\": \"Chat\" } ],"
        "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
        "    \"vus\": 10, \"duration\": \"60m\" } },"
        "  \"thresholds\": {"
        "    \"http_req_duration{name:Chat}\": [\"p(95)<60\"] } }";
    unsigned seeds = seeds_of("HUNT_SEEDS", 20), seed, missed = 0;

    (void)state;
    for (seed = 1; seed <= seeds; seed++) {
        struct tick_hunt v;
        struct run r;

        run_init(&r, plan, 1, seed % 2 == 0);
        queue_clear(&r.chat);
        queue_init(&r.chat, seed);
        r.chat.places = 200;
        r.chat.service_s = 0.1;
        r.chat.open = seed % 2 == 0;
        v = until_over(&r);
        assert_int_equal(v.answer.outcome, SEARCH_BELOW);
        assert_int_equal(v.answer.high, 1);
        missed += v.missed;
        assert_string_equal(v.words.subject, "p95 of Chat");
        assert_true(r.seconds < 200);
        run_clear(&r);
    }
    assert_true(missed <= seeds / 20); /* one in a second, by chance */
}

/* A tenth of one of ten requests: the whole has one failure in a hundred. */
static void errors_of_a_name_and_checks_are_hunted_for(void **state)
{
    static const struct {
        const char *plan, *says;
        double fail, miss;
    } rows[] = {
        {PLAN("\"http_req_failed{name:Chat}\": [\"rate<0.05\"]"),
         " break: errors of Chat 1", 0.15, 0},
        {PLAN("\"checks\": [\"rate>0.99\"]"), " break: failed checks ", 0,
         0.06},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tick_hunt v;
        struct run r;

        run_init(&r, rows[i].plan, 0.1, false);
        r.chat.places = 200;
        r.ill_from = 100;
        r.fail = rows[i].fail;
        r.miss = rows[i].miss;
        v = until_over(&r);
        print_message("%u..%u, %u tries, %u s: %s\n", v.answer.low,
                      v.answer.high, v.answer.probes, r.seconds, r.probe);
        assert_int_equal(v.answer.outcome, SEARCH_FOUND);
        assert_true(v.answer.low / 1.08 <= 100 && v.answer.high * 1.08 >= 100);
        assert_int_equal(v.by, PROBE_ERRORS);
        assert_non_null(strstr(r.probe, rows[i].says));
        run_clear(&r);
    }
}

/* No chat ends from there on, and all else goes on as ever. */
static void a_name_that_hangs_is_hunted_for(void **state)
{
    struct tick_hunt v;
    struct run r;

    (void)state;
    run_init(&r, PLAN("\"http_req_duration{name:Chat}\": [\"p(95)<300\"]"), 0.1,
             false);
    r.chat.places = 200;
    r.ill_from = 100;
    r.hangs = true;
    v = until_over(&r);
    print_message("%u..%u, %u tries, %u soft, %u s: %s\n", v.answer.low,
                  v.answer.high, v.answer.probes, v.answer.soft, r.seconds,
                  r.probe);
    assert_true(v.answer.low / 1.08 <= 100 && v.answer.high * 1.08 >= 100);
    assert_int_equal(v.by, PROBE_THROUGHPUT);
    assert_non_null(
        strstr(r.probe, " break: no sample of p95 of Chat any more, "));
    run_clear(&r);
}

/* A limit on iterations is none on responses: silence is seen at once. */
static void silence_is_seen_beside_a_limit_on_iterations(void **state)
{
    struct tick_hunt v;
    struct run r;

    (void)state;
    run_init(&r, PLAN("\"iteration_duration\": [\"p(95)<60000\"]"), 0.1, false);
    r.chat.places = 200;
    r.ill_from = 40;
    r.dead = true;
    while (r.probe[0] == '\0' && r.seconds < 300) {
        second(&r);
        hear(&r);
    }
    v = hunt_view(r.hunt);
    assert_int_equal(v.by, PROBE_THROUGHPUT);
    assert_non_null(strstr(r.probe, "40 VUs break: nothing was answered"));
    assert_null(strstr(r.probe, "chance"));
    run_clear(&r);
}

/* One that nothing can be a sample of, a p100, an average; and, of the plan
 * with more than there is room for, the last. */
static void loads_are_held_against_what_counts(void **state)
{
    static const char two[] =
        "{\"flow\":[{\"get\":\"http://127.0.0.1:1/\",\"name\":\"R\"}],"
        "\"flows\":{\"q\":[{\"get\":\"http://127.0.0.1:1/\",\"name\":\"Q\"}]},"
        "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":1,"
        "\"duration\":\"9m\"},\"t\":{\"executor\":\"constant-vus\",\"vus\":1,"
        "\"duration\":\"9m\",\"exec\":\"q\"}},\"thresholds\":{"
        "\"http_req_duration\":[\"p(95)<300\"],"
        "\"http_req_duration{name:R}\":[\"p(95)<300\"],"
        "\"http_req_duration{name:Q}\":[\"p(95)<300\"],"
        "\"http_req_waiting\":[\"p(100)<300\",\"avg<300\"]}}";
    static const bool right[] = {true, true, false, false, false};
    bool are[40] = {false};
    char plan[4096] = "\"checks\": [\"rate>0.9\"";
    size_t n, i;

    (void)state;
    story_kit_begin(two, 10);
    hunt_are_for(kit.plan, kit.info.lineup, are);
    for (i = 0; i < 5; i++) {
        assert_true(are[i] == right[i]);
    }
    story_kit_end(NULL);
    for (i = 0; i < 34; i++) {
        n = strlen(plan);
        snprintf(plan + n, sizeof plan - n, ",\"rate>0.%zu\"", 50 + i);
    }
    n = strlen(plan);
    snprintf(plan + n, sizeof plan - n, "]");
    {
        char whole[8192];

        snprintf(whole, sizeof whole, PLAN("%s"), plan);
        story_kit_begin(whole, 10);
    }
    assert_int_equal(kit.plan->n_thresholds, 36);
    hunt_are_for(kit.plan, kit.info.lineup, are);
    for (i = 0; i < 36; i++) {
        assert_true(are[i] == (i < RULES_MAX));
    }
    story_kit_end(NULL);
}

/* What is never asked does not stop the hunt for what is, and is told. */
static void what_is_never_asked_is_told_and_left_out(void **state)
{
    struct tick_hunt v;
    struct run r;

    (void)state;
    run_init(&r,
             PLAN("\"http_req_duration{name:Chat}\": [\"p(95)<300\"],"
                  "\"http_req_duration{name:Chat,status:201}\": "
                  "[\"p(95)<300\"]"),
             0, false);
    r.all.places = 8;
    r.all.service_s = 0.25; /* the whole breaks near 75 VUs */
    v = until_over(&r);
    assert_int_equal(v.answer.outcome, SEARCH_FOUND);
    assert_true(r.without);
    assert_true(r.seconds < 1000);
    assert_non_null(strstr(r.probe, " break: p95 2."));
    run_clear(&r);
}

/* One VU whose chats are too slow: nothing lower can be tried. Of checks that
 * fail it is said how many; the plan as such does not fail. */
static void what_one_vu_breaks_is_said_with_its_rule(void **state)
{
    static const struct {
        const char *plan, *says;
        double service_s, miss;
    } rows[] = {
        {PLAN("\"http_req_duration{name:Chat}\": [\"p(95)<300\"]"),
         "even 1 VU is over the limit: p95 of Chat ", 1.2, 0},
        {PLAN("\"checks\": [\"rate>0.9\"]"),
         "even 1 VU is over the limit: failed checks ", 0.02, 0.7},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[HUNT_TEXT_MAX];
        struct tick_hunt v;
        struct run r;

        run_init(&r, rows[i].plan, 1, false);
        r.chat.service_s = rows[i].service_s;
        r.miss = rows[i].miss;
        r.ill_from = 1;
        v = until_over(&r);
        assert_int_equal(v.answer.outcome, SEARCH_BELOW);
        assert_int_equal(v.cut, HUNT_CUT_NONE);
        hunt_text(r.hunt, text, sizeof text);
        if (strncmp(text, rows[i].says, strlen(rows[i].says)) != 0) {
            fail_msg("'%s' does not say '%s'", text, rows[i].says);
        }
        assert_non_null(strstr(text, "; loosen that threshold"));
        run_clear(&r);
    }
}

/* The words for it, whatever the rule. */
static void a_probe_has_the_words_of_its_rule(void **state)
{
    static const struct {
        struct tick_probe p;
        const char *text;
    } rows[] = {
        {{.load = 60,
          .limit = 3e6,
          .words = {RULE_TIME, "p95 of Chat"},
          .report = {.verdict = SEARCH_BREAKS,
                     .reason = PROBE_LATENCY,
                     .value_us = 3100000,
                     .low_us = 2900000,
                     .high_us = 3300000,
                     .rps = 90}},
         "60 VUs break: p95 of Chat 3.10 s over 3.00 s (2.90 s to 3.30 s), "
         "90.0 req/s"},
        {{.load = 60,
          .percentile = -1,
          .limit = 0.05,
          .words = {RULE_SHARE_MISSING, "in_stock"},
          .report = {.verdict = SEARCH_BREAKS,
                     .reason = PROBE_ERRORS,
                     .share = 0.07,
                     .p95_us = 12000,
                     .rps = 90}},
         "60 VUs break: in_stock 93.0 % under 95.0 %, p95 12.0 ms, 90.0 req/s"},
        {{.load = 60,
          .percentile = -1,
          .limit = 0.05,
          .words = {RULE_SHARE, "errors of Chat"},
          .without = "p95 of Q",
          .report = {.verdict = SEARCH_HOLDS,
                     .reason = PROBE_ERRORS,
                     .failed = 9, /* of others */
                     .value_us = 12000,
                     .p95_us = 12000,
                     .rps = 90}},
         "60 VUs hold: no errors of Chat, p95 12.0 ms, 90.0 req/s; no sample "
         "of p95 of Q"},
        {{.load = 60,
          .percentile = 95,
          .limit = 3e6,
          .words = {RULE_TIME, "p95"},
          .without = "p95 of Chat",
          .report = {.verdict = SEARCH_BREAKS,
                     .reason = PROBE_THROUGHPUT,
                     .soft = true,
                     .requests = 900,
                     .rps = 90}},
         "60 VUs break: no sample of p95 of Chat any more, 90.0 req/s; chance "
         "may have decided"},
    };
    char text[256];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(
            hunt_tell_probe(&rows[i].p, "VUs", text, sizeof text),
            rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_hunted_for_where_the_whole_is_well),
        cmocka_unit_test(a_rare_name_is_hunted_for_in_minutes),
        cmocka_unit_test(a_name_over_its_limit_at_any_load_is_told),
        cmocka_unit_test(errors_of_a_name_and_checks_are_hunted_for),
        cmocka_unit_test(a_name_that_hangs_is_hunted_for),
        cmocka_unit_test(silence_is_seen_beside_a_limit_on_iterations),
        cmocka_unit_test(loads_are_held_against_what_counts),
        cmocka_unit_test(what_is_never_asked_is_told_and_left_out),
        cmocka_unit_test(what_one_vu_breaks_is_said_with_its_rule),
        cmocka_unit_test(a_probe_has_the_words_of_its_rule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
