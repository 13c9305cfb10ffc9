/* SPDX-License-Identifier: MIT
 *
 * conductor - runs a scenario: setup, the stage clock, commands, ticks,
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
#include "run/tick.h"

struct ev_loop;
struct conductor; /* opaque */

struct conductor_config {
    const struct plan *plan; /* borrowed, as the next */
    const struct scenario *scenario;
    struct ev_loop *loop;
    double time_scale;
    unsigned workers; /* 0 = as many as cores, but never more than VUs can
                         use */
    uint64_t seed;
    uint32_t max_vus;   /* --max-vus; 0 = what descriptors allow */
    bool no_thresholds; /* shown, but decide nothing */
    bool no_setup;
    uint64_t wait_us; /* --wait: repeat setup for so long until it passes */
    bool http1, insecure;
    /* Key w: writes results now. path "" = a name of its own choosing. Fills
     * answer ("wrote …"); false = failed, answer says why. NULL = not
     * possible. */
    bool (*write)(void *ctx, const char *path, char *answer, size_t size);
    void *write_ctx;
};

/* Checks that the machine can do it (descriptors …) and starts the workers. */
bool conductor_new(const struct conductor_config *config, struct conductor **c,
                   struct err *e) MUST_CHECK;
void conductor_free(struct conductor **c);
/* Borrowed, as long as the conductor. */
const struct run_info *conductor_info(const struct conductor *c);
/* Readers are called in this order for each tick, on the loop's thread. Before
 * conductor_start. */
void conductor_add_reader(struct conductor *c, tick_fn *fn, void *ctx);
/* Begins: setup, then the run; the loop must then be run (ev_run). After the
 * last tick (state RUN_FINISHED) the conductor stops its watchers and calls
 * done. */
void conductor_start(struct conductor *c, void (*done)(void *ctx), void *ctx);
/* Any thread. What it did is an event of a tick. */
void conductor_post(struct conductor *c, const struct command *cmd);
/* SIGINT, SIGTERM, SIGHUP: the first drains, a second cuts (exit code 105).
 * Loop's thread. name: "SIGINT". */
void conductor_signal(struct conductor *c, const char *name);
/* The process was stopped and went on (SIGTSTP, sleep): a gap in the record.
 * Loop's thread. */
void conductor_gap(struct conductor *c, uint64_t us, const char *why);
/* Final after done; STATUS_RUNNING before. */
struct outcome conductor_outcome(const struct conductor *c);

#endif
