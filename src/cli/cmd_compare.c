/* SPDX-License-Identifier: MIT
 *
 * brunt compare: is the second of two runs better or worse than the first, by
 * how much, and is that more than chance? Of several pairs the runs are put
 * together, and from three pairs on their order decides. */
#include "config.h"

#include <langinfo.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/load_plan.h"
#include "insight/rank.h"
#include "record/baseline.h"
#include "record/results_windows.h"
#include "run/comparison.h"

#define COMPARE_PAIRS_MAX RANK_RUNS_MAX
#define COMPARE_PAIRS_MIN 3 /* that have an order */
#define EXIT_WORSE        99

/* A figure of all pairs, by the order of the runs. */
struct pairs_figure {
    bool any;
    struct rank_shift shift; /* of logarithms; of errors of their shares */
    double change, low, high;
    enum compare_answer answer;
};

struct compare_job {
    struct baseline_run
        *runs[2 * COMPARE_PAIRS_MAX]; /* before, now, before … */
    size_t pairs;
    struct window *sides[2]; /* owned: all windows of each */
    struct compare_report report;
    struct pairs_figure ranked[COMPARE_FIGURES]; /* of three pairs or more */
    enum compare_answer answer;
};

static bool job_read(struct compare_job *j, const struct cli_args *a)
{
    struct err e = ERR_INIT;
    size_t i;

    for (i = 0; i < a->n_words; i++) {
        j->runs[i] = baseline_read(a->words[i], &e);
        if (j->runs[i] == NULL) {
            print_err(&e);
            return false;
        }
    }
    j->pairs = a->n_words / 2;
    return true;
}

/* All windows of one side, one run after another. */
static struct compare_side job_side(struct compare_job *j, size_t which)
{
    struct compare_side s = {.n = 0};
    size_t i, n = 0;

    for (i = which; i < 2 * j->pairs; i += 2) {
        n += j->runs[i]->n_windows;
    }
    j->sides[which] = xcalloc(n + 1, sizeof **j->sides);
    for (i = which; i < 2 * j->pairs; i += 2) {
        if (j->runs[i]->n_windows > 0) {
            memcpy(j->sides[which] + s.n, j->runs[i]->windows,
                   j->runs[i]->n_windows * sizeof **j->sides);
        }
        s.n += j->runs[i]->n_windows;
    }
    s.list = j->sides[which];
    return s;
}

/* The level of that load; NULL = one of the runs did not hold it. */
static const struct compare_level *job_level(const struct compare_report *r,
                                             double load)
{
    size_t i;

    for (i = 0; i < r->n; i++) {
        if (fabs(r->levels[i].load - load) < 0.5) {
            return &r->levels[i];
        }
    }
    return NULL;
}

/* In what differences are taken of. */
static double job_scale(enum compare_figure f, double v)
{
    return f == COMPARE_ERRORS ? v : log(v);
}

static void job_rank(struct compare_job *j, enum compare_figure f,
                     const struct compare_report *each)
{
    double a[COMPARE_PAIRS_MAX], b[COMPARE_PAIRS_MAX];
    struct pairs_figure *out = &j->ranked[f];
    double load = j->report.levels[0].load;
    size_t i;

    for (i = 0; i < j->pairs; i++) {
        const struct compare_level *l = job_level(&each[i], load);

        if (l == NULL) {
            return;
        }
        a[i] = job_scale(f, l->of[f].a);
        b[i] = job_scale(f, l->of[f].b);
        if (!isfinite(a[i]) || !isfinite(b[i])) {
            return;
        }
    }
    out->any = true;
    out->shift = rank_shift(a, j->pairs, b, j->pairs);
    out->change = out->shift.shift;
    out->low = out->shift.low;
    out->high = out->shift.high;
    if (f != COMPARE_ERRORS) {
        out->change = expm1(out->change);
        out->low = expm1(out->low);
        out->high = expm1(out->high);
    }
    out->answer = compare_judge(f, out->low, out->high);
}

static void job_rank_all(struct compare_job *j)
{
    struct compare_report *each = xcalloc(j->pairs, sizeof *each);
    size_t i;
    int f;

    for (i = 0; i < j->pairs; i++) {
        const struct baseline_run *a = j->runs[2 * i], *b = j->runs[2 * i + 1];
        struct compare_side sa = {a->windows, a->n_windows};
        struct compare_side sb = {b->windows, b->n_windows};

        compare_of(&sa, &sb, &each[i]);
    }
    for (f = 0; f < COMPARE_FIGURES; f++) {
        job_rank(j, (enum compare_figure)f, each);
    }
    free(each);
}

/* Where the runs have an order, that decides. */
static void job_answer(struct compare_job *j)
{
    struct compare_report r = j->report;
    int f;

    for (f = 0; r.n > 0 && f < COMPARE_FIGURES; f++) {
        if (j->ranked[f].any) {
            r.levels[0].of[f].answer = j->ranked[f].answer;
        }
    }
    j->answer = compare_summary(&r);
}

static void job_compare(struct compare_job *j)
{
    struct compare_side a = job_side(j, 0), b = job_side(j, 1);

    compare_of(&a, &b, &j->report);
    if (j->pairs >= COMPARE_PAIRS_MIN && j->report.n > 0) {
        job_rank_all(j);
    }
    job_answer(j);
}

static void job_clear(struct compare_job *j)
{
    size_t i;

    for (i = 0; i < sizeof j->runs / sizeof j->runs[0]; i++) {
        baseline_free(&j->runs[i]);
    }
    free(j->sides[0]);
    free(j->sides[1]);
    free(j);
}

static void table_runs(const struct compare_job *j)
{
    char file[256], scenario[128], started[64];
    size_t i;

    for (i = 0; i < 2 * j->pairs; i++) {
        const struct baseline_run *r = j->runs[i];

        printf("%-7s %s: %s, %s%s\n", i % 2 == 0 ? "before" : "now",
               text_safe(file, sizeof file, r->file),
               text_safe(scenario, sizeof scenario, r->scenario),
               text_safe(started, sizeof started, r->started),
               r->n_windows == 0 ? " (nothing to compare in it: no load was "
                                   "held, or an earlier version wrote it)"
                                 : "");
    }
}

static void table_level(const struct compare_level *l, const char *unit,
                        bool ascii)
{
    char x[NUM_MAX], a[64], b[64], text[160];
    int f;

    printf("\n%s%s: %.0f s before, %.0f s now%s\n",
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
               r->shift.held * 100, r->shift.p, compare_answer_name(r->answer));
    }
}

static void job_table(const struct compare_job *j, bool ascii)
{
    const struct baseline_run *first = j->runs[0];
    const char *unit =
        first->n_parts == 1 && !first->parts[0].rate ? " VUs" : " (load)";
    char note[160];
    size_t i;

    table_runs(j);
    for (i = 0; i < j->report.n; i++) {
        table_level(&j->report.levels[i], unit, ascii);
    }
    table_ranked(j);
    comparison_note(&j->report, note, sizeof note);
    printf("\n%s%s%s\n", compare_answer_name(j->answer),
           note[0] != '\0' ? ": " : "", note);
}

static void json_runs(const struct compare_job *j, cJSON *list, size_t which)
{
    size_t i;

    for (i = which; i < 2 * j->pairs; i += 2) {
        cJSON *o = cJSON_CreateObject();

        cJSON_AddStringToObject(o, "file", j->runs[i]->file);
        cJSON_AddStringToObject(o, "scenario", j->runs[i]->scenario);
        cJSON_AddStringToObject(o, "started", j->runs[i]->started);
        cJSON_AddItemToArray(list, o);
    }
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

static void job_json(const struct compare_job *j)
{
    cJSON *root = cJSON_CreateObject();
    char note[160], *text;

    cJSON_AddStringToObject(root, "schema", "brunt-compare/1");
    json_runs(j, cJSON_AddArrayToObject(root, "before"), 0);
    json_runs(j, cJSON_AddArrayToObject(root, "now"), 1);
    cJSON_AddStringToObject(root, "answer", compare_answer_name(j->answer));
    cJSON_AddStringToObject(root, "note",
                            comparison_note(&j->report, note, sizeof note));
    cJSON_AddItemToObject(root, "levels", results_levels(&j->report));
    json_ranked(j, root);
    text = json_print(root, true);
    puts(text);
    free(text);
    cJSON_Delete(root);
}

int cmd_compare(const struct cli_args *a)
{
    struct compare_job *j;
    int code = EXIT_INVALID;

    if (a->n_words < 2 || a->n_words % 2 != 0 ||
        a->n_words > 2 * COMPARE_PAIRS_MAX) {
        fprintf(stderr,
                "brunt compare: expected two results files, before and now, "
                "or up to %d such pairs\n",
                COMPARE_PAIRS_MAX);
        return EXIT_INVALID;
    }
    j = xcalloc(1, sizeof *j);
    if (job_read(j, a)) {
        job_compare(j);
        if (a->set[OPTION_JSON]) {
            job_json(j);
        } else {
            job_table(j, a->set[OPTION_ASCII] ||
                             strcmp(nl_langinfo(CODESET), "UTF-8") != 0);
        }
        code = j->answer == COMPARE_WORSE ? EXIT_WORSE : EXIT_OK;
    }
    job_clear(j);
    return code;
}
