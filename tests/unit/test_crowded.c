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
#include "support/sim.h"
#include "support/view_kit.h"

/* This exercises: what a picture says of that which has no room on it: rows
 * below, rules that fail out of sight, a reason longer than a row; and that it
 * claims nothing of what nothing was measured of. */

static struct sim sim;
static struct view view;

static int begin(void **state)
{
    (void)state;
    sim_init(&sim, NULL, 7);
    view_init(&view, sim.story, NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    view_clear(&view);
    sim_clear(&sim);
    return 0;
}

/* Three of five fail, two have room. */
static void rules_that_fail_out_of_sight_are_counted(void **state)
{
    (void)state;
    sim_run(&sim, 62);
    view_has(&view, 80, 24, "… 3 more, 1 ✗ · t");
    view_has(&view, 60, 16, "… 2 more · t");
    view_has(&view, 120, 36, "… 2 more · t shows all");
}

/* "↓ 12 more" until the last row is in sight. */
static void a_list_says_how_much_is_below(void **state)
{
    static const char open[] = "?trlkcs";
    static const int small[][2] = {{60, 16}, {80, 24}};
    size_t i, k;

    (void)state;
    sim_run(&sim, 20);
    for (i = 0; i < 30; i++) {
        sim_event(&sim, "warning", "one of many", true);
    }
    sim_run(&sim, 1);
    for (i = 0; i < 2; i++) {
        int cols = small[i][0], rows = small[i][1];

        view_type(&view, "?");
        view_has(&view, cols, rows, " more ─");
        view_key(&view, TYPED_LAST);
        view_lacks(&view, cols, rows, " more ─");
        view_key(&view, TYPED_ESC);
        view_type(&view, "l");
        view_has(&view, cols, rows, " more ─");
        view_key(&view, TYPED_LAST);
        view_lacks(&view, cols, rows, " more ─");
        view_key(&view, TYPED_ESC);
    }
    /* With room for all there is nothing to be told. */
    for (k = 0; open[k] != '\0'; k++) {
        const char key[] = {open[k], '\0'};

        view_type(&view, key);
        view_lacks(&view, 200, 70, " more ─");
        view_key(&view, TYPED_ESC);
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
    assert_string_equal(show_class_share(buf, sizeof buf, ERRORS_5XX, 0.021, 9),
                        "5xx 2.1%");
}

static void why_no_load_began_is_told_whole(void **state)
{
    int i;

    (void)state;
    sim.setup = true;
    sim_run(&sim, 3);
    sim_finish(&sim, 107);
    sim.tick.outcome.status = STATUS_ABORTED;
    snprintf(sim.tick.outcome.text, sizeof sim.tick.outcome.text,
             "setup failed: check 'the service is up': connection refused: "
             "GET http://127.0.0.1:3000/v1/health");
    sim_tick(&sim);
    view.ui.done = true;
    for (i = 0; i < VIEW_SIZES; i++) {
        int cols = view_sizes[i][0], rows = view_sizes[i][1];

        view_has(&view, cols, rows, "ABORTED · ");
        view_has(&view, cols, rows, "exit code 107");
        view_has(&view, cols, rows, "/v1/health");
        view_lacks(&view, cols, rows, "peak 1.00");
    }
    view_has(&view, 80, 24, "nothing was measured");
}

static void the_end_of_a_small_one_has_the_recovery(void **state)
{
    (void)state;
    sim_run(&sim, 108);
    sim_finish(&sim, 99);
    view.ui.done = true;
    view_has(&view, 60, 16, "breaks at 20-100 VUs: p95");
    view_has(&view, 60, 16, "FINISHED  1:48");
    view_has(&view, 60, 16, "recovered in 2 s");
    /* However long the name of the file that was written. */
    snprintf(view.ui.ended, sizeof view.ui.ended, "results in %0100d.json", 7);
    view_has(&view, 60, 16, "breaks at 20-100 VUs: p95");
}

static void what_nobody_answered_holds_no_rule(void **state)
{
    int i;

    (void)state;
    sim_run(&sim, 40);
    sim.dead = true;
    sim_run(&sim, 12);
    for (i = 0; i < VIEW_SIZES; i++) {
        view_lacks(&view, view_sizes[i][0], view_sizes[i][1], "- ✓");
    }
}

/* Whole words, if fewer. */
static void a_hunt_is_told_in_a_small_head_too(void **state)
{
    (void)state;
    sim_run(&sim, 20);
    sim.tick.hunt = (struct tick_hunt){.phase = HUNT_MEASURE,
                                       .why = SEARCH_NARROW,
                                       .load = 60,
                                       .number = 7,
                                       .measure_us = 30000000};
    sim_run(&sim, 1);
    view_has(&view, 60, 16, "probe 7 (narrow): 60 VUs ");
    view_has(&view, 120, 36, "probe 7 (narrow): 60 VUs, measuring 0:00 of");
    sim.tick.hunt.phase = HUNT_COOL;
    sim_run(&sim, 1);
    view_has(&view, 60, 16, "after 60 VUs ");
    view_has(&view, 120, 36, "after 60 VUs: until the service");
}

static void over_and_unsteered_the_generator_has_the_room(void **state)
{
    (void)state;
    sim_run(&sim, 108);
    sim_finish(&sim, 99);
    view.ui.done = true;
    view_has(&view, 200, 55, "busiest worker");
    view_lacks(&view, 200, 55, "none yet");
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
        cmocka_unit_test_setup_teardown(
            over_and_unsteered_the_generator_has_the_room, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
