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

#include "base/num.h"
#include "measure/series.h"
#include "record/html.h"
#include "record/report.h"
#include "record/results.h"
#include "support/sim.h"

/* This exercises: the page has the figures of the results file, whatever the
 * run was; its charts are of merged histograms, in bounds; nothing that a name
 * or a server says is read as HTML, or as a part of the script's data. */

/* The page of a run that is over. */
static char *page_of(struct sim *s)
{
    const struct report_options o = {.live = false};

    return report_html(s->story, &o);
}

static void assert_has(const char *page, const char *what)
{
    if (strstr(page, what) == NULL) {
        fail_msg("not in the page: %s", what);
    }
}

static void assert_lacks(const char *page, const char *what)
{
    const char *at = strstr(page, what);

    if (at != NULL) {
        fail_msg("in the page: %.80s", at);
    }
}

static const cJSON *at(const cJSON *o, const char *key)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, key);

    if (v == NULL) {
        fail_msg("no %s", key);
    }
    return v;
}

static double number(const cJSON *o, const char *key)
{
    return at(o, key)->valuedouble;
}

/* What the script reads. Owned by the caller. */
static cJSON *data_of(const char *page)
{
    const char *begin = strstr(page, "id=\"data\">"), *end;
    cJSON *data;

    assert_non_null(begin);
    begin += strlen("id=\"data\">");
    end = strstr(begin, "</script>");
    assert_non_null(end);
    data = cJSON_ParseWithLength(begin, (size_t)(end - begin));
    assert_non_null(data);
    return data;
}

static const cJSON *chart_of(const cJSON *data, const char *chart)
{
    const cJSON *c;

    cJSON_ArrayForEach(c, at(data, "charts"))
    {
        if (strcmp(at(c, "id")->valuestring, chart) == 0) {
            return c;
        }
    }
    return NULL;
}

static const cJSON *line_of(const cJSON *data, const char *chart,
                            const char *line)
{
    const cJSON *c = chart_of(data, chart);

    return c == NULL ? NULL
                     : cJSON_GetObjectItemCaseSensitive(at(c, "lines"), line);
}

/* Each response is in one cell of the heatmap, in the column of its time. */
static void assert_cells(const char *page, const cJSON *metrics)
{
    const cJSON *took = at(at(metrics, "http_req_duration"), "values");
    cJSON *data = data_of(page);
    const cJSON *heat = chart_of(data, "heat"), *edge, *column, *n;
    double all = 0, edge_before = 0;

    assert_non_null(heat);
    cJSON_ArrayForEach(edge, at(heat, "edges"))
    {
        assert_true(edge->valuedouble > edge_before);
        edge_before = edge->valuedouble;
    }
    assert_int_equal(cJSON_GetArraySize(at(heat, "cells")),
                     cJSON_GetArraySize(at(heat, "t")));
    cJSON_ArrayForEach(column, at(heat, "cells"))
    {
        int rows = cJSON_GetArraySize(at(heat, "edges")) + 1;
        int size = cJSON_GetArraySize(column);

        /* The first number says which row is the lowest. */
        assert_true(size == 0 || column->child->valueint + size - 1 <= rows);
        cJSON_ArrayForEach(n, column)
        {
            all += n == column->child ? 0 : n->valuedouble;
        }
    }
    assert_true(all > 0);
    assert_int_equal((int)all, (int)number(took, "count"));
    cJSON_Delete(data);
}

static void assert_endpoint(const char *page, const cJSON *metrics,
                            const char *name)
{
    const cJSON *reqs = at(at(metrics, "http_reqs"), "values");
    const cJSON *took = at(at(metrics, "http_req_duration"), "values");
    const cJSON *failed = at(at(metrics, "http_req_failed"), "values");
    char row[600], n[NUM_MAX], rate[NUM_MAX], a[NUM_MAX], b[NUM_MAX],
        c[NUM_MAX], d[NUM_MAX], e[NUM_MAX], f[NUM_MAX];

    snprintf(row, sizeof row,
             "%s</th><td class=\"n\">%s</td><td class=\"n\">%s</td>"
             "<td class=\"n\">%s</td><td class=\"n\">%s</td>"
             "<td class=\"n\">%s</td><td class=\"n\">%s</td>"
             "<td class=\"n\">%s</td><td class=\"n\">%s</td>",
             name, num_count(n, (uint64_t)number(reqs, "count")),
             num_rate(rate, number(reqs, "rate")),
             num_ms(a, number(took, "med")), num_ms(b, number(took, "p(95)")),
             num_ms(c, number(took, "p(99)")), num_ms(d, number(took, "max")),
             num_count(e, (uint64_t)number(failed, "passes")),
             num_percent(f, number(failed, "rate")));
    assert_has(page, row);
}

static void assert_figures(const char *page, const cJSON *metrics)
{
    const cJSON *took = at(at(metrics, "http_req_duration"), "values");
    char text[200], n[NUM_MAX];

    snprintf(
        text, sizeof text, "<dt>requests</dt><dd>%s",
        num_count(n, (uint64_t)number(at(at(metrics, "http_reqs"), "values"),
                                      "count")));
    assert_has(page, text);
    snprintf(text, sizeof text, "<dt>p95</dt><dd>%s</dd>",
             num_ms(n, number(took, "p(95)")));
    assert_has(page, text);
    snprintf(
        text, sizeof text, "<dt>iterations</dt><dd>%s",
        num_count(n, (uint64_t)number(at(at(metrics, "iterations"), "values"),
                                      "count")));
    assert_has(page, text);
}

static size_t count_of(const char *page, const char *what)
{
    size_t n = 0;

    for (; (page = strstr(page, what)) != NULL; page++) {
        n++;
    }
    return n;
}

/* The verdict of each threshold, when it first failed; errors, in full. */
static void assert_lists(const char *page, const cJSON *results)
{
    const cJSON *o, *sample;
    char text[400], n[NUM_MAX];
    size_t fails = 0, checks = 0, samples = 0;
    struct buf reason;

    buf_init(&reason, 4096);

    cJSON_ArrayForEach(o, at(results, "thresholds"))
    {
        const cJSON *first =
            cJSON_GetObjectItemCaseSensitive(o, "first_failed_s");

        fails += cJSON_IsFalse(at(o, "ok")) ? 1 : 0;
        if (first != NULL) {
            snprintf(text, sizeof text, "<td class=\"n\">%s</td></tr>",
                     num_clock(n, (uint64_t)(first->valuedouble * 1e6)));
            assert_has(page, text);
        }
    }
    cJSON_ArrayForEach(o, at(results, "checks"))
    {
        checks += number(o, "fails") > 0; /* some of which may be excused */
    }
    assert_in_range(count_of(page, "<span class=\"said\">fails</span>"), fails,
                    fails + checks);
    cJSON_ArrayForEach(o, at(results, "errors"))
    {
        snprintf(text, sizeof text, "<td class=\"n\">%s</td><td>%s</td>",
                 num_count(n, (uint64_t)number(o, "count")),
                 at(o, "kind")->valuestring);
        assert_has(page, text);
        sample = cJSON_GetObjectItemCaseSensitive(o, "sample");
        samples += sample != NULL && at(sample, "text")->valuestring[0] != '\0';
    }
    assert_int_equal(count_of(page, "<tr class=\"sample\">"), samples);
    cJSON_ArrayForEach(o, at(at(at(results, "insights"), "verdict"), "reasons"))
    {
        html_text(&reason, at(o, "text")->valuestring);
        assert_has(page, buf_str(&reason));
        buf_reset(&reason);
    }
    buf_clear(&reason);
}

static void figures_are_those_of_the_results(void **state)
{
    const char *const plans[] = {NULL, sim_plan_mixed, sim_plan_arrivals,
                                 sim_plan_returns};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        struct sim s;
        cJSON *results;
        const cJSON *endpoint;
        char *text, *page;

        sim_init(&s, plans[i], 7);
        sim_run(&s, 40);
        s.limits = i == 0;
        sim_run(&s, 40);
        sim_finish(&s, 99);
        text = results_text(s.story);
        results = cJSON_Parse(text);
        page = page_of(&s);
        assert_figures(page, at(results, "metrics"));
        assert_endpoint(page, at(results, "metrics"), "all");
        cJSON_ArrayForEach(endpoint, at(results, "endpoints"))
        {
            if (cJSON_GetObjectItemCaseSensitive(at(endpoint, "metrics"),
                                                 "http_reqs") != NULL) {
                assert_endpoint(page, at(endpoint, "metrics"),
                                at(endpoint, "name")->valuestring);
            }
        }
        assert_lists(page, results);
        assert_cells(page, at(results, "metrics"));
        cJSON_Delete(results);
        free(text);
        free(page);
        sim_clear(&s);
    }
}

static const char soak[] =
    "{\"name\":\"demo\",\"env\":{\"BASE_URL\":\"http://127.0.0.1:3000\"},"
    "\"flow\":["
    "{\"post\":\"${BASE_URL}/v1/chat\",\"name\":\"ChatRequest\"},"
    "{\"get\":\"${BASE_URL}/v1/metrics\",\"name\":\"Metrics\"}],"
    "\"scenarios\":{\"soak\":{\"executor\":\"constant-vus\",\"vus\":20,"
    "\"duration\":\"31m\"}},"
    "\"thresholds\":{\"http_req_duration\":[\"p(95)<500\"]}}";

/* Half an hour, in seconds that are put together. */
static void a_long_run_is_thinned_by_merging(void **state)
{
    struct histo *h = histo_new();
    const struct series *series;
    const cJSON *p95, *t;
    cJSON *data;
    struct sim s;
    char *page;
    size_t i, k;

    (void)state;
    sim_init(&s, soak, 7);
    s.leak_mb_min = 3;
    sim_run(&s, 1000);
    s.limits = true; /* and errors */
    sim_run(&s, 799);
    sim_finish(&s, 0);
    page = page_of(&s);
    data = data_of(page);
    assert_true(strlen(page) < 1000000);
    t = at(data, "t");
    assert_in_range(cJSON_GetArraySize(t), REPORT_POINTS_MAX / 2,
                    REPORT_POINTS_MAX);
    assert_true(number(data, "width") > 1.9);
    p95 = line_of(data, "latency", "p95");
    assert_int_equal(cJSON_GetArraySize(p95), cJSON_GetArraySize(t));
    story_lock(s.story);
    series = ledger_series(story_ledger(s.story));
    for (i = 20; i < 500; i += 31) {
        uint64_t from =
            (uint64_t)(cJSON_GetArrayItem(t, (int)i)->valuedouble * 1e6);
        char shown[32], merged[32];

        histo_clear(h);
        for (k = series_find(series, from);
             series_slot(series, k)->start_us <
             from + (uint64_t)(number(data, "width") * 1e6);
             k++) {
            histo_add_packed(h, &series_slot(series, k)->duration);
        }
        snprintf(merged, sizeof merged, "%.5g",
                 (double)histo_percentile(h, 95));
        snprintf(shown, sizeof shown, "%.5g",
                 cJSON_GetArrayItem(p95, (int)i)->valuedouble);
        assert_string_equal(shown, merged);
    }
    story_unlock(s.story);
    assert_non_null(line_of(data, "memory", "live"));
    cJSON_Delete(data);
    free(page);
    sim_clear(&s);
    histo_free(&h);
}

static void what_is_done_by_hand_is_in_the_charts(void **state)
{
    struct sim s;
    cJSON *data;
    const cJSON *mark, *hand;
    bool marked = false, paused = false;
    char *page;
    int i, n = 0;

    (void)state;
    sim_init(&s, NULL, 7);
    sim_run(&s, 25);
    page = page_of(&s);
    data = data_of(page);
    assert_null(line_of(data, "load1", "hand"));
    cJSON_Delete(data);
    free(page);
    sim_command(&s, COMMAND_SET_VUS, 63, "");
    sim_run(&s, 14);
    sim_command(&s, COMMAND_MARK, 0, "deploy 42");
    sim_run(&s, 6);
    sim_command(&s, COMMAND_PAUSE, 0, "");
    sim_run(&s, 3);
    sim_command(&s, COMMAND_PAUSE, 0, "");
    sim_run(&s, 12);
    sim_finish(&s, 99);
    page = page_of(&s);
    data = data_of(page);
    hand = line_of(data, "load1", "hand");
    assert_non_null(hand);
    for (i = 0; i < cJSON_GetArraySize(hand); i++) {
        n += cJSON_IsNumber(cJSON_GetArrayItem(hand, i));
    }
    assert_in_range(n, 20, 40);
    cJSON_ArrayForEach(mark, at(data, "marks"))
    {
        const char *text = cJSON_GetArrayItem(mark, 2)->valuestring;
        double from = cJSON_GetArrayItem(mark, 0)->valuedouble;
        double to = cJSON_GetArrayItem(mark, 1)->valuedouble;

        marked = marked || strstr(text, "deploy 42") != NULL;
        paused = paused || (to - from > 2.5 && to - from < 3.5);
    }
    assert_true(marked);
    assert_true(paused);
    assert_has(page, "data-word=\"deploy 42\"");
    assert_has(page, "data-word=\"spike 100\"");
    assert_has(page, "class=\"l hand\"");
    cJSON_Delete(data);
    free(page);
    sim_clear(&s);
}

/* Names, words and addresses that want to be more than that. */
static const char hostile[] =
    "{\"name\":\"</title><script>alert(1)</script>\","
    "\"env\":{\"BASE_URL\":\"http://127.0.0.1:3000\","
    "\"X\":\"\\\"><img src=x onerror=alert(3)><svg onload=alert(2)>\","
    "\"TOKEN\":\"geheim-17\"},\"secrets\":[\"TOKEN\"],"
    "\"flow\":["
    "{\"get\":\"${BASE_URL}/a\",\"name\":\"<b onclick='alert(4)'>&amp;\","
    "\"headers\":{\"Authorization\":\"Bearer ${TOKEN}\"},"
    "\"checks\":{\"</td><script src=//evil.test/x.js></script>\":"
    "{\"status\":200}}}],"
    "\"scenarios\":{\"s\":{\"executor\":\"ramping-vus\",\"startVUs\":5,"
    "\"stages\":[{\"duration\":\"30s\",\"target\":5,"
    "\"name\":\"\\\"/><script>alert(5)</script>\"},"
    "{\"duration\":\"30s\",\"target\":8}]}},"
    "\"thresholds\":{\"http_req_duration\":[\"p(95)<500\"]}}";

static void nothing_from_elsewhere_is_html(void **state)
{
    struct recording_label label = {"n<u>", "<marquee>\xff\x1b[31m"};
    struct report_options o = {.label = &label};
    struct sim s;
    cJSON *data;
    char *page;

    (void)state;
    sim_init(&s, hostile, 7);
    sim_run(&s, 20);
    sim_command(&s, COMMAND_MARK, 0, "</script><script>alert(6)</script>");
    sim_event(&s, "notice", "<!--<script>alert(7)", true);
    s.limits = s.refuses = true;
    sim_run(&s, 20);
    sim_finish(&s, 99);
    page = report_html(s.story, &o);
    /* Its own two alone. */
    assert_int_equal(count_of(page, "<script"), 2);
    assert_int_equal(count_of(page, "</script>"), 2);
    assert_lacks(page, "<img");
    assert_lacks(page, "<b ");
    assert_lacks(page, "<i>");
    assert_lacks(page, "<u>");
    assert_lacks(page, "<!--");
    assert_lacks(page, "<marquee");
    assert_lacks(page, "<svg onload");
    assert_lacks(page, "\x1b");
    assert_lacks(page, "\xff");
    assert_lacks(page, "geheim");
    assert_has(page, "&lt;b onclick=&#39;alert(4)&#39;&gt;&amp;amp;");
    assert_has(page, "&lt;marquee&gt;\\xff\\x1b[31m");
    assert_has(page, "<th scope=\"row\">TOKEN</th><td>***</td>");
    data = data_of(page);
    assert_non_null(
        strstr(cJSON_GetArrayItem(cJSON_GetArrayItem(at(data, "marks"), 0), 2)
                   ->valuestring,
               "</script><script>alert(6)"));
    cJSON_Delete(data);
    free(page);
    sim_clear(&s);
}

/* Of a first moment, and of a run in which nothing was answered. */
static void little_is_enough(void **state)
{
    struct sim s;
    char *page;

    (void)state;
    sim_init(&s, NULL, 7);
    sim_tick(&s);
    page = page_of(&s);
    assert_has(page, "cut off");
    free(page);
    s.dead = true;
    sim_run(&s, 20);
    sim_finish(&s, 99);
    page = page_of(&s);
    assert_has(page, "No response came: there is no latency.");
    assert_has(page, "Every request failed: ");
    assert_has(page, "<li><i class=\"econnect\"></i>");
    free(page);
    sim_clear(&s);
}

static void insights_are_markdown_too(void **state)
{
    struct sim s;
    char *text;

    (void)state;
    sim_init(&s, sim_plan_returns, 7);
    sim_run(&s, 108);
    sim_finish(&s, 99);
    text = report_insights_markdown(s.story);

    assert_has(text, "\n#### Load\n\n- ");
    assert_has(text, "\n#### Recovery\n\n- 1&#58;08 recovered in ");
    free(text);
    sim_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_the_results),
        cmocka_unit_test(a_long_run_is_thinned_by_merging),
        cmocka_unit_test(what_is_done_by_hand_is_in_the_charts),
        cmocka_unit_test(nothing_from_elsewhere_is_html),
        cmocka_unit_test(little_is_enough),
        cmocka_unit_test(insights_are_markdown_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
