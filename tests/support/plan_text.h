/* SPDX-License-Identifier: MIT
 *
 * plan_text - plans made from a text in a test. */
#ifndef SUPPORT_PLAN_TEXT_H
#define SUPPORT_PLAN_TEXT_H

#include "plan/plan.h"

/* The plan of a text, which must be right; the test fails with what is wrong
 * otherwise. Owned by the caller. */
struct plan *plan_text(const char *text);
/* The same with settings and an environment. */
struct plan *plan_text_with(const char *text, const struct plan_input *in);
/* A plan of these members beside a scenario "s" (one VU, one second). */
struct plan *plan_text_of(const char *members);
/* A value put together: literals as they are, the rest by its kind, as
 * "<data 0>", "<var 1>", "<random 1 6>", "<vu>"; "#" before it when a number,
 * "%" when percent-encoded. Owned by the caller. */
char *plan_text_value(const struct value *v);

#endif
