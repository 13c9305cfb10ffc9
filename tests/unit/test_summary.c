/* SPDX-License-Identifier: MIT
 *
 * The line a second and the summary at the end, from a known story. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "console/console.h"
#include "console/github.h"
#include "console/summary.h"
#include "record/baseline.h"
#include "../support/story_kit.h"

static const char kit_plan[] =
    "{ \"name\": \"Shop\","
    "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\","
    "      \"checks\": { \"is 200\": { \"status\": 200 } } } ],"
    "  \"scenarios\": { \"s\": { \"executor\": \"ramping-vus\","
    "    \"startVUs\": 2, \"stages\": ["
    "      { \"duration\": \"10s\", \"target\": 2, \"name\": \"warm \\u001b\" "
    "},"
    "      { \"duration\": \"10s\", \"target\": 9 } ] } },"
    "  \"baselines\": { \"local\": { \"s\": {"
    "    \"http_req_duration\": \"p(95)<1000\" } } },"
    "  \"thresholds\": { \"http_req_duration\": [\"p(95)<15\"],"
    "    \"http_req_failed\": [\"rate<0.5\"] } }";

static int set_up(void **state)
{
    unsigned i;

    (void)state;
    story_kit_init(&kit, kit_plan);
    kit.tick.vus = 2;
    kit.tick.planned = 2;
    for (i = 0; i < 20; i++) {
        story_kit_requests(&kit, 0, 200, 30000, 9);
        story_kit_requests(&kit, 0, 503, 30000, 1);
        shard_check(kit.shard, 0, 0, i % 2 == 0);
        story_kit_tick(&kit, i == 3 ? "deploy \x1b]0;evil\x07" : NULL);
    }
    story_kit_refused(&kit, 0);
    story_kit_tick(&kit, NULL);
    return 0;
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("'%s' is not in:\n%s", part, text);
    }
}

static void assert_harmless(const char *text, bool ascii)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        assert_true((c >= ' ' && c != 0x7f) || c == '\n');
        assert_true(!ascii || c < 0x80);
    }
}

static void the_line_has_the_contracts_form(void **state)
{
    struct buf line;

    (void)state;
    buf_init(&line, 4096);
    story_lock(kit.story);
    console_line(&line, kit.story, true);
    story_unlock(kit.story);
    assert_string_equal(buf_str(&line),
                        "0:02  stage 1/2 warm \\x1b  VUs 2 (plan 2)  95.7 req/s"
                        "  p95 30.0 ms  errors 10.4 %  thresholds 1 of 2 pass");
    buf_clear(&line);
}

/* A recording of a run that was killed, or of one that goes on. */
static void a_run_without_an_end_has_no_exit_code(void **state)
{
    struct summary_options o = {.ascii = true};
    char *text;

    (void)state;
    kit.tick.outcome =
        (struct outcome){.status = STATUS_RUNNING, .exit_code = -1};
    story_kit_tick(&kit, NULL);
    text = summary_text(kit.story, &o);
    assert_has(text, "Shop, s: cut off after 0:02: the recording ends here\n");
    assert_null(strstr(text, "exit code"));
    free(text);
    o.live = true;
    text = summary_text(kit.story, &o);
    assert_has(text, ", s: still running after 0:02: the recording ends");
    free(text);
}

/* Less than a second is not 0:00. */
static void how_long_the_generator_was_suspect_is_said(void **state)
{
    struct health *h = &kit.tick.health;
    struct summary_options o = {.ascii = true};
    char *text;

    (void)state;
    h->ever_suspect = true;
    h->suspect_us = 400000;
    story_kit_tick(&kit, NULL);
    text = summary_text(kit.story, &o);
    assert_has(text, "suspect for 400 ms in all");
    free(text);
    h->suspect_us = 72000000;
    story_kit_tick(&kit, NULL);
    text = summary_text(kit.story, &o);
    assert_has(text, "suspect for 1:12 in all");
    free(text);
}

static void a_run_in_which_all_failed_says_so_first(void **state)
{
    struct summary_options o = {.ascii = true, .color = false};
    struct story_kit fresh;
    char *text;

    (void)state;
    text = summary_text(kit.story, &o);
    assert_null(strstr(text, "every request failed"));
    free(text);
    story_kit_init(&fresh, kit_plan);
    story_kit_refused(&fresh, 0);
    story_kit_tick(&fresh, NULL);
    fresh.tick.state = RUN_FINISHED;
    fresh.tick.outcome.exit_code = 0;
    story_kit_tick(&fresh, NULL);
    text = summary_text(fresh.story, &o);
    assert_has(text, "FAIL every request failed: connection refused\n");
    free(text);
    story_kit_clear(&fresh);
}

static void thresholds_that_nothing_fed_yet_are_undecided(void **state)
{
    struct story_kit fresh;
    struct buf line;

    (void)state;
    story_kit_init(&fresh, kit_plan);
    story_kit_tick(&fresh, NULL);
    buf_init(&line, 4096);
    story_lock(fresh.story);
    console_line(&line, fresh.story, true);
    story_unlock(fresh.story);
    assert_has(buf_str(&line), "thresholds 0 of 2 pass, 2 undecided");
    buf_clear(&line);
    story_kit_clear(&fresh);
}

static char *recovery_text(unsigned bad, unsigned good)
{
    static const char plan[] =
        "{ \"name\": \"Shop\","
        "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\" } ],"
        "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
        "    \"vus\": 10, \"duration\": \"10m\" } },"
        "  \"thresholds\": { \"recovery_time\": [\"max<8s\", \"max<30s\"],"
        "    \"http_req_duration\": [\"p(95)<3s\"] } }";
    struct summary_options o = {.ascii = true, .color = false};
    struct story_kit fresh;
    char *text;

    story_kit_init(&fresh, plan);
    if (bad + good > 0) {
        story_kit_spike(&fresh, bad, good);
    }
    fresh.tick.state = RUN_DRAINING;
    story_kit_tick(&fresh, NULL);
    fresh.tick.state = RUN_FINISHED;
    story_kit_tick(&fresh, NULL);
    text = summary_text(fresh.story, &o);
    story_kit_clear(&fresh);
    return text;
}

static void a_recovery_time_is_told_in_words_too(void **state)
{
    char *text = recovery_text(90, 120);

    (void)state;
    assert_has(text, "    recovery_time\n"
                     "      FAIL 'max<8s' max=9.00 s  (first failed at 0:58)\n"
                     "      ok   'max<30s' max=9.00 s\n");
    free(text);
    text = recovery_text(50, 40);
    assert_has(text, "FAIL 'max<30s' max=5.00 s, back in 5 s after 0:50, but "
                     "watched for 4 of 10 s only  (first failed at 0:59)\n");
    free(text);
    text = recovery_text(0, 0);
    assert_has(text, "ok   'max<8s' nothing to recover from\n");
    free(text);
}

/* Beside a recovery stands the time at which its words say that it began. */
static void a_mark_just_before_a_second_has_one_time(void **state)
{
    static const char plan[] =
        "{ \"name\": \"Shop\","
        "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\" } ],"
        "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
        "    \"vus\": 10, \"duration\": \"10m\" } } }";
    struct summary_options o = {.ascii = true, .color = false};
    struct story_kit fresh;
    char *text;

    (void)state;
    story_kit_init(&fresh, plan);
    fresh.tick.wanted = fresh.tick.vus = fresh.tick.planned = 10;
    story_kit_feed(&fresh, 399, 10, 20000, 0, 200);
    story_kit_requests(&fresh, 0, 200, 20000, 10);
    story_kit_tick(&fresh, "deploy");
    story_kit_feed(&fresh, 60, 10, 20000, 9, 503);
    story_kit_feed(&fresh, 300, 10, 20000, 0, 200);
    text = summary_text(fresh.story, &o);
    assert_has(text, "\n       0:40  recovered in ");
    assert_has(text, " after the mark at 0:40; ");
    assert_has(text, " of 610 requests failed until it was back\n");
    free(text);
    story_kit_clear(&fresh);
}

static void without_thresholds_nothing_is_called_passed(void **state)
{
    static const char plan[] =
        "{ \"name\": \"Shop\", \"flow\": [ { \"think\": \"1s\" } ],"
        "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
        "    \"vus\": 1, \"duration\": \"1s\" } } }";
    struct summary_options o = {.ascii = true, .color = false};
    struct story_kit fresh;
    char *text;

    (void)state;
    story_kit_init(&fresh, plan);
    fresh.tick.state = RUN_FINISHED;
    fresh.tick.outcome.status = STATUS_PASSED;
    fresh.tick.outcome.exit_code = 0;
    story_kit_tick(&fresh, NULL);
    text = summary_text(fresh.story, &o);
    assert_has(text, "Shop, s: ended after 0:00, no thresholds to judge by");
    /* Nor is there a heading with nothing below it. */
    assert_null(strstr(text, "HTTP\n"));
    free(text);
    story_kit_clear(&fresh);
}

static void thresholds_that_do_not_count_pass_nothing(void **state)
{
    struct summary_options o = {.ascii = true, .color = false};
    char *text;

    (void)state;
    kit.info.no_thresholds = true;
    kit.tick.state = RUN_FINISHED;
    kit.tick.outcome.status = STATUS_PASSED;
    kit.tick.outcome.exit_code = 0;
    story_kit_tick(&kit, NULL);
    text = summary_text(kit.story, &o);
    assert_has(text, "Shop, s: ended after 0:02, thresholds do not count");
    assert_has(text, "# THRESHOLDS, WHICH DO NOT COUNT");
    assert_has(text, "FAIL 'p(95)<15'");
    assert_null(strstr(text, "passed after"));
    free(text);
}

static void load_by_hand_is_named(void **state)
{
    struct buf line;

    (void)state;
    kit.tick.manual = true;
    kit.tick.vus = 7;
    kit.tick.draining = 3;
    story_kit_tick(&kit, NULL);
    buf_init(&line, 4096);
    story_lock(kit.story);
    console_line(&line, kit.story, true);
    story_unlock(kit.story);
    assert_has(buf_str(&line), "VUs 7 (MANUAL, plan 2)  draining 3");
    buf_clear(&line);
}

static void the_summary_names_what_people_look_for(void **state)
{
    struct summary_options o = {.ascii = false, .color = false};
    char *text;

    (void)state;
    kit.tick.state = RUN_FINISHED;
    kit.tick.outcome.status = STATUS_FAILED;
    kit.tick.outcome.exit_code = 99;
    story_kit_tick(&kit, NULL);
    text = summary_text(kit.story, &o);
    assert_harmless(text, false);
    assert_has(text, "THRESHOLDS");
    assert_has(text, "✗ 'p(95)<15' p(95)=30.0 ms");
    assert_has(text, "✓ 'rate<0.5' rate=10.4 %");
    assert_has(text, "✗ is 200  50.0 %: 10 passed, 10 failed");
    assert_has(text, "21 of 201");
    assert_has(text, "http_5xx");
    assert_has(text, "connection refused");
    assert_has(text, "p(95)<1000");
    assert_has(text, "deploy \\x1b]0;evil\\x07");
    assert_has(text, "exit code 99");
    assert_has(text, "healthy all the time");
    free(text);
}

static void tell(const char *type, const char *text, const char *by)
{
    struct delta *d = delta_new(kit.plan, NULL, 0);
    struct event e = {.t_us = kit.tick.t_us};

    snprintf(e.type, sizeof e.type, "%s", type);
    snprintf(e.text, sizeof e.text, "%s", text);
    snprintf(e.by, sizeof e.by, "%s", by);
    e.load = strcmp(type, "add") == 0;
    kit.tick.delta = d;
    kit.tick.events = &e;
    kit.tick.n_events = 1;
    story_feed(kit.story, &kit.tick);
    kit.tick.delta = NULL;
    kit.tick.events = NULL;
    kit.tick.n_events = 0;
    delta_free(&d);
}

/* As one line what one hand did at one go; results have them all. */
static void a_burst_of_keys_is_a_line(void **state)
{
    struct summary_options o = {.ascii = true, .color = false};
    char *text;

    (void)state;
    tell("add", "12 VUs by hand", "keyboard");
    kit.tick.t_us += 300000;
    tell("add", "22 VUs by hand", "keyboard");
    kit.tick.t_us += 300000;
    tell("add", "32 VUs by hand", "keyboard");
    tell("add", "33 VUs by hand", "socket ann 4711");
    kit.tick.t_us += 2000000;
    tell("add", "34 VUs by hand", "socket ann 4711");
    text = summary_text(kit.story, &o);
    assert_null(strstr(text, "12 VUs by hand"));
    assert_null(strstr(text, "22 VUs by hand"));
    assert_has(text, "32 VUs by hand, in 3 steps  (keyboard)");
    assert_has(text, "33 VUs by hand  (socket ann 4711)");
    assert_has(text, "34 VUs by hand  (socket ann 4711)");
    assert_int_equal(story_event_count(kit.story), 6);
    free(text);
}

static void the_summary_tells_gaps_and_recoveries_but_no_stages(void **state)
{
    struct summary_options o = {.ascii = true, .color = false};
    char *text;

    (void)state;
    tell("gap", "gap of 4.10 s: the process stood still", "");
    tell("threshold", "threshold x recovered: 400 ms", "");
    tell("stage", "stage 2/2 up", "plan");
    text = summary_text(kit.story, &o);
    assert_has(text, "gap of 4.10 s");
    assert_has(text, "recovered");
    assert_null(strstr(text, "stage 2/2 up"));
    free(text);
}

static void
without_load_the_summary_says_why_and_praises_no_numbers(void **state)
{
    struct summary_options o = {.ascii = true, .color = false};
    struct delta *d;
    char *text;

    (void)state;
    story_kit_clear(&kit);
    story_kit_init(&kit, kit_plan);
    d = delta_new(kit.plan, NULL, 0);
    kit.tick.state = RUN_STARTING;
    kit.tick.delta = d;
    story_feed(kit.story, &kit.tick);
    tell("setup", "waiting: connection refused", "");
    text = summary_text(kit.story, &o);
    assert_has(text, "waiting: connection refused");
    assert_null(strstr(text, "these numbers"));
    free(text);
    delta_free(&d);
}

/* Long names that differ at their ends are told apart. */
static void
long_names_keep_both_ends_and_unsent_requests_are_named(void **state)
{
    static const char plan[] =
        "{ \"name\": \"Shop\", \"flow\": ["
        "  { \"get\": \"http://127.0.0.1:1/a/long/way/to/the/first\" },"
        "  { \"get\": \"http://127.0.0.1:1/a/long/way/to/the/other\" } ],"
        "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
        "    \"vus\": 1, \"duration\": \"1s\" } } }";
    struct summary_options o = {.ascii = false, .color = false};
    struct sample x = {.failure = FAILURE_UNRESOLVED, .failed = true};
    struct story_kit fresh;
    char *text;

    (void)state;
    story_kit_init(&fresh, plan);
    story_kit_requests(&fresh, 0, 200, 1000, 1);
    story_kit_requests(&fresh, 1, 200, 1000, 1);
    shard_request(fresh.shard, &x);
    shard_request(fresh.shard, &x);
    story_kit_tick(&fresh, NULL);
    text = summary_text(fresh.story, &o);
    assert_has(text, "GET http://127…/to/the/first          3");
    assert_has(text, "GET http://127…/to/the/other          1");
    assert_has(text, "    2 requests counted, but never sent");
    /* Nothing stands for nothing: no blanks at an end, no two empty lines. */
    assert_null(strstr(text, " \n"));
    assert_null(strstr(text, "\n\n\n"));
    free(text);
    o.ascii = true;
    text = summary_text(fresh.story, &o);
    assert_has(text, "GET http://127~/to/the/first");
    free(text);
    story_kit_clear(&fresh);
}

static void
metrics_of_the_plan_have_a_part_once_something_fed_them(void **state)
{
    static const char plan[] =
        "{ \"name\": \"Shop\", \"flow\": [ { \"get\": \"http://127.0.0.1:1/\","
        "    \"metrics\": { \"chimes\": { \"count\": \"/chimes\" } } } ],"
        "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
        "    \"vus\": 1, \"duration\": \"1s\" } } }";
    struct summary_options o = {.ascii = false, .color = false};
    struct story_kit fresh;
    char *text;

    (void)state;
    story_kit_init(&fresh, plan);
    story_kit_requests(&fresh, 0, 200, 1000, 1);
    story_kit_tick(&fresh, NULL);
    text = summary_text(fresh.story, &o);
    assert_null(strstr(text, "CUSTOM"));
    free(text);
    shard_count(fresh.shard, METRIC_COUNT, 0, 3);
    story_kit_tick(&fresh, NULL);
    text = summary_text(fresh.story, &o);
    assert_has(text, "    CUSTOM\n    chimes...");
    free(text);
    story_kit_clear(&fresh);
}

static void ascii_stays_ascii_and_color_is_asked_for(void **state)
{
    struct summary_options o = {.ascii = true, .color = false};
    char *text = summary_text(kit.story, &o);

    (void)state;
    assert_harmless(text, true);
    assert_has(text, "FAIL 'p(95)<15'");
    free(text);
    o.color = true;
    text = summary_text(kit.story, &o);
    assert_has(text, "\x1b[31mFAIL\x1b[0m");
    free(text);
}

static void the_console_writes_lines_and_events(void **state)
{
    struct console_options o = {.quiet = false, .ascii = true};
    FILE *f = tmpfile();
    struct console *c;
    char text[8192];
    size_t n;

    (void)state;
    assert_non_null(f);
    c = console_new(f, kit.story, &o);
    console_feed(c, &kit.tick);
    console_free(&c);
    rewind(f);
    n = fread(text, 1, sizeof text - 1, f);
    text[n] = '\0';
    assert_has(text, "stage 1/2");
    assert_harmless(text, true);
    fclose(f);
}

static void a_pipe_nobody_reads_delays_nothing_and_is_counted(void **state)
{
    struct console_options o = {.quiet = false, .ascii = true};
    struct console *c;
    unsigned i;
    int fds[2];
    FILE *f;

    (void)state;
    assert_int_equal(pipe(fds), 0);
    f = fdopen(fds[1], "w");
    assert_non_null(f);
    c = console_new(f, kit.story, &o);
    /* Far more than pipe and queue hold together. */
    for (i = 0; i < 5000; i++) {
        kit.tick.t_us += UINT64_C(1000000);
        console_feed(c, &kit.tick);
    }
    assert_true(console_dropped(c) > 0);
    console_free(&c);
    fclose(f);
    close(fds[0]);
}

static void quiet_writes_nothing(void **state)
{
    struct console_options o = {.quiet = true, .ascii = true};
    FILE *f = tmpfile();
    struct console *c;

    (void)state;
    assert_non_null(f);
    c = console_new(f, kit.story, &o);
    console_feed(c, &kit.tick);
    console_free(&c);
    fseek(f, 0, SEEK_END);
    assert_int_equal(ftell(f), 0);
    fclose(f);
}

/* The widest line of a text, its colours aside. */
static int widest(const char *text)
{
    int best = 0, width = 0;

    for (; *text != '\0'; text++) {
        if (*text == '\x1b') {
            text += strcspn(text, "m");
        } else if (*text == '\n') {
            width = 0;
        } else if ((*text & 0xc0) != 0x80) {
            width++;
        }
        best = width > best ? width : best;
    }
    return best;
}

static void lines_fit_into_the_terminal(void **state)
{
    struct summary_options o = {.ascii = false, .color = true};
    char *text, *narrow;

    (void)state;
    kit.tick.state = RUN_FINISHED;
    kit.tick.outcome.status = STATUS_PASSED;
    story_kit_tick(&kit, NULL);
    text = summary_text(kit.story, &o);
    assert_true(widest(text) > 100);
    for (o.columns = 60; o.columns < 140; o.columns++) {
        narrow = summary_text(kit.story, &o);
        if (o.columns >= 78) {
            assert_true(widest(narrow) <= o.columns);
        }
        /* No word is lost. */
        assert_non_null(strstr(narrow, "p(99)="));
        free(narrow);
    }
    o.columns = 80;
    narrow = summary_text(kit.story, &o);
    assert_non_null(strstr(narrow, "avg="));
    assert_non_null(
        strstr(narrow, "\n                                 p(90)="));
    assert_null(strstr(narrow, "lane, protocol"));
    free(narrow);
    o.columns = 200;
    narrow = summary_text(kit.story, &o);
    assert_string_equal(narrow, text);
    free(narrow);
    free(text);
}

/* The kit's run: 200 requests, 20 of them failed, one refused, in 2.1 s. */
static void an_earlier_run_is_set_against_this_one(void **state)
{
    struct baseline_run old = {.file = (char[]){"old\033.json"},
                               .scenario = (char[]){"s"},
                               .started = (char[]){"2026-11-27T03:43:23Z"},
                               .over = true,
                               .run = {47.85, 60000, 0.004}};
    struct summary_options o = {.ascii = true, .baseline = &old};
    char *text = summary_text(kit.story, &o);

    (void)state;
    assert_has(text, "# BASELINE\n\n    old\\x1b.json, s, "
                     "2026-11-27T03:43:23Z; whole runs\n");
    assert_has(text, "now     baseline   difference\n");
    assert_has(text, "mean VUs             2.00            -            -\n");
    assert_has(text, "req/s                95.7         47.9       +100 %\n");
    assert_has(text, "p95               30.0 ms      60.0 ms        -50 %\n");
    assert_has(text, "errors             10.4 %        0.4 %     +10.0 pt\n");
    assert_harmless(text, true);
    free(text);
    old.over = false;
    old.run = (struct baseline_figures){NAN, NAN, NAN, NAN, NAN};
    text = summary_text(kit.story, &o);
    assert_has(text, "whole runs, that one unfinished\n");
    assert_has(text, "p95               30.0 ms            -            -\n");
    free(text);
    /* More load is said to be that. */
    old.over = true;
    old.vus = (struct baseline_curve){
        (struct baseline_point[]){{0, 1000000, 5}, {1000000, 2000000, 5}}, 2};
    text = summary_text(kit.story, &o);
    assert_has(text, "whole runs, of different loads: these figures differ for "
                     "that alone\n");
    assert_has(text, "mean VUs             2.00         5.00        -60 %\n");
    free(text);
    old.vus.points[0].value = old.vus.points[1].value = 2.1;
    text = summary_text(kit.story, &o);
    assert_has(text, "whole runs\n");
    free(text);
    o.baseline = NULL;
    text = summary_text(kit.story, &o);
    assert_null(strstr(text, "# BASELINE\n"));
    free(text);
}

static void what_did_not_arrive_is_told(void **state)
{
    struct summary_options o = {.ascii = true};
    struct output list[] = {
        {.kind = "json", .where = "o\x1b.json", .points = 1234},
        {.kind = "csv",
         .where = "o.csv",
         .dropped = 2,
         .why = "full\x1b",
         .retries = 1,
         .held_back = 3},
    };
    char *text;

    (void)state;
    text = summary_text(kit.story, &o);
    assert_null(strstr(text, "STREAMED"));
    free(text);
    story_set_outputs(kit.story, list, 2);
    text = summary_text(kit.story, &o);
    assert_has(text, "# STREAMED");
    assert_has(text, "ok   json to o\\x1b.json: 1,234 points\n");
    assert_has(
        text,
        "FAIL csv to o.csv: 0 points, 2 dropped, last: full\\x1b, 1 try again, "
        "3 seconds put together\n");
    assert_harmless(text, true);
    free(text);
}

/* In a job of GitHub Actions. */
static void what_did_not_arrive_is_a_warning_of_the_job(void **state)
{
    struct output list[] = {
        {.kind = "json", .where = "o.json", .points = 1234, .retries = 2},
        {.kind = "csv", .where = "o\n.csv", .dropped = 2, .why = "100% full"},
        {.kind = "statsd", .where = "127.0.0.1:1", .points = 7, .dead = true},
    };
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);

    (void)state;
    assert_non_null(f);
    story_set_outputs(kit.story, list, 3);
    github_annotate(f, kit.story);
    assert_int_equal(fclose(f), 0);
    assert_has(text, "::warning title=brunt%3A --out csv::o\\n.csv: 0 points, "
                     "2 dropped, last: 100%25 full\n");
    assert_has(text, "::warning title=brunt%3A --out statsd::127.0.0.1:1: 7 "
                     "points\n");
    assert_null(strstr(text, "json"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_did_not_arrive_is_told, set_up,
                                        story_kit_end),
        cmocka_unit_test_setup_teardown(
            what_did_not_arrive_is_a_warning_of_the_job, set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(the_line_has_the_contracts_form, set_up,
                                        story_kit_end),
        cmocka_unit_test_setup_teardown(a_run_without_an_end_has_no_exit_code,
                                        set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(
            how_long_the_generator_was_suspect_is_said, set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(a_run_in_which_all_failed_says_so_first,
                                        set_up, story_kit_end),
        cmocka_unit_test(thresholds_that_nothing_fed_yet_are_undecided),
        cmocka_unit_test(a_recovery_time_is_told_in_words_too),
        cmocka_unit_test(a_mark_just_before_a_second_has_one_time),
        cmocka_unit_test(without_thresholds_nothing_is_called_passed),
        cmocka_unit_test_setup_teardown(
            thresholds_that_do_not_count_pass_nothing, set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(load_by_hand_is_named, set_up,
                                        story_kit_end),
        cmocka_unit_test_setup_teardown(a_burst_of_keys_is_a_line, set_up,
                                        story_kit_end),
        cmocka_unit_test_setup_teardown(the_summary_names_what_people_look_for,
                                        set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(
            the_summary_tells_gaps_and_recoveries_but_no_stages, set_up,
            story_kit_end),
        cmocka_unit_test_setup_teardown(
            without_load_the_summary_says_why_and_praises_no_numbers, set_up,
            story_kit_end),
        cmocka_unit_test(
            long_names_keep_both_ends_and_unsent_requests_are_named),
        cmocka_unit_test(
            metrics_of_the_plan_have_a_part_once_something_fed_them),
        cmocka_unit_test_setup_teardown(
            ascii_stays_ascii_and_color_is_asked_for, set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(the_console_writes_lines_and_events,
                                        set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(
            a_pipe_nobody_reads_delays_nothing_and_is_counted, set_up,
            story_kit_end),
        cmocka_unit_test_setup_teardown(quiet_writes_nothing, set_up,
                                        story_kit_end),
        cmocka_unit_test_setup_teardown(an_earlier_run_is_set_against_this_one,
                                        set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(lines_fit_into_the_terminal, set_up,
                                        story_kit_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
