/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/text.h"
#include "chart/axis.h"
#include "support/sheet.h"

/* This exercises: what a click and the wheel do, on pictures as they are drawn:
 * each place does what its key does, and nothing is met that is not seen. */

static void desk_init(struct sheet *d, struct ui_config config)
{
    config.host = "shop.example";
    config.host_is_local = true;
    config.mouse = true;
    sheet_init(d, NULL);
    sim_run(&d->sim, 55); /* of 1:48, in the spike */
    sheet_set_up(d, config);
    d->now_us = 60000000;
    sheet_take(d, 120, 36);
}

static void desk_begin(struct sheet *d)
{
    desk_init(d, (struct ui_config){.step = 0});
}

/* Long after the note before. */
static unsigned desk_do(struct sheet *d, uint32_t key, int row, int col)
{
    struct typed t = {.key = key, .row = row, .col = col};

    d->now_us += 10000000;
    return ui_take(&d->ui, &d->model, &d->grid.hits, &t, d->now_us);
}

static void desk_key(struct sheet *d, uint32_t key)
{
    desk_do(d, key, 0, 0);
    sheet_take(d, d->grid.cols, d->grid.rows);
}

static unsigned desk_click_at(struct sheet *d, int row, int col)
{
    unsigned effect = desk_do(d, TYPED_CLICK, row, col);

    sheet_take(d, d->grid.cols, d->grid.rows);
    return effect;
}

/* Where ASCII text stands, from a row on; the test fails where it does not. */
static void desk_find(const struct sheet *d, int from, const char *text,
                      int *row, int *col)
{
    size_t n = strlen(text), i;

    for (*row = from; *row < d->grid.rows; ++*row) {
        for (*col = 0; *col < d->grid.cols; ++*col) {
            for (i = 0; i < n; i++) {
                const struct cell *c = grid_at(&d->grid, *row, *col + (int)i);

                if (c == NULL || c->cp != (unsigned char)text[i]) {
                    break;
                }
            }
            if (i == n) {
                return;
            }
        }
    }
    fail_msg("'%s' is not in the picture", text);
}

static unsigned desk_click(struct sheet *d, int from, const char *text)
{
    int row, col;

    desk_find(d, from, text, &row, &col);
    return desk_click_at(d, row, col + (int)strlen(text) / 2);
}

static enum role desk_role(const struct sheet *d, int from, const char *text)
{
    int row, col;

    desk_find(d, from, text, &row, &col);
    return (enum role)grid_at(&d->grid, row, col)->role;
}

/* The plan's index of the n-th request as they are sorted. */
static size_t desk_request(const struct sheet *d, size_t n)
{
    return d->model.requests[d->model.rows[LIST_REQUESTS].at[n]].index;
}

static void it_is_off_at_first_and_a_key_switches_it(void **state)
{
    struct sheet d;

    (void)state;
    desk_begin(&d);
    sheet_set_up(&d, (struct ui_config){.step = 0});
    assert_false(d.ui.mouse);
    /* Reports that are still under way meet nothing. */
    assert_int_equal(desk_click(&d, 2, "ChatStream"), 0);
    assert_int_equal(desk_click(&d, 2, "p99"), 0);
    assert_false(d.ui.picked);
    desk_key(&d, 'M');
    assert_true(d.ui.mouse);
    assert_string_equal(d.ui.note,
                        "mouse on · Shift with it selects text, M switches it "
                        "off");
    assert_true(text_width(d.ui.note) <= 78);
    desk_key(&d, 'M');
    assert_false(d.ui.mouse);
    assert_string_equal(d.ui.note, "mouse off · it selects text again");
    sheet_clear(&d);
}

static void a_click_picks_a_request_and_the_next_looks_into_it(void **state)
{
    struct sheet d;

    (void)state;
    desk_begin(&d);
    assert_int_equal(desk_click(&d, 2, "ChatStream"), UI_DRAW);
    assert_true(d.ui.picked);
    assert_string_equal(d.model.info->plan->names[d.ui.pick], "ChatStream");
    assert_int_equal(d.ui.panel, PANEL_NONE);
    assert_int_equal(desk_role(&d, 2, "ChatStream"), ROLE_SELECTED);
    /* It stays with the request when the rows change places. */
    desk_key(&d, 'O');
    assert_int_equal(desk_role(&d, 2, "ChatStream"), ROLE_SELECTED);
    assert_int_equal(desk_role(&d, 2, "ChatRequest"), ROLE_TEXT);
    desk_click(&d, 2, "ChatStream");
    assert_int_equal(d.ui.panel, PANEL_REQUEST);
    assert_string_equal(d.model.info->plan->names[d.ui.request], "ChatStream");
    desk_key(&d, TYPED_ESC);
    assert_int_equal(d.ui.panel, PANEL_NONE);
    assert_true(d.ui.picked);
    desk_key(&d, TYPED_RETURN);
    assert_int_equal(d.ui.panel, PANEL_REQUEST);
    desk_key(&d, TYPED_ESC);
    desk_key(&d, TYPED_ESC);
    assert_false(d.ui.picked);
    assert_int_equal(d.posted, 0);
    sheet_clear(&d);
}

static void a_click_in_an_open_list_chooses_and_the_next_enters(void **state)
{
    struct sheet d;
    int row, col;

    (void)state;
    desk_begin(&d);
    desk_key(&d, 'r');
    desk_find(&d, 2, "method name", &row, &col);
    desk_click_at(&d, row + 2, col);
    assert_int_equal(d.ui.selected, 1);
    assert_int_equal(d.ui.panel, PANEL_REQUESTS);
    /* Below the last row there is nothing. */
    assert_int_equal(desk_click_at(&d, row + 1 + (int)d.model.n_requests, col),
                     0);
    desk_click_at(&d, row + 2, col);
    assert_int_equal(d.ui.panel, PANEL_REQUEST);
    assert_int_equal(d.ui.request, desk_request(&d, 1));
    /* A page has no rows, and what it covers is not met. */
    assert_int_equal(desk_click_at(&d, row + 2, col), 0);
    desk_key(&d, TYPED_ESC);
    assert_int_equal(d.ui.panel, PANEL_REQUESTS);
    desk_key(&d, TYPED_ESC);
    desk_key(&d, 't');
    desk_find(&d, 2, "margin", &row, &col);
    desk_click_at(&d, row + 2, col);
    assert_int_equal(d.ui.selected, 1);
    desk_key(&d, 'e');
    desk_find(&d, 2, "mostly at", &row, &col);
    desk_click_at(&d, row + 1, col);
    assert_int_equal(d.ui.panel, PANEL_SAMPLE);
    assert_int_equal(d.posted, 0);
    sheet_clear(&d);
}

static void a_click_on_a_heading_sorts_and_the_next_turns_it(void **state)
{
    static const struct {
        const char *text;
        enum sort sort;
    } rows[] = {{"p99", SORT_BY_P99},
                {"req/s", SORT_BY_RATE},
                {"err%", SORT_BY_ERRORS},
                {"name", SORT_BY_NAME},
                {"p95", SORT_BY_P95}};
    struct sheet d;
    int from, col;
    size_t i;

    (void)state;
    desk_begin(&d);
    desk_find(&d, 2, "method name", &from, &col);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        desk_click(&d, from, rows[i].text);
        assert_int_equal(d.ui.sort, rows[i].sort);
        assert_false(d.ui.sort_turned);
        desk_click(&d, from, rows[i].text);
        assert_int_equal(d.ui.sort, rows[i].sort);
        assert_true(d.ui.sort_turned);
    }
    /* A column that cannot be sorted by; and in the panel, where it is. */
    assert_int_equal(desk_click(&d, from, "p50"), 0);
    desk_key(&d, 'r');
    desk_find(&d, 2, "method name", &from, &col);
    desk_click(&d, from, "err%");
    assert_int_equal(d.ui.sort, SORT_BY_ERRORS);
    sheet_clear(&d);
}

static void a_click_on_a_stage_jumps_there(void **state)
{
    struct sheet d;

    (void)state;
    desk_begin(&d);
    desk_click(&d, 1, "recover");
    assert_int_equal(d.posted, 1);
    assert_int_equal(d.last.kind, COMMAND_JUMP_STAGE);
    assert_int_equal(d.last.number, 6);
    desk_click(&d, 1, "hold 20");
    assert_int_equal(d.posted, 2);
    assert_int_equal(d.last.number, 2);
    /* Over is over. */
    d.ui.done = true;
    desk_click(&d, 1, "hold 20");
    assert_string_equal(d.ui.note, "no jump: the run is over");
    assert_int_equal(d.posted, 2);
    sheet_clear(&d);

    desk_init(&d, (struct ui_config){.spectator = true});
    desk_click(&d, 1, "recover");
    assert_string_equal(d.ui.note, "a jump steers, and this screen only looks "
                                   "on: brunt attach --steer");
    /* From the list of stages it is the same. */
    desk_key(&d, 's');
    d.ui.note[0] = '\0';
    desk_key(&d, TYPED_RETURN);
    assert_string_equal(d.ui.note, "a jump steers, and this screen only looks "
                                   "on: brunt attach --steer");
    assert_int_equal(d.posted, 0);
    sheet_clear(&d);

    desk_init(&d, (struct ui_config){.spectator = true, .steer = true});
    desk_click(&d, 1, "recover");
    assert_int_equal(d.posted, 1);
    sheet_clear(&d);
}

static void a_click_in_a_chart_puts_the_cursor_there(void **state)
{
    struct sheet d;
    struct layout l;
    int col;

    (void)state;
    desk_begin(&d);
    l = ui_layout(&d.ui, &d.model, 120, 36);
    for (col = 0; col < l.chart; col++) {
        uint64_t at = axis_middle(&d.model.axis, col, l.chart);

        assert_int_equal(
            desk_click_at(&d, l.latency.row + col % 3, l.chart_col + col),
            UI_DRAW);
        assert_true(d.ui.cursor);
        assert_int_equal(d.model.cursor.from_us,
                         at / d.model.bin_us * d.model.bin_us);
    }
    /* Left and right of the charts there is no time. */
    desk_key(&d, TYPED_LAST);
    assert_int_equal(desk_click_at(&d, l.latency.row, l.chart_col - 1), 0);
    assert_int_equal(desk_click_at(&d, l.latency.row, l.chart_col + l.chart),
                     0);
    assert_false(d.ui.cursor);
    /* The axis belongs to them; a small screen has its lines. */
    desk_click_at(&d, l.axis, l.chart_col);
    assert_true(d.ui.cursor);
    assert_int_equal(d.ui.cursor_us, 0);
    sheet_take(&d, 60, 16);
    desk_click_at(&d, 3, 57);
    assert_true(d.ui.cursor_us > 100 * UINT64_C(1000000));
    sheet_clear(&d);
}

static void the_wheel_zooms_in_a_chart(void **state)
{
    struct sheet d;

    (void)state;
    desk_begin(&d);
    desk_do(&d, TYPED_WHEEL_DOWN, 10, 40);
    assert_int_equal(d.ui.zoom, ZOOM_RUN);
    desk_do(&d, TYPED_WHEEL_UP, 10, 40); /* five minutes would be all of it */
    assert_int_equal(d.ui.zoom, ZOOM_MINUTE);
    desk_do(&d, TYPED_WHEEL_UP, 10, 40);
    assert_int_equal(d.ui.zoom, ZOOM_MINUTE);
    assert_string_equal(d.ui.note, "");
    sheet_take(&d, 120, 36);
    desk_do(&d, TYPED_WHEEL_DOWN, 10, 40);
    desk_do(&d, TYPED_WHEEL_DOWN, 10, 40);
    assert_int_equal(d.ui.zoom, ZOOM_RUN);
    sheet_clear(&d);
}

static void the_wheel_moves_what_is_under_it(void **state)
{
    struct sheet d;
    int row, col, i;

    (void)state;
    desk_begin(&d);
    desk_find(&d, 2, "method name", &row, &col);
    desk_do(&d, TYPED_WHEEL_DOWN, row + 1, col);
    assert_int_equal(ui_picked(&d.ui, &d.model), 0);
    desk_do(&d, TYPED_WHEEL_DOWN, row + 1, col);
    assert_int_equal(ui_picked(&d.ui, &d.model), 1);
    for (i = 0; i < 99; i++) {
        desk_do(&d, TYPED_WHEEL_DOWN, row + 1, col);
    }
    assert_int_equal(ui_picked(&d.ui, &d.model), d.model.n_requests - 1);
    desk_do(&d, TYPED_WHEEL_UP, row, col);
    assert_int_equal(ui_picked(&d.ui, &d.model), d.model.n_requests - 2);

    desk_key(&d, 'l');
    for (i = 0; i < 99; i++) {
        desk_do(&d, TYPED_WHEEL_DOWN, 18, 60);
    }
    assert_int_equal(d.ui.selected, d.model.rows[LIST_EVENTS].n - 1);
    desk_do(&d, TYPED_WHEEL_UP, 18, 60);
    assert_int_equal(d.ui.selected, d.model.rows[LIST_EVENTS].n - 2);

    /* A page, at a size that it does not fit into. */
    desk_key(&d, 'r');
    desk_key(&d, TYPED_RETURN);
    sheet_take(&d, 80, 24);
    assert_true(d.ui.scroll_most > 3);
    desk_do(&d, TYPED_WHEEL_DOWN, 12, 40);
    assert_int_equal(d.ui.scroll, 3);
    for (i = 0; i < 99; i++) {
        desk_do(&d, TYPED_WHEEL_DOWN, 12, 40);
    }
    assert_int_equal(d.ui.scroll, d.ui.scroll_most);
    assert_int_equal(d.posted, 0);
    sheet_clear(&d);
}

static void a_click_on_a_key_is_that_key(void **state)
{
    struct sheet d;

    (void)state;
    desk_begin(&d);
    desk_click(&d, 35, "p pause");
    assert_int_equal(d.posted, 1);
    assert_int_equal(d.last.kind, COMMAND_PAUSE);
    desk_click(&d, 35, "? help");
    assert_int_equal(d.ui.panel, PANEL_HELP);
    desk_click(&d, 35, "Esc close");
    assert_int_equal(d.ui.panel, PANEL_NONE);
    desk_click(&d, 35, "v VUs");
    assert_int_equal(d.ui.prompt, PROMPT_VUS);
    desk_key(&d, '7');
    desk_click(&d, 35, "Enter apply");
    assert_int_equal(d.ui.prompt, PROMPT_NONE);
    assert_int_equal(d.last.kind, COMMAND_SET_VUS);
    assert_int_equal(d.last.number, 7);
    sheet_clear(&d);
}

static void a_question_is_answered_by_its_own_keys_alone(void **state)
{
    struct sheet d;
    int row, col;

    (void)state;
    desk_begin(&d);
    desk_find(&d, 35, "q quit", &row, &col);
    /* The second comes before the question is seen. */
    desk_do(&d, TYPED_CLICK, row, col);
    assert_int_equal(d.ui.prompt, PROMPT_QUIT);
    desk_do(&d, TYPED_CLICK, row, col);
    desk_do(&d, TYPED_CLICK, row, col);
    assert_int_equal(d.ui.prompt, PROMPT_QUIT);
    sheet_take(&d, 120, 36);
    assert_int_equal(desk_click(&d, 1, "recover"), 0);
    assert_int_equal(desk_click(&d, 2, "end the run"), 0);
    assert_int_equal(desk_click_at(&d, 10, 20), 0);
    assert_int_equal(desk_do(&d, TYPED_WHEEL_UP, 10, 20), 0);
    assert_int_equal(d.posted, 0);
    desk_click(&d, 35, "Esc go on");
    assert_int_equal(d.ui.prompt, PROMPT_NONE);
    /* What is pasted has no places. */
    desk_key(&d, TYPED_PASTE_BEGIN);
    assert_int_equal(desk_click(&d, 1, "recover"), 0);
    desk_key(&d, TYPED_PASTE_END);
    /* A filter's field stands where keys were. */
    desk_key(&d, '/');
    assert_int_equal(desk_click_at(&d, 35, 3), 0);
    assert_int_equal(d.ui.prompt, PROMPT_FILTER);
    assert_int_equal(d.posted, 0);
    sheet_clear(&d);
}

/* In every state and size, anywhere and beyond: whatever is clicked, who looks
 * on steers nothing. */
static void a_storm_of_clicks_breaks_and_steers_nothing(void **state)
{
    static const int sizes[][2] = {{1, 1},    {42, 10},  {60, 16}, {80, 24},
                                   {120, 36}, {200, 55}, {250, 16}};
    static const char keys[] = "rtelskcG?fzhgB/ovm\r\033b";
    struct sheet d;
    struct rng r;
    int i;

    (void)state;
    desk_init(&d, (struct ui_config){.spectator = true});
    rng_seed(&r, 5, 0);
    for (i = 0; i < 4000; i++) {
        const int *size = sizes[rng_range(&r, 0, 6)];
        uint64_t what = rng_range(&r, 0, 9);
        int row = (int)rng_range(&r, 0, (uint64_t)size[1] + 1);
        int col = (int)rng_range(&r, 0, (uint64_t)size[0] + 1);

        if (what == 0) {
            row = 99998;
        } else if (what == 1) {
            col = 99998;
        }
        sheet_take(&d, size[0], size[1]);
        if (what == 2) {
            uint32_t key =
                (unsigned char)keys[rng_range(&r, 0, sizeof keys - 2)];

            desk_do(&d, key == '\r' ? TYPED_RETURN : key, 0, 0);
        } else if (what < 6) {
            desk_do(&d, what == 3 ? TYPED_WHEEL_UP : TYPED_WHEEL_DOWN, row,
                    col);
        } else {
            desk_do(&d, TYPED_CLICK, row, col);
        }
        d.ui.mouse = true; /* a click may have been on its own key */
    }
    assert_int_equal(d.posted, 0);
    sheet_clear(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_off_at_first_and_a_key_switches_it),
        cmocka_unit_test(a_click_picks_a_request_and_the_next_looks_into_it),
        cmocka_unit_test(a_click_in_an_open_list_chooses_and_the_next_enters),
        cmocka_unit_test(a_click_on_a_heading_sorts_and_the_next_turns_it),
        cmocka_unit_test(a_click_on_a_stage_jumps_there),
        cmocka_unit_test(a_click_in_a_chart_puts_the_cursor_there),
        cmocka_unit_test(the_wheel_zooms_in_a_chart),
        cmocka_unit_test(the_wheel_moves_what_is_under_it),
        cmocka_unit_test(a_click_on_a_key_is_that_key),
        cmocka_unit_test(a_question_is_answered_by_its_own_keys_alone),
        cmocka_unit_test(a_storm_of_clicks_breaks_and_steers_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
