/* SPDX-License-Identifier: MIT
 *
 * report_head - the top of a report: which run it is, how it ended and why, its
 * figures, and its thresholds. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "record/report_internal.h"
#include "run/appraisal.h"
#include "run/judged.h"

#define HEAD_HINTS_SHOWN 6
#define HEAD_THRESHOLDS  500

/* "2026-11-27 10:49:00 UTC" */
static const char *head_when(struct wall w, char *buf, size_t size)
{
    char text[40];

    wall_rfc3339(w, text, sizeof text);
    text[strcspn(text, ".Z")] = '\0';
    text[strcspn(text, "T")] = ' ';
    snprintf(buf, size, "%s UTC", text);
    return buf;
}

static void head_term(struct report_page *p, const char *term, const char *text)
{
    if (text[0] != '\0') {
        buf_addf(p->out, "<div><dt>%s</dt><dd>", term);
        html_text(p->out, text);
        buf_adds(p->out, "</dd></div>\n");
    }
}

/* "1:48", and of one with pauses "1:48, of which 1:40 active". */
static const char *head_length(const struct tick *t, char *buf, size_t size)
{
    char a[NUM_MAX], b[NUM_MAX];

    snprintf(buf, size, "%s", num_clock(a, t->t_us));
    if (t->active_total_us + 1000000 < t->t_us) {
        text_add(buf, size, ", of which %s active",
                 num_clock(b, t->active_total_us));
    }
    return buf;
}

void report_head(struct report_page *p)
{
    const struct report_options *o = p->options;
    char text[400], a[64];

    buf_adds(p->out, "<header>\n<div><h1>");
    html_text(p->out, p->info->plan->name);
    buf_adds(p->out, " <small>");
    html_text(p->out, p->info->lineup->name);
    buf_adds(p->out, "</small></h1></div>\n<dl>\n");
    head_term(p, "target", p->info->target);
    head_term(p, "began", head_when(p->info->started, text, sizeof text));
    head_term(p, "lasted", head_length(p->tick, text, sizeof text));
    if (o->label != NULL) {
        head_term(p, "name", o->label->name);
        head_term(p, "note", o->label->note);
    }
    if (o->meta != NULL) {
        snprintf(text, sizeof text, "%s %s%s%s", PACKAGE_NAME,
                 text_safe(a, sizeof a, o->meta->version),
                 o->meta->machine[0] != '\0' ? " on " : "", o->meta->machine);
        head_term(p, "measured by", text);
    }
    buf_adds(p->out, "</dl>\n</header>\n");
}

/* Thresholds, or how it ended, decide that it was good or not. */
static const char *head_class(const struct report_page *p)
{
    switch (p->tick->outcome.status) {
    case STATUS_RUNNING:
        return "open";
    case STATUS_PASSED:
        return judged_run(p->tick, p->info->no_thresholds) || p->hunt ? "passed"
                                                                      : "open";
    case STATUS_FAILED:
    case STATUS_ABORTED:
    case STATUS_INTERRUPTED:
        break;
    }
    return "failed";
}

static void head_outcome(struct report_page *p)
{
    const struct outcome *o = &p->tick->outcome;
    char text[400], clock[NUM_MAX], word[32];
    const char *class = head_class(p);

    num_clock(clock, p->tick->t_us);
    if (o->status == STATUS_RUNNING) {
        snprintf(word, sizeof word, "%s",
                 p->options->live ? "still running" : "cut off");
        snprintf(text, sizeof text, "the recording ends at %s", clock);
    } else {
        snprintf(word, sizeof word, "%s",
                 strcmp(class, "open") == 0 ? "ended"
                                            : run_status_name(o->status));
        snprintf(text, sizeof text, "after %s%s%s (exit code %d)", clock,
                 o->text[0] != '\0' ? ": " : "", o->text, o->exit_code);
        if (strcmp(class, "open") == 0) {
            text_add(text, sizeof text, "; %s",
                     p->tick->n_verdicts > 0 ? "thresholds do not count"
                                             : "no thresholds to judge by");
        }
    }
    buf_addf(p->out, "<p class=\"outcome %s\"><strong>%s</strong> ", class,
             word);
    html_text(p->out, text);
    buf_adds(p->out, "</p>\n");
}

/* The exit code may be 0 all the same, as k6's is: this must be seen. */
static void head_all_failed(struct report_page *p)
{
    struct summary s = ledger_summary(p->ledger, -1, SPAN_RUN);
    struct error_line most;
    char message[sizeof most.sample->message], text[240];

    if (s.requests == 0 || s.failed < s.requests) {
        return;
    }
    snprintf(text, sizeof text, "Every request failed");
    if (ledger_errors(p->ledger, &most, 1) > 0) {
        text_add(
            text, sizeof text, ": %s",
            error_line_message(p->info->plan, &most, message, sizeof message));
    }
    report_said(p, "bad", text);
}

static void head_hints(struct report_page *p, const struct appraisal *a)
{
    const char *line;
    size_t i;

    for (i = 0; i < HEAD_HINTS_SHOWN && (line = appraisal_hint(a, i)) != NULL;
         i++) {
        buf_adds(p->out, i == 0 ? "<p class=\"hint\">Look at: " : "; ");
        html_text(p->out, line);
    }
    if (i > 0) {
        buf_adds(p->out, "</p>\n");
    }
}

static void head_appraisal(struct report_page *p)
{
    struct appraisal a;
    char open[128];
    size_t i;

    appraise(p->story, &a);
    buf_addf(p->out, "<p class=\"level %s\">",
             verdict_level_name(a.report.level));
    html_text(p->out, a.text);
    buf_adds(p->out, "</p>\n");
    for (i = 0; i < a.report.n; i++) {
        buf_addf(p->out, "%s<li class=\"%s\">", i == 0 ? "<ul>\n" : "",
                 verdict_level_name(a.report.reasons[i].rule->level));
        html_text(p->out, a.reasons[i]);
        buf_addf(p->out, "</li>\n%s", i + 1 == a.report.n ? "</ul>\n" : "");
    }
    head_hints(p, &a);
    if (a.report.level != VERDICT_UNKNOWN && a.suspect) {
        report_said(p, "bad",
                    "The generator was suspect: some of this may be its own "
                    "doing.");
    }
    if (a.report.level != VERDICT_UNKNOWN &&
        appraisal_open(&a, open, sizeof open)[0] != '\0') {
        buf_adds(p->out, "<p class=\"hint\">Not enough to say: ");
        html_text(p->out, open);
        buf_adds(p->out, "</p>\n");
    }
}

/* A hunt breaks it on purpose: what it found is the verdict. */
static void head_hunt(struct report_page *p)
{
    char text[256], unit[NUM_MAX];

    hunt_tell_whole(hunt_log_now(study_hunt(p->study)),
                    study_unit(p->info, unit), text, sizeof text);
    buf_adds(p->out, "<p class=\"level\">The breaking point: ");
    html_text(p->out, text);
    buf_adds(p->out, "</p>\n");
}

void report_verdict(struct report_page *p)
{
    report_section(p, "verdict", "Verdict");
    head_outcome(p);
    head_all_failed(p);
    if (p->hunt) {
        head_hunt(p);
    } else {
        head_appraisal(p);
    }
    report_section_end(p);
}

static void head_figure(struct report_page *p, const char *name,
                        const char *value, const char *more)
{
    buf_addf(p->out, "<div><dt>%s</dt><dd>", name);
    html_text(p->out, value);
    if (more[0] != '\0') {
        buf_adds(p->out, " <small>");
        html_text(p->out, more);
        buf_adds(p->out, "</small>");
    }
    buf_adds(p->out, "</dd></div>\n");
}

static void head_figures_load(struct report_page *p)
{
    struct totals t = ledger_totals(p->ledger);
    char a[NUM_MAX], more[64];

    head_figure(p, "VUs at most", num_count(a, t.vus_max), "");
    snprintf(more, sizeof more, "%s", "");
    if (t.interrupted > 0) {
        snprintf(more, sizeof more, "%s cut off", num_count(a, t.interrupted));
    }
    head_figure(p, "iterations", num_count(a, t.iterations), more);
}

void report_figures(struct report_page *p)
{
    struct summary s = ledger_summary(p->ledger, -1, SPAN_RUN);
    bool any = s.responses > 0;
    char a[NUM_MAX], b[NUM_MAX], more[80];

    buf_adds(p->out, "<dl class=\"figures\">\n");
    snprintf(more, sizeof more, "%s/s", num_rate(b, s.rate));
    head_figure(p, "requests", num_count(a, s.requests), more);
    snprintf(more, sizeof more, "%s failed", num_count(b, s.failed));
    head_figure(p, "errors", num_percent(a, s.error_rate),
                s.failed > 0 ? more : "");
    head_figure(p, "p50", any ? num_latency(a, s.p50_us) : "-", "");
    head_figure(p, "p95", any ? num_latency(a, s.p95_us) : "-", "");
    head_figure(p, "p99", any ? num_latency(a, s.p99_us) : "-", "");
    head_figure(p, "longest", any ? num_latency(a, s.max_us) : "-", "");
    head_figures_load(p);
    head_figure(p, "received", num_bytes(a, s.received), "");
    head_figure(p, "sent", num_bytes(a, s.sent), "");
    buf_adds(p->out, "</dl>\n");
}

/* "12.4 % left", "3.60 times the limit", "26.0 % over"; of a limit that is to
 * be passed "6.9 % above it", "3.1 % short of it". */
static const char *head_margin(const struct verdict *v, char *buf, size_t size)
{
    const struct threshold *t = v->threshold;
    bool below = t->op == OP_LT || t->op == OP_LE;
    char n[NUM_MAX];

    buf[0] = '\0';
    if (!v->run.fed || !isfinite(v->margin) || !(fabs(t->limit) > 0) ||
        t->op == OP_EQ || t->op == OP_NE) {
        return buf;
    }
    if (v->margin >= 0) {
        snprintf(buf, size, "%s %s", num_percent(n, v->margin),
                 below ? "left" : "above it");
    } else if (below && v->margin <= -1) {
        snprintf(buf, size, "%s times the limit", num_rate(n, 1 - v->margin));
    } else {
        snprintf(buf, size, "%s %s", num_percent(n, -v->margin),
                 below ? "over" : "short of it");
    }
    return buf;
}

static void head_threshold(struct report_page *p, const struct verdict *v)
{
    char text[JUDGED_MAX], margin[64], at[NUM_MAX];

    buf_addf(p->out, "<tr%s>", v->ok ? "" : " class=\"fails\"");
    html_mark(p->out, &v->ok);
    html_name(p->out, v->threshold->metric_text);
    html_cell(p->out, v->threshold->expression);
    html_cell(p->out, judged_text(p->info->plan, v, text, sizeof text));
    html_cell(p->out, head_margin(v, margin, sizeof margin));
    html_number(p->out,
                v->ever_failed ? num_clock(at, v->first_failed_us) : "");
    buf_adds(p->out, "</tr>\n");
}

void report_thresholds(struct report_page *p)
{
    static const struct html_column columns[] = {
        {"", false},      {"metric", false}, {"limit", false},
        {"value", false}, {"margin", false}, {"first failed", true},
    };
    size_t n = p->tick->n_verdicts, i;

    if (n == 0) {
        return;
    }
    report_section(p, "thresholds",
                   p->hunt ? "Thresholds, which do not count: the hunt decides"
                   : p->info->no_thresholds ? "Thresholds, which do not count"
                                            : "Thresholds");
    html_table(p->out, "", columns, sizeof columns / sizeof columns[0]);
    for (i = 0; i < n && i < HEAD_THRESHOLDS; i++) {
        head_threshold(p, &p->tick->verdicts[i]);
    }
    html_table_end(p->out);
    if (n > HEAD_THRESHOLDS) {
        buf_addf(p->out, "<p class=\"hint\">and %zu more</p>\n",
                 n - HEAD_THRESHOLDS);
    }
    report_section_end(p);
}
