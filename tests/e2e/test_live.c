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
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "support/live_kit.h"

/* This exercises: the program itself in a terminal: brunt demo, steered from
 * the keyboard, and what its results say of that. */

/* brunt demo; results: where to, or NULL. */
static void demo_begin(struct pty *p, const char *results)
{
    const char *words[] = {"demo",  "--seed",
                           "7",     results != NULL ? "--results" : NULL,
                           results, NULL};

    live_start(&kit, p, 120, 36, words);
}

static cJSON *live_read(const char *path)
{
    struct buf b;
    struct err e = ERR_INIT;
    cJSON *json;

    buf_init(&b, 1 << 26);
    if (!file_read(path, &b, &e)) {
        fprintf(stderr, "%s: %s\n", path, e.text);
        buf_clear(&b);
        return NULL;
    }
    json = cJSON_Parse(buf_str(&b));
    buf_clear(&b);
    return json;
}

/* An event of that type whose value contains a text. */
static bool live_event(const cJSON *results, const char *type,
                       const char *value, const char *by)
{
    const cJSON *e;

    cJSON_ArrayForEach(e, cJSON_GetObjectItem(results, "events"))
    {
        const cJSON *v = cJSON_GetObjectItem(e, "value");
        char *text = cJSON_PrintUnformatted(v);
        bool hit =
            strcmp(cJSON_GetObjectItem(e, "type")->valuestring, type) == 0 &&
            (by == NULL ||
             strcmp(cJSON_GetObjectItem(e, "by")->valuestring, by) == 0) &&
            text != NULL && strstr(text, value) != NULL;

        cJSON_free(text);
        if (hit) {
            return true;
        }
    }
    fprintf(stderr, "no event %s %s\n", type, value);
    return false;
}

/* The exit code in a results file of a run that is over; -1 while there is
 * none. */
static int live_ended(void)
{
    DIR *dir = opendir(".");
    const struct dirent *f;
    int code = -1;

    assert_non_null(dir);
    for (f = readdir(dir); f != NULL && code < 0; f = readdir(dir)) {
        cJSON *r =
            strstr(f->d_name, ".json") != NULL ? live_read(f->d_name) : NULL;
        const cJSON *was =
            cJSON_GetObjectItem(cJSON_GetObjectItem(r, "outcome"), "exit_code");

        code = cJSON_IsNumber(was) ? was->valueint : -1;
        cJSON_Delete(r);
    }
    closedir(dir);
    return code;
}

static void keys_act_on_a_real_run_and_stand_in_its_events(void **state)
{
    struct pty p;
    cJSON *results;
    int code;

    (void)state;
    demo_begin(&p, "keys.json");
    assert_true(pty_sees(&p, "RUNNING"));
    assert_true(pty_sees(&p, "ChatRequest"));
    pty_type(&p, "v30\r");
    assert_true(pty_sees(&p, "30 VUs by hand"));
    assert_true(pty_sees(&p, "MANUAL"));
    pty_type(&p, "+");
    assert_true(pty_sees(&p, "31 VUs by hand"));
    pty_type(&p, " ");
    assert_true(pty_sees(&p, "HELD"));
    pty_type(&p, " ");
    assert_true(pty_loses(&p, "HELD"));
    pty_type(&p, "mdeploy 42\r");
    assert_true(pty_sees(&p, "deploy 42"));
    pty_type(&p, "w");
    assert_true(pty_sees(&p, ".json"));
    pty_type(&p, ">");
    assert_true(pty_sees(&p, "stage 2/"));
    pty_type(&p, "a");
    assert_true(pty_loses(&p, "MANUAL"));
    pty_type(&p, "qq");
    assert_true(pty_sees(&p, "FINISHED"));
    assert_true(pty_sees(&p, "q leaves"));
    assert_true(pty_sees(&p, "results in keys.json"));
    code = live_ended();
    assert_int_not_equal(code, -1);
    pty_type(&p, "q");
    assert_int_equal(pty_exit(&p), code);
    assert_true(pty_sees(&p, "GENERATOR"));
    assert_true(pty_restored(&p));
    pty_end(&p);

    results = live_read("keys.json");
    assert_non_null(results);
    assert_true(live_event(results, "vus", "30", "keyboard"));
    assert_true(live_event(results, "add", "31", "keyboard"));
    assert_true(live_event(results, "hold", "on", "keyboard"));
    assert_true(live_event(results, "mark", "deploy 42", "keyboard"));
    assert_true(live_event(results, "write", ".json", "keyboard"));
    assert_true(live_event(results, "next", "2", "keyboard"));
    assert_true(live_event(results, "plan", "", "keyboard"));
    assert_true(live_event(results, "stop", "", "keyboard"));
    cJSON_Delete(results);
}

static void ctrl_c_drains_prints_the_summary_and_exits_105(void **state)
{
    struct pty p;

    (void)state;
    demo_begin(&p, NULL);
    assert_true(pty_sees(&p, "RUNNING"));
    pty_type(&p, "\003");
    assert_int_equal(pty_exit(&p), 105);
    assert_true(pty_sees(&p, "GENERATOR"));
    assert_true(pty_restored(&p));
    pty_end(&p);
}

static void a_stop_by_ctrl_z_is_a_gap_and_the_run_goes_on(void **state)
{
    struct timespec stop = {.tv_nsec = 500000000};
    struct pty p;
    cJSON *results;

    (void)state;
    demo_begin(&p, "gap.json");
    assert_true(pty_sees(&p, "RUNNING"));
    assert_true(pty_stops(&p));
    assert_true(pty_restored(&p));
    nanosleep(&stop, NULL); /* less than a tick would not be a gap */
    kill(p.pid, SIGCONT);
    assert_true(pty_sees(&p, "Ctrl-Z"));
    assert_true(pty_sees(&p, "RUNNING"));
    pty_type(&p, "Q");
    assert_true(pty_sees(&p, "FINISHED"));
    pty_type(&p, "q");
    assert_int_not_equal(pty_status(&p, true), -1);
    pty_end(&p);
    results = live_read("gap.json");
    assert_non_null(results);
    assert_true(live_event(results, "gap", "", NULL));
    cJSON_Delete(results);
}

static void a_dumb_terminal_gets_plain_lines(void **state)
{
    const char *was = kit.env[0];
    struct pty p;

    (void)state;
    kit.env[0] = "TERM=dumb";
    demo_begin(&p, NULL);
    kit.env[0] = was;
    assert_true(pty_sees(&p, "plain lines"));
    assert_true(pty_sees(&p, "req/s"));
    kill(p.pid, SIGINT);
    assert_int_not_equal(pty_status(&p, true), -1);
    assert_null(strstr(buf_str(&p.raw), "\033[?1049h"));
    pty_end(&p);
}

/* Requests in the newest results that key w wrote; 0 while there are none. */
static double live_written(void)
{
    DIR *dir = opendir(".");
    const struct dirent *f;
    double most = 0;

    assert_non_null(dir);
    for (f = readdir(dir); f != NULL; f = readdir(dir)) {
        const cJSON *values;
        cJSON *r;

        if (strstr(f->d_name, ".json") == NULL ||
            strcmp(f->d_name, "blocked.json") == 0 ||
            strstr(f->d_name, ".json.") != NULL || f->d_name[0] == '.') {
            continue;
        }
        r = live_read(f->d_name);
        values = cJSON_GetObjectItem(
            cJSON_GetObjectItem(cJSON_GetObjectItem(r, "metrics"), "http_reqs"),
            "values");
        if (cJSON_GetObjectItem(values, "count") != NULL &&
            cJSON_GetObjectItem(values, "count")->valuedouble > most) {
            most = cJSON_GetObjectItem(values, "count")->valuedouble;
        }
        cJSON_Delete(r);
    }
    closedir(dir);
    return most;
}

static void live_clean(void)
{
    DIR *dir = opendir(".");
    const struct dirent *f;

    assert_non_null(dir);
    for (f = readdir(dir); f != NULL; f = readdir(dir)) {
        if (f->d_name[0] != '.') {
            unlink(f->d_name);
        }
    }
    closedir(dir);
}

static void a_terminal_that_takes_no_bytes_does_not_slow_the_load(void **state)
{
    struct timespec nap = {.tv_nsec = 50000000};
    struct pty p;
    int i;
    double first = 0;

    (void)state;
    live_clean();
    demo_begin(&p, "blocked.json");
    assert_true(pty_sees(&p, "RUNNING"));
    pty_fill(&p);
    /* Nothing is read from here on. The keys work, and requests go on. */
    for (i = 0; i < 400; i++) {
        double now = live_written();

        first = first > 0 ? first : now;
        if (first > 0 && now >= first + 100) {
            break;
        }
        if (i % 10 == 0) {
            pty_type(&p, "w");
        }
        nanosleep(&nap, NULL);
    }
    assert_true(i < 400);
    kill(p.pid, SIGTERM);
    assert_int_equal(pty_exit(&p), 105);
    assert_true(pty_restored(&p));
    pty_end(&p);
    assert_int_equal(access("blocked.json", R_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_act_on_a_real_run_and_stand_in_its_events),
        cmocka_unit_test(ctrl_c_drains_prints_the_summary_and_exits_105),
        cmocka_unit_test(a_stop_by_ctrl_z_is_a_gap_and_the_run_goes_on),
        cmocka_unit_test(a_dumb_terminal_gets_plain_lines),
        cmocka_unit_test(a_terminal_that_takes_no_bytes_does_not_slow_the_load),
    };

    return cmocka_run_group_tests(tests, live_begin, live_end);
}
