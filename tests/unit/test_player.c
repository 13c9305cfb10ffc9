/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "record/player.h"
#include "support/sim.h"

/* This exercises: the player of recorded ticks on a clock that a test turns:
 * what is due when, at which speed; pause, seek by time, stage and mark; and
 * the end, whether the run's or that of what was cut. */

#define S UINT64_C(1000000)

/* Ticks in memory, as bytes: a run of 1:10 with stages that begin at 0, 10, 30,
 * 33, 63 and 68 s, and marks at 25 and 40. */
struct film {
    struct sim sim;
    struct buf list[1200];
    size_t n, at, end;
    bool cut;
    struct story *story;
    struct player *player;
    uint64_t now_us;
};

static void film_tick(void *ctx, const struct tick *t)
{
    struct film *f = ctx;

    assert_true(f->n < sizeof f->list / sizeof f->list[0]);
    buf_init(&f->list[f->n], 1u << 20);
    assert_true(tick_encode(t, &f->list[f->n]));
    f->n++;
}

static int film_next(void *ctx, struct tick_read *out, struct err *e)
{
    struct film *f = ctx;

    if (f->at == f->end) {
        if (f->cut) {
            err_set(e, ERR_SYNTAX, "cut off at byte 7");
        }
        return f->cut ? -1 : 0;
    }
    assert_true(tick_decode(&f->sim.info, f->list[f->at].data,
                            f->list[f->at].len, out, e));
    f->at++;
    return 1;
}

static void film_rewind(void *ctx)
{
    struct film *f = ctx;

    f->at = 0;
}

static struct film film;

static int film_make(void **state)
{
    struct film *f = &film;

    (void)state;
    memset(f, 0, sizeof *f);
    sim_init(&f->sim, NULL, 7);
    f->sim.tap = film_tick;
    f->sim.tap_ctx = f;
    sim_run(&f->sim, 25);
    sim_command(&f->sim, COMMAND_MARK, 0, "one");
    sim_run(&f->sim, 15);
    sim_command(&f->sim, COMMAND_MARK, 0, "two");
    sim_run(&f->sim, 30);
    sim_finish(&f->sim, 0);
    f->end = f->n;
    return 0;
}

static int film_clear(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < film.n; i++) {
        buf_clear(&film.list[i]);
    }
    sim_clear(&film.sim);
    return 0;
}

static int film_open(void **state)
{
    struct film *f = &film;
    struct player_source source = {film_next, film_rewind, f};
    struct err e = ERR_INIT;

    (void)state;
    f->at = 0;
    f->story = story_new(&f->sim.info);
    f->player = player_new(&source, f->story, &e);
    assert_non_null(f->player);
    f->now_us = 5 * S;
    player_begin(f->player, f->now_us, 1);
    return 0;
}

static int film_shut(void **state)
{
    (void)state;
    player_free(&film.player);
    story_free(&film.story);
    film.cut = false;
    film.end = film.n;
    return 0;
}

/* So long passes, a tenth of a second at a time. */
static void pass(uint64_t us)
{
    uint64_t to = film.now_us + us;

    while (film.now_us < to) {
        film.now_us += to - film.now_us < 100000 ? to - film.now_us : 100000;
        player_run(film.player, film.now_us);
    }
}

static void assert_at(uint64_t us)
{
    assert_true(player_now(film.player).at_us == us);
    assert_true(story_tick(film.story)->t_us == us);
}

static void it_goes_as_the_run_did(void **state)
{
    (void)state;
    assert_at(100000);
    assert_true(player_due_us(film.player, film.now_us) == 100000);
    pass(99999);
    assert_at(100000);
    assert_false(player_run(film.player, film.now_us));
    pass(1);
    assert_at(200000);
    pass(9 * S + 800000);
    assert_at(10 * S);
    assert_true(player_now(film.player).total_us > 70 * S);
}

static void it_goes_as_many_times_as_fast(void **state)
{
    static const unsigned speeds[] = {2, 5, 10, 30, 60, 60};
    uint64_t at = 100000;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof speeds / sizeof speeds[0]; i++) {
        player_faster(film.player, film.now_us);
        assert_int_equal(player_now(film.player).speed, speeds[i]);
        pass(100000);
        at += speeds[i] * UINT64_C(100000);
        assert_at(at);
    }
    assert_true(player_due_us(film.player, film.now_us) == (100000 + 59) / 60);
    player_slower(film.player, film.now_us);
    player_slower(film.player, film.now_us);
    assert_int_equal(player_now(film.player).speed, 10);
    player_real(film.player, film.now_us);
    pass(S);
    assert_at(at + S);
}

static void paused_it_stands_and_goes_on_from_there(void **state)
{
    (void)state;
    pass(S);
    player_pause(film.player, film.now_us);
    assert_true(player_now(film.player).paused);
    assert_true(player_due_us(film.player, film.now_us) == UINT64_MAX);
    pass(100 * S);
    assert_at(1100000);
    player_pause(film.player, film.now_us);
    pass(S);
    assert_at(2100000);
}

static void it_goes_to_a_time_forward_and_back(void **state)
{
    (void)state;
    player_seek(film.player, film.now_us, 45 * S);
    assert_at(45100000); /* to a tick */
    pass(100000);
    assert_at(45200000);
    player_seek(film.player, film.now_us, 12 * S);
    assert_at(12100000);
    assert_int_equal(story_generation(film.story), 1);
    player_skip(film.player, film.now_us, 10 * (int64_t)1000000);
    assert_at(22100000);
    player_skip(film.player, film.now_us, -60 * (int64_t)1000000);
    assert_at(100000);
    player_seek(film.player, film.now_us, UINT64_MAX / 2);
    assert_true(player_now(film.player).ended);
    assert_int_equal(story_tick(film.story)->state, RUN_FINISHED);
}

/* What is read of it is as if it had never gone elsewhere. */
static void after_a_seek_nothing_is_left_of_what_came_later(void **state)
{
    uint64_t requests;

    (void)state;
    player_seek(film.player, film.now_us, 12 * S);
    requests = ledger_summary(story_ledger(film.story), -1, SPAN_RUN).requests;
    player_seek(film.player, film.now_us, 60 * S);
    assert_true(
        ledger_summary(story_ledger(film.story), -1, SPAN_RUN).requests >
        requests);
    assert_int_equal(story_event_count(film.story) > 3, true);
    player_seek(film.player, film.now_us, 12 * S);
    assert_true(
        ledger_summary(story_ledger(film.story), -1, SPAN_RUN).requests ==
        requests);
}

static void it_goes_from_stage_to_stage(void **state)
{
    static const size_t stages[] = {1, 2, 3, 4, 5};
    size_t i;

    (void)state;
    for (i = 0; i < 5; i++) {
        assert_true(player_next_stage(film.player, film.now_us, 0));
        assert_int_equal(story_tick(film.story)->scenarios[0].stage, stages[i]);
    }
    assert_false(player_next_stage(film.player, film.now_us, 0));
    /* At once the one before; later this one. */
    assert_true(player_previous_stage(film.player, film.now_us, 0));
    assert_int_equal(story_tick(film.story)->scenarios[0].stage, 4);
    assert_true(player_stage(film.player, film.now_us, 0, 3));
    pass(5 * S);
    assert_true(player_previous_stage(film.player, film.now_us, 0));
    assert_int_equal(story_tick(film.story)->scenarios[0].stage, 3);
    assert_false(player_stage(film.player, film.now_us, 0, 9));
}

static void it_goes_from_mark_to_mark(void **state)
{
    uint64_t first;

    (void)state;
    assert_false(player_previous_mark(film.player, film.now_us));
    assert_true(player_next_mark(film.player, film.now_us));
    first = player_now(film.player).at_us;
    assert_in_range(first, 25 * S, 26 * S);
    assert_true(player_next_mark(film.player, film.now_us));
    assert_in_range(player_now(film.player).at_us, 40 * S, 41 * S);
    assert_false(player_next_mark(film.player, film.now_us));
    assert_true(player_previous_mark(film.player, film.now_us));
    assert_at(first);
}

static void at_its_end_it_stays_and_can_begin_anew(void **state)
{
    (void)state;
    player_seek(film.player, film.now_us, 69 * S);
    pass(20 * S);
    assert_true(player_now(film.player).ended);
    assert_false(player_now(film.player).cut);
    assert_true(player_due_us(film.player, film.now_us) == UINT64_MAX);
    player_pause(film.player, film.now_us);
    assert_at(100000);
    pass(S);
    assert_at(1100000);
}

static void what_was_cut_is_played_up_to_there(void **state)
{
    struct player_source source = {film_next, film_rewind, &film};
    struct err e = ERR_INIT;

    (void)state;
    film.cut = true;
    film.end = 300;
    film_shut(NULL);
    film.cut = true;
    film.end = 300;
    film_open(NULL);
    pass(40 * S);
    assert_at(30 * S);
    assert_true(player_now(film.player).ended && player_now(film.player).cut);
    assert_string_equal(player_now(film.player).why, "cut off at byte 7");
    film.end = film.at = 0;
    assert_null(player_new(&source, film.story, &e));
    assert_string_equal(e.text, "cut off at byte 7");
    film.cut = false;
    e = (struct err)ERR_INIT;
    assert_null(player_new(&source, film.story, &e));
    assert_string_equal(e.text, "there is no moment of the run in it");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, film_open, film_shut)
    const struct CMUnitTest tests[] = {
        T(it_goes_as_the_run_did),
        T(it_goes_as_many_times_as_fast),
        T(paused_it_stands_and_goes_on_from_there),
        T(it_goes_to_a_time_forward_and_back),
        T(after_a_seek_nothing_is_left_of_what_came_later),
        T(it_goes_from_stage_to_stage),
        T(it_goes_from_mark_to_mark),
        T(at_its_end_it_stays_and_can_begin_anew),
        T(what_was_cut_is_played_up_to_there),
    };

    return cmocka_run_group_tests(tests, film_make, film_clear);
}
