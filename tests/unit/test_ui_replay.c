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

#include "base/file.h"
#include "screen/replay.h"
#include "support/sheet.h"

/* This exercises: a replay on the screen: what its keys ask for, what they
 * refuse, what head, banner, keys and help say of it, against pictures that
 * were looked at (make golden writes them anew). */

#define S UINT64_C(1000000)

static struct replay_now now;
static struct replay_ask asked;
static int asks;

static void port_now(void *ctx, struct replay_now *out)
{
    (void)ctx;
    *out = now;
}

static void port_ask(void *ctx, const struct replay_ask *ask)
{
    (void)ctx;
    asked = *ask;
    asks++;
}

static const struct replay_port port = {port_now, port_ask, NULL};

static void begin(struct sheet *s, const char *plan, unsigned seconds)
{
    struct ui_config c = {
        .spectator = true, .host_is_local = true, .replay = &port};

    sheet_init(s, plan);
    sheet_set_up(s, c);
    sim_run(&s->sim, seconds);
    now = (struct replay_now){.speed = 1, .total_us = 108 * S};
    snprintf(now.what, sizeof now.what, "2026-11-27 14:05 · nightly");
    asks = 0;
    ui_replay_look(&s->ui, 0);
    sheet_take(s, 80, 24);
}

static void assert_asks(struct sheet *s, uint32_t key, enum replay_kind kind,
                        int64_t number)
{
    int n = asks;

    assert_int_equal(sheet_key(s, key), UI_DRAW);
    assert_int_equal(asks, n + 1);
    assert_int_equal(asked.kind, kind);
    assert_true(asked.number == number);
    assert_int_equal(s->posted, 0);
}

static void keys_that_steer_a_run_steer_the_replay(void **state)
{
    struct sheet s;

    (void)state;
    begin(&s, NULL, 20);
    assert_asks(&s, 'p', REPLAY_PAUSE, 0);
    assert_asks(&s, ' ', REPLAY_PAUSE, 0);
    assert_asks(&s, '+', REPLAY_FASTER, 1);
    assert_asks(&s, '-', REPLAY_FASTER, -1);
    assert_asks(&s, 'a', REPLAY_FASTER, 0);
    assert_asks(&s, ']', REPLAY_SKIP, 10);
    assert_asks(&s, '[', REPLAY_SKIP, -10);
    assert_asks(&s, '}', REPLAY_SKIP, 60);
    assert_asks(&s, '{', REPLAY_SKIP, -60);
    assert_asks(&s, '>', REPLAY_STEP, 1);
    assert_asks(&s, '<', REPLAY_STEP, -1);
    assert_asks(&s, 'm', REPLAY_MARK, 1);
    assert_asks(&s, 'u', REPLAY_MARK, -1);
    assert_asks(&s, 'w', REPLAY_WRITE, 0);
    sheet_key(&s, 's');
    sheet_key(&s, TYPED_ARROW_DOWN);
    assert_asks(&s, TYPED_RETURN, REPLAY_STAGE, 2);
    assert_int_equal(s.ui.panel, PANEL_NONE);
    sheet_clear(&s);
}

static void a_time_is_typed(void **state)
{
    struct sheet s;
    int n;

    (void)state;
    begin(&s, NULL, 20);
    sheet_type(&s, "v0:45");
    sheet_has(&s, 80, 24, "to 0:45");
    assert_asks(&s, TYPED_RETURN, REPLAY_SEEK, 45 * (int64_t)S);
    sheet_type(&s, "v+1m");
    assert_asks(&s, TYPED_RETURN, REPLAY_SEEK, 80 * (int64_t)S);
    sheet_type(&s, "v99:00");
    sheet_has(&s, 80, 24, "to the end, at 1:48");
    assert_asks(&s, TYPED_RETURN, REPLAY_SEEK, 108 * (int64_t)S);
    n = asks;
    sheet_type(&s, "v4:::5");
    sheet_has(&s, 80, 24, "a time: 0:45, 90s");
    sheet_key(&s, TYPED_RETURN);
    assert_int_equal(asks, n);
    assert_int_equal(s.ui.prompt, PROMPT_TIME);
    sheet_clear(&s);
}

static void times_are_read(void **state)
{
    static const struct {
        const char *text;
        uint64_t us; /* UINT64_MAX: it is none */
    } rows[] = {
        {"0", 0},
        {"45", 45 * S},
        {"0:45", 45 * S},
        {"1:02:03", 3723 * S},
        {"90:00", 5400 * S},
        {"1m30s", 90 * S},
        {"+10", 110 * S},
        {"-10", 90 * S},
        {"-5m", 0},
        {"9999999", 7200 * S},
        {"", UINT64_MAX},
        {"+", UINT64_MAX},
        {"1:60", UINT64_MAX},
        {"1:2:3:4", UINT64_MAX},
        {":", UINT64_MAX},
        {"1:", UINT64_MAX},
        {"99999999", UINT64_MAX},
        {"--5", UINT64_MAX},
        {"1:-5", UINT64_MAX},
        {"x", UINT64_MAX},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct replay_time t = replay_time(rows[i].text, 100 * S, 7200 * S);

        if (t.ok != (rows[i].us != UINT64_MAX) ||
            (t.ok && t.us != rows[i].us)) {
            fail_msg("'%s' is %s: %s", rows[i].text, t.ok ? "a time" : "none",
                     t.text);
        }
    }
}

static void what_would_steer_a_run_is_refused(void **state)
{
    static const char keys[] = "xSf";
    struct sheet s;
    size_t i;

    (void)state;
    begin(&s, NULL, 20);
    for (i = 0; keys[i] != '\0'; i++) {
        sheet_key(&s, (uint32_t)keys[i]);
        sheet_has(&s, 120, 36, "does nothing here: this is a replay");
        assert_int_equal(asks + s.posted, 0);
        assert_false(s.ui.frozen);
    }
    assert_int_equal(sheet_key(&s, 'q'), UI_DRAW | UI_LEAVE);
    assert_int_equal(sheet_key(&s, 'Q'), UI_DRAW | UI_LEAVE);
    sheet_clear(&s);
}

/* Keys that only look do so, and answers of the player are told. */
static void the_rest_is_as_in_any_run(void **state)
{
    struct sheet s;

    (void)state;
    begin(&s, sim_plan_mixed, 20);
    sheet_key(&s, 'e');
    assert_int_equal(s.ui.panel, PANEL_ERRORS);
    sheet_key(&s, TYPED_ESC);
    sheet_key(&s, TYPED_TAB);
    assert_asks(&s, '>', REPLAY_STEP, 1);
    assert_int_equal(asked.scenario, 1);
    now.notes = 1;
    snprintf(now.note, sizeof now.note, "no mark comes after this");
    ui_replay_look(&s.ui, s.now_us);
    sheet_has(&s, 120, 36, "no mark comes after this");
    sheet_clear(&s);
}

/* Panels say what their keys do here, not what they did in the run. */
static void panels_have_hints_of_a_replay(void **state)
{
    struct sheet s;

    (void)state;
    begin(&s, NULL, 20);
    sheet_key(&s, 'k');
    sheet_has(&s, 80, 24, "] [ ten seconds   } { a minute   > < a stage");
    sheet_lacks(&s, 80, 24, "saves");
    sheet_key(&s, TYPED_ESC);
    sheet_key(&s, 's');
    sheet_has(&s, 80, 24, "A jump goes to where the stage began.");
    sheet_lacks(&s, 80, 24, "runs the stage");
    sheet_clear(&s);
}

static void the_help_says_what_keys_do_here(void **state)
{
    struct sheet s;

    (void)state;
    begin(&s, NULL, 20);
    sheet_key(&s, '?');
    sheet_has(&s, 200, 55, "ten seconds back");
    sheet_has(&s, 200, 55, "to the next mark");
    sheet_lacks(&s, 200, 55, "three times the load");
    sheet_lacks(&s, 200, 55, "save the run");
    sheet_lacks(&s, 200, 55, "freeze");
    sheet_clear(&s);
}

/* A golden of the whole picture. */
static void check(struct sheet *s, const char *name, int cols, int rows)
{
    const char *src = getenv("SRCDIR");
    struct err e = ERR_INIT;
    struct buf is, was;
    char path[512];

    ui_replay_look(&s->ui, s->now_us);
    sheet_take(s, cols, rows);
    sheet_is_whole(s);
    buf_init(&is, 1 << 22);
    buf_init(&was, 1 << 22);
    grid_text(&s->grid, &is);
    grid_roles(&s->grid, &is);
    snprintf(path, sizeof path, "%s/tests/cases/screen/replay-%s-%dx%d.txt",
             src != NULL ? src : ".", name, cols, rows);
    if (getenv("GOLDEN") != NULL) {
        assert_true(file_write(path, is.data, is.len, &e));
    }
    if (!file_read(path, &was, &e)) {
        fail_msg("%s: %s", path, e.text);
    }
    if (strcmp(buf_str(&was), buf_str(&is)) != 0) {
        fprintf(stderr, "%s differs; now it is\n%s", path, buf_str(&is));
        fail();
    }
    buf_clear(&is);
    buf_clear(&was);
}

static void pictures_are_as_looked_at(void **state)
{
    struct sheet s;
    int i;

    (void)state;
    for (i = 0; i < SHEET_SIZES; i++) {
        int cols = sheet_sizes[i][0], rows = sheet_sizes[i][1];

        begin(&s, NULL, 45);
        now.speed = 10;
        check(&s, "goes", cols, rows);
        now.paused = true;
        check(&s, "paused", cols, rows);
        now.ended = now.cut = true;
        snprintf(now.why, sizeof now.why,
                 "cut off after 0:45 of the run, at byte 51430");
        check(&s, "cut", cols, rows);
        sheet_clear(&s);
        begin(&s, NULL, 50);
        sim_run(&s.sim, 58);
        sim_finish(&s.sim, 99);
        s.ui.done = true;
        now.ended = true;
        check(&s, "over", cols, rows);
        sheet_clear(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_that_steer_a_run_steer_the_replay),
        cmocka_unit_test(a_time_is_typed),
        cmocka_unit_test(times_are_read),
        cmocka_unit_test(what_would_steer_a_run_is_refused),
        cmocka_unit_test(the_rest_is_as_in_any_run),
        cmocka_unit_test(panels_have_hints_of_a_replay),
        cmocka_unit_test(the_help_says_what_keys_do_here),
        cmocka_unit_test(pictures_are_as_looked_at),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
