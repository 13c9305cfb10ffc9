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
#include "support/live_kit.h"

/* This exercises: the table of requests of a real run, in the program itself:
 * sorted by each column and the other way round, filtered, and a request looked
 * into, at every size of the screen. */

#define KEY_DOWN "\033[B"
#define KEY_END  "\033[F"

/* Alpha comes twice as often, and never fails; Beta always does; a check of
 * Gamma's does now and then. */
static const char requests_plan[] =
    "{ \"name\": \"requests\", \"flow\": ["
    "  { \"get\": \"@/ok\", \"name\": \"Alpha\" },"
    "  { \"get\": \"@/ok\", \"name\": \"Alpha\" },"
    "  { \"get\": \"@/status/503\", \"name\": \"Beta\" },"
    "  { \"post\": \"@/json\", \"name\": \"Gamma\", \"body\": \"x\","
    "    \"checks\": { \"has an id\": { \"json\": \"/id\" },"
    "                  \"is a teapot\": { \"status\": 418 } } },"
    "  { \"think\": \"50ms\" } ],"
    "  \"scenarios\": { \"long\": { \"executor\": \"constant-vus\","
    "    \"vus\": 3, \"duration\": \"1h\" } } }";

/* What is to be seen of the table in the picture. */
struct order {
    const char *heading; /* of the column that is sorted by, with its sign */
    const char *names;   /* rows from the first: "ABG"; '.' = whichever */
};

/* The name in the row of the table below its heading, '?' where there is none:
 * a method stands before it. */
static char name_at(struct pty *p, int row, int col)
{
    static const char *const names[] = {"Alpha", "Beta", "Gamma"};
    const char *at = pty_text(p);
    char place[32];
    size_t i;

    for (; row > 0; row--) {
        at = strchr(at, '\n') + 1;
    }
    snprintf(place, sizeof place, "%.*s", (int)strcspn(at, "\n"),
             at + text_fit(at, col));
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strstr(place, names[i]) != NULL) {
            return names[i][0];
        }
    }
    return '?';
}

static bool is_ordered(struct pty *p, const void *ctx)
{
    const struct order *o = ctx;
    char heading[4096];
    int row, col, i;

    if (!pty_find(p, 0, "method name", &row, &col) ||
        pty_row_with(p, "method name", heading, sizeof heading) != row ||
        strstr(heading, o->heading) == NULL) {
        return false;
    }
    for (i = 0; o->names[i] != '\0'; i++) {
        char name = name_at(p, row + 1 + i, col);

        if (name == '?' || (o->names[i] != '.' && o->names[i] != name)) {
            return false;
        }
    }
    return true;
}

static void sees_order(const char *heading, const char *names)
{
    const struct order o = {heading, names};

    assert_true(pty_holds(&screen, is_ordered, &o));
}

/* Nothing is open, sorted as at first, no filter. */
static void begin_at(int cols, int rows)
{
    pty_resize(&screen, cols, rows);
    sees_order("p95▾", rows < 24 ? ".." : "...");
}

static void each_column_sorts_and_turns(void **state)
{
    int i;

    (void)state;
    for (i = 0; i < PTY_SIZES; i++) {
        begin_at(pty_sizes[i][0], pty_sizes[i][1]);
        pty_type(&screen, "o");
        sees_order("p99▾", "...");
        pty_type(&screen, "o");
        sees_order("req/s▾", "A..");
        pty_type(&screen, "o");
        sees_order("in run▾", "A..");
        assert_true(pty_sees(&screen, "by req ▾"));
        pty_type(&screen, "O");
        sees_order("in run▴", "..A");
        pty_type(&screen, "o"); /* a column says for itself which way */
        sees_order("err%▾", "B..");
        pty_type(&screen, "O");
        sees_order("err%▴", "..B");
        pty_type(&screen, "o");
        sees_order("name▴", "ABG");
        pty_type(&screen, "O");
        sees_order("name▾", "GBA");
        /* The panel is sorted as the picture is. */
        pty_type(&screen, "r");
        assert_true(pty_sees(&screen, "Enter look"));
        sees_order("name▾", "GBA");
        pty_type(&screen, "O");
        sees_order("name▴", "ABG");
        pty_type(&screen, "\033");
        assert_true(pty_loses(&screen, "Enter look"));
        pty_type(&screen, "o");
        sees_order("p95▾", "...");
    }
}

/* The smallest screen has the table, too. */
static void sixty_columns_are_sorted_too(void **state)
{
    (void)state;
    begin_at(60, 16);
    pty_type(&screen, "ooo");
    sees_order("in run▾", "A");
    assert_true(pty_sees(&screen, "by req ▾"));
    pty_type(&screen, "oo");
    sees_order("name▴", "AB");
    pty_type(&screen, "o");
    sees_order("p95▾", ".");
}

static void a_filter_holds_for_every_list_until_it_is_cleared(void **state)
{
    int i;

    (void)state;
    for (i = 0; i < PTY_SIZES; i++) {
        begin_at(pty_sizes[i][0], pty_sizes[i][1]);
        /* What is typed counts at once, whatever its case. */
        pty_type(&screen, "/bE");
        assert_true(pty_sees(&screen, "s  /bE"));
        sees_order("p95▾", "B");
        assert_true(pty_loses(&screen, "Alpha"));
        pty_type(&screen, "\177x");
        assert_true(pty_sees(&screen, "nothing with 'bx'"));
        assert_true(pty_sees(&screen, "Esc clears the filter"));
        pty_type(&screen, "\177eta\r");
        assert_true(pty_sees(&screen, "s  /beta"));
        sees_order("p95▾", "B");
        assert_true(pty_sees(&screen, "1 of 3"));
        /* In the panels: requests, errors, checks, log. */
        pty_type(&screen, "r");
        assert_true(pty_sees(&screen, "Enter look"));
        sees_order("p95▾", "B");
        assert_null(strstr(pty_text(&screen), "Gamma"));
        pty_type(&screen, "e");
        assert_true(pty_sees(&screen, "Enter response"));
        assert_true(pty_sees(&screen, "HTTP 503"));
        pty_type(&screen, "c");
        assert_true(pty_sees(&screen, "nothing with 'beta'"));
        /* Esc takes the filter first, and what is open then. */
        pty_type(&screen, "\033");
        assert_true(pty_sees(&screen, "is a teapot · Gamma"));
        pty_type(&screen, "\033");
        assert_true(pty_loses(&screen, "is a teapot · Gamma"));
        sees_order("p95▾", "...");
        assert_null(strstr(pty_text(&screen), "/beta"));
        /* At its prompt Esc clears it, too. */
        pty_type(&screen, "/gam\033");
        assert_true(pty_loses(&screen, "/gam"));
        sees_order("p95▾", "...");
    }
}

static void a_request_is_looked_into_from_the_list(void **state)
{
    static const struct {
        const char *title, *status, *check;
    } rows[] = {
        {"─ GET Alpha ─", "200, expected", NULL},
        {"─ GET Beta ─", "HTTP 503", NULL},
        {"─ POST Gamma ─", "200, expected", "✗ is a teapot"},
    };
    size_t i, k;

    (void)state;
    for (i = 0; i < PTY_SIZES; i++) {
        begin_at(pty_sizes[i][0], pty_sizes[i][1]);
        pty_type(&screen, "ooooo");
        sees_order("name▴", "ABG");
        pty_type(&screen, "r");
        assert_true(pty_sees(&screen, "▸GET    Alpha"));
        for (k = 0; k < sizeof rows / sizeof rows[0]; k++) {
            pty_type(&screen, "\r");
            assert_true(pty_sees(&screen, rows[k].title));
            assert_true(pty_sees(&screen, "whole run"));
            assert_true(pty_sees(&screen, "direct HTTP/1.1"));
            assert_true(pty_sees(&screen, "where the time goes"));
            pty_type(&screen, KEY_END); /* where it is longer than its panel */
            assert_true(pty_sees(&screen, "statuses, whole run"));
            assert_true(pty_sees(&screen, rows[k].status));
            if (rows[k].check != NULL) {
                assert_true(pty_sees(&screen, "✓ has an id"));
                assert_true(pty_sees(&screen, rows[k].check));
            } else {
                assert_null(strstr(pty_text(&screen), "checks, whole"));
            }
            /* Back where it was opened from. */
            pty_type(&screen, "\033");
            assert_true(pty_loses(&screen, rows[k].title));
            assert_true(pty_sees(&screen, "Enter look"));
            pty_type(&screen, KEY_DOWN);
            assert_true(
                pty_sees(&screen, k == 0 ? "▸GET    Beta" : "▸POST   Gamma"));
        }
        pty_type(&screen, "\033");
        assert_true(pty_loses(&screen, "Enter look"));
        pty_type(&screen, "o");
    }
}

static int requests_begin(void **state)
{
    if (live_begin(state) != 0) {
        return -1;
    }
    live_run(&kit, &screen, "requests", requests_plan);
    return pty_sees(&screen, "RUNNING") && pty_sees(&screen, "Gamma") ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_column_sorts_and_turns),
        cmocka_unit_test(sixty_columns_are_sorted_too),
        cmocka_unit_test(a_filter_holds_for_every_list_until_it_is_cleared),
        cmocka_unit_test(a_request_is_looked_into_from_the_list),
    };

    return cmocka_run_group_tests(tests, requests_begin, live_end);
}
