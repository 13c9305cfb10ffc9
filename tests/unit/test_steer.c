/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "run/steer.h"

#define SEC     US_PER_SEC
#define FOREVER UINT64_MAX
/* An uptime shorter than most stages: jumps must not care. */
#define BOOT (3 * SEC)

/* A steer with a curve made from its stages and a clock turned by hand. */
struct bench {
    struct scenario scenario;
    struct stage stages[8];
    struct curve curve;
    struct steer *steer;
    mono_us now;
    struct steer_news news; /* of the last command */
    unsigned ends, stages_told, spikes_told;
    struct steer_news due; /* the last change that came by itself */
};

static void bench_init_as(struct bench *b, uint32_t max_vus, uint64_t start_us)
{
    struct steer_config c = {
        .curve = &b->curve,
        .graceful_stop_us = 30 * SEC,
        .graceful_ramp_down_us = 20 * SEC,
        .max_vus = max_vus,
        .limit = "descriptor limit",
    };

    b->scenario.stages = b->stages;
    b->scenario.start_time_us = start_us;
    curve_init(&b->curve, &b->scenario, 1.0);
    b->steer = steer_new(&c);
    b->now = BOOT;
}

static void bench_init(struct bench *b, uint32_t max_vus)
{
    bench_init_as(b, max_vus, 0);
}

/* k6's way: the spike of the built-in plan, in seconds. */
static void bench_spike(struct bench *b)
{
    static const struct {
        unsigned seconds;
        uint32_t target;
    } rows[] = {{30, 10}, {10, 100}, {60, 100}, {30, 10}, {60, 10}, {30, 0}};
    size_t i;

    memset(b, 0, sizeof *b);
    b->scenario.executor = EXECUTOR_RAMPING_VUS;
    for (i = 0; i < 6; i++) {
        b->stages[i].duration_us = rows[i].seconds * SEC;
        b->stages[i].target = rows[i].target;
    }
    b->scenario.n_stages = 6;
    bench_init(b, 500);
}

static void bench_constant(struct bench *b, uint32_t vus, uint64_t duration_us)
{
    memset(b, 0, sizeof *b);
    b->scenario.executor = EXECUTOR_CONSTANT_VUS;
    b->scenario.vus = vus;
    b->scenario.duration_us = duration_us;
    bench_init(b, 500);
}

/* A level of `level` for so long, in units of that, from a startTime on. */
static void bench_level(struct bench *b, uint32_t level, uint64_t duration_us,
                        uint64_t unit_us, uint64_t start_us)
{
    memset(b, 0, sizeof *b);
    b->scenario.executor =
        unit_us > 0 ? EXECUTOR_CONSTANT_ARRIVAL_RATE : EXECUTOR_CONSTANT_VUS;
    b->scenario.vus = b->scenario.rate = level;
    b->scenario.time_unit_us = unit_us;
    b->scenario.duration_us = duration_us;
    b->scenario.max_vus = 500;
    bench_init_as(b, 500, start_us);
}

static void bench_clear(struct bench *b)
{
    steer_free(&b->steer);
    curve_clear(&b->curve);
}

/* Lets time pass, waking only when the steer says that something is due. */
static void bench_pass(struct bench *b, uint64_t us)
{
    mono_us until = b->now + us;

    for (;;) {
        mono_us next = steer_next(b->steer);

        if (next > until) {
            break;
        }
        b->now = next > b->now ? next : b->now;
        while (steer_due(b->steer, b->now, &b->due)) {
            b->ends += strcmp(b->due.type, "end") == 0;
            b->stages_told += strcmp(b->due.type, "stage") == 0;
            b->spikes_told += strcmp(b->due.type, "spike") == 0;
        }
    }
    b->now = until;
}

static void bench_start(struct bench *b)
{
    steer_start(b->steer, b->now);
    bench_pass(b, 0);
}

static void bench_do_number(struct bench *b, enum command_kind kind, int64_t n)
{
    struct command cmd = {.kind = kind, .number = n, .by = "test"};

    bench_pass(b, 0);
    steer_command(b->steer, b->now, &cmd, &b->news);
    bench_pass(b, 0);
}

static void bench_do(struct bench *b, enum command_kind kind)
{
    bench_do_number(b, kind, 0);
}

static struct steer_view bench_view(const struct bench *b)
{
    return steer_view(b->steer, b->now);
}

/* What workers make of the desired state at this moment. */
static uint32_t bench_load(const struct bench *b)
{
    const struct desired *d = steer_desired(b->steer);
    uint32_t n = d->level;

    if (d->phase != LOAD_RUN) {
        return 0;
    }
    if (d->follow) {
        n = curve_at(&b->curve, d->held ? d->held_us : b->now - d->origin);
    }
    return n < d->max_vus ? n : d->max_vus;
}

static void assert_load(const struct bench *b, uint32_t vus)
{
    assert_int_equal(bench_load(b), vus);
    assert_int_equal(bench_view(b).wanted, vus);
}

static void before_the_start_no_load_is_wanted(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    assert_int_equal(steer_desired(b.steer)->phase, LOAD_WAIT);
    assert_int_equal(steer_desired(b.steer)->revision, 1);
    assert_true(steer_next(b.steer) == FOREVER);
    bench_pass(&b, 100 * SEC);
    assert_int_equal(bench_view(&b).wanted, 0);
    assert_int_equal(bench_view(&b).clock_us, 0);
    bench_clear(&b);
}

static void load_follows_the_curve_and_each_stage_is_told_once(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    assert_int_equal(b.stages_told, 1);
    assert_string_equal(b.due.value, "1");
    assert_true(steer_desired(b.steer)->follow);
    bench_pass(&b, 15 * SEC);
    assert_load(&b, 5);
    bench_pass(&b, 20 * SEC);
    assert_load(&b, 55);
    assert_int_equal(b.stages_told, 2);
    bench_pass(&b, 184 * SEC);
    assert_int_equal(b.stages_told, 6);
    assert_int_equal(bench_view(&b).phase, LOAD_RUN);
    assert_int_equal(bench_view(&b).left_us, 1 * SEC);
    /* The curve changes by itself: workers know it, nobody tells them. */
    assert_int_equal(steer_desired(b.steer)->revision, 2);
    bench_clear(&b);
}

static void end_of_the_curve_drains_with_graceful_stop(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    assert_int_equal(steer_desired(b.steer)->graceful_us, 20 * SEC);
    bench_pass(&b, 220 * SEC);
    assert_int_equal(b.ends, 1);
    assert_int_equal(steer_desired(b.steer)->phase, LOAD_DRAIN);
    assert_int_equal(steer_desired(b.steer)->graceful_us, 30 * SEC);
    assert_int_equal(bench_view(&b).clock_us, 220 * SEC);
    assert_int_equal(bench_view(&b).left_us, 0);
    assert_true(steer_next(b.steer) == FOREVER);
    bench_clear(&b);
}

static void number_set_by_hand_outlives_every_stage(void **state)
{
    struct bench b;
    unsigned i;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_pass(&b, 32 * SEC);
    bench_do_number(&b, COMMAND_SET_VUS, 63);
    assert_string_equal(b.news.text, "63 VUs by hand (plan 28)");
    assert_string_equal(b.news.value, "63");
    assert_true(b.news.load);
    for (i = 0; i < 187; i++) {
        assert_load(&b, 63);
        assert_true(bench_view(&b).manual);
        bench_pass(&b, SEC);
    }
    assert_int_equal(bench_view(&b).planned,
                     curve_at(&b.curve, bench_view(&b).clock_us));
    bench_clear(&b);
}

static void more_in_a_ramp_starts_from_the_present_count(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_pass(&b, 35 * SEC);
    assert_load(&b, 55);
    bench_do_number(&b, COMMAND_ADD_VUS, 10);
    assert_load(&b, 65);
    assert_true(bench_view(&b).manual);
    assert_string_equal(b.news.type, "add");
    assert_string_equal(b.news.value, "65");
    bench_pass(&b, 5 * SEC);
    assert_load(&b, 65);
    bench_do_number(&b, COMMAND_ADD_VUS, -100);
    assert_load(&b, 0);
    assert_string_equal(b.news.text, "0 VUs by hand (plan 100)");
    bench_clear(&b);
}

static void follow_returns_to_what_the_plan_says_now(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_do_number(&b, COMMAND_SET_VUS, 7);
    bench_pass(&b, 50 * SEC);
    bench_do(&b, COMMAND_FOLLOW);
    assert_load(&b, 100);
    assert_false(bench_view(&b).manual);
    assert_string_equal(b.news.text, "the plan's 100 VUs");
    assert_string_equal(b.news.value, "100");
    bench_clear(&b);
}

static void who_leads_stands_in_for_the_curve(void **state)
{
    struct bench b;

    (void)state;
    bench_constant(&b, 7, FOREVER);
    steer_lead(b.steer, 0, 0);
    bench_start(&b);
    assert_load(&b, 0);
    steer_lead(b.steer, b.now, 40);
    assert_load(&b, 40);
    assert_int_equal(bench_view(&b).planned, 40);
    bench_do_number(&b, COMMAND_SET_VUS, 9);
    assert_load(&b, 9);
    assert_string_equal(b.news.text, "9 VUs by hand (hunt 40)");
    steer_lead(b.steer, b.now, 50);
    assert_load(&b, 9);
    bench_do(&b, COMMAND_FOLLOW);
    assert_load(&b, 50);
    assert_string_equal(b.news.text, "the hunt's 50 VUs");
    bench_do(&b, COMMAND_SPIKE);
    assert_load(&b, 150);
    bench_pass(&b, 10 * SEC);
    assert_load(&b, 50);
    bench_do(&b, COMMAND_HOLD);
    steer_lead(b.steer, b.now, 900);
    assert_load(&b, 500);
    bench_clear(&b);
}

static void more_than_the_machine_can_is_clamped_and_said(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_do_number(&b, COMMAND_SET_VUS, 20000);
    assert_load(&b, 500);
    assert_true(b.news.clamped);
    assert_string_equal(b.news.text,
                        "asked 20000, applied 500: descriptor limit");
    bench_do_number(&b, COMMAND_ADD_VUS, INT64_MAX);
    assert_load(&b, 500);
    bench_do_number(&b, COMMAND_ADD_VUS, INT64_MIN);
    assert_load(&b, 0);
    bench_do_number(&b, COMMAND_SET_VUS, -5);
    assert_string_equal(b.news.text,
                        "asked -5, applied 0: there are no fewer than none");
    bench_clear(&b);
}

static void plan_above_the_cap_is_capped(void **state)
{
    struct bench b;

    (void)state;
    bench_constant(&b, 900, 60 * SEC);
    bench_start(&b);
    assert_load(&b, 500);
    assert_int_equal(bench_view(&b).planned, 900);
    bench_clear(&b);
}

static void spike_is_three_times_for_ten_seconds_and_back(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_pass(&b, 30 * SEC);
    bench_do(&b, COMMAND_SPIKE);
    assert_load(&b, 30);
    assert_true(bench_view(&b).spike);
    assert_string_equal(
        b.news.text, "spike: 30 VUs for 10 s, then back to the plan's 10 VUs");
    bench_pass(&b, 10 * SEC - 1);
    assert_load(&b, 30);
    assert_int_equal(bench_view(&b).spike_left_us, 1);
    bench_pass(&b, 1);
    assert_false(bench_view(&b).spike);
    assert_load(&b, 100);
    assert_string_equal(b.due.text, "spike over: back to the plan's 100 VUs");
    bench_clear(&b);
}

static void spike_returns_to_the_load_set_by_hand(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_do_number(&b, COMMAND_SET_VUS, 40);
    bench_do(&b, COMMAND_SPIKE);
    assert_load(&b, 120);
    bench_pass(&b, 10 * SEC);
    assert_load(&b, 40);
    assert_true(bench_view(&b).manual);
    bench_clear(&b);
}

static void second_spike_waits_its_turn_and_multiplies_the_same(void **state)
{
    struct bench b;

    (void)state;
    bench_constant(&b, 20, 60 * SEC);
    bench_start(&b);
    bench_do(&b, COMMAND_SPIKE);
    bench_pass(&b, 4 * SEC);
    bench_do(&b, COMMAND_SPIKE);
    assert_string_equal(b.news.text, "spike waits its turn, 1 in line");
    assert_false(b.news.load);
    assert_load(&b, 60);
    assert_int_equal(bench_view(&b).spikes_waiting, 1);
    bench_pass(&b, 6 * SEC);
    assert_load(&b, 60);
    assert_int_equal(bench_view(&b).spikes_waiting, 0);
    assert_int_equal(bench_view(&b).spike_left_us, 10 * SEC);
    /* The first one was told to be over, the second to begin. */
    assert_int_equal(b.spikes_told, 2);
    bench_pass(&b, 10 * SEC);
    assert_load(&b, 20);
    bench_clear(&b);
}

static void load_by_hand_says_that_it_does_away_with_spikes(void **state)
{
    struct bench b;

    (void)state;
    bench_constant(&b, 20, 60 * SEC);
    bench_start(&b);
    bench_do(&b, COMMAND_SPIKE);
    bench_do_number(&b, COMMAND_ADD_VUS, 1);
    assert_string_equal(b.news.text,
                        "61 VUs by hand (plan 20); the spike is off");
    bench_do(&b, COMMAND_SPIKE);
    bench_do(&b, COMMAND_SPIKE);
    bench_do_number(&b, COMMAND_SET_VUS, 7);
    assert_string_equal(b.news.text, "7 VUs by hand (plan 20); the spike is "
                                     "off, 1 waiting dropped");
    bench_do(&b, COMMAND_SPIKE);
    bench_do(&b, COMMAND_FOLLOW);
    assert_string_equal(b.news.text, "the plan's 20 VUs; the spike is off");
    bench_do_number(&b, COMMAND_SET_VUS, 8);
    assert_string_equal(b.news.text, "8 VUs by hand (plan 20)");
    bench_clear(&b);
}

static void so_many_spikes_wait_and_no_more(void **state)
{
    struct bench b;
    unsigned i;

    (void)state;
    bench_constant(&b, 20, FOREVER);
    bench_start(&b);
    for (i = 0; i < 1 + STEER_SPIKES_MAX; i++) {
        bench_do(&b, COMMAND_SPIKE);
        assert_true(b.news.ok);
    }
    bench_do(&b, COMMAND_SPIKE);
    assert_false(b.news.ok);
    bench_pass(&b, 10 * SEC * (1 + STEER_SPIKES_MAX));
    assert_load(&b, 20);
    bench_clear(&b);
}

static void spike_of_nothing_is_refused(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    assert_load(&b, 0);
    bench_do(&b, COMMAND_SPIKE);
    assert_false(b.news.ok);
    assert_false(b.news.load);
    assert_false(bench_view(&b).spike);
    bench_clear(&b);
}

static void spike_that_does_not_fit_is_clamped_and_said(void **state)
{
    struct bench b;

    (void)state;
    bench_constant(&b, 200, FOREVER);
    bench_start(&b);
    bench_do(&b, COMMAND_SPIKE);
    assert_load(&b, 500);
    assert_string_equal(b.news.text, "asked 600, applied 500: descriptor "
                                     "limit; for 10 s, then back to the plan's "
                                     "200 VUs");
    bench_clear(&b);
}

static void setting_a_number_takes_over_from_a_spike(void **state)
{
    struct bench b;

    (void)state;
    bench_constant(&b, 20, FOREVER);
    bench_start(&b);
    bench_do(&b, COMMAND_SPIKE);
    bench_do(&b, COMMAND_SPIKE);
    bench_do_number(&b, COMMAND_ADD_VUS, -10);
    assert_load(&b, 50);
    assert_false(bench_view(&b).spike);
    bench_pass(&b, 30 * SEC);
    assert_load(&b, 50);
    bench_do(&b, COMMAND_UNDO);
    assert_load(&b, 20);
    assert_false(bench_view(&b).manual);
    bench_clear(&b);
}

static void spike_lasts_real_seconds_while_the_clock_is_held(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_pass(&b, 30 * SEC);
    bench_do(&b, COMMAND_HOLD);
    bench_do(&b, COMMAND_SPIKE);
    bench_pass(&b, 10 * SEC);
    assert_load(&b, 10);
    assert_int_equal(bench_view(&b).clock_us, 30 * SEC);
    bench_clear(&b);
}

static void undo_goes_back_twenty_changes_and_no_further(void **state)
{
    struct bench b;
    unsigned i;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_pass(&b, 60 * SEC);
    for (i = 1; i <= 25; i++) {
        bench_do_number(&b, COMMAND_SET_VUS, (int64_t)i);
    }
    for (i = 24; i >= 5; i--) {
        bench_do(&b, COMMAND_UNDO);
        assert_true(b.news.ok);
        assert_load(&b, i);
    }
    bench_do(&b, COMMAND_UNDO);
    assert_false(b.news.ok);
    assert_string_equal(b.news.text, "nothing to undo");
    assert_load(&b, 5);
    bench_clear(&b);
}

static void undo_brings_back_the_mode_but_no_jump(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_do_number(&b, COMMAND_SET_VUS, 5);
    bench_do(&b, COMMAND_NEXT_STAGE);
    bench_do(&b, COMMAND_NEXT_STAGE);
    bench_do(&b, COMMAND_UNDO);
    assert_false(bench_view(&b).manual);
    assert_int_equal(bench_view(&b).stage, 2);
    assert_load(&b, 100);
    assert_string_equal(b.news.text, "undone: back to the plan's 100 VUs");
    bench_clear(&b);
}

static void undo_of_a_spike_ends_it_the_waiting_ones_first(void **state)
{
    struct bench b;

    (void)state;
    bench_constant(&b, 20, FOREVER);
    bench_start(&b);
    bench_do(&b, COMMAND_SPIKE);
    bench_do(&b, COMMAND_SPIKE);
    bench_do(&b, COMMAND_UNDO);
    assert_load(&b, 60);
    assert_int_equal(bench_view(&b).spikes_waiting, 0);
    bench_do(&b, COMMAND_UNDO);
    assert_load(&b, 20);
    bench_do(&b, COMMAND_UNDO);
    assert_false(b.news.ok);
    bench_clear(&b);
}

static void change_to_what_is_there_already_needs_no_undo(void **state)
{
    struct bench b;

    (void)state;
    bench_constant(&b, 20, FOREVER);
    bench_start(&b);
    bench_do(&b, COMMAND_FOLLOW);
    assert_true(b.news.ok);
    bench_do(&b, COMMAND_UNDO);
    assert_false(b.news.ok);
    bench_clear(&b);
}

static void hold_stops_the_stage_clock_and_keeps_the_load(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_pass(&b, 35 * SEC);
    bench_do(&b, COMMAND_HOLD);
    assert_string_equal(b.news.value, "on");
    assert_true(bench_view(&b).held);
    bench_pass(&b, 1000 * SEC);
    assert_load(&b, 55);
    assert_int_equal(bench_view(&b).clock_us, 35 * SEC);
    assert_int_equal(b.ends, 0);
    bench_do(&b, COMMAND_HOLD);
    assert_string_equal(b.news.value, "off");
    bench_pass(&b, 5 * SEC);
    assert_load(&b, 100);
    bench_pass(&b, 180 * SEC);
    assert_int_equal(b.ends, 1);
    bench_clear(&b);
}

static void pause_stops_stage_clock_and_spike(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_pass(&b, 100 * SEC);
    bench_do(&b, COMMAND_SPIKE);
    bench_pass(&b, 3 * SEC);
    bench_do(&b, COMMAND_PAUSE);
    assert_true(steer_desired(b.steer)->paused);
    assert_int_equal(steer_desired(b.steer)->phase, LOAD_RUN);
    bench_pass(&b, 500 * SEC);
    assert_int_equal(bench_view(&b).clock_us, 103 * SEC);
    assert_int_equal(bench_view(&b).spike_left_us, 7 * SEC);
    bench_do(&b, COMMAND_PAUSE);
    assert_string_equal(b.news.text, "goes on after a pause of 8:20");
    assert_false(steer_desired(b.steer)->paused);
    bench_pass(&b, 7 * SEC);
    assert_int_equal(b.spikes_told, 1);
    assert_load(&b, curve_at(&b.curve, 110 * SEC));
    bench_clear(&b);
}

static void hold_outlives_a_pause(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_pass(&b, 35 * SEC);
    bench_do(&b, COMMAND_HOLD);
    bench_do(&b, COMMAND_PAUSE);
    bench_do(&b, COMMAND_PAUSE);
    bench_pass(&b, 60 * SEC);
    assert_int_equal(bench_view(&b).clock_us, 35 * SEC);
    bench_clear(&b);
}

static void gap_moves_neither_stage_clock_nor_spike(void **state)
{
    struct bench b;

    (void)state;
    bench_constant(&b, 20, 60 * SEC);
    bench_start(&b);
    bench_pass(&b, 10 * SEC);
    bench_do(&b, COMMAND_SPIKE);
    bench_pass(&b, 2 * SEC);
    b.now += 3600 * SEC; /* nobody looked meanwhile */
    steer_gap(b.steer, b.now, 3600 * SEC);
    assert_int_equal(bench_view(&b).clock_us, 12 * SEC);
    assert_int_equal(bench_view(&b).spike_left_us, 8 * SEC);
    bench_pass(&b, 8 * SEC);
    assert_load(&b, 20);
    bench_pass(&b, 40 * SEC);
    assert_int_equal(b.ends, 1);
    bench_clear(&b);
}

/* A rate of arrival is a level like VUs: it has its own unit and its own
 * limit, and the VUs' limit is none of its. */
static void rate_is_steered_in_its_own_unit(void **state)
{
    struct bench b;

    (void)state;
    bench_level(&b, 50, 60 * SEC, SEC, 0);
    bench_start(&b);
    bench_do_number(&b, COMMAND_SET_VUS, 63);
    assert_string_equal(b.news.type, "rate");
    assert_string_equal(b.news.value, "63");
    assert_string_equal(b.news.text, "63 it/s by hand (plan 50)");
    bench_do_number(&b, COMMAND_ADD_VUS, 1000);
    assert_int_equal(bench_view(&b).wanted, 1063);
    assert_int_equal(steer_desired(b.steer)->max_vus, 500);
    bench_do(&b, COMMAND_FOLLOW);
    assert_string_equal(b.news.text, "the plan's 50 it/s");
    bench_do(&b, COMMAND_UNDO);
    assert_string_equal(b.news.text,
                        "undone: back to 1063 it/s by hand (plan 50)");
    bench_do(&b, COMMAND_UNDO);
    assert_string_equal(b.news.text,
                        "undone: back to 63 it/s by hand (plan 50)");
    bench_clear(&b);
}

static void rate_in_minutes_says_so(void **state)
{
    struct bench b;

    (void)state;
    bench_level(&b, 50, 600 * SEC, 60 * SEC, 0);
    bench_start(&b);
    bench_do(&b, COMMAND_SPIKE);
    assert_string_equal(b.news.text, "spike: 150 it/m for 10 s, then back to "
                                     "the plan's 50 it/m");
    bench_pass(&b, 10 * SEC);
    assert_string_equal(b.due.text, "spike over: back to the plan's 50 it/m");
    assert_int_equal(bench_view(&b).wanted, 50);
    bench_clear(&b);
}

static void rate_beyond_sense_is_clamped_and_said(void **state)
{
    struct bench b;

    (void)state;
    bench_level(&b, 400000, 60 * SEC, SEC, 0);
    bench_start(&b);
    bench_do_number(&b, COMMAND_SET_VUS, 2000000);
    assert_true(b.news.clamped);
    assert_string_equal(
        b.news.text, "asked 2000000, applied 1000000: no rate may be higher");
    bench_do(&b, COMMAND_FOLLOW);
    bench_do(&b, COMMAND_SPIKE);
    assert_true(b.news.clamped);
    assert_int_equal(bench_view(&b).wanted, 1000000);
    assert_string_equal(
        b.news.text, "asked 1200000, applied 1000000: no rate may be "
                     "higher; for 10 s, then back to the plan's 400000 it/s");
    bench_clear(&b);
}

static void spike_of_no_rate_is_refused_in_its_unit(void **state)
{
    struct bench b;

    (void)state;
    bench_level(&b, 0, 60 * SEC, SEC / 10, 0);
    bench_start(&b);
    bench_do(&b, COMMAND_SPIKE);
    assert_false(b.news.ok);
    assert_string_equal(b.news.text,
                        "no spike: 0 it/100ms, nothing to multiply");
    bench_clear(&b);
}

static void scenario_begins_at_its_start_time(void **state)
{
    struct bench b;

    (void)state;
    bench_level(&b, 20, 60 * SEC, 0, 12 * SEC);
    assert_int_equal(bench_view(&b).starts_in_us, 12 * SEC);
    assert_false(bench_view(&b).waiting);
    bench_start(&b);
    bench_pass(&b, 5 * SEC);
    assert_true(bench_view(&b).waiting);
    assert_int_equal(steer_desired(b.steer)->phase, LOAD_WAIT);
    assert_int_equal(bench_view(&b).starts_in_us, 7 * SEC);
    assert_int_equal(bench_view(&b).left_us, 67 * SEC);
    assert_int_equal(bench_view(&b).clock_us, 0);
    assert_int_equal(b.stages_told, 0);
    bench_pass(&b, 7 * SEC);
    assert_int_equal(b.stages_told, 1);
    assert_false(bench_view(&b).waiting);
    assert_load(&b, 20);
    assert_int_equal(bench_view(&b).clock_us, 0);
    bench_pass(&b, 60 * SEC);
    assert_int_equal(b.ends, 1);
    bench_clear(&b);
}

static void hold_and_pause_stop_the_wait_for_the_start(void **state)
{
    struct bench b;

    (void)state;
    bench_level(&b, 20, 60 * SEC, 0, 12 * SEC);
    bench_start(&b);
    bench_pass(&b, 2 * SEC);
    bench_do(&b, COMMAND_HOLD);
    bench_pass(&b, 100 * SEC);
    assert_int_equal(bench_view(&b).starts_in_us, 10 * SEC);
    bench_do(&b, COMMAND_PAUSE);
    bench_do(&b, COMMAND_HOLD);
    bench_pass(&b, 100 * SEC);
    assert_int_equal(bench_view(&b).starts_in_us, 10 * SEC);
    bench_do(&b, COMMAND_PAUSE);
    bench_pass(&b, 4 * SEC);
    b.now += 3600 * SEC;
    steer_gap(b.steer, b.now, 3600 * SEC);
    assert_int_equal(bench_view(&b).starts_in_us, 6 * SEC);
    bench_pass(&b, 6 * SEC);
    assert_load(&b, 20);
    bench_clear(&b);
}

static void next_begins_a_waiting_scenario_at_once(void **state)
{
    struct bench b;

    (void)state;
    bench_level(&b, 20, 60 * SEC, 0, 12 * SEC);
    bench_start(&b);
    bench_pass(&b, 2 * SEC);
    bench_do(&b, COMMAND_PREV_STAGE);
    assert_false(b.news.ok);
    bench_do(&b, COMMAND_SPIKE);
    assert_false(b.news.ok);
    bench_do(&b, COMMAND_NEXT_STAGE);
    assert_true(b.news.ok);
    assert_string_equal(b.news.text,
                        "stage 1/1 constant 20, begun 0:10 before its time");
    assert_load(&b, 20);
    assert_int_equal(b.stages_told, 0);
    assert_int_equal(bench_view(&b).left_us, 60 * SEC);
    bench_pass(&b, 60 * SEC);
    assert_int_equal(b.ends, 1);
    bench_clear(&b);
}

static void jump_begins_a_waiting_scenario_in_that_stage(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    steer_free(&b.steer);
    curve_clear(&b.curve);
    bench_init_as(&b, 500, 30 * SEC);
    bench_start(&b);
    bench_do_number(&b, COMMAND_JUMP_STAGE, 3);
    assert_load(&b, 100);
    assert_int_equal(bench_view(&b).clock_us, 40 * SEC);
    bench_clear(&b);
}

static void load_set_while_waiting_holds_from_the_start(void **state)
{
    struct bench b;

    (void)state;
    bench_level(&b, 20, 60 * SEC, 0, 12 * SEC);
    bench_start(&b);
    bench_do_number(&b, COMMAND_SET_VUS, 7);
    assert_string_equal(b.news.text, "7 VUs by hand (plan 20), once it begins");
    assert_false(b.news.load);
    assert_int_equal(bench_load(&b), 0);
    assert_int_equal(steer_view(b.steer, b.now).asked, 7);
    bench_pass(&b, 12 * SEC);
    assert_load(&b, 7);
    assert_int_equal(steer_view(b.steer, b.now).asked, 0);
    bench_clear(&b);
}

static void run_that_ends_lets_no_scenario_wait(void **state)
{
    struct bench b;

    (void)state;
    bench_level(&b, 20, 60 * SEC, 0, 12 * SEC);
    bench_start(&b);
    bench_do(&b, COMMAND_STOP);
    assert_int_equal(steer_desired(b.steer)->phase, LOAD_DRAIN);
    assert_true(steer_next(b.steer) == FOREVER);
    bench_pass(&b, 100 * SEC);
    assert_int_equal(b.stages_told + b.ends, 0);
    bench_clear(&b);
}

static void limit_may_change_while_the_run_goes_on(void **state)
{
    struct bench b;

    (void)state;
    bench_constant(&b, 20, 60 * SEC);
    bench_start(&b);
    steer_limit(b.steer, b.now, 30, "--max-vus, less what others have");
    bench_do_number(&b, COMMAND_SET_VUS, 50);
    assert_string_equal(
        b.news.text, "asked 50, applied 30: --max-vus, less what others have");
    assert_load(&b, 30);
    bench_clear(&b);
}

static void next_goes_to_the_start_of_the_next_stage(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_pass(&b, 12 * SEC);
    bench_do(&b, COMMAND_NEXT_STAGE);
    assert_int_equal(bench_view(&b).stage, 1);
    assert_int_equal(bench_view(&b).clock_us, 30 * SEC);
    assert_load(&b, 10);
    assert_string_equal(b.news.value, "2");
    assert_true(b.news.load);
    /* Told by the answer: not once more. */
    assert_int_equal(b.stages_told, 1);
    bench_pass(&b, 10 * SEC);
    assert_int_equal(b.stages_told, 2);
    assert_load(&b, 100);
    bench_clear(&b);
}

static void next_on_the_last_stage_ends_the_run(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_pass(&b, 191 * SEC);
    bench_do(&b, COMMAND_NEXT_STAGE);
    assert_int_equal(steer_desired(b.steer)->phase, LOAD_DRAIN);
    assert_true(b.news.ok);
    bench_clear(&b);
}

static void previous_goes_to_this_stages_start_then_one_before(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_pass(&b, 72 * SEC);
    bench_do(&b, COMMAND_PREV_STAGE);
    assert_int_equal(bench_view(&b).clock_us, 40 * SEC);
    bench_pass(&b, 2 * SEC - 1);
    bench_do(&b, COMMAND_PREV_STAGE);
    assert_int_equal(bench_view(&b).clock_us, 30 * SEC);
    bench_do(&b, COMMAND_PREV_STAGE);
    assert_int_equal(bench_view(&b).clock_us, 0);
    bench_do(&b, COMMAND_PREV_STAGE);
    assert_int_equal(bench_view(&b).clock_us, 0);
    bench_pass(&b, 32 * SEC);
    bench_do(&b, COMMAND_PREV_STAGE);
    assert_int_equal(bench_view(&b).clock_us, 30 * SEC);
    bench_clear(&b);
}

static void jump_runs_the_stage_and_all_after_it_again(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_pass(&b, 150 * SEC);
    bench_do_number(&b, COMMAND_JUMP_STAGE, 3);
    assert_load(&b, 100);
    assert_int_equal(bench_view(&b).left_us, 180 * SEC);
    bench_pass(&b, 179 * SEC);
    assert_int_equal(b.ends, 0);
    bench_pass(&b, SEC);
    assert_int_equal(b.ends, 1);
    bench_clear(&b);
}

static void jump_to_no_stage_is_refused(void **state)
{
    struct bench b;
    int64_t bad[] = {0, -1, 7, INT64_MIN, INT64_MAX};
    size_t i;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        bench_do_number(&b, COMMAND_JUMP_STAGE, bad[i]);
        assert_false(b.news.ok);
        assert_int_equal(bench_view(&b).stage, 0);
    }
    assert_string_equal(b.news.text,
                        "no stage 9223372036854775807: there are 1 to 6");
    bench_clear(&b);
}

static void jump_while_held_stands_at_the_stages_start(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_do(&b, COMMAND_HOLD);
    bench_do_number(&b, COMMAND_JUMP_STAGE, 3);
    bench_pass(&b, 100 * SEC);
    assert_load(&b, 100);
    assert_int_equal(bench_view(&b).clock_us, 40 * SEC);
    bench_do(&b, COMMAND_HOLD);
    bench_pass(&b, SEC);
    assert_int_equal(bench_view(&b).clock_us, 41 * SEC);
    bench_clear(&b);
}

static void jump_leaves_the_load_by_hand(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_do_number(&b, COMMAND_SET_VUS, 8);
    bench_do(&b, COMMAND_NEXT_STAGE);
    assert_load(&b, 8);
    assert_non_null(strstr(b.news.text, "stays by hand"));
    bench_clear(&b);
}

/* 10 s →10, 0 s →50, 10 s →50, 0 s →0, 10 s →0, 0 s →5 */
static void bench_steps(struct bench *b)
{
    static const unsigned seconds[] = {10, 0, 10, 0, 10, 0};
    static const uint32_t targets[] = {10, 50, 50, 0, 0, 5};
    size_t i;

    memset(b, 0, sizeof *b);
    b->scenario.executor = EXECUTOR_RAMPING_VUS;
    for (i = 0; i < 6; i++) {
        b->stages[i].duration_us = seconds[i] * SEC;
        b->stages[i].target = targets[i];
    }
    b->scenario.n_stages = 6;
    bench_init(b, 500);
}

static void stages_of_no_length_are_passed_over(void **state)
{
    struct bench b;

    (void)state;
    bench_steps(&b);
    bench_start(&b);
    bench_pass(&b, 10 * SEC);
    assert_load(&b, 50);
    assert_int_equal(b.stages_told, 2);
    assert_string_equal(b.due.value, "3");
    bench_do(&b, COMMAND_PREV_STAGE);
    assert_int_equal(bench_view(&b).stage, 0);
    bench_do(&b, COMMAND_NEXT_STAGE);
    assert_int_equal(bench_view(&b).stage, 2);
    assert_load(&b, 50);
    bench_do(&b, COMMAND_NEXT_STAGE);
    assert_int_equal(bench_view(&b).stage, 4);
    assert_load(&b, 0);
    bench_do(&b, COMMAND_NEXT_STAGE);
    assert_int_equal(steer_desired(b.steer)->phase, LOAD_DRAIN);
    bench_clear(&b);
}

static void run_without_an_end_never_ends_by_itself(void **state)
{
    struct bench b;

    (void)state;
    bench_constant(&b, 1, FOREVER);
    bench_start(&b);
    bench_pass(&b, UINT64_C(86400) * 365 * SEC);
    assert_load(&b, 1);
    assert_true(bench_view(&b).left_us == FOREVER);
    bench_do(&b, COMMAND_NEXT_STAGE);
    assert_int_equal(steer_desired(b.steer)->phase, LOAD_DRAIN);
    bench_clear(&b);
}

static void scenario_of_no_length_ends_at_once(void **state)
{
    struct bench b;

    (void)state;
    memset(&b, 0, sizeof b);
    b.scenario.executor = EXECUTOR_RAMPING_VUS;
    b.stages[0].target = 5;
    b.scenario.n_stages = 1;
    bench_init(&b, 10);
    bench_start(&b);
    assert_int_equal(b.ends, 1);
    bench_clear(&b);
}

static void late_look_finds_every_change_in_order(void **state)
{
    struct bench b;
    const char *expected[] = {"stage", "spike", "stage"};
    size_t i = 0;

    (void)state;
    bench_spike(&b);
    steer_start(b.steer, b.now);
    assert_true(steer_due(b.steer, b.now, &b.due)); /* the first stage */
    bench_pass(&b, 25 * SEC);
    bench_do(&b, COMMAND_SPIKE);
    b.now += 50 * SEC; /* through two stages and the spike's end */
    while (steer_due(b.steer, b.now, &b.due)) {
        assert_true(i < 3);
        assert_string_equal(b.due.type, expected[i]);
        i++;
    }
    assert_int_equal(i, 3);
    assert_load(&b, 100);
    bench_clear(&b);
}

static void while_it_ends_only_harder_ends_are_obeyed(void **state)
{
    static const enum command_kind kinds[] = {
        COMMAND_SET_VUS,    COMMAND_ADD_VUS,    COMMAND_FOLLOW,
        COMMAND_NEXT_STAGE, COMMAND_PREV_STAGE, COMMAND_JUMP_STAGE,
        COMMAND_HOLD,       COMMAND_PAUSE,      COMMAND_SPIKE,
        COMMAND_UNDO,
    };
    struct bench b;
    uint64_t revision;
    size_t i;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_do_number(&b, COMMAND_SET_VUS, 5);
    bench_do(&b, COMMAND_STOP);
    assert_string_equal(b.news.text, "ending: running iterations have 30 s");
    revision = steer_desired(b.steer)->revision;
    for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        bench_do_number(&b, kinds[i], 1);
        assert_false(b.news.ok);
    }
    bench_do(&b, COMMAND_STOP);
    assert_true(b.news.ok);
    assert_int_equal(steer_desired(b.steer)->revision, revision);
    bench_do(&b, COMMAND_CUT);
    assert_int_equal(steer_desired(b.steer)->phase, LOAD_CUT);
    bench_do(&b, COMMAND_STOP);
    assert_int_equal(steer_desired(b.steer)->phase, LOAD_CUT);
    bench_clear(&b);
}

static void drain_after_a_cut_softens_nothing(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    steer_cut(b.steer, b.now);
    steer_drain(b.steer, b.now);
    assert_int_equal(steer_desired(b.steer)->phase, LOAD_CUT);
    bench_clear(&b);
}

static void what_changes_nothing_is_not_told_anew(void **state)
{
    struct bench b;
    uint64_t revision;

    (void)state;
    bench_constant(&b, 20, FOREVER);
    bench_start(&b);
    bench_do_number(&b, COMMAND_SET_VUS, 30);
    revision = steer_desired(b.steer)->revision;
    bench_do_number(&b, COMMAND_SET_VUS, 30);
    bench_do_number(&b, COMMAND_ADD_VUS, 0);
    bench_do(&b, COMMAND_HOLD); /* the load is fixed: workers need no clock */
    assert_int_equal(steer_desired(b.steer)->revision, revision);
    bench_do(&b, COMMAND_FOLLOW);
    assert_int_equal(steer_desired(b.steer)->revision, revision + 1);
    bench_do(&b, COMMAND_FOLLOW);
    assert_int_equal(steer_desired(b.steer)->revision, revision + 1);
    bench_clear(&b);
}

static void end_while_paused_lets_iterations_end(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_start(&b);
    bench_do(&b, COMMAND_PAUSE);
    bench_do(&b, COMMAND_STOP);
    assert_int_equal(steer_desired(b.steer)->phase, LOAD_DRAIN);
    assert_false(steer_desired(b.steer)->paused);
    bench_clear(&b);
}

static void what_is_set_before_the_start_holds_from_it(void **state)
{
    struct bench b;

    (void)state;
    bench_spike(&b);
    bench_do_number(&b, COMMAND_SET_VUS, 4);
    bench_do_number(&b, COMMAND_JUMP_STAGE, 2);
    bench_do(&b, COMMAND_SPIKE);
    assert_false(b.news.ok);
    assert_int_equal(bench_view(&b).wanted, 0);
    bench_pass(&b, 9 * SEC);
    bench_start(&b);
    assert_load(&b, 4);
    assert_int_equal(bench_view(&b).stage, 1);
    assert_string_equal(b.due.value, "2");
    bench_clear(&b);
}

/* One random command or stretch of time, and what holds whatever it was. */
static void bench_random_step(struct bench *b, struct rng *r)
{
    static const enum command_kind kinds[] = {
        COMMAND_SET_VUS,    COMMAND_ADD_VUS,    COMMAND_FOLLOW,
        COMMAND_NEXT_STAGE, COMMAND_PREV_STAGE, COMMAND_JUMP_STAGE,
        COMMAND_HOLD,       COMMAND_PAUSE,      COMMAND_SPIKE,
        COMMAND_UNDO,       COMMAND_STOP,       COMMAND_CUT,
    };
    struct steer_view before = bench_view(b), after;
    uint64_t revision = steer_desired(b->steer)->revision;
    uint32_t load = bench_load(b);
    /* Ends are rare, so that most sequences are long. */
    uint64_t pick = rng_range(r, 0, rng_range(r, 0, 40) == 0 ? 11 : 9);
    enum command_kind kind = kinds[pick];
    int64_t number = (int64_t)rng_range(r, 0, 1200) - 300;

    if (kind == COMMAND_JUMP_STAGE || kind == COMMAND_ADD_VUS) {
        number %= 8;
    }
    if (rng_range(r, 0, 1) == 0) {
        bench_pass(b, rng_range(r, 0, 15 * SEC));
        after = bench_view(b);
        if (before.held || before.paused) {
            assert_int_equal(after.clock_us, before.clock_us);
        } else {
            assert_true(after.clock_us >= before.clock_us);
        }
        if (before.manual && !before.spike && after.phase == LOAD_RUN) {
            assert_int_equal(bench_load(b), load);
        }
    } else {
        bench_do_number(b, kind, number);
        after = bench_view(b);
        if (!b->news.ok) {
            assert_int_equal(steer_desired(b->steer)->revision, revision);
        }
        if (kind == COMMAND_HOLD && after.phase == LOAD_RUN) {
            assert_int_equal(bench_load(b), load);
        }
        if (kind == COMMAND_UNDO || kind == COMMAND_SPIKE) {
            assert_int_equal(after.clock_us, before.clock_us);
        }
        if (b->news.load && after.phase == LOAD_RUN &&
            kind != COMMAND_NEXT_STAGE && kind != COMMAND_PREV_STAGE &&
            kind != COMMAND_JUMP_STAGE) {
            char value[32];

            snprintf(value, sizeof value, "%u", bench_load(b));
            assert_string_equal(b->news.value, value);
        }
    }
    assert_true(after.phase >= before.phase);
    assert_true(steer_desired(b->steer)->revision >= revision);
    assert_true(bench_load(b) <= 500);
    assert_int_equal(bench_load(b), after.wanted);
    assert_true(after.clock_us <= b->curve.length_us);
    assert_true(after.spike_left_us <= STEER_SPIKE_US);
    assert_true(steer_next(b->steer) > b->now);
}

static void random_commands_keep_every_invariant(void **state)
{
    struct bench b;
    struct rng r;
    unsigned round, i;

    (void)state;
    for (round = 0; round < 600; round++) {
        rng_seed(&r, 20261124, round);
        switch (round % 3) {
        case 0:
            bench_spike(&b);
            break;
        case 1:
            bench_steps(&b);
            break;
        case 2:
            bench_constant(&b, 7, FOREVER);
            break;
        }
        bench_start(&b);
        for (i = 0; i < 200; i++) {
            bench_random_step(&b, &r);
        }
        bench_clear(&b);
    }
}

static void undo_restores_what_random_changes_replaced(void **state)
{
    struct bench b;
    struct rng r;
    unsigned round, i;

    (void)state;
    for (round = 0; round < 200; round++) {
        uint32_t loads[STEER_UNDO_MAX + 1];
        bool manual[STEER_UNDO_MAX + 1];
        unsigned n = 0;

        rng_seed(&r, 7, round);
        bench_constant(&b, 9, FOREVER);
        bench_start(&b);
        while (n < STEER_UNDO_MAX) {
            uint32_t was = bench_load(&b);
            bool hand = bench_view(&b).manual;

            if (rng_range(&r, 0, 3) == 0) {
                bench_do(&b, COMMAND_FOLLOW);
            } else {
                bench_do_number(&b, COMMAND_SET_VUS,
                                (int64_t)rng_range(&r, 0, 9));
            }
            if (bench_load(&b) != was || bench_view(&b).manual != hand) {
                loads[n] = was;
                manual[n++] = hand;
            }
        }
        for (i = n; i > 0; i--) {
            bench_do(&b, COMMAND_UNDO);
            assert_load(&b, loads[i - 1]);
            assert_int_equal(bench_view(&b).manual, manual[i - 1]);
        }
        bench_clear(&b);
    }
}

static void every_command_has_a_word_of_its_own_and_help(void **state)
{
    unsigned i, k;

    (void)state;
    for (i = 0; i < COMMAND_COUNT; i++) {
        assert_true(strlen(command_name((enum command_kind)i)) > 0);
        assert_true(strlen(command_help((enum command_kind)i)) > 0);
        assert_true(strlen(command_help((enum command_kind)i)) <= 60);
        for (k = 0; k < i; k++) {
            assert_string_not_equal(command_name((enum command_kind)i),
                                    command_name((enum command_kind)k));
        }
    }
    assert_int_equal(command_argument(COMMAND_MARK), ARGUMENT_TEXT);
    assert_int_equal(command_argument(COMMAND_SET_VUS), ARGUMENT_NUMBER);
    assert_int_equal(command_argument(COMMAND_HOLD), ARGUMENT_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_the_start_no_load_is_wanted),
        cmocka_unit_test(load_follows_the_curve_and_each_stage_is_told_once),
        cmocka_unit_test(end_of_the_curve_drains_with_graceful_stop),
        cmocka_unit_test(number_set_by_hand_outlives_every_stage),
        cmocka_unit_test(more_in_a_ramp_starts_from_the_present_count),
        cmocka_unit_test(follow_returns_to_what_the_plan_says_now),
        cmocka_unit_test(who_leads_stands_in_for_the_curve),
        cmocka_unit_test(more_than_the_machine_can_is_clamped_and_said),
        cmocka_unit_test(plan_above_the_cap_is_capped),
        cmocka_unit_test(spike_is_three_times_for_ten_seconds_and_back),
        cmocka_unit_test(spike_returns_to_the_load_set_by_hand),
        cmocka_unit_test(second_spike_waits_its_turn_and_multiplies_the_same),
        cmocka_unit_test(load_by_hand_says_that_it_does_away_with_spikes),
        cmocka_unit_test(so_many_spikes_wait_and_no_more),
        cmocka_unit_test(spike_of_nothing_is_refused),
        cmocka_unit_test(spike_that_does_not_fit_is_clamped_and_said),
        cmocka_unit_test(setting_a_number_takes_over_from_a_spike),
        cmocka_unit_test(spike_lasts_real_seconds_while_the_clock_is_held),
        cmocka_unit_test(undo_goes_back_twenty_changes_and_no_further),
        cmocka_unit_test(undo_brings_back_the_mode_but_no_jump),
        cmocka_unit_test(undo_of_a_spike_ends_it_the_waiting_ones_first),
        cmocka_unit_test(change_to_what_is_there_already_needs_no_undo),
        cmocka_unit_test(hold_stops_the_stage_clock_and_keeps_the_load),
        cmocka_unit_test(pause_stops_stage_clock_and_spike),
        cmocka_unit_test(hold_outlives_a_pause),
        cmocka_unit_test(gap_moves_neither_stage_clock_nor_spike),
        cmocka_unit_test(rate_is_steered_in_its_own_unit),
        cmocka_unit_test(rate_in_minutes_says_so),
        cmocka_unit_test(rate_beyond_sense_is_clamped_and_said),
        cmocka_unit_test(spike_of_no_rate_is_refused_in_its_unit),
        cmocka_unit_test(scenario_begins_at_its_start_time),
        cmocka_unit_test(hold_and_pause_stop_the_wait_for_the_start),
        cmocka_unit_test(next_begins_a_waiting_scenario_at_once),
        cmocka_unit_test(jump_begins_a_waiting_scenario_in_that_stage),
        cmocka_unit_test(load_set_while_waiting_holds_from_the_start),
        cmocka_unit_test(run_that_ends_lets_no_scenario_wait),
        cmocka_unit_test(limit_may_change_while_the_run_goes_on),
        cmocka_unit_test(next_goes_to_the_start_of_the_next_stage),
        cmocka_unit_test(next_on_the_last_stage_ends_the_run),
        cmocka_unit_test(previous_goes_to_this_stages_start_then_one_before),
        cmocka_unit_test(jump_runs_the_stage_and_all_after_it_again),
        cmocka_unit_test(jump_to_no_stage_is_refused),
        cmocka_unit_test(jump_while_held_stands_at_the_stages_start),
        cmocka_unit_test(jump_leaves_the_load_by_hand),
        cmocka_unit_test(stages_of_no_length_are_passed_over),
        cmocka_unit_test(run_without_an_end_never_ends_by_itself),
        cmocka_unit_test(scenario_of_no_length_ends_at_once),
        cmocka_unit_test(late_look_finds_every_change_in_order),
        cmocka_unit_test(while_it_ends_only_harder_ends_are_obeyed),
        cmocka_unit_test(drain_after_a_cut_softens_nothing),
        cmocka_unit_test(what_changes_nothing_is_not_told_anew),
        cmocka_unit_test(end_while_paused_lets_iterations_end),
        cmocka_unit_test(what_is_set_before_the_start_holds_from_it),
        cmocka_unit_test(random_commands_keep_every_invariant),
        cmocka_unit_test(undo_restores_what_random_changes_replaced),
        cmocka_unit_test(every_command_has_a_word_of_its_own_and_help),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
