/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/fatal.h"
#include "base/must.h"
#include "base/xalloc.h"

struct object {
    unsigned magic;
};

static void give_back(void)
{
    ssize_t n = write(STDERR_FILENO, "[restored]", 10);

    (void)n;
}

static void die_by_fatal(void)
{
    fatal("no %s", "way");
}

static void die_by_hook(void)
{
    fatal_set_hook(give_back);
    fatal("end");
}

static void die_in_the_hook(void)
{
    fatal_set_hook(die_by_fatal);
    fatal("end");
}

static void die_by_must(void)
{
    int two = 2;

    MUST(two == 2);
    MUST(two == 3);
}

static void die_by_null(void)
{
    struct object *p = NULL;

    OBJ_CHECK(p, 1);
}

static void die_by_magic(void)
{
    struct object o = {2};
    struct object *p = &o;

    OBJ_CHECK(p, 1);
}

static void die_by_overflow(void)
{
    void *p = xreallocarray(NULL, SIZE_MAX / 2, 3);

    (void)p;
}

/* Runs die in a child; its standard error in out. It must end by abort. */
static void in_child(void (*die)(void), char *out, size_t size)
{
    int fds[2];
    pid_t pid;
    size_t len = 0;
    ssize_t n;
    int status;

    assert_int_equal(pipe(fds), 0);
    pid = fork();
    if (pid == 0) {
        const struct rlimit none = {0, 0};

        setrlimit(RLIMIT_CORE, &none);
        signal(SIGABRT, SIG_DFL);
        dup2(fds[1], STDERR_FILENO);
        die();
        _exit(0);
    }
    close(fds[1]);
    while (len + 1 < size &&
           (n = read(fds[0], out + len, size - 1 - len)) > 0) {
        len += (size_t)n;
    }
    out[len] = '\0';
    close(fds[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void fatal_says_why_and_aborts(void **state)
{
    char out[4096];

    (void)state;
    in_child(die_by_fatal, out, sizeof out);
    assert_string_equal(out, "brunt: no way\n");
}

static void the_terminal_is_given_back_before_the_message(void **state)
{
    char out[4096];

    (void)state;
    in_child(die_by_hook, out, sizeof out);
    assert_string_equal(out, "[restored]brunt: end\n");
}

static void a_hook_that_fails_does_not_run_again(void **state)
{
    char out[4096];

    (void)state;
    in_child(die_in_the_hook, out, sizeof out);
    assert_string_equal(out, "brunt: no way\n");
}

static void a_bug_names_file_line_and_expression(void **state)
{
    char out[4096];

    (void)state;
    in_child(die_by_must, out, sizeof out);
    assert_non_null(strstr(out, "brunt: bug: "));
    assert_non_null(strstr(out, "test_fatal.c:"));
    assert_non_null(strstr(out, ": two == 3\n"));
}

static void an_object_of_another_kind_is_a_bug(void **state)
{
    char out[4096];

    (void)state;
    in_child(die_by_null, out, sizeof out);
    assert_non_null(strstr(out, "brunt: bug: "));
    in_child(die_by_magic, out, sizeof out);
    assert_non_null(strstr(out, "brunt: bug: "));
}

static void a_size_that_overflows_is_fatal(void **state)
{
    char out[4096];

    (void)state;
    in_child(die_by_overflow, out, sizeof out);
    assert_non_null(strstr(out, "brunt: out of memory"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fatal_says_why_and_aborts),
        cmocka_unit_test(the_terminal_is_given_back_before_the_message),
        cmocka_unit_test(a_hook_that_fails_does_not_run_again),
        cmocka_unit_test(a_bug_names_file_line_and_expression),
        cmocka_unit_test(an_object_of_another_kind_is_a_bug),
        cmocka_unit_test(a_size_that_overflows_is_fatal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
