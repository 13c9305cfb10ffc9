/* SPDX-License-Identifier: MIT
 *
 * override - flags of the command line that replace a scenario's executor, as
 * k6's shortcuts do: -s makes a ramp, -i shares iterations out, -d holds a
 * number of VUs. */
#include "config.h"

#include "plan/plan.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "plan/plan_internal.h"

#define OVERRIDE_MAX_DURATION_US (UINT64_C(600) * 1000000)

static bool override_fits(const struct scenario *s,
                          const struct plan_override *o, struct err *e)
{
    bool rate = executor_is_arrival(s->executor);
    bool ramp = s->executor == EXECUTOR_RAMPING_VUS ||
                s->executor == EXECUTOR_RAMPING_ARRIVAL_RATE;

    if (o->n_stages > 0 && (o->has_duration || o->has_iterations)) {
        err_set(e, ERR_RANGE,
                "-s with -%c: the stages say how long, give one or the other",
                o->has_duration ? 'd' : 'i');
        return false;
    }
    if (o->n_stages > 0 || o->has_iterations || !(ramp || rate)) {
        return true;
    }
    if (o->has_vus && !o->has_duration && rate) {
        err_set(e, ERR_RANGE,
                "-u alone: '%s' begins iterations at a rate, not by a number "
                "of VUs; give -d, -s or -i with it",
                s->name);
        return false;
    }
    if (o->has_vus && !o->has_duration) {
        err_set(e, ERR_RANGE,
                "-u alone: '%s' is a ramp, its stages say how many VUs; give "
                "-d, -s or -i with it",
                s->name);
        return false;
    }
    if (o->has_duration && !o->has_vus && ramp) {
        err_set(e, ERR_RANGE,
                "-d alone: '%s' is a ramp, its stages say how long; give -u "
                "with it, or --time-scale",
                s->name);
        return false;
    }
    return true;
}

/* Another executor than the plan's begins with the run, as k6's shortcuts do.
 */
static void override_executor(struct scenario *s, enum executor e)
{
    if (s->executor != e) {
        s->executor = e;
        s->start_time_us = 0;
    }
}

static void override_stages(struct scenario *s, const struct plan_override *o)
{
    for (size_t i = 0; i < s->n_stages; i++) {
        free(s->stages[i].name);
    }
    free(s->stages);
    scenario_set_stages(s, o->stages, o->n_stages);
}

static void override_ramp(struct scenario *s, const struct plan_override *o)
{
    override_executor(s, EXECUTOR_RAMPING_VUS);
    s->start_vus = o->has_vus ? o->vus : 1;
    override_stages(s, o);
}

/* Ramps and rates have no single number of VUs: k6's default then. */
static uint32_t override_vus(const struct scenario *s,
                             const struct plan_override *o)
{
    if (o->has_vus) {
        return o->vus;
    }
    return s->vus > 0 ? s->vus : 1;
}

static void override_iterations(struct scenario *s,
                                const struct plan_override *o)
{
    uint64_t longest = executor_is_counted(s->executor)
                           ? s->duration_us
                           : OVERRIDE_MAX_DURATION_US;

    s->vus = override_vus(s, o);
    s->iterations = o->iterations;
    s->duration_us = o->has_duration ? o->duration_us : longest;
    override_executor(s, EXECUTOR_SHARED_ITERATIONS);
    override_stages(s, o);
}

static void override_constant(struct scenario *s, const struct plan_override *o)
{
    s->vus = o->vus;
    s->duration_us = o->duration_us;
    override_executor(s, EXECUTOR_CONSTANT_VUS);
    override_stages(s, o);
}

/* One flag alone changes one thing of what the plan says. */
static void override_one(struct scenario *s, const struct plan_override *o)
{
    s->vus = o->has_vus ? o->vus : s->vus;
    s->duration_us = o->has_duration ? o->duration_us : s->duration_us;
}

struct lineup *plan_overridden(const struct lineup *l,
                               const struct plan_override *o, struct err *e)
{
    struct lineup *made;
    struct scenario *s;

    if (l->n > 1) {
        err_set(e, ERR_RANGE,
                "-u, -d, -i and -s replace the executor of one scenario, and "
                "'%s' runs %zu at once: change them in the plan",
                l->name, l->n);
        return NULL;
    }
    if (!override_fits(&l->list[0], o, e)) {
        return NULL;
    }
    made = lineup_copy(l);
    s = &made->list[0];
    if (o->n_stages > 0) {
        override_ramp(s, o);
    } else if (o->has_iterations) {
        override_iterations(s, o);
    } else if (o->has_vus && o->has_duration) {
        override_constant(s, o);
    } else {
        override_one(s, o);
    }
    if (s->executor == EXECUTOR_SHARED_ITERATIONS && s->iterations < s->vus) {
        err_set(e, ERR_RANGE,
                "-i %llu: fewer iterations than the %u VUs, some would do "
                "nothing",
                (unsigned long long)s->iterations, (unsigned)s->vus);
        lineup_free(&made);
    }
    return made;
}
