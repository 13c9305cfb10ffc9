/* SPDX-License-Identifier: MIT
 *
 * scenario - the life of a scenario. */
#include "config.h"

#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "plan/plan_internal.h"

const char *executor_name(enum executor e)
{
    static const char *const names[] = {
        [EXECUTOR_CONSTANT_VUS] = "constant-vus",
        [EXECUTOR_RAMPING_VUS] = "ramping-vus",
        [EXECUTOR_SHARED_ITERATIONS] = "shared-iterations",
    };

    return names[e];
}

void scenario_set_stages(struct scenario *s, const struct stage *stages,
                         size_t n)
{
    s->stages = n == 0 ? NULL : xcalloc(n, sizeof *s->stages);
    s->n_stages = n;
    for (size_t i = 0; i < n; i++) {
        s->stages[i] = stages[i];
        s->stages[i].name =
            stages[i].name == NULL ? NULL : xstrdup(stages[i].name);
    }
}

struct scenario *scenario_copy(const struct scenario *s)
{
    struct scenario *copy = xmalloc(sizeof *copy);

    *copy = *s;
    copy->name = xstrdup(s->name);
    copy->purpose = xstrdup(s->purpose);
    scenario_set_stages(copy, s->stages, s->n_stages);
    return copy;
}

void scenario_clear(struct scenario *s)
{
    for (size_t i = 0; i < s->n_stages; i++) {
        free(s->stages[i].name);
    }
    free(s->stages);
    free(s->name);
    free(s->purpose);
    memset(s, 0, sizeof *s);
}

void scenario_free(struct scenario **s)
{
    if (*s != NULL) {
        scenario_clear(*s);
        free(*s);
        *s = NULL;
    }
}
