/* SPDX-License-Identifier: MIT
 *
 * scenario - the load of a run as data: an executor and its options, in k6's
 * shape (https://grafana.com/docs/k6/latest/using-k6/scenarios/). */
#ifndef PLAN_SCENARIO_H
#define PLAN_SCENARIO_H

#include <stddef.h>
#include <stdint.h>

enum executor {
    EXECUTOR_CONSTANT_VUS,
    EXECUTOR_RAMPING_VUS,
    EXECUTOR_SHARED_ITERATIONS,
};

struct stage {
    uint64_t duration_us; /* 0 = an instant jump */
    uint32_t target;      /* VUs at its end */
    char *name;           /* owned; NULL = none given */
};

struct scenario {
    char *name;    /* owned */
    char *purpose; /* owned; "" if none */
    enum executor executor;
    uint32_t vus;         /* constant-vus, shared-iterations */
    uint32_t start_vus;   /* ramping-vus */
    uint64_t duration_us; /* constant-vus; shared-iterations: maxDuration;
                             UINT64_MAX = until the operator ends it */
    uint64_t iterations;  /* shared-iterations */
    struct stage *stages; /* owned; ramping-vus */
    size_t n_stages;
    uint64_t graceful_stop_us;      /* 30 s by default */
    uint64_t graceful_ramp_down_us; /* 30 s by default */
    unsigned flow;                  /* index in plan->flows */
};

/* k6's name: "constant-vus". */
const char *executor_name(enum executor e);

#endif
