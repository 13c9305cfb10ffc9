/* SPDX-License-Identifier: MIT
 *
 * squad - the VUs of one worker and scenario: starts, drains and cuts them so
 * that the desired state becomes true, and runs each through its flow. Has no
 * thread and no loop of its own: time comes from clk, waiting from timers,
 * requests go through the transport; so tests run it on a virtual clock. */
#ifndef LOAD_SQUAD_H
#define LOAD_SQUAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clk.h"
#include "load/desired.h"
#include "load/timers.h"
#include "load/transport.h"
#include "measure/shard.h"
#include "plan/curve.h"
#include "plan/plan.h"

/* Iterations that all VUs of all workers share (shared-iterations); NULL when
 * there is no such bound. Any thread. */
struct iteration_pool;
struct iteration_pool *iteration_pool_new(uint64_t iterations);
void iteration_pool_free(struct iteration_pool **p);
/* Takes one; false when none is left. */
bool iteration_pool_take(struct iteration_pool *p);
uint64_t iteration_pool_left(const struct iteration_pool *p);

/* One scenario of a run, the same for all workers. All borrowed. */
struct load_scenario {
    const struct scenario *scenario;
    const struct flow *flow;     /* what its VUs do */
    const struct curve *curve;   /* its planned level */
    struct iteration_pool *pool; /* shared-iterations; NULL = unbounded */
    struct rota *rota;           /* arrival rates: one for all workers; else
                                    NULL (load/rota.h) */
};

struct feeder;
struct gate;
struct rota;

/* All borrowed and outlive the squad, but for the shard. */
struct squad_config {
    const struct plan *plan;
    struct load_scenario load;
    const struct clk *clk;
    struct timers *timers;
    struct transport transport;
    struct feeder *feeder; /* rows of data files; NULL only when the plan has
                              none */
    struct gate *gate;     /* the cap on requests a second; NULL = none */
    uint64_t seed;
    unsigned index, workers; /* this worker, 0..workers-1 */
    unsigned scenarios;      /* how many run together: the scenario's VUs
                                are those numbered scenario->index + 1 and
                                every scenarios-th from there */
    /* Called from other workers' threads, in arrival rates: squad_receive is to
     * be called soon, by this one's. Must only ring. NULL when there is only
     * this worker. */
    void (*wake)(void *ctx);
    void *wake_ctx;
    mono_us run_start; /* run time 0, for failure samples; 0 = set later
                          by squad_set_run_start */
};

struct squad; /* opaque */

struct squad *squad_new(const struct squad_config *config);
/* Cuts what still runs. */
void squad_free(struct squad **s);
/* Where samples go from now on (borrowed). Called before anything else, and at
 * each tick with an empty one, after the tick's squad_state. */
void squad_set_shard(struct squad *s, struct shard *shard);
/* Makes d (copied) the desired state and acts on it at once. */
void squad_set_desired(struct squad *s, const struct desired *d);
/* The same of one of several states that were posted one after the other; last:
 * of the newest. The others have passed: only an arrival rate goes through
 * them, for what was due in each. */
void squad_follow(struct squad *s, const struct desired *d, bool last);
/* Other workers have handed iterations over (config.wake): begins them. */
void squad_receive(struct squad *s);
/* Run time 0, for failure samples. */
void squad_set_run_start(struct squad *s, mono_us at);
/* Values that setup extracted, by plan->vars index; NULL entries have none.
 * Copied; every VU begins with them. */
void squad_set_vars(struct squad *s, const char *const *vars);

/* Runs a flow once, as VU 0 (setup, teardown), at most timeout_us. */
enum once_state {
    ONCE_NONE,
    ONCE_RUNNING,
    ONCE_PASSED,
    ONCE_FAILED,
    ONCE_TIMEOUT
};
void squad_run_once(struct squad *s, const struct flow *flow,
                    uint64_t timeout_us);
/* State of the last squad_run_once; on ONCE_FAILED and ONCE_TIMEOUT text
 * (borrowed; may be NULL) says which check or request failed and how, masked
 * and escaped. */
enum once_state squad_once(const struct squad *s, const char **text);
/* What it extracted, by plan->vars index (borrowed until the next run_once). */
const char *const *squad_once_vars(const struct squad *s);

struct squad_state {
    uint32_t active;     /* VUs within the desired number, at work or paused;
                            arrival rates: VUs in an iteration */
    uint32_t most;       /* the most that active was when one of them began
                            something, since squad_set_shard; at least active */
    uint32_t draining;   /* beyond it, finishing their iteration */
    uint32_t in_flight;  /* requests under way */
    uint64_t queued;     /* iterations that are due and wait for a VU: all that
                            wait for whichever is free first, worker 0 says */
    uint32_t setting_up; /* arrival rates: VUs that have an iteration to begin
                            and are still in their own setup, or try it again */
    uint32_t allocated;  /* arrival rates: VUs made so far, at most maxVUs; else
                            as active */
    bool exhausted; /* executors with a number of iterations: all are begun,
                       and none runs; or the rows of their data are used
                       up */
    uint64_t iterations_begun; /* since squad_new */
    uint64_t not_set_up; /* times that a VU's own setup has failed since then */
    mono_us ended;       /* when the last one ended, whole or not, on the
                            squad's clock; 0 = none has */
};
struct squad_state squad_state(const struct squad *s);
/* Nothing runs, and nothing will until another state is posted or a flow is run
 * once: what comes next is for others to say. Cheap while anything runs. */
bool squad_at_rest(const struct squad *s);

#endif
