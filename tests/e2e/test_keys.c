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

#include "base/text.h"
#include "screen/keymap.h"
#include "support/live_kit.h"

/* This exercises: every key of the table (screen/keys.def), pressed in the
 * program itself: what is to be seen then. A key that has no row here fails
 * the test. */

#define ESC "\033"

/* Two scenarios, for there is a key for that; the first has stages. */
static const char keys_plan[] =
    "{ \"name\": \"keys\", \"flow\": ["
    "  { \"get\": \"@/ok\", \"name\": \"Alpha\", \"checks\": {"
    "    \"is up\": { \"status\": 200 } } },"
    "  { \"get\": \"@/status/503\", \"name\": \"Beta\" },"
    "  { \"think\": \"100ms\" } ],"
    "  \"scenarios\": { \"both\": ["
    "    { \"name\": \"main\", \"executor\": \"ramping-vus\","
    "      \"startVUs\": 3, \"stages\": ["
    "      { \"duration\": \"1h\", \"target\": 3, \"name\": \"first\" },"
    "      { \"duration\": \"1h\", \"target\": 3, \"name\": \"second\" },"
    "      { \"duration\": \"1h\", \"target\": 3, \"name\": \"third\" } ] },"
    "    { \"name\": \"side\", \"executor\": \"constant-vus\", \"vus\": 1,"
    "      \"duration\": \"3h\" } ] },"
    "  \"thresholds\": { \"http_req_duration\": [\"p(95)<30000\"] } }";

/* before: what is typed first; ready: what is seen then. The key itself is the
 * table's. sees, loses: what it makes appear, or go, in the picture with one
 * blank for many. after: what puts things back, and what goes with that. They
 * are pressed in the table's order. */
struct press {
    const char *before, *ready, *sees, *loses, *after, *gone;
    bool twice; /* the key is typed so often */
};

static const struct press presses[ACTION_COUNT] = {
    [ACTION_MORE] = {.sees = "MANUAL 4 plan 3"},
    [ACTION_FEWER] = {.sees = "MANUAL 3 plan 3"},
    [ACTION_MORE_STEP] = {.sees = "MANUAL 13 plan 3"},
    [ACTION_FEWER_STEP] = {.sees = "MANUAL 3 plan 3"},
    [ACTION_STEP_MORE] = {.sees = "in steps of 20"},
    [ACTION_STEP_LESS] = {.sees = "in steps of 10"},
    [ACTION_SET_VUS] = {.sees = "set virtual users",
                        .after = "7\r",
                        .gone = "set virtual users"},
    [ACTION_FOLLOW] = {.ready = "MANUAL 7 plan 3", .loses = "MANUAL"},
    [ACTION_SPIKE] = {.sees = "SPIKE"},
    [ACTION_UNDO] = {.loses = "SPIKE"},
    [ACTION_SCENARIO] = {.sees = "keys steer side",
                         .after = "\t",
                         .gone = "keys steer side"},
    [ACTION_NEXT] = {.sees = "stage 2/3"},
    /* In a stage's first two seconds to the one before, else to its start; so
     * twice is always the one before. */
    [ACTION_PREVIOUS] = {.twice = true, .sees = "stage 1/3"},
    [ACTION_STAGES] = {.sees = "Enter jump",
                       .after = ESC,
                       .gone = "Enter jump"},
    [ACTION_HOLD] = {.sees = "HELD", .after = " ", .gone = "HELD"},
    [ACTION_PAUSE] = {.sees = "PAUSED", .after = "p", .gone = "PAUSED"},
    [ACTION_MARK] = {.sees = "mark this moment",
                     .after = ESC,
                     .gone = "mark this moment"},
    [ACTION_WRITE] = {.sees = "wrote"},
    [ACTION_SAVE] = {.sees = "save the run as a plan",
                     .after = ESC,
                     .gone = "save the run as a plan"},
    [ACTION_QUIT] = {.sees = "end the run?",
                     .after = ESC,
                     .gone = "end the run?"},
    /* The last one to be pressed: see below. */
    [ACTION_CUT] = {.sees = "FINISHED"},
    [ACTION_FREEZE] = {.sees = "VIEW FROZEN",
                       .after = "f",
                       .gone = "VIEW FROZEN"},
    [ACTION_ERRORS] = {.sees = "Enter response",
                       .after = ESC,
                       .gone = "Enter response"},
    [ACTION_THRESHOLDS] = {.sees = "never failed so far",
                           .after = ESC,
                           .gone = "never failed so far"},
    [ACTION_REQUESTS] = {.sees = "Enter look",
                         .after = ESC,
                         .gone = "Enter look"},
    [ACTION_STEPS] = {.sees = "steps of the load",
                      .after = ESC,
                      .gone = "steps of the load"},
    [ACTION_LOG] = {.sees = "entries, newest first",
                    .after = ESC,
                    .gone = "entries, newest first"},
    [ACTION_CHECKS] = {.sees = "checks, whole run",
                       .after = ESC,
                       .gone = "checks, whole run"},
    [ACTION_GENERATOR] = {.sees = "timers late by",
                          .after = ESC,
                          .gone = "timers late by"},
    [ACTION_INSIGHTS] = {.sees = "Enter that time",
                         .after = ESC,
                         .gone = "Enter that time"},
    [ACTION_SORT] = {.sees = "requests by"},
    [ACTION_SORT_WAY] = {.before = ESC, .sees = "requests by"},
    [ACTION_FILTER] = {.sees = "Enter keep",
                       .after = ESC,
                       .gone = "Enter keep"},
    [ACTION_CURSOR_BACK] = {.sees = "End live"},
    [ACTION_CURSOR_ON] = {.before = "\033[F", .sees = "End live"},
    [ACTION_CURSOR_FAR_BACK] = {.before = "\033[F", .sees = "End live"},
    [ACTION_CURSOR_FAR_ON] = {.before = "\033[F", .sees = "End live"},
    [ACTION_CURSOR_LIVE] = {.loses = "End live"},
    [ACTION_ZOOM] = {.sees = "z 5min", .after = "zz", .gone = "z 5min"},
    [ACTION_HEATMAP] = {.sees = "share of requests",
                        .after = "h",
                        .gone = "share of requests"},
    [ACTION_SCALE] = {.before = "h",
                      .ready = "latency",
                      .sees = "linear",
                      .after = "g",
                      .gone = "linear"},
    [ACTION_SERVICE] = {.sees = "nobody looks at the service itself"},
    [ACTION_BIG] = {.loses = "method name", .after = ESC},
    [ACTION_PICTURE] = {.sees = ".svg and .ansi"},
    [ACTION_BASELINE] = {.sees = "no baseline:"},
    [ACTION_MOUSE] = {.sees = "mouse on", .after = "M", .gone = "mouse on"},
    [ACTION_THEME] = {.sees = "theme light",
                      .after = "TTT",
                      .gone = "theme light"},
    /* Sends every cell anew. */
    [ACTION_REDRAW] = {.sees = NULL},
    [ACTION_BACK] = {.before = "?",
                     .ready = "one more: VUs",
                     .loses = "one more: VUs"},
    [ACTION_HELP] = {.sees = "one more: VUs",
                     .after = ESC,
                     .gone = "one more: VUs"},
};

/* What a terminal sends for a key of the table. */
static const char *key_bytes(uint32_t key, char buf[8])
{
    static const struct {
        uint32_t key;
        const char *bytes;
    } names[] = {
        {TYPED_ARROW_LEFT, "\033[D"},    {TYPED_ARROW_RIGHT, "\033[C"},
        {TYPED_SHIFT_LEFT, "\033[1;2D"}, {TYPED_SHIFT_RIGHT, "\033[1;2C"},
        {TYPED_LAST, "\033[F"},          {TYPED_F1, "\033OP"},
    };
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].key == key) {
            return names[i].bytes;
        }
    }
    assert_true(key < TYPED_RETURN); /* else it has no bytes here */
    buf[text_put(buf, key)] = '\0';
    return buf;
}

/* The picture with one blank for many: numbers are where columns are. */
static const char *squeezed(struct pty *p)
{
    static char text[sizeof p->text];
    const char *at;
    size_t n = 0;

    for (at = pty_text(p); *at != '\0'; at++) {
        if (*at != ' ' || (n > 0 && text[n - 1] != ' ')) {
            text[n++] = *at;
        }
    }
    text[n] = '\0';
    return text;
}

static bool has_text(struct pty *p, const void *ctx)
{
    return strstr(squeezed(p), ctx) != NULL;
}

static bool lacks_text(struct pty *p, const void *ctx)
{
    return strstr(squeezed(p), ctx) == NULL;
}

/* How often the whole screen was cleared so far. */
static int cleared(struct pty *p)
{
    const char *at = buf_str(&p->raw);
    int n = 0;

    while ((at = strstr(at, "\033[2J")) != NULL) {
        at += 4;
        n++;
    }
    return n;
}

static bool cleared_again(struct pty *p, const void *ctx)
{
    return cleared(p) > *(const int *)ctx;
}

/* One key of the table, and what is seen of it. */
static void press_key(const struct keymap_row *row, uint32_t key,
                      const struct press *k)
{
    int before = cleared(&screen);
    char bytes[8];

    if (k->before != NULL) {
        pty_type(&screen, k->before);
    }
    if (k->ready != NULL) {
        assert_true(pty_holds(&screen, has_text, k->ready));
    }
    /* Lest it is taken for what the key does. */
    if (k->sees != NULL && !pty_holds(&screen, lacks_text, k->sees)) {
        fail_msg("%s: '%s' is there already", row->label, k->sees);
    }
    pty_type(&screen, key_bytes(key, bytes));
    if (k->twice) {
        pty_type(&screen, bytes);
    }
    if ((k->sees != NULL && !pty_holds(&screen, has_text, k->sees)) ||
        (k->loses != NULL && !pty_holds(&screen, lacks_text, k->loses)) ||
        (k->sees == NULL && k->loses == NULL &&
         !pty_holds(&screen, cleared_again, &before))) {
        fail_msg("%s (%s) does nothing", row->label, row->help);
    }
    if (k->after != NULL) {
        pty_type(&screen, k->after);
        assert_true(k->gone == NULL || pty_holds(&screen, lacks_text, k->gone));
    }
}

static void every_key_of_the_table_does_something(void **state)
{
    static const char *const run[] = {"run", "./keys.json", "both", NULL};
    char missing[256] = "";
    int i;

    (void)state;
    live_write(&kit, "keys.json", keys_plan);
    live_start(&kit, &screen, 120, 36, run);
    assert_true(pty_sees(&screen, "RUNNING"));
    assert_true(pty_sees(&screen, "Beta"));
    for (i = 0; i < ACTION_COUNT; i++) {
        const struct keymap_row *row = keymap_row((enum action)i);
        const struct press *k = &presses[i];

        if (k->sees == NULL && k->loses == NULL && i != ACTION_REDRAW) {
            snprintf(missing + strlen(missing),
                     sizeof missing - strlen(missing), " %s", row->label);
            continue;
        }
        if (i != ACTION_CUT) {
            press_key(row, row->key, k);
        }
        if (row->other != 0) {
            press_key(row, row->other, k);
        }
    }
    if (missing[0] != '\0') {
        fail_msg("no test presses%s", missing);
    }
}

/* When the run is over its keys are others. */
static void keys_of_a_run_that_is_over_do_something(void **state)
{
    static const struct press leave = {.loses = "FINISHED"},
                              short_run = {.sees = "whole run is in sight"};
    int i;

    (void)state;
    press_key(keymap_row(ACTION_CUT), keymap_row(ACTION_CUT)->key,
              &presses[ACTION_CUT]);
    for (i = 0; i < ACTION_COUNT; i++) {
        const struct keymap_row *row = keymap_row((enum action)i);

        if ((row->where & WHERE_DONE) != 0 && i != ACTION_QUIT &&
            i != ACTION_CUT) {
            press_key(row, row->key,
                      i == ACTION_ZOOM ? &short_run : &presses[i]);
        }
    }
    press_key(keymap_row(ACTION_QUIT), keymap_row(ACTION_QUIT)->key, &leave);
    assert_int_equal(pty_exit(&screen), 105);
    assert_true(pty_restored(&screen));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_of_the_table_does_something),
        cmocka_unit_test(keys_of_a_run_that_is_over_do_something),
    };

    return cmocka_run_group_tests(tests, live_begin, live_end);
}
