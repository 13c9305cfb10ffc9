/* SPDX-License-Identifier: MIT
 *
 * model_hunt - what a picture shows of a hunt for the breaking point beside its
 * answer: what it did when. Part of a model. */
#ifndef SCREEN_MODEL_HUNT_H
#define SCREEN_MODEL_HUNT_H

#include "run/story.h"

enum { MODEL_TURNS_MAX = 120 }; /* newest that are kept */

struct model_hunt {
    bool on;                                 /* there is one, or was */
    struct hunt_turn turns[MODEL_TURNS_MAX]; /* oldest first */
    size_t n;
    bool *is_for; /* owned: by threshold of the plan, see hunt_are_for; NULL
                     before it was on */
};

/* Under the story's lock. */
void model_hunt_take(struct model_hunt *m, const struct story *st);
void model_hunt_clear(struct model_hunt *m);

#endif
