/* SPDX-License-Identifier: MIT
 *
 * curve - the planned level at time t of a scenario: VUs, or for arrival rates
 * iterations in a time unit. Exactly k6's: within a stage it goes in a line, in
 * whole VUs: from + trunc((to - from) · t / duration), so that the target is
 * reached at the stage's end; a stage of duration 0 is a jump. A rate is shown
 * in whole numbers, too, but goes continuously: plan/schedule.h has when each
 * iteration is due. Pure arithmetic over immutable data: any thread. */
#ifndef PLAN_CURVE_H
#define PLAN_CURVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/scenario.h"

struct curve_stage {
    uint64_t start_us, end_us; /* scaled stage-clock time */
    uint32_t from, to;         /* level */
    const char *name;          /* borrowed from the scenario; NULL if none */
};

struct curve {
    struct curve_stage *stages; /* owned; constant executors have one */
    size_t n;                   /* at least 1 */
    uint64_t length_us;         /* stage-clock time at which it ends;
                                   UINT64_MAX = never */
    uint32_t peak;              /* highest level at any time */
    uint32_t max_vus;           /* VUs that it may need at most */
    uint64_t start_us;          /* scaled startTime: so long after the run its
                                   stage clock begins */
    uint64_t time_unit_us; /* of a rate (never scaled); 0: levels are VUs */
    bool early; /* the n-th iteration of a rate is due when n - 1 have been
                   (constant-arrival-rate begins at once), not n */
};

/* Builds the curve of s (borrowed: outlives it) with durations multiplied by
 * time_scale (> 0). */
void curve_init(struct curve *c, const struct scenario *s, double time_scale);
void curve_clear(struct curve *c);

/* Planned level at stage-clock time t. At a boundary the later stage holds; at
 * and after the end the last target. */
uint32_t curve_at(const struct curve *c, uint64_t t_us);
/* The stage that t is in: 0..n-1; the last one at and after the end. Stages of
 * duration 0 are never "in" unless the last. */
size_t curve_stage_at(const struct curve *c, uint64_t t_us);
/* The first time after t at which curve_at changes; UINT64_MAX = never. */
uint64_t curve_next_change(const struct curve *c, uint64_t t_us);
/* "spike 100", "ramp 10→100", "hold 10": the stage's name, or one made from
 * what it does ("constant 10" where it is the only one); ascii writes "->".
 * Returns buf. */
const char *curve_stage_label(const struct curve *c, size_t i, bool ascii,
                              char *buf, size_t size);

#endif
