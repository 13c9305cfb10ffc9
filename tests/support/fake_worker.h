/* SPDX-License-Identifier: MIT
 *
 * fake_worker - stands in for load/worker.c: has no thread, answers when a test
 * says so, with what the test says. Linked before libload. */
#ifndef TESTS_FAKE_WORKER_H
#define TESTS_FAKE_WORKER_H

#include "load/worker.h"

#define FAKE_WORKERS_MAX 4

struct fake_worker {
    bool started, stopped;
    bool asked; /* and not answered */
    unsigned asks;
    unsigned requests;      /* in the next report: each answer empties it */
    unsigned refused;       /* the same, of which none got a connection */
    struct desired desired; /* the last one posted */
    const struct flow *once;
    uint64_t rests;              /* what worker_rests says */
    struct worker_report report; /* what the next one says */
};

/* All at the start of a test; refuse: which one cannot start, or -1. */
void fake_workers_reset(const struct plan *plan, int refuse);
struct fake_worker *fake_worker(unsigned index);
/* Makes the report that was asked for, and rings. Does nothing when none was
 * asked for. */
void fake_worker_answer(unsigned index);
/* Rings, as a worker that has come to rest. */
void fake_worker_ring(unsigned index);

#endif
