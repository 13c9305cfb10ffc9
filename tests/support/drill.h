/* SPDX-License-Identifier: MIT
 *
 * drill - one worker driven by hand, without a conductor: for tests of the
 * worker and for measurements of the engine alone. One thread. */
#ifndef TESTS_SUPPORT_DRILL_H
#define TESTS_SUPPORT_DRILL_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "load/worker.h"
#include "measure/delta.h"
#include "measure/histo.h"

/* What all reports so far say together. */
struct drill_totals {
    uint64_t requests, responses, failed;
    uint64_t passes, fails; /* checks */
    uint64_t iterations, interrupted, interrupted_requests, retries;
    uint64_t sent, received; /* bytes */
};

struct drill {
    struct plan *plan;
    struct curve curve;
    struct worker *worker;
    struct drill_totals totals;
    struct histo *duration;    /* µs */
    struct histo *waiting;     /* µs */
    struct histo *lag;         /* µs */
    struct worker_report last; /* its shard is not to be used */
    struct desired desired;    /* as posted last */
    /* Rung by the worker. */
    pthread_mutex_t lock;
    pthread_cond_t rang;
    bool ready;
};

/* A plan with one flow and one scenario, from text in which each '@' stands
 * for base ("http://127.0.0.1:PORT"). Starts the worker; ends the program when
 * the plan has a mistake. */
void drill_start(struct drill *d, const char *text, const char *base);
/* So many VUs from now on; a phase other than LOAD_RUN takes none. */
void drill_post(struct drill *d, enum load_phase phase, uint32_t vus);
/* Asks for a report, waits for it and adds it up. */
const struct worker_report *drill_report(struct drill *d);
/* Lets all iterations end, and reports. */
void drill_drain(struct drill *d);
void drill_stop(struct drill *d);

#endif
