/* SPDX-License-Identifier: MIT
 *
 * plan_code - what readers of ticks need of a plan and of the scenarios that
 * run, as bytes; for record/info_code.h alone. */
#ifndef RECORD_PLAN_CODE_H
#define RECORD_PLAN_CODE_H

#include "plan/plan.h"
#include "record/code.h"

void plan_encode(struct buf *b, const struct plan *p);
void lineup_encode(struct buf *b, const struct lineup *l, const struct plan *p);
/* Never NULL, owned by the caller; of no use where in is bad. */
struct plan *plan_decode(struct code_in *in);
struct lineup *lineup_decode(struct code_in *in, const struct plan *p);

#endif
