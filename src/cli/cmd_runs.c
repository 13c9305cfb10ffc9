/* SPDX-License-Identifier: MIT
 *
 * brunt runs: the recordings of earlier runs, and what can be done with them
 * beside replaying: to remove them, and to give them names and notes. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/json.h"
#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/load_plan.h"
#include "cli/runs_folder.h"
#include "record/recording_scan.h"
#include "record/recordings.h"

/* Columns of texts in the table. */
enum { RUNS_WHAT = 28, RUNS_TARGET = 30 };

/* One of the list, with how it went, as far as that is known. */
struct runs_row {
    const struct recordings_entry *entry; /* borrowed */
    bool known;                           /* sum and state hold */
    struct recording_sum sum;
    enum recording_state state;
    char problem[300]; /* "" = none */
};

static void runs_look(const struct recordings_entry *entry,
                      struct runs_row *row)
{
    struct err e = ERR_INIT;

    *row = (struct runs_row){.entry = entry, .known = entry->ended};
    if (entry->ended) {
        row->sum = entry->sum;
        row->state = RECORDING_IS_WHOLE;
    } else if (entry->readable) {
        row->known = recording_scan(entry->path, &row->sum, &row->state, &e);
        text_safe(row->problem, sizeof row->problem, e.text);
    } else {
        snprintf(row->problem, sizeof row->problem, "%s", entry->problem);
    }
}

static const char *runs_file(const struct recordings_entry *entry)
{
    const char *slash = strrchr(entry->path, '/');

    return slash != NULL ? slash + 1 : entry->path;
}

/* --- The table --- */

/* s in so many columns, cut with ".." or filled. */
static void runs_cell(const char *s, int cols)
{
    int width = text_width(s);

    if (width > cols) {
        size_t fit = text_fit(s, cols - 2);
        char head[256];

        snprintf(head, sizeof head, "%.*s..", (int)fit, s);
        printf("%s%*s  ", head, cols - text_width(head), "");
    } else {
        printf("%s%*s  ", s, cols - width, "");
    }
}

/* "failed, critical"; of what has no end, what became of it. */
static void runs_verdict(const struct runs_row *row)
{
    if (!row->known) {
        fputs("not readable", stdout);
    } else if (row->state != RECORDING_IS_WHOLE) {
        fputs(recording_state_name(row->state), stdout);
    } else {
        fputs(run_status_name(row->sum.status), stdout);
        if (row->sum.level != VERDICT_UNKNOWN) {
            printf(", %s", verdict_level_name(row->sum.level));
        }
        if (row->sum.suspect) {
            fputs(", generator suspect", stdout);
        }
    }
}

static void runs_figures(const struct runs_row *row)
{
    const struct recording_sum *s = &row->sum;
    char length[NUM_MAX] = "-", vus[NUM_MAX] = "-", p95[NUM_MAX] = "-",
         errors[NUM_MAX] = "-";

    if (row->known) {
        num_clock(length, s->t_us);
        num_count(vus, s->vus_peak);
        if (s->responses > 0) {
            num_latency(p95, s->p95_us);
        }
        if (s->requests > 0) {
            num_percent(errors, (double)s->failed / (double)s->requests);
        }
    }
    printf("%8s  %6s  %8s  %7s  ", length, vus, p95, errors);
}

static void runs_line(const struct runs_row *row, size_t number)
{
    const struct recordings_entry *x = row->entry;
    char when[32], what[300];

    wall_local(x->when, when, sizeof when);
    printf("%3zu  %.16s  ", number, when);
    if (x->readable) {
        snprintf(what, sizeof what, "%s, %s", x->meta.plan, x->meta.scenario);
        runs_cell(what, RUNS_WHAT);
        runs_cell(x->meta.target, RUNS_TARGET);
    } else {
        text_safe(what, sizeof what, runs_file(x));
        runs_cell(what, RUNS_WHAT);
        runs_cell("-", RUNS_TARGET);
    }
    runs_figures(row);
    runs_verdict(row);
    putchar('\n');
    if (x->label.name[0] != '\0' || x->label.note[0] != '\0') {
        printf("     %s%s%s\n", x->label.name,
               x->label.name[0] != '\0' && x->label.note[0] != '\0' ? ": " : "",
               x->label.note);
    }
    if (row->problem[0] != '\0') {
        printf("     %s\n", row->problem);
    }
}

static void runs_table(const struct recordings *r, const char *folder)
{
    struct runs_row row;
    char shown[RECORDINGS_PATH_MAX];
    size_t i;

    if (r->n == 0) {
        printf("no run has been recorded yet (in %s)\n",
               text_safe(shown, sizeof shown, folder));
        return;
    }
    printf("%3s  %-16s  %-*s  %-*s  %8s  %6s  %8s  %7s  %s\n", "", "when",
           RUNS_WHAT, "plan, scenario", RUNS_TARGET, "target", "length", "peak",
           "p95", "errors", "verdict");
    for (i = 0; i < r->n; i++) {
        runs_look(&r->list[i], &row);
        runs_line(&row, i + 1);
    }
}

/* --- JSON --- */

static void runs_json_text(cJSON *o, const char *key, bool known,
                           const char *text)
{
    if (known) {
        cJSON_AddStringToObject(o, key, text);
    } else {
        cJSON_AddNullToObject(o, key);
    }
}

static void runs_json_number(cJSON *o, const char *key, bool known, double v)
{
    if (known) {
        cJSON_AddNumberToObject(o, key, v);
    } else {
        cJSON_AddNullToObject(o, key);
    }
}

static void runs_json_sum(cJSON *o, const struct runs_row *row)
{
    const struct recording_sum *s = &row->sum;
    bool known = row->known;
    bool ended = known && row->state == RECORDING_IS_WHOLE;

    runs_json_text(o, "state", known, recording_state_name(row->state));
    runs_json_number(o, "duration_s", known, (double)(s->t_us / 1000) / 1e3);
    runs_json_number(o, "vus_peak", known, s->vus_peak);
    runs_json_number(o, "requests", known, (double)s->requests);
    runs_json_number(o, "failed", known, (double)s->failed);
    runs_json_number(o, "p95_ms", known && s->responses > 0,
                     (double)s->p95_us / 1e3);
    runs_json_text(o, "status", ended, run_status_name(s->status));
    runs_json_number(o, "exit_code", ended, s->exit_code);
    runs_json_text(o, "outcome", ended, s->outcome);
    runs_json_text(o, "verdict", known, verdict_level_name(s->level));
    runs_json_text(o, "verdict_text", known, s->verdict);
    if (known) {
        cJSON_AddBoolToObject(o, "suspect", s->suspect);
    } else {
        cJSON_AddNullToObject(o, "suspect");
    }
    runs_json_number(o, "held_back", ended, (double)s->held_back);
}

static cJSON *runs_json_row(const struct runs_row *row, size_t number)
{
    const struct recordings_entry *x = row->entry;
    cJSON *o = cJSON_CreateObject();
    char started[40], file[RECORDINGS_PATH_MAX];

    wall_rfc3339(x->when, started, sizeof started);
    cJSON_AddNumberToObject(o, "number", (double)number);
    cJSON_AddStringToObject(o, "file", text_safe(file, sizeof file, x->path));
    cJSON_AddNumberToObject(o, "bytes", (double)x->bytes);
    runs_json_text(o, "started", x->readable, started);
    runs_json_text(o, "plan", x->readable, x->meta.plan);
    runs_json_text(o, "scenario", x->readable, x->meta.scenario);
    runs_json_text(o, "target", x->readable, x->meta.target);
    runs_json_text(o, "version", x->readable, x->meta.version);
    runs_json_text(o, "machine", x->readable, x->meta.machine);
    runs_json_text(o, "system", x->readable, x->meta.system);
    cJSON_AddBoolToObject(o, "hunt", x->meta.hunt);
    runs_json_text(o, "name", x->label.name[0] != '\0', x->label.name);
    runs_json_text(o, "note", x->label.note[0] != '\0', x->label.note);
    runs_json_sum(o, row);
    runs_json_text(o, "problem", row->problem[0] != '\0', row->problem);
    return o;
}

static void runs_json(const struct recordings *r)
{
    cJSON *root = cJSON_CreateObject(), *list;
    struct runs_row row;
    char *text;
    size_t i;

    cJSON_AddStringToObject(root, "schema", "brunt-runs/1");
    list = cJSON_AddArrayToObject(root, "runs");
    for (i = 0; i < r->n; i++) {
        runs_look(&r->list[i], &row);
        cJSON_AddItemToArray(list, runs_json_row(&row, i + 1));
    }
    text = json_print(root, true);
    puts(text);
    free(text);
    cJSON_Delete(root);
}

/* --- What can be done with them --- */

static int runs_list(const struct cli_args *a)
{
    char folder[RECORDINGS_PATH_MAX];
    struct err e = ERR_INIT;
    struct recordings r;

    runs_folder(folder, sizeof folder);
    if (!recordings_list(folder, &r, &e)) {
        print_err(&e);
        return EXIT_INVALID;
    }
    if (a->set[OPTION_JSON]) {
        runs_json(&r);
    } else {
        runs_table(&r, folder);
    }
    recordings_clear(&r);
    return EXIT_OK;
}

/* Was it named before? */
static bool runs_twice(char (*paths)[RECORDINGS_PATH_MAX], size_t i)
{
    size_t k;

    for (k = 1; k < i; k++) {
        if (strcmp(paths[k], paths[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* All that are meant are known before the first is gone: numbers are those of
 * the list as it was. */
static int runs_remove(const struct cli_args *a)
{
    char(*paths)[RECORDINGS_PATH_MAX] = xcalloc(a->n_words, sizeof *paths);
    struct err e = ERR_INIT;
    size_t i;
    bool ok = true;

    for (i = 1; i < a->n_words && ok; i++) {
        ok = runs_find(a->words[i], paths[i], sizeof paths[i], &e);
    }
    for (i = 1; i < a->n_words && ok; i++) {
        ok = runs_twice(paths, i) || recordings_remove(paths[i], &e);
    }
    if (!ok) {
        print_err(&e);
    }
    free(paths);
    return ok ? EXIT_OK : EXIT_INVALID;
}

/* Is it the name of another one? */
static bool runs_name_free(const char *path, const char *name, struct err *e)
{
    char other[RECORDINGS_PATH_MAX];

    if (name[0] == '\0' || !recording_name_ok(name, e)) {
        return name[0] == '\0';
    }
    /* Not a file of this folder that happens to be called that. */
    if (runs_find(name, other, sizeof other, NULL) &&
        strcmp(other, path) != 0 && strcmp(other, name) != 0) {
        err_set(e, ERR_RANGE,
                "another run has the name '%s': give it another one, or ''",
                name);
        return false;
    }
    return true;
}

static int runs_label(const struct cli_args *a, bool name)
{
    char path[RECORDINGS_PATH_MAX];
    const char *text = a->words[2];
    struct err e = ERR_INIT;

    if (runs_find(a->words[1], path, sizeof path, &e) &&
        (!name || runs_name_free(path, text, &e)) &&
        recording_relabel(path, name ? text : NULL, name ? NULL : text, &e)) {
        return EXIT_OK;
    }
    print_err(&e);
    return EXIT_INVALID;
}

int cmd_runs(const struct cli_args *a)
{
    const char *verb = a->n_words > 0 ? a->words[0] : "";
    char shown[96];

    if (a->n_words == 0) {
        return runs_list(a);
    }
    if (a->set[OPTION_JSON]) {
        fputs("brunt runs: --json goes with the list alone\n", stderr);
    } else if (strcmp(verb, "rm") == 0 && a->n_words >= 2) {
        return runs_remove(a);
    } else if (strcmp(verb, "name") == 0 && a->n_words == 3) {
        return runs_label(a, true);
    } else if (strcmp(verb, "note") == 0 && a->n_words == 3) {
        return runs_label(a, false);
    } else {
        fprintf(stderr,
                "brunt runs: '%s' with %zu words behind it: expected nothing, "
                "rm WHAT..., name WHAT NAME or note WHAT TEXT\n",
                text_safe(shown, sizeof shown, verb), a->n_words - 1);
    }
    return EXIT_INVALID;
}
