/* SPDX-License-Identifier: MIT
 *
 * queue_world - a service that never was: so many places, each serving one
 * request at a time, first come first served, under VUs that think or under a
 * rate of arrival. Time is virtual; the same seed gives the same seconds. */
#ifndef SUPPORT_QUEUE_WORLD_H
#define SUPPORT_QUEUE_WORLD_H

#include <stdbool.h>

#include "base/rng.h"
#include "insight/moment.h"

#define QUEUE_PLACES_MAX 256

struct queue_event {
    double at;
    unsigned vu;
    bool ends;    /* a request; else one begins */
    double began; /* ends */
};

struct queue_world {
    struct rng rng;
    struct histo *good; /* owned */
    unsigned places;
    double service_s, sigma; /* lognormal; mean */
    double think_s;
    bool open;   /* load is requests a second */
    double load; /* from now on */
    double fail; /* share that fails, at once */
    double now_s;
    /* The rest is the world's. */
    double free[QUEUE_PLACES_MAX]; /* when a place is */
    struct queue_event *heap;      /* owned; earliest first */
    size_t n, cap;
    bool *lives; /* owned: VUs with an event; as many as vus */
    unsigned vus, in_flight;
    double owed; /* open: part of a request */
};

void queue_init(struct queue_world *w, uint64_t seed);
void queue_clear(struct queue_world *w);
/* The next second. Borrowed until the next call. */
struct moment queue_next(struct queue_world *w);

#endif
