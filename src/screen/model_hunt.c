/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/model_hunt.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "run/hunt.h"

/* Once: neither plan nor lineup changes. */
static void model_hunt_limits(struct model_hunt *m, const struct run_info *info)
{
    if (m->on && m->is_for == NULL) {
        m->is_for = xcalloc(info->plan->n_thresholds + 1, sizeof *m->is_for);
        hunt_are_for(info->plan, info->lineup, m->is_for);
    }
}

void model_hunt_take(struct model_hunt *m, const struct story *st)
{
    const struct hunt_log *l = study_hunt(story_study(st));
    size_t n = hunt_log_turns(l), from, i;

    m->on = hunt_log_now(l) != NULL;
    from = n > MODEL_TURNS_MAX ? n - MODEL_TURNS_MAX : 0;
    m->n = n - from;
    for (i = from; i < n; i++) {
        m->turns[i - from] = *hunt_log_turn(l, i);
    }
    model_hunt_limits(m, story_info(st));
}

void model_hunt_clear(struct model_hunt *m)
{
    free(m->is_for);
    m->is_for = NULL;
}
