/* SPDX-License-Identifier: MIT
 *
 * judged - what a threshold came to, in words: the same in the summary, in
 * JUnit and where a job is told of it. */
#ifndef RUN_JUDGED_H
#define RUN_JUDGED_H

#include <stddef.h>

#include "measure/judge.h"
#include "plan/plan.h"

#define JUDGED_MAX 400

/* "p(95)=142 ms", "rate=nothing fed it", "max=12.0 s, the longest of 3": in the
 * unit of its metric, escaped. Returns buf. */
const char *judged_text(const struct plan *plan, const struct verdict *v,
                        char *buf, size_t size);

#endif
