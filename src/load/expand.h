/* SPDX-License-Identifier: MIT
 *
 * expand - a compiled value as the text one VU sends now: puts data, numbers,
 * UUIDs and extracted variables in, escaped for their place. */
#ifndef LOAD_EXPAND_H
#define LOAD_EXPAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/rng.h"
#include "plan/plan.h"

/* Whose values are put in, and what came of it. All pointers borrowed. */
struct expand {
    const struct plan *plan;
    struct rng *rng;      /* the VU's */
    uint32_t vu;          /* its number */
    uint64_t iter;        /* its iteration, from 0 */
    const char *uuid;     /* its own */
    const uint32_t *rows; /* plan->n_feeds, FEEDER_NONE: none; NULL when the
                             plan has no data files */
    char *const *vars;    /* plan->n_vars; an entry without value is NULL */
    char why[160];        /* after false: what is missing, one line; may hold
                             hostile bytes */
};

/* Appends v to out. blank, where not NULL, is told whether v holds ${…} and
 * every one of them came to nothing. false: a variable has no value, what is
 * to be a number is none, what is to be of one line has a line break, or out is
 * full; out then holds a part. */
bool expand_value(struct expand *x, const struct value *v, struct buf *out,
                  bool *blank) MUST_CHECK;

#endif
