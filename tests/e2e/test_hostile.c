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

#include <cjson/cJSON.h>
#include <dirent.h>
#include <signal.h>

#include "base/file.h"
#include "support/live_kit.h"
#include "support/tape.h"

/* This exercises: a service, a plan and an operator that put escape sequences,
 * marks that turn the direction of writing, wide and invisible characters, C1
 * and bytes that are not UTF-8 into all that is shown: nothing of it reaches a
 * terminal, a file or a pipe as what it is. tests/fuzz/corpus/http1/hostile-*
 * are the responses. */

/* Every name of a plan is hostile, too. */
#define EVIL "\\u001b]0;owned\\u0007\\u202e\\u009b31m\\u200b"

static const char hostile_plan[] =
    "{ \"name\": \"bad" EVIL "\", \"http\": { \"lane\": \"%s\" },"
    "  \"flow\": ["
    "  { \"get\": \"@/corpus/hostile-body\", \"name\": \"Alpha" EVIL "\","
    "    \"checks\": { \"is a teapot" EVIL "\": { \"status\": 418 } } },"
    "  { \"get\": \"@/corpus/hostile-head\", \"name\": \"Beta\" },"
    "  { \"get\": \"@/corpus/hostile-status\", \"name\": \"Gamma\" },"
    "  { \"get\": \"@/corpus/hostile-redirect\", \"name\": \"Delta\" },"
    "  { \"get\": \"@/corpus/hostile-events\", \"name\": \"Epsilon\","
    "    \"sse\": { \"until\": \"done\", \"error\": \"error\" } },"
    "  { \"think\": \"200ms\" } ],"
    "  \"scenarios\": { \"long\": { \"executor\": \"ramping-vus\","
    "    \"startVUs\": 2, \"stages\": ["
    "      { \"duration\": \"1h\", \"target\": 2, \"name\": \"up" EVIL "\" } ]"
    "    } },"
    "  \"thresholds\": {"
    "    \"http_req_failed\": [\"rate<0.01\"] } }";

/* What an operator's script may say. */
#define EVIL_MARK                                                              \
    "deploy\033]52;c;QQ==\007\xc2\x9b"                                         \
    "2J\xe2\x80\xae"

static void tape_check(const char *what, const char *bytes, size_t n,
                       enum tape kind)
{
    const char *at = tape_fault(bytes, n, kind);
    char hex[3 * 24 + 1] = "";
    int i;

    for (i = 0; at != NULL && i < 24 && at + i < bytes + n; i++) {
        snprintf(hex + 3 * i, 4, "%02x ", (unsigned char)at[i]);
    }
    if (at != NULL) {
        fail_msg("%s: at byte %zu of %zu: %s", what, (size_t)(at - bytes), n,
                 hex);
    }
}

/* The check itself: it knows what is let through, and what never is. */
static void the_check_knows_what_is_hostile(void **state)
{
    static const struct {
        const char *bytes;
        size_t at; /* 99: none */
        enum tape kind;
    } rows[] = {
        {"plain \xe6\x97\xa5\xe2\x96\x88\n", 99, TAPE_TEXT},
        {"a\033[31mb", 1, TAPE_TEXT},
        {"a\033[38;5;3mb", 99, TAPE_COLOURS},
        {"a\033[2Jb", 1, TAPE_COLOURS},
        {"\033[?1049h\033[1;24r\033(B\033[m\033[4l\033[H\033[2J", 99,
         TAPE_SCREEN},
        {"ab\033]52;c;QQ==\007", 2, TAPE_SCREEN},
        {"\033P1\033\\", 0, TAPE_SCREEN},
        {"\033[6n", 0, TAPE_SCREEN},
        {"\033[21t", 0, TAPE_SCREEN},
        {"\033[5i", 0, TAPE_SCREEN},
        {"\033c ", 0, TAPE_SCREEN},
        {"\033[?1003h", 0, TAPE_SCREEN},
        {"a\007", 1, TAPE_SCREEN},
        {"a\xc2\x9b"
         "1m",
         1, TAPE_SCREEN},
        {"a\x9b"
         "1m",
         1, TAPE_SCREEN},
        {"a\xe2\x80\xae", 1, TAPE_SCREEN},
        {"a\xe2\x80\x8b", 1, TAPE_TEXT},
        {"a\xff", 1, TAPE_TEXT},
        {"a\x7f", 1, TAPE_TEXT},
        {"a\xe2\x80\xae", 99, TAPE_DATA},
        {"a\033[m", 1, TAPE_DATA},
        {"a\xff", 1, TAPE_DATA},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *at =
            tape_fault(rows[i].bytes, strlen(rows[i].bytes), rows[i].kind);
        size_t got = at != NULL ? (size_t)(at - rows[i].bytes) : 99;

        if (got != rows[i].at) {
            fail_msg("row %zu: %zu", i, got);
        }
    }
}

static void call_is_clean(const char *const *words, const char *has)
{
    struct buf out, err;

    buf_init(&out, 1 << 24);
    buf_init(&err, 1 << 24);
    (void)live_call(&kit, words, &out, &err);
    tape_check(words[0], buf_str(&out), out.len, TAPE_TEXT);
    tape_check(words[0], buf_str(&err), err.len, TAPE_TEXT);
    if (strstr(buf_str(&out), has) == NULL &&
        strstr(buf_str(&err), has) == NULL) {
        fail_msg("no '%s' in\n%s%s", has, buf_str(&out), buf_str(&err));
    }
    buf_clear(&out);
    buf_clear(&err);
}

/* Files of the folder whose names end so; how many. */
static int files_are_clean(const char *ending, enum tape kind)
{
    DIR *dir = opendir(".");
    const struct dirent *f;
    int n = 0;

    assert_non_null(dir);
    for (f = readdir(dir); f != NULL; f = readdir(dir)) {
        size_t len = strlen(f->d_name), end = strlen(ending);
        struct err e = ERR_INIT;
        struct buf b;

        tape_check("a file's name", f->d_name, len, TAPE_TEXT);
        if (len <= end || strcmp(f->d_name + len - end, ending) != 0) {
            continue;
        }
        buf_init(&b, 1 << 26);
        assert_true(file_read(f->d_name, &b, &e));
        tape_check(f->d_name, buf_str(&b), b.len, kind);
        buf_clear(&b);
        n++;
    }
    closedir(dir);
    return n;
}

static void look_at(struct pty *p, const char *keys, const char *sees)
{
    pty_type(p, keys);
    if (!pty_sees(p, sees)) {
        fail_msg("%s", keys);
    }
}

/* Panels, and each response to an error in full. */
static void look_at_all(struct pty *p)
{
    int i;

    look_at(p, "l", "newest first");
    look_at(p, "c", "checks, whole run");
    look_at(p, "t", "failed rate");
    look_at(p, "s", "stages");
    look_at(p, "k", "steps of the load");
    look_at(p, "G", "descriptors");
    look_at(p, "?", "keys");
    look_at(p, "r", "Enter look");
    look_at(p, "\r", "last 10 s   whole run");
    look_at(p, "\033", "Enter look");
    for (i = 0; i < 5; i++) {
        look_at(p, "e", "Enter response");
        pty_type(p, "\033[H");
        pty_type(p, i == 0   ? "\r"
                    : i == 1 ? "\033[B\r"
                    : i == 2 ? "\033[B\033[B\r"
                    : i == 3 ? "\033[B\033[B\033[B\r"
                             : "\033[B\033[B\033[B\033[B\r");
        assert_true(pty_loses(p, "Enter response"));
        pty_type(p, "\033");
        assert_true(pty_sees(p, "Enter response"));
        pty_type(p, "\033");
        assert_true(pty_loses(p, "Enter response"));
    }
}

static void nothing_hostile_gets_through(const char *lane)
{
    static const int sizes[][2] = {{80, 24}, {200, 55}, {60, 16}, {120, 36}};
    static const char *const run[] = {"run", "./hostile.json", "--results",
                                      "hostile-results.json", NULL};
    static const char *const attach[] = {"attach", NULL};
    static const char *const mark[] = {"ctl", "mark", EVIL_MARK, NULL};
    static const char *const status[] = {"ctl", "status", NULL};
    static const char *const json[] = {"ctl", "status", "--json", NULL};
    char plan[sizeof hostile_plan + 32];
    struct pty p, view;
    const char *after;
    size_t i;

    snprintf(plan, sizeof plan, hostile_plan, lane);
    live_write(&kit, "hostile.json", plan);
    live_start(&kit, &p, 120, 36, run);
    assert_true(pty_sees(&p, "RUNNING"));
    assert_true(pty_sees(&p, "HTTP 503"));
    call_is_clean(mark, "mark: deploy\\x1b]52");
    assert_true(pty_sees(&p, "deploy\\x1b]52"));
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        pty_resize(&p, sizes[i][0], sizes[i][1]);
        look_at_all(&p);
        pty_type(&p, "B");
        assert_true(pty_loses(&p, "req/s"));
        look_at(&p, "B", "req/s");
    }
    look_at(&p, "e", "\\x1b]52;c;");
    look_at(&p, "P", ".svg and .ansi");
    call_is_clean(status, "running");
    call_is_clean(json, "\"stage_name\"");
    live_start(&kit, &view, 120, 36, attach);
    assert_true(pty_sees(&view, "HTTP 503"));
    look_at_all(&view);
    pty_type(&view, "q");
    assert_int_equal(pty_exit(&view), 0);
    tape_check("a spectator", buf_str(&view.raw), view.raw.len, TAPE_SCREEN);
    pty_end(&view);
    kill(p.pid, SIGTERM);
    assert_int_equal(pty_exit(&p), 105);
    tape_check("the screen", buf_str(&p.raw), p.raw.len, TAPE_SCREEN);
    after = strstr(buf_str(&p.raw), "\033[?1049l");
    assert_non_null(after);
    assert_true(pty_sees(&p, "GENERATOR"));
    assert_true(pty_restored(&p));
    pty_end(&p);
    assert_true(files_are_clean(".svg", TAPE_TEXT) > 0);
    assert_true(files_are_clean(".ansi", TAPE_COLOURS) > 0);
    assert_true(files_are_clean("-results.json", TAPE_DATA) > 0);
}

static void the_direct_lane_lets_nothing_through(void **state)
{
    (void)state;
    nothing_hostile_gets_through("direct");
}

static void the_libcurl_lane_lets_nothing_through(void **state)
{
    (void)state;
    nothing_hostile_gets_through("libcurl");
}

static void plain_lines_let_nothing_through(void **state)
{
    static const char *const run[] = {
        "run", "./hostile.json", "--headless", "-d", "2s", "-u", "2", NULL};
    static const char *const list[] = {"list", "./hostile.json", NULL};
    static const char *const check[] = {"check", "./hostile.json", NULL};
    char plan[sizeof hostile_plan + 32];

    (void)state;
    snprintf(plan, sizeof plan, hostile_plan, "auto");
    live_write(&kit, "hostile.json", plan);
    call_is_clean(run, "GENERATOR");
    call_is_clean(list, "long");
    call_is_clean(check, "hostile.json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_check_knows_what_is_hostile),
        cmocka_unit_test(plain_lines_let_nothing_through),
        cmocka_unit_test(the_direct_lane_lets_nothing_through),
        cmocka_unit_test(the_libcurl_lane_lets_nothing_through),
    };

    return cmocka_run_group_tests(tests, live_begin, live_end);
}
