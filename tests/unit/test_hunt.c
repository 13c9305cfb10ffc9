/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "run/hunt.h"
#include "run/study.h"
#include "support/queue_world.h"
#include "support/story_kit.h"

/* This exercises: a hunt at the wheel of a run, tick by tick on a virtual
 * clock, against a service with a queue: what it asks for, what it tells, what
 * it does when the operator takes the wheel, and when it gives up. */

#define SEC UINT64_C(1000000)

struct run {
    struct queue_world world;
    struct hunt *hunt;
    struct tick tick;
    struct delta delta;
    struct delta_series series[2];
    struct delta_check check;
    struct failure_sample sample;
    bool manual, held, spike;
    uint32_t by_hand;
    double tired;    /* after overload: responses take so many times as long */
    bool tires;      /* more than 80 VUs leave it tired for good */
    bool away;       /* nothing answers: */
    enum failure by; /* requests fail so; NONE: they hang */
    uint16_t status; /* with this one, if not 0 */
    bool third;      /* and of that only one of three, of another name */
    bool unchecked;  /* the plan's check never passes */
    struct study *study; /* owned; NULL = nobody else looks */
    /* What came of it. */
    unsigned probes, asked_most;
    struct hunt_news last; /* news */
    unsigned news;
};

static const struct hunt_config usual = {
    .rules = {.list = {{95, 300e3, 0}, {-1, 0.05, 0}},
              .words = {{RULE_TIME, "p95"}, {RULE_SHARE, "errors"}},
              .n = 2,
              .n_latency = 1},
    .start = 20,
    .budget_us = HUNT_BUDGET_US,
};

/* Eight places of 100 ms, half a second of thinking: p95 passes 300 ms near 57
 * VUs. */
static void run_init(struct run *r, const struct hunt_config *c, bool rate)
{
    memset(r, 0, sizeof *r);
    queue_init(&r->world, 1);
    r->world.places = 8;
    r->world.service_s = 0.1;
    r->world.think_s = 0.5;
    r->world.open = rate;
    r->hunt = hunt_new(c, 5000, rate ? SEC : 0);
    r->tick.n_scenarios = 1;
    r->tick.delta = &r->delta;
    r->delta.series = r->series;
    r->tired = 1;
}

static void run_clear(struct run *r)
{
    size_t i;

    for (i = 0; i < 2; i++) {
        histo_sparse_clear(&r->series[i].phase[PHASE_DURATION]);
    }
    hunt_free(&r->hunt);
    study_free(&r->study);
    queue_clear(&r->world);
}

static void run_delta(struct run *r, const struct moment *x)
{
    struct delta_series *s = r->series;
    size_t i;

    for (i = 0; i < 2; i++) {
        histo_sparse_clear(&s[i].phase[PHASE_DURATION]);
        s[i] = (struct delta_series){.status = i == 0 ? 200 : 503};
    }
    s[0].count = x->requests - x->failed;
    histo_to_sparse(x->good, &s[0].phase[PHASE_DURATION]);
    s[1].count = s[1].failed = x->failed;
    r->delta.n_series = x->failed > 0 ? 2 : 1;
    r->delta.n_failures = r->delta.n_checks = 0;
    if (r->away && !r->third) {
        histo_sparse_clear(&s[0].phase[PHASE_DURATION]);
        s[0] = (struct delta_series){.failure = r->by, .status = r->status};
        s[0].count = s[0].failed = r->by == FAILURE_NONE ? 0 : 20;
        r->delta.n_series = s[0].count > 0 ? 1 : 0;
    } else if (r->away) {
        s[1] = (struct delta_series){
            .request = 1, .failure = r->by, .status = r->status};
        s[1].count = s[1].failed = s[0].count / 2;
        r->delta.n_series = s[1].count > 0 ? 2 : 1;
    }
    if (r->away && r->status > 0) {
        r->sample = (struct failure_sample){
            .request = r->third, .kind = r->by, .status = r->status};
        snprintf(r->sample.text, sizeof r->sample.text,
                 "HTTP/1.1 %u No\nServer: x\n\nsend JSON\nor go", r->status);
        r->delta.failures = &r->sample;
        r->delta.n_failures = 1;
    }
    if (r->unchecked) {
        r->check = (struct delta_check){.fails = s[0].count};
        r->delta.checks = &r->check;
        r->delta.n_checks = r->check.fails > 0 ? 1 : 0;
    }
}

static void run_scenario(struct run *r, const struct moment *x)
{
    struct tick_scenario *s = &r->tick.scenarios[0];

    s->state = SCENARIO_RUNNING;
    s->manual = r->manual;
    s->spike = r->spike;
    s->wanted = (uint32_t)r->world.load;
    s->begun = x->begun;
    r->tick.manual = r->manual || r->spike;
    r->tick.held = r->held;
    r->tick.in_flight = r->away ? 5 : x->in_flight;
}

static void run_see(struct run *r)
{
    const struct hunt_news *news;
    size_t n, i;

    (void)hunt_probes(r->hunt, &n);
    r->probes += (unsigned)n;
    news = hunt_news(r->hunt, &n);
    for (i = 0; i < n; i++) {
        r->last = news[i];
        r->news++;
    }
    if (hunt_load(r->hunt) > r->asked_most) {
        r->asked_most = hunt_load(r->hunt);
    }
}

/* A second: what is asked for, and the tick that comes of it. */
static void second(struct run *r)
{
    struct tick *t = &r->tick;
    double service = 0.1 * r->tired;
    struct moment x;

    r->world.load = r->manual || r->spike ? r->by_hand : hunt_load(r->hunt);
    r->world.service_s = service;
    x = queue_next(&r->world);
    if (r->tires && r->world.load > 80) {
        r->tired = 4;
    }
    t->seq++;
    t->t_us += SEC;
    t->dt_us = SEC;
    t->active_us = t->state == RUN_PAUSED ? 0 : SEC;
    t->active_total_us += t->active_us;
    run_delta(r, &x);
    run_scenario(r, &x);
    hunt_feed(r->hunt, t);
    if (r->study != NULL) {
        t->hunt = hunt_view(r->hunt);
        t->probes = hunt_probes(r->hunt, &t->n_probes);
        study_feed(r->study, t);
    }
    run_see(r);
}

static void seconds(struct run *r, unsigned n)
{
    while (n-- > 0) {
        second(r);
    }
}

static struct tick_hunt until_over(struct run *r, unsigned most)
{
    r->tick.state = RUN_RUNNING;
    while (!hunt_over(r->hunt)) {
        assert_true(most-- > 0);
        second(r);
    }
    return hunt_view(r->hunt);
}

static void until(struct run *r, enum hunt_phase phase)
{
    unsigned most = 200;

    r->tick.state = RUN_RUNNING;
    while (hunt_view(r->hunt).phase != phase) {
        assert_true(most-- > 0);
        second(r);
    }
}

static void it_finds_where_a_queue_breaks_and_ends(void **state)
{
    struct tick_hunt v;
    struct run r;

    (void)state;
    run_init(&r, &usual, false);
    v = until_over(&r, 900);
    assert_int_equal(v.answer.outcome, SEARCH_FOUND);
    assert_true(hunt_answered(r.hunt) && v.answer.confirmed);
    assert_true(v.answer.low / 1.08 <= 57 && v.answer.high * 1.08 >= 57);
    assert_int_equal(v.by, PROBE_LATENCY);
    assert_true(v.rps > 70 && v.rps < 90);
    assert_int_equal(v.phase, HUNT_OVER);
    assert_int_equal(r.probes, v.answer.probes);
    assert_true(r.asked_most <= 80);
    assert_string_equal(r.last.type, "hunt");
    assert_string_equal(r.last.value, "found");
    assert_non_null(strstr(r.last.text, "VUs, "));
    assert_non_null(strstr(r.last.text, "limited by latency"));
    run_clear(&r);
}

static const char kit_plan[] =
    "{ \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\" } ],"
    "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
    "    \"vus\": 10, \"duration\": \"60m\" } },"
    "  \"thresholds\": { \"http_req_duration\": [\"p(95)<300\"] } }";

/* A load that was tried, with that answer. */
static bool was_tried(const struct run *r, double load, enum search_verdict v)
{
    const struct hunt_log *l = study_hunt(r->study);
    size_t i;

    for (i = 0; i < hunt_log_count(l); i++) {
        const struct tick_probe *x = hunt_log_at(l, i);

        if (fabs(x->load - load) < 0.5 && x->report.verdict == v) {
            return true;
        }
    }
    return false;
}

/* Who looks at the load alone sees the ways between levels, and levels that are
 * not decided: between such it does not break. */
static void where_it_breaks_is_between_loads_that_were_tried(void **state)
{
    unsigned seed, told = 0;

    (void)state;
    story_kit_begin(kit_plan, 10);
    for (seed = 1; seed <= 5; seed++) {
        struct breaking k = {.any = false};
        struct run r;

        run_init(&r, &usual, false);
        queue_clear(&r.world);
        queue_init(&r.world, seed);
        r.world.places = 8;
        r.world.think_s = 0.5;
        r.study = study_new(&kit.info);
        r.tick.state = RUN_RUNNING;
        while (!hunt_over(r.hunt)) {
            second(&r);
            k = study_breaking(r.study);
            if (k.any) {
                told++;
                assert_true(k.low <= 0 || was_tried(&r, k.low, SEARCH_HOLDS));
            }
        }
        assert_true(was_tried(&r, k.high, SEARCH_BREAKS) ||
                    was_tried(&r, k.high, SEARCH_HOLDS));
        run_clear(&r);
    }
    assert_true(told > 100);
    story_kit_end(NULL);
}

static void a_quick_one_is_shorter_and_says_that_it_is_unconfirmed(void **state)
{
    struct hunt_config quick = usual;
    struct tick_hunt v;
    struct run r;

    (void)state;
    quick.quick = true;
    run_init(&r, &quick, false);
    v = until_over(&r, 360);
    assert_int_equal(v.answer.outcome, SEARCH_FOUND);
    assert_false(v.answer.confirmed);
    assert_true(v.quick);
    assert_true(fabs(v.answer.point - 57.0) <= 6);
    assert_non_null(strstr(r.last.text, "unconfirmed"));
    run_clear(&r);
}

static void a_rate_of_arrival_is_hunted_as_well(void **state)
{
    struct tick_hunt v;
    struct run r;

    (void)state;
    run_init(&r, &usual, true);
    v = until_over(&r, 1200);
    assert_int_equal(v.answer.outcome, SEARCH_FOUND);
    /* Eight places serve 80 a second, and near that they wait. */
    assert_true(v.answer.low > 60 && v.answer.high < 88);
    assert_non_null(strstr(r.last.text, "it/s"));
    run_clear(&r);
}

static void no_load_before_the_run_and_none_beyond_the_limit(void **state)
{
    struct hunt_config c = usual;
    struct tick_hunt v;
    struct run r;

    (void)state;
    c.max = 30;
    run_init(&r, &c, false);
    r.tick.state = RUN_STARTING;
    seconds(&r, 5);
    assert_int_equal(hunt_load(r.hunt), 0);
    v = until_over(&r, 400);
    assert_int_equal(v.answer.outcome, SEARCH_NONE);
    assert_true(hunt_answered(r.hunt));
    assert_int_equal(r.asked_most, 30);
    assert_string_equal(r.last.text, "no breaking point up to 30 VUs");
    run_clear(&r);
}

static void the_way_to_a_load_takes_a_moment(void **state)
{
    struct run r;
    unsigned i;
    uint32_t before = 0;

    (void)state;
    run_init(&r, &usual, false);
    r.tick.state = RUN_RUNNING;
    for (i = 0; i < 6; i++) {
        second(&r);
        assert_true(hunt_load(r.hunt) >= before &&
                    hunt_load(r.hunt) - before <= 5);
        before = hunt_load(r.hunt);
    }
    assert_int_equal(before, 20);
    run_clear(&r);
}

static void the_operator_takes_the_wheel_and_gives_it_back(void **state)
{
    struct run r;
    unsigned probes;
    uint32_t load;
    char text[256];
    struct tick_hunt v;

    (void)state;
    run_init(&r, &usual, false);
    until(&r, HUNT_MEASURE);
    load = hunt_view(r.hunt).load;
    probes = r.probes;
    r.manual = true;
    r.by_hand = 5;
    seconds(&r, 40);
    v = hunt_view(r.hunt);
    assert_int_equal(v.phase, HUNT_YOURS);
    assert_string_equal(hunt_tell_now(&v, "VUs", text, sizeof text),
                        "hunt paused: yours; a takes it back");
    assert_string_equal(r.last.text, "hunt paused: yours; a takes it back");
    assert_int_equal(r.probes, probes); /* that try says nothing */
    assert_int_equal(r.news, probes + 1);
    r.manual = false;
    second(&r);
    assert_non_null(strstr(r.last.text, "the hunt goes on"));
    assert_int_equal(hunt_view(r.hunt).phase, HUNT_RAMP);
    until(&r, HUNT_MEASURE);
    assert_int_equal(hunt_view(r.hunt).load, load);
    v = until_over(&r, 900);
    assert_int_equal(v.answer.outcome, SEARCH_FOUND);
    run_clear(&r);
}

static void after_more_by_hand_it_rests_first(void **state)
{
    struct run r;

    (void)state;
    run_init(&r, &usual, false);
    until(&r, HUNT_MEASURE);
    r.spike = true;
    r.by_hand = 120;
    seconds(&r, 10);
    assert_int_equal(hunt_view(r.hunt).phase, HUNT_YOURS);
    r.spike = false;
    second(&r);
    assert_int_equal(hunt_view(r.hunt).phase, HUNT_COOL);
    run_clear(&r);
}

static void hold_and_pause_let_it_wait(void **state)
{
    struct run r;
    uint32_t load;

    (void)state;
    run_init(&r, &usual, false);
    until(&r, HUNT_SETTLE);
    load = hunt_load(r.hunt);
    r.held = true;
    seconds(&r, 30);
    assert_string_equal(r.last.text, "hunt paused: held");
    assert_int_equal(hunt_load(r.hunt), load);
    r.held = false;
    second(&r);
    assert_int_not_equal(hunt_view(r.hunt).phase, HUNT_YOURS);
    r.tick.state = RUN_PAUSED;
    seconds(&r, 3);
    assert_string_equal(r.last.text, "hunt paused: no iteration begins");
    r.tick.state = RUN_RUNNING;
    second(&r);
    assert_non_null(strstr(r.last.text, "goes on"));
    run_clear(&r);
}

/* What it rested from is not over because somebody held it. */
static void held_at_rest_it_rests_again(void **state)
{
    struct run r;

    (void)state;
    run_init(&r, &usual, false);
    until(&r, HUNT_COOL);
    r.held = true;
    seconds(&r, 3);
    assert_int_equal(hunt_view(r.hunt).phase, HUNT_YOURS);
    r.held = false;
    second(&r);
    assert_int_equal(hunt_view(r.hunt).phase, HUNT_COOL);
    run_clear(&r);
}

static void time_that_is_up_ends_it_with_what_it_knows(void **state)
{
    struct hunt_config c = usual;
    struct tick_hunt v;
    struct run r;

    (void)state;
    c.budget_us = 100 * SEC;
    run_init(&r, &c, false);
    v = until_over(&r, 101);
    assert_int_equal(v.answer.outcome, SEARCH_UNCONFIRMED);
    assert_false(hunt_answered(r.hunt));
    assert_true(v.answer.low >= 40 && v.answer.high <= 80);
    assert_true(v.answer.low < v.answer.high);
    assert_non_null(strstr(r.last.text, "between "));
    assert_non_null(strstr(r.last.text, " VUs, unconfirmed"));
    assert_non_null(strstr(r.last.text,
                           "; its time was up: give it more (-d), or a first "
                           "load nearer to the limit (-u)"));
    assert_int_equal(v.cut, HUNT_CUT_TIME);
    assert_true(r.last.bad);
    run_clear(&r);
}

static void the_end_of_the_run_is_its_end(void **state)
{
    struct run r;

    (void)state;
    run_init(&r, &usual, false);
    until(&r, HUNT_MEASURE);
    r.tick.state = RUN_DRAINING;
    second(&r);
    assert_true(hunt_over(r.hunt));
    assert_false(hunt_answered(r.hunt));
    run_clear(&r);
}

static void a_generator_at_its_limit_ends_it(void **state)
{
    struct tick_hunt v;
    struct run r;

    (void)state;
    run_init(&r, &usual, false);
    r.tick.health.cpu = 0.97;
    v = until_over(&r, 200);
    assert_int_equal(v.answer.outcome, SEARCH_GENERATOR);
    assert_int_equal(r.probes, 3);
    assert_non_null(strstr(r.last.text, "the generator is at its limit"));
    run_clear(&r);
}

/* 12 ms of lag make a generator suspect; of 300 ms they are nothing. */
static void lag_far_below_the_limit_is_no_fault(void **state)
{
    struct run r;

    (void)state;
    run_init(&r, &usual, false);
    r.tick.health.suspect = true;
    r.tick.health.lag_p99_ms = 12;
    assert_int_equal(until_over(&r, 900).answer.outcome, SEARCH_FOUND);
    run_clear(&r);
    run_init(&r, &usual, false);
    r.tick.health.lag_p99_ms = 40;
    assert_int_equal(until_over(&r, 900).answer.outcome, SEARCH_GENERATOR);
    run_clear(&r);
}

/* Another hundred seconds of it would only break more. */
static void a_service_that_stays_down_ends_it(void **state)
{
    struct hunt_config c = usual;
    struct tick_hunt v;
    struct run r;

    (void)state;
    c.start = 50;
    run_init(&r, &c, false);
    r.tires = true;
    v = until_over(&r, 600);
    assert_int_equal(v.answer.outcome, SEARCH_UNCONFIRMED);
    assert_int_equal(v.missed, 2);
    assert_non_null(strstr(r.last.text, "does not come to itself"));
    run_clear(&r);
}

/* Half a microsecond is no tolerance that anything meets: it rests a minute,
 * twice, and ends. */
static void a_limit_below_a_microsecond_ends_as_well(void **state)
{
    struct hunt_config c = usual;
    struct tick_hunt v;
    struct run r;

    (void)state;
    c.rules.list[0].limit = 0.5;
    run_init(&r, &c, false);
    v = until_over(&r, 400);
    assert_int_equal(v.answer.outcome, SEARCH_UNCONFIRMED);
    assert_int_equal(v.missed, 2);
    run_clear(&r);
}

/* The second rule decides, and its median is what the rest is held against: at
 * the first one's 99 % that would never be met. */
static void a_rest_is_held_against_the_rule_that_was_nearest(void **state)
{
    static const struct hunt_config c = {
        .rules = {.list = {{99, 2e6, 0}, {50, 150e3, 0}, {-1, 0.05, 0}},
                  .n = 3,
                  .n_latency = 2},
        .start = 20,
        .budget_us = HUNT_BUDGET_US,
    };
    struct tick_hunt v;
    struct run r;

    (void)state;
    run_init(&r, &c, false);
    r.world.sigma = 0.5;
    v = until_over(&r, 1200);
    assert_int_equal(v.answer.outcome, SEARCH_FOUND);
    assert_int_equal(v.missed, 0);
    run_clear(&r);
}

/* Of what never answered nobody says where it breaks; least of all with words
 * about breaking, or after minutes. */
static void what_never_answers_ends_it_early(void **state)
{
    static const struct {
        enum failure by;
        uint32_t start;
        unsigned most;
        const char *says;
    } rows[] = {
        {FAILURE_REFUSED, 1, 8,
         "nothing answered: connection refused; is the service running, and is "
         "its port right?"},
        {FAILURE_DNS, 50, 12,
         "nothing answered: name could not be resolved; is the host's name "
         "right?"},
        {FAILURE_PROTOCOL, 50, 12, "is it http or https that it speaks?"},
        {FAILURE_TIMEOUT, 1, 15,
         "nothing answered: no complete response within the time-out; is it "
         "running, and is its address right?"},
        {FAILURE_NONE, 1, 15, "nothing answered: no request came to an end; "},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hunt_config c = usual;
        struct tick_hunt v;
        struct run r;

        c.start = rows[i].start;
        run_init(&r, &c, false);
        r.away = true;
        r.by = rows[i].by;
        v = until_over(&r, rows[i].most);
        assert_int_equal(v.cut, HUNT_CUT_SILENT);
        assert_false(hunt_answered(r.hunt));
        assert_string_equal(r.last.value, "unreachable");
        assert_true(r.last.bad);
        assert_null(strstr(r.last.text, "breaks at"));
        if (strstr(r.last.text, rows[i].says) == NULL) {
            fail_msg("'%s' does not say '%s'", r.last.text, rows[i].says);
        }
        run_clear(&r);
    }
}

/* Time-outs at fifty may be overload: less is tried. So is it when what once
 * answered refuses. */
static void what_may_be_overload_does_not(void **state)
{
    struct hunt_config c = usual;
    struct run r;

    (void)state;
    c.start = 50;
    run_init(&r, &c, false);
    r.away = true;
    r.by = FAILURE_TIMEOUT;
    r.tick.state = RUN_RUNNING;
    seconds(&r, 20);
    assert_false(hunt_over(r.hunt));
    assert_int_equal(hunt_view(r.hunt).phase, HUNT_COOL);
    run_clear(&r);
    run_init(&r, &c, false);
    until(&r, HUNT_SETTLE);
    second(&r);
    r.away = true;
    r.by = FAILURE_REFUSED;
    seconds(&r, 15);
    assert_int_equal(hunt_view(r.hunt).cut, HUNT_CUT_NONE);
    assert_int_equal(hunt_view(r.hunt).phase, HUNT_COOL);
    run_clear(&r);
}

/* Requests, one after the other, that a load has nothing to do with. */
static void what_fails_without_a_load_is_no_overload(void **state)
{
    static const struct {
        enum failure by;
        uint16_t status;
        uint32_t start;
        bool third;
        unsigned most, asked; /* seconds, and the highest load, at most */
        const char *says;
    } rows[] = {
        {FAILURE_HTTP_4XX, 415, 1, false, 8, 1,
         "the plan fails at 1 VU: HTTP 415 on all "},
        {FAILURE_HTTP_4XX, 415, 50, false, 8, 50,
         "the plan fails, whatever the load: HTTP 415 on all "},
        {FAILURE_UNRESOLVED, 0, 1, true, 30, 1,
         "the plan fails at 1 VU: a value had no content, so nothing was "
         "sent on all "},
        {FAILURE_HTTP_4XX, 404, 1, true, 30, 1,
         "the plan fails at 1 VU: HTTP 404 on all "},
        /* Overload brings these, too, but not at one. */
        {FAILURE_HTTP_5XX, 500, 1, false, 12, 1,
         "the plan fails at 1 VU: HTTP 500 on all "},
        {FAILURE_HTTP_5XX, 500, 50, false, 40, 50,
         "the plan fails at 1 VU: HTTP 500 on all "},
        {FAILURE_HTTP_5XX, 500, 1, true, 80, 1,
         "the plan fails at 1 VU: HTTP 500 on all "},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hunt_config c = usual;
        struct tick_hunt v;
        struct run r;

        c.start = rows[i].start;
        run_init(&r, &c, false);
        r.away = true;
        r.by = rows[i].by;
        r.status = rows[i].status;
        r.third = rows[i].third;
        v = until_over(&r, rows[i].most);
        assert_int_equal(v.cut, HUNT_CUT_PLAN);
        assert_false(hunt_answered(r.hunt));
        assert_string_equal(r.last.value, "plan");
        assert_true(r.last.bad && r.asked_most <= rows[i].asked);
        assert_true(r.probes <= 1);
        if (strncmp(r.last.text, rows[i].says, strlen(rows[i].says)) != 0) {
            fail_msg("'%s' does not say '%s'", r.last.text, rows[i].says);
        }
        assert_non_null(strstr(
            r.last.text, " requests; look with brunt run PLAN -u 1 -i 5"));
        assert_true(v.fault.failed == v.fault.all && v.fault.all >= 5);
        if (rows[i].status > 0) {
            assert_non_null(strstr(r.last.text, "; it says: send JSON"));
        }
        run_clear(&r);
    }
}

/* A service that once was as it should be is another matter, as is one that
 * says that it is too much. */
static void what_a_load_may_explain_is_hunted_on(void **state)
{
    struct hunt_config c = usual;
    struct run r;

    (void)state;
    run_init(&r, &c, false);
    until(&r, HUNT_SETTLE);
    seconds(&r, 2);
    r.away = true;
    r.by = FAILURE_HTTP_4XX;
    r.status = 415;
    seconds(&r, 12);
    assert_int_equal(hunt_view(r.hunt).cut, HUNT_CUT_NONE);
    run_clear(&r);
    c.start = 50;
    run_init(&r, &c, false);
    r.away = true;
    r.by = FAILURE_HTTP_429;
    r.status = 429;
    r.tick.state = RUN_RUNNING;
    seconds(&r, 18);
    assert_int_equal(hunt_view(r.hunt).phase, HUNT_COOL);
    r.away = false; /* at one it is itself again, and less is tried */
    until(&r, HUNT_SETTLE);
    assert_int_equal(hunt_view(r.hunt).load, 12);
    run_clear(&r);
}

static const char checked_plan[] =
    "{\"name\":\"x\",\"flow\":[{\"get\":\"http://127.0.0.1:1/a\","
    "\"checks\":{\"has output\":{\"contains\":\"o\"}}}],"
    "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":1,"
    "\"duration\":\"1s\"}}}";

static void a_check_that_never_passes_is_no_breaking_point(void **state)
{
    struct plan_input in = {"x.json", NULL, 0, NULL};
    struct plan_errors errors = {NULL, 0, 0};
    struct plan *p =
        plan_parse(checked_plan, strlen(checked_plan), &in, &errors);
    struct hunt_config c = usual;
    struct tick_hunt v;
    struct run r;

    (void)state;
    assert_non_null(p);
    c.plan = p;
    run_init(&r, &c, false);
    r.unchecked = true;
    v = until_over(&r, 12);
    assert_int_equal(v.cut, HUNT_CUT_PLAN);
    assert_int_equal(v.fault.kind, FAILURE_CHECK);
    assert_non_null(strstr(r.last.text, "check 'has output' has failed all "));
    run_clear(&r);
    /* Of requests that fail, checks fail, too. */
    c.start = 50;
    run_init(&r, &c, false);
    r.unchecked = r.away = true;
    r.by = FAILURE_HTTP_5XX;
    r.status = 503;
    r.tick.state = RUN_RUNNING;
    seconds(&r, 12);
    assert_int_equal(hunt_view(r.hunt).cut, HUNT_CUT_NONE);
    run_clear(&r);
    /* What has no name but its URL is told by its path. */
    run_init(&r, &c, false);
    r.away = true;
    r.by = FAILURE_HTTP_4XX;
    r.status = 404;
    (void)until_over(&r, 12);
    assert_non_null(strstr(r.last.text, " requests of GET /a; look"));
    run_clear(&r);
    plan_free(&p);
}

/* One VU that waits longer than it may: nothing lower can be tried. */
static void a_limit_that_one_is_over_ends_it(void **state)
{
    struct hunt_config c = usual;
    struct tick_hunt v;
    struct run r;

    (void)state;
    c.start = 1;
    run_init(&r, &c, false);
    r.tired = 4;
    v = until_over(&r, 80);
    assert_int_equal(v.answer.outcome, SEARCH_BELOW);
    assert_int_equal(v.cut, HUNT_CUT_NONE);
    assert_int_equal(r.probes, 1);
    assert_string_equal(r.last.value, "below");
    assert_non_null(strstr(r.last.text, "even 1 VU is over the limit: p95 "));
    assert_non_null(strstr(r.last.text, ", limit 300 ms; raise --limit"));
    run_clear(&r);
}

/* No request failed: how far p95 is from its limit is told all the same. */
static void an_errors_rule_that_is_nearest_leaves_p95_in_sight(void **state)
{
    struct tick_probe p = {.load = 60,
                           .percentile = -1,
                           .limit = 0.05,
                           .words = {RULE_SHARE, "errors"}};
    char text[256];

    (void)state;
    p.report = (struct probe_report){.verdict = SEARCH_HOLDS,
                                     .reason = PROBE_ERRORS,
                                     .requests = 100,
                                     .rps = 240,
                                     .p95_us = 12000,
                                     .value_us = 12000};
    assert_string_equal(hunt_tell_probe(&p, "VUs", text, sizeof text),
                        "60 VUs hold: no errors, p95 12.0 ms, 240 req/s");
    p.load = 1;
    assert_string_equal(hunt_tell_probe(&p, "VUs", text, sizeof text),
                        "1 VU holds: no errors, p95 12.0 ms, 240 req/s");
    p.load = 60;
    p.report.failed = 1;
    p.report.error_rate = p.report.share = 0.01;
    assert_string_equal(hunt_tell_probe(&p, "VUs", text, sizeof text),
                        "60 VUs hold: errors 1.0 % of 5.0 %, p95 12.0 ms, "
                        "240 req/s");
}

static void a_try_that_says_nothing_says_why(void **state)
{
    struct tick_probe p = {.load = 62,
                           .percentile = 95,
                           .limit = 200e3,
                           .words = {RULE_TIME, "p95"}};
    char text[256];

    (void)state;
    p.report = (struct probe_report){.verdict = SEARCH_INVALID,
                                     .reason = PROBE_GENERATOR,
                                     .rps = 240,
                                     .why = "loop lag p99 14 ms"};
    assert_string_equal(hunt_tell_probe(&p, "VUs", text, sizeof text),
                        "62 VUs: not enough to say, again: loop lag p99 14 ms, "
                        "240 req/s");
}

static void a_load_of_one_is_not_several(void **state)
{
    struct tick_hunt h = {.answer = {.outcome = SEARCH_OPEN, .low = 1}};
    char text[256];

    (void)state;
    assert_string_equal(hunt_tell_answer(&h, "VUs", text, sizeof text),
                        "more than 1 VU");
    h.answer = (struct search_answer){.outcome = SEARCH_OPEN, .high = 1};
    assert_string_equal(hunt_tell_answer(&h, "VUs", text, sizeof text),
                        "less than 1 VU");
}

/* All that a service is held against elsewhere, but for what no share can be
 * held against; and of what nothing is asked there is no limit. */
static void rules_are_the_plan_s_thresholds(void **state)
{
    static const char text[] =
        "{\"name\":\"x\",\"flow\":[{\"get\":\"http://127.0.0.1:1/\","
        "\"name\":\"R\",\"checks\":{\"ok\":{\"status\":200}}}],\"flows\":{"
        "\"q\":[{"
        "\"get\":\"http://127.0.0.1:1/\",\"name\":\"Q\"}]},\"scenarios\":{"
        "\"s\":{\"executor\":\"constant-vus\",\"vus\":1,\"duration\":\"1s\"},"
        "\"t\":{\"executor\":\"constant-vus\",\"vus\":1,\"duration\":\"1s\","
        "\"exec\":\"q\"}},\"thresholds\":{"
        "\"http_req_duration\":[\"p(95)<300\",\"avg<100\",\"med<1s\"],"
        "\"http_req_duration{name:R}\":[\"p(95)<10\",\"p(100)<90\"],"
        "\"http_req_duration{name:Q}\":[\"p(95)<20\"],"
        "\"checks\":[\"rate>0.9\"],"
        "\"http_req_failed\":[\"rate<0.01\"]}}";
    struct plan_input in = {"x.json", NULL, 0, NULL};
    struct plan_errors errors = {NULL, 0, 0};
    struct plan *p = plan_parse(text, strlen(text), &in, &errors);
    struct hunt_config c = {.plan = p};
    unsigned n = 0, i;

    (void)state;
    assert_non_null(p);
    c.lineup = plan_lineup(p, "s");
    rules_of(p, &c.rules);
    assert_int_equal(c.rules.n, 7);
    assert_int_equal(hunt_limits(&c), 3); /* p95, median, p95 of R */
    for (i = 0; i < p->n_thresholds; i++) {
        n += hunt_is_for(p, &p->thresholds[i]);
    }
    assert_int_equal(n, 6);
    plan_set_limit(p, 250000);
    rules_of(p, &c.rules);
    assert_int_equal(hunt_limits(&c), 2);
    assert_string_equal(p->thresholds[0].expression, "p(95)<250");
    assert_true(hunt_is_for(p, &p->thresholds[0]));
    assert_true(c.rules.list[0].limit == 250e3);
    plan_free(&p);
}

static void a_lineup_is_hunted_without_its_executor(void **state)
{
    static const char text[] =
        "{\"name\":\"x\",\"flow\":[{\"get\":\"http://127.0.0.1:1/\"}],"
        "\"scenarios\":{\"ramp\":{\"executor\":\"ramping-vus\",\"startTime\":"
        "\"5s\",\"stages\":[{\"duration\":\"1s\",\"target\":9,\"name\":\"a\"}]}"
        ",\"two\":[{\"executor\":\"constant-vus\",\"vus\":1,\"duration\":"
        "\"1s\"},{\"executor\":\"constant-vus\",\"vus\":1,\"duration\":"
        "\"1s\"}]}}";
    struct plan_input in = {"x.json", NULL, 0, NULL};
    struct plan_errors errors = {NULL, 0, 0};
    struct plan *p = plan_parse(text, strlen(text), &in, &errors);
    struct plan_hunt h = {.start = 7};
    struct err e = ERR_INIT;
    struct lineup *l;

    (void)state;
    assert_non_null(p);
    l = plan_hunted(plan_lineup(p, "ramp"), &h, &e);
    assert_non_null(l);
    assert_int_equal(l->list[0].executor, EXECUTOR_CONSTANT_VUS);
    assert_int_equal(l->list[0].vus, 7);
    assert_int_equal(l->list[0].start_time_us, 0);
    assert_true(l->list[0].duration_us == UINT64_MAX);
    assert_int_equal(l->list[0].n_stages, 0);
    lineup_free(&l);
    h = (struct plan_hunt){.rate = true, .start = 9, .max_vus = 8};
    l = plan_hunted(plan_lineup(p, "ramp"), &h, &e);
    assert_non_null(l);
    assert_int_equal(l->list[0].executor, EXECUTOR_CONSTANT_ARRIVAL_RATE);
    assert_int_equal(l->list[0].rate, 9);
    assert_int_equal(l->list[0].time_unit_us, SEC);
    assert_int_equal(l->list[0].max_vus, 8);
    assert_int_equal(l->list[0].pre_allocated_vus, 8);
    lineup_free(&l);
    assert_null(plan_hunted(plan_lineup(p, "two"), &h, &e));
    assert_non_null(strstr(e.text, "2 scenarios at once"));
    plan_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_finds_where_a_queue_breaks_and_ends),
        cmocka_unit_test(where_it_breaks_is_between_loads_that_were_tried),
        cmocka_unit_test(
            a_quick_one_is_shorter_and_says_that_it_is_unconfirmed),
        cmocka_unit_test(a_rate_of_arrival_is_hunted_as_well),
        cmocka_unit_test(no_load_before_the_run_and_none_beyond_the_limit),
        cmocka_unit_test(the_way_to_a_load_takes_a_moment),
        cmocka_unit_test(the_operator_takes_the_wheel_and_gives_it_back),
        cmocka_unit_test(after_more_by_hand_it_rests_first),
        cmocka_unit_test(hold_and_pause_let_it_wait),
        cmocka_unit_test(held_at_rest_it_rests_again),
        cmocka_unit_test(time_that_is_up_ends_it_with_what_it_knows),
        cmocka_unit_test(the_end_of_the_run_is_its_end),
        cmocka_unit_test(a_generator_at_its_limit_ends_it),
        cmocka_unit_test(lag_far_below_the_limit_is_no_fault),
        cmocka_unit_test(a_service_that_stays_down_ends_it),
        cmocka_unit_test(a_limit_below_a_microsecond_ends_as_well),
        cmocka_unit_test(a_rest_is_held_against_the_rule_that_was_nearest),
        cmocka_unit_test(what_never_answers_ends_it_early),
        cmocka_unit_test(what_may_be_overload_does_not),
        cmocka_unit_test(what_fails_without_a_load_is_no_overload),
        cmocka_unit_test(what_a_load_may_explain_is_hunted_on),
        cmocka_unit_test(a_check_that_never_passes_is_no_breaking_point),
        cmocka_unit_test(a_limit_that_one_is_over_ends_it),
        cmocka_unit_test(an_errors_rule_that_is_nearest_leaves_p95_in_sight),
        cmocka_unit_test(a_try_that_says_nothing_says_why),
        cmocka_unit_test(a_load_of_one_is_not_several),
        cmocka_unit_test(rules_are_the_plan_s_thresholds),
        cmocka_unit_test(a_lineup_is_hunted_without_its_executor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
