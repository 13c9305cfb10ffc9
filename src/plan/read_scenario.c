/* SPDX-License-Identifier: MIT
 *
 * read_scenario - the menu of loads, each in k6's shape. */
#include "config.h"

#include "plan/read.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"

#define SCENARIO_MAX             1000
#define SCENARIO_STAGES_MAX      1000
#define SCENARIO_ITERATIONS_MAX  (UINT64_C(1) << 53)
#define SCENARIO_GRACE_US        (UINT64_C(30) * 1000000)
#define SCENARIO_MAX_DURATION_US (UINT64_C(600) * 1000000)
#define SCENARIO_SHORTEST_US     1000

static bool scenario_executor(struct reader *r, const cJSON *v,
                              enum executor *out)
{
    static const char *const now[] = {
        [EXECUTOR_CONSTANT_VUS] = "constant-vus",
        [EXECUTOR_RAMPING_VUS] = "ramping-vus",
        [EXECUTOR_SHARED_ITERATIONS] = "shared-iterations",
    };
    static const char *const later[] = {
        "per-vu-iterations", "constant-arrival-rate", "ramping-arrival-rate",
        "externally-controlled"};
    const size_t n_now = sizeof now / sizeof now[0];
    const char *s = NULL, *near;
    char hint[256];

    if (reader_get(v, "executor") == NULL) {
        reader_fail(r, "'executor' is missing%s",
                    reader_hint(hint, sizeof hint, "", now, n_now));
        return false;
    }
    if (!reader_m_string(r, v, "executor", &s)) {
        return false;
    }
    for (size_t i = 0; i < n_now; i++) {
        if (strcmp(s, now[i]) == 0) {
            *out = (enum executor)i;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++) {
        if (strcmp(s, later[i]) == 0) {
            reader_fail_member(r, "executor", "'%.120s' is not supported yet",
                               s);
            return false;
        }
    }
    reader_fail_member(r, "executor", "'%.120s' is no executor%s", s,
                       reader_hint(hint, sizeof hint, s, now, n_now));
    /* The rest is looked at as if the one that was meant stood there. */
    near = text_nearest(s, now, n_now);
    for (size_t i = 0; near != NULL && i < n_now; i++) {
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
        {"vus", 1u << EXECUTOR_CONSTANT_VUS | 1u << EXECUTOR_SHARED_ITERATIONS},
        {"duration", 1u << EXECUTOR_CONSTANT_VUS},
        {"startVUs", 1u << EXECUTOR_RAMPING_VUS},
        {"stages", 1u << EXECUTOR_RAMPING_VUS},
        {"gracefulRampDown", 1u << EXECUTOR_RAMPING_VUS},
        {"iterations", 1u << EXECUTOR_SHARED_ITERATIONS},
        {"maxDuration", 1u << EXECUTOR_SHARED_ITERATIONS},
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

static void scenario_stages(struct reader *r, const cJSON *v,
                            struct scenario *s)
{
    uint64_t total = 0, peak = s->start_vus;
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

static void scenario_ramping(struct reader *r, const cJSON *v,
                             struct scenario *s)
{
    const cJSON *stages = reader_get(v, "stages");
    uint64_t start = 1;

    (void)reader_m_u64(r, v, "startVUs", 0, PLAN_VUS_MAX, &start);
    s->start_vus = (uint32_t)start;
    (void)reader_m_duration(r, v, "gracefulRampDown", 0, PLAN_DUR_MAX_US,
                            &s->graceful_ramp_down_us);
    if (stages == NULL) {
        reader_fail(r, "'stages' is missing");
    } else {
        size_t mark = reader_enter(r, "stages");

        scenario_stages(r, stages, s);
        reader_leave(r, mark);
    }
}

static void scenario_load(struct reader *r, const cJSON *v, struct scenario *s)
{
    uint64_t vus = 1;

    scenario_foreign(r, v, s->executor);
    if (s->executor == EXECUTOR_RAMPING_VUS) {
        scenario_ramping(r, v, s);
        return;
    }
    (void)reader_m_u64(r, v, "vus", 1, PLAN_VUS_MAX, &vus);
    s->vus = (uint32_t)vus;
    if (s->executor == EXECUTOR_CONSTANT_VUS) {
        if (reader_get(v, "duration") == NULL) {
            reader_fail(r, "'duration' is missing");
        }
        (void)reader_m_duration(r, v, "duration", SCENARIO_SHORTEST_US,
                                PLAN_DUR_MAX_US, &s->duration_us);
        return;
    }
    s->iterations = 1;
    s->duration_us = SCENARIO_MAX_DURATION_US;
    (void)reader_m_u64(r, v, "iterations", 1, SCENARIO_ITERATIONS_MAX,
                       &s->iterations);
    (void)reader_m_duration(r, v, "maxDuration", SCENARIO_SHORTEST_US,
                            PLAN_DUR_MAX_US, &s->duration_us);
    if (s->iterations < s->vus) {
        reader_fail(r, "fewer iterations than VUs: some would do nothing");
    }
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

static void scenario_read(struct reader *r, const cJSON *v, struct scenario *s)
{
    const char *purpose = "";

    s->graceful_stop_us = SCENARIO_GRACE_US;
    s->graceful_ramp_down_us = SCENARIO_GRACE_US;
    if (cJSON_IsArray(v)) {
        reader_fail(r, "several scenarios at once are not supported yet");
    } else if (reader_object(r, v, KEY_SCENARIO)) {
        (void)reader_m_string(r, v, "purpose", &purpose);
        (void)reader_m_duration(r, v, "gracefulStop", 0, PLAN_DUR_MAX_US,
                                &s->graceful_stop_us);
        scenario_exec(r, v, s);
        if (scenario_executor(r, v, &s->executor)) {
            scenario_load(r, v, s);
        }
    }
    s->purpose = xstrdup(purpose);
}

static bool scenario_name_ok(const char *s)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789_-";

    return strspn(s, letters) == strlen(s);
}

void read_scenarios(struct reader *r, const cJSON *v)
{
    struct plan *p = r->plan;
    const cJSON *m;

    if (!reader_names(r, v, "scenarios", SCENARIO_MAX)) {
        return;
    }
    if (v->child == NULL) {
        reader_fail(r, "expected at least one scenario");
    }
    p->lineups = xcalloc((size_t)cJSON_GetArraySize(v) + 1, sizeof *p->lineups);
    cJSON_ArrayForEach(m, v)
    {
        struct lineup *l = &p->lineups[p->n_lineups++];
        size_t mark;

        if (!scenario_name_ok(m->string)) {
            reader_fail_key(r, m->string,
                            "a scenario's name has letters, "
                            "digits, _ and - only");
        }
        mark = reader_enter(r, m->string);
        l->name = xstrdup(m->string);
        l->n = 1;
        l->list = xcalloc(1, sizeof *l->list);
        l->list[0].name = xstrdup(m->string);
        scenario_read(r, m, &l->list[0]);
        l->purpose = xstrdup(l->list[0].purpose);
        reader_leave(r, mark);
    }
}
