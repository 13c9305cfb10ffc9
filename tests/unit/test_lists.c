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

#include "support/sheet.h"
#include "support/story_kit.h"

/* This exercises: lists of the screen: sorted by any column, filtered, and
 * looked into, on figures whose order is known. */

static const char lists_plan[] =
    "{ \"name\": \"m\","
    "  \"flow\": ["
    "    { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"Alpha\" },"
    "    { \"get\": \"http://127.0.0.1:1/b\", \"name\": \"Beta\" },"
    "    { \"post\": \"http://127.0.0.1:1/c\", \"name\": \"Gamma\" },"
    "    { \"get\": \"http://127.0.0.1:1/d\", \"name\": \"idle\" } ],"
    "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
    "    \"vus\": 1, \"duration\": \"60s\" } } }";

struct table {
    struct story_kit kit;
    struct sheet s;
};

static void table_init_plan(struct table *t, const char *plan)
{
    story_kit_init(&t->kit, plan);
    sheet_init_story(&t->s, t->kit.story);
}

static void table_init(struct table *t)
{
    table_init_plan(t, lists_plan);
    /* Alpha: few, slow, none wrong; Beta: most, all wrong; Gamma between. */
    story_kit_requests(&t->kit, 0, 200, 30000, 10);
    story_kit_requests(&t->kit, 1, 503, 10000, 40);
    story_kit_requests(&t->kit, 2, 200, 20000, 20);
    story_kit_requests(&t->kit, 2, 404, 20000, 1);
    story_kit_tick(&t->kit, NULL);
    sheet_take(&t->s, 120, 36);
}

static void table_clear(struct table *t)
{
    sheet_clear(&t->s);
    story_kit_clear(&t->kit);
}

static void table_key(struct table *t, uint32_t key)
{
    sheet_key(&t->s, key);
    sheet_take(&t->s, 120, 36);
}

static void table_type(struct table *t, const char *text)
{
    sheet_type(&t->s, text);
    sheet_take(&t->s, 120, 36);
}

/* First letters of the rows, in their order. */
static const char *table_rows(const struct table *t)
{
    static char rows[16];
    const struct model_rows *list = &t->s.model.rows[LIST_REQUESTS];
    size_t i;

    for (i = 0; i < list->n; i++) {
        rows[i] = t->s.model.requests[list->at[i]].name[0];
    }
    rows[i] = '\0';
    return rows;
}

/* Is that text on the screen? */
static bool table_shows(struct table *t, const char *text)
{
    return strstr(sheet_text(&t->s), text) != NULL;
}

static void requests_are_sorted_by_each_column_both_ways(void **state)
{
    static const struct {
        enum sort by;
        const char *falling, *rising, *heading;
    } want[SORT_COUNT] = {
        {SORT_BY_P95, "AGBi", "BGAi", "p95▾"},
        {SORT_BY_P99, "AGBi", "BGAi", "p99▾"},
        {SORT_BY_RATE, "BGAi", "iAGB", "req/s▾"},
        {SORT_BY_REQUESTS, "BGAi", "iAGB", "in run▾"},
        {SORT_BY_ERRORS, "BGAi", "AGBi", "err%▾"},
        {SORT_BY_NAME, "ABGi", "iGBA", "name▴"},
    };
    struct table t;
    size_t i;

    (void)state;
    table_init(&t);
    for (i = 0; i < SORT_COUNT; i++) {
        assert_int_equal(t.s.ui.sort, want[i].by);
        assert_string_equal(table_rows(&t), want[i].falling);
        assert_true(table_shows(&t, want[i].heading));
        table_key(&t, 'O');
        assert_string_equal(table_rows(&t), want[i].rising);
        assert_false(table_shows(&t, want[i].heading));
        table_key(&t, 'o');
    }
    assert_int_equal(t.s.ui.sort, SORT_BY_P95);
    assert_string_equal(table_rows(&t), "AGBi");
    table_clear(&t);
}

static void what_is_typed_filters_at_once_and_escape_clears_it(void **state)
{
    struct table t;

    (void)state;
    table_init(&t);
    table_type(&t, "/AL");
    assert_string_equal(table_rows(&t), "A");
    assert_true(table_shows(&t, "requests, last 10 s  /AL"));
    assert_true(table_shows(&t, "1 of 4"));
    table_key(&t, TYPED_RUBOUT);
    assert_string_equal(table_rows(&t), "AGB");
    table_key(&t, TYPED_RETURN);
    assert_int_equal(t.s.ui.prompt, PROMPT_NONE);
    assert_string_equal(table_rows(&t), "AGB");
    /* The prompt comes back with what holds, and Esc takes it away. */
    table_key(&t, '/');
    assert_string_equal(t.s.ui.edit.text, "A");
    table_type(&t, "zz");
    assert_string_equal(table_rows(&t), "");
    assert_true(table_shows(&t, "nothing with 'Azz'"));
    table_key(&t, TYPED_ESC);
    assert_string_equal(table_rows(&t), "AGBi");
    assert_string_equal(t.s.ui.filter, "");
    /* A method is found as well as a name. */
    table_type(&t, "/post");
    table_key(&t, TYPED_RETURN);
    assert_string_equal(table_rows(&t), "G");
    /* Esc clears the filter first, then it closes the panel. */
    table_key(&t, 'r');
    assert_true(table_shows(&t, "/post"));
    table_key(&t, TYPED_ESC);
    assert_int_equal(t.s.ui.panel, PANEL_REQUESTS);
    assert_string_equal(table_rows(&t), "AGBi");
    table_key(&t, TYPED_ESC);
    assert_int_equal(t.s.ui.panel, PANEL_NONE);
    table_clear(&t);
}

static void errors_and_the_log_are_filtered_too(void **state)
{
    struct table t;

    (void)state;
    table_init(&t);
    assert_int_equal(t.s.model.rows[LIST_ERRORS].n, 2);
    table_type(&t, "/503");
    assert_int_equal(t.s.model.rows[LIST_ERRORS].n, 1);
    assert_int_equal(
        t.s.model.errors[t.s.model.rows[LIST_ERRORS].at[0]].line.status, 503);
    table_key(&t, TYPED_ESC);
    table_type(&t, "/gamma"); /* where it happens most */
    assert_int_equal(t.s.model.rows[LIST_ERRORS].n, 1);
    assert_int_equal(
        t.s.model.errors[t.s.model.rows[LIST_ERRORS].at[0]].line.status, 404);
    table_key(&t, TYPED_ESC);
    table_type(&t, "/no such thing");
    table_key(&t, TYPED_RETURN);
    table_key(&t, 'l');
    assert_int_equal(ui_list_length(&t.s.ui, &t.s.model), 0);
    table_clear(&t);
}

static void a_request_is_looked_into_and_back(void **state)
{
    struct table t;

    (void)state;
    table_init(&t);
    table_key(&t, 'r');
    table_key(&t, TYPED_ARROW_DOWN); /* Gamma */
    table_key(&t, TYPED_RETURN);
    assert_int_equal(t.s.ui.panel, PANEL_REQUEST);
    sheet_take(&t.s, 120, 36);
    assert_true(t.s.model.detail.on);
    assert_int_equal(t.s.model.detail.name, 2);
    assert_int_equal(t.s.model.detail.n_statuses, 2);
    assert_int_equal(t.s.model.detail.statuses[0].status, 200);
    assert_int_equal(t.s.model.detail.statuses[0].count, 20);
    assert_int_equal(t.s.model.detail.statuses[1].status, 404);
    assert_int_equal(t.s.model.detail.statuses[1].count, 1);
    assert_int_equal(t.s.model.detail.phases[6].n, 21);
    assert_in_range(t.s.model.detail.phases[6].p50_us, 19800, 20200);
    assert_true(table_shows(&t, "POST Gamma"));
    assert_true(table_shows(&t, "HTTP 404"));
    /* However rows are sorted meanwhile, it stays this one. */
    table_key(&t, 'o');
    sheet_take(&t.s, 120, 36);
    assert_true(table_shows(&t, "POST Gamma"));
    table_key(&t, TYPED_ESC);
    assert_int_equal(t.s.ui.panel, PANEL_REQUESTS);
    table_key(&t, TYPED_ESC);
    assert_int_equal(t.s.ui.panel, PANEL_NONE);
    assert_false(t.s.model.detail.on);
    table_clear(&t);
}

static void an_error_is_looked_into_and_scrolled(void **state)
{
    struct table t;
    struct model_error *e;

    (void)state;
    table_init(&t);
    table_key(&t, 'e');
    table_key(&t, TYPED_RETURN);
    assert_int_equal(t.s.ui.panel, PANEL_SAMPLE);
    assert_int_equal(t.s.ui.fault.status, 503);
    sheet_take(&t.s, 80, 24);
    assert_true(table_shows(&t, "HTTP 503"));
    /* A text longer than the screen: it can be read to its end, no further. */
    e = &t.s.model.errors[t.s.model.rows[LIST_ERRORS].at[0]];
    e->has_sample = true;
    memset(e->sample.text, '\n', 100);
    snprintf(e->sample.text + 100, sizeof e->sample.text - 100, "the end");
    sheet_draw(&t.s, 80, 24);
    assert_false(table_shows(&t, "the end"));
    assert_true(table_shows(&t, " more "));
    assert_true(t.s.grid.scroll_most > 80);
    sheet_key(&t.s, TYPED_LAST);
    assert_int_equal(t.s.ui.scroll, t.s.grid.scroll_most);
    sheet_draw(&t.s, 80, 24);
    assert_true(table_shows(&t, "the end"));
    sheet_key(&t.s, TYPED_ARROW_UP);
    assert_int_equal(t.s.ui.scroll, t.s.grid.scroll_most - 1);
    sheet_key(&t.s, TYPED_FIRST);
    assert_int_equal(t.s.ui.scroll, 0);
    sheet_key(&t.s, TYPED_ESC);
    assert_int_equal(t.s.ui.panel, PANEL_ERRORS);
    table_clear(&t);
}

/* A plan of that many requests, each with a check, all with long names. */
static char *many_plan(int n)
{
    char *text = malloc((size_t)n * 320 + 512);
    size_t at = 0;
    int i;

    assert_non_null(text);
    at += (size_t)snprintf(text, 64, "{\"name\":\"m\",\"flow\":[");
    for (i = 0; i < n; i++) {
        at += (size_t)snprintf(
            text + at, 320,
            "%s{\"get\":\"http://127.0.0.1:1/%d\",\"name\":"
            "\"%d 日本語の長い名前 and a very long name that goes on and on\","
            "\"checks\":{\"c%d\":{\"status\":200}}}",
            i > 0 ? "," : "", i, i, i);
    }
    snprintf(text + at, 256,
             "],\"scenarios\":{\"s\":{\"executor\":\"constant-vus\","
             "\"vus\":1,\"duration\":\"60s\"}}}");
    return text;
}

static void thousands_of_rows_and_long_names_keep_every_size(void **state)
{
    struct table t;
    char *plan = many_plan(2000);
    size_t i;
    int panel;

    (void)state;
    table_init_plan(&t, plan);
    free(plan);
    story_kit_requests(&t.kit, 5, 503, 10000, 4);
    story_kit_tick(&t.kit, NULL);
    for (i = 0; i < SHEET_SIZES; i++) {
        for (panel = PANEL_NONE; panel <= PANEL_SAMPLE; panel++) {
            t.s.ui.panel = (enum ui_panel)panel;
            t.s.ui.fault =
                (struct ui_fault){.kind = FAILURE_HTTP_5XX, .status = 503};
            t.s.ui.selected = panel == PANEL_REQUESTS ? 1999 : 0;
            sheet_take(&t.s, sheet_sizes[i][0], sheet_sizes[i][1]);
            sheet_is_whole(&t.s);
            if (panel == PANEL_REQUESTS) {
                assert_true(table_shows(&t, "▸"));
            }
        }
    }
    /* To the last row, and no further; filtered down to one. */
    t.s.ui.panel = PANEL_CHECKS;
    sheet_take(&t.s, 120, 36);
    assert_int_equal(t.s.model.n_checks, 2000);
    table_key(&t, TYPED_LAST);
    assert_int_equal(t.s.ui.selected, 1999);
    assert_true(table_shows(&t, "c1999"));
    table_type(&t, "/c1234");
    assert_int_equal(t.s.model.rows[LIST_CHECKS].n, 1);
    assert_true(table_shows(&t, "c1234"));
    table_clear(&t);
}

/* Two scenarios run one flow: its requests are there twice, its checks once. */
static void a_check_of_several_scenarios_is_one_row(void **state)
{
    static const char plan[] =
        "{ \"name\": \"m\", \"flow\": ["
        "    { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"Alpha\","
        "      \"checks\": { \"one\": { \"status\": 200 },"
        "        \"two\": { \"status\": 201 } } } ],"
        "  \"scenarios\": { \"both\": ["
        "    { \"name\": \"main\", \"executor\": \"constant-vus\","
        "      \"vus\": 1, \"duration\": \"60s\" },"
        "    { \"name\": \"side\", \"executor\": \"constant-vus\","
        "      \"vus\": 1, \"duration\": \"60s\" } ] } }";
    struct table t;

    (void)state;
    table_init_plan(&t, plan);
    story_kit_requests(&t.kit, 0, 200, 30000, 10);
    story_kit_tick(&t.kit, NULL);
    sheet_take(&t.s, 120, 36);
    table_key(&t, 'c');
    assert_int_equal(t.s.model.n_checks, 2);
    assert_int_equal(t.s.model.rows[LIST_CHECKS].n, 2);
    assert_true(table_shows(&t, "one · Alpha"));
    assert_true(table_shows(&t, "two · Alpha"));
    table_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_check_of_several_scenarios_is_one_row),
        cmocka_unit_test(requests_are_sorted_by_each_column_both_ways),
        cmocka_unit_test(what_is_typed_filters_at_once_and_escape_clears_it),
        cmocka_unit_test(errors_and_the_log_are_filtered_too),
        cmocka_unit_test(a_request_is_looked_into_and_back),
        cmocka_unit_test(an_error_is_looked_into_and_scrolled),
        cmocka_unit_test(thousands_of_rows_and_long_names_keep_every_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
