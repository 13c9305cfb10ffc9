/* SPDX-License-Identifier: MIT
 *
 * compare_markdown - a comparison as Markdown, for a comment under a change or
 * a summary of a job. */
#include "config.h"

#include <math.h>
#include <stdio.h>

#include "base/num.h"
#include "cli/compare_job.h"
#include "record/markdown.h"
#include "run/comparison.h"

/* GitHub takes 65,536 characters in a comment. */
#define MARKDOWN_MAX  60000
#define MARKDOWN_ROWS 40 /* of requests, and of stages */

static const char *markdown_answer(const struct versus_figure *v)
{
    switch (v->answer) {
    case COMPARE_WORSE:
        return "🔴 ";
    case COMPARE_BETTER:
        return "🟢 ";
    case COMPARE_SAME:
    case COMPARE_SLIGHT:
    case COMPARE_UNSURE:
    case COMPARE_SHORT:
        break;
    }
    return "";
}

static void markdown_run(struct buf *out, const char *which,
                         const struct baseline_run *r)
{
    char felt[160];

    buf_addf(out, "- %s: ", which);
    markdown_code(out, r->file);
    buf_adds(out, ", ");
    markdown_code(out, r->scenario);
    buf_adds(out, ", ");
    markdown_text(out, r->started);
    buf_adds(out, r->over ? "" : " (unfinished)");
    if (comparison_felt_text(r->windows, r->n_windows, felt, sizeof felt)[0] !=
        '\0') {
        buf_addf(out, "; %s", felt);
    }
    buf_addc(out, '\n');
}

static void markdown_row(struct buf *out, const struct compare_job *j,
                         const struct versus_row *row)
{
    char a[64], b[64], change[64], tell[160];
    int i;

    for (i = 0; i < COMPARE_FIGURES; i++) {
        enum compare_figure f = (enum compare_figure)i;
        const struct versus_figure *v = &row->of[f];

        buf_adds(out, "| ");
        if (i == 0 && row->kind == VERSUS_RUN) {
            buf_adds(out, "whole run");
        } else if (i == 0) {
            if (row->kind == VERSUS_STAGE && j->a[0]->n_parts > 1) {
                markdown_code(out, row->scenario);
                buf_addc(out, ' ');
            }
            markdown_code(out, row->name);
        }
        if (!row->in_a || !row->in_b) {
            buf_addf(out, " | | | | | only %s |\n",
                     row->in_a ? "before" : "now");
            return;
        }
        buf_addf(out, " | %s | %s | %s | %s | %s%s |\n", comparison_name(f),
                 comparison_value(f, v->a, a, sizeof a),
                 comparison_value(f, v->b, b, sizeof b),
                 versus_change(f, v->change, change, sizeof change),
                 markdown_answer(v),
                 versus_tell(v, f, false, tell, sizeof tell));
    }
}

static void markdown_rows(struct buf *out, const struct compare_job *j,
                          enum versus_kind kind, const char *what)
{
    size_t i, n = 0;

    for (i = 0; i < j->versus->n; i++) {
        const struct versus_row *row = &j->versus->rows[i];

        if (row->kind != kind) {
            continue;
        }
        if (n++ == 0) {
            buf_addf(out,
                     "\n| %s | figure | before | now | change | moment by "
                     "moment |\n|---|---|--:|--:|--:|---|\n",
                     what);
        }
        if (n <= MARKDOWN_ROWS) {
            markdown_row(out, j, row);
        }
    }
    if (n > MARKDOWN_ROWS) {
        buf_addf(out, "\nand %zu more\n", n - MARKDOWN_ROWS);
    }
}

static void markdown_rule(struct buf *out, const struct compare_job *j,
                          const struct fail_rule *rule)
{
    char change[64];
    size_t i, told = 0;

    buf_addf(out, "- %s ", compare_fails(j, rule) ? "❌" : "✅");
    markdown_code(out, rule->text);
    for (i = 0; i < j->versus->n; i++) {
        const struct versus_row *row = &j->versus->rows[i];
        enum fail_state s;

        if (!fail_rule_is_of(rule, row)) {
            continue;
        }
        s = fail_rule_judge(rule, row, j->strict);
        if (s == FAIL_HOLDS || told++ >= MARKDOWN_ROWS) {
            continue;
        }
        buf_adds(out, told > 1 ? "; " : ": ");
        if (row->name[0] != '\0') {
            markdown_code(out, row->name);
            buf_addc(out, ' ');
        }
        buf_addf(out, "%s, %s",
                 versus_change(rule->figure, row->of[rule->figure].change,
                               change, sizeof change),
                 fail_state_text(s));
    }
    buf_addc(out, '\n');
}

void compare_markdown_add(const struct compare_job *j, struct buf *out)
{
    char note[COMPARISON_NOTE_MAX], title[120];
    size_t i;

    buf_addf(out, "### brunt compare: %s\n\n",
             compare_title(j, title, sizeof title));
    for (i = 0; i < j->pairs; i++) {
        markdown_run(out, "before", j->a[i]);
        markdown_run(out, "now", j->b[i]);
    }
    if (j->n_rules > 0) {
        buf_addf(out, "\n**fail-on%s**\n\n", j->strict ? ", strictly" : "");
    }
    for (i = 0; i < j->n_rules; i++) {
        markdown_rule(out, j, &j->rules[i]);
    }
    markdown_rows(out, j, VERSUS_RUN, "");
    markdown_rows(out, j, VERSUS_STAGE, "stage");
    markdown_rows(out, j, VERSUS_ENDPOINT, "request");
    comparison_note(&j->report, note, sizeof note);
    if (note[0] != '\0') {
        buf_addf(out, "\nAt the same load: %s.\n", note);
    }
    if (j->versus->loads_differ) {
        buf_adds(out, "\nThe loads of the whole runs differ by more than a "
                      "tenth: so may what comes of them.\n");
    }
}

void compare_markdown(const struct compare_job *j)
{
    struct buf out;

    buf_init(&out, MARKDOWN_MAX);
    compare_markdown_add(j, &out);
    fwrite(buf_str(&out), 1, out.len, stdout);
    if (out.cut) {
        puts("\n\n(cut: there is more)");
    }
    buf_clear(&out);
}
