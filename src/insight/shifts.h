/* SPDX-License-Identifier: MIT
 *
 * shifts - where p95 became another while the plan's load stayed the same, and
 * whether that was a warm-up. Incremental and pure: moments in; no clock.
 *
 * Blocks of five seconds or more, as many as 20 expected responses take, each
 * with the logarithm of its p95. A stretch of them begins anew where the plan
 * (or the search of brunt hunt) sets another load, or one of other scenarios,
 * for what follows from that is no surprise; a load that a person sets does not
 * end it, and is what the change is then named by. It is looked at when it has
 * grown by an eighth, and cut where a change is found (see changes.h), once
 * there is so much after it that its place is known, or at the stretch's end. A
 * fall of p95 in a run's first stretch is a warm-up; so is what MSER-5 leaves
 * out of its beginning, where that is a quarter slower than the rest and that
 * is no chance. Less than a millisecond is neither, nor is it a warm-up where
 * the generator was suspect for half of that time. */
#ifndef INSIGHT_SHIFTS_H
#define INSIGHT_SHIFTS_H

#include "insight/moment.h"
#include "insight/queueing.h"

#define SHIFTS_BLOCK_US   (5 * UINT64_C(1000000))
#define SHIFTS_PATIENT_US (30 * UINT64_C(1000000))
#define SHIFTS_RESPONSES  20
#define SHIFTS_BLOCKS_MAX 720 /* beyond, blocks are twice as long */

struct shift {
    bool warmup;                /* else a change */
    uint64_t start_us;          /* run time: where the stretch began */
    uint64_t at_us;             /* where p95 became another: to a block */
    uint64_t block_us;          /* so long */
    uint64_t grain_us;          /* give or take so much: a block, or more */
    double before_us, after_us; /* p95: geometric means of blocks */
    bool suspect;      /* the generator was, in a block after the change */
    enum queueing why; /* of a rise: what went with it */
    struct queueing_side was, is;
};

struct shifts; /* opaque */

/* Owned by the caller. */
struct shifts *shifts_new(void);
void shifts_free(struct shifts **s);
/* true: a shift has been found; *out is written. At most one a moment. */
bool shifts_feed(struct shifts *s, const struct moment *x, struct shift *out);
/* The load ends; the last look. */
bool shifts_end(struct shifts *s, struct shift *out);

#endif
