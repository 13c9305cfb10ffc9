/* SPDX-License-Identifier: MIT
 *
 * fleet - the workers of a run as one: told a state together, asked together,
 * and what they measured merged into one delta. On the conductor's loop. */
#ifndef RUN_FLEET_H
#define RUN_FLEET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "load/worker.h"
#include "measure/delta.h"

struct ev_loop;
struct fleet; /* opaque */

struct fleet_config {
    struct worker_config worker; /* but for index, notify and ctx */
    struct ev_loop *loop;        /* borrowed */
    /* All that were asked have answered; not from inside fleet_ask. */
    void (*answered)(void *ctx);
    /* All workers have come to rest since it was last called; what they are
     * asked from now on says so. Not from inside fleet_ask. */
    void (*rested)(void *ctx);
    void *ctx;
};

/* Starts config->worker.workers of them. */
bool fleet_start(const struct fleet_config *config, struct fleet **f,
                 struct err *e) MUST_CHECK;
/* Cuts what runs. */
void fleet_stop(struct fleet **f);

/* One state for each scenario: see worker_post. */
void fleet_post(struct fleet *f, const struct desired *list);
void fleet_set_vars(struct fleet *f, const char *const *vars);
void fleet_set_run_start(struct fleet *f, mono_us at);
/* On the first worker. A report of before is not taken for its result: until
 * there is a newer one it is ONCE_RUNNING. */
void fleet_run_once(struct fleet *f, const struct flow *flow,
                    uint64_t timeout_us);
/* See worker_take_vars. */
char **fleet_take_vars(struct fleet *f);

/* Asks all for a report. */
void fleet_ask(struct fleet *f);
/* Asked, and not closed yet. */
bool fleet_asked(const struct fleet *f);

/* One scenario on all workers; see squad_state. */
struct fleet_scenario {
    uint32_t active, draining, in_flight, allocated;
    uint32_t most;       /* at work at a time since the last close: each
                            worker's own most, added up */
    uint32_t setting_up; /* of squad_state */
    bool exhausted;      /* on all of them */
    uint64_t begun;      /* iterations, since the start */
    uint64_t not_set_up; /* VUs' own setups that failed, since the start */
    mono_us ended;       /* when the last one ended; 0 = none has */
};

/* The state of all, as far as they said. */
struct fleet_state {
    struct fleet_scenario scenarios[LINEUP_MAX];
    uint32_t in_flight, connections;
    uint32_t connections_most; /* as most above */
    uint64_t opened;           /* connections, since the start */
    uint64_t revision;         /* the oldest that one of them is at */
    unsigned late; /* did not answer in time; counted as they were */
    enum once_state once;
    char once_text[256];
};

/* Ends an ask: merges what has come, from whom has answered. The delta is owned
 * by the caller. */
struct delta *fleet_close(struct fleet *f, struct fleet_state *state);

unsigned fleet_count(const struct fleet *f);
/* CPU time of a worker's thread since the start, as last heard. */
uint64_t fleet_cpu_us(const struct fleet *f, unsigned i);

#endif
