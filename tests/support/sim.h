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
#include "run/pulse.h"
#include "run/steer.h"
#include "run/story.h"

enum { SIM_EVENTS_MAX = 64 };

struct sim {
    struct plan *plan;
    struct curve curves[LINEUP_MAX];
    size_t n; /* scenarios */
    struct run_info info;
    struct story *story;
    struct ledger *ledger;
    struct judge *judge;
    struct study *study; /* NULL: no threshold asks what it knows */
    struct shard *shard;
    struct steer *steers[LINEUP_MAX];
    unsigned steered;        /* which of several commands are for, from 1 */
    double owed[LINEUP_MAX]; /* parts of iterations that are due */
    struct pulse pulses[LINEUP_MAX];
    struct rng rng;
    struct tick tick;
    struct tick_rooms rooms;
    struct event events[SIM_EVENTS_MAX]; /* of the next tick */
    size_t n_events;
    double tired; /* how far the service is down, 0..1 */
    bool dead;    /* the service answers nothing */
    bool limits;  /* it answers 429 above 60 requests a second */
    bool refuses; /* it answers 503 to nearly all, and at once */
    bool hangs;   /* most requests are never answered, the others as ever */
    bool begun;   /* the run has */
    bool setup;   /* not begun: still waiting for the service */
    bool finished;
    way_bits ways; /* how its requests go; the first one's are on the direct
                      lane, too. 0 = it is not told */
    double leak_mb_min; /* what the service's memory grows by */
    bool silent;        /* nothing is seen of it */
    bool unwatched;     /* nobody looks at it */
    uint64_t tick_us;   /* how long a tick is, 100 ms at first */
    uint32_t jitter_us; /* and by how much at most it is more or less */
    double rate_scale;  /* requests, as a multiple of the usual */
    size_t stage_seen;
    const char *by; /* who commands; NULL = the keyboard */
    tick_fn *tap;   /* gets each tick, too; NULL = nobody */
    void *tap_ctx;
};

/* A ramp of VUs and, from 0:15 on, a constant arrival rate beside it; an
 * arrival rate that is more than its VUs can do. */
extern const char sim_plan_mixed[], sim_plan_arrivals[], sim_plan_returns[];
/* Twenty VUs for twenty minutes. */
extern const char sim_plan_soak[];

/* plan_text NULL: a spike over 1:48. */
void sim_init(struct sim *s, const char *plan_text, uint64_t seed);
/* The plan of a file, whose first scenario runs. */
void sim_init_file(struct sim *s, const char *path, uint64_t seed);
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
