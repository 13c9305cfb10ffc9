/* SPDX-License-Identifier: MIT
 *
 * conductor - runs a lineup: setup, the stage clock, commands, ticks,
 * thresholds, health, the end. Lives on the main thread's libev loop; commands
 * come from any thread. Knows no screen and no file format. */
#ifndef RUN_CONDUCTOR_H
#define RUN_CONDUCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "plan/curve.h"
#include "plan/plan.h"
#include "run/command.h"
#include "run/hunt.h"
#include "run/tick.h"

struct ev_loop;
struct conductor;     /* opaque */
struct scrape_config; /* run/scrape.h */
struct taps;          /* measure/tap.h */

struct conductor_watch {
    uint32_t pid;         /* --server-pid: the service's process; 0 = none */
    uint64_t limit_bytes; /* --server-limit: its memory; 0 = not said */
    const struct scrape_config *metrics; /* --server-metrics; NULL = none;
                                            borrowed for conductor_new */
};

struct conductor_config {
    const struct plan *plan; /* borrowed, as the next */
    const struct lineup *lineup;
    struct ev_loop *loop;
    const struct clk *clk; /* borrowed; NULL = the system's */
    double time_scale;
    unsigned workers; /* 0 = as many as cores, but for a few VUs no more than
                         those can use */
    uint64_t seed;
    uint32_t max_vus;   /* --max-vus; 0 = what descriptors allow */
    uint32_t rps;       /* --rps: requests a second at most; 0 = no cap */
    struct taps *taps;  /* borrowed, outlives the conductor: every sample goes
                           there as well (measure/tap.h); NULL = no */
    bool no_thresholds; /* shown, but decide nothing */
    bool no_setup;
    uint64_t wait_us; /* --wait: repeat setup for so long until it passes; the
                         samples of a try count only if it is the last */
    bool http1, insecure;
    struct conductor_watch watch;   /* what is watched of the service itself */
    const struct hunt_config *hunt; /* NULL: the plan's executor; else of a
                                       lineup of one scenario without end,
                                       whose load the hunt makes. Borrowed for
                                       the call of conductor_new */
    bool own_service;   /* the service is in this process (demo): a connection
                           takes two of its descriptors */
    const char *notice; /* what the log begins with; NULL = nothing. Borrowed
                           for the call of conductor_new */
    /* Key w: writes results now. path "" = a name of its own choosing. Fills
     * answer with the file's name; false = failed, answer says why. NULL = not
     * possible. */
    bool (*write)(void *ctx, const char *path, char *answer, size_t size);
    void *write_ctx;
    /* Key S: saves the run as steered as a plan; the same contract. */
    bool (*save)(void *ctx, const char *path, char *answer, size_t size);
    void *save_ctx;
};

/* Checks that the machine can do it and starts the workers. Fails, naming limit
 * and remedy, when the plan's peak is more VUs than the descriptor limit allows
 * and max_vus does not cap it. Nothing is requested yet. */
bool conductor_new(const struct conductor_config *config, struct conductor **c,
                   struct err *e) MUST_CHECK;
void conductor_free(struct conductor **c);
/* Borrowed, as long as the conductor. */
const struct run_info *conductor_info(const struct conductor *c);
/* Readers are called in this order for each tick, on the loop's thread. Before
 * conductor_start. A reader may call whatever is for the loop's thread; what it
 * causes is in the next tick. */
void conductor_add_reader(struct conductor *c, tick_fn *fn, void *ctx);
/* Begins: setup, then the run; the loop must then be run (ev_run). The first
 * tick is read within the call. After the last one (state RUN_FINISHED) workers
 * and timers are stopped and done is called; if the loop is run on, posted
 * COMMAND_WRITEs and SAVEs are still obeyed. */
void conductor_start(struct conductor *c, void (*done)(void *ctx), void *ctx);
/* Any thread. It is applied, and workers are told, when the loop next turns;
 * what it did is an event of the tick that follows. */
void conductor_post(struct conductor *c, const struct command *cmd);
/* SIGINT, SIGTERM, SIGHUP: the first drains, a second cuts (exit code 105).
 * Before conductor_start: it begins nothing, and ends at once. Loop's thread.
 * name: "SIGINT". */
void conductor_signal(struct conductor *c, const char *name);
/* The process is about to be stopped (SIGTSTP), and goes on: a gap in the
 * record, and no time for stage clock, rates, VUs and requests under way. Gaps
 * of a second that nobody announces the conductor sees by itself. Loop's
 * thread. */
void conductor_stand(struct conductor *c);
void conductor_go(struct conductor *c, const char *why);
/* Something that people should know, as an event "warning" of the next tick;
 * nothing once the run is over. Loop's thread. */
void conductor_warn(struct conductor *c, const char *fmt, ...)
    ATTR_PRINTF(2, 3);
/* Final after done; STATUS_RUNNING before. */
struct outcome conductor_outcome(const struct conductor *c);

#endif
