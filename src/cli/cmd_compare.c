/* SPDX-License-Identifier: MIT
 *
 * brunt compare: is the second of two runs better or worse than the first, by
 * how much, and is that more than chance? Of several pairs the runs are put
 * together, and from three pairs on their order decides. With --fail-on the
 * rules decide, and nothing else. */
#include "config.h"

#include <langinfo.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/compare_job.h"
#include "cli/earlier.h"
#include "cli/load_plan.h"
#include "console/github.h"
#include "run/comparison.h"

#define EXIT_WORSE 99

/* All mistakes at once. */
static bool job_rules(struct compare_job *j, const struct cli_args *a)
{
    size_t i, n = a->n_list[OPTION_FAIL_ON];
    bool ok = n <= FAIL_ON_MAX;

    if (!ok) {
        fprintf(stderr, "brunt compare: expected at most %d --fail-on\n",
                FAIL_ON_MAX);
    }
    for (i = 0; i < n && n <= FAIL_ON_MAX; i++) {
        struct err e = ERR_INIT;

        if (!fail_rule_parse(a->list[OPTION_FAIL_ON][i], &j->rules[i], &e)) {
            print_err(&e);
            ok = false;
        }
    }
    j->n_rules = n;
    j->strict = a->set[OPTION_STRICT];
    if (j->strict && n == 0) {
        fputs("brunt compare: --strict is about --fail-on, and there is "
              "none\n",
              stderr);
        ok = false;
    }
    return ok;
}

/* One that is about nothing in the files. */
static bool job_rules_check(const struct compare_job *j)
{
    bool ok = true;
    size_t i;

    for (i = 0; i < j->n_rules; i++) {
        struct err e = ERR_INIT;

        if (!fail_rule_check(&j->rules[i], j->versus, &e)) {
            print_err(&e);
            ok = false;
        }
    }
    return ok;
}

static bool job_read(struct compare_job *j, const struct cli_args *a)
{
    struct err e = ERR_INIT;
    size_t i;

    for (i = 0; i < a->n_words; i++) {
        struct baseline_run **r = i % 2 == 0 ? &j->a[i / 2] : &j->b[i / 2];

        *r = earlier_read(a->words[i], &e);
        if (*r == NULL) {
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
    struct baseline_run *const *runs = which == 0 ? j->a : j->b;
    struct compare_side s = {.n = 0};
    size_t i, n = 0;

    for (i = 0; i < j->pairs; i++) {
        n += runs[i]->n_windows;
    }
    j->sides[which] = xcalloc(n + 1, sizeof **j->sides);
    for (i = 0; i < j->pairs; i++) {
        if (runs[i]->n_windows > 0) {
            memcpy(j->sides[which] + s.n, runs[i]->windows,
                   runs[i]->n_windows * sizeof **j->sides);
        }
        s.n += runs[i]->n_windows;
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
        struct compare_side sa = {j->a[i]->windows, j->a[i]->n_windows};
        struct compare_side sb = {j->b[i]->windows, j->b[i]->n_windows};

        compare_of(&sa, &sb, &each[i]);
    }
    for (f = 0; f < COMPARE_FIGURES; f++) {
        job_rank(j, (enum compare_figure)f, each);
    }
    free(each);
}

/* Where the runs have an order, that decides; where no load was held long
 * enough, the whole. */
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
    if (j->answer == COMPARE_SHORT) {
        j->answer = versus_answer(j->versus);
        j->by_whole = j->answer != COMPARE_SHORT;
    }
}

void compare_job_do(struct compare_job *j)
{
    struct compare_side a = job_side(j, 0), b = job_side(j, 1);

    compare_of(&a, &b, &j->report);
    if (j->pairs >= COMPARE_PAIRS_MIN && j->report.n > 0) {
        job_rank_all(j);
    }
    j->versus = versus_new(j->a, j->b, j->pairs);
    job_answer(j);
}

void compare_job_free(struct compare_job **job)
{
    struct compare_job *j = *job;
    size_t i;

    for (i = 0; i < COMPARE_PAIRS_MAX; i++) {
        baseline_free(&j->a[i]);
        baseline_free(&j->b[i]);
    }
    versus_free(&j->versus);
    free(j->sides[0]);
    free(j->sides[1]);
    free(j);
    *job = NULL;
}

bool compare_fails(const struct compare_job *j, const struct fail_rule *rule)
{
    size_t i;

    for (i = 0; i < j->versus->n; i++) {
        const struct versus_row *row = &j->versus->rows[i];

        if (fail_rule_is_of(rule, row) &&
            fail_state_fails(fail_rule_judge(rule, row, j->strict))) {
            return true;
        }
    }
    return false;
}

const char *compare_title(const struct compare_job *j, char *buf, size_t size)
{
    size_t i, fail = 0;

    for (i = 0; i < j->n_rules; i++) {
        fail += compare_fails(j, &j->rules[i]);
    }
    if (j->n_rules == 1) {
        snprintf(buf, size, "the rule %s; ", fail > 0 ? "fails" : "holds");
    } else if (j->n_rules > 1 && fail == 0) {
        snprintf(buf, size, "all %zu rules hold; ", j->n_rules);
    } else if (j->n_rules > 1) {
        snprintf(buf, size, "%zu of %zu rules fail%s; ", fail, j->n_rules,
                 fail == 1 ? "s" : "");
    } else {
        buf[0] = '\0';
    }
    text_add(buf, size, "%s%s", comparison_answer(j->answer),
             j->by_whole ? " by the whole run" : "");
    return buf;
}

const char *compare_unit(const struct compare_job *j)
{
    const struct baseline_run *first = j->a[0];

    return first->n_parts == 1 && !first->parts[0].rate ? "VUs" : "(load)";
}

static int job_code(const struct compare_job *j)
{
    size_t i;

    for (i = 0; i < j->n_rules; i++) {
        if (compare_fails(j, &j->rules[i])) {
            return EXIT_WORSE;
        }
    }
    return j->n_rules == 0 && j->answer == COMPARE_WORSE ? EXIT_WORSE : EXIT_OK;
}

static void job_tell(const struct compare_job *j, const struct cli_args *a)
{
    if (a->set[OPTION_JSON]) {
        compare_json(j);
    } else if (a->set[OPTION_MARKDOWN]) {
        compare_markdown(j);
    } else {
        compare_table(j, a->set[OPTION_ASCII] ||
                             strcmp(nl_langinfo(CODESET), "UTF-8") != 0);
    }
}

int cmd_compare(const struct cli_args *a)
{
    struct compare_job *j;
    int code = EXIT_INVALID;

    if (a->n_words < 2 || a->n_words % 2 != 0 ||
        a->n_words > 2 * COMPARE_PAIRS_MAX) {
        fprintf(stderr,
                "brunt compare: expected two runs, before and now (results "
                "files, recordings, or what brunt runs lists), or up to %d "
                "such pairs\n",
                COMPARE_PAIRS_MAX);
        return EXIT_INVALID;
    }
    if (a->set[OPTION_JSON] && a->set[OPTION_MARKDOWN]) {
        fputs("brunt compare: --json or --markdown, not both\n", stderr);
        return EXIT_INVALID;
    }
    j = xcalloc(1, sizeof *j);
    if (job_rules(j, a) && job_read(j, a)) {
        compare_job_do(j);
        if (job_rules_check(j)) {
            job_tell(j, a);
            code = job_code(j);
            if (github_is_job()) {
                (void)fflush(stdout);
                compare_github(j);
            }
        }
    }
    compare_job_free(&j);
    return code;
}
