/* SPDX-License-Identifier: MIT
 *
 * plan_internal - what the files of this room share besides the reader. */
#ifndef PLAN_PLAN_INTERNAL_H
#define PLAN_PLAN_INTERNAL_H

#include "plan/plan.h"

/* If what was made of text holds a secret: made is masked from here on. */
void plan_hide(struct plan *p, const char *text, const char *made);
/* Deep copies of n stages into s, which has none. */
void scenario_set_stages(struct scenario *s, const struct stage *stages,
                         size_t n);
/* Frees what l owns; l itself stays. */
void lineup_clear(struct lineup *l);
/* Frees n tags and sets *tags to NULL. */
void tags_free(struct tag **tags, size_t n);

#endif
