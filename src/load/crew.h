/* SPDX-License-Identifier: MIT
 *
 * crew - what the VUs of one squad share: the plan, where time, waiting and
 * requests come from, where samples go, and what is pooled so that a VU that
 * thinks stays small. */
#ifndef LOAD_CREW_H
#define LOAD_CREW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clk.h"
#include "base/regexp.h"
#include "load/prepared.h"
#include "load/stream.h"
#include "load/timers.h"
#include "load/transport.h"
#include "measure/shard.h"
#include "plan/plan.h"

struct feeder;

struct gate;

struct crew {
    const struct plan *plan; /* borrowed, as the next four */
    const struct clk *clk;
    struct timers *timers;
    struct transport transport;
    struct feeder *feeder; /* borrowed; NULL: the plan has no data files */
    struct gate *gate;     /* borrowed: the cap on requests; NULL = none */
    struct shard *shard;   /* changes at each tick */
    uint64_t seed;
    mono_us run_start;       /* 0 = not yet */
    uint32_t in_flight;      /* requests under way */
    char **vars;             /* owned: plan->n_vars, what setup extracted; NULL
                                when the plan has none */
    struct prepared **fixed; /* owned: by request index, made at first use */
    struct regexp_scratch *scratch; /* owned */
    struct prepared_pool prepared;
    struct stream_pool streams;
};

void crew_init(struct crew *c, const struct plan *plan);
void crew_clear(struct crew *c);

/* n_vars strings of which each may be NULL: a new array, all entries NULL
 * (NULL when n is 0); owned by the caller. */
char **crew_vars_new(size_t n);
void crew_vars_free(char ***vars, size_t n);
/* Makes to the same as from; from may be NULL (no values). */
void crew_vars_copy(char **to, const char *const *from, size_t n);

static inline mono_us crew_now(const struct crew *c)
{
    return clk_now(c->clk);
}

#endif
