/* SPDX-License-Identifier: MIT
 *
 * report_tables - what a report has row by row: scenarios, requests by name,
 * all metrics, checks, errors. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/num.h"
#include "base/xalloc.h"
#include "plan/describe.h"
#include "record/figures.h"
#include "record/report_internal.h"
#include "run/judged.h"

/* Rows of one table: a page is read. */
#define TABLES_ROWS   500
#define TABLES_ERRORS 100

static void tables_left_out(struct report_page *p, size_t n, size_t shown)
{
    char count[NUM_MAX];

    if (n > shown) {
        buf_addf(p->out, "<p class=\"hint\">and %s more</p>\n",
                 num_count(count, n - shown));
    }
}

static void tables_scenario(struct report_page *p, size_t i)
{
    const struct scenario *s = &p->info->lineup->list[i];
    struct scenario_line line =
        ledger_scenario(p->ledger, (unsigned)i, SPAN_RUN);
    struct course_slot all = {0};
    bool timed = p->tick->scenarios[i].timed;
    char text[512], n[NUM_MAX];

    buf_adds(p->out, "<tr>");
    html_name(p->out, s->name);
    html_cell(p->out, scenario_describe(p->info->plan, s, text, sizeof text));
    html_number(p->out, num_count(n, line.iterations));
    html_number(p->out, num_count(n, line.interrupted));
    html_number(p->out, timed ? num_count(n, line.dropped) : "");
    html_number(p->out, timed ? num_latency(n, line.late_p99_us) : "");
    html_number(p->out,
                course_over(story_course(p->story), i, 0, UINT64_MAX, &all)
                    ? num_count(n, all.vus_max)
                    : "-");
    buf_adds(p->out, "</tr>\n");
}

void report_scenarios(struct report_page *p)
{
    static const struct html_column columns[] = {
        {"scenario", false},   {"what it does", false},
        {"iterations", true},  {"cut off", true},
        {"dropped", true},     {"starts late, p99", true},
        {"VUs at most", true},
    };
    size_t i;

    report_section(p, "scenarios", "Scenarios");
    html_table(p->out, "", columns, sizeof columns / sizeof columns[0]);
    for (i = 0; i < p->info->lineup->n; i++) {
        tables_scenario(p, i);
    }
    html_table_end(p->out);
    report_section_end(p);
}

/* name: -1 = all. */
static void tables_endpoint(struct report_page *p, int name)
{
    struct summary s = ledger_summary(p->ledger, name, SPAN_RUN);
    bool any = s.responses > 0;
    char n[NUM_MAX], way[WAY_TEXT_MAX];

    buf_addf(p->out, "<tr%s>", name < 0 ? " class=\"all\"" : "");
    html_name(p->out, name < 0 ? "all" : p->info->plan->names[name]);
    html_number(p->out, num_count(n, s.requests));
    html_number(p->out, num_rate(n, s.rate));
    html_number(p->out, any ? num_latency(n, s.p50_us) : "-");
    html_number(p->out, any ? num_latency(n, s.p95_us) : "-");
    html_number(p->out, any ? num_latency(n, s.p99_us) : "-");
    html_number(p->out, any ? num_latency(n, s.max_us) : "-");
    html_number(p->out, num_count(n, s.failed));
    html_number(p->out, num_percent(n, s.error_rate));
    html_cell(p->out, way_text(way, sizeof way, ledger_ways(p->ledger, name)));
    buf_adds(p->out, "</tr>\n");
}

void report_endpoints(struct report_page *p)
{
    static const struct html_column columns[] = {
        {"request", false}, {"count", true},
        {"per s", true},    {"p50", true},
        {"p95", true},      {"p99", true},
        {"longest", true},  {"failed", true},
        {"errors", true},   {"lane, protocol", false},
    };
    size_t i, n = 0, shown = 0;

    report_section(p, "requests", "Requests by name");
    html_table(p->out, "", columns, sizeof columns / sizeof columns[0]);
    tables_endpoint(p, -1);
    for (i = 0; i < p->info->plan->n_names; i++) {
        if (ledger_summary(p->ledger, (int)i, SPAN_RUN).requests == 0) {
            continue;
        }
        if (n++ < TABLES_ROWS) {
            tables_endpoint(p, (int)i);
            shown++;
        }
    }
    html_table_end(p->out);
    tables_left_out(p, n, shown);
    report_section_end(p);
}

/* A value as its metric has it: a time in ms, bytes, a number. */
static void tables_value(struct buf *out, const struct metric_info *info,
                         const cJSON *values, const char *key)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(values, key);
    char n[NUM_MAX];

    if (!cJSON_IsNumber(v)) {
        html_number(out, "");
    } else if (strcmp(key, "count") == 0 && info->type == METRIC_TREND) {
        html_number(out, num_count(n, num_whole(v->valuedouble)));
    } else if (info->contains == METRIC_TIME) {
        html_number(out, num_ms(n, v->valuedouble));
    } else {
        html_number(out, num_plain(n, v->valuedouble));
    }
}

struct tables_trends {
    struct report_page *page;
    size_t shown;
};

static void tables_trend(void *ctx, const char *text, const struct selector *s)
{
    static const char *const keys[] = {"count", "avg",   "min", "med",
                                       "p(95)", "p(99)", "max"};
    struct tables_trends *t = ctx;
    struct report_page *p = t->page;
    struct metric_info info = plan_metric_info(p->info->plan, s->metric);
    cJSON *values;
    size_t i;

    if (info.type != METRIC_TREND || t->shown >= TABLES_ROWS) {
        return;
    }
    values = figures_values(p->info->plan, p->ledger, s);
    if (values == NULL) {
        return;
    }
    t->shown++;
    buf_adds(p->out, "<tr>");
    html_name(p->out, text);
    for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        tables_value(p->out, &info, values, keys[i]);
    }
    buf_adds(p->out, "</tr>\n");
    cJSON_Delete(values);
}

void report_metrics(struct report_page *p)
{
    static const struct html_column columns[] = {
        {"metric", false}, {"count", true}, {"mean", true}, {"least", true},
        {"median", true},  {"p95", true},   {"p99", true},  {"most", true},
    };
    struct tables_trends t = {.page = p};
    size_t before = p->out->len;

    report_section(p, "metrics", "Times and values in full");
    html_table(p->out, "", columns, sizeof columns / sizeof columns[0]);
    figures_each(p->info->plan, tables_trend, &t);
    html_table_end(p->out);
    report_section_end(p);
    if (t.shown == 0) {
        buf_cut(p->out, before); /* nothing fed any of them */
    }
}

void report_checks(struct report_page *p)
{
    static const struct html_column columns[] = {
        {"", false},      {"check", false}, {"passed", true},
        {"failed", true}, {"", false},
    };
    const struct plan *plan = p->info->plan;
    size_t i, shown = 0;

    if (plan->n_checks == 0) {
        return;
    }
    report_section(p, "checks", "Checks");
    html_table(p->out, "", columns, sizeof columns / sizeof columns[0]);
    for (i = 0; i < plan->n_checks && shown < TABLES_ROWS; i++) {
        struct judged_check c;
        char n[NUM_MAX];
        bool good;

        if (!judged_check(plan, p->ledger, p->tick, p->info->no_thresholds, i,
                          &c)) {
            continue;
        }
        shown++;
        good = c.line.fails == 0 || c.excused;
        buf_adds(p->out, "<tr>");
        html_mark(p->out, c.line.passes + c.line.fails > 0 ? &good : NULL);
        html_name(p->out, plan->checks[i]->name);
        html_number(p->out, num_count(n, c.line.passes));
        html_number(p->out, num_count(n, c.line.fails));
        html_cell(p->out, c.excused ? "which thresholds allow" : "");
        buf_adds(p->out, "</tr>\n");
    }
    html_table_end(p->out);
    report_section_end(p);
}

static bool tables_sampled(const struct error_line *e)
{
    return e->sample != NULL && e->sample->text[0] != '\0';
}

/* The latest response of its kind, in a row of its own. */
static void tables_sample(struct report_page *p, const struct error_line *e)
{
    const struct failure_sample *s = e->sample;
    char at[NUM_MAX], took[NUM_MAX];

    buf_addf(p->out,
             "<tr class=\"sample\"><td></td><td colspan=\"5\"><details>"
             "<summary>one of them: at %s, VU %u, after %s</summary><pre>",
             num_clock(at, s->t_us), (unsigned)s->vu,
             num_latency(took, s->took_us));
    html_lines(p->out, s->text);
    buf_adds(p->out, "</pre></details></td></tr>\n");
}

static void tables_error(struct report_page *p, const struct error_line *e)
{
    char num[NUM_MAX], message[sizeof e->sample->message];

    buf_addf(p->out, "<tr%s>", tables_sampled(e) ? " class=\"sampled\"" : "");
    html_number(p->out, num_count(num, e->count));
    html_cell(p->out, failure_name(e->kind));
    html_name(p->out,
              error_line_message(p->info->plan, e, message, sizeof message));
    html_number(p->out, num_clock(num, e->first_us));
    html_number(p->out, num_clock(num, e->last_us));
    html_cell(p->out,
              e->name_index >= 0 ? p->info->plan->names[e->name_index] : "");
    buf_adds(p->out, "</tr>\n");
    if (tables_sampled(e)) {
        tables_sample(p, e);
    }
}

void report_errors(struct report_page *p)
{
    static const struct html_column columns[] = {
        {"count", true}, {"kind", false}, {"what it says", false},
        {"first", true}, {"last", true},  {"mostly at", false},
    };
    struct error_line *lines = xcalloc(TABLES_ERRORS, sizeof *lines);
    size_t n = ledger_errors(p->ledger, lines, TABLES_ERRORS), i;

    if (n > 0) {
        report_section(p, "errors", "Errors");
        html_table(p->out, "", columns, sizeof columns / sizeof columns[0]);
    }
    for (i = 0; i < n && i < TABLES_ERRORS; i++) {
        tables_error(p, &lines[i]);
    }
    if (n > 0) {
        html_table_end(p->out);
        tables_left_out(p, n, TABLES_ERRORS);
        report_section_end(p);
    }
    free(lines);
}
