/* SPDX-License-Identifier: MIT
 *
 * worker_internal - what the two sides of a worker share: worker.c (its
 * thread) and worker_mail.c (what the conductor's says to it). */
#ifndef LOAD_WORKER_INTERNAL_H
#define LOAD_WORKER_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include <ev.h>

#include "base/gapless.h"
#include "load/lane_options.h"
#include "load/lanes.h"
#include "load/pacer.h"
#include "load/posts.h"
#include "load/worker.h"

#define WORKER_MAGIC 0x776f726bu

/* Everything in it under the lock. */
struct worker_mail {
    pthread_mutex_t lock;
    bool has_once, has_run_start, stop, ask;
    struct posts posts; /* by scenario */
    const struct flow *once;
    uint64_t once_timeout_us;
    mono_us run_start;
    char **vars;   /* owned; NULL = none posted */
    char **result; /* owned: what run_once extracted; NULL = nothing yet */
    struct shard *spare; /* owned: empty; NULL = the conductor has it */
    bool has_report;
    struct worker_report report;
};

struct worker {
    unsigned magic;
    struct worker_config config;
    size_t n_vars;
    pthread_t thread;
    struct ev_async ring;
    struct worker_mail mail;

    /* The thread's alone. */
    struct ev_loop *loop;
    struct ev_prepare prepare;
    struct timers *timers;
    struct pacer *pacer;
    struct lane_options options;
    struct lanes *lanes;
    struct squad *squads[LINEUP_MAX]; /* by scenario; the first runs setup */
    struct shard *shard;              /* owned; samples go there */
    struct posts posts; /* taken out of the mailbox, to be obeyed */
    uint64_t revision;
    uint64_t gaps_us;  /* as far as the squads know */
    mono_us run_start; /* in the time of config.clk as posted */
    struct timer probe;
    atomic_uint_fast64_t rests; /* see worker_rests; it alone writes */
    mono_us run_at;             /* the now of timers_run */
    bool reported_once; /* the result of the last run_once has been copied */
};

/* Owned by the caller: see crew_vars_free. */
char **worker_vars_copy(const char *const *vars, size_t n);
/* Of the clock by which VUs tell the time; any thread. */
uint64_t worker_gaps_us(const struct worker *w);

#endif
