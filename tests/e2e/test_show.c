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

#include <sys/wait.h>
#include <unistd.h>

#include "screen/theme.h"
#include "support/pty.h"

/* This exercises: what the screen has for being shown to others, in terminals
 * of all kinds. The run is made up (tests/support/screen_demo.c). */

/* Terminals that not every machine has a description of. The numbers of a
 * direct one are red, green and blue. */
static const char terminfo[] =
    "brunt-direct|as xterm-direct, use=xterm, colors#0x1000000,\n"
    "  pairs#0x10000, RGB,\n"
    "  setaf=\\E[%?%p1%{8}%<%t3%p1%d%e38\\:2\\:\\:%p1%{65536}%/%d\\:"
    "%p1%{256}%/%{255}%&%d\\:%p1%{255}%&%d%;m,\n"
    "  setab=\\E[%?%p1%{8}%<%t4%p1%d%e48\\:2\\:\\:%p1%{65536}%/%d\\:"
    "%p1%{256}%/%{255}%&%d\\:%p1%{255}%&%d%;m,\n"
    "brunt-16|as xterm-16color, use=xterm, colors#16, pairs#256,\n"
    "  setaf=\\E[%?%p1%{8}%<%t%p1%{30}%+%e%p1%'R'%+%;%dm,\n"
    "  setab=\\E[%?%p1%{8}%<%t%p1%'('%+%e%p1%{92}%+%;%dm,\n";

static char folder[] = "/tmp/brunt-show-XXXXXX";
static char terminfo_env[64];

static void run(const char *program, const char *const *words)
{
    char *copy[8] = {strdup(program)};
    int i, status;
    pid_t pid;

    for (i = 0; words[i] != NULL && i < 6; i++) {
        copy[i + 1] = strdup(words[i]);
    }
    pid = fork();
    if (pid == 0) {
        execvp(program, copy);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    for (i = 0; copy[i] != NULL; i++) {
        free(copy[i]);
    }
}

/* Descriptions of our own, in a folder for this test. */
static int set_up(void **state)
{
    char path[64];
    const char *const words[] = {"-x", "-o", folder, path, NULL};
    FILE *f;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/source", folder);
    f = fopen(path, "w");
    assert_non_null(f);
    fputs(terminfo, f);
    fclose(f);
    run("tic", words);
    snprintf(terminfo_env, sizeof terminfo_env, "TERMINFO=%s", folder);
    return 0;
}

static int tear_down(void **state)
{
    const char *const words[] = {"-r", folder, NULL};

    (void)state;
    run("rm", words);
    return 0;
}

static uint32_t rgb_of(struct pty *p, VTermColor c)
{
    vterm_screen_convert_color_to_rgb(p->screen, &c);
    return (uint32_t)c.rgb.red << 16 | (uint32_t)c.rgb.green << 8 | c.rgb.blue;
}

/* How many cells have that ground: 0xRRGGBB, as the emulator paints it. */
static int on_ground(struct pty *p, uint32_t rgb)
{
    int row, col, n = 0;

    for (row = 0; row < p->rows; row++) {
        for (col = 0; col < p->cols; col++) {
            n += rgb_of(p, pty_cell(p, row, col).bg) == rgb;
        }
    }
    return n;
}

static bool is_on_ground(struct pty *p, const void *rgb)
{
    return on_ground(p, *(const uint32_t *)rgb) > p->rows * p->cols / 2;
}

static bool ground_becomes(struct pty *p, uint32_t rgb)
{
    return pty_holds(p, is_on_ground, &rgb);
}

static bool is_off_ground(struct pty *p, const void *rgb)
{
    return on_ground(p, *(const uint32_t *)rgb) == 0;
}

static bool ground_goes(struct pty *p, uint32_t rgb)
{
    return pty_holds(p, is_off_ground, &rgb);
}

/* The numbers of so many colours, and themes that bring a ground along. */
static void every_theme_is_shown_by_every_terminal(void **state)
{
    static const struct {
        const char *term;
        uint32_t white; /* what the lightest ground is there */
        bool colours;
    } rows[] = {
        {"TERM=xterm", 0xe0e0e0, true},
        {"TERM=xterm-256color", 0xffffff, true},
        {"TERM=brunt-direct", 0xffffff, true},
        {"TERM=brunt-16", 0xffffff, true},
        {"TERM=screen", 0xe0e0e0, true},
        {"TERM=tmux", 0xe0e0e0, true},
        {"TERM=tmux-256color", 0xffffff, true},
        {"TERM=linux", 0xe0e0e0, true},
        {"TERM=vt100", 0, false},
    };
    size_t i, t;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (t = 0; t < THEME_COUNT; t++) {
            /* Described here, or where the others are. */
            const char *const env[] = {
                rows[i].term, "LC_ALL=C.UTF-8", "NO_COLOR",
                strstr(rows[i].term, "brunt") != NULL ? terminfo_env
                                                      : "TERMINFO",
                NULL};
            char options[64];
            struct pty p;

            snprintf(options, sizeof options, "--at 50 --stop --theme %s",
                     theme_name((enum theme)t));
            demo_start(&p, 80, 24, env, options);
            assert_true(pty_sees(&p, "ChatStream"));
            assert_true(pty_sees(&p, "? help"));
            if (rows[i].colours && t == THEME_LIGHT) {
                assert_true(ground_becomes(&p, rows[i].white));
            } else {
                assert_true(ground_becomes(&p, 0x000000));
            }
            pty_end(&p);
        }
    }
}

static void t_takes_the_next_theme_and_says_which(void **state)
{
    struct pty p;

    (void)state;
    demo_start(&p, 120, 36, demo_env, "--at 50 --stop");
    assert_true(pty_sees(&p, "? help"));
    pty_type(&p, "T");
    assert_true(pty_sees(&p, "theme light · of dark light contrast cvd"));
    assert_true(ground_becomes(&p, 0xffffff));
    assert_true(ground_goes(&p, 0x000000)); /* every cell of it */
    pty_type(&p, "TTT");
    assert_true(pty_sees(&p, "theme dark · of"));
    assert_true(ground_becomes(&p, 0x000000));
    pty_end(&p);
    demo_start(&p, 120, 36, demo_env, "--at 50 --stop --no-color");
    assert_true(pty_sees(&p, "? help"));
    pty_type(&p, "T");
    assert_true(pty_sees(&p, "no theme: this terminal is used without"));
    pty_end(&p);
}

/* Reads what the named file begins with. */
static void check_file(const char *name, const char *begins)
{
    char text[64] = "";
    FILE *f = fopen(name, "r");

    assert_non_null(f);
    assert_true(fread(text, 1, strlen(begins), f) == strlen(begins));
    assert_string_equal(text, begins);
    fclose(f);
}

static void p_writes_the_picture_and_says_where(void **state)
{
    char build[4096], was[4096], name[256];
    const char *root = getenv("BUILDDIR"), *row, *end;
    struct pty p;

    (void)state;
    assert_non_null(realpath(root != NULL ? root : ".", build));
    assert_non_null(getcwd(was, sizeof was));
    setenv("BUILDDIR", build, 1);
    assert_int_equal(chdir(folder), 0);
    demo_start(&p, 120, 36, demo_env, "--at 50 --stop");
    assert_true(pty_sees(&p, "? help"));
    pty_type(&p, "P");
    assert_true(pty_sees(&p, ".svg and .ansi"));
    row = strstr(pty_text(&p), "picture in ") + strlen("picture in ");
    end = strstr(row, " and");
    assert_memory_equal(row, "demo-spike-", 11);
    snprintf(name, sizeof name, "%.*s", (int)(end - row), row);
    check_file(name, "<?xml version=");
    memcpy(strrchr(name, '.'), ".ansi", 6);
    check_file(name, "\033[0m ");
    /* A folder that nothing can be written into. */
    pty_end(&p);
    assert_int_equal(chdir("/proc"), 0);
    demo_start(&p, 120, 36, demo_env, "--at 50 --stop");
    assert_true(pty_sees(&p, "? help"));
    pty_type(&p, "P");
    assert_true(pty_sees(&p, "no picture: "));
    pty_end(&p);
    assert_int_equal(chdir(was), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_theme_is_shown_by_every_terminal),
        cmocka_unit_test(p_writes_the_picture_and_says_where),
        cmocka_unit_test(t_takes_the_next_theme_and_says_which),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
