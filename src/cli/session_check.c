/* SPDX-License-Identifier: MIT
 *
 * session_check - what can be known to go wrong at a run's end, before it. */
#include "config.h"

#include "cli/session.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "record/junit.h"

bool session_headless(const struct cli_args *a)
{
    return a->set[OPTION_HEADLESS] || !isatty(STDOUT_FILENO);
}

static bool session_writable(const struct cli_args *a, enum opt_id id)
{
    struct err e = ERR_INIT;
    char text[1024];

    if (!a->set[id] || file_writable(a->text[id], &e)) {
        return true;
    }
    fprintf(stderr, "brunt: --%s: %s\n", opt_row(id)->name,
            err_str(&e, text, sizeof text));
    return false;
}

/* A file that the run reads: where it stands at the end, its own plan would be
 * gone. */
static bool session_spares(const struct cli_args *a, enum opt_id id,
                           const struct plan *p)
{
    const char *const dials[] = {p->file, p->http.dial.ca, p->http.dial.cert,
                                 p->http.dial.key};
    const size_t n_dials = sizeof dials / sizeof dials[0];
    char shown[512];
    size_t i;

    for (i = 0; a->set[id] && i < n_dials + p->n_sources; i++) {
        const char *read = i < n_dials ? dials[i] : p->sources[i - n_dials];

        if (read != NULL && file_same(a->text[id], read)) {
            fprintf(stderr,
                    "brunt: --%s: '%s' is %s: it would be written over; give "
                    "another name\n",
                    opt_row(id)->name,
                    text_safe(shown, sizeof shown, a->text[id]),
                    i == 0 ? "the plan that is to run"
                           : "a file that the run reads");
            return false;
        }
    }
    return true;
}

/* What is written as it comes cannot replace a file at the end. */
static bool session_new_record(const struct cli_args *a)
{
    char shown[512];

    if (a->set[OPTION_RECORD] && a->set[OPTION_NO_RECORD]) {
        fputs("brunt: --record and --no-record: give one or the other\n",
              stderr);
        return false;
    }
    if (a->set[OPTION_RECORD] && access(a->text[OPTION_RECORD], F_OK) == 0) {
        fprintf(stderr,
                "brunt: --record: '%s' is there already: give another name, "
                "or remove it\n",
                text_safe(shown, sizeof shown, a->text[OPTION_RECORD]));
        return false;
    }
    return session_writable(a, OPTION_RECORD);
}

/* What a run writes: the last to be written would be all there is. */
static bool session_apart(const struct cli_args *a)
{
    static const enum opt_id out[] = {OPTION_RECORD, OPTION_RESULTS,
                                      OPTION_SUMMARY_EXPORT, OPTION_JUNIT};
    const size_t n = sizeof out / sizeof out[0];
    char shown[512];
    size_t i, k;

    for (i = 0; i < n; i++) {
        for (k = i + 1; k < n; k++) {
            if (a->set[out[i]] && a->set[out[k]] &&
                (strcmp(a->text[out[i]], a->text[out[k]]) == 0 ||
                 file_same(a->text[out[i]], a->text[out[k]]))) {
                fprintf(stderr,
                        "brunt: --%s and --%s: both are '%s': give each a "
                        "name of its own\n",
                        opt_row(out[i])->name, opt_row(out[k])->name,
                        text_safe(shown, sizeof shown, a->text[out[k]]));
                return false;
            }
        }
    }
    return true;
}

bool session_check_files(const struct cli_args *a, const struct plan *p)
{
    if (a->set[OPTION_JUNIT] && !junit_supported()) {
        fputs("brunt: --junit: this brunt was built without libxml2 (install "
              "it, configure and build again)\n",
              stderr);
        return false;
    }
    return session_apart(a) && session_new_record(a) &&
           session_spares(a, OPTION_RESULTS, p) &&
           session_spares(a, OPTION_SUMMARY_EXPORT, p) &&
           session_spares(a, OPTION_JUNIT, p) &&
           session_writable(a, OPTION_RESULTS) &&
           session_writable(a, OPTION_SUMMARY_EXPORT) &&
           session_writable(a, OPTION_JUNIT);
}

bool session_check(const struct cli_args *a, const struct plan *p,
                   const struct lineup *l)
{
    bool endless = false;
    size_t i;

    for (i = 0; i < l->n; i++) {
        endless = endless || (l->list[i].duration_us == UINT64_MAX &&
                              l->list[i].executor == EXECUTOR_CONSTANT_VUS);
    }
    if (session_headless(a) && endless) {
        fputs("brunt: without a terminal a URL needs an end: -d 30s or "
              "-i 100\n",
              stderr);
        return false;
    }
    return session_check_files(a, p);
}
