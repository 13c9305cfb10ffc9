/* SPDX-License-Identifier: MIT
 *
 * mask - secrets taken out of texts that people see or files keep: the values
 * of the plan's secrets, and those that are known at run time only, each as it
 * is and as it is written inside JSON, URLs and base64. Making one costs; it is
 * for evidence, not for every request. */
#ifndef PLAN_MASK_H
#define PLAN_MASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "plan/plan.h"

struct mask; /* opaque */

/* With the secrets of p that are settled before the run; owned by the caller,
 * borrows nothing from p. */
struct mask *mask_new(const struct plan *p);
void mask_free(struct mask **m);
/* One more secret; NULL and "" are none. */
void mask_add(struct mask *m, const char *value);
/* Appends s to out with *** in the place of every secret. */
void mask_text(const struct mask *m, struct buf *out, const char *s, size_t n);
/* Bytes at s, n of them left, that are the beginning of a secret: at least
 * `least` of it, or, when cut, all that is left. 0: they are none. */
size_t mask_begins(const struct mask *m, const char *s, size_t n, size_t least,
                   bool cut);

#endif
