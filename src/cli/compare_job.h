/* SPDX-License-Identifier: MIT
 *
 * compare_job - what brunt compare works on, and the three ways in which it is
 * told: a table, JSON, Markdown. */
#ifndef CLI_COMPARE_JOB_H
#define CLI_COMPARE_JOB_H

#include "base/buf.h"
#include "insight/compare.h"
#include "insight/rank.h"
#include "record/baseline.h"
#include "record/fail_on.h"
#include "record/versus.h"

#define COMPARE_PAIRS_MAX RANK_RUNS_MAX
#define COMPARE_PAIRS_MIN 3 /* that have an order */

/* A figure of all pairs, by the order of the runs. */
struct pairs_figure {
    bool any;
    struct rank_shift shift; /* of logarithms; of errors of their shares */
    double change, low, high;
    enum compare_answer answer;
};

struct compare_job {
    struct baseline_run *a[COMPARE_PAIRS_MAX]; /* owned: before */
    struct baseline_run *b[COMPARE_PAIRS_MAX]; /* now */
    size_t pairs;
    struct window *sides[2]; /* owned: all windows of each */
    struct compare_report report;
    struct pairs_figure ranked[COMPARE_FIGURES]; /* of three pairs or more */
    enum compare_answer answer;
    bool by_whole; /* the answer is the whole runs': no load was held for as
                      long as it takes */
    struct versus *versus;               /* owned */
    struct fail_rule rules[FAIL_ON_MAX]; /* --fail-on */
    size_t n_rules;
    bool strict;
};

/* Compares the pairs that are in it: fills in the rest but for the rules. */
void compare_job_do(struct compare_job *j);
/* Frees it and what it owns. */
void compare_job_free(struct compare_job **j);

/* Does a rule fail? */
bool compare_fails(const struct compare_job *j, const struct fail_rule *rule);
/* "worse", "the rule fails; worse", "2 of 3 rules fail; not enough to say": the
 * heading, by which the exit code can be understood. Returns buf. */
const char *compare_title(const struct compare_job *j, char *buf, size_t size);
/* "VUs" or "load": what levels are of. */
const char *compare_unit(const struct compare_job *j);

/* Printed on standard output. */
void compare_table(const struct compare_job *j, bool ascii);
void compare_json(const struct compare_job *j);
void compare_markdown(const struct compare_job *j);
/* The same, appended. */
void compare_markdown_add(const struct compare_job *j, struct buf *out);
/* Annotations of a job of GitHub Actions: an ::error for each rule that fails
 * or, where there are none, for a run that is worse. On standard error, which
 * such a job reads as well: standard output may be a file. */
void compare_github(const struct compare_job *j);

#endif
