/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/tick.h"

#include <math.h>

#include "base/must.h"
#include "measure/series.h"
#include "plan/curve.h"

const char *run_state_name(enum run_state s)
{
    switch (s) {
    case RUN_STARTING:
        return "starting";
    case RUN_RUNNING:
        return "running";
    case RUN_PAUSED:
        return "paused";
    case RUN_DRAINING:
        return "draining";
    case RUN_FINISHED:
        return "finished";
    }
    MUST(!"a run is in one of five states");
    return "";
}

const char *scenario_state_name(enum scenario_state s)
{
    switch (s) {
    case SCENARIO_WAITING:
        return "waiting";
    case SCENARIO_RUNNING:
        return "running";
    case SCENARIO_DRAINING:
        return "draining";
    case SCENARIO_DONE:
        return "done";
    }
    MUST(!"a scenario is in one of four states");
    return "";
}

const char *run_status_name(enum run_status s)
{
    switch (s) {
    case STATUS_RUNNING:
        return "running";
    case STATUS_PASSED:
        return "passed";
    case STATUS_FAILED:
        return "failed";
    case STATUS_ABORTED:
        return "aborted";
    case STATUS_INTERRUPTED:
        return "interrupted";
    }
    MUST(!"an outcome has one of five statuses");
    return "";
}

static struct server_seen tick_server_seen(const struct tick_server *s)
{
    struct server_seen seen = {0};
    size_t i;

    if (!s->watched || !s->alive) {
        return seen;
    }
    seen.rss_bytes = s->rss_bytes;
    seen.cpu_n = isfinite(s->cpu) ? 1 : 0;
    seen.cpu_sum = isfinite(s->cpu) ? server_cpu_grain(s->cpu) : 0;
    for (i = 0; i < SERVER_OTHERS_MAX; i++) {
        if (isfinite(s->other[i])) {
            seen.others |= 1u << i;
            seen.other[i] = s->other[i];
        }
    }
    return seen;
}

struct tick_within tick_within(const struct tick *t)
{
    struct tick_within w = {.vus = t->vus,
                            .planned = t->planned,
                            .vus_min = t->vus,
                            .vus_max = 0,
                            .manual = t->manual,
                            .suspect = t->health.suspect,
                            .vus_us = ((uint64_t)t->vus + t->draining) *
                                      t->active_us};
    size_t i;

    if (t->within != NULL) {
        return *t->within;
    }
    w.server = tick_server_seen(&t->server);
    for (i = 0; i < t->n_scenarios; i++) {
        const struct tick_scenario *s = &t->scenarios[i];

        w.scenarios[i].ran = s->state == SCENARIO_RUNNING;
        w.scenarios[i].wanted = s->wanted;
        w.scenarios[i].planned = s->planned;
        w.scenarios[i].vus = s->vus;
        w.scenarios[i].wanted_max = s->wanted;
        w.scenarios[i].vus_max = s->vus_high > s->vus ? s->vus_high : s->vus;
        w.scenarios[i].allocated_max = s->allocated;
        w.vus_max += w.scenarios[i].vus_max;
        w.scenarios[i].manual = s->manual || s->spike;
    }
    w.vus_max = w.vus_max > t->vus ? w.vus_max : t->vus;
    return w;
}

/* As in k6: what the plan needs at its peak, whether it gets there or not, and
 * more once more was asked for. Of an arrival rate those that it has. */
static uint32_t tick_room(const struct curve *c, const struct scenario *s,
                          const struct tick_scenario *t, uint32_t asked,
                          uint32_t allocated)
{
    uint32_t need = c->peak;

    if (c->time_unit_us > 0) {
        need = s->pre_allocated_vus;
        asked = allocated;
    }
    need = need < t->vus_max ? need : t->vus_max;
    return need > asked ? need : asked;
}

struct ledger_gauges tick_gauges(const struct run_info *info,
                                 const struct tick *t, struct tick_rooms *rooms)
{
    struct tick_within w = tick_within(t);
    struct ledger_gauges g = {.vus = t->vus,
                              .planned = t->planned,
                              .several = t->within != NULL,
                              .vus_middle = w.vus,
                              .planned_middle = w.planned,
                              .vus_low = w.vus_min,
                              .vus_high = w.vus_max};
    size_t i;

    for (i = 0; i < t->n_scenarios; i++) {
        uint32_t room = tick_room(&info->curves[i], &info->lineup->list[i],
                                  &t->scenarios[i], w.scenarios[i].wanted_max,
                                  w.scenarios[i].allocated_max);

        if (rooms->vus[i] < room) {
            rooms->vus[i] = room;
        }
        g.scenario_vus[i] = t->scenarios[i].vus;
        g.scenario_vus_max[i] = rooms->vus[i];
        g.vus_max += rooms->vus[i];
    }
    g.manual = w.manual;
    g.server = w.server;
    return g;
}

enum tick_answers tick_answers(const struct delta *d)
{
    uint64_t requests = 0, answered = 0, lost = 0;
    size_t i;

    for (i = 0; i < d->n_series; i++) {
        const struct delta_series *x = &d->series[i];

        requests += x->count;
        answered += failure_has_response(x->failure) ? x->count : 0;
        lost += error_class_of(x->failure) == ERRORS_CONNECT ? x->count : 0;
    }
    return requests == 0          ? ANSWERS_NONE
           : lost * 2 <= requests ? ANSWERS_PLAIN
           : answered == 0        ? ANSWERS_LOST
                                  : ANSWERS_MIXED;
}

void tick_server_clear(struct tick_server *s)
{
    size_t i;

    *s = (struct tick_server){.cpu = (double)NAN};
    for (i = 0; i < SERVER_OTHERS_MAX; i++) {
        s->other[i] = (double)NAN;
    }
}

void tick_sum(const struct run_info *info, struct tick *t)
{
    size_t i;

    t->left_us = 0;
    t->manual = false;
    t->wanted = t->planned = t->vus = t->draining = 0;
    for (i = 0; i < t->n_scenarios; i++) {
        const struct tick_scenario *s = &t->scenarios[i];

        t->left_us = s->left_us > t->left_us ? s->left_us : t->left_us;
        t->manual = t->manual || s->manual || s->spike;
        t->vus += s->vus;
        t->draining += s->draining;
        if (info->curves[i].time_unit_us == 0) {
            t->wanted += s->wanted;
            t->planned += s->planned;
        }
    }
}
