/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "screen/draw.h"
#include "support/sheet.h"

/* This exercises: what single rows of a picture say, in words, whatever else
 * is on it: that figures are of the time that stands above them, that hints
 * name the keys there are, that nothing is cut or left out for want of room
 * where it was. */

static void figures_are_of_the_time_above_them(void **state)
{
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 52);
    for (i = 0; i < SHEET_SIZES; i++) {
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], " in run ");
    }
    sheet_has(&s, 120, 36, "errors, whole run");
    sheet_has(&s, 80, 24, "p95 ok    2.53 s ");
    sheet_has(&s, 120, 36, "2.53 s not failed");
    sheet_has(&s, 200, 55, "not failed");
    s.ui.cursor = true;
    s.ui.cursor_us = 29000000;
    sheet_has(&s, 80, 24, " then ");
    sheet_lacks(&s, 80, 24, " in run ");
    s.ui.cursor = false;
    sim_run(&s.sim, 60);
    sim_finish(&s.sim, 99);
    s.ui.done = true;
    s.ui.panel = PANEL_THRESHOLDS;
    sheet_has(&s, 80, 24, "run  last 10 s      margin");
    sheet_clear(&s);
}

/* A share may be of when rules were judged last; counts are newer. */
static void a_part_is_never_larger_than_the_whole(void **state)
{
    struct sheet s;
    const char *at;
    double whole, part, share;
    char text[64];

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 52);
    sheet_look(&s, 120, 36);
    share = (double)s.model.run.failed / (double)s.model.run.requests;
    assert_true(share > 0.01);
    s.model.run.error_rate = share / 4;
    sheet_draw(&s, 120, 36);
    at = strstr(sheet_text(&s), "err run");
    assert_non_null(at);
    at += strlen("err run");
    at += strspn(at, " ");
    assert_true(num_double_prefix(at, &whole, &at));
    at = strstr(at, "xx ");
    assert_non_null(at);
    assert_true(num_double_prefix(at + strlen("xx "), &part, &at));
    assert_true(part <= whole);
    /* Beside the counts that it is of, it is of those. */
    s.ui.panel = PANEL_ERRORS;
    sheet_draw(&s, 120, 36);
    snprintf(text, sizeof text, "requests failed (%.1f %%)", share * 100);
    assert_non_null(strstr(sheet_text(&s), text));
    sheet_clear(&s);
}

static void stages_are_named_as_far_as_there_is_room(void **state)
{
    struct sheet s;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 52);
    sheet_has(&s, 200, 55, "╱ warm-up ╱");
    sheet_has(&s, 120, 36, " warm… ");
    sheet_has(&s, 80, 24, "╱1╱╱├ hold ┤");
    sheet_clear(&s);
}

static void a_stage_is_written_alike_in_head_and_log(void **state)
{
    struct sheet s;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 31);
    sheet_has(&s, 120, 36, "stage 3/6 ramp 20→100 0:02 left");
    sheet_has(&s, 120, 36, "0:30  stage 3/6 ramp 20→100 ");
    sheet_lacks(&s, 120, 36, "->");
    sheet_lacks(&s, 200, 55, "->");
    s.ascii = true;
    sheet_has(&s, 120, 36, "0:30  stage 3/6 ramp 20->100 ");
    sheet_clear(&s);
}

/* Even one that is shorter than a column is wide. */
static void a_pause_is_seen_at_every_size(void **state)
{
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 45);
    for (i = 0; i < SHEET_SIZES; i++) {
        s.ui.heat = HEAT_LINES; /* which has shades of its own */
        sheet_lacks(&s, sheet_sizes[i][0], sheet_sizes[i][1], "░");
    }
    sim_command(&s.sim, COMMAND_PAUSE, 0, "");
    sim_tick(&s.sim);
    sim_tick(&s.sim);
    sim_command(&s.sim, COMMAND_PAUSE, 0, "");
    sim_run(&s.sim, 10);
    for (i = 1; i < SHEET_SIZES; i++) {
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], "░");
    }
    s.ui.cursor = true;
    s.ui.cursor_us = 45100000;
    for (i = 1; i < SHEET_SIZES; i++) {
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], " paused ");
    }
    s.ui.cursor_us = 20000000;
    sheet_lacks(&s, 120, 36, " paused ");
    s.ui.cursor = false;
    /* In one line each there is no behind: what had figures keeps them. */
    sim_command(&s.sim, COMMAND_PAUSE, 0, "");
    sim_run(&s.sim, 9);
    sheet_has(&s, 60, 16, "░");
    sheet_clear(&s);
}

static void a_rate_that_ended_is_nobodys(void **state)
{
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, sim_plan_arrivals);
    sim_run(&s.sim, 32);
    for (i = 0; i < SHEET_SIZES; i++) {
        s.ui.heat = HEAT_LINES;
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], "v rate");
        sheet_lacks(&s, sheet_sizes[i][0], sheet_sizes[i][1], "v VUs");
    }
    sim_command(&s.sim, COMMAND_SET_VUS, 45, "");
    sim_run(&s.sim, 10);
    for (i = 0; i < SHEET_SIZES; i++) {
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], "MANUAL");
    }
    sim_command(&s.sim, COMMAND_STOP, 0, "");
    sim_run(&s.sim, 3);
    sim_finish(&s.sim, 0);
    s.ui.done = true;
    for (i = 0; i < SHEET_SIZES; i++) {
        sheet_lacks(&s, sheet_sizes[i][0], sheet_sizes[i][1], "MANUAL");
        sheet_lacks(&s, sheet_sizes[i][0], sheet_sizes[i][1], "of 0");
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], "at end");
        s.ui.big = true;
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], "it/s on average");
        sheet_lacks(&s, sheet_sizes[i][0], sheet_sizes[i][1], "MANUAL");
        s.ui.big = false;
    }
    sheet_clear(&s);
}

/* Wherever a hint names a key, it is the one that does it. */
static void hints_name_keys_as_they_are_bound(void **state)
{
    static const char *const defaults[] = {
        "] [",     "Esc close", "Esc back",    "q end",      "Q cuts",
        "t shows", "r shows",   "Tab chooses", "S saves",    "o O sort",
        "/ fil",   "b shows",   "End back",    "until a,",   "q leaves",
        "q ends",  "p goes on", "f goes on",   "] more, [ ", "} {"};
    struct sheet s;
    size_t i, k;
    int a, panel, prompt;

    (void)state;
    sheet_init(&s, NULL);
    for (a = 0; a < ACTION_COUNT; a++) {
        keymap_bind(&s.keys, (enum action)a, 0x430 + (uint32_t)a);
    }
    sim_run(&s.sim, 52);
    s.ui.cursor = true;
    s.ui.cursor_us = 20000000;
    for (panel = PANEL_NONE; panel <= PANEL_SAMPLE; panel++) {
        for (prompt = PROMPT_NONE; prompt < PROMPT_COUNT; prompt++) {
            s.ui.panel = (enum ui_panel)panel;
            s.ui.prompt = (enum ui_prompt)prompt;
            for (i = 0; i < SHEET_SIZES; i++) {
                const char *text =
                    sheet_at(&s, sheet_sizes[i][0], sheet_sizes[i][1]);

                for (k = 0; k < sizeof defaults / sizeof defaults[0]; k++) {
                    if (strstr(text, defaults[k]) != NULL) {
                        fail_msg("'%s' in:\n%s", defaults[k], text);
                    }
                }
            }
        }
    }
    s.ui.panel = PANEL_STEPS;
    s.ui.prompt = PROMPT_NONE;
    sheet_has(&s, 80, 24, "saves a plan");
    s.ui.panel = PANEL_NONE;
    sheet_has(&s, 40, 10, "ends it");
    sheet_lacks(&s, 40, 10, "q ends");
    sheet_clear(&s);
}

/* The keys of the question, and of what it says, are those, too. */
static void the_end_is_asked_for_with_the_keys_there_are(void **state)
{
    struct sheet s;

    (void)state;
    sheet_init(&s, NULL);
    keymap_bind(&s.keys, ACTION_QUIT, 'y' + 1);
    keymap_bind(&s.keys, ACTION_CUT, 'Y' + 1);
    sim_run(&s.sim, 10);
    (void)sheet_at(&s, 80, 24);
    sheet_key(&s, 'z');
    assert_int_equal(s.ui.prompt, PROMPT_QUIT);
    sheet_has(&s, 80, 24, "Enter or z end");
    sheet_has(&s, 80, 24, "Z cuts it off at once");
    sheet_key(&s, 'q');
    assert_int_equal(s.ui.prompt, PROMPT_QUIT);
    sheet_key(&s, 'z');
    assert_int_equal(s.ui.prompt, PROMPT_NONE);
    sheet_clear(&s);
}

/* In the rows beside it, for as long as it is new. */
static void what_is_new_is_told_whole(void **state)
{
    static const char first[] = "asked 20000, applied 18100: descriptor limit";
    char text[200];
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 25);
    sim_command(&s.sim, COMMAND_SET_VUS, 63, "");
    sim_run(&s.sim, 4);
    snprintf(text, sizeof text, "%s, and so that it is longer: LASTWORD",
             first);
    ui_note(&s.ui, text, s.now_us);
    for (i = 0; i < SHEET_SIZES; i++) {
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], first);
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], "LASTWORD");
    }
    snprintf(text, sizeof text,
             "wrote /home/somebody/load/results/vi-runtime-spike-2026-11-27T"
             "06-50-01.json, FILE.txt");
    s.ui.note[0] = '\0';
    sim_event(&s.sim, "write", text, false);
    sim_tick(&s.sim);
    for (i = 0; i < SHEET_SIZES; i++) {
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], "FILE.txt");
    }
    sim_run(&s.sim, 8);
    sheet_has(&s, 80, 24, " gen "); /* which is then back */
    sheet_clear(&s);
}

static void the_recovery_has_its_place_in_every_mode(void **state)
{
    static const enum heat_mode modes[] = {HEAT_LINES, HEAT_BOTH, HEAT_ONLY};
    struct sheet s;
    size_t i, k;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 62);
    sim_command(&s.sim, COMMAND_SET_VUS, 10, "");
    sim_run(&s.sim, 2);
    for (i = 0; i < SHEET_SIZES; i++) {
        for (k = 0; k < sizeof modes / sizeof modes[0]; k++) {
            s.ui.heat = modes[k];
            sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], "recover");
        }
    }
    s.ui.big = true;
    sheet_has(&s, 120, 36, "recover");
    s.ui.big = false;
    /* Once, not in the title and below it again. */
    assert_non_null(strstr(sheet_at(&s, 200, 55), "─ recovery ─────────"));
    sheet_clear(&s);
}

static void scale_and_zoom_are_legible(void **state)
{
    struct sheet s;

    (void)state;
    sheet_init(&s, NULL);
    s.sim.unwatched = true; /* there are more rows */
    sim_run(&s.sim, 75);
    sheet_has(&s, 120, 36, " log ");
    sheet_has(&s, 120, 36, "scale ");
    sheet_has(&s, 200, 55, "scale ");
    s.ui.zoom = ZOOM_MINUTE;
    sheet_has(&s, 80, 24, "\nz 1min ╌");
    sheet_has(&s, 120, 36, "\n z 1min ╌");
    sheet_clear(&s);
}

static void a_mark_without_a_word_has_its_number(void **state)
{
    struct sheet s;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 20);
    sim_command(&s.sim, COMMAND_MARK, 0, "mark 1");
    sim_run(&s.sim, 8);
    sheet_lacks(&s, 120, 36, "mark: mark");
    sheet_has(&s, 120, 36, "mark 1");
    sim_command(&s.sim, COMMAND_MARK, 0, "mark 2");
    sim_run(&s.sim, 4);
    s.ui.panel = PANEL_STEPS;
    sheet_lacks(&s, 120, 36, "mark mark");
    sheet_has(&s, 120, 36, "mark 2: 0:08 since mark 1");
    sheet_clear(&s);
}

static void a_baseline_is_said_where_it_helps_and_how_exact_it_is(void **state)
{
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 2);
    sheet_lacks(&s, 200, 55, "b baseline");
    sheet_baseline(&s);
    sim_run(&s.sim, 55);
    sheet_has(&s, 200, 55, "b baseline");
    sheet_has(&s, 200, 55, "~ a median");
    sheet_has(&s, 60, 16, "p95 base ~");
    for (i = 1; i < SHEET_SIZES - 1; i++) {
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], "p95 base");
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], " ~");
    }
    s.ui.big = true;
    sheet_has(&s, 120, 36, "base ~");
    s.ui.big = false;
    s.ui.panel = PANEL_THRESHOLDS;
    sheet_has(&s, 80, 24, "baseline ");
    /* The help says what its words mean, in a list at its end. */
    s.ui.panel = PANEL_HELP;
    sheet_has(&s, 200, 55, "base: the earlier run at this point");
    sheet_has(&s, 200, 55, "~ before a figure: only about right");
    s.ui.selected = ui_list_length(&s.ui, &s.model) - 1;
    sheet_has(&s, 80, 24, "base: the earlier run at this point");
    sheet_has(&s, 80, 24, "~ before a figure: only about right");
    s.ui.selected = 0;
    s.ui.panel = PANEL_NONE;
    sim_run(&s.sim, 70);
    sim_finish(&s.sim, 99);
    s.ui.done = true;
    /* Of the whole run it is exact. */
    for (i = 0; i < SHEET_SIZES; i++) {
        sheet_lacks(&s, sheet_sizes[i][0], sheet_sizes[i][1], "~");
    }
    sheet_has(&s, 80, 24, "p95 base");
    sheet_clear(&s);
}

/* Without a key, at every size and in big figures; while the run goes on, too.
 */
static void where_it_breaks_is_told_on_every_picture(void **state)
{
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 30);
    for (i = 0; i < SHEET_SIZES; i++) {
        sheet_lacks(&s, sheet_sizes[i][0], sheet_sizes[i][1], "no break");
    }
    sim_run(&s.sim, 22);
    s.now_us += 30000000;
    for (i = 0; i < SHEET_SIZES; i++) {
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1],
                  "breaks at 20-100 VUs");
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], "2.15 s, limit ");
    }
    s.ui.big = true;
    sheet_has(&s, 80, 24, "breaks at 20-100 VUs (at 0:33), limited by latency");
    sim_run(&s.sim, 56);
    sim_finish(&s.sim, 99);
    s.ui.done = true;
    for (i = 0; i < 2 * SHEET_SIZES; i++) {
        const int *n = sheet_sizes[i % SHEET_SIZES];

        s.ui.big = i >= SHEET_SIZES;
        sheet_has(&s, n[0], n[1], "breaks at 20-100 VUs");
        sheet_has(&s, n[0], n[1], "3.15 s, limit ");
        if (!s.ui.big && n[0] >= 80) {
            sheet_has(&s, n[0], n[1], "recovered in 2.1 s");
        }
    }
    sheet_clear(&s);
}

static void that_nothing_broke_is_told_at_the_end(void **state)
{
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 28);
    sim_command(&s.sim, COMMAND_STOP, 0, "");
    sim_run(&s.sim, 1);
    sim_finish(&s.sim, 0);
    s.ui.done = true;
    for (i = 0; i < 2 * SHEET_SIZES; i++) {
        const int *n = sheet_sizes[i % SHEET_SIZES];

        s.ui.big = i >= SHEET_SIZES;
        sheet_has(&s, n[0], n[1], "no break up to 20 VUs");
    }
    sheet_clear(&s);
}

/* The exit code may be 0, as in k6: the picture is not to look as if all was
 * well. */
static void a_run_in_which_all_failed_says_so_loudly(void **state)
{
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, NULL);
    s.sim.dead = true;
    s.sim.info.no_thresholds = true;
    sim_run(&s.sim, 20);
    sim_finish(&s.sim, 0);
    s.ui.done = true;
    for (i = 0; i < 2 * SHEET_SIZES; i++) {
        const int *n = sheet_sizes[i % SHEET_SIZES];

        s.ui.big = i >= SHEET_SIZES;
        sheet_has(&s, n[0], n[1],
                  "ENDED · every request failed: connection refused");
        sheet_lacks(&s, n[0], n[1], "break ");
    }
    sheet_clear(&s);
}

/* It was told for as long as it was so; the next spike is another matter. */
static void a_recovery_goes_when_the_load_rises_again(void **state)
{
    struct sheet s;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 95);
    sheet_has(&s, 80, 24, "recovered in 2.1 s");
    sim_command(&s.sim, COMMAND_SET_VUS, 100, "");
    sim_run(&s.sim, 3);
    sheet_lacks(&s, 80, 24, "recovered");
    sheet_lacks(&s, 200, 55, "recovered in");
    sheet_clear(&s);
}

static void a_mark_in_calm_says_that_nothing_is_wrong(void **state)
{
    struct sheet s;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 25);
    sim_command(&s.sim, COMMAND_HOLD, 0, "");
    sim_command(&s.sim, COMMAND_MARK, 0, "deploy");
    sim_run(&s.sim, 3);
    sheet_has(&s, 80, 24, "mark: nothing wrong");
    sheet_has(&s, 200, 55, "nothing has gone wrong in the 3 s since the mark");
    sim_run(&s.sim, 60);
    sheet_lacks(&s, 80, 24, "mark: nothing wrong");
    sheet_lacks(&s, 200, 55, "nothing has gone wrong");
    sheet_clear(&s);
}

/* What the last ten seconds had stands beside them. */
static void errors_of_the_run_stand_beside_the_run(void **state)
{
    struct sheet s;
    const char *row;

    (void)state;
    sheet_init(&s, NULL);
    s.sim.limits = true;
    sim_run(&s.sim, 20);
    s.sim.limits = false;
    sim_run(&s.sim, 12);
    sheet_has(&s, 80, 24, "err 10 s   0.0 %          ");
    row = strstr(sheet_at(&s, 80, 24), "err run");
    assert_non_null(row);
    row += strcspn(row, "\n%");
    assert_true(strncmp(row, "% 429 ", 6) == 0);
    sheet_clear(&s);
}

/* Lines of the list of steps go on in the next row, and nothing of the answer
 * is cut. */
/* Grey says "too few to know"; but what is over the limit is not to look as if
 * it was well. */
static void over_the_limit_looks_so_however_few_samples(void **state)
{
    struct sheet s;
    struct buf roles;
    const char *row;

    (void)state;
    sheet_init(&s, NULL);
    s.sim.rate_scale = 0.01;
    sim_run(&s.sim, 52);
    row = strstr(sheet_at(&s, 80, 24), " p95  ");
    assert_non_null(row);
    row += strcspn(row, "\n~");
    assert_int_equal(*row, '~');
    buf_init(&roles, 1 << 16);
    grid_roles(&s.grid, &roles);
    assert_non_null(strchr(buf_str(&roles), 'L')); /* ROLE_BAD_LINE */
    buf_clear(&roles);
    sheet_clear(&s);
}

/* p95 of instant 503s is low: that it holds its limit is not shown as good. */
static void quick_refusals_do_not_look_good(void **state)
{
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 20);
    for (i = 0; i < SHEET_SIZES; i++) {
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], "✓ ");
    }
    s.sim.refuses = true;
    sim_run(&s.sim, 30);
    for (i = 0; i < SHEET_SIZES; i++) {
        if (sheet_sizes[i][0] >= 200) { /* else those that fail take the room */
            sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], "! p95 <500ms");
            /* Those of one request are not better for that. */
            sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1],
                      "! ChatRequest p95 <800ms");
        }
        sheet_lacks(&s, sheet_sizes[i][0], sheet_sizes[i][1],
                    "✓ ChatRequest p95");
        if (sheet_sizes[i][0] < 200) {
            sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], "! <500ms");
            sheet_lacks(&s, sheet_sizes[i][0], sheet_sizes[i][1], "✓ <500ms");
        }
        sheet_lacks(&s, sheet_sizes[i][0], sheet_sizes[i][1], "✓ p95 <500ms");
    }
    s.ui.panel = PANEL_THRESHOLDS;
    sheet_has(&s, 80, 24, "holds, but most responses are failures");
    s.ui.panel = PANEL_NONE;
    s.ui.big = true;
    sheet_has(&s, 120, 36, "! most requests failed");
    sheet_clear(&s);
}

/* What has no response has no duration: p95 is of the others, and honest. */
static void a_limit_held_beside_time_outs_is_held(void **state)
{
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, NULL);
    s.sim.hangs = true;
    sim_run(&s.sim, 26);
    for (i = 0; i < SHEET_SIZES; i++) {
        int cols = sheet_sizes[i][0], rows = sheet_sizes[i][1];

        if (cols >= 200) {
            sheet_has(&s, cols, rows, "✓ p95 <500ms");
            sheet_has(&s, cols, rows, "✓ ChatRequest p95 <800ms");
        }
        if (cols < 200) {
            sheet_has(&s, cols, rows, "✓ <500ms");
        }
        sheet_lacks(&s, cols, rows, "! <500ms");
        sheet_lacks(&s, cols, rows, "! p95 <500ms");
    }
    s.ui.panel = PANEL_THRESHOLDS;
    sheet_lacks(&s, 80, 24, "holds, but");
    s.ui.panel = PANEL_NONE;
    s.ui.big = true;
    sheet_has(&s, 120, 36, "✓ limit <500ms");
    sheet_lacks(&s, 120, 36, "! most requests failed");
    sheet_clear(&s);
}

/* "VUs 0" says nothing of a run that is over. */
static void big_figures_of_a_run_that_is_over_are_the_runs(void **state)
{
    struct sheet s;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 108);
    sim_finish(&s.sim, 99);
    s.ui.done = s.ui.big = true;
    sheet_at(&s, 60, 16); /* where figures are words */
    assert_int_equal(s.model.vus_peak, 100);
    sheet_has(&s, 60, 16, "peak VUs");
    sheet_has(&s, 60, 16, "100");
    sheet_has(&s, 120, 36, "peak VUs");
    sheet_has(&s, 120, 36, " pass · verdict critical");
    sheet_lacks(&s, 120, 36, "plan ");
    sheet_clear(&s);
}

/* What the figures mean stands where there is room, and does not move what is
 * beside it. */
static void the_verdict_is_in_sight_in_a_word(void **state)
{
    struct sheet s;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 5);
    sheet_lacks(&s, 120, 36, "so far: "); /* not enough to say */
    sim_run(&s.sim, 15);
    sheet_has(&s, 120, 36, " so far: good ");
    sheet_has(&s, 200, 55, " so far: good ");
    sheet_has(&s, 200, 55, " http://127.0.0.1:3000 ");
    sim_run(&s.sim, 30);
    sheet_has(&s, 120, 36, " so far: critical ");
    s.ui.cursor = true;
    s.ui.cursor_us = 15000000;
    sheet_lacks(&s, 120, 36, "so far: ");
    s.ui.cursor = false;
    sim_run(&s.sim, 58);
    sim_finish(&s.sim, 99);
    s.ui.done = true;
    sheet_has(&s, 120, 36, "exit code 99 · verdict critical · q leaves");
    sheet_has(&s, 80, 24, "FAILED · exit code 99 · verdict critical");
    /* and the stages stay in sight */
    sheet_has(&s, 80, 24, "├ hold ┤");
    sheet_clear(&s);
}

/* The first moments of a column would stand for all of it. */
static void a_column_that_has_only_begun_shows_no_percentiles(void **state)
{
    struct sheet s;
    const struct bin *last;
    double lo;
    uint64_t width;

    (void)state;
    sheet_init(&s, sim_plan_soak);
    sim_run(&s.sim, 3);
    sheet_at(&s, 80, 24);
    assert_true(bin_tells(&s.model.bins[0])); /* there is no other */
    width = s.model.bin_us;
    assert_true(width > 12000000);
    sim_run(&s.sim, (unsigned)(2 * width / 1000000) - 3);
    s.sim.refuses = true; /* at once: much quicker than all before */
    sheet_at(&s, 80, 24);
    lo = s.model.latency.lo;
    sim_run(&s.sim, 2);
    sheet_at(&s, 80, 24);
    last = &s.model.bins[s.model.n_bins - 1];
    assert_true(last->samples > 0 && !last->complete);
    assert_false(bin_tells(last));
    assert_true(s.model.latency.lo >= lo && s.model.latency.lo <= lo);
    sim_run(&s.sim, 4);
    sheet_at(&s, 80, 24);
    last = &s.model.bins[s.model.n_bins - 1];
    assert_true(!last->complete && bin_tells(last));
    assert_true(s.model.latency.lo < lo);
    sheet_clear(&s);
}

/* Whoever watches the service is told when it takes more than it may. */
static void memory_over_its_limit_is_not_missed(void **state)
{
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, sim_plan_soak);
    sim_run(&s.sim, 20);
    for (i = 0; i < SHEET_SIZES; i++) {
        sheet_lacks(&s, sheet_sizes[i][0], sheet_sizes[i][1], "MEMORY OVER");
    }
    s.sim.tick.server.limit_bytes = s.sim.tick.server.rss_bytes - 1;
    sim_run(&s.sim, 1);
    for (i = 0; i < SHEET_SIZES; i++) {
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1],
                  "MEMORY OVER ITS LIMIT: ");
    }
    sheet_has(&s, 200, 55, " so far: critical ");
    s.sim.silent = true; /* what it was is not what it is */
    sim_run(&s.sim, 1);
    sheet_lacks(&s, 120, 36, "MEMORY OVER");
    sheet_clear(&s);
}

/* Where a row of the heatmap begins, and on which side of that it lies. */
static void rows_of_the_heatmap_say_which_side_they_are_on(void **state)
{
    struct sheet s;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 60);
    s.ui.heat = HEAT_ONLY;
    sheet_has(&s, 80, 24, " ≥");
    sheet_has(&s, 80, 24, " <");
    sheet_has(&s, 80, 24, "·<3 ░<10 ▒<25 ▓<50 █≥50 %");
    sheet_has(&s, 120, 36, "·<3 ░<10 ▒<25 ▓<50 █≥50 %");
    s.ui.heat = HEAT_BOTH;
    sheet_has(&s, 120, 36, "share of requests");
    sheet_has(&s, 200, 55, "share of a column's requests");
    sheet_clear(&s);
}

/* Dots in the chart of the load, above its lowest row. */
static unsigned sheet_load_dots(struct sheet *s, int cols, int rows)
{
    struct layout l;
    struct grid g;
    unsigned n = 0;
    int row, col;

    (void)sheet_at(s, cols, rows);
    l = ui_layout(&s->ui, &s->model, cols, rows);
    grid_init(&g, cols, rows, false);
    render(&g, &s->model, &s->model, &s->ui, s->now_us);
    for (row = l.load.row; row < l.load.row + l.load.n - 1; row++) {
        for (col = l.chart_col; col < l.chart_col + l.chart; col++) {
            uint32_t cp = g.cells[row * cols + col].cp;

            n += cp > 0x2800 && cp <= 0x28ff;
        }
    }
    grid_clear(&g);
    return n;
}

static void where_setup_failed_nothing_is_planned_any_more(void **state)
{
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, NULL);
    s.sim.setup = true;
    sim_run(&s.sim, 3);
    for (i = 1; i < SHEET_SIZES; i++) {
        assert_true(sheet_load_dots(&s, sheet_sizes[i][0], sheet_sizes[i][1]) >
                    0);
    }
    sim_finish(&s.sim, 107);
    s.ui.done = true;
    for (i = 1; i < SHEET_SIZES; i++) {
        assert_int_equal(
            sheet_load_dots(&s, sheet_sizes[i][0], sheet_sizes[i][1]), 0);
        sheet_lacks(&s, sheet_sizes[i][0], sheet_sizes[i][1], "warm");
    }
    sheet_clear(&s);
}

/* The rule of the list is told when there are steps, too. */
static void lists_say_what_is_in_them(void **state)
{
    struct sheet s;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 60);
    s.ui.panel = PANEL_STEPS;
    sheet_has(&s, 80, 24, " held 5 s or more, newest first");
    sheet_has(&s, 60, 16, " held 5 s or more, newest first");
    sheet_clear(&s);
    /* One of several may well hold its own. */
    sheet_init(&s, sim_plan_mixed);
    sim_run(&s.sim, 8);
    s.ui.panel = PANEL_STEPS;
    sheet_has(&s, 80, 24, "No step yet: a step is of all scenarios together");
    sheet_clear(&s);
}

/* Two changes within two seconds are one, and the middle is seen. */
static void a_change_in_steps_is_told_with_its_turn(void **state)
{
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 25);
    sim_command(&s.sim, COMMAND_SET_VUS, 66, "");
    sim_run(&s.sim, 1);
    sim_command(&s.sim, COMMAND_SET_VUS, 15, "");
    sim_run(&s.sim, 4);
    for (i = 1; i < SHEET_SIZES; i++) {
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1],
                  sheet_sizes[i][0] < 100 ? "VUs 20→66→15" : "20 → 66 → 15");
    }
    sheet_clear(&s);
}

/* It is of a fall that is told; now is another matter. */
static void a_return_is_not_good_while_a_rule_is_broken(void **state)
{
    struct verdict bad[8];
    struct draw d = {0};
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 95);
    sheet_has(&s, 80, 24, "recovered in 2.1 s (1:08)");
    sheet_has(&s, 120, 36, "recovered in 2.1 s (100→20 at 1:08)");
    d.m = &s.model;
    assert_int_equal(draw_recovery_role(&d), ROLE_GOOD);
    assert_true(s.model.n_verdicts > 0 && s.model.n_verdicts <= 8);
    for (i = 0; i < s.model.n_verdicts; i++) {
        bad[i] = s.model.verdicts[i];
        bad[i].window_ok = false;
    }
    memcpy(s.model.verdicts, bad, s.model.n_verdicts * sizeof *bad);
    assert_int_equal(draw_recovery_role(&d), ROLE_TEXT);
    sheet_clear(&s);
}

static void a_number_stays_with_its_unit(void **state)
{
    static const char text[] = "errors to 1.0 % and 50 sheep";
    struct draw d = {0};
    struct buf rows;
    struct grid g;

    (void)state;
    grid_init(&g, 14, 3, false);
    d.g = &g;
    draw_wrap(&d, (struct box){0, 0, 3, 14}, 0, ROLE_TEXT, text);
    buf_init(&rows, 1 << 10);
    grid_text(&g, &rows);
    assert_string_equal(buf_str(&rows),
                        "errors to     \n1.0 % and 50  \nsheep         \n");
    assert_int_equal(draw_wrap_rows(text, 14, 5), 3);
    assert_int_equal(draw_wrap_rows(text, 14, 2), 2);
    assert_int_equal(draw_wrap_rows("errors", 14, 5), 1);
    buf_clear(&rows);
    grid_clear(&g);
}

static void the_steps_tell_all_of_their_answer(void **state)
{
    struct sheet s;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 55);
    s.ui.panel = PANEL_STEPS;
    sheet_has(&s, 80, 24, "breaks at 20-100 VUs (at 0:33), limited by latency");
    sheet_has(&s, 80, 24, "limit 500 ms");
    sheet_has(&s, 80, 24, "req/s at 20 VUs");
    sheet_has(&s, 80, 24, "✗ p95 > 500 ms");
    sheet_has(&s, 200, 55, "req/s at");
    sheet_clear(&s);
}

/* What it is doing stands where a stage does, what it knows with the answers;
 * found, that is the answer. */
static void a_hunt_says_what_it_does_and_what_it_knows(void **state)
{
    struct tick_hunt h = {.phase = HUNT_MEASURE,
                          .why = SEARCH_NARROW,
                          .load = 60,
                          .number = 7,
                          .phase_us = 12000000,
                          .measure_us = 30000000,
                          .rps = 240,
                          .broke = true};
    struct sheet s;
    size_t i;

    (void)state;
    h.answer =
        (struct search_answer){.low = 55, .high = 66, .point = 61, .probes = 6};
    sheet_init(&s, NULL);
    sim_run(&s.sim, 20);
    s.sim.tick.hunt = h;
    sim_run(&s.sim, 2);
    sheet_has(&s, 120, 36, "probe 7 (narrow): 60 VUs, measuring 0:12 of 0:30");
    for (i = 1; i < SHEET_SIZES; i++) {
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], "probe 7 (narrow)");
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1],
                  "between 55 and 66 VUs");
    }
    s.sim.tick.hunt.phase = HUNT_YOURS;
    sim_run(&s.sim, 1);
    sheet_has(&s, 120, 36, "hunt paused: yours; a takes it back");
    s.sim.tick.hunt.phase = HUNT_OVER;
    s.sim.tick.hunt.answer.outcome = SEARCH_FOUND;
    s.sim.tick.hunt.answer.confirmed = true;
    sim_finish(&s.sim, 0);
    for (i = 1; i < SHEET_SIZES; i++) {
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1],
                  "61 ± 6 VUs, 240 requests a second");
    }
    sheet_clear(&s);
}

static void a_burst_of_keys_is_one_line_of_the_log(void **state)
{
    struct sheet s;
    int i;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 25);
    for (i = 0; i < 4; i++) {
        sim_command(&s.sim, COMMAND_ADD_VUS, 10, "");
        sim_tick(&s.sim);
    }
    s.ui.panel = PANEL_LOG;
    sheet_has(&s, 80, 24, "60 VUs by hand (plan 20), in 4 steps");
    sheet_lacks(&s, 80, 24, "50 VUs by hand");
    sheet_has(&s, 80, 24, "log   3 entries");
    sim_run(&s.sim, 3);
    sim_command(&s.sim, COMMAND_ADD_VUS, 10, "");
    sim_tick(&s.sim);
    sheet_has(&s, 80, 24, "60 VUs by hand (plan 20), in 4 steps");
    sheet_has(&s, 80, 24, "70 VUs by hand");
    sheet_clear(&s);
}

static void where_it_is_streamed_to_has_a_line(void **state)
{
    struct output list[] = {
        {.kind = "json", .where = "o.json", .points = 1234},
        {.kind = "csv",
         .points = 1,
         .dropped = 34,
         .retries = 1,
         .held_back = 3,
         .behind = true,
         .why = "connection refused"},
        {.kind = "statsd", .dead = true, .why = "full"},
    };
    struct sheet s;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 5);
    s.ui.panel = PANEL_GENERATOR;
    sheet_lacks(&s, 120, 36, "json ");
    story_set_outputs(s.sim.story, list, 3);
    sheet_has(&s, 120, 36, "json                 1,234 points ");
    sheet_has(&s, 200, 55,
              "csv                  1 point   34 dropped   trying again: "
              "connection refused ");
    sheet_has(&s, 120, 36, "0 points   ended: full");
    sheet_has(&s, 120, 36, "1,234 points   to o.json");
    s.ui.panel = PANEL_NONE;
    list[0].waits = true;
    story_set_outputs(s.sim.story, list, 3);
    sheet_lacks(&s, 120, 36, "OVER");
    sim_finish(&s.sim, 0);
    sheet_has(&s, 80, 24, "OVER · waiting for json, Ctrl-C does not wait");
    list[0].waits = false;
    story_set_outputs(s.sim.story, list, 3);
    sheet_lacks(&s, 120, 36, "OVER");
    sheet_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_it_is_streamed_to_has_a_line),
        cmocka_unit_test(figures_are_of_the_time_above_them),
        cmocka_unit_test(where_setup_failed_nothing_is_planned_any_more),
        cmocka_unit_test(lists_say_what_is_in_them),
        cmocka_unit_test(quick_refusals_do_not_look_good),
        cmocka_unit_test(a_limit_held_beside_time_outs_is_held),
        cmocka_unit_test(big_figures_of_a_run_that_is_over_are_the_runs),
        cmocka_unit_test(the_verdict_is_in_sight_in_a_word),
        cmocka_unit_test(a_column_that_has_only_begun_shows_no_percentiles),
        cmocka_unit_test(memory_over_its_limit_is_not_missed),
        cmocka_unit_test(rows_of_the_heatmap_say_which_side_they_are_on),
        cmocka_unit_test(a_change_in_steps_is_told_with_its_turn),
        cmocka_unit_test(a_part_is_never_larger_than_the_whole),
        cmocka_unit_test(stages_are_named_as_far_as_there_is_room),
        cmocka_unit_test(a_stage_is_written_alike_in_head_and_log),
        cmocka_unit_test(a_pause_is_seen_at_every_size),
        cmocka_unit_test(a_rate_that_ended_is_nobodys),
        cmocka_unit_test(hints_name_keys_as_they_are_bound),
        cmocka_unit_test(the_end_is_asked_for_with_the_keys_there_are),
        cmocka_unit_test(what_is_new_is_told_whole),
        cmocka_unit_test(the_recovery_has_its_place_in_every_mode),
        cmocka_unit_test(scale_and_zoom_are_legible),
        cmocka_unit_test(a_mark_without_a_word_has_its_number),
        cmocka_unit_test(a_baseline_is_said_where_it_helps_and_how_exact_it_is),
        cmocka_unit_test(where_it_breaks_is_told_on_every_picture),
        cmocka_unit_test(that_nothing_broke_is_told_at_the_end),
        cmocka_unit_test(a_run_in_which_all_failed_says_so_loudly),
        cmocka_unit_test(a_recovery_goes_when_the_load_rises_again),
        cmocka_unit_test(a_mark_in_calm_says_that_nothing_is_wrong),
        cmocka_unit_test(errors_of_the_run_stand_beside_the_run),
        cmocka_unit_test(over_the_limit_looks_so_however_few_samples),
        cmocka_unit_test(a_number_stays_with_its_unit),
        cmocka_unit_test(a_return_is_not_good_while_a_rule_is_broken),
        cmocka_unit_test(the_steps_tell_all_of_their_answer),
        cmocka_unit_test(a_hunt_says_what_it_does_and_what_it_knows),
        cmocka_unit_test(a_burst_of_keys_is_one_line_of_the_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
