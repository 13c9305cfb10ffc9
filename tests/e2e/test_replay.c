/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/file.h"
#include "support/live_kit.h"

/* This exercises: brunt replay in a terminal, of a run that was recorded: it
 * goes, stands still, is sought through, ends and is left; what was cut says
 * so; and without a terminal it is lines and a summary. */

static const char plan[] =
    "{\"name\":\"t\",\"flow\":[{\"get\":\"@/ok\",\"name\":\"Root\"},"
    "{\"think\":\"50ms\"}],\"scenarios\":{\"s\":{\"executor\":"
    "\"ramping-vus\",\"startVUs\":1,\"stages\":["
    "{\"duration\":\"2s\",\"target\":2,\"name\":\"first\"},"
    "{\"duration\":\"2s\",\"target\":3,\"name\":\"second\"}]}},"
    "\"thresholds\":{\"http_req_failed\":[\"rate<0.5\"]}}";

static int record(void **state)
{
    const char *const words[] = {"run",       "./t.json",  "--headless",
                                 "-q",        "--record",  "r.brunt",
                                 "--results", "live.json", NULL};
    struct buf out, err;

    if (live_begin(state) != 0) {
        return -1;
    }
    buf_init(&out, 1 << 20);
    buf_init(&err, 1 << 20);
    live_write(&kit, "t.json", plan);
    assert_int_equal(live_call(&kit, words, &out, &err), 0);
    buf_clear(&out);
    buf_clear(&err);
    return 0;
}

static void replay(struct pty *p, const char *file, const char *option,
                   const char *value)
{
    const char *words[] = {"replay", file, option, value, NULL};

    live_start(&kit, p, 120, 36, words);
    assert_true(pty_sees(p, "REPLAY"));
    assert_true(pty_sees(p, "Root"));
}

static void it_plays_to_its_end_and_is_left(void **state)
{
    struct pty p;

    (void)state;
    replay(&p, "r.brunt", "--speed", "10");
    assert_true(pty_sees(&p, "of 0:04"));
    assert_true(pty_sees(&p, "at its end"));
    assert_true(pty_sees(&p, "PASSED"));
    pty_type(&p, "q");
    assert_int_equal(pty_exit(&p), 0);
    assert_true(pty_restored(&p));
    pty_end(&p);
}

static void keys_move_it(void **state)
{
    struct pty p;

    (void)state;
    replay(&p, "r.brunt", NULL, NULL);
    pty_type(&p, "p");
    assert_true(pty_sees(&p, "paused"));
    pty_type(&p, "v0:03\r");
    assert_true(pty_sees(&p, "0:03 of"));
    assert_true(pty_sees(&p, "stage 2/2"));
    pty_type(&p, "<");
    pty_type(&p, "<");
    assert_true(pty_sees(&p, "stage 1/2"));
    pty_type(&p, ">");
    assert_true(pty_sees(&p, "stage 2/2"));
    pty_type(&p, "m");
    assert_true(pty_sees(&p, "no mark comes after this"));
    pty_type(&p, "x");
    assert_true(pty_sees(&p, "this is a replay"));
    pty_type(&p, "+");
    pty_type(&p, "p");
    assert_true(pty_sees(&p, "at its end"));
    pty_type(&p, "p"); /* anew */
    assert_true(pty_sees(&p, "stage 1/2"));
    pty_type(&p, "q");
    assert_int_equal(pty_exit(&p), 0);
    pty_end(&p);
}

static void results_of_a_moment_are_written(void **state)
{
    struct pty p;

    (void)state;
    replay(&p, "r.brunt", "--from", "0:02");
    pty_type(&p, "p");
    assert_true(pty_sees(&p, "paused"));
    pty_type(&p, "w");
    assert_true(pty_sees(&p, "wrote t-s-"));
    pty_type(&p, "q");
    assert_int_equal(pty_exit(&p), 0);
    pty_end(&p);
}

/* As after kill -9, or on a full disk. */
static void what_was_cut_says_so(void **state)
{
    static const char *const words[] = {"replay", "cut.brunt", "-q", NULL};
    struct err e = ERR_INIT;
    struct buf whole;
    struct pty p;

    (void)state;
    buf_init(&whole, 1 << 24);
    assert_true(file_read("r.brunt", &whole, &e));
    assert_true(file_write("cut.brunt", whole.data, whole.len * 3 / 4, &e));
    replay(&p, "cut.brunt", "--speed", "60");
    assert_true(pty_sees(&p, "THE RECORDING ENDS HERE · cut off after 0:0"));
    pty_type(&p, "q");
    assert_int_equal(pty_exit(&p), 0);
    pty_end(&p);
    buf_reset(&whole);
    assert_int_equal(live_call(&kit, words, &whole, &whole), 0);
    assert_non_null(strstr(buf_str(&whole), "t, s: cut off after 0:0"));
    assert_non_null(strstr(buf_str(&whole), ": the recording ends here\n"));
    assert_null(strstr(buf_str(&whole), "exit code"));
    buf_clear(&whole);
}

/* As a run does; and --headless need not be said for what goes with it. */
static void without_a_terminal_it_is_plain(void **state)
{
    static const char *const words[] = {"replay",    "r.brunt",    "-q",
                                        "--results", "again.json", NULL};
    struct err e = ERR_INIT;
    struct buf out, again;

    (void)state;
    buf_init(&out, 1 << 20);
    buf_init(&again, 1 << 24);
    assert_int_equal(live_call(&kit, words, &out, &out), 0);
    assert_non_null(strstr(buf_str(&out), "t, s: passed after 0:04"));
    assert_true(file_read("again.json", &again, &e));
    assert_non_null(strstr(buf_str(&again), "\"passed\""));
    buf_clear(&out);
    buf_clear(&again);
}

static void assert_refused(const char *const *words, const char *text)
{
    struct buf out;

    buf_init(&out, 1 << 20);
    assert_int_equal(live_call(&kit, words, &out, &out), 104);
    if (strstr(buf_str(&out), text) == NULL) {
        fail_msg("no '%s' in: %s", text, buf_str(&out));
    }
    buf_clear(&out);
}

static void what_makes_no_sense_is_refused(void **state)
{
    static const char *const none[] = {"replay", "./nothing.brunt",
                                       "--headless", NULL};
    static const char *const which[] = {"replay", "--headless", NULL};
    static const char *const speed[] = {"replay", "r.brunt", "--speed", "10",
                                        NULL};
    static const char *const from[] = {"replay", "r.brunt",    "--from",
                                       "0:01",   "--headless", NULL};
    static const char *const over[] = {"replay",    "r.brunt",    "--results",
                                       "./r.brunt", "--headless", NULL};
    static const char *const plan_file[] = {"replay", "./t.json", "--headless",
                                            NULL};

    (void)state;
    assert_refused(none, "nothing.brunt");
    assert_refused(which, "which run?");
    assert_refused(speed, "--speed does not go with --headless, the default "
                          "without a terminal: ");
    assert_refused(from, "--from does not go with --headless");
    assert_refused(over, "is the recording itself");
    assert_refused(plan_file, "t.json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_plays_to_its_end_and_is_left),
        cmocka_unit_test(keys_move_it),
        cmocka_unit_test(results_of_a_moment_are_written),
        cmocka_unit_test(what_was_cut_says_so),
        cmocka_unit_test(without_a_terminal_it_is_plain),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };

    return cmocka_run_group_tests(tests, record, live_end);
}
