/* SPDX-License-Identifier: MIT
 *
 * read_scenario - one scenario in k6's shape: its executor and what belongs to
 * it. What runs together, and under which name, read_lineup.c knows. */
#include "config.h"

#include "plan/read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"

#define SCENARIO_STAGES_MAX      1000
#define SCENARIO_ITERATIONS_MAX  (UINT64_C(1) << 53)
#define SCENARIO_RATE_MAX        1000000
#define SCENARIO_UNIT_MAX_US     (UINT64_C(86400) * 1000000)
#define SCENARIO_GRACE_US        (UINT64_C(30) * 1000000)
#define SCENARIO_MAX_DURATION_US (UINT64_C(600) * 1000000)
#define SCENARIO_SHORTEST_US     1000

/* Executors as bits. */
#define SCENARIO_BIT(e) (1u << EXECUTOR_##e)
#define SCENARIO_COUNTED                                                       \
    (SCENARIO_BIT(SHARED_ITERATIONS) | SCENARIO_BIT(PER_VU_ITERATIONS))
#define SCENARIO_ARRIVAL                                                       \
    (SCENARIO_BIT(CONSTANT_ARRIVAL_RATE) | SCENARIO_BIT(RAMPING_ARRIVAL_RATE))

static bool scenario_executor(struct reader *r, const cJSON *v,
                              enum executor *out)
{
    const char *now[EXECUTOR_COUNT];
    const char *s = NULL, *near;
    char hint[256];

    for (int i = 0; i < EXECUTOR_COUNT; i++) {
        now[i] = executor_name((enum executor)i);
    }
    if (reader_get(v, "executor") == NULL) {
        reader_fail(r,
                    "'executor' is missing; there are %s, %s, %s, %s, %s, "
                    "%s",
                    now[0], now[1], now[2], now[3], now[4], now[5]);
        return false;
    }
    if (!reader_m_string(r, v, "executor", &s)) {
        return false;
    }
    for (int i = 0; i < EXECUTOR_COUNT; i++) {
        if (strcmp(s, now[i]) == 0) {
            *out = (enum executor)i;
            return true;
        }
    }
    if (strcmp(s, "externally-controlled") == 0) {
        reader_fail_member(r, "executor",
                           "'%s' is not supported: any scenario can be steered "
                           "from outside, constant-vus comes nearest",
                           s);
        return false;
    }
    reader_fail_member(r, "executor", "'%.120s' is no executor%s", s,
                       reader_hint(hint, sizeof hint, s, now, EXECUTOR_COUNT));
    /* The rest is looked at as if the one that was meant stood there. */
    near = text_nearest(s, now, EXECUTOR_COUNT);
    for (int i = 0; near != NULL && i < EXECUTOR_COUNT; i++) {
        if (strcmp(near, now[i]) == 0) {
            *out = (enum executor)i;
            return true;
        }
    }
    return false;
}

/* Keys that another executor has: silently ignored they would mislead. */
static void scenario_foreign(struct reader *r, const cJSON *v, enum executor e)
{
    static const struct {
        const char *key;
        unsigned of; /* bits: executors that have it */
    } rows[] = {
        {"vus", SCENARIO_BIT(CONSTANT_VUS) | SCENARIO_COUNTED},
        {"duration",
         SCENARIO_BIT(CONSTANT_VUS) | SCENARIO_BIT(CONSTANT_ARRIVAL_RATE)},
        {"startVUs", SCENARIO_BIT(RAMPING_VUS)},
        {"stages",
         SCENARIO_BIT(RAMPING_VUS) | SCENARIO_BIT(RAMPING_ARRIVAL_RATE)},
        {"gracefulRampDown", SCENARIO_BIT(RAMPING_VUS)},
        {"iterations", SCENARIO_COUNTED},
        {"maxDuration", SCENARIO_COUNTED},
        {"rate", SCENARIO_BIT(CONSTANT_ARRIVAL_RATE)},
        {"startRate", SCENARIO_BIT(RAMPING_ARRIVAL_RATE)},
        {"timeUnit", SCENARIO_ARRIVAL},
        {"preAllocatedVUs", SCENARIO_ARRIVAL},
        {"maxVUs", SCENARIO_ARRIVAL},
        {"whenBusy", SCENARIO_ARRIVAL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (reader_get(v, rows[i].key) != NULL && (rows[i].of & 1u << e) == 0) {
            reader_fail_key(r, rows[i].key, "%s has no such key",
                            executor_name(e));
        }
    }
}

static void scenario_stage(struct reader *r, const cJSON *v, struct stage *s)
{
    const char *name = NULL;
    uint64_t target = 0;

    if (!reader_object(r, v, KEY_STAGE)) {
        return;
    }
    if (reader_get(v, "duration") == NULL) {
        reader_fail(r, "'duration' is missing");
    }
    if (reader_get(v, "target") == NULL) {
        reader_fail(r, "'target' is missing");
    }
    (void)reader_m_duration(r, v, "duration", 0, PLAN_DUR_MAX_US,
                            &s->duration_us);
    (void)reader_m_u64(r, v, "target", 0, PLAN_VUS_MAX, &target);
    s->target = (uint32_t)target;
    if (reader_m_name(r, v, "name", &name)) {
        s->name = xstrdup(name);
    }
}

/* start: the level that the ramp begins at. */
static void scenario_stages(struct reader *r, const cJSON *v,
                            struct scenario *s, uint32_t start)
{
    uint64_t total = 0, peak = start;
    const cJSON *m;

    if (!reader_array(r, v, "stages", SCENARIO_STAGES_MAX)) {
        return;
    }
    s->stages = xcalloc((size_t)cJSON_GetArraySize(v), sizeof *s->stages);
    cJSON_ArrayForEach(m, v)
    {
        struct stage *stage = &s->stages[s->n_stages];
        size_t mark = reader_enter_index(r, s->n_stages++);

        scenario_stage(r, m, stage);
        total += stage->duration_us;
        peak = stage->target > peak ? stage->target : peak;
        reader_leave(r, mark);
    }
    if (peak == 0) {
        reader_fail(r, "no stage has a target above 0");
    } else if (total == 0) {
        reader_fail(r, "the stages last no time at all");
    }
}

static void scenario_ramp(struct reader *r, const cJSON *v, struct scenario *s,
                          uint32_t start)
{
    const cJSON *stages = reader_get(v, "stages");
    size_t mark;

    if (stages == NULL) {
        reader_fail(r, "'stages' is missing");
        return;
    }
    mark = reader_enter(r, "stages");
    scenario_stages(r, stages, s, start);
    reader_leave(r, mark);
}

static void scenario_ramping_vus(struct reader *r, const cJSON *v,
                                 struct scenario *s)
{
    uint64_t start = 1;

    (void)reader_m_u64(r, v, "startVUs", 0, PLAN_VUS_MAX, &start);
    s->start_vus = (uint32_t)start;
    (void)reader_m_duration(r, v, "gracefulRampDown", 0, PLAN_DUR_MAX_US,
                            &s->graceful_ramp_down_us);
    scenario_ramp(r, v, s, s->start_vus);
}

static void scenario_duration(struct reader *r, const cJSON *v,
                              struct scenario *s)
{
    if (reader_get(v, "duration") == NULL) {
        reader_fail(r, "'duration' is missing");
    }
    (void)reader_m_duration(r, v, "duration", SCENARIO_SHORTEST_US,
                            PLAN_DUR_MAX_US, &s->duration_us);
}

static void scenario_vus(struct reader *r, const cJSON *v, struct scenario *s)
{
    uint64_t vus = 1;

    (void)reader_m_u64(r, v, "vus", 1, PLAN_VUS_MAX, &vus);
    s->vus = (uint32_t)vus;
}

static void scenario_counted(struct reader *r, const cJSON *v,
                             struct scenario *s)
{
    scenario_vus(r, v, s);
    s->iterations = 1;
    s->duration_us = SCENARIO_MAX_DURATION_US;
    (void)reader_m_u64(r, v, "iterations", 1, SCENARIO_ITERATIONS_MAX,
                       &s->iterations);
    (void)reader_m_duration(r, v, "maxDuration", SCENARIO_SHORTEST_US,
                            PLAN_DUR_MAX_US, &s->duration_us);
    if (s->executor == EXECUTOR_SHARED_ITERATIONS && s->iterations < s->vus) {
        reader_fail(r, "fewer iterations than VUs: some would do nothing");
    }
}

/* A rate: whole, and said what to do where a slower one is meant. */
static bool scenario_rate(struct reader *r, const cJSON *v, const char *key,
                          uint64_t lo, uint32_t *out)
{
    const cJSON *m = reader_get(v, key);
    uint64_t rate;

    if (m != NULL && cJSON_IsNumber(m) && m->valuedouble > 0 &&
        m->valuedouble < SCENARIO_RATE_MAX &&
        floor(m->valuedouble) < m->valuedouble) {
        reader_fail_member(r, key,
                           "%.10g is not whole: a longer timeUnit makes slower "
                           "rates, 1 in \"2s\" is one every two seconds",
                           m->valuedouble);
        return false;
    }
    if (m != NULL && lo > 0 && cJSON_IsNumber(m) && m->valuedouble == 0) {
        reader_fail_member(r, key,
                           "a rate of 0 begins no iteration: at least 1 in a "
                           "timeUnit, which may be longer than 1s");
        return false;
    }
    if (!reader_m_u64(r, v, key, lo, SCENARIO_RATE_MAX, &rate)) {
        return false;
    }
    *out = (uint32_t)rate;
    return true;
}

static void scenario_when_busy(struct reader *r, const cJSON *v,
                               struct scenario *s)
{
    static const char *const words[] = {
        [BUSY_DROP] = "drop", [BUSY_QUEUE] = "queue"};
    const char *word = NULL;
    char hint[128];

    if (!reader_m_string(r, v, "whenBusy", &word)) {
        return;
    }
    for (int i = 0; i < 2; i++) {
        if (strcmp(word, words[i]) == 0) {
            s->when_busy = (enum when_busy)i;
            return;
        }
    }
    reader_fail_member(r, "whenBusy", "'%.120s' is not known%s", word,
                       reader_hint(hint, sizeof hint, word, words, 2));
}

/* The VUs of an arrival rate. */
static void scenario_pool(struct reader *r, const cJSON *v, struct scenario *s)
{
    uint64_t made = 0, max = 0;
    bool has;

    if (reader_get(v, "preAllocatedVUs") == NULL) {
        reader_fail(r, "'preAllocatedVUs' is missing: the VUs to begin with, "
                       "about the rate times how long an iteration takes");
    }
    (void)reader_m_u64(r, v, "preAllocatedVUs", 0, PLAN_VUS_MAX, &made);
    has = reader_m_u64(r, v, "maxVUs", 1, PLAN_VUS_MAX, &max);
    if (has && max < made) {
        reader_fail_member(r, "maxVUs",
                           "%u is below the %u preAllocatedVUs, from which VUs "
                           "only grow: raise it, or leave it out",
                           (unsigned)max, (unsigned)made);
    }
    if (reader_get(v, "maxVUs") == NULL && made == 0 &&
        reader_get(v, "preAllocatedVUs") != NULL) {
        reader_fail_member(r, "preAllocatedVUs",
                           "0 and no maxVUs: no VU could begin an iteration");
    }
    s->pre_allocated_vus = (uint32_t)made;
    s->max_vus = (uint32_t)(has ? max : made);
}

static void scenario_arrival(struct reader *r, const cJSON *v,
                             struct scenario *s)
{
    s->time_unit_us = UINT64_C(1000000);
    (void)reader_m_duration(r, v, "timeUnit", SCENARIO_SHORTEST_US,
                            SCENARIO_UNIT_MAX_US, &s->time_unit_us);
    scenario_when_busy(r, v, s);
    scenario_pool(r, v, s);
    if (s->executor == EXECUTOR_RAMPING_ARRIVAL_RATE) {
        (void)scenario_rate(r, v, "startRate", 0, &s->start_rate);
        scenario_ramp(r, v, s, s->start_rate);
        return;
    }
    if (reader_get(v, "rate") == NULL) {
        reader_fail(r, "'rate' is missing: how many iterations begin in each "
                       "timeUnit");
    }
    (void)scenario_rate(r, v, "rate", 1, &s->rate);
    scenario_duration(r, v, s);
}

static void scenario_load(struct reader *r, const cJSON *v, struct scenario *s)
{
    scenario_foreign(r, v, s->executor);
    switch (s->executor) {
    case EXECUTOR_CONSTANT_VUS:
        scenario_vus(r, v, s);
        scenario_duration(r, v, s);
        return;
    case EXECUTOR_RAMPING_VUS:
        scenario_ramping_vus(r, v, s);
        return;
    case EXECUTOR_SHARED_ITERATIONS:
    case EXECUTOR_PER_VU_ITERATIONS:
        scenario_counted(r, v, s);
        return;
    case EXECUTOR_CONSTANT_ARRIVAL_RATE:
    case EXECUTOR_RAMPING_ARRIVAL_RATE:
        scenario_arrival(r, v, s);
        return;
    case EXECUTOR_COUNT:
        break;
    }
    MUST(!"an executor");
}

static void scenario_exec(struct reader *r, const cJSON *v, struct scenario *s)
{
    const struct plan *p = r->plan;
    const char *name = NULL, **words;
    char hint[256];

    if (!reader_m_string(r, v, "exec", &name)) {
        return;
    }
    words = xcalloc(p->n_flows + 1, sizeof *words);
    for (size_t i = 0; i < p->n_flows; i++) {
        words[i] = p->flows[i].name;
        if (strcmp(words[i], name) == 0) {
            s->flow = (unsigned)i;
            goto out;
        }
    }
    reader_fail_member(r, "exec", "no flow is named '%.120s'%s", name,
                       reader_hint(hint, sizeof hint, name, words, p->n_flows));
out:
    free(words);
}

static void scenario_own(struct reader *r, const cJSON *v, struct scenario *s)
{
    const cJSON *env = reader_get(v, "env"), *tags = reader_get(v, "tags");
    size_t mark;

    if (env != NULL) {
        mark = reader_enter(r, "env");
        read_scenario_env(r, env, s);
        reader_leave(r, mark);
    }
    if (tags != NULL) {
        mark = reader_enter(r, "tags");
        read_tags(r, tags, &s->tags, &s->n_tags);
        reader_leave(r, mark);
    }
}

void read_scenario(struct reader *r, const cJSON *v, struct scenario *s)
{
    const char *purpose = "";

    s->graceful_stop_us = SCENARIO_GRACE_US;
    s->graceful_ramp_down_us = SCENARIO_GRACE_US;
    if (reader_object(r, v, KEY_SCENARIO)) {
        (void)reader_m_string(r, v, "purpose", &purpose);
        (void)reader_m_duration(r, v, "gracefulStop", 0, PLAN_DUR_MAX_US,
                                &s->graceful_stop_us);
        (void)reader_m_duration(r, v, "startTime", 0, PLAN_DUR_MAX_US,
                                &s->start_time_us);
        scenario_exec(r, v, s);
        scenario_own(r, v, s);
        if (scenario_executor(r, v, &s->executor)) {
            scenario_load(r, v, s);
        }
    }
    s->purpose = xstrdup(purpose);
}
