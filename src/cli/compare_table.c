/* SPDX-License-Identifier: MIT
 *
 * compare_table - a comparison for people. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "cli/compare_job.h"
#include "run/comparison.h"

static void table_run(const char *which, const struct baseline_run *r)
{
    char file[256], scenario[128], started[64], felt[160];

    printf("%-7s %s: %s, %s%s%s\n", which,
           text_safe(file, sizeof file, r->file),
           text_safe(scenario, sizeof scenario, r->scenario),
           text_safe(started, sizeof started, r->started),
           r->over ? "" : " (unfinished)",
           r->windows == NULL  ? " (an earlier version wrote it, without the "
                                 "loads that were held)"
           : r->n_windows == 0 ? " (no load was held for ten seconds in it)"
                               : "");
    if (comparison_felt_text(r->windows, r->n_windows, felt, sizeof felt)[0] !=
        '\0') {
        printf("        %s\n", felt);
    }
}

static void table_figures(const struct versus_row *row, bool ascii)
{
    char a[64], b[64], change[64], text[160];
    int i;

    for (i = 0; i < COMPARE_FIGURES; i++) {
        enum compare_figure f = (enum compare_figure)i;
        const struct versus_figure *v = &row->of[f];

        printf("  %-7s %10s %10s %10s   %s\n", comparison_name(f),
               comparison_value(f, v->a, a, sizeof a),
               comparison_value(f, v->b, b, sizeof b),
               versus_change(f, v->change, change, sizeof change),
               versus_tell(v, f, ascii, text, sizeof text));
    }
}

static void table_row(const struct compare_job *j, const struct versus_row *row,
                      bool ascii)
{
    char name[300], scenario[200], x[NUM_MAX], y[NUM_MAX];

    text_safe(name, sizeof name, row->name);
    text_safe(scenario, sizeof scenario, row->scenario);
    switch (row->kind) {
    case VERSUS_RUN:
        printf("\n%-9s %10s %10s %10s   %s\n", "whole run", "before", "now",
               "change", "moment by moment");
        break;
    case VERSUS_ENDPOINT:
        printf("\nrequest %s", name);
        break;
    case VERSUS_STAGE:
        printf("\n%s%sstage %zu %s", j->a[0]->n_parts > 1 ? scenario : "",
               j->a[0]->n_parts > 1 ? ", " : "", row->stage + 1, name);
        break;
    }
    if (!row->in_a || !row->in_b) {
        printf(", only %s\n", row->in_a ? "before" : "now");
        return;
    }
    if (row->kind != VERSUS_RUN) {
        if (isfinite(row->load_a) && isfinite(row->load_b)) {
            printf(" (mean load %s before, %s now)", num_rate(x, row->load_a),
                   num_rate(y, row->load_b));
        }
        putchar('\n');
    }
    table_figures(row, ascii);
}

static void table_level(const struct compare_level *l, const char *unit,
                        bool ascii)
{
    char x[NUM_MAX], a[64], b[64], text[160];
    int f;

    printf("\n%s %s: %.0f s before, %.0f s now%s\n",
           num_count(x, num_whole(l->load + 0.5)), unit, l->seconds_a,
           l->seconds_b, l->sure ? "" : "; low confidence");
    for (f = 0; f < COMPARE_FIGURES; f++) {
        enum compare_figure of = (enum compare_figure)f;
        const char *tell = comparison_tell(l, of, ascii, text, sizeof text);
        size_t skip = strlen(comparison_name(of));

        printf("  %-7s %10s %10s  %s\n", comparison_name(of),
               comparison_value(of, l->of[f].a, a, sizeof a),
               comparison_value(of, l->of[f].b, b, sizeof b),
               tell + skip + (tell[skip] == ':') + 1);
    }
}

static void table_ranked(const struct compare_job *j)
{
    int f;

    if (j->pairs < COMPARE_PAIRS_MIN || j->report.n == 0) {
        return;
    }
    printf("\nby the order of %zu and %zu runs at the first load\n", j->pairs,
           j->pairs);
    for (f = 0; f < COMPARE_FIGURES; f++) {
        const struct pairs_figure *r = &j->ranked[f];

        if (!r->any) {
            printf("  %-7s not enough to say\n",
                   comparison_name((enum compare_figure)f));
            continue;
        }
        printf("  %-7s %+.1f %s (%+.1f to %+.1f, held by %.0f %%), p %.3g: "
               "%s\n",
               comparison_name((enum compare_figure)f), r->change * 100,
               f == COMPARE_ERRORS ? "pt" : "%", r->low * 100, r->high * 100,
               r->shift.held * 100, r->shift.p, comparison_answer(r->answer));
    }
}

/* "  FAIL  p95{name:*}>+10%", and each place where it is not just held. */
static void table_rule(const struct compare_job *j,
                       const struct fail_rule *rule, bool ascii)
{
    char text[2 * FAIL_ON_TEXT_MAX], name[300], change[64], tell[160];
    size_t i, told = 0;

    printf("  %-5s %s\n", compare_fails(j, rule) ? "FAIL" : "ok",
           text_safe(text, sizeof text, rule->text));
    for (i = 0; i < j->versus->n; i++) {
        const struct versus_row *row = &j->versus->rows[i];
        const struct versus_figure *v = &row->of[rule->figure];
        enum fail_state s;

        if (!fail_rule_is_of(rule, row)) {
            continue;
        }
        s = fail_rule_judge(rule, row, j->strict);
        if (s == FAIL_HOLDS && (told > 0 || strcmp(rule->name, "*") == 0)) {
            continue;
        }
        told++;
        printf("        %s%s%s: %s\n", text_safe(name, sizeof name, row->name),
               row->name[0] != '\0' ? " " : "",
               versus_change(rule->figure, v->change, change, sizeof change),
               fail_state_text(s));
        if (s == FAIL_CHANCE || s == FAIL_FAILS) {
            printf("        moment by moment %s\n",
                   versus_tell(v, rule->figure, ascii, tell, sizeof tell));
        }
    }
}

static void table_rules(const struct compare_job *j, bool ascii)
{
    size_t i;

    if (j->n_rules > 0) {
        printf("\n--fail-on%s\n",
               j->strict ? ", strictly: whatever chance may do" : "");
    }
    for (i = 0; i < j->n_rules; i++) {
        table_rule(j, &j->rules[i], ascii);
    }
}

void compare_table(const struct compare_job *j, bool ascii)
{
    char note[COMPARISON_NOTE_MAX], title[120];
    size_t i;

    for (i = 0; i < j->pairs; i++) {
        table_run("before", j->a[i]);
        table_run("now", j->b[i]);
    }
    for (i = 0; i < j->versus->n; i++) {
        table_row(j, &j->versus->rows[i], ascii);
    }
    for (i = 0; i < j->report.n; i++) {
        table_level(&j->report.levels[i], compare_unit(j), ascii);
    }
    table_ranked(j);
    table_rules(j, ascii);
    comparison_note(&j->report, note, sizeof note);
    if (j->versus->loads_differ) {
        printf("\nthe loads of the whole runs differ by more than a tenth: so "
               "may what comes of them\n");
    }
    printf("\n%s\n", compare_title(j, title, sizeof title));
    if (note[0] != '\0') {
        printf("at the same load: %s\n", note);
    }
}
