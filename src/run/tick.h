/* SPDX-License-Identifier: MIT
 *
 * tick - the plain, immutable record of one moment of a run, closed ten times a
 * second. Screen, console, results and every exporter read ticks and nothing
 * else. Everything in it is valid as long as the tick is; readers copy what
 * they keep. */
#ifndef RUN_TICK_H
#define RUN_TICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/wall.h"
#include "measure/delta.h"
#include "measure/judge.h"

#define TICK_US 100000u

enum run_state {
    RUN_STARTING, /* waiting for the service, setup */
    RUN_RUNNING,
    RUN_PAUSED,
    RUN_DRAINING, /* no iteration begins; running ones end; teardown */
    RUN_FINISHED, /* the last tick of a run; one more comes for each results
                     file that is written after it, only to say so */
};
/* "starting", "running", … */
const char *run_state_name(enum run_state s);

/* What happened: a command applied, a stage begun, something noticed. */
struct event {
    uint64_t t_us;   /* run time */
    char type[24];   /* a command's name, or: stage, pause, gap, threshold,
                        first_error, target, setup, health, end,
                        warning */
    char value[160]; /* machine-readable: "80", "spike", "out.json" */
    char text[256];  /* for people: what was applied; safe to show */
    char by[48];     /* keyboard, signal, plan, socket … */
    bool load;       /* it changed the load: charts draw it */
    bool bad;        /* a refusal or a failure */
};

/* The generator's own health, over the last ten seconds. */
struct health {
    double lag_p99_ms;  /* of timers against their due time */
    double lag_max_ms;  /* of the whole run */
    double cpu;         /* busiest worker's thread, share of one core */
    double cpu_max;     /* the most that cpu was in the whole run */
    double cpu_process; /* the whole process, in cores */
    uint64_t rss_bytes;
    uint32_t fds, fds_max; /* open descriptors, and the limit */
    unsigned late_workers; /* that did not answer within the tick */
    bool suspect;        /* lag p99 > 10 ms, CPU > 0.85 or descriptors > 90 % */
    char why[96];        /* "loop lag p99 14 ms", "" when healthy */
    bool ever_suspect;   /* at any time of the run */
    uint64_t suspect_us; /* for how long in all */
};

enum run_status {
    STATUS_RUNNING,
    STATUS_PASSED,
    STATUS_FAILED,
    STATUS_ABORTED,
    STATUS_INTERRUPTED
};
/* "running", "passed", … as in results. */
const char *run_status_name(enum run_status s);

struct outcome {
    enum run_status status;
    int exit_code;       /* -1 while running */
    char stopped_by[64]; /* "", "keyboard", "SIGINT", "threshold NAME", "setup"
                          */
    char text[256];      /* one line for people: why it ended */
};

struct tick {
    uint64_t seq;       /* from 0 */
    uint64_t t_us;      /* run time: since the run began, pauses included */
    uint64_t dt_us;     /* since the tick before */
    uint64_t active_us; /* of dt, what rates are made of: neither before the
                           first iteration nor paused nor a gap */
    uint64_t active_total_us;
    enum run_state state;
    /* The stage clock. */
    bool held;
    uint64_t stage_clock_us; /* scaled plan time */
    uint64_t length_us;      /* UINT64_MAX = no end */
    uint64_t left_us;        /* until the end, by the stage clock */
    size_t stage;            /* index in the curve */
    /* Load. */
    bool manual; /* set by hand */
    bool spike;  /* the x key's spike is on */
    uint64_t spike_left_us;
    uint32_t wanted;  /* VUs asked for now */
    uint32_t planned; /* by the plan at this moment of the stage clock */
    uint32_t vus;     /* active */
    uint32_t draining;
    uint32_t in_flight;
    uint32_t connections;
    uint32_t vus_max;          /* cap of what may be asked for */
    uint64_t iterations_total; /* shared-iterations: done of this many; 0 = no
                                  such bound */
    const struct delta *delta; /* never NULL */
    const struct verdict *verdicts;
    size_t n_verdicts;
    const struct event *events; /* new in this tick */
    size_t n_events;
    struct health health;
    struct outcome outcome;
};

/* What stays the same over a run: every reader gets it before the first tick.
 */
struct run_info {
    const struct plan *plan;         /* these four borrowed */
    const struct lineup *lineup;     /* as overridden */
    const struct scenario *scenario; /* its first */
    const struct curve *curve;
    double time_scale;
    struct wall started;
    uint64_t seed;
    unsigned workers;
    bool no_thresholds; /* they are shown, but decide nothing */
    char target[256];   /* base URL, secrets masked, safe to show */
};

typedef void tick_fn(void *ctx, const struct tick *t);

/* What a ledger is told of a tick. *room keeps the most VUs that the run has
 * had room for: 0 before the first tick, the caller's from then on. */
struct ledger_gauges tick_gauges(const struct run_info *info,
                                 const struct tick *t, uint32_t *room);

#endif
