/* SPDX-License-Identifier: MIT
 *
 * brunt replay: a recorded run again: on the same screen, which cannot tell but
 * for what it says of the replay itself, or as plain lines. */
#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/load_plan.h"
#include "cli/replay_internal.h"
#include "cli/runs_folder.h"
#include "record/recordings.h"

static int replay_next(void *ctx, struct tick_read *out, struct err *e)
{
    return recording_next(ctx, out, e);
}

static void replay_rewind(void *ctx)
{
    recording_rewind(ctx);
}

struct player_source replay_source(struct replay *r)
{
    return (struct player_source){replay_next, replay_rewind, r->recording};
}

/* As a run: without a terminal there is no screen. */
static bool replay_is_plain(const struct cli_args *a)
{
    return a->set[OPTION_HEADLESS] || !isatty(STDOUT_FILENO);
}

/* Options that are of one of the two ways alone. */
static bool replay_fits(const struct cli_args *a, bool plain)
{
    static const struct {
        enum opt_id id;
        bool plain;
        const char *why;
    } rows[] = {
        {OPTION_RESULTS, true, "w on the screen writes those of a moment"},
        {OPTION_SUMMARY_EXPORT, true, "it is written when all was read"},
        {OPTION_QUIET, true, "the screen has no lines"},
        {OPTION_SPEED, false, "without a screen all is read at once"},
        {OPTION_FROM, false, "without a screen all is read"},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (a->set[rows[i].id] && rows[i].plain != plain) {
            fprintf(stderr, "brunt replay: --%s %s --headless%s: %s\n",
                    opt_row(rows[i].id)->name,
                    rows[i].plain ? "goes with" : "does not go with",
                    a->set[OPTION_HEADLESS] == plain
                        ? ""
                        : ", the default without a terminal",
                    rows[i].why);
            return false;
        }
    }
    return true;
}

/* Where files of the end go: not over what is read. */
static bool replay_spares(const struct cli_args *a, enum opt_id id,
                          const char *path)
{
    struct err e = ERR_INIT;
    char text[1024];

    if (!a->set[id]) {
        return true;
    }
    if (file_same(a->text[id], path)) {
        fprintf(stderr,
                "brunt replay: --%s: '%s' is the recording itself: it would be "
                "written over; give another name\n",
                opt_row(id)->name, text_safe(text, sizeof text, a->text[id]));
        return false;
    }
    if (!file_writable(a->text[id], &e)) {
        fprintf(stderr, "brunt replay: --%s: %s\n", opt_row(id)->name,
                err_str(&e, text, sizeof text));
        return false;
    }
    return true;
}

static bool replay_open(struct replay *r)
{
    const struct cli_args *a = r->args;
    char path[RECORDINGS_PATH_MAX];
    struct err e = ERR_INIT;

    if (!runs_find(a->words[0], path, sizeof path, &e)) {
        print_err(&e);
        return false;
    }
    if (!replay_spares(a, OPTION_RESULTS, path) ||
        !replay_spares(a, OPTION_SUMMARY_EXPORT, path)) {
        return false;
    }
    r->recording = recording_open(path, &e);
    if (r->recording == NULL) {
        print_err(&e);
        return false;
    }
    r->story = story_new(recording_info(r->recording));
    if (r->baseline != NULL) {
        story_hold_against(r->story, &r->baseline->earlier);
    }
    return true;
}

int cmd_replay(const struct cli_args *a)
{
    struct replay r = {.args = a};
    bool plain = replay_is_plain(a);
    int code = EXIT_INVALID;

    if (a->n_words != 1) {
        fputs(
            "brunt replay: which run? last, a number or a name of brunt runs, "
            "or a file\n",
            stderr);
        return EXIT_INVALID;
    }
    if (!replay_fits(a, plain) || !settings_read(a, &r.settings) ||
        !load_baseline(a, &r.baseline)) {
        return EXIT_INVALID;
    }
    if (replay_open(&r)) {
        code = plain ? replay_plain(&r) : replay_on_screen(&r);
    }
    story_free(&r.story);
    recording_shut(&r.recording);
    baseline_free(&r.baseline);
    return code;
}
