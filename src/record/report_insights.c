/* SPDX-License-Identifier: MIT
 *
 * report_insights - what was made of a run's figures, in the words of screen
 * and summary: a hunt's tries, the steps of the load, where it breaks,
 * recoveries, trends, anomalies, baselines of the plan. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "record/report_internal.h"
#include "run/baselines.h"
#include "run/study_anomaly.h"
#include "run/study_trend.h"

#define INSIGHTS_LINES 100
#define INSIGHTS_STEPS 200

/* A heading (as it is), once, before what comes first of it. */
static void insights_title(struct report_page *p, const char *title,
                           size_t *shown)
{
    if ((*shown)++ == 0) {
        buf_addf(p->out, "<h3>%s</h3>\n", title);
    }
}

static void insights_probe(struct report_page *p, size_t i)
{
    const struct tick_probe *x = hunt_log_at(study_hunt(p->study), i);
    bool holds = x->report.verdict == SEARCH_HOLDS;
    char text[256], n[NUM_MAX], unit[NUM_MAX];

    buf_addf(p->out, "<tr%s>",
             x->report.verdict == SEARCH_BREAKS ? " class=\"fails\"" : "");
    html_mark(p->out, x->report.verdict == SEARCH_INVALID ? NULL : &holds);
    html_number(p->out, num_when(n, x->end_us));
    html_number(p->out, num_count(n, i + 1));
    html_cell(p->out, search_why_name(x->why));
    html_cell(p->out,
              hunt_tell_probe(x, study_unit(p->info, unit), text, sizeof text));
    buf_adds(p->out, "</tr>\n");
}

static void insights_hunt(struct report_page *p)
{
    static const struct html_column columns[] = {
        {"", false}, {"at", true}, {"try", true}, {"why", false}, {"", false}};
    size_t n = hunt_log_count(study_hunt(p->study)), i;

    buf_adds(p->out, "<h3>Loads that were tried</h3>\n");
    html_table(p->out, "", columns, sizeof columns / sizeof columns[0]);
    for (i = 0; i < n && i < INSIGHTS_STEPS; i++) {
        insights_probe(p, i);
    }
    html_table_end(p->out);
}

static void insights_step(struct report_page *p, const struct plateau *x)
{
    bool any = x->responses > 0;
    char n[NUM_MAX], load[64], text[RULE_TEXT_MAX];

    text[0] = '\0';
    if (x->after > 0) {
        text_add(text, sizeof text, "recovering from %s",
                 study_tell_load(p->study, x->after, load, sizeof load));
    } else if (x->broken >= 0) {
        study_tell_broken(p->study, (size_t)x->broken, x->value, false, text,
                          sizeof text);
    }
    buf_addf(p->out, "<tr%s>",
             x->after > 0 || x->broken < 0 ? "" : " class=\"fails\"");
    html_number(p->out, num_when(n, x->start_us));
    html_number(p->out, num_when(n, x->end_us));
    html_number(p->out, study_tell_load(p->study, x->load, load, sizeof load));
    html_number(p->out, num_rate(n, x->rps));
    html_number(p->out, any ? num_latency(n, x->p50_us) : "-");
    html_number(p->out, any ? num_latency(n, x->p95_us) : "-");
    html_number(p->out, any ? num_latency(n, x->p99_us) : "-");
    html_number(p->out, num_percent(n, x->error_rate));
    html_cell(p->out, x->by);
    html_cell(p->out, text);
    buf_adds(p->out, "</tr>\n");
}

/* One step is the run itself, and those of a hunt are its tries. */
static void insights_steps(struct report_page *p)
{
    static const struct html_column columns[] = {
        {"from", true}, {"to", true},  {"load", true}, {"req/s", true},
        {"p50", true},  {"p95", true}, {"p99", true},  {"errors", true},
        {"by", false},  {"", false},
    };
    const struct plateaus *all = study_plateaus(p->study);
    size_t n = plateaus_count(all), i;
    char line[256];

    if (n < 2) {
        return;
    }
    buf_adds(p->out, "<h3>Steps of the load</h3>\n");
    report_said(p, "", study_tell_steps(p->study, line, sizeof line));
    html_table(p->out, "", columns, sizeof columns / sizeof columns[0]);
    for (i = n > INSIGHTS_STEPS ? n - INSIGHTS_STEPS : 0; i < n; i++) {
        insights_step(p, plateaus_at(all, i));
    }
    html_table_end(p->out);
}

static void insights_breaking(struct report_page *p)
{
    const struct study *s = p->study;
    char line[256];
    size_t shown = 0;

    if (!p->hunt) {
        if (study_tell_break(s, line, sizeof line)[0] == '\0') {
            study_tell_answer(s, line, sizeof line);
        }
        if (line[0] != '\0') {
            insights_title(p, "Breaking point", &shown);
            report_said(p, study_broke(s) ? "bad" : "", line);
        }
    }
    shown = 0;
    if (study_tell_scaling(s, line, sizeof line)[0] != '\0') {
        insights_title(p, "Throughput over load", &shown);
        report_said(p, "", line);
    }
    if (study_tell_suspect(s, line, sizeof line)[0] != '\0') {
        insights_title(p, "Throughput over load", &shown);
        report_said(p, "bad", line);
    }
}

static const char *insights_recovery_class(const struct recovery_episode *e)
{
    return e->state == RECOVERY_NOT         ? "bad"
           : e->state == RECOVERY_RECOVERED ? "good"
                                            : "";
}

static void insights_recovery(struct report_page *p)
{
    const struct recovery *r = study_recovery(p->study);
    size_t i, shown = 0;

    for (i = 0; i < recovery_count(r) && i < INSIGHTS_LINES; i++) {
        const struct recovery_episode *e = recovery_at(r, i);
        char line[256], text[300], at[NUM_MAX];

        insights_title(p, "Recovery", &shown);
        snprintf(text, sizeof text, "%s %s", num_when(at, e->t0_us),
                 study_tell_state(e, line, sizeof line));
        report_said(p, insights_recovery_class(e), text);
        if (study_tell_spike(p->study, e, line, sizeof line)[0] != '\0') {
            report_said(p, "hint", line);
        }
        report_said(p, "hint",
                    study_tell_terms(p->study, e, line, sizeof line));
    }
}

static void insights_trends(struct report_page *p)
{
    char line[256];
    size_t i;

    if (!study_trends_told(p->study)) {
        return;
    }
    buf_adds(p->out, "<h3>Trends</h3>\n");
    report_said(p, "", study_tell_soak(p->study, line, sizeof line));
    buf_adds(p->out, "<ul>\n");
    for (i = 0; i < study_trends(p->study); i++) {
        buf_adds(p->out, "<li>");
        html_text(p->out, study_tell_trend(p->study, i, line, sizeof line));
        buf_adds(p->out, "</li>\n");
    }
    buf_adds(p->out, "</ul>\n");
}

static void insights_anomalies(struct report_page *p)
{
    const struct anomalies *a = study_anomalies(p->study);
    size_t n = anomalies_count(a), i;
    char line[256], count[NUM_MAX];

    if (n == 0) {
        return;
    }
    buf_adds(p->out, "<h3>Anomalies</h3>\n");
    if (study_tell_stalls(p->study, line, sizeof line)[0] != '\0') {
        report_said(p, "", line);
    }
    buf_adds(p->out, "<ul>\n");
    for (i = 0; i < n && i < INSIGHTS_LINES; i++) {
        buf_adds(p->out, "<li>");
        html_text(p->out, study_tell_anomaly(p->study, anomalies_at(a, i), line,
                                             sizeof line));
        buf_adds(p->out, "</li>\n");
    }
    buf_adds(p->out, "</ul>\n");
    if (n > i || anomalies_dropped(a) > 0) {
        buf_addf(p->out, "<p class=\"hint\">and %s more</p>\n",
                 num_count(count, n - i + anomalies_dropped(a)));
    }
}

struct insights_baselines {
    struct report_page *page;
    const struct baseline *last; /* NULL: none is told yet */
};

static void insights_baseline(void *ctx, const struct baseline_line *l)
{
    static const struct html_column columns[] = {
        {"", false}, {"metric", false}, {"expected", false}, {"value", false}};
    struct insights_baselines *b = ctx;
    struct report_page *p = b->page;
    bool met = l->met == BASELINE_MET;

    if (l->baseline != b->last) {
        if (b->last != NULL) {
            html_table_end(p->out);
        }
        buf_adds(p->out, "<h3>Baseline of the plan: ");
        html_text(p->out, l->baseline->name);
        buf_adds(p->out, "</h3>\n");
        html_table(p->out, "", columns, sizeof columns / sizeof columns[0]);
        b->last = l->baseline;
    }
    buf_addf(p->out, "<tr%s>",
             l->met == BASELINE_MISSED ? " class=\"fails\"" : "");
    html_mark(p->out, l->met == BASELINE_UNKNOWN ? NULL : &met);
    html_name(p->out, l->item->metric);
    html_cell(p->out, l->item->expect);
    html_cell(p->out, l->text);
    buf_adds(p->out, "</tr>\n");
}

static void insights_baselines(struct report_page *p)
{
    struct insights_baselines b = {.page = p};

    baselines_each(p->story, insights_baseline, &b);
    if (b.last != NULL) {
        html_table_end(p->out);
    }
}

void report_insights(struct report_page *p)
{
    size_t before = p->out->len, begun;

    report_section(p, "insights", "What it means");
    begun = p->out->len;
    if (p->hunt) {
        insights_hunt(p);
        insights_breaking(p);
    } else {
        insights_breaking(p);
        insights_recovery(p);
        insights_steps(p);
    }
    insights_trends(p);
    insights_anomalies(p);
    insights_baselines(p);
    if (p->out->len == begun) {
        buf_cut(p->out, before); /* nothing is to be said */
        return;
    }
    report_section_end(p);
}
