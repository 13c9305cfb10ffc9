/* SPDX-License-Identifier: MIT
 *
 * conductor_internal - what the parts of the conductor share: conductor.c (what
 * others call), conductor_steer.c (time, commands and what comes due),
 * conductor_part.c (what commands do to the scenarios), conductor_act.c (setup,
 * run, drain, teardown), conductor_tick.c (the beat that closes ticks). All on
 * the loop's thread, but for the queue. */
#ifndef RUN_CONDUCTOR_INTERNAL_H
#define RUN_CONDUCTOR_INTERNAL_H

#include <pthread.h>

#include <ev.h>

#include "base/clk.h"
#include "base/gapless.h"
#include "load/squad.h"
#include "measure/judge.h"
#include "measure/ledger.h"
#include "run/conductor.h"
#include "run/events.h"
#include "run/fleet.h"
#include "run/hunt.h"
#include "run/level.h"
#include "run/outcome.h"
#include "run/pidwatch.h"
#include "run/pulse.h"
#include "run/scrape.h"
#include "run/server_news.h"
#include "run/steer.h"
#include "run/study.h"
#include "run/vitals.h"
#include "run/watch.h"

#define CONDUCTOR_MAGIC       0xc0d0c701u
#define CONDUCTOR_READERS_MAX 8
#define CONDUCTOR_QUEUE_MAX   1000u /* commands that nobody has read yet */
#define CONDUCTOR_JUDGE_US    (US_PER_SEC / 2)
#define CONDUCTOR_PROC_US     US_PER_SEC       /* how often /proc is read */
#define CONDUCTOR_GAP_US      (2 * US_PER_SEC) /* that the date jumped */
#define CONDUCTOR_RETRY_US    (US_PER_SEC / 2) /* between tries of setup */
#define CONDUCTOR_PATIENCE_US                                                  \
    (5 * US_PER_SEC) /* beyond what a worker itself                            \
                        should take to end */

/* What is played. */
enum act {
    ACT_NEW,
    ACT_SETUP,
    ACT_WAIT, /* between two tries of setup */
    ACT_RUN,
    ACT_DRAIN,
    ACT_TEARDOWN,
    ACT_OVER,
};

struct conductor_reader {
    tick_fn *fn;
    void *ctx;
};

/* One scenario of the lineup. */
struct conductor_part {
    bool dropped_told; /* that iterations are dropped was said */
    bool setup_told;   /* that a VU's own setup failed was said */
    bool setting_up;   /* VUs were to begin with their own setup */
    const struct scenario *scenario;
    struct iteration_pool *pool; /* owned; NULL = no bound */
    struct rota *rota;           /* owned; NULL = not an arrival rate */
    struct steer *steer;         /* owned */
    uint32_t share;              /* VUs that are its own whatever others ask */
    uint64_t posted; /* revision of the steer's state that workers know */
    mono_us since;   /* it was to run from here on; 0 = not yet */
    mono_us halted;  /* nothing of it was to begin from here on; 0 = not yet */
    uint64_t begun;  /* iterations, up to the last tick */
    struct pulse pulse; /* of them */
    uint32_t wanted;    /* level that was asked for at the last tick */
    bool by_hand;       /* and it was set so */
};

/* Commands on their way from other threads. */
struct conductor_queue {
    pthread_mutex_t lock;
    ev_async bell;
    struct command *list; /* owned; under lock, as the rest */
    size_t n, cap;
    size_t lost; /* did not fit */
};

/* The samples of a try of setup, until it is known whether it counts. */
struct conductor_held {
    struct delta **list; /* owned */
    size_t n, cap;
};

/* What is seen of the service itself. */
struct conductor_server {
    struct pidwatch *pid;  /* owned; NULL = none, as the next */
    struct scrape *scrape; /* owned */
    mono_us at;            /* when the process was last looked at */
    struct tick_server of_pid, of_page, last;
    mono_us page_until; /* it says nothing any more; the system's clock */
    struct server_news news;
};

struct conductor {
    unsigned magic;
    struct conductor_config config;
    const struct clk *clk;
    struct run_info info;
    struct curve curves[LINEUP_MAX];
    struct conductor_part parts[LINEUP_MAX];
    size_t n;          /* scenarios */
    uint32_t max_vus;  /* of all of them */
    const char *limit; /* what sets it; static */
    struct conductor_reader readers[CONDUCTOR_READERS_MAX];
    size_t n_readers;
    void (*done)(void *ctx);
    void *done_ctx;

    struct gate *gate;     /* NULL = no cap on requests */
    struct feeder *feeder; /* NULL = the plan has no data files */
    struct fleet *fleet;
    uint64_t posted; /* revision of what workers were told last */
    struct ledger *ledger;
    struct judge *judge;
    struct verdict *verdicts; /* owned: as many as thresholds */
    struct watch *watch;
    struct vitals *vitals;
    struct study *study; /* owned: of this run */
    struct hunt *hunt;   /* NULL: the plan makes the load */
    struct conductor_server server;
    struct events events; /* of the tick to come */
    struct events told;   /* of the one that readers read */
    struct conductor_queue queue;

    enum act act;
    mono_us act_since;
    mono_us began; /* run time 0 */
    mono_us over;  /* the last work's end, where nothing followed; 0 = not so */
    mono_us ended; /* run time stands still from here on; 0 = not yet */
    bool loaded;   /* iterations have begun */
    bool hurry;    /* cut off by a person: no teardown */
    unsigned signals;
    char early[24]; /* the signal that came before the start; "" = none */
    unsigned marks;
    struct ending ending;
    struct outcome outcome;

    /* Setup. */
    mono_us wait_until, retry_at;
    bool wait_told;
    struct conductor_held held;

    /* The beat. */
    ev_timer beat, due;
    mono_us beat_due; /* by the schedule */
    bool hasten; /* workers came to rest: the next tick is not waited for */
    uint64_t seq;
    mono_us tick_at; /* the last tick's end */
    mono_us judged_at, proc_at;
    uint64_t rss_bytes;
    uint32_t fds;
    struct tick_rooms rooms;
    struct fleet_state state;
    uint32_t connections_max;
    bool was_suspect;
    mono_us suspect_told;

    /* Active time. */
    bool counting;
    mono_us counting_from;               /* without a break */
    bool unplanned;                      /* a part's end was a command's */
    mono_us counted;                     /* up to here */
    uint64_t active_us, active_total_us; /* of this tick; of all before */

    /* Gaps. */
    struct gapless *gapless; /* owned: the clock of the workers */
    uint64_t gaps_us;        /* of it, as far as they have been told */
    mono_us gap_at;          /* when the last one was */
    int64_t wall_ahead_us;   /* of the monotonic clock */
};

static inline uint64_t conductor_t(const struct conductor *c, mono_us at)
{
    at = c->ended != 0 && at > c->ended ? c->ended : at;
    return at > c->began ? at - c->began : 0;
}

/* Reads the clock, and makes a gap of it when the process has stood still since
 * the last time. The first thing in every callback. */
mono_us conductor_now(struct conductor *c);
/* Active time up to now goes where it belongs. */
void conductor_account(struct conductor *c, mono_us now);
/* Anything of any scenario was still under way when workers last answered. */
bool conductor_works(const struct conductor *c);
/* Nothing of the part begins from `at` on. */
void conductor_halt(struct conductor_part *p, mono_us at);
/* Tells what of the part should have begun and did not; s is the tick's, with
 * what was measured. */
void conductor_lost(struct conductor *c, mono_us now, size_t i,
                    const struct tick_scenario *s);
/* How many iterations the part has to do in all, as it stands, with so many VUs
 * asked for; 0 = no bound. */
uint64_t conductor_iterations(const struct conductor_part *p, uint32_t wanted);
/* The least far of the scenarios' phases: the run's. */
enum load_phase conductor_phase(const struct conductor *c);
/* No iteration is to begin, though the run is not at its end. */
bool conductor_paused(const struct conductor *c);
/* There is load, and somebody who answers: it can strain the generator. */
bool conductor_loads(const struct conductor *c, mono_us now);
/* The longest of those of scenarios. */
uint64_t conductor_graceful_us(const struct conductor *c);
/* All of them. */
void conductor_drain(struct conductor *c, mono_us now);
void conductor_cut(struct conductor *c, mono_us now);
/* The event of what a steer did. */
struct event *conductor_news(struct conductor *c, mono_us now,
                             const struct conductor_part *part, const char *by,
                             const struct steer_news *n);
/* Room for VUs: what a scenario may ask for is what others leave. */
void conductor_share(struct conductor *c, mono_us now);
/* Applies a command of the load. */
void conductor_steer(struct conductor *c, mono_us now,
                     const struct command *cmd);

/* After a steer may have changed: tells workers, follows it into the drain,
 * and arms the timer for what is due next. */
void conductor_sync(struct conductor *c, mono_us now);
/* What has come due by now. */
void conductor_due(struct conductor *c, mono_us now);
void conductor_enter(struct conductor *c, mono_us now, enum act act);
/* An event at now. */
struct event *conductor_event(struct conductor *c, mono_us now,
                              const char *type, const char *by, const char *fmt,
                              ...) ATTR_PRINTF(5, 6);

/* From ACT_NEW to setup or the run. */
void conductor_open(struct conductor *c, mono_us now);
/* Goes on by what the workers said (c->state). */
void conductor_play(struct conductor *c, mono_us now);
void conductor_held_clear(struct conductor *c);

/* Lets the hunt make of t what is to be asked for next, and puts what it knows
 * into t. Nothing without a hunt. */
void conductor_hunt(struct conductor *c, mono_us now, struct tick *t);
/* What the end of the run comes to; the last event. */
void conductor_decide(struct conductor *c, mono_us now);

bool conductor_server_open(struct conductor *c, struct err *e) MUST_CHECK;
void conductor_server_close(struct conductor *c);
/* What the service took, as it was last seen. */
const struct tick_server *conductor_server(struct conductor *c, mono_us now);
/* The tick so far goes into the run's own study; what is found there is news.
 */
void conductor_study(struct conductor *c, mono_us now, struct tick *t);
/* Hands the judge what that study says of recoveries. */
void conductor_returns(struct conductor *c);
/* Closes a tick with d (borrowed) and hands it to the readers. */
void conductor_emit(struct conductor *c, mono_us now, const struct delta *d);
void conductor_beat_start(struct conductor *c, mono_us now);
/* After the last tick: stops workers and all watchers but the queue's bell,
 * which no longer keeps the loop alive. */
void conductor_close(struct conductor *c);
/* All workers have answered; all are at rest. */
void conductor_answered(void *ctx);
void conductor_rested(void *ctx);
void conductor_on_due(struct ev_loop *loop, ev_timer *w, int revents);
void conductor_on_beat(struct ev_loop *loop, ev_timer *w, int revents);
void conductor_on_bell(struct ev_loop *loop, ev_async *w, int revents);

#endif
