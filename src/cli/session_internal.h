/* SPDX-License-Identifier: MIT
 *
 * session_internal - what session.c (a run from its options to its exit code)
 * and session_signals.c (what signals do to it) share. */
#ifndef CLI_SESSION_INTERNAL_H
#define CLI_SESSION_INTERNAL_H

#include <signal.h>

#include <ev.h>

#include "cli/cli.h"
#include "cli/out_args.h"
#include "cli/session.h"
#include "cli/settings.h"
#include "console/console.h"
#include "record/baseline.h"
#include "record/recording.h"
#include "remote/metrics_port.h"
#include "remote/server.h"
#include "run/conductor.h"
#include "run/story.h"
#include "screen/screen.h"

#define SESSION_MAGIC 0x5e551011u

/* Signals that end a run, and those that only a screen cares about. */
enum { SESSION_ENDING = 3, SESSION_SIGNALS = 5 };

struct session {
    unsigned magic;
    const struct cli_args *args;    /* borrowed */
    const struct hunt_config *hunt; /* borrowed; NULL = none */
    struct settings settings;
    struct ev_loop *loop;
    struct conductor *conductor;
    struct story *story;
    struct baseline_run *baseline; /* NULL = none */
    struct screen *screen;         /* NULL = headless */
    struct console *console;       /* NULL = with a screen */
    struct server *server;        /* the control socket; NULL = there is none */
    struct metrics_port *metrics; /* --metrics-port; NULL = none */
    struct recording *recording;  /* NULL = none */
    bool slow_told;               /* that seconds are put together in it */
    struct out_arg out_args[OUTPUTS_MAX]; /* --out */
    size_t n_out_args;
    struct taps *taps;             /* for one that wants every sample */
    struct out *outs[OUTPUTS_MAX]; /* of these, in order */
    size_t n_outs;
    ev_timer out_look;   /* after the run, whether all has arrived */
    ev_tstamp out_since; /* when that began */
    bool out_waits;      /* it goes on */
    bool out_said;       /* who is waited for */
    char host[256];      /* where the load goes; secrets masked */
    bool host_is_local;
    bool own_service; /* what is loaded is in this process */
    ev_signal signals[SESSION_SIGNALS];
    ev_async left; /* the person left the finished screen */
    bool done;     /* the last tick has been read */
    bool by_signal;
    const char *early; /* the signal that came before there was a conductor */
    char files[200];   /* which were written at the end, for the screen */
    bool saved;        /* they were */
    char results_at[512]; /* where results are then; "" = they are not asked
                             for */
};

/* The recording, before the first tick. false: the one that was asked for
 * cannot be; said why on standard error. */
bool session_record(struct session *s) MUST_CHECK;
void session_record_tick(struct session *s, const struct tick *t);
/* The run is over: the story has all of it. */
void session_record_end(struct session *s);
/* Waits for the disk, and says so; a signal ends that. */
void session_record_close(struct session *s);

/* Before the conductor is made: workers are told whether every sample is
 * wanted. false: said why on standard error. */
bool session_out_begin(struct session *s) MUST_CHECK;
/* The streams to elsewhere, before the first tick. false: one that was asked
 * for cannot be; said why on standard error. */
bool session_out(struct session *s) MUST_CHECK;
void session_out_tick(struct session *s, const struct tick *t);
/* The run is over: session_finish is called when all has arrived, or after a
 * while. */
void session_out_end(struct session *s);
/* A signal: nothing is waited for any more. false: nothing was. */
bool session_out_hurry(struct session *s);
void session_out_close(struct session *s);
/* After the conductor. */
void session_out_free(struct session *s);

/* Writes the files of the end; a second time results alone, which have then how
 * streams fared. */
void session_save(struct session *s);
/* Does that, and ends, or leaves it to the person. */
void session_finish(struct session *s);

/* Signals that end a run are heard from here on, while conductor_new waits for
 * the service, too. */
void session_watch_ending(struct session *s);
/* Those of a screen, and the person who leaves it. */
void session_watch(struct session *s);
void session_unwatch(struct session *s);
/* For conductor_new, which waits for the service, while nobody else turns the
 * loop: has a signal come? ctx: the session. */
bool session_over(void *ctx);

#endif
