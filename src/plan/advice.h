/* SPDX-License-Identifier: MIT
 *
 * advice - what is no mistake in a plan, and yet hardly what was meant. To be
 * told before the run, which it does not stop. */
#ifndef PLAN_ADVICE_H
#define PLAN_ADVICE_H

#include "plan/plan.h"

/* Secrets of fewer bytes stand in texts by chance. They are masked all the
 * same. */
#define ADVICE_SECRET_MIN 4u

/* Calls fn for each piece of advice: one line that names what it is about and
 * what to do; may hold bytes of the plan. */
typedef void advice_fn(void *ctx, const char *text);
void plan_advice(const struct plan *p, advice_fn *fn, void *ctx);

#endif
