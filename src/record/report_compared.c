/* SPDX-License-Identifier: MIT
 *
 * report_compared - the run against an earlier one: figure by figure, with what
 * differs and whether that is more than chance. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "record/report_internal.h"
#include "run/comparison.h"

#define BESIDE_ROWS 100 /* of requests, and of stages */

static const char *beside_class(enum compare_answer a)
{
    switch (a) {
    case COMPARE_WORSE:
        return "bad";
    case COMPARE_BETTER:
        return "good";
    case COMPARE_SAME:
    case COMPARE_SLIGHT:
    case COMPARE_UNSURE:
    case COMPARE_SHORT:
        break;
    }
    return "";
}

static void beside_run(struct report_page *p, const char *which,
                       const struct baseline_run *r)
{
    const char *slash = strrchr(r->file, '/');

    buf_addf(p->out, "<div><dt>%s</dt><dd>", which);
    html_text(p->out, r->scenario);
    buf_adds(p->out, ", ");
    html_text(p->out, r->started);
    buf_adds(p->out, ", ");
    /* A page is given away: where its files lie is nobody's business. */
    html_text(p->out, slash != NULL ? slash + 1 : r->file);
    buf_addf(p->out, "%s</dd></div>\n", r->over ? "" : ", unfinished");
}

/* The head of its rows, which are so many. */
static void beside_name(struct report_page *p, const struct versus_row *row,
                        int rows)
{
    buf_addf(p->out, "<th scope=\"rowgroup\" rowspan=\"%d\">", rows);
    if (row->kind == VERSUS_STAGE && p->options->beside->before->n_parts > 1) {
        html_text(p->out, row->scenario);
        buf_addc(p->out, ' ');
    }
    html_text(p->out, row->kind == VERSUS_RUN ? "whole run" : row->name);
    buf_adds(p->out, "</th>");
}

static void beside_figure(struct report_page *p, const struct versus_row *row,
                          enum compare_figure f)
{
    const struct versus_figure *v = &row->of[f];
    char a[64], b[64], change[64], tell[160];

    html_cell(p->out, comparison_name(f));
    html_number(p->out, comparison_value(f, v->a, a, sizeof a));
    html_number(p->out, comparison_value(f, v->b, b, sizeof b));
    html_number(p->out, versus_change(f, v->change, change, sizeof change));
    buf_addf(p->out, "<td class=\"%s\">", beside_class(v->answer));
    html_text(p->out, versus_tell(v, f, false, tell, sizeof tell));
    buf_adds(p->out, "</td>");
}

static void beside_row(struct report_page *p, const struct versus_row *row)
{
    bool both = row->in_a && row->in_b;
    int i;

    buf_adds(p->out, "<tr class=\"first\">");
    beside_name(p, row, both ? COMPARE_FIGURES : 1);
    if (!both) {
        buf_addf(p->out, "<td colspan=\"5\">only %s</td></tr>\n",
                 row->in_a ? "before" : "now");
        return;
    }
    for (i = 0; i < COMPARE_FIGURES; i++) {
        buf_adds(p->out, i > 0 ? "<tr>" : "");
        beside_figure(p, row, (enum compare_figure)i);
        buf_adds(p->out, "</tr>\n");
    }
}

static void beside_rows(struct report_page *p, enum versus_kind kind,
                        const char *what)
{
    static const struct html_column columns[] = {
        {"of", false}, {"figure", false}, {"before", true},
        {"now", true}, {"change", true},  {"moment by moment", false},
    };
    const struct versus *v = p->options->beside->versus;
    size_t i, n = 0;

    for (i = 0; i < v->n; i++) {
        if (v->rows[i].kind != kind) {
            continue;
        }
        if (n++ == 0) {
            if (kind != VERSUS_RUN) {
                buf_addf(p->out, "<details><summary>%s</summary>\n", what);
            }
            html_table(p->out, "", columns, sizeof columns / sizeof columns[0]);
        }
        if (n <= BESIDE_ROWS) {
            beside_row(p, &v->rows[i]);
        }
    }
    if (n > 0) {
        html_table_end(p->out);
    }
    if (n > BESIDE_ROWS) {
        buf_addf(p->out, "<p class=\"hint\">and %zu more</p>\n",
                 n - BESIDE_ROWS);
    }
    if (n > 0 && kind != VERSUS_RUN) {
        buf_adds(p->out, "</details>\n");
    }
}

void report_compared(struct report_page *p)
{
    const struct report_beside *b = p->options->beside;
    char note[COMPARISON_NOTE_MAX];

    if (b == NULL) {
        return;
    }
    report_section(p, "compared", "Compared with an earlier run");
    buf_adds(p->out, "<dl class=\"runs\">\n");
    beside_run(p, "before", b->before);
    beside_run(p, "now", b->now);
    buf_adds(p->out, "</dl>\n");
    beside_rows(p, VERSUS_RUN, "");
    beside_rows(p, VERSUS_STAGE, "Stage by stage");
    beside_rows(p, VERSUS_ENDPOINT, "Request by request");
    if (comparison_note(b->levels, note, sizeof note)[0] != '\0') {
        buf_adds(p->out, "<p class=\"hint\">At the same load: ");
        html_text(p->out, note);
        buf_adds(p->out, "</p>\n");
    }
    if (b->versus->loads_differ) {
        report_said(p, "hint",
                    "The loads of the whole runs differ by more than a tenth: "
                    "so may what comes of them.");
    }
    report_section_end(p);
}
