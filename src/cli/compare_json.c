/* SPDX-License-Identifier: MIT
 *
 * compare_json - a comparison for programs: "brunt-compare/1". */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "cli/compare_job.h"
#include "record/results_windows.h"
#include "run/comparison.h"

static void json_runs(const struct compare_job *j, cJSON *list,
                      struct baseline_run *const *runs)
{
    size_t i;

    for (i = 0; i < j->pairs; i++) {
        cJSON *o = cJSON_CreateObject();
        const struct window *w = runs[i]->windows;
        size_t n = runs[i]->n_windows;

        cJSON_AddStringToObject(o, "file", runs[i]->file);
        cJSON_AddStringToObject(o, "scenario", runs[i]->scenario);
        cJSON_AddStringToObject(o, "started", runs[i]->started);
        cJSON_AddBoolToObject(o, "unfinished", !runs[i]->over);
        cJSON_AddNumberToObject(o, "recovering_s", windows_felt_s(w, n));
        cJSON_AddBoolToObject(o, "recovering_at_end", n > 0 && w[n - 1].felt);
        cJSON_AddNumberToObject(o, "suspect_s", windows_suspect_s(w, n));
        cJSON_AddItemToArray(list, o);
    }
}

static void json_number(cJSON *o, const char *key, double v)
{
    if (isfinite(v)) {
        cJSON_AddNumberToObject(o, key, v);
    } else {
        cJSON_AddNullToObject(o, key);
    }
}

/* Values in the units of results: ms, 1/s, a share. */
static void json_figure(cJSON *o, const struct versus_figure *v,
                        enum compare_figure f)
{
    bool time = f != COMPARE_RPS && f != COMPARE_ERRORS;
    cJSON *of = cJSON_AddObjectToObject(o, compare_figure_name(f)), *m;

    cJSON_AddStringToObject(of, "answer", compare_answer_name(v->answer));
    if (v->doubt != VERSUS_SURE) {
        cJSON_AddStringToObject(of, "doubt", versus_doubt_name(v->doubt));
    }
    json_number(of, "before", time ? v->a / 1e3 : v->a);
    json_number(of, "now", time ? v->b / 1e3 : v->b);
    cJSON_AddStringToObject(of, "unit",
                            time               ? "ms"
                            : f == COMPARE_RPS ? "1/s"
                                               : "1");
    json_number(of, "change", v->change);
    m = cJSON_AddObjectToObject(of, "moments");
    cJSON_AddNumberToObject(m, "n", (double)v->moments.n);
    json_number(m, "change", v->moments.any ? v->moments.mean : NAN);
    json_number(m, "low", v->moments.any ? v->moments.low : NAN);
    json_number(m, "high", v->moments.any ? v->moments.high : NAN);
}

static void json_figures(cJSON *o, const struct versus_row *row)
{
    int f;

    cJSON_AddStringToObject(o, "in",
                            row->in_a && row->in_b ? "both"
                            : row->in_a            ? "before"
                                                   : "now");
    for (f = 0; f < COMPARE_FIGURES; f++) {
        json_figure(o, &row->of[f], (enum compare_figure)f);
    }
}

/* "overall", "endpoints" and "stages". */
static void json_versus(const struct compare_job *j, cJSON *root)
{
    cJSON *whole = cJSON_AddObjectToObject(root, "overall");
    cJSON *names = cJSON_AddArrayToObject(root, "endpoints");
    cJSON *stages = cJSON_AddArrayToObject(root, "stages");
    size_t i;

    for (i = 0; i < j->versus->n; i++) {
        const struct versus_row *row = &j->versus->rows[i];
        cJSON *o = row->kind == VERSUS_RUN ? whole : cJSON_CreateObject();

        switch (row->kind) {
        case VERSUS_RUN:
            break;
        case VERSUS_ENDPOINT:
            cJSON_AddStringToObject(o, "name", row->name);
            cJSON_AddItemToArray(names, o);
            break;
        case VERSUS_STAGE:
            cJSON_AddStringToObject(o, "scenario", row->scenario);
            cJSON_AddNumberToObject(o, "stage", (double)row->stage + 1);
            cJSON_AddStringToObject(o, "label", row->name);
            json_number(o, "load_before", row->load_a);
            json_number(o, "load_now", row->load_b);
            cJSON_AddItemToArray(stages, o);
            break;
        }
        json_figures(o, row);
    }
    cJSON_AddBoolToObject(root, "loads_differ", j->versus->loads_differ);
}

static void json_rule(const struct compare_job *j, cJSON *list,
                      const struct fail_rule *rule)
{
    cJSON *o = cJSON_CreateObject(), *of;
    size_t i;

    cJSON_AddStringToObject(o, "rule", rule->text);
    cJSON_AddBoolToObject(o, "fails", compare_fails(j, rule));
    of = cJSON_AddArrayToObject(o, "of");
    for (i = 0; i < j->versus->n; i++) {
        const struct versus_row *row = &j->versus->rows[i];
        enum fail_state s;
        cJSON *v;

        if (!fail_rule_is_of(rule, row)) {
            continue;
        }
        s = fail_rule_judge(rule, row, j->strict);
        v = cJSON_CreateObject();
        cJSON_AddStringToObject(v, "name", row->name);
        cJSON_AddStringToObject(v, "scenario", row->scenario);
        cJSON_AddStringToObject(v, "state", fail_state_name(s));
        json_number(v, "change", row->of[rule->figure].change);
        cJSON_AddItemToArray(of, v);
    }
    cJSON_AddItemToArray(list, o);
}

static void json_ranked(const struct compare_job *j, cJSON *root)
{
    cJSON *o;
    int f;

    if (j->pairs < COMPARE_PAIRS_MIN || j->report.n == 0) {
        cJSON_AddNullToObject(root, "ranks");
        return;
    }
    o = cJSON_AddObjectToObject(root, "ranks");
    for (f = 0; f < COMPARE_FIGURES; f++) {
        const struct pairs_figure *r = &j->ranked[f];
        const char *name = compare_figure_name((enum compare_figure)f);
        cJSON *v;

        if (!r->any) {
            cJSON_AddNullToObject(o, name);
            continue;
        }
        v = cJSON_AddObjectToObject(o, name);
        cJSON_AddStringToObject(v, "answer", compare_answer_name(r->answer));
        cJSON_AddNumberToObject(v, "change", r->change);
        cJSON_AddNumberToObject(v, "low", r->low);
        cJSON_AddNumberToObject(v, "high", r->high);
        cJSON_AddNumberToObject(v, "held", r->shift.held);
        cJSON_AddNumberToObject(v, "p", r->shift.p);
    }
}

void compare_json(const struct compare_job *j)
{
    cJSON *root = cJSON_CreateObject(), *rules;
    char note[COMPARISON_NOTE_MAX], *text;
    size_t i;

    cJSON_AddStringToObject(root, "schema", "brunt-compare/1");
    json_runs(j, cJSON_AddArrayToObject(root, "before"), j->a);
    json_runs(j, cJSON_AddArrayToObject(root, "now"), j->b);
    cJSON_AddStringToObject(root, "answer", compare_answer_name(j->answer));
    cJSON_AddBoolToObject(root, "by_whole", j->by_whole);
    cJSON_AddStringToObject(root, "note",
                            comparison_note(&j->report, note, sizeof note));
    json_versus(j, root);
    cJSON_AddItemToObject(root, "levels", results_levels(&j->report));
    json_ranked(j, root);
    cJSON_AddBoolToObject(root, "strict", j->strict);
    rules = cJSON_AddArrayToObject(root, "rules");
    for (i = 0; i < j->n_rules; i++) {
        json_rule(j, rules, &j->rules[i]);
    }
    text = json_print(root, true);
    puts(text);
    free(text);
    cJSON_Delete(root);
}
