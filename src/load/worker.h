/* SPDX-License-Identifier: MIT
 *
 * worker - a thread with its own libev loop, multi handles, VUs and
 * histograms. The conductor posts desired states and asks for reports; what
 * crosses is one mailbox under a short lock, never per request. */
#ifndef LOAD_WORKER_H
#define LOAD_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "load/desired.h"
#include "load/squad.h"

struct gapless;
struct taps;

struct worker_config {
    const struct plan *plan; /* borrowed, as the next two: outlive the worker */
    const struct load_scenario *scenarios; /* n of them; copied */
    size_t n_scenarios;                    /* 1 to LINEUP_MAX */
    struct feeder *feeder;   /* shared; NULL: the plan has no data files */
    const struct clk *clk;   /* the system's */
    struct gapless *gapless; /* borrowed: on this clock VUs wait and measure,
                                while states that are posted are in clk's
                                time; NULL = on clk itself */
    struct gate *gate;       /* shared, borrowed: --rps; NULL = no cap */
    struct taps *taps; /* borrowed: its samples go there as well; NULL = no */
    uint64_t seed;
    unsigned index, workers;
    /* Called on the worker's thread when a report is ready to be collected, and
     * when it has come to rest; must only ring (ev_async_send). */
    void (*notify)(void *ctx);
    void *ctx;
};

struct worker; /* opaque */

/* Starts the thread, with all signals blocked. */
bool worker_start(const struct worker_config *config, struct worker **w,
                  struct err *e) MUST_CHECK;
/* Cuts what runs, joins the thread and frees all. */
void worker_stop(struct worker **w);

/* Posts one state for each scenario, of one revision. The newest is made true;
 * arrival rates owe what was due in those before it (load/posts.h).
 * Conductor's thread, as all below. */
void worker_post(struct worker *w, const struct desired *list);
void worker_set_vars(struct worker *w, const char *const *vars);
void worker_run_once(struct worker *w, const struct flow *flow,
                     uint64_t timeout_us);
/* Run time 0, for samples. */
void worker_set_run_start(struct worker *w, mono_us at);

/* What a worker says of itself at a tick. */
struct worker_report {
    struct shard *shard; /* its samples since the last report; to be merged,
                            cleared and handed back by worker_return */
    uint64_t revision;   /* newest desired state that is applied */
    struct squad_state
        squads[LINEUP_MAX];    /* by scenario; ended in clk's time */
    unsigned connections;      /* open now */
    unsigned connections_most; /* at a time, since the last report */
    uint64_t opened;           /* so far */
    uint64_t cpu_us;           /* of its thread, since the start */
    enum once_state once;
    char once_text[256]; /* why it failed */
    mono_us at;          /* when it was made */
};

/* Asks for a report; the worker makes it at once and notifies. At most one is
 * outstanding: asking again before it is collected does nothing. */
void worker_ask(struct worker *w);
/* Takes the report if there is one. */
bool worker_collect(struct worker *w, struct worker_report *r);
/* Rises by one when the worker comes to rest (all its squads are at rest), and
 * by one when it is no longer: odd at rest, which it is at first. Any
 * thread. */
uint64_t worker_rests(const struct worker *w);
/* Hands a cleared shard back for the next report. */
void worker_return(struct worker *w, struct shard *s);
/* What the last run_once extracted, copied: n_vars strings or NULL, owned by
 * the caller (each, and the array). Only after a report said ONCE_PASSED. */
char **worker_take_vars(struct worker *w);

#endif
