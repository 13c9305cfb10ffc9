/* SPDX-License-Identifier: MIT
 *
 * scenario - the load of a run as data: an executor and its options, in k6's
 * shape (https://grafana.com/docs/k6/latest/using-k6/scenarios/), and a lineup,
 * the scenarios that run together under one name of the menu. */
#ifndef PLAN_SCENARIO_H
#define PLAN_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINEUP_MAX 16 /* scenarios that may run together */

enum executor {
    EXECUTOR_CONSTANT_VUS,
    EXECUTOR_RAMPING_VUS,
    EXECUTOR_SHARED_ITERATIONS,
    EXECUTOR_PER_VU_ITERATIONS,
    EXECUTOR_CONSTANT_ARRIVAL_RATE,
    EXECUTOR_RAMPING_ARRIVAL_RATE,
    EXECUTOR_COUNT
};

/* What becomes of an iteration that is due while no VU is free. */
enum when_busy {
    BUSY_DROP,  /* it is not begun: dropped_iterations, k6's way */
    BUSY_QUEUE, /* it begins as soon as a VU is free */
};

struct stage {
    uint64_t duration_us; /* 0 = an instant jump */
    uint32_t target;      /* at its end: VUs, or iterations in a time unit */
    char *name;           /* owned; NULL = none given */
};

/* A name and a value of the plan's own on samples. */
struct tag {
    char *name, *value; /* owned */
};

struct scenario {
    char *name;     /* owned: the value of the scenario tag */
    char *purpose;  /* owned; "" if none */
    unsigned index; /* in its lineup */
    enum executor executor;
    uint32_t vus;         /* constant-vus, shared- and per-vu-iterations */
    uint32_t start_vus;   /* ramping-vus */
    uint64_t duration_us; /* constant-vus, constant-arrival-rate; iterations:
                             maxDuration; UINT64_MAX = until the operator ends
                             it */
    uint64_t iterations;  /* shared-iterations: of all; per-vu-iterations: of
                             each VU */
    uint32_t rate;        /* constant-arrival-rate: iterations in a time unit */
    uint32_t start_rate;  /* ramping-arrival-rate */
    uint64_t time_unit_us;      /* of arrival rates; 1 s by default */
    uint32_t pre_allocated_vus; /* of arrival rates, as the next two */
    uint32_t max_vus;           /* at least pre_allocated_vus */
    enum when_busy when_busy;
    struct stage *stages; /* owned; the ramping ones */
    size_t n_stages;
    uint64_t start_time_us;         /* it begins so long after the run */
    uint64_t graceful_stop_us;      /* 30 s by default */
    uint64_t graceful_ramp_down_us; /* 30 s by default */
    unsigned flow;                  /* index in plan->flows */
    bool own;         /* the flow's requests are this scenario's alone */
    struct tag *tags; /* owned: its own, on its samples */
    size_t n_tags;
    struct tag *env; /* owned: its own values of the plan's variables, but for
                        those that -e sets */
    size_t n_env;
};

/* What one name of the menu runs. */
struct lineup {
    char *name;            /* owned */
    char *purpose;         /* owned; "" if none */
    struct scenario *list; /* owned: those that run together, by index */
    size_t n;              /* 1 to LINEUP_MAX */
};

/* The value of the tag of that name, or NULL. Borrowed. */
const char *tags_value(const struct tag *tags, size_t n, const char *name);
/* Is there a tag of that name and value? */
bool tags_have(const struct tag *tags, size_t n, const char *name,
               const char *value);

/* k6's name: "constant-vus". */
const char *executor_name(enum executor e);
/* Does it begin iterations by a rate rather than by VUs that are free? */
static inline bool executor_is_arrival(enum executor e)
{
    return e == EXECUTOR_CONSTANT_ARRIVAL_RATE ||
           e == EXECUTOR_RAMPING_ARRIVAL_RATE;
}
/* Does it end by itself when its iterations are done? */
static inline bool executor_is_counted(enum executor e)
{
    return e == EXECUTOR_SHARED_ITERATIONS || e == EXECUTOR_PER_VU_ITERATIONS;
}

#endif
