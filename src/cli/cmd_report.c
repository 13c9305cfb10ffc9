/* SPDX-License-Identifier: MIT
 *
 * brunt report: a recorded run as one page that opens anywhere, or the same
 * essence as Markdown; beside an earlier run, if one is named. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/compare_job.h"
#include "cli/earlier.h"
#include "cli/load_plan.h"
#include "cli/runs_folder.h"
#include "console/github.h"
#include "record/recording_in.h"
#include "record/recording_scan.h"
#include "record/recordings.h"
#include "record/report.h"
#include "record/results.h"

/* A recording and what was read of it. */
struct report_run {
    char path[RECORDINGS_PATH_MAX];
    struct recording_in *recording; /* owned, as the next */
    struct story *story;
};

struct report_job {
    const struct cli_args *args;
    struct report_run run;
    struct compare_job *compare; /* owned; NULL = there is no earlier run */
    const char *where;           /* it goes; "-" = standard output */
    char name[RECORDINGS_PATH_MAX + 8]; /* that it has by itself */
};

static void run_clear(struct report_run *r)
{
    story_free(&r->story);
    recording_shut(&r->recording);
}

/* All there is of it, into a story. */
static bool run_play(struct report_run *r)
{
    struct err e = ERR_INIT;
    char text[900];
    uint64_t n = 0;

    r->story = story_new(recording_info(r->recording));
    if (recording_feed(r->recording, r->story, &n, &e) == RECORDING_IS_WHOLE &&
        n == 0) {
        err_set(&e, ERR_SYNTAX, "there is no moment of the run in it");
    }
    if (e.code != ERR_NONE) {
        fprintf(stderr, "brunt report: %s%s\n",
                n > 0 ? "that is all there is of the run: " : "",
                err_str(&e, text, sizeof text));
    }
    return n > 0;
}

static bool run_read(struct report_run *r, const char *what)
{
    struct err e = ERR_INIT;

    if (!runs_find(what, r->path, sizeof r->path, &e)) {
        print_err(&e);
        fputs("brunt report: a report is made of a recording, which each run "
              "leaves behind unless it is told --no-record; then run it once "
              "more, without that\n",
              stderr);
        return false;
    }
    r->recording = recording_open(r->path, &e);
    if (r->recording == NULL) {
        print_err(&e);
        return false;
    }
    return run_play(r);
}

/* A file of JSON, as results are: no recording, whatever it is called. */
static bool report_is_json(const char *path)
{
    char first[64];
    struct stat st;
    FILE *f;
    size_t n, i;

    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
        return false;
    }
    f = fopen(path, "re");
    if (f == NULL) {
        return false;
    }
    n = fread(first, 1, sizeof first, f);
    fclose(f);
    for (i = 0; i < n && strchr(" \t\r\n", first[i]) != NULL; i++) {
    }
    return i < n && first[i] == '{';
}

/* The run as a results file would have it: what runs are compared by. */
static struct baseline_run *report_side(const struct report_run *r)
{
    struct err e = ERR_INIT;
    char *text = results_text(r->story);
    struct baseline_run *b = baseline_parse(text, strlen(text), r->path, &e);

    if (b == NULL) {
        print_err(&e);
    }
    free(text);
    return b;
}

static bool report_compare(struct report_job *j)
{
    struct err e = ERR_INIT;

    if (j->args->n_words < 2) {
        return true;
    }
    j->compare = xcalloc(1, sizeof *j->compare);
    j->compare->a[0] = earlier_read(j->args->words[1], &e);
    if (j->compare->a[0] == NULL) {
        print_err(&e);
        return false;
    }
    j->compare->b[0] = report_side(&j->run);
    if (j->compare->b[0] == NULL) {
        return false;
    }
    j->compare->pairs = 1;
    compare_job_do(j->compare);
    /* Both are RFC 3339 in UTC. */
    if (strcmp(j->compare->a[0]->started, j->compare->b[0]->started) > 0) {
        fputs("brunt report: the run named second, which is held to be the "
              "earlier one, began later\n",
              stderr);
    }
    return true;
}

/* "NAME.html" in the current folder, after the recording. */
static void report_name(struct report_job *j)
{
    const char *slash = strrchr(j->run.path, '/');
    const char *base = slash != NULL ? slash + 1 : j->run.path;
    size_t n = strlen(base), end = strlen(RECORDINGS_END);

    if (n > end && strcmp(base + n - end, RECORDINGS_END) == 0) {
        n -= end;
    }
    snprintf(j->name, sizeof j->name, "%.*s.html", (int)n, base);
}

/* Where it goes; before anything is worked out. */
static bool report_place(struct report_job *j)
{
    const struct cli_args *a = j->args;
    struct err e = ERR_INIT;
    char text[1100];
    struct stat st;

    if (a->set[OPTION_OUTPUT]) {
        j->where = a->text[OPTION_OUTPUT];
    } else if (a->set[OPTION_MARKDOWN]) {
        j->where = "-";
    } else {
        report_name(j);
        j->where = j->name;
    }
    if (strcmp(j->where, "-") == 0) {
        return true;
    }
    text_safe(text, sizeof text, j->where);
    if (file_same(j->where, j->run.path)) {
        fprintf(stderr,
                "brunt report: '%s' is the recording itself: give another name "
                "with -o\n",
                text);
        return false;
    }
    if (!a->set[OPTION_FORCE] && stat(j->where, &st) == 0 &&
        S_ISREG(st.st_mode)) {
        fprintf(stderr,
                "brunt report: '%s' is there already: give another name with "
                "-o, or write over it with --force\n",
                text);
        return false;
    }
    if (!file_writable(j->where, &e)) {
        fprintf(stderr, "brunt report: --output: %s\n",
                err_str(&e, text, sizeof text));
        return false;
    }
    return true;
}

static char *report_as_html(struct report_job *j)
{
    struct report_beside beside;
    struct report_options o = {
        .meta = recording_meta(j->run.recording),
        .label = recording_label(j->run.recording),
        .live = recording_live(j->run.recording),
    };

    if (j->compare != NULL) {
        beside =
            (struct report_beside){j->compare->a[0], j->compare->b[0],
                                   j->compare->versus, &j->compare->report};
        o.beside = &beside;
    }
    return report_html(j->run.story, &o);
}

static char *report_as_markdown(struct report_job *j)
{
    char *head = github_summary(j->run.story, recording_live(j->run.recording),
                                GITHUB_SUMMARY_MAX);
    char *means = report_insights_markdown(j->run.story);
    struct buf out;

    buf_init(&out, 4 * GITHUB_SUMMARY_MAX);
    buf_adds(&out, head);
    buf_adds(&out, means);
    if (j->compare != NULL) {
        buf_addc(&out, '\n');
        compare_markdown_add(j->compare, &out);
    }
    free(head);
    free(means);
    return buf_take(&out);
}

static bool report_write(const struct report_job *j, const char *text)
{
    struct err e = ERR_INIT;
    char shown[1100];

    if (strcmp(j->where, "-") == 0) {
        errno = 0;
        fputs(text, stdout);
        if (fflush(stdout) != 0 || ferror(stdout)) {
            fprintf(stderr, "brunt report: it could not be written: %s\n",
                    errno != 0 ? strerror(errno) : "output error");
            return false;
        }
        return true;
    }
    if (!file_write(j->where, text, strlen(text), &e)) {
        print_err(&e);
        return false;
    }
    printf("%s\n", text_safe(shown, sizeof shown, j->where));
    return true;
}

static bool report_make(struct report_job *j)
{
    const struct cli_args *a = j->args;
    char shown[1100], *text;
    bool ok;

    if (report_is_json(a->words[0])) {
        fprintf(stderr,
                "brunt report: '%s' is JSON: of results, which have neither "
                "errors by kind over time nor how latency spreads, no report "
                "is made; give the run's recording (brunt runs lists them)\n",
                text_safe(shown, sizeof shown, a->words[0]));
        return false;
    }
    if (!run_read(&j->run, a->words[0]) || !report_place(j) ||
        !report_compare(j)) {
        return false;
    }
    text = a->set[OPTION_MARKDOWN] ? report_as_markdown(j) : report_as_html(j);
    if (text == NULL) {
        fprintf(stderr,
                "brunt report: the page would be larger than %u MB: this is no "
                "recording that brunt made\n",
                REPORT_BYTES_MAX >> 20);
        return false;
    }
    ok = report_write(j, text);
    free(text);
    return ok;
}

int cmd_report(const struct cli_args *a)
{
    struct report_job j = {.args = a};
    bool ok;

    if (a->n_words < 1 || a->n_words > 2) {
        fputs("brunt report: which run? last, a number or a name of brunt "
              "runs, or a recording; behind it, if it is to be compared, an "
              "earlier one or its results\n",
              stderr);
        return EXIT_INVALID;
    }
    ok = report_make(&j);
    if (j.compare != NULL) {
        compare_job_free(&j.compare);
    }
    run_clear(&j.run);
    return ok ? EXIT_OK : EXIT_INVALID;
}
