/* SPDX-License-Identifier: MIT
 *
 * replay_plain - a recorded run as the lines, the summary and the files that it
 * had without a screen. */
#include "config.h"

#include <stdio.h>

#include "base/num.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/load_plan.h"
#include "cli/replay_internal.h"
#include "cli/summary_show.h"
#include "console/console.h"
#include "record/results.h"
#include "record/summary_export.h"
#include "remote/runtime.h"

/* Feeds all there is. false: there is nothing; e says why. */
static bool plain_read(struct replay *r, struct console *c, struct err *e)
{
    struct tick_read t;
    bool any = false;
    int found = recording_next(r->recording, &t, e);

    while (found > 0) {
        any = true;
        story_feed(r->story, &t.tick);
        console_feed(c, &t.tick);
        tick_read_clear(&t);
        found = recording_next(r->recording, &t, e);
    }
    if (found == 0 && !any) {
        err_set(e, ERR_SYNTAX, "there is no moment of the run in it");
    }
    return any;
}

typedef bool plain_write_fn(struct story *s, const char *path, const char *tmp,
                            char *where, size_t size, struct err *e);

/* A file of the end, if it was asked for. */
static bool plain_save(struct replay *r, enum opt_id id, plain_write_fn *write)
{
    struct err e = ERR_INIT;
    char where[512], shown[1024];

    if (!r->args->set[id]) {
        return true;
    }
    if (!write(r->story, r->args->text[id], runtime_temp_folder(), where,
               sizeof where, &e)) {
        print_err(&e);
        return false;
    }
    if (e.code != ERR_NONE) {
        print_err(&e);
        fprintf(stderr, "brunt replay: --%s is in %s instead\n",
                opt_row(id)->name, text_safe(shown, sizeof shown, where));
    }
    return true;
}

int replay_plain(struct replay *r)
{
    struct console_options o = {.quiet = r->args->set[OPTION_QUIET],
                                .ascii = r->settings.ascii,
                                .whole = true};
    struct console *c = console_new(stderr, r->story, &o);
    struct err e = ERR_INIT;
    bool any = plain_read(r, c, &e), saved = false;
    char text[900];

    console_free(&c);
    if (any) {
        bool results = plain_save(r, OPTION_RESULTS, results_write_final);

        saved =
            plain_save(r, OPTION_SUMMARY_EXPORT, summary_export_write_final) &&
            results;
        summary_show(r->story, &r->settings, r->baseline,
                     recording_live(r->recording));
    }
    if (e.code != ERR_NONE) {
        fprintf(stderr, "brunt replay: %s%s\n",
                any ? "that is all there is of the run: " : "",
                err_str(&e, text, sizeof text));
    }
    return any && saved ? EXIT_OK : EXIT_INVALID;
}
