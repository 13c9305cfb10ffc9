/* SPDX-License-Identifier: MIT
 *
 * screen - the live picture of a run, on a thread of its own: it takes the
 * terminal, draws from a story, and posts what the person asks for. The only
 * part of the program that touches curses. All calls below come from the main
 * thread; none of them waits for the terminal. */
#ifndef SCREEN_SCREEN_H
#define SCREEN_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "run/command.h"
#include "run/story.h"
#include "screen/keymap.h"
#include "screen/theme.h"

struct baseline_run;
struct replay_port;
struct screen; /* opaque */

struct screen_config {
    struct story *story; /* borrowed until screen_stop */
    /* A command of the keyboard; called on the screen's thread. */
    void (*post)(void *ctx, const struct command *cmd);
    void *post_ctx;
    /* After screen_finish: the person has left the finished screen, or there
     * is no terminal any more. Called once, on the screen's thread. */
    void (*left)(void *ctx);
    void *left_ctx;
    const char *host;   /* where the load goes, for the question before the
                           first steer upwards; borrowed */
    bool host_is_local; /* no such question */
    bool own_service;   /* the service is in this process (brunt demo) */
    bool ascii;         /* --ascii; else by the locale */
    bool no_color;      /* --no-color or NO_COLOR */
    enum theme theme;   /* which one it begins with */
    uint32_t step;      /* of ] and [ at first; 0 = 10 */
    bool spectator;     /* a second screen: q leaves it, not the run */
    bool steer;         /* and its keys steer */
    bool mouse;         /* on from the start */
    const struct keymap *keys; /* borrowed; NULL = as in the table */
    /* What is shown is a replay, and its keys ask this for what they do; NULL =
     * it is a run. Borrowed until screen_stop. The person may leave at any
     * time. */
    const struct replay_port *replay;
    /* An earlier run, shown behind this one; NULL = none. Borrowed until
     * screen_stop. */
    const struct baseline_run *baseline;
};

/* Takes the terminal: the one that standard output is connected to. Sets the
 * process's LC_CTYPE from the environment, sends standard error to memory
 * until screen_stop, and catches SEGV, ABRT, BUS, FPE and ILL in order to give
 * the terminal back before the process dies. Handlers for INT, TERM, HUP,
 * TSTP, CONT and WINCH are the caller's. false: this terminal cannot show it
 * (unknown or dumb TERM, no terminal); nothing was changed. */
bool screen_start(const struct screen_config *config, struct screen **s,
                  struct err *e) MUST_CHECK;
/* Something new is in the story. */
void screen_tick(struct screen *s);
/* On SIGWINCH. */
void screen_resize(struct screen *s);
/* On SIGTSTP: gives the terminal back, returns when that is done (at most half
 * a second where the terminal takes no bytes). The caller then stops the
 * process, and calls screen_resume when it goes on (SIGCONT). */
void screen_suspend(struct screen *s);
void screen_resume(struct screen *s);
/* The run is over. Its verdict stays on the screen until the person leaves, and
 * with it a line of where its files are ("" = nowhere; nothing in it that a
 * terminal could obey). Once. */
void screen_finish(struct screen *s, const char *files);
/* Gives the terminal back as it was, joins the thread, prints on standard
 * error what was kept back. *s may be NULL; is NULL afterwards. */
void screen_stop(struct screen **s);

#endif
