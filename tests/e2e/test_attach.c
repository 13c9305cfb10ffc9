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

#include "base/file.h"
#include "support/live_kit.h"

/* This exercises: brunt attach: a run in one terminal, its spectators in
 * others, as people see them: who looks on, who steers, who leaves, who is
 * stopped, and the run that ends or is killed. */

static void begin_run(struct pty *p, const char *results)
{
    const char *words[] = {"demo",  "--seed",
                           "7",     results != NULL ? "--results" : NULL,
                           results, NULL};

    live_start(&kit, p, 120, 36, words);
    assert_true(pty_sees(p, "RUNNING"));
    assert_true(pty_sees(p, "ChatRequest"));
}

static void begin_view(struct pty *p, int cols, int rows, const char *option)
{
    const char *words[] = {"attach", option, NULL};

    live_start(&kit, p, cols, rows, words);
    assert_true(pty_sees(p, "RUNNING"));
}

/* Lets the run and its spectators talk, whoever is waited for. */
static bool both_see(struct pty *a, struct pty *b, const char *text)
{
    return pty_sees(a, text) && pty_sees(b, text);
}

static void who_looks_on_sees_all_and_changes_nothing(void **state)
{
    struct pty run, view;

    (void)state;
    begin_run(&run, NULL);
    pty_type(&run, "v30\r");
    assert_true(pty_sees(&run, "30 VUs by hand"));
    begin_view(&view, 80, 24, NULL);
    assert_true(pty_sees(&view, "MANUAL"));
    assert_true(pty_sees(&view, "leave, the run goes on"));
    assert_null(strstr(pty_text(&view), "pause"));
    pty_type(&view, "+");
    assert_true(pty_sees(&view, "only looks on"));
    pty_type(&view, "Q");
    pty_type(&view, "l");
    assert_true(pty_sees(&view, "newest first"));
    assert_true(pty_sees(&view, "30 VUs by hand"));
    pty_type(&view, "\033");
    assert_true(pty_loses(&view, "newest first"));
    pty_type(&run, "mdeploy 42\r");
    assert_true(both_see(&run, &view, "deploy 42"));
    pty_type(&view, "q");
    assert_int_equal(pty_exit(&view), 0);
    assert_true(pty_restored(&view));
    assert_non_null(strstr(buf_str(&view.raw), "left; the run goes on"));
    pty_type(&run, "+");
    assert_true(pty_sees(&run, "31 VUs by hand"));
    pty_end(&view);
    pty_end(&run);
}

/* The service's memory and CPU, here those of the test itself, at both sizes,
 * and with what there was before one looked on. */
static void what_is_watched_of_the_service_is_seen_by_both(void **state)
{
    char pid[32];
    const char *words[] = {"run",
                           "http://127.0.0.1:1/",
                           "--server-pid",
                           pid,
                           "-u",
                           "1",
                           "--rps",
                           "5",
                           "-d",
                           "10m",
                           NULL};
    struct pty run, view;

    (void)state;
    if (access("/proc/self/stat", R_OK) != 0) {
        skip();
    }
    snprintf(pid, sizeof pid, "%ld", (long)getpid());
    live_start(&kit, &run, 120, 36, words);
    assert_true(pty_sees(&run, "RUNNING"));
    assert_true(pty_sees(&run, " cores"));
    begin_view(&view, 80, 24, NULL);
    assert_true(pty_sees(&view, "R service"));
    pty_type(&view, "R");
    assert_true(pty_sees(&view, " cores"));
    assert_true(pty_sees(&view, "memory  "));
    pty_end(&view);
    pty_end(&run);
}

static void two_steer_and_both_are_named(void **state)
{
    struct pty run, view;
    struct err e = ERR_INIT;
    struct buf results;
    char by[64];

    (void)state;
    begin_run(&run, "r.json");
    begin_view(&view, 120, 36, "--steer");
    pty_type(&view, "v20\r");
    assert_true(both_see(&run, &view, "20 VUs by hand"));
    pty_type(&run, "+");
    assert_true(both_see(&run, &view, "21 VUs by hand"));
    pty_type(&view, "mfrom afar\r");
    assert_true(both_see(&run, &view, "from afar"));
    snprintf(by, sizeof by, " %ld", (long)view.pid);
    pty_type(&run, "qq");
    assert_true(both_see(&run, &view, "FINISHED"));
    pty_type(&run, "q");
    assert_true(pty_status(&run, true) >= 0);
    pty_type(&view, "q");
    assert_int_equal(pty_exit(&view), 0);
    assert_true(pty_restored(&view));
    buf_init(&results, 1 << 26);
    assert_true(file_read("r.json", &results, &e));
    assert_non_null(strstr(buf_str(&results), "\"socket "));
    assert_non_null(strstr(buf_str(&results), by));
    assert_non_null(strstr(buf_str(&results), "\"keyboard\""));
    buf_clear(&results);
    pty_end(&view);
    pty_end(&run);
}

static void a_spectator_may_hold_a_baseline_against_the_run(void **state)
{
    static const char *const with[] = {"attach", "--baseline", "base.json",
                                       NULL};
    static const char *const without[] = {"attach", "--baseline", "none.json",
                                          NULL};
    struct pty run, view;

    (void)state;
    begin_run(&run, "base.json");
    pty_type(&run, "qq");
    /* The footer's: only then q leaves. */
    assert_true(pty_sees(&run, "q leave  "));
    pty_type(&run, "q");
    assert_true(pty_status(&run, true) >= 0);
    pty_end(&run);
    begin_run(&run, NULL);
    live_start(&kit, &view, 120, 36, with);
    assert_true(pty_sees(&view, "p95 base"));
    assert_true(pty_sees(&view, "b baseline"));
    pty_type(&view, "b");
    assert_true(pty_loses(&view, "p95 base"));
    pty_end(&view);
    live_start(&kit, &view, 120, 36, without);
    assert_int_equal(pty_exit(&view), 104);
    assert_non_null(strstr(buf_str(&view.raw), "none.json"));
    pty_end(&view);
    pty_end(&run);
}

static void one_that_is_stopped_hinders_nobody_and_catches_up(void **state)
{
    struct pty run, view;
    char word[32];
    int i;

    (void)state;
    begin_run(&run, NULL);
    begin_view(&view, 80, 24, NULL);
    assert_int_equal(kill(view.pid, SIGSTOP), 0);
    for (i = 0; i < 30; i++) {
        /* Each is answered within a tick: the run goes on. */
        snprintf(word, sizeof word, "mstopped %d.\r", i);
        pty_type(&run, word);
        snprintf(word, sizeof word, "stopped %d.", i);
        assert_true(pty_sees(&run, word));
    }
    assert_int_equal(kill(view.pid, SIGCONT), 0);
    pty_type(&view, "l");
    assert_true(pty_sees(&view, "stopped 29."));
    assert_true(pty_sees(&view, "stopped 28."));
    pty_end(&view);
    pty_end(&run);
}

static void the_death_of_a_run_is_told(void **state)
{
    struct pty run, view;

    (void)state;
    begin_run(&run, NULL);
    begin_view(&view, 120, 36, NULL);
    assert_int_equal(kill(run.pid, SIGKILL), 0);
    assert_true(pty_sees(&view, "CONNECTION LOST · q leaves"));
    assert_true(pty_sees(&view, "the run is gone"));
    assert_true(pty_loses(&view, "RUNNING"));
    assert_null(strstr(pty_text(&view), "FINISHED"));
    assert_null(strstr(pty_text(&view), "exit code"));
    pty_type(&view, "q");
    assert_int_equal(pty_exit(&view), 106);
    assert_true(pty_restored(&view));
    pty_end(&view);
    pty_end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_looks_on_sees_all_and_changes_nothing),
        cmocka_unit_test(what_is_watched_of_the_service_is_seen_by_both),
        cmocka_unit_test(two_steer_and_both_are_named),
        cmocka_unit_test(a_spectator_may_hold_a_baseline_against_the_run),
        cmocka_unit_test(one_that_is_stopped_hinders_nobody_and_catches_up),
        cmocka_unit_test(the_death_of_a_run_is_told),
    };

    return cmocka_run_group_tests(tests, live_begin, live_end);
}
