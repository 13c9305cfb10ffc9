/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "run/pidwatch.h"

/* This exercises: a line of /proc/PID/stat, whatever the process calls itself;
 * what is read of a process that lives, and of one that no longer does. */

#define TAIL                                                                   \
    " 1 2 3 4 -1 4194560 9 0 0 0 120 30 0 0 20 0 7 0 98765 1000000 2500 7"

static void a_line_is_read_behind_the_name(void **state)
{
    static const char *const lines[] = {
        "77 (node) S" TAIL,
        "77 (a b) S 9 9) S" TAIL, /* a name with all that separates */
        "77 (x\n) R) S" TAIL "\n",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct pidwatch_stat s = {0};

        assert_true(pidwatch_parse(lines[i], &s));
        assert_true(s.running);
        assert_true(s.cpu_ticks == 150);
        assert_true(s.started == 98765);
        assert_true(s.rss_pages == 2500);
    }
}

static void the_dead_are_not_running(void **state)
{
    struct pidwatch_stat s = {0};

    (void)state;
    assert_true(pidwatch_parse("77 (node) Z" TAIL, &s));
    assert_false(s.running);
    assert_true(pidwatch_parse("77 (node) X" TAIL, &s));
    assert_false(s.running);
}

static void what_is_no_such_line_is_refused(void **state)
{
    static const char *const lines[] = {
        "",
        "77",
        "77 (node",
        "77 (node)",
        "77 (node) ",
        "77 (node) S",
        "77 (node) S ",
        "77 (node) S 1 2 3",
        "77 (node) S a b c d e f g h i j k l m n o p q r s t u v",
        "77 (n) S 1 2 3 4 -1 4 9 0 0 0 -5 30 0 0 20 0 7 0 9 1000 2500 7",
        "77 (n) S 1 2 3 4 -1 4 9 0 0 0 1e99 30 0 0 20 0 7 0 9 1000 2500 7",
        "77 (n) S 1 2 3 4 -1 4 9 0 0 0 5 30 0 0 20 0 7 0 9 1000 1e30 7",
        "77 (n) S 1 2 3 4 -1 4 9 0 0 0 5 30 0 0 20 0 7 0 9 1000",
    };
    struct pidwatch_stat s = {.cpu_ticks = 42};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_false(pidwatch_parse(lines[i], &s));
    }
    assert_true(s.cpu_ticks == 42);
}

static void a_process_is_seen_until_it_is_gone(void **state)
{
    struct err e = ERR_INIT;
    struct pidwatch *w = NULL;
    struct tick_server s;
    pid_t child;

    (void)state;
    if (access("/proc/self/stat", R_OK) != 0) {
        skip();
    }
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        for (;;) {
            pause();
        }
    }
    assert_true(pidwatch_new((uint32_t)child, &w, &e));
    pidwatch_read(w, 1000000, &s);
    assert_true(s.watched && s.alive);
    assert_true(s.rss_bytes > 0);
    assert_true(s.limit_bytes > 0);
    pidwatch_read(w, 2000000, &s);
    assert_true(s.alive);
    assert_true(s.cpu >= 0);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    pidwatch_read(w, 3000000, &s);
    assert_true(s.watched);
    assert_false(s.alive);
    assert_true(s.rss_bytes == 0);
    pidwatch_read(w, 4000000, &s);
    assert_false(s.alive);
    pidwatch_free(&w);
    assert_null(w);
}

/* No kernel gives this number to a process. */
static void a_process_that_is_not_there_is_refused(void **state)
{
    struct err e = ERR_INIT;
    struct pidwatch *w = NULL;

    (void)state;
    assert_false(pidwatch_new(4194304, &w, &e));
    assert_non_null(strstr(e.text, "--server-pid"));
    assert_non_null(strstr(e.text, "4194304"));
    assert_null(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_read_behind_the_name),
        cmocka_unit_test(the_dead_are_not_running),
        cmocka_unit_test(what_is_no_such_line_is_refused),
        cmocka_unit_test(a_process_is_seen_until_it_is_gone),
        cmocka_unit_test(a_process_that_is_not_there_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
