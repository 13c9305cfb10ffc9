/* SPDX-License-Identifier: MIT
 *
 * rota - which workers have a VU free for the iterations of one arrival rate.
 * A worker begins what is due with VUs of its own for as long as it has some,
 * which takes one atomic subtraction; only when it has none, a lock is taken:
 * what is due goes to a worker that has a free VU, or may make one. So nothing
 * is lost while a VU is free anywhere, and what waits (whenBusy: queue) waits
 * in one line, oldest first, for whichever VU is free first.
 *
 * A worker's count says how many of its VUs are free and not promised to
 * anybody: who takes one from it by handing over owns that VU, so what is
 * handed over always finds one. Any thread; index: the worker's, whose own
 * thread alone says what is marked "own". */
#ifndef LOAD_ROTA_H
#define LOAD_ROTA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clk.h"

/* Iterations that may wait in line: what is due beyond is dropped, so that
 * memory does not grow with time. */
#define ROTA_QUEUE_MAX (UINT64_C(1) << 20)

struct rota; /* opaque */

/* workers: at least 1. Owned by the caller, and outlives them. */
struct rota *rota_new(unsigned workers);
void rota_free(struct rota **r);

/* wake is called, under the lock and from another worker's thread, when
 * something has been handed to this one: it must only ring. */
void rota_join(struct rota *r, unsigned index, void (*wake)(void *ctx),
               void *ctx);
/* Nobody rings any more. */
void rota_leave(struct rota *r, unsigned index);

/* Own: the newest revision of the desired state that this worker knows, and
 * whether what waits may begin in it. An older one is ignored. */
void rota_obey(struct rota *r, uint64_t revision, bool go);
/* Own: the run begins for this worker, with so many VUs free and so many that
 * it may make. Who is first says for all how many they begin with, for those
 * that have not yet come to it: free_of and room_of are asked. */
struct rota_opening {
    uint32_t (*free_of)(void *ctx, unsigned index);
    uint32_t (*room_of)(void *ctx, unsigned index);
    void *ctx;
};
void rota_open(struct rota *r, unsigned index,
               const struct rota_opening *opening);
/* Own: none begins here any more. How many due times are lost by it: those
 * handed to this worker that it has not begun, and all that wait in line. */
uint64_t rota_close(struct rota *r, unsigned index);

/* Own: one of its free VUs is promised to the caller; false: it has none. */
bool rota_claim(struct rota *r, unsigned index);
/* Own: one of its VUs is free. */
void rota_release(struct rota *r, unsigned index);

/* What becomes of an iteration that is due: it goes to a worker (index itself
 * before others) that has a VU free, else to one that may make one; to the
 * caller without a ring. When there is none it waits, if it may. Own. */
enum rota_verdict {
    ROTA_GIVEN,   /* to somebody; the caller looks at its own (rota_take) */
    ROTA_WAITS,   /* in line, or something older went in its place */
    ROTA_DROPPED, /* nobody is free */
};
enum rota_verdict rota_place(struct rota *r, unsigned index, mono_us due,
                             bool may_wait);

/* Own: the next that has been handed to this worker. For it one of its free
 * VUs is promised, or when grow is set a VU that it may make; false: none. */
struct rota_given {
    mono_us due;
    bool grow;
};
bool rota_take(struct rota *r, unsigned index, struct rota_given *given);
/* Own: the VU that was to be made is not needed after all. */
void rota_spare(struct rota *r, unsigned index);

/* Does anything wait in line that may begin? One atomic load. */
bool rota_waits(const struct rota *r);
/* Own: the oldest that waits, for a VU that the caller has. */
bool rota_next(struct rota *r, mono_us *due);
/* What waits goes to the VUs that are free. Own. */
void rota_serve(struct rota *r, unsigned index);

/* In line; and handed to a worker that has not begun it. */
uint64_t rota_queued(struct rota *r);
uint64_t rota_given(const struct rota *r, unsigned index);

#endif
