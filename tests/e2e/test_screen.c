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
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "support/pty.h"

/* This exercises: the screen with its thread and its terminal, in a pseudo
 * terminal: types keys, changes sizes, breaks it, and looks at what a person
 * would see; and how the terminal is given back. The run is made up
 * (tests/support/screen_demo.c). */

static void every_size_has_state_numbers_and_keys(void **state)
{
    static const int sizes[][2] = {{60, 16},  {80, 24},  {81, 24}, {120, 36},
                                   {200, 55}, {200, 60}, {250, 70}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct pty p;
        char row[4096];

        demo_start(&p, sizes[i][0], sizes[i][1], demo_env, "--at 50 --stop");
        assert_true(pty_sees(&p, "RUNNING"));
        assert_true(pty_sees(&p, "? help"));
        assert_true(pty_sees(&p, "p95"));
        assert_true(pty_sees(&p, "ChatStream"));
        assert_int_equal(pty_row_with(&p, "RUNNING", row, sizeof row), 0);
        assert_non_null(strstr(row, "0:50"));
        pty_end(&p);
    }
}

static void too_small_a_terminal_is_told_so_and_keys_still_work(void **state)
{
    struct pty p;

    (void)state;
    demo_start(&p, 59, 15, demo_env, "--at 50 --stop");
    assert_true(pty_sees(&p, "need 60x16, have 59x15"));
    pty_type(&p, "+");
    pty_resize(&p, 80, 24);
    assert_true(pty_sees(&p, "MANUAL"));
    assert_true(pty_sees(&p, "101 VUs by hand"));
    pty_end(&p);
}

static void keys_steer_and_each_is_answered(void **state)
{
    struct pty p;

    (void)state;
    demo_start(&p, 120, 36, demo_env, "--at 20 --stop");
    assert_true(pty_sees(&p, "hold 20"));
    pty_type(&p, "+");
    assert_true(pty_sees(&p, "21 VUs by hand (plan 20)"));
    assert_true(pty_sees(&p, "MANUAL"));
    pty_type(&p, "]");
    assert_true(pty_sees(&p, "31 VUs by hand"));
    pty_type(&p, "[");
    pty_type(&p, "-");
    assert_true(pty_sees(&p, "20 VUs by hand"));
    pty_type(&p, "v");
    assert_true(pty_sees(&p, "set virtual users"));
    pty_type(&p, "x2");
    assert_true(pty_sees(&p, "+20, at once"));
    pty_type(&p, "\r");
    assert_true(pty_loses(&p, "set virtual users"));
    assert_true(pty_sees(&p, "40 VUs by hand"));
    pty_type(&p, "a");
    assert_true(pty_loses(&p, "MANUAL"));
    pty_type(&p, "u");
    assert_true(pty_sees(&p, "undone: back to 40 VUs by hand"));
    pty_type(&p, " ");
    assert_true(pty_sees(&p, "HELD"));
    pty_type(&p, " ");
    assert_true(pty_loses(&p, "HELD"));
    pty_type(&p, "p");
    assert_true(pty_sees(&p, "PAUSED"));
    pty_type(&p, "p");
    assert_true(pty_loses(&p, "PAUSED"));
    pty_type(&p, ">");
    assert_true(pty_sees(&p, "stage 3/6"));
    pty_type(&p, "x");
    assert_true(pty_sees(&p, "SPIKE"));
    pty_type(&p, "mdeploy 42\r");
    assert_true(pty_sees(&p, "deploy 42"));
    pty_type(&p, "w");
    assert_true(pty_sees(&p, "wrote"));
    pty_end(&p);
}

static void panels_open_and_escape_closes_them(void **state)
{
    static const struct {
        const char *key, *text;
    } panels[] = {
        {"?", "type a number: 80, +20, x2"},
        {"\033OP\033[F", "this help, also F1"},
        {"e", "requests failed"},
        {"t", "margin"},
        {"r", "─ requests, last 10 s"},
        {"l", "newest first"},
        {"s", "Enter jump"},
    };
    struct pty p;
    char before[64 * 1024];
    size_t i;

    (void)state;
    demo_start(&p, 80, 24, demo_env, "--at 55 --stop");
    assert_true(pty_sees(&p, "? help"));
    assert_true(pty_sees(&p, "ChatStream"));
    snprintf(before, sizeof before, "%s", pty_text(&p));
    for (i = 0; i < sizeof panels / sizeof panels[0]; i++) {
        pty_type(&p, panels[i].key);
        assert_true(pty_sees(&p, "Esc close"));
        assert_true(pty_sees(&p, panels[i].text));
        pty_type(&p, "\033");
        assert_true(pty_becomes(&p, before));
    }
    pty_type(&p, "s\033[B\033[B\r");
    assert_true(pty_sees(&p, "stage 6/6"));
    pty_end(&p);
}

static void what_is_pasted_fills_a_field_and_nothing_else(void **state)
{
    struct pty p;

    (void)state;
    demo_start(&p, 80, 24, demo_env, "--at 20 --stop");
    assert_true(pty_sees(&p, "RUNNING"));
    pty_type(&p, "\033[200~Q]]+q\033[201~");
    pty_type(&p, "v\033[200~99\nq\033[201~");
    assert_true(pty_sees(&p, "99"));
    assert_true(pty_sees(&p, "set virtual users"));
    assert_null(strstr(pty_text(&p), "MANUAL"));
    pty_type(&p, "\r");
    assert_true(pty_sees(&p, "99 VUs by hand (plan 20)"));
    assert_non_null(strstr(pty_text(&p), "RUNNING"));
    pty_end(&p);
}

static bool cursor_is_behind(struct pty *p, const void *text)
{
    VTermPos at;
    int row, col;

    vterm_state_get_cursorpos(vterm_obtain_state(p->vt), &at);
    return p->cursor && pty_find(p, 0, text, &row, &col) && at.row == row &&
           at.col == col + text_width(text);
}

/* Waits until the terminal's own cursor stands behind text, and is seen. */
static bool cursor_behind(struct pty *p, const char *text)
{
    return pty_holds(p, cursor_is_behind, text);
}

static bool cursor_is_hidden(struct pty *p, const void *ctx)
{
    (void)ctx;
    return !p->cursor;
}

static bool cursor_hides(struct pty *p)
{
    return pty_holds(p, cursor_is_hidden, NULL);
}

static void a_field_is_edited_with_the_cursor_in_it(void **state)
{
    struct pty p;

    (void)state;
    demo_start(&p, 80, 24, demo_env, "--at 20 --stop");
    assert_true(pty_sees(&p, "RUNNING"));
    assert_false(p.cursor);
    pty_type(&p, "m");
    assert_true(pty_sees(&p, "mark this moment"));
    pty_type(&p, "dploy \xe6\x97\xa5");
    assert_true(cursor_behind(&p, "dploy \xe6\x97\xa5"));
    pty_type(&p, "\033[H\033[C");
    assert_true(cursor_behind(&p, "\xe2\x96\x8f"
                                  "d"));
    pty_type(&p, "e");
    assert_true(pty_sees(&p, "deploy \xe6\x97\xa5"));
    /* In the middle of it the window becomes another. */
    pty_resize(&p, 120, 36);
    assert_true(cursor_behind(&p, "\xe2\x96\x8f"
                                  "de"));
    pty_resize(&p, 60, 16);
    assert_true(cursor_behind(&p, "\xe2\x96\x8f"
                                  "de"));
    pty_resize(&p, 40, 10);
    assert_true(pty_sees(&p, "have 40x10"));
    assert_true(cursor_hides(&p));
    pty_resize(&p, 80, 24);
    assert_true(cursor_behind(&p, "\xe2\x96\x8f"
                                  "de"));
    pty_type(&p, "\033[F\177\177\033[1~\033[3~D\r");
    assert_true(pty_sees(&p, "Deploy"));
    assert_true(cursor_hides(&p));
    /* It comes back at the next mark. */
    pty_type(&p, "m\033[A");
    assert_true(cursor_behind(&p, "\xe2\x96\x8f"
                                  "Deploy"));
    pty_type(&p, "\027");
    assert_true(cursor_behind(&p, "\xe2\x96\x8f"));
    pty_type(&p, "\033");
    assert_true(pty_loses(&p, "mark this moment"));
    pty_end(&p);
}

static void a_strange_host_is_asked_about_once(void **state)
{
    struct pty p;

    (void)state;
    demo_start(&p, 80, 24, demo_env, "--at 20 --stop --remote");
    assert_true(pty_sees(&p, "RUNNING"));
    pty_type(&p, "-");
    assert_true(pty_sees(&p, "19 VUs by hand"));
    pty_type(&p, "]");
    assert_true(pty_sees(&p, "shop.example"));
    pty_type(&p, "\033");
    assert_true(pty_loses(&p, "shop.example"));
    pty_type(&p, "]");
    assert_true(pty_sees(&p, "shop.example"));
    pty_type(&p, "y");
    assert_true(pty_sees(&p, "29 VUs by hand"));
    pty_type(&p, "]");
    assert_true(pty_sees(&p, "39 VUs by hand"));
    pty_end(&p);
}

static void a_frozen_view_says_so_while_the_run_goes_on(void **state)
{
    struct pty p;

    (void)state;
    demo_start(&p, 80, 24, demo_env, "--at 20");
    assert_true(pty_sees(&p, "RUNNING"));
    pty_type(&p, "f");
    assert_true(pty_sees(&p, "VIEW FROZEN"));
    assert_true(pty_sees(&p, "now at 0:22"));
    assert_null(strstr(pty_text(&p), "RUNNING  0:22"));
    pty_type(&p, "f");
    assert_true(pty_loses(&p, "VIEW FROZEN"));
    pty_end(&p);
}

static void q_asks_drains_in_sight_and_leaves_at_the_second(void **state)
{
    struct pty p;

    (void)state;
    demo_start(&p, 80, 24, demo_env, "--at 50");
    assert_true(pty_sees(&p, "RUNNING"));
    pty_type(&p, "q");
    assert_true(pty_sees(&p, "end the run?"));
    pty_type(&p, "\033");
    assert_true(pty_loses(&p, "end the run?"));
    pty_type(&p, "qq");
    assert_true(pty_sees(&p, "FINISHED"));
    assert_true(pty_sees(&p, "exit code 99"));
    assert_true(pty_sees(&p, "q leave"));
    pty_type(&p, "e");
    assert_true(pty_sees(&p, "requests failed"));
    pty_type(&p, "\033q");
    assert_int_equal(pty_exit(&p), 99);
    assert_true(pty_sees(&p, "summary:"));
    assert_true(pty_restored(&p));
    pty_end(&p);
}

/* The picture of a program just started at a size. */
static void fresh_picture(int cols, int rows, char *out, size_t size)
{
    struct pty p;

    demo_start(&p, cols, rows, demo_env, "--at 50 --stop");
    assert_true(pty_sees(&p, "? help"));
    assert_true(pty_sees(&p, "ChatStream"));
    snprintf(out, size, "%s", pty_text(&p));
    pty_end(&p);
}

static void a_storm_of_sizes_ends_in_a_fresh_picture(void **state)
{
    static const int storm[][2] = {{120, 40}, {30, 8},  {200, 55}, {80, 24},
                                   {1, 1},    {66, 17}, {250, 20}, {61, 60},
                                   {120, 36}, {40, 90}, {132, 43}};
    static char fresh[64 * 1024];
    struct pty p;
    size_t i;
    int round;

    (void)state;
    fresh_picture(100, 30, fresh, sizeof fresh);
    demo_start(&p, 80, 24, demo_env, "--at 50 --stop");
    assert_true(pty_sees(&p, "? help"));
    for (round = 0; round < 3; round++) {
        for (i = 0; i < sizeof storm / sizeof storm[0]; i++) {
            pty_resize(&p, storm[i][0], storm[i][1]);
            pty_pump(&p, round * 20);
        }
    }
    pty_resize(&p, 100, 30);
    assert_true(pty_becomes(&p, fresh));
    pty_end(&p);
}

static void the_environment_s_size_is_not_believed(void **state)
{
    static const char *const env[] = {"TERM=xterm-256color", "LC_ALL=C.UTF-8",
                                      "LINES=10", "COLUMNS=20", NULL};
    static char fresh[64 * 1024];
    struct pty p;

    (void)state;
    fresh_picture(100, 30, fresh, sizeof fresh);
    demo_start(&p, 100, 30, env, "--at 50 --stop");
    assert_true(pty_becomes(&p, fresh));
    pty_end(&p);
}

static void check_given_back(const char *options, const char *keys, int sig,
                             const char *seen, int died_of)
{
    struct pty p;
    int status;

    demo_start(&p, 80, 24, demo_env, options);
    assert_true(pty_sees(&p, "? help"));
    assert_true(p.altscreen);
    assert_false(p.cursor);
    if (keys[0] != '\0') {
        pty_type(&p, keys);
    }
    if (sig != 0) {
        kill(p.pid, sig);
    }
    status = pty_status(&p, true);
    assert_int_not_equal(status, -1);
    assert_int_equal(WIFSIGNALED(status) ? WTERMSIG(status) : 0, died_of);
    if (seen != NULL) {
        assert_true(pty_sees(&p, seen));
    }
    assert_true(pty_restored(&p));
    /* Bracketed paste was switched off after it was switched on. */
    assert_non_null(strstr(buf_str(&p.raw), "\033[?2004h"));
    assert_non_null(
        strstr(strstr(buf_str(&p.raw), "\033[?2004h"), "\033[?2004l"));
    pty_end(&p);
}

static void signals_that_end_a_run_give_the_terminal_back(void **state)
{
    (void)state;
    check_given_back("--at 50", "", SIGTERM, "by_signal 1", 0);
    check_given_back("--at 50", "", SIGINT, "by_signal 1", 0);
    check_given_back("--at 50", "", SIGHUP, "by_signal 1", 0);
    check_given_back("--at 50", "\003", 0, "by_signal 1", 0);
}

/* A sanitizer turns the signal into an exit of its own. */
static void crashes_give_the_terminal_back(void **state)
{
    static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        struct pty p;

        demo_start(&p, 80, 24, demo_env, "--at 50 --noise");
        assert_true(pty_sees(&p, "? help"));
        kill(p.pid, signals[i]);
        assert_int_not_equal(pty_status(&p, true), -1);
        assert_true(pty_restored(&p));
        pty_end(&p);
    }
    for (i = 0; i < 2; i++) {
        struct pty p;

        demo_start(&p, 80, 24, demo_env, "--at 50 --crash");
        assert_true(pty_sees(&p, "? help"));
        pty_type(&p, i == 0 ? "mnull\r" : "mfatal\r");
        assert_int_not_equal(pty_status(&p, true), -1);
        if (i == 1) {
            assert_true(pty_sees(&p, "brunt: out of something"));
        }
        assert_true(pty_restored(&p));
        pty_end(&p);
    }
}

static void ctrl_z_gives_the_terminal_back_until_it_goes_on(void **state)
{
    struct pty p;

    (void)state;
    demo_start(&p, 80, 24, demo_env, "--at 50");
    assert_true(pty_sees(&p, "RUNNING"));
    assert_true(pty_stops(&p));
    assert_true(pty_restored(&p));
    kill(p.pid, SIGCONT);
    assert_true(pty_sees(&p, "stopped by Ctrl-Z"));
    assert_true(pty_sees(&p, "? help"));
    assert_true(p.altscreen);
    pty_type(&p, "+");
    assert_true(pty_sees(&p, "MANUAL"));
    pty_end(&p);
}

static void
a_terminal_that_takes_no_bytes_does_not_keep_the_end_back(void **state)
{
    struct pty p;
    int status;

    (void)state;
    demo_start(&p, 200, 55, demo_env, "--at 50");
    assert_true(pty_sees(&p, "RUNNING"));
    pty_fill(&p);
    kill(p.pid, SIGTERM);
    status = pty_status(&p, false);
    assert_true(WIFEXITED(status));
    assert_true(pty_sees(&p, "by_signal 1"));
    assert_true(pty_restored(&p));
    pty_end(&p);
}

static bool scrolls_to(struct pty *p, const void *ctx)
{
    return memmem(p->raw.data, p->raw.len, ctx, strlen(ctx)) != NULL;
}

/* Curses inserts lines; further down than the rows that scroll it does not. */
static void all_rows_scroll_at_any_size(void **state)
{
    struct pty p;

    (void)state;
    demo_start(&p, 120, 36, demo_env, "--at 55 --stop");
    assert_true(pty_sees(&p, "RUNNING"));
    assert_true(pty_holds(&p, scrolls_to, "\033[1;36r"));
    pty_resize(&p, 200, 55);
    assert_true(pty_holds(&p, scrolls_to, "\033[1;55r"));
    pty_end(&p);
}

static void a_terminal_that_is_closed_ends_the_run(void **state)
{
    struct pty p;
    int status;

    (void)state;
    demo_start(&p, 80, 24, demo_env, "--at 50");
    assert_true(pty_sees(&p, "RUNNING"));
    close(p.slave);
    close(p.fd);
    p.slave = p.fd = -1;
    p.gone = true;
    status = pty_status(&p, false);
    assert_true(WIFEXITED(status));
    pty_end(&p);
}

static void what_libraries_print_is_kept_for_later(void **state)
{
    struct pty p;

    (void)state;
    demo_start(&p, 80, 24, demo_env, "--at 50 --noise");
    assert_true(pty_sees(&p, "0:52"));
    assert_null(strstr(pty_text(&p), "noise"));
    kill(p.pid, SIGTERM);
    assert_int_not_equal(pty_status(&p, true), -1);
    assert_true(pty_sees(&p, "noise 1"));
    pty_end(&p);
}

static void a_locale_without_unicode_gets_ascii(void **state)
{
    static const char *const env[] = {"TERM=xterm-256color", "LC_ALL=C", NULL};
    struct pty p;

    (void)state;
    demo_start(&p, 120, 36, env, "--at 50 --stop");
    assert_true(pty_sees(&p, "ChatStream"));
    assert_true(pty_ascii(&p));
    pty_end(&p);
    demo_start(&p, 120, 36, demo_env, "--at 50 --stop --ascii");
    assert_true(pty_sees(&p, "ChatStream"));
    assert_true(pty_ascii(&p));
    pty_end(&p);
    demo_start(&p, 120, 36, demo_env, "--at 50 --stop");
    assert_true(pty_sees(&p, "ChatStream"));
    assert_false(pty_ascii(&p));
    pty_end(&p);
}

/* Cells that are not in the terminal's own colours. */
static int coloured(struct pty *p)
{
    int row, col, n = 0;

    for (row = 0; row < p->rows; row++) {
        for (col = 0; col < p->cols; col++) {
            const VTermScreenCell cell = pty_cell(p, row, col);

            n += !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) ||
                 !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg);
        }
    }
    return n;
}

static void a_banner_fills_its_row(void **state)
{
    struct pty p;
    int col;

    (void)state;
    demo_start(&p, 80, 24, demo_env, "--at 50 --stop");
    assert_true(pty_sees(&p, "RUNNING"));
    pty_type(&p, "p");
    assert_true(pty_sees(&p, "no iteration begins,"));
    for (col = 0; col < p.cols; col++) {
        const VTermScreenCell cell = pty_cell(&p, 1, col);

        assert_false(VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
    }
    pty_end(&p);
}

static void terminals_of_all_depths_of_colour_show_it(void **state)
{
    static const struct {
        const char *term;
        bool colours;
        const char *options;
    } rows[] = {
        {"TERM=xterm-256color", true, "--at 50 --stop"},
        {"TERM=xterm-256color", false, "--at 50 --stop --no-color"},
        {"TERM=xterm", true, "--at 50 --stop"},
        {"TERM=screen", true, "--at 50 --stop"},
        {"TERM=linux", true, "--at 50 --stop"},
        {"TERM=vt100", false, "--at 50 --stop"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *const env[] = {rows[i].term, "LC_ALL=C.UTF-8", NULL};
        struct pty p;

        demo_start(&p, 80, 24, env, rows[i].options);
        assert_true(pty_sees(&p, "ChatStream"));
        assert_true(pty_sees(&p, "? help"));
        assert_int_equal(coloured(&p) > 0, rows[i].colours);
        pty_type(&p, "qq");
        assert_true(pty_sees(&p, "ending"));
        kill(p.pid, SIGTERM);
        assert_int_not_equal(pty_status(&p, true), -1);
        pty_end(&p);
    }
}

static void terminals_that_cannot_show_it_are_refused_untouched(void **state)
{
    static const char *const terms[] = {"TERM=dumb", "TERM=no-such-terminal",
                                        "TERM=", "TERM"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof terms / sizeof terms[0]; i++) {
        const char *const env[] = {terms[i], "LC_ALL=C.UTF-8", NULL};
        struct pty p;

        demo_start(&p, 80, 24, env, "--at 50");
        assert_int_equal(pty_exit(&p), 3);
        assert_true(pty_sees(&p, "plain lines: terminal:"));
        assert_null(strchr(buf_str(&p.raw), '\033'));
        assert_true(pty_restored(&p));
        pty_end(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_has_state_numbers_and_keys),
        cmocka_unit_test(too_small_a_terminal_is_told_so_and_keys_still_work),
        cmocka_unit_test(keys_steer_and_each_is_answered),
        cmocka_unit_test(panels_open_and_escape_closes_them),
        cmocka_unit_test(what_is_pasted_fills_a_field_and_nothing_else),
        cmocka_unit_test(a_field_is_edited_with_the_cursor_in_it),
        cmocka_unit_test(a_strange_host_is_asked_about_once),
        cmocka_unit_test(a_frozen_view_says_so_while_the_run_goes_on),
        cmocka_unit_test(q_asks_drains_in_sight_and_leaves_at_the_second),
        cmocka_unit_test(a_storm_of_sizes_ends_in_a_fresh_picture),
        cmocka_unit_test(the_environment_s_size_is_not_believed),
        cmocka_unit_test(signals_that_end_a_run_give_the_terminal_back),
        cmocka_unit_test(crashes_give_the_terminal_back),
        cmocka_unit_test(ctrl_z_gives_the_terminal_back_until_it_goes_on),
        cmocka_unit_test(
            a_terminal_that_takes_no_bytes_does_not_keep_the_end_back),
        cmocka_unit_test(all_rows_scroll_at_any_size),
        cmocka_unit_test(a_terminal_that_is_closed_ends_the_run),
        cmocka_unit_test(what_libraries_print_is_kept_for_later),
        cmocka_unit_test(a_locale_without_unicode_gets_ascii),
        cmocka_unit_test(a_banner_fills_its_row),
        cmocka_unit_test(terminals_of_all_depths_of_colour_show_it),
        cmocka_unit_test(terminals_that_cannot_show_it_are_refused_untouched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
