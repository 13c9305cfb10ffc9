/* SPDX-License-Identifier: MIT
 *
 * sim - a run that never was: a plan, the real steering and the real story,
 * fed by a made-up service that slows down and fails under load. Time is
 * virtual; the same seed gives the same story. */
#ifndef TESTS_SUPPORT_SIM_H
#define TESTS_SUPPORT_SIM_H

#include "base/rng.h"
#include "measure/shard.h"
#include "plan/curve.h"
#include "run/steer.h"
#include "run/story.h"

enum { SIM_EVENTS_MAX = 64 };

struct sim {
    struct plan *plan;
    struct curve curve;
    struct run_info info;
    struct story *story;
    struct ledger *ledger;
    struct judge *judge;
    struct shard *shard;
    struct steer *steer;
    struct rng rng;
    struct tick tick;
    uint32_t room;
    struct event events[SIM_EVENTS_MAX]; /* of the next tick */
    size_t n_events;
    double tired; /* how far the service is down, 0..1 */
    bool dead;    /* the service answers nothing */
    bool limits;  /* it answers 429 above 60 requests a second */
    bool setup;   /* not begun: still waiting for the service */
    bool finished;
    double rate_scale; /* requests, as a multiple of the usual */
    size_t stage_seen;
};

/* plan_text NULL: a spike over 1:48. */
void sim_init(struct sim *s, const char *plan_text, uint64_t seed);
void sim_clear(struct sim *s);
/* The next 100 ms. Nothing after the end. */
void sim_tick(struct sim *s);
/* That many seconds. */
void sim_run(struct sim *s, unsigned seconds);
void sim_command(struct sim *s, enum command_kind kind, int64_t number,
                 const char *text);
/* An event of another kind. */
void sim_event(struct sim *s, const char *type, const char *text, bool bad);
/* Drains and closes the last tick, with this exit code. */
void sim_finish(struct sim *s, int exit_code);

#endif
