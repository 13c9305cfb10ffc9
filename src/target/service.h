/* SPDX-License-Identifier: MIT
 *
 * service - what all requests of one target share: model, capacity, tallies,
 * and the list of what is due when. Knows nothing of sockets; belongs to the
 * target's thread. */
#ifndef TARGET_SERVICE_H
#define TARGET_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clk.h"
#include "base/rng.h"
#include "target/capacity.h"
#include "target/heap.h"
#include "target/limiter.h"
#include "target/model.h"
#include "target/tally.h"

struct call;

/* Something to be done at an instant; lives in its owner. */
struct wake {
    struct heap_node node;
    void (*fn)(void *ctx);
    void *ctx; /* borrowed */
};

struct service {
    struct target_model model;
    const struct clk *clk; /* borrowed */
    mono_us started;
    struct rng rng;
    struct tally tally;
    struct capacity *capacity;
    struct limiter *limiter; /* NULL: no limit */
    struct heap wakes;
    struct call *calls;    /* all that are open, newest first */
    uint64_t ids;          /* of requests, from 1 */
    struct wake outage;    /* db_down begins, then ends */
    struct wake leak;      /* the next piece is taken */
    struct wake stall;     /* the next one begins */
    struct leaked *leaked; /* owned: a chain */
    size_t leaked_bytes;
    mono_us stalled_until; /* nothing is to be done before */
    bool crash;            /* crash_after has come */
    bool closing;          /* no more answers are given */
};

/* How a capacity's news reach the call that the job belongs to. */
typedef void service_news_fn(struct call *call, enum capacity_news news);

/* The capacity of a model's service: its keys, and the spread and longest wait
 * that have none. */
struct capacity_spec service_capacity(const struct target_model *model);

/* clk is borrowed for s's lifetime. */
void service_init(struct service *s, const struct target_model *model,
                  const struct clk *clk);
/* All calls have ended. */
void service_clear(struct service *s);

/* fn(ctx) at that instant, once; one that is set already is moved. */
void service_wake_at(struct service *s, struct wake *w, mono_us due,
                     void (*fn)(void *ctx), void *ctx);
void service_wake_drop(struct service *s, struct wake *w);

/* Does all that is due by now. */
void service_turn(struct service *s, service_news_fn *news);
/* When the next thing is due; UINT64_MAX: nothing is. */
mono_us service_due(const struct service *s);

/* One of many with this chance, 0..1. */
bool service_chance(struct service *s, double share);

#endif
