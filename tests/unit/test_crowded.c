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

#include "base/text.h"
#include "measure/series.h"
#include "screen/show.h"
#include "support/sheet.h"

/* This exercises: what a picture says of that which has no room on it: rows
 * below, rules that fail out of sight, a reason longer than a row; and that it
 * claims nothing of what nothing was measured of. */

static struct sheet sheet;

static int begin(void **state)
{
    (void)state;
    sheet_init(&sheet, NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    sheet_clear(&sheet);
    return 0;
}

/* Three of five fail, two have room. */
static void rules_that_fail_out_of_sight_are_counted(void **state)
{
    (void)state;
    sheet.sim.unwatched = true; /* its charts would take rows */
    sim_run(&sheet.sim, 62);
    sheet_has(&sheet, 80, 24, "… 3 more, 1 ✗ · t");
    sheet_has(&sheet, 60, 16, "… 2 more · t");
    sheet_has(&sheet, 120, 36, "… 2 more · t shows all");
}

/* "↓ 12 more" until the last row is in sight. */
static void a_list_says_how_much_is_below(void **state)
{
    static const char open[] = "?trlkcs";
    static const int small[][2] = {{60, 16}, {80, 24}};
    size_t i, k;

    (void)state;
    sim_run(&sheet.sim, 20);
    for (i = 0; i < 30; i++) {
        sim_event(&sheet.sim, "warning", "one of many", true);
    }
    sim_run(&sheet.sim, 1);
    for (i = 0; i < 2; i++) {
        int cols = small[i][0], rows = small[i][1];

        sheet_type(&sheet, "?");
        sheet_has(&sheet, cols, rows, " more ─");
        sheet_key(&sheet, TYPED_LAST);
        sheet_lacks(&sheet, cols, rows, " more ─");
        sheet_key(&sheet, TYPED_ESC);
        sheet_type(&sheet, "l");
        sheet_has(&sheet, cols, rows, " more ─");
        sheet_key(&sheet, TYPED_LAST);
        sheet_lacks(&sheet, cols, rows, " more ─");
        sheet_key(&sheet, TYPED_ESC);
    }
    /* With room for all there is nothing to be told. */
    for (k = 0; open[k] != '\0'; k++) {
        const char key[] = {open[k], '\0'};

        sheet_type(&sheet, key);
        sheet_lacks(&sheet, 200, 70, " more ─");
        sheet_key(&sheet, TYPED_ESC);
    }
}

static void a_share_of_errors_is_never_cut(void **state)
{
    char buf[32];
    int c, k;

    (void)state;
    for (c = 0; c < ERRORS_COUNT; c++) {
        for (k = 0; k <= 10000; k++) {
            show_class_share(buf, sizeof buf, (enum error_class)c, k / 1e4, 9);
            assert_true(text_width(buf) <= 9);
        }
    }
    assert_string_equal(
        show_class_share(buf, sizeof buf, ERRORS_OTHER, 0.012, 9), "other 1%");
    assert_string_equal(
        show_class_share(buf, sizeof buf, ERRORS_OTHER, 0.002, 9), "other <1%");
    assert_string_equal(show_class_share(buf, sizeof buf, ERRORS_OTHER, 1, 9),
                        "all other");
    assert_string_equal(
        show_class_share(buf, sizeof buf, ERRORS_OTHER, 0.994, 9), "other 99%");
    /* Hardly all is not all. */
    assert_string_equal(
        show_class_share(buf, sizeof buf, ERRORS_OTHER, 0.995, 9), "other>99%");
    assert_string_equal(
        show_class_share(buf, sizeof buf, ERRORS_OTHER, 0.9999, 12),
        "other >99%");
    assert_string_equal(
        show_class_share(buf, sizeof buf, ERRORS_5XX, 0.9999, 9), "5xx >99%");
    assert_string_equal(show_class_share(buf, sizeof buf, ERRORS_5XX, 1, 9),
                        "5xx 100%");
    assert_string_equal(show_class_share(buf, sizeof buf, ERRORS_5XX, 0.021, 9),
                        "5xx 2.1%");
}

static void why_no_load_began_is_told_whole(void **state)
{
    int i;

    (void)state;
    sheet.sim.setup = true;
    sim_run(&sheet.sim, 3);
    sim_finish(&sheet.sim, 107);
    sheet.sim.tick.outcome.status = STATUS_ABORTED;
    snprintf(sheet.sim.tick.outcome.text, sizeof sheet.sim.tick.outcome.text,
             "setup failed: check 'the service is up': connection refused: "
             "GET http://127.0.0.1:3000/v1/health");
    sim_tick(&sheet.sim);
    sheet.ui.done = true;
    for (i = 0; i < SHEET_SIZES; i++) {
        int cols = sheet_sizes[i][0], rows = sheet_sizes[i][1];

        sheet_has(&sheet, cols, rows, "ABORTED · ");
        sheet_has(&sheet, cols, rows, "exit code 107");
        sheet_has(&sheet, cols, rows, "/v1/health");
        sheet_lacks(&sheet, cols, rows, "peak 1.00");
    }
    sheet_has(&sheet, 80, 24, "nothing was measured");
}

static void the_end_of_a_small_one_has_the_recovery(void **state)
{
    (void)state;
    sim_run(&sheet.sim, 108);
    sim_finish(&sheet.sim, 99);
    sheet.ui.done = true;
    sheet_has(&sheet, 60, 16, "breaks at 20-100 VUs (at 0:33): p95");
    sheet_has(&sheet, 60, 16, "FINISHED  1:48");
    sheet_has(&sheet, 60, 16, "recovered in 2.1 s");
    /* However long the name of the file that was written. */
    snprintf(sheet.ui.ended, sizeof sheet.ui.ended, "results in %0100d.json",
             7);
    sheet_has(&sheet, 60, 16, "breaks at 20-100 VUs (at 0:33): p95");
}

static void what_nobody_answered_holds_no_rule(void **state)
{
    int i;

    (void)state;
    sim_run(&sheet.sim, 40);
    sheet.sim.dead = true;
    sim_run(&sheet.sim, 12);
    for (i = 0; i < SHEET_SIZES; i++) {
        sheet_lacks(&sheet, sheet_sizes[i][0], sheet_sizes[i][1], "- ✓");
    }
}

/* Whole words, if fewer. */
static void a_hunt_is_told_in_a_small_head_too(void **state)
{
    (void)state;
    sim_run(&sheet.sim, 20);
    sheet.sim.tick.hunt = (struct tick_hunt){.phase = HUNT_MEASURE,
                                             .why = SEARCH_NARROW,
                                             .load = 60,
                                             .number = 7,
                                             .measure_us = 30000000};
    sim_run(&sheet.sim, 1);
    sheet_has(&sheet, 60, 16, "probe 7 (narrow): 60 VUs ");
    sheet_has(&sheet, 120, 36, "probe 7 (narrow): 60 VUs, measuring 0:00 of");
    sheet.sim.tick.hunt.phase = HUNT_COOL;
    sim_run(&sheet.sim, 1);
    sheet_has(&sheet, 60, 16, "after 60 VUs: ");
    sheet_has(&sheet, 120, 36, "after 60 VUs: recovering, 0:00");
}

static void unsteered_the_generator_has_the_room(void **state)
{
    (void)state;
    sheet.sim.unwatched = true; /* its charts would take rows */
    sim_run(&sheet.sim, 20);
    sheet_lacks(&sheet, 200, 55, "the last change of load");
    sim_run(&sheet.sim, 88);
    sim_finish(&sheet.sim, 99);
    sheet.ui.done = true;
    sheet_has(&sheet, 200, 55, "busiest worker");
    sheet_lacks(&sheet, 200, 55, "the last change of load");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            rules_that_fail_out_of_sight_are_counted, begin, end),
        cmocka_unit_test_setup_teardown(a_list_says_how_much_is_below, begin,
                                        end),
        cmocka_unit_test(a_share_of_errors_is_never_cut),
        cmocka_unit_test_setup_teardown(why_no_load_began_is_told_whole, begin,
                                        end),
        cmocka_unit_test_setup_teardown(the_end_of_a_small_one_has_the_recovery,
                                        begin, end),
        cmocka_unit_test_setup_teardown(what_nobody_answered_holds_no_rule,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_hunt_is_told_in_a_small_head_too,
                                        begin, end),
        cmocka_unit_test_setup_teardown(unsteered_the_generator_has_the_room,
                                        begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
