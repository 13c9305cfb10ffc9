/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/tick.h"

#include <string.h>

#include "base/must.h"
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

struct ledger_gauges tick_gauges(const struct run_info *info,
                                 const struct tick *t, uint32_t *room)
{
    struct ledger_gauges g;
    /* As in k6: what the plan needs at its peak, whether it gets there or not,
     * and more once more was asked for. */
    uint32_t peak =
        info->curve->peak < t->vus_max ? info->curve->peak : t->vus_max;

    if (*room < peak) {
        *room = peak;
    }
    if (*room < t->wanted) {
        *room = t->wanted;
    }
    g.vus = t->vus;
    g.vus_max = *room;
    memset(g.scenario_vus, 0, sizeof g.scenario_vus);
    memset(g.scenario_vus_max, 0, sizeof g.scenario_vus_max);
    g.scenario_vus[0] = g.vus;
    g.scenario_vus_max[0] = g.vus_max;
    g.planned = t->planned;
    g.manual = t->manual || t->spike;
    return g;
}
