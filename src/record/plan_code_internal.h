/* SPDX-License-Identifier: MIT
 *
 * plan_code_internal - the parts of a plan's code: record/lineup_code.c has
 * thresholds and the scenarios that run. */
#ifndef RECORD_PLAN_CODE_INTERNAL_H
#define RECORD_PLAN_CODE_INTERNAL_H

#include "plan/plan.h"
#include "record/code.h"

#define PLAN_TEXT_MAX (1u << 20) /* bytes of one text of a plan */

void plan_put_tags(struct buf *b, const struct plan *p, const struct tag *tags,
                   size_t n);
/* Owned by the caller, and never NULL. */
struct tag *plan_get_tags(struct code_in *in, size_t *n);
void thresholds_encode(struct buf *b, const struct plan *p);
/* After all else of the plan. */
void thresholds_decode(struct code_in *in, struct plan *p);
void verdict_encode(struct buf *b, const struct plan *p);
void verdict_decode(struct code_in *in, struct plan *p);
/* After metrics. */
void baselines_encode(struct buf *b, const struct plan *p);
void baselines_decode(struct code_in *in, struct plan *p);
/* What a threshold is about; s is all zero, and to be freed with it. */
void selector_encode(struct buf *b, const struct selector *s);
void selector_decode(struct code_in *in, const struct plan *p,
                     struct selector *s);
/* Can this be asked of a metric of that type? */
bool agg_fits(enum threshold_agg agg, enum metric_type type);

#endif
