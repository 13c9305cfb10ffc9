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

#include <signal.h>
#include <sys/stat.h>

#include "support/live_kit.h"

/* This exercises: the mouse on the screen, in a terminal that reports it as it
 * was asked to: off at first, on and off by key and by configuration file, what
 * a click and the wheel do, reports that are broken or in pieces, and that no
 * way out leaves it on. */

/* text stands where it stays, whatever else of a picture is still to come. */
static void click(struct pty *p, int from, const char *text)
{
    int row, col;

    assert_true(pty_sees(p, text));
    if (!pty_find(p, from, text, &row, &col)) {
        fail_msg("no '%s' in\n%s", text, pty_text(p));
    }
    pty_click(p, row, col + (int)strlen(text) / 2);
}

/* A picture that stands still, the mouse on. */
static void begin(struct pty *p, int cols, int rows)
{
    demo_start(p, cols, rows, demo_env, "--at 55 --stop");
    assert_true(pty_sees(p, "RUNNING"));
    assert_true(pty_sees(p, "ChatStream"));
    assert_false(p->mouse);
    pty_type(p, "M");
    assert_true(pty_sees(p, "mouse on"));
    assert_true(p->mouse);
}

static void it_is_off_until_its_key_and_off_again(void **state)
{
    struct pty p;

    (void)state;
    demo_start(&p, 120, 36, demo_env, "--at 55 --stop");
    assert_true(pty_sees(&p, "ChatStream"));
    assert_false(p.mouse);
    assert_null(strstr(buf_str(&p.raw), "\033[?1000h"));
    assert_null(strstr(buf_str(&p.raw), "\033[?1006h"));
    /* One that comes all the same does nothing, nor does a byte of it. */
    assert_non_null(strstr(pty_text(&p), "by p95 ▾"));
    pty_type(&p, "\033[<0;20;12M\033[<64;20;12M\033[M !!");
    pty_type(&p, "o");
    assert_true(pty_sees(&p, "by p99 ▾"));
    assert_null(strstr(pty_text(&p), "does nothing here"));
    assert_null(strstr(pty_text(&p), " cursor "));
    pty_type(&p, "M");
    assert_true(pty_sees(&p, "M switches it off"));
    assert_true(p.mouse);
    assert_non_null(strstr(buf_str(&p.raw), "\033[?1006h\033[?1000h"));
    pty_type(&p, "M");
    assert_true(pty_sees(&p, "mouse off"));
    assert_false(p.mouse);
    assert_non_null(strstr(buf_str(&p.raw), "\033[?1000l\033[?1006l"));
    pty_end(&p);
}

static void a_click_picks_sorts_looks_jumps_and_reads(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < PTY_SIZES; i++) {
        int from, row, col;
        struct pty p;

        begin(&p, pty_sizes[i][0], pty_sizes[i][1]);
        assert_true(pty_find(&p, 2, "method name", &from, &col));
        /* A heading. */
        click(&p, from, "err%");
        assert_true(pty_sees(&p, "err%▾"));
        click(&p, from, "err%");
        assert_true(pty_sees(&p, "err%▴"));
        click(&p, from, "name");
        assert_true(pty_sees(&p, "name▴"));
        /* The second row, chosen and then looked into. */
        pty_click(&p, from + 2, col);
        assert_true(pty_sees(&p, "▸POST   ChatRequest"));
        pty_click(&p, from + 2, col);
        assert_true(pty_sees(&p, "─ POST ChatRequest"));
        assert_true(pty_sees(&p, "where the time goes"));
        pty_type(&p, "\033");
        assert_true(pty_sees(&p, "▸POST   ChatRequest"));
        pty_type(&p, "\033");
        assert_true(pty_loses(&p, "▸POST"));
        /* A chart, two columns right of where it begins. */
        assert_true(pty_sees(&p, "0:00╌"));
        assert_true(pty_find(&p, 2, "0:00", &row, &col));
        pty_click(&p, row - 3, col + 2);
        assert_true(pty_sees(&p, " cursor 0:0"));
        pty_type(&p, "\033");
        assert_true(pty_loses(&p, " cursor "));
        /* A stage. */
        click(&p, 1, "recover");
        assert_true(pty_sees(&p, "stage 6/6"));
        pty_end(&p);
    }
}

/* What went wrong has a sign where it began, which tells more, as its key does;
 * and the service's own charts are there, or a key away. */
static void a_sign_on_the_axis_and_a_key_tell_what_was_found(void **state)
{
    static const struct {
        int cols, rows;
        const char *service;
    } sizes[] = {{80, 24, " cores"},
                 {120, 36, " cores"},
                 {200, 55, "the service itself"}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        int axis, row, col;
        struct pty p;

        demo_start(&p, sizes[i].cols, sizes[i].rows, demo_env,
                   "--at 40 --stop --scene trouble");
        assert_true(pty_sees(&p, "ChatStream"));
        pty_type(&p, "M");
        assert_true(pty_sees(&p, "mouse on"));
        assert_true(pty_find(&p, 2, "0:00╌", &axis, &col));
        assert_true(pty_find(&p, axis, "!", &row, &col));
        assert_int_equal(row, axis);
        pty_click(&p, row, col);
        assert_true(pty_sees(&p, "─ anomalies   "));
        assert_true(pty_sees(&p, "outage"));
        assert_true(pty_sees(&p, "rate limit"));
        pty_type(&p, "\033");
        assert_true(pty_loses(&p, "─ anomalies   "));
        pty_type(&p, "I");
        assert_true(pty_sees(&p, "─ anomalies   "));
        pty_type(&p, "\r");
        assert_true(pty_sees(&p, " cursor 0:"));
        pty_type(&p, "\033");
        assert_true(pty_loses(&p, " cursor 0:"));
        if (sizes[i].rows == 24) {
            click(&p, 2, "R service");
            assert_true(pty_loses(&p, "ChatStream"));
        }
        assert_true(pty_sees(&p, sizes[i].service));
        pty_type(&p, "R");
        assert_true(pty_loses(&p, sizes[i].service));
        pty_end(&p);
    }
}

static void the_wheel_zooms_charts_and_moves_lists(void **state)
{
    struct pty p;
    int row, col;

    (void)state;
    demo_start(&p, 120, 36, demo_env, "--at 100 --stop");
    assert_true(pty_sees(&p, "0:00╌"));
    pty_type(&p, "M");
    assert_true(pty_sees(&p, "mouse on"));
    pty_wheel(&p, 10, 40, true);
    assert_true(pty_sees(&p, "z 1min"));
    pty_wheel(&p, 10, 40, false);
    assert_true(pty_loses(&p, "z 1min"));
    assert_true(pty_find(&p, 2, "method name", &row, &col));
    pty_click(&p, row, col);
    assert_true(pty_sees(&p, "name▴"));
    pty_type(&p, "r");
    assert_true(pty_sees(&p, "Enter look"));
    assert_true(pty_find(&p, 2, "method name", &row, &col));
    assert_true(pty_sees(&p, "▸GET"));
    pty_wheel(&p, row + 1, col, false);
    assert_true(pty_sees(&p, "▸POST"));
    pty_wheel(&p, row + 1, col, true);
    assert_true(pty_loses(&p, "▸POST"));
    pty_end(&p);
}

/* Nothing of them is a key, at a prompt either, and the next one counts. */
static void broken_reports_and_pieces_are_no_keys(void **state)
{
    static const char *const pieces[] = {"\033[<0", ";2", "0;1", "2", "M"};
    struct pty p;
    size_t i;

    (void)state;
    begin(&p, 120, 36);
    pty_type(&p, "v");
    assert_true(pty_sees(&p, "set virtual users"));
    pty_type(&p, "\033[<0;99;99M\033[<0;20;12M\033[<0;20;12m\033[<65;20;12M");
    pty_type(&p, "\033[<0;q20;1\033[<0;123456789012345678901234567890;7M");
    pty_type(&p, "\033[M !!77\r");
    assert_true(pty_sees(&p, "77 VUs by hand"));
    assert_true(pty_loses(&p, "set virtual users"));
    for (i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        pty_type(&p, pieces[i]);
        assert_true(pty_pump(&p, 50));
    }
    assert_true(pty_sees(&p, " cursor "));
    assert_non_null(strstr(pty_text(&p), "RUNNING"));
    assert_null(strstr(pty_text(&p), "does nothing here"));
    /* Beyond the edges, and then a key in the row of keys. */
    assert_true(pty_sees(&p, "End live"));
    pty_type(&p, "\033[<0;121;37M\033[<0;99999;1M\033[<0;1;99999M");
    click(&p, 35, "p pause");
    assert_true(pty_sees(&p, "PAUSED"));
    pty_end(&p);
}

/* done: what is seen when the run is over, and q leaves; NULL: it goes by
 * itself. */
static void check_given_back(const char *options, const char *keys, int sig,
                             const char *done)
{
    struct pty p;

    demo_start(&p, 80, 24, demo_env, options);
    assert_true(pty_sees(&p, "? help"));
    pty_type(&p, "M");
    assert_true(pty_sees(&p, "mouse on"));
    assert_true(p.mouse);
    if (keys[0] != '\0') {
        pty_type(&p, keys);
    }
    if (sig != 0) {
        kill(p.pid, sig);
    }
    if (done != NULL) {
        assert_true(pty_sees(&p, done));
        pty_type(&p, "q");
    }
    assert_int_not_equal(pty_status(&p, true), -1);
    assert_true(pty_restored(&p));
    assert_non_null(strstr(buf_str(&p.raw), "\033[?1000l"));
    assert_non_null(strstr(buf_str(&p.raw), "\033[?1006l"));
    pty_end(&p);
}

static void no_way_out_leaves_it_on(void **state)
{
    (void)state;
    check_given_back("--at 50", "", SIGTERM, NULL);
    check_given_back("--at 50", "\003", 0, NULL);
    check_given_back("--at 50", "Q", 0, "FINISHED");
    check_given_back("--at 50 --crash", "mnull\r", 0, NULL);
    check_given_back("--at 50 --crash", "mfatal\r", 0, NULL);
    check_given_back("--at 50", "", SIGABRT, NULL);
}

static void ctrl_z_takes_it_away_and_gives_it_back(void **state)
{
    struct pty p;

    (void)state;
    demo_start(&p, 80, 24, demo_env, "--at 50");
    assert_true(pty_sees(&p, "RUNNING"));
    pty_type(&p, "M");
    assert_true(pty_sees(&p, "mouse on"));
    assert_true(pty_stops(&p));
    assert_true(pty_restored(&p));
    kill(p.pid, SIGCONT);
    assert_true(pty_sees(&p, "stopped by Ctrl-Z"));
    assert_true(pty_sees(&p, "? help"));
    assert_true(p.mouse);
    pty_end(&p);
}

/* The program itself, and a second screen of its run; both read the file. */
static void the_configuration_file_has_it_on_from_the_start(void **state)
{
    static const char *const demo[] = {"demo", "--seed", "7", NULL};
    static const char *const attach[] = {"attach", NULL};
    struct pty run, view;

    (void)state;
    assert_true(live_open(&kit));
    assert_int_equal(mkdir("brunt", 0700), 0);
    live_write(&kit, "brunt/config", "mouse = on\n");
    live_start(&kit, &run, 120, 36, demo);
    assert_true(pty_sees(&run, "ChatRequest"));
    assert_true(run.mouse);
    live_start(&kit, &view, 120, 36, attach);
    assert_true(pty_sees(&view, "ChatRequest"));
    assert_true(view.mouse);
    /* Who looks on may look, but not jump. */
    click(&view, 2, "err%");
    assert_true(pty_sees(&view, "err%▾"));
    click(&view, 1, "recover");
    assert_true(pty_sees(&view, "a jump steers, and this screen only looks"));
    click(&view, 35, "q leave");
    assert_int_equal(pty_exit(&view), 0);
    assert_true(pty_restored(&view));
    pty_type(&run, "M");
    assert_true(pty_sees(&run, "mouse off"));
    assert_false(run.mouse);
    pty_type(&run, "Q");
    assert_true(pty_sees(&run, "FINISHED"));
    pty_type(&run, "q");
    assert_int_not_equal(pty_status(&run, true), -1);
    assert_true(pty_restored(&run));
    pty_end(&view);
    pty_end(&run);
    live_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_off_until_its_key_and_off_again),
        cmocka_unit_test(a_click_picks_sorts_looks_jumps_and_reads),
        cmocka_unit_test(a_sign_on_the_axis_and_a_key_tell_what_was_found),
        cmocka_unit_test(the_wheel_zooms_charts_and_moves_lists),
        cmocka_unit_test(broken_reports_and_pieces_are_no_keys),
        cmocka_unit_test(no_way_out_leaves_it_on),
        cmocka_unit_test(ctrl_z_takes_it_away_and_gives_it_back),
        cmocka_unit_test(the_configuration_file_has_it_on_from_the_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
