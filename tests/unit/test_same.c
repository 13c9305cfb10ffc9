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

#include "record/info_code.h"
#include "record/player.h"
#include "record/results.h"
#include "record/tick_code.h"
#include "run/frame.h"
#include "support/picture.h"
#include "support/sim.h"

/* This exercises: a run whose ticks are put together, written, read again and
 * played: at the end of each frame every picture is the run's own, to the cell,
 * and so are its results, to the bit, whatever was done to the run. */

#define ROOM (16u << 20)

/* What a recording has. */
struct film {
    struct sim sim;
    struct info_read read;
    struct frame *frame;
    struct buf *codes; /* of frames */
    size_t n, cap, at;
    struct story *again;
    struct player *player;
    size_t looks;
};

static void film_write(struct film *f)
{
    f->codes = realloc(f->codes, (f->n + 1) * sizeof *f->codes);
    buf_init(&f->codes[f->n], ROOM);
    assert_true(tick_encode(frame_tick(f->frame), &f->codes[f->n]));
    f->n++;
    frame_reset(f->frame);
}

static void film_tick(void *ctx, const struct tick *t)
{
    struct film *f = ctx;

    if (frame_is_over(f->frame, t)) {
        film_write(f);
    }
    frame_add(f->frame, t);
}

static int film_next(void *ctx, struct tick_read *out, struct err *e)
{
    struct film *f = ctx;

    if (f->at == f->n) {
        return 0;
    }
    if (!tick_decode(&f->read.info, f->codes[f->at].data, f->codes[f->at].len,
                     out, e)) {
        fail_msg("%s", e->text);
    }
    f->at++;
    return 1;
}

static void film_rewind(void *ctx)
{
    struct film *f = ctx;

    f->at = 0;
}

static void film_init(struct film *f, const char *plan, uint32_t jitter_us)
{
    struct err e = ERR_INIT;
    struct buf b;

    memset(f, 0, sizeof *f);
    buf_init(&b, ROOM);
    sim_init(&f->sim, plan, 7);
    f->sim.jitter_us = jitter_us;
    assert_true(info_encode(&f->sim.info, &b));
    assert_true(info_decode(b.data, b.len, &f->read, &e));
    f->frame = frame_new();
    f->again = story_new(&f->read.info);
    f->sim.tap = film_tick;
    f->sim.tap_ctx = f;
    buf_clear(&b);
}

static void film_clear(struct film *f)
{
    size_t i;

    player_free(&f->player);
    for (i = 0; i < f->n; i++) {
        buf_clear(&f->codes[i]);
    }
    free(f->codes);
    story_free(&f->again);
    frame_free(&f->frame);
    info_read_clear(&f->read);
    sim_clear(&f->sim);
}

/* The lines in which they differ. */
static void film_differ(const char *a, const char *b)
{
    int said = 0;

    while (*a != '\0' && *b != '\0' && said < 12) {
        size_t n = strcspn(a, "\n"), k = strcspn(b, "\n");

        if (n != k || memcmp(a, b, n) != 0) {
            fprintf(stderr, "run:    %.*s\nreplay: %.*s\n", (int)n, a, (int)k,
                    b);
            said++;
        }
        a += n + (a[n] != '\0');
        b += k + (b[k] != '\0');
    }
    fail_msg("they are not the same");
}

static void assert_same_picture(struct film *f, int cols, int rows, bool done,
                                enum ui_panel panel)
{
    struct buf here, there;

    buf_init(&here, ROOM);
    buf_init(&there, ROOM);
    picture(f->sim.story, cols, rows, done, panel, &here);
    picture(f->again, cols, rows, done, panel, &there);
    if (strcmp(buf_str(&here), buf_str(&there)) != 0) {
        fprintf(stderr, "at %.3f s, panel %d\n", (double)f->sim.tick.t_us / 1e6,
                (int)panel);
        film_differ(buf_str(&here), buf_str(&there));
    }
    buf_clear(&here);
    buf_clear(&there);
}

/* The whole picture, and one of the panels, each in its turn. */
static void assert_same_pictures(struct film *f, bool done)
{
    static const enum ui_panel panels[] = {
        PANEL_ERRORS, PANEL_LOG,      PANEL_THRESHOLDS, PANEL_REQUESTS,
        PANEL_STEPS,  PANEL_INSIGHTS, PANEL_CHECKS,     PANEL_GENERATOR};
    size_t n = sizeof panels / sizeof panels[0], i;

    assert_same_picture(f, 200, 55, done, PANEL_NONE);
    assert_same_picture(f, 120, 36, done, panels[f->looks++ % n]);
    for (i = 0; done && i < n; i++) {
        assert_same_picture(f, 80, 24, done, panels[i]);
    }
}

static void assert_same_results(struct film *f)
{
    char *here = results_text(f->sim.story), *there = results_text(f->again);

    if (strcmp(here, there) != 0) {
        film_differ(here, there);
    }
    free(here);
    free(there);
}

/* Plays what was written since; the frame that is open is written first. */
static void film_catch_up(struct film *f)
{
    struct err e = ERR_INIT;
    struct tick_read r;

    if (!frame_empty(f->frame)) {
        film_write(f);
    }
    while (film_next(f, &r, &e) > 0) {
        story_feed(f->again, &r.tick);
        tick_read_clear(&r);
    }
}

static void film_run(struct film *f, unsigned seconds)
{
    sim_run(&f->sim, seconds);
    film_catch_up(f);
    assert_same_pictures(f, false);
    assert_same_results(f);
}

/* All that can be done to a run, and all that can go wrong. */
static void film_adventure(struct film *f)
{
    struct sim *s = &f->sim;
    unsigned i;

    sim_event(s, "setup", "setup: waiting for the service", false);
    film_run(f, 17);
    sim_command(s, COMMAND_SET_VUS, 63, "");
    film_run(f, 1);
    for (i = 0; i < 5; i++) {
        sim_command(s, COMMAND_ADD_VUS, 10, "");
        sim_tick(s);
    }
    film_run(f, 3);
    sim_command(s, COMMAND_MARK, 0, "deploy \xc3\xa4 42");
    sim_tick(s);
    s->limits = true;
    film_run(f, 6);
    sim_command(s, COMMAND_PAUSE, 0, "");
    film_run(f, 3);
    sim_command(s, COMMAND_PAUSE, 0, "");
    film_run(f, 2);
    s->limits = false;
    sim_command(s, COMMAND_HOLD, 0, "");
    film_run(f, 4);
    sim_command(s, COMMAND_HOLD, 0, "");
    sim_command(s, COMMAND_FOLLOW, 0, "");
    film_run(f, 3);
    s->hangs = true;
    film_run(f, 4);
    s->hangs = false;
    sim_command(s, COMMAND_SPIKE, 0, "");
    film_run(f, 12);
    s->dead = true;
    film_run(f, 5);
    s->dead = false;
    s->tick.health.suspect = true;
    s->tick.health.ever_suspect = true;
    snprintf(s->tick.health.why, sizeof s->tick.health.why, "loop lag");
    sim_tick(s);
    s->tick.health.suspect = false;
    sim_command(s, COMMAND_NEXT_STAGE, 0, "");
    film_run(f, 8);
    sim_command(s, COMMAND_MARK, 0, "later");
    film_run(f, 20);
}

static const char *const film_plans[] = {NULL, sim_plan_mixed,
                                         sim_plan_arrivals, sim_plan_returns};

/* Whether ticks are on time, nearly so, or not at all. */
static void an_adventure_is_the_same_again(void **state)
{
    static const uint32_t jitters[] = {0, 700, 30000, 300};
    size_t i;

    (void)state;
    for (i = 0; i < 4; i++) {
        struct film f;

        film_init(&f, film_plans[i], jitters[i]);
        f.sim.leak_mb_min = 30;
        film_adventure(&f);
        sim_finish(&f.sim, 99);
        film_catch_up(&f);
        assert_same_pictures(&f, true);
        assert_same_results(&f);
        film_clear(&f);
    }
}

/* What a hunt says of itself stands in a frame as it was. */
static void a_turn_of_a_hunt_begins_a_frame(void **state)
{
    struct film f;
    size_t n;

    (void)state;
    film_init(&f, NULL, 0);
    film_run(&f, 3);
    sim_tick(&f.sim);
    n = f.n;
    f.sim.tick.hunt.phase = HUNT_SETTLE;
    f.sim.tick.hunt.number = 1;
    sim_tick(&f.sim);
    assert_int_equal(f.n, n + 1);
    f.sim.tick.hunt.phase = HUNT_MEASURE;
    sim_tick(&f.sim);
    assert_int_equal(f.n, n + 2);
    sim_tick(&f.sim);
    assert_int_equal(f.n, n + 2);
    f.sim.tick.hunt.phase = HUNT_RAMP;
    f.sim.tick.hunt.number = 2;
    film_run(&f, 3);
    film_clear(&f);
}

/* Ticks that end a little after their time, as those of a run do. */
static void a_run_that_nobody_touches_is_the_same_again(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < 4; i++) {
        struct film f;

        film_init(&f, film_plans[i], 0);
        f.sim.tick.t_us = 300;
        while (f.sim.tick.t_us < UINT64_C(110000000)) {
            film_run(&f, 6);
        }
        sim_finish(&f.sim, 0);
        film_catch_up(&f);
        assert_same_pictures(&f, true);
        assert_same_results(&f);
        film_clear(&f);
    }
}

/* To any moment, forward and back: as it was then. */
static void a_seek_shows_what_was_shown_then(void **state)
{
    static const unsigned moments[] = {90, 15, 16, 60};
    struct err e = ERR_INIT;
    struct film f, g;
    struct player_source source = {film_next, film_rewind, &f};
    size_t i;

    (void)state;
    film_init(&f, NULL, 0);
    sim_run(&f.sim, 25);
    sim_command(&f.sim, COMMAND_MARK, 0, "deploy 42");
    sim_run(&f.sim, 85);
    film_write(&f);
    f.player = player_new(&source, f.again, &e);
    assert_non_null(f.player);
    player_begin(f.player, 0, 1);
    for (i = 0; i < sizeof moments / sizeof moments[0]; i++) {
        player_seek(f.player, 0, moments[i] * UINT64_C(1000000));
        film_init(&g, NULL, 0);
        sim_run(&g.sim, moments[i] < 25 ? moments[i] : 25);
        if (moments[i] > 25) {
            sim_command(&g.sim, COMMAND_MARK, 0, "deploy 42");
            sim_run(&g.sim, moments[i] - 25);
        }
        story_free(&g.again);
        g.again = f.again;
        assert_same_pictures(&g, false);
        assert_same_results(&g);
        g.again = NULL;
        film_clear(&g);
    }
    film_clear(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_turn_of_a_hunt_begins_a_frame),
        cmocka_unit_test(a_run_that_nobody_touches_is_the_same_again),
        cmocka_unit_test(an_adventure_is_the_same_again),
        cmocka_unit_test(a_seek_shows_what_was_shown_then),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
