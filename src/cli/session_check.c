/* SPDX-License-Identifier: MIT
 *
 * session_check - what can be known to go wrong at a run's end, before it. */
#include "config.h"

#include "cli/session.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/out_args.h"
#include "record/junit.h"

bool session_headless(const struct cli_args *a)
{
    return a->set[OPTION_HEADLESS] || !isatty(STDOUT_FILENO);
}

/* A file that a run writes. */
struct written {
    const char *option; /* without its dashes */
    const char *path;   /* borrowed */
    bool tried;         /* whether it can be is seen when it is opened */
};
/* Four of the end and the recording, and streams. */
enum { WRITTEN_MAX = 4 + OUTPUTS_MAX };

static void written_add(struct written *list, size_t *n, const char *option,
                        const char *path, bool tried)
{
    if (path != NULL) {
        list[(*n)++] = (struct written){option, path, tried};
    }
}

/* false: said why on standard error. */
static bool written_of(const struct cli_args *a, struct written *list,
                       size_t *n)
{
    static const enum opt_id ends[] = {OPTION_RESULTS, OPTION_SUMMARY_EXPORT,
                                       OPTION_JUNIT};
    struct out_arg outs[OUTPUTS_MAX];
    size_t n_outs, i;

    *n = 0;
    written_add(list, n, opt_row(OPTION_RECORD)->name,
                a->set[OPTION_RECORD] ? a->text[OPTION_RECORD] : NULL, false);
    for (i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        written_add(list, n, opt_row(ends[i])->name,
                    a->set[ends[i]] ? a->text[ends[i]] : NULL, false);
    }
    if (!out_args(a, outs, &n_outs)) {
        return false;
    }
    for (i = 0; i < n_outs; i++) {
        written_add(list, n, opt_row(OPTION_OUT)->name,
                    outs[i].kind->file ? outs[i].place : NULL, true);
    }
    return true;
}

static bool written_may(const struct written *w)
{
    struct err e = ERR_INIT;
    char text[1024];

    if (file_writable(w->path, &e)) {
        return true;
    }
    fprintf(stderr, "brunt: --%s: %s\n", w->option,
            err_str(&e, text, sizeof text));
    return false;
}

/* A file that the run reads: where it stands at the end, its own plan would be
 * gone. */
static bool written_spares(const struct written *w, const struct plan *p)
{
    const char *const dials[] = {p->file, p->http.dial.ca, p->http.dial.cert,
                                 p->http.dial.key};
    const size_t n_dials = sizeof dials / sizeof dials[0];
    char shown[512];
    size_t i;

    for (i = 0; i < n_dials + p->n_sources; i++) {
        const char *read = i < n_dials ? dials[i] : p->sources[i - n_dials];

        if (read != NULL && file_same(w->path, read)) {
            fprintf(stderr,
                    "brunt: --%s: '%s' is %s: it would be written over; give "
                    "another name\n",
                    w->option, text_safe(shown, sizeof shown, w->path),
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
    return true;
}

/* The same name in the same folder, where there is no file yet. */
static bool written_same(const char *a, const char *b)
{
    const char *a_name = strrchr(a, '/'), *b_name = strrchr(b, '/');
    char a_folder[PATH_MAX], b_folder[PATH_MAX];

    a_name = a_name != NULL ? a_name + 1 : a;
    b_name = b_name != NULL ? b_name + 1 : b;
    snprintf(a_folder, sizeof a_folder, "%.*s.", (int)(a_name - a), a);
    snprintf(b_folder, sizeof b_folder, "%.*s.", (int)(b_name - b), b);
    return file_same(a, b) ||
           (strcmp(a_name, b_name) == 0 && file_same(a_folder, b_folder));
}

/* /dev/null takes what all of them say; of a file the last to be written would
 * be all there is, and lines of two would mix in a pipe. */
static bool written_device(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISCHR(st.st_mode);
}

static bool written_apart(const struct written *list, size_t n)
{
    char shown[512];
    size_t i, k;

    for (i = 0; i < n; i++) {
        for (k = i + 1; k < n; k++) {
            if (written_same(list[i].path, list[k].path) &&
                !written_device(list[i].path)) {
                fprintf(stderr,
                        "brunt: --%s and --%s: both are '%s': give each a "
                        "name of its own\n",
                        list[i].option, list[k].option,
                        text_safe(shown, sizeof shown, list[k].path));
                return false;
            }
        }
    }
    return true;
}

/* Where standard output or standard error are a file, what goes there stands at
 * places of its own. */
static bool written_elsewhere(const struct written *w)
{
    static const struct {
        int fd;
        const char *name;
    } said[] = {{STDOUT_FILENO, "output"}, {STDERR_FILENO, "error"}};
    struct stat st, is;
    char shown[512];
    size_t i;

    for (i = 0; i < sizeof said / sizeof said[0]; i++) {
        if (stat(w->path, &st) == 0 && fstat(said[i].fd, &is) == 0 &&
            S_ISREG(is.st_mode) && st.st_dev == is.st_dev &&
            st.st_ino == is.st_ino) {
            fprintf(stderr,
                    "brunt: --%s: '%s' is where standard %s goes: they would "
                    "write over each other; give another name\n",
                    w->option, text_safe(shown, sizeof shown, w->path),
                    said[i].name);
            return false;
        }
    }
    return true;
}

bool session_check_files(const struct cli_args *a, const struct plan *p)
{
    struct written list[WRITTEN_MAX];
    size_t n, i;
    bool ok;

    if (a->set[OPTION_JUNIT] && !junit_supported()) {
        fputs("brunt: --junit: this brunt was built without libxml2 (install "
              "it, configure and build again)\n",
              stderr);
        return false;
    }
    ok = written_of(a, list, &n) && written_apart(list, n) &&
         session_new_record(a);
    for (i = 0; ok && i < n; i++) {
        ok = written_spares(&list[i], p) && written_elsewhere(&list[i]) &&
             (list[i].tried || written_may(&list[i]));
    }
    return ok;
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
