/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/model_hunt.h"

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
}
