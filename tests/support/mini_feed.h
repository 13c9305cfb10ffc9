/* SPDX-License-Identifier: MIT
 *
 * mini_feed - a ledger over the mini plan, fed tick by tick from one shard, on
 * a clock that stands still between ticks. */
#ifndef TESTS_SUPPORT_MINI_FEED_H
#define TESTS_SUPPORT_MINI_FEED_H

#include "measure/ledger.h"
#include "support/mini_plan.h"

#define MINI_TICK_US 100000u

struct mini_feed {
    struct mini_plan mini;
    struct shard *shard;
    struct ledger *ledger;
    struct ledger_gauges gauges; /* of the next tick */
    uint64_t t_us, active_us;    /* run time, active time so far */
};

/* f must stay where it is. Thresholds are added to f->mini before. */
void mini_feed_init(struct mini_feed *f);
void mini_feed_clear(struct mini_feed *f);
/* Fixtures of a test whose state is a feed of the plan without thresholds. */
int mini_feed_up(void **state);
int mini_feed_down(void **state);
/* n answers of a status (0: a refused connection) that took duration_us. */
void mini_feed_requests(struct mini_feed *f, unsigned request, unsigned status,
                        uint64_t duration_us, unsigned n);
/* Closes a tick of 100 ms. */
void mini_feed_tick(struct mini_feed *f);
/* Closes one in a pause: 100 ms of run time, none active. */
void mini_feed_pause(struct mini_feed *f);
/* n ticks, each with one answer of that status and duration. */
void mini_feed_steady(struct mini_feed *f, unsigned request, unsigned status,
                      uint64_t duration_us, unsigned n);

#endif
