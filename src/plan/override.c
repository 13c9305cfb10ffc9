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
    bool ramp = s->executor == EXECUTOR_RAMPING_VUS;

    if (o->n_stages > 0 && (o->has_duration || o->has_iterations)) {
        err_set(e, ERR_RANGE,
                "-s with -%c: the stages say how long, give one or the other",
                o->has_duration ? 'd' : 'i');
        return false;
    }
    if (o->n_stages > 0 || o->has_iterations || !ramp) {
        return true;
    }
    if (o->has_vus && !o->has_duration) {
        err_set(e, ERR_RANGE,
                "-u alone: '%s' is a ramp, its stages say how many VUs; give "
                "-d, -s or -i with it",
                s->name);
        return false;
    }
    if (o->has_duration && !o->has_vus) {
        err_set(e, ERR_RANGE,
                "-d alone: '%s' is a ramp, its stages say how long; give -u "
                "with it, or --time-scale",
                s->name);
        return false;
    }
    return true;
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
    s->executor = EXECUTOR_RAMPING_VUS;
    s->start_vus = o->has_vus ? o->vus : 1;
    override_stages(s, o);
}

/* A ramp has no single number of VUs: k6's default then. */
static uint32_t override_vus(const struct scenario *s,
                             const struct plan_override *o)
{
    if (o->has_vus) {
        return o->vus;
    }
    return s->executor == EXECUTOR_RAMPING_VUS ? 1 : s->vus;
}

static void override_iterations(struct scenario *s,
                                const struct plan_override *o)
{
    uint64_t longest = s->executor == EXECUTOR_SHARED_ITERATIONS
                           ? s->duration_us
                           : OVERRIDE_MAX_DURATION_US;

    s->vus = override_vus(s, o);
    s->iterations = o->has_iterations ? o->iterations : s->iterations;
    s->duration_us = o->has_duration ? o->duration_us : longest;
    s->executor = EXECUTOR_SHARED_ITERATIONS;
    override_stages(s, o);
}

static void override_constant(struct scenario *s, const struct plan_override *o)
{
    s->vus = override_vus(s, o);
    s->duration_us = o->has_duration ? o->duration_us : s->duration_us;
    s->executor = EXECUTOR_CONSTANT_VUS;
    override_stages(s, o);
}

struct lineup *plan_overridden(const struct lineup *l,
                               const struct plan_override *o, struct err *e)
{
    struct lineup *made;
    struct scenario *s;
    bool shared;

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
    shared = s->executor == EXECUTOR_SHARED_ITERATIONS;
    if (o->n_stages > 0) {
        override_ramp(s, o);
    } else if (o->has_iterations ||
               (shared && !(o->has_vus && o->has_duration))) {
        override_iterations(s, o);
    } else if (o->has_vus || o->has_duration) {
        override_constant(s, o);
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
