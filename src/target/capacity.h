/* SPDX-License-Identifier: MIT
 *
 * capacity - a service that can do only so much: some places at which work is
 * done, a queue before them, a longest wait, and a capacity that falls while
 * the queue is long and comes back slowly. Pure arithmetic on a clock that is
 * handed in: no I/O, no threads, one caller.
 *
 * The load of a place: every job takes a time drawn from a log-normal
 * distribution around service_us. Under strain (0..1) that time is divided by
 * 1 - degrade * strain. The strain is drawn to where the queue's length is:
 * none while it is up to a twentieth full, all of it from two fifths on. It
 * takes recovery_us to go from 1 to 0, and a quarter of that to go from 0 to 1.
 */
#ifndef TARGET_CAPACITY_H
#define TARGET_CAPACITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/clk.h"
#include "target/heap.h"

struct capacity; /* opaque */

struct capacity_spec {
    uint64_t places;        /* jobs served at once, at least 1 */
    uint64_t service_us;    /* mean time at a place without strain */
    double spread;          /* sigma of that time's logarithm; 0 = fixed */
    uint64_t queue;         /* jobs that may wait; 0 = none */
    uint64_t wait_limit_us; /* a job that waited so long is turned away */
    double degrade;         /* 0..1: capacity lost at full strain */
    uint64_t recovery_us;   /* strain 1 to 0; 0 = at once */
    uint64_t seed;
};

enum capacity_state {
    CAPACITY_IDLE, /* in no one's hands: before admission, after its end */
    CAPACITY_WAITING,
    CAPACITY_SERVED,
};

/* One job; embedded in its owner, who zeroes it once and sets owner. */
struct capacity_job {
    void *owner; /* borrowed; not looked at here */
    enum capacity_state state;
    mono_us since;             /* admitted */
    mono_us service_us;        /* time at its place, once it is served */
    struct capacity_job *prev; /* of the queue */
    struct capacity_job *next;
    struct heap_node node; /* of those served */
};

enum capacity_news {
    CAPACITY_STARTED, /* a place is its own now, for job->service_us */
    CAPACITY_DONE,    /* served; the job is idle again */
    CAPACITY_EXPIRED, /* waited too long; the job is idle again */
};

/* Owned by the caller; never NULL. clk is borrowed for its lifetime. */
struct capacity *capacity_new(const struct capacity_spec *spec,
                              const struct clk *clk);
/* Frees *cp and sets it to NULL; *cp may be NULL. Jobs in it are let go. */
void capacity_free(struct capacity **cp);

/* Takes a job in: to a place or into the queue. false: the queue is full. */
bool capacity_admit(struct capacity *c, struct capacity_job *job) MUST_CHECK;
/* Takes a job out wherever it is; its place is free for the next. */
void capacity_leave(struct capacity *c, struct capacity_job *job);
/* The next thing that has happened by now, oldest first, or NULL. To be asked
 * until it says NULL, after each admission and when capacity_due has come. */
struct capacity_job *capacity_news(struct capacity *c,
                                   enum capacity_news *news);
/* When capacity_news has something to say next; UINT64_MAX: never. */
mono_us capacity_due(const struct capacity *c);

/* With down set no job gets a place any more (those served are finished): the
 * queue fills, and whoever waits too long is turned away. */
void capacity_set_down(struct capacity *c, bool down);

size_t capacity_waiting(const struct capacity *c);
size_t capacity_served(const struct capacity *c);
/* Now, 0..1. */
double capacity_strain(struct capacity *c);

#endif
