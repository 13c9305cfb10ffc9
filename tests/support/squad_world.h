/* SPDX-License-Identifier: MIT
 *
 * squad_world - squads on a virtual clock with a fake transport, run by a plan
 * given as text. */
#ifndef TESTS_SUPPORT_SQUAD_WORLD_H
#define TESTS_SUPPORT_SQUAD_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "load/desired.h"
#include "load/posts.h"
#include "load/squad.h"
#include "load/timers.h"
#include "measure/delta.h"
#include "measure/shard.h"
#include "plan/curve.h"
#include "plan/plan.h"
#include "support/fake_transport.h"
#include "support/manual_clk.h"

#define WORLD_SQUADS_MAX 8
#define WORLD_START      (1000 * US_PER_SEC) /* the clock's at the beginning */

struct world {
    struct manual_clk clk;
    struct timers *timers;
    struct fake_transport fake;
    struct plan *plan;
    const struct scenario *scenario;
    struct curve curve;
    struct feeder *feeder;
    struct iteration_pool *pool; /* NULL unless world_pool was called */
    struct gate *gate;           /* NULL unless world_capped was called */
    struct rota *rota;           /* NULL unless the scenario has a rate */
    struct world_bell {
        struct timers *timers;
        struct manual_clk *clk;
        struct squad *squad;
        struct timer timer;
    } bells[WORLD_SQUADS_MAX]; /* by squad: something was handed to it */
    struct shard *shard;       /* all squads write to it */
    unsigned n;
    struct squad *squads[WORLD_SQUADS_MAX];
    struct desired desired; /* posted next: what a test changes */
    struct desired posted;  /* posted last */
    bool asleep; /* what is posted lies in the mailbox until world_look */
    struct posts posts;
};

/* A plan from text; a mistake in it fails the test. Owned by the caller. */
struct plan *world_plan(const char *text);

/* The first scenario of the plan (a mistake in it fails the test), n squads;
 * nothing is desired yet. Freed by world_free. */
struct world *world_new(const char *plan, unsigned n, double time_scale);
/* The same of a plan in the program, and a scenario by name. */
struct world *world_builtin(const char *plan, const char *scenario, unsigned n,
                            double time_scale);
/* The same with shared iterations. */
struct world *world_pool(const char *plan, unsigned n, uint64_t iterations);
/* The same with so many requests a second at most. */
struct world *world_capped(const char *plan, unsigned n, uint32_t rps);
void world_free(struct world **w);

/* A squad's wake: it looks in the next turn. ctx: its bell, set up by
 * world_bell_init. */
void world_bell_init(struct world_bell *b, struct world *w);
void world_wake(void *ctx);

/* Posts w->desired to all squads, with the next revision; of an arrival rate
 * with the moment, and what was due before. */
void world_post(struct world *w);
/* The squads, asleep until now, look at what was posted meanwhile. */
void world_look(struct world *w);
/* RUN with so many VUs by hand. */
void world_vus(struct world *w, uint32_t vus);
/* RUN along the curve, whose stage clock is at stage_us now. */
void world_follow(struct world *w, uint64_t stage_us);
void world_phase(struct world *w, enum load_phase phase);

/* Turns the clock to `to`, firing all timers on the way in their order. */
void world_until(struct world *w, mono_us to);
/* The same, by so much. */
void world_pass(struct world *w, uint64_t us);
/* Fires what is due at this very moment, once. */
void world_turn(struct world *w);

/* All squads together. */
struct squad_state world_state(const struct world *w);
uint32_t world_active(const struct world *w);

/* What was measured since the last call; owned by the caller (delta_free). */
struct delta *world_take(struct world *w);

/* Figures of a delta. request: plan index, or -1 for all; status -1 = any. */
uint64_t delta_requests(const struct delta *d, int request, int status);
uint64_t delta_failures(const struct delta *d, enum failure failure);
uint64_t delta_failed(const struct delta *d);
uint64_t delta_check_passes(const struct delta *d, unsigned check);
uint64_t delta_check_fails(const struct delta *d, unsigned check);
const struct delta_custom *delta_custom(const struct delta *d, unsigned metric);
/* The first sample of that kind, or NULL. */
const struct failure_sample *delta_sample(const struct delta *d,
                                          enum failure kind);

#endif
