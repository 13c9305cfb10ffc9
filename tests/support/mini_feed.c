/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/mini_feed.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "measure/delta.h"

void mini_feed_init(struct mini_feed *f)
{
    f->shard = shard_new(&f->mini.plan);
    f->ledger = ledger_new(&f->mini.plan, &f->mini.lineup);
    f->gauges = (struct ledger_gauges){0};
    f->t_us = 0;
    f->active_us = 0;
}

void mini_feed_clear(struct mini_feed *f)
{
    shard_free(&f->shard);
    ledger_free(&f->ledger);
}

int mini_feed_up(void **state)
{
    struct mini_feed *f = xcalloc(1, sizeof *f);

    mini_plan_init(&f->mini);
    mini_feed_init(f);
    *state = f;
    return 0;
}

int mini_feed_down(void **state)
{
    struct mini_feed *f = *state;

    mini_feed_clear(f);
    free(f);
    return 0;
}

void mini_feed_requests(struct mini_feed *f, unsigned request, unsigned status,
                        uint64_t duration_us, unsigned n)
{
    bool good = status >= 200 && status < 400;
    struct sample x = {.request = (uint16_t)request,
                       .status = (uint16_t)status,
                       .failure = status == 0 ? FAILURE_REFUSED
                                  : good      ? FAILURE_NONE
                                              : failure_of_status(status),
                       .failed = !good,
                       .waiting = duration_us,
                       .duration = duration_us,
                       .sent = 70,
                       .received = status == 0 ? 0 : 800};

    while (n-- > 0) {
        shard_request(f->shard, &x);
    }
}

static void mini_feed_close(struct mini_feed *f, uint64_t active_us)
{
    struct delta *d = delta_new(&f->mini.plan, &f->shard, 1);

    shard_clear(f->shard);
    f->t_us += MINI_TICK_US;
    f->active_us += active_us;
    ledger_feed(f->ledger, f->t_us, active_us, &f->gauges, d);
    delta_free(&d);
}

void mini_feed_tick(struct mini_feed *f)
{
    mini_feed_close(f, MINI_TICK_US);
}

void mini_feed_pause(struct mini_feed *f)
{
    mini_feed_close(f, 0);
}

void mini_feed_steady(struct mini_feed *f, unsigned request, unsigned status,
                      uint64_t duration_us, unsigned n)
{
    while (n-- > 0) {
        mini_feed_requests(f, request, status, duration_us, 1);
        mini_feed_tick(f);
    }
}
