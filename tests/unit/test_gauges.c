/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "screen/draw.h"
#include "support/sheet.h"

/* This exercises: the charts of what is watched of the service itself, at all
 * sizes: which there are, what stands beside them, where nothing was seen; and
 * the anomalies, in their panel and on the axis. */

static struct sheet view;

static void begin(const char *plan)
{
    sheet_init(&view, plan);
}

static int tear_down(void **state)
{
    (void)state;
    sheet_clear(&view);
    return 0;
}

/* Rows of the picture that has been drawn last in which words stand. */
static int rows_with(const char *words)
{
    const char *at = buf_str(&view.text);
    int n = 0;

    while ((at = strstr(at, words)) != NULL) {
        n++;
        at += strlen(words);
    }
    return n;
}

static const struct model_gauge *gauge(unsigned which)
{
    size_t i;

    for (i = 0; i < view.model.server.n; i++) {
        if (view.model.server.list[i].which == which) {
            return &view.model.server.list[i];
        }
    }
    return NULL;
}

/* "memory 502 MB" beside a chart, whatever blanks are between them. */
static void check_shown(int cols, int rows, bool is)
{
    sheet_at(&view, cols, rows);
    if ((rows_with("502 MB") > 0) != is) {
        fail_msg("%s at %dx%d:\n%s", is ? "no memory" : "memory", cols, rows,
                 buf_str(&view.text));
    }
}

static void charts_are_there_as_there_is_room_and_by_a_key(void **state)
{
    (void)state;
    begin(NULL);
    sim_run(&view.sim, 52);
    check_shown(120, 36, true);
    assert_int_equal(sheet_key(&view, 'R'), UI_DRAW);
    check_shown(120, 36, false); /* all the room is for the rest */
    sheet_has(&view, 120, 36, "charts are hidden · R shows them");
    assert_int_equal(sheet_key(&view, 'R'), UI_DRAW);
    check_shown(120, 36, true);
    check_shown(200, 55, true);
    check_shown(100, 33, true);
    check_shown(80, 24, false);
    sheet_has(&view, 80, 24, " R service ");
    sheet_has(&view, 80, 24, "ChatStream");
    assert_int_equal(sheet_key(&view, 'R'), UI_DRAW);
    check_shown(80, 24, true);
    sheet_lacks(&view, 80, 24, "ChatStream");
    sheet_has(&view, 80, 24, "2.00 cores");
    sheet_key(&view, 'R');
    check_shown(80, 24, false);
    sheet_has(&view, 80, 24, "ChatStream");
    check_shown(60, 16, false);
    sheet_key(&view, 'R');
    check_shown(60, 16, true);
    sheet_key(&view, 'R');
    check_shown(60, 16, false);
}

static void nobody_looks_and_nothing_is_there(void **state)
{
    (void)state;
    begin(NULL);
    view.sim.unwatched = true;
    sim_run(&view.sim, 52);
    sheet_lacks(&view, 200, 55, "the service itself");
    assert_int_equal(view.model.server.n, 0);
    sheet_lacks(&view, 80, 24, "R service");
    sheet_lacks(&view, 120, 36, "cores");
    sheet_key(&view, 'R');
    sheet_has(&view, 120, 36, "nobody looks at the service itself");
    view.ui.config.own_service = true;
    sheet_key(&view, 'R');
    sheet_has(&view, 120, 36, "the demo's service is part of this process");
    view.ui.config.own_service = false;
    assert_int_equal(view.ui.service, SERVICE_AUTO);
}

/* Eight series where two have room: the key goes on to the next ones, and back
 * to the table. */
static void the_key_goes_through_all_of_them(void **state)
{
    char name[32];
    unsigned i, k;

    (void)state;
    begin(NULL);
    view.sim.info.server.n = SERVER_OTHERS_MAX;
    for (i = 0; i < SERVER_OTHERS_MAX; i++) {
        snprintf(view.sim.info.server.list[i].name,
                 sizeof view.sim.info.server.list[i].name, "series_%u", i);
        view.sim.tick.server.other[i] = 11.5 + i;
    }
    sim_run(&view.sim, 30);
    sheet_lacks(&view, 80, 24, "series_");
    for (i = 0; i < MODEL_GAUGES_MAX; i += 2) {
        sheet_key(&view, 'R');
        sheet_at(&view, 80, 24);
        assert_int_equal(rows_with("cores"), i == 0);
        for (k = 0; k < SERVER_OTHERS_MAX; k++) {
            bool is = k + GAUGE_OTHERS == i || k + GAUGE_OTHERS == i + 1;

            /* In its band, and beside it. */
            snprintf(name, sizeof name, "series_%u", k);
            assert_int_equal(rows_with(name), is ? 2 : 0);
            snprintf(name, sizeof name, " %u.5 ", 11 + k);
            assert_true((rows_with(name) > 0) == is);
        }
    }
    sheet_key(&view, 'R');
    sheet_lacks(&view, 80, 24, "series_");
    sheet_has(&view, 80, 24, "ChatStream");
}

static void where_it_goes_stands_beside_it(void **state)
{
    static const struct {
        int cols, rows;
        const char *words;
    } seen[] = {
        {80, 24, "growing 20.0 MB/min"},
        {120, 36, "+20.0 MB/min, full 18 min"},
        {200, 55, "+20.0 MB/min, full "},
        {60, 16, "growing 20.0 MB/min, full in "},
    };
    size_t i;

    (void)state;
    begin(sim_plan_soak);
    view.sim.leak_mb_min = 20;
    view.sim.rate_scale = 0.1;
    view.sim.tick.server.limit_bytes = 1000000000;
    sim_run(&view.sim, 30);
    sheet_lacks(&view, 120, 36, "trend:"); /* nobody asks yet */
    sim_run(&view.sim, 60);
    sheet_has(&view, 120, 36, "trend: needs 10 min");
    sim_run(&view.sim, 570);
    sheet_at(&view, 120, 36);
    assert_int_equal(gauge(GAUGE_MEMORY)->state, TREND_GROWING);
    assert_int_equal(gauge(GAUGE_CPU)->state, TREND_STABLE);
    assert_string_equal(gauge(GAUGE_CPU)->trend, "stable");
    /* 642 MB, and 20 a minute: 18 minutes are left of it. */
    assert_string_equal(gauge(GAUGE_MEMORY)->trend, "growing 20.0 MB/min");
    assert_string_equal(gauge(GAUGE_MEMORY)->end, "full in 18 min");
    view.ui.service = SERVICE_FULL;
    for (i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        sheet_has(&view, seen[i].cols, seen[i].rows, seen[i].words);
    }
    sheet_has(&view, 120, 36, "of 1.0 GB");
    sheet_has(&view, 120, 36, "stable");
    /* Of a moment there is no trend. */
    view.ui.cursor = true;
    view.ui.cursor_us = 60000000;
    sheet_lacks(&view, 120, 36, "growing");
}

/* Where there is little room, the same in fewer words. */
static void when_it_is_full_fits_beside_it(void **state)
{
    static const struct {
        const char *end;
        int cols;
        const char *words;
    } seen[] = {
        {"full in 5.8 h", 40, "growing 2.10 MB/min, full in 5.8 h"},
        {"full in 5.8 h", 26, "+2.10 MB/min, full 5.8 h"},
        {"full in 5.8 h", 20, "full in 5.8 h"},
        {"full in more than 2.1 h", 48,
         "growing 2.10 MB/min, full in more than 2.1 h"},
        {"full in more than 2.1 h", 26, "+2.10 MB/min, full >2.1 h"},
        {"full in more than 2.1 h", 24, "full in more than 2.1 h"},
        {"", 26, "growing 2.10 MB/min"},
    };
    struct model_gauge g = {.state = TREND_GROWING,
                            .trend = "growing 2.10 MB/min"};
    char text[96];
    size_t i;

    (void)state;
    begin(NULL);
    sim_run(&view.sim, 2);
    sheet_at(&view, 120, 36);
    for (i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        snprintf(g.end, sizeof g.end, "%s", seen[i].end);
        draw_gauge_words(&view.model, &g, seen[i].cols, text, sizeof text);
        assert_string_equal(text, seen[i].words);
    }
}

static bool limit_drawn(void)
{
    struct layout l = ui_layout(&view.ui, &view.model, 120, 36);
    const struct cell *c =
        grid_at(&view.grid, l.service[0].row, l.chart_col + l.chart - 1);

    return c->role == ROLE_LIMIT && c->cp == 0x2504;
}

/* As soon as it is not far above. */
static void a_limit_that_is_near_is_a_line(void **state)
{
    (void)state;
    begin(NULL);
    view.sim.tick.server.limit_bytes = 2000000000;
    sim_run(&view.sim, 20);
    sheet_has(&view, 120, 36, "of 2.0 GB");
    assert_false(limit_drawn());
    assert_true(gauge(GAUGE_MEMORY)->scale.hi < 1e9);
    view.sim.tick.server.limit_bytes = 800000000;
    sim_run(&view.sim, 1);
    sheet_has(&view, 120, 36, "800MB");
    assert_true(limit_drawn());
    sheet_has(&view, 120, 36, "of 800 MB");
}

static void what_is_not_seen_is_a_gap_and_said(void **state)
{
    struct event *e;

    (void)state;
    begin(NULL);
    sim_run(&view.sim, 20);
    view.sim.silent = true;
    sim_run(&view.sim, 30);
    view.sim.silent = false;
    sim_run(&view.sim, 5);
    view.ui.service = SERVICE_FULL;
    sheet_has(&view, 120, 36, "░ silent ░");
    sheet_has(&view, 80, 24, "░ silent ░");
    sheet_has(&view, 200, 55, "░ silent ░");
    sheet_has(&view, 60, 16, "░░░");
    sheet_lacks(&view, 120, 36, "silent since");
    view.sim.silent = true;
    sim_event(&view.sim, "server", "no page of the service's metrics: why",
              true);
    e = &view.sim.events[view.sim.n_events - 1];
    snprintf(e->value, sizeof e->value, "silent");
    sim_run(&view.sim, 2);
    sheet_has(&view, 120, 36, "silent since 0:55");
    sheet_has(&view, 80, 24, "silent since 0:55");
    sheet_has(&view, 200, 55, "silent since 0:55");
    sheet_has(&view, 60, 16, "silent since 0:55");
    assert_false(gauge(GAUGE_MEMORY)->known);
    /* The cursor says it of its moment, too. */
    view.ui.cursor = true;
    view.ui.cursor_us = 35000000;
    sheet_has(&view, 120, 36, "nothing seen then");
    sheet_lacks(&view, 120, 36, "silent since");
}

static void before_it_is_seen_is_no_gap(void **state)
{
    (void)state;
    begin(NULL);
    view.sim.silent = true;
    sim_run(&view.sim, 8);
    sheet_has(&view, 120, 36, "nothing seen yet");
    assert_int_equal(view.model.server.n, 2);
    view.sim.silent = false;
    sim_run(&view.sim, 12);
    sheet_at(&view, 120, 36);
    assert_int_equal(rows_with("silent"), 0);
    assert_int_equal(rows_with("░"), 0);
}

/* What is never told has no chart after a while. */
static void only_what_there_is_has_a_chart(void **state)
{
    (void)state;
    begin(NULL);
    view.sim.silent = true;
    sim_run(&view.sim, 12);
    sheet_at(&view, 120, 36);
    assert_int_equal(view.model.server.n, 1);
    assert_non_null(gauge(GAUGE_MEMORY)); /* that says it is silent */
}

/* A bin of several slots has what was last seen within it; a model of another
 * width is of the same run. */
static void values_follow_cursor_and_zoom(void **state)
{
    double was;

    (void)state;
    begin(NULL);
    sim_run(&view.sim, 100);
    view.ui.cursor = true;
    view.ui.cursor_us = 20000000; /* twenty VUs */
    sheet_has(&view, 120, 36, "422 MB");
    assert_true(gauge(GAUGE_CPU)->known);
    assert_in_range((int)(gauge(GAUGE_CPU)->now * 100 + 0.5), 40, 40);
    view.ui.cursor_us = 50000000; /* a hundred */
    sheet_has(&view, 200, 55, "502 MB");
    view.ui.cursor = false;
    view.ui.zoom = ZOOM_MINUTE;
    sheet_has(&view, 120, 36, "422 MB");
    /* Frozen: it stays, whatever is looked at. */
    was = gauge(GAUGE_MEMORY)->now;
    view.sim.leak_mb_min = 1000;
    sim_run(&view.sim, 2);
    model_look(&view.model, view.source, &view.model.looked);
    assert_true(gauge(GAUGE_MEMORY)->now <= was &&
                gauge(GAUGE_MEMORY)->now >= was);
}

/* A service that was down, and one that limits: two of its anomalies. */
static void trouble(void)
{
    begin(NULL);
    sim_run(&view.sim, 40);
    view.sim.dead = true;
    sim_run(&view.sim, 5);
    view.sim.dead = false;
    view.sim.limits = true;
    sim_run(&view.sim, 45);
}

static void anomalies_are_listed_with_words_and_figures(void **state)
{
    int i;

    (void)state;
    trouble();
    sheet_key(&view, 'I');
    for (i = 0; i < SHEET_SIZES; i++) {
        int cols = sheet_sizes[i][0], rows = sheet_sizes[i][1];

        sheet_has(&view, cols, rows, "─ anomalies   ");
        sheet_has(&view, cols, rows, "outage");
        sheet_has(&view, cols, rows, " lost");
        sheet_has(&view, cols, rows, "rate limit");
        sheet_has(&view, cols, rows, "rate limited from");
    }
    assert_int_equal((int)view.model.rows[LIST_FINDINGS].n,
                     (int)view.model.findings.n);
    for (i = 1; i < (int)view.model.findings.n; i++) {
        assert_true(view.model.findings.list[i - 1].start_us >=
                    view.model.findings.list[i].start_us);
    }
}

static void enter_goes_to_the_time_of_one_and_a_filter_leaves_it(void **state)
{
    const struct model_finding *f;

    (void)state;
    trouble();
    sheet_key(&view, 'I');
    sheet_key(&view, '/');
    sheet_type(&view, "outage");
    sheet_key(&view, TYPED_RETURN);
    sheet_at(&view, 120, 36);
    assert_int_equal((int)view.model.rows[LIST_FINDINGS].n, 1);
    sheet_has(&view, 120, 36, "then it served again");
    f = &view.model.findings.list[view.model.rows[LIST_FINDINGS].at[0]];
    assert_int_equal(sheet_key(&view, TYPED_RETURN), UI_DRAW);
    assert_int_equal(view.ui.panel, PANEL_NONE);
    assert_true(view.ui.cursor);
    assert_int_equal(view.ui.cursor_us, f->start_us);
    sheet_has(&view, 120, 36, " cursor 0:");
}

/* Signs on the axis where they began; a click on one opens the list. */
static void the_axis_has_a_sign_that_can_be_clicked(void **state)
{
    int i;

    (void)state;
    trouble();
    view.ui.mouse = true;
    for (i = 1; i < SHEET_SIZES; i++) {
        int cols = sheet_sizes[i][0], rows = sheet_sizes[i][1], col, n = 0;
        struct typed click = {.key = TYPED_CLICK};
        struct layout l;

        sheet_at(&view, cols, rows);
        l = ui_layout(&view.ui, &view.model, cols, rows);
        for (col = 0; col < cols; col++) {
            if (grid_at(&view.grid, l.axis, col)->cp == '!') {
                n++;
                click.row = l.axis;
                click.col = col;
            }
        }
        assert_in_range(n, 2, (int)view.model.findings.n);
        assert_int_not_equal(ui_take(&view.ui, &view.model, &view.grid.hits,
                                     &click, view.now_us),
                             0);
        assert_int_equal(view.ui.panel, PANEL_INSIGHTS);
        view.ui.panel = PANEL_NONE;
    }
}

static void where_nothing_was_found_it_says_what_is_looked_for(void **state)
{
    (void)state;
    begin(NULL);
    sim_run(&view.sim, 5);
    sheet_lacks(&view, 200, 55, "I insights");
    sheet_key(&view, 'I');
    sheet_has(&view, 80, 24, "None so far");
    assert_int_equal(sheet_key(&view, TYPED_RETURN), UI_DRAW);
    assert_int_equal(view.ui.panel, PANEL_INSIGHTS);
    assert_false(view.ui.cursor);
}

int main(void)
{
#define GAUGES(fn) cmocka_unit_test_teardown(fn, tear_down)
    const struct CMUnitTest tests[] = {
        GAUGES(charts_are_there_as_there_is_room_and_by_a_key),
        GAUGES(nobody_looks_and_nothing_is_there),
        GAUGES(the_key_goes_through_all_of_them),
        GAUGES(where_it_goes_stands_beside_it),
        GAUGES(when_it_is_full_fits_beside_it),
        GAUGES(a_limit_that_is_near_is_a_line),
        GAUGES(what_is_not_seen_is_a_gap_and_said),
        GAUGES(before_it_is_seen_is_no_gap),
        GAUGES(only_what_there_is_has_a_chart),
        GAUGES(values_follow_cursor_and_zoom),
        GAUGES(anomalies_are_listed_with_words_and_figures),
        GAUGES(enter_goes_to_the_time_of_one_and_a_filter_leaves_it),
        GAUGES(the_axis_has_a_sign_that_can_be_clicked),
        GAUGES(where_nothing_was_found_it_says_what_is_looked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
