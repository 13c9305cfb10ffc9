/* SPDX-License-Identifier: MIT
 *
 * tick - the plain, immutable record of one moment of a run, closed ten times a
 * second. Screen, console, results and every exporter read ticks and nothing
 * else. Everything in it is valid as long as the tick is; readers copy what
 * they keep. Whatever is added here, or to what it is made of, goes into
 * record/tick_code.c as well, so that others see it. */
#ifndef RUN_TICK_H
#define RUN_TICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/wall.h"
#include "measure/delta.h"
#include "measure/judge.h"
#include "measure/server.h"
#include "plan/curve.h"
#include "run/hunt_view.h"

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
    uint64_t t_us;     /* run time */
    unsigned scenario; /* of several, which: of the lineup, from 1; 0 = the
                          run's, or the only one's */
    char type[24];     /* a command's name, or: rate, stage, pause, gap,
                          threshold, first_error, target, dropped, setup,
                           health, anomaly, breaking_point, recovery, end,
                           warning, notice */
    char value[160];   /* machine-readable: "80", "spike", "out.json" */
    char text[256];    /* for people: what was applied; safe to show */
    char by[48];       /* keyboard, signal, plan, socket … */
    bool load;         /* it changed the load: charts draw it */
    bool bad;          /* a refusal or a failure, or less than was asked for */
    bool clamped;      /* applied, but less than was asked for */
    uint32_t ticket;   /* of the command that it answers; 0 = none */
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
    char first_why[96];  /* why it was so for the first time; "" = never was */
    uint64_t suspect_us; /* for how long in all */
};

/* What the service itself takes, as its process (--server-pid) or its page of
 * metrics (--server-metrics) said last. */
#define SERVER_BYTES_MAX 1e18 /* more memory than there is */
struct tick_server {
    bool watched;         /* false: nobody looks; nothing else is known */
    bool alive;           /* false: it is gone, or silent, as the figures */
    uint64_t rss_bytes;   /* memory; 0 = not known */
    uint64_t limit_bytes; /* of it, as was said, or by its group or the machine;
                             0 = unknown */
    double cpu;           /* cores, since the reading before; NaN = not known */
    /* Others that were chosen, as run_info names them; NaN = not known. */
    double other[SERVER_OTHERS_MAX];
};
/* Nobody looks. */
void tick_server_clear(struct tick_server *s);

enum server_unit {
    SERVER_UNIT_NUMBER,
    SERVER_UNIT_BYTES,
    SERVER_UNIT_SECONDS,
    SERVER_UNIT_RATE, /* a second */
};

/* The others that were chosen. */
struct server_names {
    size_t n;
    struct server_other {
        char name[64]; /* its labels included; safe to show */
        enum server_unit unit;
    } list[SERVER_OTHERS_MAX];
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

enum scenario_state {
    SCENARIO_WAITING,  /* its startTime is still to come, or the run's start */
    SCENARIO_RUNNING,  /* a paused run's, too */
    SCENARIO_DRAINING, /* begins no iteration; running ones end */
    SCENARIO_DONE,     /* nothing of it runs any more */
};
/* "waiting", "running", … */
const char *scenario_state_name(enum scenario_state s);

/* One scenario at the moment of a tick. Levels are VUs, or, where its curve has
 * a time unit, iterations in one. */
struct tick_scenario {
    enum scenario_state state;
    uint64_t starts_in_us;   /* SCENARIO_WAITING: left of its startTime */
    uint64_t stage_clock_us; /* scaled plan time */
    uint64_t left_us;        /* until its end, by the stage clock; UINT64_MAX =
                                no end */
    size_t stage;            /* index in its curve */
    bool manual;             /* set by hand */
    bool spike;              /* the x key's spike is on */
    uint64_t spike_left_us;
    uint32_t wanted;     /* level asked for now */
    uint32_t asked;      /* SCENARIO_WAITING: level set by hand, with which it
                            will begin; manual says whether */
    uint32_t planned;    /* by the plan at this moment of the stage clock */
    uint32_t wanted_max; /* most that may be asked for */
    uint32_t vus;        /* active; of an arrival rate: in use */
    uint32_t vus_high;   /* most of them at a time within the tick: each
                            worker's own most, added up; 0 or less: as vus */
    uint32_t draining;
    uint32_t allocated;   /* VUs that it has; more than vus for arrival rates */
    uint32_t vus_max;     /* VUs that it may have */
    uint64_t ran_us;      /* of the tick's active time, in which it was to run:
                             neither before its start nor past its end */
    uint64_t begun;       /* iterations begun in this tick */
    uint64_t dropped;     /* in this tick: were due, and no VU was free */
    double rate;          /* iterations begun a second, in the last ten seconds
                             that it ran, but of no time before the last change
                             by hand that is a second old */
    uint64_t dropped_all; /* in the whole run */
    uint64_t iterations;  /* ended, in the whole run */
    uint64_t iterations_total; /* shared-, per-vu-iterations: how many there
                                  are to do; 0 = no such bound */
    bool timed;                /* starts have a due time: the next two hold */
    uint64_t late_p99_us;      /* of starts against their due time, last ten
                                  seconds */
    uint64_t late_max_us;      /* whole run */
};

/* What was within several ticks that are now one: a reader keeps the highest of
 * a second as well as what was in its middle (slot_leads). */
struct tick_within {
    uint32_t vus, planned;     /* in the middle; of all scenarios */
    uint32_t vus_min, vus_max; /* of all scenarios */
    bool manual;
    bool suspect;    /* the generator was, at the end of one of them */
    uint64_t vus_us; /* VUs at work, draining ones too, times active time */
    struct server_seen server;
    struct {
        bool ran;                 /* it was running at the end of one of them */
        uint32_t wanted, planned; /* in the middle, or at the end nearest to it
                                     of those in which it ran, if any */
        uint32_t vus;             /* at the same moment */
        uint32_t wanted_max;      /* highest level asked for */
        uint32_t vus_max;         /* highest */
        uint32_t allocated_max;   /* VUs that it had */
        bool manual;
    } scenarios[LINEUP_MAX];
};

/* One of several ticks that are now one: what insight wants to know of each.
 * Requests that ended in it are its parts. */
struct tick_beat {
    uint64_t dt_us, active_us;
    uint32_t in_flight; /* at its end */
    bool suspect;       /* the generator was, at its end */
    uint32_t n_parts;   /* the next ones of tick.parts */
};
struct tick_part {
    uint32_t row; /* of delta->series */
    uint64_t count;
};
#define TICK_BEATS_MAX 64 /* of one tick; of more there are none */

struct tick {
    uint64_t seq;       /* from 0 */
    uint64_t t_us;      /* run time: since the run began, pauses included */
    uint64_t dt_us;     /* since the tick before */
    uint64_t active_us; /* of dt, what rates are made of: neither before the
                           first iteration nor paused nor a gap */
    uint64_t active_total_us;
    enum run_state state;
    bool held;        /* stage clocks stand */
    uint64_t left_us; /* until the last scenario's end, by the stage clock;
                         UINT64_MAX = no end */
    struct tick_scenario scenarios[LINEUP_MAX]; /* of the lineup */
    size_t n_scenarios;
    /* Load of all scenarios. */
    bool manual;      /* any of them is set by hand, or has its spike */
    uint32_t wanted;  /* VUs asked for now, by those that ask for VUs */
    uint32_t planned; /* VUs by the plan at this moment, the same */
    uint32_t vus;     /* active */
    uint32_t draining;
    uint32_t in_flight;
    uint32_t connections;        /* open now, as workers last said */
    uint32_t connections_max;    /* most at a time so far: each worker's
                                    most within a tick, added up */
    uint64_t connections_opened; /* in the whole run, setup's and those that
                                    were refused included */
    uint32_t vus_max;            /* cap of what may be asked for */
    uint64_t held_back; /* requests that had to wait for --rps; in the whole run
                         */
    /* NULL: this is one tick. Else it stands for several: its deltas, active
     * time, iterations and events are those of all, the rest is as it was at
     * the end. */
    const struct tick_within *within;
    /* The ticks that it stands for; n_beats 0: it is one, or they are not
     * known. Together they are dt and active_us long. */
    const struct tick_beat *beats;
    size_t n_beats;
    const struct tick_part *parts; /* of all beats, in their order */
    size_t n_parts;
    const struct delta *delta; /* never NULL */
    const struct verdict *verdicts;
    size_t n_verdicts;
    const struct event *events; /* new in this tick */
    size_t n_events;
    struct health health;
    struct tick_server server;
    struct tick_hunt hunt;
    const struct tick_probe *probes; /* of a hunt, that ended in this tick */
    size_t n_probes;
    struct outcome outcome;
};

/* What stays the same over a run: every reader gets it before the first tick.
 */
struct run_info {
    const struct plan *plan;     /* these three borrowed */
    const struct lineup *lineup; /* as overridden */
    const struct curve *curves;  /* of its scenarios */
    double time_scale;
    struct wall started;
    uint64_t seed;
    unsigned workers;
    uint32_t rps;               /* cap on requests a second; 0 = none */
    bool no_thresholds;         /* they are shown, but decide nothing */
    char target[256];           /* base URL, secrets masked, safe to show */
    struct server_names server; /* what else is watched of the service */
};

typedef void tick_fn(void *ctx, const struct tick *t);

/* The most VUs that each scenario has had room for: all zero before the first
 * tick. */
struct tick_rooms {
    uint32_t vus[LINEUP_MAX];
};
/* What a ledger is told of a tick; rooms are brought up to date. */
struct ledger_gauges tick_gauges(const struct run_info *info,
                                 const struct tick *t,
                                 struct tick_rooms *rooms);
/* The second that a tick counts to: that of its middle, as slots of a series
 * have it (series_place). Ticks that are put together, and what insight is fed,
 * are cut at the same places, so that it is the same whichever they come as. */
static inline uint64_t tick_second(uint64_t t_us, uint64_t active_us)
{
    uint64_t half = active_us < t_us ? active_us / 2 : t_us / 2;

    return (t_us - half > 0 ? t_us - half - 1 : 0) / UINT64_C(1000000);
}
/* What came back within a tick. */
enum tick_answers {
    ANSWERS_NONE,  /* nothing ended */
    ANSWERS_PLAIN, /* most was something else than a connection not found */
    ANSWERS_LOST,  /* most found no connection, and none had an answer */
    ANSWERS_MIXED, /* most found no connection, but not all */
};
enum tick_answers tick_answers(const struct delta *d);
/* What was within t, whether it is one tick or stands for several. */
struct tick_within tick_within(const struct tick *t);
/* By the same rule for all readers: sums over scenarios into the totals of a
 * tick: left_us, manual, wanted, planned, vus, draining. */
void tick_sum(const struct run_info *info, struct tick *t);

#endif
