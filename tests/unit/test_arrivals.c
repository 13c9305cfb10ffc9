/* SPDX-License-Identifier: MIT
 *
 * test_arrivals - iterations of arrival rates begin when they are due, exactly,
 * on a virtual clock: growing, dropping, queueing, pausing, steering, ending.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/rng.h"
#include "base/xalloc.h"
#include "plan/schedule.h"
#include "support/squad_world.h"

#define MS US_PER_MS
#define S  US_PER_SEC

/* What the service does, and when requests came to it. */
struct service {
    uint64_t takes_us;
    uint64_t long_us; /* every tenth takes so long; 0 = none does */
    struct manual_clk *clk;
    mono_us at[20000];  /* since the beginning */
    unsigned vu[20000]; /* who asked */
    size_t n;
};

static struct service service;

static void service_answer(void *ctx, const struct fake_call *call,
                           struct fake_reply *reply)
{
    struct service *s = ctx;
    uint64_t vu = 0;

    assert_true(num_u64(strrchr(call->call->url, '/') + 1, 0, 1000000, &vu));
    if (s->n < 20000) {
        s->vu[s->n] = (unsigned)vu;
        s->at[s->n++] = s->clk->now - WORLD_START;
    }
    reply->after_us =
        s->long_us > 0 && s->n % 10 == 0 ? s->long_us : s->takes_us;
}

/* A plan whose scenario has these members, n squads, and a service that takes
 * so long. */
static struct world *arrive(const char *members, unsigned n, uint64_t takes_us)
{
    char *text =
        xasprintf("{\"flow\":[{\"get\":\"http://h/${vu}\",\"name\":\"A\"}],"
                  "\"scenarios\":{\"s\":{%s}}}",
                  members);
    struct world *w = world_new(text, n, 1);

    free(text);
    memset(&service, 0, sizeof service);
    service.takes_us = takes_us;
    service.clk = &w->clk;
    w->fake.answer = service_answer;
    w->fake.ctx = &service;
    return w;
}

#define CONSTANT(rate, more)                                                   \
    "\"executor\":\"constant-arrival-rate\",\"rate\":" rate                    \
    ",\"duration\":\"10s\"," more

/* The run's end, as the conductor makes it. */
static void drain(struct world *w)
{
    w->desired.graceful_us = 30 * S;
    world_phase(w, LOAD_DRAIN);
    world_pass(w, 30 * S);
    assert_int_equal(w->fake.open_ports, 0);
}

static void a_constant_rate_begins_on_time_to_the_microsecond(void **state)
{
    (void)state;
    for (unsigned squads = 1; squads <= 4; squads++) {
        struct world *w =
            arrive(CONSTANT("30", "\"preAllocatedVUs\":7"), squads, 100 * MS);
        struct delta *d;

        world_follow(w, 0);
        assert_int_equal(service.n, 0);
        assert_int_equal(world_state(w).allocated, 7);
        world_pass(w, 20 * S);
        drain(w);
        assert_int_equal(service.n, 300);
        for (size_t i = 0; i < 300; i++) {
            uint64_t exact = i * S / 30, off = service.at[i] - exact;

            assert_true(off <= 1);
        }
        d = world_take(w);
        assert_int_equal(d->iterations, 300);
        assert_int_equal(d->dropped, 0);
        assert_int_equal(d->late.count, 300);
        assert_int_equal(d->late.max, 0);
        delta_free(&d);
        world_free(&w);
    }
}

/* 10 a second, growing by 2 a second each second: n = 10 t + t². */
static void a_ramp_begins_each_when_the_area_says(void **state)
{
    struct world *w =
        arrive("\"executor\":\"ramping-arrival-rate\",\"startRate\":10,"
               "\"stages\":[{\"duration\":\"10s\",\"target\":30},"
               "{\"duration\":\"0s\",\"target\":2},"
               "{\"duration\":\"3s\",\"target\":2}],\"preAllocatedVUs\":5",
               1, 10 * MS);

    (void)state;
    world_follow(w, 0);
    world_pass(w, 20 * S);
    drain(w);
    assert_int_equal(service.n, 206);
    assert_int_equal(service.at[10], S);       /* the 11th */
    assert_int_equal(service.at[199], 10 * S); /* the 200th */
    assert_int_equal(service.at[200], 10500 * MS);
    assert_int_equal(service.at[205], 13 * S);
    /* n = 24: 10 t + t² = 24. */
    assert_int_equal(service.at[23], 2 * S);
    world_free(&w);
}

static void a_time_unit_of_a_minute_spreads_over_it(void **state)
{
    struct world *w = arrive("\"executor\":\"constant-arrival-rate\","
                             "\"rate\":6,\"timeUnit\":\"1m\","
                             "\"duration\":\"2m\",\"preAllocatedVUs\":1",
                             2, MS);

    (void)state;
    world_follow(w, 0);
    world_pass(w, 130 * S);
    assert_int_equal(service.n, 12);
    for (size_t i = 0; i < 12; i++) {
        assert_int_equal(service.at[i], i * 10 * S);
        assert_int_equal(service.vu[i], 1); /* the only one */
    }
    drain(w);
    world_free(&w);
}

/* Ten a second, each takes a second: ten VUs are busy, one is there. */
static void
vus_grow_to_the_maximum_and_then_iterations_are_dropped(void **state)
{
    struct world *w =
        arrive(CONSTANT("10", "\"preAllocatedVUs\":1,\"maxVUs\":4"), 1, S);
    struct delta *d;

    (void)state;
    world_follow(w, 0);
    assert_int_equal(world_state(w).allocated, 1);
    world_pass(w, 250 * MS);
    assert_int_equal(world_state(w).allocated, 3);
    assert_int_equal(world_state(w).active, 3);
    world_pass(w, 700 * MS);
    assert_int_equal(world_state(w).allocated, 4);
    d = world_take(w);
    assert_int_equal(d->dropped, 6);
    assert_int_equal(d->scenarios[0].dropped, 6);
    delta_free(&d);
    world_pass(w, 20 * S);
    drain(w);
    d = world_take(w);
    /* 4 begin each second, 6 do not. */
    assert_int_equal(service.n, 40);
    assert_int_equal(d->dropped, 54);
    assert_int_equal(d->iterations, 40);
    for (size_t i = 0; i < 40; i++) {
        assert_int_equal(service.at[i], i / 4 * S + i % 4 * 100 * MS);
    }
    delta_free(&d);
    world_free(&w);
}

static void enough_vus_drop_nothing_and_the_lowest_go_first(void **state)
{
    struct world *w = arrive(
        CONSTANT("10", "\"preAllocatedVUs\":8,\"maxVUs\":20"), 1, 250 * MS);
    struct delta *d;

    (void)state;
    world_follow(w, 0);
    world_pass(w, 20 * S);
    drain(w);
    d = world_take(w);
    assert_int_equal(d->dropped, 0);
    assert_int_equal(service.n, 100);
    for (size_t i = 0; i < 100; i++) {
        assert_in_range(service.vu[i], 1, 3);
    }
    delta_free(&d);
    world_free(&w);
}

/* "queue": the 2nd waits for the 1st, and so on; the wait counts in
 * http_req_intended_duration and not in http_req_duration. */
static void a_queue_begins_late_and_the_wait_counts(void **state)
{
    struct world *w =
        arrive(CONSTANT("10", "\"preAllocatedVUs\":1,\"whenBusy\":\"queue\""),
               1, 200 * MS);
    struct delta *d;

    (void)state;
    world_follow(w, 0);
    world_pass(w, S - 1);
    assert_int_equal(service.n, 5);
    assert_int_equal(world_state(w).queued, 5);
    d = world_take(w);
    assert_int_equal(d->dropped, 0);
    assert_int_equal(d->series[0].phase[PHASE_DURATION].max, 200 * MS);
    /* The 4th was due at 300 ms, began at 600 and ended at 800. */
    assert_int_equal(d->series[0].phase[PHASE_INTENDED].max, 500 * MS);
    assert_int_equal(d->series[0].phase[PHASE_INTENDED].min, 200 * MS);
    /* Looked at on time: the wait is the service's, not the generator's. */
    assert_int_equal(d->late.max, 0);
    delta_free(&d);
    w->desired.graceful_us = 30 * S;
    world_phase(w, LOAD_DRAIN);
    d = world_take(w);
    /* What never began is not lost from the count. */
    assert_int_equal(d->dropped, 5);
    delta_free(&d);
    world_pass(w, 30 * S);
    world_free(&w);
}

/* Only an iteration's first request is timed from when that was due. */
static void
later_requests_are_timed_from_when_they_were_handed_over(void **state)
{
    struct world *w = world_new(
        "{\"flow\":[{\"get\":\"http://h/1\",\"name\":\"A\"},{\"think\":\"1s\"},"
        "{\"get\":\"http://h/2\",\"name\":\"B\"}],\"scenarios\":{\"s\":{"
        "\"executor\":\"constant-arrival-rate\",\"rate\":10,"
        "\"duration\":\"200ms\",\"preAllocatedVUs\":1,"
        "\"whenBusy\":\"queue\"}}}",
        1, 1);
    struct delta *d;

    (void)state;
    world_follow(w, 0);
    world_pass(w, 5 * S);
    d = world_take(w);
    assert_int_equal(d->n_series, 2);
    /* The first at once; the second was due at 100 ms and began at 1002. */
    assert_int_equal(d->series[0].phase[PHASE_INTENDED].count, 2);
    assert_int_equal(d->series[0].phase[PHASE_INTENDED].min, MS);
    assert_int_equal(d->series[0].phase[PHASE_INTENDED].max, 903 * MS);
    assert_int_equal(d->series[1].phase[PHASE_INTENDED].max, MS);
    delta_free(&d);
    world_free(&w);
}

static void a_late_loop_begins_what_was_due_late_and_loses_none(void **state)
{
    struct world *w = arrive(CONSTANT("100", "\"preAllocatedVUs\":50"), 1, MS);
    struct delta *d;

    (void)state;
    world_follow(w, 0);
    world_pass(w, S - 1);
    assert_int_equal(service.n, 100);
    w->clk.now += 300 * MS; /* the loop stood still */
    world_turn(w);
    assert_int_equal(service.n, 130);
    d = world_take(w);
    assert_int_equal(d->late.count, 130);
    assert_int_equal(d->late.max, 300 * MS - 1);
    delta_free(&d);
    world_pass(w, 100 * MS);
    d = world_take(w);
    /* From when they were due, though they went out late. */
    assert_int_equal(d->series[0].phase[PHASE_INTENDED].max, 301 * MS - 1);
    assert_int_equal(d->series[0].phase[PHASE_DURATION].max, MS);
    delta_free(&d);
    world_pass(w, 20 * S);
    drain(w);
    assert_int_equal(service.n, 1000);
    world_free(&w);
}

static void a_turn_begins_a_bounded_number(void **state)
{
    struct world *w =
        arrive(CONSTANT("20000", "\"preAllocatedVUs\":5000"), 1, S);

    (void)state;
    world_follow(w, 0);
    w->clk.now += 200 * MS;
    world_turn(w);
    assert_int_equal(world_state(w).iterations_begun, 1000);
    world_turn(w);
    assert_int_equal(world_state(w).iterations_begun, 2000);
    world_turn(w);
    world_turn(w);
    world_turn(w);
    assert_int_equal(world_state(w).iterations_begun, 4001);
    drain(w);
    world_free(&w);
}

static void a_pause_stops_the_schedule_and_nothing_is_made_up_for(void **state)
{
    struct world *w = arrive(CONSTANT("10", "\"preAllocatedVUs\":3"), 2, MS);

    (void)state;
    world_follow(w, 0);
    world_pass(w, 950 * MS);
    assert_int_equal(service.n, 10);
    w->desired.paused = true;
    w->desired.held = true; /* as a pause also holds the stage clock */
    w->desired.held_us = 950 * MS;
    world_post(w);
    world_pass(w, 5 * S);
    assert_int_equal(service.n, 10);
    w->desired.paused = false;
    world_follow(w, 950 * MS);
    world_pass(w, 49 * MS);
    assert_int_equal(service.n, 10);
    world_pass(w, MS);
    assert_int_equal(service.n, 11);
    world_pass(w, 20 * S);
    drain(w);
    assert_int_equal(service.n, 100);
    world_free(&w);
}

static void what_waits_in_the_queue_waits_through_a_pause(void **state)
{
    struct world *w =
        arrive(CONSTANT("10", "\"preAllocatedVUs\":1,\"whenBusy\":\"queue\""),
               1, 200 * MS);

    (void)state;
    world_follow(w, 0);
    world_pass(w, 350 * MS); /* 0..3 are due; the second runs */
    w->desired.paused = true;
    world_post(w);
    world_pass(w, 5 * S);
    assert_int_equal(service.n, 2);
    assert_int_equal(world_state(w).queued, 2);
    assert_int_equal(world_state(w).active, 0);
    w->desired.paused = false;
    world_follow(w, 350 * MS);
    assert_int_equal(service.n, 3);
    drain(w);
    world_free(&w);
}

static void a_hold_keeps_the_rate_of_the_moment(void **state)
{
    struct world *w =
        arrive("\"executor\":\"ramping-arrival-rate\",\"startRate\":0,"
               "\"stages\":[{\"duration\":\"10s\",\"target\":100}],"
               "\"preAllocatedVUs\":20",
               1, MS);

    (void)state;
    world_follow(w, 0);
    world_pass(w, 2 * S); /* 5 t² = 20 */
    assert_int_equal(service.n, 20);
    w->desired.held = true;
    w->desired.held_us = 2 * S;
    world_post(w);
    world_pass(w, 3 * S);
    assert_int_equal(service.n, 80);
    assert_int_equal(service.at[79] - service.at[78], 50 * MS);
    drain(w);
    world_free(&w);
}

static void a_rate_set_by_hand_holds_from_then_on_without_a_burst(void **state)
{
    struct world *w = arrive(CONSTANT("2", "\"preAllocatedVUs\":20"), 3, MS);

    (void)state;
    world_follow(w, 0);
    world_pass(w, 3250 * MS); /* 0, 0.5 … 3.0: half of the next is over */
    assert_int_equal(service.n, 7);
    w->desired.follow = false;
    w->desired.level = 100;
    world_post(w);
    world_pass(w, S);
    assert_int_equal(service.n, 107);
    assert_int_equal(service.at[7], 3255 * MS);
    assert_int_equal(service.at[8], 3265 * MS);
    w->desired.level = 0;
    world_post(w);
    world_pass(w, 100 * S);
    assert_int_equal(service.n, 107);
    /* Back to the plan, whose clock has gone on. */
    world_follow(w, 5 * S);
    world_pass(w, S);
    assert_int_equal(service.n, 109);
    drain(w);
    world_free(&w);
}

/* Keys are held down: the rate is set anew again and again, and iterations
 * neither pile up nor starve. */
static void many_changes_neither_make_bursts_nor_starve(void **state)
{
    struct world *w = arrive(CONSTANT("1", "\"preAllocatedVUs\":20"), 2, MS);

    (void)state;
    w->desired.follow = false;
    w->desired.phase = LOAD_RUN;
    for (unsigned i = 0; i < 1000; i++) {
        w->desired.level = 5 + i % 2;
        world_post(w);
        world_pass(w, 10 * MS);
    }
    /* Ten seconds at 5.5 a second. */
    assert_in_range(service.n, 55, 56);
    for (size_t i = 1; i < service.n; i++) {
        assert_in_range(service.at[i] - service.at[i - 1], 150 * MS, 210 * MS);
    }
    drain(w);
    world_free(&w);
}

static void what_was_due_before_a_late_order_begins_all_the_same(void **state)
{
    struct world *w = arrive(CONSTANT("10", "\"preAllocatedVUs\":9"), 1, MS);

    (void)state;
    world_follow(w, 0);
    world_pass(w, 150 * MS);
    assert_int_equal(service.n, 2);
    /* The order comes before the timers have had their turn. */
    w->clk.now += 200 * MS;
    w->desired.follow = false;
    w->desired.level = 1;
    world_post(w);
    assert_int_equal(service.n, 4);
    drain(w);
    world_free(&w);
}

/* Due up to now, by all that was posted. */
static uint64_t due_by_now(const struct world *w)
{
    return schedule_count(&w->curve,
                          desired_area(&w->posted, &w->curve, w->clk.now));
}

static void states_that_nobody_looked_at_lose_none_of_what_was_due(void **state)
{
    (void)state;
    for (unsigned squads = 1; squads <= 3; squads++) {
        struct world *w =
            arrive(CONSTANT("10", "\"preAllocatedVUs\":90"), squads, 2 * S);

        w->asleep = true;
        world_follow(w, 0); /* the very first, too */
        w->clk.now += 250 * MS;
        w->desired.follow = false;
        w->desired.level = 100;
        world_post(w);
        w->clk.now += 200 * MS;
        w->desired.paused = true;
        world_post(w);
        w->clk.now += S;
        w->desired.paused = false;
        w->desired.level = 20;
        world_post(w);
        w->clk.now += 500 * MS + 10;
        world_look(w);
        world_turn(w);
        assert_int_equal(due_by_now(w), 33); /* 2.5 + 20 + 0 + 10 */
        assert_int_equal(service.n, 33);
        w->asleep = true;
        w->clk.now += 100 * MS;
        w->desired.level = 1;
        world_post(w);
        world_phase(w, LOAD_DRAIN);
        world_look(w);
        assert_int_equal(due_by_now(w), 35);
        assert_int_equal(service.n, 35);
        drain(w);
        world_free(&w);
    }
}

static void stuck_worker_keeps_a_bounded_number_of_states(void **state)
{
    struct posts p = {.width = 2}, taken = {.width = 2};

    (void)state;
    for (unsigned i = 1; i <= 1000; i++) {
        struct desired list[2] = {{.revision = i, .level = 1},
                                  {.revision = i, .level = 2}};

        posts_add(&p, list, i);
    }
    posts_take(&p, &taken);
    assert_int_equal(p.n, 0);
    assert_int_equal(taken.n, POSTS_MAX);
    assert_int_equal(taken.list[0].revision, 1);
    assert_int_equal(taken.list[2 * POSTS_MAX - 1].revision, 1000);
    assert_int_equal(taken.list[2 * POSTS_MAX - 1].level, 2);
    assert_int_equal(taken.gaps_us[POSTS_MAX - 1], 1000);
    posts_clear(&p);
    posts_clear(&taken);
}

/* What one worker makes of a plan, and how the figures of several compare. */
struct course {
    size_t n;
    mono_us at[1000];
    uint64_t dropped, iterations;
    uint32_t allocated[100];
    uint64_t queued[100];
    uint64_t intended_min, intended_max;
};

/* Ten seconds, in which every tenth takes long_us. */
static struct course course(const char *members, unsigned squads,
                            uint64_t long_us)
{
    struct world *w = arrive(members, squads, 3141);
    struct course c = {0};
    struct delta *d;

    service.long_us = long_us;
    world_follow(w, 0);
    for (size_t i = 0; i < 100; i++) {
        world_pass(w, 100 * MS);
        c.allocated[i] = world_state(w).allocated;
        c.queued[i] = world_state(w).queued;
    }
    drain(w);
    d = world_take(w);
    c.n = service.n;
    memcpy(c.at, service.at, c.n * sizeof *c.at);
    c.dropped = d->dropped;
    c.iterations = d->iterations;
    c.intended_min = d->series[0].phase[PHASE_INTENDED].min;
    c.intended_max = d->series[0].phase[PHASE_INTENDED].max;
    delta_free(&d);
    world_free(&w);
    return c;
}

/* As if one worker had all VUs: the same begin, at the same moments, and as
 * many VUs are made for it. */
static struct course course_of_any(const char *members, uint64_t long_us)
{
    static const unsigned squads[] = {2, 3, 8};
    struct course one = course(members, 1, long_us);

    for (size_t i = 0; i < sizeof squads / sizeof *squads; i++) {
        struct course c = course(members, squads[i], long_us);

        assert_int_equal(c.dropped, one.dropped);
        assert_int_equal(c.iterations, one.iterations);
        assert_int_equal(c.n, one.n);
        assert_memory_equal(c.at, one.at, one.n * sizeof *one.at);
        assert_memory_equal(c.allocated, one.allocated, sizeof one.allocated);
        assert_memory_equal(c.queued, one.queued, sizeof one.queued);
        assert_int_equal(c.intended_min, one.intended_min);
        assert_int_equal(c.intended_max, one.intended_max);
    }
    return one;
}

static void none_is_dropped_while_a_vu_is_free_whoever_has_it(void **state)
{
    struct course c = course_of_any(
        CONSTANT("40", "\"preAllocatedVUs\":8,\"maxVUs\":8"), 1000 * MS + 7);

    (void)state;
    /* Four or five are busy at a time. */
    assert_int_equal(c.dropped, 0);
    assert_int_equal(c.n, 400);
    assert_int_equal(c.allocated[99], 8);
    for (size_t i = 0; i < c.n; i++) {
        assert_int_equal(c.at[i], i * 25 * MS);
    }
}

static void as_many_are_dropped_however_many_workers_there_are(void **state)
{
    static const char *const vus[] = {"1", "2", "3", "5", "7"};

    (void)state;
    for (size_t i = 0; i < sizeof vus / sizeof *vus; i++) {
        char *members =
            xasprintf(CONSTANT("40", "\"preAllocatedVUs\":%s"), vus[i]);
        struct course c = course_of_any(members, 2000 * MS + 7);

        assert_true(c.dropped > 0);
        assert_int_equal(c.dropped + c.n, 400);
        free(members);
    }
}

static void vus_are_made_only_when_none_is_free_anywhere(void **state)
{
    struct course c = course_of_any(
        CONSTANT("40", "\"preAllocatedVUs\":2,\"maxVUs\":30"), 1000 * MS + 7);

    (void)state;
    assert_int_equal(c.dropped, 0);
    assert_in_range(c.allocated[99], 5, 6);
    c = course_of_any(CONSTANT("40", "\"preAllocatedVUs\":1,\"maxVUs\":4"),
                      2000 * MS + 7);
    assert_true(c.dropped > 0);
    assert_int_equal(c.allocated[99], 4);
}

static void what_waits_begins_oldest_first_with_whoever_is_free(void **state)
{
    struct course c = course_of_any(
        CONSTANT("40", "\"preAllocatedVUs\":8,\"whenBusy\":\"queue\""),
        1000 * MS + 7);

    (void)state;
    /* Nobody waits while a VU is free. */
    assert_int_equal(c.n, 400);
    assert_true(c.intended_max <= 1001 * MS);
    c = course_of_any(
        CONSTANT("40", "\"preAllocatedVUs\":3,\"whenBusy\":\"queue\""),
        1000 * MS + 7);
    assert_true(c.queued[99] > 0);
    assert_int_equal(c.n + c.dropped, 400);
    assert_true(c.intended_max > 1500 * MS);
}

/* Worker 1 has a free VU and has not looked at its orders yet: what worker 0
 * hands over waits for that, and is lost neither then nor when the end comes
 * first. */
static void what_is_handed_to_who_has_not_begun_yet_is_not_lost(void **state)
{
    (void)state;
    for (int ends = 0; ends <= 1; ends++) {
        struct world *w =
            arrive(CONSTANT("100", "\"preAllocatedVUs\":2"), 2, S);
        struct delta *d;

        w->asleep = true;
        world_follow(w, 0);
        squad_set_desired(w->squads[0], &w->posted);
        world_pass(w, 5 * MS); /* its own */
        assert_int_equal(service.n, 1);
        w->desired.phase = ends ? LOAD_DRAIN : LOAD_RUN;
        w->desired.follow = false;
        w->desired.level = 1000;
        w->desired.graceful_us = 10 * S;
        w->clk.now += 5 * MS + 10; /* the next is due: nobody looked */
        world_post(w);
        squad_set_desired(w->squads[0], &w->posted);
        squad_follow(w->squads[1], &w->posts.list[0], false);
        squad_follow(w->squads[1], &w->posts.list[1], true);
        w->asleep = false;
        posts_clear(&w->posts);
        w->posts.width = 1;
        world_pass(w, 0);
        assert_int_equal(service.n, 2);
        w->desired.phase = LOAD_RUN;
        drain(w);
        d = world_take(w);
        assert_int_equal(d->iterations, 2);
        assert_int_equal(d->iterations + d->dropped, due_by_now(w));
        delta_free(&d);
        world_free(&w);
    }
}

static void
the_end_lets_iterations_end_and_cuts_what_takes_too_long(void **state)
{
    struct world *w = arrive(CONSTANT("10", "\"preAllocatedVUs\":9"), 1, 2 * S);
    struct delta *d;

    (void)state;
    world_follow(w, 0);
    world_pass(w, 450 * MS);
    w->desired.graceful_us = 1800 * MS;
    world_phase(w, LOAD_DRAIN);
    assert_int_equal(world_state(w).active, 0);
    assert_int_equal(world_state(w).draining, 5);
    assert_int_equal(w->fake.open_ports, 9);
    world_pass(w, MS);
    assert_int_equal(w->fake.open_ports, 5);
    world_pass(w, 10 * S);
    d = world_take(w);
    /* Begun at 0, 100, 200 ms: done by 2.25 s. */
    assert_int_equal(d->iterations, 3);
    assert_int_equal(d->interrupted, 2);
    assert_int_equal(world_state(w).draining, 0);
    assert_int_equal(w->fake.open_ports, 0);
    delta_free(&d);
    world_free(&w);
}

static void a_cut_ends_all_at_once(void **state)
{
    struct world *w = arrive(CONSTANT("10", "\"preAllocatedVUs\":9"), 2, 2 * S);
    struct delta *d;

    (void)state;
    world_follow(w, 0);
    world_pass(w, 450 * MS);
    world_phase(w, LOAD_CUT);
    d = world_take(w);
    assert_int_equal(d->interrupted, 5);
    assert_int_equal(d->interrupted_requests, 5);
    delta_free(&d);
    world_pass(w, MS);
    assert_int_equal(w->fake.open_ports, 0);
    world_free(&w);
}

/* Whatever is commanded: begun and dropped are what was due, and no iteration
 * begins before its time. */
static void storm(uint64_t seed, unsigned squads, const char *busy)
{
    char *members = xasprintf(
        "\"executor\":\"ramping-arrival-rate\",\"startRate\":20,"
        "\"timeUnit\":\"%s\",\"stages\":[{\"duration\":\"10s\","
        "\"target\":200},{\"duration\":\"0s\",\"target\":5},{\"duration\":"
        "\"20s\",\"target\":90}],\"preAllocatedVUs\":3,\"maxVUs\":%u,"
        "\"whenBusy\":\"%s\"",
        seed % 2 == 0 ? "1s" : "700ms", (unsigned)(3 + seed % 20), busy);
    struct world *w = arrive(members, squads, 40 * MS);
    uint64_t dropped = 0, ended = 0;
    struct delta *d;
    struct rng r;

    rng_seed(&r, seed, squads);
    w->desired.phase = LOAD_RUN;
    w->desired.follow = true;
    w->desired.origin = w->clk.now;
    world_post(w);
    for (int i = 0; i < 300; i++) {
        struct desired *q = &w->desired;
        uint64_t due;

        switch (rng_range(&r, 0, 5)) {
        case 0:
            q->follow = false;
            q->level = (uint32_t)rng_range(&r, 0, 300);
            break;
        case 1:
            q->follow = true;
            q->held = rng_range(&r, 0, 2) == 0;
            q->held_us = rng_range(&r, 0, 31 * S);
            q->origin = w->clk.now - rng_range(&r, 0, 31 * S);
            break;
        case 2:
            q->paused = !q->paused;
            break;
        case 3:
            /* The loop is late. */
            w->clk.now += rng_range(&r, 0, 300 * MS);
            break;
        default:
            service.takes_us = rng_range(&r, 0, 200 * MS);
            break;
        }
        world_post(w);
        world_pass(w, rng_range(&r, 0, 3) == 0 ? 0 : rng_range(&r, 1, S));
        while (timers_next(w->timers) <= w->clk.now) {
            world_turn(w);
        }
        d = world_take(w);
        dropped += d->dropped;
        ended += d->iterations;
        delta_free(&d);
        due = schedule_count(&w->curve,
                             desired_area(&w->posted, &w->curve, w->clk.now));
        /* One is due at the nearest µs, which may be this one. */
        assert_in_range(world_state(w).iterations_begun + dropped +
                            world_state(w).queued,
                        due, due + 1);
        assert_int_equal(world_state(w).iterations_begun,
                         ended + world_state(w).active);
        assert_true(world_state(w).allocated <= w->scenario->max_vus);
    }
    drain(w);
    d = world_take(w);
    assert_int_equal(world_state(w).iterations_begun, ended + d->iterations);
    assert_true(ended > 1000);
    assert_true(strcmp(busy, "queue") == 0 || dropped > 0);
    delta_free(&d);
    world_free(&w);
    free(members);
}

static void
whatever_is_commanded_begun_and_dropped_are_what_was_due(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 24; seed++) {
        static const unsigned squads[] = {1, 2, 3, 8};

        storm(seed, squads[seed % 4], "drop");
        storm(seed, squads[(seed + 1) % 4], "queue");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_rate_begins_on_time_to_the_microsecond),
        cmocka_unit_test(a_ramp_begins_each_when_the_area_says),
        cmocka_unit_test(a_time_unit_of_a_minute_spreads_over_it),
        cmocka_unit_test(
            vus_grow_to_the_maximum_and_then_iterations_are_dropped),
        cmocka_unit_test(enough_vus_drop_nothing_and_the_lowest_go_first),
        cmocka_unit_test(a_queue_begins_late_and_the_wait_counts),
        cmocka_unit_test(
            later_requests_are_timed_from_when_they_were_handed_over),
        cmocka_unit_test(a_late_loop_begins_what_was_due_late_and_loses_none),
        cmocka_unit_test(a_turn_begins_a_bounded_number),
        cmocka_unit_test(a_pause_stops_the_schedule_and_nothing_is_made_up_for),
        cmocka_unit_test(what_waits_in_the_queue_waits_through_a_pause),
        cmocka_unit_test(a_hold_keeps_the_rate_of_the_moment),
        cmocka_unit_test(a_rate_set_by_hand_holds_from_then_on_without_a_burst),
        cmocka_unit_test(many_changes_neither_make_bursts_nor_starve),
        cmocka_unit_test(
            states_that_nobody_looked_at_lose_none_of_what_was_due),
        cmocka_unit_test(stuck_worker_keeps_a_bounded_number_of_states),
        cmocka_unit_test(none_is_dropped_while_a_vu_is_free_whoever_has_it),
        cmocka_unit_test(as_many_are_dropped_however_many_workers_there_are),
        cmocka_unit_test(vus_are_made_only_when_none_is_free_anywhere),
        cmocka_unit_test(what_waits_begins_oldest_first_with_whoever_is_free),
        cmocka_unit_test(what_is_handed_to_who_has_not_begun_yet_is_not_lost),
        cmocka_unit_test(what_was_due_before_a_late_order_begins_all_the_same),
        cmocka_unit_test(
            the_end_lets_iterations_end_and_cuts_what_takes_too_long),
        cmocka_unit_test(a_cut_ends_all_at_once),
        cmocka_unit_test(
            whatever_is_commanded_begun_and_dropped_are_what_was_due),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
