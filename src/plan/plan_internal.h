/* SPDX-License-Identifier: MIT
 *
 * plan_internal - what the files of this room share besides the reader. */
#ifndef PLAN_PLAN_INTERNAL_H
#define PLAN_PLAN_INTERNAL_H

#include "plan/plan.h"

/* Deep copies of n stages into s, which has none. */
void scenario_set_stages(struct scenario *s, const struct stage *stages,
                         size_t n);
/* Frees what s owns; s itself stays. */
void scenario_clear(struct scenario *s);

#endif
